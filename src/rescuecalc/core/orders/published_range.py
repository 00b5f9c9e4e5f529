"""Published ranges: between which doses the sources of a drug lie, by kind, route, phase and indication."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.condition_interval import Interval
    from rescuecalc.core.quantities.quantity import Duration, Quantity

BOLUS: Final = "bolus"
LOAD: Final = "load"
MAINTENANCE: Final = "maintenance"
"""The phases: a bolus is of the kind ``bolus``, load and maintenance are of the kind ``infusion``."""


class Indication(StrEnum):
    """What a range, or an order set, is for."""

    ANY = "any"
    RESCUE = "rescue"


class RangeEnd(NamedTuple):
    """One end of a range, which belongs to it; a dose outside a soft end is a warning, outside a hard one an error."""

    value: Quantity
    sources: tuple[Source, ...]
    is_soft: bool = False


class RenalLow(NamedTuple):
    """The lower end for patients whose label adjusts the dose: those of ``clearances``, in mL/min."""

    clearances: Interval
    words: str
    low: RangeEnd

    def holds_for(self, clearances: Interval) -> bool:
        """Whether it holds for all of ``clearances``."""
        return clearances.meet(self.clearances) == clearances


class StatedPoint(NamedTuple):
    """A dose that sources state; ``clearances``, in mL/min, are those of a renal adjustment (None: of any patient)."""

    value: Quantity
    sources: tuple[Source, ...]
    clearances: Interval | None = None


class PublishedRange(NamedTuple):
    """What is published of one dose of a drug; an end that is None has no bound.

    ``variable`` is what the range is of: ``dose_per_kg``, ``dose``, ``dose_rate_per_kg`` or ``dose_rate``. ``longest``
    is how long a load runs at most.
    """

    drug: str
    kind: str
    route: str
    phase: str
    indication: Indication
    variable: str
    low: RangeEnd | None
    high: RangeEnd | None
    longest: Duration | None = None
    renal: tuple[RenalLow, ...] = ()
    points: tuple[StatedPoint, ...] = ()

    def low_for(self, clearances: Interval | None) -> RangeEnd | None:
        """Return the lower end for an order for ``clearances`` (mL/min; None: not known, so that any may be meant).

        A renal one counts where it holds for all clearances that the order is for.
        """
        lowest = self.low
        for each in self.renal:
            is_due = clearances is None or each.holds_for(clearances)
            if is_due and (lowest is None or lowest.value.exceeds(each.low.value)):
                lowest = each.low
        return lowest

    def end_passed(self, value: Quantity, clearances: Interval | None = None) -> RangeEnd | None:
        """Return the end outside of which ``value`` lies, None where it lies within; both are of one role."""
        low = self.low_for(clearances)
        if low is not None and low.value.exceeds(value):
            return low
        return self.high if self.high is not None and value.exceeds(self.high.value) else None

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of its ends."""
        ends = (self.low, *(each.low for each in self.renal), self.high)
        return tuple(dict.fromkeys(source for end in ends if end is not None for source in end.sources))


def ranges_of(
    table: Iterable[PublishedRange],
    drug: str,
    kind: str,
    route: str = "",
    indication: Indication = Indication.ANY,
) -> tuple[PublishedRange, ...]:
    """Return the ranges of a drug's boluses or infusions by a route (empty: by any).

    For an indication each range of its own takes the place of the general one.
    """
    own = [each for each in table if each.drug == drug and each.kind == kind and route in {"", each.route}]
    chosen = {_place(each): each for each in own if each.indication is Indication.ANY}
    chosen |= {_place(each): each for each in own if each.indication is indication}
    return tuple(chosen.values())


def _place(of: PublishedRange) -> tuple[str, str, str]:
    return of.route, of.phase, of.variable
