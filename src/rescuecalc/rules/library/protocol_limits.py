"""RC83x: what the limits of a library do to the doses of protocols and labels, to a tenfold error, and to rounding."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.library.limits import HARD_MAX, INITIAL, SOFT_MAX
from rescuecalc.core.library.pump_library import BOLUS, DOSE
from rescuecalc.core.orders import mention as of
from rescuecalc.core.orders.finding import Severity
from rescuecalc.core.orders.mention import base_value, in_mL_per_h
from rescuecalc.core.orders.signature import MASS
from rescuecalc.core.quantities.decimal_text import people_number
from rescuecalc.core.regimen.product import ProductUse
from rescuecalc.rules.facts.model_wording import rounded
from rescuecalc.rules.facts.pump_entries import for_patient
from rescuecalc.rules.library.contents import flow_of, most_flow
from rescuecalc.rules.library.effects import effects, steps_of
from rescuecalc.rules.library.hits import at_limit
from rescuecalc.rules.library.numbers import Number, in_unit, ordered
from rescuecalc.rules.library.published_doses import published_dose
from rescuecalc.rules.library.unit_slips import SLIPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.limits import LimitSet
    from rescuecalc.core.library.pump_library import Entry
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.base.rule import Hit
    from rescuecalc.rules.library.effects import Effect, Step
    from rescuecalc.rules.library.hits import InLibrary
    from rescuecalc.rules.library.published_doses import PublishedDose
    from rescuecalc.rules.library.verdicts import Coded

_TENFOLD: Final = 10


def _effects(known: InLibrary, knowledge: Knowledge) -> tuple[Effect, ...]:
    return knowledge.once(("effects in library",), lambda: tuple(_every_effect(known, knowledge)))


def _every_effect(known: InLibrary, knowledge: Knowledge) -> Iterator[Effect]:
    for drug, entries in known.by_drug():
        for protocol in known.use.protocols:
            if protocol.drug == drug:
                for step in steps_of(protocol, knowledge):
                    yield from effects(entries, step, known.use)


def _severity(known: InLibrary, severity: Severity) -> Severity:
    """Return how much a finding about a protocol weighs: of one that nobody chose it is a note."""
    return severity if known.use.are_named else Severity.NOTE


def _passed(known: InLibrary, knowledge: Knowledge, codes: frozenset[str], severity: Severity) -> Iterator[Hit]:
    """Yield a hit for each limit that doses pass, with the doses; where the unit is wrong RC834 says more."""
    slipped = _slipped(known, knowledge)
    found: dict[tuple[int, str], list[tuple[Effect, Coded]]] = {}
    for effect in _effects(known, knowledge):
        for each in effect.verdict.hits:
            entry = effect.verdict.entry
            if each.code in codes and each.severity is severity and each.limit and entry.number not in slipped:
                found.setdefault((entry.number, each.column), []).append((effect, each))
    for passing in found.values():
        yield _at_column(passing, known, severity)


def _at_column(passing: list[tuple[Effect, Coded]], known: InLibrary, severity: Severity) -> Hit:
    (first, coded), entry = passing[0], passing[0][0].verdict.entry
    does = "stops" if severity is Severity.ERROR else "alarms at"
    doses = [f"{effect.step.words}{_times(each)}" for effect, each in passing]
    more = f"; and {len(doses) - _NAMED} more" if len(doses) > _NAMED else ""
    end = coded.limit
    message = f"the {end.words if end else ''} {end} of {entry.words} {does} {'; '.join(doses[:_NAMED])}{more}"
    hit = at_limit(known.use, entry, coded.column, message, end, None, _severity(known, severity))
    return hit._replace(sources=(known.use.library.source, *first.step.protocol.sources))


def _times(each: Coded) -> str:
    factor = each.hit.factor
    far = factor is not None and not _NEAR[0] < factor < _NEAR[1]
    return f" ({rounded(factor)} times the limit)" if factor is not None and far else ""


_NAMED: Final = 3
"""Doses that a message names."""

_NEAR: Final = (Fraction(2, 3), Fraction(3, 2))
_HARD: Final = frozenset(("RC804", "RC807", "RC808"))
_SOFT: Final = frozenset(("RC805", "RC807", "RC808"))


def stops(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the hard limits that a protocol's dose passes."""
    yield from _passed(known, knowledge, _HARD, Severity.ERROR)


