"""The document of `dose`: everything that is said of one patient's regimen, numbers checked by the second route."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.backcheck import doses as second_route
from rescuecalc.core.quantities.decimal_text import elapsed_text
from rescuecalc.core.regimen import derivation, timeline
from rescuecalc.core.regimen.bolus import delivered_dose
from rescuecalc.core.regimen.infusion import delivered_rate, dose_in_line, dose_rate_per_kg
from rescuecalc.core.regimen.schedule import clock_time
from rescuecalc.reporters.document.common_parts import Document, finding, header, percent, quantity, sources
from rescuecalc.reporters.document.regimen import doses

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from rescuecalc.core.literature.limits import Limits
    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.core.orders.order import Thrombolysis
    from rescuecalc.core.quantities.quantity import Concentration, DosingWeight, Quantity, Volume
    from rescuecalc.core.regimen.infusion import Infusion
    from rescuecalc.core.regimen.product import Supply
    from rescuecalc.core.regimen.protocol import BandSetting, Drug, Protocol
    from rescuecalc.core.regimen.regimen import Regimen
    from rescuecalc.core.renal.creatinine_clearance import RenalRule


def protocol_summary(protocol: Protocol) -> Document:
    """Return what a result says of its protocol; a regimen of one's own has no id."""
    return {
        "id": None if protocol.origin == "user" else protocol.id,
        "title": protocol.title,
        "drug": protocol.drug,
        "kind": protocol.kind,
        "origin": protocol.origin,
        "confidence": protocol.confidence,
        "population": protocol.population,
        "antiplatelets": protocol.antiplatelets,
        "not_stated": list(protocol.not_stated),
        "remarks": list(protocol.remarks),
    }


def patient_fields(result: Regimen, basis: str | None) -> Document:
    """Return the weight and the renal function that a regimen was worked out for."""
    weight = result.choices.weight
    return {
        "dosing_weight": quantity(weight.to("kg")) if weight else None,
        "weight_basis": basis,
        "weight_as_written": weight.text if weight else None,
        "creatinine_clearance": quantity(result.choices.clearance),
        "renal": applied_band(result),
    }


def applied_band(result: Regimen) -> Document | None:
    """Return the band of the protocol's own renal rule that applies, None where it has no rule."""
    if result.rule is None or result.band is None:
        return None
    return {"rule": result.rule.id, "title": result.rule.title, "band": result.band.words}


def renal_remarks(result: Regimen) -> list[str]:
    """Return what a renal rule's words leave unsaid of this regimen."""
    band, rule = result.band, result.rule
    if band is None or rule is None:
        return []
    remarks = []
    if band.bolus_factor != 1 and any(step.route == "IA" for step in result.protocol.boluses):
        remarks.append(f"the {rule.title}'s rule is for an intravenous bolus; this one is intra-arterial and stays")
    if band.infusion_factor != 1 and any(s.role == "load" for s in result.protocol.infusions):
        remarks.append(rule.load_remark or "the loading infusion is changed as the infusion is")
    return remarks


def label_column(rule: RenalRule, result: Regimen, own: Regimen) -> Document:
    """Return what a label would do of ``own``, whose protocol states no renal rule; ``result`` is under that rule."""
    band = result.band
    if band is None:
        raise TypeError("a column needs a regimen under the label's rule")
    boluses = [doses.bolus(each) for each in result.boluses]
    infusions = [doses.infusion(each, place, ()) for place, each in enumerate(result.infusions)]
    second_route.check_doses(boluses, infusions, doses.calculation_inputs(result))
    return {
        "id": rule.id,
        "title": rule.title,
        "band": band.words,
        "adjusts": _dosed(result) != _dosed(own),
        "remarks": renal_remarks(result),
        "boluses": boluses,
        "infusions": infusions,
        "derivation": [step._asdict() for step in derivation.steps(result)],
        "sources": sources(rule.sources),
    }


def _dosed(result: Regimen) -> list[Quantity]:
    return [*(each.dose for each in result.boluses), *(each.dose_rate for each in result.infusions)]


