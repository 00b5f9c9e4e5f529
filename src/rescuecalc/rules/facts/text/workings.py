"""How a text works a number out: `80 x 0.1 x 60 / 50`, `wt (kg) x 0.1 x 60 / 50`."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

_NUMBER: Final = r"[0-9]{1,5}(?:\.[0-9]{1,4})?"
_OPERAND: Final = rf"(?:{_NUMBER}(?: ?kg(?= ?[x\u00d7*/\u00f7]))?|(?:body ?)?(?:weight|wt|kg)\b(?: ?\(?(?:in )?kg\)?)?)"
_WORKING: Final = lazy_pattern(
    rf"(?<![\w.,/^])(?<![0-9] )(?<![x\u00d7*/\u00f7] )(?<![x\u00d7*\u00f7]){_OPERAND}"
    rf"(?:\)? ?[x\u00d7*/\u00f7] ?{_OPERAND}){{2,6}}"
    r"(?![\w.]*[0-9]| ?(?:mc?g|mL|kg|mm)\b)",
    re.IGNORECASE,
)
_PART: Final = lazy_pattern(rf"(?P<sign>[x\u00d7*/\u00f7])? ?(?P<operand>{_OPERAND})", re.IGNORECASE)
_DAY: Final = r"(?:0?[1-9]|[12][0-9]|3[01])"
_DATE: Final = lazy_pattern(
    rf"{_DAY}/{_DAY}/(?:(?:19|20)[0-9]{{2}}|[23][0-9])|20[0-9]{{2}}/[01]?[0-9]/[0-3]?[0-9]", re.ASCII
)
"""A day, its month and its year, of two digits or four."""
_DIVIDES: Final = frozenset("/\u00f7")


class Working(NamedTuple):
    """A working of a text: its words, where they end, and whether a field of the order has what comes of it."""

    found: str
    begin: int
    end: int
    is_of_field: bool


def workings(judged: SolvedOrder, text: str) -> Iterator[Working]:
    """Yield the workings of a text of at least three numbers without units."""
    weight = judged.system.first(of.WEIGHT)
    for match in _WORKING.finditer(text):
        if _DATE.fullmatch(match[0]) is not None:
            continue
        result = _result(match[0], weight.value if weight is not None else None)
        is_known = result is not None and (_is_of_field(result, judged) or _is_written(result, text, match.end()))
        is_known = is_known and not _is_written_otherwise(result, text, match.end())
        yield Working(match[0], *match.span(), is_known)


_RESULT: Final = lazy_pattern(rf" ?[=\u2248] ?(?P<number>{_NUMBER}) ?(?=[a-z])", re.IGNORECASE)
_ROUNDED: Final = Fraction(1, 100)
"""A result is written with at least so many digits."""


def _is_written(result: Fraction, text: str, end: int) -> bool:
    """Whether the result stands behind its working with a unit: it is judged as any number of a text."""
    written = _RESULT.match(text, end)
    return written is not None and abs(Fraction(written["number"]) - result) <= result * _ROUNDED


_BARE: Final = lazy_pattern(rf" ?[=\u2248] ?(?P<number>{_NUMBER})(?![\w.,]| ?[\w/%(])", re.IGNORECASE)


def _is_written_otherwise(result: Fraction | None, text: str, end: int) -> bool:
    """Whether another result stands behind its working without a unit, by which nothing else would judge it."""
    written = _BARE.match(text, end)
    return written is not None and result is not None and abs(Fraction(written["number"]) - result) > result * _ROUNDED


def _result(working: str, weight: Fraction | None) -> Fraction | None:
    result = Fraction(1)
    for match in _PART.finditer(working):
        operand = match["operand"].removesuffix("kg").rstrip()
        value = Fraction(operand) if operand[:1].isdigit() else weight
        if not value:
            return None
        result = result / value if match["sign"] in _DIVIDES else result * value
    return result


def _is_of_field(result: Fraction, judged: SolvedOrder) -> bool:
    """Whether a number of the order is the result, read to half of its last digit."""
    fields = (each for each in judged.system.mentions if each.span is None and each.number)
    return any(abs(result / each.number - 1) * each.value <= max(each.rounding, each.digit) for each in fields)
