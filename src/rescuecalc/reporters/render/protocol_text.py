"""The pages of `protocol`: the list, one protocol, and what a site's own file leaves to do."""

from __future__ import annotations

from typing import Final

from rescuecalc.reporters.document import common_parts
from rescuecalc.reporters.document.common_parts import Document, people
from rescuecalc.reporters.render import page as pages
from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Page


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
    """Return the whole page of `protocol show`."""
    page = stated_page(made, width)
    pages.before_the_start(page, made)
    if made["label_band"]:
        _band_rows(page, made["label_band"])
    pages.source_list(page, every_source(made))
    return page


def every_source(made: Document) -> list[Document]:
    """Return the sources of a protocol and of what stands beside it."""
    parts = (made["renal"], made["label_band"], *made["before_start"])
    return [*made["sources"], *(each for part in parts if part for each in part["sources"])]


def stated_page(made: Document, width: int, *, remarks: bool = True) -> Page:
    """Return what the source states, and what it does not state."""
    page = Page(width)
    page.add(f"{made['drug'].upper()}  {made['id']}: {made['title']}", STRONG)
    for each in made["findings"]:
        page.add(f"{each['severity'].upper():<8}{each['code']}  {each['message']}", each["severity"], hang=15)
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
        page.field("not stated", ", ".join(common_parts.key_in_words(word) for word in made["not_stated"]), indent=0)
    _remarks(page, made, ("unclear", "remarks") if remarks else ("unclear",))
    return page


def _remarks(page: Page, made: Document, kinds: tuple[str, ...]) -> None:
    """Add what the source is not, warns of and leaves unclear, and what to know besides."""
    for label, key in (("not rescue", "not_rescue"), ("warning", "contraindicated")):
        if made[key]:
            page.field(label, made[key], indent=0)
    for key in kinds:
        for words in made[key]:
            page.field(key.removesuffix("s"), words, indent=0)
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


def check_page(made: Document, width: int = WIDTH) -> Page:
    """Return the page of a `protocol check` that found nothing wrong."""
    page = Page(width)
    page.add(f"{made['file']}: the protocol {made['id']} can be read, and every entry has a source")
    pages.findings(page, made["findings"])
    if made["would_widen"]:
        page.heading("PUBLISHED RANGES THAT DO NOT INCLUDE THESE DOSES (they stay as they are)")
    for each in made["would_widen"]:
        phase = "" if each["phase"] == each["kind"] else f", {each['phase']}"
        of = f"{each['drug']} {each['route']} {each['kind']}{phase}, indication {each['indication']}"
        page.add(f"{of}: {each['before'] or 'none is held'} → {each['after']}", "warning", indent=2, hang=2)
    return page
