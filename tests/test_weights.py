"""Weights that no patient has, and rows of a table for other weights than the patient's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import invoke

ROW = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.15 mcg/kg/min"}
BOLUS = {"drug": "tirofiban", "route": "IV", "kind": "bolus", "dose_per_kg": "10 mcg/kg"}


def found(orders: list[dict[str, Any]], weight: str = "", severity: str = "error") -> list[tuple[str, str]]:
    made: dict[str, Any] = {"order_set": "S", "orders": orders}
    if weight:
        made["patient"] = {"weight": weight}
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(made))
    return [(each["code"], each["pointer"]) for each in outcome.json["findings"] if each["severity"] == severity]


def row(weight: str, rate: str) -> dict[str, str]:
    return {**ROW, "weight": weight, "concentration": "50 mcg/mL", "pump_rate": rate}


@pytest.mark.parametrize(
    ("orders", "weight", "expected"),
    [
        ([BOLUS], "800 kg", [("RC406", "/patient/weight")]),
        ([{**BOLUS, "when": {"weight": "> 800 kg"}}], "", [("RC406", "/orders/0/when/weight")]),
        ([{**BOLUS, "when": {"weight": "< 1 kg"}}], "", [("RC406", "/orders/0/when/weight")]),
        ([row("460-540 kg", "90 mL/h")], "", [("RC406", "/orders/0/weight")]),
        ([{**BOLUS, "text": "10 mcg/kg, weight 800 kg"}], "", [("RC406", "/orders/0/text")]),
        ([row("46-54 kg", "9 mL/h")], "80 kg", [("RC432", "/orders/0/weight")]),
        ([row("46-54 kg", "9 mL/h"), row("55-62 kg", "10.5 mL/h")], "80 kg", [("RC432", "/orders/1/weight")]),
        ([row("46-54 kg", "9 mL/h"), row("50-62 kg", "10.1 mL/h")], "", [("RC433", "/orders/1/weight")]),
    ],
)
def test_weights_that_cannot_be_are_errors(
    orders: list[dict[str, Any]], weight: str, expected: list[tuple[str, str]]
) -> None:
    assert found(orders, weight) == expected


@pytest.mark.parametrize(
    ("orders", "weight"),
    [
        ([BOLUS], "176 kg"),
        ([{**BOLUS, "when": {"weight": "> 150 kg"}}], ""),
        ([{**BOLUS, "when": {"weight": "<= 37 kg"}}], ""),
        ([row("46-54 kg", "9 mL/h"), row("78-86 kg", "14.8 mL/h")], "80 kg"),
        ([row("46-54 kg", "9 mL/h"), row("55-62 kg", "10.5 mL/h")], "54.6 kg"),
        ([row("46-54 kg", "9 mL/h"), row("54-62 kg", "10.5 mL/h")], ""),
        ([row("46-54 kg", "9 mL/h"), {**ROW, "weight": "46-54 kg", "pump_rate": "4.5 mL/h"}], ""),
        ([{"drug": "acetaminophen", "kind": "dose", "weight": "3-5 kg", "dose": "40 mg"}], ""),
    ],
)
def test_unusual_weights_and_rows_of_others_are_no_errors(orders: list[dict[str, Any]], weight: str) -> None:
    assert found(orders, weight) == []


def test_a_condition_for_no_usual_weight_is_a_warning() -> None:
    assert ("RC406", "/orders/0/when/weight") in found([{**BOLUS, "when": {"weight": "> 160 kg"}}], severity="warning")


BANDS = ("38-45", "46-54", "55-62", "63-70", "71-79", "80-87", "88-95", "96-104")


def table(*rates: str) -> list[dict[str, str]]:
    """Return the rows of a table; each is within its own band by its dose per kg."""
    return [row(f"{band} kg", f"{rate} mL/h") for band, rate in zip(BANDS, rates, strict=False)]


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        (("7.5", "9", "10.5", "12", "13.5", "15", "16.5", "18"), []),
        # 12.6 mL/h are 70 kg, the last of the band; every other row is made for its middle.
        (("7.5", "9", "10.5", "12.9", "13.5", "15", "16.5", "18"), [("RC433", "/orders/3/pump_rate")]),
        (("7.5", "9.7", "10.5", "12", "13.5", "15", "16.5", "18"), [("RC433", "/orders/1/pump_rate")]),
        (("7.5", "9", "10.5", "12", "13.5", "15", "16.5", "17"), []),  # a maximum that is not written
        (("7", "9", "11", "12", "14", "15", "17", "18"), []),  # whole mL/h
        (("7.5", "9", "10.5", "12.9"), []),  # three rows tell no line
    ],
)
def test_a_row_off_the_line_of_its_own_table_is_an_error(
    rates: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    assert [each for each in found(table(*rates)) if each[0] in {"RC433", "RC304"}] == expected


def test_what_lies_on_the_line_is_expected_and_the_next_row_does_not_fall() -> None:
    rows = table("7.5", "9", "10.5", "12", "15", "14.9", "16.5", "18")
    for each in rows:
        del each["dose_rate_per_kg"]
    made = {"order_set": "S", "orders": rows}
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(made))
    told = [(each["pointer"], each["expected"]) for each in outcome.json["findings"] if each["code"] == "RC433"]
    assert told == [("/orders/4/pump_rate", "13.5 mL/h")]
