"""The numbers of a text for people, however they are written, in the digits and before the unit that are read.

`8 000 mcg`, `8E3 mcg`, `1½ mg`, `eight mg` and `mL/h = 144` are doses like any other. What is rewritten is what has one
meaning beside a unit alone; a number that stays as it is and is not read is told where the text is judged.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.text.people_units import UNITS_REWRITTEN, people_units
from rescuecalc.core.orders.text.piped_table import with_units
from rescuecalc.core.orders.text.plain_spaces import plain_spaces
from rescuecalc.core.orders.traced_order import DECIMALS
from rescuecalc.core.quantities.decimal_text import PEOPLE_DIGITS, people_number, plain
from rescuecalc.core.quantities.lazy_pattern import LazyPattern, lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNIT: Final = (
    r"(?:(?:mc|[mnu\u00b5\u03bc])g|g(?:m|rams?)?|(?:micro|milli|nano)grams?|gamma|(?:milli)?units?|IU|mEq|mmol|kg|ml|cc|"
    r"(?:milli)?lit(?:er|re)s?)(?![A-Za-z])"
)
_PIECE: Final = r"(?:tab|caps|pill|vial|amp|bag|bottle|syringe|container)"
_WHOLE: Final = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
_ALONE: Final = r"(?<![\w.,/:^\u2013-])"

_THOUSANDS: Final = lazy_pattern(
    rf"{_ALONE}(?<!\bday )(?<!\bstep )(?<!\bdose )(?<!\bhour )(?<!\bline )(?<!\bbed )(?<!\broom )(?<!\bunit )"
    rf"([1-9][0-9]{{0,2}}(?:['\u2019 ][0-9]{{3}}){{1,2}})(?= ?{_UNIT})"
    rf"(?! ?[A-Za-z/]{{1,9}} (?:of )?(?:[a-z]{{1,9}} )?{_PIECE})",
    re.IGNORECASE,
)
_POWER: Final = lazy_pattern(
    rf"{_ALONE}([0-9]{{0,9}}\.?[0-9]{{1,9}})(?: ?[x\u00d7*] ?10 ?\^ ?|e)([+-]?[0-9]{{1,2}})(?= ?{_UNIT})",
    re.IGNORECASE,
)
_FRACTION: Final = lazy_pattern(
    rf"{_ALONE}(?:([0-9]{{1,3}}) )?([0-9]{{1,3}})[/\u2044]([0-9])(?= ?{_UNIT})", re.IGNORECASE
)
# A line that ends behind a number, a hyphen, and a unit in brackets.
_PARTED: Final = lazy_pattern(rf"(?<=[0-9])(?:[-\u2013_\n]| ?[=:] ?)(?={_UNIT})", re.IGNORECASE)
_BRACKETED: Final = lazy_pattern(rf"(?<=[0-9]) ?[\[(]({_UNIT}(?:/[a-z]{{1,4}}){{0,2}})[\])]", re.IGNORECASE)
_A_DOSE: Final = lazy_pattern(r"(?<=[A-Za-z]) ?(?:/|\bper\b) ?(?:dose|bolus)\b", re.IGNORECASE)
# A dose said twice, and per kg behind both: `5,000 units (25 mg) per kg`.
_BOTH_PER_KG: Final = lazy_pattern(
    rf"((?:[0-9]{{1,3}},)?{_WHOLE} ?{_UNIT}) ?\(=? ?((?:[0-9]{{1,3}},)?{_WHOLE} ?{_UNIT})\) ?(?:/|per ?)"
    r"(kg|kilo(?:gram)?s?)\b",
    re.IGNORECASE,
)
# `40x75mg`, and a factor behind the weight: `weight (kg) x 0.18 mL/h`.
_TIMES_NUMBER: Final = lazy_pattern(rf"(?<![\w.,/])([0-9]{{1,3}})[x\u00d7*]({_WHOLE}) ?(?={_UNIT})", re.IGNORECASE)
_WEIGHT_FIRST: Final = lazy_pattern(
    r"\b((?:the |body |patient |actual |dosing )*(?:weight|wt)(?: ?\(?(?:in )?kg\)?)?) ?[x\u00d7*] ?"
    rf"({_WHOLE})(?![\w.]| ?(?:kg|[x\u00d7*/]))",
    re.IGNORECASE,
)
_RATE_UNIT: Final = (
    r"(?:(?:mc|[mu\u00b5\u03bc])g|(?-i:ng)|ml|(?:milli)?units|kg)(?: ?(?:/|per) ?(?:kg|min|h|hr|hour)\b){0,2}"
)
# A unit that no number stands before, and a number that has no unit of its own behind it.
_BEFORE: Final = lazy_pattern(
    r"(?<![0-9] )(?<![\w/.^-])(?<!\bper )"
    rf"(?:\(({_RATE_UNIT})\) ?[:=]? ?|({_RATE_UNIT}) ?[:=] ?|((?!kg|units|ng)(?:in )?{_RATE_UNIT}) )"
    rf"(?P<number>{_WHOLE}(?:,[0-9]{{3}}){{0,2}}(?: ?(?:-|\u2013|\bto\b) ?{_WHOLE})?)"
    rf"(?![\w/.,\u2013-]*[0-9]| ?(?:[A-Za-z]{{1,9}} ?/|{_UNIT}|%|[x\u00d7*]|{_PIECE}|times|min|h\b|hours?))",
    re.IGNORECASE,
)

_TO_TWENTY: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_TIMES: Final = {"hundred": 10**2, "thousand": 10**3, "million": 10**6}
_VALUES: Final = {name: value for value, name in enumerate(_TO_TWENTY.split())} | {
    name: 10 * value for value, name in enumerate(_TENS.split(), start=2)
}
_WORD: Final = rf"(?:{'|'.join((*sorted(_VALUES, key=len, reverse=True), *_TIMES))})"
_COUNTED: Final = (
    rf"(?:{_UNIT}|sec(?:ond)?s?\b|min(?:ute)?s?\b|h(?:ou)?rs?\b|{_PIECE}|times\b(?! the\b)|fold\b|doses?\b|"
    r"bolus(?:es)?\b|(?:[0-9]{1,4}(?:\.[0-9]{1,3})?|[a-z]{1,9}) ?(?:mc?g|ml)\b)"
)
_IN_WORDS: Final = lazy_pattern(
    rf"(?:{_ALONE}([0-9]{{1,4}}(?:\.[0-9]{{1,3}})?) |(?<![\w-])(?:an? (?={'|'.join(_TIMES)}))?)"
    rf"(?<!-)({_WORD}(?:(?:[ -]| and ){_WORD}){{0,6}}(?: point(?: {_WORD}){{1,4}})?)(?=[ -]?{_COUNTED})",
    re.IGNORECASE,
)
# As many decimals as are worked out; so many are read.
_EXACT: Final = lazy_pattern(rf"(?<![\w.])[0-9]{{1,9}}\.[0-9]{{{DECIMALS}}}[0-9]{{1,40}}(?![0-9.])")
# A number in brackets beside its words: "eight (8) mg", "8 (eight) mg".
_SAID_TWICE: Final = lazy_pattern(
    rf"(?:\b{_WORD} )?\(({_WHOLE})\)(?= ?{_UNIT})|(?<=[0-9]) \({_WORD}\)()(?= ?{_UNIT})", re.IGNORECASE
)
_GROUPED: Final = 10 * 10**3
"""From here on a number has commas."""
_VULGAR: Final = lazy_pattern("([0-9]{0,9}) ?([\u00bc-\u00be\u2150-\u215e])")
_RAISED: Final = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
_SIGNS: Final = str.maketrans(f"{_RAISED}\u207b\u2212\u066b\u066c", "0123456789--.,")
"""Raised digits, and signs of other scripts, as ASCII."""
_TO_THE: Final = lazy_pattern(f"(?:(?<=[x\u00d7*]10)|(?<=[x\u00d7*] 10))(?=[{_RAISED}\u207b])")
_WIDE: Final = lazy_pattern("[\uff01-\uff5e]+")
_DOT: Final = lazy_pattern("\u00b7(?=[0-9])")
_PRODUCT: Final = lazy_pattern("(?<=[A-Za-z0-9])[\u00b7\u22c5.](?=(?:kg|min|h)-1)")
_HYPHENED: Final = lazy_pattern(
    r"(?<=[0-9])-(?=(?:h|hr|hour|min|minute|day)s? (?:[A-Za-z]{1,15} ){0,2}(?:infusion|drip)\b)", re.IGNORECASE
)

_BEYOND: Final = (_TO_THE,)
"""Patterns of which what they find holds a raised digit: beyond the characters that are told apart in a text's rest."""
REWRITTEN: Final = (
    ("[|]", 0),
    *(
        (each.pattern, each.flags)
        for each in (*UNITS_REWRITTEN, *vars().values())
        if isinstance(each, LazyPattern) and each not in _BEYOND
    ),
)
"""Patterns of all that is rewritten: a text in which none finds something stays as it is, but for its spaces."""


