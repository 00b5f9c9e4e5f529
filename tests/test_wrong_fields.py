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
    "cangrelor": _set(
        "Cangrelor in PCI",
        "cangrelor bolus; dose_per_kg: 30 mcg/kg; dose: 2.4 mg; concentration: 200 mcg/mL; volume: 12 mL; start: +0 h",
        "cangrelor infusion; dose_rate_per_kg: 4 mcg/kg/min; concentration: 200 mcg/mL; pump_rate: 96 mL/h; "
        "run_time: 2 h; start: +0 h",
        indication="coronary intervention",
    ),
    "potassium": _set(
        "Potassium",
        "potassium chloride infusion; dose: 20 mEq; concentration: 0.2 mEq/mL; volume: 100 mL; pump_rate: 50 mL/h; "
        "run_time: 2 h; dose_rate: 10 mEq/h",
    ),
    "nicardipine": _set(
        "Nicardipine", "nicardipine infusion; dose_rate: 5 mg/h; concentration: 0.2 mg/mL; pump_rate: 25 mL/h"
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


PRODUCTS = [
    _one("infusion", 0, "product", "bag-2500", ("RC712", "product", None)),
    _one("bolus", 0, "product", "vial-150", ("RC712", "product", None)),
    _one("infusion", 0, "product", "1.25 g bag", ("RC712", "product", None)),
    _one("infusion", 0, "product", "bag of 500 mL", ("RC712", "product", None)),
    _one("infusion", 0, "product", "12.5 mg dans 25 mL", ("RC307", "product", "1.25 mg in 25 mL")),
    _one("infusion", 0, "product", "125 mg pro 250 mL", ("RC307", "product", "12.5 mg in 250 mL")),
    _one("bolus", 0, "product", "37,5 mg/15 mL", ("RC307", "product", None)),
    _one("infusion", 0, "product", "Aggrastat 500 mcg/mL", ("RC307", "product", None)),
    _one("norepinephrine", 0, "product", "16 mg dans 25 mL", ("RC307", "product", "1.6 mg in 25 mL")),
    *(
        _one("infusion", 0, "product", text)
        for text in (
            *("12,5 mg dans 250 mL", "bag-250", "premixed bag", "250 mL bag", "12.5 mg (250 mL)", "Aggrastat"),
            *("0.05 mg/mL", "12.5 mg in 50 mL vial", "Aggrastat 5 mg/100 mL", "NDC 25208-002-01"),
        )
    ),
    *(_one("bolus", 0, "product", text) for text in ("vial-15", "3,75 mg dans 15 mL")),
    *(_one("eptifibatide", 1, "product", text) for text in ("Integrilin 75 mg (100 mL)", "0.75 mg/mL vial")),
    *(_one("norepinephrine", 0, "product", text) for text in ("16 mg", "16 mg dans 250 mL", "1 mg/mL ampoule")),
    _one("alteplase", 1, "product", "100 mg vial"),
    _one("vancomycin", 0, "product", "1 g vial"),
]


def test_a_product_beside_a_concentration_is_compared_or_reported() -> None:
    assert _differences(PRODUCTS) == []


VOLUMES = [
    *(_one("alteplase", 1, "volume", f"{each} mL", ("RC302", "volume", "64.8 mL")) for each in (50, 100, 500, 1000)),
    *(_one("alteplase", 1, "vtbi", f"{each} mL", ("RC305", "vtbi", "64.8 mL")) for each in (100, 500)),
    _one("alteplase", 1, "vtbi", "64.8 mL"),
    Case("alteplase", 1, {"product": "100 mg in 100 mL", "volume": "100 mL"}),
    *(_one("eptifibatide", 1, "volume", f"{each} mL", ("RC302", "volume", "201.6 mL")) for each in (500, 1000)),
    *(_one("eptifibatide", 1, "volume", f"{each} mL") for each in (100, 200, 201.6, 300)),
    _one("cangrelor", 1, "volume", "1000 mL", ("RC302", "volume", "192 mL")),
    *(_one("cangrelor", 1, "volume", f"{each} mL") for each in (192, 250)),
    Case("cangrelor", 1, {"run_time": "2 min", "volume": "192 mL"}, (("RC305", "run_time", "120 min"),)),
    # The total of an infusion is no second load.
    _one("cangrelor", 1, "dose", "38.4 mg"),
    _one("infusion", 0, "volume", "2500 mL", ("RC302", "volume", "230.4 mL")),
    _one("infusion", 0, "volume", "23 L", ("RC302", "volume", "0.2304 L")),
    *(_one("infusion", 0, "volume", f"{each} mL") for each in (230.4, 250)),
    _one("potassium", 0, "run_time", "2 min", ("RC305", "run_time", "120 min")),
    *(_one("potassium", 0, "volume", f"{each} mL", ("RC302", "volume", "100 mL")) for each in (10, 500, 1000)),
    *(_one("potassium", 0, "volume", f"{each} mL") for each in (250,)),
    *(_one("norepinephrine", 0, "volume", f"{each} mL") for each in (250, 1000)),
    *(_one("heparin", 1, "vtbi", f"{each} mL") for each in (250, 345.6, 500)),
]


def test_a_volume_beside_a_flow_is_what_is_given_or_a_bag_for_it() -> None:
    assert _differences(VOLUMES) == []


# What a repair leaves is a dose of the source: none expects a tenth of a right one.
THROMBOLYTICS = [
    *(
        _one("tenecteplase", 0, "dose_per_kg", text, ("RC301", "dose_per_kg", right))
        for text, right in (
            *(("0.025 mg/kg", "0.25 mg/kg"), ("2.5 mg/kg", "0.25 mg/kg"), ("0.5 mg/kg", "0.25 mg/kg")),
            ("0.25 mcg/kg", "250 mcg/kg"),
        )
    ),
    *(_one("tenecteplase", 0, "volume", text, ("RC302", "volume", "4 mL")) for text in ("0.4 mL", "40 mL")),
    *(_one("tenecteplase", 0, "text", text, ("RC308", "text", None)) for text in ("over 60 min", "for 7 days")),
    _one("tenecteplase", 0, "text", "50 mg in 1 mL", ("RC308", "text", "5 mg/mL")),
    *(_one("tenecteplase", 0, "text", text) for text in ("over 5 s", "0.25 mg/kg, max 25 mg", "50 mg in 10 mL")),
    *(_one("alteplase", 0, "dose", f"{each} mg", ("RC301", "dose", "7.2 mg")) for each in (0.72, 9, 72)),
    *(
        _one("alteplase", 1, "run_time", text, ("RC305", "run_time", right))
        for text, right in (("600 min", "60 min"), ("24 h", "1 h"), ("60 h", "1 h"), ("6 min", "60 min"))
    ),
    _one("alteplase", 1, "concentration", "0.1 mg/mL", ("RC307", "concentration", "1 mg/mL")),
    _one("alteplase", 1, "dose", "72 mg", ("RC301", "dose", "64.8 mg")),
    _one("alteplase", 1, "pump_rate", "6.48 mL/h", ("RC304", "pump_rate", "64.8 mL/h")),
    _one("alteplase", 1, "text", "0.9 mg/kg, max 90 mg, total 720 mg", ("RC308", "text", "72 mg")),
    Case(
        "alteplase",
        1,
        {"text": "0.9 mg/kg, max 90 mg, total 72 mg", "pump_rate": "6.48 mL/h"},
        (("RC304", "pump_rate", "64.8 mL/h"),),
    ),
    _one("alteplase", 1, "text", "0.9 mg/kg, max 90 mg, total 72 mg"),
    Case("alteplase", 1, {"dose": "64.8 mg", "run_time": "1 h"}),
    _one("vancomycin", 0, "volume", "24 mL", ("RC302", "volume", "240 mL")),
]


def test_no_repair_leaves_a_dose_that_no_source_states() -> None:
    assert _differences(THROMBOLYTICS) == []


LEGENDS = [
    *(
        _one("infusion", 0, "text", text)
        for text in (
            "60 kg 7.2 | 70 kg 8.4 | 80 kg 9.6 | 90 kg 10.8 mL/h",
            "for 60 kg patient rate is 7.2 mL/h; for 100 kg 12 mL/h",
        )
    ),
    _one("infusion", 0, "text", "60 kg 7.2 mL/h, 80 kg 96 mL/h", ("RC402", "text", "9.6 mL/h")),
    _one("infusion", 0, "text", "patient weighs 60 kg", ("RC308", "text", "80 kg")),
    _one("infusion", 0, "text", "rate 96 mL/h", ("RC308", "text", "9.6 mL/h")),
    *(_one("nicardipine", 0, "text", text) for text in ("2.5 mg/h = 12.5 mL/h; 15 mg/h = 75 mL/h", "1 mg/h = 5 mL/h")),
    _one("nicardipine", 0, "text", "5 mg/h = 250 mL/h", ("RC308", "text", "25 mL/h")),
    # One mistake is reported once.
    _one("infusion", 0, "run_time", "240 h", ("RC305", "run_time", "24 h")),
]


def test_conversions_and_rows_of_other_weights_in_a_text_are_none_of_the_order() -> None:
    assert _differences(LEGENDS) == []
