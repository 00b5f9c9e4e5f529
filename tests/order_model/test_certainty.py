"""What floats call certain is so by exact numbers; the million is `python -m tests.order_model.certainty`."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rescuecalc.catalogue.catalogue import limits
from rescuecalc.core.orders.model import certainty
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import mention
from rescuecalc.core.orders.model.solution import Later, exact_solution, solution
from rescuecalc.core.orders.model.surely_near import surely_near
from rescuecalc.core.orders.model.system import System, system_of
from rescuecalc.core.quantities.quantity import (
    Concentration,
    Dose,
    DosePerKg,
    DoseRatePerKg,
    DosingWeight,
    Duration,
    PumpRate,
    Quantity,
    Volume,
    parsed,
)
from tests.order_model.certainty import counted, systems


@pytest.mark.long
def test_what_floats_call_certain_is_so_by_exact_numbers() -> None:
    found = counted(11, 3_000)
    assert found.agree > 1_500
    assert found.asked < found.agree / 5  # a third of the systems lie on a border on purpose


@pytest.mark.long
@pytest.mark.parametrize(("margin", "worth"), [("_LESS", 1 + 10.0**-9), ("_MORE", 1 - 10.0**-9)])
def test_without_its_margin_an_answer_differs(margin: str, worth: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """The systems reach the borders: floats that decide there are caught."""
    monkeypatch.setattr(certainty, margin, worth)
    with pytest.raises(AssertionError, match="of seed 1"):
        counted(1, 3_000)


def test_the_same_seed_gives_the_same_systems() -> None:
    assert [each.mentions for each in systems(3, 20)] == [each.mentions for each in systems(3, 20)]


def _bolus(dose: str) -> System:
    said: tuple[tuple[str, type[Quantity], str], ...] = (
        (of.WEIGHT, DosingWeight, "80.05 kg"),
        (of.DOSE_PER_KG, DosePerKg, "10 mcg/kg"),
        (of.DOSE, Dose, dose),
        (of.CONCENTRATION, Concentration, "50 mcg/mL"),
        (of.VOLUME, Volume, "16 mL"),
    )
    found = tuple(mention(name, parsed(role, text), name, f"/{name}", limits()) for name, role, text in said)
    return system_of(found, {}, Fraction(40), is_infusion=False)


@pytest.mark.parametrize(
    ("dose", "is_certain", "agrees"),
    [
        ("800.5 mcg", True, True),
        ("801 mcg", False, True),  # 800.5 to 801.5 mcg, and 800.5 is what the dose per kg gives
        ("802 mcg", True, False),
    ],
)
def test_on_a_border_exact_numbers_decide(dose: str, is_certain: bool, agrees: bool) -> None:
    found = solution(_bolus(dose))
    assert (isinstance(found.bounds, Later), found.conflict is None) == (is_certain, agrees)


@pytest.mark.parametrize("share", [Fraction(1, 20), Fraction(1, 4)])
def test_what_is_surely_near_is_so_of_every_solution(share: Fraction) -> None:
    near, other_way = 0, 0
    for system in systems(5, 800):
        for each in system.mentions:
            rest = system.without((each,))
            if not surely_near(each, rest, share):
                continue
            solved = exact_solution(rest)
            left = solved.bounds.get(each.variable)
            near += 1
            other_way += solved.set_is_exact
            if left is not None:
                assert left.high is not None, system
                assert left.high * (1 - share) <= each.value <= left.low * (1 + share), (each, rest, left)
    assert near > 300
    assert other_way > 10  # both ways to read the numbers are met


@pytest.mark.parametrize(
    ("volume", "is_near"),
    [
        ("345.6 mL", True),
        ("346 mL", True),  # 24 × 14.4 is 345.6, and what follows from the dose is 14.4
        ("380 mL", False),  # by the other reading the pump would be set to 15.8
    ],
)
def test_a_pump_rate_is_near_where_both_readings_leave_it_near(volume: str, is_near: bool) -> None:
    said: tuple[tuple[str, type[Quantity], str], ...] = (
        (of.WEIGHT, DosingWeight, "80 kg"),
        (of.DOSE_RATE_PER_KG, DoseRatePerKg, "0.15 mcg/kg/min"),
        (of.CONCENTRATION, Concentration, "50 mcg/mL"),
        (of.PUMP_RATE, PumpRate, "14.4 mL/h"),
        (of.TIME, Duration, "24 h"),
        (of.VOLUME, Volume, volume),
    )
    found = tuple(mention(name, parsed(role, text), name, f"/{name}", limits()) for name, role, text in said)
    system = system_of(found, {}, Fraction(40), is_infusion=True)
    assert surely_near(found[3], system.without((found[3],)), Fraction(1, 20)) is is_near