def _label_band(result: Regimen) -> Document:
    """Return the label's weight-band row, or why there is none; the exact values stand beside it in the document."""
    band, patient = result.protocol.label_band, result.choices.weight
    if band is None or patient is None:
        raise TypeError("the command refuses --label-band for a protocol without a table")
    row = band.row(patient)
    made: Document = {
        "concentration": quantity(band.concentration),
        "row": None,
        "refused": None,
        "remark": band.remark,
        "sources": sources(band.sources),
    }
    if row is None:
        first, last = band.rows[0].low, band.rows[-1].high
        made["refused"] = (
            f"the label's table has no row for {patient.to('kg')}: its rows are whole kilograms from {first} to {last}"
        )
        return made
    setting = row.halved if result.band is not None and result.band.adjusts else row.full
    rates = {each.step.role: _band_rate(each, setting, band.concentration, patient) for each in result.infusions}
    made["row"] = {
        "from": quantity(row.low),
        "to": quantity(row.high),
        **_band_bolus(result, setting, band.concentration),
        "give_over": quantity(band.give_over),
        "load": rates.get("load"),
        **rates["maintenance"],
        "column": result.band.words if result.band else None,
    }
    return made


def _band_bolus(result: Regimen, setting: BandSetting, of: Concentration) -> Document:
    """Return the row's bolus with what it gives, against the exact dose; nothing where the label loads by infusion."""
    if setting.bolus_volume is None:
        return dict.fromkeys(("bolus_volume", "bolus_dose", "bolus_deviation_percent"))
    dose, exact = delivered_dose(setting.bolus_volume, of), result.boluses[0].dose
    return {
        "bolus_volume": quantity(setting.bolus_volume),
        "bolus_dose": quantity(dose),
        "bolus_deviation_percent": percent((dose.magnitude / exact.magnitude - 1) * 100),
    }


def _band_rate(infusion: Infusion, setting: BandSetting, of: Concentration, patient: DosingWeight) -> Document:
    """Return the row's pump rate of an infusion with what it delivers, against the exact dose rate."""
    rate, per_kg = setting.rate(infusion.step.role), infusion.dose_rate_per_kg
    if rate is None:
        raise TypeError("a table has a rate for each infusion of its protocol")
    delivered = dose_rate_per_kg(delivered_rate(rate, of), patient, per_kg.unit.name)
    return {
        "pump_rate": quantity(rate),
        "delivered": quantity(delivered),
        "deviation_percent": percent((delivered.magnitude / per_kg.magnitude - 1) * 100),
    }


def _line(result: Regimen, limits: Limits) -> list[Document]:
    """Return what the line holds at the stop; without --priming-volume for the smallest and largest usual line."""
    supply, patient = result.choices.infusion_supply, result.choices.weight
    if supply is None or patient is None or not result.infusions:
        return []
    given = result.choices.priming_volume
    volumes: Iterable[Volume] = (given,) if given is not None else (limits.line_volume.low, limits.line_volume.high)
    contents = []
    for volume in volumes:
        per_kg = dose_in_line(volume, supply.concentration, patient)
        contents.append(
            {
                "line_volume": quantity(volume),
                "concentration": quantity(supply.concentration),
                "dose": quantity(delivered_dose(volume, supply.concentration)),
                "dose_per_kg": quantity(per_kg),
            }
        )
    return contents


def _schedule(result: Regimen, start: datetime | None) -> list[Document]:
    made = []
    for event in timeline.events(result):
        at = event.at(start)
        made.append(
            {
                "at": at.isoformat(timespec="seconds") if at else None,
                "elapsed": elapsed_text(event.elapsed),
                "elapsed_seconds": event.elapsed,
                "event": event.name,
                "detail": event.detail,
            }
        )
    return made


def thrombolysis_document(thrombolysis: Thrombolysis | None, start: datetime | None) -> Document | None:
    """Return whether and when a thrombolysis was given, None where nothing is known of it."""
    if thrombolysis is None:
        return None
    seconds = None if thrombolysis.at is None else thrombolysis.at.seconds.__floor__()
    at = None if seconds is None else clock_time(seconds, start)
    return {
        "given": thrombolysis.given,
        "at": at.isoformat(timespec="seconds") if at else None,
        "elapsed": None if seconds is None else elapsed_text(seconds),
        "elapsed_seconds": seconds,
    }


def weight_basis(result: Regimen) -> str | None:
    """Return on which weight the doses are counted, as the protocol says: nobody checks that --weight is that one."""
    if result.choices.weight is None:
        return None
    stated = result.protocol.weight_basis
    return "as given" if stated is None else f"as given; the protocol counts on {stated} weight"


