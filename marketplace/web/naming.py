"""What kinds of organisations and roles are called on a page."""

from marketplace.accounts.models import OrganisationKind
from marketplace.accounts.permissions import Role
from marketplace.kit.errors import N_

KIND_NAMES = {
    OrganisationKind.CONTRACTOR: N_("Sloper of aannemer die oogst"),
    OrganisationKind.BUILDER: N_("Bouwer"),
    OrganisationKind.HOUSING_CORPORATION: N_("Woningcorporatie"),
    OrganisationKind.PUBLIC_CLIENT: N_("Overheid"),
    OrganisationKind.HUB: N_("Hub"),
}

ROLE_NAMES = {
    Role.OWNER: N_("Eigenaar"),
    Role.TRADER: N_("Handelaar"),
    Role.SITE: N_("Terrein"),
}

ROLE_HINTS = {
    Role.OWNER: N_("mag alles, ook leden en de organisatie wijzigen"),
    Role.TRADER: N_("biedt aan, reserveert en plant"),
    Role.SITE: N_("scant labels, neemt aan en geeft mee"),
}
