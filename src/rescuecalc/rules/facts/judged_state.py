"""How far an order can be judged: by a known dose, by its arithmetic alone, or not at all."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.quantities.label_strength import strength

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.core.orders.order import Order, OrderSet
    from rescuecalc.rules.base.knowledge import Knowledge


class JudgedState(StrEnum):
    """How far an order can be judged.

    ``DOSE``: a dose of it can be compared with a protocol or a published range. ``ARITHMETIC``: its numbers can be
    compared with each other, and no limit is known for the drug. ``TEXT_ONLY``: its dose stands in a text alone.
    """

    DOSE = "dose"
    ARITHMETIC = "arithmetic"
    TEXT_ONLY = "text_only"
    NOT_JUDGED = "not_judged"


class OrderState(NamedTuple):
    """The state of one order, and its drug."""

    state: JudgedState
    drug: str


_QUANTITIES: Final = frozenset(("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate", "volume", "vtbi", "pump_rate"))
"""The fields that say how much is given."""

_DOSES: Final = {
    "bolus": ({"dose_per_kg"}, {"dose"}, {"volume", "concentration"}),
    "infusion": ({"dose_rate_per_kg"}, {"dose_rate"}, {"pump_rate", "concentration"}),
}
"""By kind the fields which say a dose: that of a bolus is an amount, that of an infusion an amount per time."""

_OVER_TIME: Final = {
    "bolus": ({"dose_rate_per_kg"}, {"dose_rate"}, {"pump_rate", "concentration"}),
    "infusion": ({"dose_per_kg"}, {"dose"}, {"volume", "concentration"}, {"vtbi", "concentration"}),
}
"""By kind the fields which say a dose where a time is known."""


def judged_states(order_set: OrderSet, knowledge: Knowledge) -> tuple[OrderState, ...]:
    """Return the state of each order. It depends on which fields could be read, and not on their numbers."""
    return tuple(OrderState(_state(order, knowledge), order.drug) for order in order_set.orders)


def _state(order: Order, knowledge: Knowledge) -> JudgedState:
    if _has_comparable_dose(order, knowledge):
        return JudgedState.DOSE
    if not knowledge.has_published_range(order.drug) and order.fields.keys() & _QUANTITIES:
        return JudgedState.ARITHMETIC
    if "text" in order.texts and not order.texts.keys() & _QUANTITIES:
        return JudgedState.TEXT_ONLY
    return JudgedState.NOT_JUDGED


def _has_comparable_dose(order: Order, knowledge: Knowledge) -> bool:
    """Whether a dose of a drug whose doses are known can be worked out, in mass."""
    if not knowledge.has_published_range(order.drug):
        return _is_oral_dose(order, knowledge)
    kind, known = _kind(order), _known(order, knowledge)
    if _says(_DOSES.get(kind, ()), known):
        return True
    is_timed = order.lasts is not None or "give_over" in known
    return is_timed and _says(_OVER_TIME.get(kind, ()), known)


def _is_oral_dose(order: Order, knowledge: Knowledge) -> bool:
    """Whether an order says the dose of an antiplatelet whose loading or maintenance doses are known."""
    if "dose" not in _in_mass(order):
        return False
    agent = knowledge.bridging().antiplatelets.get(order.drug)
    return agent is not None and (agent.load is not None or agent.maintenance is not None)


def _kind(order: Order) -> str:
    """Return the kind of an order; a dose without kind and route is injected, as every drug with a range is."""
    is_dose = order.given_as in {"", "dose"} and not order.route and order.fields.keys() & {"dose", "dose_per_kg"}
    return "bolus" if is_dose else order.given_as


def _known(order: Order, knowledge: Knowledge) -> set[str]:
    """Return the fields in mass, among them the concentration of a product that states one and is given as it is."""
    known, product = _in_mass(order), order.texts.get("product")
    if (
        product is not None
        and "diluted_in" not in order.texts
        and (product in knowledge.products() or strength(product) is not None)
    ):
        known.add("concentration")
    return known


def _in_mass(order: Order) -> set[str]:
    """Return the fields that could be read, without those whose amount of drug is in units, mmol or mL."""
    dimensions = ((name, quantity.unit.parts[0].dimension) for name, quantity in order.fields.items())
    return {name for name, first in dimensions if first == "drug_mass" or not first.startswith("drug_")}


def _says(wanted: Iterable[set[str]], known: set[str]) -> bool:
    return any(each <= known for each in wanted)
