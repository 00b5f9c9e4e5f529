"""RC711 of libraries: limits that no dose is held for, so that nothing but the library itself speaks against them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.library.pump_library import DOSE, PREFIXES
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.rules.library.entries.entry_products import misspelt
from rescuecalc.rules.library.entries.limit_slips import JUDGED, slipped
from rescuecalc.rules.library.entries.published_doses import held_dose
from rescuecalc.rules.library.entries.stated_doses import stated
from rescuecalc.rules.library.hits import at_limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.limits import LimitSet
    from rescuecalc.core.library.pump_library import Entry
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.base.rule import Hit
    from rescuecalc.rules.library.hits import InLibrary


def unjudged(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield a note for each drug of whose limits some were compared with no dose."""
    for drug, entries in known.by_drug():
        sets = _sets(entries, drug, knowledge)
        left = [(entry, name) for entry, name in sets if not _is_judged(entry, name, known, knowledge)]
        if not left or misspelt(drug, knowledge) is not None:
            continue
        entry, name = left[0]
        message = f"no dose of {drug} is held: its limits and strengths were compared only with each other and the pump"
        if len(left) < len(sets):
            more = f", and those of {len(left) - 1:,} more" if len(left) > 1 else ""
            what = "limits" if name == DOSE else "bolus limits"
            message = f"no dose of {drug} is held that the {what} of {entry.words} could be compared with{more}"
        yield at_limit(known.use, entry, f"{PREFIXES[name] or 'dose_'}unit", message, None, severity=Severity.NOTE)


def without_dose(known: InLibrary, knowledge: Knowledge) -> int:
    """Return of how many entries some limits were compared with no dose."""
    sets = (each for drug, entries in known.by_drug() for each in _sets(entries, drug, knowledge))
    return len({entry.number for entry, name in sets if not _is_judged(entry, name, known, knowledge)})


def _sets(entries: tuple[Entry, ...], drug: str, knowledge: Knowledge) -> list[tuple[Entry, str]]:
    """Return the limits of entries that a dose bounds, else of a drug of which nothing is held any others."""
    sets = [(entry, name) for entry in entries for name in JUDGED if _has_any(entry.limits.get(name))]
    if sets or knowledge.has_known_doses(drug):
        return sets
    return [(entry, name) for entry in entries for name in PREFIXES if _has_any(entry.limits.get(name))]


def _has_any(limits: LimitSet | None) -> bool:
    return limits is not None and bool(limits.ends)


def _is_judged(entry: Entry, name: str, known: InLibrary, knowledge: Knowledge) -> bool:
    """Whether limits were compared with a dose that is published, or that a protocol states."""
    limits = entry.limits[name]
    if name not in JUDGED:
        return False
    is_held = entry.number in slipped(known, knowledge) or held_dose(entry, limits, knowledge) is not None
    return is_held or any(stated(entry, limits, known, knowledge))
