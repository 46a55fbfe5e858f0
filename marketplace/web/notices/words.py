"""What is written about each step, for each side: the subject, what happened, what to do, and until when.

The places are `amount`, `before`, `after`, `counted`, `left`, `released` and `said` (with units), `name` of what it is
about, `owner` and `buyer`, `other` (who is not the reader), `until`, `ready`, `when`, `where`, `window`, `moved`,
`losses`, `hazard`, and as people wrote them `reason`, `note` and `remark`. Of a circle they are `circle`, `who` (it
concerns), `by` (who did it) and `reason`. The `organisation` is always that of the reader. A sentence whose place
nothing is known for is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from marketplace.kit.errors import N_
from marketplace.kit.journal import Fact
from marketplace.notifications.recipients import Side, moves_place, moves_window


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one mail, in Dutch.

    `to_do` and `until` hold while what they are about is in one of the states `still`; empty is always.
    """

    subject: str
    happened: str
    to_do: str = ""
    until: str = ""
    still: frozenset[str] = frozenset()


OVERTAKEN: Final = N_("Intussen is er meer gebeurd. Op de pagina ziet u hoe het er nu voor staat.")
NOTHING_TO_DO: Final = N_("U hoeft niets te doen.")

_ANSWER: Final = N_("Bevestig de aanvraag of wijs die af.")
ANSWER_BY: Final = N_("Antwoord uiterlijk %(until)s; daarna vervalt de aanvraag.")
_HELD_UNTIL: Final = N_("De reservering loopt tot %(until)s.")
_DOES_NOT_FIT: Final = N_("Past dit niet in uw planning? Geef dan terug wat u niet meer nodig hebt.")
_LOOK_ELSEWHERE: Final = N_("Hebt u het nog nodig? Zoek dan in het aanbod iets anders dat past.")
TAKE: Final = N_("Neem het aan, of laat het aan de volgende in de rij.")
DECIDE_BY: Final = N_("Beslis uiterlijk %(until)s; daarna gaat het naar de volgende in de rij.")
UNANSWERED: Final = frozenset({"requested"})
OFFERED: Final = frozenset({"offered"})
PROMISED: Final = frozenset({"confirmed"})
_HELD: Final = frozenset({"offered", "requested", "confirmed"})

