"""Findings of `check` that are written while the rest is judged: none is left out, and memory holds a few."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.cli.output import Streamed, write_stderr
from rescuecalc.engine.lint_runner import Tally
from rescuecalc.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from rescuecalc.core.orders.findings.source_location import Located

STREAMED = ("jsonl", "github")
"""Formats in which a finding is a line by itself."""


class Run(NamedTuple):
    """A run that is ready to judge: ``judge`` counts into a tally, ``notes`` are its notes, ``code`` how it ends."""

    judge: Callable[[Tally], Tally]
    notes: Callable[[Tally], tuple[str, ...]]
    code: Callable[[Tally], ExitCode]


def streamed(output: str, run: Run) -> Streamed:
    """Return the findings of a run, written while it judges."""
    return Streamed(partial(_write_streamed, output, run))


def _write_streamed(output: str, run: Run, write: Callable[[str], None]) -> ExitCode:
    lines = _lines(output)
    total = Tally(sink=lambda found: write(lines(found)))
    try:
        run.judge(total)
    except KeyboardInterrupt:
        total.hand_on()
        # What was judged stays written, also in the file of -o: hence no exception, which would discard it.
        write_stderr((how_far(total),))
        return ExitCode.INTERRUPTED
    write_stderr(f"note: {note}" for note in run.notes(total))
    return run.code(total)


def how_far(total: Tally) -> str:
    """Return how far a run came that was interrupted."""
    files = f"{total.files:,} file{'' if total.files == 1 else 's'}"
    where = f" in {total.names[-1]}" if total.names else ""
    return f"interrupted{where}: {total.orders:,} orders of {files} were judged, no others"


def _lines(output: str) -> Callable[[list[Located]], str]:
    if output == "jsonl":
        from rescuecalc.reporters.render.check.jsonl import lines_of  # noqa: PLC0415  # of one format alone

        return lines_of
    from rescuecalc.reporters.render.check.github import annotations_of  # noqa: PLC0415

    return annotations_of
