"""What was given until a stop: each infusion as far as it ran, and the drug of boluses and infusions together."""

from fractions import Fraction
from typing import NamedTuple

from rescuecalc.core.quantities.formula import Formula, product
from rescuecalc.core.quantities.quantity import Concentration, Dose, DosePerKg, DosingWeight, Volume
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.quantities.units import unit
from rescuecalc.core.regimen.bolus import delivered_dose, dose_per_kg
from rescuecalc.core.regimen.infusion import Infusion
from rescuecalc.core.regimen.protocol import InfusionStep, Protocol, RunTime
from rescuecalc.core.regimen.regimen import Regimen
from rescuecalc.errors import CalculationRefused

INFUSED_DOSE = Formula("dose rate × time until the stop", product, Dose)


class InfusedDose(NamedTuple):
    """What one infusion gave: ``dose`` at its dose rate, ``delivered`` at the set pump rate (None: no product)."""

    dose: Dose
    per_kg: DosePerKg
    delivered: Dose | None


class DrawnVolume(NamedTuple):
    """How much of one concentration was given."""

    concentration: Concentration
    volume: Volume


class AdministeredDose(NamedTuple):
    """Boluses and infusions together, as for an ``InfusedDose``; ``per_kg`` is None where no weight is known.

    ``volumes`` is empty where the product of any part is not known.
    """

    infusions: tuple[InfusedDose, ...]
    dose: Dose
    per_kg: DosePerKg | None
    delivered: Dose | None
    delivered_per_kg: DosePerKg | None
    volumes: tuple[DrawnVolume, ...]


def stopped_protocol(protocol: Protocol, stop: Offset) -> Protocol:
    """Return the protocol as far as it was given: an infusion ends at the stop, what was not yet given is left out.

    Raises CalculationRefused where the source leaves open when one infusion follows another.
    """
    left, found = stop.seconds, []
    for step in protocol.infusions:
        if left <= 0:
            break
        seconds = left if step is protocol.maintenance else min(left, _planned(step, protocol))
        length = Offset(seconds).after(Offset.start())
        found.append(step._replace(run_time=RunTime(length, None, None, None, in_all=False, words="until the stop")))
        left -= seconds
    # A second bolus after the stop was never given.
    boluses = tuple(step for step in protocol.boluses if step.at is None or step.at.value_in("s") <= stop.seconds)
    return protocol._replace(boluses=boluses, infusions=tuple(found))


def _planned(step: InfusionStep, protocol: Protocol) -> Fraction:
    stated = step.run_time.taken if step.run_time is not None else None
    if stated is None:
        raise CalculationRefused(f"{protocol.id} does not state how long its loading infusion runs")
    return stated.value_in("s")


def administered_dose(result: Regimen) -> AdministeredDose:
    """Return what a regimen gives in its run times, mcg."""
    weight = result.choices.weight
    infusions = tuple(_infused(each, weight) for each in result.infusions if weight is not None)
    dose = _sum([*(each.dose for each in result.boluses), *(each.dose for each in infusions)])
    given = [
        *(each.chosen.delivered if each.chosen else None for each in result.boluses),
        *(each.delivered for each in infusions),
    ]
    known = [each for each in given if each is not None]
    # All or nothing: a sum without the part whose product is unknown would be read as what the patient got.
    delivered = _sum(known) if len(known) == len(given) else None
    return AdministeredDose(
        infusions,
        dose,
        dose_per_kg(dose, weight) if weight is not None else None,
        delivered,
        dose_per_kg(delivered, weight) if delivered is not None and weight is not None else None,
        _volumes(result) if delivered is not None else (),
    )


def _infused(each: Infusion, weight: DosingWeight) -> InfusedDose:
    if each.run_time is None:
        raise TypeError("an infusion that was stopped has a run time")
    dose = INFUSED_DOSE.value(each.dose_rate, each.run_time, unit_name="mcg")
    drawn = _infused_volume(each)
    delivered = delivered_dose(drawn.volume, drawn.concentration) if drawn is not None else None
    return InfusedDose(dose, dose_per_kg(dose, weight), delivered)


def _infused_volume(each: Infusion) -> DrawnVolume | None:
    if each.chosen is None or each.chosen.vtbi is None:
        return None
    return DrawnVolume(each.chosen.supply.concentration, each.chosen.vtbi)


def _sum(doses: list[Dose]) -> Dose:
    return Dose(sum((each.value_in("mcg") for each in doses), start=Fraction(0)), unit("mcg"))


def _volumes(result: Regimen) -> tuple[DrawnVolume, ...]:
    boluses = (each.chosen for each in result.boluses)
    parts = [DrawnVolume(each.supply.concentration, each.volume) for each in boluses if each is not None]
    parts += [each for each in map(_infused_volume, result.infusions) if each is not None]
    drawn: dict[Fraction, DrawnVolume] = {}
    for strength, volume in parts:
        key = strength.value_in("mcg/mL")
        before = drawn[key].volume.value_in("mL") if key in drawn else Fraction(0)
        drawn[key] = DrawnVolume(strength, Volume(before + volume.value_in("mL"), unit("mL")))
    return tuple(drawn.values())
