"""A number and a unit of a text for people, as the strict grammar reads them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rescuecalc.core.quantities.plain_writing import plain_unit
from rescuecalc.core.quantities.units import usual_unit
from rescuecalc.errors import InputError


def plain_number(number: str) -> str:
    """Return a number without its commas: three digits behind one are thousands, fewer a part."""
    if number.startswith("."):
        return f"0{number}"  # that it is written so is RC211's matter
    whole, comma, part = number.rpartition(",")
    return f"{whole}.{part}" if comma and len(part) < _THOUSAND and "." not in part else number.replace(",", "")


_THOUSAND: Final = 3


@lru_cache(maxsize=1024)
def written_unit(of: str) -> str:
    """Return a unit in words as it is named."""
    written = re.sub(r"\bkilograms?\b", "kg", of, flags=re.IGNORECASE)
    written = re.sub(r"\b(?:an?|every|each)\b", "per", re.sub(r" ([a-z]+)-1\b", r"/\1", written, flags=re.IGNORECASE))
    # That it is written so is RC213's matter, and RC214's.
    written = re.sub(r"\bIU\b", "units", re.sub(r"\bccs?\b", "mL", written, flags=re.IGNORECASE))
    # `20 G` is the size of a needle, and `MG` nothing else than mg.
    letters = written if _CAPITAL.match(written) else plain_unit(written)
    for each in (written, letters):
        try:
            return usual_unit(each).name
        except InputError:
            continue
    return written


_CAPITAL: Final = re.compile(r"[A-Za-z](?![A-Za-z])")
