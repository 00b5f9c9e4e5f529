"""The documents of boluses and infusions, shared by `dose` and `table`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.backcheck import doses as second_route
from rescuecalc.core.quantities.decimal_text import elapsed_text
from rescuecalc.core.regimen.product import ProductUse
from rescuecalc.reporters.document.common_parts import Document, percent, quantity

if TYPE_CHECKING:
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.core.regimen.bolus import Bolus, BolusVolume
    from rescuecalc.core.regimen.infusion import Infusion, PumpSetting
    from rescuecalc.core.regimen.product import Supply
    from rescuecalc.core.regimen.protocol import Cap, Protocol
    from rescuecalc.core.regimen.regimen import Regimen
    from rescuecalc.core.regimen.schedule import ContainerUse

BY_SYRINGE: Final = "drawn up by syringe"
FROM_OWN_CONTAINER: Final = "programmed on the pump from a container of its own; never drawn out of a bag by syringe"

_HOW = {
    ProductUse.SYRINGE: BY_SYRINGE,
    ProductUse.PUMP: FROM_OWN_CONTAINER,
    ProductUse.INFUSION: "infusion",
}


def _how(supply: Supply) -> str:
    if supply.from_container:
        return "programmed on the pump out of the first infusion container"
    return _HOW[supply.given] if supply.given else "how it is given is not stated for a user-defined concentration"


def _supply(supply: Supply | None) -> Document:
    product = supply.product if supply else None
    return {
        "product": product.id if product else None,
        "concentration": quantity(supply.concentration) if supply else None,
        "strength": product.strength if product else None,
        "form": product.form if product else None,
        "preparation": product.preparation if product else None,
        "how": _how(supply) if supply else None,
    }


def _volume(each: BolusVolume | None) -> Document:
    return {
        **_supply(each.supply if each else None),
        "from_container": bool(each and each.supply.from_container),
        "volume": quantity(each.volume if each else None),
        "exact_volume": quantity(each.exact_volume if each else None),
        "delivered": quantity(each.delivered if each else None),
        "deviation_percent": percent(each.deviation_percent) if each else None,
        "containers": each.containers if each else None,
        "pump_rate": quantity(each.pump_rate if each else None),
        "exact_pump_rate": quantity(each.exact_pump_rate if each else None),
    }


IN_FULL: Final = "; in full: "
"""What stands between a cap as it acts and the words of its source."""


def _cap_words(cap: Cap[Any] | None, given: Quantity | None, stated: Quantity | None) -> str | None:
    """Return the cap in its source's words, with the amount that acts where a renal rule takes its factor off."""
    if cap is None:
        return None
    share = given.magnitude / stated.magnitude if given is not None and stated is not None else 1
    acting = cap.under(Fraction(share))
    return cap.words if acting == cap.amount else f"at most {acting}, reduced as the dose is{IN_FULL}{cap.words}"


def bolus(each: Bolus) -> Document:
    """Return one bolus; without a chosen product its volumes are in ``options``."""
    # Beside the time that is taken: "within 5 min" and 3 min are both printed, so that nobody takes the choice for the
    # source.
    stated = each.step.give_over
    return {
        "route": each.step.route,
        "called": each.step.called,
        "after_start": quantity(each.step.at),
        "dose": quantity(each.dose),
        "dose_per_kg": quantity(each.dose_per_kg),
        "dose_per_kg_here": quantity(each.per_kg_here),
        "formula_dose": quantity(each.uncapped),
        "cap": _cap_words(each.step.cap, each.dose_per_kg, each.step.dose_per_kg),
        **_volume(each.chosen),
        "give_over": quantity(each.give_over),
        "give_over_stated": stated.words if stated else None,
        "options": [_volume(option) for option in each.options],
    }


def called(protocol: Protocol) -> str:
    """Return the source's word for what is given at once; a bolus where nothing is."""
    return next((step.called for step in protocol.boluses), "bolus")


def _setting(each: PumpSetting | None) -> Document:
    return {
        **_supply(each.supply if each else None),
        "pump_rate": quantity(each.pump_rate if each else None),
        "exact_pump_rate": quantity(each.exact_pump_rate if each else None),
        "vtbi": quantity(each.vtbi if each else None),
        "exact_vtbi": quantity(each.exact_vtbi if each else None),
        "delivered": quantity(each.delivered if each else None),
        "deviation_percent": percent(each.deviation_percent) if each else None,
    }


