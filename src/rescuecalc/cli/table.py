"""`rescuecalc table`: one protocol over a range of weights."""

from typing import Annotated

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, command_app, severity, spread
from rescuecalc.cli.output import Outcome, exit_code
from rescuecalc.requests.inputs import Inputs
from rescuecalc.requests.table import TableRequest, table_of


@spread
def table(
    weights: TableRequest,
    fail_on: FailOn = "error",
    output: Annotated[str, opt.format_option("table")] = "text",
) -> Outcome:
    """Print bolus volumes and pump rates of a PROTOCOL for a range of weights."""
    opt.check_format("table", output)
    threshold, typed = severity(fail_on), Inputs()
    made = table_of(weights, typed)
    code, notes = exit_code(made["findings"], threshold), tuple(typed.notes)
    return Outcome(opt.rendered("table", output, made), code, notes)


app = command_app(
    table,
    "One protocol over a range of weights",
    "table rescue-bt-2022 --from 40kg --to 140kg --step 10kg",
)
