"""What is written about an option, which nobody can fetch yet, and about a count that found a request unanswered.

The facts of the journal tell which it was when it happened; the places are those of `words`, and `harvest`, the day
from which the harvest is planned.
"""

from collections.abc import Mapping
from typing import Final

from marketplace.kit.errors import N_
from marketplace.kit.journal import Fact
from marketplace.notifications.recipients import Side
from marketplace.web.notices.words import ANSWER_BY, DECIDE_BY, OFFERED, PROMISED, TAKE, UNANSWERED, Words

_ANSWER: Final = N_("Bevestig de optie of wijs die af.")
_OWNER_ANSWERS: Final = N_("U hoeft niets te doen: %(owner)s antwoordt nog.")
_OWNER_ANSWERS_BY: Final = N_("%(owner)s antwoordt uiterlijk %(until)s; daarna vervalt de aanvraag.")

_OPTIONS: Final[Mapping[tuple[Side, str], Words]] = {
    (Side.OWNER, "reservation.requested"): Words(
        N_("Optie op %(amount)s %(name)s gevraagd door %(buyer)s"),
        N_(
            "%(buyer)s vraagt een optie op %(amount)s van uw partij %(name)s, die nog in het gebouw zit. We houden die "
            "hoeveelheid vast. De oogst is gepland vanaf %(harvest)s."
        ),
        _ANSWER,
        ANSWER_BY,
        UNANSWERED,
    ),
    (Side.OWNER, "reservation.accepted"): Words(
        N_("%(buyer)s neemt een optie op %(amount)s %(name)s"),
        N_(
            "%(buyer)s stond in de rij voor uw partij %(name)s, die nog in het gebouw zit, en neemt een optie op de "
            "vrijgekomen %(amount)s. De oogst is gepland vanaf %(harvest)s."
        ),
        _ANSWER,
        ANSWER_BY,
        UNANSWERED,
    ),
    (Side.OWNER, "reservation.confirmed"): Words(
        N_("Optie op %(amount)s %(name)s voor %(buyer)s uit uw kring"),
        N_(
            "%(buyer)s, met wie u in een kring zit, heeft een optie genomen op %(amount)s van uw partij %(name)s. Dat "
            "hoeft u niet te bevestigen. De oogst is gepland vanaf %(harvest)s."
        ),
        N_("U hoeft nog niets klaar te zetten: tel de oogst zodra die er is."),
        still=PROMISED,
    ),
    (Side.BUYER, "reservation.confirmed"): Words(
        N_("Optie bevestigd: %(amount)s %(name)s"),
        N_(
            "%(owner)s heeft uw optie op %(amount)s %(name)s bevestigd. Het zit nog in het gebouw; de oogst is gepland "
            "vanaf %(harvest)s."
        ),
        N_("U hoeft nu nog niets op te halen: na de telling hoort u hoeveel u krijgt, en tot wanneer het klaarligt."),
        still=PROMISED,
    ),
    (Side.BUYER, "reservation.offered"): Words(
        N_("U bent aan de beurt voor een optie: %(amount)s %(name)s"),
        N_(
            "U bent aan de beurt: bij %(owner)s kwam %(amount)s %(name)s vrij. We houden die voor u vast. Het zit nog "
            "in het gebouw; de oogst is gepland vanaf %(harvest)s."
        ),
        TAKE,
        DECIDE_BY,
        OFFERED,
    ),
    (Side.BUYER, "reservation.expiring"): Words(
        N_("Verloopt bijna: uw %(amount)s %(name)s"),
        N_("De optie die u is aangeboden, op %(amount)s %(name)s bij %(owner)s, vervalt binnenkort."),
        TAKE,
        DECIDE_BY,
        OFFERED,
    ),
}

_COUNTED: Final = N_("Geoogst, nog niet bevestigd: %(amount)s %(name)s")
_SHORTENED: Final = N_("Minder geoogst: %(after)s %(name)s in plaats van %(before)s")
_STAYS: Final = N_(
    "De oogst van %(name)s bij %(owner)s is geteld. De %(amount)s die u vroeg, zijn er; de aanvraag is nog niet "
    "bevestigd."
)
_STAYS_OFFERED: Final = N_(
    "De oogst van %(name)s bij %(owner)s is geteld. De %(amount)s die u zijn aangeboden, zijn er; u hebt ze nog niet "
    "aangenomen."
)
_LESS: Final = N_(
    "De oogst van %(name)s bij %(owner)s viel tegen. Van de %(before)s die u vroeg, blijft %(after)s over, verdeeld "
    "volgens de regel van de partij. De aanvraag is nog niet bevestigd."
)
_LESS_OFFERED: Final = N_(
    "De oogst van %(name)s bij %(owner)s viel tegen. Van de %(before)s die u zijn aangeboden, blijft %(after)s over, "
    "verdeeld volgens de regel van de partij. U hebt het nog niet aangenomen."
)

_UNPROMISED: Final[Mapping[tuple[str, Fact], Words]] = {
    ("reservation.counted", "requested"): Words(_COUNTED, _STAYS, _OWNER_ANSWERS, _OWNER_ANSWERS_BY, UNANSWERED),
    ("reservation.counted", "offered"): Words(_COUNTED, _STAYS_OFFERED, TAKE, DECIDE_BY, OFFERED),
    ("reservation.shortened", "requested"): Words(_SHORTENED, _LESS, _OWNER_ANSWERS, _OWNER_ANSWERS_BY, UNANSWERED),
    ("reservation.shortened", "offered"): Words(_SHORTENED, _LESS_OFFERED, TAKE, DECIDE_BY, OFFERED),
}


def find_option_words(action: str, side: Side, facts: Mapping[str, Fact]) -> Words | None:
    """Return what is written to a side where it is other than of what can be fetched, or None."""
    if facts.get("option"):
        return _OPTIONS.get((side, action))
    return None if facts.get("after") == "0" else _UNPROMISED.get((action, facts.get("state")))
