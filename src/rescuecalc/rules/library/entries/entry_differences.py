"""RC851: what tells one entry of a drug from its others: another unit, another kind of unit, a decimal point."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.drugs.amount_kind import is_in_units
from rescuecalc.core.library.limits import INITIAL
from rescuecalc.core.library.pump_library import BOLUS, BOLUS_RATE, DOSE, PREFIXES
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.orders.model.signature import UNITS
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.order_model.model_wording import rounded
from rescuecalc.rules.library.entries.entry_names import other_unit
from rescuecalc.rules.library.entries.unit_slips import SLIPS
from rescuecalc.rules.library.hits import at_limit, sets
from rescuecalc.rules.library.numbers import value_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.limits import Limit
    from rescuecalc.core.library.pump_library import Entry, LibraryUse
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.library.hits import InLibrary


def units_differ(known: InLibrary, _: Knowledge) -> Iterator[Hit]:
    """Yield the entries whose limits are 60 or 1,000 times those of another entry of the drug, or of another kind."""
    for entry in known.entries:
        yield from _other_kind(entry, known.use)
        yield from other_unit(entry, known.use)
    for __, entries in known.by_drug():
        if len(entries) > 1:
            for name in _COMPARED:
                yield from _off(entries, name, known.use)
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
            column, found = f"{prefix or 'dose_'}unit", unit
            if is_in_units(entry.drug) and kind != UNITS:
                column, found = "amount" if entry.amount is not None else "concentration", str(strength)
            yield at_limit(use, entry, column, message, None)._replace(found=found, cause=entry.at(column))


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
    """Yield the amounts ten times those of another entry, or in a tenth of its volume, under the same name."""
    found: dict[tuple[Any, ...], dict[Fraction, Entry]] = {}
    volumes: dict[tuple[Any, ...], dict[Fraction, Entry]] = {}
    for each in entries:
        if each.amount is not None and each.volume is not None:
            value, kind = base_value(each.amount)
            key = each.therapy.casefold(), each.conditions, kind, base_value(each.volume)
            found.setdefault(key, {}).setdefault(value, each)
            in_volumes = each.therapy.casefold(), each.conditions, kind, value
            volumes.setdefault(in_volumes, {}).setdefault(1 / base_value(each.volume)[0], each)
    for column, groups in (("amount", found), ("volume", volumes)):
        for strengths in groups.values():
            yield from _tenfold_in(strengths, column, use)


def _tenfold_in(strengths: dict[Fraction, Entry], column: str, use: LibraryUse) -> Iterator[Hit]:
    for value, each in strengths.items():
        for factor in _DECIMALS if len(strengths) > 1 else ():
            other = strengths.get(value * factor)
            if other is not None:
                message = f"{other.words} is {factor} times as strong as line {each.line} under the same name"
                is_same_area = each.care_area.casefold() == other.care_area.casefold()
                severity = Severity.WARNING if is_same_area else Severity.NOTE
                hit = at_limit(use, other, column, message, None, factor, severity)
                yield hit._replace(found=str(other.amount if column == "amount" else other.volume))


def _strength_off(wrong: Entry, right: Entry, use: LibraryUse) -> Hit:
    """Return the hit of a strength whose unit fewer entries have."""
    one, other = wrong.amount or wrong.concentration, right.amount or right.concentration
    names = [each.unit.name for each in (one, other) if each is not None]
    message = f"{wrong.words} has the numbers of {right.words} (line {right.line}): {' and '.join(names)} mixed up"
    column = "amount" if wrong.amount is not None else "concentration"
    return Hit(message, (use.library.source,), wrong.at(column), str(one), str(other))


_COMPARED: Final = (DOSE, BOLUS, BOLUS_RATE)
"""The limits that entries of a drug are compared by."""


def _off(entries: tuple[Entry, ...], name: str, use: LibraryUse) -> Iterator[Hit]:
    """Yield the entries of which one of these sets of limits differs from others by a unit, then by single limits."""
    slips = list(_slips(entries, name))
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
                yield _unit_off(each, right, name, factor, slip.words, use)
    yield from _single_limits([each for each in entries if each.number not in reported], name, use)


def _unit_off(wrong: Entry, right: Entry, name: str, times: Fraction, words: str, use: LibraryUse) -> Hit:
    begins = f"the {_KINDS[name]}limits of {wrong.words} are"
    message = (
        f"{begins} {_size(times)} those of {right.words} (line {right.line}): {words}"
        if times != 1
        else f"{begins} the numbers of {right.words} (line {right.line}): {words}"
    )
    prefix = PREFIXES[name]
    if times in _POINTS:
        end, other = ends_of(wrong, name)[0], ends_of(right, name)[0]
        hit = at_limit(use, wrong, f"{prefix}{end.name}", message, end, times)
        return hit._replace(expected=value_text(other.value, end.unit))
    unit, expected = wrong.limits[name].unit.name, right.limits[name].unit.name
    return Hit(message, (use.library.source,), wrong.at(f"{prefix or 'dose_'}unit"), unit, expected, times)


_KINDS: Final = {DOSE: "", BOLUS: "bolus ", BOLUS_RATE: "bolus rate "}


def _size(times: Fraction) -> str:
    return f"{rounded(times)} times" if times >= 1 else f"1/{rounded(1 / times)} of"


class _Slip(NamedTuple):
    """Entries whose limits are ``factor`` times those of others, and what explains it."""

    low: list[Entry]
    high: list[Entry]
    factor: Fraction
    words: str


def _slips(entries: tuple[Entry, ...], name: str) -> Iterator[_Slip]:
    """Yield the entries whose limits differ by a known factor; each distinct set of limits is looked at once.

    Entries are found by their limits and not compared in pairs, whose number grows with the square of theirs.
    """
    by_first: dict[tuple[Any, ...], dict[Fraction, list[Entry]]] = {}
    by_shape: dict[tuple[Any, ...], dict[str, list[Entry]]] = {}
    for each in entries:
        limits, ends = each.limits.get(name), ends_of(each, name)
        if limits is None or not ends or not all(end.value for end in ends):
            continue
        names, first = tuple(end.name for end in ends), ends[0].value
        key = limits.kind, limits.unit.shape, names, tuple(end.value / first for end in ends[1:])
        by_first.setdefault(key, {}).setdefault(first, []).append(each)
        numbers = limits.kind, names, tuple(end.number for end in ends)
        by_shape.setdefault(numbers, {}).setdefault(limits.unit.shape, []).append(each)
    for values in by_first.values():
        for value, low in values.items() if len(values) > 1 else ():
            for factor, words in (SLIPS if len(ends_of(low[0], name)) < _MANY else _SLIPS_OF_MANY).items():
                if (high := values.get(value * factor)) is not None:
                    yield _Slip(low, high, factor, words)
    for (_, names, _), shapes in by_shape.items():
        for per_kg, fixed in _SHAPES if len(names) > 1 else ():
            if per_kg in shapes and fixed in shapes:
                yield _Slip(shapes[per_kg], shapes[fixed], Fraction(1), "per kg and not per kg mixed up")


_SHAPES: Final = (("amount/weight/time", "amount/time"), ("amount/weight", "amount"))
"""Units with the weight, and without."""


def ends_of(entry: Entry, name: str) -> list[Limit]:
    """Return the limits of one quantity of an entry, in their order."""
    limits = entry.limits.get(name)
    return list(limits.in_order()) if limits is not None else []


_MANY: Final = 3
"""Limits that do not all differ by ten from those of another entry without a slip."""

_DECIMALS: Final = {Fraction(10): "decimal point", Fraction(100): "decimal point"}

_SLIPS_OF_MANY: Final = {**SLIPS, **_DECIMALS}

_POINTS: Final = frozenset((*_DECIMALS, *(1 / each for each in _DECIMALS)))


# --- one limit ------------------------------------------------------------------------------------------------------


def _single_limits(entries: list[Entry], name: str, use: LibraryUse) -> Iterator[Hit]:
    """Yield the limits ten times off those of the other entries for the same therapy and patients.

    Flows are left out: a nursery's pump runs at a tenth of an adult's.
    """
    groups: dict[tuple[Any, ...], list[Entry]] = {}
    for each in entries:
        limits = each.limits.get(name)
        if limits is not None and limits.kind:
            key = limits.kind, limits.unit.shape, each.therapy.casefold(), each.conditions
            groups.setdefault(key, []).append(each)
    for group in groups.values():
        usual = _usual_ends(group, name) if len(group) > 1 else {}
        for each in group if usual else ():
            yield from _off_usual(each, usual, name, use)


def _usual_ends(entries: list[Entry], name: str) -> dict[str, tuple[Fraction, Entry]]:
    """Return each limit as most entries have it (of as many, the first of the file), with the first that does."""
    found: dict[str, dict[Fraction, list[Entry]]] = {}
    for each in entries:
        for end in ends_of(each, name):
            found.setdefault(end.name, {}).setdefault(end.value, []).append(each)
    most = {end: max(values.items(), key=lambda each: len(each[1])) for end, values in found.items()}
    return {end: (value, own[0]) for end, (value, own) in most.items()}


def _off_usual(entry: Entry, usual: dict[str, tuple[Fraction, Entry]], name: str, use: LibraryUse) -> Iterator[Hit]:
    """Yield the limits of an entry that are ten times off: errors where another limit is that of the other entry.

    Where all are off, and by no slip, the entry may be for others: a warning at the first of them, if it is per kg.
    """
    own = [
        (end, end.value / usual[end.name][0], usual[end.name][1]) for end in ends_of(entry, name) if _is_set(end, usual)
    ]
    far = [each for each in own if not 1 / Fraction(_FAR) < each[1] < _FAR]
    is_slip = any(times == 1 for _, times, _ in own)
    far = far if is_slip else [each for each in far if each[0].name != INITIAL]  # others may start elsewhere
    for end, times, other in far if is_slip else far[:1]:
        words = next((words for size, words in _SLIPS_OF_MANY.items() if times in {size, 1 / size}), None)
        if not (is_slip and words) and "weight" not in end.unit.shape:
            continue
        message = f"the {end.words} {end} of {entry.words} is {_size(times)} that of {other.words} (line {other.line})"
        severity = Severity.ERROR if is_slip and words else Severity.WARNING
        right = value_text(usual[end.name][0], end.unit) if severity is Severity.ERROR else None
        hit = at_limit(use, entry, f"{PREFIXES[name]}{end.name}", message, end, times, severity)
        yield hit._replace(message=f"{message}: {words}" if words else message, expected=right, cause=hit.pointer)


def _is_set(end: Limit, usual: dict[str, tuple[Fraction, Entry]]) -> bool:
    return end.name in usual and usual[end.name][0] != 0 and end.value != 0


_FAR: Final = 10
