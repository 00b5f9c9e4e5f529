"""The document of `table`: one protocol over a range of weights, as JSON, CSV, Markdown or text."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from rescuecalc.core import second_route
from rescuecalc.core.notation import people_number, plain
from rescuecalc.reporters import doses
from rescuecalc.reporters import page as pages
from rescuecalc.reporters.dose_document import protocol_summary
from rescuecalc.reporters.page import QUIET, STRONG, WIDTH, Page
from rescuecalc.reporters.parts import Document, finding, header, people, quantity, sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rescuecalc.core.finding import Finding
    from rescuecalc.core.regimen import Regimen


def _row(result: Regimen, findings: tuple[Finding, ...]) -> Document:
    boluses = [doses.bolus(each) for each in result.boluses]
    infusions = [doses.infusion(each, place, ()) for place, each in enumerate(result.infusions)]
    second_route.check_doses(boluses, infusions, doses.given(result))
    by_role = {each["role"]: each for each in infusions}
    bolus, load, maintenance = boluses[0] if boluses else {}, by_role.get("load", {}), by_role.get("maintenance", {})
    return {
        "weight": quantity(result.choices.weight),
        "bolus_dose": bolus.get("dose"),
        "bolus_volume": bolus.get("volume"),
        "exact_bolus_volume": bolus.get("exact_volume"),
        "bolus_concentration": bolus.get("concentration"),
        "load_dose_rate": load.get("dose_rate"),
        "load_pump_rate": load.get("pump_rate"),
        "exact_load_pump_rate": load.get("exact_pump_rate"),
        "dose_rate": maintenance.get("dose_rate"),
        "pump_rate": maintenance.get("pump_rate"),
        "exact_pump_rate": maintenance.get("exact_pump_rate"),
        "infusion_concentration": maintenance.get("concentration"),
        "options": {
            "bolus": bolus.get("options", []),
            "load": load.get("options", []),
            "maintenance": maintenance.get("options", []),
        },
        "findings": [each.code for each in findings],
    }


def table_document(rows: Sequence[tuple[Regimen, tuple[Finding, ...]]]) -> Document:
    """Return the document of `table`: a row for each weight, and every finding once, with the weights it belongs to.

    Raises DoubleCheckFailed where any number of it does not lead back to what was given.
    """
    first = rows[0][0]
    merged: dict[tuple[str, str], Document] = {}
    for result, found in rows:
        for each in found:
            made = merged.setdefault((each.code, each.message), {**finding(each), "weights": []})
            made["weights"].append(quantity(result.choices.weight))
    cited = [*first.protocol.sources, *(first.rule.sources if first.rule else ())]
    return {
        **header("table"),
        "protocol": protocol_summary(first.protocol),
        "creatinine_clearance": quantity(first.choices.clearance),
        "renal": {"rule": first.rule.id, "band": first.band.words} if first.rule and first.band else None,
        "rows": [_row(result, found) for result, found in rows],
        "findings": list(merged.values()),
        "sources": sources([*cited, *(source for _, found in rows for each in found for source in each.sources)]),
    }


def _columns(made: Document) -> list[tuple[str, str, str, str]]:
    """Return the filled columns: heading, unit with concentration, the row's key, and the option's concentration.

    A volume or pump rate never stands without the concentration it belongs to: where no product is named there is one
    column for each concentration.
    """
    first = made["rows"][0]
    columns = [("weight", "kg", "weight", "")]
    if first["bolus_dose"]:
        columns.append(("bolus", first["bolus_dose"]["unit"], "bolus_dose", ""))
    for part, heading, key, strength in (
        ("bolus", "bolus", "bolus_volume", "bolus_concentration"),
        ("load", "load", "load_pump_rate", "infusion_concentration"),
        ("maintenance", "infusion", "pump_rate", "infusion_concentration"),
    ):
        if first[key]:
            columns.append((heading, f"{first[key]['unit']} of {people(first[strength])}", key, ""))
        options = (option for row in made["rows"] for option in row["options"][part])
        for concentration in dict.fromkeys(people(option["concentration"]) for option in options):
            unit = "mL" if part == "bolus" else "mL/h"
            columns.append((heading, f"{unit} of {concentration}", part, concentration))
    return columns


def _cell(row: Document, key: str, concentration: str, *, for_people: bool) -> str:
    if concentration:
        options = (option for option in row["options"][key] if people(option["concentration"]) == concentration)
        option = next(options, None)
        if option is None:
            return ""  # it would round to 0 at this weight
        value = option["volume"] if key == "bolus" else option["pump_rate"]
    else:
        value = row[key]
    return people_number(value["value"]) if for_people else plain(value["value"])


def _heading(heading: str, unit: str) -> str:
    """Return a machine-readable column name: ``bolus_mL_of_50_mcg_per_mL``."""
    return (
        f"{heading} {unit}".replace("mcg/mL", "mcg_per_mL")
        .replace("mL/h", "mL_per_h")
        .replace(" ", "_")
        .replace("/", "_per_")
    )


def table_csv(made: Document) -> str:
    """Return the rows as CSV; numbers without thousands comma, units in the headings."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = _columns(made)
    writer.writerow([*(_heading(heading, unit) for heading, unit, _, _ in columns), "findings"])
    for row in made["rows"]:
        cells = [_cell(row, key, concentration, for_people=False) for _, _, key, concentration in columns]
        writer.writerow([*cells, " ".join(row["findings"])])
    return text.getvalue()


