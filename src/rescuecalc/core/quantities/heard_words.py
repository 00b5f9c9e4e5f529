"""What patterns may find in a text, told from the patterns themselves by an automaton that never finds too little.

Of the rest of a text (`; signed by Adler on 2026-03-14`) nearly no rule hears anything. To ask every pattern takes a
thousand times as long as to walk once through its words with all of them: where one of them may find something, it has
to be asked; where none may, none finds anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.quantities.pattern_nodes import ALPHABET, ANY, COUNT, DIGIT, UNSURE, Builder, Node, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HEARD: Final = -1
"""The state in which something may be found: it is not left again."""

_DIGITS: Final = "0123456789."
_SOME: Final = {DIGIT: "0123456789", COUNT: "123456789"}
_TOKEN: Final = re.compile("[A-Za-z]+ ?|[0-9]{1,2}|[^A-Za-z0-9]").findall

_MOST_STATES: Final = 40 * 1024
_MOST_STEPS: Final = 200_000
_MOST_PAIRS: Final = 1_000
_MOST_BEGUN: Final = 2_000


class _Behind(NamedTuple):
    """The nodes behind a node and a character, and whether its pattern is found before the character."""

    nodes: tuple[int, ...]
    is_found: bool


class _Begun(NamedTuple):
    """The nodes behind a text and a stop, and whether one of so many ``patterns`` is found before the stop."""

    nodes: frozenset[int]
    is_found: bool
    patterns: int


_NOT_BEGUN: Final = _Begun(frozenset(), is_found=False, patterns=0)


def _is_start(before: str, _: str) -> bool:
    return not before


class Hearing:
    """Patterns that listen together, and how far each text goes through them; more may join at any time."""

    def __init__(self) -> None:
        self._nodes: list[Node] = [Node(frozenset(), None, ())]
        self._starts: list[int] = []
        self._known: dict[tuple[str, int, bool], int] = {}
        self._behind: dict[tuple[str, str], dict[int, _Behind]] = {}
        self._first: dict[int, frozenset[str]] = {}
        self._through: dict[str, _Begun] = {}
        self._forget()

    def _forget(self) -> None:
        """Forget how texts go through all patterns together; how they go through each of them stays."""
        self._states: list[tuple[frozenset[int], str]] = []
        self._place: dict[tuple[frozenset[int], str], int] = {}
        self._steps: list[dict[str, int]] = []
        self._final: dict[int, bool] = {}
        self._new: dict[tuple[str, str], tuple[frozenset[int], bool]] = {}
        self._count = 0
        self.begun: dict[str, int | None] = {}
        """The state behind the beginning of a text and its stop, None of one that is not to be cut there."""

    @property
    def joined(self) -> int:
        """How many patterns listen."""
        return len(self._starts)

    def join(self, pattern: str, flags: int, *, at_start: bool = False) -> int:
        """Let a pattern listen, and return its place; -1 where it cannot be told what it may find.

        With ``at_start`` it is matched with the beginning of a whole text, and nowhere else.
        """
        key = pattern, flags, at_start
        if key not in self._known:
            size = len(self._nodes)
            try:
                start = Builder(self._nodes, pattern, flags).start(0)
            except Unknown:
                start = 0
            if start == 0 or self._may_be_empty(start):
                del self._nodes[size:]
                self._known[key] = -1
            else:
                begin = self._only_at_start(start) if at_start else start
                self._first[begin] = self._first[start]
                self._known[key] = len(self._starts)
                self._starts.append(begin)
                self._forget()
        return self._known[key]

    def _only_at_start(self, start: int) -> int:
        self._nodes.append(Node(None, _is_start, (start,)))
        return len(self._nodes) - 1

    def hears(self, place: int, left: str, rest: str) -> bool:
        """Whether a pattern may find something that ends in the ``rest`` of a text behind a stop."""
        alone = self._alone(self._starts[place])
        state = alone.after(left)
        return state == HEARD or not alone.is_silent(state, rest)

    def _alone(self, *starts: int) -> Hearing:
        alone = Hearing()
        alone._nodes, alone._behind, alone._starts = self._nodes, self._behind, [*starts]
        alone._first = self._first
        return alone

    def _may_be_empty(self, start: int) -> bool:
        """Whether a pattern may find something without taking a character; what it may begin with is kept."""
        seen, waiting, first = set[int](), [start], set[str]()
        while waiting:
            place = waiting.pop()
            if place not in seen:
                seen.add(place)
                takes, _, then = self._nodes[place]
                waiting += then if takes is None else ()
                first |= takes or frozenset()
        self._first[start] = frozenset(first)
        return 0 in seen

    def _begun_with(self, char: str, starts: Iterable[int]) -> list[int]:
        """Return those of the beginnings of patterns that may take a character."""
        first = self._first
        return [each for each in starts if char in first[each]]

    def after(self, left: str) -> int:
        """Return the state behind a text in which any number may stand for ``ANY``, and a stop."""
        return self.through(left)[0]

    def finds(self, place: int, left: str) -> bool:
        """Whether a pattern may find something in a text in which any number may stand for ``ANY``."""
        return self.any_finds((place,), left)

    def any_finds(self, places: Iterable[int], left: str) -> bool:
        """Whether one of these patterns may, each digit for ``DIGIT``, and each but zero for ``COUNT``."""
        state, is_found = self._alone(*(self._starts[each] for each in places)).through(left)
        return is_found or state == HEARD

    def through(self, left: str) -> tuple[int, bool]:
        """Return the state behind a text and a stop, and whether a pattern may find something before it."""
        if any(char != ANY and char not in ALPHABET and char not in _SOME for char in left):
            return HEARD, True
        begun = self._through.get(left, _NOT_BEGUN)
        if begun.patterns < len(self._starts):
            # No pattern has to do with another one: those that joined since go through the text alone.
            nodes, is_found = self._walked(left, self._starts[begun.patterns :])
            begun = _Begun(begun.nodes | nodes, begun.is_found or is_found, len(self._starts))
            if len(self._through) >= _MOST_BEGUN:
                self._through.clear()
            self._through[left] = begun
        return self._at(begun.nodes, ";"), begun.is_found

    def _walked(self, left: str, starts: Sequence[int]) -> tuple[frozenset[int], bool]:
        """Return the nodes behind a text and a stop of patterns that begin at ``starts``, and whether one is found."""
        nodes, before, is_found = frozenset[int](), "", False
        for char in (*left, ";"):
            if char == ANY:
                nodes, found = self._any_number(nodes, before, starts)
                before = UNSURE
            elif char in _SOME:
                every = [
                    self._followed((*nodes, *self._begun_with(each, starts)), before, each) for each in _SOME[char]
                ]
                nodes, found = frozenset[int]().union(*(each for each, _ in every)), any(each for _, each in every)
                before = UNSURE
            else:
                nodes, found = self._followed((*nodes, *self._begun_with(char, starts)), before, char)
                before = char
            is_found = is_found or found
        return nodes, is_found

    def _any_number(self, nodes: frozenset[int], before: str, starts: Sequence[int]) -> tuple[frozenset[int], bool]:
        """Return the nodes behind a number of whatever digits, with those before it, and whether one is found."""
        found, is_found, waiting = set(nodes), False, frozenset(nodes)
        for char in _DIGITS:
            more, is_one = self._followed((*waiting, *self._begun_with(char, starts)), before, char)
            found |= more
            is_found = is_found or is_one
        waiting = frozenset(found)
        starts_too: Sequence[int] = starts
        while waiting or starts_too:
            behind: set[int] = set()
            for char in _DIGITS:
                more, is_one = self._followed((*waiting, *self._begun_with(char, starts_too)), UNSURE, char)
                behind |= more
                is_found = is_found or is_one
            waiting, starts_too = frozenset(behind - found), ()
            found |= behind
        return frozenset(found), is_found

    def is_silent(self, state: int, text: str) -> bool:
        """Whether no pattern finds anything that ends in a text, which begins in ``state``."""
        if self._count > _MOST_STEPS or len(self._states) > _MOST_STATES:
            self._forget()
            return False
        for token in _TOKEN(text):
            if state == HEARD:
                return False
            following = self._steps[state].get(token)
            state = self._walk(state, token) if following is None else following
        if state == HEARD:
            return False
        known = self._final.get(state)
        if known is None:
            known = self._final[state] = not self._taken(*self._states[state], "")[1]
        return known

    def _walk(self, state: int, token: str) -> int:
        begun = state
        for char in token:
            if state == HEARD:
                break
            following = self._steps[state].get(char)
            if following is None:
                following = self._stepped(state, char)
            state = following
        self._steps[begun][token] = state
        self._count += 1
        return state

    def _stepped(self, state: int, char: str) -> int:
        nodes, is_found = self._taken(*self._states[state], char) if char in ALPHABET else (frozenset[int](), True)
        following = HEARD if is_found else self._at(nodes, char)
        self._steps[state][char] = following
        self._count += 1
        return following

    def _at(self, nodes: frozenset[int], before: str) -> int:
        key = nodes, before
        if key not in self._place:
            self._place[key] = len(self._states)
            self._states.append(key)
            self._steps.append({})
        return self._place[key]

    def _taken(self, nodes: frozenset[int], before: str, char: str) -> tuple[frozenset[int], bool]:
        """Return the nodes behind a character, and whether something is found before it."""
        known = self._new.get((before, char))
        if known is None:
            known = self._new[before, char] = self._followed(self._begun_with(char, self._starts), before, char)
        following, is_found = self._followed(nodes, before, char)
        return following | known[0], is_found or known[1]

    def _followed(self, nodes: Iterable[int], before: str, char: str) -> tuple[frozenset[int], bool]:
        behind = self._behind.get((before, char))
        if behind is None:
            if len(self._behind) >= _MOST_PAIRS:
                self._behind.clear()
            behind = self._behind[before, char] = {}
        found: set[int] = set()
        is_found = False
        for place in nodes:
            one = behind.get(place)
            if one is None:
                one = behind[place] = self._followed_from(place, before, char)
            if one.nodes:
                found.update(one.nodes)
            is_found = is_found or one.is_found
        return frozenset(found), is_found

    def _followed_from(self, begins: int, before: str, char: str) -> _Behind:
        found: set[int] = set()
        seen: set[int] = set()
        waiting = [begins]
        while waiting:
            place = waiting.pop()
            if place in seen:
                continue
            seen.add(place)
            takes, test, then = self._nodes[place]
            if takes is not None:
                if char in takes:
                    found.update(then)
            elif test is None or test(before, char):
                waiting += then
        return _Behind(tuple(found), 0 in seen)
