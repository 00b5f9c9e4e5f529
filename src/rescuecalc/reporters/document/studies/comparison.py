"""The documents of `evidence compare` and `evidence check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.evidence.statistics import LIBRARY, METHODS, ZERO_CELLS, Comparison, Estimate, Recomputed
from rescuecalc.reporters.document.common_parts import Document, header, sources
from rescuecalc.reporters.document.studies.evidence import outcome_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rescuecalc.core.literature.study import Conclusion, Outcome, Study

Compared = tuple["Study", "Outcome", Comparison | None]

MEASURES: Final = {"risk_difference": "risk difference", "risk_ratio": "risk ratio", "odds_ratio": "odds ratio"}
_CAVEATS: Final = (
    (
        "no study here is pooled with another; none of those with counts is known to be randomised, so no number "
        "needed to treat or to harm is given"
    ),
    "adjusted (aOR, aHR), matched and pooled figures are shown as printed; nothing is computed from them",
)


def _estimate(each: Estimate, *, ratio: bool) -> Document:
    return {
        "value": each.value,
        "low": each.low,
        "high": each.high,
        "unit": "1" if ratio else "percentage points",
        "uninformative": ratio and each.uninformative,
    }


def _arms(outcome: Outcome) -> list[Document]:
    counts = outcome.counts
    if counts is None:
        return []
    percents = outcome.figure.removesuffix(" %").split(" vs ")
    return [
        {"arm": arm, "events": events, "of": of, "percent": percent}
        for arm, events, of, percent in zip(counts.arms, counts.events, counts.of, percents, strict=True)
    ]


def _why(study: Study, outcome: Outcome) -> str | None:
    """Return why nothing is computed, None where something is."""
    if outcome.counts is not None or study.beyond:
        return None if outcome.counts is not None else "beyond the review: as printed"
    if "matched" in study.design or "matched" in study.n:
        return "matched: denominators are not printed"
    if study.design == "meta-analysis":
        return "a meta-analysis: pooled"
    if study.design == "range over studies":
        return "a range over studies"
    if " vs " not in outcome.figure:
        return (
            "not a comparison of two percentages" if "%" in outcome.figure else "no percentages of two arms are printed"
        )
    return "the sizes of the two arms are not printed"


def comparison_document(found: Sequence[Compared], outcome: str | None, conclusion: Conclusion) -> Document:
    """Return the studies' arms side by side, with what follows from counts; the rest as printed, with the reason."""
    return {
        **header("evidence-compare"),
        "outcome": outcome,
        "comparisons": [_compared(*each) for each in found if not each[0].beyond],
        "beyond_the_review": [_compared(*each) for each in found if each[0].beyond],
        "methods": [f"{MEASURES[name]}: {words}" for name, (_, _, words) in METHODS.items()] + [ZERO_CELLS, LIBRARY],
        "notes": list(_CAVEATS),
        "conclusion": conclusion.words,
        "sources": sources((*conclusion.sources, *(one for study, _, _ in found for one in study.sources))),
    }


def _compared(study: Study, each: Outcome, made: Comparison | None) -> Document:
    return {
        "id": study.id,
        "name": study.name,
        "ref": study.ref or None,
        "design": study.design,
        "n": study.n,
        "compared_with": study.compared_with,
        **outcome_document(each),
        "arms": _arms(each),
        "not_computed": _why(study, each),
        **_estimates(made),
    }


def _estimates(made: Comparison | None) -> Document:
    if made is None:
        return dict.fromkeys(MEASURES)
    return {name: _estimate(getattr(made, name), ratio=name != "risk_difference") for name in MEASURES}


Checked = tuple["Study", "Outcome", Recomputed]


def check_document(found: Iterable[Checked]) -> Document:
    """Return what was recomputed of each printed figure, and whether the catalogue's note says the same."""
    checks = [
        {
            "id": study.id,
            "label": outcome.label,
            "figure": outcome.figure,
            "interval": outcome.interval,
            "p": outcome.p,
            "recomputed": made.words,
            "agrees": made.agrees,
            "noted": outcome.recomputed is not None,
            "note_agrees": outcome.recomputed == (None if made.agrees else made.words),
        }
        for study, outcome, made in found
    ]
    disagree = sum(not each["agrees"] for each in checks)
    return {
        **header("evidence-check"),
        "checks": checks,
        "summary": {"recomputed": len(checks), "agree": len(checks) - disagree, "disagree": disagree},
        "methods": [LIBRARY, "of an interval: its centre and p on the logarithm, the interval taken as 95 %"],
    }
