"""What a document says of the patient besides weight: the state, how the clearance arose, and what is not given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rescuecalc.core.orders.patient_state import PatientState
from rescuecalc.rules.facts.patient_facts import not_given

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import OrderSet
    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.rules.base.knowledge import Knowledge


def _shown(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, str)) else str(value)


def patient_part(orders: OrderSet, working: Document | None, knowledge: Knowledge) -> Document:
    """Return the part of a document about the patient: texts as a person writes them, null where nothing is given."""
    state = orders.state or PatientState()
    return {
        "patient": {name: _shown(value) for name, value in state._asdict().items()},
        "clearance_working": working,
        "not_given": list(not_given(orders, knowledge)),
    }
