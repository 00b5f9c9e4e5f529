"""Forty sets that are right, of a stroke, the heart and other indications, and sixty that are wrong in one field."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from tests.support import invoke

Fields = dict[str, Any]


def iv(drug: str, kind: str, **fields: Any) -> Fields:
    return {"drug": drug, "route": "IV", "kind": kind, **fields}


def oral(drug: str, dose: str, **fields: Any) -> Fields:
    return {"drug": drug, "route": "PO", "kind": "dose", "dose": dose, **fields}


CT: Final = {"check": "CT excludes haemorrhage", "at": "before the start and before the oral load"}
COUNT: Final = {"check": "platelets", "at": "baseline; 4 h after start; then daily"}
STOP: Final = ["platelets confirmed below 90 x10^9/L", "bleeding", "neurological deterioration"]
STOP_EPTIFIBATIDE: Final = ["platelets confirmed below 100 x10^9/L", "bleeding"]
NO_LYSIS: Final = {"weight": "80 kg", "thrombolysis": "none"}


def made(name: str, *orders: Fields, patient: Fields | None = None, **more: Any) -> Fields:
    """Return a set that is watched and stopped as the labels have it."""
    return {
        "order_set": name,
        "patient": NO_LYSIS if patient is None else patient,
        "orders": list(orders),
        "monitoring": [CT, COUNT],
        "stop_if": STOP,
        **more,
    }


def plain(name: str, *orders: Fields, patient: Fields | None = None, **more: Any) -> Fields:
    """Return a set without a GP IIb/IIIa inhibitor."""
    return {"order_set": name, "patient": patient or {"weight": "80 kg"}, "orders": list(orders), **more}


BOLUS: Final = iv(
    "tirofiban", "bolus", dose_per_kg="10 mcg/kg", dose="800 mcg", volume="3.2 mL", product="vial-15", give_over="5 min"
)
DRIP: Final = iv(
    "tirofiban", "infusion", dose_rate_per_kg="0.15 mcg/kg/min", pump_rate="14.4 mL/h", product="bag-250",
    start="+0 h", run_time="24 h",
)  # fmt: skip
LOW_DRIP: Final = {**DRIP, "dose_rate_per_kg": "0.1 mcg/kg/min", "pump_rate": "9.6 mL/h"}
IA_DOSE: Final = {**BOLUS, "route": "IA"}
ASPIRIN: Final = oral("aspirin", "81 mg", frequency="daily", start="+20 h")
ASPIRIN_LOAD: Final = oral("aspirin", "325 mg", start="+20 h")
CLOPIDOGREL: Final = oral("clopidogrel", "300 mg", start="+16 h")
CLOPIDOGREL_600: Final = oral("clopidogrel", "600 mg", start="+16 h")
CLOPIDOGREL_DAILY: Final = oral("clopidogrel", "75 mg", frequency="daily", start="+40 h")
TICAGRELOR: Final = oral("ticagrelor", "180 mg", start="+20 h")
TICAGRELOR_DAILY: Final = oral("ticagrelor", "90 mg", frequency="twice daily", start="+32 h")
LOAD: Final = iv(
    "tirofiban", "infusion", dose_rate_per_kg="0.4 mcg/kg/min", run_time="30 min", product="bag-250", start="+0 h",
    id="load",
)  # fmt: skip
AFTER_LOAD: Final = iv(
    "tirofiban", "infusion", dose_rate_per_kg="0.1 mcg/kg/min", run_time="71.5 h", product="bag-250", start="+30 min"
)
EPTIFIBATIDE: Final = (
    iv("eptifibatide", "bolus", dose_per_kg="180 mcg/kg", dose="14.4 mg", product="eptifibatide-vial-10"),
    iv("eptifibatide", "infusion", dose_rate_per_kg="2 mcg/kg/min", run_time="18 h", product="eptifibatide-bag-100"),
)
CANGRELOR: Final = (
    iv("cangrelor", "bolus", dose_per_kg="30 mcg/kg", give_over="30 s", product="cangrelor-200", start="+0 h"),
    iv("cangrelor", "infusion", dose_rate_per_kg="4 mcg/kg/min", run_time="2 h", product="cangrelor-200", start="+0 h"),
)
LYSIS: Final = (
    iv("alteplase", "bolus", dose="7.2 mg", give_over="1 min", start="+0 min"),
    iv("alteplase", "infusion", dose="64.8 mg", run_time="60 min", start="+1 min"),
)
TNK: Final = iv("tenecteplase", "bolus", dose_per_kg="0.25 mg/kg", dose="20 mg", give_over="5 s")
STEMI_LYSIS: Final = (
    iv("alteplase", "bolus", dose="15 mg", give_over="2 min"),
    iv("alteplase", "infusion", dose="50 mg", run_time="30 min"),
    iv("alteplase", "infusion", dose="35 mg", run_time="60 min"),
)
HALVED: Final = [
    {**DRIP, "dose_rate_per_kg": "0.075 mcg/kg/min", "pump_rate": "7.2 mL/h",
     "when": {"creatinine_clearance": "< 30 mL/min"}},
    {**DRIP, "when": {"creatinine_clearance": ">= 30 mL/min"}},
]  # fmt: skip
RENAL_EPTIFIBATIDE: Final = [
    iv("eptifibatide", "infusion", dose_rate_per_kg="1 mcg/kg/min", run_time="18 h", product="eptifibatide-bag-100",
       when={"creatinine_clearance": "< 50 mL/min"}),
    iv("eptifibatide", "infusion", dose_rate_per_kg="2 mcg/kg/min", run_time="18 h", product="eptifibatide-bag-100",
       when={"creatinine_clearance": ">= 50 mL/min"}),
]  # fmt: skip
STROKE: Final = "Rescue after stroke thrombectomy"

RIGHT: Final[dict[str, Fields]] = {
    # bridges
    "clopidogrel 300 mg at hour 16": made(STROKE, BOLUS, DRIP, ASPIRIN, CLOPIDOGREL, CLOPIDOGREL_DAILY),
    "clopidogrel 600 mg": made(STROKE, BOLUS, DRIP, ASPIRIN, CLOPIDOGREL_600, CLOPIDOGREL_DAILY),
    "ticagrelor with aspirin 81 mg": made(STROKE, BOLUS, DRIP, ASPIRIN, TICAGRELOR, TICAGRELOR_DAILY),
    "aspirin loaded": made(STROKE, BOLUS, DRIP, ASPIRIN_LOAD, {**ASPIRIN, "start": "+44 h"}, CLOPIDOGREL),
    "aspirin rectal": made(STROKE, BOLUS, DRIP, {**ASPIRIN_LOAD, "dose": "300 mg", "route": "PR"}, CLOPIDOGREL),
    "by tube": made(STROKE, BOLUS, DRIP, {**CLOPIDOGREL, "route": "NG"}, {**ASPIRIN, "route": "NG"}),
    "SAMMPRIS doses": made(STROKE, DRIP, {**ASPIRIN, "dose": "325 mg"}, CLOPIDOGREL, CLOPIDOGREL_DAILY),
    "a day after thrombolysis": made(
        STROKE, LOW_DRIP, {**ASPIRIN, "start": "+30 h"}, patient={"weight": "80 kg", "thrombolysis": "-50 h"},
    ),
    # rescue
    "into the artery": made(STROKE, IA_DOSE, DRIP, ASPIRIN, CLOPIDOGREL),
    "a fixed dose into the artery": made(
        STROKE,
        {"drug": "tirofiban", "route": "IA", "kind": "bolus", "dose": "0.5 mg", "volume": "10 mL",
         "product": "bag-100"},
        LOW_DRIP, ASPIRIN,
    ),
    "the low rate": made(STROKE, BOLUS, LOW_DRIP, ASPIRIN, CLOPIDOGREL),
    "12 h": made(STROKE, BOLUS, {**DRIP, "run_time": "12 h"}, {**ASPIRIN, "start": "+8 h"}),
    "48 h": made(STROKE, BOLUS, {**LOW_DRIP, "run_time": "48 h"}, {**ASPIRIN, "start": "+40 h"}),
    "by weight alone": made(
        STROKE, iv("tirofiban", "infusion", dose_rate_per_kg="0.1 mcg/kg/min", run_time="24 h", product="bag-250"),
        patient={"thrombolysis": "none"},
    ),
    "a state within the limits": made(
        STROKE, DRIP, ASPIRIN,
        patient={**NO_LYSIS, "platelets": "210 x10^9/L", "inr": "1.0", "blood_pressure": "150/80",
                 "anticoagulant": "none", "dialysis": "no"},
    ),
    "SBP below 180": made(
        STROKE, DRIP, ASPIRIN, monitoring=[CT, COUNT, {"check": "SBP below 180 mmHg", "at": "every 15 min for 2 h"}],
    ),
    # labels
    "the US label": made(
        "Acute coronary syndrome", {**BOLUS, "dose_per_kg": "25 mcg/kg", "dose": "2000 mcg", "volume": "8 mL"},
        {**DRIP, "run_time": "18 h"},
    ),
    "the EU label with a load": made("NSTEMI", LOAD, {**AFTER_LOAD, "run_time": "48 h"}),
    "TREND": made("Ischaemic stroke", LOAD, AFTER_LOAD, {**ASPIRIN, "start": "+70 h"}),
    "eptifibatide, PCI": made("PCI", *EPTIFIBATIDE, stop_if=STOP_EPTIFIBATIDE),
    "eptifibatide, two boluses": made(
        "PCI", {**EPTIFIBATIDE[0], "start": "+0 min"}, {**EPTIFIBATIDE[0], "start": "+10 min"},
        {**EPTIFIBATIDE[1], "start": "+0 min"}, stop_if=STOP_EPTIFIBATIDE,
    ),
    "abciximab, PCI": made(
        "PCI", iv("abciximab", "bolus", dose_per_kg="0.25 mg/kg", dose="20 mg"),
        iv("abciximab", "infusion", dose_rate_per_kg="0.125 mcg/kg/min", run_time="12 h"),
        monitoring=[CT, {"check": "platelets", "at": "baseline; 3 h after start; 12 h after start"}],
        stop_if=STOP_EPTIFIBATIDE,
    ),
    "cangrelor, PCI": plain("PCI", *CANGRELOR, oral("ticagrelor", "180 mg", start="+30 min")),
    # renal branches
    "the EU label's half": made("ACS", *HALVED, weight_basis="actual"),
    "eptifibatide's half": made("PCI", *RENAL_EPTIFIBATIDE, stop_if=STOP_EPTIFIBATIDE, weight_basis="actual"),
    "the half at a clearance of 25": made(
        "ACS", {**DRIP, "dose_rate_per_kg": "0.075 mcg/kg/min", "pump_rate": "7.2 mL/h", "run_time": "18 h"},
        patient={"weight": "80 kg", "creatinine_clearance": "25 mL/min"},
    ),
    # transitions
    "cangrelor to clopidogrel": plain("PCI", *CANGRELOR, oral("clopidogrel", "600 mg", start="+2 h")),
    "cangrelor to prasugrel": plain("STEMI, PCI", *CANGRELOR, oral("prasugrel", "60 mg", start="+2 h")),
    # thrombolysis of a stroke
    "alteplase": plain("Stroke thrombolysis", *LYSIS),
    "alteplase at its cap": plain(
        "Stroke thrombolysis", {**LYSIS[0], "dose": "9 mg"}, {**LYSIS[1], "dose": "81 mg"},
        patient={"weight": "110 kg"},
    ),
    "tenecteplase": plain("Stroke thrombolysis", TNK),
    "one of two": plain("Stroke thrombolysis", {**TNK, "choose_one": "lysis"},
                        iv("alteplase", "infusion", dose="72 mg", run_time="60 min", choose_one="lysis")),
    # other indications
    "STEMI, alteplase": plain("STEMI fibrinolysis", *STEMI_LYSIS),
    "STEMI, tenecteplase": plain("Inferior MI", {**TNK, "dose_per_kg": "0.5 mg/kg", "dose": "40 mg"},
                                 oral("aspirin", "325 mg"), oral("clopidogrel", "300 mg")),
    "STEMI, prasugrel": plain("STEMI", oral("prasugrel", "60 mg"), oral("aspirin", "325 mg")),
    "pulmonary embolism": plain("Pulmonary embolism", iv("alteplase", "infusion", dose="100 mg", run_time="2 h")),
    "pulmonary embolism, arrest": plain("PE with arrest", iv("alteplase", "bolus", dose="50 mg", give_over="2 min")),
    "a catheter": plain("Occluded catheter", iv("alteplase", "bolus", dose="2 mg", give_over="1 min")),
    "pericarditis": plain("Pericarditis", oral("aspirin", "1 g", frequency="three times daily")),
    "secondary prevention": plain("Prior MI", oral("ticagrelor", "60 mg", frequency="twice daily"),
                                  oral("aspirin", "81 mg", frequency="daily")),
}  # fmt: skip


def found(document: Fields) -> list[tuple[str, str, str]]:
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(document))
    assert outcome.exit_code in {0, 1}, outcome.stderr
    return [(each["severity"], each["code"], str(each["pointer"])) for each in outcome.json["findings"]]


def test_there_are_forty_and_sixty() -> None:
    assert (len(RIGHT), len(WRONG)) == (40, 60)


@pytest.mark.parametrize("name", RIGHT)
def test_a_set_that_is_right_has_no_error(name: str) -> None:
    assert [each for each in found(RIGHT[name]) if each[0] == "error"] == []


def changed(name: str, place: int, **fields: Any) -> Fields:
    """Return a right set with fields of one order changed; None removes one."""
    document = json.loads(json.dumps(RIGHT[name]))
    order = {**document["orders"][place], **fields}
    document["orders"][place] = {field: value for field, value in order.items() if value is not None}
    return dict(document)


def of_patient(name: str, **state: Any) -> Fields:
    document = json.loads(json.dumps(RIGHT[name]))
    document["patient"] = {**document["patient"], **state}
    return dict(document)


def with_order(name: str, order: Fields) -> Fields:
    document = json.loads(json.dumps(RIGHT[name]))
    document["orders"].append(order)
    return dict(document)


def with_text(name: str, place: int, text: str) -> Fields:
    return changed(name, place, text=text)


AGGRENOX: Final = {"drug": "Aggrenox", "route": "PO", "kind": "dose", "frequency": "twice daily"}
LYSED: Final = {"weight": "80 kg", "thrombolysis": "-2 h"}
BRIDGE: Final = "clopidogrel 300 mg at hour 16"
HEPARIN: Final = iv("heparin", "infusion", dose_rate="1000 units/h", start="+0 h")

WRONG: Final[tuple[tuple[Fields, str, str], ...]] = (
    # dose
    (changed(BRIDGE, 0, dose_per_kg="100 mcg/kg", dose=None, volume=None), "RC404", "/orders/0/dose_per_kg"),
    (changed(BRIDGE, 0, dose_per_kg="25 mcg/kg", dose="2000 mcg", volume="8 mL"), "RC404", "/orders/0/dose_per_kg"),
    (changed(BRIDGE, 1, pump_rate="144 mL/h"), "RC304", "/orders/1/pump_rate"),
    (changed(BRIDGE, 1, dose_rate_per_kg="0.15 mcg/kg/h", pump_rate=None), "RC402", "/orders/1/dose_rate_per_kg"),
    (changed(BRIDGE, 0, volume="16 mL"), "RC302", "/orders/0/volume"),
    (changed("a fixed dose into the artery", 0, dose="5 mg", volume=None), "RC404", "/orders/0/dose"),
    (changed("eptifibatide, PCI", 1, dose_rate_per_kg="20 mcg/kg/min"), "RC402", "/orders/1/dose_rate_per_kg"),
    (changed("cangrelor, PCI", 1, dose_rate_per_kg="40 mcg/kg/min"), "RC402", "/orders/1/dose_rate_per_kg"),
    (changed("abciximab, PCI", 1, dose_rate_per_kg="0.125 mg/kg/min"), "RC402", "/orders/1/dose_rate_per_kg"),
    (changed(BRIDGE, 3, dose="3000 mg"), "RC626", "/orders/3/dose"),
    (changed(BRIDGE, 3, dose="300 mcg"), "RC627", "/orders/3/dose"),
    (changed(BRIDGE, 3, dose="180 mg"), "RC627", "/orders/3/dose"),
    (changed(BRIDGE, 2, dose="8.1 mg"), "RC627", "/orders/2/dose"),
    (changed("ticagrelor with aspirin 81 mg", 4, dose="75 mg"), "RC627", "/orders/4/dose"),
    (changed("STEMI, prasugrel", 0, dose="100 mg", frequency="daily"), "RC626", "/orders/0/dose"),
    (changed(BRIDGE, 3, dose=None), "RC712", "/orders/3"),
    # route and kind
    (changed(BRIDGE, 0, route="intrathecal"), "RC428", "/orders/0/route"),
    (changed(BRIDGE, 0, route="PO"), "RC428", "/orders/0/route"),
    (changed(BRIDGE, 1, route="IA"), "RC428", "/orders/1/route"),
    (changed("cangrelor, PCI", 0, route="IM"), "RC428", "/orders/0/route"),
    (changed("alteplase", 0, route="IA"), "RC428", "/orders/0/route"),
    (changed("tenecteplase", 0, route="SC"), "RC428", "/orders/0/route"),
    (changed(BRIDGE, 3, route="IV"), "RC428", "/orders/3/route"),
    # a thrombolysis
    (changed("alteplase", 1, dose="72 mg"), "RC666", "/orders/1/dose"),
    (changed("alteplase", 0, dose="72 mg"), "RC665", "/orders/0/dose"),
    (changed("alteplase", 1, run_time="10 min"), "RC665", "/orders/1/run_time"),
    (changed("alteplase", 0, start="+30 min"), "RC670", "/orders/1/start"),
    (changed("tenecteplase", 0, dose_per_kg="0.5 mg/kg", dose="40 mg"), "RC665", "/orders/0/dose"),
    (changed("tenecteplase", 0, frequency="daily"), "RC664", "/orders/0/frequency"),
    (changed("one of two", 0, choose_one=None), "RC664", "/orders/0"),
    (changed("STEMI, tenecteplase", 0, dose_per_kg="0.05 mg/kg", dose="4 mg"), "RC665", "/orders/0/dose"),
    (changed("pulmonary embolism", 0, dose="1000 mg"), "RC665", "/orders/0/dose"),
    # course
    (changed(BRIDGE, 1, run_time=None), "RC631", "/orders/1"),
    (changed(BRIDGE, 1, run_time="240 h"), "RC662", "/orders/1/run_time"),
    (changed("eptifibatide, PCI", 1, run_time="240 h"), "RC662", "/orders/1/run_time"),
    (changed("abciximab, PCI", 1, run_time="72 h"), "RC662", "/orders/1/run_time"),
    (changed("cangrelor, PCI", 1, run_time="12 h"), "RC662", "/orders/1/run_time"),
    (changed("cangrelor to clopidogrel", 2, start="+1 h"), "RC622", "/orders/2"),
    (with_order("cangrelor to clopidogrel", oral("prasugrel", "60 mg", start="+2 h")), "RC632", "/orders/3"),
    (with_order(BRIDGE, {**DRIP, "id": "again"}), "RC640", "/orders/1"),
    (with_order(BRIDGE, TICAGRELOR), "RC632", "/orders/5"),
    (with_order(BRIDGE, EPTIFIBATIDE[1]), "RC623", "/orders/1"),
    (with_order(BRIDGE, oral("prasugrel", "60 mg", start="+20 h")), "RC620", "/orders/5"),
    (with_order(BRIDGE, AGGRENOX), "RC667", "/orders/5"),
    (changed("ticagrelor with aspirin 81 mg", 2, dose="325 mg"), "RC621", "/orders/2/dose"),
    # the patient's state
    (of_patient(BRIDGE, platelets="70 x10^9/L"), "RC650", "/patient/platelets"),
    (of_patient(BRIDGE, inr="2.1"), "RC651", "/patient/inr"),
    (of_patient(BRIDGE, intracranial_haemorrhage="yes"), "RC655", "/patient/intracranial_haemorrhage"),
    (of_patient(BRIDGE, prior_thrombocytopenia="tirofiban"), "RC654", "/patient/prior_thrombocytopenia"),
    (of_patient("eptifibatide, PCI", dialysis="yes"), "RC653", "/patient/dialysis"),
    (with_order("a day after thrombolysis", HEPARIN) | {"patient": LYSED}, "RC624", "/orders/2"),
    (made(STROKE, *EPTIFIBATIDE, patient=LYSED), "RC661", "/orders/0"),
    (made("Stroke", *RIGHT["abciximab, PCI"]["orders"]), "RC660", "/orders/0"),
    (plain("Ward", oral("aspirin", "300 mg"), indication="intracerebral haemorrhage"), "RC647", "/indication"),
    # renal branches
    (changed("the EU label's half", 0, dose_rate_per_kg="0.15 mcg/kg/min", pump_rate="14.4 mL/h"), "RC517",
     "/orders/0/dose_rate_per_kg"),
    (changed("eptifibatide's half", 0, dose_rate_per_kg="2 mcg/kg/min"), "RC517", "/orders/0/dose_rate_per_kg"),
    # texts
    (with_text(BRIDGE, 0, "withdraw 3.2 mL from premix for the bolus"), "RC642", "/orders/0/text"),
    (with_text(BRIDGE, 1, "repeat bolus x1 if no flow"), "RC636", "/orders/1/text"),
    (with_text(BRIDGE, 1, "uptitrate by 0.05 mcg/kg/min"), "RC636", "/orders/1/text"),
    (with_text(BRIDGE, 1, "use eGFR for dosing"), "RC515", "/orders/1/text"),
)  # fmt: skip


@pytest.mark.parametrize(("document", "code", "pointer"), WRONG, ids=range(len(WRONG)))
def test_a_set_that_is_wrong_has_an_error_on_the_field(document: Fields, code: str, pointer: str) -> None:
    assert ("error", code, pointer) in found(document)
