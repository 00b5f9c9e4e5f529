"""What people read for the parts of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.reporters.document.common_parts import people
from rescuecalc.reporters.render.regimen.dose_wording import moment

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


def headline(each: Document, made: Document) -> str:
    """Return what an event of a plan is, of which drug, how often and until when."""
    what = made["boluses"][0]["called"] if each["event"] == "bolus" else EVENTS[each["event"]]
    of = each["drug"] or ""
    dose = people(each["dose"]) if each["dose"] else ""
    until = f"to {each['until_elapsed']}" if each["until_elapsed"] else ""
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
