"""Doses that their reference does not allow, the named protocol or the published range; and the error behind them."""

from __future__ import annotations

from fractions import Fraction
from math import log
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders import mention as of
from rescuecalc.core.orders.bounds import point
from rescuecalc.core.orders.diagnosis import best_repairs
from rescuecalc.core.orders.finding import Severity
from rescuecalc.core.orders.mention import base_value, exact_mention
from rescuecalc.core.orders.system import solution
from rescuecalc.core.quantities.quantity import DosePerKg, DoseRatePerKg
from rescuecalc.core.quantities.units import unit
from rescuecalc.rules.base.memo import Shared
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.dose_domain import by_route, domains, is_stated_otherwise, stated
from rescuecalc.rules.facts.model_wording import expected_text, name_of, range_of, rounded
from rescuecalc.rules.facts.order_model import ORDERS, Judged, given_per_kg, judged_made, slack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.diagnosis import Repair
    from rescuecalc.core.orders.mention import Mention
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.system import System
    from rescuecalc.core.orders.tuning import Costs
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.dose_domain import Domain, Point

_PER_KG: Final = {
    "infusion": (of.DOSE_RATE_PER_KG, DoseRatePerKg, "mcg/kg/min"),
    "bolus": (of.DOSE_PER_KG, DosePerKg, "mcg/kg"),
}


class _Coded(NamedTuple):
    code: str
    hit: Hit


def _found(subject: Subject) -> Iterator[_Coded]:
    for judged in ORDERS.of(subject):
        found = tuple(_of_order(judged))
        yield from found or (_of_text(judged) if "text" in judged.order.texts else ())
    for order in subject.order_set.orders:
        if not order.texts and subject.knowledge.has_published_range(order.drug):
            yield from _of_order(judged_made(stated(subject, order), subject))


def _of_text(judged: Judged) -> Iterator[_Coded]:
    """Yield what is said of an order whose text alone says a range, or one step after the other."""
    from rescuecalc.rules.facts.text_steps import ends, steps  # noqa: PLC0415  # of an order with a text alone

    for each in (*ends(judged), *steps(judged)):
        found = tuple(_of_order(each))
        if found:
            yield from found
            return


_FOUND: Final = Shared(_found)


def _outside(subject: Subject) -> Iterator[frozenset[str]]:
    yield frozenset(
        each.hit.pointer.rpartition("/")[0] for each in _FOUND.of(subject) if each.hit.severity is not Severity.WARNING
    )


_OUTSIDE: Final = Shared(_outside)
"""The pointers of the orders whose dose is an error by its reference."""


def hits(code: str, subject: Subject) -> Iterator[Hit]:
    """Yield what a rule about a dose outside its reference reports."""
    yield from (each.hit for each in _FOUND.of(subject) if each.code == code)


def is_outside(order: Order, subject: Subject) -> bool:
    """Whether the dose of an order is an error by its reference."""
    (outside,) = _OUTSIDE.of(subject)
    return order.pointer in outside


def healed(judged: Judged) -> tuple[System, Mapping[str, Bounds]] | None:
    """Return the system once its contradictions are repaired: what is left is judged; None where none can be told."""
    system = judged.system
    if not judged.found:
        return (system, judged.solution.bounds) if judged.solution.conflict is None else None
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
    """Yield what is said of one order, by the nearest of its references that does not allow its dose."""
    held = domains(judged.order, judged.subject)
    if not held:
        return
    if _is_inside_as_written(judged, held):
        return
    written = _written_per_kg(judged)
    made = (judged.system, {**judged.solution.bounds, **written}) if written else healed(judged)
    if made is None:
        return
    system, known = made
    for domain in held:
        given = given_per_kg(system, known)
        if not domain.is_asked(given) or _is_allowed(domain, judged, system, given):
            continue
        hit = _hit(judged, domain, system, given)
        if domain.allows_softly(given, {}):
            hit = hit._replace(severity=Severity.WARNING)
        yield _Coded(domain.code, hit)
        return  # the published range is asked only of what its protocol allows


def _is_inside_as_written(judged: Judged, held: tuple[Domain, ...]) -> bool:
    """Whether each reference allows the order's own dose per kg: what else the order says is not asked then."""
    variable = _PER_KG[judged.order.given_as][0]
    first = next(iter(judged.system.of(variable)), None)
    return first is not None and all(
        any(each.variable == variable and each.bounds.holds(first.value) for each in domain.ranges) for domain in held
    )


