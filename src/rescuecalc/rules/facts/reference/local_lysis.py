"""A thrombolytic that is left in a catheter or a cavity: it is no thrombolysis, and no dose of it is held here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Dose, DosePerKg
from rescuecalc.rules.facts.reference.stroke_set import Purpose, purpose_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from rescuecalc.core.orders.agent_facts import ThrombolyticDose
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_ARTERY: Final = "IA"
_CAVITY: Final = "LOCAL"
_VENTRICLE: Final = lazy_pattern(r"ventric|\bEVD\b|\bICV\b|ommaya|\bdrain\b", re.IGNORECASE)
_NEITHER: Final = frozenset({"", "IV"})
_IN_CATHETER: Final = lazy_pattern(
    r"\bcathflo\b|\b(?:occlu(?:ded|sion)|blocked|clotted|clearance)\b"
    r"(?: (?:of|the|an?|central|venous|PICC|CVC|dialysis|distal|proximal|red|white|blue|brown)){0,3} "
    r"(?:catheter|lumens?|line|port|PICC|CVC)\b"
    r"|\b(?:catheter|lumens?|line|port|PICC|CVC)(?: is)? (?:occlu(?:ded|sion)|blocked|clotted|clearance|patency)\b"
    r"|\bde-?clot\w*|\bdwell\w*",
    re.IGNORECASE,
)
_ORDERED_BY: Final = ("drug", "product", "prn", "text", "id")


def is_local(order: Order, subject: Subject) -> bool:
    """Whether an order leaves a thrombolytic in a catheter or a cavity.

    It says so by its route or its words, and gives less than any part of a dose for a stroke: a dose of the tenfold is
    judged as one of the patient's. In a set for another indication a cavity may take more.
    """
    if not subject.knowledge.is_thrombolytic(order.drug):
        return False
    in_ventricle = order.route == "IT" and _VENTRICLE.search(order.texts.get("route", "")) is not None
    is_said = (
        in_ventricle
        or order.route == _CAVITY
        or (order.route in _NEITHER and any(_IN_CATHETER.search(order.texts.get(name, "")) for name in _ORDERED_BY))
    )
    in_cavity = order.route == _CAVITY and purpose_of(subject).purpose is Purpose.ELSEWHERE
    return is_said and (in_cavity or _is_small(order, subject))


def is_into_artery(order: Order, subject: Subject) -> bool:
    """Whether a thrombolytic goes into an artery in a dose of its own, and none of those that go into a vein.

    Trials have such doses, and no source held here states one: each is less than half of the highest into a vein.
    """
    if order.route != _ARTERY or not subject.knowledge.is_thrombolytic(order.drug):
        return False
    facts = subject.knowledge.agent_facts().thrombolytics.get(order.drug)
    if facts is None:
        return True
    given, low, high = _beside_whole(order, facts, subject)
    if given is None or given * 2 >= high:
        return False
    slack = subject.knowledge.limits.deviation_factor
    return not any(
        low * part <= given * slack and given <= high * part * slack for part in _shares(order, facts, subject)
    )


def _beside_whole(
    order: Order, facts: ThrombolyticDose, subject: Subject
) -> tuple[Fraction | None, Fraction, Fraction]:
    """Return what an order gives, with the least and the most of a whole dose: per kg, where a weight is known."""
    per_kg, dose, weight = order.fields.get("dose_per_kg"), _dose(order), subject.order_set.weight
    least, most = base_value(facts.least_per_kg)[0], base_value(facts.per_kg)[0]
    if isinstance(per_kg, DosePerKg) and per_kg.is_mass():
        return base_value(per_kg)[0], least, most
    if dose is None or weight is not None:
        return None if dose is None or weight is None else base_value(dose)[0] / base_value(weight)[0], least, most
    lightest = base_value(subject.knowledge.limits.usual_weight.low)[0]
    return base_value(dose)[0], least * lightest, base_value(facts.most)[0]


def _shares(order: Order, facts: ThrombolyticDose, subject: Subject) -> tuple[Fraction, ...]:
    """Return which parts of the whole dose an order may be: a bolus alone is none, unless another part is ordered."""
    share = facts.bolus_share
    if share is None:
        return ()
    same = sum(each.drug == order.drug and not each.of for each in subject.order_set.orders)
    return (1 - share, *((share,) if same > 1 else ()))


def is_elsewhere(order: Order, subject: Subject) -> bool:
    """Whether a thrombolytic goes where no source held here gives a dose: a catheter, a cavity or an artery."""
    return is_local(order, subject) or is_into_artery(order, subject)


def systemic(orders: Iterable[Order], subject: Subject) -> list[Order]:
    """Return the orders without those that leave a thrombolytic in a catheter or a cavity."""
    return [each for each in orders if not is_local(each, subject)]


def _is_small(order: Order, subject: Subject) -> bool:
    facts = subject.knowledge.agent_facts().thrombolytics.get(order.drug)
    dose = _dose(order)
    if dose is None or facts is None:
        return False
    return base_value(dose)[0] < _least_part(facts, base_value(subject.knowledge.limits.usual_weight.low)[0])


def _dose(order: Order) -> Dose | None:
    """Return the highest dose of an order's fields or, where these have none, of its text."""
    said = (each.quantity for each in order.numbers_in_text() if each.field == "dose")
    doses = [each for each in (order.fields.get("dose"), order.fields.get("max_dose")) if isinstance(each, Dose)]
    doses = doses or [each for each in said if isinstance(each, Dose)]
    span = order.spans.get("dose")
    if span is not None and isinstance(span.high, Dose):
        doses.append(span.high)
    doses = [each for each in doses if each.is_mass()]
    return max(doses, key=lambda each: base_value(each)[0], default=None)


def _least_part(facts: ThrombolyticDose, weight: Fraction) -> Fraction:
    """Return the smallest part of a dose in stroke that anybody of a usual weight gets (mcg)."""
    return base_value(facts.least_per_kg)[0] * weight * (facts.bolus_share or 1)
