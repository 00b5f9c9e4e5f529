"""The patient's state and targets as hospitals write them: dialysis, a thrombolysis, a pressure; one call for all."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from tests.support import invoke
from tests.test_clinical_kinds import ASPIRIN, BOLUS, CLOPIDOGREL, DRIP, EPTIFIBATIDE, heavy_each, made

HALF: Final = ({**BOLUS, "dose_per_kg": "5 mcg/kg"}, {**DRIP, "dose_rate_per_kg": "0.05 mcg/kg/min"})
US_HALF: Final = (BOLUS, {**DRIP, "dose_rate_per_kg": "0.075 mcg/kg/min"})
ORAL: Final = (ASPIRIN, CLOPIDOGREL)
ALTEPLASE: Final = (
    {"drug": "alteplase", "route": "IV", "kind": "bolus", "dose": "7.2 mg", "give_over": "1 min"},
    {"drug": "alteplase", "route": "IV", "kind": "infusion", "dose": "64.8 mg", "run_time": "60 min"},
)
STOP: Final = "platelets confirmed below 90 x10^9/L"
ICH: Final = "If ICH: stop infusion. Lower SBP to 130-140 mmHg"


def patient(*orders: dict[str, Any], **state: str) -> dict[str, Any]:
    return made([*orders, *ORAL], state)


def lysed(said: str, bolus: str, rest: str) -> dict[str, Any]:
    starts = zip(ALTEPLASE, (bolus, rest), strict=True)
    return {
        "order_set": "Alteplase for stroke",
        "patient": {"weight": "80 kg", "thrombolysis": said},
        "orders": [{**each, "start": start} for each, start in starts],
    }


def stops(*criteria: str) -> dict[str, Any]:
    return made(stop_if=[STOP, "neurological deterioration", *criteria])


def watches(what: str, at: str = "hourly", **more: str) -> dict[str, Any]:
    document = made()
    return {**document, "monitoring": [*document["monitoring"], {"check": what, "at": at, **more}]}


def beside(text: str, **more: Any) -> dict[str, Any]:
    enoxaparin = {"drug": "enoxaparin", "route": "SC", "kind": "dose", "dose": "40 mg", "frequency": "daily"}
    order = {name: each for name, each in {**enoxaparin, "start": "+2 h", "text": text, **more}.items() if each}
    oral = [{**each, "text": "only after a CT without haemorrhage"} for each in ORAL]
    return made([BOLUS, DRIP, *oral, order], {"thrombolysis": "-3 h"})


def says(text: str, lysis: str) -> dict[str, Any]:
    gated = [{**each, "text": "only after a CT without haemorrhage"} for each in ORAL]
    return made([BOLUS, {**DRIP, "text": text}, *gated], {"thrombolysis": lysis})


# Each set with all that is more than a note: its code, its severity and where it stands.
SETS: Final[tuple[tuple[dict[str, Any], list[tuple[str, str, str]]], ...]] = (
    # dialysis is the lowest clearance there is
    (patient(*HALF, dialysis="yes"), []),
    (patient(*HALF, dialysis="yes", creatinine_clearance="85 mL/min"), []),
    (patient(*US_HALF, dialysis="yes"), []),
    (patient(BOLUS, DRIP, dialysis="yes"), [("RC516", "error", "/orders/1/dose_rate_per_kg")]),
    (patient(*US_HALF, dialysis="no"), [("RC403", "warning", "/orders/1/dose_rate_per_kg")]),
    (patient(*HALF, dialysis="no"), [
        ("RC404", "error", "/orders/0/dose_per_kg"), ("RC403", "warning", "/orders/1/dose_rate_per_kg")]),
    # the orders of the thrombolysis that is said of the patient, and those of a second one
    (lysed("-2 h", "-2 h", "-119 min"), []),
    (lysed("-2 h", "-110 min", "-109 min"), []),
    (lysed("-2 h", "-5 min", "-4 min"), [("RC664", "error", "/orders/0")]),
    (lysed("-1 h", "+0 h", "+1 min"), [("RC664", "error", "/orders/0")]),
    (lysed("none", "-2 h", "-119 min"), [("RC613", "warning", "/patient/thrombolysis")]),
    (lysed("none", "+0 h", "+1 min"), []),
    # a target of the pressure: below 140 mmHg, and not of a haemorrhage
    (stops("intracranial haemorrhage: stop the infusion; SBP target 130 to 140 mmHg"), []),
    (stops(ICH), []),
    (stops("neurological deterioration; SBP target 120 to 140 mmHg"), [("RC716", "warning", "/stop_if/2")]),
    (watches("target SBP 140 mmHg"), []),
    (watches("target SBP 130 mmHg"), [("RC716", "warning", "/monitoring/2/check")]),
    (watches("keep SBP below 140 mmHg"), [("RC716", "warning", "/monitoring/2/check")]),
    (watches("in case of ICH stop at once; target SBP 130 to 140"), []),
    (watches("call for bleeding; target SBP 120 to 140"), [("RC716", "warning", "/monitoring/2/check")]),
    # a time at which it is measured is no target, and a pressure is one
    (watches("blood pressure", then="24 h"), []),
    (watches("blood pressure", then="12 to 48 hours"), []),
    (watches("blood pressure", "24 h"), []),
    (watches("BP", "15-minute intervals for 24 hours"), []),
    (watches("BP", "15, 30 and 60 min"), []),
    (watches("BP", "06:00"), []),
    (watches("blood pressure", then="24 mmHg"), [("RC716", "error", "/monitoring/2/then")]),
    (watches("blood pressure", then="110 to 130"), [("RC716", "warning", "/monitoring/2/then")]),
    (watches("blood pressure", then="below 120 for 24 h"), [("RC716", "warning", "/monitoring/2/then")]),
    # an anticoagulant within a day of a thrombolysis: the word says what it is for
    (beside("40 mg daily, DVT prophylaxis"), [("RC624", "warning", "/orders/4")]),
    (beside("40 mg daily, VTE ppx"), [("RC624", "warning", "/orders/4")]),
    (beside("40 mg tgl. zur Thromboseprophylaxe"), [("RC624", "warning", "/orders/4")]),
    (beside("40 mg daily, not for prophylaxis"), [("RC624", "error", "/orders/4")]),
    # without a word how it is given says it: a fixed dose under the skin, once a day but for heparin itself
    (beside("40 mg daily"), [("RC624", "warning", "/orders/4")]),
    (beside("", drug="heparin", dose="5,000 units", frequency="every 8 h"), [("RC624", "warning", "/orders/4")]),
    (beside("therapeutic", frequency="daily"), [("RC624", "error", "/orders/4")]),
    (beside("", dose="80 mg", frequency="every 12 h"), [("RC624", "error", "/orders/4")]),
    (beside("", frequency=""), [("RC624", "error", "/orders/4")]),
    (beside("", dose="", dose_per_kg="1 mg/kg"), [("RC624", "error", "/orders/4")]),
    (beside("", drug="heparin", route="IV", kind="bolus", dose="5,000 units", frequency=""), [
        ("RC624", "error", "/orders/4")]),
    # an oral anticoagulant that a text says the patient took
    (says("took apixaban this morning", "none"), [("RC656", "warning", "/orders/1/text")]),
    (says("patient on warfarin at home", "none"), [("RC656", "warning", "/orders/1/text")]),
    (says("last dose of rivaroxaban yesterday evening", "-2 h"), [("RC656", "error", "/orders/1/text")]),
    (says("on apixaban, last dose this morning", "none"), [("RC624", "warning", "/orders/1/text")]),
    (says("has not taken apixaban", "none"), []),
    (says("if the patient took apixaban: call", "none"), []),
    (says("took aspirin this morning", "none"), []),
    # beyond what is held for tirofiban: the label of the other drug says it in a word
    (made([EPTIFIBATIDE, *ORAL], {"blood_pressure": "220/120", "thrombolysis": "none"}, stop_if=[
        "platelets confirmed below 100 x10^9/L", "neurological deterioration"]), [
        ("RC671", "warning", "/patient/blood_pressure"), ("RC660", "warning", "/orders/0")]),
)  # fmt: skip


def test_each_set_has_its_findings_and_no_other() -> None:
    found = heavy_each([document for document, _ in SETS])
    told = [sorted(one for one in each if one[0] != "RC610") for each in found]  # of each set with a thrombolysis
    assert told == [sorted(expected) for _, expected in SETS]


def message(document: dict[str, Any], code: str) -> dict[str, Any]:
    found = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(document)).json
    (one,) = (each for each in found["findings"] if each["code"] == code)
    return dict(one)


def test_a_rate_above_rescue_is_told_the_rates_of_rescue() -> None:
    one = message(made([BOLUS, {**DRIP, "dose_rate_per_kg": "0.2 mcg/kg/min"}, *ORAL]), "RC402")
    assert "(the order set says 'Rescue'): 0.1 mcg/kg/min to 0.15 mcg/kg/min, or" in one["message"]
    assert one["expected_range"] == {"low": "0.1 mcg/kg/min", "high": "0.15 mcg/kg/min"}
    low = made([{**DRIP, "dose_rate_per_kg": "0.2 mcg/kg/min"}, *ORAL], {"creatinine_clearance": "25 mL/min"})
    assert "'Rescue'): 0.05 mcg/kg/min to 0.15 mcg/kg/min, or" in message(low, "RC402")["message"]


def test_a_pressure_without_a_limit_is_told_the_words_of_the_label() -> None:
    state = {"blood_pressure": "220/120", "thrombolysis": "none"}
    assert message(made([EPTIFIBATIDE, *ORAL], state), "RC671")["message"] == (
        "blood pressure 220/120 mmHg was not judged for eptifibatide; the US label contraindicates eptifibatide with "
        "severe uncontrolled hypertension, without a number (compare: the EU label does not recommend tirofiban above "
        "180/110 mmHg)"
    )


@pytest.mark.parametrize(
    ("protocol", "words"),
    [
        (
            "abciximab-label",
            "- not within 2 years of a cerebrovascular accident or with a significant residual deficit",
        ),
        ("eptifibatide-low", "- not with any stroke within 30 days or any history of haemorrhagic stroke, on dialysis"),
        ("yang-2020-iv", "- not recommended above 180/110 mmHg (EU label)"),
    ],
)
def test_a_protocol_is_shown_with_what_its_drugs_labels_exclude(protocol: str, words: str) -> None:
    page = " ".join(invoke("protocol", "show", protocol).stdout.split())
    assert f"BEFORE THE START {words}" in page or words in page.partition("BEFORE THE START")[2]


STOPPED: Final = "--weight 80kg --crcl 85mL/min --started -4h --stopped +0h"


def test_a_short_page_ends_a_warning_with_a_statement_or_names_it() -> None:
    state = "--dialysis --platelets 60 --inr 2.2 --bp 210/120 --thrombolysis-at -6h"
    stop = " ".join(invoke("stop", "eptifibatide-low", *STOPPED.split(), *state.split()).stdout.split())
    assert "WARNING RC650: platelets 60 x10^9/L" in stop or "RC650 platelets-below-limit" in stop
    assert "WARNING RC652: blood pressure 210/120 mmHg" in stop or "RC652 blood-pressure-above-limit" in stop
    assert "RC660 inhibitor-against-its-label-in-stroke" in stop
    pressure = invoke("stop", "cangrelor-label", *STOPPED.split(), "--bp", "230/130", "--platelets", "60").stdout
    assert "WARNING RC671: blood pressure 230/130 mmHg was not judged for cangrelor" in pressure
    beside = "--weight 80kg --thrombolysis-at -3h --beside heparin"
    bridge = invoke("bridge", "rescue-bt-2022", *beside.split()).stdout
    assert "WARNING RC624: heparin beside tirofiban, inside the hold after a thrombolysis" in bridge


def test_an_assay_is_compared_with_each_published_range() -> None:
    bridge = " ".join(invoke("bridge", "khachatryan-2023-case", "--weight", "80kg").stdout.split())
    ranges = "60 to 240 PRU (neurointervention series), 60 to 200 PRU (a second published range)"
    assert f"assay 57 PRU, inside of below 208 PRU (a published limit); outside of {ranges}" in bridge


@pytest.mark.parametrize(("run_time", "is_late"), [("21.5h", False), ("24h", True)])
def test_the_end_of_a_trial_is_counted_from_the_thrombolysis(run_time: str, *, is_late: bool) -> None:
    words = f"--weight 80kg --thrombolysis-at -2h --run-time {run_time} --json"
    found = invoke("dose", "advent", *words.split()).json["findings"]
    late = "the infusion stops 26.5 h after the thrombolysis: advent states to 24 h after the thrombolysis"
    assert [each["message"] for each in found if each["code"] == "RC411"] == ([late] if is_late else [])
