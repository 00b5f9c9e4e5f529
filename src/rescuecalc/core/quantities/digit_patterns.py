r"""Whether patterns that tell digits apart find the same in a text as in one with a digit in place of its numbers.

Order sets that differ in numbers are judged once, with a digit in place of each number of a text. Few patterns tell
one digit from another (`\b2 bags`); where one of them finds another thing, the order is not to be judged like others.
"""

from __future__ import annotations

import re
from operator import itemgetter

# The parser that `re` itself compiles by: what a pattern takes is asked of it.
from re import _constants as op  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.quantities.heard_words import Hearing
from rescuecalc.core.quantities.lazy_pattern import ASKED
from rescuecalc.core.quantities.needed_words import needed
from rescuecalc.core.quantities.pattern_nodes import ANY, COUNT, DIGIT
from rescuecalc.core.quantities.pattern_tree import tree_of
from rescuecalc.core.quantities.sentence import SENTENCE_STOP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rescuecalc.core.quantities.lazy_pattern import Asked
    from rescuecalc.core.quantities.needed_words import Words

Spans = frozenset[tuple[int, int]]

_DIGITS: Final = frozenset(range(ord("0"), ord("9") + 1))
_INSIDE_OF: Final[dict[Any, Callable[[Any], Any]]] = {
    op.SUBPATTERN: itemgetter(3),
    **dict.fromkeys((op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT), itemgetter(2)),
    **dict.fromkeys((op.ASSERT, op.ASSERT_NOT), itemgetter(1)),
    op.ATOMIC_GROUP: lambda items: items,
}
"""Where the items stand that an item is made of."""
_ALL_OR_NONE: Final = (op.ANY, op.AT)

# What no pattern tells digits apart by: the class of all and how often something is repeated.
_NO_DIGIT: Final = re.compile(r"0-9|(?<!\\)\{[0-9]*,?[0-9]*\}")
_FORM: Final = str.maketrans(dict.fromkeys("0123456789", DIGIT))
_SENTENCE: Final = re.compile(SENTENCE_STOP)
_NUMBERS: Final = frozenset("0123456789.")
_INSIDE: Final = -1
"""The end of what ends inside a number: nothing in a text with a digit in its place ends there."""

_MOST_KEPT: Final = 4_000
"""Texts without their numbers that are kept."""

_MOST_CHARACTERS: Final = 1_000
"""Characters of a text that is asked: some patterns take the square of its length when asked at each place."""


def tells_digits(pattern: str, flags: int = 0) -> bool:
    r"""Whether a pattern takes some digits and others not.

    >>> [tells_digits(each) for each in (r"\b2 bags", "[1-9] mg", r"[0-9]{1,3}|\d+", "[^a-z]")]
    [True, True, False, False]
    """
    if not any(each.isdigit() for each in _NO_DIGIT.sub("", pattern)):
        return False  # what its text names of digits are all of them
    return _tell(tree_of(pattern, flags))


def _tell(items: Iterable[Any]) -> bool:
    return any(_tells(kind, value) for kind, value in items)


def _tells(kind: Any, value: Any) -> bool:
    if kind in {op.LITERAL, op.NOT_LITERAL}:
        return value in _DIGITS
    if kind is op.IN:
        return 0 < len(_taken(value)) < len(_DIGITS)
    if kind is op.BRANCH:
        return any(map(_tell, value[1]))
    if kind in _INSIDE_OF:
        return _tell(_INSIDE_OF[kind](value))
    return kind not in _ALL_OR_NONE  # a reference to a group may be to a digit


def _taken(items: Iterable[Any]) -> frozenset[int]:
    """Return the digits that a set names; one that begins with ^ names those that it does not take."""
    found: set[int] = set()
    for kind, value in items:
        if kind is op.LITERAL:
            found.add(value)
        elif kind is op.RANGE:
            found.update(range(max(value[0], ord("0")), min(value[1], ord("9")) + 1))
        elif kind is op.CATEGORY and value in {op.CATEGORY_DIGIT, op.CATEGORY_WORD, op.CATEGORY_NOT_SPACE}:
            found |= _DIGITS
    return _DIGITS & found


