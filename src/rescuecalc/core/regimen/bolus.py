"""The bolus: dose, volume, and what the measured volume really delivers."""

from fractions import Fraction
from typing import NamedTuple

from rescuecalc.core.quantities.decimal_text import rounded_to_step
from rescuecalc.core.quantities.formula import Formula, product, quotient
from rescuecalc.core.quantities.quantity import Concentration, Dose, DosePerKg, DosingWeight, Duration, PumpRate, Volume
from rescuecalc.core.regimen.product import ProductUse, Supply
from rescuecalc.core.regimen.protocol import BolusStep
from rescuecalc.errors import CalculationRefused

# The words of a formula are those of the derivation that is printed, and its operation is the one that is done.
BOLUS_DOSE = Formula("dose per kg × dosing weight", product, Dose)
PER_KG = Formula("dose ÷ dosing weight", quotient, DosePerKg)
BOLUS_VOLUME = Formula("dose ÷ concentration", quotient, Volume)
DELIVERED_DOSE = Formula("volume × concentration", product, Dose)
FLOW = Formula("volume ÷ time", quotient, PumpRate)


def bolus_dose(dose_per_kg: DosePerKg, weight: DosingWeight) -> Dose:
    """Return the dose (mcg) = dose per kg (mcg/kg) × dosing weight (kg)."""
    return BOLUS_DOSE.value(dose_per_kg, weight, unit_name="mcg")


def dose_per_kg(dose: Dose, weight: DosingWeight) -> DosePerKg:
    """Return what a fixed dose is per kg (mcg/kg) = dose (mcg) ÷ dosing weight (kg)."""
    return PER_KG.value(dose, weight, unit_name="mcg/kg")


def bolus_volume(dose: Dose, concentration: Concentration) -> Volume:
    """Return the volume (mL) = dose (mcg) ÷ concentration (mcg/mL), unrounded."""
    return BOLUS_VOLUME.value(dose, concentration, unit_name="mL")


def delivered_dose(volume: Volume, concentration: Concentration) -> Dose:
    """Return the dose (mcg) = volume (mL) × concentration (mcg/mL)."""
    return DELIVERED_DOSE.value(volume, concentration, unit_name="mcg")


def bolus_flow(volume: Volume, give_over: Duration) -> PumpRate:
    """Return the flow (mL/h) = volume (mL) ÷ time (h)."""
    return FLOW.value(volume, give_over, unit_name="mL/h")


class BolusVolume(NamedTuple):
    """One supply's volume for a bolus: exact, rounded to the step, and what the rounded volume delivers.

    ``containers`` is how many of the product it takes (None: a user-defined concentration, or the infusion's own
    container); the pump rates are those of a bolus that is programmed on the pump over a known time, else None.
    """

    supply: Supply
    exact_volume: Volume
    volume: Volume
    delivered: Dose
    deviation_percent: Fraction
    containers: int | None
    pump_rate: PumpRate | None
    exact_pump_rate: PumpRate | None


class Bolus(NamedTuple):
    """A bolus for one patient.

    ``per_kg_here`` is what a fixed dose is per kg of this patient, where the weight is known.
    ``uncapped`` is the formula's dose where a cap took its place, else None; ``chosen`` is None where no supply was
    named, and then ``options`` holds one volume for each product that can serve.
    """

    step: BolusStep
    dose_per_kg: DosePerKg | None
    dose: Dose
    per_kg_here: DosePerKg | None
    uncapped: Dose | None
    give_over: Duration | None
    chosen: BolusVolume | None
    options: tuple[BolusVolume, ...]


def measured(dose: Dose, supply: Supply, step: Volume, give_over: Duration | None, pump_step: PumpRate) -> BolusVolume:
    """Return the volume of ``dose`` from ``supply``, rounded half up to ``step``, with its deviation in percent.

    On a pump and over a known time it has a pump rate too, rounded half up to ``pump_step``.
    Raises CalculationRefused where nothing is left after rounding.
    """
    exact = bolus_volume(dose, supply.concentration)
    # Half up, and not half-even as Python rounds: it is what people do with a syringe, and what the derivation says.
    volume = Volume(rounded_to_step(exact.magnitude, step.value_in("mL")), exact.unit)
    # A printed 0 mL would be read as "no bolus", where the dose is only too small for this concentration.
    if not volume.magnitude:
        message = f"the bolus of {dose} is {exact} of {supply.concentration} and rounds to 0 at a step of {step}"
        raise CalculationRefused(message)
    delivered = delivered_dose(volume, supply.concentration)
    # Of the volume, and so of the dose: the concentration is the same in both.
    deviation = (volume.magnitude / exact.magnitude - 1) * 100
    # A concentration of one's own has no size of vial to count.
    containers = None
    if supply.product is not None and not supply.from_container:
        # Whole vials, rounded up: what is left in the last one is discarded, and never counted as given.
        containers = -(-volume.magnitude // supply.product.volume.value_in("mL"))
    # From the measured volume, so that the pump empties just what was drawn up in the time that was stated.
    flow = bolus_flow(volume, give_over) if give_over and supply.given is ProductUse.PUMP else None
    setting = PumpRate(rounded_to_step(flow.magnitude, pump_step.value_in("mL/h")), flow.unit) if flow else None
    return BolusVolume(supply, exact, volume, delivered, deviation, containers, setting, flow)
