"""The results of `bridge` and `plan`."""

from __future__ import annotations

from dataclasses import dataclass

from rescuecalc.api.dose_results import BandTable, DosedPatient, LabelColumn, LineContent, ScheduledEvent
from rescuecalc.api.exact_quantity import ExactQuantity
from rescuecalc.core.literature.source import Source
from rescuecalc.core.regimen.derivation import DerivationStep


@dataclass(frozen=True)
class StatedEvent:
    """An event of a plan; ``stated`` says who states it, and its times are None where nobody does.

    ``until_...`` ends a window, or a series of ``repeats`` repeats ``every`` so often.
    """

    at: str | None
    elapsed: str | None
    elapsed_seconds: int | None
    until_at: str | None
    until_elapsed: str | None
    until_elapsed_seconds: int | None
    event: str
    drug: str | None
    dose: ExactQuantity | None
    route: str | None
    every: ExactQuantity | None
    repeats: int | None
    detail: str
    stated: str
    source: Source | None
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class AntiplateletDose:
    """A dose of an oral antiplatelet: what is given, when, and who states it."""

    drug: str
    group: str
    purpose: str
    dose: ExactQuantity | None
    route: str | None
    frequency: str | None
    start: str | None
    at: str | None
    elapsed: str | None
    elapsed_seconds: int | None
    stated: str
    time_stated: str
    detail: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class CoverGap:
    """How long nothing covers, in minutes, at worst and at best; None: unknown."""

    worst_minutes: int | None
    best_minutes: int | None
    worst: str
    best: str


@dataclass(frozen=True)
class DrugCover:
    """From when on an oral antiplatelet covers; ``unknown`` says why that is not known."""

    drug: str
    dose: ExactQuantity | None
    route: str | None
    at: str | None
    elapsed: str | None
    elapsed_seconds: int | None
    onset: str | None
    onset_earliest: ExactQuantity | None
    onset_latest: ExactQuantity | None
    earliest_at: str | None
    earliest_elapsed: str | None
    earliest_elapsed_seconds: int | None
    latest_at: str | None
    latest_elapsed: str | None
    latest_elapsed_seconds: int | None
    unknown: str | None
    gap: CoverGap


@dataclass(frozen=True)
class CoverInterval:
    """What covers in one stretch of time."""

    from_at: str | None
    from_elapsed: str | None
    from_elapsed_seconds: int | None
    to_at: str | None
    to_elapsed: str | None
    to_elapsed_seconds: int | None
    covered_by: tuple[str, ...]
    possibly_by: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class PlannedCoverage:
    """Which drug covers when, from the infusion on."""

    drug: str
    stop_at: str | None
    stop_elapsed: str | None
    stop_elapsed_seconds: int | None
    offset_earliest_at: str | None
    offset_earliest_elapsed: str | None
    offset_earliest_elapsed_seconds: int | None
    offset_latest_at: str | None
    offset_latest_elapsed: str | None
    offset_latest_elapsed_seconds: int | None
    agents: tuple[DrugCover, ...]
    intervals: tuple[CoverInterval, ...]
    gap: CoverGap
    worst_case: str
    best_case: str


@dataclass(frozen=True)
class AssayTarget:
    """A range of P2Y12 reaction units that a source names, and whether a result is inside."""

    name: str
    inside: bool


@dataclass(frozen=True)
class AssayResult:
    """A result of a P2Y12 assay, in reaction units."""

    pru: int
    at: str | None
    elapsed: str | None
    elapsed_seconds: int | None
    day: str | None
    stated: str
    targets: tuple[AssayTarget, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class ChoiceWords:
    """What sources say where a choice is open; never a recommendation."""

    about: str
    words: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class CitedWords:
    """What is checked before the start."""

    words: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class WhenThen:
    """What is done when something happens."""

    when: str
    then: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, repr=False)
class BridgeResult(DosedPatient):
    """From the infusion to oral antiplatelets: ``events`` in order, and what covers when."""

    timezone: str | None
    antiplatelets: tuple[AntiplateletDose, ...]
    beside: tuple[str, ...]
    overlap: ExactQuantity | None
    overlap_stated: str
    events: tuple[StatedEvent, ...]
    coverage: PlannedCoverage
    reactivity: tuple[AssayResult, ...]
    choosing: tuple[ChoiceWords, ...]
    before_start: tuple[CitedWords, ...]
    conditions: tuple[WhenThen, ...]


@dataclass(frozen=True, repr=False)
class PlanResult(BridgeResult):
    """A bridge with everything that `dose` holds."""

    renal_columns: tuple[LabelColumn, ...]
    label_band: BandTable | None
    line_at_stop: tuple[LineContent, ...]
    schedule: tuple[ScheduledEvent, ...]
    derivation: tuple[DerivationStep, ...]
