"""`rescuecalc evidence`: the studies behind the regimens, figure by figure as printed."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import HELP, StrictCommand, group_app, spread
from rescuecalc.cli.output import Outcome, page_width
from rescuecalc.cli.picture import extra_picture, write_picture
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import CalculationRefused, InputError
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.document.comparison import check_page, comparison_csv, comparison_markdown, comparison_page
from rescuecalc.reporters.document.evidence import evidence_csv, evidence_markdown, evidence_page
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.reporters.render.page import Page
from rescuecalc.requests.evidence import (
    ComparisonRequest,
    StudyListRequest,
    check_compared,
    compared,
    listed,
    recomputed_figures,
    shown,
)
from rescuecalc.requests.inputs import one_of

app = group_app("The studies, figure by figure as printed")

_FORMATS = ("text", "json", "csv", "markdown")

Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json, csv or markdown.")]


@app.callback()
def evidence() -> None:
    """List the studies of the review and of the regimens beyond it, or show one, with every figure as printed."""


@app.command("list", cls=StrictCommand, context_settings=HELP)
@spread
def list_all(listing: StudyListRequest, output: Format = "text") -> Outcome:
    """List the studies: strategy, territory, n, and each figure as printed."""
    one_of(output, _FORMATS, "--format")
    return _outcome(listed(listing), output, whole=False)


def _outcome(made: Document, output: str, *, whole: bool) -> Outcome:
    if output == "text":
        return Outcome(evidence_page(made, page_width(), whole=whole))
    texts = {
        "json": lambda: dumps(made) + "\n",
        "csv": lambda: evidence_csv(made),
        "markdown": lambda: evidence_markdown(made),
    }
    return Outcome(texts[output]())


@app.command(cls=StrictCommand, context_settings=HELP)
@spread
def compare(
    of: ComparisonRequest,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the forest plot into FILE.svg as well.")
    ] = None,
    output: Format = "text",
) -> Outcome:
    """Put arms side by side: differences and ratios from printed counts alone, never pooled, the rest as printed."""
    one_of(output, _FORMATS, "--format")
    check_compared(of)
    drawn = None if picture is None else _forest(picture)
    made = compared(of)
    if picture is not None and drawn is not None:
        _write(picture, drawn(made))
    return Outcome(_compared(made, output))


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
    made = recomputed_figures()
    return Outcome(check_page(made, page_width()) if output == "text" else dumps(made) + "\n")


@app.command(cls=StrictCommand, context_settings=HELP)
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A study, or all arms of one: yang-2020.")],
    output: Format = "text",
) -> Outcome:
    """Show one study: design, comparison, every figure as printed, and what is known to be wrong with it."""
    one_of(output, _FORMATS, "--format")
    return _outcome(shown(name), output, whole=True)
