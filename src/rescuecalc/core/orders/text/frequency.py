"""How often an order is given: once, or again and again; the most that is said, and what is said exactly."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Final

from rescuecalc.core.quantities import wording
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.units import how_many

if TYPE_CHECKING:
    from collections.abc import Iterator

_ONCE: Final = lazy_pattern(
    r"\b(?:once|(?:one|1)[ -]times?|(?:one|1|a|single)[ -]doses?|single|stat|now)\b|"
    r"[x\u00d7] ?1\b|\b1 ?[x\u00d7](?![\w/])",
    re.IGNORECASE,
)
_AGAIN: Final = lazy_pattern(
    r"\b(?:daily|nightly|hourly|weekly|monthly|morning|evening|bedtime|every|each|per|then|twice|(?<!\b1 )times|"
    r"qod|qhs|qam|qpm|q\.?d|od|bid|tid|qid)\b|\ba (?:day|week)\b|\bq ?[0-9]",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def repeated(text: str) -> bool:
    """Whether a frequency says that an order is given more than once; what is not known to mean once is repeated.

    >>> repeated("once daily"), repeated("once at hour 20"), repeated("1 doses"), repeated("every 12 h")
    (True, False, False, True)
    """
    return _ONCE.search(text) is None or _AGAIN.search(text) is not None or recurs(text)


def recurring(text: str | None) -> str | None:
    """Return a frequency, None for `once`: a load that says so is none of every day.

    >>> recurring("daily"), recurring("x1"), recurring(None)
    ('daily', None, None)
    """
    return text if text is not None and repeated(text) else None


def is_as_needed(prn: str | None) -> bool:
    """Whether the field `prn` says that an order is given as needed; what it is needed for says so too.

    >>> is_as_needed("yes"), is_as_needed("pain above 3"), is_as_needed("N"), is_as_needed("n/a"), is_as_needed(None)
    (True, True, False, False, False)
    """
    words = wording.folded(prn or "")
    return words not in wording.AT_FIXED_TIMES and wording.ANSWER_OF.get(words) != "no"


@lru_cache(maxsize=1024)
def is_known_to_recur(text: str | None) -> bool:
    """Whether a frequency leaves no doubt that an order is given again: `loading dose`, `on arrival` or none do not.

    >>> is_known_to_recur("daily"), is_known_to_recur("on arrival"), is_known_to_recur("once, then 75 mg daily")
    (True, False, False)
    """
    if text is None or (_ONCE.search(text) is not None and _THEN.search(text) is not None):
        return False
    if REPEATED.fullmatch(text) is not None:
        return True
    is_said = _AGAIN.search(text) is not None or times_daily(text) is not None
    return recurs(text) or (repeated(text) and (is_said or bool(exactly_daily(text))))


REPEATED: Final = lazy_pattern(
    r"(?:now|stat|jetzt),? (?:and |then )?(?:again )?(?:every|alle) [0-9]{1,3} ?(?:h|hours?|min\w*|std\w*|stunden)"
    r"|(?:twice|thrice|zweimal|dreimal|viermal|deux fois|trois fois|dos veces|"
    r"times (?:two|three)|(?<![0-9.,])[2-9] ?[x\u00d7](?! ?(?:[0-9]|kg|wt|weight|body))|"
    r"series of (?:two|three)|(?:may |can )?(?:be )?repeat(?:ed)?(?! ?[0-9])|wiederholen|"
    r"(?:once )?before and (?:once )?after (?!review|assess|check|imag|scan|count|monitor)\w{4,20}|"
    r"one bolus before and one bolus after \w{4,20}|doppelte dosis|rate verdoppeln|on request|nach bedarf|"
    r"bei bedarf|si besoin|(?:each|per|every) (?:thrombectomy )?pass(?: of the \w{3,20}(?: \w{3,20})?)?|"
    r"interval [0-9]{1,3} ?h|second in [0-9]{1,3} ?(?:h|min)\w*|[2-9]\. bolus nach [0-9]{1,3} ?(?:h|min)\w*|"
    r"(?:two|zwei|three|drei) boli|until [2-9] doses given|[2-9] ?x t\u00e4glich)\b",
    re.IGNORECASE,
)
"""Says in the text of a bolus or an infusion, in a clause of nothing else, that it is given again."""


# From each of these words it looks no further than to the next: a text of nothing else would take the square of it.
_THEN: Final = lazy_pattern(
    r"\b(?:then|followed by|thereafter)\b(?:(?!\b(?:then|followed by|thereafter)\b)[^;])*?[0-9] ?(?:mg|mcg|g|units?)\b",
    re.IGNORECASE,
)
"""Another dose follows, and what recurs is that one."""


def first_dose(text: str) -> str:
    """Return what a frequency says of its own dose: `once` of `once, then 75 mg daily`."""
    then = _THEN.search(text)
    return text[: then.start()] if then is not None else text


_DAY: Final = int(how_many("h", "day"))
"""Hours."""
_MINUTES: Final = int(how_many("min", "day"))
_DOSES: Final = lazy_pattern(r"(?<![a-z0-9])[x\u00d7] ?([0-9]{1,3})\b|\b([0-9]{1,3}) doses\b", re.IGNORECASE)
"""How many doses there are in all, as in `every 10 min x 2`."""


@lru_cache(maxsize=1024)
def times_daily(text: str) -> int | None:
    """Return how many times a day a frequency means, the most that it says; None where that is not known.

    >>> times_daily("twice daily"), times_daily("q4h"), times_daily("every 8 hours"), times_daily("as told")
    (2, 6, 3, None)
    >>> times_daily("every 144 minutes"), times_daily("every 10 min x 2")
    (10, 2)
    """
    said = filter(None, map(_said, _PHRASE.finditer(text)))
    found = [ceil(each) for each in said] + [int(_COUNTS.get(each.lower(), each)) for each in _TIMES.findall(text)]
    in_all = [int(first or second) for first, second in _DOSES.findall(text)]
    most = max([*found, *([1] if _A_DAY.search(text) else [])], default=None)
    return min([*in_all, most]) if most is not None else max(in_all, default=None)


_COUNTS: Final = {
    word: times
    for times, words in enumerate(
        (
            "once one",
            "twice two",
            "thrice three",
            *["four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        ),
        1,
    )
    for word in words.split()
}
_COUNTED: Final = "|".join(_COUNTS)
COUNT_WORDS: Final = {word: times for word, times in _COUNTS.items() if word not in {"once", "twice", "thrice"}}
"""Words of numbers."""
_TIMES: Final = lazy_pattern(
    rf"\b(?=[0-9tsfen])(twice\b|thrice\b|(?:[0-9]{{1,4}}|{_COUNTED})(?= ?(?:x|\u00d7|times)(?![a-z0-9])))",
    re.IGNORECASE,
)
_A_DAY: Final = lazy_pattern(r"\ba day\b", re.IGNORECASE)
_NUMBERS: Final = {
    **dict.fromkeys(("other", "second", "alternate"), Fraction(2)),
    "third": Fraction(3),
    "half": Fraction(1, 2),
    "half an": Fraction(1, 2),
    "quarter": Fraction("1/4"),
}
_WEEK: Final = timedelta(weeks=1).days
"""Days."""
_ADVERBS: Final = {
    **{
        word: Fraction(times)
        for times, words in enumerate(("daily nightly nocte mane od qd qhs qam qpm", "bid bd", "tid tds", "qid qds"), 1)
        for word in words.split()
    },
    "qod": Fraction(1, 2),
    "hourly": Fraction(_DAY),
    "weekly": Fraction(1, _WEEK),
}
"""What one word says, in times a day."""
_SPANS: Final = {"h": Fraction(1, _DAY), "mi": Fraction(1, _MINUTES), "w": Fraction(_WEEK)}
"""Days of a unit, by how it begins; of every other, as a morning or a night, there is one a day."""
_PHRASE: Final = lazy_pattern(
    rf"(?<![\w.-])(?:(?P<hours>[0-9]{{1,2}}|{_COUNTED})(?:[ -]hourly|[ -]?hrly)|"
    r"(?P<a_day>[1-9][0-9]?)(?: ?(?:x|\u00d7|times?) ?/ ?d(?:ay)?| (?:a|per) day)|"
    r"(?:(?:(?P<number>[0-9]{1,2}) ?(?:x|\u00d7|times?)|(?P<count>" + "|".join(_COUNTS) + r")(?: times)?)"
    r"[ -]?)?(?:"
    rf"(?:(?:every|each|q\.?) ?|(?P<a>a|an|per) )(?:(?P<length>[0-9]{{1,4}}|{'|'.join(_NUMBERS)}|{_COUNTED})"
    r"(?: ?(?:-|\u2013|to|or) ?[0-9]{1,3})?[ -]?)?"
    r"(?P<unit>h|hrs?|hours?|hourly|min|mins|minutes?|d|days?|daily|wk|weeks?|weekly|morning|evening|night|bedtime)|"
    r"(?P<adverb>daily|nightly|nocte|mane|hourly|weekly|qhs|qam|qpm|q\.?d\.?s|q\.?d|od|b\.?i\.?d|b\.?d|t\.?i\.?d|"
    r"t\.?d\.?s|q\.?i\.?d|q\.?o\.?d)))\b(?![/-]|\.[a-z]\b)",
    re.IGNORECASE,
)
_MAY_DIFFER: Final = lazy_pattern(
    r"\b(?:or|to|up to|at most|max\w*|then|min\w* interval)\b|[0-9] ?- ?[0-9]", re.IGNORECASE
)


_HOUR: Final = (
    r"(?:[0-9]{1,2}(?::[0-9]{2})? ?[ap]\.?m\b\.?|(?:[0-9]{1,2}:[0-9]{2}|[0-9]{4})(?: ?h)?"
    r"(?![0-9]| ?(?:mc?g|mL|units?|kg)\b))"
)
_PART_OF_DAY: Final = (
    r"(?:(?:every |each |in the |at )?(?:morning|noon|midday|lunch|afternoon|evening|night|bedtime|breakfast|dinner))s?"
)
_AND: Final = r"(?:,? ?(?:and|&)(?: again)?(?: at)? |, ?(?:at )?| ?/ ?)"
_LISTED: Final = lazy_pattern(
    rf"(?<![\w.,:/+-])(?<!between )(?<!from )(?:{_HOUR}(?:{_AND}{_HOUR}){{1,5}}|"
    rf"{_PART_OF_DAY}(?:{_AND}{_PART_OF_DAY}){{1,5}}\b)",
    re.IGNORECASE,
)
"""Hours or parts of a day, at each of which a dose is given."""
_LASTS: Final = r"(?:days?|d|weeks?|wks?|months?|years?)"
_WEEKDAY: Final = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}"
_RECURRING: Final = lazy_pattern(
    r"\b(?:once |twice )?(?:an?|every|each|per) shift\b|\bas maintenance\b"
    r"|^ ?(?:PO |orally |by mouth )?maintenance dose ?(?=$|[,;.\n])"
    r"|\b(?:with|at|before|after|on) (?:every|each)(?: [a-z]{1,15}){1,2}\b|\baround the clock\b|\bATC\b"
    rf"|\bfor (?:at least |the next |up to )?(?:[2-9]|[1-9][0-9]{{1,2}}|two|three|six|several) ?{_LASTS}\b(?! ?supply)"
    rf"|\b[x\u00d7] ?(?:[2-9]|[1-9][0-9]{{1,2}}) ?{_LASTS}\b"
    r"|\b(?:on )?days? [0-9]{1,3}(?:(?:, ?| ?- ?| ?& ?| to | and )[0-9]{1,3}){1,9}\b"
    rf"|\b{_WEEKDAY}(?:(?:, ?| ?/ ?| & | and ){_WEEKDAY})+"
    r"|\bat \+?[0-9]{1,3}(?: ?h)?(?:(?:,? and |, ?)(?:at )?\+?[0-9]{1,3}(?: ?h)?){1,9}(?<=h)\b"
    r"|\bq ?[0-9]{1,2}\b(?! ?[a-z])|\bas often as (?:needed|required|necessary)\b|\bon (?:request|demand)\b"
    r"|\b(?:two|[2-9]|three|several|multiple|repeated?) (?:boluses|doses|injections|pushes)\b"
    r"|\b(?:stat|now|once)?,? ?and repeat\b(?! (?:the )?(?:CT|MRI|imaging|platelets?|labs?|count|scan|check))"
    r"|\bagain (?:if|when|after|in|at)\b|\bafter [0-9]{1,3} ?(?:h|hours?|min|minutes?) again\b"
    r"|\b(?:(?:one|1|a)(?: bolus| dose)? (?:per|for each|for every)|"
    r"(?:per|(?:with |at |for |before |after )?(?:each|every)))"
    r"(?: [a-z]{3,15})? (?:pass|attempt|stent|vessel|clot)\b"
    r"|\bbefore and (?:again )?after (?:the |each |every )?(?:procedure|angio\w*|stent\w*|thrombectomy|balloon\w*|pass)"
    r"|\bevery time (?:the |it )?[a-z]{4,15}"
    r"|\buntil (?:[2-9]|two|three|four|five) (?:doses|boluses|pushes)\b"
    r"|(?:^|[;,.] ?)(?:may (?:be )?|can (?:be )?)?(?:repeat(?:ed)?|again)(?=[^\w;]*(?:$|[;\n]))"
    r"|\b(?:first|1st)(?: dose)? at [0-9]{1,2}:[0-9]{2},? (?:then|and|second)(?: at)? [0-9]{1,2}:[0-9]{2}"
    r"|\bthen (?:again )?(?:every|each) (?:morning|evening|night|day|hour)\b"
    r"|\buntil (?:the )?(?:flow|vessel|artery|recanali|reperfus|TICI|it opens)\w*"
    r"|\b(?:now|stat|on arrival|at (?:the )?(?:start|onset)|at first) ?,? ?(?:and|then)(?: again)? (?:in|at|after) "
    r"(?:hour )?\+?[0-9]{1,3} ?(?:h|hrs?|hours?|min|minutes?|days?)?(?= ?(?:$|[,;.)\n]))"
    r"|(?:^ ?|[;,] ?)(?:given? )?"
    r"(?:(?:[2-9]|[1-9][0-9]|two|three|four|five|six|seven|eight|nine|ten) (?:times|x)|[2-9]x|twice|thrice)"
    r"(?=[^\w;]*(?:$|[;,\n])| over [0-9])"
    r"|\b(?:life-?long|for life|indefinitely|long[- ]term|until (?:discharge|review\w*|further notice|follow-?up))\b",
    re.IGNORECASE,
)


def often_words(text: str) -> Iterator[re.Match[str]]:
    """Yield the words from which follows how often a day something is given."""
    yield from _LISTED.finditer(text)
    yield from _PHRASE.finditer(text)


def recurring_words(text: str) -> Iterator[re.Match[str]]:
    """Yield the words that say that a dose comes again, and not how often a day: `once every shift`, `for 30 days`."""
    return _RECURRING.finditer(text)


def without_recurring(text: str) -> str:
    """Return a text without the words that say that a dose comes again."""
    return _RECURRING.sub(" ", text)


def recurs(text: str) -> bool:
    """Whether a text says that a dose comes again in words from which no number of times a day follows.

    >>> recurs("once every shift"), recurs("for 30 days"), recurs("over 3 min")
    (True, True, False)
    """
    return _RECURRING.search(text) is not None


_GERMAN_DAY: Final = r"(?:t\u00e4glich|am Tag|pro Tag)\b"
_OTHER_LANGUAGES: Final = tuple(
    (lazy_pattern(words, re.IGNORECASE), english)
    for words, english in (
        (rf"\b(?:1-?mal|einmal|1 ?x) {_GERMAN_DAY}", "once daily"),
        (rf"\b(?:2-?mal|zweimal) {_GERMAN_DAY}", "twice daily"),
        (rf"\b(?:3-?mal|dreimal) {_GERMAN_DAY}", "3 times daily"),
        (rf"\b(?:4-?mal|viermal) {_GERMAN_DAY}", "4 times daily"),
        (r"\b([1-9]|une) fois (?:par jour|/ ?j(?:our)?)\b", r"\1 times daily"),
        (r"\b([1-9]) (?:veces|vez) al d\u00eda\b", r"\1 times daily"),
        (r"\b(?:alle|toutes les|cada) ([0-9]{1,2}) ?(?:Stunden|Std|h|heures|horas)\b", r"every \1 h"),
    )
)
"""How often, in the languages of exports, with the usual words."""


def _in_english(text: str) -> str:
    for words, english in _OTHER_LANGUAGES:
        text = words.sub(english, text)
    return text


@lru_cache(maxsize=1024)
def exactly_daily(text: str) -> Fraction | None:
    """Return how many times a day a frequency says, 0 for once in all; None where it says nothing or two things.

    >>> exactly_daily("PO every 6 h"), exactly_daily("once weekly"), exactly_daily("once at hour 20")
    (Fraction(4, 1), Fraction(1, 7), Fraction(0, 1))
    >>> exactly_daily("twice daily (q12h)"), exactly_daily("every 4 to 6 h"), exactly_daily("daily, then weekly")
    (Fraction(2, 1), None, None)
    >>> exactly_daily("at 08:00 and 20:00"), exactly_daily("every morning and evening"), exactly_daily("at 08:00")
    (Fraction(2, 1), Fraction(2, 1), None)
    """
    if _MAY_DIFFER.search(text):
        return None
    text = _in_english(text)
    found = {_said(match) for match in _PHRASE.finditer(_LISTED.sub(" ", text))}
    found |= {Fraction(len(re.split(_AND, match[0], flags=re.IGNORECASE))) for match in _LISTED.finditer(text)}
    if not found and _ONCE.search(text) is not None and _AGAIN.search(text) is None:
        return Fraction(0)
    return found.pop() if len(found) == 1 else None


def _said(match: re.Match[str]) -> Fraction | None:
    """Return what a phrase says; none where `a day` has no count: then it may be what a day's dose is divided by."""
    if match["a_day"]:
        return Fraction(match["a_day"])
    if match["hours"]:
        hours = _COUNTS.get(match["hours"].lower()) or int(match["hours"])
        return Fraction(_DAY, hours) if hours else None
    counted = match["number"] or match["count"]
    if match["a"] and not counted:
        return None
    times = int(match["number"] or _COUNTS.get((match["count"] or "once").lower(), 1))
    if match["adverb"]:
        return times * _ADVERBS[match["adverb"].lower().replace(".", "")]
    length, unit = (match["length"] or "1").lower(), match["unit"].lower()
    span = next((days for begins, days in _SPANS.items() if unit.startswith(begins)), Fraction(1))
    days = span * (_NUMBERS.get(length) or _COUNTS.get(length) or int(length))
    return times / days if days else None
