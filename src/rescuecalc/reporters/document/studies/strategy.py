"""The document of `strategy`: what the review discusses, never what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.literature.strategy import strength
from rescuecalc.core.literature.study import PARTS, apart
from rescuecalc.reporters.document.common_parts import Document, header, sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rescuecalc.core.literature.strategy import Circumstance, Situation, Strategies, Strategy
    from rescuecalc.core.literature.study import Conclusion, Study

NOT_STATED: Final = "not stated by the source"


NOTHING_READ: Final = "no statement of the guideline on it was read"


def _studies(found: Sequence[Study]) -> Document:
    """Return the review's studies, and apart from them those beyond it."""
    own, beyond = apart(tuple(found))
    return {
        key: [{"id": each.id, "name": each.name, "design": each.design, "n": each.n} for each in group]
        for key, group in (("studies", own), ("beyond_the_review", beyond))
    }


def _strategy(each: Strategy) -> Document:
    return {
        "id": each.id,
        "title": each.title,
        "first": each.first,
        "says": each.says,
        "guideline": [{"statement": one.label, "class_and_level": one.figure} for one in each.guideline],
        "caveats": list(each.caveats),
        "strength": strength(each.studies),
        **_studies(each.studies),
    }


def _situation(each: Situation) -> Document:
    stated = [{"strategy": strategy.id, "says": words} for strategy, words in each.says]
    silent = [{"strategy": strategy.id, "says": NOT_STATED} for strategy in each.silent]
    return {
        "id": each.id,
        "title": each.title,
        "listed": each.listed,
        "strategies": stated + silent,
        **_studies(each.studies),
    }


def _context(each: Circumstance) -> Document:
    return {"id": each.id, "title": each.title, "says": list(each.says), **_studies(each.studies)}


def strategy_document(
    known: Strategies, situations: Sequence[Situation], contexts: Sequence[Circumstance], conclusion: Conclusion
) -> Document:
    """Return the situations asked for, each strategy with its evidence, the contexts, and the review's conclusion."""
    shown = {strategy.id for each in situations for strategy in (*(one for one, _ in each.says), *each.silent)}
    chosen = [each for each in known.strategies if each.id in shown]
    groups = [each.studies for each in chosen] + [each.studies for each in situations] + [c.studies for c in contexts]
    cited = [one for studies in (*groups, [known.guideline]) for study in studies for one in study.sources]
    return {
        **header("strategy"),
        "situations": [_situation(each) for each in situations],
        "strategies": [_strategy(each) for each in chosen],
        "contexts": [_context(each) for each in contexts],
        "open": [
            "which strategy comes first in which situation: not stated by the source",
            (
                "intra-arterial or intravenous: the evidence is not enough to advocate either; in the one comparison "
                "that the review cites the intra-arterial arm had more symptomatic intracranial haemorrhage and more "
                "deaths: insufficient is not equal"
            ),
            "for situations without stated strategies, the review only lists their names",
        ],
        **{part: conclusion.sentences(part) for part in PARTS},
        "conclusion": conclusion.words,
        "sources": sources((*known.sources, *cited)),
    }
