"""The EU label's weight table: its own rows beside the exact doses, halved below 30 mL/min, and none above 87 kg."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.support import invoke

pytestmark = pytest.mark.core

with (Path(__file__).parent / "golden" / "label_band_eu.csv").open(encoding="utf-8", newline="") as lines:
    ROWS = list(csv.DictReader(lines))


def banded(protocol: str, weight: str, clearance: str, run_time: str) -> Any:
    args = ("dose", protocol, "--weight", weight, "--run-time", run_time, "--crcl", clearance, "--label-band")
    return invoke(*args, "--infusion-product", "bag-250", "--format", "json").json


def value(quantity: Any) -> str:
    return str(quantity["value"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['from_kg']}-{row['to_kg']} kg")
@pytest.mark.parametrize("edge", ["from_kg", "to_kg"])
@pytest.mark.parametrize(("clearance", "share"), [("90mL/min", ""), ("30mL/min", ""), ("29mL/min", "halved_")])
def test_each_row_of_both_regimens_is_the_tables(row: dict[str, str], edge: str, clearance: str, share: str) -> None:
    weight = f"{row[edge]}kg"
    bolus = banded("eu-label-bolus", weight, clearance, "24h")["label_band"]["row"]
    assert value(bolus["bolus_volume"]) == row[f"{share}bolus_ml"]
    assert value(bolus["pump_rate"]) == row[f"{share}after_bolus_ml_h"]
    assert (value(bolus["give_over"]), bolus["load"]) == ("3", None)
    load = banded("eu-label-load", weight, clearance, "48h")["label_band"]["row"]
    assert value(load["load"]["pump_rate"]) == row[f"{share}load_ml_h"]
    assert value(load["pump_rate"]) == row[f"{share}after_load_ml_h"]
    assert load["bolus_volume"] is None


def test_the_band_stands_beside_the_exact_values_and_never_in_their_place() -> None:
    made = banded("eu-label-load", "82kg", "90mL/min", "48h")
    assert [value(each["pump_rate"]) for each in made["infusions"]] == ["39.4", "9.8"]
    row = made["label_band"]["row"]
    assert (value(row["load"]["pump_rate"]), value(row["pump_rate"])) == ("40", "10")
    assert str(row["load"]["deviation_percent"]) == "1.63"


@pytest.mark.parametrize(("weight", "held"), [("87kg", True), ("87.5kg", False), ("88kg", False), ("37.5kg", False)])
def test_above_87_kg_and_between_rows_the_band_is_refused_and_says_that_one_copy_was_read(
    weight: str, held: bool
) -> None:
    band = banded("eu-label-bolus", weight, "90mL/min", "24h")["label_band"]
    assert (band["row"] is not None) == held
    assert band["remark"] == "one public copy was read, to 87 kg: above that no row is held here"


@pytest.mark.parametrize(("load", "found"), [("40 mL/h", set()), ("38 mL/h", {"RC419"}), ("41 mL/h", {"RC419"})])
def test_an_order_that_sets_a_row_of_its_own_infusion_is_no_deviation(load: str, found: set[str]) -> None:
    drip = "drug: tirofiban, route: IV, kind: infusion, concentration: 50 mcg/mL"
    text = (
        "order_set: Acute coronary syndrome\nprotocol: eu-label-load\n"
        "patient: {weight: 82 kg, creatinine_clearance: 90 mL/min}\norders:\n"
        f"  - {{id: load, {drip}, start: +0 h, run_time: 30 min, pump_rate: {load}}}\n"
        f"  - {{id: drip, {drip}, start: +30 min, run_time: 48 h, pump_rate: 10 mL/h}}\n"
    )
    made = invoke("check", "-", "--stdin-filename", "a.yaml", "--format", "json", stdin=text).json
    assert {each["code"] for each in made["findings"] if each["severity"] == "error"} == found


@pytest.mark.parametrize(("run_time", "found"), [("30 min", False), ("30 h", True)])
def test_a_row_is_no_excuse_for_a_load_that_outlasts_the_labels(run_time: str, found: bool) -> None:
    drip = "drug: tirofiban, route: IV, kind: infusion, concentration: 50 mcg/mL"
    text = (
        "order_set: Acute coronary syndrome\npatient: {weight: 75 kg}\norders:\n"
        f"  - {{{drip}, dose_rate_per_kg: 0.4 mcg/kg/min, pump_rate: 36 mL/h, run_time: {run_time}}}\n"
        f"  - {{{drip}, dose_rate_per_kg: 0.1 mcg/kg/min, pump_rate: 9 mL/h, run_time: 48 h}}\n"
    )
    made = invoke("check", "-", "--stdin-filename", "a.yaml", "--format", "json", stdin=text).json
    assert ("RC402" in {each["code"] for each in made["findings"] if each["severity"] == "error"}) == found


def test_the_us_table_shows_what_its_rule_leaves_once() -> None:
    page = invoke("protocol", "show", "us-label", "--details").stdout
    assert "halved: rate" in page
    assert "halved: bolus" not in page
    assert "halved: bolus" in invoke("protocol", "show", "eu-label-bolus", "--details").stdout
