"""Error-prone dose designations and abbreviations in text for people, as ISMP and the Joint Commission list them.

Each is looked for where it can be nothing else: after a number, before one, or as a word by itself. So `mcg/kg/min`,
`x10^9/L`, `AHA/ASA` and a version number are left alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.drugs.drug_name import ABBREVIATIONS, BRANDS
from rescuecalc.core.quantities.lazy_pattern import kept_of_text, lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_AMOUNT: Final = "mcg|ng|mg|g|units?|mEq|mmol|kg|mL|ml|L"
_IN_FULL: Final = "(?:micro|nano|milli|kilo)?grams?|(?:milli)?lit(?:re|er)s?|h|hours?|min|minutes?|s|seconds?|days?"
_NOT_IN_WORD: Final = r"(?<![\w.,/^-])"
_NOT_IN_WORD_BUT_RANGE: Final = r"(?:(?<![\w.,/^-])|(?<=[0-9]-))"
# A laboratory's value, as in mmol/L and g/dL, shows by its zeros how finely it was measured.
_NO_LABORATORY: Final = rf"(?= ?(?:(?:{_AMOUNT}|{_IN_FULL})(?![A-Za-z]|/(?:d?L|mm3))|%))"
# The first of two numbers that share a unit.
_SHARED: Final = rf"(?= ?(?:-|\u2013|to) ?[0-9][0-9.]* ?(?:{_AMOUNT})(?![A-Za-z]|/d?L))"
# A test or a device that is named by the same letters.
_NO_TEST: Final = r"(?![\w-]| ?(?:c?Tn|trop|CRP))"
# Three digits behind a comma are thousands, unless nothing but zeros stands before it.
_DECIMAL_COMMA: Final = "([0-9]{1,9},(?:[0-9]{1,2}|[0-9]{4,9})|0+,[0-9]{3})"
_ADDRESS: Final = lazy_pattern(r"\b(?:https?://|www\.)\S+|(?<!\S)[^\s@]++@[^\s.]++\.\S+")

# What a laboratory measures shows by its zeros how finely.
_MEASURED: Final = lazy_pattern(r"\b(?:a?PTT?|INR|(?:Hb)?A1c|Tmax|ACT)(?: of| is|:)? [0-9.]+ ?(?:%|s\b)?")


class Designation(NamedTuple):
    """What was found in a text: the characters, and what to write for them."""

    written: str
    instead: str


# By the code of their rule: a pattern, and what is to be written for what it finds ({} stands for its first group).
_PATTERNS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "RC210": (("[\u00b5\u03bc](g|mol|L)", "mc{}"),),
    "RC211": ((r"(?<![\w.])\.([0-9]+)(?= ?[A-Za-z%]|[ ,;)]|$)", "0.{}"),),
    "RC212": (
        (rf"{_NOT_IN_WORD_BUT_RANGE}([0-9]+)\.0+{_NO_LABORATORY}", "{}"),
        (rf"{_NOT_IN_WORD_BUT_RANGE}([0-9]+\.[0-9]*[1-9])0+{_NO_LABORATORY}", "{}"),
        (rf"{_NOT_IN_WORD}([0-9]+)\.0+{_SHARED}", "{}"),
        (rf"{_NOT_IN_WORD}([0-9]+\.[0-9]*[1-9])0+{_SHARED}", "{}"),
    ),
    "RC213": ((r"(?<=[0-9])( ?)(?:cc|CC|c\.c\.)(?!\w)", "{}mL"), (r"()\bcc(?=/)", "{}mL")),
    "RC214": ((r"(?<=[0-9]) ?(?:IU|iu|[Ii]\.[Uu]\.|U|u)(?![A-Za-z-])()", " units{}"),),
    "RC215": (
        (
            rf"(?:{_NOT_IN_WORD_BUT_RANGE}|(?<=[A-Za-z]/))([0-9][0-9.,]*(?:{_AMOUNT}))(?![A-Za-z])",
            "{} with a space before the unit",
        ),
        (
            rf"\b({'|'.join(sorted({*BRANDS, *BRANDS.values(), 'aspirin', 'heparin'}))})(?=[0-9])",
            "{} and a space before the number",
        ),
    ),
    "RC216": (
        (
            rf"(?<![\w.,^-])([0-9]{{5,9}})(?= ?(?:{_AMOUNT}|/ ?(?:mm3|mcL|uL|L)|per (?:mm3|mcL|uL|L))(?![A-Za-z]))",
            "{:,}",
        ),
        (r"(?<=\bbelow )([0-9]{5,9})(?![\w.,/-]| ?[A-Za-z])", "{:,}"),
    ),
    "RC217": (
        (r"\b([Qq]\.?[Dd]\.?)(?![\w.])", "daily"),
        (r"\b([Qq]\.?[Oo]\.?[Dd]\.?)(?![\w.])", "every other day"),
        (r"(?<![qQ]\.)\b([oO]\.[dD]\.|OD|od|q1d|q\.?d\.? ?1|i/d)(?![\w-])", "daily"),
        (rf"\b(HS|hs|[hH]\.[sS]\.){_NO_TEST}", "at bedtime, or half-strength"),
        (r"\b(qhs|QHS|[qQ]\.[hH]\.[sS]\.)(?!\w)", "nightly at bedtime"),
        (r"\b(q\.?n\.?|qn)(?!\w)", "nightly"),
        (r"\b[qQ] ?([0-9]{1,2} ?(?:[AaPp][Mm]|[ap]\.m\.))(?!\w)", "daily at {}"),
        (r"\b(UD|ut dict)(?![\w-])", "as directed"),
        (r"\b(BIW|biw)(?![\w-])", "2 times weekly"),
        (r"\b(TIW|tiw)(?![\w-])", "3 times weekly"),
    ),
    "RC218": ((r"(?<![\w/])([Dd]/[Cc])(?![\w/])", "discontinue, or discharge"),),
    "RC219": (
        # A p value of a study is left as it was printed.
        (r"(?<![-=<>])(?<!\bp)(?<!\bp )(>)(?= ?[0-9])(?!-)", "greater than"),
        (r"(?<![-=<>])(?<!\bp)(?<!\bp )(<)(?= ?[0-9])(?!-)", "less than"),
        (r"(?<![-=<>])(?<!\bp)(?<!\bp )(> ?=)(?= ?[0-9])", "greater than or equal to"),
        (r"(?<![-=<>])(?<!\bp)(?<!\bp )(< ?=)(?= ?[0-9])", "less than or equal to"),
    ),
    "RC220": ((r"(?<!\w)[xX\u00d7] ?([0-9]{1,3}) ?d\b", "for {} days, or doses"),),
    "RC224": (
        (r"(?<!\()\b(SQ|SC|sc|sq|[Ss]ub ?q|s\.c\.|S\.C\.)(?![\w-]| [0-9]{5}\b)", "SUBQ, or subcutaneously"),
        (r"\b([Pp]er os)\b", "PO, by mouth"),
    ),
    "RC225": (
        (r"(?<!\w)(@)(?= ?[0-9])", "at"),
        (r"\b[qQ] ?([0-9]{1,2}) ?\u00b0", "every {} hours"),
        (rf"(?<=[0-9]) ?(K|MM?)(?= (?:{_AMOUNT})(?![A-Za-z]))", "thousand, or million"),
        (rf"(?<=[0-9])(K)(?![\w+-])(?! (?:{_AMOUNT})(?![A-Za-z]))", "thousand"),
        (r"([\u2191])", "increase, or high"),
        (r"([\u2193])", "decrease, or low"),
        (r"(?<=[0-9] )(mg|mcg|mL|units)\.(?= [a-z])", "{}, without a point"),
    ),
    "RC226": (
        (r"(?<=[0-9]) ?(m?)l(?![A-Za-z])", "{}L"),
        (r"(?<=[0-9]) ?(ng)(?![A-Za-z]|/m?L|/dL)", "nanogram"),
    ),
    "RC227": (
        (
            rf"{_NOT_IN_WORD_BUT_RANGE}{_DECIMAL_COMMA}(?= ?(?:(?:{_AMOUNT}|{_IN_FULL})(?![A-Za-z])|%))",
            "{}",
        ),
    ),
}


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    return tuple(
        (code, lazy_pattern(pattern), instead) for code, each in _PATTERNS.items() for pattern, instead in each
    )


@kept_of_text(4096)
def designations(text: str) -> Mapping[str, tuple[Designation, ...]]:
    """Return what ``text`` holds that its readers may take for something else, by the code of the rule."""
    found: dict[str, tuple[Designation, ...]] = {}
    text = _ADDRESS.sub(_blank, text) if _ADDRESS.search(text) is not None else text
    text = _MEASURED.sub(_blank, text)
    for code, pattern, instead in _compiled():
        for match in pattern.finditer(text):
            group = match[1]
            shown = instead.format(int(group)) if "{:," in instead else instead.format(group)
            made = _as_meant(code, Designation(match[0].strip(), shown.strip()), text)
            if made not in found.get(code, ()):  # the same once a text
                found[code] = (*found.get(code, ()), made)
    return found


def spans(code: str, written: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where in ``text`` the rule ``code`` finds what is ``written``: begin and end of its characters."""
    for listed, pattern, _ in _compiled():
        for match in pattern.finditer(text) if listed == code else ():
            if match[0].strip() == written:
                begin = match.start() + len(match[0]) - len(match[0].lstrip())
                yield begin, begin + len(written)


