"""Which doses of a drug are right: the named protocol's, else its published range; one more constraint on an order."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.orders.bounds import Bounds, between, point
from rescuecalc.core.orders.condition_interval import Interval
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.regimen.protocol import PACKAGED, SITE, USER
from rescuecalc.rules.base.memo import Shared
from rescuecalc.rules.facts.reference.label_rows import sets_label_row
from rescuecalc.rules.facts.reference.published_envelope import (
    InfusionEnvelope,
    as_named,
    bolus_envelope,
    infusion_envelope,
)
from rescuecalc.rules.facts.reference.renal_share import clearances_of, factors_due, renal_clearance, renal_shares
from rescuecalc.rules.facts.reference.set_indication import indication_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rescuecalc.core.literature.limits import Span
    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.model.system import System
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.published_range import Indication
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.core.regimen.protocol import Cap, Protocol
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.reference.published_envelope import BolusEnvelope

    _Kept = dict[tuple[Any, ...], tuple[Protocol | None, tuple["Domain", ...] | None]]

PROTOCOL: Final = "RC419"
SITE_RANGE: Final = "RC418"
RATE_RANGE: Final = "RC402"
BOLUS_RANGE: Final = "RC404"
OTHER_DRUG: Final = "RC420"


class Point(NamedTuple):
    """A dose that a source states of a ``variable``: one number, or a range; ``words`` are its own.

    ``is_reduced`` tells that only a renal rule leaves it.
    """

    variable: str
    bounds: Bounds
    words: str
    quantity: Quantity
    load: bool = False
    is_reduced: bool = False


class Domain(NamedTuple):
    """What one reference allows of an order: ``ranges``, and the ``points`` that an error may have been made from.

    ``code`` is the rule that reports a dose outside, ``words`` what it says of such a dose; ``soft`` are the ranges
    outside of which it is an error, where an end of ``ranges`` is soft. ``named`` are the ranges that are expected,
    where they are narrower than those.
    """

    code: str
    ranges: tuple[Point, ...]
    points: tuple[Point, ...]
    words: str
    sources: tuple[Source, ...]
    protocols: tuple[Protocol, ...]
    soft: tuple[Point, ...] = ()
    named: tuple[Point, ...] = ()

    def allows(self, known: Mapping[str, Bounds], slack: Mapping[str, Fraction]) -> bool:
        """Whether what a system leaves of a dose may lie within; of what it says nothing of, nothing is asked."""
        return _any_overlaps(self.ranges, known, slack)

    def allows_softly(self, known: Mapping[str, Bounds], slack: Mapping[str, Fraction]) -> bool:
        """Whether only a soft end is passed, which rests on one small series: a warning."""
        return bool(self.soft) and _any_overlaps(self.soft, known, slack)

    def is_asked(self, known: Mapping[str, Bounds]) -> bool:
        """Whether a system says anything of a dose that this reference bounds."""
        return any(each.variable in known for each in self.ranges)


def _any_overlaps(ranges: tuple[Point, ...], known: Mapping[str, Bounds], slack: Mapping[str, Fraction]) -> bool:
    compared = [
        (known[each.variable], each.bounds.widened(slack.get(each.variable, Fraction(0))))
        for each in ranges
        if each.variable in known
    ]
    return not compared or any(one.overlaps(other) for one, other in compared)


_KEPT: Final = ("domains",)
_MOST_KEPT: Final = 1024
"""Kinds of orders whose references are kept: a file has few, and no cache is without a bound."""


def domains(order: Order, subject: Subject) -> tuple[Domain, ...]:
    """Return the references that an order of a catalogue drug is judged by, the nearest first."""
    if not subject.knowledge.has_published_range(order.drug) or order.given_as not in {"bolus", "infusion"}:
        return ()
    if any(each is not None and each.is_traced for each in (order.lasts, renal_clearance(subject))):
        return _domains(order, subject)
    key = (
        *(order.drug, order.given_as, order.route, order.load, order.lasts, bool(order.texts), order.when),
        *(renal_clearance(subject), indication_of(subject)),
        subject.protocol.id if subject.protocol is not None else None,
    )
    kept: _Kept = subject.knowledge.once(_KEPT, dict)
    protocol, found = kept.get(key, (None, None))
    if found is None or protocol is not subject.protocol:
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        found = _domains(order, subject)
        kept[key] = subject.protocol, found
    return found


def _domains(order: Order, subject: Subject) -> tuple[Domain, ...]:
    """Return the references by drug, kind, route, time, phase, clearances, indication and protocol, and no number."""
    protocol = subject.protocol if subject.protocol is not None and subject.protocol.drug == order.drug else None
    found = []
    if protocol is not None and protocol.origin != USER and order.texts and states(protocol, order):
        found.append(_of_protocol(order, protocol, subject))
    if protocol is None or protocol.origin in {USER, SITE} or not states(protocol, order):
        code = RATE_RANGE if order.given_as == "infusion" else BOLUS_RANGE
        is_site = protocol is not None and protocol.origin == SITE and states(protocol, order)
        found += _of_range(order, SITE_RANGE if is_site else code, subject)
    return tuple(each for each in found if each.ranges)


def published(order: Order, subject: Subject, *, of_label: bool) -> tuple[Domain, ...]:
    """Return the published range of an order that a text makes, ``of_label`` of every indication of the drug."""
    code = RATE_RANGE if order.given_as == "infusion" else BOLUS_RANGE
    bare = subject._replace(order_set=subject.order_set._replace(texts={})) if of_label else subject
    return tuple(each for each in _of_range(order, code, bare) if each.ranges)


def states(protocol: Protocol, order: Order) -> bool:
    """Whether a protocol states a bolus by the order's route, or an infusion; of what is neither nothing is asked."""
    if order.given_as == "bolus":
        return any(order.route in {"", each.route} for each in protocol.boluses)
    return bool(protocol.infusions) or order.given_as != "infusion"


