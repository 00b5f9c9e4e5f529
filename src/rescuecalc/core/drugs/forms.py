"""Forms of drugs that no needle takes."""

from __future__ import annotations

import re
from typing import Final

from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

_SWALLOWED: Final = lazy_pattern(
    r"\b(?:tablets?|tabs?|capsules?|caplets?|lozenges?|oral|suppositor\w+|patch(?:es)?|creams?|ointments?|inhal\w+|drops|"
    r"syrup|granules|chewable)\b",
    re.IGNORECASE,
)
_INJECTED: Final = lazy_pattern(r"inject|infus|parenteral|intraven|syringe", re.IGNORECASE)


def is_not_injected(text: str) -> bool:
    """Whether a form, or a product in words, is one that is swallowed, inhaled or laid on the skin.

    >>> is_not_injected("film-coated tablet"), is_not_injected("oral or IV solution for infusion")
    (True, False)
    """
    return _SWALLOWED.search(text) is not None and _INJECTED.search(text) is None
