"""`rescuecalc renal`: creatinine clearance and what the labels do at it."""

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, command_app, severity, spread
from rescuecalc.cli.output import Outcome, exit_code, page_width
from rescuecalc.reporters.document.renal import renal_page
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.requests.inputs import Inputs, one_of
from rescuecalc.requests.renal import RenalRequest, renal_of


@spread
def renal(patient: RenalRequest, fail_on: FailOn = "error", output: opt.TextOrJson = "text") -> Outcome:
    """Calculate creatinine clearance (Cockcroft-Gault), on a weight basis that is always named."""
    one_of(output, ("text", "json"), "--format")
    threshold, typed = severity(fail_on), Inputs()
    made = renal_of(patient, typed)
    code, notes = exit_code(made["findings"], threshold), tuple(typed.notes)
    return Outcome(dumps(made) + "\n" if output == "json" else renal_page(made, page_width()), code, notes)


app = command_app(
    renal,
    "Creatinine clearance (Cockcroft-Gault)",
    "renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL",
)
