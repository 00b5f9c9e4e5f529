"""`rescuecalc dose`: one patient's regimen."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
from typing import Annotated

import typer

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, command_app, severity, spread
from rescuecalc.cli.output import Outcome, exit_code
from rescuecalc.requests.dosing import DosingRequest, dose_of
from rescuecalc.requests.inputs import Inputs


@spread
def dose(
    dosing: DosingRequest,
    label_band: Annotated[
        bool, typer.Option("--label-band", help="Show the label's weight-band row beside the exact doses.")
    ] = False,
    fail_on: FailOn = "error",
    output: Annotated[str, opt.format_option("dose")] = "text",
) -> Outcome:
    """Calculate one patient's doses, volumes, pump rates, containers and times.

    Name a PROTOCOL, or give a tirofiban regimen of your own with --bolus, --route, --infusion and --run-time.
    """
    opt.check_format("dose", output)
    threshold = severity(fail_on)
    typed = Inputs()
    made = dose_of(dosing, typed, label_band=label_band)
    code = exit_code(made["findings"], threshold)
    notes = tuple(typed.notes)
    return Outcome(opt.rendered("dose", output, made), code, notes)


app = command_app(
    dose,
    "Doses, pump rates and containers of a patient",
    "dose yang-2020-iv --weight 80kg --run-time 24h --infusion-product bag-250",
)
