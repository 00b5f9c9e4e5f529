"""Antiplatelets that follow or accompany an infusion, and what is known of the time between the two.

What a protocol itself says of them is part of the protocol; this is what other sources say, read only for a bridge.
"""

from collections.abc import Mapping
from typing import NamedTuple

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.literature.limits import Span
from rescuecalc.core.literature.source import Source
from rescuecalc.core.quantities.quantity import CreatinineClearance, Dose, Duration

ASPIRIN = "aspirin"
P2Y12 = "P2Y12 inhibitor"


class Onset(NamedTuple):
    """From ``earliest`` to ``latest`` after a dose on this route the effect sets in; ``dose`` None: of any dose."""

    route: str
    dose: Span[Dose] | None
    earliest: Duration
    latest: Duration
    words: str
    sources: tuple[Source, ...]

    def fits(self, dose: Dose | None, route: str) -> bool:
        """Whether this onset was read for that dose on that route; of any other nothing is known."""
        return route == self.route and (self.dose is None or (dose is not None and self.dose.holds(dose)))


class Antiplatelet(NamedTuple):
    """An agent: its doses as the sources state them (None: none is held), onsets, and what forbids it.

    ``rectal`` are its doses by rectum, the others by mouth or tube. ``unloaded`` says what is known of it without a
    load; one that is ``infused`` covers only while it runs. ``atc`` and ``rxnorm`` are its codes, None where none was
    read.
    """

    id: str
    atc: str
    rxnorm: str | None
    drug_class: DrugClass
    group: str
    load: Span[Dose] | None
    maintenance: Span[Dose] | None
    frequency: str | None
    onsets: tuple[Onset, ...]
    contraindicated: str | None
    aspirin_at_most: Dose | None
    unloaded: str | None
    infused: bool
    remarks: tuple[str, ...]
    sources: tuple[Source, ...]
    rectal: Span[Dose] | None = None

    def onset(self, dose: Dose | None, route: str) -> Onset | None:
        """Return the onset after ``dose`` on ``route``, None where no source states it."""
        return next((each for each in self.onsets if each.fits(dose, route)), None)


class SlowerClearance(NamedTuple):
    """The clearance below which the drug leaves the body more slowly, and by how much."""

    below: CreatinineClearance
    words: str


class OffsetWindow(NamedTuple):
    """How long after the stop platelet function is back: between ``earliest`` and ``latest``.

    That assumes a normal clearance. ``slower`` are the bounds below which it takes longer, the lowest first, and no
    source says how long: ``longer`` says so of a patient, and then the window has no end.
    """

    earliest: Duration
    latest: Duration
    words: str
    sources: tuple[Source, ...]
    slower: tuple[SlowerClearance, ...] = ()
    longer: str = ""

    def of_patient(self, clearance: CreatinineClearance | None, *, dialysis: bool) -> "OffsetWindow":
        """Return the window of a patient: the lowest bound is that of dialysis too."""
        # Dialysis counts as the lowest clearance: the label names it together with "below 30 mL/min".
        below = (each for each in self.slower if dialysis or (clearance is not None and each.below.exceeds(clearance)))
        found = next(below, None)
        if found is None:
            return self
        normal = f"the {self.earliest} to {self.latest} after the stop assume a normal clearance"
        return self._replace(longer=f"{normal}; {found.words}")


class Advice(NamedTuple):
    """A sentence with its sources."""

    words: str
    sources: tuple[Source, ...]


class Waiting(NamedTuple):
    """How long one thing has to wait for another, and who says so."""

    length: Duration
    words: str
    sources: tuple[Source, ...]


class ReactivityRange(NamedTuple):
    """A published target of P2Y12 reactivity; ``low`` and ``high`` belong to it, ``below`` does not."""

    name: str
    low: int | None
    high: int | None
    below: int | None

    def holds(self, pru: int) -> bool:
        """Whether ``pru`` lies within."""
        return (
            (self.low is None or self.low <= pru)
            and (self.high is None or pru <= self.high)
            and (self.below is None or pru < self.below)
        )


class Reactivity(NamedTuple):
    """The published targets by name, and the one value that the review's case calls therapeutic."""

    ranges: tuple[ReactivityRange, ...]
    therapeutic: int
    therapeutic_words: str
    sources: tuple[Source, ...]


class Bridging(NamedTuple):
    """What the catalogue knows of bridging; ``classes`` says of what class a drug beside the infusion is.

    ``forbidden`` says by class what is not given together; ``y_site`` names drugs that are not given through one Y-site
    with tirofiban, and ``not_through_y_site`` says so.
    """

    antiplatelets: Mapping[str, Antiplatelet]
    offsets: Mapping[str, OffsetWindow]
    overlaps: tuple[Advice, ...]
    hold: Waiting
    after_thrombolysis: Waiting
    early_in_case: Advice
    not_clean: str
    iv_aspirin: Waiting
    assay: Advice
    assay_waits: Mapping[str, Waiting]
    reactivity: Reactivity
    classes: Mapping[str, DrugClass]
    forbidden: Mapping[DrugClass, Advice]
    y_site: frozenset[str]
    not_through_y_site: Advice
    swallow: Advice


class CheckSeries(NamedTuple):
    """One check every so often, for so long."""

    every: Duration
    lasting: Duration

    @property
    def checks(self) -> int:
        """How many checks that is, the first one ``every`` after the beginning."""
        return (self.lasting.value_in("s") / self.every.value_in("s")).__floor__()


class Check(NamedTuple):
    """Something to be watched: in ``series`` counted from a thrombolysis, or at a time after the start.

    ``to`` ends a window, ``every`` repeats it while the infusion runs; ``absent`` is said where its zero is unknown.
    """

    id: str
    title: str
    counts_from: str
    words: str
    series: tuple[CheckSeries, ...]
    at: Duration | None
    to: Duration | None
    every: Duration | None
    absent: str
    sources: tuple[Source, ...]


class StopCriterion(NamedTuple):
    """What ends or changes the infusion: when, and then what; ``stops`` marks one that ends it."""

    when: str
    then: str
    stops: bool
    sources: tuple[Source, ...]


class Monitoring(NamedTuple):
    """What is checked before, what is watched, what ends the infusion."""

    before: tuple[Advice, ...]
    checks: tuple[Check, ...]
    conditions: tuple[StopCriterion, ...]
