"""Regular expressions that are compiled when they first read something, and not when their module is imported.

The patterns of the rules take a fifth of a second to compile; most order sets ask for few of them. One that is asked
again and again asks first whether a text holds any of the words that it needs (needed_words.py): nearly none does.
"""

from __future__ import annotations

import re
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from rescuecalc.core.quantities.needed_words import Words

T = TypeVar("T")

_METHODS: Final = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")

_WRITING: Final = frozenset({"sub", "subn"})
"""The methods that write something else in place of what is found."""

_NOTHING: Final[dict[str, Callable[[], Any]]] = {"search": lambda: None, "finditer": lambda: iter(()), "findall": list}
"""The methods that go through a whole text, and what they return of one in which nothing is found."""

_OFTEN: Final = 100
"""Texts after which a pattern looks for its words first: to tell them costs what it takes to compile it."""


class Asked(NamedTuple):
    """A pattern, and whether it is asked of whole texts alone."""

    pattern: str
    flags: int
    of_whole: bool


ASKED: Final[dict[Asked, None]] = {}
"""Every pattern that was asked of anything and how, in the order in which they were first."""


class Text:
    """A text that is no `str`: of the rest of it nothing is known. It answers what a pattern asks, or raises."""

    __slots__ = ()

    @property
    def beginning(self) -> str:
        """What is known of it, with the stop behind."""
        raise NotImplementedError

    def only_nothing(self, told: T) -> T:
        """Return what is made of its beginning where that is nothing; else raise."""
        raise NotImplementedError

    def surely(self, told: bool) -> bool:
        """Return that something holds of its beginning, and so of all of it; raise where it does not."""
        raise NotImplementedError

    def up_to(self, at: int) -> str:
        """Return its beginning, which holds that place; raise where it does not."""
        raise NotImplementedError

    def asked(self, pattern: LazyPattern, name: str, *span: int) -> Any:
        """Return what the method of that name of a pattern returns of it."""
        raise NotImplementedError


def kept_of_text(most: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """Return a decorator that keeps what is made of each of so many texts; of a `Text` it is made each time."""

    def decorator(work: Callable[[str], T]) -> Callable[[str], T]:
        kept = lru_cache(maxsize=most)(work)

        @wraps(work)
        def asked(text: str) -> T:
            return work(text) if isinstance(text, Text) else kept(text)

        return asked

    return decorator


def kept_of_beginning(most: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """Return the same of what most texts say nothing of: of a `Text` both beginning and rest have to say nothing."""

    def decorator(work: Callable[[str], T]) -> Callable[[str], T]:
        kept = lru_cache(maxsize=most)(work)

        @wraps(work)
        def asked(text: str) -> T:
            return text.only_nothing(kept(text.beginning)) if isinstance(text, Text) else kept(text)

        return asked

    return decorator


class LazyPattern:
    """Stands in for a compiled pattern; its methods become those of the pattern, so that later calls cost no more."""

    def __init__(self, text: str, flags: int) -> None:
        self.pattern, self.flags = text, flags
        self._read = 0

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        ASKED.setdefault(Asked(self.pattern, self.flags, name == "fullmatch"))
        method = getattr(compiled, name)
        if name in _NOTHING:
            method = self._counted(method, compiled)
        vars(self)[name] = self._of_text(name, method)
        return vars(self)[name]

    def _of_text(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        """Return a method that asks a `Text` to answer."""
        if name in _WRITING:

            def written(instead: Any, text: Any) -> Any:
                return text.asked(self, name) if isinstance(text, Text) else method(instead, text)

            return written

        def asked(text: Any, *span: int) -> Any:
            return text.asked(self, name, *span) if isinstance(text, Text) else method(text, *span)

        return asked

    def _counted(self, method: Callable[..., Any], compiled: re.Pattern[str]) -> Callable[..., Any]:
        def counted(text: str, *span: int) -> Any:
            self._read += 1
            if self._read == _OFTEN:
                self._look_for_words(compiled)
            return method(text, *span)

        return counted

    def _look_for_words(self, compiled: re.Pattern[str]) -> None:
        from rescuecalc.core.quantities.needed_words import needed  # noqa: PLC0415  # only of a file with many texts

        words = needed(compiled)
        guarded = _guarded_in_any_letters if compiled.flags & re.IGNORECASE else _guarded
        for name, nothing in _NOTHING.items():
            method = getattr(compiled, name)
            vars(self)[name] = self._of_text(name, guarded(method, words, nothing) if words else method)


def _guarded(method: Callable[..., Any], words: Words, nothing: Callable[[], Any]) -> Callable[..., Any]:
    def guarded(text: str, *span: int) -> Any:
        for word in words:
            if word in text:
                return method(text, *span)
        return nothing()

    return guarded


def _guarded_in_any_letters(method: Callable[..., Any], words: Words, nothing: Callable[[], Any]) -> Callable[..., Any]:
    def guarded(text: str, *span: int) -> Any:
        if not text.isascii():
            return method(text, *span)  # beyond ASCII small and large letters are not two and two
        small = text.lower()
        for word in words:
            if word in small:
                return method(text, *span)
        return nothing()

    return guarded


def lazy_pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern that is compiled when first used: searched with, matched or substituted.

    >>> lazy_pattern("[0-9]+").search("80 kg")[0]
    '80'
    """
    return cast("re.Pattern[str]", LazyPattern(text, flags))
