"""The clause and the sentence of a text that hold a place, and what they say there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.text.text_words import CLAUSE, SENTENCE
from rescuecalc.core.quantities.lazy_pattern import Text

if TYPE_CHECKING:
    import re


def clause_at(text: str, at: int) -> tuple[int, int]:
    """Return where the part of a text between two stops begins and ends that holds a place."""
    return _between(text, at, CLAUSE)


def sentence_at(text: str, at: int) -> tuple[int, int]:
    """Return where the sentence of a text begins and ends that holds a place: commas do not end it."""
    return _between(text, at, SENTENCE)


def _between(text: str, at: int, stop: re.Pattern[str]) -> tuple[int, int]:
    known = text.up_to(at) if isinstance(text, Text) else text
    starts, ends = stops(known, stop)
    before, behind = bisect_right(ends, at), bisect_left(starts, at)
    return ends[before - 1] if before else 0, starts[behind] if behind < len(starts) else len(known)


_MOST_TEXTS: Final = 200
"""Texts whose stops are kept."""


@lru_cache(maxsize=_MOST_TEXTS)
def stops(text: str, stop: re.Pattern[str]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return where the stops of a text begin and end: rules ask for the clause of each of its numbers."""
    spans = [match.span() for match in stop.finditer(text)]
    return tuple(start for start, _ in spans), tuple(end for _, end in spans)


def in_clause(pattern: re.Pattern[str], text: str, at: int) -> bool:
    """Whether a pattern finds something in the clause of a text that holds a place."""
    return pattern.search(text, *clause_at(text, at)) is not None


def ahead(text: str, at: int) -> str:
    """Return what stands before a place of a text in its clause.

    >>> ahead("no bolus; then run 8 mg", 18)
    ' then run'
    """
    return text[clause_at(text, at)[0] : at]