def alarms(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the soft limits that a protocol's dose passes."""
    yield from _passed(known, knowledge, _SOFT, Severity.WARNING)


def no_bolus(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield a note for each entry that allows no bolus, with the protocols that give one: by hand, out of a vial."""
    found: dict[int, list[Effect]] = {}
    for effect in _effects(known, knowledge):
        if any(each.code == "RC806" for each in effect.verdict.hits):
            found.setdefault(effect.verdict.entry.number, []).append(effect)
    for given in found.values():
        entry, doses = given[0].verdict.entry, [each.step.words for each in given]
        more = f"; and {len(doses) - _NAMED} more" if len(doses) > _NAMED else ""
        message = f"{entry.words} allows no bolus, so that these are given by hand: {'; '.join(doses[:_NAMED])}{more}"
        yield at_limit(known.use, entry, "drug", message, None, severity=Severity.NOTE)._replace(found=entry.name)


def tenfold(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the entries that let ten times the usual dose pass: without any alarm, or with a soft stop alone."""
    for entry in known.entries:
        for name, prefix in _JUDGED.items():
            limits = entry.limits.get(name)
            usual = _usual(entry, limits, name, known, knowledge) if limits is not None else None
            if limits is not None and usual is not None and entry.number not in _slipped(known, knowledge):
                yield from _ten_times(entry, limits, usual, prefix, known)


def _ten_times(
    entry: Entry, limits: LimitSet, usual: tuple[Fraction, str], prefix: str, known: InLibrary
) -> Iterator[Hit]:
    value, words = usual
    hard, soft = limits.get(HARD_MAX), limits.get(SOFT_MAX)
    if not value or (hard is not None and value * _TENFOLD > hard.value):
        return
    is_soft = soft is not None and value * _TENFOLD > soft.value
    ten = f"{rounded(in_unit(value * _TENFOLD, limits.unit))} {limits.unit.name}"
    how = "with a soft stop only" if is_soft else "without an alarm"
    message = f"ten times {words}, {ten}, passes {how} by {entry.words}"
    severity = Severity.WARNING if is_soft else Severity.ERROR
    end = hard or soft
    column = f"{prefix}{end.name if end is not None else HARD_MAX}"
    yield at_limit(known.use, entry, column, message, end, severity=severity)


_JUDGED: Final = {DOSE: "", BOLUS: "bolus_"}
"""The limits that are compared with published doses, and how their columns begin."""


def initial_outside(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the initial values that no source states: the pump starts from them where nobody types another."""
    for entry in known.entries:
        for name, prefix in _JUDGED.items():
            limits = entry.limits.get(name)
            initial = limits.get(INITIAL) if limits is not None else None
            if limits is None or initial is None or entry.number in _slipped(known, knowledge):
                continue
            held = _held(entry, limits, name, knowledge)
            if held is not None and not held.low <= initial.value <= held.high:
                side = "above" if initial.value > held.high else "below"
                message = (
                    f"the initial {initial} of {entry.words} is {side} what is published of {entry.drug}: {held.words}"
                )
                hit = at_limit(known.use, entry, f"{prefix}{INITIAL}", message, initial)
                yield hit._replace(sources=(known.use.library.source, *held.sources))


def _held(entry: Entry, limits: LimitSet, name: str, knowledge: Knowledge) -> PublishedDose | None:
    return published_dose(entry.drug, name, limits.variable, knowledge) if limits.kind == MASS else None


def _usual(
    entry: Entry, limits: LimitSet, name: str, known: InLibrary, knowledge: Knowledge
) -> tuple[Fraction, str] | None:
    """Return the dose that an entry starts from, else the highest that a protocol or another source states for it.

    One that starts from what no source states is compared with the highest that one does.
    """
    initial, held = limits.get(INITIAL), _held(entry, limits, name, knowledge)
    published = (held.high, f"the published {held.words}") if held is not None else None
    if initial is not None and (held is None or held.low <= initial.value <= held.high):
        return (initial.value, f"the initial {initial}") if name == DOSE or held is not None else None
    if initial is not None or name != DOSE:
        return published
    found = [(number.bounds.low, step.words) for step, number in _stated(entry, limits, known, knowledge)]
    return max(found, default=published)


def _stated(
    entry: Entry, limits: LimitSet, known: InLibrary, knowledge: Knowledge, kind: str = "infusion"
) -> Iterator[tuple[Step, Number]]:
    key = ("stated in library", entry.drug, limits.variable, kind)
    made = knowledge.once(key, lambda: tuple(_of_drug(entry.drug, limits.variable, kind, known, knowledge)))
    for step, number in made:
        if not entry.conditions or for_patient((entry,), step.order, step.subject):
            yield step, number


def _of_drug(
    drug: str, variable: str, kind: str, known: InLibrary, knowledge: Knowledge
) -> Iterator[tuple[Step, Number]]:
    """Yield the infusions, or boluses, that protocols of a drug state, each with what it is of a variable."""
    for protocol in known.use.protocols:
        for step in steps_of(protocol, knowledge) if protocol.drug == drug else ():
            number = ordered(variable, step.judged) if step.order.given_as == kind else None
            if number is not None and number.is_point:
                yield step, number


def never_binds(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the maxima that need a faster pump at every usual weight."""
    usual = knowledge.limits.usual_weight
    lightest, heaviest = base_value(usual.low)[0], base_value(usual.high)[0]
    for entry in known.entries:
        limits = entry.limits.get(DOSE)
        most = most_flow(entry, knowledge)
        for name in (SOFT_MAX, HARD_MAX) if limits is not None else ():
            end = limits.get(name) if limits is not None else None
            flow = flow_of(end, limits, entry) if end is not None and limits is not None else None
            if end is None or flow is None:
                continue
            per, is_per_kg = flow
            if per * (lightest if is_per_kg else 1) <= most:
                continue
            pump = f"{rounded(in_mL_per_h(most))} mL/h"
            weight = (most / per * _TENFOLD).__ceil__() / Fraction(_TENFOLD) if is_per_kg else None
            reached = f"is reached only below {people_number(weight)} kg" if weight is not None else "is never reached"
            span = f" (no effect from {people_number(lightest)} to {people_number(heaviest)} kg)" if weight else ""
            message = f"the {end.words} {end} of {entry.words} {reached} at {pump}{span}"
            yield at_limit(known.use, entry, name, message, end)
            break


def _slipped(known: InLibrary, knowledge: Knowledge) -> frozenset[int]:
    key = ("slipped in library",)
    found = (each.number for each in known.entries if any(_slip(each, name, known, knowledge) for name in _JUDGED))
    return knowledge.once(key, lambda: frozenset(found))


def _slip(entry: Entry, name: str, known: InLibrary, knowledge: Knowledge) -> tuple[Fraction, str, Step] | None:
    """Return by how much the limits of an entry are off the doses of its sources, where a unit mixed up explains it."""
    limits = entry.limits.get(name)
    if limits is None or not limits.has_any:
        return None
    stated = list(_stated(entry, limits, known, knowledge, "infusion" if name == DOSE else "bolus"))
    if not stated:
        return _by_weight(entry, limits, known, knowledge)
    values = [(step, number.bounds.low) for step, number in stated]
    if any(_is_hard_inside(limits, value) for _, value in values):
        return None
    for factor, words in SLIPS.items():
        for times in (factor, 1 / factor):
            step = next((step for step, value in values if _is_inside(limits, value * times)), None)
            if step is not None:
                return times, words, step
    return None


def _by_weight(
    entry: Entry, limits: LimitSet, known: InLibrary, knowledge: Knowledge
) -> tuple[Fraction, str, Step] | None:
    """Return the slip of limits per kg whose unit has no kg: their numbers are those of the source."""
    held = _held(entry, limits, DOSE, knowledge)
    ends = (limits.get(name) for name in (INITIAL, SOFT_MAX, HARD_MAX))
    if limits.variable != of.DOSE_RATE or (
        held is not None and any(each is not None and held.low <= each.value <= held.high for each in ends)
    ):
        return None  # they are doses of a usual weight
    for protocol in known.use.protocols:
        for step in steps_of(protocol, knowledge) if protocol.drug == entry.drug else ():
            number = ordered(of.DOSE_RATE_PER_KG, step.judged) if step.order.given_as == "infusion" else None
            if number is not None and _is_inside(limits, number.bounds.low):
                return Fraction(1), "not per kg", step
    return None


def _is_inside(limits: LimitSet, value: Fraction) -> bool:
    return limits.passed(value) is None


def _is_hard_inside(limits: LimitSet, value: Fraction) -> bool:
    end = limits.passed(value)
    return end is None or not end.is_hard


def unit_of_source(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the entries whose limits are those of their sources in another unit."""
    for entry in known.entries:
        for name, prefix in _JUDGED.items():
            found = _slip(entry, name, known, knowledge)
            if found is not None:
                column = f"{prefix}unit" if prefix else "dose_unit"
                yield _other_unit(entry, entry.limits[name].unit.name, column, found, known)


def _other_unit(entry: Entry, unit: str, column: str, found: tuple[Fraction, str, Step], known: InLibrary) -> Hit:
    factor, words, step = found
    times = f"{rounded(factor)} times" if factor >= 1 else f"1/{rounded(1 / factor)} of"
    off = f"fit {times} {step.words}" if factor != 1 else f"are the numbers per kg of {step.words}"
    message = f"the limits of {entry.words} in {unit} {off}: {words}"
    hit = at_limit(known.use, entry, column, message, None, factor if factor != 1 else None)
    sources = (known.use.library.source, *step.protocol.sources)
    return hit._replace(found=unit, slip=(words,), sources=sources)


def products(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the products for infusion that no entry is for, and the entries of a concentration that no product has."""
    for drug, entries in known.by_drug():
        own = [each for each in knowledge.products_of(drug) if ProductUse.INFUSION in each.serves]
        strengths = {base_value(each.concentration)[0]: each for each in own}
        held = {base_value(each.concentration)[0] for each in entries if each.concentration is not None}
        if not own or any(each.concentration is None for each in entries):
            continue
        for strength, product in strengths.items():
            if strength not in held:
                message = f"no entry of {drug} is for {product.id}, {product.strength} ({product.concentration})"
                yield at_limit(known.use, entries[0], "drug", message, None)._replace(found=entries[0].name)
        for entry in entries:
            if entry.concentration is not None and base_value(entry.concentration)[0] not in strengths:
                message = f"{entry.words} is {entry.concentration}: no product of {drug} has it"
                hit = at_limit(known.use, entry, "amount", message, None)
                yield hit._replace(found=str(entry.amount or entry.concentration))


def no_room(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the limits that are a protocol's dose itself: a rate that is rounded up passes them."""
    told: set[str] = set()
    for effect in _effects(known, knowledge):
        entry = effect.verdict.entry
        is_bolus = effect.step.order.given_as == "bolus"
        limits, prefix = (entry.limits.get(BOLUS), "bolus_") if is_bolus else (entry.limits.get(DOSE), "")
        number = ordered(limits.variable, effect.step.judged) if limits is not None else None
        for end in limits.in_order() if limits is not None and number is not None else ():
            column = f"{prefix}{end.name}"
            is_dose = number is not None and number.is_point and number.bounds.low == end.value
            if end.name != INITIAL and is_dose and entry.at(column) not in told:
                told.add(entry.at(column))
                message = f"the {end.words} {end} of {entry.words} is {effect.step.words}: a rounded rate may exceed it"
                yield at_limit(known.use, entry, column, message, end)
