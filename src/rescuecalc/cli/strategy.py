"""`rescuecalc strategy`: what the review discusses for which situation."""

from typing import Annotated

import typer

from rescuecalc.catalogue.strategies import strategies
from rescuecalc.catalogue.studies import conclusion
from rescuecalc.cli.command import command_app, one_of
from rescuecalc.cli.output import Outcome, page_width
from rescuecalc.reporters.document.strategy import strategy_csv, strategy_document, strategy_markdown, strategy_page
from rescuecalc.reporters.render.json_text import dumps

_SITUATIONS = (
    *("failed-thrombectomy", "reocclusion", "residual-stenosis"),
    *("proximal-thrombus", "incomplete-recanalisation", "after-success"),
)
_THROMBOLYSIS = {"yes": "after-thrombolysis", "no": "no-thrombolysis"}


def strategy(
    situation: Annotated[
        str | None, typer.Option(metavar="SITUATION", help=f"Only of one situation: {', '.join(_SITUATIONS)}.")
    ] = None,
    territory: Annotated[
        str | None, typer.Option(metavar="TERRITORY", help="What is said of one territory: anterior or posterior.")
    ] = None,
    thrombolysis: Annotated[
        str | None, typer.Option(metavar="YES|NO", help="What is said after a thrombolysis, or without one.")
    ] = None,
    output: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json, csv or markdown.")] = "text",
) -> Outcome:
    """Show which strategies the review discusses for which situation, with their evidence and what is left open.

    It recommends nothing: the review's conclusion is the most that is said.
    """
    one_of(output, ("text", "json", "csv", "markdown"), "--format")
    held = strategies()
    chosen = held.situations
    if situation is not None:
        one_of(situation, _SITUATIONS, "--situation")
        chosen = tuple(each for each in chosen if each.id == situation)
    contexts = set()
    if territory is not None:
        contexts.add(one_of(territory, ("anterior", "posterior"), "--territory"))
    if thrombolysis is not None:
        contexts.add(_THROMBOLYSIS[one_of(thrombolysis, tuple(_THROMBOLYSIS), "--thrombolysis")])
    shown = tuple(each for each in held.contexts if not contexts or each.id in contexts)
    made = strategy_document(held, chosen, shown, conclusion())
    if output == "text":
        return Outcome(strategy_page(made, page_width()))
    texts = {
        "json": lambda: dumps(made) + "\n",
        "csv": lambda: strategy_csv(made),
        "markdown": lambda: strategy_markdown(made),
    }
    return Outcome(texts[output]())


app = command_app(strategy, "What the review discusses for which situation", "strategy --situation failed-thrombectomy")
