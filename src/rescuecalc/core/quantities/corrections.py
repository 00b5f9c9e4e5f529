"""What a refused text may mean: the person's own value, written so that it has one reading.

One proposal where one reading exists, both where two do, none where there are more: a proposal is never a guess at a
dose. Each is read once more before it is shown.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.quantities.decimal_text import json_number, plain
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import (
    Concentration,
    CreatinineClearance,
    Dose,
    DosePerKg,
    DoseRate,
    DoseRatePerKg,
    DosingWeight,
    Duration,
    Height,
    PumpRate,
    Quantity,
    SerumCreatinine,
    Volume,
    parsed,
)
from rescuecalc.core.quantities.spelling import SPACES, as_read
from rescuecalc.core.quantities.units import POUNDS_OF_STONE, folded_unit, unit, usual_unit
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Plausible = Callable[[Quantity], bool]

_UNITS: Final[dict[type[Quantity], tuple[str, ...]]] = {
    DosingWeight: ("kg", "lb"),
    Duration: ("h", "min", "day"),
    Height: ("cm", "in", "m"),
    Concentration: ("mcg/mL", "mg/mL"),
    SerumCreatinine: ("mg/dL", "umol/L"),
    CreatinineClearance: ("mL/min",),
    Volume: ("mL",),
    PumpRate: ("mL/h",),
    Dose: ("mg", "mcg"),
    DosePerKg: ("mcg/kg", "mg/kg"),
    DoseRatePerKg: ("mcg/kg/min", "mcg/kg/h", "mg/kg/h", "ng/kg/min", "mg/kg/min"),
    DoseRate: ("mcg/min", "mcg/h", "mg/h", "mg/min"),
}
"""The units that a value of each kind is usually in, the usual one first."""

_PARTS: Final = frozenset(part for each in _UNITS.values() for name in each for part in name.lower().split("/"))

_BARE: Final = frozenset(_UNITS) - {DosingWeight, DosePerKg, DoseRatePerKg, DoseRate}
"""The kinds of which a number alone has two readings at most; a weight's are in its refusal already."""

