"""The numbers of an order as one system: what contradicts, where it is blamed, what would be right."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import invoke

pytestmark = pytest.mark.core

EIGHT = """\
{order_set: a, orders: [{drug: tirofiban, route: IV, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, \
concentration: 50 mcg/mL, pump_rate: 144 mL/h, start: +0 h, run_time: 24 h}]}
---
{order_set: b, orders: [{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, dose: 8 mg, \
give_over: 5 min}]}
---
{order_set: c, orders: [{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, dose: 800 mcg}, \
{drug: tirofiban, route: IV, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, \
pump_rate: 6.5 mL/h}]}
---
{order_set: d, patient: {weight: 80 kg}, orders: [{drug: tirofiban, route: IV, kind: infusion, \
dose_rate_per_kg: 0.15 mcg/kg/min, product: 1.25 mg in 250 mL, pump_rate: 144 mL/h}]}
---
{order_set: e, patient: {weight: 90 kg}, orders: [{drug: heparin, route: IV, kind: infusion, \
dose_rate_per_kg: 12 units/kg/min, max_dose_rate: 1000 units/h, dose_rate: 1000 units/h, concentration: 100 units/mL, \
pump_rate: 10 mL/h}]}
---
{order_set: f, orders: [{drug: nicardipine, route: IV, kind: infusion, dose_rate: 50 mg/h, max_dose_rate: 15 mg/h, \
concentration: 0.2 mg/mL, pump_rate: 250 mL/h}]}
---
{order_set: g, patient: {weight: 80 kg}, orders: [{drug: dopamine, route: IV, kind: infusion, \
concentration: 1600 mcg/mL, pump_rate: 150 mL/h, text: dopamine 5 mcg/kg/min}]}
---
{order_set: h, patient: {weight: 80 kg}, orders: [{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, \
concentration: 50 mcg/mL, pump_rate: 16 mL/h, give_over: 3 min}]}
"""


def errors(text: str, *more: str) -> list[Any]:
    outcome = invoke("check", "-", "--select", "RC3,RC4", "--format", "json", *more, stdin=text)
    return [each for each in outcome.json["findings"] if each["severity"] == "error"]


def heavy(order: dict[str, Any] | list[dict[str, Any]], weight: str | None = "80 kg") -> list[Any]:
    orders = order if isinstance(order, list) else [order]
    made: dict[str, Any] = {
        "order_set": "one",
        "orders": [{"drug": "tirofiban", "route": "IV", **each} for each in orders],
    }
    if weight is not None:
        made["patient"] = {"weight": weight}
    outcome = invoke(
        "check",
        "-",
        "--select",
        "RC3,RC402,RC404,RC419,RC422,RC424,RC425,RC427,RC702",
        "--format",
        "json",
        stdin=json.dumps(made),
    )
    return [each for each in outcome.json["findings"] if each["severity"] != "note"]


def test_eight_orders_that_passed_are_eight_errors() -> None:
    outcome = invoke("check", "-", "--select", "RC3,RC4", "--format", "json", stdin=EIGHT)
    found = [each for each in outcome.json["findings"] if each["severity"] == "error"]
    assert outcome.exit_code == 1
    assert [(each["code"], each["pointer"], each["slip"][:1]) for each in found] == [
        ("RC304", "/orders/0/pump_rate", ["decimal point"]),
        ("RC301", "/orders/0/dose", ["decimal point"]),
        ("RC304", "/orders/1/pump_rate", ["lb for kg"]),
        ("RC424", "/orders/0/product", ["decimal point"]),
        ("RC303", "/orders/0/dose_rate_per_kg", ["per hour for per minute"]),
        ("RC425", "/orders/0/dose_rate", ["decimal point"]),
        ("RC304", "/orders/0/pump_rate", ["decimal point"]),
        ("RC304", "/orders/0/pump_rate", ["the volume set as mL/h"]),
    ]
    assert [each["expected"] for each in found] == [
        *("14.4 mL/h", "0.8 mg", "14.4 mL/h", None, "0.2 units/kg/min", None, "15 mL/h", "320 mL/h"),
    ]
    assert "fit a weight of 800 kg" in found[0]["message"]
    assert "the pump rate 144 mL/h follows from it" in found[3]["message"]
    assert [(each["pointer"], each["expected"]) for each in found[2]["alternatives"]] == [("/orders/0/dose", "360 mcg")]
    assert "the cap of 1000 units/h binds" in found[4]["message"]
    assert found[5]["expected_range"] == {"low": None, "high": "15 mg/h"}
    assert "/orders/0/text" in [each["pointer"] for each in found[6]["alternatives"]]


DRIP = {"kind": "infusion", "concentration": "50 mcg/mL"}
VIAL = {"concentration": "250 mcg/mL"}
RIGHT: list[tuple[str, Any, str | None]] = [
    ("what is delivered", {**DRIP, "dose_rate_per_kg": "0.151 mcg/kg/min", "pump_rate": "10.3 mL/h"}, "57 kg"),
    (
        "parts that add up",
        [
            {"drug": "alteplase", "kind": "bolus", "dose_per_kg": "0.9 mg/kg", "dose": "8 mg"},
            {"drug": "alteplase", "kind": "infusion", "dose_per_kg": "0.9 mg/kg", "dose": "72.1 mg"},
        ],
        "89 kg",
    ),
    ("rounded", {"drug": "heparin", "kind": "bolus", "dose_per_kg": "18 units/kg", "dose": "1400 units"}, "80 kg"),
    ("a cap that binds", {"drug": "heparin", "kind": "infusion", "dose_rate_per_kg": "12 units/kg/h",
                          "max_dose_rate": "1000 units/h", "dose_rate": "1000 units/h"}, "90 kg"),
    ("two orders of one weight", [
        {"kind": "bolus", "dose_per_kg": "10 mcg/kg", "dose": "720 mcg"},
        {**DRIP, "dose_rate_per_kg": "0.15 mcg/kg/min", "pump_rate": "13 mL/h"},
    ], None),
    ("a slow pump", {**DRIP, "dose_rate_per_kg": "0.1 mcg/kg/min", "pump_rate": "4.8 mL/h"}, "40 kg"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "order", "weight"), RIGHT, ids=[each[0] for each in RIGHT])
def test_what_is_right_has_no_error_and_no_warning(name: str, order: Any, weight: str | None) -> None:
    assert [(each["code"], each["message"]) for each in heavy(order, weight)] == [], name


TEXT: list[tuple[str, str, list[tuple[str, str | None]]]] = [
    ("a dose in its time at its rate", "potassium chloride 40 mEq over 4 h at 10 mEq/h", []),
    ("ten times its rate", "potassium chloride 40 mEq over 4 h at 100 mEq/h", [("RC308", "10 mEq/h")]),
    ("a dose in grams", "4 g IV over 30 min at 1 g/h", [("RC308", "8 g/h")]),
    ("a dose and what follows it", "150 mg over 10 min then 1 mg/min for 6 h", []),
    ("a bolus and its drip", "5000 units bolus and 1000 units/h", []),
    ("what the text works out itself, before its steps",
     "0.9 mEq/kg = 720 mEq total: 7.2 mEq bolus over 1 min then 64.8 mEq over 60 min", [("RC308", "72 mEq")]),
    ("a bag in its time", "KCl 40 mEq in 400 mL NS over 4 h at 100 mL/h", []),
    ("a tenth of a bag in its time", "KCl 40 mEq in 400 mL over 4 h at 10 mL/h", [("RC308", "100 mL/h")]),
    ("a bag and what it is mixed with", "KCl 40 mEq in 400 mL D5W, run at 10 mEq/h (1000 mL/h)",
     [("RC308", "100 mL/h")]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "found"), TEXT, ids=[each[0] for each in TEXT])
def test_a_dose_of_a_text_is_what_its_rate_gives_in_its_time(
    name: str, text: str, found: list[tuple[str, str | None]]
) -> None:
    errors = heavy({"drug": "potassium chloride", "kind": "infusion", "text": text}, "80 kg" if "kg" in text else None)
    assert [(each["code"], each["expected"]) for each in errors] == found, name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("clopidogrel 4 tablets of 75 mg once", []),
        ("clopidogrel 300 mg (4 x 75 mg tablets) once", []),
        ("clopidogrel tablets 75 mg", []),  # what one holds
        ("clopidogrel 8 tablets of 75 mg once", [("RC308", "300 mg")]),
        ("clopidogrel 8 x 75 mg tablets once", [("RC308", "300 mg")]),
    ],
)
def test_so_many_tablets_are_the_dose(text: str, found: list[tuple[str, str]]) -> None:
    order = {"drug": "clopidogrel", "route": "PO", "kind": "dose", "dose": "300 mg", "text": text}
    assert [(each["code"], each["expected"]) for each in heavy(order, None)] == found


HELD_IN: list[tuple[str, list[tuple[str, str]]]] = [
    ("12.5 mg in 250 mL (50 mcg/mL)", []),
    ("tirofiban 50 mcg/mL", []),
    ("12.5 mg/50 mL (250 mcg/mL), dilute to 50 mcg/mL", []),
    ("12.5 mg in 250 mL (250 mcg/mL)", [("RC307", "/orders/0/product")]),
    ("tirofiban 5 mg/mL", [("RC307", "/orders/0/product")]),
    ("tirofiban 5 mg/mL vial", []),  # it is diluted before it hangs
]


@pytest.mark.parametrize(("product", "found"), HELD_IN)
def test_a_product_says_one_strength_in_whatever_words(product: str, found: list[tuple[str, str]]) -> None:
    order = {"kind": "infusion", "dose_rate_per_kg": "0.15 mcg/kg/min", "product": product, "pump_rate": "14.4 mL/h"}
    errors = [each for each in heavy(order, "80 kg") if each["severity"] == "error"]
    assert [(each["code"], each["pointer"]) for each in errors] == found


@pytest.mark.parametrize("fields", [{}, {"pump_rate": "14.4 mL/h"}])
def test_the_first_bag_less_its_line_is_right_without_a_product(fields: dict[str, str]) -> None:
    order = {**DRIP, **fields, "dose_rate_per_kg": "0.15 mcg/kg/min", "run_time": "24 h"}
    assert heavy({**order, "vtbi": "230 mL"}, "80 kg") == []
    assert [each["code"] for each in heavy({**order, "vtbi": "34.56 mL"}, "80 kg")] == ["RC305"]


def test_a_dose_that_was_rounded_to_vials_is_blamed_and_not_the_dose_per_kg() -> None:
    order = {"drug": "tenecteplase", "kind": "bolus", "dose_per_kg": "0.25 mg/kg", "dose": "17.5 mg"}
    (found,) = heavy({**order, "concentration": "5 mg/mL", "volume": "3.5 mL"}, "68 kg")
    assert (found["code"], found["pointer"], found["expected"]) == ("RC314", "/orders/0/dose", "17 mg")


@pytest.mark.parametrize(
    ("order", "severities"),
    [
        ({"dose_rate_per_kg": "0.15 mcg/kg/min", "pump_rate": "14.4 mL/h", "text": "max 20 mL/h"}, []),
        ({"dose_rate_per_kg": "0.15 mcg/kg/min", "pump_rate": "14.4 mL/h", "text": "max 40 mL/h"}, ["warning"]),
        ({"dose_rate_per_kg": "0.15 mcg/kg/min", "pump_rate": "14.4 mL/h", "text": "max 1440 mL/h"}, ["error"]),
        ({"dose_rate": "8 mcg/min", "max_dose_rate": "30 mcg/min", "text": "max 36 mL/h"}, []),
        ({"dose_rate": "8 mcg/min", "max_dose_rate": "30 mcg/min", "text": "max 360 mL/h"}, ["error"]),
        ({"dose_rate": "8 mcg/min", "max_dose_rate": "30 mcg/min", "text": "titrate, max 360 mL/h"}, ["error"]),
        ({"dose_rate": "8 mcg/min", "text": "max 360 mL/h"}, []),  # nothing to compare it with
    ],
)
def test_the_most_that_a_text_lets_a_pump_run_is_one_that_the_order_may_ask_for(
    order: dict[str, str], severities: list[str]
) -> None:
    made = {"order_set": "x", "patient": {"weight": "80 kg"}, "orders": [{"drug": "norepinephrine", **DRIP, **order}]}
    outcome = invoke("check", "-", "--select", "RC421", "--format", "json", stdin=json.dumps(made))
    assert [each["severity"] for each in outcome.json["findings"]] == severities


def test_an_order_by_itself_names_the_strength_of_its_volume() -> None:
    order = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.15 mcg/kg/min"}
    for more, codes in (({"pump_rate": "14.4 mL/h"}, ["RC702"]), ({}, [])):
        outcome = invoke("check", "-", "--select", "RC7", "--format", "json", stdin=json.dumps({**order, **more}))
        assert [each["code"] for each in outcome.json["findings"] if each["severity"] != "note"] == codes


PIGGYBACK = {"drug": "potassium chloride", "kind": "infusion", "product": "20 mEq in 100 mL"}
GIVEN_ONCE: list[tuple[str, dict[str, str], list[tuple[str, str]]]] = [
    ("one bag", {"dose": "20 mEq", "vtbi": "100 mL", "give_over": "2 h"}, []),
    ("two bags one after the other", {"dose": "40 mEq", "vtbi": "100 mL", "give_over": "2 h"}, []),
    ("ten bags of which one is set", {"dose": "200 mEq", "vtbi": "100 mL", "give_over": "2 h"},
     [("RC301", "/orders/0/dose")]),
    ("four bags", {"dose": "80 mEq", "pump_rate": "100 mL/h", "vtbi": "400 mL"}, []),
    ("the total of a rate beside one bag", {"dose": "240 mEq", "dose_rate": "10 mEq/h", "vtbi": "100 mL"}, []),
    ("a bag over its time", {"give_over": "1 h", "pump_rate": "100 mL/h"}, []),
    ("a tenth of a bag over a time", {"give_over": "1 h", "pump_rate": "10 mL/h"}, [("RC304", "/orders/0/pump_rate")]),
    ("a dose in more than its bag", {"dose": "20 mEq", "volume": "10 mL", "concentration": "0.2 mEq/mL"},
     [("RC302", "/orders/0/volume")]),
    ("a dose in a larger bag", {"dose": "20 mEq", "volume": "250 mL", "concentration": "0.2 mEq/mL"}, []),
    ("ten times what hangs", {"dose": "80 mEq", "pump_rate": "100 mL/h", "vtbi": "4000 mL"},
     [("RC305", "/orders/0/vtbi")]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "order", "found"), GIVEN_ONCE, ids=[each[0] for each in GIVEN_ONCE])
def test_bags_of_a_label_hold_what_is_given(name: str, order: dict[str, str], found: list[tuple[str, str]]) -> None:
    errors = [each for each in heavy({**PIGGYBACK, **order}, None) if each["severity"] == "error"]
    assert [(each["code"], each["pointer"]) for each in errors] == found, name


BAG = {"kind": "infusion", "vtbi": "100 mL"}
HUNG: list[tuple[str, dict[str, str], bool]] = [
    ("a dose in its bag", {"dose": "150 mg", "pump_rate": "600 mL/h", "run_time": "10 min"}, True),
    ("sixty bags of one dose", {"dose": "150 mg", "pump_rate": "600 mL/h", "run_time": "10 h"}, False),
    ("a sip of a bag", {"dose": "150 mg", "pump_rate": "600 mL/h", "run_time": "1 min"}, False),
    ("bags changed twelve times", {"dose_rate": "450 mg/h", "pump_rate": "45 mL/h", "run_time": "24 h"}, True),
    ("a bag that is not emptied", {"dose_rate": "5 mg/h", "pump_rate": "2 mL/h", "run_time": "12 h"}, True),
    ("more than the bag holds", {"dose": "500 mg", "concentration": "1.5 mg/mL", "give_over": "10 min"}, False),
    ("a dose that fills the bag", {"dose": "145 mg", "concentration": "1.5 mg/mL", "give_over": "10 min"}, True),
    ("a tenth of the bag over 4 h", {"pump_rate": "2.5 mL/h", "give_over": "4 h"}, False),
    ("not the bag of the label", {"dose_rate": "50 mg/h", "product": "90 mg in 50 mL", "run_time": "18 h"}, False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "order", "right"), HUNG, ids=[each[0] for each in HUNG])
def test_a_vtbi_of_one_bag_is_right_where_that_bag_can_hang(name: str, order: dict[str, str], right: bool) -> None:
    found = heavy({"drug": "amiodarone", **BAG, **order}, None)
    assert ([each["code"] for each in found if each["severity"] == "error"] == []) is right, name


FEW_DIGITS: list[tuple[str, str, list[tuple[str, str | None]]]] = [
    ("40 kg", "1 mL", []),
    ("40 kg", "1.4 mL", [("RC302", "1 mL")]),  # half of a last digit of 1 mg hid as much
    ("40 kg", "0.6 mL", [("RC302", "1 mL")]),
    ("56 kg", "1.4 mL", []),  # from the exact dose, 1.4 mg
    ("56 kg", "1 mL", []),  # from the dose as it is written
]


@pytest.mark.parametrize(("weight", "volume", "found"), FEW_DIGITS)
def test_what_follows_a_number_of_few_digits_follows_it_or_the_exact_one(
    weight: str, volume: str, found: list[tuple[str, str | None]]
) -> None:
    order = {"drug": "ketamine", "kind": "bolus", "dose_per_kg": "0.025 mg/kg", "dose": "1 mg"}
    errors = heavy({**order, "concentration": "1 mg/mL", "volume": volume}, weight)
    assert [(each["code"], each["expected"]) for each in errors if each["code"] != "RC311"] == found


def test_a_number_of_few_digits_hides_no_third() -> None:
    order = {"drug": "norepinephrine", "dose_rate_per_kg": "0.05 mcg/kg/min", "concentration": "64 mcg/mL"}
    drip = {**order, "kind": "infusion", "pump_rate": "4 mL/h", "run_time": "10 h"}
    assert heavy({**drip, "vtbi": "40 mL"}, "85.33 kg") == []
    assert [each["pointer"] for each in heavy({**drip, "vtbi": "44 mL"}, "85.33 kg")] == ["/orders/0/vtbi"]


BAG_OF_150 = {"drug": "amiodarone", "kind": "infusion", "product": "150 mg in 100 mL", "vtbi": "100 mL"}
SET: list[tuple[str, dict[str, str], list[tuple[str, str]]]] = [
    ("what the VTBI gives", {"dose": "150 mg", "pump_rate": "600 mL/h"}, []),
    ("a tenth of it", {"dose": "15 mg", "pump_rate": "600 mL/h"}, [("RC309", "150 mg")]),
    ("ten bags, and one is set", {"dose": "1500 mg", "pump_rate": "600 mL/h"}, [("RC309", "150 mg")]),
    ("two bags", {"dose": "300 mg", "pump_rate": "50 mL/h"}, []),
    ("above its cap", {"dose": "150 mg", "max_dose": "15 mg", "pump_rate": "600 mL/h", "give_over": "10 min"},
     [("RC425", "150 mg")]),
    ("at its cap", {"dose": "150 mg", "max_dose": "150 mg", "pump_rate": "600 mL/h", "give_over": "10 min"}, []),
    ("a bag for a rate", {"dose": "150 mg", "dose_rate": "1 mg/min", "pump_rate": "40 mL/h", "max_dose": "450 mg"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "order", "found"), SET, ids=[each[0] for each in SET])
def test_a_dose_beside_a_vtbi_is_what_that_gives(
    name: str, order: dict[str, str], found: list[tuple[str, str]]
) -> None:
    errors = [each for each in heavy({**BAG_OF_150, **order}, None) if each["severity"] == "error"]
    assert [(each["code"], each["expected"]) for each in errors] == found, name


def test_of_two_rounded_numbers_the_second_is_asked_as_well() -> None:
    order = {"drug": "heparin", "kind": "bolus", "dose": "5950 units", "concentration": "5000 units/mL"}
    fast = {**order, "volume": "1.19 mL", "give_over": "20 min"}
    assert [each["code"] for each in heavy({**fast, "pump_rate": "3.6 mL/h"}, None)] == []
    assert [(each["code"], each["pointer"]) for each in heavy({**fast, "pump_rate": "4 mL/h"}, None)] == [
        ("RC311", "/orders/0/pump_rate")
    ]


def test_of_two_usual_weights_either_may_be_wrong() -> None:
    bolus = {"kind": "bolus", "dose_per_kg": "10 mcg/kg", "dose": "800 mcg"}
    found = heavy([bolus, {**DRIP, "dose_rate_per_kg": "0.15 mcg/kg/min", "pump_rate": "8.2 mL/h"}], None)
    places = {each["pointer"] for one in found for each in (one, *one["alternatives"])}
    assert (len(found), places) == (1, {"/orders/0/dose", "/orders/1/pump_rate"})


@pytest.mark.parametrize(
    ("pump_rate", "expected", "others"),
    [
        ("6.5 mL/h", "14.4 mL/h", [("/orders/0/dose", "360 mcg")]),  # 36 kg: there are such patients
        ("1.44 mL/h", "14.4 mL/h", []),  # 8 kg
        ("144 mL/h", "14.4 mL/h", []),  # 800 kg
    ],
)
def test_an_unusual_weight_is_blamed_and_the_order_of_the_usual_one_is_the_alternative(
    pump_rate: str, expected: str, others: list[tuple[str, str]]
) -> None:
    bolus = {"kind": "bolus", "dose_per_kg": "10 mcg/kg", "dose": "800 mcg"}
    (found,) = heavy([bolus, {**DRIP, "dose_rate_per_kg": "0.15 mcg/kg/min", "pump_rate": pump_rate}], None)
    assert (found["code"], found["pointer"], found["expected"]) == ("RC304", "/orders/1/pump_rate", expected)
    assert [(each["pointer"], each["expected"]) for each in found["alternatives"]] == others


@pytest.mark.parametrize("step", [1, -1])
def test_of_two_equally_likely_orders_the_infusion_is_blamed_wherever_it_stands(step: int) -> None:
    bolus = {"kind": "bolus", "dose_per_kg": "25 mcg/kg", "dose": "1200 mcg", **VIAL, "volume": "4.8 mL"}
    rate = {**DRIP, "dose_rate_per_kg": "0.15 mcg/kg/min", "dose_rate": "12.6 mcg/min", "pump_rate": "15 mL/h"}
    (found,) = heavy([bolus, rate][::step], None)
    assert (found["code"], found["expected"]) == ("RC303", "7.2 mcg/min")


@pytest.mark.parametrize("step", [1, -1])
def test_the_order_that_tells_a_weight_most_exactly_says_what_it_is(step: int) -> None:
    bolus = {"drug": "morphine", "kind": "bolus", "dose_per_kg": "0.1 mg/kg", "concentration": "1 mg/mL"}
    rate = {**DRIP, "dose_rate_per_kg": "0.15 mcg/kg/min", "dose_rate": "9.56 mcg/min", "pump_rate": "11 mL/h"}
    (found,) = heavy([{**bolus, "volume": "6.4 mL"}, rate][::step], "140.4 kg")
    assert (found["pointer"], found["expected"]) == ("/patient/weight", "63.7 kg")


def test_a_dose_rate_is_judged_at_the_weight_that_another_order_implies() -> None:
    bolus = {"kind": "bolus", "dose_per_kg": "10 mcg/kg", "dose": "600 mcg"}
    (found,) = heavy([bolus, {**DRIP, "dose_rate": "12 mcg/min"}], None)
    assert (found["code"], found["pointer"]) == ("RC402", "/orders/1/dose_rate")
    assert heavy([bolus, {**DRIP, "dose_rate": "9 mcg/min"}], None) == []


HELD = {"drug": "insulin", "kind": "infusion", "concentration": "1 units/mL", "run_time": "12 h"}
WHOLE: list[tuple[str, dict[str, str], list[str]]] = [
    ("what is given", {"pump_rate": "4 mL/h", "dose": "48 units"}, []),
    ("a bag of 100 mL", {"pump_rate": "4 mL/h", "dose": "100 units"}, []),
    ("its own bag", {"pump_rate": "1 mL/h", "dose": "120 units", "product": "120 units in 120 mL"}, []),
    ("what is given, rounded twice", {"pump_rate": "4 mL/h", "dose": "49 units", "dose_rate": "4 units/h"}, ["RC314"]),
    ("neither a bag nor what is given", {"pump_rate": "4 mL/h", "dose": "84 units"}, ["RC304"]),
    ("ten times too much is set", {"pump_rate": "40 mL/h", "dose": "48 units", "dose_rate": "4 units/h"}, ["RC304"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "order", "codes"), WHOLE, ids=[each[0] for each in WHOLE])
def test_a_dose_beside_a_rate_is_what_is_given_or_what_a_bag_holds(
    name: str, order: dict[str, str], codes: list[str]
) -> None:
    assert [each["code"] for each in heavy({**HELD, **order}, None)] == codes, name


ROW = {**DRIP, "run_time": "12 h", "pump_rate": "15 mL/h"}
BLAMED: list[tuple[str, dict[str, str], str, str, list[str]]] = [
    ("a label's row beside a wrong dose", {**ROW, "dose_rate_per_kg": "1.5 mcg/kg/min"}, "85 kg",
     "dose_rate_per_kg", ["decimal point"]),
    ("two that follow from the dose that is right", {"drug": "norepinephrine", "kind": "infusion",
     "dose_rate_per_kg": "0.05 mcg/kg/h", "dose_rate": "3.7 mcg/min", "concentration": "32 mcg/mL",
     "pump_rate": "6.8 mL/h"}, "73 kg", "dose_rate_per_kg", ["per minute for per hour"]),
    ("a dose that is written twice", {"drug": "vancomycin", "kind": "infusion", "dose_per_kg": "1800 mg/kg",
     "dose": "1800 mg", "concentration": "5 mg/mL", "vtbi": "360 mL", "give_over": "90 min"}, "72 kg",
     "dose_per_kg", ["multiplied by the weight"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "order", "weight", "field", "slips"), BLAMED, ids=[each[0] for each in BLAMED])
def test_the_field_that_is_wrong_is_blamed(
    name: str, order: dict[str, str], weight: str, field: str, slips: list[str]
) -> None:
    found = next(each for each in heavy(order, weight) if each["severity"] == "error")
    assert (found["pointer"], found["slip"][:1]) == (f"/orders/0/{field}", slips), name


def test_a_mistyped_cap_is_blamed_and_not_the_dose() -> None:
    order = {"drug": "heparin", "kind": "infusion", "dose_rate_per_kg": "12 units/kg/h", "dose_rate": "960 units/h"}
    (found,) = heavy({**order, "max_dose_rate": "100 units/h"})
    assert (found["code"], found["pointer"]) == ("RC427", "/orders/0/max_dose_rate")
    assert (found["expected"], found["expected_range"]) == ("1000 units/h", {"low": "960 units/h", "high": None})


def test_a_stale_weight_is_one_finding_on_the_weight() -> None:
    orders = [
        {"kind": "bolus", "dose_per_kg": "10 mcg/kg", "dose": "720 mcg"},
        {**DRIP, "dose_rate_per_kg": "0.15 mcg/kg/min", "dose_rate": "10.8 mcg/min", "pump_rate": "13 mL/h"},
        {"drug": "heparin", "kind": "bolus", "dose_per_kg": "60 units/kg", "dose": "4320 units"},
    ]
    (found,) = heavy(orders, "89 kg")
    assert (found["code"], found["pointer"], found["expected"]) == ("RC301", "/patient/weight", "72 kg")
    assert heavy(orders, "72 kg") == []


def test_eight_per_cent_are_no_rounding_and_four_are_a_warning() -> None:
    order = {"drug": "propofol", "kind": "infusion", "dose_rate_per_kg": "0.12 mcg/kg/min", "concentration": "4 mcg/mL"}
    (wrong,) = heavy({**order, "pump_rate": "198 mL/h"}, "120 kg")
    assert (wrong["code"], wrong["severity"], wrong["expected"]) == ("RC304", "error", "216 mL/h")
    (near,) = heavy({**order, "dose_rate_per_kg": "0.120 mcg/kg/min", "pump_rate": "208 mL/h"}, "120 kg")
    assert (near["code"], near["severity"], near["slip"]) == ("RC314", "warning", [])


def test_a_text_that_contradicts_the_pump_blames_no_strength_that_is_right() -> None:
    """The strength stands twice; without what follows from it nothing contradicts, and yet it is not what is wrong."""
    order = {"drug": "tirofiban", "kind": "infusion", "product": "12.5 mg in 250 mL", "concentration": "50 mcg/mL"}
    found = heavy({**order, "pump_rate": "200 mL/h", "text": "tirofiban at 777 mL/h"}, "110 kg")
    assert {(each["code"], each["severity"]) for each in found} == {("RC308", "error"), ("RC402", "error")}
    (found,) = heavy({**order, "pump_rate": "9.9 mL/h", "text": "tirofiban at 777 mL/h"}, "110 kg")
    assert (found["code"], found["pointer"], found["expected"]) == ("RC308", "/orders/0/text", "9.9 mL/h")


def test_a_weight_at_the_end_of_the_usual_ones_is_a_weight_like_another() -> None:
    bolus = {"kind": "bolus", "dose_per_kg": "10 mcg/kg"}
    drip = {**DRIP, "dose_rate_per_kg": "0.15 mcg/kg/min"}
    wrong = (("800 mcg", "7.2 mL/h"), ("800 mcg", "27 mL/h"), ("400 mcg", "27 mL/h"), ("1500 mcg", "7.2 mL/h"))
    for dose, rate in wrong:
        found = heavy([{**bolus, "dose": dose}, {**drip, "pump_rate": rate}], None)
        assert [each["severity"] for each in found] == ["error"], (dose, rate)
    assert heavy([{**bolus, "dose": "400 mcg"}, {**drip, "pump_rate": "7.2 mL/h"}], None) == []


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"dose": "56.7 mg", "concentration": "1 mg/mL", "pump_rate": "300 mL/h", "run_time": "60 min"}, "56.7 mL/h"),
        ({"dose": "56.7 mg", "concentration": "1 mg/mL", "pump_rate": "56.7 mL/h", "run_time": "60 min"}, None),
        ({"dose": "81 mg", "concentration": "2 mg/mL", "pump_rate": "81 mL/h", "run_time": "60 min"}, "40.5 mL/h"),
        ({"pump_rate": "14.4 mL/h", "run_time": "24 h", "volume": "3456 mL"}, "345.6 mL"),
        ({"pump_rate": "14.4 mL/h", "run_time": "24 h", "volume": "250 mL"}, "345.6 mL"),
    ],
)
def test_a_total_that_fills_no_bag_is_one_of_the_numbers(order: dict[str, str], said: str | None) -> None:
    found = heavy({"drug": "alteplase", "kind": "infusion", **order})
    assert [each["expected"] for each in found] == ([said] if said else [])
    assert {each["severity"] for each in found} <= {"error"}


@pytest.mark.parametrize(
    ("dose", "severity"), [("100 mg", "error"), ("17.3 mg", None), ("12.5 mg", None), ("25 mg", None)]
)
def test_a_total_is_one_of_the_numbers_unless_the_drug_has_such_bags(dose: str, severity: str | None) -> None:
    order = {"kind": "infusion", "dose_rate_per_kg": "0.15 mcg/kg/min", "run_time": "24 h"}
    told = [(each["code"], each["severity"]) for each in heavy({**order, "dose": dose})]
    assert told == ([("RC309", severity)] if severity else [])


DILUTED = {"drug": "tirofiban", "kind": "infusion", "diluted_in": "sodium chloride 0.9 %"}


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"product": "12.5 mg in 50 mL", "pump_rate": "14.4 mL/h"}, ["RC712"]),
        ({"product": "12.5 mg in 50 mL", "dose_rate_per_kg": "0.15 mcg/kg/min", "pump_rate": "288 mL/h"}, ["RC702"]),
        ({"concentration": "500 mcg/mL", "dose_rate_per_kg": "0.15 mcg/kg/min", "pump_rate": "1.44 mL/h"}, ["RC424"]),
        ({"concentration": "250 mcg/mL", "dose_rate_per_kg": "0.15 mcg/kg/min", "pump_rate": "2.88 mL/h"}, ["RC422"]),
        (
            {"product": "125 mg in 50 mL", "concentration": "50 mcg/mL", "dose_rate_per_kg": "0.15 mcg/kg/min"},
            ["RC424"],
        ),
        ({"product": "12.5 mg in 50 mL", "concentration": "50 mcg/mL", "dose_rate_per_kg": "0.15 mcg/kg/min"}, []),
        ({"concentration": "125 mcg/mL", "dose_rate_per_kg": "0.15 mcg/kg/min", "pump_rate": "5.8 mL/h"}, []),
    ],
)
def test_what_is_diluted_is_judged_by_what_it_says(fields: dict[str, str], codes: list[str]) -> None:
    assert [each["code"] for each in heavy({**DILUTED, **fields}, "80 kg")] == codes


@pytest.mark.parametrize(
    ("order", "expected", "ends"),
    [
        ({"drug": "abciximab", "kind": "infusion", "dose_rate": "16.25 mcg/min"}, None, (None, "10 mcg/min")),
        ({"drug": "heparin", "kind": "bolus", "dose": "64 mL"}, None, None),
        (
            {"kind": "bolus", "dose_per_kg": "10 mcg/kg", "concentration": "50 mcg/mL", "give_over": "5 s"},
            None,
            ("93.6937 s", None),
        ),
    ],
)
def test_what_is_expected_can_be_written(
    order: dict[str, str], expected: str | None, ends: tuple[str | None, str] | None
) -> None:
    found = heavy(order, "130 kg")[0]
    assert found["expected"] == expected
    assert found["expected_range"] == (None if ends is None else {"low": ends[0], "high": ends[1]})


HEALED = (
    ({**DRIP, "dose_rate_per_kg": "0.15 mcg/kg/min", "pump_rate": "144 mL/h"}, "pump_rate"),
    ({"kind": "bolus", "dose_per_kg": "10 mcg/kg", "dose": "8 mg", "volume": "3.2 mL", **VIAL}, "dose"),
    ({"kind": "infusion", "dose_rate_per_kg": "0.15 mcg/kg/h", "dose_rate": "720 mcg/h"}, "dose_rate_per_kg"),
)


@pytest.mark.parametrize(("order", "field"), HEALED, ids=[each[1] for each in HEALED])
def test_writing_what_is_expected_heals_the_order(order: dict[str, Any], field: str) -> None:
    found = heavy(order)[0]
    assert found["pointer"] == f"/orders/0/{field}"
    assert heavy({**order, field: found["expected"]}) == []


@pytest.mark.parametrize("weights", [None, "80 kg"])
def test_the_same_order_gets_the_same_findings_in_every_format(weights: str | None) -> None:
    order = {"drug": "tirofiban", "route": "IV", "kind": "infusion", **DRIP, "dose_rate_per_kg": "0.15 mcg/kg/min",
             "pump_rate": "144 mL/h"}  # fmt: skip
    patient = {"patient": {"weight": weights}} if weights else {}
    made = {"order_set": "x", **patient, "orders": [order]}
    head = ["order_set", *(["patient_weight"] if weights else []), *order]
    row = ["x", *([weights] if weights else []), *order.values()]
    texts = {
        "a.yaml": json.dumps(made),
        "a.json": json.dumps(made, indent=1),
        "a.jsonl": json.dumps(made),
        "a.csv": f"{','.join(head)}\n{','.join(row)}\n",
    }
    told = [
        {
            (each["code"], each["found"], each["expected"], tuple(each["slip"]))
            for each in errors(text, "--stdin-filename", name)
        }
        for name, text in texts.items()
    ]
    assert told[0] == {("RC304", "144 mL/h", "14.4 mL/h", ("decimal point",))}
    assert all(each == told[0] for each in told)


def test_a_dose_that_stands_in_the_text_alone_is_judged() -> None:
    (found,) = heavy({"kind": "infusion", "text": "tirofiban 1.5 mcg/kg/min"})
    assert (found["code"], found["pointer"], found["slip"]) == ("RC402", "/orders/0/text", ["decimal point"])


def test_a_flow_that_follows_is_judged_although_no_rate_is_written() -> None:
    order = {"drug": "propofol", "kind": "infusion", "dose_rate_per_kg": "3 mg/kg/min", "concentration": "10 mg/mL"}
    (found,) = heavy(order)
    assert (found["code"], found["pointer"], found["expected"]) == ("RC310", "/orders/0/concentration", None)
    assert found["alternatives"][0]["pointer"] == "/orders/0/dose_rate_per_kg"
    assert "the concentration 10 mg/mL is likely wrong" in found["message"]


def test_what_was_not_judged_is_said() -> None:
    heparin = "{drug: heparin, route: IV, kind: infusion, dose_rate: 1000 units/h}"
    bolus = "{drug: heparin, route: IV, kind: bolus, dose: 5000 units}"
    drip = "{drug: tirofiban, route: IV, kind: infusion, pump_rate: 14 mL/h}"
    text = f"{{order_set: x, orders: [{heparin}, {bolus}, {drip}]}}"
    outcome = invoke("check", "-", "--select", "RC711,RC712,RC713", "--format", "json", stdin=text)
    found = [(each["code"], each["severity"]) for each in outcome.json["findings"]]
    assert (outcome.exit_code, found) == (1, [("RC711", "note"), ("RC712", "error")])
    assert outcome.json["summary"]["judged"] == {
        "dose": 0,
        "fields_only": 0,
        "arithmetic": 2,
        "text_only": 0,
        "not_judged": 1,
    }


def test_absolute_numbers_of_a_set_without_a_patient_fit_one_weight() -> None:
    text = "{order_set: x, orders: [{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, dose: 800 mcg}]}"
    (found,) = invoke("check", "-", "--select", "RC713", "--format", "json", stdin=text).json["findings"]
    assert (found["severity"], found["pointer"]) == ("warning", "/orders/0/dose")
    assert "right at 80 kg only" in found["message"]
