"""Correct order sets of every protocol, weight and product, and every slip planted into them; own arithmetic only."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

PROTOCOLS = Path(__file__).parent.parent / "src" / "rescuecalc" / "data" / "protocols"
WEIGHTS = (40, 47, 57, 63, 70, 80, 88, 97, 104, 113, 120)

# Of each drug: concentration in mcg/mL, its text, container in mL; per bolus and per infusion.
BOLUS = {
    "tirofiban": ((50, "50 mcg/mL"), (250, "250 mcg/mL")),
    "eptifibatide": ((2000, "2 mg/mL"), (750, "0.75 mg/mL")),
    "abciximab": ((2000, "2 mg/mL"),),
    "cangrelor": ((200, "200 mcg/mL"),),
}
DRIP = {
    "tirofiban": ((50, "50 mcg/mL", "12.5 mg in 250 mL"), (50, "50 mcg/mL", "5 mg in 100 mL")),
    "eptifibatide": ((750, "0.75 mg/mL", "75 mg in 100 mL"),),
    "abciximab": ((36, "36 mcg/mL", None),),
    "cangrelor": ((200, "200 mcg/mL", "50 mg in 250 mL"),),
}
RUN_TIMES = {
    "us-label": 18,
    "eu-label-bolus": 24,
    "eu-label-load": 48,
    "huo-2021": 12,
    "abciximab-label": 12,
    "cangrelor-label": 2,
}
GIVE_OVER = {"cangrelor": "1 min"}


def number(value: Fraction, decimals: int = 6) -> str:
    """Return ``value`` as it is written in an order, rounded half up."""
    scaled = (value * 10**decimals + Fraction(1, 2)).__floor__()
    whole, rest = divmod(scaled, 10**decimals)
    return f"{whole}.{rest:0{decimals}}".rstrip("0").rstrip(".")


def amount(text: str) -> Fraction:
    """Return the mcg, or mcg per minute, of a dose of the catalogue."""
    value, unit = text.split(" ")
    return Fraction(value) * {"mcg": 1, "mg": 1000}[unit.split("/")[0]]


def protocols() -> list[dict[str, Any]]:
    """Return the packaged protocols as their files say."""
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted(PROTOCOLS.glob("*.toml"))]


def order_sets() -> Iterator[dict[str, Any]]:
    """Yield correct order sets: each protocol at each weight, with each product."""
    for protocol in protocols():
        for weight in WEIGHTS:
            for place in range(max(len(DRIP[protocol["drug"]]), len(BOLUS[protocol["drug"]]))):
                yield _set(protocol, weight, place)


def _set(protocol: dict[str, Any], weight: int, place: int) -> dict[str, Any]:
    drug = protocol["drug"]
    orders = [_bolus(each, weight, BOLUS[drug][place % len(BOLUS[drug])], drug) for each in protocol.get("bolus", [])]
    drip = DRIP[drug][place % len(DRIP[drug])]
    begin = Fraction(0)
    for step in protocol.get("infusion", []):
        order, length = _infusion(step, weight, drip, protocol, begin)
        orders.append(order)
        begin += length
    return {
        "order_set": f"{protocol['id']} {weight} kg",
        "protocol": protocol["id"],
        "patient": {"weight": f"{weight} kg", "creatinine_clearance": "90 mL/min"},
        "orders": orders,
    }


def _bolus(step: dict[str, Any], weight: int, product: tuple[int, str], drug: str) -> dict[str, Any]:
    made = {"id": "bolus", "drug": drug, "route": step["route"], "kind": "bolus"}
    if "dose_per_kg" in step:
        dose = amount(step["dose_per_kg"]) * weight
        made["dose_per_kg"] = step["dose_per_kg"]
        cap = step.get("cap")
        if cap is not None and dose > amount(cap["amount"]):
            dose = amount(cap["amount"])
            made["max_dose"] = cap["amount"]
    else:
        dose = amount(step["dose"] if "dose" in step else step["dose_range"]["from"])
    made["dose"] = f"{number(dose)} mcg"
    if step["route"] == "IV":
        made["concentration"] = product[1]
        made["volume"] = f"{number(dose / product[0], 1)} mL"
        made["give_over"] = GIVE_OVER.get(drug, "5 min")
    return made


def _infusion(
    step: dict[str, Any], weight: int, product: tuple[int, str, str | None], protocol: dict[str, Any], begin: Fraction
) -> tuple[dict[str, Any], Fraction]:
    taken = step.get("run_time", {}).get("taken", f"{RUN_TIMES.get(protocol['id'], 24)} h")
    length, unit = taken.split(" ")
    hours = Fraction(length) * (1 if unit == "h" else Fraction(1, 60))
    rate = amount(step["dose_rate_per_kg"]) * weight
    made = {"id": step["role"], "drug": protocol["drug"], "route": "IV", "kind": "infusion"}
    made["dose_rate_per_kg"] = step["dose_rate_per_kg"]
    cap = step.get("cap")
    if cap is not None and rate > _per_minute(cap["amount"]):
        rate = _per_minute(cap["amount"])
        made["max_dose_rate"] = cap["amount"]
    pump = Fraction(number(rate * 60 / product[0], 1))
    made |= {
        "dose_rate": f"{number(rate, 9)} mcg/min",
        "concentration": product[1],
        "pump_rate": f"{number(pump)} mL/h",
    }
    made |= {"run_time": taken, "vtbi": f"{number(pump * hours)} mL", "start": f"+{number(begin * 60)} min"}
    if product[2] is not None:
        made["product"] = product[2]
    return made, hours


def _per_minute(text: str) -> Fraction:
    value, unit = text.split(" ")
    mass, time = unit.split("/")
    return Fraction(value) * {"mcg": 1, "mg": 1000}[mass] / {"min": 1, "h": 60}[time]


class Planted(NamedTuple):
    """An order set with one slip: which order and field, and by what factor under which name."""

    order_set: dict[str, Any]
    order: int
    field: str
    factor: Fraction
    name: str


SLIPS: tuple[tuple[str, Fraction, str], ...] = (
    ("dose", Fraction(1000), "mg for mcg"),
    ("dose", Fraction(1, 1000), "mcg for mg"),
    ("dose", Fraction(10), "decimal point"),
    ("dose", Fraction(1, 100), "decimal point"),
    ("dose", Fraction("2.2046"), "lb for kg"),
    ("dose", Fraction(5, 2), "25 for 10 mcg/kg"),
    ("dose", Fraction("1.1236"), "salt for base"),
    ("volume", Fraction(5), "250 for 50 mcg/mL"),
    ("volume", Fraction(1, 5), "50 for 250 mcg/mL"),
    ("volume", Fraction(10), "decimal point"),
    ("dose_rate", Fraction(60), "per hour for per minute"),
    ("dose_rate", Fraction(1, 60), "per minute for per hour"),
    ("dose_rate", Fraction(1000, 60), "mg/kg/h read as mcg/kg/min"),
    ("pump_rate", Fraction(60), "per hour for per minute"),
    ("pump_rate", Fraction(1, 60), "per minute for per hour"),
    ("pump_rate", Fraction(10), "decimal point"),
    ("pump_rate", Fraction(100), "decimal point"),
    ("pump_rate", Fraction(2), "renal half left out"),
    ("pump_rate", Fraction(1, 2), "renal half"),
    ("pump_rate", Fraction(3, 2), "0.15 for 0.1 mcg/kg/min"),
    ("pump_rate", Fraction("2.2046"), "lb for kg"),
    ("pump_rate", Fraction(5), "250 for 50 mcg/mL"),
    ("vtbi", Fraction(24), "per day for per hour"),
    ("vtbi", Fraction(1, 10), "decimal point"),
    ("vtbi", Fraction(10), "decimal point"),
    ("concentration", Fraction(5), "250 for 50 mcg/mL"),
    ("concentration", Fraction(1000), "mg for mcg"),
)


@cache
def planted() -> tuple[Planted, ...]:
    """Return each correct order set with each slip planted; made once for the files of tests that share it."""
    return tuple(_every_planted())


def _every_planted() -> Iterator[Planted]:
    """Yield each correct order set with each slip planted into each field that it has, one at a time."""
    for made in order_sets():
        weight = Fraction(made["patient"]["weight"].split(" ")[0])
        for place, order in enumerate(made["orders"]):
            for field, factor, name in SLIPS:
                # Of a concentration against one volume alone nobody can say which of the two is wrong.
                # A fixed dose out of a stated range is held against the range alone.
                alone = (field == "concentration" and "product" not in order) or (
                    field == "dose" and "dose_per_kg" not in order and made["protocol"] in {"huo-2021", "kang-2018-ia"}
                )
                if field in order and not alone:
                    yield from _planted(made, place, field, factor, name)
            if "pump_rate" in order:
                strength = amount(order["concentration"])
                yield from _planted(made, place, "pump_rate", 1 / weight, "per kg forgotten")
                yield from _planted(made, place, "pump_rate", strength, "mcg/h set as mL/h")
                yield from _planted(made, place, "pump_rate", strength / 60, "mcg/min set as mL/h")


def _planted(made: dict[str, Any], place: int, field: str, factor: Fraction, name: str) -> Iterator[Planted]:
    value, unit = made["orders"][place][field].split(" ")
    decimals = 1 if field in {"pump_rate", "volume"} else 6
    written = number(Fraction(value) * factor, decimals)
    # A number without decimals stands for half of one more or less: a slip of a sixth may hide in it.
    least = Fraction(1, 20) if "." in written else Fraction(1, 4)
    if Fraction(written) and abs(Fraction(written) / Fraction(value) - 1) > least:
        orders = list(made["orders"])
        orders[place] = {**orders[place], field: f"{written} {unit}"}
        changed = {**made, "orders": orders}  # the rest is shared: of ten thousand sets a copy takes seconds
        yield Planted(changed, place, field, factor, name)


def bare(made: dict[str, Any]) -> dict[str, Any]:
    """Return an order set whose orders say only what is set on the pump or drawn up, and of what concentration."""
    kept = ("id", "drug", "route", "kind", "concentration", "volume", "give_over", "pump_rate", "run_time", "start")
    orders = [{name: order[name] for name in kept if name in order} for order in made["orders"]]
    return {**made, "orders": orders}


BARE_SLIPS: tuple[tuple[str, Fraction], ...] = (
    ("pump_rate", Fraction(60)),
    ("pump_rate", Fraction(10)),
    ("pump_rate", Fraction(1, 10)),
    ("pump_rate", Fraction(24)),
    ("volume", Fraction(10)),
    ("volume", Fraction(1000)),
)


def planted_bare() -> Iterator[Planted]:
    """Yield each bare order set with a slip in a field from which nothing else in it follows."""
    for made in order_sets():
        if "weight" not in made["patient"] or made["protocol"] in {"huo-2021", "kang-2018-ia"}:
            continue
        plain = bare(made)
        for place, order in enumerate(plain["orders"]):
            for field, factor in BARE_SLIPS:
                if field in order and "concentration" in order:
                    yield from _planted(plain, place, field, factor, "")
