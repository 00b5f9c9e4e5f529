"""What a site decides about findings: that a committee accepts them in one order set, or what weight a rule has."""

from __future__ import annotations

from typing import NamedTuple


class Approval(NamedTuple):
    """Findings of ``code``, a rule or a family, that ``approver`` accepts in one order set until a day, that included.

    The finding keeps its severity and is listed; it does not count for the exit code.
    """

    code: str
    order_set: str
    reason: str
    approver: str
    until: str

    def is_over(self, as_of: str) -> bool:
        """Whether its last day lies before the day that is judged by."""
        return self.until < as_of

    def __str__(self) -> str:
        """Return it in words: who, until when, and why."""
        return f"approved by {self.approver} until {self.until} because {self.reason}"