def _written_per_kg(judged: Judged) -> Mapping[str, Bounds]:
    """Return the order's own dose per kg, which is compared as it is written; nothing where it has none."""
    variable = _PER_KG[judged.order.given_as][0]
    first = next(iter(judged.system.of(variable)), None)
    return {variable: point(first.value).widened(first.digit)} if first is not None else {}


def _is_allowed(domain: Domain, judged: Judged, system: System, given: Mapping[str, Bounds]) -> bool:
    order, subject = judged.order, judged.subject
    exact = {**given, **{name: point(each.middle) for name, each in _written_per_kg(judged).items()}}
    if domain.allows(exact, {}):
        return True
    return domain.allows(given, slack(order, given, subject)) or is_stated_otherwise(
        order, system, given, domain.protocols, subject
    )


def _hit(judged: Judged, domain: Domain, system: System, given: Mapping[str, Bounds]) -> Hit:
    says = _saying(system)
    told = _told_by_arithmetic(judged, says)
    best = (told, None) if told is not None else _best(judged, domain, system)
    blamed = best[0].blamed if best is not None else says
    message = f"{_words(judged, says if says is not None else blamed, given)} {domain.words}"
    pointer = blamed.pointer if blamed is not None else judged.order.pointer
    if best is None:
        return Hit(message, domain.sources, pointer, blamed.text if blamed is not None else None)
    repair, stated_point = best
    expected = expected_text(repair)
    names = repair.names if stated_point is not None else ()
    if names and stated_point is not None:
        is_itself = repair.blamed.variable == stated_point.variable or expected is None
        right = f"it would be {stated_point.words}" if is_itself else f"{expected} would be {stated_point.words}"
        message += f"; {right} but for a slip: {' or '.join(names)}"
    return Hit(
        message,
        domain.sources,
        pointer,
        repair.blamed.text,
        expected,
        repair.factor,
        names,
        expected_range=_allowed_range(judged, domain, system, repair, given),
    )


def _told_by_arithmetic(judged: Judged, says: Mention | None) -> Repair | None:
    """Return the repair of the order's own numbers where it blames the dose per kg: it is not diagnosed twice."""
    return next((each.repair for each in judged.found if each.repair.blamed is says), None)


def _allowed_range(
    judged: Judged, domain: Domain, system: System, repair: Repair, given: Mapping[str, Bounds]
) -> tuple[str | None, str | None] | None:
    """Return the ends of what the reference allows, as they would be written in the blamed field."""
    tolerances = judged.context.tuning.tolerances
    rest = system.without((repair.blamed, *repair.followed))
    for each in _nearest_first(domain, repair, given):
        seeds = {**rest.seeds, each.variable: each.bounds}
        solved = solution(rest._replace(seeds=seeds))
        right = solved.bounds.get(repair.blamed.variable)
        if solved.conflict is None and right is not None:
            return range_of(repair._replace(right=right), tolerances, always=True)
    return range_of(repair, tolerances)


def _nearest_first(domain: Domain, repair: Repair, given: Mapping[str, Bounds]) -> list[Point]:
    """Return the ranges of the blamed field's own kind first; of load and maintenance that which lies nearer."""
    first = domain.ranges[0]
    dose = given.get(first.variable)
    is_above = dose is not None and first.bounds.high is not None and dose.low > first.bounds.high
    ranges = domain.ranges[::-1] if is_above and domain.ranges[-1].variable == first.variable else domain.ranges
    return sorted(ranges, key=lambda each: each.variable != repair.blamed.variable)


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


def _best(judged: Judged, domain: Domain, system: System) -> tuple[Repair, Point] | None:
    """Return the cheapest repair that makes the dose of one that the reference states, and that dose.

    Where no known error makes one, the repair to the nearest end of what is allowed, without a single value.
    """
    says, costs = _saying(system), judged.context.tuning.costs
    ranked = [
        (each.load is not judged.order.load, _rank(repair, each, says, costs), place, abs(_off(repair)), repair, each)
        for place, each in enumerate(_points(judged, domain))
        for repair in _repairs(judged, system, each)
        if repair.names
    ]
    if ranked:
        best = min(ranked, key=lambda one: one[:-2])
        return best[-2], best[-1]
    spans = [
        (repair.cost - costs.saying * (repair.blamed is says), abs(_off(repair)), repair, each)
        for each in domain.ranges
        for repair in _repairs(judged, system, each)
    ]
    if not spans:
        return None
    nearest = min(spans, key=lambda one: one[:2])
    return nearest[2], nearest[3]


def _rank(repair: Repair, each: Point, says: Mention | None, costs: Costs) -> int:
    return repair.cost - costs.saying * (repair.blamed is says) + costs.reduced * each.is_reduced


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
