"""Kinds of right orders that were called wrong, each beside its neighbour that is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import invoke


def heavy(made: dict[str, Any], select: str = "RC3,RC4") -> list[tuple[str, str]]:
    """Return code and field of what is found above a note."""
    outcome = invoke("check", "-", "--select", select, "--ignore", "RC407", "--format", "json", stdin=json.dumps(made))
    found = json.loads(outcome.stdout)["findings"]
    return [(each["code"], each["pointer"].rpartition("/")[2]) for each in found if each["severity"] != "note"]


def order_set(fields: dict[str, str], weight: str | None = None, **more: str) -> dict[str, Any]:
    patient = {"patient": {"weight": weight}} if weight is not None else {}
    return {"order_set": "one", **patient, **more, "orders": [{"route": "IV", **fields}]}


BOLUS = {"drug": "tirofiban", "kind": "bolus", "concentration": "50 mcg/mL", "give_over": "5 min"}
DRIP = {"drug": "tirofiban", "kind": "infusion", "concentration": "50 mcg/mL"}


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({**BOLUS, "volume": "17 mL"}, []),  # the row of 30 to 37 kg
        ({**BOLUS, "dose_per_kg": "25 mcg/kg", "volume": "17 mL"}, []),
        ({**BOLUS, "dose_per_kg": "25 mcg/kg", "volume": "75 mL"}, []),
        ({**DRIP, "pump_rate": "3 mL/h"}, []),
        ({**BOLUS, "volume": "16 mL"}, [("RC419", "volume")]),
        ({**BOLUS, "dose_per_kg": "25 mcg/kg", "volume": "18 mL"}, [("RC302", "volume")]),
        ({**BOLUS, "dose_per_kg": "25 mcg/kg", "volume": "17 mL", "concentration": "250 mcg/mL"}, []),  # 170 kg
        ({**DRIP, "pump_rate": "2.9 mL/h"}, [("RC419", "pump_rate")]),
    ],
)
def test_a_row_of_the_named_label_needs_no_weight(fields: dict[str, str], found: list[tuple[str, str]]) -> None:
    if fields["concentration"] == "250 mcg/mL":
        found = [("RC302", "volume")]  # the table is of another concentration
    assert heavy(order_set(fields, protocol="us-label")) == found


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({**BOLUS, "weight": "80-87 kg", "dose_per_kg": "25 mcg/kg", "volume": "42 mL"}, []),
        ({**BOLUS, "weight": "80-87 kg", "dose_per_kg": "25 mcg/kg", "volume": "41 mL"}, [("RC405", "dose_per_kg")]),
        ({**BOLUS, "weight": "80-90 kg", "dose_per_kg": "25 mcg/kg", "volume": "42 mL"}, [("RC405", "dose_per_kg")]),
        ({**DRIP, "weight": "80-87 kg", "dose_rate_per_kg": "0.075 mcg/kg/min", "pump_rate": "7.5 mL/h"}, []),
    ],
)
def test_a_labels_row_names_its_source(fields: dict[str, str], found: list[tuple[str, str]]) -> None:
    assert heavy(order_set(fields)) == found


@pytest.mark.parametrize(
    ("indication", "found"),
    [
        ("acute coronary syndrome", []),
        ("acute coronary syndrome or failed thrombectomy", [("RC405", "dose_per_kg")]),
        ("as ordered", [("RC405", "dose_per_kg")]),
        ("failed thrombectomy", [("RC404", "dose_per_kg")]),
    ],
)
def test_a_set_for_coronary_disease_is_not_compared_with_rescue(indication: str, found: list[tuple[str, str]]) -> None:
    fields = {"drug": "tirofiban", "kind": "bolus", "dose_per_kg": "25 mcg/kg"}
    assert heavy(order_set(fields, indication=indication)) == found


@pytest.mark.parametrize(
    ("vtbi", "found"),
    [
        ("230 mL", []),
        ("223 mL", []),
        ("222 mL", [("RC305", "vtbi")]),
        ("43.2 mL", [("RC305", "vtbi")]),
        ("4320 mL", [("RC305", "vtbi")]),
    ],
)
def test_the_first_of_two_bags_may_leave_what_the_line_holds(vtbi: str, found: list[tuple[str, str]]) -> None:
    fields = {"drug": "heparin", "kind": "infusion", "dose_rate": "1800 units/h", "product": "25000 units in 250 mL"}
    assert heavy(order_set({**fields, "pump_rate": "18 mL/h", "run_time": "24 h", "vtbi": vtbi})) == found


ALTEPLASE = {"drug": "alteplase", "kind": "bolus", "dose": "6.5 mg"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0.9 mg/kg total (max 90 mg): 10 % bolus = 6.5 mg", []),
        ("total dose 0.9 mg/kg = 64.8 mg; give 10% (6.5 mg) as bolus over 1 min", []),
        ("10 % of 0.9 mg/kg as a bolus", []),
        ("9 mg/kg total (max 90 mg): 10 % bolus = 6.5 mg", [("RC308", "text")]),
        ("0.9 mg/kg total (max 90 mg): 10 % bolus = 65 mg", [("RC308", "text")]),
        ("alteplase 65 mg in 10 % dextrose", [("RC308", "text")]),
    ],
)
def test_a_text_may_say_the_total_of_which_the_order_gives_a_part(text: str, found: list[tuple[str, str]]) -> None:
    assert heavy(order_set({**ALTEPLASE, "text": text}, "72 kg")) == found


def test_a_ratio_to_another_drug_is_no_dose() -> None:
    fields = {"drug": "protamine", "kind": "bolus", "dose": "50 mg"}
    assert heavy(order_set({**fields, "text": "1 mg per 100 units of heparin; max 50 mg"})) == []
    assert heavy(order_set({**fields, "text": "give 5 mg"})) == [("RC308", "text")]


def test_the_maximum_of_a_titration_need_not_bind_at_its_start() -> None:
    fields = {"drug": "norepinephrine", "kind": "infusion", "dose_rate_per_kg": "0.05 mcg/kg/min"}
    capped = {**fields, "max_dose_rate": "40 mcg/min"}
    assert heavy(order_set({**capped, "text": "titrate to MAP 65"})) == []
    assert heavy(order_set(capped)) == [("RC421", "max_dose_rate")]


@pytest.mark.parametrize(
    ("fields", "weight"),
    [
        ({"drug": "heparin", "kind": "infusion", "dose_rate_per_kg": "12 units/kg/h", "dose_rate": "1000 units/h",
          "max_dose_rate": "1000 units/h", "concentration": "100 units/mL", "pump_rate": "10 mL/h"}, "50 kg"),
        ({"drug": "tenecteplase", "kind": "bolus", "dose_per_kg": "0.25 mg/kg", "dose": "25 mg", "max_dose": "25 mg",
          "concentration": "5 mg/mL", "volume": "5 mL"}, "60 kg"),
    ],
)  # fmt: skip
def test_a_maximum_that_stands_in_place_of_the_dose_is_blamed_on_the_dose(fields: dict[str, str], weight: str) -> None:
    made = json.dumps(order_set(fields, weight))
    [found] = json.loads(invoke("check", "-", "--select", "RC3", "--format", "json", stdin=made).stdout)["findings"]
    assert found["pointer"] == f"/orders/0/{'dose_rate' if 'dose_rate' in fields else 'dose'}"
    assert (found["expected"], found["slip"]) == (
        "600 units/h" if "dose_rate" in fields else "15 mg",
        ["the maximum in place of the dose"],
    )


def test_a_row_of_a_table_has_no_gap_of_clearance() -> None:
    row = "drug,kind,dose_rate_per_kg,when_creatinine_clearance\ntirofiban,infusion,0.15 mcg/kg/min,> 60 mL/min\n"
    out = invoke("check", "-", "--stdin-filename", "a.csv", "--select", "RC512", "--format", "json", stdin=row)
    assert out.json["findings"] == []
