"""`rescuecalc dose`: one patient's regimen."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
from typing import Annotated

import typer

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, command_app, severity, spread
from rescuecalc.cli.extent import Extent, shown
from rescuecalc.cli.output import Outcome, exit_code, page_width
from rescuecalc.requests.dosing import DosingRequest, dose_of
from rescuecalc.requests.inputs import Inputs


@spread
def dose(
    dosing: DosingRequest,
    extent: Extent,
    label_band: Annotated[
        bool, typer.Option("--label-band", help="Show the label's weight-band row beside the exact doses.")
    ] = False,
    fail_on: FailOn = "error",
    output: Annotated[str, opt.format_option("dose")] = "text",
) -> Outcome:
    """Calculate one patient's doses, volumes, pump rates, containers and times.

    Name a PROTOCOL, or define a tirofiban regimen with --bolus, --route, --infusion and --run-time.
    """
    opt.check_format("dose", output)
    threshold, extent = severity(fail_on), extent.checked()
    typed = Inputs()
    made = dose_of(dosing, typed, label_band=label_band)
    code = exit_code(made["findings"], threshold)
    notes = tuple(typed.notes)
    if output != "text":
        return Outcome(opt.rendered("dose", output, made), code, notes)
    # Scripts read JSON and need no page.
    from rescuecalc.reporters.render.dose_screen import dose_screen  # noqa: PLC0415
    from rescuecalc.reporters.render.quiet_text import quiet_doses, quiet_remarks  # noqa: PLC0415
    from rescuecalc.requests.bedside import bedside_facts  # noqa: PLC0415

    facts, width = bedside_facts(made, dosing.timezone), page_width()
    return shown(
        extent,
        lambda: opt.rendered("dose", "text", made),
        lambda: dose_screen(made, facts, width),
        lambda: quiet_doses(made),
        lambda: quiet_remarks(made, facts),
        code,
        notes,
    )


app = command_app(dose, "dose yang-2020-iv --weight 80kg --run-time 24h --infusion-product bag-250")
