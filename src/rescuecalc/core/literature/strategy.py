"""What the review discusses for which situation: strategies, situations and contexts, never a recommendation."""

from typing import NamedTuple

from rescuecalc.core.literature.source import Source
from rescuecalc.core.literature.study import Study


class Strategy(NamedTuple):
    """A way of rescue, what the review says of it, and the studies of it that are held."""

    id: str
    title: str
    says: str
    studies: tuple[Study, ...]


class Situation(NamedTuple):
    """A situation; ``listed`` says that the review lists it as an indication, ``says`` what of which strategy."""

    id: str
    title: str
    listed: bool
    says: tuple[tuple[Strategy, str], ...]
    silent: tuple[Strategy, ...]
    studies: tuple[Study, ...]


class Context(NamedTuple):
    """What changes the picture: the territory, or a thrombolysis before."""

    id: str
    title: str
    says: tuple[str, ...]
    studies: tuple[Study, ...]


class Strategies(NamedTuple):
    """Everything that is held of strategies."""

    strategies: tuple[Strategy, ...]
    situations: tuple[Situation, ...]
    contexts: tuple[Context, ...]
    sources: tuple[Source, ...]


def strength(studies: tuple[Study, ...]) -> str:
    """Return how strong the studies are by what is printed of their design; what is not said stays so."""
    figures = [each for each in studies if each.outcomes and not each.by_name_only]
    if not figures:
        return "no study with a figure is held"
    randomised = [each.id for each in figures if each.design == "randomised trial"]
    designs = sorted({each.design for each in figures})
    trial = f"randomised: {', '.join(randomised)}" if randomised else "none is known to be randomised"
    return f"{len(figures)} entries with figures, {trial}; designs as printed: {'; '.join(designs)}"
