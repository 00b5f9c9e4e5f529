"""The limits of one entry: hard and soft ends and the value that the pump starts from, each in its unit, all exact."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.agreement import size_of
from rescuecalc.core.quantities.decimal_text import people_number
from rescuecalc.core.quantities.units import unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.core.quantities.quantity import PumpRate
    from rescuecalc.core.quantities.units import Unit

HARD_MIN: Final = "hard_min"
SOFT_MIN: Final = "soft_min"
INITIAL: Final = "initial"
SOFT_MAX: Final = "soft_max"
HARD_MAX: Final = "hard_max"
ENDS: Final = (HARD_MIN, SOFT_MIN, INITIAL, SOFT_MAX, HARD_MAX)
"""The columns of a set of limits, from low to high: each must be at most the next."""

PUMP_RATE_PER_KG: Final = "pump_rate_per_kg"
VOLUME_PER_KG: Final = "volume_per_kg"

VARIABLES: Final[Mapping[str, str]] = {
    "amount/weight/time": of.DOSE_RATE_PER_KG,
    "amount/time": of.DOSE_RATE,
    "amount/weight": of.DOSE_PER_KG,
    "amount": of.DOSE,
    "volume/time": of.PUMP_RATE,
    "volume/weight/time": PUMP_RATE_PER_KG,
    "volume": of.VOLUME,
    "volume/weight": VOLUME_PER_KG,
    "amount/volume": of.CONCENTRATION,
    "weight": of.WEIGHT,
}
"""What a limit bounds, by the shape of its unit."""

PER_KG: Final = frozenset((of.DOSE_RATE_PER_KG, of.DOSE_PER_KG, PUMP_RATE_PER_KG, VOLUME_PER_KG))
"""What cannot be compared without a weight."""

WORDS: Final = {
    HARD_MIN: "hard minimum",
    SOFT_MIN: "soft minimum",
    INITIAL: "initial value",
    SOFT_MAX: "soft maximum",
    HARD_MAX: "hard maximum",
}


class Limit(NamedTuple):
    """One limit: its ``number`` in its ``unit``, and the ``value`` in base units (mcg, kg, mL, s)."""

    name: str
    number: Fraction
    unit: Unit
    value: Fraction

    @property
    def is_hard(self) -> bool:
        """Whether the pump stops there, and does not only warn."""
        return self.name in {HARD_MIN, HARD_MAX}

    @property
    def words(self) -> str:
        """What it is, as a person reads it."""
        return WORDS[self.name]

    def __str__(self) -> str:
        """Return the limit as a person reads it."""
        return f"{people_number(self.number)} {self.unit.name}"


def limit(name: str, over: int, under: int, unit: Unit) -> Limit:
    """Return a limit of a number, ``over`` ÷ ``under``, in a unit."""
    size, per = _size(unit)
    number = Fraction(over, under)
    return Limit(name, number, unit, number if size == per else Fraction(over * size, under * per))


@cache  # of the units of one closed table
def _size(unit: Unit) -> tuple[int, int]:
    return size_of(unit)[:2]


class LimitSet(NamedTuple):
    """The limits of one quantity, by their names; one that is not there is no limit, and zero is one."""

    unit: Unit
    ends: Mapping[str, Limit]

    @property
    def variable(self) -> str:
        """What is bounded, as the order model calls it."""
        return VARIABLES[self.unit.shape]

    @property
    def kind(self) -> str:
        """What the drug is measured as (mass, units, ...), empty where a limit is of a volume or a weight."""
        return size_of(self.unit)[2]

    @property
    def has_any(self) -> bool:
        """Whether anything is bounded: an initial value alone is no limit."""
        return any(name != INITIAL for name in self.ends)

    def get(self, name: str) -> Limit | None:
        """Return one of the limits, None where it is not set."""
        return self.ends.get(name)

    def passed(self, low: Fraction, high: Fraction | None = None) -> Limit | None:
        """Return the limit that a value passes, the hard before the soft; None within, the limits themselves included.

        Of a range, from ``low`` to ``high``, both ends have to lie within.
        """
        top, ends = low if high is None else high, self.ends
        for most, least in ((HARD_MAX, HARD_MIN), (SOFT_MAX, SOFT_MIN)):
            end = ends.get(most)
            if end is not None and top > end.value:
                return end
            end = ends.get(least)
            if end is not None and low < end.value:
                return end
        return None

    def in_order(self) -> Iterator[Limit]:
        """Yield the limits that are set, in the order that their values should have."""
        yield from (self.ends[name] for name in ENDS if name in self.ends)


@cache
def flow_limits(least: PumpRate | None, most: PumpRate | None) -> LimitSet:
    """Return the slowest and the fastest rate of a pump as limits of a flow, where they are known."""
    known = {HARD_MIN: least, HARD_MAX: most}
    found = {name: limit(name, *each.magnitude.as_integer_ratio(), each.unit) for name, each in known.items() if each}
    return LimitSet(unit("mL/h"), found)
