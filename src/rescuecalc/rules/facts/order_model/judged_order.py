"""An order set through the order model: each order's system, what contradicts in it, and the weight that all share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.bounds import between, point
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.context import Context
from rescuecalc.core.orders.model.diagnosis import diagnoses
from rescuecalc.core.orders.model.mention import base_value, exact_mention
from rescuecalc.core.orders.model.ratio import agrees_with, stands_out, total_dose
from rescuecalc.core.orders.model.signature import Setting
from rescuecalc.core.orders.model.solution import is_consistent, solution
from rescuecalc.core.orders.model.system import PER_KG_AS
from rescuecalc.core.quantities.label_strength import Strength
from rescuecalc.core.quantities.quantity import Dose, Volume
from rescuecalc.rules.base.memo import Shared
from rescuecalc.rules.facts.order_model.dose_slack import given_per_kg, slack
from rescuecalc.rules.facts.order_model.lysis_reference import allowed_of_lysis
from rescuecalc.rules.facts.order_model.order_explanation import (
    MOST_CONTAINERS,
    explained,
    given_once,
    may_be_emptied,
    may_be_held,
    without_containers,
)
from rescuecalc.rules.facts.order_model.order_system import any_usual_weight, built, text_shares
from rescuecalc.rules.facts.order_model.shared_weight import with_weight
from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder
from rescuecalc.rules.facts.order_model.whole_volume import is_the_rest, with_whole_volume
from rescuecalc.rules.facts.reference.administration import as_meant
from rescuecalc.rules.facts.reference.dose_domain import domains, is_stated_otherwise
from rescuecalc.rules.facts.reference.product_label import label_of, strengths_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from fractions import Fraction

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.system import System
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.order_model.order_system import Built
    from rescuecalc.rules.facts.reference.dose_domain import Domain

    _Allows = Callable[[Mapping[str, Bounds]], bool]


def _judged(subject: Subject) -> Iterator[SolvedOrder]:
    meant = [as_meant(order, subject) for order in subject.written if _says_anything(order)]
    plain = [_plain(_by_entry(built(order, subject), subject), subject) for order in meant]
    made = [_with_all(each) for each in with_weight(plain, subject)]
    if not any(text_shares(order.texts.get("text", "")) for order in meant):
        yield from made
        return
    from rescuecalc.rules.facts.order_model.dose_parts import with_parts  # noqa: PLC0415  # of few order sets

    yield from with_parts(made)


def _with_all(each: SolvedOrder) -> SolvedOrder:
    """Return an order with all that may join its numbers, one after the other."""
    each = _with_strength(_with_containers(_with_text(_with_containers(each))))
    return _with_ends(_with_whole_dose(_with_wholes(with_whole_volume(each))))


def _by_entry(made: Built, subject: Subject) -> Built:
    """Return an order without a strength with that of its entry in the pump library."""
    if subject.knowledge.library is None:
        return made
    from rescuecalc.rules.facts.order_model.entry_strengths import with_strength_of_entry  # noqa: PLC0415  # of a run with a library alone

    return made._replace(system=with_strength_of_entry(made.system, made.order, subject))


def _with_strength(each: SolvedOrder) -> SolvedOrder:
    """Return an order with the strength that it says in no field, which the pump library is compared with."""
    if each.subject.knowledge.library is None or each.found or each.solution.conflict is not None:
        return each
    from rescuecalc.rules.facts.order_model.entry_strengths import with_strength_said  # noqa: PLC0415  # of a run with a library alone

    return with_strength_said(each)


def _says_anything(order: Order) -> bool:
    """Whether an order says any number: thousands of rows may name a drug alone."""
    return bool(order.fields) or "text" in order.texts or "product" in order.texts or order.said is not None


def _with_text(each: SolvedOrder) -> SolvedOrder:
    if "text" not in each.order.texts and each.order.said is None:
        return each
    from rescuecalc.rules.facts.order_model.text_agreement import with_text  # noqa: PLC0415  # of an order with a text alone

    return with_text(each)


def _with_ends(each: SolvedOrder) -> SolvedOrder:
    if each.found or each.order.spans.keys().isdisjoint(each.order.loose):
        return each
    from rescuecalc.rules.facts.order_model.range_ends import with_range_ends  # noqa: PLC0415  # of an order with a range alone

    return with_range_ends(each)


def _with_containers(each: SolvedOrder) -> SolvedOrder:
    """Return an infusion of which nothing but its time and what a container holds says the rate with just that.

    One container is given in the time, but for what is left in it, or as many as make it a dose of the drug. Where
    that is no dose of the drug, nobody can tell how much is given.
    """
    system = each.system
    held = [weak for weak in each.built.weak if weak.variable in {of.DOSE, of.VOLUME}]
    if not held or each.found or not system.is_infusion or not system.has(of.TIME):
        return each
    if not system.variables.isdisjoint({of.DOSE_PER_KG, *of.FLOWS, of.DOSE, of.VOLUME}):
        return each
    known = (_of_containers(held, count, each) for count in range(1, MOST_CONTAINERS + 1))
    is_published = each.context.is_published
    fitting = (one for one in known if is_published is None or is_published(one.solution.bounds))
    return next((one for one in fitting if one.solution.conflict is None), each)


def _of_containers(held: list[Mention], count: int, each: SolvedOrder) -> SolvedOrder:
    system, filled = each.system, each.context.tuning.tolerances.bag_filled
    for one in held:
        value = one.value * count
        system = system.with_mention(one._replace(value=value, span=between(value / filled, value)))
    return each._replace(system=system, solution=solution(system))


def _with_wholes(each: SolvedOrder) -> SolvedOrder:
    """Return an infusion of one dose with what its container holds, where that cannot be what is given from it."""
    if each.found or not each.system.is_infusion:
        return each
    for wholes in (*_emptied(each), _held_by_both(each), _strength_held(each)):
        system = each.system
        for whole in wholes:
            system = system.with_mention(whole)
        if wholes and not is_consistent(system):
            context = _with_evidence(each).context
            fixed = tuple(one for one in wholes if one.place == "label")
            # One that repeats its label's volume speaks for itself; dose and volume speak for neither of the two.
            weak = tuple(one for one in context.weak if len(wholes) == 1 or one not in wholes)
            return each._replace(found=diagnoses(system, context._replace(fixed=fixed, weak=weak)))
    return each


def _emptied(each: SolvedOrder) -> Iterator[tuple[Mention, ...]]:
    """Yield the volumes of bags that a dose would have to empty and does not."""
    tuning, known, weak = each.context.tuning, each.solution.bounds, each.built.weak
    volume = known.get(of.VOLUME)
    for whole in (one for one in weak if one.variable == of.VOLUME):
        is_rest = volume is not None and is_the_rest(whole, volume, each.order.drug, each.subject)
        hangs = is_rest or _hangs_beside_pump(whole, each)
        if not hangs and not may_be_emptied(whole, each.system, known, tuning):
            yield (whole,)
    label = given_once(each)
    given = known.get(of.VOLUME) if label is not None else None
    if label is not None and given is not None and not each.system.has(of.VOLUME):
        pointer = f"{each.order.pointer}/product"
        whole = exact_mention(of.VOLUME, label.volume, "label", pointer, str(label.volume))
        if stands_out(whole, given, tuning.tolerances) and not _is_explained(given, each):
            yield (whole,)


def _hangs_beside_pump(whole: Mention, each: SolvedOrder) -> bool:
    """Whether a volume is that of the label, and the pump's rate and time say how much of it is given."""
    label = label_of(each.order, each.subject)
    is_set = each.system.has(of.PUMP_RATE) and each.system.has(of.TIME)
    return is_set and label is not None and whole.value == base_value(label.volume)[0]


