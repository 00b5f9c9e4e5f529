"""Legends in an order's text: a dose rate as a flow of its strength, `1 mcg/min = 1.2 mL/h`; rows of other weights."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.ratio import agrees_with
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.rules.facts.order_model.text_mentions import Spoken

_EQUALS: Final = lazy_pattern(r" ?= ?")
_BY_WEIGHT: Final = frozenset({of.DOSE, of.DOSE_RATE, of.VOLUME, of.PUMP_RATE})
_NEAR: Final = Fraction(2, 100)
"""How far the two ratios of a legend may be apart, which is written in two digits."""


def without_legends(found: Iterable[Spoken], mentions: tuple[Spoken, ...], text: str) -> Iterator[Spoken]:
    """Yield what is found of a text but for its conversions, and for the rows of other weights."""
    found = tuple(found)
    if not found:
        return  # of traced numbers nothing is asked
    pairs = (pair for pair in pairwise(mentions) if _is_beside(*pair, text) and _are_off_by_one_factor(*pair))
    legends = {id(each) for pair in pairs for each in pair} | {id(each) for each in _of_rows(mentions)}
    yield from (each for each in found if id(each) not in legends)


def _of_rows(mentions: tuple[Spoken, ...]) -> Iterator[Spoken]:
    """Yield the weights of a table in a text, and what it gives at each: `60 kg 7.2 mL/h, 80 kg 9.6 mL/h`."""
    weights = [each for each in mentions if each.mention.variable == of.WEIGHT and each.field is not None]
    shares = [each.mention.value / each.field.middle for each in weights if each.field is not None]
    if all(share == shares[0] for share in shares[1:]):  # a traced number is compared, and stands in no set
        return
    rows = [each for each in mentions if any(_is_at(share, each) for share in shares)]
    if rows:
        yield from (*weights, *rows)


def _is_at(share: Fraction, each: Spoken) -> bool:
    """Whether a number is what another weight asks for: as much more than the field's as that weight is."""
    if each.field is None or each.mention.variable not in _BY_WEIGHT or share == 1:
        return False
    right = each.field.middle * share
    return abs(each.mention.value - right) <= right * _NEAR


def _is_beside(one: Spoken, other: Spoken, text: str) -> bool:
    end = one.said.at + len(one.said.text)
    is_other = one.mention.variable != other.mention.variable
    return is_other and _EQUALS.fullmatch(text, end, other.said.at) is not None


def _are_off_by_one_factor(one: Spoken, other: Spoken) -> bool:
    if one.field is None or other.field is None:
        return False
    left, right = one.mention.value * other.field.middle, other.mention.value * one.field.middle
    # What a bolus is in mL is its own dose and volume; only of rates are there rows for other settings of the pump.
    is_row = of.PUMP_RATE in {one.mention.variable, other.mention.variable} or agrees_with(one.mention, one.field)
    return is_row and abs(left - right) <= right * _NEAR
