"""The derivation of every number of a regimen: each formula with its numbers, each rounding with the exact value."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from rescuecalc.core.quantities.decimal_text import elapsed_text, people_number, significant
from rescuecalc.core.regimen import bolus as dosing
from rescuecalc.core.regimen import infusion

S = TypeVar("S", dosing.BolusVolume, infusion.PumpSetting)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.quantities.quantity import DosingWeight, Quantity
    from rescuecalc.core.regimen.bolus import Bolus, BolusVolume
    from rescuecalc.core.regimen.infusion import Infusion, PumpSetting
    from rescuecalc.core.regimen.regimen import Regimen


class DerivationStep(NamedTuple):
    """One line: what it is ``of``, the ``formula`` in words, and the ``calculation`` with its numbers."""

    of: str
    formula: str
    calculation: str


RENAL_FACTOR = "stated dose × renal factor"

ROLES = {"load": "loading infusion", "maintenance": "maintenance infusion"}
"""What people read for a role."""


def percent_text(value: Fraction) -> str:
    """Return a deviation with its sign and at most two decimals, rounded half up: ``+0.39 %``.

    What is not zero but would round to it is shown to one significant digit.
    """
    if value == 0:
        return "0 %"
    sign = "+" if value > 0 else "-"
    hundredths = (abs(value) * 100 + Fraction(1, 2)).__floor__()
    shown = people_number(Fraction(hundredths, 100)) if hundredths else format(significant(abs(value), 1), "f")
    return f"{sign}{shown} %"


def steps(result: Regimen) -> tuple[DerivationStep, ...]:
    """Return the derivation of a regimen, in the order in which the numbers arise."""
    weight = result.choices.weight
    lines: list[DerivationStep] = []
    if weight is not None and weight.unit.name != "kg":
        lines.append(DerivationStep("dosing weight", "body weight in kg", f"{weight} = {weight.to('kg')}"))
    for bolus in result.boluses:
        lines.extend(_bolus_steps(bolus, result))
    if weight is not None:
        for each in result.infusions:
            lines.extend(_infusion_steps(each, weight.to("kg"), result))
    return (*lines, *_container_steps(result))


def _distinct(values: tuple[S, ...]) -> Iterator[S]:
    """Yield one of the values for each concentration: products that share it share the calculation."""
    seen = set()
    for value in values:
        concentration = value.supply.concentration.value_in("mcg/mL")
        if concentration not in seen:
            seen.add(concentration)
            yield value


def _adjusted(
    result: Regimen, of: str, stated: Quantity, factor: Fraction, given: Quantity
) -> Iterator[DerivationStep]:
    if result.band is not None and result.rule is not None and factor != 1:
        calculation = f"{stated} × {people_number(factor)} = {given} ({result.rule.title}: {result.band.words})"
        yield DerivationStep(of, RENAL_FACTOR, calculation)


def _bolus_steps(bolus: Bolus, result: Regimen) -> Iterator[DerivationStep]:
    weight, step = result.choices.weight, bolus.step
    of = step.route if step.called == "dose" else f"{step.route} {step.called}"
    if bolus.dose_per_kg is not None and step.dose_per_kg is not None and weight is not None:
        if result.band is not None:
            yield from _adjusted(result, f"{of} per kg", step.dose_per_kg, result.band.bolus_factor, bolus.dose_per_kg)
        formula_dose = bolus.uncapped or bolus.dose
        yield DerivationStep(
            f"{of} dose", dosing.BOLUS_DOSE.words, f"{bolus.dose_per_kg} × {weight.to('kg')} = {formula_dose}"
        )
    else:
        yield DerivationStep(f"{of} dose", "fixed dose, not per kg", f"{bolus.dose}")
    if bolus.uncapped and step.cap:
        yield DerivationStep(f"{of} dose", "cap", f"{bolus.uncapped} is above the cap: {bolus.dose} ({step.cap.words})")
    for each in _distinct((bolus.chosen,) if bolus.chosen else bolus.options):
        yield from _volume_steps(of, bolus, each, result)


def _rounding(of: str, exact: Quantity, step: Quantity, rounded: Quantity | None) -> DerivationStep:
    return DerivationStep(of, "rounding", f"{exact} rounded half up to steps of {step} = {rounded}")


def _volume_steps(of: str, bolus: Bolus, each: BolusVolume, result: Regimen) -> Iterator[DerivationStep]:
    strength = each.supply.concentration.to("mcg/mL")
    calculation = f"{bolus.dose} ÷ {strength} = {each.exact_volume}"
    yield DerivationStep(f"{of} volume at {strength}", dosing.BOLUS_VOLUME.words, calculation)
    if each.deviation_percent:
        yield _rounding(f"{of} volume at {strength}", each.exact_volume, result.choices.volume_step, each.volume)
        delivered = f"{each.volume} × {strength} = {each.delivered} ({percent_text(each.deviation_percent)})"
        yield DerivationStep(f"{of} delivered", dosing.DELIVERED_DOSE.words, delivered)
    if each.exact_pump_rate is not None:
        flow = f"{each.volume} ÷ {bolus.give_over} = {each.exact_pump_rate}"
        yield DerivationStep(f"{of} pump rate", dosing.FLOW.words, flow)
        if each.exact_pump_rate != each.pump_rate:
            yield _rounding(f"{of} pump rate", each.exact_pump_rate, result.choices.pump_step, each.pump_rate)


def _infusion_steps(each: Infusion, weight: DosingWeight, result: Regimen) -> Iterator[DerivationStep]:
    of = ROLES[each.step.role]
    if result.band is not None:
        stated = each.step.dose_rate_per_kg
        yield from _adjusted(result, f"{of} per kg", stated, result.band.infusion_factor, each.dose_rate_per_kg)
    formula_rate = each.uncapped or each.dose_rate
    calculation = f"{each.dose_rate_per_kg} × {weight} = {formula_rate}"
    yield DerivationStep(f"{of} dose rate", infusion.DOSE_RATE.words, calculation)
    if each.uncapped and each.step.cap:
        capped = f"{each.uncapped} is above the cap: {each.dose_rate} ({each.step.cap.words})"
        yield DerivationStep(f"{of} dose rate", "cap", capped)
    for setting in _distinct((each.chosen,) if each.chosen else each.options):
        yield from _setting_steps(of, each, setting, weight, result)


def _setting_steps(
    of: str, each: Infusion, setting: PumpSetting, weight: DosingWeight, result: Regimen
) -> Iterator[DerivationStep]:
    strength = setting.supply.concentration.to("mcg/mL")
    calculation = f"{each.dose_rate} × 60 min/h ÷ {strength} = {setting.exact_pump_rate}"
    yield DerivationStep(f"{of} pump rate", infusion.PUMP_RATE.words, calculation)
    if setting.deviation_percent:
        yield _rounding(f"{of} pump rate", setting.exact_pump_rate, result.choices.pump_step, setting.pump_rate)
        words = f"{infusion.DELIVERED_RATE.words} ÷ dosing weight"
        numbers = f"{setting.pump_rate} × {strength} ÷ 60 min/h ÷ {weight} = {setting.delivered}"
        yield DerivationStep(f"{of} delivered", words, f"{numbers} ({percent_text(setting.deviation_percent)})")
    if setting.vtbi is not None:
        yield DerivationStep(
            f"{of} VTBI", infusion.VTBI.words, f"{setting.pump_rate} × {each.run_time} = {setting.vtbi}"
        )
        if setting.exact_vtbi != setting.vtbi:
            exact = f"{setting.exact_pump_rate} × {each.run_time} = {setting.exact_vtbi}"
            yield DerivationStep(f"{of} VTBI", "of the exact pump rate", exact)


def _container_steps(result: Regimen) -> Iterator[DerivationStep]:
    """Say when each container is empty: what all until then hold, less what was not infused, by the pump rate."""
    supply = result.choices.infusion_supply
    if supply is None or supply.product is None:
        return
    missing = [f"{b.chosen.volume} bolus" for b in result.boluses if b.chosen and b.chosen.supply.from_container]
    if result.choices.priming_volume is not None:
        missing.append(f"{result.choices.priming_volume} priming")
    for use in result.containers:
        rate = result.infusions[use.segment].chosen
        if not use.empties or rate is None:
            continue
        before = result.infusions[: use.segment]
        loads = [f"{each.chosen.vtbi} {ROLES[each.step.role]}" for each in before if each.chosen]
        held = f"{use.number} × {supply.product.volume}" if use.number > 1 else str(supply.product.volume)
        parts = [held, *missing, *loads]
        volume = f"({' - '.join(parts)})" if len(parts) > 1 else held
        after = "".join(f" + {each.run_time} {ROLES[each.step.role]}" for each in before)
        empty = elapsed_text(use.end.__floor__())
        calculation = f"{volume} ÷ {rate.pump_rate}{after} = {empty} (h:min:s, rounded down)"
        yield DerivationStep(f"container {use.number} empty", "volume infused until then ÷ pump rate", calculation)
