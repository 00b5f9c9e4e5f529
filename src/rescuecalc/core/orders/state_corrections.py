"""What a refused value of the patient's state may mean: the person's own value, written so that it has one reading."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.quantities.decimal_text import people_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_NUMBER: Final = re.compile(
    r"[A-Za-z ]{0,12}(?P<number>[0-9]{1,6}(?:[.,][0-9]{1,3})?) ?(?P<unit>[^0-9 ].{0,11})?", re.ASCII
)
_PRESSURE: Final = re.compile(r"([0-9]{2,3})[^0-9]{1,6}([0-9]{2,3})[^0-9]{0,5}", re.ASCII)
_LAST_DOSE: Final = re.compile(
    r"(?P<drug>[A-Za-z][A-Za-z-]{1,39})(?: [0-9.]{1,6} ?[a-z]{1,5})?,? *-?(?P<time>[0-9]{1,3} ?(?:h|min|d))(?: ago)?",
    re.ASCII,
)
_THOUSANDS: Final = re.compile(r"(?:k|tsd|thousand|/uL|/mcL|)", re.IGNORECASE)
_COMMA_OF_THOUSANDS: Final = re.compile(r"(?<=[0-9]),(?=[0-9]{3}\b)", re.ASCII)
_PER_MICROLITRE: Final = 10**3


_BY_DIGITS: Final = (("g/dL",), ("g/dL", "g/L"), ("g/L",))
"""In what a haemoglobin without a unit may be, by the digits before its point."""


def _platelets(text: str) -> Iterator[str]:
    match = _NUMBER.fullmatch(_COMMA_OF_THOUSANDS.sub("", text).replace(",", "."))
    if match is None or not _THOUSANDS.fullmatch(match["unit"] or ""):
        return
    count = Fraction(match["number"])
    yield f"{people_number(count / _PER_MICROLITRE if count >= _PER_MICROLITRE else count)} x10^9/L"


def _inr(text: str) -> Iterator[str]:
    match = _NUMBER.fullmatch(text)
    if match is not None and match["unit"] is None:
        yield match["number"].replace(",", ".")


def _haemoglobin(text: str) -> Iterator[str]:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return
    number, unit = match["number"].replace(",", "."), (match["unit"] or "").lower()
    if not unit:
        digits = len(number.partition(".")[0])
        yield from (f"{number} {each}" for each in _BY_DIGITS[min(digits, len(_BY_DIGITS)) - 1])
    elif unit in {"g/dl", "g/l"}:
        yield f"{number} g/{'dL' if unit == 'g/dl' else 'L'}"


def _pressure(text: str) -> Iterator[str]:
    match = None if "pa" in text.lower() else _PRESSURE.fullmatch(text)  # of kPa the numbers are others
    if match is not None and match[1] != match[2]:
        yield "/".join(sorted(match.groups(), key=int, reverse=True))


def _anticoagulant(text: str) -> Iterator[str]:
    match = _LAST_DOSE.fullmatch(text)
    if match is not None:
        yield f"{match['drug']}, -{match['time']}"


_MEANT: Final[Mapping[str, Callable[[str], Iterator[str]]]] = {
    "platelets": _platelets,
    "inr": _inr,
    "blood_pressure": _pressure,
    "anticoagulant": _anticoagulant,
    "haemoglobin": _haemoglobin,
}


def state_meant(name: str, text: str) -> list[str]:
    """Return the values that a refused text of a field may be, none where none is near.

    >>> state_meant("inr", "1,8"), state_meant("platelets", "45k"), state_meant("blood_pressure", "165 over 80")
    (['1.8'], ['45 x10^9/L'], ['165/80'])
    """
    return list(_MEANT[name](text.strip(" "))) if name in _MEANT else []
