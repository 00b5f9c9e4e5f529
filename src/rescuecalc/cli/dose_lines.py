"""`rescuecalc dose -`: requests as JSON Lines, answered one by one; the start is paid for once, memory stays flat."""

import gc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from rescuecalc.cli.extent import BedsideExtent
from rescuecalc.cli.line_input import lines_in
from rescuecalc.cli.output import Streamed, exit_code, write_stderr
from rescuecalc.cli.result_file import refuse_read
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.errors import ExitCode, InputError
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.requests.dose_lines import answered
from rescuecalc.requests.dosing import DosingRequest
from rescuecalc.requests.input.inputs import Inputs

_WORST_FIRST: Final = (
    ExitCode.INTERNAL,
    ExitCode.UNREADABLE,
    ExitCode.BAD_INPUT,
    ExitCode.REFUSED,
    ExitCode.FINDINGS,
    ExitCode.DONE,
)
"""With which code the whole ends: the first of these that a line has."""


def dose_lines(
    ctx: Any, shared: DosingRequest, extent: BedsideExtent, output: str, threshold: Severity, *, label_band: bool
) -> Streamed:
    """Return what answers each line of standard input by one line of JSON; InputError for options of a page."""
    if any(extent) or output not in {"text", "json"} or label_band:
        raise InputError(
            "dose - writes JSON Lines: leave out --details, --quiet, --card and --format; label_band is a key of a line"
        )
    return Streamed(partial(_answer, ctx, shared, threshold))


class _Answer(NamedTuple):
    """The line that answers a request, its notes, and the code that it would end with."""

    line: str
    notes: tuple[str, ...]
    code: ExitCode


_KNOWN: Final = 1_000
"""Answers that are kept, of ten kilobytes each."""


def _answer(ctx: Any, shared: DosingRequest, threshold: Severity, write: Callable[[str], None]) -> ExitCode:
    gc.enable()  # there may be millions
    ends: set[ExitCode] = set()
    known: dict[bytes, _Answer] = {}
    for number, line in enumerate(lines_in(), start=1):
        made = known.get(line) if line is not None else None
        if made is None:
            read: list[Path] = []
            made, comes_again = _answered(line, number, shared, threshold, read)
            # The file of -o takes its name when all is written: until then what a line reads is still there.
            refuse_read(ctx, read)
            # Patients of a hospital share weights: the same request has the same answer.
            if line is not None and comes_again:
                if len(known) >= _KNOWN:
                    known.clear()
                known[line] = made
        write(made.line)
        write_stderr(f"line {number}: note: {note}" for note in made.notes)
        ends.add(made.code)
    return next((each for each in _WORST_FIRST if each in ends), ExitCode.DONE)


def _answered(
    line: bytes | None, number: int, shared: DosingRequest, threshold: Severity, read: list[Path]
) -> tuple[_Answer, bool]:
    """Return the answer of a line, and whether the same line has it again.

    An error names its line; a file that the line names may change; what starts now starts later the next time.
    """
    typed = Inputs()
    made = answered(line, number, shared, typed, read.append)
    code = made.get("exit_code")
    ends = exit_code(made["findings"], threshold) if code is None else ExitCode(code)
    comes_again = code is None and not read and made["start"] is None
    return _Answer(f"{dumps(made, indent=None)}\n", tuple(typed.notes), ends), comes_again
