"""Doses that a text mentions and no field states, and the other gross errors that stood beside a sound field."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import invoke

DRIP = {
    "drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.15 mcg/kg/min",
    "concentration": "50 mcg/mL", "pump_rate": "14.4 mL/h", "start": "+0 h", "run_time": "24 h",
}  # fmt: skip
BOLUS = {
    "drug": "tirofiban", "route": "IV", "kind": "bolus", "dose_per_kg": "10 mcg/kg", "dose": "800 mcg",
    "volume": "16 mL", "concentration": "50 mcg/mL", "give_over": "3 min",
}  # fmt: skip


def checked(*orders: dict[str, str], **more: Any) -> list[dict[str, Any]]:
    made = {"order_set": "x", "patient": {"weight": "80 kg"}, "orders": orders, **more}
    outcome = invoke("check", "-", "--format", "json", stdin=json.dumps(made))
    return [each for each in outcome.json["findings"] if each["severity"] == "error"]


def found(*orders: dict[str, str], **more: Any) -> list[tuple[str, str | None, str | None]]:
    return [(each["code"], each["found"], each["expected"]) for each in checked(*orders, **more)]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("bolus 100 mcg/kg then 0.15 mcg/kg/min", ("RC404", "100 mcg/kg", "10 mcg/kg")),
        ("if reocclusion 1.5 mcg/kg/min", ("RC402", "1.5 mcg/kg/min", "0.15 mcg/kg/min")),
        ("CrCl above 60: 1.5 mcg/kg/min", ("RC402", "1.5 mcg/kg/min", "0.15 mcg/kg/min")),
        ("not recanalised: 1.5 mcg/kg/min", ("RC402", "1.5 mcg/kg/min", "0.15 mcg/kg/min")),
        ("maximum 1.5 mcg/kg/min", ("RC402", "1.5 mcg/kg/min", "0.15 mcg/kg/min")),
        ("loading dose: 4 mcg/kg/min over 30 min", ("RC402", "4 mcg/kg/min", "0.4 mcg/kg/min")),
        ("bolus 8 mg over 3 min first", ("RC404", "8 mg", "0.8 mg")),
        ("further 8 mg as bolus", ("RC404", "8 mg", "0.8 mg")),
        ("for stent thrombosis 8 mg", ("RC404", "8 mg", "0.8 mg")),
        ("bolus 160 mL then run", ("RC404", "160 mL", "16 mL")),
        ("after aspirin, bolus 100 mcg/kg", ("RC404", "100 mcg/kg", "10 mcg/kg")),
        ("give aspirin 300 mg and tirofiban 100 mcg/kg", ("RC404", "100 mcg/kg", "10 mcg/kg")),
        ("bolus from vial 2500 mcg/mL", ("RC424", "2500 mcg/mL", None)),
        ("use 500 mcg/mL bag", ("RC308", "500 mcg/mL", "50 mcg/mL")),
        ("using 250 mcg/mL", ("RC308", "250 mcg/mL", "50 mcg/mL")),
        ("144 cc/hr", ("RC308", "144 cc/hr", "14.4 mL/h")),
        ("144 mL an hour", ("RC308", "144 mL an hour", "14.4 mL/h")),
        ("1,5 mcg/kg/min", ("RC308", "1,5 mcg/kg/min", "0.15 mcg/kg/min")),
        ("1.5 mcg kg-1 min-1", ("RC308", "1.5 mcg kg-1 min-1", "0.15 mcg/kg/min")),
    ],
)  # fmt: skip
def test_a_dose_that_an_infusions_text_mentions_is_judged(text: str, error: tuple[str, str, str]) -> None:
    assert found({**DRIP, "text": text}) == [error]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("may repeat 8 mg once", ("RC404", "8 mg", "0.8 mg")),
        ("then 1.5 mcg/kg/min", ("RC402", "1.5 mcg/kg/min", "0.15 mcg/kg/min")),
        ("up to 100 mcg/kg", ("RC404", "100 mcg/kg", "10 mcg/kg")),
    ],
)
def test_a_dose_that_a_bolus_text_mentions_is_judged(text: str, error: tuple[str, str, str]) -> None:
    assert error in found({**BOLUS, "text": text})


@pytest.mark.parametrize(
    "text",
    [
        *("do not give 25 mcg/kg", "never exceed 0.4 mcg/kg/min", "bolus 10 mcg/kg was given in the angio suite"),
        *("after the bolus of 800 mcg run at 14.4 mL/h", "if CrCl 60 mL/min or less: 0.075 mcg/kg/min"),
        *("CrCl below 30: 0.05 mcg/kg/min", "two bags (25 mg) are needed for 24 h", "total 17.28 mg over 24 h"),
        *("saline carrier at 20 mL/h", "aspirin 300 mg PR before", "alteplase 72 mg was given at -2 h"),
        *("labetalol 10 mg IV if systolic above 185 mmHg", "stop if fibrinogen below 100 mg/dL", "KVO 10 mL/h after"),
        *("bolus from vial 250 mcg/mL, infusion from bag 50 mcg/mL", "not the 250 mcg/mL vial", "max rate 18 mL/h"),
        *("propofol 50 mcg/kg/min by anaesthesia", "US label: bolus 25 mcg/kg", "diphenhydramine 50 mg for allergy"),
        *("reduced from 0.15 to 0.1 mcg/kg/min after 12 h", "discard the remaining 154 mL", "cefazolin 2 g before"),
        *("12 mcg/min = 14.4 mL/h", "load 0.4 mcg/kg/min for 30 min is not used here", "mannitol 1 g/kg if herniation"),
    ],
)  # fmt: skip
def test_a_right_text_of_an_infusion_has_no_error(text: str) -> None:
    assert found({**DRIP, "text": text}) == []


@pytest.mark.parametrize(
    "text",
    [
        *("16 mL of 50 mcg/mL over 3 min", "then infusion 0.15 mcg/kg/min", "do not repeat 800 mcg", "max 2 mg"),
        *("followed by 0.15 mcg/kg/min for 24 h from the bag 50 mcg/mL", "by pump at 320 mL/h"),
        "flush with 10 mL saline",
    ],
)  # fmt: skip
def test_a_right_text_of_a_bolus_has_no_error(text: str) -> None:
    assert [each for each in found({**BOLUS, "text": text}) if each[0] != "RC643"] == []


def test_a_volume_from_the_vial_in_a_text_alone_is_a_dose() -> None:
    order = {"drug": "tirofiban", "route": "IV", "kind": "bolus"}
    assert found({**order, "text": "give 32 mL from the vial 250 mcg/mL"}) == [("RC404", "32 mL", "3.2 mL")]
    assert found({**order, "text": "give 3.2 mL from the vial 250 mcg/mL"}) == []


BAG = {"drug": "tirofiban", "route": "IV", "dose": "12.5 mg"}


@pytest.mark.parametrize(
    "more",
    [{"give_over": "30 min"}, {"volume": "250 mL"}, {"volume": "250 mL", "product": "bag-250"}, {}],
)
def test_what_a_bag_holds_is_no_dose_that_was_judged(more: dict[str, str]) -> None:
    made = {"order_set": "x", "patient": {"weight": "80 kg"}, "orders": [{**BAG, **more}]}
    outcome = invoke("check", "-", "--format", "json", stdin=json.dumps(made)).json
    errors = [(each["code"], each["found"]) for each in outcome["findings"] if each["severity"] == "error"]
    assert errors == [("RC712", "12.5 mg")]
    assert outcome["summary"]["judged"]["not_judged"] == 1


def test_a_bag_beside_its_rate_is_judged() -> None:
    assert found({**BAG, "volume": "250 mL", "dose_rate_per_kg": "0.15 mcg/kg/min"}) == []


def load(start: str, minutes: int, rate: str = "0.4 mcg/kg/min") -> dict[str, str]:
    order = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "concentration": "50 mcg/mL"}
    return {**order, "dose_rate_per_kg": rate, "start": start, "run_time": f"{minutes} min"}


STEP = load("+30 min", 360, "0.1 mcg/kg/min")


@pytest.mark.parametrize(
    ("orders", "codes"),
    [
        ((load("+0 min", 30), load("+30 min", 30), load("+60 min", 30)), ["RC634"]),
        ((load("+0 min", 10), load("+10 min", 10), load("+20 min", 10), load("+30 min", 10)), ["RC634"]),
        ((load("+0 min", 15), load("+15 min", 15), STEP), []),
        ((load("+0 min", 30), STEP), []),
        ((load("+0 min", 30), STEP, load("+300 min", 30)), ["RC634", "RC640", "RC646"]),
    ],
)  # fmt: skip
def test_the_load_comes_once_and_no_longer_than_its_source_says(orders: tuple[Any, ...], codes: list[str]) -> None:
    assert sorted(each["code"] for each in checked(*orders)) == sorted(codes)


@pytest.mark.parametrize(("start", "codes"), [("+23 h", ["RC646"]), ("+4 h", ["RC646"]), ("+0 h", []), ("+1 h", [])])
def test_a_bolus_hours_into_its_own_infusion_is_an_error(start: str, codes: list[str]) -> None:
    assert [each["code"] for each in checked(DRIP, {**BOLUS, "start": start})] == codes


@pytest.mark.parametrize(
    ("more", "errors"),
    [
        ({"product": "12.5 mg in 50 mL"}, [("RC422", "12.5 mg in 50 mL", None)]),
        ({"product": "12.5 mg in 250 mL"}, []),
        ({"product": "12.5 mg in 50 mL", "text": "diluted to 250 mL"}, []),
        ({"product": "concentrate-50"}, []),
    ],
)
def test_a_concentrate_that_nothing_dilutes_is_undiluted(
    more: dict[str, str], errors: list[tuple[str, str | None, str | None]]
) -> None:
    assert found({**{name: text for name, text in DRIP.items() if name != "concentration"}, **more}) == errors


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"kind": "bolus", "max_dose": "8 mg"}, [("RC404", "8 mg", "0.8 mg")]),
        ({"kind": "infusion", "max_dose_rate": "120 mcg/min"}, [("RC402", "120 mcg/min", "12 mcg/min")]),
        ({"kind": "bolus", "max_dose": "2 mg"}, [("RC712", "2 mg", None)]),
        ({"kind": "bolus", "dose_per_kg": "10 mcg/kg", "max_dose": "1.2 mg"}, []),
    ],
)
def test_a_cap_without_a_dose_is_the_most_that_may_be_given(
    fields: dict[str, str], errors: list[tuple[str, str | None, str | None]]
) -> None:
    assert found({"drug": "tirofiban", "route": "IV", **fields}) == errors


def test_an_infusion_into_an_artery_is_an_error() -> None:
    assert found({**DRIP, "route": "IA"}) == [("RC428", "IA", "IV")]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("acute haemorrhagic stroke", ["RC655"]),
        ("rescue after intracerebral hemorrhage", ["RC655"]),
        ("stroke rescue, ICH excluded on CT", []),
        ("ischaemic stroke without intracranial haemorrhage", []),
    ],
)
def test_a_haemorrhage_as_the_indication_is_contraindicated(text: str, codes: list[str]) -> None:
    assert [each["code"] for each in checked(DRIP, indication=text)] == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("platelets 60", ["RC650"]),
        ("INR 2.1", ["RC651"]),
        ("platelets: 60 x10^9/L", ["RC650"]),
        ("platelets of 45,000", ["RC650"]),
        ("platelets 150", []),
        ("stop if platelets fall below 90 x10^9/L", []),
        ("platelets 6 h after the start", []),
        ("hold for INR 2.1", []),
    ],
)
def test_a_patients_value_in_a_text_is_judged(text: str, codes: list[str]) -> None:
    assert [each["code"] for each in checked({**DRIP, "text": text})] == codes


@pytest.mark.parametrize(
    ("text", "is_said"), [("CrCl 45", True), ("creatinine 3 mg/dL", True), ("CrCl 30 to 60: 0.1 mcg/kg/min", False)]
)
def test_a_clearance_in_a_text_is_said_to_be_not_judged(text: str, is_said: bool) -> None:
    made = {"order_set": "x", "patient": {"weight": "80 kg"}, "orders": [{**DRIP, "text": text}]}
    outcome = invoke("check", "-", "--format", "json", stdin=json.dumps(made)).json
    assert ("RC659" in {each["code"] for each in outcome["findings"]}) is is_said


@pytest.mark.parametrize(
    ("text", "found_text"),
    [
        ("push the whole bag", "push the whole bag"),
        ("5 vials IV push", "5 vials IV push"),
        ("run wide open", "wide open"),
        ("ten times the rate for the first hour", "ten times the rate"),
        ("rate 144", "rate 144"),
        ("bolus 25 mcg/lb", "25 mcg/lb"),
        ("100 gama/kg bolus", "100 gama/kg"),
        ("half a mg per kg first", "half a mg per kg"),
    ],
)
def test_what_no_dose_follows_from_is_said_to_be_not_judged(text: str, found_text: str) -> None:
    assert found({**DRIP, "text": text}) == [("RC712", found_text, None)]


@pytest.mark.parametrize(
    "text",
    [
        *("rate 14.4", "hang a new bag after 17 h", "do not push the vial", "platelets three times in 24 h"),
        *("norepinephrine 5 mcg/lb", "check the rate every 4 h", "creatinine 1.2 mg/dL is known", "run at 14.4 mL/h"),
    ],
)
def test_a_text_that_gives_nothing_unread_is_left_alone(text: str) -> None:
    assert found({**DRIP, "text": text}) == []


@pytest.mark.parametrize(
    "more", [{"product": "bag-250", "give_over": "30 min"}, {"product": "bag-250", "text": "over 30 min"}]
)
def test_a_product_and_a_time_are_no_dose(more: dict[str, str]) -> None:
    order = {"drug": "tirofiban", "route": "IV", "kind": "infusion"}
    assert found({**order, **more}) == [("RC712", "bag-250", None)]


@pytest.mark.parametrize(
    ("drug", "text", "errors"),
    [
        ("clopidogrel", "load 6000 mg first", [("RC626", "6000 mg", None)]),
        ("clopidogrel", "load 600 mg first", []),
        ("clopidogrel", "with atorvastatin 800 mg", []),
    ],
)
def test_an_oral_dose_that_a_text_mentions_is_judged(drug: str, text: str, errors: list[Any]) -> None:
    order = {"drug": drug, "route": "PO", "kind": "dose", "dose": "75 mg", "frequency": "daily", "text": text}
    assert found(order) == errors


def test_an_infusion_is_not_ordered_again_and_again_nor_for_longer_than_any_source() -> None:
    assert ("RC636", "every 6 h", "once") in found({**DRIP, "frequency": "every 6 h"})
    assert ("RC662", "240 h", "108 h") in found({**DRIP, "run_time": "240 h"})


def test_what_a_text_says_of_dialysis_and_a_haemorrhage_is_said() -> None:
    assert [each[0] for each in found({**DRIP, "text": "patient had ICH last week"})] == ["RC655"]
    made = {"order_set": "x", "indication": "stroke on dialysis", "orders": [DRIP]}
    outcome = invoke("check", "-", "--format", "json", stdin=json.dumps(made)).json
    assert "RC659" in {each["code"] for each in outcome["findings"]}


@pytest.mark.parametrize(("weight", "told"), [("70kg", ["80 kg"]), ("80kg", [])])
def test_a_row_of_another_weight_than_the_patients_is_said(weight: str, told: list[str]) -> None:
    row = "drug,route,kind,dose_per_kg,dose,weight\ntirofiban,IV,bolus,10 mcg/kg,800 mcg,80 kg\n"
    call = ("check", "-", "--stdin-filename", "a.csv", "--patient-weight", weight, "--format", "json")
    findings = invoke(*call, stdin=row).json["findings"]
    assert [each["found"] for each in findings if each["code"] == "RC436"] == told


def test_no_change_in_renal_impairment_is_an_error() -> None:
    assert [each["code"] for each in checked({**DRIP, "text": "renal impairment: no change"})] == ["RC517"]


def test_a_slip_is_named_only_where_it_brings_the_number_near_its_cap() -> None:
    nicardipine = {"drug": "nicardipine", "route": "IV", "kind": "bolus", "max_dose": "1000 mcg"}
    (small,), (large,) = (checked({**nicardipine, "dose": dose}) for dose in ("1001 mcg", "10000 mcg"))
    assert "decimal point" not in small["message"]
    assert "decimal point" in large["message"]


@pytest.mark.parametrize(("at", "is_watch"), [("Monday", False), ("tomorrow", False), ("6 h, then daily", True)])
def test_platelets_on_a_weekday_are_no_monitoring(at: str, is_watch: bool) -> None:
    made = {
        "order_set": "x",
        "patient": {"weight": "80 kg"},
        "monitoring": [{"check": "platelets", "at": at}],
        "orders": [DRIP],
    }
    outcome = invoke("check", "-", "--format", "json", stdin=json.dumps(made)).json
    assert ("RC705" not in {each["code"] for each in outcome["findings"]}) is is_watch


def test_an_oral_load_that_waits_for_imaging_is_no_finding() -> None:
    asked = (
        "bridge",
        "rescue-bt-2022",
        "--weight",
        "80kg",
        "--p2y12",
        "clopidogrel",
        "--load",
        "300mg",
        "--format",
        "json",
    )
    lysis = (*asked, "--thrombolysis-at=-2h")
    codes = [
        {each["code"] for each in invoke(*call).json["findings"]}
        for call in (lysis, (*lysis, "--imaging", "no haemorrhage"))
    ]
    assert ["RC611" in each for each in codes] == [True, False]
    assert invoke(*lysis, "--imaging", "haemorrhage").exit_code == 2


@pytest.mark.parametrize("space", ["  ", "\t", "\u00a0", "\u202f", "\u3000", "&nbsp;", " \u200b", "\u00ad "])
@pytest.mark.parametrize("form", ["json", "csv", "fhir"])
def test_whatever_space_stands_before_a_unit_the_dose_is_judged(space: str, form: str) -> None:
    text = f"give 8{space}mg"
    made = {
        "json": json.dumps({"drug": "tirofiban", "route": "IV", "kind": "bolus", "weight": "80 kg", "text": text}),
        "csv": f"drug,route,kind,text\ntirofiban,IV,bolus,{text}\n",
        "fhir": json.dumps(
            {
                "resourceType": "MedicationRequest",
                "status": "active",
                "intent": "order",
                "subject": {"reference": "Patient/a"},
                "medicationCodeableConcept": {"text": "tirofiban"},
                "dosageInstruction": [{"text": f"{text} IV push"}],
            }
        ),
    }[form]
    name = "a.csv" if form == "csv" else "a.json"
    outcome = invoke("check", "-", "--stdin-filename", name, "--format", "json", stdin=made)
    errors = {(each["code"], each["found"]) for each in outcome.json["findings"] if each["severity"] == "error"}
    assert ("RC404", "8 mg") in errors


@pytest.mark.parametrize(("text", "weight"), [("144 mg", "80 kg"), ("108 mg", "60 kg"), ("14.4 g", "80 kg")])
def test_a_dose_above_every_cap_that_a_text_alone_says_is_a_finding(text: str, weight: str) -> None:
    order = {"drug": "eptifibatide", "route": "IV", "kind": "bolus", "text": text}
    assert [each["code"] for each in checked(order, patient={"weight": weight})] == ["RC404"]
