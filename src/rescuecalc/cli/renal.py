"""`rescuecalc renal`: creatinine clearance and what the labels do at it."""

from typing import Annotated

import typer

from rescuecalc.catalogue import catalogue
from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, Inputs, command_app, one_of, severity
from rescuecalc.cli.output import Outcome, exit_code, page_width
from rescuecalc.cli.patient_options import Typed, patient_of, worked
from rescuecalc.core.orders.order import OrderSet
from rescuecalc.core.renal.patient_clearance import BASES
from rescuecalc.reporters.document.renal import renal_document, renal_page
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.judging.judge import judge

_EXAMPLE = "rescuecalc renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL"


def renal(
    age: opt.Age = None,
    sex: opt.Sex = None,
    weight: opt.Weight = None,
    creatinine: opt.Creatinine = None,
    height: opt.BodyHeight = None,
    basis: Annotated[str, typer.Option(metavar="BASIS", help="Weight basis: actual, ideal or adjusted.")] = "actual",
    fail_on: FailOn = "error",
    output: opt.TextOrJson = "text",
) -> Outcome:
    """Calculate creatinine clearance (Cockcroft-Gault), on a weight basis that is always named."""
    one_of(output, ("text", "json"), "--format")
    one_of(basis, BASES, "--basis")
    threshold = severity(fail_on)
    limits, constants, typed = catalogue.limits(), catalogue.renal_constants(), Inputs()
    patient = patient_of(Typed(age, sex, weight, creatinine, height, basis), typed, _EXAMPLE)
    _, result, others, undefined = worked(patient, basis)
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


app = command_app(
    renal,
    "Creatinine clearance (Cockcroft-Gault)",
    "renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL",
)
