"""The page of `check`: findings by file, each with its source line and a caret under the place."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.reporters.document.folded_notes import FoldedNotes, folded
from rescuecalc.reporters.render.check.check_summary import is_silent, judged_line, summary_line
from rescuecalc.reporters.render.check.concise import concise_line
from rescuecalc.reporters.render.check.settings_text import settings_lines
from rescuecalc.reporters.render.harmless_text import columns, fitting, printable
from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Line, Page

if TYPE_CHECKING:
    from rescuecalc.core.library.pump_library import LibraryUse
    from rescuecalc.core.orders.findings.source_location import Located, Place
    from rescuecalc.reporters.document.check import Checked

_CUT: Final = "..."

_BEHIND: Final = 16
"""Columns that are kept for what follows the place on its line."""


def check_page(checked: Checked, width: int = WIDTH, *, quiet: bool = False, statistics: bool = False) -> Page:
    """Return the findings grouped by file, and at the end what was found in all.

    ``quiet`` leaves what ends the run, a line each, and what is kept out of sight; ``statistics`` counts by rule.
    """
    page = Page(width)
    if quiet:
        return page if is_silent(checked) else _brief(page, checked, statistics=statistics)
    if statistics:
        _statistics(page, checked)
    else:
        _by_file(page, checked)
    if checked.located:
        page.lines.append(Line(""))
    for line in settings_lines(checked.settings):
        page.add(printable(line), hang=2)
    page.add(summary_line(checked), STRONG)
    if checked.orders:
        page.add(judged_line(checked))
    for of_file, at, name, drug, state in checked.standings:
        where = f"{printable(of_file)}:{at}" if at is not None else printable(of_file)
        page.add(f"{state.replace('_', ' ')}: {where} {printable(name or drug or '(no drug)')}", indent=2, hang=2)
    for use in checked.libraries:
        page.add(library_words(use), hang=2)
    if checked.not_given:
        page.add(f"not given and so not judged: {', '.join(checked.not_given)}", hang=2)
    return page


def _by_file(page: Page, checked: Checked) -> None:
    # They come sorted by file already; sorting again would hide it if they did not.
    for file, group in groupby(checked.located, key=lambda each: each.finding.file):
        page.path(printable(file or ""))
        for each in folded(group):
            _folded(page, each) if isinstance(each, FoldedNotes) else add_finding(page, each)


def _brief(page: Page, checked: Checked, *, statistics: bool) -> Page:
    """Add what ends the run, what the settings keep out of sight, and the counts; nothing else."""
    if statistics:
        _statistics(page, checked)
    for each in checked.located if not statistics else ():
        if each.fails:
            page.exactly(concise_line(each), each.finding.severity.value)
    for line in settings_lines(checked.settings):
        page.add(printable(line), hang=2)
    page.add(summary_line(checked), STRONG)
    return page


def _statistics(page: Page, checked: Checked) -> None:
    """Add how often each rule found something, the most frequent first within a severity."""
    most = max((len(f"{each.findings:,}") for each in checked.by_code), default=0)
    for each in checked.by_code:
        page.add(f"{each.findings:>{most},}  {each.severity.upper():<8}{each.code}  {each.name}", each.severity)


def library_words(use: LibraryUse) -> str:
    """Return which pump library judged, on one line."""
    return printable(f"compared with {use.words}")


def _folded(page: Page, notes: FoldedNotes) -> None:
    """Add the notes of a set that belong together as one line, without their source lines."""
    page.add(f"{'-':<8}NOTE    {notes.codes}  {printable(notes.message)}", Severity.NOTE.value, indent=2, hang=8)


def add_finding(page: Page, each: Located) -> None:
    """Add a finding with its place, and the line of the file where it stands."""
    found, place = each.finding, each.place
    where = f"{place.line}:{place.column}" if place is not None else "-"
    head = f"{where:<8}{found.severity.value.upper():<8}{found.code}  {printable(found.message)}"
    page.add(head, found.severity.value, indent=2, hang=8)
    if place is not None and place.excerpt.strip():
        _excerpt(page, _narrowed(place, found.found or ""))


_QUOTES: Final = 2


def _narrowed(place: Place, found: str) -> Place:
    """Return where in a longer text what was found stands; a value that is found whole stays, in quotes too."""
    # Within the value alone: the same number may stand before it on the line.
    at = place.excerpt.find(found, place.offset, place.offset + place.length)
    if not found or at < 0 or len(found) + _QUOTES >= place.length:
        return place
    return place._replace(offset=at, length=len(found))


def _excerpt(page: Page, place: Place) -> None:
    """Add the source line with carets under the place; of a long line the part around it."""
    number = f"{place.line:>6} | "
    before, shown = place.excerpt[: place.offset], place.excerpt[place.offset :]
    marked, after = shown[: max(1, place.length)], shown[max(1, place.length) :]
    left, middle, right = printable(before.lstrip()), printable(marked), printable(after.rstrip())
    room = page.width - len(number) - min(columns(right), _BEHIND)
    most = room - min(columns(left), len(_CUT))
    if columns(middle) > most:
        middle = fitting(middle, most - len(_CUT)) + _CUT
    if columns(left) + columns(middle) > room:
        left = _CUT + _last(left, max(0, room - columns(middle) - len(_CUT)))
    space = page.width - len(number) - columns(left) - columns(middle)
    if columns(right) > space:
        right = fitting(right, max(0, space - len(_CUT))) + _CUT if space >= len(_CUT) else ""
    # Once more: what was cut in two, as `##` and `[`, stands together here.
    page.lines.append(Line(printable(f"{number}{left}{middle}{right}".rstrip()), QUIET))
    caret = "^" * max(1, columns(middle))
    page.lines.append(Line(f"{'':>6} | {'':>{columns(left)}}{caret}", QUIET))


def _last(text: str, most: int) -> str:
    """Return as much of the end of ``text`` as fits."""
    text = text[len(text) - most :] if len(text) > most else text
    while columns(text) > most:
        text = text[1:]
    return text