_TO_OWNER: Final[Mapping[str, Words]] = {
    "reservation.requested": Words(
        N_("%(amount)s %(name)s gevraagd door %(buyer)s"),
        N_("%(buyer)s vraagt %(amount)s van uw partij %(name)s. We houden die hoeveelheid vast."),
        _ANSWER,
        ANSWER_BY,
        UNANSWERED,
    ),
    "reservation.accepted": Words(
        N_("%(buyer)s neemt %(amount)s %(name)s"),
        N_("%(buyer)s stond in de rij voor uw partij %(name)s en neemt de vrijgekomen %(amount)s."),
        _ANSWER,
        ANSWER_BY,
        UNANSWERED,
    ),
    "reservation.confirmed": Words(
        N_("%(amount)s %(name)s gereserveerd door %(buyer)s uit uw kring"),
        N_(
            "%(buyer)s, met wie u in een kring zit, heeft %(amount)s van uw partij %(name)s gereserveerd. Dat hoeft u "
            "niet te bevestigen."
        ),
        N_("Zet het klaar, en spreek af wanneer het wordt opgehaald."),
        _HELD_UNTIL,
        PROMISED,
    ),
    "reservation.extended": Words(
        N_("%(buyer)s houdt %(amount)s %(name)s langer vast"),
        N_("%(buyer)s heeft de reservering van %(amount)s van uw partij %(name)s verlengd."),
        NOTHING_TO_DO,
        _HELD_UNTIL,
        _HELD,
    ),
    "reservation.released": Words(
        N_("%(amount)s %(name)s weer vrij"),
        N_("%(buyer)s geeft %(amount)s van uw partij %(name)s terug."),
        N_("U hoeft niets te doen: wie in de rij staat, krijgt vanzelf bericht."),
    ),
    "reservation.expired": Words(
        N_("Verlopen: %(amount)s %(name)s"),
        N_("De reservering van %(amount)s van uw partij %(name)s door %(buyer)s is verlopen."),
        N_("U hoeft niets te doen: de hoeveelheid is weer vrij, of gaat naar de volgende in de rij."),
    ),
    "reservation.cancelled": Words(
        N_("%(buyer)s annuleert %(amount)s %(name)s"),
        N_("%(buyer)s heeft de reservering van %(amount)s van uw partij %(name)s geannuleerd."),
        N_("U hoeft niets te doen: de hoeveelheid is weer vrij, of gaat naar de volgende in de rij."),
    ),
    "reservation.waiting": Words(
        N_("%(buyer)s wacht op %(amount)s %(name)s"),
        N_("%(buyer)s staat in de rij voor %(amount)s van uw partij %(name)s, waarvan nu niet genoeg vrij is."),
        N_("U hoeft niets te doen: komt er iets vrij, dan krijgt de eerste in de rij vanzelf bericht."),
    ),
    "reservation.expiring": Words(
        N_("Nog te beantwoorden: %(amount)s %(name)s voor %(buyer)s"),
        N_("%(buyer)s wacht op uw antwoord op de aanvraag van %(amount)s van uw partij %(name)s."),
        _ANSWER,
        ANSWER_BY,
        UNANSWERED,
    ),
    "reservation.handed_over": Words(
        N_("Overgedragen: %(amount)s %(name)s aan %(buyer)s"),
        N_("%(amount)s van uw partij %(name)s is overgedragen aan %(buyer)s."),
        NOTHING_TO_DO,
    ),
}

