"""What a site has approved, as it bears on the findings of a run: marked, never hidden, reported once it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.rules.document.document import NOT_JUDGED
from rescuecalc.rules.suppression.suppression import EXPIRED, FAMILY, UNUSED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.orders.findings.approval import Approval
    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.engine.reference import Reference

NEVER_APPROVED = NOT_JUDGED
"""What could not be read or judged: nobody has seen the dose that an approval would be about."""


class Approvals:
    """The approvals of every settings file of a run, and which of them a finding needed."""

    def __init__(self) -> None:
        self._over: set[tuple[str, Approval]] = set()
        self._used: set[tuple[str, Approval]] = set()
        self._met: set[tuple[str, str]] = set()

    def marked(self, finding: Finding, title: str, reference: Reference) -> Finding:
        """Return a finding of the order set ``title``, with its approval where it has one."""
        settings = reference.settings
        file, name = str(settings.file), title.strip()
        if not settings.approvals or not name:
            return finding
        self._met.add((file, name))
        if finding.code in NEVER_APPROVED or finding.code.startswith(FAMILY):
            return finding
        for each in settings.approvals:
            if each.order_set == name and finding.code.startswith(each.code):
                if each.is_over(reference.as_of):
                    self._over.add((file, each))
                    continue
                self._used.add((file, each))
                return finding._replace(approval=each)
        return finding

    def record(self, title: str, reference: Reference) -> None:
        """Take note that an order set was judged."""
        if reference.settings.approvals:
            self._met.add((str(reference.settings.file), title.strip()))

    def at_the_end(self, references: Iterable[Reference]) -> Iterator[tuple[str, str, str]]:
        """Yield code, message and settings file of approvals that are over, and of those that nothing needed."""
        for reference in references:
            file = str(reference.settings.file)
            for each in reference.settings.approvals:
                what = f"the approval of {each.code} for {each.order_set!r} by {each.approver}"
                if each.is_over(reference.as_of):
                    yield EXPIRED, f"{what} ended on {each.until}: {each.reason}", file
                elif (file, each) not in self._used and self._is_due(each, reference):
                    yield UNUSED, f"{what}: no finding needs it", file

    def _is_due(self, each: Approval, reference: Reference) -> bool:
        """Whether the order set was judged, and by a rule that the approval is about."""
        is_judged = any(code.startswith(each.code) for code in reference.rules)
        return is_judged and (str(reference.settings.file), each.order_set) in self._met
