"""`rescuecalc bridge`: from the infusion to oral antiplatelets."""

from typing import Annotated

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, command_app, severity, spread
from rescuecalc.cli.extent import Extent, shown
from rescuecalc.cli.output import CommandResult, exit_code, page_width
from rescuecalc.reporters.render.regimen.numbers_text import bridge_numbers, remarks_beside_numbers
from rescuecalc.reporters.render.regimen.plan_screen import bridge_screen
from rescuecalc.requests.bedside import bedside_facts
from rescuecalc.requests.bridging import BridgeRequest, planned
from rescuecalc.requests.dosing import DosingRequest
from rescuecalc.requests.input.inputs import Inputs


@spread
def bridge(
    dosing: DosingRequest,
    following: BridgeRequest,
    extent: Extent,
    fail_on: FailOn = "error",
    output: Annotated[str, opt.format_option("bridge")] = "text",
) -> CommandResult:
    """Show the sequence from the infusion to oral antiplatelets: the origin of each step, and the coverage.

    A value that neither the source nor you state is reported as not stated; nothing is filled in.
    """
    opt.check_format("bridge", output)
    threshold, typed, extent = severity(fail_on), Inputs(), extent.checked()
    made = planned("bridge", dosing, following, typed)
    code, notes = exit_code(made["findings"], threshold), tuple(typed.notes)
    if output != "text":
        return CommandResult(opt.rendered("bridge", output, made), code, notes)
    facts, width = bedside_facts(made, dosing.timezone), page_width()
    return shown(
        extent,
        lambda: opt.rendered("bridge", "text", made, facts=lambda: facts),
        lambda: bridge_screen(made, facts, width),
        lambda: bridge_numbers(made),
        lambda: remarks_beside_numbers(made, facts),
        code,
        notes,
    )


app = command_app(bridge, "bridge rescue-bt-2022 --weight 80kg --p2y12 clopidogrel --load 300mg")
