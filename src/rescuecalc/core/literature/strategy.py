"""What the review discusses for which situation: strategies, situations and contexts, never a recommendation."""

from typing import NamedTuple

from rescuecalc.core.literature.source import Source
from rescuecalc.core.literature.study import Outcome, Study, apart


class Strategy(NamedTuple):
    """A way of rescue, what the review says of it, and the studies of it that are held.

    ``first`` is what has to be known before all else, None where nothing has; ``guideline`` are the statements of the
    guideline that are of it, with their class and level; ``caveats`` those of the review.
    """

    id: str
    title: str
    says: str
    first: str | None
    guideline: tuple[Outcome, ...]
    caveats: tuple[str, ...]
    studies: tuple[Study, ...]


class Situation(NamedTuple):
    """A situation; ``listed`` says that the review lists it as an indication, ``says`` what it says of a strategy."""

    id: str
    title: str
    listed: bool
    says: tuple[tuple[Strategy, str], ...]
    silent: tuple[Strategy, ...]
    studies: tuple[Study, ...]


class Circumstance(NamedTuple):
    """What changes the picture: the territory, or a thrombolysis before."""

    id: str
    title: str
    says: tuple[str, ...]
    studies: tuple[Study, ...]


class Strategies(NamedTuple):
    """Everything that is held of strategies; ``guideline`` is the entry whose statements stand beside them."""

    guideline: Study
    strategies: tuple[Strategy, ...]
    situations: tuple[Situation, ...]
    contexts: tuple[Circumstance, ...]
    sources: tuple[Source, ...]


def strength(studies: tuple[Study, ...]) -> str:
    """Return how strong the review's studies are by what is printed of their design; what is not said stays so."""
    own, _ = apart(studies)
    figures = [each for each in own if each.outcomes and not each.by_name_only]
    if not figures:
        return "no study with a figure is packaged"
    randomised = [each.id for each in figures if each.design == "randomised trial"]
    designs = sorted({each.design for each in figures})
    trial = f"randomised: {', '.join(randomised)}" if randomised else "none is known to be randomised"
    return f"{len(figures)} entries of the review with figures, {trial}; designs as printed: {'; '.join(designs)}"
