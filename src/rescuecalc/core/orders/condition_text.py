"""Reading what is neither a quantity nor a word: weight bands, comparators of `when`, thrombolysis."""

from __future__ import annotations

import re
from typing import Final, TypeVar

from rescuecalc.core.literature.limits import Span
from rescuecalc.core.orders.order import Bound, Condition, Thrombolysis
from rescuecalc.core.orders.text.vocabulary import EXCLUDED, any_word
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import CreatinineClearance, DosingWeight, Duration, Quantity
from rescuecalc.core.quantities.spelling import as_written
from rescuecalc.core.quantities.time_offset import read_offset
from rescuecalc.core.quantities.wording import ANSWER_OF, NOT_APPLICABLE
from rescuecalc.errors import InputError

Q = TypeVar("Q", bound=Quantity)

_BAND: Final = lazy_pattern(
    r"([0-9.]{1,20}) *+([A-Za-z/]{0,20}) *+(?:-|\u2013|to) *([0-9.]{1,20} *[A-Za-z/]{1,20})", re.ASCII
)
_COMPARED: Final = lazy_pattern(r"(<=|>=|<|>) *([^<>=]{1,60})")
_ROLES: Final[dict[str, type[Quantity]]] = {
    "creatinine_clearance": CreatinineClearance,
    "weight": DosingWeight,
    "thrombolysis": Duration,
}
IMAGING: Final = "imaging"
"""The condition that imaging shows no haemorrhage, or that it shows one."""

_EXAMPLES: Final = {
    "creatinine_clearance": "one as <= 60 mL/min or as > 60 mL/min",
    "weight": ">= 90 kg or 46-54 kg",
    "thrombolysis": "none, given or > 24 h",
}
_GIVEN: Final = {
    # A number is a time, and neither yes nor no.
    **{each: word == "yes" for each, word in ANSWER_OF.items() if each.isalpha()},
    **dict.fromkeys(
        (
            *(*NOT_APPLICABLE, "not given", "none given", "not done", "contraindicated"),
            *("no tpa", "no tnk", "no lysis"),
            *("no thrombolysis", "if no thrombolysis", "if no tpa", "if no tnk", "if none", "if not given"),
        ),
        False,
    ),
    **dict.fromkeys(
        (
            *("given", "tpa given", "tnk given", "rtpa given", "alteplase given", "tenecteplase given", "tpa", "tnk"),
            *("rtpa", "alteplase", "tenecteplase", "if given"),
        ),
        True,
    ),
}


def read_band(text: str, role: type[Q], name: str) -> Span[Q]:
    """Return ``46-54 kg``, or one quantity, as a range; both ends belong to it.

    Raises InputError that quotes the text and shows what to write.
    """
    try:
        return _twice(text, role) or _band(text.strip(" "), role)
    except InputError as reason:
        message = f"{name}: cannot read {quoted(text)}: {reason}; write a band as 46-54 kg"
        raise InputError(message) from None


def _twice(text: str, role: type[Q]) -> Span[Q] | None:
    """Return a band that is said in two units, which have to agree; None where it is said once."""
    from rescuecalc.core.orders.order_field import rounds, two_statements  # noqa: PLC0415  # of bands in files alone

    parts = two_statements(text)
    if parts is None:
        return None
    one, other = (_band(each, role) for each in parts)
    if all(rounds(a, b) or rounds(b, a) for a, b in ((one.low, other.low), (one.high, other.high))):
        return one
    raise InputError(f"{parts[0]} and {parts[1]} are not the same")


def _band(text: str, role: type[Q]) -> Span[Q]:
    text = re.sub(r"^between (.*) and ", r"\1 - ", text, flags=re.IGNORECASE).replace(" bis ", " - ")
    match = _BAND.fullmatch(text)
    if match is None:
        one = as_written(text, role)
        return Span(one, one)
    high = as_written(match[3], role)
    low = as_written(f"{match[1]} {match[2] or high.unit.name}", role)
    if low.exceeds(high):
        raise InputError(f"{low} is more than {high}")
    return Span(low, high)


