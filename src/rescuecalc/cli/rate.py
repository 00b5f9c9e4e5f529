"""`rescuecalc rate`: one rate in another unit; many from standard input."""

import gc
import sys
from fractions import Fraction
from typing import Annotated, Final, NamedTuple

import typer

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.supplies import thousandfold
from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, Inputs, command_app, one_of, severity
from rescuecalc.cli.exit_codes import say
from rescuecalc.cli.output import Outcome, exit_code
from rescuecalc.core.drugs.drug_name import BRANDS, drug_name
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.literature.limits import checked
from rescuecalc.core.orders.finding import Severity
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import Concentration, DosingWeight, PumpRate, Quantity, read_any
from rescuecalc.core.quantities.rate_conversion import RATES, converted
from rescuecalc.core.quantities.units import unit
from rescuecalc.errors import CalculationRefused, ExitCode, InputError, RescuecalcError
from rescuecalc.reporters.document.common_parts import Document, finding
from rescuecalc.reporters.document.rate import PUMP_UNIT, rate_document, rate_line
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.rules.base.knowledge import Knowledge

_DEFAULT: Final = "tirofiban"

_LONGEST_LINE: Final = 1_000
"""Characters of a line of standard input."""

_MOST_LINES: Final = 1_000_000
"""Lines of standard input that are held at a time."""


class _Setting(NamedTuple):
    """What holds for every value of one call; ``drug`` is the one that rates are judged as."""

    weight: DosingWeight | None
    concentration: Concentration | None
    target: str | None
    pump_step: PumpRate
    as_json: bool
    drug: str
    is_named: bool
    knowledge: Knowledge


class _Rated(NamedTuple):
    """One rate that was converted and judged: what is printed of it, and its findings in both forms."""

    line: str
    findings: list[Document]
    notes: list[str]


def rate(
    value: Annotated[str, typer.Argument(metavar="RATE|-", help="A rate, as in 0.15mcg/kg/min; - reads one a line.")],
    weight: opt.Weight = None,
    concentration: Annotated[str | None, typer.Option(metavar="C", help="Concentration: 50mcg/mL.")] = None,
    to: Annotated[str | None, typer.Option(metavar="UNIT", help="Unit of the result; mL/h unless given.")] = None,
    drug: Annotated[
        str | None, typer.Option(metavar="NAME", help="The drug whose doses it is judged by; tirofiban unless given.")
    ] = None,
    pump_step: opt.PumpStep = None,
    fail_on: FailOn = "error",
    output: opt.TextOrJson = "text",
) -> Outcome:
    """Convert a dose rate into a pump rate, or back: mcg/kg/min, mcg/kg/h, mcg/min, mcg/h, mg/min, mg/h, mL/min, mL/h.

    A result in mL/h is rounded half up to 0.1 mL/h, with the exact value beside it. The dose, the weight, the
    concentration and the pump rate are judged like an order's; what is found stands on stderr, or in the JSON.
    """
    one_of(output, ("text", "json"), "--format")
    threshold = severity(fail_on)
    limits = catalogue.limits()
    typed = Inputs()
    named = _drug(drug) if drug is not None else None
    patient = typed.maybe(weight, DosingWeight, "--weight")
    strength = typed.maybe(concentration, Concentration, "--concentration")
    setting = _Setting(
        weight=checked(patient, limits.weight, "--weight") if patient else None,
        concentration=_checked(strength, named) if strength else None,
        target=_target(to) if to is not None else None,
        pump_step=typed.maybe(pump_step, PumpRate, "--pump-step", "0.1mL/h") or limits.pump_step,
        as_json=output == "json",
        drug=named or _DEFAULT,
        is_named=named is not None,
        knowledge=catalogue.knowledge(),
    )
    if pump_step is not None and setting.target not in (None, PUMP_UNIT):
        raise InputError(
            f"--pump-step is given, and the result in {setting.target} has no pump to round for; leave it out"
        )
    if value == "-":
        return _many(setting, typed, threshold)
    made = _one(value, setting, typed, "rate", indent=2)
    typed.notes.extend(made.notes)
    return Outcome(f"{made.line}\n", exit_code(made.findings, threshold), tuple(typed.notes), _told(made, setting))


