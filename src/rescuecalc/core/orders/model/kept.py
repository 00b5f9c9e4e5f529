"""Work that is asked for again of the same thing: done once, for the things that were asked for last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

K = TypeVar("K")
T = TypeVar("T")

_MOST: Final = 100
"""Things of which the work is kept: more than are asked for of one order."""


class Kept(Generic[K, T]):
    """What ``work`` makes of a thing that does not change; one that only says the same is another thing.

    To compare two orders by what they say takes as long as most work.
    """

    def __init__(self, work: Callable[[K], T]) -> None:
        self._work = work
        self._made: dict[int, tuple[K, T]] = {}

    def of(self, thing: K) -> T:
        """Return what was made of a thing; what the work raises is raised each time."""
        known = self._made.get(id(thing))
        if known is None:
            made = self._work(thing)
            if len(self._made) >= _MOST:
                self._made.clear()
            # The thing is kept beside what was made of it: else another one could come to have its identity.
            known = self._made[id(thing)] = thing, made
        return known[1]
