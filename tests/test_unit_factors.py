"""The committed table of unit factors: every factor of it is pint's, and what is not in it is asked of pint."""

from __future__ import annotations

from fractions import Fraction
from itertools import product as each_of

import pytest

from rescuecalc.core.quantities import units
from rescuecalc.core.quantities.formula import product, product_over, quotient
from rescuecalc.core.quantities.quantity import unchanged
from rescuecalc.core.quantities.unit_factors import COMBINATIONS, SIZES
from rescuecalc.core.quantities.units import closed_units, factor, factor_by_pint, size_by_pint, tabled_factor, unit
from rescuecalc.engine import self_test as self_test_module
from rescuecalc.engine.self_test import EXPRESSIONS, self_test
from rescuecalc.errors import InputError

pytestmark = pytest.mark.core


def test_every_unit_is_in_the_table_with_the_size_that_pint_gives_it() -> None:
    of_pint = {each.name: (dimension, size.numerator, size.denominator) for each, (dimension, size) in _sizes()}
    assert of_pint == SIZES


def _sizes() -> list[tuple[units.Unit, tuple[str, Fraction]]]:
    return [(each, size_by_pint(each)) for each in closed_units()]


@pytest.mark.parametrize(
    ("expression", "inputs", "result", "expected"),
    [
        (unchanged, "mg", "mcg", "1000"),
        (unchanged, "mg/kg/h", "mcg/kg/min", "50/3"),
        (unchanged, "lb", "kg", "45359237/100000000"),
        (product, "mcg/kg lb", "mg", "45359237/100000000000"),
        (quotient, "mcg/min mcg/mL", "mL/h", "60"),
        (quotient, "mg/min mcg/mL", "L/day", "1440"),
        (quotient, "units/h milliunits/L", "mL/h", "1000000"),
        (product_over, "mL mg/mL kg", "mcg/kg", "1000"),
    ],
)
def test_a_factor_is_the_known_one_by_the_table_and_by_pint(
    expression: object, inputs: str, result: str, expected: str
) -> None:
    asked = (expression, tuple(map(unit, inputs.split())), unit(result))
    assert tabled_factor(*asked) == Fraction(expected)  # type: ignore[arg-type]
    assert factor_by_pint(*asked) == Fraction(expected)  # type: ignore[arg-type]


def test_what_is_not_in_the_table_is_asked_of_pint() -> None:
    def half(quantity: units.PintQuantity) -> object:
        return quantity / 2

    assert tabled_factor(half, (unit("mg"),), unit("mcg")) is None
    assert factor(half, (unit("mg"),), unit("mcg")) == 500


def test_a_combination_that_pint_refuses_is_in_no_table() -> None:
    with pytest.raises(InputError, match=r"^mg cannot be combined to give units$"):
        factor(unchanged, (unit("mg"),), unit("units"))


@pytest.mark.long
def test_every_factor_of_the_table_is_that_of_pint() -> None:
    of_dimension: dict[str, list[units.Unit]] = {}
    for each in closed_units():
        of_dimension.setdefault(SIZES[each.name][0], []).append(each)
    asked = 0
    for name, *parts in COMBINATIONS:
        for *inputs, result in each_of(*(of_dimension[part] for part in parts)):
            question = (EXPRESSIONS[name], tuple(inputs), result)
            assert tabled_factor(*question) == factor_by_pint(*question)
            asked += 1
    assert asked == 7_935


def test_selftest_compares_each_unit_and_each_combination_with_pint() -> None:
    answers = [each for each in self_test(lambda _: {}, kinds=("units",)).answers if each.place == "table"]
    assert len(answers) == len(SIZES) + len(COMBINATIONS)
    assert all(each.is_right for each in answers)


def test_a_wrong_size_is_found_by_selftest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test_module, "SIZES", SIZES | {"mcg/min": ("drug_mass/time", 1, 61)})
    monkeypatch.setattr(units, "SIZES", SIZES | {"mcg/min": ("drug_mass/time", 1, 61)})
    wrong = [each for each in self_test(lambda _: {}, kinds=("units",)).answers if not each.is_right]
    assert ("mcg/min", "1/61 drug_mass/time", "1/60 drug_mass/time") in [
        (each.of, each.expected, each.found) for each in wrong
    ]
    assert "quotient of drug_mass/time and drug_mass/volume" in {each.of for each in wrong}
