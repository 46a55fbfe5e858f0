"""What a passport may assume until somebody states it, so that a short listing is complete in a minute. Pure.

Each proposal follows from what is known anyway: recovered material was used before, and nobody has tested it yet.
"""

from decimal import Decimal

import msgspec

from marketplace.materials.vocabulary import Category
from marketplace.passports.details import Component, Details, Later, Scenario


def completed(details: Details, category: Category) -> Details:
    """Return the details with a proposal for composition and end of life where nothing was stated.

    What comes out of a building is one kind of material, all of it reused; next time it can be reused again.
    """
    proposed: dict[str, object] = {}
    if not details.composition and details.work is None:
        proposed["composition"] = (Component(category.name_nl, Decimal(1), reused=Decimal(1)),)
    if details.later is None:
        proposed["later"] = Later(Scenario.RECYCLE if details.work else Scenario.REUSE)
    return msgspec.structs.replace(details, **proposed)
