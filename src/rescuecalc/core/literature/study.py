"""Published figures that are shown beside a dose."""

from fractions import Fraction
from typing import NamedTuple

from rescuecalc.core.literature.source import Source
from rescuecalc.core.quantities.decimal_text import rounded_to_step
from rescuecalc.core.quantities.quantity import DosePerKg

_HUNDREDFOLD = 100


class BolusHarm(NamedTuple):
    """Harm that a study printed for one bolus of one drug by one route; ``words`` quote its figures."""

    id: str
    drug: str
    route: str
    dose_per_kg: DosePerKg
    words: str
    sources: tuple[Source, ...]


class Counts(NamedTuple):
    """Patients with an event in each of two arms, where the source's n and per cent leave just one whole number."""

    arms: tuple[str, str]
    events: tuple[int, int]
    of: tuple[int, int]


class Outcome(NamedTuple):
    """One figure of a study, in the words of the source; ``interval`` and ``p`` are None where none is printed.

    ``recomputed`` says where what was recomputed from printed figures differs from what is printed, and by what method.
    """

    outcome: str
    label: str
    figure: str
    interval: str | None
    p: str | None
    counts: Counts | None = None
    recomputed: str | None = None

    @property
    def uninformative(self) -> bool:
        """Whether the interval spans a hundredfold: that is no information, and no sign of safety."""
        if self.interval is None:
            return False
        low, high = (Fraction(end) for end in self.interval.split("-"))
        return low > 0 and high / low >= _HUNDREDFOLD


def whole_numbers(percent: str, of: int) -> tuple[int, ...]:
    """Return every number of ``of`` patients that is printed as ``percent``, rounded half up to its decimals."""
    decimals = len(percent.partition(".")[2])
    step = Fraction(1, 10**decimals)
    printed = Fraction(percent)
    return tuple(n for n in range(of + 1) if rounded_to_step(Fraction(100 * n, of), step) == printed)


class Study(NamedTuple):
    """A study as the review, or its own source, prints it; ``ref`` is the review's number for it, empty beyond it."""

    id: str
    ref: str
    name: str
    design: str
    strategies: tuple[str, ...]
    territory: str
    n: str
    compared_with: str
    outcomes: tuple[Outcome, ...]
    notes: tuple[str, ...]
    by_name_only: bool
    sources: tuple[Source, ...]


class Conclusion(NamedTuple):
    """What the review concludes, in our words, and the defects of it that touch no single study."""

    words: str
    defects: tuple[str, ...]
    sources: tuple[Source, ...]


STRATEGIES = {
    "gp-ia": "GP IIb/IIIa inhibitor, intra-arterial",
    "gp-iv": "GP IIb/IIIa inhibitor, intravenous",
    "gp": "GP IIb/IIIa inhibitor, route not said",
    "balloon": "balloon angioplasty",
    "rescue-stenting": "rescue stenting",
    "stenting-after-success": "stenting after success",
    "none": "no rescue strategy",
}
"""The strategies that studies are listed by, as people read them."""

TERRITORIES = ("anterior", "posterior", "both", "not said")

OUTCOMES = {
    "sich": "symptomatic intracranial haemorrhage",
    "ich": "intracranial haemorrhage",
    "death": "death",
    "good-outcome": "good outcome",
    "excellent-outcome": "excellent outcome",
    "independence": "independence",
    "disability": "disability",
    "recanalisation": "recanalisation",
    "reocclusion": "reocclusion",
    "stroke-or-death": "stroke or death",
    "technical": "technical result",
    "other": "other",
}
"""The outcomes that figures are filtered by."""
