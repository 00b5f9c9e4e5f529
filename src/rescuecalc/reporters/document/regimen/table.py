"""The document of `table`: one protocol over a range of weights, its numbers checked by the second route."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.backcheck import doses as second_route
from rescuecalc.core.regimen.derivation import ROLES
from rescuecalc.reporters.document.common_parts import Document, finding, header, quantity, sources
from rescuecalc.reporters.document.regimen import doses
from rescuecalc.reporters.document.regimen.dose import protocol_summary, renal_remarks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.core.regimen.protocol import InfusionStep, Protocol
    from rescuecalc.core.regimen.regimen import Regimen
    from rescuecalc.core.renal.creatinine_clearance import RenalRule

    Row = tuple[Regimen, tuple[Finding, ...], tuple[tuple[RenalRule, Regimen], ...]]


def _doses(result: Regimen) -> Document:
    boluses = [doses.bolus(each) for each in result.boluses]
    infusions = [doses.infusion(each, place, ()) for place, each in enumerate(result.infusions)]
    second_route.check_doses(boluses, infusions, doses.calculation_inputs(result))
    by_role = {each["role"]: each for each in infusions}
    bolus, load, maintenance = boluses[0] if boluses else {}, by_role.get("load", {}), by_role.get("maintenance", {})
    parts = [
        bolus,
        load,
        maintenance,
        *bolus.get("options", []),
        *load.get("options", []),
        *maintenance.get("options", []),
    ]
    deviations = [each["deviation_percent"] for each in parts if each.get("deviation_percent") is not None]
    return {
        "bolus_dose": bolus.get("dose"),
        "bolus_volume": bolus.get("volume"),
        "exact_bolus_volume": bolus.get("exact_volume"),
        "bolus_concentration": bolus.get("concentration"),
        "bolus_product": bolus.get("product"),
        "bolus_containers": bolus.get("containers"),
        "load_dose_rate": load.get("dose_rate"),
        "load_pump_rate": load.get("pump_rate"),
        "exact_load_pump_rate": load.get("exact_pump_rate"),
        "dose_rate": maintenance.get("dose_rate"),
        "pump_rate": maintenance.get("pump_rate"),
        "exact_pump_rate": maintenance.get("exact_pump_rate"),
        "infusion_concentration": maintenance.get("concentration"),
        "worst_deviation_percent": max(deviations, key=abs) if deviations else None,
        "options": {
            "bolus": bolus.get("options", []),
            "load": load.get("options", []),
            "maintenance": maintenance.get("options", []),
        },
    }


def _row(row: Row) -> Document:
    result, findings, columns = row
    return {
        "weight": quantity(result.choices.weight),
        **_doses(result),
        "renal_columns": [
            {
                "id": rule.id,
                "title": rule.title,
                "band": other.band.words if other.band else None,
                "remarks": renal_remarks(other),
                **_doses(other),
            }
            for rule, other in columns
        ],
        "findings": [each.code for each in findings],
    }


def _findings(rows: Sequence[Row]) -> list[Document]:
    """Return each finding once, the heaviest first, with the weights it belongs to; its pointer is the first row's."""
    merged: dict[tuple[str, str], Document] = {}
    ranks: dict[tuple[str, str], int] = {}
    for place, (result, found, _) in enumerate(rows):
        for each in found:
            key = (each.code, each.message)
            made = merged.setdefault(key, {**finding(_of_row(each, f"/rows/{place}")), "weights": []})
            made["weights"].append(quantity(result.choices.weight))
            ranks[key] = each.severity.rank
    return [merged[key] for key in sorted(merged, key=lambda key: (ranks[key], key[0]))]


def _of_row(each: Finding, row: str) -> Finding:
    """Return a finding of one weight's regimen as one of a row: the table shows no fields that it could point to."""
    alternatives = tuple(one._replace(pointer=row) for one in each.alternatives)
    return each._replace(pointer=row, alternatives=alternatives)


def _regimen(result: Regimen) -> list[str]:
    """Return route, dose and run time of each part, as the protocol states them."""
    lines = [
        f"{s.called} {s.route}, {s.dose_per_kg or s.dose or result.choices.ia_dose}"
        + (f", {s.at} after the start" if s.at else "")
        for s in result.protocol.boluses
    ]
    for step in result.protocol.infusions:
        time = step.run_time.words if step.run_time else "run time not stated"
        lines.append(f"{ROLES[step.role]} {step.route}, {step.dose_rate_per_kg}, {time}")
    return lines


def _loads(protocol: Protocol) -> Iterable[InfusionStep]:
    return (step for step in protocol.infusions if step.role == "load")


def table_document(rows: Sequence[Row]) -> Document:
    """Return the document of `table`: a row for each weight, and every finding once.

    Raises DoubleCheckFailed where any number of it does not lead back to what was given.
    """
    first = rows[0][0]
    choices, protocol = first.choices, first.protocol
    cited: list[Source] = [*protocol.sources, *(first.rule.sources if first.rule else ())]
    supplies = (choices.bolus_supply, choices.infusion_supply, *choices.bolus_options, *choices.infusion_options)
    cited += [source for supply in supplies if supply and supply.product for source in supply.product.sources]
    cited += [source for _, found, _ in rows for each in found for source in each.sources]
    return {
        **header("table"),
        "protocol": protocol_summary(protocol),
        "regimen": _regimen(first),
        "called": doses.called(protocol),
        "creatinine_clearance": quantity(choices.clearance),
        "renal": {"rule": first.rule.id, "band": first.band.words} if first.rule and first.band else None,
        "how": doses.supply_lines(first),
        "load_run_time": next((quantity(s.run_time.taken) for s in _loads(protocol) if s.run_time), None),
        "rows": [_row(row) for row in rows],
        "findings": _findings(rows),
        "sources": sources(cited),
    }
