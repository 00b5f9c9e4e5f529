"""RC837: what the conditions of a drug's entries leave open, and what two of them cover."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from rescuecalc.core.library.limits import HARD_MAX, SOFT_MAX
from rescuecalc.core.library.pump_library import DOSE
from rescuecalc.core.orders.condition_interval import covered, gaps
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.rules.library.entries.entry_names import other_condition
from rescuecalc.rules.library.hits import at_limit, number_of, unmatched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from rescuecalc.core.library.limits import Limit
    from rescuecalc.core.library.pump_library import Entry, LibraryUse
    from rescuecalc.core.orders.condition_interval import Interval
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.base.rule import Hit
    from rescuecalc.rules.library.hits import InLibrary

_UNITS: Final = {"creatinine_clearance": "mL/min", "weight": "kg"}
_NAMES: Final = {"creatinine_clearance": "CrCl", "weight": "weight"}


def conditions(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield what the conditions of entries that stand for each other leave open, or cover twice."""
    yield from _unread(known, knowledge)
    yield from unmatched("therapy", "therapies", known.use)
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for entry in known.entries:
        yield from other_condition(entry, known.use)
        strength = base_value(entry.concentration) if entry.concentration is not None else None
        groups.setdefault((entry.care_area.casefold(), entry.drug, strength), []).append(entry)
    for entries in groups.values():
        for name in _UNITS:
            yield from _open_conditions(name, entries, known.use)
        yield from _more_for_less(entries, known.use)


def _unread(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the therapies that say a condition which no column and no mapping does: the entry counts for everybody.

    So does a name that is for a low clearance, of a drug whose dose a renal rule lowers.
    """
    reported: set[str] = set()
    for entry in known.entries:
        drug = knowledge.drugs.get(entry.drug)
        is_renal = drug is not None and drug.has_renal_rule and not entry.conditions
        for column, text in (("drug", entry.name), ("therapy", entry.therapy)) if is_renal else ():
            if _RENAL.search(text) is not None and _COMPARED.search(text) is None and text not in reported:
                reported.add(text)
                message = f"{entry.words} is for a low clearance by its name, and has no condition: it counts for all"
                yield at_limit(known.use, entry, column, message, None)._replace(found=text)
        if not entry.conditions and entry.therapy not in reported and _COMPARED.search(entry.therapy):
            reported.add(entry.therapy)
            message = f"the condition of {entry.words} is only in its name, and was not read: state it in `therapies`"
            yield at_limit(known.use, entry, "therapy", message, None)._replace(found=entry.therapy)


_RENAL: Final = re.compile(r"\b(?:renal|kidney|CKD|dialysis|reduced|impair\w*)\b", re.IGNORECASE)
_COMPARED: Final = re.compile(r"[<>\u2264\u2265]\s*=?\s*[0-9]")


def _open_conditions(name: str, entries: list[Entry], use: LibraryUse) -> Iterator[Hit]:
    own = [(each, next((one for one in each.conditions if one.name == name), None)) for each in entries]
    under = [(each, covered(one, _UNITS[name])) for each, one in own if one is not None]
    if not under:
        return
    unread = any(each.defects for each in use.library.entries_of(entries[0].drug))  # it may be for these patients
    if all(one is not None for _, one in own) and not unread:
        begins: dict[Fraction, Entry] = {}
        for entry, interval in under:
            begins.setdefault(interval.low, entry)
        for gap in gaps(interval for _, interval in under):
            message = f"no entry of {under[0][0].name} is for a {_NAMES[name]} {_words(gap, name)}"
            beside = [begins[end] for end in (gap.low, gap.high) if end is not None and end in begins]
            entry = min(beside, key=number_of, default=under[0][0])
            yield at_limit(use, entry, name, message, None)._replace(found=entry.therapy or None)
    yield from _covered_twice(name, under, use)


def _words(interval: Interval, name: str) -> str:
    words = interval.words(_UNITS[name])
    return words if words.startswith(("from ", "above ")) else f"of {words}"


def _covered_twice(name: str, under: list[tuple[Entry, Interval]], use: LibraryUse) -> Iterator[Hit]:
    """Yield each entry whose condition meets another one's, once: beside the one that reaches furthest."""
    first: dict[Interval, Entry] = {}
    for entry, interval in under:
        if len(entry.conditions) == 1 and not interval.is_empty:
            first.setdefault(interval, entry)
    furthest: Interval | None = None
    for interval in sorted(first, key=lambda each: (each.low, not each.with_low)):
        both = furthest.meet(interval) if furthest is not None else None
        if furthest is not None and both is not None and not both.is_empty:
            entry, other = sorted((first[furthest], first[interval]), key=number_of)
            words = _words(both, name)
            message = f"lines {entry.line} and {other.line} of {entry.name} are both for a {_NAMES[name]} {words}"
            yield at_limit(use, other, name, message, None)._replace(found=other.therapy or None)
        if furthest is None or interval.reaches_beyond(furthest):
            furthest = interval


def _more_for_less(entries: list[Entry], use: LibraryUse) -> Iterator[Hit]:
    """Yield the entry for lower clearances whose maximum is above all maxima of those for the next higher ones."""
    by_range: dict[Interval, list[Entry]] = {}
    for each in entries:
        if len(each.conditions) == 1 and each.conditions[0].name == _CLEARANCE:
            by_range.setdefault(covered(each.conditions[0], _UNITS[_CLEARANCE]), []).append(each)
    for (less, own), (more, others) in pairwise(sorted(by_range.items(), key=lambda each: each[0].low)):
        low, high = _most(own), _most(others)
        is_apart = less.high is not None and less.high <= more.low
        if is_apart and low is not None and high is not None and low[1].value > high[1].value:
            (entry, end), (other, most) = low, high
            message = (
                f"the {end.words} {end} of {entry.words} is above {most}, that of line {other.line}"
                f" for higher clearances"
            )
            yield at_limit(use, entry, end.name, message, end)


def _most(entries: list[Entry]) -> tuple[Entry, Limit] | None:
    """Return the entry with the highest maximum of a dose rate, None where one has none or they are no rates alike."""
    found: list[tuple[Entry, Limit]] = []
    for each in entries:
        limits = each.limits.get(DOSE)
        end = (limits.get(HARD_MAX) or limits.get(SOFT_MAX)) if limits is not None else None
        if limits is None or end is None or end.unit.shape != _PER_KG_RATE:
            return None
        found.append((each, end))
    return max(found, key=lambda each: each[1].value, default=None)


_CLEARANCE: Final = "creatinine_clearance"
_PER_KG_RATE: Final = "amount/weight/time"
