"""One change of a library: what it is, and whether a limit that moved allows more than before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from rescuecalc.core.library.limits import Limit
    from rescuecalc.core.library.pump_library import Entry
    from rescuecalc.core.orders.findings.finding import Severity
    from rescuecalc.rules.base.rule import Hit

ADDED: Final = "RC870"
REMOVED: Final = "RC871"
WIDENED: Final = "RC872"
TIGHTENED: Final = "RC873"
UNIT: Final = "RC874"
STRENGTH: Final = "RC875"
INITIALS: Final = "RC876"


class Change(NamedTuple):
    """One change: the code of the rule that reports it, and its hit."""

    code: str
    hit: Hit


class EntryChange(NamedTuple):
    """What one column of an entry says otherwise than before.

    ``carried`` makes the first entry say that as the second does, and leaves all else.
    """

    code: str
    column: str
    message: str
    found: str | None
    before: str | None
    carried: Callable[[Entry, Entry], Entry]
    severity: Severity | None = None


def wider_or_tighter(name: str, old: Limit | None, now: Limit | None) -> str:
    """Return the code of a limit that moved, came or went."""
    return _moved(None if old is None else old.value, None if now is None else now.value, is_max=name.endswith("max"))


def of_maximum(old: Fraction | None, now: Fraction | None) -> str:
    """Return the code of a maximum that moved."""
    return _moved(old, now, is_max=True)


def of_minimum(old: Fraction | None, now: Fraction | None) -> str:
    """Return the code of a minimum that moved."""
    return _moved(old, now, is_max=False)


def _moved(old: Fraction | None, now: Fraction | None, *, is_max: bool) -> str:
    if old is None or now is None:
        return WIDENED if now is None else TIGHTENED
    return WIDENED if (now > old) is is_max else TIGHTENED
