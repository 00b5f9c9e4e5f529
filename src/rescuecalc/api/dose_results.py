"""The results of `dose`, `rate`, `table` and `renal`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rescuecalc.api.exact_quantity import ExactQuantity
from rescuecalc.api.result import BedsideResult, GivenThrombolysis, ReportedFinding, Result, sources_of
from rescuecalc.core.literature.source import Source
from rescuecalc.core.regimen.derivation import DerivationStep


@dataclass(frozen=True)
class ProtocolSummary:
    """A protocol in short; ``id`` is None for a user-defined regimen, ``not_stated`` what its source leaves open."""

    id: str | None
    title: str
    drug: str
    kind: str
    origin: str
    confidence: str
    population: str
    antiplatelets: str
    not_stated: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class _Supplied:
    product: str | None
    concentration: ExactQuantity | None
    strength: str | None
    form: str | None
    preparation: str | None
    how: str | None


@dataclass(frozen=True)
class BolusOption(_Supplied):
    """A bolus out of one product: ``volume`` is rounded to the step, ``delivered`` what it gives.

    ``containers`` is how many of the product it takes; the pump rates are those of a bolus that the pump gives over a
    known time. All are None where no product was named.
    """

    from_container: bool
    volume: ExactQuantity | None
    exact_volume: ExactQuantity | None
    delivered: ExactQuantity | None
    deviation_percent: Decimal | None
    containers: int | None
    pump_rate: ExactQuantity | None
    exact_pump_rate: ExactQuantity | None


@dataclass(frozen=True)
class BolusResult(BolusOption):
    """A bolus of one patient; ``options`` hold one volume for each product that can serve where none was named.

    ``called`` is what its source calls it, a bolus or a dose.
    """

    route: str
    called: str
    after_start: ExactQuantity | None
    dose: ExactQuantity
    dose_per_kg: ExactQuantity | None
    dose_per_kg_here: ExactQuantity | None
    formula_dose: ExactQuantity | None
    cap: str | None
    give_over: ExactQuantity | None
    give_over_stated: str | None
    options: tuple[BolusOption, ...]


@dataclass(frozen=True)
class InfusionOption(_Supplied):
    """An infusion out of one product: ``pump_rate`` is rounded to the pump's step, ``delivered`` what it gives."""

    pump_rate: ExactQuantity | None
    exact_pump_rate: ExactQuantity | None
    vtbi: ExactQuantity | None
    exact_vtbi: ExactQuantity | None
    delivered: ExactQuantity | None
    deviation_percent: Decimal | None


@dataclass(frozen=True)
class ContainerPart:
    """What one container gives during an infusion; ``empty_elapsed`` is None where it does not run empty."""

    container: int
    vtbi: ExactQuantity
    empty_elapsed: str | None
    remaining: ExactQuantity | None


@dataclass(frozen=True)
class InfusionResult(InfusionOption):
    """An infusion of one patient; ``options`` as for a bolus."""

    role: str
    route: str
    dose_rate_per_kg: ExactQuantity
    dose_rate: ExactQuantity
    formula_dose_rate: ExactQuantity | None
    cap: str | None
    run_time: ExactQuantity | None
    run_time_stated: str | None
    run_time_taken: str | None
    containers: tuple[ContainerPart, ...]
    options: tuple[InfusionOption, ...]


@dataclass(frozen=True)
class AppliedBand:
    """The band of the protocol's own renal rule that applies; a table's has no ``title``."""

    rule: str
    band: str
    title: str | None = None


