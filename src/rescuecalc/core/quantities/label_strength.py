"""Label text: `12.5 mg in 250 mL` is an amount in a volume."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Concentration, Dose, Volume, parsed
from rescuecalc.core.quantities.units import folded_unit, unit
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    import re

_LABEL: Final = lazy_pattern(
    r"(?<![0-9.,])(?P<amount>[0-9]+(?:,[0-9]{1,2}(?![0-9,])|(?:,[0-9]{3})*(?:\.[0-9]+)?)) ?(?P<unit>[A-Za-z]+)"
    r"(?: (?:vial|ampoule|amp)s?)?"
    r" ?(?:in|/|per|:|\b(?:ad|dans|auf|pro|en)\b) ?(?P<volume>[0-9][0-9.]*) ?(?P<of>[mM]?[lL])(?![A-Za-z])"
)
_DECIMAL_COMMA: Final = lazy_pattern(r"(?<=[0-9]),(?=[0-9]{1,2}(?![0-9]))")


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

    A comma divides thousands: before one or two decimals it is refused, as in every quantity.

    >>> str(strength("12.5 mg in 250 mL").volume), strength("12,5 mg in 250 mL")
    ('250 mL', None)
    """
    match = _LABEL.search(text)
    if match is not None and _DECIMAL_COMMA.search(match["amount"]) is not None:
        return None
    return _read(match)


def with_decimal_point(text: str) -> str:
    """Return a text with a point in place of each comma that stands before one or two decimals.

    >>> with_decimal_point("12,5 mg in 1,000 mL")
    '12.5 mg in 1,000 mL'
    """
    return _DECIMAL_COMMA.sub(".", text)


def strength_at(text: str, place: int) -> Strength | None:
    """Return the strength that a text states from ``place`` on, None where it states none there.

    In words for people a comma may stand before one or two decimals.
    """
    return _read(_LABEL.match(text, place))


def _read(match: re.Match[str] | None) -> Strength | None:
    if match is None:
        return None
    try:
        amount = with_decimal_point(match["amount"]).replace(",", "")
        held = parsed(Dose, f"{amount} {folded_unit(match['unit'])}")
        volume = parsed(Volume, f"{match['volume']} {folded_unit(match['of'])}")
    except InputError:
        return None
    # An empty container, or one without drug in it, has no strength to count with.
    return Strength(held, volume, match[0]) if held.magnitude and volume.magnitude else None
