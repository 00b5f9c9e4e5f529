"""The generator: the same seed gives the same sets, correct ones can be true, and slips are where it says."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import cache
from itertools import islice
from typing import Any

import pytest

from tests.order_model.amounts import plain, read, to_digits, to_step
from tests.order_model.generator import Case, correct, slipped
from tests.order_model.impossible import impossible
from tests.order_model.oracle import Verdict, verdict

pytestmark = pytest.mark.long


@cache
def right() -> list[Case]:
    return list(correct(11, 1500))


@cache
def wrong() -> list[Case]:
    return list(slipped(11, 1500))


def test_the_same_seed_gives_the_same_sets_from_any_number_on() -> None:
    assert list(islice(correct(11, 1500), 40)) == right()[:40]
    assert list(correct(11, 10, 700)) == right()[700:710]
    assert list(slipped(11, 10, 700)) == wrong()[700:710]
    assert [each.order_set for each in correct(12, 40)] != [each.order_set for each in right()[:40]]


@pytest.mark.parametrize(
    ("text", "value", "last"),
    [
        ("14.4 mL/h", Fraction(144, 10), Fraction(1, 10)),
        ("0.15 mcg/kg/min", Fraction(9), Fraction(60, 100)),
        ("12 mg/h", Fraction(12_000), Fraction(1000)),
        ("30 min", Fraction(1, 2), Fraction(1, 60)),
        ("176 lb", Fraction("79.83225712"), Fraction("0.45359237")),
    ],
)
def test_a_quantity_has_its_exact_size_and_that_of_its_last_digit(text: str, value: Fraction, last: Fraction) -> None:
    assert (read(text).value, read(text).last_digit) == (value, last)


def test_numbers_are_rounded_half_up() -> None:
    assert to_step(Fraction("3.15"), Fraction(1, 10)) == Fraction("3.2")
    assert to_step(Fraction("2.5"), Fraction(1)) == 3
    assert [to_digits(Fraction(each), 3) for each in ("1234.5", "0.0123456", "99950")] == [
        1230,
        Fraction("0.0123"),
        100_000,
    ]
    assert [plain(Fraction(each)) for each in ("14.40", "3", "0.05")] == ["14.4", "3", "0.05"]


def written(each: Case) -> list[tuple[str, str]]:
    return [(name, value) for order in each.order_set["orders"] for name, value in order.items()]


def test_sets_are_as_different_as_those_of_hospitals() -> None:
    drugs = Counter(order["drug"] for each in right() for order in each.order_set["orders"])
    assert len(drugs) >= 20
    assert drugs["tirofiban"] > 500
    assert {len(each.order_set["orders"]) for each in right()} == {1, 2, 3, 4}
    assert {each.weight for each in right()} == {"known", "band", "unknown"}
    fields = Counter(name for each in right() for name, _ in written(each))
    assert min(fields[name] for name in ("dose", "product", "vtbi", "max_dose_rate", "stop", "text")) > 50
    assert min(fields[name] for name in ("dose_per_kg", "dose_rate_per_kg", "pump_rate", "run_time", "volume")) > 200


def test_no_number_is_zero_or_longer_than_is_read() -> None:
    fields = {"dose", "dose_per_kg", "dose_rate", "dose_rate_per_kg", "pump_rate", "volume", "vtbi", "concentration"}
    numbers = [read(value) for each in (*right(), *wrong()) for name, value in written(each) if name in fields]
    assert min(each.value for each in numbers) > 0
    assert all(len(part) <= 9 for each in numbers for part in each.number.split("."))


def test_a_correct_set_can_be_true() -> None:
    verdicts = Counter((each.rounding, verdict(each.order_set)) for each in right())
    assert verdicts["fine", Verdict.INFEASIBLE] == 0
    assert verdicts["fine", Verdict.NEAR] <= 10
    assert sum(count for (rounding, _), count in verdicts.items() if rounding == "fine") > 1400


def test_most_slips_can_be_seen() -> None:
    verdicts = Counter(verdict(each.order_set) for each in wrong())
    assert verdicts[Verdict.FEASIBLE] / len(wrong()) <= 0.15


def value_at(order_set: dict[str, Any], pointer: str) -> str:
    held: Any = order_set
    for step in pointer.split("/")[1:]:
        held = held[int(step)] if isinstance(held, list) else held[step]
    return str(held)


def test_a_slip_stands_where_it_was_planted_with_its_factor() -> None:
    for each in wrong():
        slip = each.planted
        assert slip is not None
        assert value_at(each.order_set, slip.pointer) == slip.written
        if slip.field not in {"text", "product", "stop"}:
            assert read(slip.written).value / read(slip.true).value == slip.factor
        assert abs(slip.factor - 1) > Fraction(6, 100)


def test_slips_are_of_many_kinds_and_none_is_one_that_cannot_be_made() -> None:
    slips = [(each.order_set, each.planted) for each in wrong() if each.planted is not None]
    names = Counter(slip.name for _, slip in slips)
    assert names["decimal point"] > 400
    assert min(names[name] for name in ("mg for mcg", "lb for kg", "per minute for per hour", "")) > 40
    assert sum(name.endswith("set as mL/h") for name in names) >= 4
    assert sum(slip.followed for _, slip in slips) > 150
    assert [slip for made, slip in slips if impossible(made, slip.pointer, slip.name)] == []