def _is_explained(given: Bounds, each: SolvedOrder) -> bool:
    """Whether the text says the volume that is given: it is drawn from the bag, which is not emptied."""
    weak = _with_evidence(each).context.weak
    return any(one.variable == of.VOLUME and one.place == "text" and agrees_with(one, given) for one in weak)


def _held_by_both(each: SolvedOrder) -> tuple[Mention, ...]:
    """Return the dose and the volume of a bag that cannot hold the one in the other, of its strength.

    Of what has a rate the dose may be the total of several bags.
    """
    doses, volumes = ([one for one in each.built.weak if one.variable == name] for name in (of.DOSE, of.VOLUME))
    strength = each.solution.bounds.get(of.CONCENTRATION)
    if not doses or not volumes or strength is None or not each.system.variables.isdisjoint({*of.FLOWS, *_AMOUNTS}):
        return ()
    dose, held = doses[0], strength.times(point(volumes[0].value).widened(volumes[0].rounding))
    is_less = held.high is not None and held.high < dose.value - dose.rounding
    return (dose, volumes[0]) if is_less or stands_out(dose, held, each.context.tuning.tolerances) else ()


def _strength_held(each: SolvedOrder) -> tuple[Mention, ...]:
    """Return the strength of what hangs, as its dose and volume say it, where dose rate and pump rate say another."""
    doses, volumes = ([one for one in each.built.weak if one.variable == name] for name in (of.DOSE, of.VOLUME))
    strength = each.solution.bounds.get(of.CONCENTRATION)
    if not doses or not volumes or strength is None or each.system.has(of.CONCENTRATION):
        return ()
    dose, volume = doses[0].quantity, volumes[0].quantity
    if not isinstance(dose, Dose) or not isinstance(volume, Volume):
        return ()
    held = Strength(dose, volume, f"{doses[0].text} in {volumes[0].text}")
    made = exact_mention(of.CONCENTRATION, held.concentration, "label", volumes[0].pointer, held.text)
    return (made,) if stands_out(made, strength, each.context.tuning.tolerances) else ()


