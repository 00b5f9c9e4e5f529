"""Standard input line by line: each of a bounded length, and none held longer than it is needed."""

import sys
from collections.abc import Iterator
from typing import Final

from rescuecalc.errors import InputError

LONGEST_LINE: Final = 10_000
"""Bytes of a line."""
_WITHOUT_END: Final = 1_000_000
"""Bytes after which a line is taken for one that never ends."""


def lines_in() -> Iterator[bytes | None]:
    """Yield each line of standard input without its line feed, None for one that is longer than LONGEST_LINE.

    Lines end at line feeds alone: one line out for each line in. Raises InputError where standard input is closed or
    empty, since no line is no clean answer, and for a line that does not end.
    """
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise InputError("standard input is closed; write one request a line into it")
    is_empty = True
    while line := stream.readline(LONGEST_LINE + 1):
        is_empty = False
        is_long = len(line) > LONGEST_LINE
        dropped = 0
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):  # the rest of it is read and dropped
            line = stream.readline(LONGEST_LINE + 1) or b"\n"
            dropped += len(line)
            if dropped > _WITHOUT_END:
                raise InputError(f"a line does not end within {_WITHOUT_END:,} bytes; write one request a line")
        yield None if is_long else line.removesuffix(b"\n").removesuffix(b"\r")
    if is_empty:
        raise InputError("standard input is empty; write one request a line into it")
