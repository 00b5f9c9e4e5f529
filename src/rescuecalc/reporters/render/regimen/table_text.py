"""The table as text, CSV and Markdown; they render the document and calculate nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.quantities.decimal_text import people_number, plain
from rescuecalc.reporters.document.common_parts import people, signed
from rescuecalc.reporters.render import page as pages
from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Page
from rescuecalc.reporters.render.regimen.bedside_text import add_bedside, bedside_lines
from rescuecalc.reporters.render.text_formats import csv_text, for_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rescuecalc.reporters.document.common_parts import Document


APPROVAL: Final = "date ______________  approved by ________________________________"
"""What is written by hand: nothing here knows when a ward takes a table into use, nor who answers for it."""


class TableColumn(NamedTuple):
    """One column: heading, unit, the concentration its volumes belong to, and where in a row it stands.

    A volume or pump rate never stands without its concentration: where no product is named there is one column for each
    concentration, and ``option`` names it. ``label`` is the place among the labels' columns, None for the protocol's.
    """

    heading: str
    unit: str
    strength: str
    key: str
    option: str = ""
    label: int | None = None


_PARTS = (
    ("bolus", "bolus", "bolus_dose", "bolus_volume", "bolus_concentration", "mL"),
    ("load", "loading", "load_dose_rate", "load_pump_rate", "infusion_concentration", "mL/h"),
    ("maintenance", "infusion", "dose_rate", "pump_rate", "infusion_concentration", "mL/h"),
)


def _settings(made: Document, label: int | None, title: str) -> Iterator[TableColumn]:
    rows = made["rows"]
    cells = [row if label is None else row["renal_columns"][label] for row in rows]
    first = cells[0]
    for part, heading, dose, key, strength, unit in _PARTS:
        name = f"{title} {made['called'] if part == 'bolus' else heading}".strip()
        if label is not None and all(_same(row, cell, part, key) for row, cell in zip(rows, cells, strict=True)):
            continue  # the label changes nothing here
        if first[dose] and label is None:
            yield TableColumn(name, first[dose]["unit"], "", dose)
        if first[key]:
            yield TableColumn(name, unit, people(first[strength]), key, "", label)
        options = (option for cell in cells for option in cell["options"][part])
        for concentration in dict.fromkeys(people(option["concentration"]) for option in options):
            yield TableColumn(name, unit, concentration, part, concentration, label)


def _same(row: Document, cell: Document, part: str, key: str) -> bool:
    return bool(row[key] == cell[key] and row["options"][part] == cell["options"][part])


def columns_of(made: Document) -> list[TableColumn]:
    """Return the columns of a table, the weight first."""
    rows = made["rows"]
    columns = [TableColumn("weight", "kg", "", "weight"), *_settings(made, None, "")]
    for place, column in enumerate(rows[0]["renal_columns"]):
        columns.extend(_settings(made, place, column["title"]))
    return columns


def _cell(row: Document, column: TableColumn, *, for_people: bool) -> str:
    cells = row if column.label is None else row["renal_columns"][column.label]
    if column.option:
        options = (each for each in cells["options"][column.key] if people(each["concentration"]) == column.option)
        option = next(options, None)
        if option is None:
            return "-" if for_people else ""  # it would round to 0 at this weight
        value = option["volume"] if column.key == "bolus" else option["pump_rate"]
    else:
        value = cells[column.key]
    return people_number(value["value"]) if for_people else plain(value["value"])


def _marked(column: TableColumn, made: Document) -> str:
    """Return a heading; that of a load's rate says for how long it runs."""
    mark = load_mark(made) if is_load(column) else ""
    return f"{column.heading} ({mark})" if mark else column.heading


def _deviation(row: Document) -> str:
    worst = row["worst_deviation_percent"]
    return "" if worst is None else signed(worst)


def _machine_name(column: TableColumn) -> str:
    """Return a column name for scripts: ``bolus_mL_of_50_mcg_per_mL``."""
    name = f"{column.heading} {column.unit}" + (f" of {column.strength}" if column.strength else "")
    return name.replace("/", "_per_").replace(" ", "_")


def table_csv(made: Document) -> str:
    """Return the rows as CSV; numbers without thousands comma, units in the headings, what they belong to beside."""
    columns = columns_of(made)
    headings = [*map(_machine_name, columns), "worst_rounding_percent", "protocol", "crcl_mL_per_min", "findings"]
    return csv_text(headings, (_csv_cells(made, row, columns) for row in made["rows"]))


def _csv_cells(made: Document, row: Document, columns: Sequence[TableColumn]) -> list[str]:
    cells, clearance = [_cell(row, column, for_people=False) for column in columns], made["creatinine_clearance"]
    worst = "" if row["worst_deviation_percent"] is None else plain(row["worst_deviation_percent"])
    given = plain(clearance["value"]) if clearance else ""
    return [*cells, worst, made["protocol"]["id"], given, " ".join(row["findings"])]


def table_markdown(made: Document, facts: Document) -> str:
    """Return the rows as a Markdown table with its title, findings and sources."""
    made, facts = for_markdown(made), for_markdown(facts)
    columns = columns_of(made)
    protocol = made["protocol"]
    lines = [f"# {protocol['id']}: {protocol['title']} ({protocol['drug']})", "", APPROVAL.replace("_", "&#95;"), ""]
    lines += [f"- {line}" for line in (*about(made), *several_containers(made))] + [""]
    headings = [f"{_marked(c, made)}, {c.unit}" + (f" of {c.strength}" if c.strength else "") for c in columns]
    lines.append("| " + " | ".join([*headings, "worst rounding, %"]) + " |")
    lines.append("|" + " ---: |" * (len(columns) + 1))
    for row in made["rows"]:
        cells = [*(_cell(row, column, for_people=True) for column in columns), _deviation(row)]
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "## At the bedside", "", *(f"- {each}" for each in bedside_lines(made, facts))]
    lines += ["", "## Findings", ""]
    lines += [f"- **{severity}** {code} {message}" for severity, code, message in _findings(made)]
    lines += ["", "## Sources", "", *(f"- {pages.cited(each)}" for each in made["sources"])]
    return "\n".join(lines) + "\n"


