"""The page of `selftest`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Page

if TYPE_CHECKING:
    from rescuecalc.reporters.document.common_parts import Document


_SHOWN: Final = 20
"""Wrong answers that the page lists; JSON has all."""


def selftest_page(made: Document, width: int = WIDTH) -> Page:
    """Return the page: the verdict, what was wrong, the counts, and what runs here."""
    page, wrong = Page(width), made["wrong"]
    total = sum(each["answers"] for each in made["answers"])
    verdict = (
        f"passed: {total} known answers"
        if made["passed"]
        else "FAILED" + (f": {len(wrong)} of {total} answers wrong" if total else "")
    )
    page.add(f"self-test {verdict}", STRONG if made["passed"] else "error")
    if not made["passed"]:
        page.add("Do not use any number of this installation until the cause is known.", "error")
    for each in wrong[:_SHOWN]:
        page.add(
            f"{each['kind']} {each['of']}: {each['place']} is {each['found']!r}, known is {each['expected']!r}", "error"
        )
    if len(wrong) > _SHOWN:
        page.add(f"and {len(wrong) - _SHOWN} more; --json lists all", "error")
    page.heading("Answers")
    for each in made["answers"]:
        page.field(each["kind"], f"{each['right']} of {each['answers']} right")
    if made["left_out"]:
        page.field("not asked", f"{', '.join(made['left_out'])} (examples that read files of the sources)")
    page.heading("Installation")
    python, on = made["python"], made["platform"]
    page.field("rescuecalc", made["rescuecalc"])
    page.field("catalogue", f"sha256 {made['catalogue']['sha256']}")
    page.field("python", f"{python['version']} ({python['implementation']})")
    for each in made["libraries"]:
        page.field(each["name"], each["version"] or "not installed")
    page.field("platform", f"{on['system']} {on['release']}, {on['machine']}")
    page.add("The record has no date and no name: add both when you qualify the installation.", QUIET)
    return page
