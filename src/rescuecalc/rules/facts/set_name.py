"""Names of order sets of which no rule has anything to say: order sets that differ in them alone are alike."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rescuecalc.rules.facts.dose_designation import abbreviated_names, brands, designations

_LONGEST: Final = 100
"""Characters; of a longer name it is not said in advance that it is plain."""

_COUNTED: Final = re.compile("([A-Za-z ]*[#_-]?)[0-9]+").fullmatch


def is_plain_name(name: str) -> bool:
    """Whether no rule of notation has anything to say of an order set's name.

    A name of letters and a number is judged by its letters: of the digits at its end the lists know only 1 (`qd 1`),
    4 (`MSO4`) and five of them (`below 90000`).

    >>> is_plain_name("patient 17"), is_plain_name("Aggrastat 17")
    (True, False)
    """
    if len(name) > _LONGEST:
        return False
    match = _COUNTED(name)
    return _are_silent(match[1]) if match is not None else is_silent(name)


@lru_cache(maxsize=1024)
def _are_silent(letters: str) -> bool:
    return all(is_silent(f"{letters}{digits}") for digits in ("", "1", "4", "22", "22222"))


@lru_cache(maxsize=1024)
def is_silent(text: str) -> bool:
    """Whether the lists of notation have nothing to say of a text."""
    return not (designations(text) or abbreviated_names(text) or brands(text))
