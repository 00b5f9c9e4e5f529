"""Strategies as a page, as CSV and as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.literature.study import PARTS
from rescuecalc.reporters.render import page as pages
from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Page
from rescuecalc.reporters.render.text_formats import csv_text, for_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rescuecalc.reporters.document.common_parts import Document

from rescuecalc.reporters.document.studies.strategy import NOTHING_READ

_COLUMN: Final = 16

_LISTED: Final = {
    True: "the review lists it as an indication for rescue",
    False: "the review does not list it as an indication",
}


def strategy_page(made: Document, width: int = WIDTH) -> Page:
    """Return the page of `strategy`."""
    page = Page(width)
    page.add("WHAT THE REVIEW DISCUSSES (nothing is recommended here)", STRONG)
    for each in made["situations"]:
        page.heading(f"{each['id']}: {each['title']}")
        page.add(_LISTED[each["listed"]], QUIET, indent=2)
        for one in each["strategies"]:
            page.field(one["strategy"], one["says"], column=24)
        if each["studies"]:
            page.field("studies", _names(each["studies"]), column=24)
    for each in made["strategies"]:
        _strategy_lines(page, each)
    for each in made["contexts"]:
        page.heading(each["title"].upper())
        for words in each["says"]:
            page.add(words, indent=2, hang=2)
        _evidence(page, each)
    _end(page, made)
    return page


def _strategy_lines(page: Page, each: Document) -> None:
    page.heading(f"{each['id'].upper()}: {each['title']}")
    if each["first"]:
        page.field("first", each["first"], STRONG, column=_COLUMN)
    page.field("says", each["says"], column=_COLUMN)
    for words in each["caveats"]:
        page.field("caveat", words, column=_COLUMN)
    page.field("strength", each["strength"], column=_COLUMN)
    _evidence(page, each)
    label = "AHA/ASA 2026"
    for one in each["guideline"] or [None]:
        words = f"{one['statement']}: {one['class_and_level']}" if one else NOTHING_READ
        page.field(label, words, column=_COLUMN)
        label = ""


def _evidence(page: Page, each: Document) -> None:
    page.field("evidence", _names(each["studies"]), column=_COLUMN)
    if each["beyond_the_review"]:
        page.field("beyond it", _names(each["beyond_the_review"]), column=_COLUMN)


def _names(found: Sequence[Document]) -> str:
    return ", ".join(one["id"] for one in found) or "none held"


def _end(page: Page, made: Document) -> None:
    for part in PARTS:
        page.heading(f"THE REVIEW'S {part.upper()}")
        for words in made[part]:
            page.add(words, indent=2, hang=2)
    page.heading("LEFT OPEN")
    for words in made["open"]:
        page.add(words, indent=2, hang=2)
    page.heading("THE REVIEW'S CONCLUSION (its strongest statement)")
    page.add(made["conclusion"], indent=2)
    page.add("")
    page.add("`rescuecalc evidence show ID` shows a study's figures.", QUIET)
    pages.source_list(page, made["sources"])


_HEADINGS: Final = (
    "situation",
    "title",
    "listed",
    "strategy",
    "says",
    "strength",
    "studies",
    "beyond_the_review",
    "guideline",
)


def _rows(made: Document) -> Iterator[list[str]]:
    strategies = {each["id"]: each for each in made["strategies"]}
    for each in made["situations"]:
        for one in each["strategies"]:
            strategy = strategies[one["strategy"]]
            first = [each["id"], each["title"], "yes" if each["listed"] else "no", one["strategy"], one["says"]]
            names = (" ".join(study["id"] for study in strategy[key]) for key in ("studies", "beyond_the_review"))
            stated = "; ".join(
                f"{rating['statement']}: {rating['class_and_level']}" for rating in strategy["guideline"]
            )
            yield [*first, strategy["strength"], *names, stated or NOTHING_READ]


def strategy_csv(made: Document) -> str:
    """Return one row for each situation and strategy."""
    return csv_text(_HEADINGS, _rows(made))


def strategy_markdown(made: Document) -> str:
    """Return one row for each situation and strategy as a Markdown table, with contexts, what is open, conclusion."""
    made = for_markdown(made)
    lines = ["| " + " | ".join(_HEADINGS) + " |", "|" + " --- |" * len(_HEADINGS)]
    lines += ["| " + " | ".join(row) + " |" for row in _rows(made)]
    for each in made["contexts"]:
        lines += ["", f"**{each['title']}**", "", *(f"- {words}" for words in each["says"])]
    for part in PARTS:
        lines += ["", f"**{part}**", "", *(f"- {words}" for words in made[part])]
    lines += ["", "**left open**", "", *(f"- {words}" for words in made["open"]), "", made["conclusion"], ""]
    return "\n".join([*lines, *(f"- {pages.cited(each)}" for each in made["sources"])]) + "\n"
