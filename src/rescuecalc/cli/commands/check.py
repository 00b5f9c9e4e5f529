"""`rescuecalc check`: order sets that someone else wrote, judged."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
from typing import Annotated

import typer

from rescuecalc.cli import options as opt
from rescuecalc.cli.check_run import checked_files
from rescuecalc.cli.command import command_app, spread
from rescuecalc.cli.output import CommandResult, Streamed
from rescuecalc.engine.check_request import CheckRequest, CheckRun


@spread
def check(
    ctx: typer.Context,
    *,
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH...|-", help="Files and folders of order sets; - is standard input."),
    ] = None,
    stdin_filename: Annotated[
        str | None, typer.Option(metavar="NAME", help="Name of standard input, which gives its format: sets.csv.")
    ] = None,
    asked: CheckRequest,
    run: CheckRun,
    output: Annotated[str, opt.format_option("check")] = "text",
) -> CommandResult | Streamed:
    """Validate order sets: each PATH is a file or a folder of YAML, JSON (FHIR too), JSON Lines, CSV, TSV or .xlsx.

    A file or a part that cannot be read is a finding and ends with exit 3; the rest is still judged.
    """
    return checked_files(ctx, paths, stdin_filename, asked, run, output)


app = command_app(check, "check orders/ --format json")
