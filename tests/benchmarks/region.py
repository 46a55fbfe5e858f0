"""A generated region: as many offers as a province has when all of it takes part. The same seed, the same region."""

import random
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from marketplace.accounts.models import Organisation
from marketplace.kit import clock
from marketplace.kit.database import commit, session
from marketplace.kit.places import NamedPlace, all_places
from marketplace.kit.quantities import Unit
from marketplace.listings.models import Listing, ListingStatus, Stage
from marketplace.listings.search import index_listings
from marketplace.materials.vocabulary import Category, categories
from marketplace.passports.models import Passport, PassportStatus
from marketplace.projects.models import Grade
from tests.factories import make_organisation

_ORIGINS = ("Kantoor Beilen", "School Emmen", "Flat Assen", "Sporthal Meppel", "Boerderij Sleen", "Loods Coevorden")
_ADJECTIVES = ("witte", "grijze", "lange", "korte", "gave", "gebruikte", "zware", "lichte")
_AT_ONCE = 1000


def fill(count: int, *, seed: int = 1) -> list[Organisation]:
    """Offer `count` lots of ten contractors, findable by words, and return the contractors."""
    chance = random.Random(seed)  # noqa: S311 (nothing is kept secret by it)
    owners = [make_organisation() for _ in range(10)]
    places = all_places()
    for start in range(0, count, _AT_ONCE):
        many = min(_AT_ONCE, count - start)
        lots = [_listing(chance, chance.choice(owners), chance.choice(places)) for _ in range(many)]
        session.add_all(lots)
        session.flush()
        index_listings(lots)
        commit()
    return owners


def _listing(chance: random.Random, owner: Organisation, place: NamedPlace) -> Listing:
    quantity = Decimal(chance.randint(5, 500))
    listing = Listing(
        passport=_passport(chance, owner, chance.choice(categories()), quantity),
        organisation_id=owner.id,
        status=ListingStatus.PUBLISHED,
        stage=chance.choice((Stage.IN_STOCK, Stage.IN_STOCK, Stage.EXPECTED)),
        unit=Unit.PIECE,
        total=quantity,
        available=quantity,
        grade=chance.choice(list(Grade)),
        price_eur=Decimal(chance.randint(0, 20_000)) / 100,
        available_from=clock.today() + timedelta(days=chance.randint(-60, 200)),
        created_at=clock.now(),
        published_at=clock.now() - timedelta(minutes=chance.randint(0, 90_000)),
    )
    listing.put_at(place=place.name, latitude=place.latitude, longitude=place.longitude, address="")
    return listing


def _passport(chance: random.Random, owner: Organisation, category: Category, quantity: Decimal) -> Passport:
    length, width, height = _sizes(chance)
    return Passport(
        issuer_id=owner.id,
        owner_id=owner.id,
        status=PassportStatus.PUBLISHED,
        category=category.id,
        name=f"{chance.choice(_ADJECTIVES)} {category.name_nl}",
        quantity=quantity,
        unit=Unit.PIECE,
        kg_per_unit=Decimal(chance.randint(1, 900)),
        length_mm=length,
        width_mm=width,
        height_mm=height,
        building_year=chance.randint(1920, 2020),
        origin=chance.choice(_ORIGINS),
        created_at=clock.now(),
    )


def _sizes(chance: random.Random) -> Iterator[int]:
    return iter((chance.randint(500, 8000), chance.randint(40, 1500), chance.randint(10, 500)))
