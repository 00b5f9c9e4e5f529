"""A bolus and an infusion that are parts of one dose add up to it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import invoke

PART = "10% as a bolus"


def errors(bolus: dict[str, str], infusion: dict[str, str], weight: str = "", drug: str = "alteplase") -> list[Any]:
    """Return pointer, found and expected of the errors of a bolus and the infusion of the rest."""
    common = {"drug": drug, "route": "IV", "concentration": "1 mg/mL"}
    orders = [
        {**common, "kind": "bolus", "give_over": "1 min", **bolus},
        {**common, "kind": "infusion", "run_time": "1 h", **infusion},
    ]
    made: dict[str, Any] = {"order_set": "S", "orders": orders}
    if weight:
        made["patient"] = {"weight": weight}
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(made))
    found = [each for each in outcome.json["findings"] if each["severity"] == "error"]
    return [(each["pointer"], each["found"], each["expected"]) for each in found]


PER_KG = {"dose_per_kg": "0.9 mg/kg"}


@pytest.mark.parametrize(
    ("bolus", "infusion", "weight", "pointer", "expected"),
    [
        ({**PER_KG, "dose": "7.2 mg", "text": PART}, {**PER_KG, "dose": "72 mg"}, "80 kg", 1, "64.8 mg"),
        ({**PER_KG, "dose": "7.2 mg", "text": PART}, {**PER_KG, "dose": "72 mg"}, "", 1, "64.8 mg"),
        ({"dose": "7.2 mg", "text": PART}, {"dose": "72 mg"}, "80 kg", 1, "64.8 mg"),
        ({"dose": "7.2 mg", "text": "10% of total 72 mg"}, {"dose": "72 mg"}, "", 1, "64.8 mg"),
    ],
)
def test_parts_that_are_more_than_the_dose_are_an_error(
    bolus: dict[str, str], infusion: dict[str, str], weight: str, pointer: int, expected: str
) -> None:
    dose = (bolus, infusion)[pointer]["dose"]
    assert errors(bolus, infusion, weight) == [(f"/orders/{pointer}/dose", dose, expected)]


@pytest.mark.parametrize(
    ("bolus", "infusion", "weight"),
    [
        ({**PER_KG, "dose": "8 mg", "text": PART}, {**PER_KG, "dose": "72.1 mg"}, "89 kg"),
        ({**PER_KG, "dose": "7.2 mg", "text": PART}, {**PER_KG, "dose": "64.8 mg"}, ""),
        ({"dose": "7.2 mg", "text": "10% of total 72 mg"}, {"dose": "64.8 mg", "text": "total 72 mg"}, "80 kg"),
        (
            {**PER_KG, "dose": "9 mg", "text": "10% of total 90 mg, max 90 mg"},
            {**PER_KG, "dose": "81 mg", "text": "max 90 mg"},
            "120 kg",
        ),
    ],
)
def test_parts_that_add_up_to_the_dose_are_no_error(
    bolus: dict[str, str], infusion: dict[str, str], weight: str
) -> None:
    assert errors(bolus, infusion, weight) == []


@pytest.mark.parametrize("text", ["SpO2 above 92% over 24 h", "20% solution", "aim for 50% of baseline"])
def test_a_percentage_of_something_else_is_no_part_of_a_dose(text: str) -> None:
    assert errors({"dose": "5 mg", "text": text}, {"dose": "2 mg"}, drug="vancomycin") == []
