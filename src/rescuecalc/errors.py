"""The three errors that users meet, and the exit codes that scripts rely on."""

from __future__ import annotations

from enum import IntEnum


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


class RescuecalcError(Exception):
    """A problem that is the user's to mend; its text is one clear sentence for the user."""

    exit_code: ExitCode = ExitCode.INTERNAL


class InputError(RescuecalcError):
    """What was typed is missing, unreadable, of the wrong kind of unit, or an unknown id."""

    exit_code = ExitCode.BAD_INPUT


class CalculationRefused(RescuecalcError):
    """What was asked is understood and refused: outside limits, or a choice that the source leaves open."""

    exit_code = ExitCode.REFUSED


class CatalogueError(RescuecalcError):
    """A catalogue file cannot be read as what it should be.

    ``problems`` holds every problem found, each naming the file, the table and key (``infusion[1].dose_rate_per_kg``;
    array entries count from 0) or the line of a syntax error.
    """

    exit_code = ExitCode.UNREADABLE

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems
