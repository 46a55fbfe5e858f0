"""Who can sign in to the demo. These people exist only where the demo was loaded, and are marked as examples."""

from dataclasses import dataclass

from marketplace.kit.errors import N_

PASSWORD = "drenthe-hergebruik"  # noqa: S105 (meant to be known: it stands on the sign-in page of a demo)


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person of the demo: the address, who they are and what to try as them (Dutch, keys of the catalogue)."""

    email: str
    name_nl: str
    what: str


SIGN_INS = (
    SignIn("sloper@demo.materialenhub.example", N_("Sloper"), N_("biedt partijen aan en drukt labels af")),
    SignIn("bouwer@demo.materialenhub.example", N_("Bouwer"), N_("zoekt, reserveert en plant behoeften")),
    SignIn("terrein@demo.materialenhub.example", N_("Terreinmedewerker"), N_("scant labels en geeft partijen mee")),
    SignIn("provincie@demo.materialenhub.example", N_("Provincie"), N_("plant projecten en ziet vraag en aanbod")),
    SignIn("corporatie@demo.materialenhub.example", N_("Woningcorporatie"), N_("vult behoeften voor woningen")),
)
