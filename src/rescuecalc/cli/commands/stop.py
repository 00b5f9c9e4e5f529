"""`rescuecalc stop`: an infusion that is stopped for a haemorrhage."""

from typing import Annotated

import typer

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, command_app, severity, spread
from rescuecalc.cli.output import CommandResult, exit_code
from rescuecalc.requests.bedside import bedside_facts
from rescuecalc.requests.input.inputs import Inputs
from rescuecalc.requests.stopping import StopRequest, stop_of


@spread
def stop(
    asked: StopRequest,
    details: Annotated[
        bool, typer.Option("--details", help="Show every finding, the steps to each number, and the sources.")
    ] = False,
    fail_on: FailOn = "error",
    output: Annotated[str, opt.format_option("stop")] = "text",
) -> CommandResult:
    """Show on one screen what was given until the stop, how long its effect lasts, and what to do then.

    For a haemorrhage during the infusion. It shows only what a source states, and reports what no source states.
    """
    opt.check_format("stop", output)
    threshold, typed = severity(fail_on), Inputs()
    made = stop_of(asked, typed)
    code, notes = exit_code(made["findings"], threshold), tuple(typed.notes)
    page = opt.rendered(
        "stop", output, made, facts=lambda: bedside_facts(made, asked.timezone), details=lambda: details
    )
    return CommandResult(page, code, notes)


app = command_app(stop, "stop yang-2020-iv --weight 80kg --started +0h --stopped +3.5h --infusion-product bag-250")
