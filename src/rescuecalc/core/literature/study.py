"""Published figures that are shown beside a dose."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from rescuecalc.core.literature.source import Source
from rescuecalc.core.quantities.decimal_text import rounded_to_step
from rescuecalc.core.quantities.quantity import DosePerKg

_HUNDREDFOLD = 100


class BolusHarm(NamedTuple):
    """Harm that a study printed for one bolus of one drug by one route; ``words`` quote its figures, ``short`` two."""

    id: str
    drug: str
    route: str
    dose_per_kg: DosePerKg
    words: str
    short: str
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

    @property
    def beyond(self) -> bool:
        """Whether the review does not print this study: it is never shown among the review's own rows."""
        return not self.ref


def apart(studies: Sequence[Study]) -> tuple[tuple[Study, ...], tuple[Study, ...]]:
    """Return the review's own studies, and those beyond it."""
    own = tuple(each for each in studies if not each.beyond)
    return own, tuple(each for each in studies if each.beyond)


class Statement(NamedTuple):
    """A sentence of the review around its figures; ``about`` holds keys of STRATEGIES, none where it is of all."""

    part: str
    refs: str
    about: tuple[str, ...]
    words: str

    @property
    def cited(self) -> str:
        """The sentence with the review's references."""
        return f"{self.words} (references {self.refs})" if self.refs else self.words


class Conclusion(NamedTuple):
    """What the review concludes, in our words, the defects of it that touch no single study, and what it says besides.

    ``statements`` are those of its introduction and its caveats.
    """

    words: str
    defects: tuple[str, ...]
    sources: tuple[Source, ...]
    statements: tuple[Statement, ...]

    def sentences(self, part: str) -> list[str]:
        """Return the sentences of one part."""
        return [each.cited for each in self.statements if each.part == part]


STRATEGIES = {
    "gp-ia": "GP IIb/IIIa inhibitor, intra-arterial",
    "gp-iv": "GP IIb/IIIa inhibitor, intravenous",
    "gp": "GP IIb/IIIa inhibitor, route not stated",
    "cangrelor": "cangrelor, intravenous",
    "balloon": "balloon angioplasty",
    "rescue-stenting": "rescue stenting",
    "stenting-after-success": "stenting after success",
    "none": "no rescue strategy",
}
"""The strategies that studies are listed by, as people read them."""

TERRITORIES = ("anterior", "posterior", "both", "not stated")

PARTS = ("introduction", "caveats")
"""The parts of the review that its sentences are held from."""

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