def _notes(result: Regimen, drug: Drug) -> list[str]:
    choices, notes = result.choices, [*drug.remarks, *renal_remarks(result)]
    if result.infusions and choices.infusion_supply is None:
        notes.append("no infusion product is named: containers and their times are left out (--infusion-product)")
    elif choices.infusion_supply is not None and choices.infusion_supply.product is None:
        notes.append("a user-defined concentration has no container: containers and their times are left out")
    elif result.containers:
        primed = f"{choices.priming_volume} of priming taken off the first container"
        first = primed if choices.priming_volume is not None else "full container, line primed from elsewhere"
        empties = any(use.empties for use in result.containers)
        notes.append(f"{first}; change before this time" if empties else first)
    notes.extend(_immeasurable_products(result))
    if not any((*choices.bolus_options, *choices.infusion_options, choices.bolus_supply, choices.infusion_supply)):
        notes.append(
            f"the catalogue has no product of {result.protocol.drug}: volumes and pump rates need "
            "--bolus-concentration and --infusion-concentration"
        )
    if result.containers:
        notes.append("containers are not hung in series; what is left in one is discarded")
    return notes


def _immeasurable_products(result: Regimen) -> list[str]:
    """Name each product whose volume or pump rate rounds to nothing: its absence is not to be taken for a ban."""
    choices = result.choices
    open_boluses = (each.options for each in result.boluses if each.chosen is None)
    open_infusions = (each.options for each in result.infusions if each.chosen is None)
    parts: list[tuple[set[Supply], tuple[Supply, ...], Quantity]] = [
        *(({o.supply for o in shown}, choices.bolus_options, choices.volume_step) for shown in open_boluses),
        *(({o.supply for o in shown}, choices.infusion_options, choices.pump_step) for shown in open_infusions),
    ]
    return [
        f"{supply.product.id} is left out: what it would give rounds to 0 at a step of {step}"
        for shown, supplies, step in parts
        for supply in supplies
        if supply not in shown and supply.product is not None
    ]


def _all_sources(result: Regimen, findings: tuple[Finding, ...]) -> list[Document]:
    found: list[Source] = [*result.protocol.sources, *(result.rule.sources if result.rule else ())]
    found.extend(source for finding in findings for source in finding.sources)
    supplies = (result.choices.bolus_supply, result.choices.infusion_supply)
    options = (*result.choices.bolus_options, *result.choices.infusion_options)
    for supply in supplies if any(supplies) else options:
        if supply is not None and supply.product is not None:
            found.extend(supply.product.sources)
    if result.protocol.label_band is not None:
        found.extend(result.protocol.label_band.sources)
    return sources(found)


def dose_document(
    result: Regimen,
    columns: tuple[tuple[RenalRule, Regimen], ...],
    findings: tuple[Finding, ...],
    limits: Limits,
    drug: Drug,
    start: datetime | None,
    *,
    label_band: bool,
) -> Document:
    """Return the document of `dose`.

    Raises DoubleCheckFailed where any number of it does not lead back to what was given.
    """
    given = doses.calculation_inputs(result)
    made: Document = {
        **header("dose"),
        "protocol": protocol_summary(result.protocol),
        **patient_fields(result, weight_basis(result)),
        "label_use": drug.label_use,
        "has_label_rules": drug.has_renal_rule,
        "boluses": [doses.bolus(each) for each in result.boluses],
        "infusions": [doses.infusion(each, place, result.containers) for place, each in enumerate(result.infusions)],
        "renal_columns": [label_column(rule, other, result) for rule, other in columns],
        "label_band": _label_band(result) if label_band else None,
        "line_at_stop": _line(result, limits),
        "start": start.isoformat(timespec="seconds") if start else None,
        "schedule": _schedule(result, start),
        "derivation": [step._asdict() for step in derivation.steps(result)],
        "notes": _notes(result, drug),
        "findings": [finding(each) for each in findings],
        "sources": _all_sources(result, findings),
    }
    second_route.check_doses(made["boluses"], made["infusions"], given)
    second_route.check_containers(made, given)
    second_route.check_schedule(made)
    second_route.check_line(made, given)
    second_route.check_label_band(made)
    return made
