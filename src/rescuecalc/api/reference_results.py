"""What the catalogue holds of protocols, products and rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rescuecalc.api.exact_quantity import ExactQuantity
from rescuecalc.api.plan_results import CitedWords
from rescuecalc.api.result import ReportedFinding, Result, sources_of
from rescuecalc.core.literature.source import Source
from rescuecalc.core.orders.findings.finding import Severity


@dataclass(frozen=True)
class ProtocolEntry:
    """A protocol of the list, its doses in words."""

    id: str
    title: str
    drug: str
    kind: str
    population: str
    doses: str


@dataclass(frozen=True, repr=False)
class ProtocolList(Result):
    """The packaged protocols; iterating yields each."""

    protocols: tuple[ProtocolEntry, ...]

    def __iter__(self) -> Iterator[ProtocolEntry]:
        return iter(self.protocols)

    def __len__(self) -> int:
        return len(self.protocols)


@dataclass(frozen=True)
class QuantityRange:
    """A range that a source states."""

    from_: ExactQuantity
    to: ExactQuantity


@dataclass(frozen=True)
class StatedCap:
    """The most that is given, whatever the weight; ``row_above`` is the weight from which a table states it."""

    amount: ExactQuantity
    row_above: ExactQuantity | None
    words: str


@dataclass(frozen=True)
class StatedGiveOver:
    """Over which time a bolus is given: the one taken, or the longest that is allowed."""

    taken: ExactQuantity | None
    to: ExactQuantity | None
    words: str


@dataclass(frozen=True)
class StatedBolus:
    """A bolus as the source states it, ``called`` a bolus or a dose."""

    route: str
    called: str
    dose_per_kg: ExactQuantity | None
    dose: ExactQuantity | None
    dose_range: QuantityRange | None
    cap: StatedCap | None
    give_over: StatedGiveOver | None
    at: ExactQuantity | None


@dataclass(frozen=True)
class StatedRunTime:
    """The run times that the source states; ``in_all`` is whether a load counts as well."""

    from_: ExactQuantity | None
    to: ExactQuantity | None
    usual_to: ExactQuantity | None
    in_all: bool
    words: str


@dataclass(frozen=True)
class StatedInfusion:
    """An infusion as the source states it."""

    role: str
    route: str
    dose_rate_per_kg: ExactQuantity
    cap: StatedCap | None
    run_time: ExactQuantity | None
    run_time_stated: StatedRunTime | None


@dataclass(frozen=True)
class StatedBand:
    """A band of a renal rule, up to a creatinine clearance (None: beyond)."""

    up_to: ExactQuantity | None
    includes: bool
    words: str
    adjusts: bool


@dataclass(frozen=True)
class StatedRenalRule:
    """A renal rule of a source."""

    id: str
    title: str
    bands: tuple[StatedBand, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class StatedBandRow:
    """A row of a label's weight-band table."""

    from_: ExactQuantity
    to: ExactQuantity
    bolus_volume: ExactQuantity | None
    load_pump_rate: ExactQuantity | None
    pump_rate: ExactQuantity
    halved_bolus_volume: ExactQuantity | None
    halved_load_pump_rate: ExactQuantity | None
    halved_pump_rate: ExactQuantity


@dataclass(frozen=True)
class StatedBandTable:
    """A label's weight-band table."""

    concentration: ExactQuantity
    rows: tuple[StatedBandRow, ...]
    remark: str | None
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class StatedAntiplatelet:
    """An antiplatelet of the source, and when it is given."""

    drug: str
    dose: ExactQuantity | None
    route: str | None
    frequency: str | None
    at: ExactQuantity | None
    optional: bool
    words: str


@dataclass(frozen=True)
class StatedAssay:
    """A P2Y12 assay of a case."""

    pru: int
    day: str | None


@dataclass(frozen=True, repr=False)
class ProtocolResult(Result):
    """Everything that a protocol's source states; ``not_stated`` and ``unclear`` are what it leaves open."""

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
    boluses: tuple[StatedBolus, ...]
    infusions: tuple[StatedInfusion, ...]
    atc: str | None
    renal: StatedRenalRule | None
    label_band: StatedBandTable | None
    antiplatelet_steps: tuple[StatedAntiplatelet, ...]
    assay: StatedAssay | None
    unclear: tuple[str, ...]
    studies: tuple[str, ...]
    not_rescue: str | None
    contraindicated: str | None
    before_start: tuple[CitedWords, ...]
    weight_basis: str | None
    findings: tuple[ReportedFinding, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class WidenedRange:
    """A published range that the file's doses lie outside of, ``before`` (None: there is none) and ``after``."""

    drug: str
    kind: str
    route: str
    phase: str
    variable: str
    indication: str
    before: str | None
    after: str


@dataclass(frozen=True, repr=False)
class ProtocolCheck(Result):
    """A hospital's own protocol file that can be read, judged against the published regimens."""

    file: str
    ok: bool
    id: str | None
    problems: tuple[str, ...]
    would_widen: tuple[WidenedRange, ...]
    findings: tuple[ReportedFinding, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of its findings."""
        return sources_of(self.findings)


@dataclass(frozen=True)
class ProductEntry:
    """A product of the catalogue: ``amount`` in ``volume`` is its ``concentration``; ``serves`` says for what.

    ``diluted_as`` is the product that a concentrate becomes before it is infused, ``rxnorm`` its code; None: none.
    """

    id: str
    drug: str
    strength: str
    form: str
    amount: ExactQuantity
    volume: ExactQuantity
    concentration: ExactQuantity
    serves: tuple[str, ...]
    preparation: str | None
    diluted_as: str | None
    sources: tuple[Source, ...]
    rxnorm: str | None


@dataclass(frozen=True)
class RuleEntry:
    """A declared rule: what it checks, why it matters, what to do, its limits, and two examples."""

    code: str
    name: str
    url: str
    severity: Severity
    severities: tuple[Severity, ...]
    since: str
    preview: bool
    checks: str
    why: str
    remedy: str
    limits: str
    fails: str
    passes: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, repr=False)
class RuleResult(Result, RuleEntry):
    """One declared rule."""


@dataclass(frozen=True, repr=False)
class RuleList(Result):
    """Every declared rule; iterating yields each."""

    rules: tuple[RuleEntry, ...]

    def __iter__(self) -> Iterator[RuleEntry]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)
