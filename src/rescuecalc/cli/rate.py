"""`rescuecalc rate`: one rate in another unit; many from standard input."""

import gc
import sys
from typing import Annotated, Final, NamedTuple

import typer

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, command_app, severity, spread
from rescuecalc.cli.exit_codes import say
from rescuecalc.cli.output import CommandResult, exit_code
from rescuecalc.core.orders.finding import Severity
from rescuecalc.errors import ExitCode, InputError, RescuecalcError
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.render.rate_text import quiet_rate, read_back
from rescuecalc.requests.inputs import Inputs
from rescuecalc.requests.rate import RateRequest, RateSetting, rate_setting, rated

_LONGEST_LINE: Final = 1_000
"""Characters of a line of standard input."""

_MOST_LINES: Final = 1_000_000
"""Lines of standard input that are held at a time."""


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
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the number alone, with its concentration.")] = False,
    fail_on: FailOn = "error",
    output: Annotated[str, opt.format_option("rate")] = "text",
) -> CommandResult:
    """Convert a dose rate into a pump rate, or back: mcg/kg/min, mcg/kg/h, mcg/min, mcg/h, mg/min, mg/h, mL/min, mL/h.

    A result in mL/h is rounded half up to 0.1 mL/h, with the exact value beside it. The dose, the weight, the
    concentration and the pump rate are judged like an order's; what is found stands on stderr, or in the JSON.
    """
    opt.check_format("rate", output)
    threshold, typed, as_json = severity(fail_on), Inputs(), output == "json"
    setting = rate_setting(rating, typed)
    if value is None:
        raise InputError("RATE is missing; write it as in 0.15mcg/kg/min, or - to read one a line", missing="RATE|-")
    if value == "-":
        return _many(setting, typed, threshold, as_json=as_json, quiet=quiet)
    made = _one(value, setting, typed, "rate", indent=2, as_json=as_json)
    typed.notes.extend(made.notes)
    told = _told(made, as_json=as_json)
    if as_json:
        return CommandResult(f"{made.line}\n", exit_code(made.findings, threshold), tuple(typed.notes))
    if quiet:
        return CommandResult(f"{_quiet_line(made)}\n", exit_code(made.findings, threshold), tuple(typed.notes), told)
    typed.notes.insert(0, f"read as {made.read_back}")
    return CommandResult(f"{made.line}\n", exit_code(made.findings, threshold), tuple(typed.notes), told)


def _one(text: str, setting: RateSetting, typed: Inputs, name: str, indent: int | None, *, as_json: bool) -> _Rated:
    made, conversion = rated(text, setting, typed, name)
    form = "json" if as_json else "text"
    line = str(opt.rendered("rate", form, made, conversion=lambda: conversion, indent=lambda: indent))
    return _Rated(line, made["findings"], made["notes"], read_back(made), quiet_rate(made))


def _quiet_line(made: _Rated) -> str:
    wrong = any(each["severity"] == "error" for each in made.findings)
    return f"{'DO NOT USE: ' if wrong else ''}{made.quiet}"


def _told(made: _Rated, place: str = "", *, as_json: bool) -> tuple[str, ...]:
    """Return the lines that say on stderr what was found; in JSON it stands in the document."""
    if as_json:
        return ()
    return tuple(f"{place}{each['severity']} {each['code']} {each['message']}" for each in made.findings)


def _many(setting: RateSetting, typed: Inputs, threshold: Severity, *, as_json: bool, quiet: bool) -> CommandResult:
    """Return one line for each line of standard input, an empty one for each that cannot be read."""
    gc.enable()  # there may be millions
    lines, failures, code = [], [], ExitCode.DONE
    told: list[str] = []
    notes: dict[str, None] = {}
    for number, line in enumerate(_stdin_lines(), start=1):
        try:
            made = _one(line, setting, typed, f"line {number}", indent=None, as_json=as_json)
        except RescuecalcError as failure:
            lines.append("")
            failures.append(f"line {number}: {str(failure).removeprefix(f'line {number}: ')}")
            continue
        lines.append(_quiet_line(made) if quiet and not as_json else made.line)
        notes.update(dict.fromkeys(made.notes))
        if not as_json and not quiet:
            told.append(f"line {number}: read as {made.read_back}")
        told.extend(_told(made, f"line {number}: ", as_json=as_json))
        code = max(code, exit_code(made.findings, threshold))
    for message in failures:
        say(message)
    return CommandResult(
        "".join(f"{line}\n" for line in lines),
        ExitCode.BAD_INPUT if failures else code,
        (*typed.notes, *notes),
        tuple(told),
    )


def _stdin_lines() -> list[str]:
    """Return the lines, split at line feeds only: one line out for each line in."""
    if sys.stdin is None:
        raise InputError("standard input is closed; give a rate, as in 0.15mcg/kg/min, or lines of them")
    lines: list[str] = []
    try:
        while line := sys.stdin.readline(_LONGEST_LINE + 1):
            if len(line) > _LONGEST_LINE:
                raise InputError(
                    f"line {len(lines) + 1} is longer than {_LONGEST_LINE:,} characters; write one rate a line"
                )
            if len(lines) >= _MOST_LINES:
                raise InputError(f"standard input has more than {_MOST_LINES:,} lines; give it in parts")
            lines.append(line.removesuffix("\n").removesuffix("\r"))
    except UnicodeDecodeError:
        raise InputError("standard input is not UTF-8 text; write one rate a line, as in 0.15mcg/kg/min") from None
    return [line.removeprefix("\ufeff") for line in lines[:1]] + lines[1:]


app = command_app(rate, "rate 0.15mcg/kg/min --weight 80kg --concentration 50mcg/mL")
