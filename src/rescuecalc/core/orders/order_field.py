"""The fields of an order and of an order set: which exist, which hold a quantity, and reading one of those."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.orders.patient_state import STATE
from rescuecalc.core.quantities.quantity import (
    Concentration,
    Dose,
    DosePerKg,
    DoseRate,
    DoseRatePerKg,
    Duration,
    PumpRate,
    Quantity,
    Volume,
    parsed,
)
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

QUANTITIES: Final[Mapping[str, type[Quantity]]] = {
    "dose_per_kg": DosePerKg,
    "dose": Dose,
    "dose_rate_per_kg": DoseRatePerKg,
    "dose_rate": DoseRate,
    "max_dose": Dose,
    "max_dose_rate": DoseRate,
    "concentration": Concentration,
    "volume": Volume,
    "pump_rate": PumpRate,
    "vtbi": Volume,
    "give_over": Duration,
    "run_time": Duration,
}
"""The fields of an order that hold a quantity, each with its role."""

WHEN: Final = ("creatinine_clearance", "weight", "thrombolysis")
"""The conditions under which an order is given."""

ORDER: Final = (
    *("id", "drug", "route", "kind", *QUANTITIES, "product", "diluted_in"),
    *("start", "stop", "frequency", "weight", "when", "choose_one", "text"),
)
"""Every field of an order."""

PATIENT: Final = ("weight", "creatinine_clearance", "thrombolysis", *STATE)

SET_TEXTS: Final = ("order_set", "version", "approved", "indication", "protocol", "weight_basis", "care_area")
"""The fields of an order set that hold one text."""

SET: Final = (*SET_TEXTS, "patient", "orders", "monitoring", "stop_if")

MONITORING: Final = ("check", "at", "then")

ROUTES: Final = ("IV", "IA", "PO", "PR", "NG", "IM", "SC")
KINDS: Final = ("bolus", "infusion", "dose")
WEIGHT_BASES: Final = ("actual", "ideal", "adjusted")

_REMEMBERED: Final = 60
"""Characters; a longer text is no quantity, and is not worth remembering."""


class Unreadable(NamedTuple):
    """Why a text is no quantity of the role asked for."""

    reason: str


def read_field(text: str, role: type[Quantity]) -> Quantity | Unreadable:
    """Return ``text`` as a quantity of ``role``, or why it is none; each distinct text is read once."""
    key: Any = role  # a class can be hashed, whatever mypy reads out of its instances' __hash__
    return _remembered(text, key) if len(text) <= _REMEMBERED else _read(text, role)


def _read(text: str, role: type[Quantity]) -> Quantity | Unreadable:
    try:
        quantity = parsed(role, text)
    except InputError as reason:
        return Unreadable(str(reason))
    if quantity.magnitude == 0 and not role.MAY_BE_ZERO:
        return Unreadable(f"zero is not {role.NAME}")
    return quantity


@lru_cache(maxsize=1 << 14)
def _remembered(text: str, role: Any) -> Quantity | Unreadable:
    return _read(text, role)
