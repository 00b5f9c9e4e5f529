"""How often an order is given: once, or again and again."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.units import how_many

_ONCE: Final = lazy_pattern(
    r"\b(?:once|(?:one|1)[ -]times?|(?:one|1|a|single)[ -]doses?|single|stat|now)\b|"
    r"[x\u00d7] ?1\b|\b1 ?[x\u00d7](?![\w/])",
    re.IGNORECASE,
)
_AGAIN: Final = lazy_pattern(
    r"\b(?:daily|nightly|hourly|weekly|monthly|morning|evening|bedtime|every|each|per|then|twice|(?<!\b1 )times|"
    r"qod|q\.?d|od|bid|tid|qid)\b|\ba (?:day|week)\b|\bq ?[0-9]",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def repeated(text: str) -> bool:
    """Whether a frequency says that an order is given more than once; what is not known to mean once is repeated.

    >>> repeated("once daily"), repeated("once at hour 20"), repeated("1 doses"), repeated("every 12 h")
    (True, False, False, True)
    """
    return _ONCE.search(text) is None or _AGAIN.search(text) is not None


def recurring(text: str | None) -> str | None:
    """Return a frequency, None for `once`: a load that says so is none of every day.

    >>> recurring("daily"), recurring("x1"), recurring(None)
    ('daily', None, None)
    """
    return text if text is not None and repeated(text) else None


def is_as_needed(prn: str | None) -> bool:
    """Whether the field `prn` says that an order is given as needed; what it is needed for says so too.

    >>> is_as_needed("yes"), is_as_needed("pain above 3"), is_as_needed("no"), is_as_needed(None)
    (True, True, False, False)
    """
    return (prn or "").strip().lower() not in {"", "no", "false"}


@lru_cache(maxsize=1024)
def is_known_to_recur(text: str | None) -> bool:
    """Whether a frequency leaves no doubt that an order is given again: `loading dose`, `on arrival` or none do not.

    >>> is_known_to_recur("daily"), is_known_to_recur("on arrival"), is_known_to_recur("once, then 75 mg daily")
    (True, False, False)
    """
    if text is None or (_ONCE.search(text) is not None and _THEN.search(text) is not None):
        return False
    return repeated(text) and (_AGAIN.search(text) is not None or times_daily(text) is not None)


# From each of these words it looks no further than to the next: a text of nothing else would take the square of it.
_THEN: Final = lazy_pattern(
    r"\b(?:then|followed by|thereafter)\b(?:(?!\b(?:then|followed by|thereafter)\b)[^;])*?[0-9] ?(?:mg|mcg|g|units?)\b",
    re.IGNORECASE,
)
"""Another dose follows, and what recurs is that one."""
_DAY: Final = int(how_many("h", "day"))
"""Hours."""
_MINUTES: Final = int(how_many("min", "day"))
_TIMES_IN_WORDS: Final = (
    r"daily|a day|every (?:day|morning|evening)|nightly|q\.?d|od",
    r"twice|two times|bid|b\.i\.d|bd",
    r"three times|thrice|tid|t\.i\.d|tds",
    r"four times|qid|q\.i\.d|qds",
)
"""What says once a day, twice a day, and so on."""
_WORDS: Final = tuple(
    (times, lazy_pattern(rf"\b(?:{words})\b", re.IGNORECASE))
    for times, words in (*enumerate(_TIMES_IN_WORDS, start=1), (_DAY, r"(?<![0-9][ -])hourly|every hour"))
)
_TIMES: Final = lazy_pattern(r"\b([0-9]{1,4}) ?(?:x|\u00d7|times)(?![a-z0-9])", re.IGNORECASE)
_EVERY: Final = lazy_pattern(
    r"(?:\b([0-9]{1,4}) times )?\b(?:every|q) ?([0-9]{1,4}) ?"
    r"(?:(?P<hours>h|hrs?|hours?|hourly)|(?P<minutes>min|mins|minutes?))\b",
    re.IGNORECASE,
)
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
    found = [times for times, words in _WORDS if words.search(text)]
    found += [int(times) for times in _TIMES.findall(text)]
    found += [_in_a_day(match) for match in _EVERY.finditer(text) if int(match[2])]
    in_all = [int(first or second) for first, second in _DOSES.findall(text)]
    most = max(found, default=None)
    return min([*in_all, most]) if most is not None else max(in_all, default=None)


def _in_a_day(match: re.Match[str]) -> int:
    day = _DAY if match["hours"] else _MINUTES
    return -(-day * int(match[1] or 1) // int(match[2]))
