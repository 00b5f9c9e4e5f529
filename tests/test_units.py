"""The closed units: what exists, what fits together, and that formula and pint give the same answer."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rescuecalc.backcheck import doses as second_route
from rescuecalc.core.quantities.quantity import (
    Concentration,
    Dose,
    DosePerKg,
    DoseRate,
    DoseRatePerKg,
    DosingWeight,
    Duration,
    PumpRate,
    Quantity,
    Volume,
    read,
)
from rescuecalc.core.quantities.rate_conversion import RATES
from rescuecalc.core.quantities.units import _ATOMS, pint_unit, registry, unit
from rescuecalc.core.regimen import bolus as dosing
from rescuecalc.core.regimen import infusion
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from rescuecalc.core.quantities.formula import Formula

pytestmark = pytest.mark.core

# Sizes from outside: the international pound and inch, and the metric prefixes.
SIZES = {
    "mcg": ("mcg", "1"),
    "ng": ("mcg", "0.001"),
    "mg": ("mcg", "1000"),
    "g": ("mcg", "1000000"),
    "umol": ("mmol", "0.001"),
    "milliunits": ("units", "0.001"),
    "lb": ("kg", "0.45359237"),
    "dL": ("mL", "100"),
    "L": ("mL", "1000"),
    "min": ("s", "60"),
    "h": ("s", "3600"),
    "day": ("s", "86400"),
    "in": ("cm", "2.54"),
}


@pytest.mark.parametrize(("name", "base", "size"), [(name, *pair) for name, pair in SIZES.items()])
def test_a_unit_has_its_defined_size(name: str, base: str, size: str) -> None:
    one = registry().Quantity(Fraction(1), pint_unit(unit(name))).to(pint_unit(unit(base)))
    assert one.magnitude == Fraction(size)
    assert type(one.magnitude) is Fraction


def test_every_unit_that_is_not_a_first_one_has_its_size_tested() -> None:
    first = {"mcg", "units", "mEq", "mmol", "mOsm", "kg", "m2", "mL", "s", "cm"}
    assert {atom.name for atom in _ATOMS} == set(SIZES) | first


def test_the_registry_is_closed() -> None:
    for name in ("meter", "m", "hertz", "kilomcg", "gram", "lux", "U"):
        with pytest.raises(pint.UndefinedUnitError):
            registry().parse_units(name)


def test_body_weight_and_drug_mass_do_not_mix() -> None:
    kilogram, milligram = (registry().Quantity(Fraction(1), pint_unit(unit(name))) for name in ("kg", "mg"))
    with pytest.raises(pint.DimensionalityError):
        _ = kilogram + milligram
    with pytest.raises(pint.DimensionalityError):
        kilogram.to(pint_unit(unit("mg")))


def test_a_dose_per_kg_plus_a_number_is_refused() -> None:
    dose = registry().Quantity(Fraction(10), pint_unit(unit("mcg/kg")))
    with pytest.raises(pint.DimensionalityError):
        _ = dose + Fraction(1, 2)


@pytest.mark.parametrize("spelling", [(a.name, s) for a in _ATOMS for s in a.spellings], ids="=".join)
def test_both_routes_read_every_spelling_alike(spelling: tuple[str, str]) -> None:
    name, spelled = spelling
    assert unit(spelled).name == name
    assert second_route.amount(f"7 {spelled}") == second_route.amount(f"7 {name}")


NO_UNITS = (
    " mcg/ /kg mcg//kg mcg/kg/m kg/min mL/mg mcg/min/kg mcg/lb mcg/kg/s MG Kg cc U IU mcg/kg/min/h mcg.kg % mmHg l MCG "
    "mcg/KG/min µ mcgs kgs"
)


@pytest.mark.parametrize("text", [*NO_UNITS.split(" "), "mcg kg"])
def test_no_other_text_is_a_unit(text: str) -> None:
    with pytest.raises(InputError):
        unit(text)


@pytest.mark.parametrize(
    ("name", "ucum"),
    [("mcg/kg/min", "ug/kg/min"), ("mL/h", "mL/h"), ("lb", "[lb_av]"), ("mcg/mL", "ug/mL"), ("units/h", None)],
)
def test_the_ucum_code_is_the_only_other_vocabulary(name: str, ucum: str | None) -> None:
    assert unit(name).ucum == ucum


def test_a_quantity_checks_its_unit_type_and_sign() -> None:
    with pytest.raises(TypeError, match="not a unit of"):
        Dose(Fraction(1), unit("mcg/kg"))
    with pytest.raises(TypeError, match="Fraction"):
        Dose(1.5, unit("mcg"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="negative"):
        Dose(Fraction(-1), unit("mcg"))


def test_a_formula_refuses_units_that_cannot_give_its_result() -> None:
    with pytest.raises(InputError, match="cannot be combined"):
        infusion.pump_rate(read("5 units/h", DoseRate, "r"), read("50 mcg/mL", Concentration, "c"))


FORMULAS: list[tuple[Formula[Quantity], tuple[tuple[type[Quantity], tuple[str, ...]], ...], tuple[str, ...]]] = [
    (dosing.BOLUS_DOSE, ((DosePerKg, ("mcg/kg", "mg/kg")), (DosingWeight, ("kg", "lb"))), ("mcg", "mg")),  # type: ignore[list-item]
    (dosing.BOLUS_VOLUME, ((Dose, ("mcg", "mg")), (Concentration, ("mcg/mL", "mg/mL", "g/L"))), ("mL", "L")),  # type: ignore[list-item]
    (dosing.FLOW, ((Volume, ("mL", "L")), (Duration, ("s", "min", "h", "day"))), ("mL/h", "mL/min")),  # type: ignore[list-item]
    (
        infusion.DOSE_RATE,  # type: ignore[list-item]
        ((DoseRatePerKg, ("mcg/kg/min", "mg/kg/h", "ng/kg/min")), (DosingWeight, ("kg", "lb"))),
        ("mcg/min", "mg/h"),
    ),
    (infusion.PUMP_RATE, ((DoseRate, ("mcg/min", "mg/day")), (Concentration, ("mcg/mL", "mg/L"))), ("mL/h", "mL/min")),  # type: ignore[list-item]
    (infusion.VTBI, ((PumpRate, ("mL/h", "mL/min")), (Duration, ("h", "min"))), ("mL", "L")),  # type: ignore[list-item]
    (
        infusion.LINE_DOSE,  # type: ignore[list-item]
        ((Volume, ("mL",)), (Concentration, ("mcg/mL", "mg/mL")), (DosingWeight, ("kg", "lb"))),
        ("mcg/kg", "mg/kg"),
    ),
]


@given(st.data())
def test_a_formula_gives_what_full_pint_arithmetic_gives(data: st.DataObject) -> None:
    formula, roles, results = data.draw(st.sampled_from(FORMULAS))
    numbers = st.decimals("0.001", "9999", places=3).map(Fraction)
    inputs = [role(data.draw(numbers), unit(data.draw(st.sampled_from(names)))) for role, names in roles]
    result = data.draw(st.sampled_from(results))
    whole = formula.expression(*(registry().Quantity(each.magnitude, pint_unit(each.unit)) for each in inputs))
    assert formula.value(*inputs, unit_name=result).magnitude == whole.to(pint_unit(unit(result))).magnitude


@given(st.data())
def test_converting_there_and_back_is_exact(data: st.DataObject) -> None:
    role = data.draw(st.sampled_from(RATES))
    names = {
        DoseRatePerKg: ("mcg/kg/min", "mg/kg/h", "mcg/kg/h", "ng/kg/min"),
        DoseRate: ("mcg/min", "mg/h", "mcg/h", "mg/min"),
        PumpRate: ("mL/h", "mL/min", "L/day"),
    }[role]
    here, there = data.draw(st.sampled_from(names)), data.draw(st.sampled_from(names))
    quantity = role(Fraction(data.draw(st.decimals("0.001", "999", places=3))), unit(here))
    assert quantity.to(there).to(here) == quantity
