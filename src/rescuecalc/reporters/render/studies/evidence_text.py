"""Studies as a page, as CSV and as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.literature.study import PARTS, STRATEGIES
from rescuecalc.reporters.render import page as pages
from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Page
from rescuecalc.reporters.render.text_formats import csv_text, for_markdown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.reporters.document.common_parts import Document


def printed_text(each: Document) -> str:
    """Return a figure as printed, with its interval and p."""
    interval = f" ({each['interval']})" if each["interval"] else ""
    sign = "" if (each["p"] or "").startswith(("<", ">")) else "="
    p = f", p{sign}{each['p']}" if each["p"] else ""
    wide = "; an interval over a hundredfold is no information" if each["uninformative"] else ""
    return f"{each['figure']}{interval}{p}{wide}"


def _strategy_and_territory(each: Document) -> str:
    """Return strategy and territory as people read them."""
    strategies = ", ".join(STRATEGIES[key] for key in each["strategies"])
    if each["territory"] == "not stated":
        return f"{strategies}; territory not stated"
    plural = "s" if each["territory"] == "both" else ""
    return f"{strategies}; {each['territory']} circulation{plural}"


def _reference(each: Document) -> str:
    if each["ref"] is None:
        return "beyond the review"
    return "the review's case" if each["ref"] == "case" else f"reference {each['ref']}"


def evidence_page(made: Document, width: int = WIDTH, *, whole: bool) -> Page:
    """Return the page of studies; ``whole`` adds design, comparison and notes of each."""
    page = Page(width)
    for each in made["studies"]:
        _entry(page, each, whole=whole)
    if made["beyond_the_review"]:
        page.heading("BEYOND THE REVIEW (later or outside it; never counted with its studies)")
    for each in made["beyond_the_review"]:
        _entry(page, each, whole=whole)
    _review(page, made)
    pages.source_list(page, made["sources"])
    return page


def _entry(page: Page, each: Document, *, whole: bool) -> None:
    if page.lines:
        page.add("")
    page.add(f"{each['id']}  {each['name']} ({_reference(each)})", STRONG, hang=4)
    page.add(_strategy_and_territory(each), indent=4, hang=2)
    page.field("n", each["n"], indent=4, column=15)
    if whole:
        page.field("design", each["design"], indent=4, column=15)
        page.field("compared with", each["compared_with"], indent=4, column=15)
    for outcome in each["outcomes"]:
        page.add(f"{outcome['label']}: {printed_text(outcome)}", indent=4, hang=2)
        if whole and outcome["recomputed"]:
            page.add(f"recomputed: {outcome['recomputed']}", "warning", indent=6, hang=2)
    if not each["outcomes"]:
        only = "cited by name only; " if each["by_name_only"] else ""
        page.add(f"{only}no figure is held here", QUIET, indent=4)
    for note in each["notes"] if whole else ():
        page.add(f"note: {note}", "warning", indent=4, hang=2)


def _review(page: Page, made: Document) -> None:
    """Add what the review says around its figures, its conclusion and its defects."""
    page.heading("THE REVIEW'S INTRODUCTION")
    for words in made["introduction"]:
        page.add(words, indent=2, hang=2)
    page.heading("THE REVIEW'S CAVEATS")
    for words in made["caveats"]:
        page.add(words, indent=2, hang=2)
    page.heading("THE REVIEW'S CONCLUSION")
    page.add(made["conclusion"], indent=2)
    page.heading("KNOWN DEFECTS OF THE REVIEW (those of one study stand beside it)")
    for defect in made["review_defects"]:
        page.add(defect, indent=2, hang=2)


_HEADINGS = ("id", "ref", "name", "strategies", "territory", "n", "outcome", "label", "figure", "interval", "p")


def _rows(made: Document) -> Iterable[list[str]]:
    for each in (*made["studies"], *made["beyond_the_review"]):
        first = [
            each["id"],
            each["ref"] or "beyond the review",
            each["name"],
            " ".join(each["strategies"]),
            each["territory"],
            each["n"],
        ]
        for outcome in each["outcomes"] or [dict.fromkeys(_HEADINGS[6:], "")]:
            yield [*first, *(outcome[key] or "" for key in _HEADINGS[6:])]


def evidence_csv(made: Document) -> str:
    """Return one row for each figure."""
    return csv_text(_HEADINGS, _rows(made))


def evidence_markdown(made: Document) -> str:
    """Return one row for each figure, as a Markdown table, with the conclusion and sources."""
    made = for_markdown(made)
    lines = ["| " + " | ".join(_HEADINGS) + " |", "|" + " --- |" * len(_HEADINGS)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in _rows(made)]
    for part in PARTS:
        lines += ["", f"**{part}**", "", *(f"- {words}" for words in made[part])]
    lines += ["", made["conclusion"], "", *(f"- {pages.cited(each)}" for each in made["sources"])]
    return "\n".join(lines) + "\n"
