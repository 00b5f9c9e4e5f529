"""RC85x: what is wrong in a library whatever is ordered: limits, units, twins, custom concentrations, boluses."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.library.limits import HARD_MAX, HARD_MIN, INITIAL, PER_KG, PUMP_RATE_PER_KG, SOFT_MAX, SOFT_MIN
from rescuecalc.core.library.pump_library import BOLUS, BOLUS_RATE, STRENGTH
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value, in_mL_per_h, in_unit_of, last_place
from rescuecalc.core.orders.model.signature import MASS
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.order_model.model_wording import rounded
from rescuecalc.rules.library.entries.published_doses import held_dose
from rescuecalc.rules.library.entries.pump_limits import pump_out_of_order
from rescuecalc.rules.library.entries.unit_slips import SLIPS
from rescuecalc.rules.library.hits import at_limit, sets
from rescuecalc.rules.library.numbers import value_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.limits import Limit, LimitSet
    from rescuecalc.core.library.pump_library import Entry, LibraryUse
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.library.hits import InLibrary


def out_of_order(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the limits that stand on the wrong side of the next one, of entries, of the pump and of a care area."""
    yield from pump_out_of_order(known, knowledge)
    for entry in known.entries:
        for prefix, limits in sets(entry):
            ends = list(limits.in_order())
            wrong = [(low, high) for low, high in pairwise(ends) if low.value > high.value]
            for low, high in wrong[:1]:
                held = held_dose(entry, limits, knowledge)
                is_low = low.name == INITIAL or (held is not None and low.value > held.high)
                wrong_one = low if is_low else high
                message = f"the {low.words} {low} is above the {high.words} {high} of {entry.words}"
                yield at_limit(known.use, entry, f"{prefix}{wrong_one.name}", message, wrong_one)


def units_differ(known: InLibrary, _: Knowledge) -> Iterator[Hit]:
    """Yield the entries whose limits are 60 or 1,000 times those of another entry of the drug, or of another kind."""
    for entry in known.entries:
        yield from _other_kind(entry, known.use)
    for __, entries in known.by_drug():
        if len(entries) > 1:
            yield from _off(entries, known.use)
            yield from _strengths_off(entries, known.use)
            yield from _strengths_tenfold(entries, known.use)


def _other_kind(entry: Entry, use: LibraryUse) -> Iterator[Hit]:
    """Yield the limits of an entry that count the drug otherwise than its strength does: units of what is in mg."""
    strength = entry.amount or entry.concentration
    if strength is None:
        return
    _, kind = base_value(strength)
    for prefix, limits in sets(entry):
        if limits.kind not in {"", kind}:
            unit = limits.unit.name
            message = f"the limits of {entry.words} are in {unit}, and it holds {strength}: no pump converts these"
            yield at_limit(use, entry, f"{prefix or 'dose_'}unit", message, None)._replace(found=unit)


def _strengths_off(entries: tuple[Entry, ...], use: LibraryUse) -> Iterator[Hit]:
    """Yield the strengths that have the numbers of another entry of the drug in another unit: 25 g beside 25 mg."""
    found: dict[tuple[Any, ...], dict[str, list[Entry]]] = {}
    for each in entries:
        written = each.amount or each.concentration
        if written is not None:
            key = base_value(written)[1], written.magnitude, each.volume.magnitude if each.volume is not None else None
            found.setdefault(key, {}).setdefault(written.unit.name, []).append(each)
    for units in found.values():
        most = max(units.values(), key=len)  # of as many the first of the file
        for own in units.values() if len(units) > 1 else ():
            yield from (_strength_off(each, most[0], use) for each in own if own is not most)


def _strengths_tenfold(entries: tuple[Entry, ...], use: LibraryUse) -> Iterator[Hit]:
    """Yield the amounts ten times those of another entry that only the amount tells apart from it."""
    found: dict[tuple[Any, ...], dict[Fraction, Entry]] = {}
    for each in entries:
        if each.amount is not None and each.volume is not None:
            value, kind = base_value(each.amount)
            key = each.care_area.casefold(), each.therapy.casefold(), each.conditions, kind, base_value(each.volume)
            found.setdefault(key, {}).setdefault(value, each)
    for amounts in found.values():
        for value, each in amounts.items():
            for factor in _DECIMALS if len(amounts) > 1 else ():
                other = amounts.get(value * factor)
                if other is not None:
                    message = f"{other.words} is {factor} times as strong as line {each.line} under the same name"
                    hit = at_limit(use, other, "amount", message, None, factor, Severity.WARNING)
                    yield hit._replace(found=str(other.amount))


def _strength_off(wrong: Entry, right: Entry, use: LibraryUse) -> Hit:
    """Return the hit of a strength whose unit fewer entries have."""
    one, other = wrong.amount or wrong.concentration, right.amount or right.concentration
    names = [each.unit.name for each in (one, other) if each is not None]
    message = f"{wrong.words} has the numbers of {right.words} (line {right.line}): {' and '.join(names)} mixed up"
    column = "amount" if wrong.amount is not None else "concentration"
    return Hit(message, (use.library.source,), wrong.at(column), str(one), str(other))