def _container(use: ContainerUse, *, ends: bool) -> Document:
    """Return a container's part; ``empty_elapsed`` is null where the next infusion or the stop comes first."""
    # Down, never up: a nurse who comes a second late finds an empty bag.
    seconds = use.end.__floor__()
    return {
        "container": use.number,
        "vtbi": quantity(use.volume),
        # Of a part that ends because the next rate begins there is no time to change a bag.
        "empty_elapsed": elapsed_text(seconds) if use.empties else None,
        "remaining": quantity(use.remaining) if ends else None,
    }


def infusion(each: Infusion, place: int, containers: tuple[ContainerUse, ...]) -> Document:
    """Return one infusion; without a chosen product its pump rates are in ``options`` and there are no containers."""
    uses = [use for use in containers if use.segment == place]
    return {
        "role": each.step.role,
        "route": each.step.route,
        "dose_rate_per_kg": quantity(each.dose_rate_per_kg),
        "dose_rate": quantity(each.dose_rate),
        "formula_dose_rate": quantity(each.uncapped),
        "cap": _cap_words(each.step.cap, each.dose_rate_per_kg, each.step.dose_rate_per_kg),
        "run_time": quantity(each.run_time),
        "run_time_stated": each.step.run_time.words if each.step.run_time else None,
        "run_time_taken": each.run_time_words,
        **_setting(each.chosen),
        "containers": [_container(use, ends=use is containers[-1]) for use in uses],
        "options": [_setting(option) for option in each.options],
    }


def supply_lines(result: Regimen) -> list[str]:
    """Return how each volume is given and out of which product, one line for each concentration and way."""
    choices = result.choices
    named = (
        (choices.bolus_supply, choices.bolus_options, called(result.protocol)),
        (choices.infusion_supply, choices.infusion_options, "infusion"),
    )
    lines: dict[tuple[str, str, str], list[str]] = {}
    for chosen, options, part in named:
        for supply in (chosen,) if chosen else options:
            name = supply.product.id if supply.product else "a user-defined concentration"
            lines.setdefault(
                (part, str(supply.concentration), "" if part == "infusion" else f"; {_how(supply)}"), []
            ).append(name)
    return [f"{part} of {strength}: {', '.join(names)}{how}" for (part, strength, how), names in lines.items()]


def _text(value: Quantity | None) -> str | None:
    """Return what was read, never what was computed: the second route reads it again."""
    return value.text if value is not None else None


def _bolus_inputs(result: Regimen, one: Fraction) -> tuple[second_route.GivenBolus, ...]:
    factor = result.band.bolus_factor if result.band else one
    return tuple(
        second_route.GivenBolus(
            _text(step.dose_per_kg),
            _text(result.choices.ia_dose if step.dose_range else step.dose),
            # The labels' renal rules are of a bolus into a vein; one into an artery is not halved by them.
            factor if step.route == "IV" else one,
            _text(step.cap.amount) if step.cap else None,
            factor if step.cap and step.cap.follows_renal else one,
        )
        for step in result.protocol.boluses
    )


def _infusion_inputs(result: Regimen, one: Fraction) -> tuple[second_route.GivenInfusion, ...]:
    factor = result.band.infusion_factor if result.band else one
    return tuple(
        second_route.GivenInfusion(
            _text(step.dose_rate_per_kg) or "",
            factor if step.route == "IV" else one,
            _text(step.cap.amount) if step.cap else None,
            factor if step.route == "IV" and step.cap and step.cap.follows_renal else one,
            _text(infusion.run_time),
        )
        for step, infusion in zip(result.protocol.infusions, result.infusions, strict=True)
    )


def calculation_inputs(result: Regimen) -> second_route.CalculationInputs:
    """Return what went into the calculation as texts, for the second route."""
    choices = result.choices
    # Made by the second route itself, whose numbers are its own; none of this module reach it.
    one = type(second_route.amount("1h"))(1)
    supplies = (choices.bolus_supply, choices.infusion_supply, *choices.bolus_options, *choices.infusion_options)
    texts: set[Any] = {_text(supply.concentration) for supply in supplies if supply}
    products = {supply.product.id: supply.product for supply in supplies if supply and supply.product}
    container = choices.infusion_supply.product if choices.infusion_supply else None
    return second_route.CalculationInputs(
        weight=_text(choices.weight),
        boluses=_bolus_inputs(result, one),
        infusions=_infusion_inputs(result, one),
        concentrations=frozenset(second_route.amount(text) for text in texts if text),
        product_volumes={name: second_route.amount(_text(each.volume) or "") for name, each in products.items()},
        volume_step=_text(choices.volume_step) or "",
        pump_step=_text(choices.pump_step) or "",
        container=_text(container.volume) if container else None,
        priming=_text(choices.priming_volume),
    )