_REFUSED: Final = lazy_pattern(
    r"[~+-]?(?P<number>[0-9Oo.,' ]*[0-9Oo.,])(?P<power>[eE][+-]?[0-8])?(?P<unit>.*)", re.ASCII
)
_COMMA: Final = lazy_pattern(r"(?P<whole>[0-9]{1,9}),(?P<part>[0-9]{1,9})", re.ASCII)
_PLAIN: Final = lazy_pattern(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", re.ASCII)
_EITHER: Final = lazy_pattern(r"(?P<one>[0-9]{1,3},[0-9]{3}) or (?P<other>[0-9.]{1,7}) *(?P<unit>[A-Za-z].*)", re.ASCII)
_TIME: Final = lazy_pattern(
    r"(?P<hours>[0-9]{1,3}) ?(?::|h(?:rs?|ours?)?) ?(?P<minutes>[0-5]?[0-9]) ?(?:h|min|minutes)?", re.ASCII
)
_STONE: Final = lazy_pattern(
    r"(?P<stone>[0-9]{1,2}) ?st(?:ones?)?(?:,? ?(?P<pounds>[0-9]{1,2}) ?(?:lbs?)?)?", re.ASCII | re.IGNORECASE
)
_SECOND: Final = lazy_pattern(r"[^A-Za-z]*[0-9]", re.ASCII)
"""What stands in place of a unit where a second number follows: of ``80-90kg`` neither end is the weight."""
_WORDS: Final = {"gamma": "mcg", "\u03b3": "mcg", "cc": "ml", "#": "lb", "mg%": "mg/dl"}
_IN_OTHER_UNITS: Final[dict[type[Quantity], dict[str, tuple[Fraction, str]]]] = {
    DosingWeight: dict.fromkeys(("g", "gram", "grams"), (Fraction(1, 1000), "kg")),
    Height: {**dict.fromkeys(("ft", "feet", "foot"), (Fraction(12), "in")), "mm": (Fraction(1, 10), "cm")},
    CreatinineClearance: {"ml/s": (Fraction(60), "mL/min"), "ml": (Fraction(1), "mL/min")},
    SerumCreatinine: {
        "mg": (Fraction(1), "mg/dL"),
        "umol": (Fraction(1), "umol/L"),
        "mmol/l": (Fraction(1000), "umol/L"),
        **dict.fromkeys(("micromol/l", "micromoles/l"), (Fraction(1), "umol/L")),
        "mg/l": (Fraction(1, 10), "mg/dL"),
        "mg/100ml": (Fraction(1), "mg/dL"),
    },
}
"""What is written in a unit that is not read of a kind, in one that is: how many of it."""

_MASS_AND_VOLUME: Final = lazy_pattern(r"(?P<mass>mcg|mg|g) ?[:,;+-]? ?(?P<volume>[0-9.]{1,6}) ?mL", re.IGNORECASE)
_WORDS_BEHIND: Final = lazy_pattern(
    r"(?P<unit>[^ (]+(?: (?:per|in|/) (?:[0-9.]{1,6} )?[^ (]+)*) ?"
    r"\(?(?P<words>(?:[0-9.]{1,6} ?% ?)?[A-Za-z][A-Za-z. ]*(?:[0-9.]{1,6} ?%)?)\)?"
)
_OF_TWO_READINGS: Final = frozenset({"mu", "munit", "munits"})
"""Million units of penicillin, or thousandths of one of oxytocin."""
_OTHER_LETTERS: Final = str.maketrans(
    {
        **{chr(0xFF01 + each): chr(0x21 + each) for each in range(0x7E - 0x20)},
        **{chr(zero + each): str(each) for zero in (0x660, 0x6F0) for each in range(10)},
        **dict.fromkeys("\u2044\u2215", "/"),
        **dict.fromkeys("\u200b\u2060\ufeff", ""),
        **dict.fromkeys("\u3000\t\r\n", " "),
    }
)
"""Letters of a keyboard for East Asian scripts, Arabic digits, other strokes; what cannot be seen is left out."""

_SIMILARITY: Final = 0.6
_MOST: Final = 2


def values_meant(text: str, role: type[Quantity], is_plausible: Plausible = lambda _: True) -> list[str]:
    """Return the one or two values that a refused text may be; none where there are more.

    ``is_plausible`` says whether a patient or a product can have a value.

    >>> values_meant("12,5 mg", Dose), values_meant("0.1 MCG/KG/MIN", DoseRatePerKg)
    (['12.5 mg'], ['0.1 mcg/kg/min'])
    >>> values_meant("12,500 units", Dose), values_meant("3 MU", Dose)
    (['12.5 units', '12500 units'], ['3 million units', '3 milliunits'])
    """
    spaced = text.translate(SPACES).translate(_OTHER_LETTERS).strip(" ")
    time, match = _TIME.fullmatch(spaced), _REFUSED.fullmatch(spaced)
    if time is not None and role is Duration:
        minutes = "" if time["minutes"] in ("0", "00") else f"{time['minutes']}min"
        return [f"{int(time['hours'])}h{minutes}"]
    stone = _STONE.fullmatch(spaced)
    if stone is not None and role is DosingWeight:
        pounds = int(stone["stone"]) * POUNDS_OF_STONE + int(stone["pounds"] or 0)
        return _values([str(pounds)], "", "lb", text, role, is_plausible)
    either = _EITHER.fullmatch(spaced)
    if either is not None:  # a reader that could not tell a decimal comma from thousands says both
        numbers = [either["one"].replace(",", ""), either["other"]]
        return _values(numbers, " ", either["unit"], text, role, is_plausible)
    if match is None or _SECOND.match(match["unit"]):
        return []
    space = " " if match["unit"].startswith(" ") else ""
    written = match["unit"].strip(" ")
    numbers = list(_numbers(match["number"].strip(" "), match["power"]))
    other = _IN_OTHER_UNITS.get(role, {}).get(written.lower())
    if other is not None:
        numbers = [plain(json_number(Fraction(each) * other[0])[0]) for each in numbers]
        return _values(numbers, space, other[1], text, role, is_plausible)
    return _values(numbers, space, written, text, role, is_plausible)


def _values(
    numbers: list[str], space: str, written: str, text: str, role: type[Quantity], is_plausible: Plausible
) -> list[str]:
    made = (f"{number}{space}{each}" for number in numbers for each in _units(written, role))
    found = [each for each in dict.fromkeys(made) if each != text and _is(each, role, is_plausible)]
    return found if len(found) <= _MOST else []


def _numbers(text: str, power: str | None) -> Iterator[str]:
    """Yield each plain decimal number that a text may be; a comma is a decimal point or divides thousands."""
    digits = text.replace("O", "0").replace("o", "0").replace(" ", "").replace("'", "").rstrip(".")
    comma = _COMMA.fullmatch(digits)
    if comma is not None:
        readings = [f"{comma['whole']}.{comma['part']}"]
        may_divide_thousands = len(comma["part"]) == len("000") and not comma["whole"].startswith("0")
        readings += [comma["whole"] + comma["part"]] if may_divide_thousands else []
    elif "." in digits.partition(",")[0] and "," in digits:
        return  # 1.000,5 is 1000.5 where points divide thousands, and never 1.0005
    else:
        readings = [f"0{digits}" if digits.startswith(".") else digits.replace(",", "")]
    for each in readings:
        if _PLAIN.fullmatch(each):
            yield plain(json_number(Fraction(each) * Fraction(10) ** int((power or "e0")[1:]))[0])


def _units(text: str, role: type[Quantity]) -> Iterable[str]:
    """Return the units that a text may be: itself where it is one, the usual ones where it is missing or misspelt."""
    usual = _UNITS[role]
    if not text:
        return (usual if role is Height else usual[:_MOST]) if role in _BARE else ()
    if _is(f"1 {text}", role, lambda _: True):
        return (text,)
    above, line, below = text.partition("/")
    if above.casefold() in _OF_TWO_READINGS:
        return tuple(f"{each}{line}{below}" for each in ("million units", "milliunits"))
    fuller = _of_a_container(text) if role is Concentration else None
    behind = _WORDS_BEHIND.fullmatch(text)
    if behind is not None and _is(f"1 {behind['unit']}", role, lambda _: True) and not _names_unit(behind["words"]):
        fuller = behind["unit"]
    if fuller is not None:
        return (fuller,)
    try:
        unit(text)
    except InputError:
        cased = _in_its_own_letters(text)
        return (cased,) if cased is not None and _is(f"1 {cased}", role, lambda _: True) else _near(text, usual)
    return ()


def _of_a_container(text: str) -> str | None:
    """Return the unit of a concentration that is written as an amount and the volume that it is in."""
    if re.fullmatch(r"[a-z]+ ?(?:/|in) ?[0-9.]+", text):
        return f"{text}mL"
    parts = _MASS_AND_VOLUME.fullmatch(text)
    return f"{parts['mass'].lower()}/{parts['volume']}mL" if parts is not None else None


def _names_unit(words: str) -> bool:
    """Whether one of the words behind a unit is a unit itself, or says that one follows: it is not left out then."""
    return any(each == "per" or folded_unit(each) in _PARTS or each.lower() in _PARTS for each in words.split())


def _in_its_own_letters(written: str) -> str | None:
    """Return the unit that is spelled in other letters than its own: ``MCG/KG/MIN`` may be ``mcg/kg/min``."""
    try:
        return usual_unit("/".join(folded_unit(each) for each in written.replace(" per ", "/").split("/"))).name
    except InputError:
        return None


def _near(text: str, usual: tuple[str, ...]) -> list[str]:
    """Return the usual units of which each part is that of ``text``, or near to one that is none.

    A part that is a unit stays: of ``mcg/kg/mn`` the minute is corrected and never the microgram.
    """
    folded = re.sub(r"\^?-1", "", text.lower())
    folded = re.sub(r"(?:\bper\b|[ .·*/-])+", "/", _WORDS.get(folded, folded)).strip("/")
    parts = [_WORDS.get(each, each) for each in folded.split("/")]
    if "m" in parts:  # minute, metre or milli: of a time that a rate is counted in the minute alone
        *above, last = parts
        return [name for name in usual if last == "m" and name.lower() == "/".join((*above, "min")) and above]
    wanted = {each: each.lower().split("/") for each in usual}
    fitting = {name: each for name, each in wanted.items() if len(each) == len(parts)}
    near = [_near_parts(part, {each[place] for each in fitting.values()}) for place, part in enumerate(parts)]
    return [name for name, each in fitting.items() if all(map(list.__contains__, near, each))]


def _near_parts(part: str, known: set[str]) -> list[str]:
    if part in _PARTS:  # a unit that is none here, as mL in a dose, is not a misspelt one
        return [part] if part in known else []
    short = [each for each in sorted(known) if len(part) <= len("kg") and each[0] == part[:1]]
    return short or get_close_matches(part, sorted(known), n=_MOST, cutoff=_SIMILARITY)


def _is(text: str, role: type[Quantity], is_plausible: Plausible) -> bool:
    try:
        value = parsed(role, as_read(text, role))
    except InputError:
        return False
    return value.magnitude > 0 and is_plausible(value)