_OPEN: Final = lazy_pattern(
    r"(?P<before><=|>=|<|>|over|above|under|below|at least|at most|up to|more than|less than)? {0,9}"
    r"(?P<number>[0-9.]{1,20}) {0,9}(?P<plus>\+)? {0,9}(?P<unit>[A-Za-z/]{1,20}) {0,9}(?P<plus_behind>\+)? {0,9}"
    r"(?P<behind>and (?:above|over|more|up|below|under|less)|or (?:more|less|above|below|over))?",
    re.ASCII | re.IGNORECASE,
)
# Both ends, at least one of them with what says whether it belongs to it: `>= 60 to < 70 kg`, `from 60 to under 70 kg`.
_HALF_OPEN: Final = lazy_pattern(
    r"(?P<from><=|>=|<|>|from|over|above|at least|more than)? {0,9}(?P<low>[0-9.]{1,20}) {0,9}"
    r"(?P<unit>[A-Za-z/]{1,20})?? {0,9}(?:-|\u2013|,|\bto\b|\band\b|(?=<)) {0,9}(?:but )?"
    r"(?P<to><=|<|under|below|less than|up to|at most)? {0,9}(?P<high>[0-9.]{1,20}) {0,9}(?P<both>[A-Za-z/]{1,20})",
    re.ASCII | re.IGNORECASE,
)
_SIGNS: Final = {
    **{sign: sign for sign in ("<=", ">=", "<", ">")},
    **dict.fromkeys(("over", "above", "more than"), ">"),
    **dict.fromkeys(("under", "below", "less than"), "<"),
    **dict.fromkeys(("at least", "+"), ">="),
    **dict.fromkeys(("at most", "up to"), "<="),
}


SIGNS_IN_ASCII: Final = {ord("\u2265"): ">=", ord("\u2264"): "<="}


_WITH_NAME: Final = re.compile(r"^([0-9.]{1,9}) {0,3}<= {0,3}(?:wt|weight|bw|w) {0,3}(?=<)", re.IGNORECASE)


def is_open(text: str) -> bool:
    """Whether a band is open at one end: ``>= 90 kg``, ``90 kg and above``, ``under 50 kg``, ``>= 60 to < 70 kg``.

    >>> is_open(">= 90 kg"), is_open("90+ kg"), is_open("46-54 kg"), is_open("70 kg")
    (True, True, False, False)
    """
    return bool(read_open(text, DosingWeight))


def read_open(text: str, role: type[Quantity]) -> tuple[Bound, ...]:
    """Return the bounds of a band to which one of its ends or both do not belong, none of any other text.

    >>> [(each.comparator, str(each.quantity)) for each in read_open(">= 60 to < 70 kg", DosingWeight)]
    [('>=', '60 kg'), ('<', '70 kg')]
    """
    text = _WITH_NAME.sub(r"\1 to ", in_signs(text))
    match = _OPEN.fullmatch(text)
    sign = _sign(match) if match is not None else ""
    if match is None or not sign:
        return _half_open(text, role)
    try:
        return (Bound(sign, as_written(f"{match['number']} {match['unit']}", role)),)
    except InputError:
        return ()


def _half_open(text: str, role: type[Quantity]) -> tuple[Bound, ...]:
    match = _HALF_OPEN.fullmatch(text)
    if match is None or not (match["from"] or match["to"]):
        return ()
    signs = (_SIGNS.get((match["from"] or "from").lower(), ">="), _SIGNS.get((match["to"] or "<=").lower(), "<="))
    try:
        low = as_written(f"{match['low']} {match['unit'] or match['both']}", role)
        high = as_written(f"{match['high']} {match['both']}", role)
    except InputError:
        return ()
    if signs[0].startswith("<") or not high.exceeds(low):
        return ()
    return Bound(signs[0], low), Bound(signs[1], high)


def _sign(match: re.Match[str]) -> str:
    before, behind = (match["before"] or "").lower(), (match["behind"] or "").lower()
    plus = "+" if match["plus"] or match["plus_behind"] else ""
    if bool(before) + bool(behind) + bool(plus) != 1:
        return ""
    if behind:
        return "<=" if behind.endswith(("below", "under", "less")) else ">="
    return _SIGNS[before or plus]


def read_condition(text: str, name: str) -> Condition:
    """Return what `when` says of ``name``: ``> 60 mL/min``, ``>= 30 mL/min and < 60 mL/min``, ``46-54 kg``, ``none``.

    Of imaging it says whether a haemorrhage is excluded: ``no haemorrhage``.

    Raises InputError that quotes the text and shows what to write.
    """
    words = text.strip(" ").lower()
    if name == "thrombolysis" and words in _GIVEN and words not in NOT_APPLICABLE:
        return Condition(name, (), text, given=_GIVEN[words])
    if name == IMAGING:
        return Condition(name, (), text, given=_is_clean(text))
    try:
        return Condition(name, _bounds(text, _ROLES[name]), text)
    except InputError as reason:
        message = f"{name}: cannot read {quoted(text)}: {reason}; write {_EXAMPLES[name]}"
        raise InputError(message) from None


_EXCLUDED: Final = any_word("no", "without", "nil", "none", "keine?", "ohne", "pas d", "sans", EXCLUDED)
_CLEAN: Final = lazy_pattern(r"\b(?:negative|clean|clear)\b", re.IGNORECASE)
_BLOOD: Final = lazy_pattern(
    r"\b(?:ha?emorrhag\w*|bleed\w*|ICH|blood|ha?ematoma|\w{0,14}blutung|h\u00e9morragie|saignement)\b", re.IGNORECASE
)


