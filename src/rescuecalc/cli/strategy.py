"""`rescuecalc strategy`: what the review discusses for which situation."""

from typing import Annotated

import typer

from rescuecalc.cli.command import command_app, spread
from rescuecalc.cli.output import Outcome, page_width
from rescuecalc.reporters.document.strategy import strategy_csv, strategy_markdown, strategy_page
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.requests.inputs import one_of
from rescuecalc.requests.strategy import StrategyRequest, strategy_of


@spread
def strategy(
    asked: StrategyRequest,
    output: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json, csv or markdown.")] = "text",
) -> Outcome:
    """Show which strategies the review discusses for which situation, with their evidence and what is left open.

    It recommends nothing: the review's conclusion is the most that is said.
    """
    one_of(output, ("text", "json", "csv", "markdown"), "--format")
    made = strategy_of(asked)
    if output == "text":
        return Outcome(strategy_page(made, page_width()))
    texts = {
        "json": lambda: dumps(made) + "\n",
        "csv": lambda: strategy_csv(made),
        "markdown": lambda: strategy_markdown(made),
    }
    return Outcome(texts[output]())


app = command_app(strategy, "What the review discusses for which situation", "strategy --situation failed-thrombectomy")
