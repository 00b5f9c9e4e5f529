"""One patient's regimen: a protocol, a dosing weight and the choices that its source leaves open, made into doses.

This is the path of `dose`: choices are checked against what the source states, renal rules and caps are applied in
the open, and every supply that can serve gets its volume or pump rate. Nothing here is guessed: a choice that is
missing is refused with the reason.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple, TypeVar

from rescuecalc.core.literature.limits import Limits
from rescuecalc.core.quantities.quantity import CreatinineClearance, Dose, DosingWeight, Duration, PumpRate, Volume
from rescuecalc.core.quantities.units import unit
from rescuecalc.core.regimen.bolus import Bolus, BolusVolume, bolus_dose, dose_per_kg, measured
from rescuecalc.core.regimen.infusion import Infusion, PumpSetting, dose_rate, pump_setting
from rescuecalc.core.regimen.product import Supply
from rescuecalc.core.regimen.protocol import BolusStep, InfusionStep, Protocol, RunTime
from rescuecalc.core.regimen.schedule import ContainerUse, Segment, container_uses
from rescuecalc.core.renal.creatinine_clearance import RenalBand, RenalRule
from rescuecalc.errors import CalculationRefused, InputError

V = TypeVar("V")


class Choices(NamedTuple):
    """What the user says of the patient and chooses; None is "not said", never a default.

    ``bolus_options`` and ``infusion_options`` are the supplies that can serve; where ``bolus_supply`` or
    ``infusion_supply`` is named, only that one is used. ``timed`` is False for a table of rates without run times.
    """

    weight: DosingWeight | None
    ia_dose: Dose | None
    run_time: Duration | None
    clearance: CreatinineClearance | None
    give_over: Duration | None
    priming_volume: Volume | None
    bolus_supply: Supply | None
    infusion_supply: Supply | None
    bolus_options: tuple[Supply, ...]
    infusion_options: tuple[Supply, ...]
    pump_step: PumpRate
    volume_step: Volume
    timed: bool = True


class Regimen(NamedTuple):
    """The doses for one patient; ``band`` is the renal band of the protocol's own rule, None where it has none."""

    protocol: Protocol
    choices: Choices
    boluses: tuple[Bolus, ...]
    infusions: tuple[Infusion, ...]
    containers: tuple[ContainerUse, ...]
    rule: RenalRule | None
    band: RenalBand | None


def regimen(protocol: Protocol, choices: Choices, rule: RenalRule | None, limits: Limits) -> Regimen:
    """Return the doses of ``protocol`` for the patient; ``rule`` is the protocol's own renal rule.

    Raises InputError for a missing weight, CalculationRefused for a choice that the source leaves open or excludes.
    """
    _refuse_choices_without_use(protocol, choices)
    if protocol.needs_weight and choices.weight is None:
        raise InputError(_missing_weight_hint(protocol), missing="--weight")
    band = _stated_renal_band(protocol, choices, rule)
    boluses = tuple(_bolus(step, choices, band, protocol) for step in protocol.boluses)
    weight = choices.weight
    infusions = (
        ()
        if weight is None  # then there is none: an infusion needs a weight
        else tuple(_infusion(step, weight, choices, band, protocol, limits) for step in protocol.infusions)
    )
    _refuse_late_bolus(boluses, infusions, protocol)
    containers = _containers(boluses, infusions, choices, limits)
    return Regimen(protocol, choices, boluses, infusions, containers, rule, band)


def _refuse_late_bolus(boluses: tuple[Bolus, ...], infusions: tuple[Infusion, ...], protocol: Protocol) -> None:
    """Refuse a second bolus after the stop: it would be drawn up for a drug that nobody gives any more."""
    times = [each.run_time.value_in("s") for each in infusions if each.run_time]
    late = [each.step.at for each in boluses if each.step.at and times and each.step.at.value_in("s") > sum(times)]
    if late:
        raise CalculationRefused(f"{protocol.id} gives a second bolus at {late[0]}, after its infusion has stopped")


def under_rule(result: Regimen, rule: RenalRule, limits: Limits) -> Regimen:
    """Return what ``rule`` would make of a regimen whose own protocol states no renal rule."""
    return regimen(result.protocol._replace(renal=rule.id), result.choices, rule, limits)


