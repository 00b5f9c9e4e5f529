"""What is known of an order besides its numbers: of the drug, the pump and the set's other orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.orders.model.solution import is_consistent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction

    from rescuecalc.core.literature.limits import Limits
    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.repair import Repair
    from rescuecalc.core.orders.model.signature import Setting, Signature
    from rescuecalc.core.orders.model.system import System
    from rescuecalc.core.orders.model.tuning import Tuning


class Context(NamedTuple):
    """What is known besides the numbers: of the drug, the pump and the set's other orders.

    ``is_published`` asks whether what a solution gives is a dose of the drug at all, ``is_stated`` whether a source
    states this dose, ``stated`` which single doses of a variable sources state; ``strengths`` are those of the drug's
    products (mcg/mL); ``votes`` counts the set's other orders for and against a weight.
    """

    tuning: Tuning
    signatures: tuple[Signature, ...]
    setting: Setting
    limits: Limits
    pump_rate: Fraction
    strengths: frozenset[Fraction] = frozenset()
    is_published: Callable[[Mapping[str, Bounds]], bool] | None = None
    is_stated: Callable[[Mention], bool] | None = None
    stated: Callable[[str], tuple[Fraction, ...]] | None = None
    usual_weight: Bounds | None = None
    votes: Callable[[Bounds], tuple[int, int]] | None = None
    weak: tuple[Mention, ...] = ()
    fixed: tuple[Mention, ...] = ()
    accepts: Callable[[System], bool] = is_consistent

    def distance(self, each: Mention) -> int:
        """Return how far a mention is from what reaches the patient."""
        costs = self.tuning.costs
        return self.tuning.distance[each.variable] + {"text": costs.text, "product": costs.label}.get(each.place, 0)

    def rank(self, each: Repair) -> tuple[int, int, str]:
        """Return what repairs are ordered by: a total order, so that the same input gives the same output."""
        return each.cost, self.distance(each.blamed), each.blamed.pointer
