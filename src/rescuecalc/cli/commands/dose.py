"""`rescuecalc dose`: one patient's regimen."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
from typing import Annotated

import typer

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, command_app, severity, spread
from rescuecalc.cli.extent import BedsideExtent, card, shown
from rescuecalc.cli.output import CommandResult, Streamed, exit_code, page_width
from rescuecalc.requests.dosing import DosingRequest, dose_of
from rescuecalc.requests.input.inputs import Inputs


@spread
def dose(
    ctx: typer.Context,
    dosing: DosingRequest,
    extent: BedsideExtent,
    label_band: Annotated[
        bool, typer.Option("--label-band", help="Show the label's weight-band row beside the exact doses.")
    ] = False,
    fail_on: FailOn = "error",
    output: Annotated[str, opt.format_option("dose")] = "text",
) -> CommandResult | Streamed:
    """Calculate one patient's doses, volumes, pump rates, containers and times.

    Name a PROTOCOL, or define a tirofiban regimen with --bolus, --route, --infusion and --run-time. With -
    instead of a PROTOCOL, requests are read from standard input: one JSON object a line, with option names as keys.
    """
    opt.check_format("dose", output)
    threshold, extent = severity(fail_on), extent.checked()
    if dosing.protocol == "-":
        from rescuecalc.cli.dose_lines import dose_lines  # noqa: PLC0415  # one patient does not pay for many

        return dose_lines(ctx, dosing._replace(protocol=None), extent, output, threshold, label_band=label_band)
    typed = Inputs()
    made = dose_of(dosing, typed, label_band=label_band)
    code = exit_code(made["findings"], threshold)
    notes = tuple(typed.notes)
    if output != "text":
        return CommandResult(opt.rendered("dose", output, made), code, notes)
    # Scripts read JSON and need no page.
    from rescuecalc.requests.bedside import bedside_facts  # noqa: PLC0415

    facts, width = bedside_facts(made, dosing.timezone), page_width()
    if extent.card:
        return card(made, facts, dosing.protocol_file, code, notes)
    from rescuecalc.reporters.render.regimen.dose_screen import dose_screen  # noqa: PLC0415
    from rescuecalc.reporters.render.regimen.numbers_text import dose_numbers, remarks_beside_numbers  # noqa: PLC0415

    return shown(
        extent,
        lambda: opt.rendered("dose", "text", made, facts=lambda: facts),
        lambda: dose_screen(made, facts, width),
        lambda: dose_numbers(made),
        lambda: remarks_beside_numbers(made, facts),
        code,
        notes,
    )


app = command_app(dose, "dose yang-2020-iv --weight 80kg --run-time 24h --infusion-product bag-250")
