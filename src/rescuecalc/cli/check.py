"""`rescuecalc check`: order sets that someone else wrote, judged."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
import gc
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Annotated, Any, Final

import typer

from rescuecalc.catalogue import catalogue
from rescuecalc.cli import options as opt
from rescuecalc.cli.command import command_app, severity
from rescuecalc.cli.fixing import differences, fix_files, refuse_fixing
from rescuecalc.cli.output import CommandResult, page_width
from rescuecalc.cli.result_file import refuse_what_settings_name
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.engine.baseline import read_baseline, refuse_baseline_output
from rescuecalc.engine.baseline import write_baseline as write_baseline_file
from rescuecalc.engine.checking import checked_of, typed_options
from rescuecalc.engine.lint_runner import MOST_LISTED, Tally, tally
from rescuecalc.engine.references import RunReferences, without_library
from rescuecalc.engine.settings_report import settings_used
from rescuecalc.errors import ExitCode, InputError
from rescuecalc.readers.input_paths import HERE, STDIN, File, files
from rescuecalc.reporters.document.check import Checked
from rescuecalc.reporters.render.check_summary import judged_line, summary_line
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.reporters.render.settings_text import settings_lines
from rescuecalc.requests.inputs import Inputs


def check(
    ctx: typer.Context,
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH...|-", help="Files and folders of order sets; - is standard input."),
    ] = None,
    stdin_filename: Annotated[
        str | None, typer.Option(metavar="NAME", help="Name of standard input, which gives its format: sets.csv.")
    ] = None,
    protocol: Annotated[
        str | None, typer.Option(metavar="ID", help="Judge by this protocol; overrides those that the order sets name.")
    ] = None,
    patient_weight: Annotated[
        str | None,
        typer.Option(metavar="WEIGHT", help="The patient's weight; overrides those of the order sets: 80kg."),
    ] = None,
    patient_crcl: Annotated[
        str | None, typer.Option(metavar="CRCL", help="The patient's creatinine clearance: 45mL/min.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Judge dates as of this day; default: today.")
    ] = None,
    select: Annotated[
        list[str] | None, typer.Option(metavar="CODES", help="Apply only these families and rules: RC3,RC402.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="CODES", help="Do not apply these families and rules: RC2,RC405.")
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on", metavar="SEVERITY", help="Exit 1 at this severity or above: error (default), warning or note."
        ),
    ] = None,
    config: Annotated[
        str | None, typer.Option(metavar="FILE", help="Settings file for every PATH, in place of the nearest one.")
    ] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Use no settings file.")] = False,
    protocol_file: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="A protocol file of your hospital (TOML); may be repeated.")
    ] = None,
    library: Annotated[
        str | None, typer.Option(metavar="FILE", help="A pump library: a native CSV, or the TOML of an export.")
    ] = None,
    care_area: Annotated[
        str | None, typer.Option(metavar="AREA", help="The care area of the library, whatever the order sets say.")
    ] = None,
    baseline: Annotated[
        str | None, typer.Option(metavar="FILE", help="Baseline of known findings, which are not reported again.")
    ] = None,
    write_baseline: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the findings as a baseline, and exit 0.")
    ] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="What changed clinically from the first PATH to the second; exit 1 then.")
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Write the notation that RC2 advises into the files; no number's value.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="What --fix would change; exit 1 then. Nothing is written.")
    ] = False,
    columns: Annotated[
        str | None, typer.Option(metavar="FILE", help="What the columns of CSV and spreadsheets mean: a column map.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="The encoding of all files, where it is not UTF-8: cp1252.")
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Without these files and folders: archive, 'old/*.csv'."),
    ] = None,
    max_findings: Annotated[
        str | None, typer.Option(metavar="N", help="List at most N findings, the heaviest; all are counted.")
    ] = None,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Count the findings by rule, and list none.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Only what ends the run, a line each; nothing where all is well.")
    ] = False,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit 0 whatever is found; what could not be read still exits 3.")
    ] = False,
    show_settings: Annotated[
        bool, typer.Option("--show-settings", help="Show the settings of each file; judge nothing.")
    ] = False,
    show_judged: Annotated[
        bool, typer.Option("--show-judged", help="Show of each order how far it could be judged.")
    ] = False,
    output: Annotated[str, opt.format_option("check")] = "text",
) -> CommandResult:
    """Validate order sets: each PATH is a file or a folder of YAML, JSON (FHIR too), JSON Lines, CSV, TSV or .xlsx.

    A file or a part that cannot be read is a finding and ends with exit 3; the rest is still judged.
    """
    opt.check_format("check", output)
    typed = Inputs()
    _refuse(
        (
            stdin_filename is not None and STDIN not in (paths or []),
            "--stdin-filename is given, and no - among the paths reads standard input",
        ),
        (
            isolated and config is not None,
            "--isolated and --config are both given: a run has no settings file or the one that is named",
        ),
        (
            show_settings and (baseline is not None or write_baseline is not None),
            "--show-settings judges nothing, and a baseline is given; leave one of them out",
        ),
    )
    references = RunReferences(
        typed_options(
            typed,
            select=select or (),
            ignore=ignore or (),
            fail_on=severity(fail_on) if fail_on is not None else None,
            protocol=protocol,
            patient_weight=patient_weight,
            patient_crcl=patient_crcl,
            as_of=as_of,
            isolated=isolated,
            config=Path(config) if config is not None else None,
            protocol_files=tuple(map(Path, protocol_file or ())),
            exclude=exclude or (),
            library=Path(library) if library is not None else None,
            care_area=care_area,
            columns=Path(columns) if columns is not None else None,
            encoding=encoding,
        )
    )
    beside = {"--compare": compare, "--show-settings": show_settings, "--encoding": encoding is not None}
    refuse_fixing(paths or [], beside | {"--write-baseline": write_baseline is not None}, fix=fix, diff=diff)
    if compare:
        refuse_what_settings_name(ctx, references.inputs(files(paths or [], stdin_filename)))
        return _compared(paths or [], stdin_filename, references, output, exit_zero=exit_zero)
    if show_settings:
        shown_for = files(paths, stdin_filename) if paths else [HERE]
        refuse_what_settings_name(ctx, references.inputs(shown_for))
        return _settings_shown(shown_for, references, output)
    if not paths:
        raise InputError("PATH is missing: name a file or a folder of order sets, or - for standard input")
    if baseline is not None and write_baseline is not None:
        raise InputError("--baseline and --write-baseline are both given: a baseline is either used or written anew")
    most = _most(max_findings)
    if statistics and output not in _COUNTED:
        raise InputError(f"--statistics counts by rule, which --format {output} cannot; write {' or '.join(_COUNTED)}")
    # There may be millions of orders; what is there already stays, and looking through it takes a tenth of a short run.
    gc.freeze()
    gc.enable()
    gc.set_threshold(_COLLECTED_AFTER)
    found_files = files(paths, stdin_filename)
    named = without_library(references.kept(found_files), references)
    refuse_what_settings_name(ctx, references.inputs(found_files))
    if diff:
        return CommandResult(*differences(named, references), tuple(typed.notes))
    fixed = tuple(fix_files(named if fix else (), references))
    if write_baseline is not None:
        refuse_baseline_output(Path(write_baseline), references.inputs(found_files))
    known = read_baseline(Path(baseline)) if baseline is not None else None
    keep = write_baseline is not None
    total = tally(named, _stdin(), references.of, known, keep=keep, most=most, show_judged=show_judged)
    wrote = (f"{write_baseline}: {_written(write_baseline, total)}",) if write_baseline is not None else ()
    used = settings_used(references, total.unread)
    said = () if output in _WITH_SETTINGS else settings_lines(used)
    found = checked_of(total, references, used, len(found_files) - len(named))
    notes = (*typed.notes, *fixed, *_left_out(total, most), *wrote, *said, *_unseen(found, output, quiet=quiet))
    shown = opt.rendered(
        "check",
        output,
        found,
        rules=lambda: references.rules,
        sources=catalogue.sources,
        rules_url=lambda: references.rules_url,
        quiet=lambda: quiet,
        statistics=lambda: statistics,
    )
    return CommandResult(shown, _exit_code(total, judged=not (keep or exit_zero)), notes)


def _refuse(*reasons: tuple[bool, str]) -> None:
    """Refuse what was typed for the first reason that holds."""
    for holds, reason in reasons:
        if holds:
            raise InputError(reason)


_WITH_SETTINGS: Final = ("text", "json", "markdown")
"""Formats that name the settings themselves; for the others stderr does."""

_COUNTED: Final = ("text", "json", "markdown")
"""Formats that count by rule; JSON and Markdown always do."""

_COLLECTED_AFTER: Final = 20_000
"""Objects after which those that refer to each other are looked for: the verdicts of a file are few and small."""

_MOST: Final = re.compile("[0-9]{1,9}")


def _most(text: str | None) -> int | None:
    if text is not None and not _MOST.fullmatch(text):
        raise InputError(f"--max-findings: cannot read {quoted(text)}; write a whole number, as in 50")
    return int(text) if text is not None else None


def _written(name: str, total: Tally) -> str:
    count = write_baseline_file(Path(name), total.every or ())
    return f"{count:,} finding{'' if count == 1 else 's'} written as the baseline"


def _settings_shown(of: list[File], references: RunReferences, output: str) -> CommandResult:
    from rescuecalc.cli.settings_page import settings_document, settings_page  # noqa: PLC0415  # seldom asked for

    if output not in {"text", "json"}:
        raise InputError("--show-settings is shown as text or json")
    shown = settings_document(of, references)
    return CommandResult(
        f"{dumps(shown)}\n" if output == "json" else settings_page(shown, page_width()), ExitCode.DONE, ()
    )


def _compared(
    paths: list[str], stdin_filename: str | None, references: RunReferences, output: str, *, exit_zero: bool
) -> CommandResult:
    from rescuecalc.engine.comparison import compared, version  # noqa: PLC0415  # seldom asked for
    from rescuecalc.reporters.document.set_comparison import comparison_document  # noqa: PLC0415

    opt.check_format("check compare", output)
    if len(paths) != _TWO:
        raise InputError("--compare takes two paths: the old version and the new one")
    of, named = references.columns_of, references.typed.encoding or ""
    old, new = (version(each, files([each], stdin_filename), _stdin(), of, named) for each in paths)
    found = compared(old, new)
    made = comparison_document(_side(old), _side(new), found.changes, (*old.unread, *new.unread))
    code = ExitCode.FINDINGS if found.changes and not exit_zero else ExitCode.DONE
    return CommandResult(opt.rendered("check compare", output, made), ExitCode.UNREADABLE if found.unreadable else code)


def _side(of: Any) -> dict[str, Any]:
    return {"path": of.name, "order_sets": len(of.sets), "orders": of.orders}


_TWO: Final = 2


def _stdin() -> IO[bytes]:
    stream = getattr(sys.stdin, "buffer", None)
    return stream if stream is not None else BytesIO()


def _unseen(found: Checked, output: str, *, quiet: bool) -> Iterator[str]:
    """Yield what a format has no place for: its counts, or how many files are excluded."""
    if output == "concise" and not quiet:
        yield from (summary_line(found), judged_line(found))
    elif found.excluded and output not in _WITH_SETTINGS:
        yield f"excluded: {found.excluded:,} file{'' if found.excluded == 1 else 's'}"


def _left_out(total: Tally, most: int | None) -> Iterator[str]:
    if total.left_out:
        bound = f"{MOST_LISTED:,} of each severity" if most is None else f"--max-findings {most}"
        yield f"counted and not listed: {total.left_out:,} of the findings, beyond {bound}"


def _exit_code(total: Tally, *, judged: bool) -> ExitCode:
    if total.unreadable:
        return ExitCode.UNREADABLE
    return ExitCode.FINDINGS if judged and total.reached else ExitCode.DONE


app = command_app(check, "check orders/ --format json")