def table_markdown(made: Document) -> str:
    """Return the rows as a Markdown table with its title, findings and sources."""
    columns = _columns(made)
    protocol = made["protocol"]
    lines = [f"# {protocol['id']}: {protocol['title']} ({protocol['drug']})", ""]
    lines += [f"{_applied(made)}", ""] if _applied(made) else []
    lines.append("| " + " | ".join(f"{heading}, {unit}" for heading, unit, _, _ in columns) + " |")
    lines.append("|" + " ---: |" * len(columns))
    for row in made["rows"]:
        cells = (_cell(row, key, concentration, for_people=True) for _, _, key, concentration in columns)
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "## Findings", ""]
    lines += [
        f"- **{each['severity']}** {each['code']} ({_weights(made, each)}): {each['message']}"
        for each in made["findings"]
    ]
    lines += ["", "## Sources", "", *(f"- {pages.cited(each)}" for each in made["sources"])]
    return "\n".join(lines) + "\n"


def _applied(made: Document) -> str:
    clearance, rule = made["creatinine_clearance"], made["renal"]
    if clearance is None:
        return ""
    return f"CrCl {people(clearance)}: {rule['band'] if rule else 'not applied, the protocol has no renal rule'}"


def _weights(made: Document, each: Document) -> str:
    """Return the rows that a finding belongs to: all, or the weights."""
    if len(each["weights"]) == len(made["rows"]):
        return "all rows"
    return ", ".join(people_number(weight["value"]) for weight in each["weights"]) + " kg"


def table_page(made: Document, width: int = WIDTH) -> Page:
    """Return the page of a `table` document."""
    page = Page(width)
    protocol = made["protocol"]
    page.add(f"{protocol['drug'].upper()}  {protocol['id']}: {protocol['title']}", STRONG)
    if _applied(made):
        page.add(_applied(made))
    page.add("")
    columns = _columns(made)
    rows = [[heading for heading, _, _, _ in columns], [unit.partition(" of ")[0] for _, unit, _, _ in columns]]
    strengths = [unit.partition(" of ")[2] for _, unit, _, _ in columns]
    rows.append([f"of {strength}" if strength else "" for strength in strengths])
    rows += [[_cell(row, *column[2:], for_people=True) for column in columns] for row in made["rows"]]
    page.rows(rows)
    page.add("")
    page.add("volumes and pump rates are rounded half up to the step; --format json holds the exact values", QUIET)
    pages.findings(
        page, [{**each, "message": f"[{_weights(made, each)}] {each['message']}"} for each in made["findings"]]
    )
    pages.source_list(page, made["sources"])
    return page
