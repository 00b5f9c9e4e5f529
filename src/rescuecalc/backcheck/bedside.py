"""The second route for what a first screen adds to its document: the weight in pounds, and when blood is counted."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from rescuecalc.backcheck.doses import DoubleCheckFailed
from rescuecalc.backcheck.plan import check_times

_KILOGRAMS_IN_A_POUND = Fraction("0.45359237")
_TENTH = Fraction(1, 10)


def check_bedside(facts: Mapping[str, Any], document: Mapping[str, Any]) -> None:
    """Raise DoubleCheckFailed where pounds do not lead back to kilograms, or a clock time not to the start."""
    check_times(facts, document.get("start"))
    pounds, weight = facts["pounds"], document.get("dosing_weight")
    if (pounds is None) != (weight is None):
        raise DoubleCheckFailed("weight in pounds")
    if pounds is not None and weight is not None:
        off = Fraction(pounds["value"]) * _KILOGRAMS_IN_A_POUND - Fraction(weight["value"])
        if abs(off) > _TENTH / 2 * _KILOGRAMS_IN_A_POUND + Fraction(1, 10**9):
            raise DoubleCheckFailed("weight in pounds")
