"""`rescuecalc bridge`: from the infusion to oral antiplatelets."""

from typing import Annotated

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, command_app, severity, spread
from rescuecalc.cli.output import Outcome, exit_code
from rescuecalc.requests.bridging import BridgeRequest, planned
from rescuecalc.requests.dosing import DosingRequest
from rescuecalc.requests.inputs import Inputs


@spread
def bridge(
    dosing: DosingRequest,
    following: BridgeRequest,
    fail_on: FailOn = "error",
    output: Annotated[str, opt.format_option("bridge")] = "text",
) -> Outcome:
    """Show the sequence from the infusion to oral antiplatelets: who states each step, and what covers when.

    What neither the source nor you state is said to be not stated; nothing is filled in.
    """
    opt.check_format("bridge", output)
    threshold, typed = severity(fail_on), Inputs()
    made = planned("bridge", dosing, following, typed)
    code, notes = exit_code(made["findings"], threshold), tuple(typed.notes)
    return Outcome(opt.rendered("bridge", output, made), code, notes)


app = command_app(
    bridge,
    "From the infusion to oral antiplatelets",
    "bridge rescue-bt-2022 --weight 80kg --p2y12 clopidogrel --load 300mg",
)
