"""Dose rate ↔ pump rate: any rate into any other, through the weight and the concentration that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.quantities.formula import Formula, product, quotient
from rescuecalc.core.quantities.quantity import DoseRate, DoseRatePerKg, PumpRate, Quantity
from rescuecalc.core.quantities.units import unit
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from rescuecalc.core.quantities.quantity import Concentration, DosingWeight
    from rescuecalc.core.quantities.units import Unit

RATES = (DoseRatePerKg, DoseRate, PumpRate)
"""From drug per kg and time, by the weight, to drug per time; from that, by the concentration, to volume per time."""

_TIMES_WEIGHT = Formula("dose rate per kg × dosing weight", product, DoseRate)
_OVER_WEIGHT = Formula("dose rate ÷ dosing weight", quotient, DoseRatePerKg)
_OVER_CONCENTRATION = Formula("dose rate ÷ concentration", quotient, PumpRate)
_TIMES_CONCENTRATION = Formula("pump rate × concentration", product, DoseRate)


class Conversion(NamedTuple):
    """The exact result, and the formula and calculation that led there."""

    exact: Quantity
    formula: str
    calculation: str


def _needed(value: Quantity | None, option: str, example: str, source: Unit, target: Unit) -> Quantity:
    if value is None:
        message = f"{option} is missing: {source.name} to {target.name} needs it; write {option} {example}"
        raise InputError(message, missing=option)
    return value


def converted(
    rate: Quantity, target_name: str, weight: DosingWeight | None, concentration: Concentration | None
) -> Conversion:
    """Return ``rate`` in the target unit, exactly.

    ``rate`` is a DoseRatePerKg, DoseRate or PumpRate. Raises InputError where weight or concentration is needed and
    missing, or where units of drug differ in kind (units/h from mcg/mL).
    """
    target = unit(target_name)
    places = [next(place for place, role in enumerate(RATES) if role.accepts(each)) for each in (rate.unit, target)]
    here, there = places
    value, calculation, words = rate, str(rate), []
    while here != there:
        down = there > here
        by_weight = (here, down) in {(0, True), (1, False)}
        option, example = ("--weight", "80kg") if by_weight else ("--concentration", "50mcg/mL")
        other = _needed(weight if by_weight else concentration, option, example, rate.unit, target)
        formula, sign = _step(here, down=down)
        here += 1 if down else -1
        value = formula.value(value, other, unit_name=_unit_between(here, value, other, target, last=here == there))
        calculation += f" {sign} {other}"
        words.append(formula.words)
    exact = value.to(target.name)
    return Conversion(exact, "; ".join(words) or "change of unit", f"{calculation} = {exact}")


def _step(here: int, *, down: bool) -> tuple[Formula[DoseRate] | Formula[DoseRatePerKg] | Formula[PumpRate], str]:
    if down:
        return ((_TIMES_WEIGHT, "×"), (_OVER_CONCENTRATION, "÷"))[here]
    return ((_OVER_WEIGHT, "÷"), (_TIMES_CONCENTRATION, "×"))[here - 1]


def _unit_between(here: int, value: Quantity, other: Quantity, target: Unit, *, last: bool) -> str:
    """Return the unit of an intermediate dose rate; it keeps the drug's own kind of unit (mcg, units, mmol)."""
    if last:
        return target.name
    drug = (value if value.unit.shape.startswith("amount") else other).unit.parts[0].name
    return f"{drug}/h" if here == 1 else target.name
