"""The infusion: dose rate, pump rate, VTBI, and what the set pump rate really delivers."""

from fractions import Fraction
from typing import NamedTuple

from rescuecalc.core.quantities.decimal_text import rounded_to_step
from rescuecalc.core.quantities.formula import Formula, product, product_over, quotient
from rescuecalc.core.quantities.quantity import (
    Concentration,
    DosePerKg,
    DoseRate,
    DoseRatePerKg,
    DosingWeight,
    Duration,
    PumpRate,
    Volume,
)
from rescuecalc.core.regimen.product import Supply
from rescuecalc.core.regimen.protocol import InfusionStep
from rescuecalc.errors import CalculationRefused

DOSE_RATE = Formula("dose rate per kg × dosing weight", product, DoseRate)
DOSE_RATE_PER_KG = Formula("dose rate ÷ dosing weight", quotient, DoseRatePerKg)
# The 60 stands in the words alone: the units carry it (mcg/min ÷ mcg/mL is mL/min). A factor that is applied by hand
# is applied twice, or not at all: 60 is one of the error signatures that `check` looks for.
PUMP_RATE = Formula("dose rate × 60 min/h ÷ concentration", quotient, PumpRate)
DELIVERED_RATE = Formula("pump rate × concentration ÷ 60 min/h", product, DoseRate)
# Of the time, not of the container: the pump stops by it, whatever is left in the bag.
VTBI = Formula("pump rate × run time", product, Volume)
# Who flushes the line at the stop gives this as a bolus that nobody ordered.
LINE_DOSE = Formula("line volume × concentration ÷ dosing weight", product_over, DosePerKg)


def dose_rate(per_kg: DoseRatePerKg, weight: DosingWeight, unit_name: str = "mcg/min") -> DoseRate:
    """Return the dose rate (mcg/min) = dose rate per kg (mcg/kg/min) × dosing weight (kg)."""
    return DOSE_RATE.value(per_kg, weight, unit_name=unit_name)


def dose_rate_per_kg(rate: DoseRate, weight: DosingWeight, unit_name: str) -> DoseRatePerKg:
    """Return the dose rate per kg = dose rate ÷ dosing weight (kg), in the named unit."""
    return DOSE_RATE_PER_KG.value(rate, weight, unit_name=unit_name)


def pump_rate(rate: DoseRate, concentration: Concentration, unit_name: str = "mL/h") -> PumpRate:
    """Return the pump rate (mL/h) = dose rate (mcg/min) × 60 (min/h) ÷ concentration (mcg/mL), unrounded."""
    return PUMP_RATE.value(rate, concentration, unit_name=unit_name)


def delivered_rate(rate: PumpRate, concentration: Concentration, unit_name: str = "mcg/min") -> DoseRate:
    """Return the dose rate = pump rate × concentration, in the named unit."""
    return DELIVERED_RATE.value(rate, concentration, unit_name=unit_name)


def infused_volume(rate: PumpRate, run_time: Duration) -> Volume:
    """Return the VTBI (mL) = pump rate (mL/h) × run time (h)."""
    return VTBI.value(rate, run_time, unit_name="mL")


def dose_in_line(line: Volume, concentration: Concentration, weight: DosingWeight) -> DosePerKg:
    """Return what a filled line holds, mcg/kg = line volume (mL) × concentration (mcg/mL) ÷ dosing weight (kg)."""
    return LINE_DOSE.value(line, concentration, weight, unit_name="mcg/kg")


class PumpSetting(NamedTuple):
    """One supply's pump rate for an infusion: exact, set, what the setting delivers, and the volumes of the run time.

    ``vtbi`` and ``exact_vtbi`` are None where no run time is known (a table of rates).
    """

    supply: Supply
    exact_pump_rate: PumpRate
    pump_rate: PumpRate
    delivered: DoseRatePerKg
    deviation_percent: Fraction
    vtbi: Volume | None
    exact_vtbi: Volume | None


class Infusion(NamedTuple):
    """An infusion for one patient; ``uncapped``, ``chosen`` and ``options`` as for a Bolus."""

    step: InfusionStep
    dose_rate_per_kg: DoseRatePerKg
    dose_rate: DoseRate
    uncapped: DoseRate | None
    run_time: Duration | None
    run_time_words: str | None
    chosen: PumpSetting | None
    options: tuple[PumpSetting, ...]


def pump_setting(
    rate: DoseRate,
    weight: DosingWeight,
    supply: Supply,
    step: PumpRate,
    run_time: Duration | None,
    unit_name: str,
) -> PumpSetting:
    """Return the pump setting for ``rate``, rounded half up to ``step``; ``unit_name`` is the protocol's rate unit.

    Raises CalculationRefused where nothing is left after rounding.
    """
    exact = pump_rate(rate, supply.concentration)
    # Rounded once, at the end of the chain: a rounded dose rate in between would move the pump by up to a step more.
    setting = PumpRate(rounded_to_step(exact.magnitude, step.value_in("mL/h")), exact.unit)
    if not setting.magnitude:
        message = f"the infusion of {rate} is {exact} of {supply.concentration} and rounds to 0 at a step of {step}"
        raise CalculationRefused(message)
    # Calculated back from the setting and not from the exact rate: it is the dose that the patient gets.
    delivered = dose_rate_per_kg(delivered_rate(setting, supply.concentration), weight, unit_name)
    deviation = (setting.magnitude / exact.magnitude - 1) * 100
    # Both are kept: the pump counts down the volume of the rate that is set, the derivation shows what rounding adds
    # over a day.
    vtbi, exact_vtbi = (infused_volume(each, run_time) if run_time else None for each in (setting, exact))
    return PumpSetting(supply, exact, setting, delivered, deviation, vtbi, exact_vtbi)
