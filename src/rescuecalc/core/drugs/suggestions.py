"""The names nearest to a misspelt one."""

from collections.abc import Iterable
from difflib import get_close_matches

ALIKE = 0.85
"""From this likeness on one name is taken for a slip of the pen in another."""

LIKE_A_CODE = 0.6
"""From this likeness on a code is named beside one that is none: they differ in digits alone."""

LIKE_AN_ENTRY = 0.75
"""From this likeness on the drug of another list is named beside one that is not in it."""

_LONGEST = 60
"""Characters; comparing grows with the square of the length, and no name is longer."""


def nearest_names(name: str, known: Iterable[str], cutoff: float = 0.4, *, folded: bool = True) -> list[str]:
    """Return at most three names that are nearest to ``name``, the nearest first."""
    cut = name[:_LONGEST]
    return get_close_matches(cut.lower() if folded else cut, list(known), n=3, cutoff=cutoff)


def nearest(name: str, known: Iterable[str], cutoff: float = 0.4, *, folded: bool = True) -> str:
    """Return a hint with the names nearest to ``name``, or an empty text; ``cutoff`` is the likeness asked for."""
    close = nearest_names(name, known, cutoff, folded=folded)
    return f"; did you mean {' or '.join(close)}?" if close else ""
