"""The documents of `evidence compare` and `evidence check`, and what renders them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.literature.study import OUTCOMES
from rescuecalc.core.quantities.decimal_text import people_number
from rescuecalc.evidence.statistics import LIBRARY, METHODS, ZERO_CELLS, Comparison, Estimate, Recomputed
from rescuecalc.reporters.document.common_parts import Document, header, sources
from rescuecalc.reporters.document.evidence import outcome_document, printed_text
from rescuecalc.reporters.render import page as pages
from rescuecalc.reporters.render.forest_plot import forest_lines
from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Page
from rescuecalc.reporters.render.text_formats import csv_text, for_markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rescuecalc.core.literature.study import Conclusion, Outcome, Study

Compared = tuple["Study", "Outcome", Comparison | None]

MEASURES: Final = {"risk_difference": "risk difference", "risk_ratio": "risk ratio", "odds_ratio": "odds ratio"}
_CAVEATS: Final = (
    (
        "no study here is pooled with another; none of those with counts is known to be randomised, so no number "
        "needed to treat or to harm is given"
    ),
    "adjusted (aOR, aHR), matched and pooled figures are shown as printed; nothing is computed from them",
)


def _estimate(each: Estimate, *, ratio: bool) -> Document:
    return {
        "value": each.value,
        "low": each.low,
        "high": each.high,
        "unit": "1" if ratio else "percentage points",
        "uninformative": ratio and each.uninformative,
    }


def _arms(outcome: Outcome) -> list[Document]:
    counts = outcome.counts
    if counts is None:
        return []
    percents = outcome.figure.removesuffix(" %").split(" vs ")
    return [
        {"arm": arm, "events": events, "of": of, "percent": percent}
        for arm, events, of, percent in zip(counts.arms, counts.events, counts.of, percents, strict=True)
    ]


def _why(study: Study, outcome: Outcome) -> str | None:
    """Return why nothing is computed, None where something is."""
    if outcome.counts is not None:
        return None
    if "matched" in study.design or "matched" in study.n:
        return "matched: denominators are not printed"
    if study.design == "meta-analysis":
        return "a meta-analysis: pooled"
    if study.design == "range over studies":
        return "a range over studies"
    if " vs " not in outcome.figure:
        return (
            "not a comparison of two percentages" if "%" in outcome.figure else "no percentages of two arms are printed"
        )
    return "the sizes of the two arms are not printed"


def comparison_document(found: Sequence[Compared], outcome: str | None, conclusion: Conclusion) -> Document:
    """Return the studies' arms side by side, with what follows from counts; the rest as printed, with the reason."""
    return {
        **header("evidence-compare"),
        "outcome": outcome,
        "comparisons": [
            {
                "id": study.id,
                "name": study.name,
                "ref": study.ref or None,
                "design": study.design,
                "n": study.n,
                "compared_with": study.compared_with,
                **outcome_document(each),
                "arms": _arms(each),
                "not_computed": _why(study, each),
                **_estimates(made),
            }
            for study, each, made in found
        ],
        "methods": [f"{MEASURES[name]}: {words}" for name, (_, _, words) in METHODS.items()] + [ZERO_CELLS, LIBRARY],
        "notes": list(_CAVEATS),
        "conclusion": conclusion.words,
        "sources": sources((*conclusion.sources, *(one for study, _, _ in found for one in study.sources))),
    }


def _estimates(made: Comparison | None) -> Document:
    if made is None:
        return dict.fromkeys(MEASURES)
    return {name: _estimate(getattr(made, name), ratio=name != "risk_difference") for name in MEASURES}


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
    _as_printed(page, [one for one in made["comparisons"] if not one["arms"]])
    _forest(page, made)
    page.heading("METHODS (95 % intervals)")
    for words in (*made["methods"], *made["notes"]):
        page.add(words, indent=2, hang=2)
    page.heading("THE REVIEW'S CONCLUSION")
    page.add(made["conclusion"], indent=2)
    pages.source_list(page, made["sources"])
    return page


def _as_printed(page: Page, found: Sequence[Document]) -> None:
    if found:
        page.heading("AS PRINTED (nothing is computed)")
    for each in found:
        page.add(f"{each['id']}  {each['label']}: {printed_text(each)}", indent=2, hang=4)
        page.add(each["not_computed"], QUIET, indent=6)


def _forest(page: Page, made: Document) -> None:
    lines = forest_lines(made, page.width)
    if lines:
        page.heading("RATIOS (computed odds ratios, and ratios as printed; never pooled)")
    for line in lines:
        page.exactly(line)


_HEADINGS: Final = ("id", "label", "figure", "interval", "p", "arm_1", "arm_2", *MEASURES, "not_computed")


def _rows(made: Document) -> Iterator[list[str]]:
    for each in made["comparisons"]:
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


Checked = tuple["Study", "Outcome", Recomputed]


def check_document(found: Iterable[Checked]) -> Document:
    """Return what was recomputed of each printed figure, and whether the catalogue's note says the same."""
    checks = [
        {
            "id": study.id,
            "label": outcome.label,
            "figure": outcome.figure,
            "interval": outcome.interval,
            "p": outcome.p,
            "recomputed": made.words,
            "agrees": made.agrees,
            "noted": outcome.recomputed is not None,
            "note_agrees": outcome.recomputed == (None if made.agrees else made.words),
        }
        for study, outcome, made in found
    ]
    disagree = sum(not each["agrees"] for each in checks)
    return {
        **header("evidence-check"),
        "checks": checks,
        "summary": {"recomputed": len(checks), "agree": len(checks) - disagree, "disagree": disagree},
        "methods": [LIBRARY, "of an interval: its centre and p on the logarithm, the interval taken as 95 %"],
    }


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
