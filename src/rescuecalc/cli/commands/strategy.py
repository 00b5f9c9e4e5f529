"""`rescuecalc strategy`: what the review discusses for which situation."""

from typing import Annotated

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import command_app, spread
from rescuecalc.cli.output import CommandResult
from rescuecalc.requests.strategy import StrategyRequest, strategy_of


@spread
def strategy(
    asked: StrategyRequest,
    output: Annotated[str, opt.format_option("strategy")] = "text",
) -> CommandResult:
    """Show which strategies the review discusses for which situation, with their evidence and open questions.

    It recommends nothing and goes no further than the review's conclusion.
    """
    opt.check_format("strategy", output)
    made = strategy_of(asked)
    return CommandResult(opt.rendered("strategy", output, made))


app = command_app(strategy, "strategy --situation failed-thrombectomy")
