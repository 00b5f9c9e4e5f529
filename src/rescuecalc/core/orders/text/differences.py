"""What is left of a volume: `250 mL - 230.4 mL = 19.6 mL` is no range, and its result is not given."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from rescuecalc.core.orders.text.text_quantity import Said

_ML: Final = r"([0-9]{1,5}(?:\.[0-9]{1,3})?) ?mL"
_TAKEN: Final = lazy_pattern(rf"(?<![0-9.]){_ML} ?[-\u2013\u2212] ?{_ML}(?: ?= ?{_ML})?", re.IGNORECASE)


def left_over(clause: str) -> frozenset[int]:
    """Return where the right results of subtractions of volumes begin.

    >>> left_over("250 mL - 230.4 mL = 19.6 mL"), left_over("250 mL - 230.4 mL = 196 mL")
    (frozenset({20}), frozenset())
    """
    found = _TAKEN.finditer(clause) if "=" in clause else ()
    return frozenset(each.start(3) for each in found if each[3] is not None and _is_right(each))


def differences(text: str) -> list[tuple[int, int]]:
    """Return the parts of a text that take one volume from another, with what comes of it where that is right."""
    found = (each for each in _TAKEN.finditer(text) if Fraction(each[1]) > Fraction(each[2]))
    return [(each.start(), each.end() if _is_right(each) else each.end(2)) for each in found]


def _is_right(taken: re.Match[str]) -> bool:
    return taken[3] is None or Fraction(taken[1]) - Fraction(taken[2]) == Fraction(taken[3])


def is_difference(low: Said, high: Said) -> bool:
    """Whether the first of two volumes that a dash joins is the greater one, so that they are no range."""
    if not low.field == high.field == "volume":
        return False
    return low.quantity.magnitude > high.quantity.value_in(low.quantity.unit.name)
