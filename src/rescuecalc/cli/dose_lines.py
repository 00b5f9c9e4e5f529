"""`rescuecalc dose -`: requests as JSON Lines, answered one by one; the start is paid for once, memory stays flat."""

import gc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from rescuecalc.cli.extent import BedsideExtent
from rescuecalc.cli.line_input import lines_in
from rescuecalc.cli.output import Streamed, exit_code, write_stderr
from rescuecalc.cli.result_file import refuse_read
from rescuecalc.core.orders.finding import Severity
from rescuecalc.errors import ExitCode, InputError
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.requests.dose_lines import answered
from rescuecalc.requests.dosing import DosingRequest
from rescuecalc.requests.inputs import Inputs

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


def _answer(ctx: Any, shared: DosingRequest, threshold: Severity, write: Callable[[str], None]) -> ExitCode:
    gc.enable()  # there may be millions
    ends: set[ExitCode] = set()
    for number, line in enumerate(lines_in(), start=1):
        typed = Inputs()
        read: list[Path] = []
        made = answered(line, number, shared, typed, read.append)
        # The file of -o takes its name when all is written: until then what a line reads is still there.
        refuse_read(ctx, read)
        write(f"{dumps(made, indent=None)}\n")
        write_stderr(f"line {number}: note: {note}" for note in typed.notes)
        code = made.get("exit_code")
        ends.add(exit_code(made["findings"], threshold) if code is None else ExitCode(code))
    return next((each for each in _WORST_FIRST if each in ends), ExitCode.DONE)
