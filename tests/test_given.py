"""What an order gives is judged in whatever way it says so, and how it is given: planted slips and correct orders."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from tests.support import invoke

HEAVIER = {"error", "warning"}


def findings(order: dict[str, Any], patient: str | None = "80 kg", protocol: str | None = None) -> list[Any]:
    made: dict[str, Any] = {"order_set": "one", "orders": [{"drug": "tirofiban", **order}]}
    if patient is not None:
        made["patient"] = {"weight": patient}
    if protocol is not None:
        made["protocol"] = protocol
    selected = ("--select", "RC2,RC3,RC4", "--ignore", "RC401,RC403,RC405,RC407,RC408,RC410,RC415")
    outcome = invoke("check", "-", *selected, "--format", "json", stdin=json.dumps(made))
    return [finding for finding in outcome.json["findings"] if finding["severity"] in HEAVIER]


def codes(*args: Any) -> list[tuple[str, str]]:
    return [(finding["code"], finding["pointer"].rpartition("/")[2]) for finding in findings(*args)]


# 0.15 mcg/kg/min at 80 kg is 720 mcg/h, 14.4 mL/h of 50 mcg/mL, in 24 h 17.28 mg or 345.6 mL.
DRIP = {"route": "IV", "kind": "infusion"}
RIGHT = [
    {"dose": "17.28 mg", "run_time": "24 h"},
    {"dose": "17.28 mg", "start": "+0 h", "stop": "+24 h"},
    {"vtbi": "345.6 mL", "run_time": "24 h", "concentration": "50 mcg/mL"},
    {"vtbi": "345.6 mL", "run_time": "24 h", "product": "bag-250"},
    {"volume": "345.6 mL", "run_time": "24 h", "concentration": "50 mcg/mL"},
    {"dose_per_kg": "216 mcg/kg", "run_time": "24 h"},
]
TENFOLD = [
    ({"dose": "172.8 mg", "run_time": "24 h"}, "dose"),
    ({"vtbi": "3456 mL", "run_time": "24 h", "concentration": "50 mcg/mL"}, "vtbi"),
    ({"volume": "3456 mL", "run_time": "24 h", "product": "bag-250"}, "volume"),
    ({"dose_per_kg": "2160 mcg/kg", "run_time": "24 h"}, "dose_per_kg"),
]


@pytest.mark.parametrize("protocol", [None, "yang-2020-iv"])
@pytest.mark.parametrize("fields", RIGHT, ids=str)
def test_an_infusion_that_says_its_whole_dose_is_right(fields: dict[str, str], protocol: str | None) -> None:
    assert codes({**DRIP, **fields}, "80 kg", protocol) == []


@pytest.mark.parametrize(("protocol", "code"), [(None, "RC402"), ("yang-2020-iv", "RC419")])
@pytest.mark.parametrize(("fields", "field"), TENFOLD, ids=str)
def test_ten_times_the_whole_dose_is_found_and_named(
    fields: dict[str, str], field: str, protocol: str | None, code: str
) -> None:
    (found,) = findings({**DRIP, **fields}, "80 kg", protocol)
    assert (found["code"], found["pointer"].rpartition("/")[2]) == (code, field)
    assert (found["factor"], "decimal point" in found["slip"]) == (10, True)


def test_what_an_infusion_is_given_over_is_how_long_it_runs() -> None:
    order = {"drug": "heparin", **DRIP, "pump_rate": "10 mL/h", "give_over": "2 h", "concentration": "100 units/mL"}
    assert codes({**order, "vtbi": "20 mL"}) == []
    (found,) = findings({**order, "vtbi": "200 mL"})
    assert (found["code"], found["expected"], found["factor"]) == ("RC305", "20 mL", 10)
    assert "10 mL/h × 2 h" in found["message"]
    assert codes({**DRIP, "dose_rate_per_kg": "0.1 mcg/kg/min", "give_over": "2 h"}) == [("RC412", "give_over")]


def test_a_whole_container_is_not_taken_for_what_is_given() -> None:
    for fields in (
        {"dose": "12.5 mg", "run_time": "8 h", "product": "bag-250"},
        {"vtbi": "250 mL", "run_time": "8 h", "product": "bag-250"},
        {"dose": "12.5 mg", "run_time": "8 h"},
    ):
        assert ("RC402", next(iter(fields))) not in codes({**DRIP, **fields})


def test_a_load_by_its_dose_in_its_time_is_no_maintenance_infusion() -> None:
    assert codes({**DRIP, "dose_per_kg": "12 mcg/kg", "give_over": "30 min"}) == []
    assert codes({**DRIP, "dose": "960 mcg", "run_time": "30 min"}) == []
    assert codes({**DRIP, "dose_per_kg": "12 mcg/kg", "give_over": "3 min"}) == [("RC402", "dose_per_kg")]


WITHOUT_WEIGHT = [
    (None, {**DRIP, "dose_rate": "720 mcg/h"}, []),
    (None, {**DRIP, "dose_rate": "12 mg/min"}, [("RC402", "dose_rate")]),
    (None, {**DRIP, "pump_rate": "14.4 mL/h", "concentration": "50 mcg/mL"}, []),
    (None, {**DRIP, "pump_rate": "864 mL/h", "concentration": "50 mcg/mL"}, [("RC402", "pump_rate")]),
    (None, {"route": "IV", "kind": "bolus", "volume": "16 mL", "concentration": "50 mcg/mL"}, []),
    (None, {"route": "IV", "kind": "bolus", "volume": "160 mL", "concentration": "50 mcg/mL"}, [("RC404", "volume")]),
    ("yang-2020-iv", {**DRIP, "dose_rate": "720 mcg/h"}, []),
    ("yang-2020-iv", {**DRIP, "dose_rate": "12 mcg/h"}, [("RC419", "dose_rate")]),
    ("yang-2020-iv", {"route": "IV", "kind": "bolus", "dose": "800 mcg"}, []),
    ("yang-2020-iv", {"route": "IV", "kind": "bolus", "dose": "8 mg"}, [("RC419", "dose")]),
    ("huo-2021", {"route": "IA", "kind": "bolus", "dose": "500 mcg"}, []),
    ("huo-2021", {"route": "IA", "kind": "bolus", "dose": "5 mg"}, [("RC419", "dose")]),
]


@pytest.mark.parametrize(("protocol", "order", "expected"), WITHOUT_WEIGHT, ids=str)
def test_what_no_usual_weight_makes_right_is_found_without_a_weight(
    protocol: str | None, order: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    assert codes(order, None, protocol) == expected


@pytest.mark.parametrize("weight", [40, 150])
def test_the_ends_of_the_usual_weights_are_right_without_a_weight(weight: int) -> None:
    dose = f"{weight * 10} mcg"
    rate = Fraction(15, 100) * 60 * weight / 50
    assert codes({"route": "IV", "kind": "bolus", "dose": dose}, None, "yang-2020-iv") == []
    set_to = f"{float(rate):g} mL/h"
    assert codes({**DRIP, "pump_rate": set_to, "concentration": "50 mcg/mL"}, None, "yang-2020-iv") == []


def test_the_weights_of_a_condition_are_the_measure_where_no_other_is_known() -> None:
    order = {**DRIP, "pump_rate": "25 mL/h", "concentration": "50 mcg/mL"}
    assert codes(order, None, "yang-2020-iv") == []
    for weights in ("< 60 kg", "40-50 kg", "<= 59 kg"):
        assert codes({**order, "when": {"weight": weights}}, None, "yang-2020-iv") == [("RC419", "pump_rate")]
    assert codes({**order, "when": {"weight": "> 120 kg"}}, None, "yang-2020-iv") == []


def test_what_is_expected_without_a_weight_is_said_as_a_range() -> None:
    (found,) = findings({"route": "IV", "kind": "bolus", "dose": "8 mg"}, None, "yang-2020-iv")
    assert (found["found"], found["expected"], found["slip"]) == ("8 mg", "0.8 mg", ["decimal point"])
    assert found["expected_range"] == {"low": "0.4 mg", "high": "1.5 mg"}
    assert "at 40 to 150 kg 53.33 to 200 mcg/kg" in found["message"]
    (unnamed,) = findings({"route": "IV", "kind": "bolus", "dose": "2.5 mg"}, None, "yang-2020-iv")
    assert (unnamed["expected"], unnamed["factor"], unnamed["slip"]) == (None, None, [])
    assert unnamed["expected_range"] == {"low": "0.4 mg", "high": "1.5 mg"}


def test_a_dose_without_route_and_kind_is_a_bolus() -> None:
    assert codes({"dose": "800 mcg"}) == []
    assert codes({"dose": "8 mg"}) == [("RC404", "dose")]
    assert codes({"dose": "8 mg", "kind": "dose"}) == [("RC404", "dose")]
    assert codes({"dose_per_kg": "100 mcg/kg"}) == [("RC404", "dose_per_kg")]
    assert codes({"dose": "12.5 mg", "product": "bag-250"}) == []  # what the bag holds
    assert codes({"drug": "ketamine", "dose": "8 mg"}) == []
    assert codes({"drug": "heparin", "dose": "8 mg"}) == [("RC204", "dose")]


def test_of_a_cap_that_takes_the_dose_away_the_number_is_said() -> None:
    order = {"route": "IV", "kind": "bolus", "dose_per_kg": "10 mcg/kg", "max_dose": "80 mcg", "dose": "80 mcg"}
    (found,) = findings(order, "80 kg", "yang-2020-iv")
    assert (found["code"], found["found"], found["expected"]) == ("RC427", "80 mcg", None)
    assert found["expected_range"] == {"low": "400 mcg", "high": None}
    heavy = {**order, "max_dose": "1000 mcg", "dose": "1000 mcg"}
    assert codes(heavy, "120 kg", "yang-2020-iv") == []


def test_a_decimal_comma_is_told_apart_from_thousands() -> None:
    said = {"1,5 mg": True, "0,15 mcg/kg/min": True, "0,125 mg": True, "14,4 mL/h": True, "1,2500 mcg": True}
    said |= {"1,500 mg": False, "5,000 units": False, "100,000/mcL": False, "2,3 and 4 of section 1,2": False}
    for text, is_comma in said.items():
        found = codes({"route": "IV", "kind": "bolus", "text": f"see {text}"})
        assert (("RC227", "text") in found) is is_comma, text
