"""RC85x: what is wrong in a library whatever is ordered: limits, units, twins, custom concentrations, boluses."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.core.library.limits import HARD_MAX, HARD_MIN, INITIAL, PER_KG, PUMP_RATE_PER_KG, SOFT_MAX, SOFT_MIN
from rescuecalc.core.library.pump_library import BOLUS, BOLUS_RATE, STRENGTH
from rescuecalc.core.orders.condition_interval import covered
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value, in_mL_per_h, in_unit_of, last_place
from rescuecalc.core.orders.model.signature import MASS
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.order_model.model_wording import rounded
from rescuecalc.rules.facts.order_model.order_explanation import MOST_CONTAINERS
from rescuecalc.rules.library.entries.entry_names import other_strength, without_strength
from rescuecalc.rules.library.entries.entry_products import uses
from rescuecalc.rules.library.entries.published_doses import held_dose
from rescuecalc.rules.library.entries.pump_limits import pump_out_of_order
from rescuecalc.rules.library.hits import at_limit, sets
from rescuecalc.rules.library.numbers import value_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.limits import Limit, LimitSet
    from rescuecalc.core.library.pump_library import Entry, LibraryUse
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.library.entries.published_doses import PublishedDose
    from rescuecalc.rules.library.hits import InLibrary


def out_of_order(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the limits that stand on the wrong side of the next one, of entries, of the pump and of a care area."""
    yield from pump_out_of_order(known, knowledge)
    for entry in known.entries:
        for prefix, limits in sets(entry):
            ends = list(limits.in_order())
            wrong = [(low, high) for low, high in pairwise(ends) if low.value > high.value]
            for low, high in wrong[:1]:
                is_low = _is_low_wrong(low, held_dose(entry, limits, knowledge), limits)
                moved = {end: right for end in (low, high) if (right := _decimal_moved(end, ends)) is not None}
                is_sure = len(moved) == 1
                wrong_one = next(iter(moved)) if is_sure else low if is_low or low.name == INITIAL else high
                message = f"the {low.words} {low} is above the {high.words} {high} of {entry.words}"
                hit = at_limit(known.use, entry, f"{prefix}{wrong_one.name}", message, wrong_one)
                expected = moved.get(wrong_one) if is_sure or is_low else None
                yield hit._replace(expected=expected, cause=hit.pointer)


def _is_low_wrong(low: Limit, held: PublishedDose | None, limits: LimitSet) -> bool:
    """Whether a limit that is above the next one is above all that is published, or ten times the initial value."""
    initial = limits.get(INITIAL)
    is_tenfold = initial is not None and 0 < initial.value * _TENFOLD <= low.value
    return low.name != INITIAL and ((held is not None and low.value > held.high) or is_tenfold)


def _decimal_moved(end: Limit, ends: list[Limit]) -> str | None:
    """Return a limit with its decimal point where it stands in order with all others, None where it never does."""
    place = ends.index(end)
    below, above = [each.value for each in ends[:place]], [each.value for each in ends[place + 1 :]]
    for factor in _DECIMALS:
        value = end.value * factor
        rest = [*below, value, *above]
        if all(low <= high for low, high in pairwise(rest)):
            return value_text(value, end.unit)
    return None


_DECIMALS: Final = tuple(Fraction(10) ** power for power in (-1, 1, -2, 2, -3, 3))
"""By what a moved decimal point, or mg for mcg, changes a limit."""


def twice(known: InLibrary, _: Knowledge) -> Iterator[Hit]:
    """Yield the entries that stand in the library twice."""
    seen: dict[tuple[Any, ...], list[Entry]] = {}
    for entry in known.entries:
        before = seen.setdefault(_key(entry), [])
        first = next((each for each in before if _are_indistinguishable(each, entry)), None)
        if first is None:
            before.append(entry)
            continue
        differ = "" if _same_limits(first, entry) else ", and their limits differ"
        message = f"{entry.words} stands twice, in lines {first.line} and {entry.line}{differ}"
        yield at_limit(known.use, entry, "drug", message, None)._replace(found=entry.name)


def _key(entry: Entry) -> tuple[Any, ...]:
    strength = base_value(entry.concentration) if entry.concentration is not None else None
    volume = base_value(entry.volume)[0] if entry.volume is not None else None
    conditions = tuple(sorted((each.name, each.text) for each in entry.conditions))
    area, therapy = entry.care_area.casefold(), entry.therapy.casefold()
    return area, entry.drug, therapy, conditions, strength, volume, entry.is_custom


def _are_indistinguishable(one: Entry, other: Entry) -> bool:
    """Whether nothing tells two entries apart: not the unit of a limit that both have, nor what each is for.

    Of two entries one may have limits that the other lacks; without one in common the one is for boluses, say.
    """
    both = one.limits.keys() & other.limits.keys()
    if not both:
        return not one.limits or not other.limits
    return all(one.limits[name].unit.shape == other.limits[name].unit.shape for name in both)


def _same_limits(one: Entry, other: Entry) -> bool:
    first, second = (
        {(name, end): each.value for name, limits in entry.limits.items() for end, each in limits.ends.items()}
        for entry in (one, other)
    )
    return first == second


