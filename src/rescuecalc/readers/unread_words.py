"""What of a text for people no rule reads: a signature, a ward, a day. Orders that differ in it alone are alike.

A text is read by patterns, and none that looks for anything reaches over a semicolon. So a part between two of them
in which no pattern of any rule finds anything is read by none, and another such part in its place changes nothing.
The patterns are gathered from the modules of the rules themselves: a new one is known as soon as it is written.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.core.orders import text_words as words
from rescuecalc.rules.facts.set_name import is_silent

if TYPE_CHECKING:
    from collections.abc import Iterator

FILLER: Final = " Xxxxx"
"""What stands in place of a part that is not read: it says nothing either."""

_READING: Final = ("rescuecalc.rules", "rescuecalc.core.orders", "rescuecalc.core.drugs")
"""The packages that read texts."""

_DEEPEST: Final = 5
_STOP: Final = ";"

_DAY: Final = r"(?:(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}|[0-9]{2}[./][0-9]{2}[./](?:19|20)[0-9]{2})"
_TIME: Final = "[0-9]{2}:[0-9]{2}"
_MOMENT: Final = re.compile(
    rf"(?<![\w.,:/-])(?:{_DAY}(?:[ T,] ?(?P<then>{_TIME})(?::[0-9]{{2}})?)?|(?P<time>{_TIME}))"
    r"(?![\w:/-]|[.,][0-9]| ?[AaPp]\.?[Mm]\b)"
)
"""A day, a time of day, or both: whatever they are, they are read alike."""
_CASE: Final = re.compile(r"(?<![\w.,:/-])[0-9]{6,12}(?![\w:/-]|[.,][0-9]| ?[A-Za-z%])")
"""A number that no dose has: of a case, a patient, a telephone."""
_NEUTRAL: Final = (FILLER, FILLER.strip(), f"{FILLER},{FILLER}, 2011-11-11 11:11", f"{FILLER}. Xx. Xxxxx (Xx) 1111111")
"""What is met here splits a text, or looks at what stands beside a dose."""

_BEHIND_NUMBERS: Final = (words.HELD_BEHIND, words.RUNS_AT)
"""What is looked for behind a quantity alone, and would be met in any word; a part without one has no such place."""

_LONGEST: Final = 200


def without_unread(text: str) -> str:
    """Return a text for people with a filler in place of each part that no rule reads.

    >>> without_unread("tirofiban 5 mL/h; signed by Adler on 2026-03-01 14:10")
    'tirofiban 5 mL/h; Xxxxx'
    """
    if _STOP not in text:
        return text
    parts = text.split(_STOP)
    return _STOP.join([FILLER if _is_unread(_moments(each)) else each for each in parts])


def _moments(part: str) -> str:
    """Return a part with one day, one time and one number for all: no rule makes a difference between them."""
    return _CASE.sub("1111111", _MOMENT.sub(_moment, part))


def _moment(match: re.Match[str]) -> str:
    return "11:11" if match["time"] else "2011-11-11 11:11" if match["then"] else "2011-11-11"


@lru_cache(maxsize=50_000)
def _is_unread(part: str) -> bool:
    if len(part) > _LONGEST or not part.strip():
        return False
    small = part.lower()
    return (
        is_silent(part)
        and not any(name in small for name in _names())
        and not any(pattern.search(part) for pattern in _patterns())
    )


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return every pattern that is not met by any words at all, as those are that split a text."""
    found = {each.pattern: each for module in _modules() for each in _patterns_in(vars(module), 0)}
    for each in _BEHIND_NUMBERS:
        del found[each.pattern]
    return tuple(each for each in found.values() if not any(each.search(text) for text in _NEUTRAL))


def _modules() -> Iterator[Any]:
    for name in _READING:
        package = importlib.import_module(name)
        for each in pkgutil.walk_packages(package.__path__, f"{name}."):
            yield importlib.import_module(each.name)


def _patterns_in(value: Any, depth: int) -> Iterator[re.Pattern[str]]:
    """Yield the patterns in what a module holds: alone, among others, as a method, or made when first asked for."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(getattr(value, "__self__", None), re.Pattern):
        yield value.__self__
    elif depth < _DEEPEST and isinstance(value, (tuple, list, set, frozenset)):
        for each in value:
            yield from _patterns_in(each, depth + 1)
    elif depth < _DEEPEST and isinstance(value, dict):
        for each in value.values():
            yield from _patterns_in(each, depth + 1)


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    """Return the names of drugs that rules look for as they are, in small letters."""
    from rescuecalc.core.drugs import drug_name  # noqa: PLC0415  # of many orders alone

    return tuple(sorted({*drug_name.BRANDS, *drug_name.KNOWN, *drug_name.ABBREVIATIONS}))
