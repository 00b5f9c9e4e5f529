"""`rescuecalc dose`: one patient's regimen."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
from typing import Annotated

import typer

from rescuecalc.catalogue import catalogue
from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, Inputs, command_app, one_of, severity, spread
from rescuecalc.cli.output import Outcome, exit_code, page_width
from rescuecalc.cli.regimen_options import Dosed, Dosing, dosed, protocol_and_choices, started
from rescuecalc.core.orders.order import order_set
from rescuecalc.core.regimen.timeline import container_times
from rescuecalc.errors import CalculationRefused
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.document.dose import dose_document
from rescuecalc.reporters.document.patient import patient_part
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.judging.judge import judge


@spread
def dose(
    dosing: Dosing,
    label_band: Annotated[
        bool, typer.Option("--label-band", help="Show the label's weight-band row beside the exact doses.")
    ] = False,
    fail_on: FailOn = "error",
    output: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json or fhir.")] = "text",
) -> Outcome:
    """Calculate one patient's doses, volumes, pump rates, containers and times.

    Name a PROTOCOL, or give a tirofiban regimen of your own with --bolus, --route, --infusion and --run-time.
    """
    one_of(output, ("text", "json", "fhir"), "--format")
    threshold = severity(fail_on)
    typed = Inputs()
    start = started(dosing)
    chosen, picked = protocol_and_choices(dosing, typed)
    if label_band and chosen.label_band is None:
        raise CalculationRefused(f"--label-band: {chosen.id} has no weight-band table")
    made = _document(dosed(dosing, chosen, picked, start), label_band=label_band)
    code = exit_code(made["findings"], threshold)
    notes = tuple(typed.notes)
    if output == "json":
        return Outcome(dumps(made) + "\n", code, notes)
    if output == "fhir":
        return Outcome(opt.as_fhir(made), code, notes)
    from rescuecalc.reporters.render.dose_text import dose_page  # noqa: PLC0415  # scripts read JSON and need no page

    return Outcome(dose_page(made, page_width()), code, notes)


def _document(patient: Dosed, *, label_band: bool) -> Document:
    """Return the document of a patient's regimen, judged, with what each label would do."""
    result = patient.regimen
    orders = patient.beside(order_set(result, container_times(result.containers), label_row_asked=label_band))
    made = dose_document(
        result,
        patient.columns,
        judge(Subject(orders, result.protocol, catalogue.knowledge())),
        catalogue.limits(),
        catalogue.drugs()[result.protocol.drug],
        patient.start,
        label_band=label_band,
    )
    made |= patient_part(orders, patient.working(), catalogue.knowledge())
    made["notes"].extend(patient.left_out)
    return made


app = command_app(
    dose,
    "Doses, pump rates and containers of a patient",
    "dose yang-2020-iv --weight 80kg --run-time 24h --infusion-product bag-250",
)
