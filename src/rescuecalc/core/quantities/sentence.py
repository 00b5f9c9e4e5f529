"""Where a sentence or a clause of a text ends: rules cut texts there, and what stands for a text is cut alike."""

from __future__ import annotations

from typing import Final

# The stops of `i.e.,`, `e.g.`, `max.` and `ca.` end nothing.
_BEFORE: Final = (
    r"(?<!\bi\.e)(?<!\be\.g)(?<!\bi\.e\.)(?<!\be\.g\.)(?<!\b[Mm]ax)(?<!\bca)(?<!\bapprox)(?<!\bbzw)(?<!\bggf)"
)
_NOT_BEHIND: Final = r"(?![0-9]|(?<=\bi\.)e\.|(?<=\be\.)g\.)"
CLAUSE_STOP: Final = rf"[;\n]|{_BEFORE}[.,]{_NOT_BEHIND}"
SENTENCE_STOP: Final = rf"[;\n]|{_BEFORE}\.{_NOT_BEHIND}"
WIDE_SENTENCE_STOP: Final = r"[;\n]|\.(?![0-9A-Za-z])"
"""A full stop that touches a word ends nothing: `p.r.n.`."""
