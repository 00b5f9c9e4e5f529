"""`rescuecalc evidence`: the studies behind the regimens, figure by figure as printed."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from rescuecalc.catalogue.studies import conclusion, named, studies
from rescuecalc.cli import options as opt
from rescuecalc.cli.command import HELP, StrictCommand, group_app, one_of
from rescuecalc.cli.output import Outcome, page_width
from rescuecalc.cli.picture import extra_picture, write_picture
from rescuecalc.core.literature.study import OUTCOMES, STRATEGIES, TERRITORIES, Study
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import CalculationRefused, CatalogueError, InputError
from rescuecalc.evidence.statistics import available, comparison, recomputed
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.document.comparison import (
    check_document,
    check_page,
    comparison_csv,
    comparison_document,
    comparison_markdown,
    comparison_page,
)
from rescuecalc.reporters.document.evidence import evidence_csv, evidence_document, evidence_markdown, evidence_page
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.reporters.render.page import Page

app = group_app("The studies, figure by figure as printed")

_FORMATS = ("text", "json", "csv", "markdown")
_KEYS = {
    "file": lambda _: 0,
    "id": lambda study: study.id,
    "strategy": lambda study: [list(STRATEGIES).index(each) for each in study.strategies],
    "territory": lambda study: TERRITORIES.index(study.territory),
}

Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json, csv or markdown.")]


@app.callback()
def evidence() -> None:
    """List the studies of the review and of the regimens beyond it, or show one, with every figure as printed."""


@app.command("list", cls=StrictCommand, context_settings=HELP)
def list_all(
    strategy: Annotated[
        str | None, typer.Option(metavar="STRATEGY", help=f"Only of one strategy: {', '.join(STRATEGIES)}.")
    ] = None,
    outcome: Annotated[
        str | None, typer.Option(metavar="OUTCOME", help=f"Only figures of one outcome: {', '.join(OUTCOMES)}.")
    ] = None,
    territory: Annotated[
        str | None,
        typer.Option(metavar="TERRITORY", help="Only of one territory: anterior, posterior, both, not-said."),
    ] = None,
    sort: Annotated[
        str, typer.Option(metavar="KEY", help="file (as the review orders them), id, strategy, territory.")
    ] = ("strategy"),
    output: Format = "text",
) -> Outcome:
    """List the studies: strategy, territory, n, and each figure as printed."""
    one_of(output, _FORMATS, "--format")
    one_of(sort, tuple(_KEYS), "--sort")
    _check_filters(strategy, outcome, territory)
    found = [each for each in studies() if _fits(each, strategy, outcome, territory)]
    return _outcome(sorted(found, key=_KEYS[sort]), outcome, output, whole=False)


def _fits(study: Study, strategy: str | None, outcome: str | None, territory: str | None) -> bool:
    return (
        (strategy is None or strategy in study.strategies)
        and (outcome is None or any(each.outcome == outcome for each in study.outcomes))
        and (territory is None or territory == study.territory.replace(" ", "-"))
    )


def _outcome(found: list[Study], outcome: str | None, output: str, *, whole: bool) -> Outcome:
    made = evidence_document(found, conclusion(), outcome)
    if output == "text":
        return Outcome(evidence_page(made, page_width(), whole=whole))
    texts = {
        "json": lambda: dumps(made) + "\n",
        "csv": lambda: evidence_csv(made),
        "markdown": lambda: evidence_markdown(made),
    }
    return Outcome(texts[output]())


@app.command(cls=StrictCommand, context_settings=HELP)
def compare(
    outcome: Annotated[
        str | None, typer.Option(metavar="OUTCOME", help=f"Only figures of one outcome: {', '.join(OUTCOMES)}.")
    ] = None,
    strategy: Annotated[
        str | None, typer.Option(metavar="STRATEGY", help=f"Only of one strategy: {', '.join(STRATEGIES)}.")
    ] = None,
    territory: Annotated[
        str | None,
        typer.Option(metavar="TERRITORY", help="Only of one territory: anterior, posterior, both, not-said."),
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the forest plot into FILE.svg as well.")
    ] = None,
    output: Format = "text",
) -> Outcome:
    """Put arms side by side: differences and ratios from printed counts alone, never pooled, the rest as printed."""
    one_of(output, _FORMATS, "--format")
    _check_filters(strategy, outcome, territory)
    available()
    drawn = None if picture is None else _forest(picture)
    found = [
        (study, each, comparison(each.counts) if each.counts is not None else None)
        for study in studies()
        if _fits(study, strategy, outcome, territory)
        for each in study.outcomes
        if outcome in (None, each.outcome)
    ]
    made = comparison_document(found, outcome, conclusion())
    if picture is not None and drawn is not None:
        _write(picture, drawn(made))
    return Outcome(_compared(made, output))


def _check_filters(strategy: str | None, outcome: str | None, territory: str | None) -> None:
    for value, allowed, name in (
        (strategy, tuple(STRATEGIES), "--strategy"),
        (outcome, tuple(OUTCOMES), "--outcome"),
        (territory, tuple(each.replace(" ", "-") for each in TERRITORIES), "--territory"),
    ):
        if value is not None:
            one_of(value, allowed, name)


def _compared(made: Document, output: str) -> Page | str:
    texts = {
        "json": lambda: dumps(made) + "\n",
        "csv": lambda: comparison_csv(made),
        "markdown": lambda: comparison_markdown(made),
    }
    return comparison_page(made, page_width()) if output == "text" else texts[output]()


def _forest(file: Path) -> Callable[[Document], bytes | None]:
    if file.suffix.lower() != ".svg":
        raise InputError(f"--picture: {quoted(str(file))} does not end in .svg")
    return extra_picture("rescuecalc.reporters.render.forest_plot", "forest_picture", file)


def _write(file: Path, content: bytes | None) -> None:
    if content is None:
        raise CalculationRefused(
            "--picture: none of these figures is a ratio with an interval, there is nothing to draw"
        )
    write_picture(file, content)


@app.command(cls=StrictCommand, context_settings=HELP)
def check(output: opt.TextOrJson = "text") -> Outcome:
    """Recompute each p value and interval that printed counts and intervals allow; exit 3 where a note is stale."""
    one_of(output, ("text", "json"), "--format")
    available()
    found = [
        (study, each, made)
        for study in studies()
        for each in study.outcomes
        for made in (recomputed(each),)
        if made is not None
    ]
    document = check_document(found)
    stale = tuple(
        f"evidence.toml: {each['id']}, {each['label']}: the note does not say what is recomputed: {each['recomputed']}"
        for each in document["checks"]
        if not each["note_agrees"]
    )
    if stale:
        raise CatalogueError(stale)
    return Outcome(check_page(document, page_width()) if output == "text" else dumps(document) + "\n")


@app.command(cls=StrictCommand, context_settings=HELP)
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A study, or all arms of one: yang-2020.")],
    output: Format = "text",
) -> Outcome:
    """Show one study: design, comparison, every figure as printed, and what is known to be wrong with it."""
    one_of(output, _FORMATS, "--format")
    return _outcome(list(named(name)), None, output, whole=True)
