"""How often an order is given: once, or again and again."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rescuecalc.core.units import how_many

_ONCE: Final = re.compile(
    r"\b(?:once|one[ -]time|1 time|(?:one|1|a|single) dose|single|stat|now)\b|[x\u00d7] ?1\b", re.IGNORECASE
)
_AGAIN: Final = re.compile(
    r"\b(?:daily|nightly|hourly|weekly|monthly|morning|evening|bedtime|every|each|per|then|twice|times|qod|q\.?d|od|bid|"
    r"tid|qid)\b|\ba (?:day|week)\b|\bq ?[0-9]",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def repeated(text: str) -> bool:
    """Whether a frequency says that an order is given more than once; what is not known to mean once is repeated.

    >>> repeated("once daily"), repeated("once at hour 20"), repeated("STAT"), repeated("every 12 h")
    (True, False, False, True)
    """
    return _ONCE.search(text) is None or _AGAIN.search(text) is not None


_DAY: Final = int(how_many("h", "day"))
"""Hours."""
_TIMES_IN_WORDS: Final = (
    r"daily|a day|every (?:day|morning|evening)|nightly|q\.?d|od",
    r"twice|two times|bid|b\.i\.d|bd",
    r"three times|thrice|tid|t\.i\.d|tds",
    r"four times|qid|q\.i\.d|qds",
)
"""What says once a day, twice a day, and so on."""
_WORDS: Final = tuple(
    (times, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for times, words in (*enumerate(_TIMES_IN_WORDS, start=1), (_DAY, r"(?<![0-9][ -])hourly|every hour"))
)
_TIMES: Final = re.compile(r"\b([0-9]{1,4}) ?(?:x|\u00d7|times)(?![a-z0-9])", re.IGNORECASE)
_HOURS: Final = re.compile(
    r"(?:\b([0-9]{1,4}) times )?\b(?:every|q) ?([0-9]{1,3}) ?(?:h|hrs?|hours?|hourly)\b", re.IGNORECASE
)


@lru_cache(maxsize=1024)
def times_daily(text: str) -> int | None:
    """Return how many times a day a frequency means, the most that it says; None where that is not known.

    >>> times_daily("twice daily"), times_daily("q4h"), times_daily("every 8 hours"), times_daily("as told")
    (2, 6, 3, None)
    """
    found = [times for times, words in _WORDS if words.search(text)]
    found += [int(times) for times in _TIMES.findall(text)]
    found += [-(-_DAY * int(times or 1) // int(hours)) for times, hours in _HOURS.findall(text) if int(hours)]
    return max(found, default=None)