_WITH_UNIT: Final = lazy_pattern(r"([0-9][0-9.,]*)([A-Za-z]+)")
_THOUSANDS: Final = lazy_pattern(r"([1-9][0-9]{0,2})\.000")
_OF_AN_EYE: Final = lazy_pattern(
    r"\b(?:eyes?|eyelids?|drops?|gtts?|ophth\w*|ocul\w*|intravitre\w*|O[SU])\b", re.IGNORECASE
)


def _as_meant(code: str, found: Designation, text: str) -> Designation:
    """Return what is to be written instead where the text around tells more, or two readings are possible."""
    unit, thousands = _WITH_UNIT.fullmatch(found.written), _THOUSANDS.fullmatch(found.written)
    if code == "RC215" and unit is not None:
        return found._replace(instead=f"{unit[1]} {unit[2]}")
    if code == "RC212" and thousands is not None:
        return found._replace(instead=f"{thousands[1]},000 or {thousands[1]}")
    if code == "RC227":
        return found._replace(instead=found.written.replace(",", "."))
    if code == "RC217" and found.written.lower().replace(".", "") == "od" and _OF_AN_EYE.search(text):
        return found._replace(instead="right eye")
    return found


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


_INTERNATIONAL: Final = lazy_pattern(r"\b(?:IU\b|iu\b|I\.U\.)")
_UNIT: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/\u00b5\u03bc"


