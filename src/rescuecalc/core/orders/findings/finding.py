"""What is said about an order set: findings, each with the code of a declared rule."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.findings.approval import Approval


class Severity(StrEnum):
    """The severity of a finding: an error stops a script, a warning needs a review, a note informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for an error, growing as the weight falls."""
        return list(Severity).index(self)

    def reaches(self, threshold: Severity) -> bool:
        """Whether this severity is at or above ``threshold``."""
        return self.rank <= threshold.rank


class Alternative(NamedTuple):
    """Another place whose change explains a finding as well: what stands there, what would be right, by which slip.

    ``pointer`` is a JSON pointer into the judged document.
    """

    pointer: str
    found: str | None
    expected: str | None
    slip: tuple[str, ...] = ()


ExpectedRange = tuple[str | None, str | None]
"""The lowest and the highest right value, as each would be written; None: that end has no bound."""


class Finding(NamedTuple):
    """One finding; ``pointer`` is a JSON pointer into the judged document, ``factor`` is found ÷ expected.

    ``expected_range`` is there where a range is right, and not one value. ``approval`` says that the site accepts it.
    ``cause`` is the one mistake behind findings at several places, empty where a finding stands for itself.
    """

    code: str
    name: str
    severity: Severity
    message: str
    pointer: str
    found: str | None
    expected: str | None
    factor: Fraction | None
    slip: tuple[str, ...]
    sources: tuple[Source, ...]
    file: str | None = None
    line: int | None = None
    column: int | None = None
    alternatives: tuple[Alternative, ...] = ()
    expected_range: ExpectedRange | None = None
    approval: Approval | None = None
    cause: str = ""
