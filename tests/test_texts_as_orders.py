"""Orders whose mistake, or whose right dose, stands in words alone: in a text of an order, and in those of FHIR."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support import invoke

ROWS = [json.loads(line) for line in (Path(__file__).parent / "golden/texts_as_orders.jsonl").read_text().splitlines()]
NOT_OF_TEXTS = "RC613,RC631,RC705,RC706"
"""What a whole order set leaves out."""
TEXTS = ({"text": "{}"}, {"patientInstruction": "{}"}, {"additionalInstruction": [{"text": "{}"}]})
NO_KIND = "give as IV push"
"""Wrong for an infusion alone: a request of FHIR has no kind."""
ROUTES = {"IV": "47625008", "PO": "26643006", "PR": "37161004"}


def _orders(side: str) -> list[dict[str, Any]]:
    with_text = [{**row["order"], "text": text} for row in ROWS for text in row.get(side, ())]
    whole = [order for row in ROWS if row.get("is_wrong") is (side == "wrong") for order in row.get("orders", ())]
    return with_text + whole


_SET = {"order_set": "Stroke", "version": "1", "indication": "acute ischaemic stroke"}


def _in_set(order: dict[str, Any]) -> dict[str, Any]:
    return {**_SET, "orders": [order]}


def _sets(side: str) -> list[dict[str, Any]]:
    """Return the orders of a side, each in a set of its own, and the whole sets of it."""
    whole = (made for row in ROWS if row.get("is_wrong") is (side == "wrong") for made in row.get("sets", ()))
    return [*map(_in_set, _orders(side)), *({**_SET, **made} for made in whole)]


def _fhir(place: int, order: dict[str, Any]) -> dict[str, Any]:
    """Return an order that is a text alone as a request, the text in one of the elements that may hold it."""
    instruction = json.loads(json.dumps(TEXTS[place % len(TEXTS)]).replace("{}", order["text"].replace('"', "'")))
    route = {"coding": [{"system": "http://snomed.info/sct", "code": ROUTES[order["route"]]}]}
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/1"},
        "reasonCode": [{"text": "acute ischaemic stroke"}],
        "medicationCodeableConcept": {"text": order["drug"]},
        "dosageInstruction": [{**instruction, "route": route}],
    }


def _with_error(documents: list[dict[str, Any]], *more: str) -> set[int]:
    """Return the places of the documents in which an error is found, of all of them judged at once."""
    text = "".join(f"{json.dumps(each)}\n" for each in documents)
    arguments = (
        "check",
        "-",
        "--stdin-filename",
        "a.jsonl",
        "--format",
        "json",
        "--isolated",
        "--ignore",
        NOT_OF_TEXTS,
    )
    found = invoke(*arguments, *more, stdin=text).json["findings"]
    return {int(each["line"]) - 1 for each in found if each["severity"] == "error"}


def test_what_is_wrong_in_words_alone_is_an_error() -> None:
    wrong = _sets("wrong")
    assert len(wrong) > 400
    found = _with_error(wrong)
    assert [each for place, each in enumerate(wrong) if place not in found] == []


def test_what_hospitals_write_rightly_is_no_error() -> None:
    right = _sets("right")
    found = _with_error(right)
    assert [each for place, each in enumerate(right) if place in found] == []


def test_the_same_texts_of_fhir_are_judged_alike() -> None:
    """Those of orders that state nothing else."""
    alone = {"drug", "route", "kind", "text"}
    wrong = [each for each in _orders("wrong") if each.keys() <= alone and each["text"] != NO_KIND]
    right = [each for each in _orders("right") if each.keys() <= alone]
    found = _with_error([_fhir(place, each) for place, each in enumerate((*wrong, *right))])
    assert [
        (each["drug"], each.get("kind"), each["text"]) for place, each in enumerate(wrong) if place not in found
    ] == []
    assert [each["text"] for place, each in enumerate(right, len(wrong)) if place in found] == []
