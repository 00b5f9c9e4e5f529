"""What tirofiban's orders are judged by, eptifibatide's, abciximab's and cangrelor's are too: rules ask the class."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tests.support import invoke

if TYPE_CHECKING:
    from collections.abc import Iterable

Fields = dict[str, Any]
WATCHED: Final = [{"check": "platelets", "at": "baseline", "then": "2 h after start and daily"}]
IN_STROKE: Final = "Rescue after stroke thrombectomy"
BOLUS: Final[Fields] = {
    "drug": "cangrelor", "route": "IV", "kind": "bolus", "dose_per_kg": "30 mcg/kg", "give_over": "1 min",
    "start": "+0 h",
}  # fmt: skip
DRIP: Final[Fields] = {
    "drug": "cangrelor", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "4 mcg/kg/min", "run_time": "2 h",
    "concentration": "200 mcg/mL", "pump_rate": "96 mL/h", "start": "+0 h",
}  # fmt: skip
TICAGRELOR: Final[Fields] = {
    "drug": "ticagrelor", "route": "PO", "kind": "dose", "dose": "180 mg", "start": "+1 h"
}  # fmt: skip


def made(*orders: Fields, name: str = "Cangrelor for PCI", **more: Any) -> Fields:
    patient = {
        "weight": "80 kg",
        "creatinine_clearance": "90 mL/min",
        "thrombolysis": "none",
        **more.pop("patient", {}),
    }
    own = {"order_set": name, "weight_basis": "actual", "patient": patient, "orders": list(orders)}
    return {**own, "monitoring": WATCHED, "stop_if": ["serious bleeding"], **more}


def without(order: Fields, *names: str, **changed: Any) -> Fields:
    return {**{name: value for name, value in order.items() if name not in names}, **changed}


def told(documents: Iterable[Fields]) -> list[list[str]]:
    """Return what is found in each document but for the notes, and what every one of a set for stroke has."""
    texts = [json.dumps(each) for each in documents]
    outcome = invoke(
        "check", "-", "--stdin-filename", "a.jsonl", "--format", "json", "--isolated", stdin="\n".join(texts)
    )
    found: list[list[str]] = [[] for _ in texts]
    for each in outcome.json["findings"]:
        if each["severity"] != "note" and each["code"] not in {"RC660", "RC603"}:
            found[int(each["line"]) - 1].append(f"{each['severity']} {each['code']} {each['pointer']}")
    return found


def cangrelor(*orders: Fields, bolus: Fields = BOLUS, drip: Fields = DRIP, **more: Any) -> Fields:
    return made(bolus, drip, TICAGRELOR, *orders, **more)


def oral(drug: str, dose: str, **more: Any) -> Fields:
    return {"drug": drug, "route": "PO", "kind": "dose", "dose": dose, "start": "+0 h", **more}


COURSE: Final[tuple[tuple[Fields, list[str]], ...]] = (
    (cangrelor(), []),
    (cangrelor(drip=without(DRIP, "run_time")), ["error RC631 /orders/1"]),
    (cangrelor(drip=without(DRIP, "run_time", vtbi="2304 mL")), ["error RC662 /orders/1/vtbi"]),
    (cangrelor({**DRIP, "start": "+2 h"}), []),
    (cangrelor({**DRIP, "start": "+2 h", "run_time": "4 h"}), ["error RC662 /orders/1/run_time"]),
    (cangrelor({**DRIP, "start": "+4 h"}), ["warning RC644 /orders/3/start"]),
    (cangrelor(bolus={**BOLUS, "start": "-3 h"}), ["warning RC644 /orders/0/start"]),
    (cangrelor(bolus={**BOLUS, "start": "+90 min"}), ["error RC646 /orders/0/start"]),
    (cangrelor(bolus={**BOLUS, "give_over": "60 min"}), ["warning RC414 /orders/0/give_over"]),
    (
        cangrelor(drip={**DRIP, "titrate": {"step": "0.5 mcg/kg/min", "every": "30 min"}}),
        ["error RC636 /orders/1/titrate"],
    ),
    (cangrelor(drip={**DRIP, "text": "flush the line at the end"}), ["warning RC643 /orders/1/text"]),
    (cangrelor(drip={**DRIP, "text": "disconnect at the cannula, do not flush the line"}), []),
    (cangrelor(name=IN_STROKE, stop_if=["patient asleep"]), ["warning RC706 /stop_if"]),
    (cangrelor(name=IN_STROKE), []),
    (made(BOLUS, DRIP, {**TICAGRELOR, "start": "+10 h"}), ["warning RC645 /orders/2/start"]),
    (made(BOLUS, DRIP, {**TICAGRELOR, "start": "+2 h"}), []),
)


def test_the_course_of_cangrelor_is_judged_as_that_of_every_intravenous_inhibitor() -> None:
    assert told(each for each, _ in COURSE) == [codes for _, codes in COURSE]


BESIDE: Final[tuple[tuple[Fields, list[str]], ...]] = (
    (oral("apixaban", "5 mg", frequency="twice daily"), ["warning RC624 /orders/3"]),
    (oral("cilostazol", "100 mg", frequency="twice daily"), ["warning RC669 /orders/3"]),
    (oral("ketorolac", "30 mg", route="IV"), ["warning RC638 /orders/3"]),
    ({"drug": "heparin", "route": "IV", "kind": "infusion", "dose_rate": "1000 units/h", "run_time": "24 h"}, []),
    (oral("apixaban", "5 mg", frequency="twice daily", start="+20 h"), []),
    (oral("paracetamol", "1 g", frequency="every 8 h"), []),
)


def test_what_adds_to_the_bleeding_is_told_beside_cangrelor_too() -> None:
    assert told(cangrelor(each) for each, _ in BESIDE) == [codes for _, codes in BESIDE]


def test_infusions_that_follow_each_other_are_one_course() -> None:
    drip = {
        "drug": "eptifibatide", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "2 mcg/kg/min",
        "concentration": "0.75 mg/mL", "pump_rate": "12.8 mL/h", "run_time": "50 h",
    }  # fmt: skip
    course = [{**drip, "start": f"+{hours} h"} for hours in (0, 50, 100, 150)]
    right = [{**drip, "run_time": "25 h", "start": f"+{hours} h"} for hours in (0, 25, 50, 75)]
    sets = [made(*orders, name="PCI", stop_if=["platelets below 100 x10^9/L"]) for orders in (course, right)]
    assert told(sets) == [["error RC662 /orders/0/run_time"], []]
