"""RC4: the rows of a weight-band table: one for the patient, none for two weights at once, none that falls."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.finding import Severity
from rescuecalc.core.orders.mention import base_value, last_place
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.contradiction import CONTRADICTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.literature.limits import Span
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import DosingWeight
    from rescuecalc.rules.base.knowledge import Subject

_OF_TABLE: Final = (
    *("dose_per_kg", "dose_rate_per_kg", "concentration", "product", "max_dose", "max_dose_rate"),
    *("give_over", "run_time"),
)
"""Beside these the rows of one table are alike."""
_AMOUNTS: Final = ("dose", "dose_rate", "volume", "pump_rate")


def _tables(subject: Subject) -> Iterator[list[tuple[Span[DosingWeight], Order]]]:
    """Yield the rows of each table, in the order of their weights: orders that differ in their weights and amounts."""
    tables: dict[tuple[object, ...], list[tuple[Span[DosingWeight], Order]]] = {}
    for order in subject.written:
        if order.weight_band is not None and "weight" in order.texts:
            others = tuple(order.texts.get(name, "") for name in _OF_TABLE)
            when = tuple(each.text for each in order.when)
            key = (order.drug, order.given_as, order.route, order.load, order.start, when, *others)
            tables.setdefault(key, []).append((order.weight_band, order))
    for rows in tables.values():
        yield sorted(rows, key=lambda row: (base_value(row[0].low)[0], base_value(row[0].high)[0], row[1].pointer))


def _not_of_patient(subject: Subject) -> Iterator[Hit]:
    weight = subject.order_set.weight
    if weight is None or not subject.order_set.whole:
        return
    kg = base_value(weight)[0]
    for rows in _tables(subject):
        if any(_holds(band, kg) for band, _ in rows):
            continue
        order = min(rows, key=lambda row: _distance(row[0], kg))[1]
        text = order.texts["weight"]
        message = f"the {order.given_as or 'order'} of {order.drug} is for {text}, and the patient weighs {weight}"
        if len(rows) > 1:
            message += f"; of its {len(rows)} rows none is for that weight"
        yield Hit(message, (), f"{order.pointer}/weight", text)


def _holds(band: Span[DosingWeight], kg: Fraction) -> bool:
    """Whether a row is for a weight: one of 46-54 kg ends where 55 kg begins."""
    return _distance(band, kg) < max(_half(band.low), _half(band.high))


def _distance(band: Span[DosingWeight], kg: Fraction) -> Fraction:
    low, high = base_value(band.low)[0], base_value(band.high)[0]
    return max(low - kg, kg - high, Fraction(0))


def _half(end: DosingWeight) -> Fraction:
    """Return half of the last digit of an end; a whole number of kilograms is read to one."""
    text = end.text or str(end)
    return Fraction(10) ** min(0, last_place(text)) / 2 if end.unit.name == "kg" else Fraction(1, 2)


def _in_conflict(subject: Subject) -> Iterator[Hit]:
    blamed = {each.hit.pointer.rpartition("/")[0] for each in CONTRADICTIONS.of(subject)}
    for rows in _tables(subject):
        for (first, one), (second, other) in pairwise(rows):
            is_same = first.low.equals(second.low) and first.high.equals(second.high)
            if not is_same and first.high.exceeds(second.low):
                both = f"{second.low} to {second.high if first.high.exceeds(second.high) else first.high}"
                message = f"two rows of {other.drug} are for {both}: {one.texts['weight']} and {other.texts['weight']}"
                yield Hit(message, (), f"{other.pointer}/weight", other.texts["weight"])
        sound = [row for row in rows if row[1].pointer not in blamed]
        for name in _AMOUNTS:
            yield from _falling(name, sound)


def _falling(name: str, rows: list[tuple[Span[DosingWeight], Order]]) -> Iterator[Hit]:
    """Yield the rows in which an amount is less than in the row of a lighter patient."""
    held = [(order, base_value(order.fields[name])) for _, order in rows if name in order.fields]
    for place, ((one, (more, kind)), (other, (less, same))) in enumerate(pairwise(held)):
        if kind != same or less >= more or one.texts["weight"] == other.texts["weight"]:
            continue  # two orders for one weight are steps
        after = held[place + 2][1][0] if place + 2 < len(held) else None
        # The one without which the others rise is wrong: the heavier, unless the next goes on from it.
        order = one if after is not None and after < more else other
        found = order.texts[name]
        lighter, heavier = (f"{each.texts[name]} at {each.texts['weight']}" for each in (one, other))
        message = f"the {name.replace('_', ' ')} falls from {lighter} to {heavier}"
        yield Hit(message, (), f"{order.pointer}/{name}", found)


def _rows(*rows: str) -> str:
    orders = ", ".join(f"{{drug: heparin, route: IV, kind: bolus, {each}}}" for each in rows)
    return f"{{order_set: Example, patient: {{weight: 80 kg}}, orders: [{orders}]}}"


_ROW: Final = "weight: {} kg, dose: {} units"

RULES = (
    declared(
        "RC432",
        "weight-band-not-of-patient",
        Severity.ERROR,
        _not_of_patient,
        "rescuecalc",
        checks="The weight of the patient against the weight bands of an order set's rows.",
        why="The row of another weight was ordered: its dose is right for somebody else.",
        fails=_rows(_ROW.format("46-54", "4000")),
        passes=_rows(_ROW.format("46-54", "4000"), _ROW.format("76-84", "6400")),
        remedy="Order the row of the patient's weight.",
        limits="Only of a whole order set; one row that is for the weight is enough. Conditions (`when`) may well be "
        "for other patients.",
        of_set=True,
    ),
    declared(
        "RC433",
        "weight-bands-in-conflict",
        Severity.ERROR,
        _in_conflict,
        "rescuecalc",
        checks="Whether two rows of one weight-band table are for the same weights, and whether a dose, dose rate, "
        "volume or pump rate falls from one row to the next heavier one.",
        why="Between two rows for one weight the nurse chooses; a row that falls has slipped, or is another weight's.",
        fails=_rows(_ROW.format("46-84", "4000"), _ROW.format("76-94", "6400")),
        passes=_rows(_ROW.format("46-75", "4000"), _ROW.format("76-94", "6400")),
        remedy="Correct the bands, or the row.",
        limits="Rows of one drug, kind, route, dose per kg, product and condition are compared; a weight at which one "
        "ends and the next begins is not reported.",
        of_set=True,
    ),
)
