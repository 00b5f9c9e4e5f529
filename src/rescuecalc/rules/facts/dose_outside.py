"""Doses that their reference does not allow, the named protocol or the published range; and the error behind them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.bounds import point
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.orders.model.solution import solution
from rescuecalc.core.orders.model.usual import flows
from rescuecalc.core.quantities.quantity import DosePerKg, DoseRatePerKg
from rescuecalc.core.quantities.units import unit
from rescuecalc.rules.base.memo import Shared
from rescuecalc.rules.base.rule import CodedHit, Hit
from rescuecalc.rules.facts.order_model.dose_slack import given_per_kg, slack
from rescuecalc.rules.facts.order_model.judged_order import ORDERS, judged_made
from rescuecalc.rules.facts.order_model.model_wording import (
    expected_text,
    name_of,
    range_of,
    rounded,
    what_follows,
    worked_out_from,
)
from rescuecalc.rules.facts.order_model.solved_order import healed
from rescuecalc.rules.facts.other_drugs import other_drugs
from rescuecalc.rules.facts.reference.dose_domain import (
    OTHER_DRUG,
    by_route,
    domains,
    is_stated_otherwise,
    published,
    stated,
)
from rescuecalc.rules.facts.reference.source_caps import has_cap, most_stated
from rescuecalc.rules.facts.reference_search import Outside, best_repair, is_due, saying

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.repair import Repair
    from rescuecalc.core.orders.model.system import System
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder
    from rescuecalc.rules.facts.reference.dose_domain import Domain, Point
    from rescuecalc.rules.facts.text.text_doses import TextDose

_PER_KG: Final = {
    "infusion": (of.DOSE_RATE_PER_KG, DoseRatePerKg, "mcg/kg/min"),
    "bolus": (of.DOSE_PER_KG, DosePerKg, "mcg/kg"),
}


def _found(subject: Subject) -> Iterator[CodedHit]:
    for judged in ORDERS.of(subject):
        yield from _of_caps(judged)
        found = tuple(_of_order(judged))
        yield from found or (_of_text(judged) if "text" in judged.order.texts else ())
    for order in subject.order_set.orders:
        if not order.texts and subject.knowledge.has_published_range(order.drug):
            yield from _of_order(judged_made(stated(subject, order), subject))


def _of_text(judged: SolvedOrder) -> Iterator[CodedHit]:
    """Yield what is said of an order whose text alone says a range."""
    from rescuecalc.rules.facts.text.text_steps import ends  # noqa: PLC0415  # of an order with a text alone

    for each in ends(judged):
        found = tuple(_of_order(each))
        if found:
            yield from found
            return


def _mentioned(subject: Subject) -> Iterator[CodedHit]:
    """Yield what is said of the doses that texts mention beside those of their orders, of an order each once."""
    for judged in ORDERS.of(subject):
        if "text" not in judged.order.texts:
            continue
        from rescuecalc.rules.facts.text.text_doses import text_doses  # noqa: PLC0415  # of an order with a text alone

        found = (coded for each in text_doses(judged) for coded in _of_text_dose(each))
        yield from {coded.hit.found: coded for coded in reversed(tuple(found))}.values()
    yield from _of_others(subject) if subject.written else ()


def _of_others(subject: Subject) -> Iterator[CodedHit]:
    """Yield what is said of the doses that monitoring, stop criteria, and the texts of other drugs' orders mention."""
    from rescuecalc.rules.facts.text.set_texts import beside_doses  # noqa: PLC0415  # of a set with texts alone
    from rescuecalc.rules.facts.text.text_doses import doses_of  # noqa: PLC0415

    for order in (each.order for each in beside_doses(subject)):
        doses = doses_of(judged_made(order, subject)) if subject.knowledge.has_published_range(order.drug) else ()
        found = (coded for each in doses for coded in _of_text_dose(each))
        yield from (CodedHit(each.code, each.hit._replace(pointer=order.pointer)) for each in found)


_OF_CAP: Final = {
    of.MAX_DOSE: frozenset({of.DOSE, of.DOSE_PER_KG, of.VOLUME}),
    of.MAX_DOSE_RATE: frozenset({of.DOSE_RATE, of.DOSE_RATE_PER_KG, of.PUMP_RATE}),
}
_COMPARED: Final = frozenset({of.DOSE_PER_KG, of.DOSE_RATE_PER_KG})


