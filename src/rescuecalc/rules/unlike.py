"""RC4: the doses of an order that was written against those of the protocol that it names."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.agreement import Reading, band, exact, in_unit_of, reading, written
from rescuecalc.core.finding import Severity
from rescuecalc.core.notation import plain, significant
from rescuecalc.core.slips import slips
from rescuecalc.rules.rule import Hit, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.core.limits import Span
    from rescuecalc.core.order import Order
    from rescuecalc.core.protocol import Protocol
    from rescuecalc.core.quantity import Dose, Quantity
    from rescuecalc.rules.knowledge import Subject

_DIGITS = 6


class Stated(NamedTuple):
    """What a protocol states of a field: the reading to agree with, and its words."""

    reading: Reading
    words: str


def _factors(protocol: Protocol, subject: Subject, kind: str) -> set[Fraction]:
    """Return by what the protocol's own renal rule may multiply a dose; without one only 1."""
    rules = [rule for rule in subject.knowledge.renal_rules() if rule.id == protocol.renal]
    bands = [band for rule in rules for band in rule.bands]
    return {Fraction(1), *(each.bolus_factor if kind == "bolus" else each.infusion_factor for each in bands)}


def _weight(order: Order, subject: Subject) -> Reading | None:
    if order.weight_band is not None:
        return band(order.weight_band)
    return exact(subject.order_set.weight) if subject.order_set.weight is not None else None


class Doses(NamedTuple):
    """What a protocol states of the orders of one kind and route, by field; ``per_kg`` is what a weight multiplies."""

    by_field: Mapping[str, tuple[Stated, ...]]
    per_kg: tuple[Stated, ...]


def _doses(order: Order, protocol: Protocol, subject: Subject) -> Doses:
    """Return what is stated for each step of the protocol and each renal factor, worked out once."""
    key = ("doses", protocol.id, order.given_as, order.route)
    derived = subject.knowledge.derived
    if key not in derived:
        steps = list(_stated(order, protocol, subject))
        names = dict.fromkeys(name for name, *_ in steps)
        derived[key] = Doses(
            {name: tuple(each for field, each, _ in steps if field == name) for name in names},
            tuple(each for _, each, multiplied in steps if multiplied),
        )
    found: Doses = derived[key]
    return found


def _stated(order: Order, protocol: Protocol, subject: Subject) -> Iterator[tuple[str, Stated, bool]]:
    """Yield field, what is stated of it, and whether a weight multiplies it to a dose without a cap."""
    for share in sorted(_factors(protocol, subject, order.given_as), reverse=True):
        if order.given_as == "infusion":
            for infusion in protocol.infusions:
                yield "dose_rate_per_kg", _as(infusion.dose_rate_per_kg.times(share)), False
            continue
        for bolus in protocol.boluses:
            if order.route and order.route != bolus.route:
                continue
            if bolus.dose_range is not None:
                yield "dose", _range(bolus.dose_range), False
            elif bolus.dose is not None:
                yield "dose", _as(bolus.dose.times(share)), False
            elif bolus.dose_per_kg is not None:
                yield "dose_per_kg", _as(bolus.dose_per_kg.times(share)), bolus.cap is None


def _totals(order: Order, doses: Doses, subject: Subject) -> tuple[Stated, ...]:
    """Return the doses per kg multiplied by the weight, where an order names none itself."""
    weight = _weight(order, subject) if "dose_per_kg" not in order.fields else None
    if weight is None:
        return ()
    words = subject.order_set.weight if order.weight_band is None else order.weight_band
    return tuple(Stated(each.reading.times(weight), f"{each.words} × {words}") for each in doses.per_kg)


def _as(quantity: Quantity) -> Stated:
    return Stated(exact(quantity), str(quantity))


def _range(span: Span[Dose]) -> Stated:
    low, high = exact(span.low), exact(span.high)
    return Stated(reading(low.value, low.value, high.value, low.drug), str(span))


def _unlike_protocol(subject: Subject) -> Iterator[Hit]:
    protocol = subject.protocol
    if protocol is None:
        return
    for order in subject.order_set.orders:
        if not order.texts or order.drug != protocol.drug or order.given_as not in {"bolus", "infusion"}:
            continue
        doses = _doses(order, protocol, subject)
        for name, quantity in order.fields.items():
            allowed = doses.by_field.get(name, ())
            if name == "dose":
                allowed = (*allowed, *_totals(order, doses, subject))
            if allowed:
                yield from _held(order, name, quantity, allowed, subject)


def _held(order: Order, name: str, quantity: Quantity, allowed: tuple[Stated, ...], subject: Subject) -> Iterator[Hit]:
    # A dose per kg or a fixed dose is the protocol's own number: only what is multiplied by a weight may be rounded.
    rounded = " × " in allowed[0].words
    found = written(quantity, subject.knowledge.limits) if rounded else exact(quantity)
    if any(found.agrees(each.reading) for each in allowed) or found.drug != allowed[0].reading.drug:
        return
    nearest = min(allowed, key=lambda each: _distance(found, each.reading))
    end = nearest.reading
    expected = reading(_end(found, end), end.low, end.high, end.drug)
    factor = found.value / expected.value
    weight = subject.order_set.weight
    named = slips(subject.knowledge.slips(), found, expected, weight.value_in("kg") if weight is not None else None)
    protocol = subject.order_set.protocol
    said = f": {' or '.join(named)}" if named else ""
    words = " or ".join(dict.fromkeys(each.words for each in allowed))
    message = f"the {name.replace('_', ' ')} {quantity.text or quantity} is not what {protocol} states, {words}{said}"
    number = plain(significant(in_unit_of(expected, quantity), _DIGITS))
    sources = subject.protocol.sources if subject.protocol is not None else ()
    pointer = f"{order.pointer}/{name}"
    yield Hit(
        message, sources, pointer, quantity.text or str(quantity), f"{number} {quantity.unit.name}", factor, named
    )


def _end(found: Reading, allowed: Reading) -> Fraction:
    """Return the nearest end of what is stated."""
    return allowed.low if found.value < allowed.low else allowed.high


def _distance(found: Reading, allowed: Reading) -> Fraction:
    end = _end(found, allowed)
    return max(found.value / end, end / found.value) if found.value and end else Fraction(0)


RULES = (
    Rule(
        code="RC419",
        name="dose-unlike-protocol",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=("khachatryan-2023",),
        checks="Dose per kg, dose and dose rate per kg of an order that was written against the protocol it names.",
        why="Under a protocol's name its own doses are expected; 25 where 10 belongs stays a plausible number.",
        fails="{order_set: Example, protocol: yang-2020-iv, orders: [{drug: tirofiban, route: IV, kind: bolus, "
        "dose_per_kg: 25 mcg/kg, give_over: 5 min}]}",
        passes="{order_set: Example, protocol: yang-2020-iv, orders: [{drug: tirofiban, route: IV, kind: bolus, "
        "dose_per_kg: 10 mcg/kg, give_over: 5 min}]}",
        remedy="Correct the dose, or name the protocol that it comes from.",
        limits="The protocol's own renal rule and both of its infusions are taken as stated, whatever the clearance.",
        check=_unlike_protocol,
    ),
)
