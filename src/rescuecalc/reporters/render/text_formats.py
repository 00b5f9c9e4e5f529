"""CSV and Markdown of what others may have written: no cell is a formula, and no title is HTML or a link."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# OWASP, CSV injection: what a spreadsheet evaluates begins with one of these.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER: Final = re.compile(r"[+-]?[0-9][0-9:.,]*(?: ?%| [A-Za-z/%]{1,20})?")
"""A signed number or time, with its unit: no spreadsheet calculates anything of it."""

# HTML, links and code alone: escaping each sign of Markdown would make doses hard to read in the source.
_MARKDOWN: Final = str.maketrans({"\\": "\\\\", "&": "&amp;", "<": "&lt;", "[": "\\[", "]": "\\]", "`": "\\`"})


def csv_cell(text: str) -> str:
    """Return a cell that a spreadsheet shows as it is: what would be a formula has an apostrophe before it.

    >>> csv_cell("=1+1"), csv_cell("-00:05:00"), csv_cell("aspirin")
    ("'=1+1", '-00:05:00', 'aspirin')
    """
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def csv_text(headings: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """Return rows as CSV under their headings."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([csv_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def for_markdown(made: Any) -> Any:
    r"""Return a document with each of its texts as Markdown shows it: no HTML, no link, no code.

    >>> for_markdown({"title": "<script> [x](y)", "rows": [1, None]})
    {'title': '&lt;script> \\[x\\](y)', 'rows': [1, None]}
    """
    if isinstance(made, str):
        return made.translate(_MARKDOWN)
    if isinstance(made, dict):
        return {key: for_markdown(value) for key, value in made.items()}
    if isinstance(made, (list, tuple)):
        return [for_markdown(value) for value in made]
    return made
