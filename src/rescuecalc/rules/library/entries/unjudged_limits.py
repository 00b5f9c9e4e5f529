"""RC711 of libraries: limits that no dose is held for, so that nothing but the library itself speaks against them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.library.pump_library import DOSE
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
        sets = [(entry, name) for entry in entries for name in JUDGED if _has_any(entry.limits.get(name))]
        left = [(entry, name) for entry, name in sets if not _is_judged(entry, name, known, knowledge)]
        if not left or misspelt(drug, knowledge) is not None:
            continue
        entry, name = left[0]
        message = f"no dose of {drug} is held: its limits were compared only with each other and with the pump"
        if len(left) < len(sets):
            more = f", and those of {len(left) - 1:,} more" if len(left) > 1 else ""
            what = "limits" if name == DOSE else "bolus limits"
            message = f"no dose of {drug} is held that the {what} of {entry.words} could be compared with{more}"
        yield at_limit(known.use, entry, f"{JUDGED[name] or 'dose_'}unit", message, None, severity=Severity.NOTE)


def _has_any(limits: LimitSet | None) -> bool:
    return limits is not None and bool(limits.ends)


def _is_judged(entry: Entry, name: str, known: InLibrary, knowledge: Knowledge) -> bool:
    """Whether limits were compared with a dose that is published, or that a protocol states."""
    limits = entry.limits[name]
    is_held = entry.number in slipped(known, knowledge) or held_dose(entry, limits, knowledge) is not None
    return is_held or any(stated(entry, limits, known, knowledge))
