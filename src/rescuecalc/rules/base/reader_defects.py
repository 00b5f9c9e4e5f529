"""What the reader of a file met: defects, each of which is reported by the rule of its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.rules.base.rule import Hit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rescuecalc.rules.base.knowledge import Subject


def of_reader(code: str) -> Callable[[Subject], Iterator[Hit]]:
    """Return the check that reports the defects of ``code`` which the reader met."""

    def check(subject: Subject) -> Iterator[Hit]:
        for each in subject.order_set.defects:
            if each.code == code:
                severity = Severity.NOTE if each.is_note else None
                yield Hit(each.message, (), each.pointer, each.found, each.expected, severity=severity)

    return check
