"""The first screen of `renal`; it renders the document and calculates nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.reporters.document.common_parts import people, people_near
from rescuecalc.reporters.document.regimen.bedside import of_severity
from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Page
from rescuecalc.reporters.render.screen import SCREEN_LINES, assembled, field, verdict

if TYPE_CHECKING:
    from rescuecalc.reporters.document.common_parts import Document


def renal_screen(made: Document, width: int = WIDTH) -> Page:
    """Return the screen of a `renal` document."""
    top, end = Page(width), Page(width)
    verdict(top, made)
    exact, shown = people(made["exact_creatinine_clearance"]), people(made["creatinine_clearance"])
    beside = f" (exact: {exact})" if exact != shown else ""
    top.add(f"CrCl {shown}{beside}, on {_basis(made)}", STRONG, hang=2)
    tall = f", {people(made['height'])}" if made["height"] else ""
    patient = f"{made['age_years']} years, {made['sex']}, creatinine {people(made['creatinine'])}{tall}"
    top.add(f"Cockcroft-Gault: {patient}", hang=2)
    for each in made["bases"]:
        if each["basis"] != made["basis"]:
            field(end, each["basis"], f"{people(each['creatinine_clearance'])} on {_basis(each)}")
    missing = [each["basis"] for each in made["bases_not_defined"]]
    if missing:
        end.add(f"not calculated: on {' and '.join(missing)} weight", "warning", hang=2)
    for label in made["labels"]:
        end.add(f"{label['drug']}, {label['title']}: {label['band']}", hang=2)
    end.add("an eGFR (per 1.73 m2) is another quantity and not a creatinine clearance", QUIET, hang=2)
    return assembled(made, (top, end), SCREEN_LINES)


def renal_numbers(made: Document) -> str:
    """Return the clearance with the weight that it is on."""
    before = "DO NOT USE: " if of_severity(made, "error") else ""
    return f"{before}{people(made['creatinine_clearance'])} on {_basis(made)}\n"


def _basis(each: Document) -> str:
    return f"{each['basis']} weight {people_near(each['dosing_weight'])}"
