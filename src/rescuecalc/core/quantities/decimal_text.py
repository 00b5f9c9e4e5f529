"""Numbers as text: the strict grammar in front of the core and the one formatter behind it.

Reading: one ASCII decimal number of at most nine digits on each side of an optional point. No sign, exponent, comma or
leading point: `12,5` is 12.5 to one reader and 125 to another. Writing: leading zero, no trailing zero, no exponent.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cache
from typing import Final

from rescuecalc.errors import InputError

JSON_DIGITS: Final = 15
"""Significant digits that survive every JSON reader, also one that holds numbers as binary doubles."""

PEOPLE_DIGITS: Final = 6
"""Significant digits shown to people where no finite decimal says the number exactly; marked with "about"."""

_QUANTITY: Final = re.compile(r"(?P<number>[0-9]{1,9}(?:\.[0-9]{1,9})?) *(?P<unit>.*)", re.ASCII)
_DIGITS: Final = frozenset("0123456789")
_NOT_A_UNIT: Final = _DIGITS | {",", ".", "e", "E"}
# Tried in order once a text is refused; compiled only then.
_NUMBER_SLIPS: Final = (
    (r"[-+\u2212\u2013]", "a sign is not read"),
    (r"[0-9]+,[0-9]{3} or [0-9]", "where decimals have a comma, its point divides thousands or decimals"),
    (r"\(no number\)", "its number is missing"),
    (r"[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]", "an exponent is not read"),
    (r"[0-9]*(?:\.[0-9]*)?,", "a comma is not read (it may divide thousands or decimals)"),
    (r"\.[0-9]", "a point needs a digit before it"),
    (r"[0-9]+\.(?![0-9])", "a point needs a digit after it"),
    (r"[0-9]{10}|[0-9]+\.[0-9]{10}", "more than nine digits are not read"),
)


def quoted(text: str) -> str:
    """Return ``text`` in quotes for a message, control characters escaped and anything long cut."""
    longest = 40
    return repr(text if len(text) <= longest else f"{text[:longest]}...")


def number_and_unit(text: str) -> tuple[Fraction, str]:
    """Split ``text`` into its exact number and its unit text (empty where there is none).

    >>> number_and_unit("0.15 mcg/kg/min")
    (Fraction(3, 20), 'mcg/kg/min')

    Raises InputError with the reason alone; the caller says where and what to write.
    """
    # Spaces alone: a tab or a no-break space in a typed value is a paste from somewhere, and is shown, not passed over.
    match = _QUANTITY.fullmatch(text.strip(" "))
    if match is None or match["unit"][:1] in _NOT_A_UNIT:
        raise InputError(_why_not(text.strip(" ")))
    return Fraction(match["number"]), match["unit"]


def _why_not(text: str) -> str:
    if not text:
        return "nothing is written"
    for slip, reason in _NUMBER_SLIPS:
        if re.match(slip, text, re.ASCII):
            return reason
    if text[:1] in _DIGITS:
        return "the number is not one plain decimal number"
    return "it does not begin with a number in the digits 0 to 9"


def significant(value: Fraction, digits: int) -> Decimal:
    """Return ``value`` rounded half up to so many significant digits."""
    # Decimal divides exactly to the digits that are asked for; a float would have rounded before.
    return _rounding_to(digits).divide(Decimal(value.numerator), Decimal(value.denominator))


@cache
def _rounding_to(digits: int) -> Context:
    return Context(prec=digits, rounding=ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """Return ``value`` without exponent or trailing zero: ``Decimal('12.60')`` is ``12.6``, ``1E+1`` is ``10``."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_DECIMALS: Final = 6
_FINE: Final = 10**_DECIMALS
_LIMIT: Final = 10**JSON_DIGITS


def json_number(value: Fraction) -> tuple[Decimal, bool]:
    """Return ``value`` to at most 15 significant digits, and whether that rounded it."""
    # Nearly every number has a few decimals, and is written as it is: no division, and nothing to compare.
    scaled = _millionths(value)
    if scaled is not None:
        sign = "-" if scaled < 0 else ""
        return Decimal(f"{sign}{abs(scaled) // _FINE}{_decimals(scaled)}"), False
    # Compared with what was written: a number is marked "about" only where digits are really gone.
    written = significant(value, JSON_DIGITS)
    return Decimal(plain(written)), Fraction(written) != value


def _millionths(value: Fraction) -> int | None:
    """Return a number of at most six decimals in millionths, None of one with more of them or too many digits."""
    if _FINE % value.denominator:
        return None
    scaled = value.numerator * (_FINE // value.denominator)
    return scaled if abs(scaled) < _LIMIT else None


def _decimals(scaled: int) -> str:
    """Return the decimals of a number of millionths behind their point, nothing of a whole number."""
    rest = abs(scaled) % _FINE
    return f".{rest:0{_DECIMALS}}".rstrip("0") if rest else ""


def people_number(value: Decimal | Fraction, *, rounded: bool = False) -> str:
    """Return ``value`` as a person reads it: thousands comma from 1,000, "about" where digits had to be left off."""
    tell = getattr(value, "tell", None)
    if tell is not None:  # it is traced
        return str(tell(rounded=rounded))
    exact = value if type(value) is Fraction else Fraction(value)
    scaled = None if rounded else _millionths(exact)
    if scaled is not None and scaled >= 0:
        return f"{scaled // _FINE:,}{_decimals(scaled)}"
    number, cut = json_number(exact)
    if rounded or cut:
        # Six digits are more than any pump or syringe has, and few enough to be read aloud.
        number = significant(exact, PEOPLE_DIGITS)
    whole, point, decimals = plain(number).partition(".")
    grouped = f"{int(whole):,}" + point + decimals
    return f"about {grouped}" if rounded or cut else grouped


def rounded_to_step(value: Fraction, step: Fraction) -> Fraction:
    """Return the multiple of ``step`` nearest to ``value``, half up (2.25 to steps of 0.1 is 2.3).

    Python's ``round`` is half-even and would take 2.25 to 2.2.
    """
    return (value / step + Fraction(1, 2)).__floor__() * step


def elapsed_text(seconds: int) -> str:
    """Return ``seconds`` as hours, minutes, seconds: ``17:21:40``, ``72:00:00``, ``-00:05:00``."""
    sign = "-" if seconds < 0 else ""
    minutes, second = divmod(abs(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{sign}{hours:02}:{minute:02}:{second:02}"
