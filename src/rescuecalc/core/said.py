"""What a text for people says in quantities: `0.15 mcg/kg/min`, `50 micrograms per hour`, `over 5 min`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.quantity import (
    Concentration,
    Dose,
    DosePerKg,
    DoseRate,
    DoseRatePerKg,
    Duration,
    PumpRate,
    Quantity,
    parsed,
)
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD: Final = r"[A-Za-z\u00b5\u03bc]+"
# A number and its unit, as `0.15 mcg/kg/min` or `50 micrograms per hour`; a word before it may say what it is of.
_SAID: Final = re.compile(
    r"(?:(?P<before>\b[a-z]+) )?(?<![\w.,/-])(?P<number>[0-9]+(?:\.[0-9]+)?) ?"
    rf"(?P<unit>{_WORD}(?: ?(?:/|\bper\b) ?{_WORD})*)",
    re.IGNORECASE,
)
_ROLES: Final[tuple[tuple[str, type[Quantity]], ...]] = (
    ("dose_per_kg", DosePerKg),
    ("dose", Dose),
    ("dose_rate_per_kg", DoseRatePerKg),
    ("dose_rate", DoseRate),
    ("pump_rate", PumpRate),
    ("concentration", Concentration),
)
_LENGTHS: Final = {"over": "give_over", "within": "give_over", "for": "run_time"}


class Said(NamedTuple):
    """A quantity in a text, the field that it speaks of, and where its number begins."""

    field: str
    quantity: Quantity
    at: int


@lru_cache(maxsize=4096)
def said(text: str) -> tuple[Said, ...]:
    """Return the quantities in a text for people whose field its unit, or the word before it, leaves no doubt of.

    >>> [(each.field, str(each.quantity)) for each in said("50 micrograms per hour for 24 h")]
    [('dose_rate', '50 mcg/h'), ('run_time', '24 h')]
    """
    return tuple(_quantities(text))


def _quantities(text: str) -> Iterator[Said]:
    for match in _SAID.finditer(text):
        unit = re.sub(r" ?(?:/|\bper\b) ?", "/", match["unit"], flags=re.IGNORECASE)
        found = _read(f"{match['number']} {unit}", (match["before"] or "").lower())
        if found is not None:
            yield Said(*found, match.start("number"))


def _read(text: str, before: str) -> tuple[str, Quantity] | None:
    """Return what a number speaks of; a length only where the word before says of what, and no other volume."""
    for name, role in _ROLES:
        try:
            return name, parsed(role, text)
        except InputError:
            continue
    if before not in _LENGTHS:
        return None
    try:
        return _LENGTHS[before], parsed(Duration, text)
    except InputError:
        return None
