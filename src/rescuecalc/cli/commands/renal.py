"""`rescuecalc renal`: creatinine clearance and what the labels do at it."""

from typing import Annotated

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, command_app, severity, spread
from rescuecalc.cli.extent import Extent, shown
from rescuecalc.cli.output import CommandResult, exit_code, page_width
from rescuecalc.reporters.render.conversions.renal_screen import renal_numbers, renal_screen
from rescuecalc.reporters.render.regimen.bedside_text import weighty
from rescuecalc.requests.input.inputs import Inputs
from rescuecalc.requests.renal import RenalRequest, renal_of


@spread
def renal(
    patient: RenalRequest,
    extent: Extent,
    fail_on: FailOn = "error",
    output: Annotated[str, opt.format_option("renal")] = "text",
) -> CommandResult:
    """Calculate creatinine clearance (Cockcroft-Gault); the weight basis is always named."""
    opt.check_format("renal", output)
    threshold, typed, extent = severity(fail_on), Inputs(), extent.checked()
    made = renal_of(patient, typed)
    code, notes = exit_code(made["findings"], threshold), tuple(typed.notes)
    if output != "text":
        return CommandResult(opt.rendered("renal", output, made), code, notes)
    width = page_width()
    return shown(
        extent,
        lambda: opt.rendered("renal", "text", made),
        lambda: renal_screen(made, width),
        lambda: renal_numbers(made),
        lambda: weighty(made),
        code,
        notes,
    )


app = command_app(renal, "renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL")
