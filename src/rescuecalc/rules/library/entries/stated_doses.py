"""The doses that protocols state of a drug, as the limits of an entry bound them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.model import mention as of
from rescuecalc.rules.facts.order_model.pump_entries import for_patient
from rescuecalc.rules.library.numbers import ordered
from rescuecalc.rules.library.order_limits.effects import steps_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.limits import LimitSet
    from rescuecalc.core.library.pump_library import Entry
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.library.hits import InLibrary
    from rescuecalc.rules.library.numbers import Number
    from rescuecalc.rules.library.order_limits.effects import Step


def stated(entry: Entry, limits: LimitSet, known: InLibrary, knowledge: Knowledge) -> Iterator[tuple[Step, Number]]:
    """Yield the infusions of protocols for the patients of an entry, and boluses where its limits bound an amount."""
    kind = "bolus" if limits.variable in {of.DOSE, of.DOSE_PER_KG} else "infusion"
    for step, number in stated_in(limits.variable, kind, entry.drug, known, knowledge):
        if not entry.conditions or for_patient((entry,), step.order, step.subject):
            yield step, number


def stated_in(
    variable: str, kind: str, drug: str, known: InLibrary, knowledge: Knowledge
) -> tuple[tuple[Step, Number], ...]:
    """Return the infusions, or boluses, that protocols of a drug state, each with what it is of a variable."""
    key = ("stated in library", drug, variable, kind)
    return knowledge.once(key, lambda: tuple(_of_drug(drug, variable, kind, known, knowledge)))


def _of_drug(
    drug: str, variable: str, kind: str, known: InLibrary, knowledge: Knowledge
) -> Iterator[tuple[Step, Number]]:
    for protocol in known.use.protocols:
        for step in steps_of(protocol, knowledge) if protocol.drug == drug else ():
            number = ordered(variable, step.judged) if step.order.given_as == kind else None
            if number is not None and number.is_point:
                yield step, number
