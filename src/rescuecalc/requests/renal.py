"""What `renal` is asked, and its document: creatinine clearance and what the labels do at it."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
from typing import Annotated, NamedTuple

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.knowledge import packaged_knowledge
from rescuecalc.core.orders.order import OrderSet
from rescuecalc.core.renal.patient_clearance import BASES
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.document.regimen.renal import renal_document
from rescuecalc.requests.input import options as opt
from rescuecalc.requests.input.inputs import Inputs, one_of
from rescuecalc.requests.input.option import Option
from rescuecalc.requests.input.patient import ClearanceInputs, patient_of, worked
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.judging.judge import judge

_EXAMPLE = "rescuecalc renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL"


class RenalRequest(NamedTuple):
    """What is typed of a patient's renal function; each field is an option."""

    age: Annotated[str | None, Option("YEARS", opt.AGE, needed="")] = None
    sex: Annotated[str | None, Option("SEX", opt.SEX, needed="")] = None
    weight: opt.WeightOfPatient = None
    creatinine: Annotated[str | None, Option("C", opt.CREATININE, needed="")] = None
    height: opt.BodyHeight = None
    basis: Annotated[str, Option("BASIS", "Weight basis: actual, ideal or adjusted.")] = "actual"


def renal_of(of: RenalRequest, typed: Inputs) -> Document:
    """Return the document of `renal`.

    Raises InputError for what is missing or unreadable, CalculationRefused for what is outside of the limits.
    """
    of = of._replace(basis=one_of(of.basis, BASES, "--basis"))
    limits, constants = catalogue.limits(), catalogue.renal_constants()
    given = ClearanceInputs(of.age, of.sex, of.weight, of.creatinine, of.height, of.basis)
    patient, result, others, undefined = worked(patient_of(given, typed, _EXAMPLE), of.basis)
    rules = tuple(catalogue.renal_rules().values())
    subject = OrderSet("", None, result.weight, result.exact, None, (), (result, *others))
    found = judge(Subject(subject, None, packaged_knowledge()))
    return renal_document(patient, result, others, undefined, rules, constants, limits.clearance_step, found)
