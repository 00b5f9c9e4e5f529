"""Slips that cannot be made with a drug, a field or a unit: to name one sends the pharmacist to the wrong place."""

from __future__ import annotations

from typing import Any, Final

from tests.order_model.amounts import is_mass

_OF_TIROFIBAN: Final = frozenset({
    "250 for 50 mcg/mL", "50 for 250 mcg/mL", "25 for 10 mcg/kg", "10 for 25 mcg/kg", "0.15 for 0.1 mcg/kg/min",
    "0.1 for 0.15 mcg/kg/min", "salt for base", "base for salt", "50 mL drawn out", "50 mL not drawn out",
    "30 min load read as a bolus", "bolus read as a 30 min load",
})  # fmt: skip
_OF_RENAL: Final = frozenset({"renal half", "renal half left out"})
_HALVED: Final = frozenset({"tirofiban", "eptifibatide"})
_OF_MASS: Final = frozenset({
    "mg for mcg", "mcg for mg", "mg/kg/h read as mcg/kg/min", "mcg/kg/min read as mg/kg/h",
})  # fmt: skip
_OF_TIME: Final = frozenset({
    "per hour for per minute", "per minute for per hour", "per day for per hour", "per hour for per day",
})  # fmt: skip
_WITHOUT_TIME: Final = frozenset({"dose_per_kg", "concentration", "product", "volume", "weight"})
_OF_WEIGHT: Final = frozenset({"lb for kg"})
_WITHOUT_WEIGHT: Final = frozenset({
    "dose_per_kg", "dose_rate_per_kg", "concentration", "product", "run_time", "give_over", "stop",
})  # fmt: skip
_DOSES: Final = ("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate", "concentration", "product", "text")


def impossible(order_set: dict[str, Any], pointer: str, name: str) -> bool:
    """Return whether a slip of this name cannot have been made at this place of the order set."""
    parts = pointer.split("/")
    field = parts[-1]
    order: dict[str, str] = order_set["orders"][int(parts[2])] if parts[1] == "orders" else {}
    drug, bolus = order.get("drug", ""), order.get("kind") in {"bolus", "dose"}
    return (
        (name in _OF_TIROFIBAN and drug != "tirofiban")
        or (name in _OF_RENAL and drug not in _HALVED)
        or (name in _OF_MASS and not _of_mass(order))
        or (name in _OF_TIME and (field in _WITHOUT_TIME or (bolus and field == "dose")))
        or (name in _OF_WEIGHT and field in _WITHOUT_WEIGHT)
        or (name.endswith("set as mL/h") and field not in {"pump_rate", "text"})
    )


def _of_mass(order: dict[str, str]) -> bool:
    texts = (order[field].split(" in ")[0] for field in _DOSES if field in order)
    units = [text.split(" ")[-1] for text in texts]
    return not units or any(is_mass(unit) for unit in units)
