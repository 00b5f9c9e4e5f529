"""What `evidence` is asked, and its documents: the studies, their arms side by side, and their figures recomputed."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
from typing import Annotated, Final, NamedTuple

from rescuecalc.catalogue.clinical.studies import conclusion, named, studies
from rescuecalc.core.literature.study import OUTCOMES, STRATEGIES, TERRITORIES, Study
from rescuecalc.errors import CatalogueError
from rescuecalc.evidence.statistics import available, comparison, recomputed
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.document.studies.comparison import check_document, comparison_document
from rescuecalc.reporters.document.studies.evidence import evidence_document
from rescuecalc.requests.input.inputs import one_of
from rescuecalc.requests.input.option import Option

_KEYS: Final = {
    "file": lambda _: 0,
    "id": lambda study: study.id,
    "strategy": lambda study: [list(STRATEGIES).index(each) for each in study.strategies],
    "territory": lambda study: TERRITORIES.index(study.territory),
}

_Strategy = Annotated[str | None, Option("STRATEGY", f"Only this strategy: {', '.join(STRATEGIES)}.")]
_Outcome = Annotated[str | None, Option("OUTCOME", f"Only figures of this outcome: {', '.join(OUTCOMES)}.")]
_Territory = Annotated[str | None, Option("TERRITORY", "Only this territory: anterior, posterior, both, not-stated.")]


class StudyListRequest(NamedTuple):
    """What is typed of a list of studies; each field is an option."""

    strategy: _Strategy = None
    outcome: _Outcome = None
    territory: _Territory = None
    sort: Annotated[str, Option("KEY", "file (as the review orders them), id, strategy, territory.")] = "strategy"


class ComparisonRequest(NamedTuple):
    """What is typed of a comparison; each field is an option."""

    outcome: _Outcome = None
    strategy: _Strategy = None
    territory: _Territory = None


def listed(given: StudyListRequest) -> Document:
    """Return the document of `evidence list`; InputError for a value that is none of those."""
    key = _KEYS[one_of(given.sort, tuple(_KEYS), "--sort")]
    strategy, outcome, territory = _filters(given.strategy, given.outcome, given.territory)
    found = [each for each in studies() if _fits(each, strategy, outcome, territory)]
    return evidence_document(sorted(found, key=key), conclusion(), outcome)


def shown(name: str) -> Document:
    """Return the document of `evidence show`: a study, or all arms of one; InputError for an unknown one."""
    return evidence_document(list(named(name)), conclusion(), None)


def check_compared(given: ComparisonRequest) -> None:
    """Raise InputError for a value that is none of those, and where what compares is not installed."""
    _filters(given.strategy, given.outcome, given.territory)
    available()


def compared(given: ComparisonRequest) -> Document:
    """Return the document of `evidence compare`; errors as for ``check_compared``."""
    check_compared(given)
    strategy, outcome, territory = _filters(given.strategy, given.outcome, given.territory)
    found = [
        (study, each, comparison(each.counts) if each.counts is not None else None)
        for study in studies()
        if _fits(study, strategy, outcome, territory)
        for each in study.outcomes
        if outcome in (None, each.outcome)
    ]
    return comparison_document(found, outcome, conclusion())


def recomputed_figures() -> Document:
    """Return the document of `evidence check`; CatalogueError where a note does not say what is recomputed."""
    available()
    found = [
        (study, each, made)
        for study in studies()
        for each in study.outcomes
        for made in (recomputed(each),)
        if made is not None
    ]
    document = check_document(found)
    stale = tuple(
        f"evidence.toml: {each['id']}, {each['label']}: the note does not say what is recomputed: {each['recomputed']}"
        for each in document["checks"]
        if not each["note_agrees"]
    )
    if stale:
        raise CatalogueError(stale)
    return document


def _fits(study: Study, strategy: str | None, outcome: str | None, territory: str | None) -> bool:
    return (
        (strategy is None or strategy in study.strategies)
        and (outcome is None or any(each.outcome == outcome for each in study.outcomes))
        and (territory is None or territory == study.territory.replace(" ", "-"))
    )


def _filters(
    strategy: str | None, outcome: str | None, territory: str | None
) -> tuple[str | None, str | None, str | None]:
    """Return each as it is listed; InputError for a value that is none of those."""
    return (
        one_of(strategy, tuple(STRATEGIES), "--strategy") if strategy is not None else None,
        one_of(outcome, tuple(OUTCOMES), "--outcome") if outcome is not None else None,
        one_of(territory, tuple(each.replace(" ", "-") for each in TERRITORIES), "--territory")
        if territory is not None
        else None,
    )
