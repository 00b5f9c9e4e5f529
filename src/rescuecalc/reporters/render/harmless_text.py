"""Text from files, made harmless for terminals and logs, and how many columns it takes there."""

from __future__ import annotations

import unicodedata


def printable(text: str) -> str:
    r"""Return ``text`` with every character escaped that is not printed as itself.

    GitHub's runner takes a line that begins with `::`, or holds `##[`, for a command to itself: neither is left.

    >>> printable("a\x1b[31m"), printable("::error::a"), printable("a ##[error]b")
    ('a\\x1b[31m', '\\x3a:error::a', 'a ##\\x5berror]b')
    """
    text = text.replace("##[", "##\\x5b")
    if text.lstrip().startswith("::"):
        text = text.replace("::", "\\x3a:", 1)
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def columns(text: str) -> int:
    """Return how many columns of a terminal ``text`` takes: a wide character two, a mark on the one before none.

    >>> columns("ab"), columns("\u8133"), columns("e\u0301")
    (2, 2, 1)
    """
    return len(text) if text.isascii() else sum(_columns(each) for each in text)


def _columns(character: str) -> int:
    # A combining mark takes no column of its own; counted as one, the caret would stand beside the mistake.
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fitting(text: str, most: int) -> str:
    """Return as much of the beginning of ``text`` as fits into ``most`` columns.

    >>> fitting("abc", 2), fitting("\u8133\u8133", 3)
    ('ab', '\u8133')
    """
    while columns(text) > most:
        # One character less each time: whether a wide one is the last is not known before.
        text = text[: min(len(text) - 1, most)]
    return text
