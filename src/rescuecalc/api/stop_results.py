"""The result of `stop`."""

from __future__ import annotations

from dataclasses import dataclass

from rescuecalc.api.dose_results import (
    AppliedBand,
    BolusResult,
    ClearanceWorking,
    InfusionResult,
    LineContent,
    PatientGiven,
    ProtocolSummary,
)
from rescuecalc.api.exact_quantity import ExactQuantity
from rescuecalc.api.plan_results import CitedWords
from rescuecalc.api.result import BedsideResult, ReportedFinding
from rescuecalc.core.literature.source import Source
from rescuecalc.core.regimen.derivation import DerivationStep


@dataclass(frozen=True)
class StoppedInfusion(InfusionResult):
    """An infusion until its stop; ``delivered_dose`` is that of the set pump rate, None where no product was named."""

    infused_dose: ExactQuantity
    infused_per_kg: ExactQuantity
    delivered_dose: ExactQuantity | None


@dataclass(frozen=True)
class GivenVolume:
    """How much of one concentration was given."""

    concentration: ExactQuantity
    volume: ExactQuantity


@dataclass(frozen=True)
class TotalDose:
    """Boluses and infusions together; ``delivered`` and ``volumes`` only where every product was named."""

    dose: ExactQuantity
    dose_per_kg: ExactQuantity | None
    delivered: ExactQuantity | None
    delivered_per_kg: ExactQuantity | None
    volumes: tuple[GivenVolume, ...]


@dataclass(frozen=True)
class LastingEffect:
    """Until when an effect is to be expected; ``state`` is `expected`, `longer, unknown` or `not held`.

    Only what is `expected` has an end, from the earliest to the latest that the source states.
    """

    state: str
    earliest_at: str | None
    earliest_elapsed: str | None
    earliest_elapsed_seconds: int | None
    latest_at: str | None
    latest_elapsed: str | None
    latest_elapsed_seconds: int | None
    words: str
    caveat: str | None
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class PlateletCount:
    """When a label counts platelets; its times are None where it counts from another moment than the start."""

    words: str
    at: str | None
    elapsed: str | None
    elapsed_seconds: int | None
    until_at: str | None
    until_elapsed: str | None
    until_elapsed_seconds: int | None
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class EarlierThrombolysis:
    """Whether a thrombolysis was given, and how long before the stop; ``recent``: within the last 24 h."""

    given: bool
    at: str | None
    elapsed: str | None
    elapsed_seconds: int | None
    before_stop_seconds: int | None
    recent: bool | None


@dataclass(frozen=True, repr=False)
class StopResult(BedsideResult):
    """What was given until a stop, and what is known of the hours after it; None is what no source states."""

    protocol: ProtocolSummary
    dosing_weight: ExactQuantity | None
    weight_basis: str | None
    weight_as_written: str | None
    creatinine_clearance: ExactQuantity | None
    clearance_working: ClearanceWorking | None
    patient: PatientGiven
    not_given: tuple[str, ...]
    renal: AppliedBand | None
    start: str | None
    timezone: str | None
    stop_at: str | None
    stop_elapsed: str
    stop_elapsed_seconds: int
    ran: ExactQuantity
    boluses: tuple[BolusResult, ...]
    infusions: tuple[StoppedInfusion, ...]
    total: TotalDose
    effect: LastingEffect
    line: str | None
    line_at_stop: tuple[LineContent, ...]
    now: CitedWords
    fibrinogen: CitedWords
    counts: tuple[PlateletCount, ...]
    platelets: CitedWords | None
    reversal: CitedWords | None
    thrombolysis: EarlierThrombolysis | None
    thrombolysis_reversal: CitedWords
    derivation: tuple[DerivationStep, ...]
    notes: tuple[str, ...]
    findings: tuple[ReportedFinding, ...]
    sources: tuple[Source, ...]