class _Teller(NamedTuple):
    """A pattern that tells digits apart, and to be found at each place of a text: ``group`` is what it takes there.

    One that is asked of whole texts alone takes all of it here too.
    """

    pattern: re.Pattern[str]
    everywhere: re.Pattern[str]
    group: int
    asked: Asked
    words: Words
    """Words of which a text holds one in which it finds something; nothing where none are known."""


class _Part(NamedTuple):
    """A text or a sentence, in pieces between its numbers from ``begin`` to ``end``, and what is found with marks."""

    pieces: list[str]
    begin: int
    end: int
    found: list[tuple[_Teller, Spans]]


class DigitReaders:
    """Patterns that tell digits apart, and what they find with a mark, whichever of ``marks``, in place of a number."""

    def __init__(self, marks: str) -> None:
        self._marks = marks
        self._hearing = Hearing()
        self._tellers: list[_Teller] = []
        self._looked_at = 0
        self._candidates: dict[str, tuple[int, list[_Teller]]] = {}
        self._parts: dict[str, tuple[int, list[_Part] | None]] = {}

    def find_alike(self, left: str, numbers: Sequence[str]) -> bool:
        """Whether all find the same with ``numbers`` as with marks for ``ANY``: in the text and in each part of it."""
        if not numbers:
            return True
        if len(left) > _MOST_CHARACTERS:
            return False
        if self._looked_at < len(ASKED):
            self._look_at_new()
        formed = _filled(left.split(ANY), list(map(_form, numbers)))
        tellers = self._may_find(left)
        count, parts = self._parts.get(formed, (-1, None))
        if count < len(tellers):
            parts = self._parts_of(left, self._of_form(tellers, left, formed))
            if len(self._parts) >= _MOST_KEPT:
                self._parts.clear()
            self._parts[formed] = len(tellers), parts
        return parts is not None and all(_is_alike(each, numbers[each.begin : each.end]) for each in parts)

    def _may_find(self, left: str) -> list[_Teller]:
        """Return the patterns that may find something in a text, whatever its numbers; others may join them."""
        count, tellers = self._candidates.get(left, (0, []))
        if count < len(self._tellers):
            new = (each for each in self._tellers[count:] if _holds_word(left, each.words))
            tellers = [*tellers, *(each for each in new if self._may_find_in(each.asked, (left,)))]
            if len(self._candidates) >= _MOST_KEPT:
                self._candidates.clear()
            self._candidates[left] = len(self._tellers), tellers
        return tellers

    def _of_form(self, tellers: list[_Teller], left: str, formed: str) -> list[_Teller]:
        """Return those that may find something with numbers of that form, or with marks."""
        texts = (formed, left.replace(ANY, COUNT))
        return [each for each in tellers if self._may_find_in(each.asked, texts)]

    def _may_find_in(self, asked: Asked, texts: Iterable[str]) -> bool:
        """Whether a pattern may find something in one of the texts, or in a part of it."""
        place = self._hearing.join(asked.pattern, asked.flags)
        return place < 0 or any(self._hearing.finds(place, each) for each in texts)

    def _look_at_new(self) -> None:
        """Look at the patterns that were first asked since: those of a judgement are, before it stands for others."""
        asked = tuple(ASKED)
        new = (each for each in asked[self._looked_at :] if tells_digits(each.pattern, each.flags))
        self._tellers += map(_teller, new)
        self._looked_at = len(asked)

    def _parts_of(self, left: str, tellers: list[_Teller]) -> list[_Part] | None:
        """Return what has to be asked of the parts of a text, None where a pattern tells the marks apart."""
        parts = [
            part
            for text, begin in _parts(left)
            for is_small in {False, text != text.lower()}
            if (part := self._part(tellers, text, begin, is_small=is_small)).found
        ]
        found = (spans for part in parts for _, spans in part.found)
        return parts if all(_INSIDE not in span for spans in found for span in spans) else None

    def _part(self, tellers: Iterable[_Teller], text: str, begin: int, *, is_small: bool) -> _Part:
        """Return a part, as it stands or in small letters: a rule may ask both."""
        pieces = (text.lower() if is_small else text).split(ANY)
        asked = (each for each in tellers if not is_small or not each.pattern.flags & re.IGNORECASE)
        return _Part(pieces, begin, begin + len(pieces) - 1, [(each, self._of_marks(each, pieces)) for each in asked])

    def _of_marks(self, teller: _Teller, pieces: list[str]) -> Spans:
        """Return what is found with a mark for each number, something inside a number where marks differ in it."""
        first, *others = (_spans(teller, pieces, [mark] * (len(pieces) - 1)) for mark in self._marks)
        return first if all(each == first for each in others) else frozenset({(_INSIDE, _INSIDE)})


