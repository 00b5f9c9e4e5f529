"""A count of platelets in the ways in which laboratories write its unit: `x10^9/L`, `K/uL`, `/mm3`, `Tsd/µL`, `/nl`."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from rescuecalc.core.quantities.decimal_text import number_and_unit, quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.errors import InputError

_POWER: Final = r"(?:[x\u00d7*]|\u00b7)? ?10 ?(?:\^|\*{1,2}|E|e)? ?\(?[369\u00b3\u2076\u2079]\)?"
_THOUSAND: Final = r"(?:[Kk]|[Tt]sd|[Tt]hou(?:sands?)?)\b\.?"
_VOLUME: Final = (
    r"(?:[Ll]it(?:er|re)|[Mm]icrolit(?:er|re)|[mM][cC][lL]|[u\u00b5\u03bcU][lL]|[nN][lL]|[mM][lL]|[lL]|mm\^?3|mm\u00b3"
    r"|MM3|c(?:u(?:bic)?)? ?mm)\b"
)
COUNT_UNIT: Final = (
    rf"(?:{_POWER}|{_THOUSAND}|G(?:pt)?|bil)? ?(?:cells|[Pp]latelets|[Pp]lts?)? ?(?:/|\b[Pp]er\b) ?{_VOLUME}"
    rf"|{_THOUSAND}"
)
"""The pattern of a unit of a count; what it matches is read by `platelets_per_nanolitre`, or is none after all."""

_UNIT: Final = lazy_pattern(
    rf"\A(?:(?P<power>{_POWER})|(?P<thousand>{_THOUSAND})|(?P<giga>G(?:pt)?|bil))? ?(?:cells|[Pp]latelets|[Pp]lts?)? ?"
    rf"(?:(?:/|\b[Pp]er\b) ?(?P<volume>{_VOLUME}))?\Z"
)
_POWERS: Final = {"3": 10**3, "\u00b3": 10**3, "6": 10**6, "\u2076": 10**6, "9": 10**9, "\u2079": 10**9}
_NANOLITRES: Final = {"l": 10**9, "ml": 10**6, "ul": 10**3, "nl": 1}
_THOUSANDS: Final = lazy_pattern(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,.])", re.ASCII)
_POINT_OF_THOUSANDS: Final = re.compile(r"(?<=^[0-9]{2})\.(?=[0-9]{3} ?/)|(?<=^[0-9]{3})\.(?=[0-9]{3} ?/)", re.ASCII)
"""Before a count per microlitre: nobody counts a fraction of a platelet, and `100.000/µl` is one hundred thousand."""
_LONG_NAMES: Final = (("microliter", "ul"), ("microlitre", "ul"), ("liter", "l"), ("litre", "l"), ("mcl", "ul"))
_MOST_WITHOUT_UNIT: Final = 100 * 100
"""A platelet count without a unit from here on is one per microlitre: it is not read."""


def platelets_per_nanolitre(text: str) -> Fraction:
    """Return the platelets per nanolitre, which is x10^9/L; the two usual units have the same number.

    >>> [int(platelets_per_nanolitre(each)) for each in ("92", "90,000/mm3", "210 x10E3/uL", "210 10*9/L", "90/nl")]
    [92, 90, 210, 210, 90]

    Raises InputError with the reason alone.
    """
    text = re.sub(r"(?<=[0-9]) (?=10 ?[*^Ee])|(?<=[0-9]) (?=[Ee]9 ?/)", " x", text).replace(" xE9", " x10E9")
    text = _POINT_OF_THOUSANDS.sub("", text)
    match = _THOUSANDS.match(text)
    number, unit = number_and_unit(text.replace(",", "") if match else text)
    if not unit and number >= _MOST_WITHOUT_UNIT:
        raise InputError("a count per microlitre needs its unit")
    return number * (_factor(unit) if unit else 1)


def _factor(unit: str) -> Fraction:
    """Return what a number in a unit is multiplied by; one that makes no usual count is a slip of the power."""
    match = _UNIT.fullmatch(unit)
    times = _times(match) if match is not None else 0
    factor = Fraction(times, _nanolitres(match["volume"])) if match is not None and times else Fraction(0)
    if factor not in {Fraction(1), Fraction(1, 10**3)}:
        raise InputError(f"{quoted(unit)} is not a unit that is read here")
    return factor


def _times(match: re.Match[str]) -> int:
    if match["power"]:
        return _POWERS[match["power"].rstrip(")")[-1]] if match["volume"] else 0
    if match["giga"]:
        return 10**9 if match["volume"] else 0
    return 10**3 if match["thousand"] else int(match["volume"] is not None)


def _nanolitres(volume: str | None) -> int:
    """Return the size of a volume; thousands without one are counted per microlitre, a cubic millimetre is one."""
    name = (volume or "ul").lower().replace("\u00b5", "u").replace("\u03bc", "u")
    for long, short in _LONG_NAMES:
        name = short if name == long else name
    return _NANOLITRES.get(name, 10**3)
