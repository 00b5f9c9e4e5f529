"""The documents of `protocol list`, `protocol show` and `protocol check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rescuecalc.core.regimen.derivation import ROLES
from rescuecalc.reporters.document.common_parts import Document, finding, header, quantity, sources
from rescuecalc.reporters.document.regimen.dose import protocol_summary

if TYPE_CHECKING:
    from rescuecalc.core.bridging.antiplatelet import Advice
    from rescuecalc.core.literature.limits import Span
    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.core.orders.range_widening import Widening
    from rescuecalc.core.regimen.protocol import (
        AntiplateletStep,
        Assay,
        BolusStep,
        Cap,
        Drug,
        InfusionStep,
        LabelBand,
        Protocol,
    )
    from rescuecalc.core.renal.creatinine_clearance import RenalRule


def _span(span: Span[Any] | None) -> Document | None:
    return {"from": quantity(span.low), "to": quantity(span.high)} if span else None


def _cap(cap: Cap[Any] | None) -> Document | None:
    return {"amount": quantity(cap.amount), "row_above": quantity(cap.row_above), "words": cap.words} if cap else None


def _bolus(step: BolusStep) -> Document:
    over = step.give_over
    return {
        "route": step.route,
        "called": step.called,
        "dose_per_kg": quantity(step.dose_per_kg),
        "dose": quantity(step.dose),
        "dose_range": _span(step.dose_range),
        "cap": _cap(step.cap),
        "give_over": {"taken": quantity(over.taken), "to": quantity(over.maximum), "words": over.words}
        if over
        else None,
        "at": quantity(step.at),
    }


def _infusion(step: InfusionStep) -> Document:
    time = step.run_time
    stated = None
    if time is not None:
        stated = {
            "from": quantity(time.minimum),
            "to": quantity(time.maximum),
            "usual_to": quantity(time.usual_maximum),
            "in_all": time.in_all,
            "words": time.words,
        }
    return {
        "role": step.role,
        "route": step.route,
        "dose_rate_per_kg": quantity(step.dose_rate_per_kg),
        "cap": _cap(step.cap),
        "run_time": quantity(time.taken) if time else None,
        "run_time_stated": stated,
    }


def _rule(rule: RenalRule | None) -> Document | None:
    if rule is None:
        return None
    bands = [
        {"up_to": quantity(band.up_to), "includes": band.includes, "words": band.words, "adjusts": band.adjusts}
        for band in rule.bands
    ]
    return {"id": rule.id, "title": rule.title, "bands": bands, "sources": sources(rule.sources)}


def _band(band: LabelBand | None) -> Document | None:
    if band is None:
        return None
    rows = [
        {
            "from": quantity(row.low),
            "to": quantity(row.high),
            **{name: quantity(value) for name, value in row.full._asdict().items()},
            **{f"halved_{name}": quantity(value) for name, value in row.halved._asdict().items()},
        }
        for row in band.rows
    ]
    return {
        "concentration": quantity(band.concentration),
        "rows": rows,
        "remark": band.remark,
        "sources": sources(band.sources),
    }


def _antiplatelet(step: AntiplateletStep) -> Document:
    return {
        "drug": step.drug,
        "dose": quantity(step.dose),
        "route": step.route,
        "frequency": step.frequency,
        "at": quantity(step.at),
        "optional": step.optional,
        "words": step.words,
    }


def _assay(assay: Assay | None) -> Document | None:
    return {"pru": assay.pru, "day": assay.day} if assay is not None else None


def protocol_document(
    protocol: Protocol,
    drug: Drug,
    rule: RenalRule | None,
    before: tuple[Advice, ...],
    findings: tuple[Finding, ...] = (),
) -> Document:
    """Return everything that a protocol's source states, with the errors of a hospital's own file.

    ``before`` is what is known of the drug before it is started, its labels' contraindications among it.
    """
    return {
        **header("protocol"),
        **protocol_summary(protocol),
        "boluses": [_bolus(step) for step in protocol.boluses],
        "infusions": [_infusion(step) for step in protocol.infusions],
        "atc": drug.atc,
        "renal": _rule(rule),
        "weight_basis": protocol.weight_basis,
        "label_band": _band(protocol.label_band),
        "antiplatelet_steps": [_antiplatelet(step) for step in protocol.oral],
        "assay": _assay(protocol.assay),
        "unclear": list(protocol.unclear),
        "studies": list(protocol.studies),
        "not_rescue": protocol.not_rescue,
        "contraindicated": protocol.contraindicated,
        "before_start": [{"words": each.words, "sources": sources(each.sources)} for each in before],
        "findings": [finding(each) for each in findings],
        "sources": sources(protocol.sources),
    }


def list_document(protocols: tuple[Protocol, ...]) -> Document:
    """Return the packaged protocols, in short."""
    keys = ("id", "title", "drug", "kind", "population")
    entries = [{key: protocol_summary(each)[key] for key in keys} | _doses(each) for each in protocols]
    return {**header("protocol-list"), "protocols": entries}


def _doses(protocol: Protocol) -> Document:
    boluses = [f"{step.route} {step.dose_per_kg or step.dose or step.dose_range}" for step in protocol.boluses]
    infusions = [
        f"{ROLES[step.role]} {step.dose_rate_per_kg} {step.run_time.words if step.run_time else 'run time not stated'}"
        for step in protocol.infusions
    ]
    return {"doses": ", ".join((*boluses, *infusions))}


def check_document(
    file: str,
    protocol: Protocol | None,
    problems: tuple[str, ...],
    findings: tuple[Finding, ...],
    widened: tuple[Widening, ...],
) -> Document:
    """Return the outcome of `protocol check`: the protocol's id and findings, or every problem with table and key.

    ``widened`` are the published ranges that its doses lie outside of, as they are and as they would be.
    """
    return {
        **header("protocol-check"),
        "file": file,
        "ok": protocol is not None,
        "id": protocol.id if protocol else None,
        "problems": list(problems),
        "findings": [finding(each) for each in findings],
        "would_widen": [
            {"drug": protocol.drug if protocol else "", **each.place._asdict(), "indication": each.indication.value}
            | {"before": each.before, "after": each.after}
            for each in widened
        ],
    }
