"""`rescuecalc library`: a pump's drug library judged, compared with an older one, shown, and as a template."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
import gc
from pathlib import Path
from typing import Annotated, Any

import typer

from rescuecalc.catalogue import catalogue
from rescuecalc.cli import options as opt
from rescuecalc.cli.command import HELP, FailOn, StrictCommand, group_app, severity
from rescuecalc.cli.output import CommandResult
from rescuecalc.errors import ExitCode, InputError
from rescuecalc.requests.input.clock import day

app = group_app()

_PROTOCOL = "Judge by this protocol; without one, compare with the drug's regimens, as notes."
Protocols = Annotated[list[str] | None, typer.Option("--protocol", metavar="ID", help=_PROTOCOL)]
ProtocolFiles = Annotated[
    list[str] | None, typer.Option("--protocol-file", metavar="FILE", help="The same, of a file.")
]
CareArea = Annotated[str | None, typer.Option(metavar="AREA", help="Only the entries of this care area.")]
Drugs = Annotated[list[str] | None, typer.Option("--drug", metavar="NAME", help="Only the entries of this drug.")]


@app.callback()
def library() -> None:
    """Judge a pump's drug library, compare two versions, show one, or print what a protocol needs of it."""


@app.command(cls=StrictCommand, context_settings=HELP)
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A native CSV, or the TOML beside an export.")],
    protocol: Protocols = None,
    protocol_file: ProtocolFiles = None,
    care_area: CareArea = None,
    drug: Drugs = None,
    baseline: Annotated[
        str | None, typer.Option(metavar="FILE", help="Baseline of known findings, which are not reported again.")
    ] = None,
    write_baseline: Annotated[
        str | None, typer.Option(metavar="FILE", help="Record the findings as the baseline, and exit 0.")
    ] = None,
    fail_on: FailOn = "error",
    output: Annotated[str, opt.format_option("library check")] = "text",
) -> CommandResult:
    """Judge a library: its limits, and their effect on the doses of protocols.

    An entry that cannot be read is a finding with its line and column, and is not judged. Rows that are not
    entries, and files that are not libraries, end with exit 3.
    """
    opt.check_format("library check", output)
    from rescuecalc.requests.libraries.library_check import LibraryRequest, library_checked  # noqa: PLC0415  # showing needs no rule

    if baseline is not None and write_baseline is not None:
        raise InputError("--baseline and --write-baseline are both given: use a baseline or write a new one")
    threshold = severity(fail_on)
    gc.enable()  # there may be thousands of entries
    asked = LibraryRequest(tuple(protocol or ()), tuple(map(Path, protocol_file or ())), care_area, tuple(drug or ()))
    made = library_checked(file, asked, threshold)
    return _outcome("library check", made, output, baseline, write_baseline)


@app.command(cls=StrictCommand, context_settings=HELP)
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The present library.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The new library.")],
    protocol: Protocols = None,
    protocol_file: ProtocolFiles = None,
    care_area: CareArea = None,
    drug: Drugs = None,
    fail_on: FailOn = "error",
    output: Annotated[str, opt.format_option("library diff")] = "text",
) -> CommandResult:
    """Compare two versions: entries, limits, units, concentrations, initial values, and the effect on protocols."""
    opt.check_format("library diff", output)
    from rescuecalc.requests.libraries.library_check import LibraryRequest, library_changes  # noqa: PLC0415

    threshold = severity(fail_on)
    gc.enable()
    asked = LibraryRequest(tuple(protocol or ()), tuple(map(Path, protocol_file or ())), care_area, tuple(drug or ()))
    return _outcome("library diff", library_changes(old, new, asked, threshold), output, None, None)


def _outcome(command: str, made: Any, output: str, baseline: str | None, write_baseline: str | None) -> CommandResult:
    from rescuecalc.engine.baseline import read_baseline, refuse_baseline_output  # noqa: PLC0415
    from rescuecalc.engine.baseline import write_baseline as write_file  # noqa: PLC0415
    from rescuecalc.requests.libraries.library_check import as_checked  # noqa: PLC0415
    from rescuecalc.rules.judging.registry import RULES  # noqa: PLC0415

    if write_baseline is not None:
        refuse_baseline_output(Path(write_baseline), map(Path, made.use.library.files))
    known = read_baseline(Path(baseline)) if baseline is not None else None
    notes: tuple[str, ...] = ()
    if write_baseline is not None:
        count = write_file(Path(write_baseline), made.located)
        notes = (f"{write_baseline}: {count:,} finding{'' if count == 1 else 's'} written as the baseline",)
    made = as_checked(made, day(None), known.consumes if known is not None else None)
    shown = opt.rendered(command, output, made, rules=lambda: RULES, sources=catalogue.sources)
    return CommandResult(shown, _exit_code(made, judged=write_baseline is None), notes)


def _exit_code(made: Any, *, judged: bool) -> ExitCode:
    if made.unreadable:
        return ExitCode.UNREADABLE
    return ExitCode.FINDINGS if judged and any(each.fails for each in made.located) else ExitCode.DONE


@app.command(cls=StrictCommand, context_settings=HELP)
def show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A native CSV, or the TOML beside an export.")],
    drug: Annotated[str | None, typer.Option(metavar="NAME", help="Only the entries of this drug.")] = None,
    output: Annotated[str, opt.format_option("library show", "; csv is the native form")] = "text",
) -> CommandResult:
    """Show the entries that were read; as CSV, they need no mapping."""
    opt.check_format("library show", output)
    from rescuecalc.requests.libraries.library_template import shown_library  # noqa: PLC0415  # checking needs none of it

    made = shown_library(file, drug)
    shown, lost = opt.rendered("library show", output, made), made.unread
    left = " and are left out" if output == "csv" else ""
    notes = (
        [f"{lost:,} entries or rows cannot be read whole{left}: see `rescuecalc library check {file}`"] if lost else []
    )
    if output == "csv" and made.beside_rows:
        notes.append(f"not in the CSV: {', '.join(made.beside_rows)}; keep them in a TOML that names it")
    return CommandResult(shown, ExitCode.UNREADABLE if lost else ExitCode.DONE, tuple(notes))


@app.command(cls=StrictCommand, context_settings=HELP)
def template(
    names: Annotated[
        list[str], typer.Argument(metavar="PROTOCOL...", help="As `rescuecalc protocol list` names them.")
    ],
    output: Annotated[str, opt.format_option("library template")] = "csv",
) -> CommandResult:
    """Print the entries that protocols need, for the pump team; soft and hard limits are empty."""
    opt.check_format("library template", output)
    from rescuecalc.requests.libraries.library_template import template as made_of  # noqa: PLC0415

    return CommandResult(opt.rendered("library template", output, made_of(tuple(map(catalogue.protocol, names)))))
