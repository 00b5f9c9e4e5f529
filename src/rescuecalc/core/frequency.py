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
