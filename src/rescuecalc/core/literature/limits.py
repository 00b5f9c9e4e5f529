"""Limits that no publication states; the values live in the catalogue and a site may adjust them."""

from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

from rescuecalc.core.literature.source import Source
from rescuecalc.core.quantities.quantity import (
    CreatinineClearance,
    DosingWeight,
    Duration,
    Height,
    PumpRate,
    Quantity,
    SerumCreatinine,
    Volume,
)
from rescuecalc.errors import CalculationRefused

Q = TypeVar("Q", bound=Quantity)


class Span(NamedTuple, Generic[Q]):
    """A closed range of one role: both ends belong to it."""

    low: Q
    high: Q

    def holds(self, quantity: Q) -> bool:
        """Whether ``quantity`` lies within, ends included."""
        return not self.low.exceeds(quantity) and not quantity.exceeds(self.high)

    def __str__(self) -> str:
        """Return the range as a person reads it."""
        return str(self.low) if self.low.equals(self.high) else f"{self.low} to {self.high}"


def checked(quantity: Q, span: Span[Q], name: str) -> Q:
    """Return ``quantity`` unchanged, or raise CalculationRefused where it lies outside of ``span``."""
    if not span.holds(quantity):
        read = f"{quantity.text!r} " if quantity.text else f"{quantity} "
        message = f"{name}: {read}is outside of {span}, which is what rescuecalc calculates for; check number and unit"
        raise CalculationRefused(message)
    return quantity


class Limits(NamedTuple):
    """The software's own limits; ``source`` names them so."""

    source: Source
    weight: Span[DosingWeight]
    usual_weight: Span[DosingWeight]
    row_weight: Span[DosingWeight]
    deviation_percent: Fraction
    deviation_error_percent: Fraction
    pump_rate: PumpRate
    container_time: Duration
    change_before: Duration
    run_time: Duration
    thrombolysis_time: Duration
    longest_gap: Duration
    containers: int
    table_rows: int
    pump_step: PumpRate
    volume_step: Volume
    clearance_step: CreatinineClearance
    age_years: tuple[int, int]
    usual_creatinine: Span[SerumCreatinine]
    creatinine: Span[SerumCreatinine]
    clearance: Span[CreatinineClearance]
    height: Span[Height]
    give_over: Span[Duration]
    priming_volume: Span[Volume]
    line_volume: Span[Volume]
    line_volume_source: Source

    @property
    def deviation_factor(self) -> Fraction:
        """How many times as much a number may be that differs by rounding alone: 1.05 of 5 %."""
        return 1 + self.deviation_percent / 100
