"""`rescuecalc evidence`: the studies behind the regimens, figure by figure as printed."""

from typing import Annotated

import typer

from rescuecalc.catalogue.studies import conclusion, named, studies
from rescuecalc.cli.command import HELP, StrictCommand, group_app, one_of
from rescuecalc.cli.outcome import Outcome, page_width
from rescuecalc.core.evidence import OUTCOMES, STRATEGIES, TERRITORIES, Study
from rescuecalc.reporters.evidence_document import evidence_csv, evidence_document, evidence_markdown, evidence_page
from rescuecalc.reporters.json_text import dumps

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
    for value, allowed, name in (
        (strategy, tuple(STRATEGIES), "--strategy"),
        (outcome, tuple(OUTCOMES), "--outcome"),
        (territory, tuple(each.replace(" ", "-") for each in TERRITORIES), "--territory"),
    ):
        if value is not None:
            one_of(value, allowed, name)
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
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A study, or all arms of one: yang-2020.")],
    output: Format = "text",
) -> Outcome:
    """Show one study: design, comparison, every figure as printed, and what is known to be wrong with it."""
    one_of(output, _FORMATS, "--format")
    return _outcome(list(named(name)), None, output, whole=True)