@dataclass(frozen=True)
class LabelColumn:
    """What a label would do of a regimen whose protocol states no renal rule; ``adjusts`` is whether it differs."""

    id: str
    title: str
    band: str
    adjusts: bool
    remarks: tuple[str, ...]
    boluses: tuple[BolusResult, ...]
    infusions: tuple[InfusionResult, ...]
    derivation: tuple[DerivationStep, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class AppliedLoad:
    """The loading rate of a weight-band row, with what it delivers against the exact one."""

    pump_rate: ExactQuantity
    delivered: ExactQuantity
    deviation_percent: Decimal


@dataclass(frozen=True)
class AppliedRow:
    """The label's weight-band row of a patient, with what it delivers against the exact dose: a bolus or a load."""

    from_: ExactQuantity
    to: ExactQuantity
    bolus_volume: ExactQuantity | None
    bolus_dose: ExactQuantity | None
    bolus_deviation_percent: Decimal | None
    give_over: ExactQuantity | None
    load: AppliedLoad | None
    pump_rate: ExactQuantity
    delivered: ExactQuantity
    deviation_percent: Decimal
    column: str | None


@dataclass(frozen=True)
class BandTable:
    """The label's weight-band table for a patient; ``refused`` is why it has no ``row``, ``remark`` what is unsure."""

    concentration: ExactQuantity
    row: AppliedRow | None
    refused: str | None
    remark: str | None
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class LineContent:
    """What the line holds when the infusion stops."""

    line_volume: ExactQuantity
    concentration: ExactQuantity
    dose: ExactQuantity
    dose_per_kg: ExactQuantity


@dataclass(frozen=True)
class ScheduledEvent:
    """An event, counted from the start of the first infusion; ``at`` is its clock time where a start was given."""

    at: str | None
    elapsed: str
    elapsed_seconds: int
    event: str
    detail: str


@dataclass(frozen=True)
class ClearanceWorking:
    """How a creatinine clearance was calculated in place of one that is given, and of whom."""

    basis: str
    dosing_weight: ExactQuantity
    creatinine_clearance: ExactQuantity
    exact_creatinine_clearance: ExactQuantity
    age_years: int
    sex: str
    creatinine: ExactQuantity
    height: ExactQuantity | None
    derivation: tuple[DerivationStep, ...]


@dataclass(frozen=True)
class PatientGiven:
    """The state of a patient, each as a person writes it; None where it is not given, and so not judged."""

    platelets: str | None
    inr: str | None
    blood_pressure: str | None
    anticoagulant: str | None
    dialysis: bool | None
    prior_thrombocytopenia: str | None
    intracranial_haemorrhage: bool | None
    cyp2c19: str | None
    haemoglobin: str | None


@dataclass(frozen=True, repr=False)
class DosedPatient(BedsideResult):
    """What `dose`, `bridge` and `plan` hold of a patient; ``boluses`` and ``infusions`` in the order they are given.

    ``not_given`` names what nothing could be judged by.
    """

    protocol: ProtocolSummary
    dosing_weight: ExactQuantity | None
    weight_basis: str | None
    weight_as_written: str | None
    creatinine_clearance: ExactQuantity | None
    clearance_working: ClearanceWorking | None
    patient: PatientGiven
    not_given: tuple[str, ...]
    thrombolysis: GivenThrombolysis | None
    renal: AppliedBand | None
    has_label_rules: bool
    label_use: str
    boluses: tuple[BolusResult, ...]
    infusions: tuple[InfusionResult, ...]
    start: str | None
    notes: tuple[str, ...]
    findings: tuple[ReportedFinding, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, repr=False)
class DoseResult(DosedPatient):
    """One patient's regimen; ``derivation`` is how each number arises."""

    renal_columns: tuple[LabelColumn, ...]
    label_band: BandTable | None
    line_at_stop: tuple[LineContent, ...]
    schedule: tuple[ScheduledEvent, ...]
    derivation: tuple[DerivationStep, ...]


@dataclass(frozen=True, repr=False)
class RateResult(BedsideResult):
    """One rate in another unit: ``result`` is rounded for the pump or for people, ``exact`` is not.

    ``judged_as`` is the drug whose doses it was compared with, None where ``notes`` say why none was.
    """

    given: ExactQuantity
    dosing_weight: ExactQuantity | None
    concentration: ExactQuantity | None
    result: ExactQuantity
    exact: ExactQuantity
    deviation_percent: Decimal
    derivation: tuple[DerivationStep, ...]
    judged_as: str | None
    notes: tuple[str, ...]
    findings: tuple[ReportedFinding, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of its findings: a conversion itself needs none."""
        return sources_of(self.findings)


@dataclass(frozen=True)
class RowOptions:
    """What each product that can serve would give, where none was named."""

    bolus: tuple[BolusOption, ...]
    load: tuple[InfusionOption, ...]
    maintenance: tuple[InfusionOption, ...]


@dataclass(frozen=True)
class _RowDoses:
    bolus_dose: ExactQuantity | None
    bolus_volume: ExactQuantity | None
    exact_bolus_volume: ExactQuantity | None
    bolus_concentration: ExactQuantity | None
    bolus_product: str | None
    bolus_containers: int | None
    load_dose_rate: ExactQuantity | None
    load_pump_rate: ExactQuantity | None
    exact_load_pump_rate: ExactQuantity | None
    dose_rate: ExactQuantity | None
    pump_rate: ExactQuantity | None
    exact_pump_rate: ExactQuantity | None
    infusion_concentration: ExactQuantity | None
    worst_deviation_percent: Decimal | None
    options: RowOptions


@dataclass(frozen=True)
class RowColumn(_RowDoses):
    """What a label would do in a row."""

    id: str
    title: str
    band: str | None
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class TableRow(_RowDoses):
    """One weight's volumes and pump rates; ``findings`` are the codes of those that belong to it."""

    weight: ExactQuantity
    renal_columns: tuple[RowColumn, ...]
    findings: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class TableResult(BedsideResult):
    """One protocol over a range of weights; how each number arises is what `dose` says of a weight."""

    protocol: ProtocolSummary
    called: str
    regimen: tuple[str, ...]
    creatinine_clearance: ExactQuantity | None
    renal: AppliedBand | None
    how: tuple[str, ...]
    load_run_time: ExactQuantity | None
    rows: tuple[TableRow, ...]
    findings: tuple[ReportedFinding, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class LabelBandWords:
    """What a label does at a creatinine clearance."""

    id: str
    title: str
    drug: str
    band: str


@dataclass(frozen=True)
class ClearanceOnBasis:
    """The creatinine clearance on one weight basis; judged is the exact one, shown the rounded."""

    basis: str
    dosing_weight: ExactQuantity
    creatinine_clearance: ExactQuantity
    exact_creatinine_clearance: ExactQuantity
    labels: tuple[LabelBandWords, ...]


@dataclass(frozen=True)
class UndefinedBasis:
    """A weight basis that this patient has none of, and why."""

    basis: str
    reason: str


@dataclass(frozen=True, repr=False)
class RenalResult(Result):
    """Creatinine clearance (Cockcroft-Gault) on the chosen basis, with every other that is defined beside it."""

    basis: str
    dosing_weight: ExactQuantity
    creatinine_clearance: ExactQuantity
    exact_creatinine_clearance: ExactQuantity
    labels: tuple[LabelBandWords, ...]
    age_years: int
    sex: str
    creatinine: ExactQuantity
    height: ExactQuantity | None
    bases: tuple[ClearanceOnBasis, ...]
    bases_not_defined: tuple[UndefinedBasis, ...]
    derivation: tuple[DerivationStep, ...]
    findings: tuple[ReportedFinding, ...]
    sources: tuple[Source, ...]