_TO_BUYER: Final[Mapping[str, Words]] = {
    "reservation.confirmed": Words(
        N_("Bevestigd: %(amount)s %(name)s"),
        N_("%(owner)s heeft uw reservering van %(amount)s %(name)s bevestigd."),
        N_("Spreek af wanneer u het ophaalt."),
        N_("Haal het op uiterlijk %(until)s."),
        PROMISED,
    ),
    "reservation.declined": Words(
        N_("Afgewezen: %(amount)s %(name)s"),
        N_("%(owner)s heeft uw aanvraag van %(amount)s %(name)s afgewezen."),
        _LOOK_ELSEWHERE,
    ),
    "reservation.cancelled": Words(
        N_("%(owner)s annuleert uw %(amount)s %(name)s"),
        N_("%(owner)s heeft uw reservering van %(amount)s %(name)s geannuleerd."),
        _LOOK_ELSEWHERE,
    ),
    "reservation.left_queue": Words(
        N_("U wacht niet meer op %(amount)s %(name)s"),
        N_("U staat niet meer in de rij voor %(amount)s %(name)s bij %(owner)s: daar komt voor u niets meer vrij."),
        _LOOK_ELSEWHERE,
    ),
    "reservation.offered": Words(
        N_("U bent aan de beurt: %(amount)s %(name)s"),
        N_("U bent aan de beurt: bij %(owner)s kwam %(amount)s %(name)s vrij. We houden die voor u vast."),
        TAKE,
        DECIDE_BY,
        OFFERED,
    ),
    "reservation.expiring": Words(
        N_("Verloopt bijna: uw %(amount)s %(name)s"),
        N_("Wat voor u wordt vastgehouden, %(amount)s %(name)s bij %(owner)s, vervalt binnenkort."),
        N_("Neem het aan, verleng het, of spreek af wanneer u het ophaalt."),
        N_("Doe dat uiterlijk %(until)s."),
        _HELD,
    ),
    "reservation.resumed": Words(
        N_("Weer op te halen: %(amount)s %(name)s"),
        N_("Uw reservering van %(amount)s %(name)s bij %(owner)s stond stil, en mag nu weer worden opgehaald."),
        N_("Spreek af wanneer u het ophaalt."),
        N_("Haal het op uiterlijk %(until)s."),
        PROMISED,
    ),
    "reservation.expired": Words(
        N_("Verlopen: %(amount)s %(name)s"),
        N_("Uw reservering van %(amount)s %(name)s bij %(owner)s is verlopen."),
        N_("Hebt u het nog nodig? Reserveer dan opnieuw, zolang het er is."),
    ),
    "reservation.shortened": Words(
        N_("Minder geoogst: %(after)s %(name)s in plaats van %(before)s"),
        N_(
            "De oogst van %(name)s bij %(owner)s viel tegen. Van uw %(before)s blijft %(after)s over, verdeeld volgens "
            "de regel van de partij."
        ),
        N_("Kijk of u hiermee toekomt."),
        _HELD_UNTIL,
    ),
    "reservation.counted": Words(
        N_("Geoogst: %(amount)s %(name)s voor u"),
        N_("De oogst van %(name)s bij %(owner)s is geteld. Uw optie is nu een reservering van %(amount)s."),
        N_("Spreek af wanneer u het ophaalt."),
        _HELD_UNTIL,
        _HELD,
    ),
    "reservation.released": Words(
        N_("%(owner)s geeft %(amount)s %(name)s vrij"),
        N_("%(owner)s geeft %(amount)s %(name)s van uw reservering vrij voor anderen."),
        N_("Kijk of u hiermee toekomt."),
    ),
    "reservation.written_off": Words(
        N_("Afgeschreven: %(amount)s %(name)s"),
        N_("%(owner)s heeft van uw reservering %(amount)s %(name)s afgeschreven."),
        N_("Kijk of u hiermee toekomt."),
    ),
    "reservation.handed_over": Words(
        N_("Overgedragen: %(amount)s %(name)s"),
        N_(
            "%(owner)s heeft %(amount)s %(name)s aan u overgedragen. Het paspoort ervan staat nu op naam van "
            "%(buyer)s; u houdt het voortaan bij."
        ),
        N_("De pakbon staat op de pagina. Klopt er iets niet? Neem dan contact op met %(owner)s."),
    ),
    "listing.changed": Words(
        N_("Het venster schuift: %(name)s"),
        N_("%(owner)s heeft het venster van %(name)s verschoven: %(window)s."),
        _DOES_NOT_FIT,
    ),
    "listing.withdrawn": Words(
        N_("Niet meer te koop: %(name)s"),
        N_("%(owner)s biedt %(name)s niet meer aan. U had daarvan %(amount)s gereserveerd, of wachtte erop."),
        N_("Kijk wat dit voor uw reservering betekent."),
    ),
    "listing.taken_off": Words(
        N_("Van de markt gehaald: %(name)s"),
        N_("%(name)s van %(owner)s, waarvan u %(amount)s reserveerde of waarop u wacht, is van de markt gehaald."),
        N_("Kijk wat dit voor uw reservering betekent."),
        N_("Wat u al was toegezegd, vervalt niet zolang u het niet mag ophalen."),
    ),
}

_TO_EITHER: Final[Mapping[str, Words]] = {
    "pickup.proposed": Words(
        N_("Voorstel om %(amount)s %(name)s op te halen"),
        N_("%(other)s doet een voorstel voor het ophalen van %(amount)s %(name)s."),
        N_("Ga akkoord, of stel een ander moment voor."),
        _HELD_UNTIL,
    ),
    "pickup.agreed": Words(
        N_("Afspraak: %(amount)s %(name)s ophalen"),
        N_("De afspraak met %(other)s voor het ophalen van %(amount)s %(name)s staat vast."),
        N_("Zet de afspraak in uw agenda, met het bestand bij deze mail."),
    ),
    "pickup.cancelled": Words(
        N_("Afspraak vervallen: %(amount)s %(name)s"),
        N_("De afspraak met %(other)s voor het ophalen van %(amount)s %(name)s vervalt."),
        N_("Spreek een ander moment af."),
    ),
    "hand_over.reported": Words(
        N_("Graag bevestigen: %(amount)s %(name)s overgedragen"),
        N_("%(other)s meldt dat %(amount)s %(name)s is overgedragen."),
        N_("Bevestig dat, of zeg wat er niet klopt."),
    ),
    "hand_over.rejected": Words(
        N_("Overdracht klopt niet: %(amount)s %(name)s"),
        N_("%(other)s zegt dat de gemelde overdracht van %(amount)s %(name)s niet klopt. Er is niets overgedragen."),
        N_("Overleg, en meld de overdracht opnieuw zoals ze was."),
    ),
}

