"""A protocol says what to give per kilogram, for how long, and where that was read. What is left open is None."""

from fractions import Fraction
from typing import Final, Generic, NamedTuple, TypeVar

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.literature.limits import Span
from rescuecalc.core.literature.source import Source
from rescuecalc.core.quantities.quantity import (
    Concentration,
    Dose,
    DosePerKg,
    DoseRate,
    DoseRatePerKg,
    DosingWeight,
    Duration,
    PumpRate,
    Quantity,
    Volume,
)
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.renal.creatinine_clearance import RenalRule

A = TypeVar("A", bound=Quantity)

PACKAGED: Final = "packaged"
SITE: Final = "site"
USER: Final = "user"
"""Where a protocol comes from: the packaged catalogue, a hospital's own file, or the command line."""

BY_SOURCE: Final = "by the source"
BY_USER: Final = "by the user"
NOT_STATED: Final = "not stated"
"""Who states an event of a plan."""


class Cap(NamedTuple, Generic[A]):
    """The most that is given whatever the weight; above ``row_above`` the label prints ``amount`` as a row.

    ``follows_renal`` says that the source takes the renal factor off the cap too; without it a cap is absolute.
    """

    amount: A
    row_above: DosingWeight | None
    follows_renal: bool
    words: str

    def under(self, factor: Fraction) -> A:
        """Return the cap where a renal rule multiplies the dose by ``factor``."""
        return self.amount.times(factor) if self.follows_renal else self.amount


class GiveOver(NamedTuple):
    """How fast a source gives a bolus: over ``taken``, or within ``maximum``."""

    taken: Duration | None
    maximum: Duration | None
    words: str


class RunTime(NamedTuple):
    """How long a source runs an infusion.

    ``taken`` is one stated time and is used unless the user says otherwise. Without it the user chooses, between
    ``minimum`` and ``maximum`` where those are stated. ``in_all`` marks a maximum that counts the load too;
    ``load_unclear`` a stated time of which the source leaves open whether it counts the load, ``from_thrombolysis`` one
    that the source counts from the thrombolysis.
    """

    taken: Duration | None
    minimum: Duration | None
    maximum: Duration | None
    usual_maximum: Duration | None
    in_all: bool
    words: str
    load_unclear: bool = False
    from_thrombolysis: bool = False


class BolusStep(NamedTuple):
    """A bolus: exactly one of ``dose_per_kg``, ``dose`` (fixed) and ``dose_range`` (fixed, the user says which).

    ``called`` is the source's own word for it: some print an intra-arterial dose, infused, and no bolus. ``at`` is when
    a second bolus is given, counted from the start of the infusion; the first has none.
    """

    route: str
    dose_per_kg: DosePerKg | None
    dose: Dose | None
    dose_range: Span[Dose] | None
    cap: Cap[Dose] | None
    give_over: GiveOver | None
    called: str = "bolus"
    at: Duration | None = None


class InfusionStep(NamedTuple):
    """An infusion; ``role`` is ``load`` or ``maintenance``; ``run_time`` is None where the source states none."""

    role: str
    dose_rate_per_kg: DoseRatePerKg
    cap: Cap[DoseRate] | None
    run_time: RunTime | None
    route: str = "IV"


class BandSetting(NamedTuple):
    """What a row of a label's table sets: the maintenance rate, and a bolus or the rate of a loading infusion."""

    bolus_volume: Volume | None
    load_pump_rate: PumpRate | None
    pump_rate: PumpRate

    def rate(self, role: str) -> PumpRate | None:
        """Return the pump rate of an infusion by its role."""
        return self.load_pump_rate if role == "load" else self.pump_rate


class BandRow(NamedTuple):
    """A row of a label's weight-band table; both weights belong to it, and rows are whole kilograms.

    ``full`` is what it sets, ``halved`` what it sets where the label's renal rule halves.
    """

    low: DosingWeight
    high: DosingWeight
    full: BandSetting
    halved: BandSetting


