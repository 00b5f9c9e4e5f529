"""`rescuecalc stop`: an infusion that is stopped for a haemorrhage."""

from typing import Annotated

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, command_app, severity, spread
from rescuecalc.cli.extent import Extent, shown
from rescuecalc.cli.output import CommandResult, exit_code, page_width
from rescuecalc.reporters.render.regimen.numbers_text import remarks_beside_numbers
from rescuecalc.reporters.render.stop_text import stop_numbers, stop_page
from rescuecalc.requests.bedside import bedside_facts
from rescuecalc.requests.input.inputs import Inputs
from rescuecalc.requests.stopping import StopRequest, stop_of


@spread
def stop(
    asked: StopRequest,
    extent: Extent,
    fail_on: FailOn = "error",
    output: Annotated[str, opt.format_option("stop")] = "text",
) -> CommandResult:
    """Show on one screen what was given until the stop, how long its effect lasts, and what to do then.

    For a haemorrhage during the infusion. It shows only what a source states, and reports what no source states.
    """
    opt.check_format("stop", output)
    threshold, typed, extent = severity(fail_on), Inputs(), extent.checked()
    made = stop_of(asked, typed)
    code, notes = exit_code(made["findings"], threshold), tuple(typed.notes)
    if output != "text":
        return CommandResult(opt.rendered("stop", output, made), code, notes)
    facts, width = bedside_facts(made, asked.timezone), page_width()
    return shown(
        extent,
        lambda: opt.rendered("stop", "text", made, facts=lambda: facts, details=lambda: True),
        lambda: stop_page(made, facts, width),
        lambda: stop_numbers(made),
        lambda: remarks_beside_numbers(made, facts),
        code,
        notes,
    )


app = command_app(stop, "stop yang-2020-iv --weight 80kg --started +0h --stopped +3.5h --infusion-product bag-250")
