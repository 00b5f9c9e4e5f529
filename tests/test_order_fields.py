"""The fields of an order as they are read: conditions, bands, thrombolysis, drug names, loads."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.orders.condition_text import read_band, read_condition, read_thrombolysis
from rescuecalc.core.orders.order_field import Unreadable, read_field
from rescuecalc.core.quantities.quantity import Dose, DosingWeight, Quantity, Volume
from rescuecalc.errors import InputError
from rescuecalc.readers.json_tree import json_tree
from rescuecalc.readers.order_sets import order_sets
from rescuecalc.readers.yaml_tree import yaml_trees

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import OrderSet


def made(text: str) -> OrderSet:
    [tree] = yaml_trees(text)
    [found] = order_sets(tree.data, tree.doubled)
    return found


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("46-54 kg", "46 kg", "54 kg"),
        ("46 kg - 54 kg", "46 kg", "54 kg"),
        ("46 to 54kg", "46 kg", "54 kg"),
        ("100 lb-54 kg", "100 lb", "54 kg"),
        ("46.5\u201354.5 kg", "46.5 kg", "54.5 kg"),
        ("80 kg", "80 kg", "80 kg"),
    ],
)
def test_a_weight_band_is_read(text: str, low: str, high: str) -> None:
    band = read_band(text, DosingWeight, "weight")
    assert (str(band.low), str(band.high)) == (low, high)


@pytest.mark.parametrize("text", ["54-46 kg", "46-54", "46-54 mL", "> 46 kg", "46-", "", "46-54-60 kg", "a-b kg"])
def test_what_is_no_weight_band_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="write a band as 46-54 kg"):
        read_band(text, DosingWeight, "weight")


@pytest.mark.parametrize(
    ("name", "text", "bounds"),
    [
        ("creatinine_clearance", "> 60 mL/min", [(">", "60 mL/min")]),
        ("creatinine_clearance", "<=60 mL/min", [("<=", "60 mL/min")]),
        ("creatinine_clearance", ">= 30 mL/min and < 60 mL/min", [(">=", "30 mL/min"), ("<", "60 mL/min")]),
        ("creatinine_clearance", "30-60 mL/min", [(">=", "30 mL/min"), ("<=", "60 mL/min")]),
        ("weight", "< 120 kg", [("<", "120 kg")]),
        ("thrombolysis", "> 24 h", [(">", "24 h")]),
        ("thrombolysis", "none", []),
    ],
)
def test_a_condition_is_read(name: str, text: str, bounds: list[tuple[str, str]]) -> None:
    condition = read_condition(text, name)
    assert [(each.comparator, str(each.quantity)) for each in condition.bounds] == bounds
    assert condition.given is (False if text == "none" else None)


@pytest.mark.parametrize(
    "text", ["60 mL/min <", "=> 60 mL/min", "> 60 mL/h", "> 60", "none", "over 60", "> 60 mL/min and"]
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="write one as <= 60 mL/min or as > 60 mL/min"):
        read_condition(text, "creatinine_clearance")


def test_a_thrombolysis_is_given_or_not_or_at_a_time() -> None:
    assert read_thrombolysis("none") == (False, None)
    assert read_thrombolysis("given") == (True, None)
    told = read_thrombolysis("-2 h")
    assert told.given
    assert told.at is not None
    assert told.at.seconds == -7200
    assert read_thrombolysis("2 h ago") == told
    with pytest.raises(InputError):
        read_thrombolysis("2 h before")


def test_a_field_is_its_quantity_or_why_it_is_none() -> None:
    quantity = read_field("800 mcg", Dose)
    assert isinstance(quantity, Quantity)
    assert quantity.value_in("mg") == Fraction(4, 5)
    assert read_field("800 mL", Dose) == Unreadable("that is a volume, and a dose is needed")
    assert read_field("0 mg", Dose) == Unreadable("zero is not a dose")
    assert isinstance(read_field("0 mL", Volume), Volume)
    assert isinstance(read_field("1" * 100, Dose), Unreadable)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Aggrastat", "tirofiban"),
        (" TIROFIBAN ", "tirofiban"),
        ("tirofiban  HCl", "tirofiban"),
        ("TNK", "tenecteplase"),
        ("x", "x"),
    ],
)
def test_a_drug_is_judged_under_one_name(text: str, name: str) -> None:
    assert drug_name(text) == name


LOAD = "{drug: a, kind: infusion, dose_rate_per_kg: 0.4 mcg/kg/min, run_time: 30 min"
MAINTENANCE = "{drug: a, kind: infusion, dose_rate_per_kg: 0.1 mcg/kg/min, run_time: 72 h"


@pytest.mark.parametrize(
    ("first", "second", "loads"),
    [
        (f"{LOAD}}}", f"{MAINTENANCE}}}", [True, False]),
        (f"{MAINTENANCE}}}", f"{LOAD}}}", [False, True]),
        (f"{LOAD}, start: +0 h}}", f"{MAINTENANCE}, start: +30 min}}", [True, False]),
        (f"{LOAD}, start: +30 min}}", f"{MAINTENANCE}, start: +0 h}}", [False, True]),
        (f"{LOAD}, weight: 40-50 kg}}", f"{MAINTENANCE}, weight: 51-60 kg}}", [False, False]),
        (f"{LOAD}}}", f"{MAINTENANCE.replace('drug: a', 'drug: b')}}}", [False, False]),
        (f"{LOAD}}}", f"{LOAD}}}", [False, False]),
        (f"{LOAD}}}", "{drug: a, kind: infusion}", [False, False]),
        (f"{LOAD}}}", "{drug: a, kind: infusion, dose_rate_per_kg: 1 units/kg/h}", [False, False]),
    ],
)
def test_a_load_is_what_a_slower_and_longer_or_a_later_infusion_follows(
    first: str, second: str, loads: list[bool]
) -> None:
    found = made(f"order_set: a\norders: [{first}, {second}]")
    assert [order.load for order in found.orders] == loads
    assert [order.place for order in found.orders] == [0, 1]


def test_an_order_keeps_what_was_written_and_what_could_be_read_of_it() -> None:
    text = (
        "{order_set: a, weight_basis: ideal, patient: {weight: 80 kg, creatinine_clearance: 90 mL/min}, orders: "
        "[{drug: Aggrastat, route: iv, kind: Infusion, dose: 5, pump_rate: 14.4 mL/h, when: {weight: < 90 kg}}]}"
    ).replace("< 90 kg", "'< 90 kg'")
    found = made(text)
    [order] = found.orders
    assert (order.drug, order.route, order.kind, order.pointer) == ("tirofiban", "IV", "infusion", "/orders/0")
    assert set(order.fields) == {"pump_rate"}
    assert order.texts["dose"] == "5"
    assert order.when[0].bounds[0].comparator == "<"
    assert (str(found.weight), str(found.clearance), found.whole) == ("80 kg", "90 mL/min", True)
    assert found.defects == ()


def test_json_positions_hold_for_escaped_names_and_nested_lists() -> None:
    tree, lines = json_tree('{"a/b": {"c~d": [1, [2, {"e": "x\\"y"}]]},\n "f": null}')
    spot = tree.spot("/a~1b/c~0d/1/1/e")
    assert spot is not None
    assert lines.text[spot.column - 1 :].startswith('"x\\"y"')
    assert (spot.line, spot.length) == (1, 6)
    last = tree.spot("/f")
    assert last is not None
    assert (last.line, last.column) == (2, 7)
