"""`rescuecalc rate`: one rate in another unit; many from standard input."""

import gc
from collections.abc import Callable, Collection
from functools import partial
from typing import Annotated, Final, NamedTuple

import typer

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, command_app, severity, spread
from rescuecalc.cli.exit_codes import say
from rescuecalc.cli.line_input import lines_in
from rescuecalc.cli.output import CommandResult, Streamed, exit_code, write_stderr
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.errors import ExitCode, InputError, RescuecalcError
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.render.conversions.rate_text import rate_number, read_back
from rescuecalc.requests.input.inputs import Inputs
from rescuecalc.requests.rate import RateRequest, RateSetting, rate_setting, rated

_LONGEST_LINE: Final = 1_000
"""Characters of a line of standard input."""

_KNOWN: Final = 10_000
"""Different lines of standard input of which the result is kept for equal ones that follow."""

Write = Callable[[str], None]


class _Rated(NamedTuple):
    """One rate that was converted and judged: what is printed of it, and its findings in both forms."""

    line: str
    findings: list[Document]
    notes: list[str]
    read_back: str
    quiet: str


@spread
def rate(
    rating: RateRequest,
    value: Annotated[
        str | None,
        typer.Argument(metavar="RATE|-", help="A rate: 0.15mcg/kg/min; - reads one a line.  [required]"),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print only the number, with its concentration.")] = False,
    fail_on: FailOn = "error",
    output: Annotated[str, opt.format_option("rate")] = "text",
) -> CommandResult | Streamed:
    """Convert a dose rate into a pump rate, or back: mcg/kg/min, mcg/kg/h, mcg/min, mcg/h, mg/min, mg/h, mL/min, mL/h.

    A result in mL/h is rounded half up to 0.1 mL/h, with the exact value beside it. The dose, the weight, the
    concentration and the pump rate are judged like those of an order; findings go to stderr, or into the JSON.
    """
    opt.check_format("rate", output)
    threshold, typed, as_json = severity(fail_on), Inputs(), output == "json"
    setting = rate_setting(rating, typed)
    if value is None:
        raise InputError("RATE is missing; write it as in 0.15mcg/kg/min, or - to read one a line", missing="RATE|-")
    if value == "-":
        write_stderr(f"note: {note}" for note in typed.notes)
        return Streamed(partial(_many, setting, threshold, as_json=as_json, quiet=quiet))
    made = _one(value, setting, typed, "rate", indent=2, as_json=as_json)
    typed.notes.extend(made.notes)
    lines = _finding_lines(made, as_json=as_json)
    if as_json:
        return CommandResult(f"{made.line}\n", exit_code(made.findings, threshold), tuple(typed.notes))
    if quiet:
        return CommandResult(f"{made.quiet}\n", exit_code(made.findings, threshold), tuple(typed.notes), lines)
    typed.notes.insert(0, f"read as {made.read_back}")
    return CommandResult(f"{made.line}\n", exit_code(made.findings, threshold), tuple(typed.notes), lines)


def _one(text: str, setting: RateSetting, typed: Inputs, name: str, indent: int | None, *, as_json: bool) -> _Rated:
    made, conversion = rated(text, setting, typed, name)
    form = "json" if as_json else "text"
    line = str(opt.rendered("rate", form, made, conversion=lambda: conversion, indent=lambda: indent))
    return _Rated(line, made["findings"], made["notes"], read_back(made), rate_number(made))


def _finding_lines(made: _Rated, place: str = "", noted: Collection[str] = (), *, as_json: bool) -> tuple[str, ...]:
    """Return the lines that say on stderr what was found, but for the notes of earlier lines; in JSON it is there."""
    if as_json:
        return ()
    new = (each for each in made.findings if each["message"] not in noted)
    return tuple(f"{place}{each['severity']} {each['code']} {each['message']}" for each in new)


def _many(setting: RateSetting, threshold: Severity, write: Write, *, as_json: bool, quiet: bool) -> ExitCode:
    """Write one line for each line of standard input, an empty one for each that cannot be read."""
    gc.freeze()
    gc.enable()  # there may be millions
    unreadable, code = False, ExitCode.DONE
    known: dict[str, _Rated] = {}
    noted: set[str] = set()
    for number, line in enumerate(lines_in(), start=1):
        place = f"line {number}"
        try:
            made = _of_line(line, number, setting, known, as_json=as_json)
        except RescuecalcError as failure:
            write("\n")
            say(f"{place}: {str(failure).removeprefix(f'{place}: ')}")
            unreadable = True
            continue
        write(f"{made.quiet if quiet and not as_json else made.line}\n")
        # Of all lines the same note is said once.
        write_stderr(f"note: {note}" for note in made.notes if note not in noted)
        noted.update(made.notes)
        if not as_json and not quiet:
            write_stderr([f"{place}: read as {made.read_back}"])
        write_stderr(_finding_lines(made, f"{place}: ", noted, as_json=as_json))
        noted.update(each["message"] for each in made.findings if each["severity"] == "note")
        code = max(code, exit_code(made.findings, threshold))
    return ExitCode.BAD_INPUT if unreadable else code


def _of_line(
    line: bytes | None, number: int, setting: RateSetting, known: dict[str, _Rated], *, as_json: bool
) -> _Rated:
    """Return what a line gives; ``known`` holds what earlier lines gave, for those that say the same."""
    if line is None or len(line) > _LONGEST_LINE:
        raise InputError(f"longer than {_LONGEST_LINE:,} characters; write one rate a line")
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text; write one rate a line, as in 0.15mcg/kg/min") from None
    made = known.get(text)
    if made is None:
        typed = Inputs()
        made = _one(text, setting, typed, f"line {number}", indent=None, as_json=as_json)
        if typed.notes:  # they name the line
            return made._replace(notes=[*typed.notes, *made.notes])
        if len(known) >= _KNOWN:
            known.clear()
        known[text] = made
    return made


app = command_app(rate, "rate 0.15mcg/kg/min --weight 80kg --concentration 50mcg/mL")
