"""The envelope of a drug's regimens: the lowest and highest that any source gives, renal halves included."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.dosing import bolus_dose
from rescuecalc.core.limits import Span
from rescuecalc.core.quantity import Dose, DosePerKg, DoseRatePerKg, DosingWeight, Duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.protocol import Protocol
    from rescuecalc.core.source import Source
    from rescuecalc.rules.knowledge import Knowledge


class InfusionEnvelope(NamedTuple):
    """The range of maintenance rates, and of loads with the longest time that a load runs.

    ``doses_per_kg`` are all of its rates.
    """

    maintenance: Span[DoseRatePerKg]
    load: Span[DoseRatePerKg] | None
    longest_load: Duration | None
    doses_per_kg: tuple[DoseRatePerKg, ...]
    sources: tuple[Source, ...]
    doses: tuple[Dose, ...] = ()  # no source fixes a dose rate

    def holds(self, rate: DoseRatePerKg, run_time: Duration | None, *, load: bool = False) -> bool:
        """Whether some source gives such a rate for such a time."""
        return any(span.holds(rate) for span in self.spans(run_time, load=load))

    def spans(self, run_time: Duration | None, *, load: bool = False) -> tuple[Span[DoseRatePerKg], ...]:
        """Return the ranges of an infusion that runs for ``run_time``.

        One whose time is not said is a ``load`` only where another infusion follows it.
        """
        short = load if run_time is None else self.longest_load is not None and not run_time.exceeds(self.longest_load)
        return (self.maintenance, self.load) if short and self.load is not None else (self.maintenance,)

    def __str__(self) -> str:
        """Return the ranges as a person reads them."""
        load = f", or {self.load} for at most {self.longest_load} as a loading infusion" if self.load else ""
        return f"{self.maintenance}{load}"


class BolusEnvelope(NamedTuple):
    """The range of one route's boluses per kg, and of its fixed doses; None where no source gives one.

    ``doses_per_kg`` and ``doses`` are all of them.
    """

    per_kg: Span[DosePerKg] | None
    fixed: Span[Dose] | None
    doses_per_kg: tuple[DosePerKg, ...]
    doses: tuple[Dose, ...]
    sources: tuple[Source, ...]

    def holds(self, dose: DosePerKg | Dose, weights: Span[DosingWeight]) -> bool:
        """Whether ``dose`` lies within; a fixed one of a route that is counted per kg may be right for some weight."""
        if isinstance(dose, DosePerKg):
            return self.per_kg is not None and self.per_kg.holds(dose)
        if self.fixed is not None and self.fixed.holds(dose):
            return True
        if self.per_kg is None:
            return False
        least, most = bolus_dose(self.per_kg.low, weights.low), bolus_dose(self.per_kg.high, weights.high)
        return not least.exceeds(dose) and not dose.exceeds(most)

    def __str__(self) -> str:
        """Return the ranges as a person reads them."""
        spans = [str(span) for span in (self.per_kg, self.fixed) if span is not None]
        return " or ".join(spans) or "no source gives such a bolus"


def _shares(protocol: Protocol, knowledge: Knowledge) -> Iterator[tuple[Fraction, Fraction]]:
    yield Fraction(1), Fraction(1)
    yield from ((band.bolus_factor, band.infusion_factor) for band in knowledge.bands(protocol))


def _of_drug(drug: str, knowledge: Knowledge) -> tuple[Protocol, ...]:
    return tuple(protocol for protocol in knowledge.protocols() if protocol.drug == drug)


def _sources(protocols: tuple[Protocol, ...]) -> tuple[Source, ...]:
    return tuple({source.id: source for protocol in protocols for source in protocol.sources}.values())


def _rates(protocols: tuple[Protocol, ...], role: str, knowledge: Knowledge) -> list[DoseRatePerKg]:
    return [
        step.dose_rate_per_kg.times(share)
        for protocol in protocols
        for _, share in _shares(protocol, knowledge)
        for step in protocol.infusions
        if step.role == role
    ]


def infusion_envelope(drug: str, knowledge: Knowledge) -> InfusionEnvelope | None:
    """Return the envelope of the drug's infusions, None for a drug without one."""
    if drug not in knowledge.drugs:
        return None
    return knowledge.once(("infusion", drug), lambda: _infusions(drug, knowledge))


def _infusions(drug: str, knowledge: Knowledge) -> InfusionEnvelope | None:
    protocols = _of_drug(drug, knowledge)
    maintenance, loads = (_rates(protocols, role, knowledge) for role in ("maintenance", "load"))
    if not maintenance:
        return None
    times = [
        step.run_time.taken
        for protocol in protocols
        for step in protocol.infusions
        if step.role == "load" and step.run_time and step.run_time.taken
    ]
    by_rate = _rate_key
    return InfusionEnvelope(
        Span(min(maintenance, key=by_rate), max(maintenance, key=by_rate)),
        Span(min(loads, key=by_rate), max(loads, key=by_rate)) if loads else None,
        max(times, key=lambda time: time.value_in("min")) if times else None,
        (*maintenance, *loads),
        _sources(tuple(protocol for protocol in protocols if protocol.infusions)),
    )


def _rate_key(rate: DoseRatePerKg) -> Fraction:
    return rate.value_in("mcg/kg/min")


def _per_kg_key(dose: DosePerKg) -> Fraction:
    return dose.value_in("mcg/kg")


def _dose_key(dose: Dose) -> Fraction:
    return dose.value_in("mcg")


def bolus_envelope(drug: str, route: str, knowledge: Knowledge) -> BolusEnvelope:
    """Return the envelope of the drug's boluses by one route; a dose of another route is no measure.

    Where no route is said (it is empty), each of the drug's is.
    """
    if drug not in knowledge.drugs:
        return BolusEnvelope(None, None, (), (), ())
    return knowledge.once(("bolus", drug, route), lambda: _boluses(drug, route, knowledge))


def _boluses(drug: str, route: str, knowledge: Knowledge) -> BolusEnvelope:
    protocols = tuple(p for p in _of_drug(drug, knowledge) if any(route in {"", step.route} for step in p.boluses))
    steps = [(p, step) for p in protocols for step in p.boluses if route in {"", step.route}]
    per_kg = [
        step.dose_per_kg.times(share if step.route == "IV" else Fraction(1))
        for protocol, step in steps
        for share, _ in _shares(protocol, knowledge)
        if step.dose_per_kg
    ]
    ranges = [step.dose_range for _, step in steps if step.dose_range]
    fixed = [step.dose for _, step in steps if step.dose]
    fixed += [end for span in ranges for end in (span.low, span.high)]
    return BolusEnvelope(
        Span(min(per_kg, key=_per_kg_key), max(per_kg, key=_per_kg_key)) if per_kg else None,
        Span(min(fixed, key=_dose_key), max(fixed, key=_dose_key)) if fixed else None,
        tuple(per_kg),
        tuple(fixed),
        _sources(protocols),
    )
