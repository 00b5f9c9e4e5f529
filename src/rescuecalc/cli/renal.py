"""`rescuecalc renal`: creatinine clearance and what the labels do at it."""

from typing import Annotated

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, command_app, severity, spread
from rescuecalc.cli.output import Outcome, exit_code
from rescuecalc.requests.inputs import Inputs
from rescuecalc.requests.renal import RenalRequest, renal_of


@spread
def renal(
    patient: RenalRequest, fail_on: FailOn = "error", output: Annotated[str, opt.format_option("renal")] = "text"
) -> Outcome:
    """Calculate creatinine clearance (Cockcroft-Gault), on a weight basis that is always named."""
    opt.check_format("renal", output)
    threshold, typed = severity(fail_on), Inputs()
    made = renal_of(patient, typed)
    code, notes = exit_code(made["findings"], threshold), tuple(typed.notes)
    return Outcome(opt.rendered("renal", output, made), code, notes)


app = command_app(
    renal,
    "Creatinine clearance (Cockcroft-Gault)",
    "renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL",
)