def _point(variable: str, quantity: Quantity, *, load: bool = False) -> Point:
    return Point(variable, point(base_value(quantity)[0]), str(quantity), quantity, load)


def range_point(variable: str, span: Span[Any]) -> Point:
    """Return the doses of a range, as a point that a source states."""
    ends = between(base_value(span.low)[0], base_value(span.high)[0])
    return Point(variable, ends, str(span), span.high)


def _of_protocol(order: Order, protocol: Protocol, subject: Subject) -> Domain:
    factors = factors_due(order, protocol, subject)
    key = ("domain", protocol.id, order.given_as, order.route, *map(str, factors))
    stated = subject.knowledge.once(key, lambda: tuple(_stated(order, protocol, factors)))
    stated = _as_long(order, stated, protocol)
    per_kg = tuple(each for each in stated if each.variable != of.DOSE)
    ranges = per_kg or stated
    words = f"is not what {protocol.id} states, {' or '.join(dict.fromkeys(each.words for each in ranges))}"
    return Domain(PROTOCOL, ranges, ranges, words, protocol.sources, (protocol,))


def _stated(order: Order, protocol: Protocol, factors: tuple[Fraction, ...]) -> Iterator[Point]:
    for share in factors:
        for each in _steps(order, protocol, share):
            yield each._replace(is_reduced=share != 1)


def _steps(order: Order, protocol: Protocol, share: Fraction) -> Iterator[Point]:
    """Yield the doses of a protocol's steps of an order's kind and route, as its renal rule leaves them."""
    if order.given_as == "infusion":
        for step in protocol.infusions:
            rate = step.dose_rate_per_kg.times(share)
            yield _point(of.DOSE_RATE_PER_KG, rate, load=step.role == "load")
        return
    for each in protocol.boluses:
        if order.route not in {"", each.route}:
            continue
        if each.dose_per_kg is not None:
            yield _point(of.DOSE_PER_KG, each.dose_per_kg.times(share))
        if each.dose_range is not None:
            yield range_point(of.DOSE, each.dose_range)
        if each.dose is not None:
            yield _point(of.DOSE, each.dose.times(share))


def _as_long(order: Order, stated: tuple[Point, ...], protocol: Protocol) -> tuple[Point, ...]:
    """Return what is stated of an order that runs for so long: a load's rate is none of what outlasts the load."""
    times = [step.run_time.taken for step in protocol.infusions if step.role == "load" and step.run_time]
    longest = max((each for each in times if each is not None), key=lambda each: each.value_in("s"), default=None)
    if longest is None or order.lasts is None or not order.lasts.exceeds(longest):
        return stated
    return tuple(each for each in stated if not each.load) or stated


