"""What a command hands back, and how it reaches stdout: all of it at the end, or none of it."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.errors import ExitCode
from rescuecalc.reporters.render.harmless_text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.reporters.render.page import Page

_WIDEST = 100

# Where the encoding has no such sign, a plain one; never a question mark in a formula, nor an escape in a timeline.
_ASCII = str.maketrans(
    {
        "×": "x",
        "÷": "/",
        "≤": "<=",
        "≥": ">=",
        "→": "->",
        "█": "#",
        "▒": "~",
        "·": "*",
        "±": "+/-",
        "≈": "~",
        "°": " deg",
    }
)


class CommandResult(NamedTuple):
    """The result for stdout, notes for stderr, and the exit code; ``findings`` follow on stderr, each on its line."""

    result: Page | str
    exit_code: ExitCode = ExitCode.DONE
    notes: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


class Streamed(NamedTuple):
    """A result that is written while it is made; ``run`` takes what writes a text, and returns the exit code."""

    run: Callable[[Callable[[str], None]], ExitCode]


def exit_code(findings: Iterable[Document], fail_on: Severity) -> ExitCode:
    """Return 1 where a finding is at or above ``fail_on``, else 0."""
    reached = any(Severity(each["severity"]).reaches(fail_on) for each in findings)
    return ExitCode.FINDINGS if reached else ExitCode.DONE


def page_width() -> int:
    """Return 80 columns, or the terminal's where stdout is one."""
    return min(shutil.get_terminal_size().columns, _WIDEST) if sys.stdout.isatty() else 80


def stream(result: Streamed) -> ExitCode:
    """Write a result to stdout piece by piece, each when it is made, and return the exit code."""
    code = result.run(_write_now)
    sys.stdout.flush()
    return code


def _write_now(text: str) -> None:
    _write(text)
    sys.stdout.flush()


def draws() -> bool:
    """Return whether standard output is a terminal that can draw."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def emit(outcome: CommandResult) -> None:
    """Write the notes to stderr, the result to stdout, and what was found to stderr."""
    write_stderr(f"note: {note}" for note in outcome.notes)
    if isinstance(outcome.result, str):
        _write(outcome.result)
    elif draws():
        _write(_drawn(outcome.result))
    else:
        _write(outcome.result.text())
    sys.stdout.flush()
    write_stderr(outcome.findings)


def write_stderr(lines: Iterable[str]) -> None:
    """Write lines to stderr; that nobody can read them does not change how the run ends."""
    for line in lines:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            sys.stderr.write(message_line(line))


def message_line(text: str) -> str:
    """Return a message as it stands on stderr: one line for a script, on a terminal folded between words."""
    line = f"rescuecalc: {printable(text)}"
    if not sys.stderr.isatty():
        return f"{line}\n"
    from rescuecalc.reporters.render.page import wrapped  # noqa: PLC0415  # only a terminal pays for it

    width = min(shutil.get_terminal_size().columns, _WIDEST)
    return "".join(f"{part}\n" for part in wrapped(line, width, "", "  "))


def _write(text: str) -> None:
    # The whole text is encoded before a byte is written: a page that breaks off in the middle looks like a short one.
    encoding = sys.stdout.encoding or "utf-8"
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        data = text.translate(_ASCII).encode(encoding, "backslashreplace")
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:  # a text stream that a caller put there
        sys.stdout.write(text)
        return
    # Where Python runs unbuffered (PYTHONUNBUFFERED) one call may write a part only, and the rest would be lost.
    left = memoryview(data)
    while left:
        left = left[stream.write(left) :]


def _drawn(page: Page) -> str:
    """Return a page as this terminal shows it; rich takes 90 ms, which only a terminal pays for."""
    from rescuecalc.cli.terminal import drawn  # noqa: PLC0415

    return drawn(page) or page.text()
