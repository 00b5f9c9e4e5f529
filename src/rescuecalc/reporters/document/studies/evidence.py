"""The documents of `evidence list` and `evidence show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.literature.study import PARTS, apart
from rescuecalc.reporters.document.common_parts import Document, header, sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rescuecalc.core.literature.study import Conclusion, Outcome, Study


def outcome_document(each: Outcome) -> Document:
    """Return one figure as printed, with what is to be known of it."""
    return {
        "outcome": each.outcome,
        "label": each.label,
        "figure": each.figure,
        "interval": each.interval,
        "p": each.p,
        "uninformative": each.uninformative,
        "recomputed": each.recomputed,
    }


def _study(study: Study, outcomes: Iterable[Outcome]) -> Document:
    return {
        "id": study.id,
        "ref": study.ref or None,
        "name": study.name,
        "design": study.design,
        "strategies": list(study.strategies),
        "territory": study.territory,
        "n": study.n,
        "compared_with": study.compared_with,
        "by_name_only": study.by_name_only,
        "outcomes": [outcome_document(each) for each in outcomes],
        "notes": list(study.notes),
        "sources": sources(study.sources),
    }


def evidence_document(studies: Sequence[Study], conclusion: Conclusion, outcome: str | None = None) -> Document:
    """Return the review's studies, apart from them those beyond it; with ``outcome`` only those figures of each."""
    own, beyond = ([_study(each, _outcomes(each, outcome)) for each in group] for group in apart(studies))
    return {
        **header("evidence"),
        "studies": own,
        "beyond_the_review": beyond,
        **{part: conclusion.sentences(part) for part in PARTS},
        "conclusion": conclusion.words,
        "review_defects": list(conclusion.defects),
        "sources": sources((*conclusion.sources, *(source for study in studies for source in study.sources))),
    }


def _outcomes(study: Study, outcome: str | None) -> list[Outcome]:
    return [each for each in study.outcomes if outcome in (None, each.outcome)]
