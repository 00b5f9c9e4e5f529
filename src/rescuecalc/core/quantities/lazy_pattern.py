"""Regular expressions that are compiled when they first read something, and not when their module is imported.

The patterns of the rules take a fifth of a second to compile; most order sets ask for few of them. One that is asked
again and again asks first whether a text holds any of the words that it needs (needed_words.py): nearly none does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from rescuecalc.core.quantities.needed_words import Words

_METHODS: Final = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")

_NOTHING: Final[dict[str, Callable[[], Any]]] = {"search": lambda: None, "finditer": lambda: iter(()), "findall": list}
"""The methods that go through a whole text, and what they return of one in which nothing is found."""

_OFTEN: Final = 100
"""Texts after which a pattern looks for its words first: to tell them costs what it takes to compile it."""


class LazyPattern:
    """Stands in for a compiled pattern; its methods become those of the pattern, so that later calls cost no more."""

    def __init__(self, text: str, flags: int) -> None:
        self.pattern, self._flags = text, flags
        self._read = 0

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        vars(self).update((each, getattr(compiled, each)) for each in _METHODS)
        vars(self).update((each, self._counted(getattr(compiled, each), compiled)) for each in _NOTHING)
        return vars(self)[name]

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
            vars(self)[name] = guarded(method, words, nothing) if words else method


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
