"""`rescuecalc renal`: creatinine clearance and what the labels do at it."""

import re
from typing import Annotated

import typer

from rescuecalc.catalogue import catalogue
from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, Inputs, command_app, one_of, severity
from rescuecalc.cli.output import Outcome, exit_code, page_width
from rescuecalc.core.literature.limits import checked
from rescuecalc.core.orders.order import OrderSet
from rescuecalc.core.quantities.decimal_text import people_number, quoted
from rescuecalc.core.quantities.quantity import DosingWeight, Height, SerumCreatinine
from rescuecalc.core.renal.patient_clearance import BASES, Patient, clearance_on, every_basis
from rescuecalc.errors import CalculationRefused, InputError
from rescuecalc.reporters.document.renal import renal_document, renal_page
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.judging.judge import judge

_EXAMPLE = "rescuecalc renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL"


def renal(
    age: Annotated[str | None, typer.Option(metavar="YEARS", help="Age in whole years: 70.")] = None,
    sex: Annotated[str | None, typer.Option(metavar="SEX", help="female or male, as the formula means it.")] = None,
    weight: opt.Weight = None,
    creatinine: Annotated[
        str | None, typer.Option(metavar="C", help="Serum creatinine: 1.2mg/dL or 106umol/L.")
    ] = None,
    height: Annotated[str | None, typer.Option(metavar="HEIGHT", help="Height: 165cm or 65in.")] = None,
    basis: Annotated[str, typer.Option(metavar="BASIS", help="Weight basis: actual, ideal or adjusted.")] = "actual",
    fail_on: FailOn = "error",
    output: opt.TextOrJson = "text",
) -> Outcome:
    """Calculate creatinine clearance (Cockcroft-Gault), on a weight basis that is always named."""
    one_of(output, ("text", "json"), "--format")
    one_of(basis, BASES, "--basis")
    threshold = severity(fail_on)
    limits, constants, typed = catalogue.limits(), catalogue.renal_constants(), Inputs()
    given = {"--age": age, "--sex": sex, "--weight": weight, "--creatinine": creatinine}
    missing = [name for name, value in given.items() if value is None]
    if age is None or sex is None or weight is None or creatinine is None:
        raise InputError(f"{' and '.join(missing)} missing; write it as in `{_EXAMPLE}`")
    tall = typed.maybe(height, Height, "--height")
    patient = Patient(
        age_years=_age(age, limits.age_years),
        sex=one_of(sex, ("female", "male"), "--sex"),
        weight=checked(typed.read(weight, DosingWeight, "--weight"), limits.weight, "--weight"),
        creatinine=_creatinine(creatinine, typed),
        height=checked(tall, limits.height, "--height") if tall else None,
    )
    result = clearance_on(basis, patient, constants, limits.clearance_step)
    others, undefined = every_basis(patient, constants, limits.clearance_step)
    rules = tuple(catalogue.renal_rules().values())
    subject = OrderSet("", None, result.weight, result.exact, None, (), (result, *others))
    found = judge(Subject(subject, None, catalogue.knowledge()))
    made = renal_document(patient, result, others, undefined, rules, constants, limits.clearance_step, found)
    code, notes = exit_code(made["findings"], threshold), tuple(typed.notes)
    return (
        Outcome(dumps(made) + "\n", code, notes)
        if output == "json"
        else Outcome(renal_page(made, page_width()), code, notes)
    )


def _age(text: str, allowed: tuple[int, int]) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", text, re.ASCII):
        raise InputError(f"--age: cannot read {quoted(text)}; write whole years, as in --age 70")
    years = int(text)
    if not allowed[0] <= years <= allowed[1]:
        message = (
            f"--age: {years} is outside of {allowed[0]} to {allowed[1]} years, which is what rescuecalc calculates for"
        )
        raise CalculationRefused(message)
    return years


def _creatinine(text: str, typed: Inputs) -> SerumCreatinine:
    """Return the creatinine; 106 mg/dL is a value in umol/L with the wrong unit, and refused."""
    creatinine = typed.read(text, SerumCreatinine, "--creatinine")
    limits, constants = catalogue.limits().creatinine, catalogue.renal_constants()
    if creatinine.unit.name == "mg/dL":
        return checked(creatinine, limits, "--creatinine")
    factor = constants.umol_per_litre_per_mg_per_dl
    low, high = (end.magnitude * factor for end in (limits.low, limits.high))
    if not low <= creatinine.value_in("umol/L") <= high:
        beside = f"(1 mg/dL is {people_number(factor)} umol/L)"
        message = f"--creatinine: {quoted(text)} is outside of {limits} {beside}; check number and unit"
        raise CalculationRefused(message)
    return creatinine


app = command_app(
    renal,
    "Creatinine clearance (Cockcroft-Gault)",
    "renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL",
)
