"""One finding a mistake and reference, on the field that is wrong; and what it expects heals the order."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.order_model.judging import finding, written
from tests.support import invoke

ASKED = ("--select", "RC3,RC4", "--ignore", "RC401,RC406,RC407,RC408,RC409,RC410,RC411,RC415,RC426,RC431")


def judged(sets: list[dict[str, Any]]) -> list[list[Any]]:
    """Return what is found above a note in each order set."""
    text = "".join(f"{json.dumps(each)}\n" for each in sets)
    document = json.loads(
        invoke("check", "-", "--stdin-filename", "a.jsonl", "--format", "json", *ASKED, stdin=text).stdout
    )
    found: list[list[Any]] = [[] for _ in sets]
    for each in document["findings"]:
        if each["severity"] != "note":
            found[each["line"] - 1].append(each)
    return found


def order_set(fields: str, weight: str | None = "80 kg", **more: str) -> dict[str, Any]:
    """Return an order set of one order, written as `drug kind; field: value; field: value`."""
    head, *rest = fields.split("; ")
    drug, kind = head.split(" ")
    order = {"drug": drug, "kind": kind, "route": "IV", **dict(each.split(": ", 1) for each in rest)}
    patient = {"patient": {"weight": weight}} if weight is not None else {}
    return {"order_set": "one", **patient, **more, "orders": [order]}


# Each order has one mistake: the code that tells it, the field that is wrong, what is expected of it.
ONE: list[tuple[str, str | None, str, str, str | None]] = [
    ("tirofiban infusion; dose_rate_per_kg: 0.4 mcg/kg/min; run_time: 24 h", "80 kg",
     "RC402", "dose_rate_per_kg", None),
    ("tirofiban infusion; dose_rate_per_kg: 6 mcg/kg/min; run_time: 24 h", "80 kg",
     "RC402", "dose_rate_per_kg", "0.1 mcg/kg/min"),
    ("tirofiban bolus; dose_per_kg: 100 mcg/kg", None, "RC404", "dose_per_kg", "10 mcg/kg"),
    ("tirofiban bolus; dose_per_kg: 30 mcg/kg; dose: 2400 mcg", "80 kg", "RC404", "dose_per_kg", None),
    ("tirofiban bolus; dose_per_kg: 180 mcg/kg", "80 kg", "RC420", "dose_per_kg", None),
    ("tirofiban infusion; dose_rate_per_kg: 2 mcg/kg/min", "80 kg", "RC420", "dose_rate_per_kg", None),
    ("eptifibatide bolus; dose_per_kg: 25 mcg/kg; dose: 2 mg", "80 kg", "RC420", "dose_per_kg", None),
    ("tirofiban bolus; dose_per_kg: 100 mcg/kg; dose: 2000 mcg; max_dose: 2000 mcg", "80 kg",
     "RC301", "dose_per_kg", None),
    ("tirofiban infusion; dose_rate_per_kg: 0.15 mcg/kg/min; concentration: 250 mcg/mL; pump_rate: 14.4 mL/h", "80 kg",
     "RC307", "concentration", "50 mcg/mL"),
    ("tirofiban infusion; dose_rate_per_kg: 0.15 mcg/kg/min; concentration: 0.75 mg/mL; pump_rate: 14.4 mL/h", "80 kg",
     "RC307", "concentration", "0.05 mg/mL"),
    ("tirofiban infusion; dose_rate_per_kg: 0.15 mcg/kg/min; concentration: 0.75 mg/mL; pump_rate: 1 mL/h", "80 kg",
     "RC423", "concentration", None),
    ("tirofiban infusion; dose_rate_per_kg: 0.15 mcg/kg/min; product: 75 mg in 100 mL; pump_rate: 1 mL/h", "80 kg",
     "RC423", "product", None),
    ("eptifibatide infusion; concentration: 50 mcg/mL; pump_rate: 12.8 mL/h", "80 kg", "RC423", "concentration", None),
    ("tirofiban infusion; concentration: 250 mcg/mL; pump_rate: 14.4 mL/h", None,
     "RC422", "concentration", "50 mcg/mL"),
    ("tirofiban infusion; dose_rate_per_kg: 0.15 mcg/kg/min; concentration: 500 mcg/mL; pump_rate: 1.44 mL/h", "80 kg",
     "RC424", "concentration", None),
    ("tirofiban infusion; concentration: 50 mg/mL; pump_rate: 14.4 mL/h", "80 kg",
     "RC402", "concentration", "0.05 mg/mL"),
    ("abciximab infusion; dose_rate_per_kg: 0.25 mcg/kg/min; dose_rate: 22.5 mcg/min", "90 kg",
     "RC402", "dose_rate_per_kg", None),
    ("abciximab infusion; dose_rate: 20 mcg/min", "80 kg", "RC402", "dose_rate", "10 mcg/min"),
    ("abciximab infusion; dose_rate: 15 mcg/min", "150 kg", "RC425", "dose_rate", None),
    ("eptifibatide infusion; dose_rate_per_kg: 4 mcg/kg/min; dose_rate: 24 mg/h; max_dose_rate: 15 mg/h", "100 kg",
     "RC402", "dose_rate_per_kg", None),
]  # fmt: skip


def test_one_mistake_is_one_finding_on_the_field_that_is_wrong() -> None:
    found = judged([order_set(fields, weight) for fields, weight, *_ in ONE])
    told = [[(each["code"], each["pointer"], each["expected"]) for each in every] for every in found]
    assert told == [[(code, f"/orders/0/{field}", expected)] for _, _, code, field, expected in ONE]


# What explains a number, and the same order without it: each with its findings.
EXPLAINED = [
    # 16.45 mg are 0.25 mg/kg of 65.8 kg; 0.249 mg/kg is what a rounded volume gives.
    ("abciximab bolus; dose_per_kg: 0.249 mg/kg; dose: 16.45 mg; give_over: 5 min", [("RC314", "warning")]),
    ("abciximab bolus; dose_per_kg: 0.249 mg/kg; give_over: 5 min", [("RC404", "error")]),
    ("abciximab bolus; dose_per_kg: 0.23 mg/kg; dose: 16.45 mg; give_over: 5 min", [("RC301", "error")]),
    ("abciximab bolus; dose_per_kg: 0.23 mg/kg; dose: 15.13 mg; give_over: 5 min", [("RC404", "error")]),
    # 10 mL of a bag of 100 mL are 0.4 g, as the text says.
    ("magnesium infusion; dose: 0.4 g; product: 4 g in 100 mL; give_over: 30 min; text: 0.4 g = 10 mL", []),
    ("magnesium infusion; dose: 0.4 g; product: 4 g in 100 mL; give_over: 30 min", [("RC301", "error")]),
    ("magnesium infusion; dose: 0.4 g; product: 4 g in 100 mL; give_over: 30 min; text: 0.4 g = 100 mL",
     [("RC307", "error")]),
]  # fmt: skip


# Without a weight a multiple of it tells an error, and not which of the stated doses was meant.
GUESSED = [
    ("tirofiban infusion; dose_rate_per_kg: 9.4 mcg/kg/min", ["RC402"], ["multiplied by the weight"], None),
    ("tirofiban infusion; dose_rate_per_kg: 15 mcg/kg/min", ["RC402"], ["decimal point"], "0.15 mcg/kg/min"),
    ("tirofiban infusion; dose_rate_per_kg: 2 mcg/kg/min", ["RC420"], [], None),
    ("tirofiban infusion; dose_rate_per_kg: 0.6 mcg/kg/min", ["RC402"], [], None),
    # 9.9 mcg/kg are delivered of 10, and beside nothing that is set nobody prescribes them.
    ("tirofiban bolus; dose_per_kg: 99 mcg/kg; dose: 7920 mcg; volume: 31.7 mL; concentration: 250 mcg/mL",
     ["RC404"], ["decimal point"], None),
    ("tirofiban bolus; dose_per_kg: 99 mcg/kg", ["RC404"], [], None),
]  # fmt: skip


def test_a_route_by_which_nothing_is_given_is_told_once() -> None:
    drips = (
        *("alteplase infusion; dose: 64.8 mg; give_over: 60 min", "nicardipine infusion; dose_rate: 5 mg/h"),
        "cangrelor infusion; dose_rate_per_kg: 4 mcg/kg/min",
    )
    found = judged([order_set(f"{each}; route: IM") for each in drips])
    told = [[(each["code"], each["expected"]) for each in every if each["code"] == "RC428"] for every in found]
    assert told == [[("RC428", "IV")], [("RC428", None)], [("RC428", "IV")]]


def test_a_weight_that_nobody_knows_tells_no_dose() -> None:
    found = judged([order_set(fields, None) for fields, *_ in GUESSED])
    assert [[each["code"] for each in every] for every in found] == [codes for _, codes, *_ in GUESSED]
    told = [(every[0]["slip"], every[0]["expected"]) for every in found]
    assert told == [(slip, expected) for *_, slip, expected in GUESSED]


# A text that says a number more exactly than its field, and one of what may be a bag.
TOLD = [
    (("heparin bolus; dose_per_kg: 60 units/kg; concentration: 5000 units/mL; volume: 1 mL; "
     "text: heparin 60 units/kg = 1.3 mL"), [("RC308", "text", "1.044 mL")]),
    (("heparin bolus; dose_per_kg: 60 units/kg; concentration: 5000 units/mL; volume: 1 mL; "
     "text: heparin 60 units/kg = 1.04 mL"), []),
    ("heparin infusion; dose: 240000 units; pump_rate: 10 mL/h; text: heparin at 10 mL/h 24000 units",
     [("RC308", "text", "240000 units")]),
    ("heparin infusion; dose: 240000 units; text: heparin at 10 mL/h 24000 units",
     [("RC308", "text", "240000 units")]),
    ("heparin infusion; dose: 24000 units; pump_rate: 10 mL/h; text: heparin at 10 mL/h 24000 units", []),
]  # fmt: skip


def test_a_text_is_as_exact_as_it_is_written() -> None:
    found = judged([order_set(fields, "87 kg") for fields, _ in TOLD])
    made = [[(each["code"], each["pointer"].split("/")[-1], each["expected"]) for each in every] for every in found]
    assert made == [told for _, told in TOLD]


def test_what_explains_a_number_is_heard_and_nothing_else_is() -> None:
    found = judged([order_set(fields, "65.8 kg") for fields, _ in EXPLAINED])
    assert [[(each["code"], each["severity"]) for each in every] for every in found] == [told for _, told in EXPLAINED]


def test_what_is_not_told_is_still_found_alone() -> None:
    """A finding that yields to another one is there where the other is not asked for."""
    asked = [("RC403", 0), ("RC404", 4), ("RC405", 4), ("RC422", 8), ("RC424", 10), ("RC425", 16)]
    for code, place in asked:
        fields, weight, *_ = ONE[place]
        text = json.dumps(order_set(fields, weight))
        alone = json.loads(invoke("check", "-", "--select", code, "--format", "json", stdin=text).stdout)["findings"]
        assert code in {each["code"] for each in alone}, (code, fields)


def test_a_weight_in_pounds_is_one_finding_whatever_the_orders_of_a_set_are() -> None:
    bolus = {"drug": "tirofiban", "route": "IV", "kind": "bolus", "dose_per_kg": "10 mcg/kg", "dose": "820 mcg"}
    drip = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.15 mcg/kg/min"}
    drip |= {"concentration": "50 mcg/mL", "pump_rate": "14.8 mL/h"}
    made = {"order_set": "one", "patient": {"weight": "180 kg"}, "orders": [bolus, drip]}
    asked = ("--select", "RC3,RC4", "--ignore", "RC401,RC407", "--format", "json")
    found = json.loads(invoke("check", "-", *asked, stdin=json.dumps(made)).stdout)["findings"]
    assert [(each["code"], each["pointer"], each["expected"], each["slip"]) for each in found] == [
        ("RC301", "/patient/weight", "82 kg", ["lb for kg"]),
    ]


def one(fields: str, weight: str | None = "80 kg", **more: str) -> Any:
    [[found]] = judged([order_set(fields, weight, **more)])
    return found


def test_what_was_worked_out_from_the_wrong_number_is_told_and_nothing_is_expected() -> None:
    found = one("tirofiban infusion; dose_rate: 12 mcg/min; concentration: 500 mcg/mL; pump_rate: 1.44 mL/h")
    assert (found["slip"], found["factor"]) == (["decimal point"], None)
    assert found["message"].endswith("the pump rate 1.44 mL/h follows from it and must be calculated again")


@pytest.mark.parametrize(
    ("fields", "more", "slip"),
    [
        # Twice a full dose is no renal rule that was left out, 0.2 is no maintenance, 30 is no 25 for 10.
        ("tirofiban infusion; dose_rate_per_kg: 0.3 mcg/kg/min; run_time: 24 h", {}, []),
        ("tirofiban bolus; dose_per_kg: 50 mcg/kg", {}, []),
        ("tirofiban bolus; dose_per_kg: 30 mcg/kg", {}, []),
        ("tirofiban bolus; dose_per_kg: 2.5 mcg/kg; route: IA", {}, []),
        ("eptifibatide infusion; dose_rate_per_kg: 4 mcg/kg/min", {}, []),
        ("tirofiban infusion; dose_rate_per_kg: 4 mcg/kg/min; run_time: 24 h", {}, []),
        ("tirofiban infusion; concentration: 10 mcg/mL; dose_rate: 12 mcg/min", {}, []),
        ("tirofiban infusion; dose_rate_per_kg: 0.15 mcg/kg/min; run_time: 18 h", {"protocol": "us-label"},
         ["renal half left out"]),
        ("tirofiban bolus; dose_per_kg: 25 mcg/kg; route: IA", {}, ["25 for 10 mcg/kg"]),
    ],
)  # fmt: skip
def test_a_slip_is_named_only_where_it_makes_this_dose_of_a_stated_one(
    fields: str, more: dict[str, str], slip: list[str]
) -> None:
    made = order_set(fields, **more)
    made["patient"]["creatinine_clearance"] = "40 mL/min" if more else "90 mL/min"
    [[found]] = judged([made])
    assert found["slip"] == slip


def test_the_nearest_of_two_stated_doses_is_the_range() -> None:
    found = one("eptifibatide infusion; dose_rate_per_kg: 3 mcg/kg/min", protocol="eptifibatide-label")
    assert (found["code"], found["expected"]) == ("RC419", None)
    assert found["expected_range"] == {"low": "2 mcg/kg/min", "high": "2 mcg/kg/min"}


def test_another_drug_is_named_only_outside_of_what_is_stated_of_the_orders_own() -> None:
    found = one("tirofiban infusion; dose_rate_per_kg: 0.125 mcg/kg/min", protocol="trend-2024")
    assert found["code"] == "RC419"  # abciximab's rate, and between two of tirofiban's
    assert "abciximab" not in found["message"]


NUMBERS = (*("0.015", "0.075", "0.15", "0.3", "0.4", "0.6", "2", "2.5"), *("6", "12.5", "25", "50", "180", "250"))
WAYS = (
    *(f"{each}; dose_per_kg: {{}} mcg/kg" for each in ("tirofiban bolus", "tirofiban bolus; route: IA")),
    *(f"{each}; dose_per_kg: {{}} mcg/kg" for each in ("eptifibatide bolus", "eptifibatide bolus; route: IA")),
    *(f"{drug} infusion; dose_rate_per_kg: {{}} mcg/kg/min; run_time: 24 h" for drug in ("tirofiban", "abciximab")),
    *("tirofiban bolus; route: IA; dose: {} mg", "tirofiban infusion; concentration: 50 mcg/mL; pump_rate: {} mL/h"),
    *("tirofiban infusion; pump_rate: 12 mL/h; concentration: {} mcg/mL", "abciximab infusion; dose_rate: {} mcg/min"),
    *("eptifibatide infusion; dose_rate: {} mg/h", "tirofiban bolus; volume: 12 mL; concentration: {} mcg/mL"),
)  # fmt: skip
MADE = [order_set(way.format(number), weight) for way in WAYS for number in NUMBERS for weight in (None, "122 kg")]


@pytest.mark.long
def test_what_a_finding_expects_heals_the_order_and_brings_no_error() -> None:
    before = judged(MADE)
    healing = [
        (made, each, changed)
        for made, found in zip(MADE, before, strict=True)
        for each in found
        if (changed := written(made, finding(each))) is not None
    ]
    assert len(healing) > len(MADE) // 5
    left = []
    for (made, each, _), after in zip(healing, judged([changed for *_, changed in healing]), strict=True):
        if any(one["severity"] == "error" or one["code"] == each["code"] for one in after):
            left.append((made["orders"], each["code"], each["expected"], [one["code"] for one in after]))
    assert left == []