def of_quantity(text: str) -> Iterator[tuple[str, Designation]]:
    """Yield what of the list can stand in a quantity that is read: a micro sign, IU, and a zero at the end."""
    if (units := _INTERNATIONAL.search(text)) is not None:
        yield "RC214", Designation(units[0], "units")
    if "\u00b5" in text or "\u03bc" in text:
        sign = "\u00b5" if "\u00b5" in text else "\u03bc"
        letter = text[text.index(sign) + 1 : text.index(sign) + 2]
        yield "RC210", Designation(f"{sign}{letter}", f"mc{letter}")
    # Of a label's strength (`12.5mg/250mL`) the first number alone: the zero of 250 ends no decimal.
    # Of a range each end is a number of its own: 2.5-20 has no zero at the end of a decimal.
    for number in text.strip(" ").partition(" ")[0].partition("/")[0].rstrip(_UNIT).replace("\u2013", "-").split("-"):
        if "." in number and number.endswith("0"):
            yield "RC212", _as_meant("RC212", Designation(number, number.rstrip("0").rstrip(".")), text)


@lru_cache(maxsize=1)
def _names() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of abbreviated names, as they are written, and of brands, in any letters."""
    # Not the class of the ASA, nor a trial that is named so; MS alone is also a disease, and is told by its dose.
    short = r"ASA(?! (?:class|score|grade|physical|PS))|[rR]?[tT]-?PA|TNK(?:-?t?PA)?|MSO4|MgSO4|N[oO]AC|HCTZ"
    return (
        lazy_pattern(
            rf"(?<![\w/-])(?<!EXTEND-IA )({short}|MS(?= [0-9.]+ ?mg)|[nN]itro(?= (?:drip|infusion)))"
            r"(?![\w/-]| (?:trial|study))"
        ),
        lazy_pattern(rf"\b({'|'.join(sorted(BRANDS))})\b", re.IGNORECASE),
    )


@kept_of_text(4096)
def abbreviated_names(text: str) -> tuple[Designation, ...]:
    """Return the abbreviated drug names in ``text``, with the names in full."""
    return tuple(
        Designation(match[0], ABBREVIATIONS.get(match[0].lower(), "the name in full"))
        for match in _names()[0].finditer(text)
    )


@kept_of_text(4096)
def brands(text: str) -> tuple[Designation, ...]:
    """Return the brand names in ``text`` that stand there without the drug's own name."""
    found = (Designation(match[0], BRANDS[match[0].lower()]) for match in _names()[1].finditer(text))
    return tuple(each for each in found if each.instead not in text.lower())
