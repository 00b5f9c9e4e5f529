"""Orders that are right as hospitals write them, each kind beside one with a gross error that is still found."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.support import invoke

_STROKE: Final = "Acute ischaemic stroke"
_PATIENT: Final = {"weight": "80 kg"}
_BOLUS: Final = {"id": "b", "drug": "alteplase", "route": "IV", "kind": "bolus", "dose": "7.2 mg", "give_over": "1 min"}
_REST: Final = {
    "id": "i",
    "drug": "alteplase",
    "route": "IV",
    "kind": "infusion",
    "dose": "64.8 mg",
    "run_time": "60 min",
    "concentration": "1 mg/mL",
}
_TIROFIBAN: Final = {
    "drug": "tirofiban",
    "route": "IV",
    "kind": "infusion",
    "dose_rate_per_kg": "0.1 mcg/kg/min",
    "concentration": "50 mcg/mL",
    "pump_rate": "9.6 mL/h",
    "run_time": "24 h",
    "start": "+0 h",
}
_FLUSH: Final = {
    "drug": "heparin",
    "route": "IA",
    "kind": "infusion",
    "concentration": "2 units/mL",
    "text": "pressurised flush line, heparin 2 units/mL",
}
_CATHETER: Final = {
    "prn": "occluded PICC lumen",
    "text": "Cathflo alteplase, dwell 30 min; may repeat once after 120 min",
}
_NORADRENALINE: Final = {"drug": "noradrenaline", "route": "IV", "kind": "infusion", "concentration": "80 mcg/mL"}
_FONDAPARINUX: Final = {
    "drug": "fondaparinux",
    "route": "SC",
    "dose": "2.5 mg",
    "frequency": "daily",
    "choose_one": "ac",
    "when": {"creatinine_clearance": ">= 20 mL/min"},
}


def _alteplase(**fields: Any) -> dict[str, Any]:
    return {"drug": "alteplase", **fields}


def _heparin(below: str) -> dict[str, Any]:
    when = {"creatinine_clearance": below}
    return {"drug": "heparin", "route": "IV", "dose_rate": "900 units/h", "when": when, "choose_one": "ac"}


def _found(*sets: tuple[str, list[dict[str, Any]]], patient: dict[str, str] | None = None) -> list[list[str]]:
    """Return the codes of the warnings and errors of each set, which are checked as the lines of one file."""
    lines = []
    for name, orders in sets:
        made = {"order_set": name, "stop_if": ["bleeding"], "orders": orders}
        made["monitoring"] = [{"check": "platelets", "at": "baseline", "then": "6 h"}]
        lines.append(json.dumps({**made, **({} if patient is None else {"patient": patient})}))
    outcome = invoke("check", "-", "--stdin-filename", "a.jsonl", "--format", "json", stdin="\n".join(lines))
    heavy = [each for each in outcome.json["findings"] if each["severity"] != "note"]
    return [sorted(each["code"] for each in heavy if each["line"] == line) for line in range(1, len(sets) + 1)]


def test_a_thrombolytic_in_a_catheter_or_a_cavity_is_no_thrombolysis_and_a_tenfold_one_is_found() -> None:
    small = _alteplase(route="IV", dose="2 mg", volume="2 mL", concentration="1 mg/mL", **_CATHETER)
    drain = _alteplase(route="EVD", dose="1 mg", frequency="every 8 h", text="clamp 1 h; up to 12 doses")
    pleural = _alteplase(route="intrapleural", dose="10 mg", frequency="every 12 h")
    right = ((_STROKE, [small]), (_STROKE, [_BOLUS, _REST, small]), ("ICH and SAH", [drain]), ("Empyema", [pleural]))
    assert _found(*right, patient=_PATIENT) == [[], [], [], []]
    wrong = (
        (_STROKE, [{**small, "dose": "20 mg"}]),
        ("ICH and SAH", [{**drain, "dose": "10 mg"}]),
        ("ICH", [_BOLUS]),
        (_STROKE, [_alteplase(route="IV", dose="2 mg", prn="chest pain")]),
        (_STROKE, [{**_BOLUS, "text": "through the PICC"}, _REST, {**_BOLUS, "id": "c"}]),
    )
    tenfold, drained, bled, needed, twice = _found(*wrong, patient=_PATIENT)
    assert {"RC302", "RC664"} <= {*tenfold}
    assert {"RC428", "RC647", "RC664"} <= {*drained}
    assert "RC647" in bled
    assert {"RC664", "RC665"} <= {*needed}
    assert "RC664" in twice


def test_a_dose_of_its_own_into_an_artery_was_not_judged_and_one_copied_from_a_vein_is_wrong() -> None:
    artery = {"route": "IA", "kind": "infusion"}
    tenecteplase = {"drug": "tenecteplase", "route": "IA", "kind": "bolus"}
    right = (
        (_STROKE, [_alteplase(**artery, dose_per_kg="0.225 mg/kg", max_dose="20 mg", give_over="15 min")]),
        (_STROKE, [_BOLUS, _REST, _alteplase(route="IA", kind="bolus", dose="5 mg", give_over="10 min")]),
        (_STROKE, [{**tenecteplase, "dose_per_kg": "0.0625 mg/kg", "max_dose": "6.25 mg"}]),
        (_STROKE, [{"drug": "urokinase", "route": "IA", "kind": "infusion", "dose": "100,000 units"}]),
    )
    wrong = (
        (_STROKE, [_alteplase(**artery, dose="72 mg", run_time="60 min")]),
        (_STROKE, [_BOLUS, {**_REST, "route": "IA"}]),
        (_STROKE, [{**_BOLUS, "route": "IA"}, _REST]),
        (_STROKE, [{**tenecteplase, "dose_per_kg": "0.25 mg/kg", "max_dose": "25 mg"}]),
        (_STROKE, [_alteplase(route="IA", kind="bolus", dose="50 mg")]),
    )
    found = invoke("check", "-", "--stdin-filename", "a.yaml", "--format", "json", stdin=_document(right[0]))
    assert [(each["code"], each["severity"]) for each in found.json["findings"] if each["code"] == "RC428"] == [
        ("RC428", "warning")
    ]
    assert _found(*right, patient=_PATIENT) == [["RC428"]] * 4
    *copied, tenfold = _found(*wrong, patient=_PATIENT)
    assert copied == [["RC428"]] * 4
    assert "RC428" in tenfold
    worse = invoke("check", "-", "--stdin-filename", "a.yaml", "--format", "json", stdin=_document(wrong[0]))
    assert [each["severity"] for each in worse.json["findings"] if each["code"] == "RC428"] == ["error"]


def _document(made: tuple[str, list[dict[str, Any]]]) -> str:
    return json.dumps({"order_set": made[0], "patient": _PATIENT, "orders": made[1]})


def test_an_anticoagulant_after_the_hold_and_a_flush_are_right_and_an_early_one_and_a_drip_are_not() -> None:
    enoxaparin = {"drug": "enoxaparin", "route": "SC", "dose": "40 mg", "frequency": "daily"}
    days = (
        {"start": "+24 h"},
        {"text": "start 24 h after alteplase"},
        {"start": "+2 h"},
        {"text": "start 2 h after alteplase"},
    )
    sets = [(_STROKE, [_BOLUS, _REST, {**enoxaparin, **each}]) for each in days]
    assert _found(*sets, patient=_PATIENT) == [[], [], ["RC671"], ["RC671"]]
    beside: tuple[dict[str, str], ...] = (
        {},
        {"dose_rate": "1000 units/h"},
        {"text": "18 units/kg/h; pressurised flush line separate"},
    )
    sets = [("Stroke rescue", [_TIROFIBAN, {**_FLUSH, **each}]) for each in beside]
    assert ["RC624" in each for each in _found(*sets, patient=_PATIENT)] == [False, True, True]


def test_another_drug_of_a_choice_covers_the_other_clearances_and_a_gap_between_them_is_found() -> None:
    sets = [("NSTEMI", [_FONDAPARINUX, _heparin(below)]) for below in ("< 20 mL/min", "< 10 mL/min")]
    assert _found(*sets) == [[], ["RC512", "RC512"]]


def test_a_language_writes_by_its_own_rules_and_english_by_its_list() -> None:
    texts = (
        "Laufrate 9,6 ml/h f\u00fcr 24 h, keine Pause",
        "Laufrate 96 ml/h f\u00fcr 24 h, keine Pause",
        "run at 9,6 ml/h",
    )
    found = _found(*((_STROKE, [{**_TIROFIBAN, "text": each}]) for each in texts), patient=_PATIENT)
    assert found == [[], ["RC402"], ["RC226", "RC227"]]


def test_usual_numbers_are_read_and_a_decimal_point_in_them_is_found() -> None:
    child = {"drug": "acetaminophen", "route": "PO"}
    fluid = {"drug": "sodium chloride 0.9 %", "route": "IV", "kind": "infusion", "run_time": "1 h"}
    right = (
        ("Ward", [{**child, "dose_per_kg": "10 mg/kg", "dose": "120 mg", "text": "10 mg/kg (12 kg)"}]),
        ("Ward", [{**child, "dose_per_kg": "10 mg/kg (12 kg)", "dose": "120 mg"}]),
        ("Ward", [{**fluid, "pump_rate": "1000 mL/h"}]),
        ("Ward", [{"drug": "metoprolol", "route": "PO", "dose": "25 mg", "start": "day 2"}]),
        ("Ward", [{"drug": "packed red cells", "route": "IV", "dose": "1 unit", "text": "1 unit over 2-4 h"}]),
    )
    assert _found(*right) == [[], [], [], [], []]
    wrong = (
        ("Ward", [{**child, "dose_per_kg": "10 mg/kg", "dose": "1200 mg", "text": "10 mg/kg (12 kg)"}]),
        ("Ward", [{**child, "dose_per_kg": "10 mg/kg (12 kg)", "dose": "1200 mg"}]),
        ("Ward", [{**fluid, "pump_rate": "10000 mL/h"}]),
        ("Ward", [{"drug": "aspirin", "route": "PO", "dose": "81 mg", "frequency": "daily", "start": "day 2"}]),
        (
            "Ward",
            [{"drug": "packed red cells", "route": "IV", "kind": "bolus", "dose": "1 unit", "text": "1 unit over 2 h"}],
        ),
    )
    assert _found(*wrong) == [["RC301"], ["RC301"], ["RC310"], ["RC109"], ["RC321"]]
    flows = ("0-26.3 mL/h", "0-263 mL/h")
    sets = [("ICU", [{**_NORADRENALINE, "dose_rate_per_kg": "0-0.5 mcg/kg/min", "pump_rate": each}]) for each in flows]
    rest = ("250 mL - 230.4 mL = 19.6 mL stay in the bag", "250 mL - 23.04 mL = 226.96 mL stay in the bag")
    sets += [(_STROKE, [{**_TIROFIBAN, "text": each}]) for each in rest]
    titrated = {**_TIROFIBAN, "dose_rate_per_kg": "0-0.15 mcg/kg/min", "pump_rate": "14.4 mL/h"}
    assert _found(*sets[2:], patient=_PATIENT) == [[], ["RC308"]]
    assert _found(*sets[:2], patient={"weight": "70 kg"}) == [[], ["RC304"]]
    assert "RC202" in _found((_STROKE, [titrated]), patient=_PATIENT)[0]