def _refuse_choices_without_use(protocol: Protocol, choices: Choices) -> None:
    """Refuse an option that this protocol has no use for: ignored, it would be believed to be applied."""
    of_bolus = {
        "--ia-dose": choices.ia_dose,
        "--give-over": choices.give_over,
        "a bolus product or concentration": choices.bolus_supply,
    }
    of_infusion = {
        "--run-time": choices.run_time,
        "--priming-volume": choices.priming_volume,
        "an infusion product or concentration": choices.infusion_supply,
    }
    parts = ((protocol.boluses, "bolus", of_bolus), (protocol.infusions, "infusion", of_infusion))
    for steps, part, options in parts:
        for option, value in options.items():
            if value is not None and not steps:
                raise CalculationRefused(f"{option} was given, and {protocol.id} has no {part}")


def _missing_weight_hint(protocol: Protocol) -> str:
    silent = f"{protocol.id} states no weight, and its " if "weight" in protocol.not_stated else "the "
    part = "infusion is" if not any(step.dose_per_kg for step in protocol.boluses) else "doses are"
    return f"--weight is missing: {silent}{part} counted per kg; write --weight 80kg (or 176lb)"


def _stated_renal_band(protocol: Protocol, choices: Choices, rule: RenalRule | None) -> RenalBand | None:
    if rule is None:
        return None
    if choices.clearance is None:
        message = (
            f"{protocol.id} adjusts the dose for creatinine clearance, which is not given; add --crcl, as in "
            "--crcl 45mL/min"
        )
        raise CalculationRefused(message, missing="--crcl")
    return rule.band(choices.clearance)


def _fixed_dose(step: BolusStep, choices: Choices, protocol: Protocol) -> Dose | None:
    """Return the fixed dose of a step, None where it is counted per kg."""
    if step.dose_range is None:
        if choices.ia_dose is not None and not (step.dose and step.dose.equals(choices.ia_dose)):
            stated = f"{step.dose or step.dose_per_kg} {step.route}"
            raise CalculationRefused(f"--ia-dose: {protocol.id} states {stated}; leave the option out")
        return step.dose
    if choices.ia_dose is None:
        lowest = step.dose_range.low.typed
        raise CalculationRefused(
            f"{protocol.id} states a range, {step.dose_range}: choose within it, "
            f"as in --ia-dose {lowest} (the spelling, not advice)",
            missing="--ia-dose",
        )
    if not step.dose_range.holds(choices.ia_dose):
        message = f"--ia-dose: {choices.ia_dose} is outside of what {protocol.id} states, {step.dose_range}"
        raise CalculationRefused(message)
    return choices.ia_dose


def _bolus(step: BolusStep, choices: Choices, band: RenalBand | None, protocol: Protocol) -> Bolus:
    # The labels dose no bolus into an artery: their factor is for the intravenous one.
    share = band.bolus_factor if band and step.route == "IV" else Fraction(1)
    # A fixed dose is halved by a renal rule like one per kg; a cap follows only where its source says so.
    fixed = _fixed_dose(step, choices, protocol)
    per_kg = step.dose_per_kg.times(share) if step.dose_per_kg and share != 1 else step.dose_per_kg
    if fixed is not None:
        dose = fixed.to("mcg").times(share)
    elif per_kg is not None and choices.weight is not None:
        dose = bolus_dose(per_kg, choices.weight)
    else:
        raise InputError(_missing_weight_hint(protocol))
    uncapped = None
    if step.cap and dose.exceeds(step.cap.under(share)):
        dose, uncapped = step.cap.under(share).to("mcg"), dose
    stated = step.give_over
    give_over = choices.give_over or (stated.taken or stated.maximum if stated else None)

    def volume(supply: Supply) -> BolusVolume:
        return measured(dose, supply, choices.volume_step, give_over, choices.pump_step)

    chosen = volume(choices.bolus_supply) if choices.bolus_supply else None
    options = () if chosen else _possible(choices.bolus_options, volume)
    here = dose_per_kg(dose, choices.weight) if fixed is not None and choices.weight is not None else None
    return Bolus(step, per_kg, dose, here, uncapped, give_over, chosen, options)


