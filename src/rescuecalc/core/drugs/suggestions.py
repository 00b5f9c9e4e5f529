"""The names nearest to a misspelt one."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

SIMILARITY = 0.85
"""From this likeness on one name is taken for a slip of the pen in another."""

LIKE_A_CODE = 0.6
"""From this likeness on a code is named beside one that is none: they differ in digits alone."""

_LONGEST = 60
"""Characters; comparing grows with the square of the length, and no name is longer."""

_SHORTEST = 4
"""Letters of a beginning that is taken for the name: three of them begin the names of several drugs."""

_BEHIND = 0.1
"""How much less like it a name may be than the nearest one, and still be named beside it."""

_ONE_SHAPE = str.maketrans("oil", "011")
"""Letters that are typed for digits: RC4O2."""


def nearest_names(name: str, known: Iterable[str], cutoff: float = 0.4, *, folded: bool = True) -> list[str]:
    """Return at most three names that are nearest to ``name``, the nearest first.

    One that differs in punctuation, case or a letter for a digit alone is the only one: ``us_label`` is ``us-label``.

    >>> nearest_names("RC4O2", ["RC420", "RC402"], folded=False)
    ['RC402']
    """
    cut, names = name[:_LONGEST].lower() if folded else name[:_LONGEST], list(known)
    bare = _bare(cut)
    same = [each for each in names if _bare(each) == bare]
    if same:
        return same[:1]
    close = get_close_matches(cut, names, n=3, cutoff=cutoff)
    return [each for each in close if _likeness(each, cut) >= _likeness(close[0], cut) - _BEHIND]


def begun_names(name: str, known: Iterable[str]) -> list[str]:
    """Return the names that ``name`` begins, whatever its case and its dashes; none for fewer than four letters.

    >>> begun_names("tiro", ["tirofiban", "ticagrelor"]), begun_names("rescuebt", ["rescue-as", "rescue-bt-2022"])
    (['tirofiban'], ['rescue-bt-2022'])
    """
    beginning = _bare(name)
    return [each for each in known if len(beginning) >= _SHORTEST and _bare(each).startswith(beginning)]


@lru_cache(maxsize=1024)  # a file of many unknown names compares each with the same known ones
def _bare(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower().translate(_ONE_SHAPE)


def _likeness(known: str, name: str) -> float:
    return SequenceMatcher(None, known, name).ratio()  # in the order in which difflib compares its matches


def nearest(name: str, known: Iterable[str], cutoff: float = 0.4, *, folded: bool = True) -> str:
    """Return a hint with the names nearest to ``name``, or an empty text; ``cutoff`` is the likeness asked for."""
    close = nearest_names(name, known, cutoff, folded=folded)
    return f"; did you mean {' or '.join(close)}?" if close else ""
