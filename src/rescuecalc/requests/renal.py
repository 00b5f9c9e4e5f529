"""What `renal` is asked, and its document: creatinine clearance and what the labels do at it."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
import re
from typing import Annotated, Final, NamedTuple

from rescuecalc.catalogue import catalogue
from rescuecalc.core.literature.limits import checked
from rescuecalc.core.orders.order import OrderSet
from rescuecalc.core.quantities.decimal_text import people_number, quoted
from rescuecalc.core.quantities.quantity import DosingWeight, Height, SerumCreatinine
from rescuecalc.core.renal.patient_clearance import BASES, Patient, clearance_on, every_basis
from rescuecalc.errors import CalculationRefused, InputError
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.document.renal import renal_document
from rescuecalc.requests import options as opt
from rescuecalc.requests.inputs import Inputs, one_of
from rescuecalc.requests.option import Option
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.judging.judge import judge

_EXAMPLE = "rescuecalc renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL"

_SEXES: Final = {"f": "female", "m": "male", "female": "female", "male": "male"}


class RenalRequest(NamedTuple):
    """What is typed of a patient's renal function; each field is an option."""

    age: Annotated[str | None, Option("YEARS", "Age in whole years: 70.")] = None
    sex: Annotated[str | None, Option("SEX", "female or male (f, m), as the formula means it.")] = None
    weight: opt.Weight = None
    creatinine: Annotated[str | None, Option("C", "Serum creatinine: 1.2mg/dL or 106umol/L.")] = None
    height: Annotated[str | None, Option("HEIGHT", "Height: 165cm, 1.65m, 65in or 5ft 5in.")] = None
    basis: Annotated[str, Option("BASIS", "Weight basis: actual, ideal or adjusted.")] = "actual"


def renal_of(of: RenalRequest, typed: Inputs) -> Document:
    """Return the document of `renal`.

    Raises InputError for what is missing or unreadable, CalculationRefused for what is outside of the limits.
    """
    one_of(of.basis, BASES, "--basis")
    limits, constants = catalogue.limits(), catalogue.renal_constants()
    given = {"--age": of.age, "--sex": of.sex, "--weight": of.weight, "--creatinine": of.creatinine}
    missing = [name for name, value in given.items() if value is None]
    if of.age is None or of.sex is None or of.weight is None or of.creatinine is None:
        raise InputError(f"{' and '.join(missing)} missing; write it as in `{_EXAMPLE}`")
    tall = typed.maybe(of.height, Height, "--height")
    patient = Patient(
        age_years=_age(of.age, limits.age_years),
        sex=one_of(_SEXES.get(of.sex.lower(), of.sex), ("female", "male"), "--sex"),
        weight=checked(typed.read(of.weight, DosingWeight, "--weight"), limits.weight, "--weight"),
        creatinine=_creatinine(of.creatinine, typed),
        height=checked(tall, limits.height, "--height") if tall else None,
    )
    result = clearance_on(of.basis, patient, constants, limits.clearance_step)
    others, undefined = every_basis(patient, constants, limits.clearance_step)
    rules = tuple(catalogue.renal_rules().values())
    subject = OrderSet("", None, result.weight, result.exact, None, (), (result, *others))
    found = judge(Subject(subject, None, catalogue.knowledge()))
    return renal_document(patient, result, others, undefined, rules, constants, limits.clearance_step, found)


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
