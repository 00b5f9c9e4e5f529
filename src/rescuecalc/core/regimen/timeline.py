"""The events of a regimen in order, counted from the start of the first infusion."""

from __future__ import annotations

from itertools import accumulate, groupby, pairwise
from typing import TYPE_CHECKING

from rescuecalc.core.quantities.quantity import Duration
from rescuecalc.core.quantities.units import unit
from rescuecalc.core.regimen.derivation import ROLES
from rescuecalc.core.regimen.schedule import Event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from rescuecalc.core.regimen.bolus import Bolus
    from rescuecalc.core.regimen.infusion import Infusion
    from rescuecalc.core.regimen.regimen import Regimen
    from rescuecalc.core.regimen.schedule import ContainerUse

DISCONNECT = "disconnect at the cannula, do not flush the line into the patient"


def container_times(containers: tuple[ContainerUse, ...]) -> tuple[Duration, ...]:
    """Return how long each container is in use, in order."""
    spans = []
    for _, group in groupby(containers, key=lambda use: use.number):
        uses = list(group)
        spans.append(Duration(uses[-1].end - uses[0].start, unit("s")))
    return tuple(spans)


def events(result: Regimen) -> tuple[Event, ...]:
    """Return boluses, infusion start, rate changes, container changes and the stop, sorted by elapsed time.

    Times are rounded down to the second: a container is never said to last longer than it does.
    """
    found = [*_bolus_events(result), *_container_events(result.containers), *_infusion_events(result.infusions)]
    return tuple(sorted(found, key=lambda event: event.elapsed))


def _bolus_events(result: Regimen) -> Iterator[Event]:
    for bolus in result.boluses:
        if bolus.step.at is not None:
            seconds = bolus.step.at.value_in("s").__floor__()
        else:
            # Zero is the start of the infusion, so that run times are read off the clock; a bolus ends there.
            seconds = -(bolus.give_over.value_in("s")).__floor__() if bolus.give_over else 0
        yield Event(seconds, "bolus", f"{bolus.dose} {bolus.step.route}{_volume(bolus)}")


def _volume(bolus: Bolus) -> str:
    chosen = bolus.chosen
    return f", {chosen.volume} of {chosen.supply.concentration}" if chosen else ""


def _container_events(containers: tuple[ContainerUse, ...]) -> Iterator[Event]:
    for use, following in pairwise(containers):
        if use.number != following.number:
            detail = f"container {use.number} is empty: change to container {following.number} before this time"
            # Down, never to the nearest: a bag that is announced as lasting a second longer runs dry and the pump
            # alarms.
            yield Event(use.end.__floor__(), "container-empty", detail)


def _rate(infusion: Infusion) -> str:
    chosen = infusion.chosen
    setting = f" at {chosen.pump_rate} of {chosen.supply.concentration}" if chosen else ""
    dose_rate = f"{infusion.dose_rate} (cap)" if infusion.uncapped else infusion.dose_rate_per_kg
    return f"{ROLES[infusion.step.role]}, {dose_rate}{setting}"


def _infusion_events(infusions: tuple[Infusion, ...]) -> Iterator[Event]:
    lengths: list[Fraction] = [each.run_time.value_in("s") for each in infusions if each.run_time]
    if not lengths:
        return
    yield Event(0, "infusion-start", _rate(infusions[0]))
    *changes, stop = accumulate(lengths)
    for seconds, infusion in zip(changes, infusions[1:], strict=True):
        yield Event(seconds.__floor__(), "pump-rate-change", _rate(infusion))
    yield Event(stop.__floor__(), "infusion-stop", DISCONNECT)
