"""What the texts beside an order's `text` say of its drug is judged as that text is: told once, where it stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.support import invoke

if TYPE_CHECKING:
    from pathlib import Path

DRIP = {
    "drug": "tirofiban",
    "route": "IV",
    "kind": "infusion",
    "dose_rate_per_kg": "0.1 mcg/kg/min",
    "concentration": "50 mcg/mL",
    "pump_rate": "9.6 mL/h",
    "run_time": "24 h",
}
BOLUS = {
    "drug": "tirofiban",
    "route": "IV",
    "kind": "bolus",
    "dose_per_kg": "10 mcg/kg",
    "dose": "800 mcg",
    "concentration": "50 mcg/mL",
    "volume": "16 mL",
    "give_over": "3 min",
}
STOPS = ["platelets below 90 x10^9/L", "neurological deterioration", "serious bleeding"]


def _set(*orders: dict[str, Any], **more: Any) -> dict[str, Any]:
    watched = {"monitoring": [{"check": "platelets", "at": "baseline", "then": "6 h after start and daily"}]}
    named = {"order_set": "Rescue after thrombectomy", "version": "1", "approved": "2026-03-01"}
    return {**named, "patient": {"weight": "80 kg"}, "orders": list(orders), **watched, "stop_if": STOPS, **more}


def _drip(**more: Any) -> dict[str, Any]:
    return _set({name: text for name, text in {**DRIP, **more}.items() if text is not None})


def _done(text: str) -> dict[str, Any]:
    return _set(DRIP, monitoring=[{"check": "platelets", "at": "baseline, 6 h after start and daily", "then": text}])


def _stopped(text: str) -> dict[str, Any]:
    return _set(DRIP, stop_if=[*STOPS, text])


def _errors(made: list[dict[str, Any]], directory: Path) -> list[list[str]]:
    """Return code, place and words of the errors of each set: all of them are one file."""
    path = directory / "sets.jsonl"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in made), "utf-8")
    found = json.loads(invoke("check", str(path), "--format", "json", "--as-of", "2026-11-29").stdout)["findings"]
    of_line: list[list[str]] = [[] for _ in made]
    for each in found:
        if each["severity"] == "error":
            of_line[each["line"] - 1].append(" ".join(filter(None, (each["code"], each["pointer"], each["expected"]))))
    return of_line


WRONG = (
    (_drip(drug="tirofiban 1 mcg/kg/min"), "RC308 /orders/0/drug 0.1 mcg/kg/min"),
    (_drip(drug="tirofiban 96 mL/h"), "RC308 /orders/0/drug 9.6 mL/h"),
    (
        _drip(drug="tirofiban 12.5 mg/250 mL", concentration=None, pump_rate="96 mL/h"),
        "RC304 /orders/0/pump_rate 9.6 mL/h",
    ),
    (_drip(drug="TIROFIBAN 3.75 MG/15 ML", concentration=None), "RC307 /orders/0/drug 0.75 mg in 15 mL"),
    (_drip(product="12.5 mg in 250 mL, run at 96 mL/h"), "RC308 /orders/0/product 9.6 mL/h"),
    (_drip(diluted_in="250 mL sodium chloride 0.9 %, run at 96 mL/h"), "RC308 /orders/0/diluted_in 9.6 mL/h"),
    (_drip(frequency="once at 96 mL/h"), "RC402 /orders/0/frequency"),
    (_drip(when={"imaging": "no haemorrhage, then 96 mL/h"}), "RC402 /orders/0/when/imaging 9.6 mL/h"),
    (_set(DRIP, order_set="Rescue tirofiban 96 mL/h"), "RC308 /order_set 9.6 mL/h"),
    (_done("set pump to 96 mL/h"), "RC308 /monitoring/0/then 9.6 mL/h"),
    (_done("double the infusion rate if platelets stable"), "RC636 /monitoring/0/then"),
    (_done("give a second bolus of 10 mcg/kg if NIHSS rises"), "RC636 /monitoring/0/then"),
    (_done("increase the rate by 10 mL/h every hour"), "RC636 /monitoring/0/then"),
    (_done("repeat bolus every hour"), "RC636 /monitoring/0/then"),
    (_stopped("bleeding: increase rate to 0.4 mcg/kg/min"), "RC636 /stop_if/3"),
    (_stopped("headache: give another bolus"), "RC636 /stop_if/3"),
    (_stopped("after 240 h"), "RC319 /stop_if/3 24 h"),
    (_stopped("platelets below 90 x10^9/L: halve the rate"), "RC706 /stop_if/3"),
    (_stopped("serious bleeding: continue at half rate"), "RC706 /stop_if/3"),
    (_stopped("no neurological deterioration"), "RC706 /stop_if/3"),
    (_stopped("bleeding stops"), "RC706 /stop_if/3"),
    (_stopped("never"), "RC706 /stop_if/3"),
    (_stopped("platelets fall to zero"), "RC715 /stop_if/3 platelets below 90 x10^9/L"),
    (_stopped("platelets below 90 /L"), "RC715 /stop_if/3 platelets below 90 x10^9/L"),
)
RIGHT = (
    _drip(drug="tirofiban 0.1 mcg/kg/min"),
    _drip(drug="tirofiban 12.5 mg/250 mL", concentration=None),
    _drip(drug="TIROFIBAN 12.5 MG/250 ML IV BAG", concentration=None),
    _drip(drug="tirofiban hydrochloride 50 mcg/mL infusion bag 250 mL"),
    _drip(product="12.5 mg in 250 mL, run at 9.6 mL/h"),
    _drip(product="12.5 mg in 250 mL premixed bag (50 mcg/mL), use within 24 h"),
    _drip(product="12.5 mg in 50 mL", diluted_in="250 mL sodium chloride 0.9 %, after withdrawing 50 mL"),
    _drip(when={"imaging": "no haemorrhage on CT 24 h after thrombectomy"}),
    _set(DRIP, order_set="Rescue tirofiban 9.6 mL/h"),
    _set(BOLUS, DRIP, order_set="Tirofiban 800 mcg bolus over 3 min, then 9.6 mL/h for 24 h"),
    _set(BOLUS, DRIP, order_set="Tirofiban rescue, patients 70-90 kg, 2018"),
    _set({**BOLUS, "frequency": "once over 3 min"}, DRIP),
    _set(DRIP, {"drug": "aspirin 81 mg tablet", "route": "PO", "kind": "dose", "dose": "324 mg"}),
    _done("halve the rate if CrCl 60 mL/min or less"),
    _done("set pump to 9.6 mL/h"),
    _done("recheck in 2 h; restart at 9.6 mL/h if stable"),
    _stopped("after 24 h"),
    _stopped("bleeding: hold infusion for 24 h"),
    _stopped("bleeding that does not stop with pressure"),
    _stopped("bleeding: stop the infusion, do not lower the rate"),
    _stopped("headache without haemorrhage on CT"),
    _stopped("platelets below 90/nl"),
    _stopped("platelets fall by 50 % or more"),
)


def test_what_is_wrong_beside_an_orders_text_is_one_error_where_it_stands(tmp_path: Path) -> None:
    assert _errors([made for made, _ in WRONG], tmp_path) == [[error] for _, error in WRONG]


def test_what_is_right_beside_an_orders_text_is_no_error(tmp_path: Path) -> None:
    assert _errors(list(RIGHT), tmp_path) == [[] for _ in RIGHT]


def _oral(drug: str, **more: str) -> dict[str, Any]:
    return {"drug": drug, "route": "PO", "kind": "dose", **more}


def _titrated(**more: str) -> dict[str, Any]:
    steps = {"start": "5 mcg/min", "step": "2 mcg/min", "every": "5 min", "max": "30 mcg/min", "target": "MAP 65 mmHg"}
    norepinephrine = {"drug": "norepinephrine", "route": "IV", "kind": "infusion", "dose_rate": "5 mcg/min"}
    return {**norepinephrine, "titrate": {**steps, **more}}


COUNTED_WRONG = (
    (_oral("DuoPlavin", dose="75 mg/100 mg", frequency="6 times daily"), "RC626 /orders/0/frequency daily"),
    (
        _oral("clopidogrel", dose="75 mg", frequency="eight times a day"),
        "RC626 /orders/0/frequency",
    ),
    (_oral("clopidogrel", text="75 mg eight times a day"), "RC626 /orders/0/text at most 75 mg daily"),
    (_oral("clopidogrel", text="75 mg q.i.d."), "RC626 /orders/0/text at most 75 mg daily"),
    (_oral("clopidogrel", text="clopidogrel 600 mg daily"), "RC626 /orders/0/text"),
    (_oral("clopidogrel", dose="600 mg", text="600 mg every day until review"), "RC633 /orders/0/text once"),
    (
        _oral("clopidogrel", dose="75 mg", frequency="daily", product="300 mg tablet", text="one tablet daily"),
        "RC712 /orders/0/text",
    ),
    (
        {
            **DRIP,
            "drug": "dopamine",
            "dose_rate_per_kg": "5 mcg/kg/min",
            "pump_rate": "480 mL/h",
            "text": "dobutamine 5 mcg/kg/min",
        },
        "RC318 /orders/0/text dopamine",
    ),
    (
        {"drug": "hydromorphone", "route": "IV", "kind": "bolus", "dose": "10 mg", "text": "morphine 10 mg IV"},
        "RC318 /orders/0/text hydromorphone",
    ),
    (_titrated(step="2 mcg/h"), "RC315 /orders/0/titrate/step"),
    (_titrated(target="MAP 65 mmHg; up to 3000 mcg/min"), "RC315 /orders/0/titrate/target"),
    ({**DRIP, "text": "96 mL every hour"}, "RC308 /orders/0/text 9.6 mL/h"),
)
COUNTED_RIGHT = (
    _oral("DuoPlavin", dose="75 mg/100 mg", frequency="daily"),
    _oral("clopidogrel", text="75 mg once a day"),
    _oral("clopidogrel", text="75 mg every day until seen in clinic"),
    _oral("clopidogrel", text="8 x 75 mg once"),
    _oral("ticagrelor", text="two 90 mg tablets once, then 90 mg twice daily"),
    _oral("clopidogrel", dose="600 mg", text="600 mg once, then 75 mg every day until review"),
    _oral("clopidogrel", dose="300 mg", frequency="once", product="75 mg tablet", text="four tablets once"),
    _oral("clopidogrel", dose="75 mg", frequency="daily", product="75 mg tablet", text="one tablet daily"),
    {"drug": "hydromorphone", "route": "IV", "kind": "bolus", "dose": "1 mg", "text": "hydromorphone 1 mg IV"},
    _titrated(target="MAP 65 to 75 mmHg, up to 30 mcg/min"),
    {**DRIP, "text": "9.6 mL every hour"},
    {**DRIP, "text": "record 50 mL urine every hour"},
)


def test_a_dose_that_its_count_makes_wrong_is_one_error(tmp_path: Path) -> None:
    assert _errors([_set(made) for made, _ in COUNTED_WRONG], tmp_path) == [[error] for _, error in COUNTED_WRONG]


def test_a_dose_that_is_counted_right_is_no_error(tmp_path: Path) -> None:
    assert _errors([_set(made) for made in COUNTED_RIGHT], tmp_path) == [[] for _ in COUNTED_RIGHT]
