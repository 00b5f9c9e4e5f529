"""Rows of a table by weight in a text: `60 to 69 kg: 17.5 mg; 70 to 79 kg: 20 mg; 80 kg and above: 22.5 mg`."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final, NamedTuple

from rescuecalc.core.orders.bounds import Bounds, between
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

_KG: Final = r"(?P<{}>[0-9]{{1,3}}(?:\.[0-9]{{1,2}})?)"
_WEIGHTS: Final = lazy_pattern(
    rf"(?<![\w.]){_KG.format('low')} ?(?:kg)? ?(?:to|-|\u2013|and) ?(?:less than |under |below |<)? ?"
    rf"{_KG.format('high')} ?kg\b"
    rf"|(?:\b(?:below|under|less than|up to)|[<\u2264]=?) ?{_KG.format('under')} ?kg\b"
    rf"|(?:\b(?:above|over|more than|at least)|[>\u2265]=?) ?{_KG.format('over')} ?kg\b"
    rf"|(?<![\w.]){_KG.format('least')} ?kg (?:and|or) (?:above|over|more|greater|heavier)\b"
    rf"|(?<![\w.]){_KG.format('most')} ?kg (?:and|or) (?:below|less|under|lighter)\b"
    rf"|^[^\w.]{{0,3}}(?:for )?{_KG.format('one')} ?kg ?[:=|]? ?(?=[0-9])",
    re.IGNORECASE,
)

_BARE: Final = lazy_pattern(
    rf"[^\w.]{{0,3}}{_KG.format('low')} ?(?:to|-|\u2013) ?{_KG.format('high')} ?[:=|]? ?"
    r"(?=[0-9.]{1,6} ?(?:m?c?g|mL|units)\b)",
    re.IGNORECASE,
)
"""A range at the beginning of a part: of weights, where other parts of its text begin with theirs in kg."""

NAMED: Final = ((_WEIGHTS.pattern, _WEIGHTS.flags),)
"""The pattern by which a part of a text is a row of a table."""


class RowWeights(NamedTuple):
    """The weights (kg) of a row, None where it has no lower or no upper end."""

    low: Fraction | None
    high: Fraction | None

    def within(self, usual: Bounds) -> Bounds:
        """Return the weights (kg) of a row; an end that is open is that of usual weights."""
        low = self.low if self.low is not None else usual.low
        high = self.high if self.high is not None else usual.high
        return between(low, high if high is not None and high > low else low)


def weights_named(clause: str) -> RowWeights | None:
    """Return the weights that a part of a text is for, None where it neither names a range nor begins with a weight.

    >>> weights_named("60 to 69 kg: 17.5 mg")
    RowWeights(low=Fraction(60, 1), high=Fraction(69, 1))
    >>> weights_named(" 70 kg: 12.6 mL/h")
    RowWeights(low=Fraction(70, 1), high=Fraction(70, 1))
    >>> weights_named("20 mg for 80 kg")
    """
    match = _WEIGHTS.search(clause)
    if match is None:
        return None
    low = match["low"] or match["over"] or match["least"] or match["one"]
    high = match["high"] or match["under"] or match["most"] or match["one"]
    return RowWeights(Fraction(low) if low else None, Fraction(high) if high else None)


def is_bare_row(clause: str) -> bool:
    """Whether a part of a text begins with a range without a unit, as a row of a table does: `55-59: 11.4 mL`."""
    return _BARE.match(clause) is not None


def row_at(text: str, at: int) -> RowWeights | None:
    """Return the weights of the row that holds a place of a text, None where no row does.

    >>> row_at("50-54 kg: 10.4 mL; 55-59: 11.4 mL", 26)
    RowWeights(low=Fraction(55, 1), high=Fraction(59, 1))
    """
    clause = text[slice(*clause_at(text, at))]
    named = weights_named(clause)
    match = _BARE.match(clause) if named is None else None
    if match is None or _WEIGHTS.search(text) is None:
        return named
    return RowWeights(Fraction(match["low"]), Fraction(match["high"]))
