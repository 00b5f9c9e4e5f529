"""`rescuecalc plan`: doses, bridge and monitoring on one page."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, command_app, severity, spread
from rescuecalc.cli.extent import BedsideExtent, card, shown
from rescuecalc.cli.output import CommandResult, exit_code, page_width
from rescuecalc.cli.picture import extra_picture, write_picture
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import CalculationRefused, ExitCode, InputError
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.render.regimen.numbers_text import bridge_numbers, dose_numbers, remarks_beside_numbers
from rescuecalc.reporters.render.regimen.plan_screen import plan_screen
from rescuecalc.requests.bedside import bedside_facts
from rescuecalc.requests.bridging import BridgeRequest, planned
from rescuecalc.requests.dosing import DosingRequest
from rescuecalc.requests.input.calendar import change_lead
from rescuecalc.requests.input.inputs import Inputs


@spread
def plan(
    dosing: DosingRequest,
    following: BridgeRequest,
    extent: BedsideExtent,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also draw the timeline into FILE.svg or FILE.png.")
    ] = None,
    change_before: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Lead of the calendar's alarm before a container is empty; default: 30min."),
    ] = None,
    fail_on: FailOn = "error",
    output: Annotated[str, opt.format_option("plan")] = "text",
) -> CommandResult:
    """Plan the whole course: doses, pump rates, containers, antiplatelets, imaging, assay and monitoring."""
    opt.check_format("plan", output)
    if output == "ics" and dosing.start is None:
        raise InputError("--format ics: a calendar needs clock times; add --start and --timezone")
    if change_before is not None and output != "ics":
        raise InputError("--change-before is the lead of a calendar's alarms; add --format ics, or leave it out")
    threshold, typed, extent = severity(fail_on), Inputs(), extent.checked()
    drawn = None if picture is None else _pictures(picture, dosing.protocol_file)
    made = planned("plan", dosing, following, typed)
    if picture is not None and drawn is not None:
        _write(picture, drawn(made, picture.suffix[1:].lower()))
    lead = change_lead(change_before, made, typed) if output == "ics" else None
    code, notes = exit_code(made["findings"], threshold), tuple(typed.notes)
    if output == "text":
        return _for_people(made, dosing, extent, code, notes)
    facts = bedside_facts(made, dosing.timezone)
    remarks = remarks_beside_numbers(made, facts) if output == "csv" else ()
    return CommandResult(
        opt.rendered("plan", output, made, facts=lambda: facts, lead=lambda: lead), code, notes, remarks
    )


def _for_people(
    made: Document, dosing: DosingRequest, extent: BedsideExtent, code: ExitCode, notes: tuple[str, ...]
) -> CommandResult:
    facts, width = bedside_facts(made, dosing.timezone), page_width()
    if extent.card:
        return card(made, facts, dosing.protocol_file, code, notes)
    return shown(
        extent,
        lambda: opt.rendered("plan", "text", made, facts=lambda: facts),
        lambda: plan_screen(made, facts, width),
        lambda: dose_numbers(made) + bridge_numbers(made),
        lambda: remarks_beside_numbers(made, facts),
        code,
        notes,
    )


def _pictures(file: Path, protocol_file: Path | None) -> Callable[[Document, str], bytes | None]:
    """Return what draws a plan; InputError before anything is computed where it cannot be drawn or kept."""
    if file.suffix.lower() not in {".svg", ".png"}:
        raise InputError(f"--picture: {quoted(str(file))} ends neither in .svg nor in .png")
    inputs = (protocol_file,) if protocol_file is not None else ()
    return extra_picture("rescuecalc.reporters.render.regimen.timeline_picture", "timeline_picture", file, inputs)


def _write(file: Path, content: bytes | None) -> None:
    if content is None:
        raise CalculationRefused("--picture: this plan has no infusion, there is no timeline to draw")
    write_picture(file, content)


app = command_app(plan, "plan rescue-bt-2022 --weight 80kg --p2y12 clopidogrel --load 300mg")
