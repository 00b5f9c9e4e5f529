"""The page of `dose`, to be pinned to the chart; it renders the document and calculates nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.notation import people_number
from rescuecalc.reporters import page as pages
from rescuecalc.reporters.page import QUIET, STRONG, WIDTH, Page
from rescuecalc.reporters.parts import people

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from rescuecalc.reporters.parts import Document


def dose_page(made: Document, width: int = WIDTH) -> Page:
    """Return the page of a `dose` document."""
    page = Page(width)
    _top(page, made)
    for bolus in made["boluses"]:
        _bolus(page, bolus)
    for infusion in made["infusions"]:
        _infusion(page, infusion)
    if made["label_band"]:
        _label_band(page, made["label_band"])
    for column in made["renal_columns"]:
        _column(page, column)
    _schedule(page, made)
    pages.findings(page, made["findings"])
    page.heading("HOW EACH NUMBER ARISES")
    for step in made["derivation"]:
        page.add(f"{step['of']}: {step['formula']}", indent=2, hang=2)
        page.add(step["calculation"], indent=6, hang=2)
    pages.source_list(page, made["sources"])
    return page


def _top(page: Page, made: Document) -> None:
    protocol, patient = made["protocol"], made["dosing_weight"]
    page.add(f"{protocol['drug'].upper()}  {protocol['id'] or 'a regimen of your own'}: {protocol['title']}", STRONG)
    page.field("studied in", protocol["population"], indent=0)
    if patient is None:
        page.field("dosing weight", "not given; no dose here is counted per kg", indent=0)
    else:
        written = (
            ""
            if patient["as_written"] in (None, f"{people(patient)}", people(patient).replace(" ", ""))
            else (f" (from {patient['as_written']})")
        )
        page.field("dosing weight", f"{people(patient)}{written}, basis as given", STRONG, indent=0)
    if made["creatinine_clearance"]:
        rule = made["renal"]
        applied = (
            f"; {rule['title']} applied: {rule['band']}" if rule else "; not applied, the protocol has no renal rule"
        )
        page.field("CrCl", people(made["creatinine_clearance"]) + applied, indent=0)


def _percent(number: Decimal) -> str:
    sign = "+" if number > 0 else "-" if number < 0 else ""
    return f"{sign}{people_number(abs(number))} %"


def _supply(each: Document) -> str:
    """Return what a volume is of: it never stands without its concentration."""
    name = each["product"] or "a concentration of your own"
    label = f" ({each['strength']}, {each['form']})" if each["strength"] else ""
    return f"{people(each['concentration'])}, {name}{label}"


def _bolus(page: Page, each: Document) -> None:
    page.heading(f"BOLUS {each['route']}")
    per_kg = f" = {people(each['dose_per_kg'])} × dosing weight" if each["dose_per_kg"] else " (fixed dose, not per kg)"
    if each["formula_dose"]:
        per_kg = f" (cap; the formula gives {people(each['formula_dose'])})"
    page.field("dose", _amount(each["dose"]) + per_kg, STRONG)
    if each["cap"]:
        page.field("label", each["cap"])
    if each["volume"]:
        page.field("volume", f"{people(each['volume'])} of {_supply(each)}", STRONG)
        page.field("", each["how"])
        _preparation(page, each)
        _delivers(page, each, people(each["exact_volume"]))
    _volume_options(page, each["options"])
    over = f"{people(each['give_over'])}" if each["give_over"] else "not stated by the source"
    stated = f" (the source: {each['give_over_stated']})" if each["give_over_stated"] else ""
    page.field("give over", over + stated)


def _amount(dose: Document) -> str:
    """Return a dose in mcg, and in mg beside it where that is easier to hold against a vial."""
    thousand = 1000
    milligrams = f" ({people({**dose, 'value': dose['value'] / thousand, 'unit': 'mg'})})"
    return people(dose) + (milligrams if dose["value"] >= thousand else "")


def _preparation(page: Page, each: Document) -> None:
    if each["preparation"]:
        page.field("prepare", each["preparation"])


def _delivers(page: Page, each: Document, exact: str) -> None:
    if each["deviation_percent"] or people(each.get("volume") or each["pump_rate"]) != exact:
        page.field("delivers", f"{people(each['delivered'])}, {_percent(each['deviation_percent'])} (exact: {exact})")


def _groups(options: Iterable[Document], name: str) -> Iterator[tuple[Document, str]]:
    """Yield one option for each concentration and way of giving, with the names of all products that share it."""
    groups: dict[tuple[str, str, str], list[Document]] = {}
    for option in options:
        key = (people(option["concentration"]), people(option[name]), option["how"])
        groups.setdefault(key, []).append(option)
    for group in groups.values():
        yield group[0], ", ".join(each["product"] for each in group)


def _volume_options(page: Page, options: list[Document]) -> None:
    label = "volume"
    for first, names in _groups(options, "volume"):
        page.field(label, f"{people(first['volume'])} of {people(first['concentration'])}: {names}", STRONG)
        page.field("", first["how"], QUIET)
        _delivers(page, first, people(first["exact_volume"]))
        label = "or"


def _infusion(page: Page, each: Document) -> None:
    page.heading(f"INFUSION {each['route']}, {each['role']}")
    rate = f"{people(each['dose_rate_per_kg'])} = {people(each['dose_rate'])}"
    if each["formula_dose_rate"]:
        rate = f"{people(each['dose_rate'])} (cap; the formula gives {people(each['formula_dose_rate'])})"
    page.field("dose rate", rate)
    if each["cap"]:
        page.field("label", each["cap"])
    if each["pump_rate"]:
        page.field("pump rate", f"{people(each['pump_rate'])} of {_supply(each)}", STRONG)
        _preparation(page, each)
        _delivers(page, each, people(each["exact_pump_rate"]))
    _rate_options(page, each["options"])
    if each["run_time"]:
        page.field("run time", f"{people(each['run_time'])} ({each['run_time_taken']})")
    if each["vtbi"]:
        exact = f" (exact: {people(each['exact_vtbi'])})" if people(each["exact_vtbi"]) != people(each["vtbi"]) else ""
        page.field("VTBI", f"{people(each['vtbi'])} in all{exact}", STRONG)
    for use in each["containers"]:
        ends = f"empty at {use['empty_elapsed']}" if use["empty_elapsed"] else "not emptied"
        left = f", {people(use['remaining'])} left" if use["remaining"] and use["remaining"]["value"] else ""
        page.field(f"container {use['container']}", f"VTBI {people(use['vtbi'])}, {ends}{left}")


def _rate_options(page: Page, options: list[Document]) -> None:
    label = "pump rate"
    for first, names in _groups(options, "pump_rate"):
        page.field(label, f"{people(first['pump_rate'])} of {people(first['concentration'])}: {names}", STRONG)
        _delivers(page, first, people(first["exact_pump_rate"]))
        if first["vtbi"]:
            page.field("VTBI", f"{people(first['vtbi'])} in all", STRONG)
        label = "or"


def _label_band(page: Page, band: Document) -> None:
    page.heading("THE LABEL'S WEIGHT-BAND ROW (another answer than the exact values above; never mix the two)")
    row = band["row"]
    if row is None:
        page.add(f"{band['refused']}; the exact values above stand", "warning", indent=2)
        return
    page.field("row", f"{people(row['from'])} to {people(row['to'])}, of {people(band['concentration'])}")
    page.field("bolus", f"{people(row['bolus_volume'])} in {people(row['give_over'])}", STRONG)
    page.field("pump rate", f"{people(row['pump_rate'])} ({row['column']})", STRONG)


def _column(page: Page, column: Document) -> None:
    page.heading(f"WHAT THE {column['title'].upper()} WOULD DO (not applied)")
    page.add(column["band"], indent=2)
    for each in column["boluses"]:
        page.field("bolus", _both(each["dose"], each, "volume"))
    for each in column["infusions"]:
        page.field(each["role"], _both(each["dose_rate_per_kg"], each, "pump_rate"))


def _both(dose: Document, each: Document, name: str) -> str:
    """Return a dose with its volume or pump rate at each concentration."""
    shown = [each] if each[name] else each["options"]
    settings = {f"{people(one[name])} of {people(one['concentration'])}": None for one in shown}
    return f"{people(dose)}" + (f" = {' or '.join(settings)}" if settings else "")


def _schedule(page: Page, made: Document) -> None:
    if made["schedule"]:
        page.heading("SCHEDULE (hours:minutes:seconds after the start of the first infusion)")
    for event in made["schedule"]:
        clock = f"  {event['at'].replace('T', ' ')}" if event["at"] else ""
        text = f"{event['elapsed']:>9}{clock}  {event['event']}: {event['detail']}"
        page.add(text, indent=2, hang=11)
    for note in made["notes"]:
        page.add(note, QUIET, indent=2, hang=2)
