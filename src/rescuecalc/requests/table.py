"""What `table` is asked, and its document: one protocol over a range of weights."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
from fractions import Fraction
from typing import Annotated, NamedTuple

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.knowledge import packaged_knowledge
from rescuecalc.core.literature.limits import checked
from rescuecalc.core.orders.findings.finding import Finding
from rescuecalc.core.orders.order import order_set
from rescuecalc.core.quantities.decimal_text import plain, significant
from rescuecalc.core.quantities.quantity import DosingWeight
from rescuecalc.core.quantities.units import unit
from rescuecalc.core.regimen.protocol import Protocol
from rescuecalc.core.regimen.regimen import Choices, Regimen, regimen
from rescuecalc.core.renal.creatinine_clearance import RenalRule
from rescuecalc.errors import CalculationRefused, InputError
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.document.regimen.table import table_document
from rescuecalc.requests.bedside import with_never_hidden
from rescuecalc.requests.input import options as opt
from rescuecalc.requests.input.choices import Texts, choices
from rescuecalc.requests.input.inputs import Inputs
from rescuecalc.requests.input.option import Option
from rescuecalc.requests.labels import label_columns, label_rules
from rescuecalc.requests.protocols.chosen_protocol import chosen_protocol, errors_of_file, with_errors
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.judging.judge import judge

# A typed weight has at most 18 digits, and a pound has 8 decimals of a kilogram: no row needs more than this.
_EXACT_DIGITS = 40

Row = tuple[Regimen, tuple[Finding, ...], tuple[tuple[RenalRule, Regimen], ...]]


class TableRequest(NamedTuple):
    """What is typed of a table; each field is an option."""

    protocol: opt.Protocol = None
    low: Annotated[str, Option("WEIGHT", "First weight.", "--from")] = "40kg"
    high: Annotated[str, Option("WEIGHT", "Last weight; a row only where the step meets it.", "--to")] = "140kg"
    step: Annotated[str, Option("WEIGHT", "Step from row to row.")] = "5kg"
    crcl: opt.Crcl = None
    renal: opt.Renal = None
    ia_dose: opt.IaDose = None
    supplies: opt.SupplyNames = opt.SupplyNames()
    pump_step: opt.PumpStep = None
    volume_step: opt.VolumeStep = None
    protocol_file: opt.ProtocolFile = None


def table_of(given: TableRequest, typed: Inputs) -> Document:
    """Return the document of `table`; errors as for reading quantities and for ``regimen``."""
    chosen = chosen_protocol(given.protocol, given.protocol_file)
    limits = catalogue.limits()
    ends = [
        checked(typed.read(text, DosingWeight, name), limits.weight, name)
        for text, name in ((given.low, "--from"), (given.high, "--to"))
    ]
    step = typed.read(given.step, DosingWeight, "--step", "5kg")
    weights = _weights(ends[0], ends[1], step, limits.table_rows)
    texts = Texts(
        crcl=given.crcl,
        ia_dose=given.ia_dose,
        **given.supplies._asdict(),
        pump_step=given.pump_step,
        volume_step=given.volume_step,
    )
    picked = choices(texts, chosen, typed, timed=False)
    rules = label_rules(chosen, picked.clearance, given.renal)
    errors = errors_of_file(chosen)  # the same for every weight, and the slowest part of a row
    rows = _with_common_columns([_row(chosen, picked._replace(weight=weight), rules, errors) for weight in weights])
    return with_never_hidden(table_document(rows))


def _row(protocol: Protocol, picked: Choices, rules: tuple[RenalRule, ...], errors: tuple[Finding, ...]) -> Row:
    limits = catalogue.limits()
    result = regimen(protocol, picked, catalogue.stated_renal_rule(protocol), limits)
    orders = order_set(result, ())
    columns, _ = label_columns(result, rules)
    found = judge(Subject(orders, protocol, packaged_knowledge()))
    return result, with_errors(found, errors), columns


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
