"""The findings of `check` as Markdown: for the summary of a pipeline's job, or a comment of a merge request."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from rescuecalc.reporters.render.check.check_summary import judged_line, summary_line
from rescuecalc.reporters.render.check.settings_text import settings_lines
from rescuecalc.reporters.render.harmless_text import printable
from rescuecalc.reporters.render.text_formats import for_markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rescuecalc.core.orders.findings.source_location import Located
    from rescuecalc.reporters.document.check import Checked

_BY_RULE: Final = ("Rule", "Severity", "Findings", "Name")
_BY_PLACE: Final = ("Place", "Severity", "Rule", "Finding")


def check_markdown(checked: Checked) -> str:
    """Return what was found in a sentence, by rule, and file by file."""
    return "".join(f"{line}\n" for line in _lines(checked))


def _lines(checked: Checked) -> Iterator[str]:
    yield from ("# rescuecalc check", "", f"**{_cell(summary_line(checked))}**", "")
    if checked.orders:
        yield _cell(judged_line(checked))
    if checked.not_given:
        yield from ("", f"Not given and so not judged: {', '.join(checked.not_given)}.")
    settings_list = [f"- {_cell(line)}" for line in settings_lines(checked.settings)]
    yield from ("", *settings_list) if settings_list else ()
    if checked.by_code:
        yield ""
        yield from _table(
            _BY_RULE, ((each.code, each.severity, str(each.findings), each.name) for each in checked.by_code)
        )
    for file, group in groupby(checked.located, key=lambda each: each.finding.file):
        yield from ("", f"## {_cell(file or '')}", "")
        yield from _table(_BY_PLACE, map(_row, group))


def _row(each: Located) -> tuple[str, ...]:
    found = each.finding
    where = f"{found.line}:{found.column}" if found.line is not None else "-"
    return where, found.severity.value, found.code, found.message


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield "|" + " --- |" * len(headings)
    for row in rows:
        yield f"| {' | '.join(_cell(each).replace('|', chr(92) + '|') for each in row)} |"


def _cell(text: str) -> str:
    marked: str = for_markdown(printable(text))
    return marked
