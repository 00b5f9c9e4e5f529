"""The three errors that users meet, and the exit codes that scripts rely on."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class ExitCode(IntEnum):
    """What the process ends with; the meanings are a contract with shell scripts."""

    DONE = 0
    FINDINGS = 1
    BAD_INPUT = 2
    UNREADABLE = 3
    REFUSED = 4
    INTERNAL = 70
    INTERRUPTED = 130
    CLOSED_PIPE = 141


EXIT_MEANINGS: Final = {
    "0": "done, no finding at or above --fail-on (default error)",
    "1": "a finding at or above --fail-on",
    "2": "an input is missing, unreadable or contradictory, has the wrong kind of unit, or is an unknown id",
    "3": "a file cannot be read, or does not hold what the command expects",
    "4": "understood and refused: outside limits, or the source does not state a choice",
    "70": "internal error, or the double check disagreed: no number is printed",
    "130, 141": "interrupted (130), or the program that reads the output closed it (141)",
}
"""What each exit code means, for the pages that list them."""


class RescuecalcError(Exception):
    """A problem that the user can correct; its text is one clear sentence for the user.

    ``missing`` is the option (or ``PROTOCOL``, ``RATE``) that was not given and that would answer it; ``readings`` are
    the full values of which one was meant. A terminal asks for either, a script is refused.
    """

    exit_code: ExitCode = ExitCode.INTERNAL

    def __init__(self, message: str, *, missing: str | None = None, readings: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.missing = missing
        self.readings = readings


class InputError(RescuecalcError):
    """An input is missing or unreadable, has the wrong kind of unit, or is an unknown id."""

    exit_code = ExitCode.BAD_INPUT


class UnitKindsDiffer(InputError):
    """Quantities of different kinds, as mg and units, cannot be combined to give what was asked for."""


class CalculationRefused(RescuecalcError):
    """The request is understood and refused: it is outside limits, or the source does not state a choice."""

    exit_code = ExitCode.REFUSED


class CatalogueError(RescuecalcError):
    """A file of the catalogue, a protocol or the settings cannot be read.

    ``problems`` holds every problem found, each naming the file, the table and key (``infusion[1].dose_rate_per_kg``;
    array entries count from 0) or the line of a syntax error.
    """

    exit_code = ExitCode.UNREADABLE

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems
