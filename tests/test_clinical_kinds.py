"""Gross errors of the clinical kind in fields and in free text, and what is right and only reads like one."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from rescuecalc.catalogue import catalogue
from tests.support import invoke

BOLUS = {
    "drug": "tirofiban", "route": "IV", "kind": "bolus", "dose_per_kg": "10 mcg/kg", "give_over": "5 min",
    "product": "vial-15", "start": "+0 h",
}  # fmt: skip
DRIP = {
    "drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min", "run_time": "24 h",
    "start": "+0 h", "product": "bag-250",
}  # fmt: skip
ASPIRIN = {"drug": "aspirin", "route": "PO", "kind": "dose", "dose": "81 mg", "frequency": "daily", "start": "+18 h"}
CLOPIDOGREL = {"drug": "clopidogrel", "route": "PO", "kind": "dose", "dose": "600 mg", "start": "+14 h"}
EPTIFIBATIDE = {
    "drug": "eptifibatide", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.5 mcg/kg/min",
    "run_time": "24 h", "start": "+0 h", "concentration": "0.75 mg/mL",
}  # fmt: skip
TENECTEPLASE = {"drug": "tenecteplase", "route": "IV", "kind": "bolus", "start": "-2 h"}
CT = {"check": "haemorrhage excluded on CT", "at": "before the start"}
COUNT = {"check": "platelets", "at": "baseline", "then": "4 h after start, then daily"}
STOP = ["platelets confirmed below 90 x10^9/L", "neurological deterioration"]


def made(
    orders: list[dict[str, Any]] | None = None,
    patient: dict[str, str] | None = None,
    monitoring: list[dict[str, str]] | None = None,
    stop_if: list[str] | None = None,
) -> dict[str, Any]:
    return {
        "order_set": "Rescue after stroke thrombectomy",
        "patient": {"weight": "80 kg", "thrombolysis": "none", **(patient or {})},
        "orders": orders if orders is not None else [BOLUS, DRIP, ASPIRIN, CLOPIDOGREL],
        "monitoring": [CT, COUNT] if monitoring is None else monitoring,
        "stop_if": STOP if stop_if is None else stop_if,
    }


def heavy(document: dict[str, Any]) -> list[tuple[str, str]]:
    text = json.dumps(document)
    outcome = invoke(
        "check",
        "-",
        "--stdin-filename",
        "a.json",
        "--ignore",
        "RC219,RC221,RC222,RC223",
        "--format",
        "json",
        stdin=text,
    )
    assert outcome.exit_code in (0, 1), outcome.stderr
    return [(each["code"], each["severity"]) for each in outcome.json["findings"] if each["severity"] != "note"]


def heavy_each(documents: list[dict[str, Any]]) -> list[list[tuple[str, str, str]]]:
    """Return code, severity and pointer of what is found in each of many sets, all of them judged by one call."""
    lines = "".join(f"{json.dumps(each)}\n" for each in documents)
    words = ("check", "-", "--stdin-filename", "a.jsonl", "--ignore", "RC219,RC221,RC222,RC223", "--format", "json")
    outcome = invoke(*words, stdin=lines)
    assert outcome.exit_code in (0, 1), outcome.stderr
    found: list[list[tuple[str, str, str]]] = [[] for _ in documents]
    for each in outcome.json["findings"]:
        if each["severity"] != "note":
            found[int(each["line"]) - 1].append((each["code"], each["severity"], each["pointer"]))
    return found


def told(text: str, of: dict[str, Any] = DRIP) -> list[tuple[str, str]]:
    """Return what is found where the text stands in one order of a set that is right without it."""
    return heavy(made(with_text(text, of)))


def with_text(text: str, of: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the orders of a set that is right, one of them with a text."""
    return [{**each, "text": text} if each is of else each for each in (BOLUS, DRIP, ASPIRIN, CLOPIDOGREL)]


def test_the_set_is_right_without_a_text() -> None:
    assert heavy(made()) == []


def test_words_of_a_ward_give_no_warning() -> None:
    """A flush behind a push, a range that ends in a zero, and a coronary set by a label that is no stroke's."""
    pushed = {**BOLUS, "text": "Push slowly over 5 min, flush w/ 10 mL NS"}
    by_pump = {**BOLUS, "text": "bolus by the pump out of the bag, then flush w/ 10 mL NS"}
    titrated = {"drug": "nicardipine", "route": "IV", "kind": "infusion", "pump_rate": "2.5-20 mL/h"}
    coronary = {"order_set": "PCI", "indication": "percutaneous coronary intervention", "protocol": "cangrelor-label"}
    found = heavy_each(
        [
            made([pushed, DRIP, ASPIRIN, CLOPIDOGREL]),
            made([by_pump, DRIP, ASPIRIN, CLOPIDOGREL]),
            made([titrated]),
            {**made([CANGRELOR]), **coronary},
            {**made([CANGRELOR]), "protocol": "cangrelor-label"},
        ]
    )
    codes = [{code for code, _, _ in each} & {"RC643", "RC212", "RC410", "RC660"} for each in found]
    # What the label says is said once, at the order.
    assert codes == [set(), {"RC643"}, set(), set(), {"RC660"}]


CANGRELOR = {
    "drug": "cangrelor",
    "route": "IV",
    "kind": "infusion",
    "dose_rate_per_kg": "4 mcg/kg/min",
    "concentration": "200 mcg/mL",
    "run_time": "2 h",
}


@pytest.mark.parametrize(
    ("text", "code", "severity"),
    [
        *(
            (text, "RC642", "error")
            for text in (
                "take the bolus out of the infusion bag using a 20 mL syringe",
                "remove 16 mL from the bag and push over 5 min",
                "pull the bolus from the 250 mL bag",
                "use a syringe to obtain the bolus from the premixed container",
                "bolus may be aspirated from the container",
                "spike the bag and draw up 16 mL",
                "hand-push the bolus from the bag",
            )
        ),
        *(
            (text, "RC643", "warning")
            for text in (
                "purge the tubing into the patient",
                "rinse the line with saline",
                "chase with 20 mL normal saline",
                "run in the residual in the tubing",
                "clear the line with 30 mL NS after the bag is empty",
                "empty the line into the patient",
            )
        ),
        *(
            (text, "RC636", "error")
            for text in (
                "may repeat bolus in 10 min if reocclusion",
                "re-bolus 10 mcg/kg if flow worsens",
                "give second bolus after 30 min",
                "extra bolus of 5 mcg/kg for thrombus",
                "increase rate by 0.05 mcg/kg/min every hour until patent",
                "increase to 0.15 mcg/kg/min if reocclusion",
                "adjust infusion rate according to platelet function",
                "wean the rate over 4 h",
                "give a further 10 mcg/kg bolus",
                "rate may be doubled",
                "go up to 0.2 mcg/kg/min if thrombus persists",
                "increase by 20% every 30 min",
            )
        ),
        *(
            (text, "RC517", "error")
            for text in (
                "CrCl > 30: 0.1 mcg/kg/min; CrCl <= 30 mL/min: 0.15 mcg/kg/min",
                "if CrCl < 30 mL/min increase the rate to 0.15 mcg/kg/min",
                "for CrCl below 30 double the infusion rate",
                "no dose adjustment for CrCl < 30 mL/min or dialysis",
                "full dose on dialysis",
                "for patients with renal failure use 0.15 mcg/kg/min",
                "CrCl below 30 mL/min: 0.1 mcg/kg/min",
                "CrCl 25 or less: 0.1 mcg/kg/min",
            )
        ),
        *(
            (text, "RC515", "error")
            for text in (
                "half rate by eGFR (CKD-EPI)",
                "0.05 mcg/kg/min for GFR under thirty",
                "halve the dose when glomerular filtration rate is below 30",
            )
        ),
        ("continue apixaban 5 mg BID", "RC624", "warning"),
        ("run with heparin 1000 units/h", "RC624", "warning"),
        ("give with eptifibatide 180 mcg/kg", "RC623", "error"),
        ("continue home Aggrenox twice daily", "RC667", "error"),
        ("start cilostazol 100 mg twice daily", "RC669", "warning"),
        ("give ketorolac 30 mg for pain", "RC638", "warning"),
        ("continue omeprazole 20 mg daily", "RC625", "warning"),
        ("plus edoxaban 60 mg daily", "RC624", "warning"),
        ("load prasugrel 60 mg if clopidogrel resistant", "RC620", "error"),
        ("add ticagrelor 180 mg now", "RC632", "error"),
        ("switch to abciximab if reocclusion", "RC660", "error"),
        ("stop the infusion for 3 h for the CT, then restart", "RC644", "warning"),
        ("SBP not to exceed 130 mmHg", "RC716", "warning"),
        ("keep SBP under 120 if mTICI 2b or better", "RC716", "warning"),
        ("BP below 140/90 mmHg", "RC716", "warning"),
    ],
)
def test_a_text_that_orders_it_is_found(text: str, code: str, severity: str) -> None:
    assert (code, severity) in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "draw 3.2 mL from the vial by syringe; do not draw from the bag",
        "remove 50 mL from a 250 mL bag of 0.9% saline, then add 50 mL concentrate",
        "hang the second bag before hour 17; prime the line and purge air; then disconnect, do not flush",
        "obtain from pharmacy 2 premix bags",
        "infuse through the left arm line",
        "no second bolus; never re-bolus; fixed rate, do not titrate or increase",
        "increase nicardipine infusion if SBP above 180",
        "adjust rate to the nearest 0.1 mL/h",
        "repeat CT at 24 h; repeat platelet count at 6 h; second bag at 16 h",
        "CrCl < 30 mL/min: 0.05 mcg/kg/min; CrCl >= 30: 0.1 mcg/kg/min",
        "CrCl above 60 mL/min: full dose",
        "reduce by half if CrCl below 30 mL/min (Cockcroft-Gault, not eGFR)",
        "no heparin; hold apixaban; do not give with NSAIDs; not compatible with diazepam at the Y-site",
        "restart apixaban after 14 days",
        "remove sheath when ACT is below 180 s",
        "if haemorrhage: SBP target below 140 mmHg",
        "notify if SBP below 120",
    ],
)
def test_a_text_that_denies_it_or_is_of_something_else_is_left_alone(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("entry", "is_watched"),
    [
        ("on day 7", False),
        ("if bleeding", False),
        ("q6d", False),
        ("72 h after start", False),
        ("not required", False),
        ("every 6 h", True),
        ("at 6 h and daily; call if below 100", True),
        ("day 1, 6 h after start", True),
    ],
)
def test_a_count_on_demand_or_in_a_week_watches_over_nothing(entry: str, *, is_watched: bool) -> None:
    found = heavy(made(monitoring=[CT, {"check": "platelets", "at": entry}]))
    assert (("RC705", "warning") in found) is (not is_watched)


@pytest.mark.parametrize(
    ("criterion", "code"),
    [
        ("never stop for bleeding", "RC706"),
        ("platelets drop to 30", "RC715"),
        ("platelets below 900", "RC715"),  # every patient is below it
        ("platelets below 100 x10^9/L", ""),
    ],
)
def test_a_criterion_that_stops_too_late_or_always_is_found(criterion: str, code: str) -> None:
    assert [found for found, _ in heavy(made(stop_if=[criterion]))] == ([code] if code else [])


@pytest.mark.parametrize(
    ("first", "second", "unit"),
    [("dose_rate", "8 mcg/min", "12 mcg/min"), ("pump_rate", "9.6 mL/h", "14.4 mL/h")],
)
def test_a_branch_that_rises_is_found_in_any_field(first: str, second: str, unit: str) -> None:
    rest = {name: value for name, value in DRIP.items() if name != "dose_rate_per_kg"}
    normal = {**rest, first: second, "when": {"creatinine_clearance": ">= 30 mL/min"}}
    low = {**rest, first: unit, "when": {"creatinine_clearance": "< 30 mL/min"}}
    assert heavy(made([normal, low, ASPIRIN, CLOPIDOGREL])) == [("RC517", "error")]


@pytest.mark.parametrize(
    ("condition", "is_gate"),
    [
        ({"when": {"imaging": "no haemorrhage"}}, True),
        ({"when": {"imaging": "haemorrhage excluded on CT"}}, True),
        ({"when": {"imaging": "haemorrhage"}}, False),
        ({"when": {"thrombolysis": "> 24 h"}}, True),
        ({"text": "after CT at 24 h excludes haemorrhage"}, True),
        ({"text": "hold until the 24 h CT or MRI"}, True),
        ({"text": "repeat imaging clean, then give"}, True),
        ({"text": "CT at 24 h"}, False),
        ({"text": "do not wait for CT"}, False),
        ({"text": "give before the repeat CT"}, False),
        ({}, False),
    ],
)
def test_an_imaging_gate_holds_an_oral_load(condition: dict[str, Any], *, is_gate: bool) -> None:
    load = {**CLOPIDOGREL, "start": "+6 h", **condition}
    found = heavy(made([BOLUS, DRIP, load], {"thrombolysis": "-2 h"}))
    assert (("RC611", "warning") in found) is (not is_gate)


def test_a_gate_may_stand_in_the_monitoring_and_in_a_csv() -> None:
    entry = {"check": "repeat CT excludes haemorrhage", "at": "before the first aspirin and clopidogrel"}
    early = [BOLUS, DRIP, {**ASPIRIN, "start": "+6 h"}, {**CLOPIDOGREL, "start": "+6 h"}]
    found = heavy(made(early, {"thrombolysis": "-2 h"}, [CT, COUNT, entry]))
    assert "RC611" not in dict(found)
    rows = (
        "order_set,patient_thrombolysis,drug,route,kind,dose,dose_rate_per_kg,run_time,start,when_imaging\n"
        "Rescue,-2 h,tirofiban,IV,infusion,,0.1 mcg/kg/min,24 h,+0 h,\n"
        "Rescue,-2 h,clopidogrel,PO,dose,600 mg,,,+6 h,{0}\n"
    )
    for gate, expected in (("no haemorrhage", []), ("", ["RC611"]), ("CT", ["RC109", "RC611"])):
        outcome = invoke("check", "-", "--select", "RC611,RC109", "--format", "json", stdin=rows.format(gate))
        codes = sorted({each["code"] for each in outcome.json["findings"]})
        assert codes == expected


def test_an_oral_load_by_text_after_the_stop_is_found() -> None:
    orders = [BOLUS, DRIP, {"drug": "clopidogrel", "route": "PO", "kind": "dose", "dose": "600 mg"}]
    for text, expected in (
        ("give after tirofiban has been stopped for 6 h", True),
        ("give 6 h before tirofiban stops", False),
    ):
        found = heavy(made([*orders[:2], {**orders[2], "text": text}]))
        assert (("RC645", "warning") in found) is expected


def test_eptifibatide_after_a_thrombolysis_that_the_set_orders_is_an_error() -> None:
    lysis = {**TENECTEPLASE, "dose": "20 mg"}
    document = made([lysis, EPTIFIBATIDE, ASPIRIN, CLOPIDOGREL])
    document["patient"].pop("thrombolysis")
    assert ("RC661", "error") in heavy(document)


def test_a_thrombolytic_whose_text_alone_gives_too_much_is_an_error() -> None:
    lysis = {**TENECTEPLASE, "text": "tenecteplase 50 mg IV push"}
    assert ("RC665", "error") in heavy(made([lysis, DRIP, ASPIRIN]))
    assert ("RC665", "error") not in heavy(made([{**lysis, "text": "tenecteplase 20 mg IV push"}, DRIP, ASPIRIN]))


@pytest.mark.parametrize(
    ("drug", "expected"),
    [
        ("DuoPlavin 75 mg/100 mg", True),
        ("dipyridamole 200 mg + acetylsalicylic acid 25 mg", True),
        ("Yosprala", True),
        ("dipyridamole", False),
    ],
)
def test_a_name_that_holds_aspirin_is_counted_beside_it(drug: str, *, expected: bool) -> None:
    other = {"drug": drug, "route": "PO", "kind": "dose", "frequency": "twice daily"}
    assert (("RC667", "error") in heavy(made([BOLUS, DRIP, ASPIRIN, CLOPIDOGREL, other]))) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"product": "12.5 mg/250 mL"}, True),
        ({"dose_rate": "12 mcg/min"}, True),
        ({"dose_rate_per_kg": "0.4 mcg/kg/min", "run_time": "30 min"}, True),
        ({"kind": "bolus", "dose_per_kg": "10 mcg/kg"}, True),
        ({"kind": "bolus", "dose": "800 mcg"}, True),
        ({"text": "0.15 mcg/kg/min"}, True),
        ({"text": "12.5 mg/250 mL bag"}, True),
        ({"dose_rate_per_kg": "0.4 mcg/kg/min", "run_time": "24 h"}, False),
        ({"dose_rate_per_kg": "2 mcg/kg/min", "concentration": "1 mg/mL"}, False),
        ({"product": "250 mg in 250 mL"}, False),
    ],
)
def test_argatroban_with_a_dose_or_bag_of_tirofiban_is_found(fields: dict[str, str], *, expected: bool) -> None:
    order = {"drug": "argatroban", "route": "IV", "kind": "infusion", **fields}
    assert (("RC668", "warning") in heavy(made([order], stop_if=[], monitoring=[]))) is expected


def test_how_long_an_oral_anticoagulant_counts_is_not_held_but_for_abciximab() -> None:
    def messages(drug: str) -> list[str]:
        text = json.dumps(made([{**EPTIFIBATIDE, "drug": drug}], {"anticoagulant": "Eliquis, -30 h"}))
        found = invoke("check", "-", "--select", "RC656", "--format", "json", stdin=text).json["findings"]
        return [str(each["message"]) for each in found]

    assert messages("tirofiban") == [
        (
            "anticoagulant apixaban, -30 h: the EU label does not recommend tirofiban with an oral anticoagulant; "
            "no packaged source states how long after its last dose it counts"
        )
    ]
    assert "not held" not in messages("abciximab")[0]


@pytest.mark.parametrize("reason", [{"reasonCode": [{"text": "Acute ischaemic stroke"}]},
                                    {"reason": [{"concept": {"text": "Acute ischaemic stroke"}}]}, {}])  # fmt: skip
def test_what_a_request_of_fhir_is_for_decides_of_abciximab(reason: dict[str, Any]) -> None:
    request = {
        "resourceType": "MedicationRequest",
        "medicationCodeableConcept": {"text": "abciximab"},
        "dosageInstruction": [
            {"route": {"text": "IV"}, "doseAndRate": [{"doseQuantity": {"value": 20, "unit": "mg"}}]}
        ],
        **reason,
    }
    outcome = invoke("check", "-", "--select", "RC660", "--format", "json", stdin=json.dumps(request))
    assert outcome.exit_code == (1 if reason else 0)


def test_rows_that_time_an_antiplatelet_are_asked_when_the_infusion_stops() -> None:
    rows = "order_set,drug,route,kind,dose,dose_rate_per_kg,start\nRescue,tirofiban,IV,infusion,,0.1 mcg/kg/min,+0 h\n"
    oral = "Rescue,clopidogrel,PO,dose,600 mg,,+6 h\n"
    for text, expected in ((rows, []), (rows + oral, [("RC631", "error")])):
        found = invoke("check", "-", "--select", "RC631", "--format", "json", stdin=text).json["findings"]
        assert [(each["code"], each["severity"]) for each in found] == expected


def test_stop_judges_the_patient_and_draws_no_end_on_dialysis() -> None:
    given = ("stop", "yang-2020-iv", "--weight", "80kg", "--started", "+0h", "--stopped", "+3.5h")
    page = invoke(*given, "--platelets", "60", "--dialysis").stdout
    assert "longer, unknown" in page
    assert "not judged INR, BP, anticoagulant (not given)" in page
    made = invoke(*given, "--platelets", "60", "--dialysis", "--bp", "200/115", "--format", "json").json
    assert made["patient"]["platelets"] == "60 x10^9/L"
    assert made["not_given"] == ["CrCl", "INR", "thrombolysis", "anticoagulant"]
    found = {each["code"]: each["severity"] for each in made["findings"]}
    assert found["RC650"] == "error"
    assert found["RC652"] == "warning"
    assert (made["effect"]["state"], made["effect"]["earliest_elapsed"]) == ("longer, unknown", None)


def test_stop_calculates_the_clearance() -> None:
    given = ("stop", "yang-2020-iv", "--weight", "80kg", "--started", "+0h", "--stopped", "+3.5h")
    made = invoke(*given, "--age", "70", "--sex", "female", "--creatinine", "3mg/dL", "--format", "json").json
    # (140 - 70) x 80 / (72 x 3) x 0.85 = 22.037 mL/min
    assert str(made["creatinine_clearance"]["value"]).startswith("22.037")
    assert made["clearance_working"]["sex"] == "female"
    assert made["effect"]["state"] == "longer, unknown"
    assert invoke(*given, "--platelets", "92000x10^9/L").exit_code == 4


@pytest.mark.parametrize("name", catalogue.protocol_ids())
def test_the_page_of_a_template_carries_at_most_three_notes(name: str) -> None:
    template = invoke("protocol", "show", name, "--as-order-set").stdout
    page = invoke("check", "-", "--stdin-filename", "a.yaml", "--isolated", stdin=template).stdout
    assert len(re.findall(r"^  \S+ +NOTE ", page, re.MULTILINE)) <= 3
    own = {"RC408", "RC410", "RC631", "RC660"}  # what the source is, or that it states no run time
    assert set(re.findall(r"(?:WARNING|ERROR) +(RC[0-9]{3})", page)) <= own


@pytest.mark.parametrize(
    ("name", "is_for_stroke"),
    [
        ("CVA protocol", True),
        ("Brain attack code", True),
        ("Cerebral infarct, MCA", True),
        ("Myocardial infarct", False),
    ],
)
def test_other_words_for_a_stroke_are_known(name: str, *, is_for_stroke: bool) -> None:
    drip = {"drug": "abciximab", "route": "IV", "kind": "infusion"}
    assert (("RC660", "error") in heavy({"order_set": name, "orders": [drip]})) is is_for_stroke


@pytest.mark.parametrize(
    ("text", "is_found"), [("give also on dialysis", True), ("not in dialysis patients", False), ("stop", False)]
)
def test_eptifibatide_that_a_text_gives_on_dialysis_is_an_error(text: str, *, is_found: bool) -> None:
    assert (("RC653", "error") in heavy(made([{**EPTIFIBATIDE, "text": text}, ASPIRIN]))) is is_found


@pytest.mark.parametrize(
    ("orders", "code", "is_found"),
    [
        (["bolus, dose: 7.2 mg, text: then 72 mg over 60 min"], "RC666", True),
        (["bolus, dose: 7.2 mg, text: then 64.8 mg over 60 min"], "RC666", False),
        (
            ["bolus, dose: 7.2 mg", "infusion, pump_rate: 72 mL/h, concentration: 1 mg/mL, run_time: 60 min"],
            "RC666",
            True,
        ),
        (
            ["bolus, dose: 7.2 mg", "infusion, pump_rate: 64.8 mL/h, concentration: 1 mg/mL, run_time: 1 h"],
            "RC666",
            False,
        ),
        (["infusion, dose: 64.8 mg, run_time: 10 min"], "RC665", True),
        (["infusion, dose: 64.8 mg, run_time: 60 min"], "RC665", False),
    ],
)
def test_alteplase_by_text_by_flow_and_by_its_time(orders: list[str], code: str, *, is_found: bool) -> None:
    fields = [f"kind: {each}".split(", ") for each in orders]
    given = [{"drug": "alteplase", "route": "IV", **dict(one.split(": ", 1) for one in each)} for each in fields]
    assert ((code, "error") in heavy(made([*given, DRIP]))) is is_found


