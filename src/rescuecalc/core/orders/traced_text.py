"""A text whose beginning is known and whose rest is not: what is asked of it is answered where the rest tells nothing.

It stands in place of an order's text while the order set is judged for all that are like it. It is no `str` on purpose:
whatever a rule does with it but ask a pattern raises, and then nothing is concluded.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn, TypeVar

from rescuecalc.core.orders import plain_numbers
from rescuecalc.core.orders.plain_numbers import plain_text
from rescuecalc.core.orders.text import weight_table
from rescuecalc.core.orders.text.free_text import SAYING, said
from rescuecalc.core.quantities.heard_words import Hearing
from rescuecalc.core.quantities.lazy_pattern import Text, lazy_pattern
from rescuecalc.core.quantities.pattern_nodes import ALPHABET
from rescuecalc.core.quantities.sentence import SENTENCE_STOP, WIDE_SENTENCE_STOP
from rescuecalc.core.quantities.traced import Untraceable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rescuecalc.core.orders.order import OrderSet
    from rescuecalc.core.quantities.lazy_pattern import LazyPattern

T = TypeVar("T")

STOP: Final = ";"
"""Where a text is cut: every rule that reads a part of a text by itself takes this for its end."""

_SENTENCES: Final = tuple(map(re.compile, (SENTENCE_STOP, WIDE_SENTENCE_STOP)))
"""The ways in which rules cut a text into sentences: of a rest the key says how many there are."""

_BY_SENTENCE: Final = {each.pattern: place for place, each in enumerate(_SENTENCES)}

_SPACES: Final = ("  |&nbsp;", 0)
"""What a reader writes otherwise besides numbers, of the characters that are told apart."""

HEARING: Final = Hearing()
"""All patterns that were asked of a text with a rest; a text in whose rest one may find something stays whole."""


def _join() -> None:
    """Let those listen that read a text before any rule does."""
    for pattern, flags in (*SAYING, *weight_table.NAMED, *plain_numbers.REWRITTEN, _SPACES):
        if HEARING.join(pattern, flags) < 0:
            raise AssertionError(pattern)


class Rest(NamedTuple):
    """A text of an order that was cut: what stands before the stop, behind it, and before it without its numbers."""

    order: int
    head: str
    rest: str
    left: str


def sentences(rest: str) -> tuple[int, int]:
    """Return into how many sentences the stop and the rest behind it cut a text, in each way of cutting."""
    stops = rest.count(STOP) + rest.count("\n") + 1
    if "." not in rest:
        return stops, stops
    return tuple(len(each.findall(rest)) + 1 for each in _SENTENCES)  # type: ignore[return-value]


def state_behind(left: str) -> int:
    """Return how far patterns are behind a beginning of a text and its stop; below 0: it is not to be cut there."""
    if not HEARING.joined:
        _join()
    known = HEARING.begun.get(left)
    if known is None:
        known = HEARING.begun[left] = HEARING.after(left)
    return known


def with_rests(made: OrderSet, rests: Sequence[Rest]) -> OrderSet:
    """Return the order set with texts of whose rest nothing is known; their numbers were traced before.

    Untraceable where a rest says a quantity, or a reader would write it otherwise.
    """
    before = HEARING.joined
    for each in rests:
        order = made.orders[each.order]
        whole = f"{each.head}{STOP}{each.rest}"
        if plain_text(whole) != whole or said(whole) != said(each.head):
            raise Untraceable
        seen = order.texts["text"]
        text = TracedText(seen if seen != whole else each.head, each, before)
        read = order.said if order.said is not None else said(each.head)
        order = order._replace(said=read, texts={**order.texts, "text": text})  # type: ignore[dict-item]
        made = made._replace(orders=(*made.orders[: each.order], order, *made.orders[each.order + 1 :]))
    return made


@lru_cache(maxsize=4096)
def _rewriting(left: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a reader that may find something in a text, whatever its numbers."""
    asked = ((re.compile(*each), HEARING.join(*each)) for each in (*plain_numbers.REWRITTEN, _SPACES))
    return tuple(pattern for pattern, place in asked if place < 0 or HEARING.finds(place, left))


def is_plain(text: str, left: str) -> bool:
    """Whether a reader leaves a text as it is written; ``left`` is the text without its numbers.

    As long as none of its patterns finds anything, each is asked of the text as it is.
    """
    return all(pattern.search(text) is None for pattern in _rewriting(left)) and ALPHABET.issuperset(text)


