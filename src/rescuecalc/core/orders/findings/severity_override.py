"""The severity that a site gives to a rule or a family, in place of the rule's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rescuecalc.core.orders.findings.finding import Severity


class SeverityOverride(NamedTuple):
    """The severity that a site gives to a rule or a family; ``until`` and ``because`` are empty where not needed."""

    code: str
    severity: Severity
    until: str = ""
    because: str = ""

    def is_over(self, as_of: str) -> bool:
        """Whether its last day lies before the day that is judged by."""
        return bool(self.until) and self.until < as_of
