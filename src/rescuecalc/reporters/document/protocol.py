"""The documents and pages of `protocol list`, `protocol show` and `protocol check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rescuecalc.core.regimen.derivation import ROLES
from rescuecalc.reporters.document.common_parts import Document, finding, header, people, quantity, sources
from rescuecalc.reporters.document.dose import protocol_summary
from rescuecalc.reporters.render import page as pages
from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Page

if TYPE_CHECKING:
    from rescuecalc.core.literature.limits import Span
    from rescuecalc.core.orders.finding import Finding
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


def protocol_document(protocol: Protocol, drug: Drug, rule: RenalRule | None) -> Document:
    """Return everything that a protocol's source states."""
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


def list_page(made: Document, width: int = WIDTH) -> Page:
    """Return the page of `protocol list`."""
    page = Page(width)
    for each in made["protocols"]:
        page.add(each["id"], STRONG)
        page.add(f"{each['kind']}, {each['drug']}: {each['doses']}", indent=4, hang=2)
        page.add(each["population"], QUIET, indent=4, hang=2)
    return page


def _bolus_text(step: Document) -> str:
    span = step["dose_range"]
    ranged = f"{people(span['from'])} to {people(span['to'])}, --ia-dose says which" if span else ""
    dose = people(step["dose_per_kg"]) if step["dose_per_kg"] else people(step["dose"]) if step["dose"] else ranged
    over = step["give_over"]["words"] if step["give_over"] else "time not stated"
    at = f"; {people(step['at'])} after the start" if step["at"] else ""
    return f"{step['route']}, {dose}; {over}{at}" + (f"; {step['cap']['words']}" if step["cap"] else "")


def protocol_page(made: Document, width: int = WIDTH) -> Page:
    """Return the page of `protocol show`."""
    page = Page(width)
    page.add(f"{made['drug'].upper()}  {made['id']}: {made['title']}", STRONG)
    pages.running(page, made)
    page.field(*pages.population(made), indent=0)
    page.field("confidence", made["confidence"], indent=0)
    for step in made["boluses"]:
        page.field(step["called"], _bolus_text(step), indent=0)
    for step in made["infusions"]:
        time = step["run_time_stated"]["words"] if step["run_time_stated"] else "run time not stated"
        cap = f"; {step['cap']['words']}" if step["cap"] else ""
        name = "loading" if step["role"] == "load" else "infusion"
        route = "" if step["route"] == "IV" else f"{step['route']}, "
        page.field(name, f"{route}{people(step['dose_rate_per_kg'])}; {time}{cap}", indent=0)
    bands = made["renal"]["bands"] if made["renal"] else [{"words": "not stated; the dose is never changed for it"}]
    for band in bands:
        page.field("renal", band["words"], indent=0)
    if made["weight_basis"]:
        page.field("weight", f"doses are counted on {made['weight_basis']} weight", indent=0)
    if made["antiplatelets"] != "not stated":
        page.field("antiplatelets", made["antiplatelets"], indent=0)
    if made["not_stated"]:
        page.field("not stated", ", ".join(pages.spoken(word) for word in made["not_stated"]), indent=0)
    _said(page, made)
    if made["label_band"]:
        _band_rows(page, made["label_band"])
    parts = (made["renal"], made["label_band"])
    pages.source_list(page, [*made["sources"], *(each for part in parts if part for each in part["sources"])])
    return page


def _said(page: Page, made: Document) -> None:
    """Add what the source is not, warns of and leaves unclear, and what to know besides."""
    for label, key in (("not rescue", "not_rescue"), ("warning", "contraindicated")):
        if made[key]:
            page.field(label, made[key], indent=0)
    for label, key in (("unclear", "unclear"), ("remark", "remarks")):
        for words in made[key]:
            page.field(label, words, indent=0)
    if made["studies"]:
        page.field("evidence", ", ".join(f"rescuecalc evidence show {name}" for name in made["studies"]), indent=0)


_BAND_COLUMNS: Final = {
    "bolus_volume": "bolus",
    "load_pump_rate": "loading",
    "pump_rate": "pump rate",
    "halved_bolus_volume": "halved: bolus",
    "halved_load_pump_rate": "halved: loading",
    "halved_pump_rate": "halved: rate",
}


def _is_shown(key: str, rows: list[Document]) -> bool:
    """Whether a table has this column; what its renal rule leaves as it is stands there once."""
    full = key.removeprefix("halved_")
    return any(row[key] for row in rows) and (full == key or any(row[key] != row[full] for row in rows))


def _band_rows(page: Page, band: Document) -> None:
    page.heading(f"THE LABEL'S WEIGHT-BAND TABLE, {people(band['concentration'])}")
    names = {key: name for key, name in _BAND_COLUMNS.items() if _is_shown(key, band["rows"])}
    rows = [["weight", *names.values()]]
    rows += [
        [f"{people(row['from'])} to {people(row['to'])}", *(people(row[key]) for key in names)] for row in band["rows"]
    ]
    page.rows(rows)
    page.add("halved: what the label's renal rule leaves, see renal above", QUIET, indent=2)
    if band["remark"]:
        page.add(band["remark"], QUIET, indent=2)


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


def check_page(made: Document, width: int = WIDTH) -> Page:
    """Return the page of a `protocol check` that found nothing wrong."""
    page = Page(width)
    page.add(f"{made['file']}: the protocol {made['id']} can be read, and every entry has a source")
    pages.findings(page, made["findings"])
    if made["would_widen"]:
        page.heading("PUBLISHED RANGES THAT THESE DOSES LIE OUTSIDE OF (they stay as they are)")
    for each in made["would_widen"]:
        phase = "" if each["phase"] == each["kind"] else f", {each['phase']}"
        of = f"{each['drug']} {each['route']} {each['kind']}{phase}, indication {each['indication']}"
        page.add(f"{of}: {each['before'] or 'none is held'} → {each['after']}", "warning", indent=2, hang=2)
    return page