def _possible(supplies: tuple[Supply, ...], made: Callable[[Supply], V]) -> tuple[V, ...]:
    """Return what each supply makes; one whose rounding leaves nothing is left out, unless all are."""
    found, refused = [], None
    for supply in supplies:
        try:
            found.append(made(supply))
        except CalculationRefused as refusal:
            refused = refusal
    if refused is not None and not found:
        raise refused
    return tuple(found)


def _infusion(
    step: InfusionStep,
    weight: DosingWeight,
    choices: Choices,
    band: RenalBand | None,
    protocol: Protocol,
    limits: Limits,
) -> Infusion:
    # As for the bolus: no label adjusts what runs into an artery.
    share = band.infusion_factor if band and step.route == "IV" else Fraction(1)
    per_kg = step.dose_rate_per_kg.times(share) if share != 1 else step.dose_rate_per_kg
    rate = dose_rate(per_kg, weight)
    uncapped = None
    cap = step.cap.under(share).to("mcg/min") if step.cap else None
    if cap and rate.exceeds(cap):
        rate, uncapped = cap, rate
    run_time, words = _run_time(step, choices, protocol, limits) if choices.timed else (None, None)
    unit_name = per_kg.unit.name

    def setting(supply: Supply) -> PumpSetting:
        return pump_setting(rate, weight, supply, choices.pump_step, run_time, unit_name)

    chosen = setting(choices.infusion_supply) if choices.infusion_supply else None
    options = () if chosen else _possible(choices.infusion_options, setting)
    return Infusion(step, per_kg, rate, uncapped, run_time, words, chosen, options)


def _run_time(
    step: InfusionStep, choices: Choices, protocol: Protocol, limits: Limits
) -> tuple[Duration | None, str | None]:
    stated = step.run_time
    # A stated run time wins for a load: --run-time is the maintenance infusion's, whose length sources leave open.
    if stated and stated.taken and (choices.run_time is None or step is not protocol.maintenance):
        if stated.taken.exceeds(limits.run_time):
            raise CalculationRefused(
                f"{protocol.id} states {stated.taken}, longer than the {limits.run_time} rescuecalc plans"
            )
        return stated.taken, f"stated: {stated.words}"
    if choices.run_time is None:
        says = f"states {stated.words}" if stated else "states no run time"
        message = f"{protocol.id} {says}; choose one, as in --run-time {_example(stated)}"
        raise CalculationRefused(message, missing="--run-time")
    _check_run_time(choices.run_time, stated, protocol, limits)
    return choices.run_time, "as given"


def _example(stated: RunTime | None) -> str:
    """Return a run time that the source allows; where it states none, only the spelling is shown."""
    chosen = stated.minimum or stated.maximum if stated else None
    return f"{chosen.typed if chosen else '24h'} (the spelling, not advice)"


def _check_run_time(run_time: Duration, stated: RunTime | None, protocol: Protocol, limits: Limits) -> None:
    if run_time.exceeds(limits.run_time):
        raise CalculationRefused(f"--run-time: {run_time} is longer than {limits.run_time}, the most rescuecalc plans")
    if stated is None:
        return
    counted = run_time.value_in("h")
    if stated.in_all:
        counted += sum(s.run_time.taken.value_in("h") for s in protocol.infusions if s.run_time and s.run_time.taken)
    if stated.minimum and stated.minimum.exceeds(run_time):
        too = "shorter"
    elif stated.maximum and counted > stated.maximum.value_in("h"):
        too = "with the loading infusion longer" if stated.in_all else "longer"
    else:
        return
    raise CalculationRefused(f"--run-time: {run_time} is {too} than {protocol.id} states, {stated.words}")


def _containers(
    boluses: tuple[Bolus, ...], infusions: tuple[Infusion, ...], choices: Choices, limits: Limits
) -> tuple[ContainerUse, ...]:
    supply = choices.infusion_supply
    if supply is None or supply.product is None or not choices.timed:
        return ()
    loss = choices.priming_volume.value_in("mL") if choices.priming_volume else Fraction(0)
    loss += sum(b.chosen.volume.value_in("mL") for b in boluses if b.chosen and b.chosen.supply.from_container)
    segments = [Segment(i.chosen.pump_rate, i.run_time) for i in infusions if i.chosen and i.run_time]
    return container_uses(segments, supply.product.volume, Volume(loss, unit("mL")), limits.containers)
