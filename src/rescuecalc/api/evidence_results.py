"""What the catalogue holds of studies, and what the review says of strategies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from rescuecalc.api.result import Result
from rescuecalc.core.literature.source import Source


@dataclass(frozen=True)
class PrintedFigure:
    """A figure of a study as printed; ``recomputed`` says where recomputing it gives another."""

    outcome: str
    label: str
    figure: str
    interval: str | None
    p: str | None
    uninformative: bool
    recomputed: str | None


@dataclass(frozen=True)
class PrintedStudy:
    """A study with its figures as printed, and what is known to be wrong with them."""

    id: str
    ref: str | None
    name: str
    design: str
    strategies: tuple[str, ...]
    territory: str
    n: str
    compared_with: str
    by_name_only: bool
    outcomes: tuple[PrintedFigure, ...]
    notes: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, repr=False)
class StudyList(Result):
    """Studies, and what the review concludes; iterating yields each study."""

    introduction: tuple[str, ...]
    caveats: tuple[str, ...]
    studies: tuple[PrintedStudy, ...]
    beyond_the_review: tuple[PrintedStudy, ...]
    conclusion: str
    review_defects: tuple[str, ...]
    sources: tuple[Source, ...]

    def __iter__(self) -> Iterator[PrintedStudy]:
        return iter(self.studies)

    def __len__(self) -> int:
        return len(self.studies)


@dataclass(frozen=True)
class ComparedArm:
    """One arm of a study: events of patients, and the percentage as printed."""

    arm: str
    events: int
    of: int
    percent: str


@dataclass(frozen=True)
class EstimatedMeasure:
    """A difference or ratio with its 95 % interval; ``uninformative`` where the interval spans a hundredfold."""

    value: Decimal
    low: Decimal
    high: Decimal
    unit: str
    uninformative: bool


@dataclass(frozen=True)
class ComparedFigure:
    """A figure with its arms, and what follows from their counts; ``not_computed`` says why nothing does."""

    id: str
    name: str
    ref: str | None
    design: str
    n: str
    compared_with: str
    outcome: str
    label: str
    figure: str
    interval: str | None
    p: str | None
    uninformative: bool
    recomputed: str | None
    arms: tuple[ComparedArm, ...]
    not_computed: str | None
    risk_difference: EstimatedMeasure | None
    risk_ratio: EstimatedMeasure | None
    odds_ratio: EstimatedMeasure | None


@dataclass(frozen=True, repr=False)
class StudyComparison(Result):
    """Arms side by side, each study by itself: nothing is pooled."""

    outcome: str | None
    comparisons: tuple[ComparedFigure, ...]
    beyond_the_review: tuple[ComparedFigure, ...]
    methods: tuple[str, ...]
    notes: tuple[str, ...]
    conclusion: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class FigureCheck:
    """A printed figure recomputed; ``note_agrees`` is whether the catalogue's note says the same."""

    id: str
    label: str
    figure: str
    interval: str | None
    p: str | None
    recomputed: str
    agrees: bool
    noted: bool
    note_agrees: bool


@dataclass(frozen=True)
class FigureCounts:
    """How many figures could be recomputed, and how many agree with what is printed."""

    recomputed: int
    agree: int
    disagree: int


@dataclass(frozen=True, repr=False)
class StudyCheck(Result):
    """Every p value and interval that printed counts and intervals allow to recompute."""

    checks: tuple[FigureCheck, ...]
    summary: FigureCounts
    methods: tuple[str, ...]


@dataclass(frozen=True)
class StudyRef:
    """A study by name."""

    id: str
    name: str
    design: str
    n: str


@dataclass(frozen=True)
class StrategyWords:
    """What is said of a strategy in a situation."""

    strategy: str
    says: str


@dataclass(frozen=True)
class SituationEntry:
    """A situation and its strategies; ``listed`` is whether the review lists it as an indication for rescue."""

    id: str
    title: str
    listed: bool
    strategies: tuple[StrategyWords, ...]
    studies: tuple[StudyRef, ...]
    beyond_the_review: tuple[StudyRef, ...]


@dataclass(frozen=True)
class GuidelineStatement:
    """What a guideline says, with its class and level."""

    statement: str
    class_and_level: str


@dataclass(frozen=True)
class StrategyEntry:
    """A strategy, what the review says of it, and how strong its studies are."""

    id: str
    title: str
    says: str
    strength: str
    first: str | None
    guideline: tuple[GuidelineStatement, ...]
    caveats: tuple[str, ...]
    studies: tuple[StudyRef, ...]
    beyond_the_review: tuple[StudyRef, ...]


@dataclass(frozen=True)
class ContextEntry:
    """What changes the picture: the territory, or a thrombolysis before."""

    id: str
    title: str
    says: tuple[str, ...]
    studies: tuple[StudyRef, ...]
    beyond_the_review: tuple[StudyRef, ...]


@dataclass(frozen=True, repr=False)
class StrategyResult(Result):
    """What the review discusses for which situation; ``open`` is what it leaves open. It recommends nothing."""

    introduction: tuple[str, ...]
    caveats: tuple[str, ...]
    situations: tuple[SituationEntry, ...]
    strategies: tuple[StrategyEntry, ...]
    contexts: tuple[ContextEntry, ...]
    open: tuple[str, ...]
    conclusion: str
    sources: tuple[Source, ...]
