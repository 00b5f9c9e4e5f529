"""Doses that their reference does not allow: the named protocol's, else the published range; and the error behind them."""

from __future__ import annotations

from fractions import Fraction
from math import log
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders import mention as of
from rescuecalc.core.orders.diagnosis import best_repairs
from rescuecalc.core.orders.mention import base_value, exact_mention
from rescuecalc.core.orders.system import solution
from rescuecalc.core.quantity import DosePerKg, DoseRatePerKg
from rescuecalc.core.units import unit
from rescuecalc.rules.dose_domain import PROTOCOL, by_route, domains, is_stated_otherwise, stated
from rescuecalc.rules.model_words import (
    alternative_words,
    alternatives,
    expected_text,
    name_of,
    range_of,
    rounded,
)
from rescuecalc.rules.order_model import ORDERS, Judged, given_per_kg, judged_made, slack
from rescuecalc.rules.rule import Hit
from rescuecalc.rules.shared import Shared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.core.order import Order
    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.diagnosis import Repair
    from rescuecalc.core.orders.mention import Mention
    from rescuecalc.core.orders.system import System
    from rescuecalc.core.quantity import Quantity
    from rescuecalc.rules.dose_domain import Domain, Point
    from rescuecalc.rules.knowledge import Subject

_PER_KG: Final = {
    "infusion": (of.DOSE_RATE_PER_KG, DoseRatePerKg, "mcg/kg/min"),
    "bolus": (of.DOSE_PER_KG, DosePerKg, "mcg/kg"),
}


class _Coded(NamedTuple):
    code: str
    hit: Hit


def _found(subject: Subject) -> Iterator[_Coded]:
    for judged in ORDERS.of(subject):
        yield from _of_order(judged)
    for order in subject.order_set.orders:
        if not order.texts and order.drug in subject.knowledge.drugs:
            yield from _of_order(judged_made(stated(subject, order), subject))


_FOUND: Final = Shared(_found)


def hits(code: str, subject: Subject) -> Iterator[Hit]:
    """Yield what a rule about a dose outside its reference reports."""
    yield from (each.hit for each in _FOUND.of(subject) if each.code == code)


def healed(judged: Judged) -> tuple[System, Mapping[str, Bounds]] | None:
    """Return the system once its contradictions are repaired: what is left is judged; None where none can be told."""
    system = judged.system
    for each in judged.found:
        repair = each.repair
        if repair.expected is None and repair.right is None:
            return None
        system = system.without((repair.blamed, *repair.followed))
        if repair.expected is not None:
            system = system.with_mention(repair.expected)
    solved = solution(system)
    return (system, solved.bounds) if solved.conflict is None else None


def _of_order(judged: Judged) -> Iterator[_Coded]:
    """Yield what is said of one order; an error of its arithmetic that explains the dose is not said again."""
    made = healed(judged)
    if made is None:
        return
    system, known = made
    for domain in domains(judged.order, judged.subject):
        given = given_per_kg(system, known)
        if not domain.is_asked(given) or _is_allowed(domain, judged, system, given):
            continue
        yield _Coded(domain.code, _hit(judged, domain, system, given))
        return  # the published range is asked only of what its protocol allows


def _is_allowed(domain: Domain, judged: Judged, system: System, given: Mapping[str, Bounds]) -> bool:
    order, subject = judged.order, judged.subject
    return domain.allows(given, slack(order, given, subject)) or is_stated_otherwise(
        order, system, given, domain.protocols, subject
    )


def _hit(judged: Judged, domain: Domain, system: System, given: Mapping[str, Bounds]) -> Hit:
    best = _best(judged, domain, system)
    says = _saying(system)
    blamed = best[0].blamed if best is not None else says
    words = _words(judged, says if says is not None else blamed, given)
    reference = _reference(judged, domain)
    message = f"{words} {reference}"
    pointer = blamed.pointer if blamed is not None else judged.order.pointer
    found = blamed.text if blamed is not None else None
    if best is None:
        return Hit(message, domain.sources, pointer, found)
    repair, point = best
    if repair.names:
        said = expected_text(repair)
        is_itself = repair.blamed.variable == point.variable or said is None
        right = f"it would be {point.words}" if is_itself else f"{said} would be {point.words}"
        message += f"; {right} but for an error: {' or '.join(repair.names)}"
    ends = range_of(repair)
    expected = expected_text(repair)
    return Hit(
        message,
        domain.sources,
        pointer,
        found,
        expected,
        repair.factor,
        repair.names,
        expected_range=ends,
    )


