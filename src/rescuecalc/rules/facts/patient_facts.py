"""What of a patient is not given, so that nobody takes silence for a judgement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.patient_state import PatientState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.core.orders.order import OrderSet
    from rescuecalc.rules.base.knowledge import Knowledge

_NAMES: Final = ("CrCl", "platelets", "INR", "blood pressure", "thrombolysis", "anticoagulant")
"""What a judgement beside an intravenous inhibitor rests on, as people call it."""


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return what is not given of several patients in the usual order."""
    missing = set(names)
    return tuple(name for name in _NAMES if name in missing)


def not_given(order_set: OrderSet, knowledge: Knowledge) -> tuple[str, ...]:
    """Return what is not given of the patient, and so not judged; nothing where no intravenous inhibitor is ordered."""
    drugs = {order_set.drug, *(order.drug for order in order_set.orders)}
    if not any(drug in knowledge.drugs for drug in drugs):
        return ()
    state = order_set.state or PatientState()
    has_lysis = order_set.thrombolysis is not None or _orders_thrombolysis(order_set, knowledge)
    known = (
        order_set.clearance,
        state.platelets,
        state.inr,
        state.blood_pressure,
        has_lysis or None,
        state.anticoagulant,
    )
    return tuple(name for name, value in zip(_NAMES, known, strict=True) if value is None)


def _orders_thrombolysis(order_set: OrderSet, knowledge: Knowledge) -> bool:
    others = {order.drug for order in order_set.orders} - knowledge.drugs.keys()
    return any(knowledge.is_thrombolytic(drug) for drug in others)
