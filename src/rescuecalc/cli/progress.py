"""How far a long check is, on one line of a terminal's standard error; nowhere else, and gone when it ends."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import IO, Any, Final

from rescuecalc.engine.lint_runner import Tally
from rescuecalc.engine.reference import Reference
from rescuecalc.readers.input_paths import File

_AFTER: Final = 1.0
"""Seconds from which on a check is long: rich takes a tenth of one to import."""

_EVERY: Final = 0.2
"""Seconds between two lines."""

Judge = Callable[[File, IO[bytes], Reference], Iterable[Any]]


def shows_progress(*, streamed: bool) -> bool:
    """Whether a terminal reads standard error; not where ``streamed`` findings run over the same screen."""
    reads = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    return reads and not (streamed and sys.stdout.isatty())


@contextmanager
def progress(judge: Judge, total: Tally) -> Iterator[Judge]:
    """Give what judges as ``judge`` does, and shows meanwhile how much is counted in ``total``."""
    line = _Line(total)

    def judged(file: File, stdin: IO[bytes], reference: Reference) -> Iterator[Any]:
        for each in judge(file, stdin, reference):
            yield each
            line.show()

    try:
        yield judged
    finally:
        line.end()


class _Line:
    def __init__(self, total: Tally) -> None:
        self._total = total
        self._begun = monotonic()
        self._due = self._begun + _AFTER
        self._shown: Any = None

    def show(self) -> None:
        """Write the line anew, where that is due."""
        now = monotonic()
        if now < self._due:
            return
        self._due = now + _EVERY
        self._shown = self._shown or _live()
        orders, found = self._total.orders, sum(self._total.counts.values())
        a_second = orders / (now - self._begun)
        text = f"{orders:,} orders judged, {found:,} findings, {a_second:,.0f} orders/s; Ctrl-C stops"
        self._shown.update(text, refresh=True)

    def end(self) -> None:
        """Take the line away."""
        if self._shown is not None:
            self._shown.stop()


def _live() -> Any:
    from rich.console import Console  # noqa: PLC0415  # of a long check on a terminal alone
    from rich.live import Live  # noqa: PLC0415

    # Standard output stays as it is: a result may be written to it meanwhile.
    made = Live(
        console=Console(stderr=True, highlight=False, markup=False),
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    made.start()
    return made
