"""Native order sets as FHIR R4 and R5, written by hand here: what is read of them has to be judged alike."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

UCUM = "http://unitsofmeasure.org"
CODES = {"mcg": "ug", "mEq": "meq", "units": "[iU]", "day": "d"}
ROUTES = {"IV": "47625008", "IA": "58100008", "PO": "26643006"}


def code(unit: str) -> str:
    """Return the UCUM code of a unit as people write it."""
    return "/".join(CODES.get(part, part) for part in unit.split("/"))


def quantity(text: str) -> dict[str, Any]:
    """Return a Quantity; its number is kept as a Decimal, for ``dumps``."""
    number, unit = text.split(" ")
    return {"value": Decimal(number), "unit": unit, "system": UCUM, "code": code(unit)}


def ratio(text: str) -> dict[str, Any]:
    """Return a rate as a Ratio of what is above the line to one of what is below."""
    number, unit = text.split(" ")
    above, _, below = unit.rpartition("/")
    return {
        "numerator": {"value": Decimal(number), "system": UCUM, "code": code(above)},
        "denominator": {"value": Decimal(1), "system": UCUM, "code": code(below)},
    }


def medication(order: dict[str, Any], *, r5: bool) -> dict[str, Any]:
    """Return the contained Medication of an order, of its product or its concentration."""
    made: dict[str, Any] = {"resourceType": "Medication", "id": "med", "code": {"text": order["drug"]}}
    label = order.get("product")
    match = re.fullmatch(r"(\S+ \S+) in (\S+ \S+)", label or "")
    if match is not None:
        strength = {"numerator": quantity(match[1]), "denominator": quantity(match[2])}
    elif "concentration" in order:
        strength = ratio(order["concentration"])
    else:
        return made
    item = {"text": order["drug"]}
    ingredient = (
        {"item": {"concept": item}, "strengthRatio": strength}
        if r5
        else {"itemCodeableConcept": item, "strength": strength}
    )
    return {**made, "ingredient": [ingredient]}


def dosage(order: dict[str, Any], *, ratios: bool = False) -> dict[str, Any]:
    """Return the Dosage of an order: each of its doses and rates an entry of its own."""
    doses = [order[name] for name in ("dose_per_kg", "dose", "volume", "vtbi") if name in order]
    rates = [order[name] for name in ("dose_rate_per_kg", "dose_rate", "pump_rate") if name in order]
    entries = [{"doseQuantity": quantity(each)} for each in doses]
    entries += [{"rateRatio": ratio(each)} if ratios else {"rateQuantity": quantity(each)} for each in rates]
    made: dict[str, Any] = {"doseAndRate": entries}
    made["route"] = {"coding": [{"system": "http://snomed.info/sct", "code": ROUTES[order["route"]]}]}
    length = order.get("run_time") or order.get("give_over")
    if length is not None:
        number, unit = length.split(" ")
        made["timing"] = {"repeat": {"duration": Decimal(number), "durationUnit": unit}}
    if "max_dose" in order:
        made["maxDosePerAdministration"] = quantity(order["max_dose"])
    if "text" in order:
        made["text"] = order["text"]
    return made


def request(order: dict[str, Any], *, r5: bool = False, ratios: bool = False) -> dict[str, Any]:
    """Return the MedicationRequest of an order."""
    reference = {"reference": "#med"}
    dose = dosage(order, ratios=ratios)
    if "max_dose_rate" in order:
        most = ratio(order["max_dose_rate"])
        dose["maxDosePerPeriod"] = [most] if r5 else most
    return {
        "resourceType": "MedicationRequest",
        "id": order.get("id", "order"),
        "contained": [medication(order, r5=r5)],
        "status": "draft",
        "intent": "order",
        **({"medication": {"reference": reference}} if r5 else {"medicationReference": reference}),
        "subject": {"reference": "Patient/1"},
        "dosageInstruction": [dose],
    }


def bundle(order_set: dict[str, Any], *, r5: bool = False, ratios: bool = False) -> dict[str, Any]:
    """Return an order set as a Bundle: the weight, the requests, and the group that orders them."""
    requests = [request(order, r5=r5, ratios=ratios) for order in order_set["orders"]]
    related = "targetId" if r5 else "actionId"
    actions = [
        {"id": each["id"], "resource": {"reference": f"MedicationRequest/{each['id']}"}, **_start(order, related)}
        for each, order in zip(requests, order_set["orders"], strict=True)
    ]
    group: dict[str, Any] = {
        "resourceType": "RequestOrchestration" if r5 else "RequestGroup",
        "id": "set",
        "status": "draft",
        "intent": "plan",
        "subject": {"reference": "Patient/1"},
        "action": actions,
    }
    if "protocol" in order_set:
        group["instantiatesUri"] = [f"urn:rescuecalc:protocol:{order_set['protocol']}"]
    weight = {
        "resourceType": "Observation",
        "id": "weight",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        "subject": {"reference": "Patient/1"},
        "valueQuantity": quantity(order_set["patient"]["weight"]),
    }
    resources = [weight, *requests, group]
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in resources]}


def _start(order: dict[str, Any], related: str) -> dict[str, Any]:
    """Return when an order begins; what begins at 0 is what the others are counted from."""
    number, unit = order.get("start", "+0 min").removeprefix("+").split(" ")
    if Decimal(number) == 0 or "start" not in order:
        return {}
    offset = {"value": Decimal(number), "unit": unit, "system": UCUM, "code": unit}
    return {"relatedAction": [{related: "load", "relationship": "after-start", "offsetDuration": offset}]}
