"""Which other GP IIb/IIIa inhibitors a dose per kg is stated of: their products lie side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.orders.bounds import between, point
from rescuecalc.core.orders.model.mention import base_value

if TYPE_CHECKING:
    from fractions import Fraction

    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.rules.base.knowledge import Knowledge


class StatedOf(NamedTuple):
    """The drugs of which a dose is stated, and who states it."""

    drugs: tuple[str, ...]
    sources: tuple[Source, ...]


class _StatedDose(NamedTuple):
    drug: str
    value: Fraction
    sources: tuple[Source, ...]


def other_drugs(drug: str, dose: Mention, knowledge: Knowledge) -> StatedOf | None:
    """Return the other drugs of which a dose per kg is stated; None where it may be one of ``drug`` itself.

    So may what lies between the lowest and the highest of its own. A renal adjustment is no dose that a drug is known
    by.
    """
    if not knowledge.is_gp_inhibitor(drug):
        return None
    written = point(dose.value).widened(dose.digit)
    stated = _stated(dose.variable, knowledge)
    own = [each.value for each in stated if each.drug == drug]
    matching = tuple(each for each in stated if written.holds(each.value))
    if not matching or (own and written.overlaps(between(min(own), max(own)))):
        return None
    drugs = tuple(sorted({each.drug for each in matching}))
    return StatedOf(drugs, tuple(dict.fromkeys(source for each in matching for source in each.sources)))


def _stated(variable: str, knowledge: Knowledge) -> tuple[_StatedDose, ...]:
    """Return the doses that sources state of each GP IIb/IIIa inhibitor, worked out once."""
    return knowledge.once(
        ("stated", variable),
        lambda: tuple(
            _StatedDose(each.drug, base_value(stated.value)[0], stated.sources)
            for each in knowledge.published_ranges()
            if each.variable == variable and knowledge.is_gp_inhibitor(each.drug)
            for stated in each.points
            if stated.clearances is None
        ),
    )
