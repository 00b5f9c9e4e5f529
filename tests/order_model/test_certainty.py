"""What floats call certain is so by exact numbers; the million is `python -m tests.order_model.certainty`."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rescuecalc.catalogue.catalogue import limits
from rescuecalc.core.orders.model import certainty
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import mention
from rescuecalc.core.orders.model.solution import Later, solution
from rescuecalc.core.orders.model.system import System, system_of
from rescuecalc.core.quantities.quantity import Concentration, Dose, DosePerKg, DosingWeight, Quantity, Volume, parsed
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