def _with_whole_dose(each: SolvedOrder) -> SolvedOrder:
    """Return an infusion with the dose beside its rate, where that is above its cap, or neither given nor a bag's."""
    doses = [weak for weak in each.built.weak if weak.variable == of.DOSE] if each.system.is_infusion else []
    given = _with_vtbi(each) if doses and not each.found else each
    total = _total(given) if doses and not each.found else None
    if total is None:
        return each
    for dose in doses:
        system = given.system.with_mention(dose)
        timed = given.built._replace(system=given.system)  # with the time over which the text gives it
        # What agrees with all that is given is given, whatever hangs there: its cap bounds it.
        if agrees_with(dose, total):
            is_asked = system.has(of.MAX_DOSE)
        else:
            is_asked = not may_be_held(dose, total, timed, given.solution.bounds, each.subject)
        if is_asked and not is_consistent(system):
            evidence = _with_evidence(each).context
            context = evidence._replace(weak=tuple(other for other in evidence.weak if other is not dose))
            return each._replace(found=diagnoses(system, context))
    return each


def _total(given: SolvedOrder) -> Bounds | None:
    """Return the dose that an infusion gives, by its rate and time, else by the volume that is set."""
    known = given.solution.bounds
    volume, strength = known.get(of.VOLUME), known.get(of.CONCENTRATION)
    held = volume.times(strength) if volume is not None and strength is not None else None
    return total_dose(known) or held


def _with_vtbi(each: SolvedOrder) -> SolvedOrder:
    """Return an infusion with its VTBI as what is given, where neither a dose rate nor a time says how much is."""
    vtbi = next((one for one in each.built.weak if one.place == "vtbi"), None)
    if vtbi is None or not of.RATES.isdisjoint(each.system.variables) or each.system.has(of.TIME):
        return each
    # Without a time the pump's rate says nothing of how much is given.
    system = each.system.without(each.system.of(of.PUMP_RATE)).with_mention(vtbi)
    return each._replace(system=system, solution=solution(system))


_AMOUNTS: Final = frozenset({of.DOSE, of.VOLUME})

ORDERS: Final = Shared(_judged)
"""The orders of a subject that were written, through the model; the rules about what agrees all need them."""


def _by_pointer(subject: Subject) -> Iterator[Mapping[str, SolvedOrder]]:
    yield {each.order.pointer: each for each in ORDERS.of(subject)}


_BY_POINTER: Final = Shared(_by_pointer)


def judged_of(order: Order, subject: Subject) -> SolvedOrder | None:
    """Return one order of a subject through the model, None of one that was not written."""
    (known,) = _BY_POINTER.of(subject)
    return known.get(order.pointer)


def _plain(made: Built, subject: Subject) -> SolvedOrder:
    """Return an order judged by itself, not diagnosed yet."""
    own = _own(made.order, subject)
    solved = solution(made.system)
    context = _context(made, made.system, own)
    if solved.conflict is None:
        return SolvedOrder(made, own, made.system, solved, (), context)
    way = explained(made, own)
    if way is None:
        system = without_containers(made, own)
        return _with_evidence(SolvedOrder(made, own, system, solution(system), (), context))
    return SolvedOrder(made, own, way.system, solution(way.system), (), context, way.is_row, way.share)


