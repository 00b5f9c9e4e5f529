"""Compared studies as a page, as CSV and as Markdown; and the page of `evidence check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.literature.study import OUTCOMES
from rescuecalc.core.quantities.decimal_text import people_number
from rescuecalc.reporters.render import page as pages
from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Page
from rescuecalc.reporters.render.studies.evidence_text import printed_text
from rescuecalc.reporters.render.studies.forest_plot import forest_lines
from rescuecalc.reporters.render.text_formats import csv_text, for_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rescuecalc.reporters.document.common_parts import Document

from rescuecalc.reporters.document.studies.comparison import MEASURES


def signed_number(each: Document, key: str) -> str:
    """Return a number of an estimate as people read it, with its sign."""
    number = each[key]
    return f"-{people_number(-number)}" if number < 0 else people_number(number)


def estimate_text(each: Document) -> str:
    """Return an estimate with its interval."""
    value, low, high = (signed_number(each, key) for key in ("value", "low", "high"))
    unit = "" if each["unit"] == "1" else f" {each['unit']}"
    wide = "; an interval over a hundredfold is no information" if each["uninformative"] else ""
    return f"{value} ({low} to {high}){unit}{wide}"


def comparison_page(made: Document, width: int = WIDTH) -> Page:
    """Return the page of a comparison: computed first, then as printed, a forest plot, methods and the conclusion."""
    page = Page(width)
    about = OUTCOMES[made["outcome"]] if made["outcome"] else "every outcome"
    page.add(f"{about.upper()}: arms side by side", STRONG)
    for each in (one for one in made["comparisons"] if one["arms"]):
        page.heading(f"{each['id']}  {each['name']}: {each['label']}")
        for arm in each["arms"]:
            page.field(f"{arm['events']}/{arm['of']}", f"{arm['percent']} %  {arm['arm']}", column=16)
        page.field("printed", printed_text(each), column=16)
        for name, words in MEASURES.items():
            page.field(words, estimate_text(each[name]), column=16)
        if each["recomputed"]:
            page.add(f"recomputed: {each['recomputed']}", "warning", indent=2, hang=2)
    _as_printed(page, "AS PRINTED (nothing is computed)", [one for one in made["comparisons"] if not one["arms"]])
    _as_printed(page, "BEYOND THE REVIEW, AS PRINTED (never counted with its studies)", made["beyond_the_review"])
    _forest(page, made)
    page.heading("METHODS (95 % intervals)")
    for words in (*made["methods"], *made["notes"]):
        page.add(words, indent=2, hang=2)
    page.heading("THE REVIEW'S CONCLUSION")
    page.add(made["conclusion"], indent=2)
    pages.source_list(page, made["sources"])
    return page


def _as_printed(page: Page, heading: str, found: Sequence[Document]) -> None:
    if found:
        page.heading(heading)
    for each in found:
        page.add(f"{each['id']}  {each['label']}: {printed_text(each)}", indent=2, hang=4)
        page.add(each["not_computed"], QUIET, indent=6)


def _forest(page: Page, made: Document) -> None:
    lines = forest_lines(made, page.width)
    if lines:
        page.heading("RATIOS OF THE REVIEW'S STUDIES (computed odds ratios, ratios as printed; never pooled)")
    for line in lines:
        page.exactly(line)


_HEADINGS: Final = ("id", "label", "figure", "interval", "p", "arm_1", "arm_2", *MEASURES, "not_computed")


def _rows(made: Document) -> Iterator[list[str]]:
    for each in (*made["comparisons"], *made["beyond_the_review"]):
        arms = [f"{arm['events']}/{arm['of']} {arm['arm']}" for arm in each["arms"]] or ["", ""]
        first = [each["id"], each["label"], each["figure"], each["interval"] or "", each["p"] or ""]
        measures = [estimate_text(each[name]) if each[name] else "" for name in MEASURES]
        yield [*first, *arms, *measures, each["not_computed"] or ""]


def comparison_csv(made: Document) -> str:
    """Return one row for each figure."""
    return csv_text(_HEADINGS, _rows(made))


def comparison_markdown(made: Document) -> str:
    """Return one row for each figure as a Markdown table, with methods, conclusion and sources."""
    made = for_markdown(made)
    lines = ["| " + " | ".join(_HEADINGS) + " |", "|" + " --- |" * len(_HEADINGS)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in _rows(made)]
    lines += ["", *(f"- {each}" for each in (*made["methods"], *made["notes"])), "", made["conclusion"], ""]
    return "\n".join([*lines, *(f"- {pages.cited(each)}" for each in made["sources"])]) + "\n"


def check_page(made: Document, width: int = WIDTH) -> Page:
    """Return the page of the recomputed figures."""
    page = Page(width)
    for each in made["checks"]:
        verdict = "agrees   " if each["agrees"] else "DISAGREES"
        page.add(f"{verdict} {each['id']}  {each['label']}", "plain" if each["agrees"] else "warning", hang=10)
        page.add(each["recomputed"], QUIET, indent=10)
    total = made["summary"]
    page.add("")
    page.add(
        f"{total['recomputed']} figures recomputed, {total['agree']} agree, {total['disagree']} disagree; each "
        "disagreement is a note in the data, never a correction"
    )
    for words in made["methods"]:
        page.add(words, QUIET)
    return page
