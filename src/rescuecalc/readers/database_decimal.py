"""Decimals that a database kept in binary: 0.1700000048 is 0.17 in 32 bits, 14.399999999999999 is 14.4 in 64."""

from __future__ import annotations

import re
import struct
from decimal import Decimal, localcontext
from typing import Final

from rescuecalc.core.orders.order import Defect
from rescuecalc.core.quantities.decimal_text import plain
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

ROUNDED: Final = "RC114"
"""The code of the rule that tells what was read for what."""

_NUMBER: Final = lazy_pattern(r"(?P<number>[0-9]{1,9}\.[0-9]{7,18})(?P<rest>(?: .*| *[A-Za-z].*)?)", re.ASCII)
_IN_32_BITS: Final = 6
_IN_64_BITS: Final = 12
"""Decimal digits that always survive binary storage: what was written has no more, and the rest is noise."""

_ENOUGH: Final = 9
"""Digits from which on a number of 64 bits would not have been written by hand."""


def original_text(text: str) -> str | None:
    """Return a quantity or a number as it was before a database kept it, None where it is written as it is meant.

    >>> original_text("0.1700000048 mcg/kg/min"), original_text("14.399999999999999 mL/h")
    ('0.17 mcg/kg/min', '14.4 mL/h')
    >>> original_text("0.166666667 mg") is None
    True
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    number = Decimal(match["number"])
    short = _rounded(number, _IN_32_BITS)
    if struct.pack("<f", float(short)) == struct.pack("<f", float(number)):
        return f"{plain(short)}{match['rest']}" if short != number else None
    long = _rounded(number, _IN_64_BITS)
    if float(long) != float(number) and abs(long - number) > abs(number) * Decimal("1e-14"):
        return None
    return (
        f"{plain(long)}{match['rest']}"
        if long != number and len(long.normalize().as_tuple().digits) <= _ENOUGH
        else None
    )


def _rounded(number: Decimal, digits: int) -> Decimal:
    with localcontext(prec=digits):
        return +number


def defect(name: str, text: str, read: str, pointer: str) -> Defect:
    """Return what is said of a number that was read for another."""
    message = f"{name}: {text} is read as {read}, which a database keeps so in binary"
    return Defect(ROUNDED, message, pointer, text, read)
