"""Writing the number that heals a mention: exactly, else in as few digits as make the order's numbers agree."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model.mention import TIME, Mention, in_unit_of
from rescuecalc.core.orders.model.mention import rewritten as rewritten_as
from rescuecalc.core.quantities.decimal_text import plain, significant
from rescuecalc.core.quantities.units import unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from rescuecalc.core.literature.limits import Limits

_FEWEST: Final = 2
_DIGITS: Final = 9
"""Significant digits that are tried at most: the grammar reads nine behind the point."""

_WRITTEN: Final = 6
"""Significant digits that a person would write."""

_NEAR: Final = Fraction(1, 2 * 100)
"""How far from the right value what is written may be: half of a per cent."""


def number_text(value: Fraction, digits: int) -> str:
    """Return a number in so many significant digits, without exponent or trailing zero."""
    return plain(significant(value, digits))


def rewritten(blamed: Mention, value: Fraction, limits: Limits, accepts: Callable[[Mention], bool]) -> Mention | None:
    """Return ``blamed`` with ``value`` written in its unit, in the fewest digits that ``accepts`` agrees with.

    None where the value cannot be written so that it does.
    """
    own = _in_own_unit(blamed, value, limits, accepts)
    if own is not None or blamed.variable != TIME:
        return own
    # Five minutes cannot be written exactly in hours.
    minutes = replace(blamed.quantity, unit=unit("min"))
    return _in_own_unit(blamed._replace(quantity=minutes), value, limits, accepts)


def _in_own_unit(
    blamed: Mention, value: Fraction, limits: Limits, accepts: Callable[[Mention], bool]
) -> Mention | None:
    right = in_unit_of(value, blamed.quantity)
    tried: set[str] = set()
    for digits in (*_exactly(right), *range(_FEWEST, _DIGITS + 1)):
        text = number_text(right, digits)
        number = Fraction(text)
        if text in tried or not _is_writable(text) or abs(number - right) > right * _NEAR:
            continue
        tried.add(text)
        made = _with(blamed, number, text, limits)
        if accepts(made):
            return made
    return None


def _exactly(right: Fraction) -> tuple[int, ...]:
    """Return the digits that write a number exactly, none where it needs more than a person would write."""
    return (_WRITTEN,) if Fraction(number_text(right, _WRITTEN)) == right else ()


def _is_writable(text: str) -> bool:
    whole, _, decimals = text.partition(".")
    return len(whole) <= _DIGITS and len(decimals) <= _DIGITS and Fraction(text) > 0


def _with(blamed: Mention, number: Fraction, text: str, limits: Limits) -> Mention:
    quantity = replace(blamed.quantity, magnitude=number, text=f"{text} {blamed.quantity.unit.name}")
    return rewritten_as(blamed, quantity, limits)