def _of_caps(judged: SolvedOrder) -> Iterator[CodedHit]:
    """Yield what is said of a cap that no dose per kg stands beside: it is the most that anybody may be given.

    The most of an infusion's whole amount is none of a bolus where that amount is said.
    """
    caps = [
        name
        for name, doses in _OF_CAP.items()
        if judged.system.has(name)
        and (doses if name == of.MAX_DOSE and judged.system.is_infusion else _COMPARED).isdisjoint(
            judged.system.variables
        )
    ]
    if caps and judged.subject.knowledge.has_published_range(judged.order.drug):
        from rescuecalc.rules.facts.text.text_doses import cap_of_field  # noqa: PLC0415  # of few orders

        for made in (cap_of_field(judged, name) for name in caps):
            yield from _of_text_dose(made) if made is not None else ()


def _of_text_dose(dose: TextDose) -> Iterator[CodedHit]:
    """Yield what is said of one dose of a text, of a cap only where it lies above every published dose."""
    judged, given = dose.judged, given_per_kg(dose.judged.system, dose.judged.solution.bounds)
    for domain in published(judged.order, judged.subject, of_label=dose.is_label):
        out = Outside(judged, domain, judged.system, given, any_phase=True)
        if not domain.is_asked(out.given) or _is_allowed(domain, judged, judged.system, out.given):
            continue
        if not dose.is_cap or all(_is_above(each, out.given) for each in domain.ranges):
            yield from _coded(out)


def _is_above(each: Point, given: Mapping[str, Bounds]) -> bool:
    """Whether what is given lies above a range, whatever the patient weighs."""
    dose = given.get(each.variable)
    return dose is None or each.bounds.high is None or dose.low > each.bounds.high


_FOUND: Final = Shared(_found)
_MENTIONED: Final = Shared(_mentioned)


def _outside(subject: Subject) -> Iterator[frozenset[str]]:
    yield frozenset(
        each.hit.pointer.rpartition("/")[0] for each in _FOUND.of(subject) if each.hit.severity is not Severity.WARNING
    )


_OUTSIDE: Final = Shared(_outside)
"""The pointers of the orders whose dose is an error by its reference."""


def hits(code: str, subject: Subject) -> Iterator[Hit]:
    """Yield what a rule about a dose outside its reference reports."""
    yield from (each.hit for each in (*_FOUND.of(subject), *_MENTIONED.of(subject)) if each.code == code)


def is_outside(order: Order, subject: Subject) -> bool:
    """Whether the dose of an order is an error by its reference."""
    (outside,) = _OUTSIDE.of(subject)
    return order.pointer in outside


def _of_order(judged: SolvedOrder) -> Iterator[CodedHit]:
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
        if written and _is_inside_as_given(domain, judged):
            return  # the arithmetic reports that the two differ
        if not written and _is_bound_by_cap(domain, judged, given):
            return  # the formula would ask for more than the source gives at most: that is RC425's
        yield from _coded(Outside(judged, domain, system, given))
        return  # the published range is asked only of what its protocol allows


def _is_inside_as_given(domain: Domain, judged: SolvedOrder) -> bool:
    """Whether a reference allows what the order gives, from which its dose per kg is off by little: 0.249 for 0.25."""
    variable = _PER_KG[judged.order.given_as][0]
    per_kg = judged.system.first(variable)
    if per_kg is None or not judged.found:
        return False
    solved = solution(judged.system.without((per_kg,)))
    given = solved.bounds.get(variable)
    if solved.conflict is not None or given is None:
        return False
    is_near = given.shared(judged.context.limits.deviation_factor).holds(per_kg.value)
    return is_near and domain.allows({variable: given}, {})


def _is_bound_by_cap(domain: Domain, judged: SolvedOrder, given: Mapping[str, Bounds]) -> bool:
    """Whether an order gives more than the most that its sources state, and their formula does as well."""
    order, weight = judged.order, given.get(of.WEIGHT)
    if weight is None or weight.high is None or not _passes_cap(judged, given):
        return False
    most = most_stated(order, judged.subject)
    per_kg = _PER_KG[order.given_as][0]
    highest = [each.bounds.high for each in domain.ranges if each.variable == per_kg and each.bounds.high is not None]
    return most is not None and any(each * weight.high > most.amount.value for each in highest)


