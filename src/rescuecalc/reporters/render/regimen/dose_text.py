"""The page of `dose`, to be pinned to the chart; it renders the document and calculates nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.regimen.derivation import RENAL_FACTOR, ROLES
from rescuecalc.core.regimen.infusion import PUMP_RATE
from rescuecalc.reporters.document import common_parts
from rescuecalc.reporters.document.common_parts import people, signed
from rescuecalc.reporters.render import page as pages
from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Page
from rescuecalc.reporters.render.regimen.bedside_text import add_bedside
from rescuecalc.reporters.render.regimen.dose_wording import HOW, amount_words, by_concentration, moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from rescuecalc.reporters.document.common_parts import Document


_EVENTS = {
    "infusion-start": "infusion starts",
    "pump-rate-change": "pump rate changes",
    "container-empty": "container empty",
    "infusion-stop": "infusion stops",
}


def dose_page(made: Document, facts: Document, width: int = WIDTH) -> Page:
    """Return the page of a `dose` document; ``facts`` is the bedside document beside it."""
    page = Page(width)
    dose_top(page, made)
    dose_sections(page, made)
    _schedule(page, made)
    add_bedside(page, made, facts)
    pages.findings(page, made["findings"], stated_above(made))
    page.heading("HOW EACH NUMBER ARISES")
    _derivation(page, made["derivation"])
    pages.source_list(page, made["sources"])
    page.add("")
    checked = "Every dose, volume, rate and time above was calculated twice, by two independent routes"
    page.add(f"{checked}. rescuecalc {made['rescuecalc']}", QUIET)
    return page


def stated_above(made: Document) -> frozenset[str]:
    """Return the notes that the page states in its head and beside its doses: they are not repeated below."""
    times = {"RC710"} if all(each["give_over"] is None for each in made["boluses"]) else set()
    return frozenset({"RC401", *times})


def dose_sections(page: Page, made: Document) -> None:
    """Add boluses, infusions and what each label would do."""
    for bolus in made["boluses"]:
        _bolus(page, bolus, made["dosing_weight"])
    empty = {each["elapsed"]: moment(each) for each in made["schedule"] if each["event"] == "container-empty"}
    for place, infusion in enumerate(made["infusions"]):
        # One container serves a loading infusion and then the maintenance: it is prepared once.
        once = infusion if place == 0 else {**infusion, "preparation": None}
        _infusion(page, once, made["dosing_weight"], empty)
    if made["infusions"]:
        _at_the_rate(page, made)
    if made["label_band"]:
        _label_band(page, made["label_band"])
    for column in made["renal_columns"]:
        _column(page, column)


def _derivation(page: Page, steps: list[Document], indent: int = 2) -> None:
    for step in steps:
        page.add(f"{step['of']}: {step['formula']}", indent=indent, hang=2)
        page.add(step["calculation"], indent=indent + 4, hang=2)


def dose_top(page: Page, made: Document) -> None:
    """Add what a page begins with: protocol, patient, clearance."""
    protocol, patient = made["protocol"], made["dosing_weight"]
    page.add(f"{protocol['drug'].upper()}  {protocol['id'] or 'your own regimen'}: {protocol['title']}", STRONG)
    if protocol["id"] is not None:
        pages.running(page, protocol)
        page.field(*pages.population(protocol), indent=0)
        if protocol["antiplatelets"] != "not stated":
            page.field("antiplatelets", protocol["antiplatelets"], indent=0)
        if protocol["not_stated"]:
            page.field(
                "not stated", ", ".join(common_parts.key_in_words(word) for word in protocol["not_stated"]), indent=0
            )
    page.field("label use", made["label_use"], indent=0)
    if protocol["origin"] == "site":
        page.field("origin", "a site protocol file; its sources are listed below as written in it", "warning", indent=0)
    if patient is None:
        page.field("dosing weight", "not given; no dose here is counted per kg", indent=0)
    else:
        typed = made["weight_as_written"]
        written = "" if typed in {people(patient), people(patient).replace(" ", "")} else f" (from {typed})"
        page.field("dosing weight", f"{people(patient)}{written}, basis {made['weight_basis']}", STRONG, indent=0)
    rule, clearance = made["renal"], made["creatinine_clearance"]
    if rule:
        page.field("CrCl", f"{people(clearance)}; {rule['title']} applied: {rule['band']}", indent=0)
    elif made["has_label_rules"]:
        no_rule = "not applied, no renal rule is stated" if clearance else "--crcl shows what each label would do"
        given = people(clearance) if clearance else "no renal rule is stated"
        page.field("CrCl", f"{given}; {no_rule}", indent=0)
    else:
        given = f"{people(clearance)}; not applied, " if clearance else ""
        page.field("CrCl", f"{given}no renal rule of {protocol['drug']} is held", indent=0)
    _patient(page, made)
    for remark in protocol["remarks"]:
        page.add(remark, QUIET, hang=2)


_PATIENT = {
    "platelets": "platelets {0}",
    "inr": "INR {0}",
    "blood_pressure": "BP {0}",
    "anticoagulant": "anticoagulant {0}",
    "dialysis": "dialysis {0}",
    "prior_thrombocytopenia": "thrombocytopenia before {0}",
    "intracranial_haemorrhage": "intracranial haemorrhage before {0}",
    "cyp2c19": "CYP2C19 {0}",
    "haemoglobin": "haemoglobin {0} (no source held here states a limit)",
}


def _patient(page: Page, made: Document) -> None:
    """Say how the clearance arises, what is given of the patient, and in one line what is not."""
    working = made["clearance_working"]
    if working is not None:
        last = working["derivation"][-1]
        page.field("", f"on {working['basis']} weight: {last['calculation']}", indent=0)
    words = {True: "yes", False: "no"}
    known = [
        _PATIENT[name].format(words.get(value, value)) for name, value in made["patient"].items() if value is not None
    ]
    if known:
        page.field("patient", ", ".join(known), indent=0)
    if made["thrombolysis"] is not None and "antiplatelets" not in made:  # a bridge names it among its own lines
        lysis = made["thrombolysis"]
        page.field("thrombolysis", f"at {moment(lysis)}" if lysis["given"] else "none given", indent=0)
    if made["not_given"]:
        page.field("not judged", f"{', '.join(made['not_given'])} (not given)", indent=0)


def _percent(number: Decimal) -> str:
    return f"{signed(number)} %"


def _supply(each: Document) -> str:
    """Return what a volume is of: it never stands without its concentration."""
    name = each["product"] or "a user-defined concentration"
    label = f" ({each['strength']}, {each['form']})" if each["strength"] else ""
    return f"{people(each['concentration'])}, {name}{label}"


def _bolus(page: Page, each: Document, patient: Document | None) -> None:
    page.heading(f"{each['called'].upper()} {each['route']}")
    here = f"; here {people(each['dose_per_kg_here'])}" if each["dose_per_kg_here"] else ""
    made = f"fixed dose, not per kg{here}"
    if each["formula_dose"]:
        made = f"cap; the formula gives {people(each['formula_dose'])}"
        page.field("cap", each["cap"])
    elif each["dose_per_kg"] and patient:
        made = f"{people(each['dose_per_kg'])} × {people(patient)}"
    page.field("dose", f"{amount_words(each['dose'])} ({made})", STRONG)
    if each["volume"]:
        page.field("volume", f"{people(each['volume'])} of {_supply(each)}", STRONG)
        _administration(page, each)
    _volume_options(page, each["options"])
    over = f"{people(each['give_over'])}" if each["give_over"] else "not stated"
    stated = f" (the source: {each['give_over_stated']})" if each["give_over_stated"] else ""
    page.field("give over", over + stated)
    if each["after_start"]:
        page.field("at", f"{people(each['after_start'])} after the start of the infusion", STRONG)


def _administration(page: Page, each: Document) -> None:
    """Say how a bolus is given, out of how many containers, how fast on a pump, and what it delivers."""
    several = f"; {each['containers']} containers" if (each["containers"] or 0) > 1 else ""
    speed = f"; on the pump {people(each['pump_rate'])}" if each["pump_rate"] else ""
    page.field("", f"{HOW.get(each['how'], each['how'])}{several}{speed}")
    if each["preparation"]:
        page.field("prepare", each["preparation"])
    _delivers(page, each, people(each["exact_volume"]))


def _delivers(page: Page, each: Document, exact: str) -> None:
    """Say what the rounded setting delivers; that rounding changed nothing is said too."""
    if people(each.get("volume") or each["pump_rate"]) == exact:
        delivered = people(each["delivered"])
        page.field("delivers", f"{delivered}, {'no deviation' if delivered.startswith('about') else 'exactly'}")
    else:
        page.field("delivers", f"{people(each['delivered'])}, {_percent(each['deviation_percent'])} (exact: {exact})")


def _volume_options(page: Page, options: list[Document]) -> None:
    label = "volume"
    for first, names in by_concentration(options, "volume"):
        page.field(label, f"{people(first['volume'])} of {people(first['concentration'])}: {names}", STRONG)
        _administration(page, {**first, "preparation": None})
        label = "or"


_OF_RATE: Final = ("RC501", "RC516")
"""Rules by which a label changes the rate that stands there: whoever reads the rate reads that it is so."""


def _at_the_rate(page: Page, made: Document) -> None:
    for found in made["findings"]:
        if found["code"] in _OF_RATE:
            page.field(found["severity"].upper(), f"{found['code']}: {_short(found['message'])}", found["severity"])


def _short(message: str) -> str:
    """Return the first sentence without what a band changes here, which the rates below show.

    The whole of it stands among the findings.
    """
    return f"{_CHANGES_HERE.sub('', message.partition('. ')[0])}; the labels' rates: below"


_CHANGES_HERE: Final = re.compile(r" \(here [^()]*\)")


def _infusion(page: Page, each: Document, patient: Document, empty: Mapping[str, str]) -> None:
    page.heading(f"{ROLES[each['role']].upper()} {each['route']}")
    rate = f"{people(each['dose_rate_per_kg'])} × {people(patient)} = {people(each['dose_rate'])}"
    if each["formula_dose_rate"]:
        rate = f"{people(each['dose_rate'])} (cap; the formula gives {people(each['formula_dose_rate'])})"
        page.field("cap", each["cap"])
    page.field("dose rate", rate)
    if each["run_time"]:
        page.field("run time", f"{people(each['run_time'])} ({each['run_time_taken']})")
    if each["pump_rate"]:
        page.field("pump rate", f"{people(each['pump_rate'])} of {_supply(each)}", STRONG)
        if each["preparation"]:
            page.field("prepare", each["preparation"])
        _runs(page, each)
    label = "pump rate"
    for first, names in by_concentration(each["options"], "pump_rate"):
        page.field(label, f"{people(first['pump_rate'])} of {people(first['concentration'])}: {names}", STRONG)
        _runs(page, first)
        label = "or"
    for use in each["containers"]:
        of = f" of {people(each['concentration'])}"
        page.field(f"container {use['container']}", f"VTBI {people(use['vtbi'])}{of}, {_end_of(use, empty)}")


def _end_of(use: Document, empty: Mapping[str, str]) -> str:
    """Return when a container is empty, or what remains in it."""
    at, remaining = use["empty_elapsed"], use["remaining"]
    if at:
        return f"empty at {empty.get(at, at)}"
    return f"{people(remaining)} remains" if remaining and remaining["value"] else "runs on in the next infusion"


def _runs(page: Page, each: Document) -> None:
    _delivers(page, each, people(each["exact_pump_rate"]))
    if each["vtbi"]:
        same = people(each["exact_vtbi"]) == people(each["vtbi"])
        exact = "" if same else f" (of the exact pump rate: {people(each['exact_vtbi'])})"
        page.field("VTBI", f"{people(each['vtbi'])} of {people(each['concentration'])} in total{exact}", STRONG)


def _label_band(page: Page, band: Document) -> None:
    page.heading("THE LABEL'S WEIGHT-BAND ROW (it differs from the exact values above; never mix the two)")
    row = band["row"]
    if band["remark"]:
        page.add(band["remark"], QUIET, indent=2)
    if row is None:
        page.add(f"{band['refused']}; the exact values above stand", "warning", indent=2)
        return
    strength = people(band["concentration"])
    page.field("row", f"{people(row['from'])} to {people(row['to'])}; {row['column']}")
    if row["bolus_volume"]:
        dose = f"{amount_words(row['bolus_dose'])}, {_percent(row['bolus_deviation_percent'])} against the exact dose"
        page.field("bolus", f"{people(row['bolus_volume'])} of {strength} in {people(row['give_over'])}", STRONG)
        page.field("", dose)
    for label, setting in (("loading", row["load"]), ("pump rate", row)):
        if setting:
            page.field(label, f"{people(setting['pump_rate'])} of {strength}", STRONG)
            rate = (
                f"{people(setting['delivered'])}, {_percent(setting['deviation_percent'])} against the exact dose rate"
            )
            page.field("", rate)


def _column(page: Page, column: Document) -> None:
    page.heading(f"WHAT THE {column['title'].upper()} WOULD DO (shown, not applied)")
    page.add(column["band"], indent=2)
    for remark in column["remarks"]:
        page.add(remark, indent=2, hang=2)
    for each in column["boluses"]:
        page.field(f"{each['called']} {each['route']}", _both(each["dose"], each, "volume"))
    for each in column["infusions"]:
        page.field(
            "infusion" if each["role"] == "maintenance" else "loading",
            _both(each["dose_rate_per_kg"], each, "pump_rate"),
        )
    if column["adjusts"]:
        # The document holds the whole derivation; here stands what differs from the protocol's own.
        short = (PUMP_RATE.words, RENAL_FACTOR)
        _derivation(page, [step for step in column["derivation"] if step["formula"] in short], indent=4)


def _both(dose: Document, each: Document, name: str) -> str:
    """Return a dose with its volume or pump rate at each concentration, the exact one beside a rounded one."""
    shown = [each] if each[name] else each["options"]
    settings = dict.fromkeys(_rounded(one, name) for one in shown)
    return f"{people(dose)}" + (f" = {' or '.join(settings)}" if settings else "")


def _rounded(one: Document, name: str) -> str:
    exact = people(one[f"exact_{name}"])
    beside = "" if exact == people(one[name]) else f" (exact: {exact}, {_percent(one['deviation_percent'])})"
    return f"{people(one[name])} of {people(one['concentration'])}{beside}"


def _schedule(page: Page, made: Document) -> None:
    after = " (hours:minutes:seconds after the start of the first infusion)" if made["infusions"] else ""
    page.heading(f"SCHEDULE{after}")
    for event in made["schedule"]:
        clock = f"  {event['at'].replace('T', ' ')}" if event["at"] else ""
        what = made["boluses"][0]["called"] if event["event"] == "bolus" else _EVENTS[event["event"]]
        text = f"{event['elapsed']:>9}{clock}  {what}: {event['detail']}"
        page.add(text, indent=2, hang=11)
    if made["notes"]:
        page.heading("NOTES")
    for note in made["notes"]:
        page.add(note, indent=2, hang=2)
