"""Everybody wants the last piece of a lot at the same moment, round after round; exactly one gets it.

The control looks in one transaction and writes in another, and so gives the piece to several.
"""

from dataclasses import dataclass, field

from sqlalchemy import text

from marketplace.kit.database import session
from tests.soak.crowd import Answer, Crowd
from tests.soak.figures import count, statuses, within
from tests.soak.server import Server
from tests.soak.stage import Address, Stage, Verdict, differences, make_buyers, make_offers, make_owner, stage
from tests.soak.visitor import asking, signed_in

CLIENTS = 64
ROUNDS = 200
CONTROL_ROUNDS = 5
SLOWEST = 500
"""Milliseconds within which 99 of 100 answers come, on two processors of which the clients take their share."""

_OVERSOLD = text(
    "SELECT count(*) FROM listing WHERE total < "
    "(SELECT coalesce(sum(held + handed_over), 0) FROM reservation WHERE listing_id = listing.id)"
)


@dataclass(slots=True)
class Race:
    """What came of it: how many had the piece in each round, every answer, and how many lots are promised twice."""

    winners: list[int] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    oversold: int = 0
    differences: int = 0
    complaints: str = ""


def campaign(database: str, address: Address) -> Verdict:
    """Race for the last piece."""
    with stage(database, address) as at:
        race = _race(at, ROUNDS)
    answers, slowest = race.answers, within(race.answers, 0.99)
    one_each = all(won == 1 for won in race.winners)
    only_refused = count(answers, 303) + count(answers, 409) == len(answers)
    told = (
        f"{CLIENTS} clients x {ROUNDS} rounds: oversold {race.oversold}, {race.differences} "
        f"differences in the ledger, one winner in "
        f"{sum(won == 1 for won in race.winners)} rounds, {statuses(answers)}, 5xx {count(answers, 500, 599)}, "
        f"p50 {within(answers, 0.5):.0f} ms, p99 {slowest:.0f} ms"
    )
    is_right = one_each and only_refused and not (race.oversold or race.differences or race.complaints)
    return Verdict(is_right and slowest < SLOWEST, f"{told}\n{race.complaints[-1500:]}".rstrip())


def control(database: str, address: Address) -> Verdict:
    """Race for it where looking and taking are two things."""
    with stage(database, address) as at:
        race = _race(at, CONTROL_ROUNDS, without="one-statement")
    told = f"looked first and took later: {max(race.winners)} winners of one piece, oversold {race.oversold}"
    return Verdict(race.oversold > 0, told)


def _race(at: Stage, rounds: int, *, without: str = "") -> Race:
    emails, (owner_id, _) = make_buyers(CLIENTS), make_owner()
    references = make_offers(owner_id, rounds, total=1)
    key = {"request_key": None} if without else {}
    race = Race()
    with Server(at, without=without) as server, Crowd(server.port, CLIENTS) as crowd:
        visitors = signed_in(crowd, emails)
        for reference in references:
            heard: list[Answer] = []
            path = f"/aanbod/{reference}/reserveren"
            crowd.run([asking(visitor.post(path, quantity=1, purpose="", **key), heard) for visitor in visitors])
            race.winners.append(count(heard, 303))
            race.answers += heard
    race.differences = len(differences())
    race.oversold, race.complaints = session.scalar(_OVERSOLD), server.complaints
    return race
