"""The page of `renal`."""

from __future__ import annotations

from rescuecalc.reporters.document.common_parts import Document, people
from rescuecalc.reporters.render import page as pages
from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Page


def renal_page(made: Document, width: int = WIDTH) -> Page:
    """Return the page of a `renal` document."""
    page = Page(width)
    exact = people(made["exact_creatinine_clearance"])
    beside = f" (exact: {exact})" if exact != people(made["creatinine_clearance"]) else ""
    page.add(f"CREATININE CLEARANCE  {people(made['creatinine_clearance'])}{beside}", STRONG)
    page.field("weight basis", f"{made['basis']}, {people(made['dosing_weight'])}", indent=0)
    page.field(
        "patient", f"{made['age_years']} years, {made['sex']}, creatinine {people(made['creatinine'])}", indent=0
    )
    page.heading("BY WEIGHT BASIS (no label says which; judged on the unrounded value)")
    for each in made["bases"]:
        page.field(each["basis"], f"{people(each['creatinine_clearance'])} ({people(each['dosing_weight'])})")
    for each in made["bases_not_defined"]:
        page.field(each["basis"], f"not calculated: {each['reason']}", QUIET)
    page.heading("WHAT THE LABELS DO AT THIS CrCl")
    for label in made["labels"]:
        page.field(label["drug"], f"{label['title']}: {label['band']}")
    page.heading("HOW EACH NUMBER ARISES")
    for step in made["derivation"]:
        page.add(f"{step['of']}: {step['formula']}", indent=2, hang=2)
        page.add(step["calculation"], indent=6, hang=2)
    page.add(
        "an eGFR (per 1.73 m2) is another quantity and never stands in for a creatinine clearance", indent=2, hang=2
    )
    pages.findings(page, made["findings"])
    pages.source_list(page, made["sources"])
    return page
