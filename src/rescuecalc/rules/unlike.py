"""RC4: the doses of an order that was written against those of the protocol that it names."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.agreement import Reading, exact, in_unit_of, reading, written
from rescuecalc.core.finding import Severity
from rescuecalc.core.notation import plain, significant
from rescuecalc.rules.per_kg import as_set, given, is_stated
from rescuecalc.rules.renal_share import factors_due
from rescuecalc.rules.rule import Hit, Rule
from rescuecalc.rules.slip_names import slip_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.limits import Span
    from rescuecalc.core.order import Order
    from rescuecalc.core.protocol import Protocol
    from rescuecalc.core.quantity import Dose, Quantity
    from rescuecalc.rules.knowledge import Subject
    from rescuecalc.rules.per_kg import Given

_DIGITS = 6


class Stated(NamedTuple):
    """What a protocol states of a field: the reading to agree with, its words, and whether it is a load's rate."""

    reading: Reading
    words: str
    load: bool = False


class Doses(NamedTuple):
    """What a protocol states of the orders of one kind and route: per kg, and as fixed doses."""

    per_kg: tuple[Stated, ...]
    fixed: tuple[Stated, ...]


def _doses(order: Order, protocol: Protocol, subject: Subject) -> Doses:
    """Return what is stated for each step of the protocol and each renal factor that may be due, worked out once."""
    factors = factors_due(order, protocol, subject)
    key = ("doses", protocol.id, order.given_as, order.route, *map(str, factors))
    return subject.knowledge.once(key, lambda: _stated(order, protocol, factors))


def _stated(order: Order, protocol: Protocol, factors: tuple[Fraction, ...]) -> Doses:
    per_kg: list[Stated] = []
    fixed: list[Stated] = []
    for share in factors:
        if order.given_as == "infusion":
            per_kg += [
                _as(each.dose_rate_per_kg.times(share))._replace(load=each.role == "load")
                for each in protocol.infusions
            ]
            continue
        boluses = [each for each in protocol.boluses if order.route in {"", each.route}]
        per_kg += [_as(each.dose_per_kg.times(share)) for each in boluses if each.dose_per_kg is not None]
        fixed += [_range(each.dose_range) for each in boluses if each.dose_range is not None]
        fixed += [_as(each.dose.times(share)) for each in boluses if each.dose is not None]
    return Doses(tuple(per_kg), tuple(fixed))


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
        yield from _unlike(order, doses, protocol, subject)


def _unlike(order: Order, doses: Doses, protocol: Protocol, subject: Subject) -> Iterator[Hit]:
    """Judge an order by its dose per kg, else by the fixed dose, else by what is set, which comes to so much per kg."""
    found = given(order, subject)
    if found is None or (found.amount is not None and is_stated(found, order, (protocol,), subject)):
        return
    if doses.per_kg and found.per_kg is not None:
        # A dose per kg is the protocol's own number: only what is multiplied by a weight may be rounded.
        dose = exact(order.fields[found.field]) if found.is_own else found.per_kg
        yield from _held(order, found, dose, _as_long(order, doses.per_kg, protocol), subject)
    elif doses.fixed and not doses.per_kg and found.amount is not None:
        # So is a fixed dose; one that follows from a volume is as exact as the volume.
        dose = exact(order.fields["dose"]) if found.field == "dose" else found.amount
        yield from _held(order, found.fixed, dose, doses.fixed, subject)


def _as_long(order: Order, stated: tuple[Stated, ...], protocol: Protocol) -> tuple[Stated, ...]:
    """Return what is stated of an order that runs for so long: a load's rate is none of what outlasts the load."""
    times = [step.run_time.taken for step in protocol.infusions if step.role == "load" and step.run_time]
    longest = max((each for each in times if each is not None), key=lambda each: each.value_in("s"), default=None)
    if longest is None or order.lasts is None or not order.lasts.exceeds(longest):
        return stated
    return tuple(each for each in stated if not each.load) or stated


def _held(order: Order, found: Given, dose: Reading, allowed: tuple[Stated, ...], subject: Subject) -> Iterator[Hit]:
    if any(dose.agrees(each.reading) for each in allowed) or dose.drug != allowed[0].reading.drug:
        return
    quantity = order.fields[found.field]
    said = written(quantity, subject.knowledge.limits)
    expected, named = _meant(said, dose, found, allowed, order, subject)
    if expected is None:
        return
    slip = f": {' or '.join(named)}" if named else ""
    words = " or ".join(dict.fromkeys(each.words for each in allowed))
    message = f"{found.words(order, subject)} is not what {subject.order_set.protocol} states, {words}{slip}"
    sources = subject.protocol.sources if subject.protocol is not None else ()
    hit = Hit(message, sources, f"{order.pointer}/{found.field}", quantity.text or str(quantity))
    if found.anyone:
        ends = (reading(each, each, each, expected.drug) for each in (expected.low, expected.high))
        yield hit._replace(expected=f"{' to '.join(_number(end, quantity) for end in ends)} {quantity.unit.name}")
    else:
        number = f"{_number(expected, quantity)} {quantity.unit.name}"
        yield hit._replace(expected=number, factor=said.value / expected.value, slip=named)


def _number(of: Reading, quantity: Quantity) -> str:
    return plain(significant(in_unit_of(of, quantity), _DIGITS))


def _meant(
    said: Reading, dose: Reading, found: Given, allowed: tuple[Stated, ...], order: Order, subject: Subject
) -> tuple[Reading | None, tuple[str, ...]]:
    """Return what is expected in the order's field, and the slip that would make what is said of it.

    A slip from the full dose of the order's own kind, load or maintenance, is tried first; where no slip fits, the
    nearest stated dose is expected.
    """
    for each in sorted(allowed, key=lambda stated: stated.load is not order.load) if not found.anyone else ():
        expected = _expected(dose, each, found)
        named = slip_names(said, expected, order, subject) if expected is not None else ()
        if named:
            return expected, named
    nearest = min(allowed, key=lambda stated: _distance(dose, stated.reading))
    return _expected(dose, nearest, found), ()


def _expected(dose: Reading, stated: Stated, found: Given) -> Reading | None:
    end = stated.reading
    return as_set(reading(_end(dose, end), end.low, end.high, end.drug), found)


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
        checks="Dose per kg, dose and dose rate per kg of an order that was written against the protocol it names; "
        "where it says none, what its dose rate, pump rate or volume, or its dose or VTBI in its run time, comes to at "
        "the weight (where none is known at any of 40 to 150 kg).",
        why="Under a protocol's name its own doses are expected; 25 where 10 belongs stays a plausible number.",
        fails="{order_set: Example, protocol: yang-2020-iv, orders: [{drug: tirofiban, route: IV, kind: bolus, "
        "dose_per_kg: 25 mcg/kg, give_over: 5 min}]}",
        passes="{order_set: Example, protocol: yang-2020-iv, orders: [{drug: tirofiban, route: IV, kind: bolus, "
        "dose_per_kg: 10 mcg/kg, give_over: 5 min}]}",
        remedy="Correct the dose, or name the protocol that it comes from.",
        limits="Its caps and its label's weight-band rows are taken as stated. What its own renal rule leaves is the "
        "measure at the patient's clearance, or at those that the order is for; where neither is said, both are. A "
        "load's rate is, for as long as the load runs.",
        check=_unlike_protocol,
    ),
)