def _coded(out: Outside) -> Iterator[CodedHit]:
    """Yield what is said of a dose; of one that is another drug's, and no slip of the drug's own, that as well.

    What only passes a soft end is a warning, since a low dose may be another practice. A dose that a known slip makes
    of a stated one, as a tenth of it, is none.
    """
    (hit, is_own), per_kg, order = _hit(out), out.per_kg, out.judged.order
    if not is_own and out.domain.allows_softly(out.given, {}):
        yield CodedHit(out.domain.code, hit._replace(severity=Severity.WARNING))
        return
    other = other_drugs(order.drug, per_kg, out.judged.subject.knowledge) if per_kg is not None else None
    if other is not None and per_kg is not None:
        hit = hit._replace(message=f"{hit.message}; it is a {name_of(per_kg)} of {' or '.join(other.drugs)}")
        if not is_own:
            hit = hit._replace(expected=None, factor=None)
            if order.texts:
                yield CodedHit(OTHER_DRUG, hit._replace(sources=other.sources, cause=f"{order.drug}: {other.drugs}"))
    yield CodedHit(out.domain.code, hit)


def _is_inside_as_written(judged: SolvedOrder, held: tuple[Domain, ...]) -> bool:
    """Whether each reference allows the order's own dose per kg: what else the order says is not asked then."""
    variable = _PER_KG[judged.order.given_as][0]
    first = judged.system.first(variable)
    return first is not None and all(
        any(each.variable == variable and each.bounds.holds(first.value) for each in domain.ranges) for domain in held
    )


def _written_per_kg(judged: SolvedOrder) -> Mapping[str, Bounds]:
    """Return the order's own dose per kg, which is compared as it is written; nothing where it has none."""
    variable = _PER_KG[judged.order.given_as][0]
    first = judged.system.first(variable)
    return {variable: point(first.value).widened(first.digit)} if first is not None else {}


def _is_allowed(domain: Domain, judged: SolvedOrder, system: System, given: Mapping[str, Bounds]) -> bool:
    order, subject = judged.order, judged.subject
    exact = {**given, **{name: point(each.middle) for name, each in _written_per_kg(judged).items()}}
    if domain.allows(exact, {}):
        return True
    return domain.allows(given, slack(order, given, subject)) or is_stated_otherwise(
        order, system, given, domain.protocols, subject
    )


def _hit(out: Outside) -> tuple[Hit, bool]:
    """Return what is said of a dose, and whether a known error makes it of one that any patient may be given."""
    judged, domain = out.judged, out.domain
    says = out.per_kg or saying(out.system)
    computed = _computed_by_arithmetic(judged, out.per_kg, says)
    best = (computed, None) if computed is not None else best_repair(out)
    blamed = best[0].blamed if best is not None else says
    message = f"{_words(judged, says if says is not None else blamed, out.given)} {domain.words}"
    pointer = blamed.pointer if blamed is not None else judged.order.pointer
    if best is None:
        return Hit(message, domain.sources, pointer, blamed.text if blamed is not None else None), False
    repair, stated_point = best
    right = expected_text(repair)
    names = repair.names if stated_point is not None else ()
    is_guess = any(each.guessed for each in repair.fits)
    if names and is_guess:
        message += f"; likely slip: {' or '.join(names)}"
    elif names and stated_point is not None:
        is_itself = repair.blamed.variable == stated_point.variable or right is None
        would = f"it would be {stated_point.words}" if is_itself else f"{right} would be {stated_point.words}"
        message += f"; {would}; likely slip: {' or '.join(names)}"
    may_be = stated_point is None or is_due(stated_point, out)
    is_healing = computed is not None or (may_be and _heals(out, repair))
    if may_be and repair.expected is not None and not is_healing:
        message += what_follows(worked_out_from(repair.blamed, out.system))
    hit = Hit(
        message,
        domain.sources,
        pointer,
        repair.blamed.text,
        right if is_healing else None,
        repair.factor if is_healing else None,
        names,
        expected_range=_allowed_range(out, repair),
    )
    return hit, bool(names) and may_be and not is_guess


def _heals(out: Outside, repair: Repair) -> bool:
    """Whether the order is sound once what is expected stands in its place.

    Numbers that were worked out from the wrong one contradict the right one: then no single value heals the order.
    """
    made = healed(out.judged) if out.judged.found else (out.system, out.given)
    strengths = out.judged.context.strengths
    if repair.expected is None or made is None:
        return False
    if repair.blamed.variable == of.CONCENTRATION and strengths and repair.expected.value not in strengths:
        return False  # what no product has is the next finding
    return is_sound(made[0].replaced(repair.blamed, repair.expected), out.judged)


