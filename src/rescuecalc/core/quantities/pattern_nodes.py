"""A pattern as nodes of an automaton that never finds too little, made of the parse tree of `re` itself.

It takes more for found than the pattern does: any letters for small ones, repeats without an end, what stands before or
behind as there where more than one character tells it, and the edges of a part of a text as an end of it.
"""

from __future__ import annotations

import re

# The parser and compiler of `re` itself: what a character of a pattern takes is asked of them.
from re import _compiler, _parser  # type: ignore[attr-defined]
from re import _constants as op  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.quantities.pattern_tree import tree_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LETTERS: Final = (each for each in map(chr, range(ord("\u00c0"), ord("\u0180"))) if each.isalpha())
_PAIRED: Final = (each for each in _LETTERS if {len(each.lower()), len(each.upper())} == {1})
ALPHABET: Final = frozenset(
    (
        *map(chr, range(ord(" "), ord("~") + 1)),
        "\n",
        *(each for each in _PAIRED if not each.lower().isascii() and not each.upper().isascii()),
    )
)
"""Characters that are told apart here; a text with any other is heard by all."""

STOPS: Final = frozenset(";\n.,")
"""Between these a text is cut into parts, each read by itself: beside them whatever asks for an end has one."""

ANY: Final = "\0"
"""In a text: a number, whichever it is."""

DIGIT: Final = "\2"
"""In a text: a digit, whichever it is."""

COUNT: Final = "\3"
"""In a text: a digit that is not zero."""

UNSURE: Final = "\1"
"""What stands before is not known."""

_COPIES: Final = 10
"""Repeats that are counted; of more it is left open how many."""


class Unknown(Exception):
    """A pattern holds what this module does not know, or looks further than can be told."""


class Node(NamedTuple):
    """A place in a pattern: what is taken there (None: nothing), under which condition, and what follows.

    A ``test`` tells of two characters whether it may hold between them; one that is empty is an end of the text.
    """

    takes: frozenset[str] | None
    test: Any
    then: tuple[int, ...]


class _Set(NamedTuple):
    """The characters that an item may take in any letters, and those that it surely takes."""

    may: frozenset[str]
    surely: frozenset[str]


_FORMS: Final = {each: {each, each.lower(), each.upper()} for each in ALPHABET}
_EVERY: Final = "".join(sorted(set[str]().union(*_FORMS.values())))
_SETS: Final[dict[tuple[str, int], _Set]] = {}
"""What an item of a pattern takes, by the flags of its pattern."""


def _of_letter(letter: str, *, fold: bool) -> _Set:
    forms = _FORMS.get(letter, {letter})
    return _Set(frozenset(forms), frozenset(forms if fold or len(forms) == 1 else ()))


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _boundary(before: str, behind: str) -> bool:
    return before == UNSURE or _is_word(before) is not _is_word(behind)


def _no_boundary(before: str, behind: str) -> bool:
    return before == UNSURE or not _boundary(before, behind)


def _begins(before: str, _: str) -> bool:
    return before in {"", UNSURE} or before in STOPS


def _ends(_: str, behind: str) -> bool:
    return not behind or behind in STOPS


_PLACES: Final = {
    op.AT_BOUNDARY: _boundary,
    op.AT_NON_BOUNDARY: _no_boundary,
    op.AT_BEGINNING: _begins,
    op.AT_BEGINNING_STRING: _begins,
    op.AT_END: _ends,
    op.AT_END_STRING: _ends,
}
_REPEATS: Final = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_CHARACTERS: Final = (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN)


