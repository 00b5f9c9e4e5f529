"""How often an order is given: once, or again and again."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

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


# Once a day, twice, three and four times.
_TIMES: Final = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        r"daily|a day|every (?:day|24 ?h|morning|evening)|nightly|q ?24 ?h|q\.?d|od",
        r"twice|two times|2 times|2x|bid|b\.i\.d|bd|every 12 ?h|q ?12 ?h",
        r"three times|3 times|3x|thrice|tid|t\.i\.d|tds|every 8 ?h|q ?8 ?h",
        r"four times|4 times|4x|qid|q\.i\.d|qds|every 6 ?h|q ?6 ?h",
    )
)


@lru_cache(maxsize=1024)
def times_daily(text: str) -> int | None:
    """Return how many times a day a frequency means, the most that it says; None where that is not known.

    >>> times_daily("twice daily"), times_daily("every 8 h"), times_daily("as told")
    (2, 3, None)
    """
    return max((number for number, each in enumerate(_TIMES, start=1) if each.search(text)), default=None)