def is_sound(system: System, judged: SolvedOrder) -> bool:
    """Whether the numbers of a repaired order agree, and its references, its sources' cap and the pump allow them."""
    solved = solution(system)
    if solved.conflict is not None:
        return False
    order, subject, made = judged.order, judged.subject, judged._replace(system=system)
    given = given_per_kg(system, solved.bounds)
    if any(each.middle > judged.context.pump_rate for each in flows(solved.bounds)) or _passes_cap(
        judged, solved.bounds
    ):
        return False
    held = domains(order, subject)
    return all(not each.is_asked(given) or _is_allowed(each, made, system, given) for each in held)


def _passes_cap(judged: SolvedOrder, known: Mapping[str, Bounds]) -> bool:
    """Whether an order gives more than the most that its sources state."""
    order, subject = judged.order, judged.subject
    amount = known.get(of.DOSE_RATE if order.given_as == "infusion" else of.DOSE)
    most = most_stated(order, subject) if amount is not None and has_cap(order.drug, subject) else None
    return amount is not None and most is not None and amount.low > most.amount.value


def _computed_by_arithmetic(judged: SolvedOrder, per_kg: Mention | None, says: Mention | None) -> Repair | None:
    """Return the repair of the order's own numbers where it blames the dose per kg: it is not diagnosed twice.

    Without one, nor is a repair that leaves no dose to expect: what the other numbers give is no better.
    """
    repairs = (each.repair for each in judged.found)
    return next((each for each in repairs if each.blamed is says or (per_kg is None and each.expected is None)), None)


def _allowed_range(out: Outside, repair: Repair) -> tuple[str | None, str | None] | None:
    """Return the ends of what the reference allows, as they would be written in the blamed field."""
    tolerances = out.judged.context.tuning.tolerances
    rest = out.searched.without((repair.blamed, *repair.followed))
    for each in sorted(out.domain.named or out.domain.ranges, key=lambda one: _distance(one, repair, out.given)):
        seeds = {**rest.seeds, each.variable: each.bounds}
        solved = solution(rest._replace(seeds=seeds))
        right = solved.bounds.get(repair.blamed.variable)
        if solved.conflict is None and right is not None:
            return range_of(repair._replace(right=right), tolerances, always=True)
    return range_of(repair, tolerances)


def _distance(each: Point, repair: Repair, given: Mapping[str, Bounds]) -> tuple[bool, Fraction]:
    """Return how far a range is from what is given: the ranges of the blamed field's own kind come first."""
    dose, low, high = given.get(each.variable), each.bounds.low, each.bounds.high
    off = Fraction(1)
    if dose is not None and high and dose.low > high:
        off = dose.low / high
    elif dose is not None and dose.high and dose.high < low:
        off = low / dose.high
    return each.variable != repair.blamed.variable, off


def _words(judged: SolvedOrder, says: Mention | None, given: Mapping[str, Bounds]) -> str:
    """Return what is given as a message begins: the number as it is written, and what it comes to per kg."""
    variable, _, per = _PER_KG[judged.order.given_as]
    if says is None:
        return "the dose"
    what = "infusion" if judged.order.given_as == "infusion" else f"{by_route(judged.order)}bolus"
    the = "the text's" if says.place == "text" else "the"
    if says.variable == variable:
        return f"{the} {what} of {says.text}"
    per_kg, weight = given.get(variable), given.get(of.WEIGHT)
    text = f"{the} {what} of {says.text}" if says.place == "text" else f"the {name_of(says)} {says.text}"
    if per_kg is None or per_kg.high is None:
        return text
    size = base_value(_one(judged))[0]
    if weight is not None and weight.high is not None and weight.low < weight.high:
        ends = f"{rounded(per_kg.low / size)} to {rounded(per_kg.high / size)}"
        return f"{text}, at {rounded(weight.low)} to {rounded(weight.high)} kg {ends} {per},"
    at = f"at {rounded(weight.middle)} kg " if weight is not None else ""
    return f"{text}, {at}{rounded(per_kg.middle / size)} {per},"


def _one(judged: SolvedOrder) -> Quantity:
    _, role, per = _PER_KG[judged.order.given_as]
    return role(Fraction(1), unit(per))
