"""What is typed of a thrombolysis: when it was given, or that none was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.catalogue import catalogue
from rescuecalc.core.orders.order import Thrombolysis
from rescuecalc.core.quantities.decimal_text import people_number, quoted
from rescuecalc.errors import CalculationRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from rescuecalc.core.quantities.time_offset import Offset

_NOT_GIVEN: Final = frozenset({"none", "no"})


def thrombolysis_of(text: str | None, read: Callable[[str], Offset], start: datetime | None) -> Thrombolysis | None:
    """Return the thrombolysis that is typed, None where nothing is; ``read`` gives its time as counted from the start.

    Raises CalculationRefused, with both dates, where it is so far away that a date or a year must be wrong: the
    warnings that depend on it would be missing.
    """
    if text is None:
        return None
    if text.strip(" ").lower() in _NOT_GIVEN:
        return Thrombolysis(given=False, at=None)
    at = read(text)
    longest = catalogue.limits().thrombolysis_time
    if abs(at.seconds) > longest.value_in("s"):
        begun = f"the start, {start.isoformat(timespec='minutes')}" if start is not None else "the start"
        days = people_number(longest.value_in("day"))
        raise CalculationRefused(
            f"--thrombolysis-at: {quoted(text)} is more than {days} days from {begun}; check date and year"
        )
    return Thrombolysis(given=True, at=at)
