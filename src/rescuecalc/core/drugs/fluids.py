"""Fluids, blood products and the like: what is ordered by its volume, and has no dose behind it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

FLUID: Final = lazy_pattern(
    r"\b(?:saline|sodium chloride|glucose|dextrose)\b|\b(?:ringer|hartmann|plasma-?lyte|crystalloid|albumin)",
    re.IGNORECASE,
)

_BY_VOLUME: Final = lazy_pattern(
    r"\b(?:fluids?|NS|LR|D[0-9]{1,2}(?:W|NS|LR)?|bolus|crystalloids?|isolyte|normosol|sterofundin|water|gelatin\w*|"
    r"gelofusine|hetastarch|starch|hextend|colloids?|hypertonic|NaCl|blood|p?rbcs?|red cells?|plasma|ffp|platelets?|"
    r"cryo\w*|lipids?|intralipid|smoflipid|tpn|ppn|nutrition|feeds?|feeding|formula|contrast|io\w+ol|iodi\w+|omnipaque|"
    r"visipaque|optiray|ultravist|gado\w+|flush\w*|carrier|kvo|tko|mannitol|bicarbonate|dialysate|cardioplegia|"
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