_STAYS: Final = N_("Wat al gereserveerd is, blijft staan.")
_TO_CONCERNED: Final[Mapping[str, Words]] = {
    "circle.invited": Words(
        N_("Uitnodiging voor de kring %(circle)s"),
        N_(
            "%(by)s nodigt %(organisation)s uit voor de kring %(circle)s. Organisaties in een kring reserveren bij "
            "elkaar zonder op antwoord te wachten."
        ),
        N_("Neem de uitnodiging aan of sla haar af."),
        still=frozenset({"asked"}),
    ),
    "circle.withdrawn": Words(
        N_("Uitnodiging ingetrokken voor de kring %(circle)s"),
        N_("De uitnodiging aan %(organisation)s voor de kring %(circle)s is ingetrokken."),
        NOTHING_TO_DO,
    ),
    "circle.put_out": Words(
        N_("%(organisation)s zit niet meer in de kring %(circle)s"),
        N_(
            "%(by)s, die de kring %(circle)s beheert, heeft %(organisation)s eruit gezet. Wat u voortaan reserveert "
            "bij wie erin zit, en zij bij u, wacht weer op antwoord, tenzij u samen in een andere kring zit."
        ),
        _STAYS,
    ),
}
_TO_MEMBERS: Final[Mapping[str, Words]] = {
    "circle.withdrawn": Words(
        N_("Uw uitnodiging aan %(who)s is ingetrokken"),
        N_("Wie de kring %(circle)s beheert, heeft uw uitnodiging aan %(who)s ingetrokken."),
        NOTHING_TO_DO,
    ),
    "circle.declined": Words(
        N_("%(who)s slaat uw uitnodiging af"),
        N_("%(who)s heeft uw uitnodiging voor de kring %(circle)s afgeslagen."),
        NOTHING_TO_DO,
    ),
    "circle.joined": Words(
        N_("%(who)s zit nu in de kring %(circle)s"),
        N_("%(who)s zit nu in de kring %(circle)s. Wat u bij elkaar reserveert, is voortaan meteen toegezegd."),
        NOTHING_TO_DO,
    ),
    "circle.left": Words(
        N_("%(who)s heeft de kring %(circle)s verlaten"),
        N_(
            "%(who)s heeft de kring %(circle)s verlaten. Wat u voortaan bij elkaar reserveert, wacht weer op antwoord, "
            "tenzij u samen in een andere kring zit."
        ),
        _STAYS,
    ),
    "circle.put_out": Words(
        N_("%(who)s is uit de kring %(circle)s gezet"),
        N_(
            "%(by)s, die de kring %(circle)s beheert, heeft %(who)s eruit gezet. Wat u voortaan bij elkaar reserveert, "
            "wacht weer op antwoord, tenzij u samen in een andere kring zit."
        ),
        _STAYS,
    ),
}

_NOTHING_HARVESTED: Final = Words(
    N_("Niets geoogst: %(before)s %(name)s vervalt"),
    N_("Van uw optie op %(before)s %(name)s bij %(owner)s komt niets: er is niets geoogst."),
    _LOOK_ELSEWHERE,
)
_NOTHING_LEFT: Final = Words(
    N_("Te weinig geoogst: uw %(before)s %(name)s vervalt"),
    N_(
        "Van uw optie op %(before)s %(name)s bij %(owner)s komt niets: er is maar %(counted)s geoogst, en dat gaat "
        "volgens de regel van de partij naar anderen."
    ),
    _LOOK_ELSEWHERE,
)

