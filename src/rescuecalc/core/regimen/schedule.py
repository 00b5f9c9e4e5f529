"""Containers and the order of events: what runs from which container, until when."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from rescuecalc.core.quantities.quantity import Duration, PumpRate, Volume
from rescuecalc.core.quantities.units import unit
from rescuecalc.errors import CalculationRefused


class Segment(NamedTuple):
    """A stretch of constant pump rate."""

    pump_rate: PumpRate
    run_time: Duration


class ContainerUse(NamedTuple):
    """What one container gives during one segment; times in exact seconds after the first infusion's start.

    ``number`` counts containers from 1; ``remaining`` is what is left in it when the use ends.
    """

    number: int
    segment: int
    volume: Volume
    start: Fraction
    end: Fraction
    remaining: Volume

    @property
    def empties(self) -> bool:
        """Whether the container is empty when this use ends."""
        return self.remaining.magnitude == 0


class Event(NamedTuple):
    """Something that happens ``elapsed`` whole seconds after the first infusion's start (before it: negative)."""

    elapsed: int
    name: str
    detail: str

    def at(self, start: datetime | None) -> datetime | None:
        """Return the clock time in the start's zone, None without a start."""
        return clock_time(self.elapsed, start)


def clock_time(seconds: int, start: datetime | None) -> datetime | None:
    """Return the clock time in the start's zone; elapsed time is real time, also across a clock change."""
    return None if start is None else clock_after(start, seconds)


def clock_after(start: datetime, seconds: int) -> datetime:
    """Return the clock time so long after a start, in its zone."""
    # Adding hours to a local time would lose or gain one at the change of the clock: 24 h are 24 h for the drug.
    return (start.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(start.tzinfo)


def _millilitres(number: Fraction) -> Volume:
    return Volume(number, unit("mL"))


def container_uses(
    segments: Sequence[Segment], container: Volume, first_loss: Volume, most: int
) -> tuple[ContainerUse, ...]:
    """Return, in order, what each container gives while ``segments`` run one after the other.

    Every container holds ``container``; ``first_loss`` (a bolus programmed out of it, the priming of the line) is
    missing from the first. Raises CalculationRefused where nothing is left in the first, or more than ``most`` are
    needed.
    """
    whole = container.value_in("mL")
    left = whole - first_loss.value_in("mL")
    # An empty first container would make the second one the first, and every later time wrong.
    if left <= 0:
        message = f"bolus and priming volume take {first_loss}, all that the first container of {container} holds"
        raise CalculationRefused(message)
    total = sum(s.pump_rate.value_in("mL/h") * s.run_time.value_in("h") for s in segments)
    # A bound, not a clinical limit: a slip of a thousand in the rate would else list containers without end.
    if total > whole * (most - 1):
        raise CalculationRefused(f"this run needs more than {most} containers of {container}; check rate and run time")
    return tuple(_uses(segments, whole, left))


def _uses(segments: Sequence[Segment], whole: Fraction, left: Fraction) -> Iterator[ContainerUse]:
    number, clock = 1, Fraction(0)
    for place, segment in enumerate(segments):
        per_second = segment.pump_rate.value_in("mL/h") / 3600
        to_give = per_second * segment.run_time.value_in("s")
        while to_give:
            # A bag is changed when it is empty and not before: what is left in the last one is said, not spread over
            # all.
            if not left:
                number, left = number + 1, whole
            volume = min(left, to_give)
            left, to_give = left - volume, to_give - volume
            # Exact seconds; rounding each bag by itself would move the last one by as many seconds as there are bags.
            end = clock + volume / per_second
            yield ContainerUse(number, place, _millilitres(volume), clock, end, _millilitres(left))
            clock = end