@lru_cache(maxsize=4096)
def plain_text(text: str) -> str:
    """Return a text in plain spaces and plain numbers.

    >>> plain_text("give 8 000 mcg, then eight mg at mL/h = 144")
    'give 8,000 mcg, then 8 mg at 144 mL/h'
    """
    return plain_numbers(plain_spaces(text))


def plain_numbers(text: str) -> str:
    """Return a text whose numbers beside a unit are decimals in ASCII, each before its unit."""
    if not text.isascii():
        text = _in_ascii(text)
    if "|" in text:
        text = with_units(text)
    if any(each.isdigit() for each in text):
        text = _EXACT.sub(lambda match: plain(round(Decimal(match[0]), DECIMALS)), text)
        text = _THOUSANDS.sub(lambda match: re.sub("['\u2019 ]", ",", match[0]), text)
        text = _WEIGHT_FIRST.sub(r"\2 x \1", _TIMES_NUMBER.sub(r"\1 x \2 ", text))
        text = _POWER.sub(_multiplied, text)
        text = _FRACTION.sub(_divided, text)
        text = _HYPHENED.sub(" ", text)
        text = _BRACKETED.sub(r" \1", _PARTED.sub(" ", text))
        text = _BOTH_PER_KG.sub(r"\1/\3 (\2/\3)", text)
        text = people_units(_SAID_TWICE.sub(lambda match: match[1] or match[2], text))
    text = _IN_WORDS.sub(_counted, _A_DOSE.sub("", text))
    return _BEFORE.sub(_swapped, text)


