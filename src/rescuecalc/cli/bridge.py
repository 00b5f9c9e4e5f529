"""`rescuecalc bridge`: from the infusion to oral antiplatelets."""

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, command_app, severity, spread
from rescuecalc.cli.output import Outcome, exit_code, page_width
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.reporters.render.plan_text import bridge_page
from rescuecalc.requests.bridging import BridgeRequest, planned
from rescuecalc.requests.dosing import DosingRequest
from rescuecalc.requests.inputs import Inputs, one_of


@spread
def bridge(
    dosing: DosingRequest,
    following: BridgeRequest,
    fail_on: FailOn = "error",
    output: opt.TextOrJson = "text",
) -> Outcome:
    """Show the sequence from the infusion to oral antiplatelets: who states each step, and what covers when.

    What neither the source nor you state is said to be not stated; nothing is filled in.
    """
    one_of(output, ("text", "json"), "--format")
    threshold, typed = severity(fail_on), Inputs()
    made = planned("bridge", dosing, following, typed)
    code, notes = exit_code(made["findings"], threshold), tuple(typed.notes)
    return Outcome(bridge_page(made, page_width()) if output == "text" else dumps(made) + "\n", code, notes)


app = command_app(
    bridge,
    "From the infusion to oral antiplatelets",
    "bridge rescue-bt-2022 --weight 80kg --p2y12 clopidogrel --load 300mg",
)