def _parts(left: str) -> Iterator[tuple[str, int]]:
    """Yield a text, each of its sentences and each of its numbers alone, with how many numbers stand before it."""
    yield left, 0
    begin = 0
    for sentence in _SENTENCE.split(left):
        if ANY in sentence and sentence != left:
            yield sentence, begin
        begin += sentence.count(ANY)
    yield from ((ANY, place) for place in range(begin) if left != ANY)


def _teller(asked: Asked) -> _Teller:
    pattern = re.compile(asked.pattern, asked.flags)
    words = _words_of(pattern)
    if asked.of_whole:
        whole = re.compile(rf"\A(?:{asked.pattern})\Z", asked.flags)
        return _Teller(whole, whole, 0, asked, words)
    if "GROUPREF" in repr(tree_of(asked.pattern, asked.flags)):
        return _Teller(pattern, pattern, 0, asked, words)
    return _Teller(pattern, re.compile(f"(?=({asked.pattern}))", asked.flags), 1, asked, words)


def _holds_word(left: str, words: Words) -> bool:
    """Whether a text without its numbers holds one of the words that a pattern needs, in whatever letters."""
    if not words or not left.isascii():
        return True
    small = left.lower()  # a rule may ask of it in small letters
    return any(word in left or word in small for word in words)


def _words_of(pattern: re.Pattern[str]) -> Words:
    """Return the words that a pattern needs, nothing where a number may be a part of one."""
    words = needed(pattern)
    return frozenset() if any(not _NUMBERS.isdisjoint(each) for each in words) else words


def _is_alike(part: _Part, numbers: Sequence[str]) -> bool:
    text = _filled(part.pieces, numbers)
    return all(
        _spans(teller, part.pieces, numbers) == found if found else teller.pattern.search(text) is None
        for teller, found in part.found
    )


def _form(number: str) -> str:
    """Return the form of a number: which digit is any, but that the last decimal is not zero."""
    form = number.translate(_FORM)
    return form[:-1] + COUNT if "." in form else form


def _filled(pieces: Sequence[str], numbers: Sequence[str]) -> str:
    return "".join(piece + number for piece, number in zip(pieces, (*numbers, ""), strict=True))


def _spans(teller: _Teller, pieces: Sequence[str], numbers: Sequence[str]) -> Spans:
    """Return what is found, by where it stands in a text whose numbers have one digit each.

    What begins inside a number counts as beginning with it: most find something from each of its digits on.
    """
    found = [match.span(teller.group) for match in teller.everywhere.finditer(_filled(pieces, numbers))]
    if not found:
        return frozenset()
    begins: list[int] = []
    ends: list[int] = []
    at = 0
    for piece, number in zip(pieces, (*numbers, ""), strict=True):
        places = range(at, at + len(piece) + 1)
        at += len(piece) + 1
        begins += (*places, *([places[-1]] * (len(number) - 1)))
        ends += (*places, *([_INSIDE] * (len(number) - 1)))
    return frozenset((begins[begin], ends[end]) for begin, end in found)
