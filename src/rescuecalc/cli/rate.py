"""`rescuecalc rate`: one rate in another unit; many from standard input."""

import gc
import sys
from collections.abc import Iterator
from typing import Annotated, NamedTuple

import typer

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.supplies import thousandfold
from rescuecalc.cli import options as opt
from rescuecalc.cli.command import Inputs, command_app, one_of
from rescuecalc.cli.ending import say
from rescuecalc.cli.outcome import Outcome
from rescuecalc.core.conversion import RATES, converted
from rescuecalc.core.likeness import nearest
from rescuecalc.core.limits import checked
from rescuecalc.core.notation import quoted
from rescuecalc.core.quantity import Concentration, DosingWeight, PumpRate, read_any
from rescuecalc.core.units import unit
from rescuecalc.errors import CalculationRefused, ExitCode, InputError, RescuecalcError
from rescuecalc.reporters.json_text import dumps
from rescuecalc.reporters.parts import Document, people
from rescuecalc.reporters.rate_document import PUMP_UNIT, rate_document, rate_line


class _Setting(NamedTuple):
    """What holds for every value of one call."""

    weight: DosingWeight | None
    concentration: Concentration | None
    target: str | None
    pump_step: PumpRate
    as_json: bool


def rate(
    value: Annotated[str, typer.Argument(metavar="RATE|-", help="A rate, as in 0.15mcg/kg/min; - reads one a line.")],
    weight: opt.Weight = None,
    concentration: Annotated[str | None, typer.Option(metavar="C", help="Concentration: 50mcg/mL.")] = None,
    to: Annotated[str | None, typer.Option(metavar="UNIT", help="Unit of the result; mL/h unless given.")] = None,
    drug: Annotated[
        str | None, typer.Option(metavar="NAME", help="The drug, where it is not one of the catalogue.")
    ] = None,
    pump_step: opt.PumpStep = None,
    output: opt.TextOrJson = "text",
) -> Outcome:
    """Convert a dose rate into a pump rate, or back: mcg/kg/min, mcg/kg/h, mcg/min, mcg/h, mg/min, mg/h, mL/min, mL/h.

    A result in mL/h is rounded half up to 0.1 mL/h, with the exact value beside it.
    """
    one_of(output, ("text", "json"), "--format")
    limits = catalogue.limits()
    typed = Inputs()
    patient = typed.maybe(weight, DosingWeight, "--weight")
    strength = typed.maybe(concentration, Concentration, "--concentration")
    setting = _Setting(
        weight=checked(patient, limits.weight, "--weight") if patient else None,
        concentration=_checked(strength, drug) if strength else None,
        target=_target(to) if to is not None else None,
        pump_step=typed.maybe(pump_step, PumpRate, "--pump-step", "0.1mL/h") or limits.pump_step,
        as_json=output == "json",
    )
    if pump_step is not None and setting.target not in (None, PUMP_UNIT):
        raise InputError(
            f"--pump-step is given, and the result in {setting.target} has no pump to round for; leave it out"
        )
    if value == "-":
        return _many(setting, typed)
    return Outcome(f"{_one(value, setting, typed, 'rate', indent=2)}\n", notes=tuple(typed.notes))


def _target(text: str) -> str:
    try:
        found = unit(text)
    except InputError as reason:
        raise InputError(f"--to: cannot read {quoted(text)}: {reason}; write a unit of rate as mcg/kg/min") from None
    if not any(role.accepts(found) for role in RATES):
        raise InputError(f"--to: {quoted(text)} is not a unit of rate; write one as mcg/kg/min")
    return found.name


def _checked(concentration: Concentration, drug: str | None) -> Concentration:
    """Refuse 1,000 times a catalogue concentration, unless the drug is another one: mg was written for mcg."""
    known = sorted(catalogue.drugs())
    if drug is not None and drug.lower() not in known:
        hint = nearest(drug.lower(), known, cutoff=0.75)
        if hint:
            raise InputError(f"--drug: {quoted(drug)} is near a drug of the catalogue{hint}? Write its name in full")
    listed = [each for each in catalogue.products().values() if drug is None or each.drug == drug.lower()]
    product = thousandfold(concentration, listed)
    if product is not None:
        message = (
            f"--concentration: {concentration} is 1,000 times the {product.concentration} of {product.drug} "
            f"{product.id}: mg and mcg mixed up? If it is another drug, name it with --drug"
        )
        raise CalculationRefused(message)
    return concentration


def _one(text: str, setting: _Setting, typed: Inputs, name: str, indent: int | None) -> str:
    given = read_any(text, RATES, name)
    typed.note(text, name)
    target = setting.target
    if target is None:
        if given.unit.name == PUMP_UNIT:
            raise InputError(
                f"{name}: {quoted(text)} is in {PUMP_UNIT} already; say what it is to be, as in --to mcg/kg/min"
            )
        target = PUMP_UNIT
    conversion = converted(given, target, setting.weight, setting.concentration)
    made = rate_document(given, conversion, setting.weight, setting.concentration, setting.pump_step)
    made["notes"] = [*_warnings(made)]
    typed.notes.extend(f"{name}: {note}" for note in made["notes"])
    return dumps(made, indent) if setting.as_json else rate_line(made, conversion)


def _warnings(made: Document) -> Iterator[str]:
    """Say what a bedside page would have as a finding; it stands in the JSON and on stderr."""
    limits = catalogue.limits()
    if abs(made["deviation_percent"]) > limits.deviation_percent:
        by = f"{made['deviation_percent']} %, more than {limits.deviation_percent} %"
        yield f"rounding changes the dose by {by}"
    if made["result"]["unit"] == PUMP_UNIT and made["result"]["value"] > limits.pump_rate.value_in(PUMP_UNIT):
        yield f"{people(made['result'])} is faster than {limits.pump_rate}, the most a pump is taken to run"


def _many(setting: _Setting, typed: Inputs) -> Outcome:
    """Return one line for each line of standard input, an empty one for each that cannot be read."""
    gc.enable()  # there may be millions
    lines, failures, code = [], [], ExitCode.DONE
    for number, line in enumerate(_stdin_lines(), start=1):
        try:
            lines.append(_one(line, setting, typed, f"line {number}", indent=None))
        except RescuecalcError as failure:
            lines.append("")
            failures.append(f"line {number}: {str(failure).removeprefix(f'line {number}: ')}")
            code = ExitCode.BAD_INPUT
    for message in failures:
        say(message)
    return Outcome("".join(f"{line}\n" for line in lines), code, tuple(typed.notes))


def _stdin_lines() -> list[str]:
    """Return the lines, split at line feeds only: one line out for each line in."""
    if sys.stdin is None:
        raise InputError("standard input is closed; give a rate, as in 0.15mcg/kg/min, or lines of them")
    try:
        text = sys.stdin.read().removeprefix("\ufeff")
        return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []
    except UnicodeDecodeError:
        raise InputError("standard input is not UTF-8 text; write one rate a line, as in 0.15mcg/kg/min") from None


app = command_app(
    rate,
    "A dose rate as a pump rate, or back",
    "rate 0.15mcg/kg/min --weight 80kg --concentration 50mcg/mL",
)