def _in_ascii(text: str) -> str:
    """Return a text with its digits, raised signs, and fractions that a decimal can say, in ASCII."""
    text = _VULGAR.sub(_vulgar, text)
    text = _WIDE.sub(_narrowed, _TO_THE.sub("^", text))
    text = "".join(each if each.isascii() or not each.isdecimal() else str(int(each)) for each in text)
    return _PRODUCT.sub(" ", _DOT.sub(".", text.translate(_SIGNS)))


def _narrowed(match: re.Match[str]) -> str:
    from unicodedata import normalize  # noqa: PLC0415  # of few texts

    return normalize("NFKC", match[0])


def _vulgar(match: re.Match[str]) -> str:
    from unicodedata import numeric  # noqa: PLC0415  # of few texts

    size = Fraction(numeric(match[2])).limit_denominator(10)
    return _decimal(Fraction(int(match[1] or 0)) + size) or match[0]


def _decimal(value: Fraction) -> str | None:
    """Return a number as a decimal, None where none of a few digits says it exactly."""
    made = Decimal(value.numerator) / Decimal(value.denominator)
    return plain(made) if Fraction(made) == value and len(made.as_tuple().digits) <= PEOPLE_DIGITS * 2 else None


def _multiplied(match: re.Match[str]) -> str:
    return _decimal(Fraction(match[1]) * Fraction(10) ** int(match[2])) or match[0]


def _divided(match: re.Match[str]) -> str:
    if match[3] == "0":
        return match[0]
    return _decimal(int(match[1] or 0) + Fraction(int(match[2]), int(match[3]))) or match[0]


def _swapped(match: re.Match[str]) -> str:
    unit = next(each for each in match.groups()[:3] if each).removeprefix("in ")
    return f"{match['number']} {unit}"


def _counted(match: re.Match[str]) -> str:
    whole, _, part = match[2].lower().partition(" point ")
    number = _number(re.split("[ -]", whole), Fraction(match[1]) if match[1] else None)
    digits = [str(_VALUES[each]) for each in part.split() if each in _VALUES]
    if number is None or (part and (number.denominator != 1 or any(len(each) > 1 for each in digits))):
        return match[0]
    shown = _decimal(number)
    if number.denominator == 1 and number >= _GROUPED:
        shown = people_number(number)  # with the commas that 4 million units lack
    return f"{shown}{'.' if part else ''}{''.join(digits)}" + " " * (match.string[match.end()] == "-")


def _number(words: Iterable[str], first: Fraction | None) -> Fraction | None:
    """Return what words of numbers come to: `two hundred and fifty` is 250."""
    total, held = Fraction(0), first if first is not None else Fraction(0)
    for each in words:
        if each in _VALUES:
            held += _VALUES[each]
        elif each == "hundred":
            held = max(held, Fraction(1)) * _TIMES[each]
        elif each in _TIMES:
            total, held = total + max(held, Fraction(1)) * _TIMES[each], Fraction(0)
    return total + held
