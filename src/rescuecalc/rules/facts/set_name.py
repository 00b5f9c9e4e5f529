"""Names of order sets that say the same to every rule: order sets that differ in them alone are alike."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rescuecalc.rules.facts.text.dose_designation import abbreviated_names, brands, designations
from rescuecalc.rules.facts.text.patient_in_text import says_value

_LONGEST: Final = 100
"""Characters; a longer name stands for itself."""

_COUNTED: Final = re.compile(
    "((?:[A-Za-z][A-Za-z -]* )?(?:admission|bed|case|encounter|episode|id|line|mrn|nr|order|order set|pat|patient|"
    "person|pt|record|room|row|set|subject|visit|ward)[ #_-]{0,2})[0-9]+",
    re.IGNORECASE,
).fullmatch
"""What ends with the number of something that is counted; all before the number is read."""


def name_to_rules(name: str) -> str:
    """Return what the rules read of an order set's name: all of it, but for the number of a patient or of a row.

    Rules read the name as they read an indication: `ICH 2` is a contraindication. Of the digits at its end the lists
    of notation know only 1 (`qd 1`), 4 (`MSO4`) and five of them (`below 90000`).

    >>> name_to_rules("stroke, patient 17"), name_to_rules("stroke patient 17"), name_to_rules("ICH 17")
    ('stroke, patient 17', 'stroke patient ', 'ICH 17')
    """
    match = _COUNTED(name) if len(name) <= _LONGEST else None
    return match[1] if match is not None and _are_silent(match[1]) else name


@lru_cache(maxsize=1024)
def _are_silent(letters: str) -> bool:
    return all(_is_silent(f"{letters}{digits}") for digits in ("", "1", "4", "22", "22222"))


def _is_silent(text: str) -> bool:
    """Whether the lists of notation have nothing to say of a text, and it is no number of the patient's state."""
    return not (designations(text) or abbreviated_names(text) or brands(text) or says_value(text))
