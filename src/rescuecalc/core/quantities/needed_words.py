"""What a text has to hold for a pattern to find anything in it, told from the pattern itself: it cannot go stale.

Of the words that rules look for nearly none stands in a text. To ask whether any does takes a tenth of the time that
the pattern takes.
"""

from __future__ import annotations

import re
from functools import lru_cache

# The parser that `re` itself compiles by: what it does not know here is taken as matching anything.
from re import _constants as op  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.core.quantities.pattern_tree import tree_of

if TYPE_CHECKING:
    from collections.abc import Iterable

Words = frozenset[str]

_MOST: Final = 100
"""Words of a pattern that are told apart; of more it is quicker to search."""

_MOST_KEPT: Final = 2_000
"""Patterns whose words are kept."""

_NO_MORE: Final = frozenset({""})

_REPEATS: Final = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_BETWEEN: Final = (op.AT, op.ASSERT_NOT)
"""What stands between two letters and takes none."""


@lru_cache(maxsize=_MOST_KEPT)
def needed(pattern: re.Pattern[str]) -> Words:
    r"""Return words of which a text has to hold one for ``pattern`` to be found in it, nothing where none are known.

    Those of a pattern in any letters are in small ones, and are of texts in ASCII.

    >>> sorted(needed(re.compile(r"\b(?:up)?titrat\w*|\bgo up\b", re.IGNORECASE)))
    ['go up', 'titrat']
    """
    found = _in_sequence(tree_of(pattern.pattern, pattern.flags), fold=bool(pattern.flags & re.IGNORECASE))
    return found if found is not None and all(map(_tells, found)) else frozenset()


def _tells(word: str) -> bool:
    """Whether a word stands in few texts: a letter or a digit alone stands in nearly all."""
    return len(word) > 1 or not (word.isalnum() or word.isspace())


def _in_sequence(items: Iterable[Any], *, fold: bool) -> Words | None:
    """Return words of which what a sequence finds holds one, those that stand in the fewest texts; None of none."""
    found: list[Words] = []
    run = _NO_MORE
    for item in items:
        exact = _exactly(item, fold=fold)
        if exact is not None and len(run) * len(exact) <= _MOST:
            run = _joined(run, exact)
            continue
        found += (run, _inside(item, fold=fold) or _NO_MORE)
        run = exact or _NO_MORE
    return max((each for each in (*found, run) if "" not in each), key=_rank, default=None)


def _rank(words: Words) -> tuple[int, int]:
    return min(map(len, words)), -len(words)


def _joined(first: Words, second: Words) -> Words:
    return frozenset(one + other for one in first for other in second)


def _exactly(item: tuple[Any, Any], *, fold: bool) -> Words | None:
    """Return all that an item can be, None where that is too much, or cannot be told."""
    kind, value = item
    if kind is op.LITERAL:
        return _letter(chr(value), fold=fold)
    if kind is op.IN:
        letters = (_exactly(each, fold=fold) for each in value)  # a range or a class is no letter
        return _together(letters)
    if kind is op.BRANCH:
        return _together(_all_of(each, fold=fold) for each in value[1])
    if kind is op.SUBPATTERN:
        return _all_of(_group(value), fold=fold)
    return _NO_MORE if kind in _BETWEEN else None


def _letter(letter: str, *, fold: bool) -> Words | None:
    if not fold:
        return frozenset({letter})
    return frozenset({letter.lower()}) if letter.isascii() else None


def _group(value: Any) -> Iterable[Any]:
    """Return what stands in a group; of one with flags of its own nothing can be told."""
    _, added, taken, items = value
    return ((op.ANY, None),) if added or taken else items


def _all_of(items: Iterable[Any], *, fold: bool) -> Words | None:
    found = _NO_MORE
    for item in items:
        exact = _exactly(item, fold=fold)
        if exact is None or len(found) * len(exact) > _MOST:
            return None
        found = _joined(found, exact)
    return found


def _together(parts: Iterable[Words | None]) -> Words | None:
    """Return the words of several ways, None where one of them has none or all have too many."""
    found: Words = frozenset()
    for words in parts:
        if words is None or len(found) > _MOST:
            return None
        found |= words
    return found


def _inside(item: tuple[Any, Any], *, fold: bool) -> Words | None:
    """Return words of which what an item finds holds one, None where it may hold none."""
    kind, value = item
    if kind is op.BRANCH:
        return _together(_in_sequence(each, fold=fold) for each in value[1])
    if kind is op.SUBPATTERN:
        return _in_sequence(_group(value), fold=fold)
    if kind in _REPEATS and value[0] > 0:
        return _in_sequence(value[2], fold=fold)
    return None
