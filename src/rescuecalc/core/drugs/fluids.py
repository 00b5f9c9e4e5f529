"""Fluids, blood products and the like: what is ordered by its volume, and has no dose behind it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

NAMED_FLUIDS: Final = (
    *("saline", "sodium chloride", "NaCl", "glucose", "dextrose", "NS", "D5W", "D10W", "D5NS", r"crystalloids?"),
    *(r"ringer(?:['\u2019]?s)?", r"hartmann(?:['\u2019]?s)?", r"plasma-?lyte\w*"),
)
"""What a drug is diluted in, and what runs beside it."""
FLUID: Final = lazy_pattern(rf"\b(?:{'|'.join(NAMED_FLUIDS)}|albumin\w*)\b", re.IGNORECASE)

_BY_VOLUME: Final = lazy_pattern(
    r"\b(?:fluids?|LR|D[0-9]{1,2}(?:W|NS|LR)?|bolus|isolyte|normosol|sterofundin|water|gelatin\w*|"
    r"gelofusine|hetastarch|starch|hextend|colloids?|hypertonic|blood|p?rbcs?|red cells?|plasma|ffp|platelets?|"
    r"cryo\w*|lipids?|intralipid|smoflipid|tpn|ppn|nutrition|feeds?|feeding|formula|contrast|io\w+ol|iodi\w+|omnipaque|"
    r"visipaque|optiray|ultravist|gado\w+|flush\w*|carrier|kvo|tko|mannitol|bicarbonate|dialysate|cardioplegia|"
    r"vaccine|toxoids?|tetanus\w*|tdap|mmr|tuberculin|"
    r"replacement|prismasol|amino ?acids?|immune globulin|immunoglobulins?|ivig|kcentra|octaplex|medicine|solution|"
    r"oxygen|air|heliox|nitric oxide|[a-z]{2,5}flurane)\b"
    r"|[0-9] ?%|[0-9.] ?[a-z]{1,6}/[0-9.]{0,6} ?ml\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def is_by_volume(name: str) -> bool:
    """Return whether what an order names is given by its volume, or names its strength itself.

    >>> is_by_volume("Lactated Ringer's"), is_by_volume("D5W"), is_by_volume("fentanyl"), is_by_volume("lidocaine 1%")
    (True, True, False, True)
    """
    return FLUID.search(name) is not None or _BY_VOLUME.search(name) is not None
