"""Bytes as text, within bounds: a whole document, or line by line."""

from __future__ import annotations

import json
from collections import deque
from typing import IO, TYPE_CHECKING, Final

from rescuecalc.readers.csv_rows import HEADINGS
from rescuecalc.readers.document_reading import LARGEST_YAML, LONGEST_LINE, NotReadable

if TYPE_CHECKING:
    from collections.abc import Iterator

BOM: Final = b"\xef\xbb\xbf"

_ENDLESS: Final = 200_000_000
"""Bytes after which a line is taken to have no end, as of a device at standard input."""


class Input:
    """The bytes of one file; what was read to tell its format is handed out again."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        first = self._line()
        self.has_bom = first.startswith(BOM)
        self._ahead = deque([first.removeprefix(BOM)])

    def _line(self) -> bytes:
        return self._stream.readline(LONGEST_LINE + 1)

    def readline(self) -> bytes:
        """Return the next line, or its first million bytes."""
        return self._ahead.popleft() if self._ahead else self._line()

    def suffix(self) -> str:
        """Return the format that the first lines look like: JSON, JSON Lines, CSV, else YAML."""
        blank = 0
        while not self._ahead[-1].strip() and (line := self._line()):
            self._ahead.append(line)
            blank += len(line)
            if blank > LARGEST_YAML:  # too much of any format that is read whole
                break
        first = self._ahead[-1].strip()
        if first.startswith((b'{"', b"[")) or first == b"{":
            self._ahead.append(self._line())
            return ".jsonl" if self._ahead[-1].strip() and _is_json(first) else ".json"
        names = {name.strip() for name in first.decode("utf-8", "replace").split(",")}
        return ".csv" if "drug" in names and len(names & set(HEADINGS)) > 1 else ".yaml"

    def whole(self, largest: int) -> str:
        """Return all as text; NotReadable where it is empty, too large or not UTF-8."""
        ahead = b"".join(self._ahead)
        self._ahead.clear()
        data = ahead + self._stream.read(max(0, largest + 1 - len(ahead)))
        if len(data) > largest:
            raise NotReadable(f"is larger than {largest:,} bytes, the most that is read of this format")
        if not data.strip():
            raise NotReadable("is empty: there is nothing to check", 1, 1)
        return decoded(data)

    def lines(self) -> Iterator[tuple[int, bytes | None]]:
        """Yield each line with its number; None for one that is longer than what is read."""
        number = 0
        while line := self.readline():
            number += 1
            if len(line) > LONGEST_LINE:
                passed = 0
                while line and not line.endswith(b"\n"):
                    passed += len(line)
                    if passed > _ENDLESS:
                        raise NotReadable(f"a line does not end within {_ENDLESS:,} bytes", number, 1)
                    line = self.readline()
                yield number, None
            else:
                yield number, line


def decoded(data: bytes) -> str:
    """Return UTF-8 as text; NotReadable names line and column of the first byte that is none."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as failure:
        before = data[: failure.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        raise NotReadable(f"is not UTF-8 at byte {failure.start}", line, column) from None


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True
