"""A plan for other programs: CSV and Markdown of its events, and a calendar. They render the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.quantities.decimal_text import plain
from rescuecalc.reporters.document.common_parts import people
from rescuecalc.reporters.document.regimen.bedside import of_severity
from rescuecalc.reporters.render import page as pages
from rescuecalc.reporters.render.regimen.bedside_text import bedside_lines, weighty
from rescuecalc.reporters.render.regimen.dose_wording import moment
from rescuecalc.reporters.render.regimen.plan_wording import GIVEN, dose_words, gap_words, headline
from rescuecalc.reporters.render.text_formats import csv_text, for_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rescuecalc.reporters.document.common_parts import Document

_COLUMNS = ("at", "elapsed", "until", "event", "drug", "dose", "route", "detail", "stated", "source")


def _cells(each: Document) -> list[str]:
    dose = f"{plain(each['dose']['value'])} {each['dose']['unit']}" if each["dose"] else ""
    cited = pages.cited(each["source"]) if each["source"] else ""
    times = [each["at"] or "", each["elapsed"] or "", each["until_elapsed"] or ""]
    return [*times, each["event"], each["drug"] or "", dose, each["route"] or "", each["detail"], each["stated"], cited]


def plan_csv(made: Document, facts: Document) -> str:
    """Return one row for each event; a time that nobody states is empty.

    The last cell is what has to be read before the numbers: in the first row in full, beside each dose in short.
    """
    full, short = "; ".join((*weighty(made), *bedside_lines(made, facts))), _codes(made)
    remarks = [full, *(short if each["event"] in GIVEN else "" for each in made["events"][1:])]
    rows = zip(made["events"], remarks, strict=True)
    return csv_text((*_COLUMNS, "read_first"), ([*_cells(each), remark] for each, remark in rows))


def _codes(made: Document) -> str:
    """Return the worst findings by code: errors, and warnings where there is no error."""
    errors = ", ".join(f"{each['code']} {each['name']}" for each in of_severity(made, "error"))
    warnings = ", ".join(each["code"] for each in of_severity(made, "warning"))
    return f"DO NOT USE: {errors}" if errors else f"warnings: {warnings}" if warnings else ""


def plan_markdown(made: Document, facts: Document) -> str:
    """Return the plan as Markdown: doses, bridge, sequence, coverage, findings, sources."""
    made, facts = for_markdown(made), for_markdown(facts)
    protocol = made["protocol"]
    lines = [f"# {protocol['id'] or 'your own regimen'}: {protocol['title']} ({protocol['drug']})", ""]
    lines += [f"- **DO NOT USE**: {each['code']} {each['message']}" for each in of_severity(made, "error")]
    lines += [f"- {line}" for line in _patient(made)]
    for heading, body in _sections(made, facts):
        lines += ["", f"## {heading}", "", *body]
    return "\n".join(lines) + "\n"


def _patient(made: Document) -> Iterator[str]:
    weight, clearance = made["dosing_weight"], made["creatinine_clearance"]
    yield f"dosing weight: {people(weight)}" if weight else "dosing weight: not given"
    yield f"creatinine clearance: {people(clearance)}" if clearance else "creatinine clearance: not stated"
    yield f"start: {made['start'] or 'not stated; times are counted from it'}"


def _sections(made: Document, facts: Document) -> Iterator[tuple[str, list[str]]]:
    yield "Doses", list(_doses(made))
    yield "Bridge", list(_bridge(made))
    yield (
        "Sequence",
        _table(["elapsed", "at", "what", "detail", "stated"], [_row(each, made) for each in made["events"]]),
    )
    intervals = [
        [moment(each, "from_"), moment(each, "to_") if each["to_elapsed"] else "on", *_covered(each)]
        for each in _intervals(made)
    ]
    yield "Coverage", [*_table(["from", "to", "covered by", "possibly", "unknown"], intervals), "", *_gaps(made)]
    yield "At the bedside", [f"- {each}" for each in bedside_lines(made, facts)]
    yield "Findings", [f"- **{each['severity']}** {each['code']} {each['message']}" for each in made["findings"]]
    yield "Before the start", [f"- {each['words']}" for each in made["before_start"]]
    yield "If", [f"- {each['when']}: {each['then']}" for each in made["conditions"]]
    yield "How to choose", [f"- {each['about']}: {each['words']}" for each in made["choosing"]]
    yield "Notes", [f"- {each}" for each in made["notes"]]
    yield "Sources", [f"- {pages.cited(each)}" for each in made["sources"]]


def _intervals(made: Document) -> list[Document]:
    found: list[Document] = made["coverage"]["intervals"]
    return found


def _covered(each: Document) -> list[str]:
    return [", ".join(each[key]) or "-" for key in ("covered_by", "possibly_by", "unknown")]


def _gaps(made: Document) -> Iterator[str]:
    for each in made["coverage"]["agents"]:
        yield f"- {each['drug']}: gap {gap_words(each['gap'])}"
    yield f"- total: gap {gap_words(made['coverage']['gap'])}"
    for name in ("worst_case", "best_case"):
        yield f"- {name.replace('_', ' ')}: {made['coverage'][name]}"


def _doses(made: Document) -> Iterator[str]:
    for each in made["boluses"]:
        volume = f" = {people(each['volume'])} of {people(each['concentration'])}" if each["volume"] else ""
        yield f"- {each['called']} {each['route']}: {people(each['dose'])}{volume}"
        yield from _options(each["options"], "volume")
    for each in made["infusions"]:
        rate = f", {people(each['pump_rate'])} of {people(each['concentration'])}" if each["pump_rate"] else ""
        run = f" for {people(each['run_time'])}" if each["run_time"] else ""
        yield f"- {each['role']} infusion {each['route']}: {people(each['dose_rate_per_kg'])}{rate}{run}"
        yield from _options(each["options"], "pump_rate")


def _options(options: list[Document], name: str) -> Iterator[str]:
    for one in options:
        yield f"  - {people(one[name])} of {people(one['concentration'])} ({one['product']})"


def _bridge(made: Document) -> Iterator[str]:
    lysis = made["thrombolysis"]
    thrombolysis = "not stated" if lysis is None else f"at {lysis['elapsed']}" if lysis["given"] else "none given"
    yield f"- thrombolysis: {thrombolysis}"
    for each in made["antiplatelets"]:
        if each["dose"] or each["purpose"] != "load":
            yield f"- {dose_words(each)}, {each['elapsed'] or 'time not stated'} ({each['stated']})"
    overlap = f"{people(made['overlap'])} ({made['overlap_stated']})" if made["overlap"] else "not stated"
    yield f"- overlap: {overlap}"
    if made["beside"]:
        yield f"- beside: {', '.join(made['beside'])}"


def _row(each: Document, made: Document) -> list[str]:
    return [each["elapsed"] or "not stated", each["at"] or "-", headline(each, made), each["detail"], each["stated"]]


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(headings) + " |", "|" + " --- |" * len(headings)]
    return lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
