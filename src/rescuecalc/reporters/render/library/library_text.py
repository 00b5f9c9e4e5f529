"""The pages of `library`: what is wrong in one, what a new version changes, and what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.library.limits import WORDS
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.reporters.render.check.check_summary import number_of
from rescuecalc.reporters.render.check.check_text import add_finding
from rescuecalc.reporters.render.harmless_text import printable
from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.document.library import LibraryChecked, LibraryShown, checked_of, show_document

_LISTED: Final = 8
"""Headings and protocols that a page names."""


def check_page(made: LibraryChecked, width: int = WIDTH) -> Page:
    """Return the page of `library check` or `library diff`."""
    page = Page(width)
    checked, library = checked_of(made), made.use.library
    if checked.located:
        page.path(printable(library.file))
    for each in checked.located:
        add_finding(page, each)
    if checked.located:
        page.add("")
    counted = ", ".join(number_of(made.counts[each], each.value) for each in Severity if made.counts[each])
    known = f"; {number_of(checked.known, 'finding')} in the baseline" if checked.known else ""
    left = f"; {number_of(checked.left_out, 'finding')} of them not listed" if checked.left_out else ""
    unread = "; not everything could be read" if made.unreadable else ""
    what = "changes" if made.use.older is not None else "findings"
    own = made.use.entries
    entries, drugs = number_of(len(own), "entry", "entries"), number_of(len({each.drug for each in own}), "drug")
    page.add(f"{counted or f'no {what}'} in {entries} of {drugs}{known}{left}{unread}", STRONG)
    _about(page, made)
    return page


def _about(page: Page, made: LibraryChecked) -> None:
    """Say what was judged, by what, and what of the file was not."""
    library = made.use.library
    if made.unread:
        page.add(f"not judged: {number_of(made.unread, 'entry', 'entries')}, which cannot be read")
    if made.without_dose:
        page.add(f"without a held dose: {number_of(made.without_dose, 'entry', 'entries')} (RC711)")
    names = [each.id for each in made.use.protocols]
    if names:
        how = "compared with" if made.use.are_named else "compared, as notes, with"
        page.add(f"{how} {_some(names)}", hang=2)
    page.add(printable(made.use.words), hang=2)
    if library.unmapped:
        page.add(printable(f"headings without a mapping: {_some(library.unmapped)}"), QUIET, hang=2)
    if library.passed_over:
        page.add(f"skipped: {number_of(library.passed_over, 'row')} without a drug or with one cell", QUIET)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"{', '.join(names[:_LISTED])}{more}"


def show_page(shown: LibraryShown, width: int = WIDTH) -> Page:
    """Return the page of `library show`."""
    page, made = Page(width), show_document(shown)
    titles = (made["name"], made["version"] and f"version {made['version']}", made["released"], made["kind"])
    page.add(", ".join(printable(part) for part in titles if part), STRONG)
    for name, words in (
        ("max_rate", "fastest"),
        ("min_rate", "slowest"),
        ("rate_step", "step"),
        ("max_vtbi", "VTBI to"),
    ):
        if made[name]:
            page.field(words, made[name], indent=0)
    area: str | None = ""
    for entry in made["entries"]:
        if entry["care_area"] != area:
            area = entry["care_area"]
            page.heading(printable(area or "ANY CARE AREA"))
        _entry_lines(page, entry)
    page.add("")
    page.add(number_of(len(made["entries"]), "entry", "entries"), STRONG)
    return page


def _entry_lines(page: Page, entry: Document) -> None:
    parts = (entry["name"], entry["therapy"], entry["strength"])
    page.add(printable(", ".join(part for part in parts if part)), indent=2, hang=2)
    for name, limits in entry["limits"].items():
        ends = "; ".join(f"{words} {limits[end]}" for end, words in WORDS.items() if limits[end])
        label = {"dose": "dose", "bolus": "bolus", "bolus_rate": "bolus rate", "conc": "typed in"}[name]
        page.field(label, ends or f"in {limits['unit']}, no limits", QUIET, indent=4)
    for words in entry["not_read"]:
        page.add(printable(f"not read: {words}"), "error", indent=4, hang=2)
