"""How much in the morning, at noon, in the evening and at night, as German-speaking wards write it: `1-0-1`."""

from __future__ import annotations

from typing import Final

from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

_SCHEME: Final = lazy_pattern(r"(?<![\w.-])(?:[0-4\u00bd]-){2,3}[0-4\u00bd](?![\w-]|\.[0-9])")
_IN_WORDS: Final = ("", "daily", "twice daily", "3 times daily", "4 times daily")


def scheme_in_words(text: str) -> str | None:
    """Return how often a text gives something by such a scheme, None where it has none.

    >>> scheme_in_words("1-0-1"), scheme_in_words("0-0-0-1 nach dem Essen"), scheme_in_words("2026-03-01")
    ('twice daily', 'daily', None)
    """
    match = _SCHEME.search(text)
    times = sum(each != "0" for each in match[0].split("-")) if match is not None else 0
    return _IN_WORDS[times] or None
