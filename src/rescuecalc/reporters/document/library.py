"""The documents and pages of `library`: what is wrong in one, what a new version changes, and what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.library.limits import WORDS
from rescuecalc.core.library.pump_library import SETS
from rescuecalc.core.orders.finding import Severity
from rescuecalc.reporters.document.check import check_lines, library_head, library_part
from rescuecalc.reporters.document.common_parts import Document, finding, header
from rescuecalc.reporters.render.check_summary import number_of
from rescuecalc.reporters.render.check_text import add_finding
from rescuecalc.reporters.render.harmless_text import visible
from rescuecalc.reporters.render.json_text import json_text
from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rescuecalc.core.library.limits import LimitSet
    from rescuecalc.core.library.pump_library import Entry, LibraryUse, PumpLibrary
    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.source_location import Located
    from rescuecalc.reporters.document.check import Checked
    from rescuecalc.rules.base.rule import Rule

_LISTED: Final = 8
"""Headings and protocols that a page names."""


class LibraryChecked(NamedTuple):
    """What was found in a library, or of what changed in it; ``checked`` is the same for formats of `check`."""

    use: LibraryUse
    located: tuple[Located, ...]
    counts: Mapping[Severity, int]
    unreadable: bool
    checked: Checked | None = None

    @property
    def unread(self) -> int:
        """How many entries could not be read and were not judged."""
        return sum(1 for each in self.use.library.entries if each.defects)


class LibraryShown(NamedTuple):
    """A library with those of its entries that are shown; of a template, which is none yet, its ``rows`` by column."""

    library: PumpLibrary | None
    entries: tuple[Entry, ...]
    rows: tuple[Mapping[str, str], ...] = ()


def check_document(made: LibraryChecked) -> Document:
    """Return the document of `library check`."""
    return {**header("library-check"), **_common(made)}


def diff_document(made: LibraryChecked) -> Document:
    """Return the document of `library diff`."""
    older = made.use.older
    before = library_part(made.use._replace(library=older)) if older is not None else None
    return {**header("library-diff"), "before": before, **_common(made)}


def _common(made: LibraryChecked) -> Document:
    library, checked = made.use.library, made.checked
    listed = checked.located if checked is not None else made.located
    return {
        "library": library_part(made.use),
        "protocols": [each.id for each in made.use.protocols],
        "protocols_named": made.use.are_named,
        "findings": [finding(each.finding) for each in listed],
        "summary": {
            "entries": len(library.entries),
            "not_judged": made.unread,
            "drugs": len(library.drugs),
            "passed_over": library.passed_over,
            "unmapped": list(library.unmapped),
            **{severity.value: made.counts[severity] for severity in Severity},
            "in_baseline": checked.known if checked is not None else 0,
            "left_out": checked.left_out if checked is not None else 0,
            "all_read": not made.unreadable,
        },
    }


def check_json(made: LibraryChecked) -> str:
    """Return the document of `library check` as JSON."""
    return json_text(check_document(made))


def diff_json(made: LibraryChecked) -> str:
    """Return the document of `library diff` as JSON."""
    return json_text(diff_document(made))


def lines(made: LibraryChecked) -> str:
    """Return one finding a line."""
    return check_lines(_checked(made))


def _checked(made: LibraryChecked) -> Checked:
    if made.checked is None:
        raise TypeError("the formats of `check` need what they take")
    return made.checked


def sarif(made: LibraryChecked, rules: Sequence[Rule], sources: Mapping[str, Source]) -> str:
    """Return the findings as SARIF."""
    from rescuecalc.reporters.render.sarif import sarif_text  # noqa: PLC0415  # of this format alone

    return sarif_text(_checked(made), rules, sources)


def junit(made: LibraryChecked) -> str:
    """Return the findings as JUnit XML."""
    from rescuecalc.reporters.render.junit import junit_text  # noqa: PLC0415  # of this format alone

    return junit_text(_checked(made))


def github(made: LibraryChecked) -> str:
    """Return the findings as annotations of GitHub Actions."""
    from rescuecalc.reporters.render.github import annotation_lines  # noqa: PLC0415  # of this format alone

    return annotation_lines(_checked(made))


def check_page(made: LibraryChecked, width: int = WIDTH) -> Page:
    """Return the page of `library check` or `library diff`."""
    page = Page(width)
    checked, library = _checked(made), made.use.library
    if checked.located:
        page.path(visible(library.file))
    for each in checked.located:
        add_finding(page, each)
    if checked.located:
        page.add("")
    counted = ", ".join(number_of(made.counts[each], each.value) for each in Severity if made.counts[each])
    known = f"; {number_of(checked.known, 'finding')} in the baseline" if checked.known else ""
    left = f"; {number_of(checked.left_out, 'finding')} of them not listed" if checked.left_out else ""
    unread = "; not everything could be read" if made.unreadable else ""
    what = "changes" if made.use.older is not None else "findings"
    entries, drugs = number_of(len(library.entries), "entry", "entries"), number_of(len(library.drugs), "drug")
    page.add(f"{counted or f'no {what}'} in {entries} of {drugs}{known}{left}{unread}", STRONG)
    _about(page, made)
    return page


def _about(page: Page, made: LibraryChecked) -> None:
    """Say what was judged, by what, and what of the file was not."""
    library = made.use.library
    if made.unread:
        page.add(f"not judged: {number_of(made.unread, 'entry', 'entries')}, which cannot be read")
    names = [each.id for each in made.use.protocols]
    if names:
        how = "compared with" if made.use.are_named else "compared, as notes, with"
        page.add(f"{how} {_some(names)}", hang=2)
    page.add(visible(made.use.words), hang=2)
    if library.unmapped:
        page.add(visible(f"headings that nothing is mapped to: {_some(library.unmapped)}"), QUIET, hang=2)
    if library.passed_over:
        page.add(f"passed over: {number_of(library.passed_over, 'row')} without a drug or with one cell", QUIET)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"{', '.join(names[:_LISTED])}{more}"


def show_json(made: LibraryShown) -> str:
    """Return the document of `library show` as JSON."""
    return json_text(show_document(made))


def show_document(made: LibraryShown) -> Document:
    """Return the document of `library show`."""
    library, entries = made.library, made.entries
    if library is None:
        raise TypeError("a template is no library yet")
    return {
        **header("library"),
        **library_head(library),
        "max_rate": _text(library.max_rate),
        "min_rate": _text(library.min_rate),
        "rate_step": _text(library.rate_step),
        "max_vtbi": _text(library.max_vtbi),
        "care_areas": [
            {"name": each.name, "max_rate": _text(each.max_rate), "max_vtbi": _text(each.max_vtbi)}
            | {"weight": _limits(each.weight) if each.weight is not None else None}
            for each in library.areas.values()
        ],
        "unmapped": list(library.unmapped),
        "entries": [_entry(each) for each in entries],
    }


def _text(value: object) -> str | None:
    return str(value) if value is not None else None


def _entry(entry: Entry) -> Document:
    return {
        "line": entry.line,
        "care_area": entry.care_area or None,
        "drug": entry.drug,
        "name": entry.name,
        "therapy": entry.therapy or None,
        **{
            name: next((one.text for one in entry.conditions if one.name == name), None)
            for name in ("creatinine_clearance", "weight")
        },
        "strength": entry.strength or None,
        "concentration": _text(entry.concentration),
        "limits": {name: _limits(entry.limits[name]) for name in SETS if name in entry.limits},
        "max_rate": _text(entry.max_rate),
        "max_vtbi": _text(entry.max_vtbi),
        "code": entry.code or None,
        "not_read": [each.message for each in entry.defects],
    }


def _limits(limits: LimitSet) -> Document:
    return {"unit": limits.unit.name, **{name: _text(limits.get(name)) for name in WORDS}}


def show_page(shown: LibraryShown, width: int = WIDTH) -> Page:
    """Return the page of `library show`."""
    page, made = Page(width), show_document(shown)
    said = (made["name"], made["version"] and f"version {made['version']}", made["released"], made["kind"])
    page.add(", ".join(visible(part) for part in said if part), STRONG)
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
            page.heading(visible(area or "ANY CARE AREA"))
        _entry_lines(page, entry)
    page.add("")
    page.add(number_of(len(made["entries"]), "entry", "entries"), STRONG)
    return page


def _entry_lines(page: Page, entry: Document) -> None:
    parts = (entry["name"], entry["therapy"], entry["strength"])
    page.add(visible(", ".join(part for part in parts if part)), indent=2, hang=2)
    for name, limits in entry["limits"].items():
        ends = "; ".join(f"{words} {limits[end]}" for end, words in WORDS.items() if limits[end])
        label = {"dose": "dose", "bolus": "bolus", "bolus_rate": "bolus rate", "conc": "typed in"}[name]
        page.field(label, ends or f"in {limits['unit']}, no limits", QUIET, indent=4)
    for words in entry["not_read"]:
        page.add(visible(f"not read: {words}"), "error", indent=4, hang=2)
