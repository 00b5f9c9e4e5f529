"""Comments of a YAML file that speak to `check`; what stands inside of a value is no comment."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, Final

import yaml

from rescuecalc.core.orders.findings.suppression import MARK, Suppression, suppression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.readers.document_reading import Lines

_LOADER: Final[Any] = getattr(yaml, "CLoader", yaml.Loader)
_COMMENT: Final = re.compile(rf"(?:^|(?<=[ \t\n]))#[ \t]*{MARK}(?P<words>[^\r\n]*)", re.MULTILINE)


def suppressions(text: str, lines: Lines) -> tuple[Suppression, ...]:
    """Return the suppressions that the comments of ``text``, which can be read, hold.

    One behind a value covers its line; one that stands alone covers the next line that is no comment, and with it the
    order that begins there; before the first line it covers the file.
    """
    if MARK not in text:
        return ()
    inside = list(_scalars(text, lines))
    written = [place for place, each in enumerate(_split(text, lines), start=1) if each and not each.startswith("#")]
    starts = [start for start, _ in inside]
    found = []
    for match in _COMMENT.finditer(text):
        before = bisect_right(starts, match.start()) - 1
        if before >= 0 and match.start() < inside[before][1]:
            continue
        line = bisect_right(lines.starts, match.start())
        read = suppression(match["words"])._replace(
            line=line, column=match.start() - lines.starts[line - 1] + 1, text=match[0].strip()
        )
        found.append(read._replace(covers=_covered(text, lines, line, match.start(), written)))
    return tuple(found)


def _scalars(text: str, lines: Lines) -> Iterator[tuple[int, int]]:
    """Yield where each value begins and ends; what cannot be read any more is told by the reader."""
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.ScalarEvent):
                yield _offset(lines, event.start_mark, len(text)), _offset(lines, event.end_mark, len(text))
    except yaml.YAMLError:
        return


def _offset(lines: Lines, mark: Any, end: int) -> int:
    return lines.starts[mark.line] + mark.column if mark.line < len(lines.starts) else end


def _covered(text: str, lines: Lines, line: int, start: int, written: list[int]) -> int:
    """Return the line that a comment covers, 0 for the file; ``written`` are the lines that are no comment."""
    if text[lines.starts[line - 1] : start].strip():
        return line
    after = bisect_right(written, line)
    first = written[after] if after < len(written) else 0
    return 0 if not written or first == written[0] else first


def _split(text: str, lines: Lines) -> Iterator[str]:
    ends = [*lines.starts[1:], len(text)]
    yield from (text[start:end].strip() for start, end in zip(lines.starts, ends, strict=True))
