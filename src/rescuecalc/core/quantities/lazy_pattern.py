"""Regular expressions that are compiled when they first read something, and not when their module is imported.

The patterns of the rules take a fifth of a second to compile; most order sets ask for few of them.
"""

from __future__ import annotations

import re
from typing import Any, Final, cast

_METHODS: Final = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")


class _LazyPattern:
    """Stands in for a compiled pattern; its methods become those of the pattern, so that later calls cost no more."""

    def __init__(self, text: str, flags: int) -> None:
        self.pattern, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        vars(self).update((each, getattr(compiled, each)) for each in _METHODS)
        return vars(self)[name]


def lazy_pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern that is compiled when first used: searched with, matched or substituted.

    >>> lazy_pattern("[0-9]+").search("80 kg")[0]
    '80'
    """
    return cast("re.Pattern[str]", _LazyPattern(text, flags))
