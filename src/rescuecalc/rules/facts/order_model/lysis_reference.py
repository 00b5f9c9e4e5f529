"""Which doses and times of a thrombolytic a repair may leave: those in stroke where a set is for one, else the most."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.bounds import Bounds, point
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.orders.model.ratio import total_dose
from rescuecalc.rules.facts.reference.stroke_set import is_for_stroke

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rescuecalc.core.orders.agent_facts import ThrombolyticDose
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

    _Allows = Callable[[Mapping[str, Bounds]], bool]

_TIMES_APART: Final = 3
"""A time so many times the source's, or a part of it, is none that a repair should leave."""


def allowed_of_lysis(order: Order, subject: Subject) -> _Allows | None:
    """Return whether a dose of a thrombolytic is one of a source; None where none is held."""
    if subject.knowledge.drug_class(order.drug) is not DrugClass.THROMBOLYTIC:
        return None
    facts = subject.knowledge.agent_facts().thrombolytics.get(order.drug)
    if facts is None:
        return None
    if not is_for_stroke(subject):
        most = max(base_value(facts.most)[0], base_value(facts.most_elsewhere)[0])
        return lambda known: _is_at_most(known, most)
    shares = _shares(order, facts, subject)
    slack = subject.knowledge.limits.deviation_factor
    return lambda known: (
        _is_at_most(known, base_value(facts.most)[0] * max(shares))
        and any(_is_in_stroke(known, facts, share, slack) for share in shares)
        and _is_per_kg(known.get(of.DOSE_PER_KG), facts, slack)
        and _is_timed(known.get(of.TIME), order, facts)
    )


def _shares(order: Order, facts: ThrombolyticDose, subject: Subject) -> tuple[Fraction, ...]:
    """Return which parts of the whole dose an order may give: an infusion all of it, where no bolus stands beside."""
    if facts.bolus_share is None:
        return (Fraction(1),)
    if order.given_as == "bolus":
        return (facts.bolus_share,)
    same = (each for each in subject.order_set.orders if each.drug == order.drug)
    rest = 1 - facts.bolus_share
    return (rest,) if any(each.given_as == "bolus" for each in same) else (rest, Fraction(1))


def _is_at_most(known: Mapping[str, Bounds], most: Fraction) -> bool:
    dose = known.get(of.DOSE) or total_dose(known)
    return all(each is None or each.low <= most for each in (dose, known.get(of.MAX_DOSE)))


def _is_in_stroke(known: Mapping[str, Bounds], facts: ThrombolyticDose, share: Fraction, slack: Fraction) -> bool:
    """Whether a dose is this part of the dose in stroke at the order's weight."""
    dose, weight = known.get(of.DOSE) or total_dose(known), known.get(of.WEIGHT)
    if dose is None or weight is None:
        return True
    cap = point(base_value(facts.most)[0])
    right = _per_kg(facts).times(weight).at_most(cap).scaled(share)
    return dose.overlaps(right.shared(slack))


def _per_kg(facts: ThrombolyticDose) -> Bounds:
    low, high = base_value(facts.least_per_kg)[0], base_value(facts.per_kg)[0]
    return Bounds(low, high, high)


def _is_per_kg(per_kg: Bounds | None, facts: ThrombolyticDose, slack: Fraction) -> bool:
    """Whether a dose per kg is that of the whole, or of a part of it."""
    parts = (Fraction(1), *(() if facts.bolus_share is None else (facts.bolus_share, 1 - facts.bolus_share)))
    right = _per_kg(facts).shared(slack)
    return per_kg is None or any(per_kg.overlaps(right.scaled(part)) for part in parts)


def _is_timed(time: Bounds | None, order: Order, facts: ThrombolyticDose) -> bool:
    stated = facts.bolus_over if order.given_as == "bolus" else facts.rest_over
    return time is None or stated is None or time.overlaps(point(base_value(stated)[0]).shared(Fraction(_TIMES_APART)))
