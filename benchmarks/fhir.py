"""The same orders as FHIR NDJSON: a MedicationRequest a line, as a hospital's bulk export writes them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from benchmarks.orders import Order, Set

UCUM = "http://unitsofmeasure.org"
_CODES = {"mcg": "ug"}


def _quantity(text: str) -> dict[str, Any]:
    value, unit = text.split(" ")
    code = "/".join(_CODES.get(part, part) for part in unit.split("/"))
    return {"value": json.loads(value), "unit": unit, "system": UCUM, "code": code}


def _ratio(text: str) -> dict[str, Any]:
    value, unit = text.split(" ")
    above, _, below = unit.rpartition("/")
    return {"numerator": _quantity(f"{value} {above}"), "denominator": _quantity(f"1 {below}")}


def _medication(order: Order) -> dict[str, Any]:
    made: dict[str, Any] = {"resourceType": "Medication", "id": "med", "code": {"text": order["drug"]}}
    label = re.fullmatch(r"(\S+ \S+) in (\S+ \S+)", order.get("product", ""))
    if label is not None:
        strength = {"numerator": _quantity(label[1]), "denominator": _quantity(label[2])}
    else:
        strength = _ratio(order.get("concentration", "50 mcg/mL"))
    return {**made, "ingredient": [{"itemCodeableConcept": {"text": order["drug"]}, "strength": strength}]}


def request(order: Order) -> dict[str, Any]:
    """Return the MedicationRequest of an order."""
    doses = [order[name] for name in ("dose_per_kg", "dose") if name in order]
    rates = [order[name] for name in ("dose_rate_per_kg", "dose_rate", "pump_rate") if name in order]
    length, unit = (order.get("run_time") or order["give_over"]).split(" ")
    dosage = {
        "text": order["text"],
        "timing": {"repeat": {"duration": json.loads(length), "durationUnit": unit}},
        "route": {"coding": [{"system": "http://snomed.info/sct", "code": "47625008"}]},
        "doseAndRate": [
            *({"doseQuantity": _quantity(each)} for each in doses),
            *({"rateQuantity": _quantity(each)} for each in rates),
        ],
    }
    return {
        "resourceType": "MedicationRequest",
        "id": order["id"],
        "contained": [_medication(order)],
        "status": "active",
        "intent": "order",
        "medicationReference": {"reference": "#med"},
        "subject": {"reference": f"Patient/{order['id']}"},
        "dosageInstruction": [dosage],
    }


def write_fhir(file: TextIO, found: Iterable[Set]) -> None:
    """Write each order of the sets as a line."""
    for made in found:
        file.writelines(json.dumps(request(order), separators=(",", ":")) + "\n" for order in made["orders"])
