"""Bytes as text, within bounds: a whole document, or line by line."""

from __future__ import annotations

import json
from collections import deque
from typing import IO, TYPE_CHECKING, Final

from rescuecalc.readers.csv_rows import HEADINGS
from rescuecalc.readers.document_reading import LARGEST_YAML, LONGEST_LINE, NotReadable

if TYPE_CHECKING:
    from collections.abc import Iterator

UTF_8: Final = "utf-8"
ENCODINGS: Final = (UTF_8, "cp1252", "iso-8859-1", "iso-8859-15", "cp850", "mac-roman")
"""Encodings that are read when they are named; of each a line feed is one byte, so that a file is read line by line."""

BOM: Final = b"\xef\xbb\xbf"

_ENDLESS: Final = 200_000_000
"""Bytes after which a line is taken to have no end, as of a device at standard input."""


class Input:
    """The bytes of one file; what was read to tell its format is handed out again."""

    def __init__(self, stream: IO[bytes], encoding: str = UTF_8, longest: int = LONGEST_LINE) -> None:
        self._stream, self.encoding, self._longest = stream, encoding, longest
        first = self._line()
        self.has_bom = first.startswith(BOM)
        self._ahead = deque([first.removeprefix(BOM)])

    def _line(self) -> bytes:
        return self._stream.readline(self._longest + 1)

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
        data = self.content(largest)
        if not data.strip():
            raise NotReadable("is empty: there is nothing to check", 1, 1)
        return decoded(data, self.encoding)

    def content(self, largest: int) -> bytes:
        """Return all as bytes; NotReadable where there are more than ``largest``."""
        ahead = b"".join(self._ahead)
        self._ahead.clear()
        data = ahead + self._stream.read(max(0, largest + 1 - len(ahead)))
        if len(data) > largest:
            raise NotReadable(f"is larger than {largest:,} bytes, the maximum for this format")
        return data

    def lines(self) -> Iterator[tuple[int, bytes | None]]:
        """Yield each line with its number; None for one that is longer than what is read."""
        number = 0
        while line := self.readline():
            number += 1
            if len(line) > self._longest:
                passed = 0
                while line and not line.endswith(b"\n"):
                    passed += len(line)
                    # A device at standard input never ends a line; without a bound the run would never end, and say
                    # nothing.
                    if passed > _ENDLESS:
                        raise NotReadable(f"a line does not end within {_ENDLESS:,} bytes", number, 1)
                    line = self.readline()
                yield number, None
            else:
                yield number, line


def decoded(data: bytes, encoding: str = UTF_8) -> str:
    """Return bytes as text; NotReadable names line and column of the first one that is none in this encoding."""
    try:
        # Strict: a byte that is replaced by another character may be the micro sign of a dose.
        return data.decode(encoding)
    except UnicodeDecodeError as failure:
        before = data[: failure.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        # No other encoding is tried by itself: in cp1252 and cp850 the same byte is a micro sign and a letter.
        name = "UTF-8" if encoding == UTF_8 else encoding
        raise NotReadable(f"is not {name} at byte {failure.start}{_other(data, encoding)}", line, column) from None


def _other(data: bytes, encoding: str) -> str:
    """Return a hint with the encoding that a text looks like: of Windows, or of two bytes a character."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "; it is UTF-16: save it as UTF-8"
    try:
        read = data.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    if encoding != UTF_8 or not read.replace("\r", "").replace("\n", "").replace("\t", "").isprintable():
        return ""
    return "; it looks like cp1252 (Windows): save it as UTF-8, or add --encoding cp1252"


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True
