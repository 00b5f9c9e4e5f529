"""What `check` has to reach on random order sets: the figures, their limits, and which of them are missed."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.order_model.measure import Figures


class Goal(NamedTuple):
    """The name of a figure, and what it has to be at most, or at least."""

    figure: str
    limit: float
    is_least: bool = False

    def is_met(self, value: float | None) -> bool:
        """Whether a figure reaches the goal; one that was not measured does not."""
        return value is not None and (value >= self.limit if self.is_least else value <= self.limit)

    @property
    def words(self) -> str:
        """The goal as a person writes it: `at most 0.1`."""
        return f"at {'least' if self.is_least else 'most'} {self.limit:g}"


OF_SETS: Final = (
    Goal("slipped: nobody can see it %", 15),
    Goal("correct, rounded by 5 % or half a digit: errors %", 0.1),
    Goal("correct, rounded by 5 % or half a digit: warnings %", 4),
    Goal("visible: found as an error %", 99.5, is_least=True),
    Goal("visible: right field first %", 85, is_least=True),
    Goal("visible: right field first or its alternative %", 97, is_least=True),
    Goal("visible: alternatives a set", 0.25),
    Goal("visible: sets with more than two alternatives", 0),
    Goal("slip named, of those planted with a name %", 90, is_least=True),
    Goal("slip named, where the right field is first %", 97, is_least=True),
    Goal("sets where a slip is named that cannot be made there", 0),
    Goal("writing expected heals, and brings nothing new %", 99.5, is_least=True),
    Goal("sets where a dose outside its published range is expected", 0),
    Goal("found only once a right number is taken away %", 0.1),
)
OF_FORMS: Final = (
    Goal("forms: sets that differ with their orders or fields turned round, or as CSV", 0),
    Goal("forms: sets that differ as FHIR", 0),
)
OF_INCIDENTS: Final = (
    Goal("incidents: faulty orders without an error", 0),
    Goal("incidents: right orders with an error", 0),
)


OF_FEW: Final = {
    "found only once a right number is taken away %": "right numbers taken from sets in which nothing is found",
}
"""The figures whose goal is less than one case of a small sample, with what each is a share of."""
_CHANCE: Final = 0.01


def is_beyond_chance(figures: Mapping[str, float | None], goal: Goal) -> bool:
    """Whether a figure in per cent refutes its goal: so many cases, or more, are had in 1 % of such samples at most.

    Of 903 cases one is 0.11 %: a sample of that size cannot tell 0.1 % from 0.11.
    """
    share, whole = figures.get(goal.figure), figures.get(OF_FEW[goal.figure])
    if share is None or not whole:
        return True
    count, chance = round(share * whole / 100), goal.limit / 100
    fewer = sum(comb(int(whole), each) * chance**each * (1 - chance) ** (whole - each) for each in range(count))
    return bool(1 - fewer <= _CHANCE)


def missed(figures: Figures, goals: tuple[Goal, ...]) -> list[str]:
    """Return the figures that do not reach their goals, as `figure 0.2, at most 0.1`."""
    held = [(goal, figures.get(goal.figure)) for goal in goals]
    return [f"{goal.figure} {value}, {goal.words}" for goal, value in held if not goal.is_met(value)]


def lines(figures: Mapping[str, float | None], goals: tuple[Goal, ...]) -> Iterator[str]:
    """Yield every figure with its goal, if it has one, and whether it is met."""
    by_name = {goal.figure: goal for goal in goals}
    for name, value in figures.items():
        goal = by_name.get(name)
        verdict = "" if goal is None else f"  {goal.words}{'' if goal.is_met(value) else ': MISSED'}"
        yield f"{name:<78} {'-' if value is None else f'{value:,}':>11}{verdict}\n"