def shows_clean(text: str) -> bool | None:
    """Whether imaging is said to exclude a haemorrhage (True) or to show one (False); None where it says neither.

    >>> shows_clean("no haemorrhage"), shows_clean("CT shows haemorrhage"), shows_clean("repeat CT")
    (True, False, None)
    """
    if _CLEAN.search(text) and not re.search(r"\bnot\b", text):
        return True
    return _EXCLUDED.search(text) is not None if _BLOOD.search(text) else None


def _is_clean(text: str) -> bool:
    """Return whether a condition on imaging is that a haemorrhage is excluded, or that one is found."""
    clean = shows_clean(text)
    if clean is not None:
        return clean
    raise InputError(f"{IMAGING}: cannot read {quoted(text)}: what it has to show is not stated; write no haemorrhage")


_WORDS_OF_SIGNS: Final = (
    (
        r"(?:greater|more|higher) than or equal to|not less than|at least|no less than",
        ">=",
    ),
    (r"ab|mindestens|gr\u00f6\u00dfer (?:oder )?gleich", ">="),
    (r"(?:less|lower) than or equal to|not more than|at most|no more than|up to|bis(?: zu)?|h\u00f6chstens", "<="),
    (r"(?:greater|more|higher) than|above|over|beyond|\u00fcber|mehr als", ">"),
    (r"(?:less|lower|fewer) than|below|under|unter|weniger als", "<"),
)
_BEHIND: Final = lazy_pattern(
    r"(?P<value>[0-9.]{1,9} ?[A-Za-z/]{0,10}) (?:(?P<less>or (?:less|below|under|lower)|and (?:below|under|less))|"
    r"(?:or|and) (?:more|above|over|higher|greater))",
    re.IGNORECASE,
)


_NAMED: Final = lazy_pattern(r"\A(?:(?:e?CrCl|creatinine clearance|clearance) ?:? ?)(?=[<>0-9a-z])", re.IGNORECASE)
_OF_DIALYSIS: Final = lazy_pattern(
    r",? ?\(?\b(?:not on|including|incl\.?|excluding|excl\.?|without) (?:ha?emo)?dialysis\)?\Z", re.IGNORECASE
)
"""Behind a clearance: whom else the branch is for."""


def in_signs(text: str) -> str:
    """Return a condition with signs in place of its words.

    >>> in_signs("above 60 mL/min"), in_signs("60 mL/min or less"), in_signs("less than or equal to 60")
    ('> 60 mL/min', '<= 60 mL/min', '<= 60')
    """
    made = _OF_DIALYSIS.sub("", _NAMED.sub("", text.translate(SIGNS_IN_ASCII).strip(" ")))
    behind = _BEHIND.fullmatch(made)
    if behind is not None:
        return f"{'<=' if behind['less'] else '>='} {behind['value']}"
    for words, sign in _WORDS_OF_SIGNS:
        made = re.sub(rf"(?<![0-9] )\b(?:{words})\b(?= *[0-9])", sign, made, flags=re.IGNORECASE)
    return made


def _bounds(text: str, role: type[Quantity]) -> tuple[Bound, ...]:
    text = in_signs(text)
    parts = [part.strip(" ") for part in re.split(r" and |,", text)]
    if half_open := _half_open(text.strip(" "), role):
        return half_open
    if len(parts) == 1 and parts[0][:1] not in {"<", ">"}:
        span = _band(parts[0], role)
        return Bound(">=", span.low), Bound("<=", span.high)
    found = []
    for part in parts:
        match = _COMPARED.fullmatch(part)
        if match is None:
            raise InputError(f"{quoted(part)} does not begin with one of < <= > >=")
        found.append(Bound(match[1], as_written(match[2], role)))
    return tuple(found)


_GIVEN_WHEN: Final = lazy_pattern(
    r"(?:(?:alteplase|tenecteplase|tPA|TNK|rtPA)(?: given)?,? )?(?:(?P<ago>[0-9.]{1,5} ?[A-Za-z]{1,7}) ago|"
    r"(?<= )-(?P<at>[0-9.]{1,5} ?[A-Za-z]{1,7}))",
    re.ASCII | re.IGNORECASE,
)


def read_thrombolysis(text: str) -> Thrombolysis:
    """Return what is said of a thrombolysis: ``none``, ``given``, or when, as in ``-2 h``."""
    words = text.strip(" ").lower()
    if words in _GIVEN:
        return Thrombolysis(_GIVEN[words], None)
    when = _GIVEN_WHEN.fullmatch(text.strip(" "))
    if when is not None:
        return Thrombolysis(given=True, at=read_offset(f"-{when['ago'] or when['at']}", "thrombolysis"))
    try:
        return Thrombolysis(given=True, at=read_offset(text, "thrombolysis"))
    except InputError:
        message = f"thrombolysis: cannot read {quoted(text)}; write none, given, or when, as -2 h"
        raise InputError(message) from None
