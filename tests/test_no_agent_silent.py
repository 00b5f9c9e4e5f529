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


EPTIFIBATIDE: Final[Fields] = {
    "drug": "eptifibatide", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "2 mcg/kg/min", "run_time": "24 h",
    "start": "+0 h",
}  # fmt: skip
ABCIXIMAB: Final[Fields] = {
    "drug": "abciximab", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.125 mcg/kg/min", "run_time": "12 h",
    "start": "+0 h",
}  # fmt: skip
HEAVY: Final = {"weight": "140 kg"}


def pci(*orders: Fields, **more: Any) -> Fields:
    return made(*orders, name="PCI", **{"stop_if": ["platelets below 100 x10^9/L"], **more})


CAPS: Final[tuple[tuple[Fields, list[str]], ...]] = (
    (pci(EPTIFIBATIDE, patient=HEAVY), ["error RC425 /orders/0/dose_rate_per_kg"]),
    (pci({**EPTIFIBATIDE, "max_dose_rate": "15 mg/h"}, patient=HEAVY), []),
    (pci(EPTIFIBATIDE), []),
    (pci(ABCIXIMAB, patient=HEAVY), ["error RC425 /orders/0/dose_rate_per_kg"]),
    (pci({**ABCIXIMAB, "text": "0.125 mcg/kg/min, maximum 10 mcg/min"}, patient=HEAVY), []),
    (pci(ABCIXIMAB), []),
)


def test_a_heavy_patient_needs_the_cap_of_the_source() -> None:
    assert told(each for each, _ in CAPS) == [codes for _, codes in CAPS]


LYSIS: Final = {"drug": "tenecteplase", "route": "IV", "kind": "bolus", "dose": "20 mg", "give_over": "5 s"}


def test_a_thrombolysis_while_eptifibatide_runs_is_an_error_as_before_it() -> None:
    sets = [
        *(pci(EPTIFIBATIDE, patient={"thrombolysis": at}) for at in ("-2 h", "+2 h", "+30 h")),
        made(EPTIFIBATIDE, {**LYSIS, "start": "+1 h"}, name=IN_STROKE, stop_if=["platelets below 100 x10^9/L"]),
    ]
    for each in sets[3:]:
        del each["patient"]["thrombolysis"]
    soon = ["error RC661 /orders/0"]
    assert [[code for code in codes if "RC610" not in code] for codes in told(sets)] == [soon, soon, [], soon]


COUNTS: Final = (
    ({"at": "baseline", "then": "6 h after start and daily"}, False),
    ({"at": "baseline", "then": "day 7"}, True),
    ({"at": "baseline"}, False),
    ({"at": "8 h after start"}, True),
)
STOPS: Final = (
    (["platelets below 100 x10^9/L"], False),
    (["platelets below 900 x10^9/L"], True),
    (["platelets fall by 80 %", "serious bleeding"], True),
    (["platelets below 100 x10^9/L", "platelets fall by 50 %"], False),
)


def test_counts_and_criteria_of_eptifibatide_are_judged_by_what_they_say() -> None:
    counted = [pci(EPTIFIBATIDE, monitoring=[{"check": "platelets", **each}]) for each, _ in COUNTS]
    assert [bool(codes) for codes in told(counted)] == [is_wrong for _, is_wrong in COUNTS]
    stopped = [pci(EPTIFIBATIDE, stop_if=each) for each, _ in STOPS]
    assert [bool(codes) for codes in told(stopped)] == [is_wrong for _, is_wrong in STOPS]


def test_the_fall_of_the_label_of_abciximab_is_the_latest_stop() -> None:
    base = {"monitoring": [{"check": "platelets", "at": "baseline", "then": "2 h after start and daily"}]}
    sets = [pci(ABCIXIMAB, stop_if=[f"platelets fall by {share} %"], **base) for share in (40, 50, 90)]
    assert told(sets) == [[], ["warning RC715 /stop_if/0"], ["error RC715 /stop_if/0"]]


def pressed(name: str, target: str) -> Fields:
    nicardipine = {
        "drug": "nicardipine", "route": "IV", "kind": "infusion", "dose_rate": "5 mg/h",
        "titrate": {"step": "2.5 mg/h", "every": "15 min", "target": target},
    }  # fmt: skip
    return made(nicardipine, name=name)


def test_a_pressure_below_140_after_a_thrombectomy_is_found_where_a_drug_is_titrated_to_it() -> None:
    wrong = [pressed("Stroke after successful thrombectomy", each) for each in ("SBP 100-120 mmHg", "SBP < 130 mmHg")]
    right = [
        pressed("Stroke after successful thrombectomy", "SBP 140-180 mmHg"),
        pressed("Stroke after failed thrombectomy", "SBP 100-120 mmHg"),
        pressed("Acute ischaemic stroke", "SBP 100-120 mmHg"),
        pressed("Aortic dissection", "SBP 100-120 mmHg"),
    ]
    assert told([*wrong, *right]) == [["warning RC716 /orders/0/titrate/target"]] * 2 + [[]] * 4


def test_branches_by_pump_rate_are_compared_at_the_threshold_of_the_label() -> None:
    drip = without(EPTIFIBATIDE, "dose_rate_per_kg", concentration="0.75 mg/mL")
    pairs = (("12.8 mL/h", "12.8 mL/h"), ("12.8 mL/h", "6.4 mL/h"))
    sets = [
        pci(*({**drip, "pump_rate": rate, "when": {"creatinine_clearance": f"{sign} 50 mL/min"}}
              for sign, rate in zip((">=", "<"), each, strict=True)))
        for each in pairs
    ]  # fmt: skip
    for each in sets:
        del each["patient"]["creatinine_clearance"]
    assert told(sets) == [["error RC517 /orders/1/pump_rate"], []]


def test_the_cap_of_a_thrombolytic_is_that_of_stroke() -> None:
    infusion = {"drug": "alteplase", "route": "IV", "kind": "infusion", "dose": "64.8 mg", "run_time": "60 min"}
    bolus = {"drug": "alteplase", "route": "IV", "kind": "bolus", "dose": "7.2 mg", "give_over": "1 min"}
    sets = [
        made(bolus, {**infusion, "max_dose": cap}, name="Stroke thrombolysis") for cap in ("100 mg", "90 mg", "81 mg")
    ]
    assert told(sets) == [["warning RC421 /orders/1/max_dose"], [], []]


PAIRS: Final = (
    ("plan cangrelor-label -w 80kg --run-time 2h --thrombolysis-at none --beside tirofiban", "warning RC628"),
    ("bridge cangrelor-label -w 80kg --run-time 2h --thrombolysis-at none --beside heparin", "warning RC624"),
    (
        "stop eptifibatide-label -w 80kg --crcl 90mL/min --started +0h --stopped +5h --thrombolysis-at +1h",
        "error RC661",
    ),
)


def test_what_a_plan_runs_beside_each_other_is_told_by_the_class() -> None:
    for command, code in PAIRS:
        found = invoke(*command.split(), "--format", "json").json["findings"]
        assert code in {f"{each['severity']} {each['code']}" for each in found}, command