def _of_range(order: Order, code: str, subject: Subject) -> Iterator[Domain]:
    """Yield the published range of the drug for the set's indication, and for the clearances that an order is for."""
    indication, because = indication_of(subject)
    clearances = clearances_of(order, subject) if order.texts else None
    held = _envelope(order, indication, clearances, subject)
    full = _envelope(order, indication, Interval(), subject)
    if held is None or full is None:
        return
    shares = renal_shares(order, subject) if order.texts else ()
    reduced = _reduced(_spans(order, full), shares)
    soft = held.softened
    named = as_named(held, order.drug, clearances, subject.knowledge) if because else held
    purpose = f" in stroke rescue (the order set says {quoted(because)})" if because else ""
    own = tuple(each for each in subject.knowledge.protocols() if each.drug == order.drug and each.origin == PACKAGED)
    # The envelope is one object for all orders like this one: its doses and words are worked out once.
    key = (order.drug, order.given_as, str(id(held)))
    points = subject.knowledge.once(("points", *key), lambda: tuple(_points(held, _full(order.drug, subject))))
    words = subject.knowledge.once(("range", *key, str(named is held)), lambda: str(named))
    yield Domain(
        code,
        (*_spans(order, held), *reduced),
        points,
        f"is outside the published range of {order.drug}{purpose}: {words}",
        held.sources,
        _comparable(order, own, is_rescue=bool(because)),
        soft=(*_spans(order, soft), *reduced) if soft is not None else (),
        named=_spans(order, named) if named is not held else (),
    )


def _envelope(
    order: Order, indication: Indication, clearances: Interval | None, subject: Subject
) -> InfusionEnvelope | BolusEnvelope | None:
    if order.given_as == "infusion":
        return infusion_envelope(order.drug, subject.knowledge, indication, clearances)
    return bolus_envelope(order.drug, order.route, subject.knowledge, indication, clearances)


def _spans(order: Order, held: InfusionEnvelope | BolusEnvelope) -> tuple[Point, ...]:
    if isinstance(held, InfusionEnvelope):
        return tuple(range_point(of.DOSE_RATE_PER_KG, each) for each in held.spans(order.lasts, load=order.load))
    per_kg = (range_point(of.DOSE_PER_KG, held.per_kg),) if held.per_kg is not None else ()
    return (*per_kg, *((range_point(of.DOSE, held.fixed),) if held.fixed is not None else ()))


def _reduced(spans: tuple[Point, ...], shares: tuple[Fraction, ...]) -> tuple[Point, ...]:
    """Return what a label's renal rule leaves of ranges."""
    return tuple(
        each._replace(bounds=between(each.bounds.low * share, each.bounds.middle * 2 * share - each.bounds.low * share))
        for each in spans
        for share in shares
    )


def _full(drug: str, subject: Subject) -> frozenset[tuple[str, Fraction]]:
    """Return the doses that sources state of any patient, and not only under a renal rule."""
    return frozenset(
        (each.variable, base_value(stated.value)[0])
        for each in subject.knowledge.published_ranges()
        if each.drug == drug
        for stated in each.points
        if stated.clearances is None
    )


def _points(held: InfusionEnvelope | BolusEnvelope, full: frozenset[tuple[str, Fraction]]) -> Iterator[Point]:
    """Yield the doses that sources state, from which an error may have been made."""
    if isinstance(held, InfusionEnvelope):
        stated = [
            _point(of.DOSE_RATE_PER_KG, rate, load=not held.maintenance.holds(rate)) for rate in held.doses_per_kg
        ]
    else:
        stated = [_point(of.DOSE_PER_KG, dose) for dose in held.doses_per_kg]
        stated += [_point(of.DOSE, dose) for dose in held.doses]
    yield from (each._replace(is_reduced=(each.variable, each.bounds.low) not in full) for each in stated)


_RESCUE: Final = "rescue"


def _comparable(order: Order, own: tuple[Protocol, ...], *, is_rescue: bool) -> tuple[Protocol, ...]:
    """Return the protocols of an order's route; a rescue bolus is not compared with a coronary label's rows."""
    if order.given_as != "bolus":
        return own
    by_the_route = (each for each in own if any(order.route in {"", step.route} for step in each.boluses))
    return tuple(each for each in by_the_route if not is_rescue or each.kind == _RESCUE)


