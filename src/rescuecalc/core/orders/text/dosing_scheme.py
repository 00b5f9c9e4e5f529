"""How much in the morning, at noon, in the evening and at night, as German-speaking wards write it: `1-0-1`."""

from __future__ import annotations

from typing import Final

from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

_SCHEME: Final = lazy_pattern(r"(?<![\w.-])(?:[0-4\u00bd]-){2,3}[0-4\u00bd](?![\w-]|\.[0-9])")
_IN_WORDS: Final = {1: "daily", 2: "twice daily"}
_UNITS: Final = {"\u00bd": 1}
"""What is less than one is given once all the same; of two tablets at a time the dose comes twice."""


def scheme_in_words(text: str) -> str | None:
    """Return how often a text gives something by such a scheme, None where it has none.

    >>> scheme_in_words("1-0-1"), scheme_in_words("0-0-0-1 nach dem Essen"), scheme_in_words("2026-03-01")
    ('twice daily', 'daily', None)
    >>> scheme_in_words("2-0-2")
    '4 times daily'
    """
    match = _SCHEME.search(text)
    times = sum(_UNITS.get(each) or int(each) for each in match[0].split("-")) if match is not None else 0
    return _IN_WORDS.get(times, f"{times} times daily" if times else None)
