"""`rescuecalc evidence`: the studies behind the regimens, figure by figure as printed."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import HELP, StrictCommand, group_app, spread
from rescuecalc.cli.output import CommandResult
from rescuecalc.cli.picture import extra_picture, write_picture
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import CalculationRefused, InputError
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.requests.evidence import (
    ComparisonRequest,
    StudyListRequest,
    check_compared,
    compared,
    listed,
    recomputed_figures,
    shown,
)

app = group_app()


@app.callback()
def evidence() -> None:
    """List the studies of the review and of the regimens beyond it, or show one, with every figure as printed."""


@app.command("list", cls=StrictCommand, context_settings=HELP)
@spread
def list_all(
    listing: StudyListRequest, output: Annotated[str, opt.format_option("evidence list")] = "text"
) -> CommandResult:
    """List the studies: strategy, territory, n, and each figure as printed."""
    opt.check_format("evidence list", output)
    return CommandResult(opt.rendered("evidence list", output, listed(listing), whole=lambda: False))


@app.command(cls=StrictCommand, context_settings=HELP)
@spread
def compare(
    of: ComparisonRequest,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also draw the forest plot into FILE.svg.")
    ] = None,
    output: Annotated[str, opt.format_option("evidence compare")] = "text",
) -> CommandResult:
    """Compare arms: differences and ratios from the printed counts, never pooled; other figures as printed."""
    opt.check_format("evidence compare", output)
    check_compared(of)
    drawn = None if picture is None else _forest(picture)
    made = compared(of)
    if picture is not None and drawn is not None:
        _write(picture, drawn(made))
    return CommandResult(opt.rendered("evidence compare", output, made))


def _forest(file: Path) -> Callable[[Document], bytes | None]:
    if file.suffix.lower() != ".svg":
        raise InputError(f"--picture: {quoted(str(file))} does not end in .svg")
    return extra_picture("rescuecalc.reporters.render.studies.forest_plot", "forest_picture", file)


def _write(file: Path, content: bytes | None) -> None:
    if content is None:
        raise CalculationRefused(
            "--picture: none of these figures is a ratio with an interval, there is nothing to draw"
        )
    write_picture(file, content)


@app.command(cls=StrictCommand, context_settings=HELP)
def check(output: Annotated[str, opt.format_option("evidence check")] = "text") -> CommandResult:
    """Recompute each p value and interval from the printed figures where possible; exit 3 if a note is stale."""
    opt.check_format("evidence check", output)
    return CommandResult(opt.rendered("evidence check", output, recomputed_figures()))


@app.command(cls=StrictCommand, context_settings=HELP)
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A study, or all arms of one: yang-2020.")],
    output: Annotated[str, opt.format_option("evidence show")] = "text",
) -> CommandResult:
    """Show one study: design, comparison, every figure as printed, and its known errors."""
    opt.check_format("evidence show", output)
    return CommandResult(opt.rendered("evidence show", output, shown(name), whole=lambda: True))