def is_stated_otherwise(
    order: Order, system: System, known: Mapping[str, Bounds], protocols: Iterable[Protocol], subject: Subject
) -> bool:
    """Whether protocols state what is given in another way than per kg: fixed, capped, or as a label's row."""
    return any(
        _is_fixed(order, system, known, each, subject) or sets_label_row(order, known, each, subject)
        for each in protocols
    )


def _is_fixed(order: Order, system: System, known: Mapping[str, Bounds], protocol: Protocol, subject: Subject) -> bool:
    """Whether the amount is a fixed dose, one of a range, or a cap, below which a heavy patient's dose lies."""
    variable = of.DOSE_RATE if order.given_as == "infusion" else of.DOSE
    written = system.of(variable)
    amount = point(written[0].value) if written else known.get(variable)
    if amount is None or system.has(of.DOSE_RATE_PER_KG if order.given_as == "infusion" else of.DOSE_PER_KG):
        return False
    spans = [step.dose_range for step in protocol.boluses if step.dose_range is not None]
    fixed: list[Quantity] = [step.dose for step in protocol.boluses if step.dose is not None]
    steps: list[tuple[Cap[Any] | None, Quantity | None]]
    if order.given_as == "infusion":
        spans, fixed = [], []
        steps = [(each.cap, each.dose_rate_per_kg) for each in protocol.infusions]
    else:
        steps = [(each.cap, each.dose_per_kg) for each in protocol.boluses]
    weight = known.get(of.WEIGHT)
    fixed += [
        cap.under(share)
        for cap, per_kg in steps
        for share in factors_due(order, protocol, subject)
        if cap is not None and (per_kg is None or _reaches(cap, per_kg.times(share), share, weight))
    ]
    allowed = [point(base_value(each)[0]) for each in fixed]
    allowed += [between(base_value(each.low)[0], base_value(each.high)[0]) for each in spans]
    return any(amount.overlaps(each) for each in allowed)


def _reaches(cap: Cap[Any], per_kg: Quantity, share: Fraction, weight: Bounds | None) -> bool:
    """Whether a formula comes to its cap at the weight, or a label prints a row there; at an unknown one it may."""
    if weight is None or weight.high is None:
        return True
    above = cap.row_above is not None and weight.high > base_value(cap.row_above)[0]
    return above or base_value(per_kg)[0] * weight.high >= base_value(cap.under(share))[0]


def stated(subject: Subject, order: Order) -> Order:
    """Return the order with the dose that a hospital's file states: that it follows a label's renal rule is no error.

    What a renal rule of its own makes of a dose is judged as it stands, like a number that is typed.
    """
    protocol = subject.protocol
    if protocol is None or protocol.origin != SITE or protocol.renal is None or protocol.own_rule is not None:
        return order
    fields = dict(order.fields)
    if order.given_as == "infusion":
        step = protocol.infusions[0 if order.load else -1]
        fields["dose_rate_per_kg"] = step.dose_rate_per_kg
    else:
        per_kg = protocol.boluses[min(order.place, len(protocol.boluses) - 1)].dose_per_kg
        fields |= {"dose_per_kg": per_kg} if per_kg is not None else {}
    return order._replace(fields=fields)


def by_route(order: Order) -> str:
    """Return the route of a bolus with a space behind it, for a message; empty where none is said."""
    return f"{order.route} " if order.route and order.given_as == "bolus" else ""


def _each_is_allowed(subject: Subject) -> Iterator[bool]:
    return (_is_allowed(stated(subject, order), subject) for order in subject.order_set.orders)


_PLAIN: Final = Shared(_each_is_allowed)


def is_plainly_inside(subject: Subject) -> bool:
    """Whether no order was written, and each states a dose per kg that every reference of it allows as it stands."""
    return not subject.written and all(_PLAIN.of(subject))


def _has_dose(order: Order) -> bool:
    return of.DOSE in order.fields or of.DOSE_RATE in order.fields


def _is_allowed(order: Order, subject: Subject) -> bool:
    per_kg = order.fields.get("dose_rate_per_kg" if order.given_as == "infusion" else "dose_per_kg")
    if per_kg is None:
        return not _has_dose(order)
    variable = of.DOSE_RATE_PER_KG if order.given_as == "infusion" else of.DOSE_PER_KG
    known = {variable: point(base_value(per_kg)[0])}
    return all(each.allows(known, {}) for each in domains(order, subject))