@lru_cache(maxsize=4096)
def _of_word(word: str) -> LazyPattern:
    return lazy_pattern(re.escape(word))  # type: ignore[return-value]


def _refused(*_: object) -> NoReturn:
    raise Untraceable


class TracedText(Text):
    """A text with a rest. ``seen`` is what is known of it, ``rest`` what this one says; ``left`` is ``seen`` in marks.

    Of a part of the rest nothing is known: its ``seen`` is empty.
    """

    __slots__ = ("_before", "_cut", "_of", "_seen")

    def __init__(self, seen: str, of: Rest, before: int, *, cut: bool = True) -> None:
        self._seen, self._of, self._before, self._cut = seen, of, before, cut

    @property
    def beginning(self) -> str:
        """What is known, up to and with the stop: what says of a text all that its rest tells nothing of."""
        return self._seen + STOP if self._cut else self._seen

    def only_nothing(self, told: T) -> T:
        """Return what is made of its beginning where that is nothing: then its rest, which says nothing, adds nothing.

        Numbers that its beginning says here stand in place of others.
        """
        if told:
            raise Untraceable
        return told

    def surely(self, told: bool) -> bool:
        """Return that something holds of its beginning, and so of all of it."""
        if not told:
            raise Untraceable
        return told

    def up_to(self, at: int) -> str:
        """Return its beginning, which holds that place."""
        if not self._cut or at > len(self._seen):
            raise Untraceable
        return self.beginning

    def lower(self) -> TracedText:
        """Return it in small letters: nobody listens for large ones alone."""
        return TracedText(self._seen.lower(), self._of, self._before, cut=self._cut)

    def __contains__(self, word: str) -> bool:
        if any(each.isdigit() for each in word):
            raise Untraceable  # digits stand in place of numbers
        return self.asked(_of_word(word), "search") is not None

    def __getitem__(self, part: slice) -> str:
        begin, end = part.start or 0, part.stop
        if part.step is not None or end is None or not 0 <= begin <= len(self._seen) or not 0 <= end <= len(self._seen):
            raise Untraceable
        return self._seen[begin:end]

    def asked(self, pattern: LazyPattern, name: str, *span: int) -> Any:
        """Return what a pattern finds in it: in what is known, since it finds nothing that ends in the rest."""
        if name == "split":
            return self._split(pattern)
        if any(not 0 <= each <= len(self._seen) for each in span):
            raise Untraceable
        ask = getattr(pattern, name)
        if len(span) > 1:
            return ask(self._seen, *span)
        self._let_listen(pattern, at_start=self._cut and not span and name in {"match", "fullmatch"})
        if name == "fullmatch":
            if not self._cut:
                raise Untraceable
            return None
        if name in {"search", "match"}:
            return self._within(ask(self.beginning, *span))
        found = [self._within(each) for each in pattern.finditer(self.beginning, *span)]
        if name == "finditer":
            return iter(found)
        if found:
            raise Untraceable
        return [] if name == "findall" else self

    def _within(self, match: re.Match[str] | None) -> re.Match[str] | None:
        if match is not None and match.end() > len(self._seen):
            raise Untraceable
        return match

    def _let_listen(self, pattern: LazyPattern, *, at_start: bool) -> None:
        """Let a pattern listen from now on; Untraceable where it may find something in this rest.

        Those that listened before heard nothing in it: else it would not have been cut.
        """
        place = HEARING.join(pattern.pattern, pattern.flags, at_start=at_start)
        is_new = place >= self._before
        if place < 0 or (is_new and HEARING.hears(place, self._of.left, self._of.rest)):
            raise Untraceable

    def _split(self, pattern: LazyPattern) -> list[Any]:
        place = _BY_SENTENCE.get(pattern.pattern)
        if place is None or not self._cut:
            raise Untraceable
        count = sentences(self._of.rest)[place]
        return [*_SENTENCES[place].split(self._seen), *(self._part() for _ in range(count))]

    def _part(self) -> TracedText:
        return TracedText("", self._of, self._before, cut=False)

    def __bool__(self) -> bool:
        if not self._cut:
            raise Untraceable
        return True

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refused
    __hash__ = __str__ = __repr__ = __format__ = __iter__ = __len__ = _refused
    __add__ = __radd__ = __mod__ = _refused
