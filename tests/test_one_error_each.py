"""Gross errors in words and in fields, each told once where it stands, and what is right beside them.

A line of the file names its orders by what they are, with what is changed of them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support import invoke

ROWS = [json.loads(line) for line in (Path(__file__).parent / "golden/one_error_each.jsonl").read_text().splitlines()]
ORDERS: dict[str, dict[str, Any]] = {
    "drip": {
        "drug": "tirofiban",
        "route": "IV",
        "kind": "infusion",
        "dose_rate_per_kg": "0.1 mcg/kg/min",
        "concentration": "50 mcg/mL",
        "pump_rate": "9.6 mL/h",
        "run_time": "24 h",
    },
    "bolus": {
        "drug": "tirofiban",
        "route": "IV",
        "kind": "bolus",
        "dose_per_kg": "10 mcg/kg",
        "dose": "800 mcg",
        "concentration": "50 mcg/mL",
        "volume": "16 mL",
        "give_over": "3 min",
    },
    "clopidogrel-load": {"drug": "clopidogrel", "route": "PO", "kind": "dose", "dose": "600 mg"},
    "clopidogrel-text": {"drug": "clopidogrel", "route": "PO", "kind": "dose"},
    "clopidogrel": {"drug": "clopidogrel", "route": "PO", "kind": "dose", "dose": "75 mg", "frequency": "daily"},
    "aspirin": {"drug": "aspirin", "route": "PO", "kind": "dose", "dose": "81 mg", "frequency": "daily"},
    "lysis-bolus": {
        "drug": "alteplase",
        "route": "IV",
        "kind": "bolus",
        "dose": "7.2 mg",
        "concentration": "1 mg/mL",
        "volume": "7.2 mL",
        "give_over": "1 min",
    },
    "lysis": {
        "drug": "alteplase",
        "route": "IV",
        "kind": "infusion",
        "dose": "64.8 mg",
        "concentration": "1 mg/mL",
        "pump_rate": "64.8 mL/h",
        "run_time": "60 min",
    },
    "tenecteplase": {
        "drug": "tenecteplase",
        "route": "IV",
        "kind": "bolus",
        "dose": "20 mg",
        "dose_per_kg": "0.25 mg/kg",
    },
    "heparin": {"drug": "heparin", "route": "IV", "kind": "bolus", "dose": "5000 units"},
    "norepinephrine": {
        "drug": "norepinephrine",
        "route": "IV",
        "kind": "infusion",
        "dose_rate_per_kg": "0.1 mcg/kg/min",
        "concentration": "16 mcg/mL",
        "pump_rate": "30 mL/h",
    },
}
SET: dict[str, Any] = {
    "order_set": "Rescue tirofiban after thrombectomy",
    "version": "1",
    "approved": "2026-03-01",
    "patient": {"weight": "80 kg"},
    "monitoring": [{"check": "platelets", "at": "baseline", "then": "6 h after start and daily"}],
    "stop_if": ["platelets below 90 x10^9/L", "neurological deterioration", "serious bleeding"],
}


def order(row: dict[str, Any]) -> dict[str, Any]:
    """Return an order as it is changed: what is null is left out."""
    made = {**ORDERS.get(row.get("is", ""), {}), **{name: each for name, each in row.items() if name != "is"}}
    return {name: each for name, each in made.items() if each is not None}


def document(row: dict[str, Any]) -> dict[str, Any]:
    changed = {name: each for name, each in row.items() if name not in {"errors", "orders"}}
    made = {**SET, "orders": [order(each) for each in row["orders"]], **changed}
    return {name: each for name, each in made.items() if each is not None}


def errors(rows: list[dict[str, Any]]) -> list[list[str]]:
    """Return code and place of the errors of each row: all of them are one file."""
    text = "".join(f"{json.dumps(document(each))}\n" for each in rows)
    options = ("--stdin-filename", "a.jsonl", "--format", "json", "--isolated", "--as-of", "2026-11-29")
    found: list[list[str]] = [[] for _ in rows]
    for each in invoke("check", "-", *options, stdin=text).json["findings"]:
        if each["severity"] == "error":
            found[int(each["line"]) - 1].append(f"{each['code']} {each['pointer']}")
    return found


def test_each_gross_error_is_told_once_and_what_is_right_is_none() -> None:
    found = zip(ROWS, errors(ROWS), strict=True)
    assert [(row, each) for row, each in found if each != row["errors"]] == []
    assert sum(not each["errors"] for each in ROWS) > 80
    assert sum(bool(each["errors"]) for each in ROWS) > 100


UNJUDGED = (
    "known aneurysm",
    "patient has a known cerebral aneurysm",
    "ruptured aneurysm",
    "AVM",
    "brain tumour",
    "haemophilia",
    "allergic to tirofiban",
    "tirofiban allergy",
    "aortic dissection",
    "thrombocytopenia",
    "epistaxis ongoing",
    "pregnant",
)
JUDGED = (
    "no aneurysm on CTA",
    "aneurysm excluded",
    "no known allergies",
    "watch for haematuria",
    "call if epistaxis",
    "CT without aneurysm or AVM",
    "exclude aortic dissection first",
    "family history of aneurysm",
)


def test_a_condition_that_no_source_judges_is_named() -> None:
    """In the text of an order and in the indication; a denial, a check and a criterion are none."""
    rows: list[dict[str, Any]] = [{"orders": [{"is": "drip", "text": each}]} for each in (*UNJUDGED, *JUDGED)]
    rows += [{"orders": [{"is": "drip"}], "indication": f"stroke rescue; {each}"} for each in UNJUDGED]
    expected = [f"{line} /orders/0/text" for line in range(1, len(UNJUDGED) + 1)]
    expected += [f"{line} /indication" for line in range(len(UNJUDGED) + len(JUDGED) + 1, len(rows) + 1)]
    text = "".join(f"{json.dumps(document(each))}\n" for each in rows)
    made = invoke("check", "-", "--stdin-filename", "a.jsonl", "--format", "json", "--select", "RC647", stdin=text).json
    assert [f"{each['line']} {each['pointer']}" for each in made["findings"]] == expected
