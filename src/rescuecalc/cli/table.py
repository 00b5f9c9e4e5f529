"""`rescuecalc table`: one protocol over a range of weights."""

from fractions import Fraction
from typing import Annotated

import typer

from rescuecalc.catalogue import catalogue
from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, Inputs, command_app, one_of, severity
from rescuecalc.cli.output import Outcome, exit_code, page_width
from rescuecalc.cli.patient_choices import Texts, choices
from rescuecalc.core.literature.limits import checked
from rescuecalc.core.orders.finding import Finding
from rescuecalc.core.orders.order import order_set
from rescuecalc.core.quantities.decimal_text import plain, significant
from rescuecalc.core.quantities.quantity import DosingWeight
from rescuecalc.core.quantities.units import unit
from rescuecalc.core.regimen.protocol import Protocol
from rescuecalc.core.regimen.regimen import Choices, Regimen, regimen
from rescuecalc.core.renal.creatinine_clearance import RenalRule
from rescuecalc.errors import CalculationRefused, InputError
from rescuecalc.reporters.document.table import table_document
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.reporters.render.table_text import table_csv, table_markdown, table_page
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.judging.judge import judge

# A typed weight has at most 18 digits, and a pound has 8 decimals of a kilogram: no row needs more than this.
_EXACT_DIGITS = 40

Row = tuple[Regimen, tuple[Finding, ...], tuple[tuple[RenalRule, Regimen], ...]]


def table(
    protocol: Annotated[str | None, typer.Argument(help="A protocol, as `rescuecalc protocol list` names it.")] = None,
    low: Annotated[str, typer.Option("--from", metavar="WEIGHT", help="First weight.")] = "40kg",
    high: Annotated[
        str, typer.Option("--to", metavar="WEIGHT", help="Last weight; a row only where the step meets it.")
    ] = "140kg",
    step: Annotated[str, typer.Option(metavar="WEIGHT", help="Step from row to row.")] = "5kg",
    crcl: opt.Crcl = None,
    renal: opt.Renal = None,
    ia_dose: opt.IaDose = None,
    bolus_product: opt.BolusProduct = None,
    infusion_product: opt.InfusionProduct = None,
    bolus_concentration: opt.BolusConcentration = None,
    infusion_concentration: opt.InfusionConcentration = None,
    pump_step: opt.PumpStep = None,
    volume_step: opt.VolumeStep = None,
    protocol_file: opt.ProtocolFile = None,
    fail_on: FailOn = "error",
    output: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json, csv or markdown.")] = "text",
) -> Outcome:
    """Print bolus volumes and pump rates of a PROTOCOL for a range of weights."""
    one_of(output, ("text", "json", "csv", "markdown"), "--format")
    threshold = severity(fail_on)
    chosen = opt.chosen_protocol(protocol, protocol_file)
    limits, typed = catalogue.limits(), Inputs()
    ends = [
        checked(typed.read(text, DosingWeight, name), limits.weight, name)
        for text, name in ((low, "--from"), (high, "--to"))
    ]
    weights = _weights(ends[0], ends[1], typed.read(step, DosingWeight, "--step", "5kg"), limits.table_rows)
    texts = Texts(
        crcl=crcl,
        ia_dose=ia_dose,
        bolus_product=bolus_product,
        infusion_product=infusion_product,
        bolus_concentration=bolus_concentration,
        infusion_concentration=infusion_concentration,
        pump_step=pump_step,
        volume_step=volume_step,
    )
    picked = choices(texts, chosen, typed, timed=False)
    rules = opt.label_rules(chosen, picked.clearance, renal)
    made = table_document(
        _with_common_columns([_row(chosen, picked._replace(weight=weight), rules) for weight in weights])
    )
    code, notes = exit_code(made["findings"], threshold), tuple(typed.notes)
    if output == "text":
        return Outcome(table_page(made, page_width()), code, notes)
    text = {
        "json": lambda: dumps(made) + "\n",
        "csv": lambda: table_csv(made),
        "markdown": lambda: table_markdown(made),
    }
    return Outcome(text[output](), code, notes)


def _row(protocol: Protocol, picked: Choices, rules: tuple[RenalRule, ...]) -> Row:
    limits = catalogue.limits()
    result = regimen(protocol, picked, catalogue.own_renal_rule(protocol), limits)
    orders = order_set(result, ())
    columns, _ = opt.label_columns(result, rules)
    return result, judge(Subject(orders, protocol, catalogue.knowledge())), columns


def _with_common_columns(rows: list[Row]) -> list[Row]:
    """Return the rows with those labels' columns that every row has: at a very low weight one may round to 0."""
    common = set.intersection(*({rule.id for rule, _ in columns} for _, _, columns in rows))
    return [(r, found, tuple(each for each in columns if each[0].id in common)) for r, found, columns in rows]


def _weights(low: DosingWeight, high: DosingWeight, step: DosingWeight, most: int) -> list[DosingWeight]:
    """Return the weights from ``low`` to at most ``high``, each with a text of its own for the second route."""
    if low.exceeds(high):
        raise InputError(f"--from: {low} is above --to {high}; write the lower weight first")
    if step.magnitude == 0:
        raise CalculationRefused(f"--step: {step.text!r} is zero; write a step as 5kg")
    first, last, stride = (each.value_in("kg") for each in (low, high, step))
    count = ((last - first) / stride).__floor__() + 1
    if count > most:
        raise CalculationRefused(
            f"--step: {step} makes {count:,} rows, and a table has at most {most}; write a larger step"
        )
    return [_weight(first + stride * n) for n in range(count)]


def _weight(kilograms: Fraction) -> DosingWeight:
    """Return a row's weight, exactly: a step in pounds has more decimals than a person may type."""
    return DosingWeight(kilograms, unit("kg"), f"{plain(significant(kilograms, _EXACT_DIGITS))} kg")


app = command_app(
    table,
    "One protocol over a range of weights",
    "table rescue-bt-2022 --from 40kg --to 140kg --step 10kg",
)
