"""Ranges, titrations, orders as needed, open weight bands and times of the clock in the native fields."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import invoke

SET = "order_set: Example\npatient: {weight: 80 kg}\norders:\n"


def checked(*orders: str, head: str = SET, name: str = "set.yaml") -> dict[str, Any]:
    text = head + "".join(f"  - {{{each}}}\n" for each in orders)
    outcome = invoke("check", "-", "--stdin-filename", name, "--format", "json", "--as-of", "2026-11-24", stdin=text)
    document: dict[str, Any] = json.loads(outcome.stdout)
    return document


def errors(*orders: str, head: str = SET) -> list[tuple[str, str, str | None]]:
    found = checked(*orders, head=head)["findings"]
    return [(each["code"], each["pointer"], each["found"]) for each in found if each["severity"] == "error"]


TIROFIBAN = "drug: tirofiban, route: IV, kind: infusion, concentration: 50 mcg/mL"


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (f"{TIROFIBAN}, dose_rate_per_kg: 0.1-0.15 mcg/kg/min, run_time: 12-24 h", []),
        (f"{TIROFIBAN}, dose_rate_per_kg: 0.1 to 0.15 mcg/kg/min", []),
        (f"{TIROFIBAN}, dose_rate_per_kg: 0.1 mcg/kg/min - 0.15 mcg/kg/min", []),
        # Each end is judged by itself.
        (
            f"{TIROFIBAN}, dose_rate_per_kg: 0.1-1.5 mcg/kg/min",
            [("RC402", "/orders/0/dose_rate_per_kg", "1.5 mcg/kg/min")],
        ),
        (
            f"{TIROFIBAN}, dose_rate_per_kg: 0.001-0.15 mcg/kg/min",
            [("RC402", "/orders/0/dose_rate_per_kg", "0.001 mcg/kg/min")],
        ),
        # Beside a range one number has to fit some value of it.
        (f"{TIROFIBAN}, dose_rate_per_kg: 0.1-0.15 mcg/kg/min, pump_rate: 12 mL/h", []),
        (
            f"{TIROFIBAN}, dose_rate_per_kg: 0.1-0.15 mcg/kg/min, pump_rate: 144 mL/h",
            [("RC304", "/orders/0/pump_rate", "144 mL/h")],
        ),
        # Two ranges go together, end by end.
        ("drug: ketamine, route: IV, kind: bolus, dose_per_kg: 1-2 mg/kg, dose: 80-160 mg", []),
        (
            "drug: ketamine, route: IV, kind: bolus, dose_per_kg: 1-2 mg/kg, dose: 80-1600 mg",
            [("RC301", "/orders/0/dose", "1600 mg")],
        ),
        (
            "drug: labetalol, route: IV, kind: bolus, dose: 10-20 mg, concentration: 5 mg/mL, volume: 20-40 mL",
            [("RC302", "/orders/0/volume", "20-40 mL")],
        ),
        (
            "drug: ketamine, route: IV, kind: bolus, dose_per_kg: 2-1 mg/kg",
            [("RC202", "/orders/0/dose_per_kg", "2-1 mg/kg")],
        ),
        ("drug: heparin, route: IV, kind: infusion, dose_rate: 800-1,000 units/h", []),
        # A range of times: each number beside it fits one of them.
        ("drug: magnesium, route: IV, kind: infusion, volume: 90 mL, pump_rate: 216 mL/h, give_over: 20-30 min", []),
        (
            "drug: magnesium, route: IV, kind: infusion, volume: 90 mL, pump_rate: 21.6 mL/h, give_over: 20-30 min",
            [("RC304", "/orders/0/pump_rate", "21.6 mL/h")],
        ),
    ],
)
def test_a_range_is_judged_at_both_ends(order: str, expected: list[tuple[str, str, str]]) -> None:
    assert errors(order) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5-50 mcg/kg/min, start at 20", []),
        ("5-50 mcg/kg/min, start at 20 mcg/kg/min", []),
        ("run at 20 mcg/kg/min", []),
        ("run at 9.6 mL/h", []),
        ("run at 2.4-24 mL/h", []),
        ("run at 200 mcg/kg/min", [("RC308", "/orders/0/text", "200 mcg/kg/min")]),
    ],
)
def test_a_text_may_say_any_value_of_a_range(text: str, expected: list[tuple[str, str, str]]) -> None:
    order = "drug: propofol, route: IV, kind: infusion, dose_rate_per_kg: 5-50 mcg/kg/min, concentration: 10 mg/mL"
    assert errors(f'{order}, text: "{text}"') == expected


DRIP = "drug: norepinephrine, route: IV, kind: infusion, product: 8 mg/250 mL, dose_rate_per_kg: "


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (f"{DRIP}0.05-0.5 mcg/kg/min, titrate: {{start: 0.05 mcg/kg/min, step: 0.02 mcg/kg/min, every: 5 min}}", []),
        (f"{DRIP}0.05 mcg/kg/min, titrate: {{step: 0.02 mcg/kg/min, every: 3-5 min, max: 0.5 mcg/kg/min}}", []),
        (
            f"{DRIP}0.05 mcg/kg/min, titrate: {{step: 2 mcg/kg/min, max: 0.5 mcg/kg/min}}",
            [("RC315", "/orders/0/titrate/step", "2 mcg/kg/min")],
        ),
        (
            f"{DRIP}0.05-0.5 mcg/kg/min, titrate: {{start: 5 mcg/kg/min}}",
            [("RC315", "/orders/0/titrate/start", "5 mcg/kg/min")],
        ),
        (  # the maximum is wrong: start and step are not told beside it
            f"{DRIP}0.05-0.5 mcg/kg/min, titrate: {{start: 0.05 mcg/kg/min, step: 1 mcg/kg/min, max: 5 ng/kg/min}}",
            [("RC315", "/orders/0/titrate/max", "5 ng/kg/min")],
        ),
        (
            f"{DRIP}0.05 mcg/kg/min, titrate: {{start: 0.05 mcg/kg/min, step: 0.02 mcg/kg/min, max: 0.005 mcg/kg/min}}",
            [("RC315", "/orders/0/titrate/max", "0.005 mcg/kg/min")],
        ),
        (
            f"{DRIP}0.05-0.5 mcg/kg/min, titrate: {{start: 5 mcg/kg/min, step: 2 mcg/kg/min}}",
            [("RC315", "/orders/0/titrate/start", "5 mcg/kg/min"), ("RC315", "/orders/0/titrate/step", "2 mcg/kg/min")],
        ),
        (
            f"{DRIP}0.05 mcg/kg/min, titrate: {{max: 40 mcg/min, step: 0.02 mcg/kg/min}}",
            [("RC201", "/orders/0/titrate/step", "0.02 mcg/kg/min")],
        ),
        (
            f"{DRIP}0.05 mcg/kg/min, titrate: {{max: 0.5}}",
            [("RC201", "/orders/0/titrate/max", "0.5")],
        ),
    ],
)
def test_a_titration_is_read_and_does_not_contradict_itself(order: str, expected: list[tuple[str, str, str]]) -> None:
    assert errors(order) == expected


def test_the_most_of_a_titration_is_judged_as_a_dose() -> None:
    order = "drug: cangrelor, route: IV, kind: infusion, dose_rate_per_kg: 4 mcg/kg/min"
    titrated = ("RC636", "/orders/0/titrate", "titrate")  # no source titrates it
    assert errors(f"{order}, titrate: {{max: 4 mcg/kg/min}}") == [titrated]
    (code, _, found), second = errors(f"{order}, titrate: {{max: 40 mcg/kg/min}}")
    assert (code, found, second) == ("RC402", "40 mcg/kg/min", titrated)


def test_a_range_is_one_order_of_one_state() -> None:
    document = checked(f"{TIROFIBAN}, dose_rate_per_kg: 0.1-0.15 mcg/kg/min, pump_rate: 12 mL/h, run_time: 12-24 h")
    assert document["summary"]["orders"] == 1
    assert {name: count for name, count in document["summary"]["judged"].items() if count} == {"dose": 1}


def test_what_is_said_of_both_ends_is_said_once() -> None:
    found = checked(f"{TIROFIBAN}, dose_rate_per_kg: 0.1-0.15 mcg/kg/min")["findings"]
    assert len(found) == len({(each["code"], each["pointer"], each["message"]) for each in found})
    assert not any("#" in each["pointer"] for each in found)


@pytest.mark.parametrize("needed", ["yes", "pain above 3", "true"])
def test_an_order_as_needed_and_its_care_area_are_read(needed: str) -> None:
    order = "drug: fentanyl, route: IV, kind: bolus, dose: 25-50 mcg, frequency: every 1 h, care_area: ICU"
    assert errors(f"{order}, prn: {needed}") == []


ROW = "drug: heparin, route: IV, kind: bolus, dose_per_kg: 80 units/kg"


@pytest.mark.parametrize("weight", ["'>= 90 kg'", "90 kg and above", "over 90 kg", "90+ kg", "at least 90 kg"])
def test_a_weight_band_may_be_open(weight: str) -> None:
    assert errors(f"{ROW}, weight: {weight}, dose: 7600 units", head="order_set: Example\norders:\n") == []
    ((code, pointer, _),) = errors(f"{ROW}, weight: {weight}, dose: 760 units", head="order_set: Example\norders:\n")
    assert (code, pointer) == ("RC301", "/orders/0/dose")


def test_a_time_of_the_clock_counts_from_the_first_infusion() -> None:
    drip = f"{TIROFIBAN}, dose_rate_per_kg: 0.1 mcg/kg/min"
    assert errors(f'{drip}, start: "23:10", stop: "11:10", run_time: 12 h') == []
    assert errors(f'{drip}, start: "2026-03-01 23:10", stop: "2026-03-02 11:10", run_time: 12 h') == []
    assert errors(f'{drip}, start: "23:10", stop: "11:10", run_time: 24 h') == [("RC306", "/orders/0/stop", "+12 h")]
    aspirin = "drug: aspirin, route: PO, kind: dose, dose: 325 mg"
    head = "order_set: Example\npatient: {weight: 80 kg, thrombolysis: none}\norders:\n"
    late = [
        each["code"]
        for start in ('"22:40"', '"09:10"')
        for each in checked(f'{drip}, start: "23:10", run_time: 12 h', f"{aspirin}, start: {start}", head=head)[
            "findings"
        ]
        if each["pointer"] == "/orders/1/start" and each["severity"] != "note"
    ]
    assert late == []


def test_a_clock_without_an_infusion_that_says_when_it_starts_is_refused() -> None:
    drip = f"{TIROFIBAN}, dose_rate_per_kg: 0.1 mcg/kg/min"
    found = errors(drip, 'drug: aspirin, route: PO, kind: dose, dose: 325 mg, start: "09:10"')
    assert found == [("RC109", "/orders/1/start", "09:10")]


def test_a_number_that_yaml_cuts_at_its_comma_is_read_whole() -> None:
    assert errors("drug: heparin, route: IV, kind: bolus, dose_per_kg: 30 units/kg, dose: 2,400 units") == []
    assert errors("drug: heparin, route: IV, kind: bolus, dose_per_kg: 30 units/kg, dose: 24,000 units") == [
        ("RC301", "/orders/0/dose", "24,000 units")
    ]


COLUMNS = (
    "order_set,drug,route,kind,dose_rate_per_kg,pump_rate,titrate_start,titrate_max,prn,patient_weight,concentration\n"
)


def test_a_csv_has_the_same_fields() -> None:
    row = "Drips,cangrelor,IV,infusion,2-4 mcg/kg/min,,2 mcg/kg/min,40 mcg/kg/min,no,80 kg,200 mcg/mL\n"
    outcome = invoke("check", "-", "--stdin-filename", "a.csv", "--format", "json", stdin=COLUMNS + row)
    found = json.loads(outcome.stdout)
    assert [each["code"] for each in found["findings"] if each["severity"] == "error"] == ["RC636", "RC402"]
    assert found["summary"]["orders"] == 1


def test_rows_with_ranges_are_judged_alike_alone_and_among_many() -> None:
    rows = [
        f"Set {place},propofol,IV,infusion,5 to {50 + place % 3} mcg/kg/min,{pump} mL/h,,,no,80 kg,10 mg/mL\n"
        for place, pump in enumerate([2.4, 24, 240, 12, 13, 14, 240, 15] * 10)
    ]
    together = json.loads(
        invoke("check", "-", "--stdin-filename", "a.csv", "--format", "json", stdin=COLUMNS + "".join(rows)).stdout
    )
    alone = [
        [each["code"] for each in json.loads(outcome.stdout)["findings"] if each["severity"] == "error"]
        for outcome in (
            invoke("check", "-", "--stdin-filename", "a.csv", "--format", "json", stdin=COLUMNS + row)
            for row in rows[:8]
        )
    ]
    by_line: dict[int, list[str]] = {}
    for each in together["findings"]:
        if each["severity"] == "error":
            by_line.setdefault(each["line"], []).append(each["code"])
    assert [by_line.get(place + 2, []) for place in range(80)] == alone * 10
    assert alone[2] == ["RC304"]