def custom_open(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the custom concentrations that may be typed in without a hard minimum, or ten times off a product."""
    for entry in known.entries:
        limits = entry.limits.get(STRENGTH)
        if not entry.is_custom or (limits is not None and HARD_MIN in limits.ends):
            yield from _tenfold_typed(entry, limits, known.use, knowledge) if limits is not None else ()
            continue
        soft = "" if limits is not None and SOFT_MAX in limits.ends else " and no soft maximum"
        message = f"the concentration of {entry.words} is typed in, and has no hard minimum{soft}"
        yield at_limit(known.use, entry, "conc_hard_min", message, None)


def _tenfold_typed(entry: Entry, limits: LimitSet, use: LibraryUse, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the hard limit of a typed-in concentration that a tenth of a product's, or ten times it, does not pass."""
    own, low, high = knowledge.products_of(entry.drug), limits.get(HARD_MIN), limits.get(HARD_MAX)
    if entry.is_custom and low is not None and high is not None and high.value >= _FAR_APART * low.value:
        message = f"the {high.words} {high} of the concentration of {entry.words} is a thousand times its {low.words}"
        yield at_limit(use, entry, "conc_hard_max", f"{message} {low}: every slip of a unit passes", high)
        return
    made = [base_value(each.concentration)[0] for each in own if each.serves & uses(entry)]
    if not made or not entry.is_custom or not any(limits.passed(each) is None for each in made):
        return
    for end, is_open in (
        (low, low is not None and low.value * _TENFOLD <= min(made)),
        (high, high is not None and high.value >= _TENFOLD * max(made)),
    ):
        if end is not None and is_open:
            message = f"the {end.words} {end} of the concentration of {entry.words} is ten times off every product"
            yield at_limit(use, entry, f"conc_{end.name}", message, end)


_TENFOLD: Final = 10
_FAR_APART: Final = 10**3


def bolus_beyond(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the bolus rates that the pump cannot run, and from which weight on."""
    for entry in known.entries:
        limits = entry.limits.get(BOLUS_RATE)
        found = _beyond(entry, limits, knowledge) if limits is not None else None
        if found is not None:
            end, words = found
            yield at_limit(known.use, entry, f"bolus_rate_{end.name}", words, end)
        elif limits is not None:
            yield from _too_slow(entry, limits, known.use, knowledge)
        yield from _more_than_a_bag(entry, known.use, knowledge)


def _more_than_a_bag(entry: Entry, use: LibraryUse, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the highest bolus that several bags of its entry do not hold, even for the lightest.

    Of a drug whose doses are held, these are what it is compared with.
    """
    limits, most = entry.limits.get(BOLUS), entry.volume or use.library.max_vtbi_of(entry)
    end = (limits.get(SOFT_MAX) or limits.get(HARD_MAX)) if limits is not None else None
    if limits is None or end is None or most is None or held_dose(entry, limits, knowledge) is not None:
        return
    volume = end.value * (weights_of(entry, knowledge)[0] if limits.variable in PER_KG else 1)
    if limits.variable in {of.DOSE, of.DOSE_PER_KG}:
        strength, kind = base_value(entry.concentration) if entry.concentration is not None else (Fraction(), "")
        volume = volume / strength if strength and kind == limits.kind else Fraction()
    if volume > base_value(most)[0] * MOST_CONTAINERS:
        message = f"the {end.words} {end} of the bolus of {entry.words} is {rounded(volume)} mL, and a bag holds {most}"
        yield at_limit(use, entry, f"bolus_{end.name}", message, end, severity=Severity.ERROR)


def _too_slow(entry: Entry, rates: LimitSet, use: LibraryUse, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the maximum of a bolus rate at which the least bolus of the lightest is no bolus any more."""
    # A bolus runs as fast as the pump does without an alarm.
    boluses, end = entry.limits.get(BOLUS), rates.get(SOFT_MAX) or rates.get(HARD_MAX)
    flow = flow_of(end, rates, entry) if end is not None else None
    if boluses is None or end is None or flow is None or not flow[0]:
        return
    longest, (lightest, heaviest) = knowledge.limits.give_over.high, weights_of(entry, knowledge)
    held, first = held_dose(entry, boluses, knowledge), next(boluses.in_order(), None)
    least = held.low if held is not None else first.value if first is not None else Fraction()
    volume = least * (lightest if boluses.variable in PER_KG else 1)
    if boluses.variable in {of.DOSE, of.DOSE_PER_KG}:
        strength, kind = base_value(entry.concentration) if entry.concentration is not None else (Fraction(), "")
        volume = volume / strength if strength and kind == boluses.kind else Fraction()
    if volume > flow[0] * (heaviest if flow[1] else 1) * base_value(longest)[0] * _TENFOLD:
        message = f"at the {end.words} {end} of the bolus rate of {entry.words} a bolus takes ten times {longest}"
        yield at_limit(use, entry, f"bolus_rate_{end.name}", message, end, severity=Severity.ERROR)


def _too_strong(entry: Entry, use: LibraryUse, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the strength that nothing has which is injected."""
    made, most = entry.concentration, knowledge.tuning().strongest
    if made is None or base_value(made)[1] != MASS or base_value(made)[0] <= most:
        return
    written = entry.amount or made
    message = f"{entry.words} is {made}: nothing that is infused is so strong"
    yield Hit(message, (use.library.source,), entry.at("amount" if entry.amount else "concentration"), str(written))


def _half_stated(entry: Entry, use: LibraryUse) -> Iterator[Hit]:
    """Yield the amount without a volume, or a volume without an amount, that a dose cannot be counted with."""
    if not use.library.is_pump or entry.concentration is not None or entry.is_custom:
        return
    if (entry.amount is None) is (entry.volume is None) or not any(limits.kind for _, limits in sets(entry)):
        return
    column = "volume" if entry.volume is None else "amount"
    message = f"{entry.words} has no {column}: the pump cannot calculate a rate without a concentration"
    yield at_limit(use, entry, column, message, None)


def most_flow(entry: Entry, knowledge: Knowledge) -> Fraction:
    """Return the fastest flow (mL/s) of an entry: its own, else its care area's, else the pump's."""
    use = knowledge.library
    own = use.library.max_rate_of(entry) if use is not None else None
    return base_value(own or knowledge.limits.pump_rate)[0]


def weights_of(entry: Entry, knowledge: Knowledge) -> tuple[Fraction, Fraction]:
    """Return the lightest and the heaviest patient of an entry: usual ones, of those that its care area takes."""
    usual, least = knowledge.limits.usual_weight, knowledge.limits.weight.low
    low, high, lightest = (base_value(each)[0] for each in (usual.low, usual.high, least))
    use = knowledge.library
    area = use.library.area(entry.care_area) if use is not None and entry.care_area else None
    ends = area.weight.ends if area is not None and area.weight is not None else {}
    own = [covered(each, "kg") for each in entry.conditions if each.name == "weight"]
    lows = [ends[name].value for name in (HARD_MIN, SOFT_MIN) if name in ends] + [each.low for each in own]
    highs = [ends[name].value for name in (SOFT_MAX, HARD_MAX) if name in ends]
    highs += [each.high for each in own if each.high is not None]
    most = min(highs, default=high)
    if most < low:
        return max(lows, default=lightest), most
    return max((low, *lows)), max((min(high, most), *lows))


def _beyond(entry: Entry, limits: LimitSet, knowledge: Knowledge) -> tuple[Limit, str] | None:
    most, (_, heaviest) = most_flow(entry, knowledge), weights_of(entry, knowledge)
    for name in (HARD_MIN, SOFT_MIN, INITIAL, SOFT_MAX, HARD_MAX):
        end = limits.get(name)
        flow = flow_of(end, limits, entry) if end is not None else None
        if end is None or flow is None or not flow[0]:
            continue
        per, is_per_kg = flow
        pump = f"{rounded(in_mL_per_h(most))} mL/h"
        if is_per_kg and per * heaviest > most:
            words = f"the {end.words} {end} of the bolus rate of {entry.words} is faster than the pump's {pump}"
            return end, f"{words} from {rounded(most / per)} kg on"
        if not is_per_kg and per > most:
            return end, f"the {end.words} {end} of the bolus rate of {entry.words} is faster than the pump's {pump}"
    return None


def flow_of(end: Limit, limits: LimitSet, entry: Entry) -> tuple[Fraction, bool] | None:
    """Return the flow (mL/s) that a limit is, and whether it is one per kg; None without a concentration."""
    if limits.variable in {of.PUMP_RATE, PUMP_RATE_PER_KG}:
        return end.value, limits.variable == PUMP_RATE_PER_KG
    if limits.variable not in {of.DOSE_RATE, of.DOSE_RATE_PER_KG} or entry.concentration is None:
        return None
    strength, kind = base_value(entry.concentration)
    if kind != limits.kind or not strength:
        return None
    return end.value / strength, limits.variable == of.DOSE_RATE_PER_KG


def contradicts_amount(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the concentrations that are not the amount divided by the volume, to their last digit, or are none."""
    yield from without_strength(known.entries, known.use)
    for entry in known.entries:
        yield from _too_strong(entry, known.use, knowledge)
        yield from _half_stated(entry, known.use)
        yield from other_strength(entry, known.use)
        stated, made = entry.stated, entry.concentration
        if stated is None or made is None or stated is made or stated.text is None:
            continue
        (value, kind), (right, other) = base_value(stated), base_value(made)
        half = Fraction(10) ** min(last_place(stated.text), 0) / 2 * (value / stated.magnitude)
        if kind == other and abs(value - right) <= half:
            continue
        expected = f"{rounded(in_unit_of(right, stated))} {stated.unit.name}" if kind == other else str(made)
        message = f"the concentration {stated} contradicts {entry.amount} in {entry.volume} of {entry.name}, {expected}"
        factor = value / right if kind == other else None
        yield Hit(message, (known.use.library.source,), entry.at("concentration"), str(stated), expected, factor)