class LabelBand(NamedTuple):
    """A label's weight-band table, true for one concentration; ``remark`` says what is not known of it."""

    concentration: Concentration
    give_over: Duration | None
    rows: tuple[BandRow, ...]
    remark: str | None
    sources: tuple[Source, ...]

    def row(self, weight: DosingWeight) -> BandRow | None:
        """Return the row that holds ``weight``; None between rows and beyond the table."""
        return next((row for row in self.rows if not row.low.exceeds(weight) and not weight.exceeds(row.high)), None)


class AntiplateletStep(NamedTuple):
    """What a protocol's source says of one antiplatelet; None is "not stated".

    ``optional`` marks one of several that the source names with "and/or". ``at`` counts from the infusion's start and
    holds for the run time that the source states.
    """

    drug: str
    dose: Dose | None
    route: str | None
    frequency: str | None
    at: Duration | None
    optional: bool
    words: str


class Assay(NamedTuple):
    """A P2Y12 assay: its result, when it was taken, ``day`` where only that is told, and who states it."""

    pru: int
    at: Offset | None
    day: str | None
    stated: str


class Protocol(NamedTuple):
    """A regimen with its sources. ``renal`` names the renal rule that the protocol itself states, if any.

    ``oral`` is what the source says of the antiplatelets beside and after it, ``assay`` a P2Y12 assay that it tells.
    ``own_rule`` is a renal rule of its own, whose id is then in ``renal`` too; ``weight_basis`` the weight that it
    counts on (actual, ideal, adjusted), None where it does not say.
    """

    id: str
    title: str
    drug: str
    kind: str
    confidence: str
    population: str
    boluses: tuple[BolusStep, ...]
    infusions: tuple[InfusionStep, ...]
    renal: str | None
    label_band: LabelBand | None
    antiplatelets: str
    not_stated: tuple[str, ...]
    unclear: tuple[str, ...]
    remarks: tuple[str, ...]
    studies: tuple[str, ...]
    not_rescue: str | None
    contraindicated: str | None
    sources: tuple[Source, ...]
    origin: str = PACKAGED
    oral: tuple[AntiplateletStep, ...] = ()
    assay: Assay | None = None
    own_rule: RenalRule | None = None
    weight_basis: str | None = None

    @property
    def maintenance(self) -> InfusionStep | None:
        """The last infusion, whose run time is the user's to give; None for a bolus alone."""
        return self.infusions[-1] if self.infusions else None

    @property
    def needs_weight(self) -> bool:
        """Whether any dose of this protocol is counted per kilogram."""
        return bool(self.infusions) or any(step.dose_per_kg for step in self.boluses)


class RescueRunTime(NamedTuple):
    """How long stroke rescue infuses a drug, for a regimen of one's own."""

    span: Span[Duration]
    sources: tuple[Source, ...]


class InStroke(NamedTuple):
    """What the sources of a drug say of its use in a patient with a stroke; ``severity`` as that of a finding."""

    severity: str
    words: str
    sources: tuple[Source, ...]


class TimeLimit(NamedTuple):
    """A time that the sources of a drug state, whatever it is given for."""

    time: Duration
    words: str
    sources: tuple[Source, ...]


class Drug(NamedTuple):
    """A drug of the catalogue: why its use in stroke rescue is off label, and what to know of every dose of it.

    ``label_use`` says in one line for the head of a page what its labels say of stroke.
    ``boluses`` is how many the source that gives the most gives; ``in_stroke`` is what speaks against it there,
    ``longest`` how long it is infused at most, ``usual_longest`` how long its own label runs it, ``shortest`` the
    shortest that a source runs it, ``after_thrombolysis`` how long after one it must not start.
    """

    id: str
    atc: str
    drug_class: DrugClass
    remarks: tuple[str, ...]
    off_label: str
    label_use: str
    has_renal_rule: bool
    rescue_run_time: RescueRunTime | None
    boluses: int
    sources: tuple[Source, ...]
    in_stroke: InStroke | None = None
    longest: TimeLimit | None = None
    after_thrombolysis: TimeLimit | None = None
    usual_longest: TimeLimit | None = None
    shortest: TimeLimit | None = None
