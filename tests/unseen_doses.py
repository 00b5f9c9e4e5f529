"""A catalogue drug far over its dose, in every shape and damaged in every place: none of them may end with exit 0.

    python -m tests.unseen_doses        # all damages of all shapes, and all corpora: some minutes

Each value of a document is left out, renamed, emptied, wrapped, unwrapped, written in capitals or as a text. As long as
the drug and the number still stand there, silence would be a claim that they were judged.
"""

from __future__ import annotations

import copy
import json
import re
import sys
from typing import TYPE_CHECKING, Any

from tests import unseen_corpora
from tests.support import invoke

if TYPE_CHECKING:
    from collections.abc import Iterator

UCUM = "http://unitsofmeasure.org"
IV = {"coding": [{"system": "http://snomed.info/sct", "code": "47625008"}]}
TIROFIBAN = {"text": "tirofiban"}


def _quantity(value: int, unit: str, code: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": UCUM, "code": code}


RATE = _quantity(9, "mcg/kg/min", "ug/kg/min")
DOSE = _quantity(900, "mcg/kg", "ug/kg")
RATIO = {"numerator": _quantity(9, "mcg/kg", "ug/kg"), "denominator": _quantity(1, "min", "min")}


def _request(**dose: Any) -> dict[str, Any]:
    dosage = {"route": IV, "doseAndRate": [dose]}
    return {"resourceType": "MedicationRequest", "medicationCodeableConcept": TIROFIBAN, "dosageInstruction": [dosage]}


def _administration(**dose: Any) -> dict[str, Any]:
    held = {"route": IV, **dose}
    return {"resourceType": "MedicationAdministration", "medicationCodeableConcept": TIROFIBAN, "dosage": held}


_DOSAGE = _request(rateQuantity=RATE)["dosageInstruction"]
_LINKED = {"resourceType": "MedicationRequest", "id": "m", "medicationReference": {"reference": "urn:a"}}
_ACTIVITY = {"resourceType": "ActivityDefinition", "id": "a", "productCodeableConcept": TIROFIBAN, "dosage": _DOSAGE}
_DRIP = {"drug": "tirofiban", "route": "IV", "kind": "infusion"}

SHAPES: dict[str, Any] = {
    "a rate": _request(rateQuantity=RATE),
    "a ratio": _request(rateRatio=RATIO),
    "a range of rates": _request(rateRange={"low": RATE, "high": RATE}),
    "a dose": _request(doseQuantity=DOSE),
    "a range of doses": _request(doseRange={"low": DOSE, "high": DOSE}),
    "an administered rate": _administration(rateQuantity=RATE),
    "an administered dose": _administration(dose=DOSE),
    "a dispense": _request(rateQuantity=RATE) | {"resourceType": "MedicationDispense"},
    "a statement": {
        "resourceType": "MedicationStatement",
        "medicationCodeableConcept": TIROFIBAN,
        "dosage": _DOSAGE,
    },
    "a usage of R5": {"resourceType": "MedicationUsage", "medication": {"concept": TIROFIBAN}, "dosage": _DOSAGE},
    "a bundle": {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": "urn:a", "resource": {"resourceType": "Medication", "code": TIROFIBAN}},
            {"resource": {**_LINKED, "dosageInstruction": _DOSAGE}},
        ],
    },
    "a plan": {
        "resourceType": "PlanDefinition",
        "contained": [_ACTIVITY],
        "action": [{"action": [{"definitionCanonical": "#a"}]}],
    },
    "a group": {
        "resourceType": "RequestGroup",
        "contained": [_request(rateQuantity=RATE) | {"id": "a"}],
        "action": [{"resource": {"reference": "#a"}}],
    },
    "an order set": {"order_set": "A", "orders": [{**_DRIP, "dose_rate_per_kg": "9 mcg/kg/min", "run_time": "24 h"}]},
    "a pump rate": {
        "order_set": "A",
        "patient": {"weight": "80 kg"},
        "orders": [{**_DRIP, "pump_rate": "900 mL/h", "concentration": "50 mcg/mL", "run_time": "24 h"}],
    },
    "a titration": {**_DRIP, "titrate": {"start": "9 mcg/kg/min", "max": "9 mcg/kg/min"}, "text": "as ordered"},
    "a tablet": {"drug": "clopidogrel", "route": "PO", "kind": "dose", "dose": "900 mg", "frequency": "daily"},
}

KNOWN: frozenset[tuple[str, str, str]] = frozenset(
    {
        # The Medication is there and is of no drug: its name stands under a key that FHIR does not have.
        ("a bundle", "renamed", "entry/0/resource/code"),
        ("a bundle", "renamed", "entry/0/resource/code/text"),
    }
)
"""What ends with exit 0 all the same, and why."""

_AT_ONCE = 200
_NUMBER = re.compile(r"(?<![0-9.])9(?:00)?(?![0-9])")
_DRUG = re.compile("tirofiban|clopidogrel", re.IGNORECASE)


def _places(data: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, each in inside:
        yield (*above, key)
        yield from _places(each, (*above, key))


def _damages(value: Any) -> Iterator[tuple[str, Any]]:
    yield "emptied", None
    if not isinstance(value, list):
        yield "wrapped", [value]
    elif value:
        yield "unwrapped", value[0]
    if isinstance(value, str) and value.upper() != value:
        yield "in capitals", value.upper()
    if isinstance(value, int):
        yield "as a text", str(value)


def damaged(document: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield each damage of a document, where it is, and the document with it; those that still hold the dose."""
    for place in _places(document):
        for how, value in (("left out", None), ("renamed", None), *_damages(_at(document, place))):
            made = copy.deepcopy(document)
            holder, key = _at(made, place[:-1]), place[-1]
            if how == "left out":
                del holder[key]
            elif how == "renamed" and isinstance(key, str):
                holder[f"{key}X"] = holder.pop(key)
            elif how != "renamed":
                holder[key] = value
            text = json.dumps(made)
            if made != document and _NUMBER.search(text) and _DRUG.search(text):
                yield how, "/".join(map(str, place)), made


def _at(data: Any, place: tuple[Any, ...]) -> Any:
    for key in place:
        data = data[key]
    return data


def exit_code(document: Any) -> int:
    """Return how `check` ends."""
    return invoke("check", "-", "--stdin-filename", "a.json", "--quiet", stdin=json.dumps(document)).exit_code


def main() -> int:
    """Print every damage that passes in silence."""
    count, silent = 0, 0
    for name, document in SHAPES.items():
        for how, place, made in damaged(document):
            count += 1
            if exit_code(made) == 0 and (name, how, place) not in KNOWN:
                silent += 1
                print(f"{name}: {place} {how}")  # noqa: T201  # a command's result
    print(f"{silent} of {count} end with exit 0")  # noqa: T201
    corpora = [each for each in unseen_corpora.cases() if each[:2] not in unseen_corpora.KNOWN]
    for begin in range(0, len(corpora), _AT_ONCE):
        for name, where in unseen_corpora.silent(corpora[begin : begin + _AT_ONCE]):
            silent += 1
            print(f"{name}: {where} a thousandfold")  # noqa: T201
    print(f"{len(corpora)} doses of the corpora a thousandfold; {silent} in silence in all")  # noqa: T201
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main())
