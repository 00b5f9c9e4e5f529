"""One wrong number in a whole order set: which field is blamed, and what is expected; right neighbours stay clean."""

from __future__ import annotations

import copy
import json
from typing import Any, NamedTuple

from tests.support import invoke

STROKE = {
    "indication": "acute ischaemic stroke",
    "patient": {"weight": "80 kg", "blood_pressure": "160/90", "inr": "1.1", "platelets": "220 x10^9/L"},
}


def _order(head: str) -> dict[str, str]:
    """Return an order, written as `drug kind; field: value; field: value`."""
    named, *fields = head.split("; ")
    drug, kind = named.rsplit(" ", 1)
    return {"drug": drug, "kind": kind, "route": "IV", **dict(each.split(": ", 1) for each in fields)}


def _set(name: str, *orders: str, **more: Any) -> dict[str, Any]:
    return {"order_set": name, "patient": {"weight": "80 kg"}, **more, "orders": [_order(each) for each in orders]}


SETS = {
    "bolus": _set(
        "Rescue tirofiban",
        "tirofiban bolus; dose_per_kg: 10 mcg/kg; dose: 800 mcg; concentration: 250 mcg/mL; volume: 3.2 mL; "
        "give_over: 3 min",
    ),
    "infusion": _set(
        "Rescue tirofiban",
        "tirofiban infusion; dose_rate_per_kg: 0.1 mcg/kg/min; concentration: 50 mcg/mL; pump_rate: 9.6 mL/h; "
        "vtbi: 230.4 mL; run_time: 24 h",
    ),
    "alteplase": _set(
        "Alteplase for acute ischaemic stroke",
        "alteplase bolus; dose: 7.2 mg; concentration: 1 mg/mL; volume: 7.2 mL; give_over: 1 min; start: +0 h",
        "alteplase infusion; dose: 64.8 mg; concentration: 1 mg/mL; volume: 64.8 mL; pump_rate: 64.8 mL/h; "
        "run_time: 60 min; start: +1 min",
        **STROKE,
    ),
    "tenecteplase": _set(
        "Tenecteplase for acute ischaemic stroke",
        "tenecteplase bolus; dose_per_kg: 0.25 mg/kg; max_dose: 25 mg; dose: 20 mg; concentration: 5 mg/mL; "
        "volume: 4 mL; give_over: 5 s",
        **STROKE,
    ),
    "eptifibatide": _set(
        "Eptifibatide in PCI",
        "eptifibatide bolus; dose_per_kg: 180 mcg/kg; dose: 12.6 mg; concentration: 2 mg/mL; volume: 6.3 mL",
        "eptifibatide infusion; dose_rate_per_kg: 2 mcg/kg/min; concentration: 0.75 mg/mL; pump_rate: 11.2 mL/h; "
        "run_time: 18 h",
        patient={"weight": "70 kg"},
        indication="percutaneous coronary intervention",
    ),
    "heparin": _set(
        "Heparin",
        "heparin bolus; dose_per_kg: 80 units/kg; dose: 6400 units; concentration: 1000 units/mL; volume: 6.4 mL",
        "heparin infusion; dose_rate_per_kg: 18 units/kg/h; dose_rate: 1440 units/h; concentration: 100 units/mL; "
        "pump_rate: 14.4 mL/h; run_time: 24 h",
    ),
    "vancomycin": _set(
        "Vancomycin",
        "vancomycin infusion; dose_per_kg: 15 mg/kg; dose: 1200 mg; concentration: 5 mg/mL; volume: 240 mL; "
        "pump_rate: 120 mL/h; run_time: 2 h; frequency: every 12 h",
    ),
    "norepinephrine": _set(
        "Norepinephrine",
        "norepinephrine infusion; dose_rate_per_kg: 0.1 mcg/kg/min; concentration: 64 mcg/mL; pump_rate: 7.5 mL/h",
    ),
}


