"""The spaces of a text for people: whichever they are, a number and its unit are read alike."""

from __future__ import annotations

import re
from typing import Final

_SPACES: Final = re.compile(r"[^\S\r\n]+|\r\n?|[\u00ad\u200b-\u200f\u2060\ufeff]+|&nbsp;")


def plain_spaces(text: str) -> str:
    r"""Return a text with one plain space for any others, and without characters that nobody sees.

    >>> plain_spaces("give 8  mg,\tthen 1.5\u00a0mcg/kg/min")
    'give 8 mg, then 1.5 mcg/kg/min'
    """
    return _SPACES.sub(_space, text)


def _space(match: re.Match[str]) -> str:
    if match[0][0] == "\r":
        return "\n"
    return " " if match[0].isspace() or match[0] == "&nbsp;" else ""
