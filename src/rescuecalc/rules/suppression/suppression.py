"""RC9: findings that a team lets stand. They are told by the run that meets them, not by an order set's contents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.rules.base.rule import declared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.base.rule import Hit

SUPPRESSED: Final = "RC901"
EXPIRED: Final = "RC902"
UNUSED: Final = "RC903"
UNCLEAR: Final = "RC904"
BASELINE_UNUSED: Final = "RC905"

FAMILY: Final = "RC9"
"""What no suppression and no baseline takes away."""

ONLY_WITH_REASON: Final = ("RC3", "RC4", FAMILY)
"""Families that settings leave out only by a suppression, with a reason and an end: arithmetic, dose, suppressions."""


def _none(_: Subject) -> Iterator[Hit]:
    yield from ()


_ORDER: Final = "{drug: heparin, route: IV, kind: dose, dose: 5000 units, text: 5000 units QD}"
_COMMENT: Final = "# rescuecalc: ignore RC217 until 2099-12-31 because the system prints daily in full"

RULES = (
    declared(
        SUPPRESSED,
        "finding-suppressed",
        Severity.NOTE,
        _none,
        "rescuecalc",
        of_defects=True,
        checks="Findings that a comment or the settings file suppresses: which, until when and why.",
        why="A suppressed finding stays visible, with its reason and its end date.",
        fails=f"{_ORDER} {_COMMENT}",
        passes=_ORDER,
        remedy="None, until the end date.",
        limits="A finding about something that could not be read is never suppressed.",
    ),
    declared(
        EXPIRED,
        "suppression-expired",
        Severity.WARNING,
        _none,
        "rescuecalc",
        of_defects=True,
        checks="A suppression whose last day is before the day of the check; its finding counts again.",
        why="An exception that nobody reviews becomes the rule.",
        fails=f"{_ORDER} {_COMMENT.replace('2099', '2020')}",
        passes=f"{_ORDER} {_COMMENT}",
        remedy="Correct the finding, or decide again and write a new day.",
        limits="The last day itself still counts.",
    ),
    declared(
        UNUSED,
        "suppression-unused",
        Severity.WARNING,
        _none,
        "rescuecalc",
        of_defects=True,
        checks="A suppression that no finding needs.",
        why="It would hide the next finding of that rule.",
        fails=f"{_ORDER} {_COMMENT.replace('RC217', 'RC210')}",
        passes=f"{_ORDER} {_COMMENT}",
        remedy="Remove it.",
        limits="Only for rules that this run judges.",
    ),
    declared(
        UNCLEAR,
        "suppression-without-effect",
        Severity.WARNING,
        _none,
        "rescuecalc",
        of_defects=True,
        checks="A suppression without a reason, without an end date, or of an unknown rule; it has no effect.",
        why="The next reader cannot judge an exception without a reason and an end date.",
        fails=f"{_ORDER} # rescuecalc: ignore RC217",
        passes=f"{_ORDER} {_COMMENT}",
        remedy="Write `# rescuecalc: ignore RC204 until 2027-03-31 because` and the reason.",
        limits="A comment that does not begin with `rescuecalc:` is not a suppression.",
    ),
    declared(
        BASELINE_UNUSED,
        "baseline-entry-unused",
        Severity.NOTE,
        _none,
        "rescuecalc",
        of_defects=True,
        checks="An entry of the baseline that no finding of the checked files needs.",
        why="A corrected mistake should not return unnoticed.",
        fails="check docs/examples/rows.csv --baseline docs/examples/baseline.json",
        passes="check docs/examples/rows.csv",
        remedy="Write the baseline again, with --write-baseline.",
        limits="Only for files that this run checks and rules that it judges.",
    ),
)