class Case(NamedTuple):
    """A set with some fields of one of its orders changed (None: left out), and its errors and warnings."""

    name: str
    place: int
    fields: dict[str, str | None]
    found: tuple[tuple[str, str, str | None], ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        made = copy.deepcopy(SETS[self.name])
        order = {**made["orders"][self.place], **self.fields}
        made["orders"][self.place] = {name: text for name, text in order.items() if text is not None}
        return made


def _differences(cases: list[Case]) -> list[tuple[Any, ...]]:
    """Return the cases whose findings are not those of the set and of the case, each with what is found."""
    asked = [copy.deepcopy(SETS[name]) for name in SETS] + [each.document for each in cases]
    text = "".join(f"{json.dumps(each)}\n" for each in asked)
    arguments = ("--stdin-filename", "a.jsonl", "--format", "json", "--as-of", "2026-11-24", "--max-findings", "9999")
    document = json.loads(invoke("check", "-", *arguments, stdin=text).stdout)
    found: list[list[tuple[str, str, str | None]]] = [[] for _ in asked]
    for each in document["findings"]:
        if each["severity"] != "note":
            found[each["line"] - 1].append((each["code"], each["pointer"], each["expected"]))
    own = dict(zip(SETS, found, strict=False))
    told = [
        tuple(each for each in one if each not in own[case.name])
        for one, case in zip(found[len(SETS) :], cases, strict=True)
    ]
    return [
        (case.name, case.fields, one)
        for case, one in zip(cases, told, strict=True)
        if one != tuple((code, f"/orders/{case.place}/{field}", right) for code, field, right in case.found)
    ]


def _one(name: str, place: int, field: str, text: str, *found: tuple[str, str, str | None]) -> Case:
    return Case(name, place, {field: text}, found)


RANGES = [
    _one("bolus", 0, "dose", "800-8000 mcg", ("RC301", "dose", "800 mcg")),
    _one("bolus", 0, "dose", "0.8-80 mg", ("RC301", "dose", "0.8 mg")),
    _one("bolus", 0, "volume", "0.32-3.2 mL", ("RC302", "volume", "3.2 mL")),
    _one("bolus", 0, "volume", "3.1-3.3 mL"),
    _one("bolus", 0, "give_over", "3-5 min"),
    _one("infusion", 0, "pump_rate", "0.96-9.6 mL/h", ("RC304", "pump_rate", "9.6 mL/h")),
    _one("infusion", 0, "pump_rate", "9.5-9.7 mL/h"),
    _one("infusion", 0, "vtbi", "230.4-2304 mL", ("RC305", "vtbi", "230.4 mL")),
    Case("infusion", 0, {"vtbi": "115-230 mL", "run_time": "12-24 h"}),
    Case("infusion", 0, {"dose_rate_per_kg": "0.1-0.15 mcg/kg/min", "pump_rate": "9.6-14.4 mL/h", "vtbi": None}),
    _one("alteplase", 0, "dose", "7.2-72 mg", ("RC665", "dose", None)),
    _one("alteplase", 1, "dose", "64.8-648 mg", ("RC665", "dose", None)),
    _one("tenecteplase", 0, "dose", "20-200 mg", ("RC301", "dose", "20 mg")),
    _one("tenecteplase", 0, "dose", "2-20 mg", ("RC301", "dose", "20 mg")),
    _one("eptifibatide", 0, "dose", "12.6-126 mg", ("RC301", "dose", "12.6 mg")),
    _one("heparin", 0, "dose", "6400-64000 units", ("RC301", "dose", "6400 units")),
    _one("heparin", 0, "dose", "5000-8000 units"),
    _one("heparin", 1, "dose_rate", "1440-14400 units/h", ("RC303", "dose_rate", "1440 units/h")),
    _one("vancomycin", 0, "dose", "1200-12000 mg", ("RC301", "dose", "1200 mg")),
    _one("vancomycin", 0, "dose_per_kg", "15-20 mg/kg"),
    Case("norepinephrine", 0, {"dose_rate_per_kg": "0.1-0.5 mcg/kg/min", "pump_rate": "7.5-37.5 mL/h"}),
    Case("norepinephrine", 0, {"dose_rate_per_kg": "0.1-0.5 mcg/kg/min"}),
]


def test_both_ends_of_a_range_are_judged_beside_a_number_that_fits() -> None:
    assert _differences(RANGES) == []
