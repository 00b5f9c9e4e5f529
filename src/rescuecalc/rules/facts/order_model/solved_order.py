"""An order that was written, as the order model judges it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.orders.model.solution import solution

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.context import Context
    from rescuecalc.core.orders.model.diagnosis import Diagnosis
    from rescuecalc.core.orders.model.solution import Solution
    from rescuecalc.core.orders.model.system import System
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.order_model.order_system import Built


class SolvedOrder(NamedTuple):
    """An order that was written: its system as it is judged, what that leaves each variable, and what is wrong in it.

    ``subject`` is the whole set's, with the protocol of the order's own drug. ``is_row`` tells that a source's own
    amount takes the place of the dose per kg, ``share`` which part of its dose the order gives.
    """

    built: Built
    subject: Subject
    system: System
    solution: Solution
    found: tuple[Diagnosis, ...]
    context: Context
    is_row: bool = False
    share: Fraction | None = None

    @property
    def order(self) -> Order:
        """The order."""
        return self.built.order

    @property
    def agrees(self) -> bool:
        """Whether nothing contradicts in it: what the weight of all orders explains is told at one of them alone."""
        return not self.found and self.solution.conflict is None


def healed(judged: SolvedOrder) -> tuple[System, Mapping[str, Bounds]] | None:
    """Return the system once its contradictions are repaired: what is left is judged; None where none can be told."""
    system = judged.system
    if not judged.found:
        return (system, judged.solution.bounds) if judged.solution.conflict is None else None
    for each in judged.found:
        repair = each.repair
        if repair.expected is None and repair.right is None:
            return None
        system = system.without((repair.blamed, *repair.followed))
        if repair.expected is not None:
            system = system.with_mention(repair.expected)
    solved = solution(system)
    return (system, solved.bounds) if solved.conflict is None else None
