"""Lots, needs and hubs that fit each other, so that a test states only what matters to it."""

from typing import Any

from marketplace.matching.problem import Fixed, Hub, Instance, Lot, Need, Params

FREE = Params(eur_per_tkm=0, trip_eur=0, kerf_mm=5, road=1)
COSTLY = Params(eur_per_tkm=0.1, trip_eur=100, kerf_mm=5, road=1)
DOOR = (2115.0, 930.0, 40.0)


def lot(name: str = "deuren", **facts: Any) -> Lot:
    given: dict[str, Any] = {
        "category": "inner_door",
        "quantity": 10,
        "price": 10,
        "kg": 28,
        "m3": 0.1,
        "xy": (0, 0),
        "weeks": (0, 10),
        "dims": DOOR,
        "grade": "B",
        "hazard": "clean",
        "min_take": 1,
    }
    return Lot(id=name, **(given | facts))


def need(name: str = "school", **facts: Any) -> Need:
    given: dict[str, Any] = {
        "categories": frozenset({"inner_door"}),
        "quantity": 10,
        "new_eur": 100,
        "mki_eur": 0,
        "xy": (0, 0),
        "weeks": (0, 10),
        "windows": within(10),
        "grade": "C",
        "max_km": 100,
    }
    return Need(id=name, **(given | facts))


def within(tolerance: float, sizes: tuple[float, ...] = DOOR) -> tuple[tuple[float, float], ...]:
    return tuple((size - tolerance, size + tolerance) for size in sizes)


def hub(name: str = "Hoogeveen", **facts: Any) -> Hub:
    given: dict[str, Any] = {"xy": (0, 0), "capacity_m3": 100, "handle": 0, "store": 0}
    return Hub(id=name, **(given | facts))


def beams(name: str = "balken", **facts: Any) -> Lot:
    return lot(name, category="beam", dims=(6000, 75, 200), price=30, **facts)


def cut_to(length: float, name: str = "brug", **facts: Any) -> Need:
    given = {"new_eur": 40, "mki_eur": 2, "quantity": 20} | facts
    windows = ((length, length), (65, 85), (190, 210))
    return need(name, categories=frozenset({"beam"}), windows=windows, cut_mm=length, **given)


def instance(
    lots: list[Lot],
    needs: list[Need],
    *,
    hubs: tuple[Hub, ...] = (),
    fixed: tuple[Fixed, ...] = (),
    params: Params = FREE,
) -> Instance:
    return Instance(params, tuple(lots), tuple(needs), hubs, fixed)