_ANOTHER_PLACE: Final = Words(
    N_("Andere plek: %(name)s"),
    N_("%(owner)s heeft gewijzigd waar %(name)s ligt."),
    _DOES_NOT_FIT,
)
_ANOTHER_PLACE_AND_WINDOW: Final = Words(
    N_("Andere plek en ander venster: %(name)s"),
    N_("%(owner)s heeft gewijzigd waar %(name)s ligt, en het venster verschoven: %(window)s."),
    _DOES_NOT_FIT,
)

MOVED: Final = N_("De plek: %(moved)s.")
ADDRESS_LATER: Final = N_("Het nieuwe adres ziet u zodra uw reservering is bevestigd.")
_NEVER_ENOUGH: Final = Words(
    N_("U wacht niet meer op %(amount)s %(name)s"),
    N_(
        "U staat niet meer in de rij voor %(amount)s %(name)s bij %(owner)s: er is nog maar %(left)s, ook als iedereen "
        "afziet, en dat is minder dan u kunt gebruiken."
    ),
    _LOOK_ELSEWHERE,
)

WHEN: Final = N_("Wanneer: %(when)s.")
READY: Final = N_("Het ligt klaar vanaf %(ready)s.")
WHERE: Final = N_("Waar: %(where)s.")
REMARK: Final = N_("Opmerking: %(remark)s")
NOTE: Final = N_("Bericht van %(buyer)s: %(note)s")
LOSSES: Final = N_("Stuk of zoek, en afgeschreven: %(losses)s.")
RELEASED: Final = N_("De rest, %(released)s, is vrijgegeven voor anderen.")
SAID_BEFORE: Final = N_("Uw kant had gemeld: %(said)s.")
HAZARD: Final = N_("Eerst moet duidelijk zijn hoe het zit met: %(hazard)s.")
REASON: Final = N_("Reden: %(reason)s")


ASKED_DAY: Final = N_("Voorgestelde afhaaldag: %(asked_day)s. Wie bevestigt, stemt daarmee in.")
OPEN_DAY: Final = N_("Voorgestelde afhaaldag: %(open_day)s. Die geldt zodra de aanbieder ermee instemt.")
_CONFIRMED_WITH_DAY: Final = Words(
    N_("Bevestigd: %(amount)s %(name)s"),
    N_(
        "%(owner)s heeft uw reservering van %(amount)s %(name)s bevestigd, en stemt in met de afhaaldag die u "
        "voorstelde."
    ),
    N_("Zet de afspraak in uw agenda, met het bestand bij deze mail."),
    N_("Het blijft voor u gereserveerd tot %(until)s."),
    PROMISED,
)


def find_words(action: str, side: Side, facts: Mapping[str, Fact]) -> Words | None:
    """Return what is written to a side about a step, or None where nobody there is told of it."""
    if action == "reservation.shortened" and facts.get("after") == "0":
        return _NOTHING_HARVESTED if facts.get("counted", "0") == "0" else _NOTHING_LEFT
    if action == "reservation.left_queue" and "left" in facts:
        return _NEVER_ENOUGH
    if action == "listing.changed" and moves_place(facts):
        return _ANOTHER_PLACE_AND_WINDOW if moves_window(facts) else _ANOTHER_PLACE
    if action == "reservation.confirmed" and side is Side.BUYER and facts.get("agreed"):
        return _CONFIRMED_WITH_DAY
    own = {Side.OWNER: _TO_OWNER, Side.CONCERNED: _TO_CONCERNED, Side.MEMBERS: _TO_MEMBERS}.get(side, _TO_BUYER)
    return own.get(action) or _TO_EITHER.get(action)