def _target(text: str) -> str:
    try:
        found = unit(text)
    except InputError as reason:
        raise InputError(f"--to: cannot read {quoted(text)}: {reason}; write a unit of rate as mcg/kg/min") from None
    if not any(role.accepts(found) for role in RATES):
        raise InputError(f"--to: {quoted(text)} is not a unit of rate; write one as mcg/kg/min")
    return found.name


def _drug(text: str) -> str:
    """Return the name that rates of a drug are judged under; InputError where a known one is misspelt."""
    name, known = drug_name(text), catalogue.knowledge()
    if not known.has_published_range(name):
        ranged = sorted({*known.drugs, *(each.drug for each in known.published_ranges())})
        brands = (brand for brand, drug in BRANDS.items() if drug in ranged)
        hint = nearest(name, [*ranged, *brands], cutoff=0.75)
        if hint:
            raise InputError(f"--drug: {quoted(text)} is near a drug of the catalogue{hint} Write its name in full")
    return name


def _checked(concentration: Concentration, drug: str | None) -> Concentration:
    """Refuse 1,000 times a catalogue concentration, unless the drug is another one: mg was written for mcg."""
    listed = [each for each in catalogue.products().values() if drug in (None, each.drug)]
    product = thousandfold(concentration, listed)
    if product is not None:
        message = (
            f"--concentration: {concentration} is 1,000 times the {product.concentration} of {product.drug} "
            f"{product.id}: mg and mcg mixed up? If it is another drug, name it with --drug"
        )
        raise CalculationRefused(message)
    return concentration


def _one(text: str, setting: _Setting, typed: Inputs, name: str, indent: int | None) -> _Rated:
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
    _judge(made, given, conversion.exact, setting)
    line = dumps(made, indent) if setting.as_json else rate_line(made, conversion)
    return _Rated(line, made["findings"], made["notes"])


def _judge(made: Document, given: Quantity, exact: Quantity, setting: _Setting) -> None:
    """Put into a document what it was judged as, and what was found."""
    # Half of the time of a start: a rate that is refused does not pay for it.
    from rescuecalc.rules.judging.typed_rate import OneRate, judged_rate, unjudged  # noqa: PLC0415

    result = type(exact)(Fraction(made["result"]["value"]), exact.unit)
    rate = OneRate(setting.drug, given, exact, result, setting.weight, setting.concentration)
    reason = unjudged(rate, setting.knowledge)
    made["judged_as"] = setting.drug if reason is None else None
    made["notes"] = [f"the dose was not judged: {reason}"] if reason is not None else []
    if reason is None and not setting.is_named:
        made["notes"] = [f"judged as {setting.drug}: no drug named"]
    made["findings"] = [finding(each) for each in judged_rate(rate, setting.knowledge)]


def _told(made: _Rated, setting: _Setting, place: str = "") -> tuple[str, ...]:
    """Return the lines that say on stderr what was found; in JSON it stands in the document."""
    if setting.as_json:
        return ()
    return tuple(f"{place}{each['severity']} {each['code']} {each['message']}" for each in made.findings)


def _many(setting: _Setting, typed: Inputs, threshold: Severity) -> Outcome:
    """Return one line for each line of standard input, an empty one for each that cannot be read."""
    gc.enable()  # there may be millions
    lines, failures, code = [], [], ExitCode.DONE
    told: list[str] = []
    notes: dict[str, None] = {}
    for number, line in enumerate(_stdin_lines(), start=1):
        try:
            made = _one(line, setting, typed, f"line {number}", indent=None)
        except RescuecalcError as failure:
            lines.append("")
            failures.append(f"line {number}: {str(failure).removeprefix(f'line {number}: ')}")
            continue
        lines.append(made.line)
        notes.update(dict.fromkeys(made.notes))
        told.extend(_told(made, setting, f"line {number}: "))
        code = max(code, exit_code(made.findings, threshold))
    for message in failures:
        say(message)
    return Outcome(
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


app = command_app(
    rate,
    "A dose rate as a pump rate, or back",
    "rate 0.15mcg/kg/min --weight 80kg --concentration 50mcg/mL",
)