class Builder:
    """Makes nodes of a pattern."""

    def __init__(self, nodes: list[Node], pattern: str, flags: int) -> None:
        self._nodes = nodes
        self._tree = tree_of(pattern, flags)

    def start(self, accept: int) -> int:
        """Return the node at which the pattern begins, before that at which it has found something."""
        return self._sequence(self._tree, accept, first=True)

    def _node(self, takes: frozenset[str] | None, test: Any, *then: int) -> int:
        self._nodes.append(Node(takes, test, then))
        return len(self._nodes) - 1

    def _sequence(self, items: Iterable[Any], then: int, *, first: bool = False) -> int:
        """Return the node of a sequence; of the ``first`` of a pattern what stands before it is taken like the rest."""
        every = list(items)
        for place in reversed(range(len(every))):
            then = self._item(every[place], then, first=first and place == 0)
        return then

    def _item(self, item: tuple[Any, Any], then: int, *, first: bool) -> int:
        kind, value = item
        if kind in _CHARACTERS:
            return self._node(self._set(item).may, None, then)
        if kind is op.AT and value in _PLACES:
            return self._node(None, _PLACES[value], then)
        if kind is op.BRANCH:
            return self._node(None, None, *(self._sequence(each, then, first=first) for each in value[1]))
        if kind in _REPEATS:
            return self._repeat(*value, then=then)
        return self._group(kind, value, then, first=first)

    def _group(self, kind: Any, value: Any, then: int, *, first: bool) -> int:
        if kind is op.SUBPATTERN:
            if (value[1] or value[2]) and "ASSERT_NOT" in repr(value[3]):
                raise Unknown  # what surely stands there depends on the letters of this group alone
            return self._sequence(value[3], then, first=first)
        if kind is op.ATOMIC_GROUP:
            return self._sequence(value, then)
        if kind is op.ASSERT and value[0] < 0 and first:
            return self._sequence(value[1], then)
        if kind in {op.ASSERT, op.ASSERT_NOT}:
            return self._node(None, self._beside(*value, is_there=kind is op.ASSERT), then)
        raise Unknown

    def _repeat(self, low: int, high: Any, items: Any, *, then: int) -> int:
        if high is op.MAXREPEAT or high - low > _COPIES or low > _COPIES:
            loop = self._node(None, None, then)
            inside = self._sequence(items, loop)
            self._nodes[loop] = Node(None, None, (then, inside))
            then = loop
        else:
            for _ in range(high - low):
                then = self._node(None, None, then, self._sequence(items, then))
        for _ in range(min(low, _COPIES)):
            then = self._sequence(items, then)
        return then

    def _set(self, item: tuple[Any, Any]) -> _Set:
        key = repr(item), self._tree.state.flags
        known = _SETS.get(key)
        if known is None and item[0] is op.LITERAL and chr(item[1]).isascii():
            known = _SETS[key] = _of_letter(chr(item[1]), fold=bool(self._tree.state.flags & re.IGNORECASE))
        if known is None:
            part = _parser.SubPattern(self._tree.state, [item])
            # Not `findall`: a part has the groups of its whole pattern.
            exact, folded = (
                frozenset(match[0] for match in _compiler.compile(part, flags).finditer(_EVERY))
                for flags in (re.DOTALL, re.DOTALL | re.IGNORECASE)
            )
            may = frozenset(each for each, forms in _FORMS.items() if forms & exact or forms & folded)
            known = _SETS[key] = _Set(may, frozenset(each for each, forms in _FORMS.items() if forms <= exact))
        return known

    def _beside(self, way: int, items: Any, *, is_there: bool) -> Any:
        """Return the test of what stands before or behind: by one character, else as there."""
        if way > 0 and _looks_past(self, list(items), last=True):
            raise Unknown
        one = items[0] if len(items) == 1 and items[0][0] in _CHARACTERS else None
        if one is None and is_there:
            takes = self._first(items) if way > 0 else self._last(items)
            return _is_in(takes, way) if takes is not None else None
        if one is None:
            return None
        return _is_in(self._set(one).may, way) if is_there else _is_not_in(self._set(one).surely, way)

    def _last(self, items: Any) -> frozenset[str] | None:
        return self._set(items[-1]).may if len(items) and items[-1][0] in _CHARACTERS else None

    def _first(self, items: Any) -> frozenset[str] | None:
        """Return what a sequence may begin with, "" for the end of a text; None where it may be empty."""
        found = frozenset[str]()
        for kind, value in items:
            if kind is op.AT:
                if _PLACES[value] is _ends:
                    return found | {""}
                continue
            inside = self._first_of(kind, value)
            if inside is None and kind not in _REPEATS:
                return None
            if kind not in _REPEATS or value[0] > 0:
                return found | inside if inside is not None else None
            if inside is None:
                return None
            found |= inside
        return None

    def _first_of(self, kind: Any, value: Any) -> frozenset[str] | None:
        if kind in _CHARACTERS:
            return self._set((kind, value)).may
        if kind is op.SUBPATTERN:
            return self._first(value[3])
        if kind in _REPEATS:
            return self._first(value[2])
        if kind is op.BRANCH:
            each = [self._first(way) for way in value[1]]
            return frozenset[str]().union(*(one for one in each if one is not None)) if None not in each else None
        return None

    def takes_stop(self, item: tuple[Any, Any]) -> bool:
        """Whether one character of a pattern may be the stop at which a text is cut."""
        return ";" in self._set(item).may


def _looks_past(of: Builder, items: list[Any], *, last: bool) -> bool:
    """Whether what a pattern looks for behind something may take a stop and go on behind it."""
    for place, (kind, value) in enumerate(items):
        is_last = last and place == len(items) - 1
        if kind in _CHARACTERS:
            if not is_last and of.takes_stop((kind, value)):
                return True
        elif kind is op.AT:
            continue
        elif any(_looks_past(of, list(each), last=end and is_last) for each, end in _parts(kind, value)):
            return True
    return False


def _parts(kind: Any, value: Any) -> Iterator[tuple[Any, bool]]:
    """Yield what an item is made of, and whether it may be the last that is taken."""
    if kind is op.BRANCH:
        yield from ((each, True) for each in value[1])
    elif kind is op.SUBPATTERN:
        yield value[3], True
    elif kind in _REPEATS:
        yield value[2], value[1] == 1
    elif kind is op.ATOMIC_GROUP:
        yield value, True
    elif kind in {op.ASSERT, op.ASSERT_NOT}:
        yield value[1], True
    else:
        raise Unknown


def _is_in(takes: frozenset[str], way: int) -> Any:
    def test(before: str, behind: str) -> bool:
        char = behind if way > 0 else before
        return char in takes or char in STOPS or char == UNSURE

    return test


def _is_not_in(takes: frozenset[str], way: int) -> Any:
    def test(before: str, behind: str) -> bool:
        char = behind if way > 0 else before
        return char not in takes or char in STOPS or char == UNSURE

    return test