def by_code(made: Document) -> list[Document]:
    """Return the findings as one of each code, its message with the rows that it belongs to."""
    named = {each["code"]: each["name"] for each in made["findings"]}
    return [
        {"severity": severity, "code": code, "message": message, "name": named[code]}
        for severity, code, message in _findings(made)
    ]


def several_containers(made: Document) -> list[str]:
    """Return at which weights a bolus takes more than one container of a product, and how many."""
    weights: dict[tuple[str, int], list[str]] = {}
    for row in made["rows"]:
        own = {"product": row["bolus_product"], "containers": row["bolus_containers"]}
        for each in (own, *row["options"]["bolus"]):
            if (each["containers"] or 0) > 1:
                named = weights.setdefault((each["product"], each["containers"]), [])
                named.append(people_number(row["weight"]["value"]))
    return [
        f"one {made['called']} takes {number} of {product} at {each[0]}{f' to {each[-1]}' if len(each) > 1 else ''} kg"
        for (product, number), each in weights.items()
    ]


def is_load(column: TableColumn) -> bool:
    """Return whether a column holds pump rates of a load."""
    return column.key in {"load", "load_pump_rate"}


def load_mark(made: Document) -> str:
    """Return what stands above the rate of a load, so that nobody leaves it running: ``30 min only``."""
    return f"{people(made['load_run_time'])} only" if made["load_run_time"] else ""


def run_times(made: Document) -> list[str]:
    """Return for how long the protocol runs its infusions, in one part; none where it has no infusion.

    >>> run_times({"regimen": ["maintenance infusion IV, 0.15 mcg/kg/min, up to 18 h"]})
    ['run time up to 18 h']
    """
    parts = [each.split(", ", 2)[2] for each in made["regimen"] if "infusion" in each.partition(",")[0]]
    times = ", then ".join(each.removeprefix("run time ").removeprefix("for ") for each in parts)
    return [f"run time {times}"] if times else []


def about(made: Document) -> list[str]:
    """Return what the numbers belong to: regimen, clearance, labels, products."""
    lines = list(made["regimen"])
    clearance, rule = made["creatinine_clearance"], made["renal"]
    if clearance is not None:
        applied = rule["band"] if rule else "not applied, no renal rule is stated"
        lines.append(f"CrCl {people(clearance)}: {applied}")
    columns = made["rows"][0]["renal_columns"]
    labels = (
        f"{column['title']} would do (shown, not applied): {'; '.join([column['band'], *column['remarks']])}"
        for column in columns
    )
    return [*lines, *labels, *made["how"]]


def _findings(made: Document) -> Iterator[tuple[str, str, str]]:
    """Yield the findings, those of one code together: they differ only in the row's numbers."""
    groups: dict[str, list[Document]] = {}
    for each in made["findings"]:
        groups.setdefault(each["code"], []).append(each)
    for code, group in groups.items():
        weights = [people_number(each) for each in sorted({w["value"] for one in group for w in one["weights"]})]
        rows = "all rows" if len(weights) == len(made["rows"]) else f"{', '.join(weights)} kg"
        others = " (and so on for the other rows)" if len(group) > 1 else ""
        yield group[0]["severity"], code, f"[{rows}] {group[0]['message']}{others}"


def table_page(made: Document, facts: Document, width: int = WIDTH) -> Page:
    """Return the page of a `table` document; a table too wide for the page is set in parts that repeat the weight."""
    page = Page(width)
    protocol = made["protocol"]
    page.add(f"{protocol['drug'].upper()}  {protocol['id']}: {protocol['title']}", STRONG)
    page.add(APPROVAL)
    for line in (*about(made), *several_containers(made)):
        page.add(line, hang=2)
    for part in _table_groups(made, width):
        page.add("")
        page.rows(part)
    page.add("")
    page.add("volumes and pump rates are rounded half up to the step; --format json holds the exact values", QUIET)
    add_bedside(page, made, facts)
    pages.findings(page, by_code(made))
    pages.source_list(page, made["sources"])
    return page


def _table_groups(made: Document, width: int) -> Iterator[list[list[str]]]:
    weight, *columns = columns_of(made)
    rounding = ["rounding", "worst, %", "", *(_deviation(row) for row in made["rows"])]
    texts = [*(texts_of(made, column) for column in columns), rounding]
    return column_groups(texts_of(made, weight), texts, width)


def column_groups(
    first: list[str], texts: Sequence[list[str]], width: int, between: int = 2
) -> Iterator[list[list[str]]]:
    """Yield the columns ``texts`` in parts that are no wider than ``width``, each with ``first`` as its first column.

    ``between`` are the spaces between two columns.
    """
    part: list[list[str]] = []
    for column in texts:
        used = sum(between + max(map(len, each)) for each in (first, *part, column))
        if part and used > width:
            yield _rows(first, part)
            part = []
        part.append(column)
    yield _rows(first, part)


def texts_of(made: Document, column: TableColumn) -> list[str]:
    """Return a column as texts: heading, unit, concentration, and a cell for each row."""
    strength = f"of {column.strength}" if column.strength else ""
    return [
        _marked(column, made),
        column.unit,
        strength,
        *(_cell(row, column, for_people=True) for row in made["rows"]),
    ]


def _rows(first: list[str], part: list[list[str]]) -> list[list[str]]:
    return [list(row) for row in zip(first, *part, strict=True)]
