"""From the texts of the command line to a patient's choices, the same way for every command that doses."""

from __future__ import annotations

from typing import NamedTuple

from rescuecalc.catalogue import catalogue, supplies
from rescuecalc.core.literature.limits import checked
from rescuecalc.core.quantities.quantity import (
    Concentration,
    CreatinineClearance,
    Dose,
    DosingWeight,
    Duration,
    PumpRate,
    Volume,
)
from rescuecalc.core.regimen.protocol import Protocol
from rescuecalc.core.regimen.regimen import Choices
from rescuecalc.errors import CalculationRefused
from rescuecalc.requests.input.inputs import Inputs


class Texts(NamedTuple):
    """What was typed, None where an option was not given."""

    crcl: str | None
    ia_dose: str | None
    bolus_product: str | None
    infusion_product: str | None
    bolus_concentration: str | None
    infusion_concentration: str | None
    pump_step: str | None
    volume_step: str | None
    weight: str | None = None
    run_time: str | None = None
    give_over: str | None = None
    priming_volume: str | None = None


def choices(texts: Texts, protocol: Protocol, typed: Inputs, *, timed: bool) -> Choices:
    """Return the choices for ``protocol``; errors as for reading quantities and naming products."""
    limits, drug = catalogue.limits(), protocol.drug
    # Of two boluses both have the route of the first; the catalogue refuses others.
    route = protocol.boluses[0].route if protocol.boluses else "IV"
    weight = typed.maybe(texts.weight, DosingWeight, "--weight")
    clearance = typed.maybe(texts.crcl, CreatinineClearance, "--crcl")
    strength = typed.maybe(texts.infusion_concentration, Concentration, "--infusion-concentration")
    bolus_strength = typed.maybe(texts.bolus_concentration, Concentration, "--bolus-concentration")
    give_over = typed.maybe(texts.give_over, Duration, "--give-over", "5min")
    priming = typed.maybe(texts.priming_volume, Volume, "--priming-volume")
    for option, value, steps in (
        ("--volume-step", texts.volume_step, protocol.boluses),
        ("--pump-step", texts.pump_step, protocol.infusions),
    ):
        # An option without use is refused: ignored, it would be believed to be applied.
        if value is not None and not steps:
            raise CalculationRefused(f"{option} was given, and {protocol.id} has nothing to round with it")
    drip = supplies.infusion_supply(texts.infusion_product, strength, drug)
    return Choices(
        weight=checked(weight, limits.weight, "--weight") if weight else None,
        ia_dose=typed.maybe(texts.ia_dose, Dose, "--ia-dose"),
        run_time=typed.maybe(texts.run_time, Duration, "--run-time", "24h"),
        clearance=checked(clearance, limits.clearance, "--crcl") if clearance else None,
        give_over=checked(give_over, limits.give_over, "--give-over") if give_over else None,
        priming_volume=checked(priming, limits.priming_volume, "--priming-volume") if priming else None,
        bolus_supply=supplies.bolus_supply(texts.bolus_product, bolus_strength, drug, route, drip),
        infusion_supply=drip,
        bolus_options=supplies.bolus_options(drug, route) if protocol.boluses else (),
        infusion_options=supplies.infusion_options(drug) if protocol.infusions else (),
        pump_step=typed.maybe(texts.pump_step, PumpRate, "--pump-step", "0.1mL/h") or limits.pump_step,
        volume_step=typed.maybe(texts.volume_step, Volume, "--volume-step", "0.1mL") or limits.volume_step,
        timed=timed,
    )
