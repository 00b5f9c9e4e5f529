"""Label text: `12.5 mg in 250 mL` is an amount in a volume."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Concentration, Dose, Volume, parsed
from rescuecalc.core.quantities.units import unit
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    import re

_LABEL: Final = lazy_pattern(
    r"(?<![0-9.,])(?P<amount>(?:[0-9]+,[0-9]{1,2}(?![0-9])|[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?) ?[A-Za-z]+)"
    r"(?: (?:vial|ampoule|amp)s?)?"
    r" ?(?:in|/|per|dans|auf|pro|en) ?(?P<volume>[0-9][0-9.]* ?m?[lL])(?![A-Za-z])"
)


class Strength(NamedTuple):
    """What a label says: so much drug in so much volume, both taken as exact; ``text`` is the part that says it."""

    amount: Dose
    volume: Volume
    text: str

    @property
    def concentration(self) -> Concentration:
        """The amount divided by the volume."""
        return Concentration(self.amount.magnitude / self.volume.value_in("mL"), unit(f"{self.amount.unit.name}/mL"))


@lru_cache(maxsize=1024)
def strength(text: str) -> Strength | None:
    """Return the strength in a label's text, None where it states none that can be read.

    A comma before three digits divides thousands, before one or two it is a decimal one.

    >>> str(strength("12.5 mg in 250 mL").volume)
    '250 mL'
    >>> str(strength("12,5 mg dans 50 mL").amount)
    '12.5 mg'
    """
    return _read(_LABEL.search(text))


def strength_at(text: str, place: int) -> Strength | None:
    """Return the strength that a text states from ``place`` on, None where it states none there."""
    return _read(_LABEL.match(text, place))


def _read(match: re.Match[str] | None) -> Strength | None:
    if match is None:
        return None
    try:
        amount, volume = parsed(Dose, _with_point(match["amount"])), parsed(Volume, match["volume"])
    except InputError:
        return None
    # An empty container, or one without drug in it, has no strength to count with.
    return Strength(amount, volume, match[0]) if amount.magnitude and volume.magnitude else None


def _with_point(text: str) -> str:
    """Return an amount without the commas between its thousands, and with a point for a decimal one."""
    return _DECIMAL_COMMA.sub(".", text).replace(",", "")


_DECIMAL_COMMA: Final = lazy_pattern(r",(?=[0-9]{1,2}(?![0-9]))")