def _reference(judged: Judged, domain: Domain) -> str:
    if domain.code == PROTOCOL:
        return f"is not what {domain.protocols[0].id} states, {domain.words}"
    return f"is outside of every {by_route(judged.order)}{judged.order.drug} regimen that rescuecalc holds: {domain.words}"


_SAYS: Final = (
    *(of.DOSE_RATE_PER_KG, of.DOSE_PER_KG, of.DOSE_RATE, of.DOSE, of.PUMP_RATE, of.VOLUME),
    of.CONCENTRATION,
)


def _saying(system: System) -> Mention | None:
    """Return the mention that says what is given, the one nearest to what is prescribed."""
    return next((each for name in _SAYS for each in system.of(name)), None)


def _words(judged: Judged, says: Mention | None, given: Mapping[str, Bounds]) -> str:
    """Return what is given as a message begins: the number as it is written, and what it comes to per kg."""
    variable, _, per = _PER_KG[judged.order.given_as]
    if says is None:
        return "the dose"
    what = "infusion" if judged.order.given_as == "infusion" else f"{by_route(judged.order)}bolus"
    if says.variable == variable:
        return f"the {what} of {says.text}"
    per_kg, weight = given.get(variable), given.get(of.WEIGHT)
    text = f"the {name_of(says)} {says.text}"
    if per_kg is None or per_kg.high is None:
        return text
    size = base_value(_one(judged))[0]
    if weight is not None and weight.high is not None and weight.low < weight.high:
        ends = f"{rounded(per_kg.low / size)} to {rounded(per_kg.high / size)}"
        return f"{text}, at {rounded(weight.low)} to {rounded(weight.high)} kg {ends} {per},"
    at = f"at {rounded(weight.middle)} kg " if weight is not None else ""
    return f"{text}, {at}{rounded(per_kg.middle / size)} {per},"


def _one(judged: Judged) -> Quantity:
    _, role, per = _PER_KG[judged.order.given_as]
    return role(Fraction(1), unit(per))


_REDUCED: Final = 50
"""How much dearer (in hundredths) an error is that starts from a dose which only a renal rule leaves."""

_SAID: Final = 15
"""How much (in hundredths) the number that says what is given may be dearer than another, and still be blamed."""


def _best(judged: Judged, domain: Domain, system: System) -> tuple[Repair, Point] | None:
    """Return the cheapest repair that makes the dose of one that the reference states, and that dose.

    Where no known error makes one, the repair to the nearest end of what is allowed, without a single value.
    """
    says = _saying(system)
    ranked = [
        (each.load is not judged.order.load, _rank(repair, each, says), place, abs(_off(repair)), repair, each)
        for place, each in enumerate(_points(judged, domain))
        for repair in _repairs(judged, system, each)
        if repair.names
    ]
    if ranked:
        best = min(ranked, key=lambda one: one[:4])
        return best[4], best[5]
    spans = [
        (repair.cost - _SAID * (repair.blamed is says), abs(_off(repair)), repair, each)
        for each in domain.ranges
        for repair in _repairs(judged, system, each)
    ]
    if not spans:
        return None
    nearest = min(spans, key=lambda one: one[:2])
    return nearest[2], nearest[3]


def _rank(repair: Repair, each: Point, says: Mention | None) -> int:
    return repair.cost - _SAID * (repair.blamed is says) + _REDUCED * each.is_reduced


def _points(judged: Judged, domain: Domain) -> tuple[Point, ...]:
    """Return the stated doses, those of the order's own kind, load or maintenance, first; each once."""
    first: dict[tuple[str, Bounds], Point] = {}
    for each in domain.points:
        first.setdefault((each.variable, each.bounds), each)
    return tuple(sorted(first.values(), key=lambda one: one.load is not judged.order.load))


def _off(repair: Repair) -> float:
    if repair.right is None or repair.right.middle <= 0:
        return 0.0
    return log(float(repair.blamed.value / repair.right.middle))


def _repairs(judged: Judged, system: System, each: Point) -> tuple[Repair, ...]:
    """Return the repairs of an order in which a stated dose is taken as given."""
    fixed = exact_mention(each.variable, each.quantity, "reference", "", each.words)
    if each.bounds.low != each.bounds.high:
        fixed = fixed._replace(span=each.bounds)
    context = judged.context._replace(fixed=(fixed,), is_published=None)
    asked = system.with_mention(fixed)
    if solution(asked).conflict is None:
        return ()
    return best_repairs(asked, context)
