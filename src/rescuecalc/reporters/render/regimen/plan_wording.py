"""What people read for the parts of a plan."""

from __future__ import annotations

import re
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.regimen.schedule import clock_after
from rescuecalc.reporters.document.common_parts import people
from rescuecalc.reporters.render.regimen.dose_wording import clock, moment

if TYPE_CHECKING:
    from rescuecalc.reporters.document.common_parts import Document

EVENTS = {
    "imaging-before-start": "imaging",
    "thrombolysis": "thrombolysis",
    "infusion-start": "infusion starts",
    "pump-rate-change": "pump rate changes",
    "container-empty": "container empty",
    "infusion-stop": "infusion stops",
    "overlap": "overlap",
    "swallow-screen": "swallow screen",
    "antiplatelet-load": "load",
    "antiplatelet-maintenance": "repeated dose",
    "antiplatelet-dose": "dose",
    "repeat-imaging": "repeat imaging",
    "imaging-not-clean": "if not clean",
    "platelet-function-back": "platelet function recovering",
    "assay-valid-from": "P2Y12 assay valid from",
    "assay": "P2Y12 assay",
    "neuro-and-bp-checks": "checks",
    "platelets-baseline": "blood count",
    "platelets-early": "blood count",
    "platelets-daily": "blood count",
    "platelets-late": "blood count",
}
"""What people read for an event."""

GIVEN: Final = frozenset(
    (
        *("bolus", "infusion-start", "pump-rate-change", "container-empty"),
        *("antiplatelet-load", "antiplatelet-dose", "antiplatelet-maintenance"),
    )
)
"""Events by which a drug is given: whoever reads one alone reads with it that something is wrong."""


_OFFSET: Final = re.compile(r"(?<![\w.])(?P<sign>[+-])(?P<length>[0-9]+(?:\.[0-9]+)?) (?P<unit>h|min)\b")
_SECONDS: Final = {"h": 3600, "min": 60}


def start_of(made: Document) -> datetime | None:
    """Return the clock time of the start in its zone, None where none was given."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # of a start alone: it is slow to import

    if made["start"] is None:
        return None
    start = datetime.fromisoformat(made["start"])
    zone = ZoneInfo(made["timezone"]) if made.get("timezone") is not None else start.tzinfo
    return start.astimezone(zone)


def short_clock(at: str, start: str | None) -> str:
    """Return a clock time with its offset from UTC, which a change of the clocks changes: ``03-29 17:00 +02:00``.

    A year that is not that of the start is named: it may be a slip of the pen.
    """
    return clock(at).removeprefix((start or "")[:5])


def clocked(made: Document) -> Document:
    """Return a document whose findings say the clock time beside each time after the start, where it has a clock."""
    start = start_of(made)
    if start is None:
        return made

    def beside(found: re.Match[str]) -> str:
        after = Fraction(f"{found['sign']}{found['length']}") * _SECONDS[found["unit"]]
        at = clock_after(start, after.__floor__()).isoformat(timespec="seconds")
        return f"{found[0]} ({short_clock(at, made['start'])})"

    found = [{**each, "message": _OFFSET.sub(beside, each["message"])} for each in made["findings"]]
    return {**made, "findings": found}


def headline(each: Document, made: Document) -> str:
    """Return what an event of a plan is, of which drug, how often and until when."""
    what = made["boluses"][0]["called"] if each["event"] == "bolus" else EVENTS[each["event"]]
    of = each["drug"] or ""
    dose = people(each["dose"]) if each["dose"] else ""
    until = f"to {moment(each, 'until_')}" if each["until_elapsed"] else ""
    often = f"every {people(each['every'])}" if each["every"] else ""
    head = " ".join(part for part in (of, dose, each["route"] or "") if part)
    return ", ".join(part for part in (f"{what}: {head}" if head else what, often, until) if part)


def dose_words(each: Document) -> str:
    """Return an antiplatelet's dose as people read it: ``clopidogrel 300 mg PO once``."""
    dose = people(each["dose"]) if each["dose"] else "dose not stated"
    often = each["frequency"] or ("once" if each["dose"] else "")
    return " ".join(part for part in (each["drug"], dose, each["route"] or "(route not stated)", often) if part)


def gap_words(gap: Document) -> str:
    """Return a gap as people read it: once where the worst and the best case are the same."""
    if gap["worst"] == gap["best"]:
        return str(gap["worst"])
    return f"worst case {gap['worst']}, best case {gap['best']}"


def agent_words(each: Document) -> str:
    """Return an antiplatelet with its dose, its time and who states it."""
    when = f"at {moment(each)}" if each["elapsed"] else "time not stated"
    return f"{dose_words(each)}, {when} ({each['stated']})"