def _with_evidence(judged: SolvedOrder) -> SolvedOrder:
    """Return an order that contradicts itself with what its text says as evidence for one repair or another."""
    if "text" not in judged.order.texts and judged.order.said is None:
        return judged
    from rescuecalc.rules.facts.order_model.text_mentions import spoken  # noqa: PLC0415  # of an order with a text alone

    numbers = (each for each in spoken(judged) if each.counts and not each.said.is_cap)
    joined = judged.system.mentions  # what has joined is one of the numbers, and no evidence
    mentions = tuple(each.mention for each in numbers if each.mention.span is None and each.mention not in joined)
    return judged._replace(context=judged.context._replace(weak=(*judged.context.weak, *mentions)))


def judged_made(order: Order, subject: Subject) -> SolvedOrder:
    """Return an order that was calculated here and not written: its numbers agree by construction."""
    return _plain(built(order, subject), subject)


def _own(order: Order, subject: Subject) -> Subject:
    """Return the subject with the protocol only where it is of the order's drug."""
    protocol = subject.protocol
    return subject if protocol is None or protocol.drug == order.drug else subject._replace(protocol=None)


def _context(made: Built, system: System, subject: Subject) -> Context:
    order, knowledge = made.order, subject.knowledge
    drug = knowledge.drugs.get(order.drug)
    strengths = strengths_of(order.drug, knowledge)
    served = strengths_of(order.drug, knowledge, order.given_as)
    weight = system.first(of.WEIGHT)
    halves = drug is not None and drug.has_renal_rule
    held = domains(order, subject)
    setting = Setting(
        *(order.drug, order.given_as, made.kind, weight.value if weight is not None else None, halves, strengths),
        PER_KG_AS.get(order.given_as, "") if held else "",
        lambda variable: _stated(held, variable),
    )
    may_run = _allowed_by_pump(order, system, subject) if knowledge.library is not None else None
    return Context(
        tuning=knowledge.tuning(),
        signatures=knowledge.signatures(),
        setting=setting,
        limits=knowledge.limits,
        pump_rate=base_value(knowledge.limits.pump_rate)[0],
        strengths=served if "diluted_in" not in order.texts else frozenset(),
        is_published=_both(
            (lambda known: _is_allowed(held, order, system, known, subject)) if held else None,
            _both(may_run, allowed_of_lysis(order, subject)),
        ),
        is_stated=(lambda each: _is_stated(held, each)) if held else None,
        stated=(lambda variable: _stated(held, variable)) if held else None,
        usual_weight=any_usual_weight(knowledge),
        weak=made.weak,
        fixed=_fixed(system) if knowledge.library is not None else (),
    )


def _fixed(system: System) -> tuple[Mention, ...]:
    from rescuecalc.rules.facts.order_model.entry_strengths import fixed_strengths  # noqa: PLC0415  # of a run with a library alone

    return fixed_strengths(system)


def _both(one: _Allows | None, other: _Allows | None) -> _Allows | None:
    """Return whether both references allow what a repair leaves, None where there is none."""
    if one is None or other is None:
        return one or other
    return lambda known: one(known) and other(known)


def _allowed_by_pump(order: Order, system: System, subject: Subject) -> _Allows | None:
    """Return whether the pump's hard limits let a dose run: what they stop is no likely repair."""
    from rescuecalc.rules.facts.order_model.pump_entries import hard_limits, lets_run  # noqa: PLC0415  # of a run with a library alone

    held = hard_limits(order, subject)
    if not held:
        return None
    return lambda known: any(lets_run(each, given_per_kg(system, known)) for each in held)


def _is_allowed(
    held: tuple[Domain, ...], order: Order, system: System, known: Mapping[str, Bounds], subject: Subject
) -> bool:
    given = given_per_kg(system, known)
    left = [each for each in held if not each.allows(given, {})]
    width = slack(order, known, subject) if left else {}
    return all(
        each.allows(given, width) or is_stated_otherwise(order, system, known, each.protocols, subject) for each in left
    )


def _is_stated(held: tuple[Domain, ...], blamed: Mention) -> bool:
    return any(
        each.variable == blamed.variable and each.bounds.holds(blamed.value) for one in held for each in one.points
    )


def _stated(held: tuple[Domain, ...], variable: str) -> tuple[Fraction, ...]:
    """Return the single doses of a variable that sources state."""
    points = (each.bounds for one in held for each in one.points if each.variable == variable)
    return tuple(sorted({each.low for each in points if each.low == each.high}))
