"""What a text says in words against the order's fields: how often, which drug, at which hour, to whom."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.core.orders.text.frequency import exactly_daily
from tests.support import invoke

if TYPE_CHECKING:
    from pathlib import Path


def findings(tmp_path: Path, drug: str, dose: str, frequency: str, text: str) -> list[tuple[str, str, str]]:
    order = {"drug": drug, "route": "PO", "kind": "dose", "dose": dose, "frequency": frequency}
    if text:
        order["text"] = text
    made = {"order_set": "a", "version": "1", "approved": "2026-01-01", "orders": [order]}
    path = tmp_path / "orders.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    result = invoke("check", str(path), "--format", "json", "--isolated")
    found = json.loads(result.stdout)["findings"]
    return [(each["code"], each["severity"], each["pointer"]) for each in found if each["severity"] != "note"]


@pytest.mark.parametrize(
    ("drug", "dose", "frequency", "text"),
    [
        ("clopidogrel", "75 mg", "daily", "clopidogrel 75 mg PO every 6 h"),
        ("methotrexate", "7.5 mg", "daily", "methotrexate 7.5 mg PO once weekly"),
        ("methotrexate", "7.5 mg", "once weekly", "methotrexate 7.5 mg by mouth daily"),
        ("enoxaparin", "80 mg", "every 12 h", "enoxaparin 80 mg PO q2h"),
        ("aspirin", "81 mg", "daily", "aspirin 81 mg PO twice daily, with food"),
        ("metoprolol", "25 mg", "daily", "give every 2 hours"),
        ("metoprolol", "25 mg", "twice daily", "25 mg every other day"),
        ("aspirin", "325 mg", "once", "aspirin 325 mg PO daily"),
        ("digoxin", "125 mcg", "daily", "digoxin 125 mcg PO 4-hourly; pulse daily"),
    ],
)
def test_a_text_that_gives_it_more_or_less_often_is_an_error(
    tmp_path: Path, drug: str, dose: str, frequency: str, text: str
) -> None:
    assert findings(tmp_path, drug, dose, frequency, text) == [("RC317", "error", "/orders/0/text")]


@pytest.mark.parametrize(
    ("drug", "dose", "frequency", "text"),
    [
        ("ticagrelor", "90 mg", "twice daily", "ticagrelor 90 mg PO q12h"),
        ("clopidogrel", "300 mg", "once", "clopidogrel 300 mg PO once at hour 20"),
        ("aspirin", "81 mg", "daily", "aspirin 81 mg PO once, then daily"),
        ("aspirin", "81 mg", "daily", "aspirin 81 mg PO daily, check platelets every 6 h"),
        ("aspirin", "81 mg", "daily", "aspirin 1 tablet (81 mg) by mouth every morning; neuro checks hourly"),
        ("paracetamol", "1 g", "every 6 h", "paracetamol 1 g PO every 6 to 8 h"),
        ("paracetamol", "1 g", "every 8 h", "paracetamol 1 g PO three times a day as needed for pain"),
        ("atorvastatin", "80 mg", "daily", "atorvastatin 80 mg PO nightly"),
        ("levetiracetam", "500 mg", "every 12 h", "levetiracetam 500 mg PO q12h x 7 days"),
        ("paracetamol", "1 g", "every 6 h", "1 g PO, at most 4 times a day"),
    ],
)
def test_a_text_that_gives_it_as_often_is_clean(
    tmp_path: Path, drug: str, dose: str, frequency: str, text: str
) -> None:
    assert findings(tmp_path, drug, dose, frequency, text) == []


@pytest.mark.parametrize(
    ("dose", "frequency", "text", "found"),
    [
        ("75 mg", "every 6 h", "clopidogrel 75 mg PO daily", ("RC626", "error")),
        ("75 mg", "weekly", "clopidogrel 75 mg PO weekly", ("RC627", "warning")),
        ("75 mg", "every other day", "", ("RC627", "warning")),
        ("75 mg", "every blue moon", "", ("RC712", "warning")),
    ],
)
def test_the_field_is_blamed_where_it_is_the_field_that_is_wrong_or_unknown(
    tmp_path: Path, dose: str, frequency: str, text: str, found: tuple[str, str]
) -> None:
    assert findings(tmp_path, "clopidogrel", dose, frequency, text) == [(*found, "/orders/0/frequency")]


@pytest.mark.parametrize(
    ("text", "times"),
    [
        *((text, Fraction(2)) for text in ("BID", "b.i.d.", "q12h", "q 12 h", "2 x daily", "twice a day (q12h)")),
        *((text, Fraction(1)) for text in ("daily", "every 24 h", "every morning", "nocte", "daily for 21 days")),
        *((text, Fraction(4)) for text in ("QID", "6 hourly", "6-hourly", "2 times every 12 h", "4 times a day")),
        *((text, Fraction(1, 2)) for text in ("every other day", "every 2 days", "alternate days every 48 h")),
        *((text, Fraction(1, 7)) for text in ("weekly", "once a week", "q1wk", "every 7 days")),
        *((text, Fraction(0)) for text in ("once", "single dose", "x1")),
        *(
            (text, None)
            for text in ("every 4-6 h", "1-2 times daily", "per day", "as needed", "every 0 h", "BID or TID")
        ),
        *((text, None) for text in ("daily, weekly", "on arrival", "up to every 4 h", "0-hourly")),
    ],
)
def test_how_often_is_told_exactly_where_it_is_said_once(text: str, times: Fraction | None) -> None:
    assert exactly_daily(text) == times


ORDER: dict[str, Any] = {"drug": "clopidogrel", "route": "PO", "kind": "dose", "dose": "300 mg", "start": "+20 h"}
BOLUS: dict[str, Any] = {"drug": "tirofiban", "route": "IV", "kind": "bolus", "dose_per_kg": "10 mcg/kg"}
DRIP: dict[str, Any] = {
    "drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.15 mcg/kg/min", "start": "+0 h",
    "concentration": "50 mcg/mL", "run_time": "24 h",
}  # fmt: skip


def of_order(tmp_path: Path, order: dict[str, Any], text: str) -> list[tuple[str, str]]:
    path = tmp_path / "orders.json"
    path.write_text(json.dumps({"order_set": "a", "orders": [{**order, "text": text}]}), encoding="utf-8")
    found = json.loads(invoke("check", str(path), "--select", "RC3", "--format", "json", "--isolated").stdout)[
        "findings"
    ]
    return [(each["code"], each["pointer"]) for each in found]


@pytest.mark.parametrize(
    ("order", "text", "code"),
    [
        (ORDER, "ticagrelor 300 mg PO once", "RC318"),
        (ORDER, "give Brilique 300 mg once", "RC318"),
        (ORDER, "heparin 300 mg", "RC318"),
        ({**ORDER, "drug": "epinephrine"}, "norepinephrine 300 mg", "RC318"),
        ({**ORDER, "drug": "enoxaparin"}, "Heparin sodium SUBQ 300 mg", "RC318"),
        (ORDER, "clopidogrel 300 mg PO once at hour 2", "RC319"),
        (ORDER, "clopidogrel 300 mg PO once, 2 h after the start of the infusion", "RC319"),
        (DRIP, "tirofiban 0.15 mcg/kg/min; stop at hour 12", "RC319"),
        (DRIP, "run at 0.15 mcg/kg/min until hour 48", "RC319"),
        (DRIP, "stop after 24 minutes", "RC319"),
        (DRIP, "stop after 240 hrs", "RC319"),
        (DRIP, "tirofiban 0.15 mcg/kg/min, stop the infusion after 2.4 h", "RC319"),
    ],
)
def test_a_text_of_another_drug_or_hour_is_an_error(
    tmp_path: Path, order: dict[str, Any], text: str, code: str
) -> None:
    assert of_order(tmp_path, order, text) == [(code, "/orders/0/text")]


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (ORDER, "Plavix 300 mg PO once at hour 20"),
        (ORDER, "clopidogrel 300 mg PO at hour 20, platelets at hour 6"),
        (ORDER, "300 mg PO; tirofiban stops at hour 24"),
        (ORDER, "load 300 mg 20 h after the start of the infusion"),
        (ORDER, "ticagrelor 180 mg was given at home; clopidogrel 300 mg now"),
        ({**ORDER, "drug": "paracetamol"}, "Tylenol 300 mg PO"),
        ({**ORDER, "drug": "aspirin"}, "acetylsalicylic acid 300 mg PO"),
        ({**ORDER, "drug": "metoprolol"}, "Lopressor 300 mg at hour 20"),
        (DRIP, "Aggrastat 0.15 mcg/kg/min; stop at hour 24; clopidogrel at hour 20"),
        (DRIP, "tirofiban 0.15 mcg/kg/min; CT at hour 12"),
        (DRIP, "stop after 1 day"),
        (DRIP, "if it bleeds, stop after 30 min"),
        (BOLUS, "tPA 63 mg completed 12:15 at referring hospital"),
        ({**ORDER, "drug": "aspirin"}, "Aspisol 500 mg vial: half of it"),
    ],
)
def test_a_text_of_the_same_drug_and_hour_is_clean(tmp_path: Path, order: dict[str, Any], text: str) -> None:
    assert of_order(tmp_path, order, text) == []


FULL = {**DRIP, "when": {"creatinine_clearance": "> 60 mL/min"}}
HALF = {**DRIP, "dose_rate_per_kg": "0.075 mcg/kg/min", "when": {"creatinine_clearance": "<= 60 mL/min"}}
HEAVY = {**ORDER, "drug": "enoxaparin", "when": {"weight": "> 100 kg"}}


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (FULL, "for CrCl below 60 mL/min: tirofiban 0.15 mcg/kg/min"),
        (FULL, "0.15 mcg/kg/min if CrCl 60 mL/min or less"),
        (HALF, "tirofiban 0.075 mcg/kg/min if CrCl is above 60 mL/min"),
        (HALF, "0.075 mcg/kg/min, creatinine clearance > 60 mL/min"),
        (HEAVY, "300 mg for patients below 100 kg"),
        (HEAVY, "300 mg, weight \u2264 100 kg"),
    ],
)
def test_a_text_for_other_patients_than_the_condition_is_an_error(
    tmp_path: Path, order: dict[str, Any], text: str
) -> None:
    assert of_order(tmp_path, order, text) == [("RC320", "/orders/0/text")]


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (FULL, "0.15 mcg/kg/min if CrCl is above 60 mL/min; half the rate if CrCl 60 mL/min or less"),
        (FULL, "0.15 mcg/kg/min; if CrCl 60 mL/min or less use the other order"),
        (FULL, "tirofiban 0.15 mcg/kg/min (halve if CrCl below 60 mL/min)"),
        (HALF, "0.075 mcg/kg/min if CrCl is 60 mL/min or less"),
        (HALF, "0.075 mcg/kg/min if CrCl is below 30 mL/min"),
        (HEAVY, "300 mg for patients above 100 kg"),
    ],
)
def test_a_text_for_the_same_patients_is_clean(tmp_path: Path, order: dict[str, Any], text: str) -> None:
    assert of_order(tmp_path, order, text) == []


HOUR: dict[str, Any] = {"drug": "vancomycin", "route": "IV", "kind": "infusion", "dose": "1 g", "run_time": "1 h"}


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (BOLUS, "tirofiban 10 mcg/kg IV over 24 h"),
        (BOLUS, "10 mcg/kg infused over 12 hours"),
        ({**ORDER, "drug": "heparin", "route": "IV", "kind": "bolus", "dose": "4000 units"}, "4000 units for 24 h"),
        (HOUR, "vancomycin 1 g IV push"),
        (HOUR, "1000 mg rapid IVP"),
        (DRIP, "0.15 mcg/kg/min IV bolus"),
    ],
)
def test_a_text_that_gives_it_in_another_manner_is_an_error(tmp_path: Path, order: dict[str, Any], text: str) -> None:
    assert of_order(tmp_path, order, text) == [("RC321", "/orders/0/text")]


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (BOLUS, "tirofiban 10 mcg/kg IV bolus over 5 min"),
        (BOLUS, "10 mcg/kg IV; then 0.15 mcg/kg/min over 24 h"),
        (BOLUS, "10 mcg/kg IV, 0.15 mcg/kg/min for 24 h follows"),
        (HOUR, "vancomycin 1 g IV over 1 h, never IV push"),
        (HOUR, "1 g IV piggyback over 60 min"),
        ({**HOUR, "drug": "sodium chloride 3 %"}, "1 g bolus over 60 minutes"),
        (DRIP, "0.15 mcg/kg/min for 24 h after the bolus"),
    ],
)
def test_a_text_that_gives_it_in_the_same_manner_is_clean(tmp_path: Path, order: dict[str, Any], text: str) -> None:
    assert of_order(tmp_path, order, text) == []