def test_tenecteplase_twice_is_two_thrombolytics() -> None:
    twice = [{**TENECTEPLASE, "dose": "20 mg"}, {**TENECTEPLASE, "dose": "20 mg", "start": "-1 h"}]
    assert ("RC664", "error") in heavy(made([*twice, DRIP]))
    assert ("RC664", "error") not in heavy(made([*({**each, "choose_one": "lysis"} for each in twice), DRIP]))


def test_a_load_infused_after_the_stop_is_found() -> None:
    load = {**DRIP, "dose_rate_per_kg": "0.4 mcg/kg/min", "run_time": "30 min", "start": "+24.5 h"}
    assert ("RC645", "error") in heavy(made([DRIP, load, ASPIRIN]))
    assert ("RC645", "error") not in heavy(made([{**load, "start": "-30 min"}, DRIP, ASPIRIN]))


@pytest.mark.parametrize("patient", [("--crcl", "25mL/min"), ("--crcl", "59mL/min"), ("--dialysis",)])
def test_a_plan_draws_no_end_of_the_effect_where_the_clearance_is_low(patient: tuple[str, ...]) -> None:
    given = ("rescue-bt-2022", "--weight", "80kg", "--p2y12", "clopidogrel", "--load", "300mg", *patient)
    for command in ("plan", "bridge"):
        made = invoke(command, *given, "--format", "json").json
        cover = made["coverage"]
        assert cover["offset_earliest_elapsed"] is None
        assert cover["offset_latest_elapsed"] is None
        assert cover["intervals"][-1]["possibly_by"] == ["tirofiban wearing off"]
        assert cover["best_case"] == "unknown: the effect of tirofiban lasts longer here, and no source states how long"
        [back] = [each for each in made["events"] if each["event"] == "platelet-function-back"]
        assert (back["elapsed"], back["until_elapsed"]) == (None, None)
        assert back["detail"].startswith("longer, unknown: the 4 h to 8 h after the stop assume a normal clearance")


def test_a_plan_at_a_normal_clearance_keeps_its_window() -> None:
    given = ("plan", "rescue-bt-2022", "--weight", "80kg", "--crcl", "60mL/min", "--format", "json")
    cover = invoke(*given).json["coverage"]
    assert (cover["offset_earliest_elapsed"], cover["offset_latest_elapsed"]) == ("28:00:00", "32:00:00")


def test_a_thrombolysis_after_the_stop_meets_the_effect_at_a_low_clearance() -> None:
    given = ("bridge", "yang-2020-iv", "--weight", "80kg", "--run-time", "24h", "--thrombolysis-at", "+33h")
    for patient, expected in ((("--crcl", "25mL/min"), True), ((), False)):
        found = invoke(*given, *patient, "--format", "json").json["findings"]
        assert ("RC610" in {each["code"] for each in found}) is expected


def test_the_warning_of_the_labels_stands_at_the_rate() -> None:
    args = ("--weight", "80kg", "--run-time", "24h", "--crcl", "25mL/min", "--details")
    lines = invoke("dose", "yang-2020-iv", *args).stdout.splitlines()
    rate = next(place for place, line in enumerate(lines) if "14.4 mL/h" in line)
    warning = next(place for place, line in enumerate(lines) if "RC501" in line)
    column = next(place for place, line in enumerate(lines) if "WHAT THE US LABEL WOULD DO" in line)
    assert rate < warning < column <= rate + 8


