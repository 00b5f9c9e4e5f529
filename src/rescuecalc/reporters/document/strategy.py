"""The document of `strategy` and what renders it: what the review discusses, never what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.literature.strategy import strength
from rescuecalc.reporters.document.common_parts import Document, header, sources
from rescuecalc.reporters.render import page as pages
from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Page
from rescuecalc.reporters.render.text_formats import csv_text, for_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rescuecalc.core.literature.strategy import Context, Situation, Strategies, Strategy
    from rescuecalc.core.literature.study import Conclusion, Study

NOT_SAID: Final = "not said by the source"
_LISTED: Final = {True: "the review lists it as an indication for rescue", False: "not an indication for rescue"}


def _studies(found: Sequence[Study]) -> list[Document]:
    return [{"id": each.id, "name": each.name, "design": each.design, "n": each.n} for each in found]


def _strategy(each: Strategy) -> Document:
    return {
        "id": each.id,
        "title": each.title,
        "says": each.says,
        "strength": strength(each.studies),
        "studies": _studies(each.studies),
    }


def _situation(each: Situation) -> Document:
    said = [{"strategy": strategy.id, "says": words} for strategy, words in each.says]
    silent = [{"strategy": strategy.id, "says": NOT_SAID} for strategy in each.silent]
    return {
        "id": each.id,
        "title": each.title,
        "listed": each.listed,
        "strategies": said + silent,
        "studies": _studies(each.studies),
    }


def _context(each: Context) -> Document:
    return {"id": each.id, "title": each.title, "says": list(each.says), "studies": _studies(each.studies)}


def strategy_document(
    held: Strategies, situations: Sequence[Situation], contexts: Sequence[Context], conclusion: Conclusion
) -> Document:
    """Return the situations asked for, each strategy with its evidence, the contexts, and the review's conclusion."""
    shown = {strategy.id for each in situations for strategy in (*(one for one, _ in each.says), *each.silent)}
    chosen = [each for each in held.strategies if each.id in shown]
    groups = [each.studies for each in chosen] + [each.studies for each in situations] + [c.studies for c in contexts]
    cited = [one for studies in groups for study in studies for one in study.sources]
    return {
        **header("strategy"),
        "situations": [_situation(each) for each in situations],
        "strategies": [_strategy(each) for each in chosen],
        "contexts": [_context(each) for each in contexts],
        "open": [
            "which strategy comes first in which situation: not said by the source",
            "intra-arterial or intravenous: the evidence favours neither",
            "for situations whose strategies are not said, the review's lists name them and nothing more",
        ],
        "conclusion": conclusion.words,
        "sources": sources((*held.sources, *cited)),
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
            page.field("studies", _names(each), column=24)
    for each in made["strategies"]:
        page.heading(f"{each['id'].upper()}: {each['title']}")
        page.field("says", each["says"], column=12)
        page.field("strength", each["strength"], column=12)
        page.field("evidence", _names(each), column=12)
    for each in made["contexts"]:
        page.heading(each["title"].upper())
        for words in each["says"]:
            page.add(words, indent=2, hang=2)
        page.field("evidence", _names(each), column=12)
    _end(page, made)
    return page


def _names(each: Document) -> str:
    return ", ".join(one["id"] for one in each["studies"]) or "none held"


def _end(page: Page, made: Document) -> None:
    page.heading("LEFT OPEN")
    for words in made["open"]:
        page.add(words, indent=2, hang=2)
    page.heading("THE REVIEW'S CONCLUSION (the most that is said)")
    page.add(made["conclusion"], indent=2)
    page.add("")
    page.add("`rescuecalc evidence show ID` shows a study's figures.", QUIET)
    pages.source_list(page, made["sources"])


_HEADINGS: Final = ("situation", "title", "listed", "strategy", "says", "strength", "studies")


def _rows(made: Document) -> Iterator[list[str]]:
    held = {each["id"]: each for each in made["strategies"]}
    for each in made["situations"]:
        for one in each["strategies"]:
            strategy = held[one["strategy"]]
            first = [each["id"], each["title"], "yes" if each["listed"] else "no", one["strategy"], one["says"]]
            yield [*first, strategy["strength"], " ".join(study["id"] for study in strategy["studies"])]


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
    lines += ["", "**left open**", "", *(f"- {words}" for words in made["open"]), "", made["conclusion"], ""]
    return "\n".join([*lines, *(f"- {pages.cited(each)}" for each in made["sources"])]) + "\n"
