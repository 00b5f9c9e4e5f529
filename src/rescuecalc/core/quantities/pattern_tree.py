"""The parse tree of a pattern, which several modules read: made once, since that takes as long as to read it."""

from __future__ import annotations

from functools import lru_cache

# The parser that `re` itself compiles by.
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final

_MOST_PATTERNS: Final = 2_000
"""Patterns whose trees are kept; the package has some 400."""


@lru_cache(maxsize=_MOST_PATTERNS)
def tree_of(pattern: str, flags: int) -> Any:
    """Return the parse tree of a pattern; nobody changes it."""
    return _parser.parse(pattern, flags)