@pytest.mark.parametrize(
    ("field", "pointer"),
    [
        ("titrate: {step: 0.05 mcg/kg/min, every: 5 min, target: MAP 65}", "/orders/0/titrate"),
        ("titrate: {target: platelet inhibition}", "/orders/0/titrate"),
        ("prn: yes", "/orders/0/prn"),
        ("prn: reocclusion, frequency: every 6 h", "/orders/0/prn"),
    ],
)
@pytest.mark.parametrize("drug", ["tirofiban", "eptifibatide"])
def test_fields_that_say_titrate_or_as_needed_are_errors_of_an_inhibitor(drug: str, field: str, pointer: str) -> None:
    order = f"drug: {drug}, route: IV, kind: infusion, dose_rate_per_kg: 0.1 mcg/kg/min, start: +0 h, run_time: 24 h"
    text = f"order_set: a\npatient: {{weight: 80 kg}}\norders:\n- {{{order}, {field}}}\n"
    found = invoke("check", "-", "--stdin-filename", "a.yaml", "--json", stdin=text).json["findings"]
    assert [each["pointer"] for each in found if each["code"] == "RC636"] == [pointer]


def test_an_inhibitor_that_is_not_as_needed_and_another_drugs_titration_are_left_alone() -> None:
    own = "drug: tirofiban, route: IV, kind: infusion, dose_rate_per_kg: 0.1 mcg/kg/min, prn: no"
    other = "drug: norepinephrine, route: IV, kind: infusion, titrate: {step: 0.02 mcg/kg/min, every: 5 min}"
    for order in (own, other):
        text = f"order_set: a\npatient: {{weight: 80 kg}}\norders:\n- {{{order}}}\n"
        outcome = invoke("check", "-", "--stdin-filename", "a.yaml", "--json", "--select", "RC636", stdin=text)
        assert outcome.json["findings"] == []


@pytest.mark.parametrize(("clearance", "rate"), [("90mL/min", "250 mcg/min"), ("40mL/min", "125 mcg/min")])
def test_a_cap_that_a_renal_rule_halves_binds_at_its_half(clearance: str, rate: str) -> None:
    # 15 mg/h is 250 mcg/min; 7.5 mg/h at half, which 1 mcg/kg/min reaches at 125 kg
    made = invoke("dose", "eptifibatide-label", "--weight", "130kg", "--crcl", clearance, "--run-time", "24h", "--json")
    given = made.json["infusions"][0]["dose_rate"]
    assert f"{given['value']} {given['unit']}" == rate
    assert [each["code"] for each in made.json["findings"] if each["code"] == "RC421"] == []


@pytest.mark.parametrize("kind", ["bolus", "infusion"])
def test_an_inhibitor_without_any_dose_is_an_error_unless_a_protocol_has_it(kind: str) -> None:
    drugs = ("tirofiban", "eptifibatide", "abciximab", "cangrelor")
    orders = [{"drug": each, "route": "IV", "kind": kind} for each in drugs]
    bare = [{"order_set": "Ward", "orders": [each]} for each in orders]
    by_protocol = [{"order_set": "Ward", "protocol": "yang-2020-iv", "orders": orders[:1]}]
    before = [{"order_set": "Ward", "orders": [{**orders[0], "start": "-2 h", "stop": "+0 h"}]}]
    found = heavy_each([*bare, *by_protocol, *before])
    is_told = [("RC712", "error", "/orders/0") in each for each in found]
    assert is_told == [True] * 4 + [False] * 2


def test_a_text_that_has_an_inhibitor_given_again_is_one_error() -> None:
    again = (
        "BID",
        "q8h",
        "three times a day",
        "800 mcg daily",
        "every morning",
        "give again after 12 h",
        "may be repeated",
    )
    once = (
        "once",
        "stat, before the infusion",
        "check platelets daily",
        "CT may be repeated after 24 h",
        "do not repeat",
    )
    sets = [made([{**BOLUS, "text": text}]) for text in (*again, *once)]
    sets += [made([{**DRIP, "text": text}]) for text in ("every day", "hang a new bag every 17 h", "repeat CT daily")]
    found = [[code for code, severity, _ in each if severity == "error"] for each in heavy_each(sets)]
    assert found == [["RC429"]] * 5 + [["RC636"]] * 2 + [[]] * 5 + [["RC636"], [], []]