def _off(entries: tuple[Entry, ...], use: LibraryUse) -> Iterator[Hit]:
    slips = list(_slips(entries))
    votes: Counter[int] = Counter()
    for slip in slips:
        votes.update({each.number: len(slip.high) for each in slip.low})
        votes.update({each.number: len(slip.low) for each in slip.high})
    reported: set[int] = set()
    for slip in slips:
        # What fewer entries agree with is the odd one; of as many, what stands further down.
        low, high = ((votes[each.number], each.number) for each in (slip.low[0], slip.high[0]))
        wrong, right, factor = (
            (slip.high, slip.low[0], slip.factor) if low < high else (slip.low, slip.high[0], 1 / slip.factor)
        )
        for each in wrong:
            if each.number not in reported:
                reported.add(each.number)
                yield _unit_off(each, right, factor, slip.words, use)


def _unit_off(wrong: Entry, right: Entry, times: Fraction, words: str, use: LibraryUse) -> Hit:
    size = rounded(times) if times >= 1 else f"1/{rounded(1 / times)}"
    message = (
        f"the limits of {wrong.words} are {size} times those of {right.words} (line {right.line}): {words}"
        if times != 1
        else f"the limits of {wrong.words} are the numbers of {right.words} (line {right.line}): {words}"
    )
    unit = wrong.limits["dose"].unit.name
    if times in _POINTS:
        end, other = ends_of(wrong)[0], ends_of(right)[0]
        return at_limit(use, wrong, end.name, message, end, times)._replace(expected=value_text(other.value, end.unit))
    return Hit(message, (use.library.source,), wrong.at("dose_unit"), unit, right.limits["dose"].unit.name, times)


class _Slip(NamedTuple):
    """Entries whose limits are ``factor`` times those of others, and what explains it."""

    low: list[Entry]
    high: list[Entry]
    factor: Fraction
    words: str


def _slips(entries: tuple[Entry, ...]) -> Iterator[_Slip]:
    """Yield the entries whose limits differ by a known factor; each distinct set of limits is looked at once.

    Entries are found by their limits and not compared in pairs, whose number grows with the square of theirs.
    """
    by_first: dict[tuple[Any, ...], dict[Fraction, list[Entry]]] = {}
    by_shape: dict[tuple[Any, ...], dict[str, list[Entry]]] = {}
    for each in entries:
        limits, ends = each.limits.get("dose"), ends_of(each)
        if limits is None or not ends or not all(end.value for end in ends):
            continue
        names, first = tuple(end.name for end in ends), ends[0].value
        key = limits.kind, limits.unit.shape, names, tuple(end.value / first for end in ends[1:])
        by_first.setdefault(key, {}).setdefault(first, []).append(each)
        numbers = limits.kind, names, tuple(end.number for end in ends)
        by_shape.setdefault(numbers, {}).setdefault(limits.unit.shape, []).append(each)
    for values in by_first.values():
        for value, low in values.items() if len(values) > 1 else ():
            for factor, words in (SLIPS if len(ends_of(low[0])) < _MANY else _SLIPS_OF_MANY).items():
                if (high := values.get(value * factor)) is not None:
                    yield _Slip(low, high, factor, words)
    for (_, names, _), shapes in by_shape.items():
        per_kg, fixed = shapes.get("amount/weight/time"), shapes.get("amount/time")
        if per_kg is not None and fixed is not None and len(names) > 1:
            yield _Slip(per_kg, fixed, Fraction(1), "per kg and not per kg mixed up")


def ends_of(entry: Entry) -> list[Limit]:
    """Return the limits of the dose of an entry, in their order."""
    limits = entry.limits.get("dose")
    return list(limits.in_order()) if limits is not None else []


_MANY: Final = 3
"""Limits that do not all differ by ten from those of another entry without a slip."""

_DECIMALS: Final = {Fraction(10): "decimal point", Fraction(100): "decimal point"}

_SLIPS_OF_MANY: Final = {**SLIPS, **_DECIMALS}

_POINTS: Final = frozenset((*_DECIMALS, *(1 / each for each in _DECIMALS)))


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
    made = [base_value(each.concentration)[0] for each in knowledge.products_of(entry.drug) if each.serves]
    low, high = limits.get(HARD_MIN), limits.get(HARD_MAX)
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


def _too_slow(entry: Entry, rates: LimitSet, use: LibraryUse, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the maximum of a bolus rate at which the least bolus of the lightest is no bolus any more."""
    boluses, end = entry.limits.get(BOLUS), rates.get(HARD_MAX) or rates.get(SOFT_MAX)
    flow = flow_of(end, rates, entry) if end is not None else None
    if boluses is None or end is None or flow is None or not flow[0]:
        return
    usual, longest = knowledge.limits.usual_weight, knowledge.limits.give_over.high
    lightest, heaviest = base_value(usual.low)[0], base_value(usual.high)[0]
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
    area = use.library.area(entry.care_area) if use is not None and entry.care_area else None
    most = entry.max_rate or (use.library.most_rate(area) if use is not None else None) or knowledge.limits.pump_rate
    return base_value(most)[0]


def _beyond(entry: Entry, limits: LimitSet, knowledge: Knowledge) -> tuple[Limit, str] | None:
    usual, most = knowledge.limits.usual_weight, most_flow(entry, knowledge)
    heaviest = base_value(usual.high)[0]
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
    for entry in known.entries:
        yield from _too_strong(entry, known.use, knowledge)
        yield from _half_stated(entry, known.use)
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
