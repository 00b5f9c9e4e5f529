"""`rescuecalc dose`: one patient's regimen."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from rescuecalc.catalogue import catalogue
from rescuecalc.cli import options as opt
from rescuecalc.cli.choices import Texts, choices
from rescuecalc.cli.command import FailOn, Inputs, command_app, one_of, severity
from rescuecalc.cli.outcome import Outcome, exit_code, page_width
from rescuecalc.core.order import order_set
from rescuecalc.core.protocol import BolusStep, InfusionStep, Protocol
from rescuecalc.core.quantity import Dose, DosePerKg, DoseRatePerKg, read_any
from rescuecalc.core.regimen import Choices, regimen
from rescuecalc.core.timeline import container_times
from rescuecalc.errors import CalculationRefused, InputError
from rescuecalc.reporters.dose_document import dose_document
from rescuecalc.reporters.json_text import dumps
from rescuecalc.reporters.parts import Document
from rescuecalc.rules.judge import judge
from rescuecalc.rules.knowledge import Subject


def dose(
    protocol: Annotated[str | None, typer.Argument(help="A protocol, as `rescuecalc protocol list` names it.")] = None,
    weight: opt.Weight = None,
    ia_dose: opt.IaDose = None,
    run_time: opt.RunTime = None,
    crcl: opt.Crcl = None,
    renal: opt.Renal = None,
    bolus_product: opt.BolusProduct = None,
    infusion_product: opt.InfusionProduct = None,
    bolus_concentration: opt.BolusConcentration = None,
    infusion_concentration: opt.InfusionConcentration = None,
    give_over: Annotated[str | None, typer.Option(metavar="TIME", help="How long the bolus takes, as in 5min.")] = None,
    priming_volume: Annotated[
        str | None, typer.Option(metavar="VOLUME", help="What the line takes from the first container, as in 20mL.")
    ] = None,
    start: Annotated[
        str | None, typer.Option(metavar="T", help="Start of the first infusion: 2026-03-28T20:00, or now.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Time zone of --start, as in Europe/Berlin.")
    ] = None,
    pump_step: opt.PumpStep = None,
    volume_step: opt.VolumeStep = None,
    label_band: Annotated[
        bool, typer.Option("--label-band", help="Show the label's weight-band row beside the exact doses.")
    ] = False,
    protocol_file: opt.ProtocolFile = None,
    bolus: Annotated[str | None, typer.Option(metavar="DOSE", help="A bolus of your own, as in 10mcg/kg.")] = None,
    route: Annotated[str | None, typer.Option(metavar="ROUTE", help="Route of your own bolus: iv or ia.")] = None,
    infusion: Annotated[
        str | None, typer.Option(metavar="RATE", help="An infusion of your own, as in 0.1mcg/kg/min.")
    ] = None,
    fail_on: FailOn = "error",
    output: opt.TextOrJson = "text",
) -> Outcome:
    """Calculate one patient's doses, volumes, pump rates, containers and times.

    Name a PROTOCOL, or give a tirofiban regimen of your own with --bolus, --route, --infusion and --run-time.
    """
    one_of(output, ("text", "json"), "--format")
    threshold = severity(fail_on)
    typed = Inputs()
    started = _started(start, timezone)
    chosen = (
        opt.chosen_protocol(protocol, protocol_file)
        if bolus is None and route is None and infusion is None
        else _own(protocol, protocol_file, bolus, route, infusion, run_time, typed)
    )
    texts = Texts(
        crcl=crcl,
        ia_dose=ia_dose,
        bolus_product=bolus_product,
        infusion_product=infusion_product,
        bolus_concentration=bolus_concentration,
        infusion_concentration=infusion_concentration,
        pump_step=pump_step,
        volume_step=volume_step,
        weight=weight,
        run_time=run_time,
        give_over=give_over,
        priming_volume=priming_volume,
    )
    made = _document(chosen, choices(texts, chosen, typed, timed=True), renal, started, label_band=label_band)
    code = exit_code(made["findings"], threshold)
    notes = tuple(typed.notes)
    if output == "json":
        return Outcome(dumps(made) + "\n", code, notes)
    from rescuecalc.reporters.dose_text import dose_page  # noqa: PLC0415  # scripts read JSON and need no page

    return Outcome(dose_page(made, page_width()), code, notes)


def _document(
    chosen: Protocol, picked: Choices, renal: str | None, started: datetime | None, *, label_band: bool
) -> Document:
    """Return the document of a patient's regimen, judged, with what each label would do."""
    limits = catalogue.limits()
    if label_band and chosen.label_band is None:
        raise CalculationRefused(f"--label-band: {chosen.id} has no weight-band table")
    result = regimen(chosen, picked, catalogue.own_renal_rule(chosen), limits)
    rules = opt.label_rules(chosen, picked.clearance, renal)
    orders = order_set(
        result,
        container_times(result.containers),
        label_row_asked=label_band,
    )
    columns, left_out = opt.label_columns(result, rules)
    made = dose_document(
        result,
        columns,
        judge(Subject(orders, chosen, catalogue.knowledge())),
        limits,
        catalogue.drugs()[chosen.drug],
        started,
        label_band=label_band,
    )
    made["notes"].extend(left_out)
    return made


def _started(start: str | None, timezone: str | None) -> datetime | None:
    if start is None and timezone is None:
        return None
    from rescuecalc.cli.clock import start_time  # noqa: PLC0415

    return start_time(start, timezone)


def _own(
    protocol: str | None,
    protocol_file: Path | None,
    bolus: str | None,
    route: str | None,
    infusion: str | None,
    run_time: str | None,
    typed: Inputs,
) -> Protocol:
    """Return a tirofiban regimen of the user's own as a protocol whose source is the user."""
    if protocol is not None or protocol_file is not None:
        raise InputError("name a protocol, or give --bolus, --route and --infusion of your own; not both")
    if bolus is None and infusion is None:
        raise InputError("--route is given without --bolus; write both, as in --bolus 10mcg/kg --route iv")
    if (bolus is None) != (route is None):
        missing = "--route" if route is None else "--bolus"
        raise InputError(f"{missing} is missing; a bolus of your own is written as --bolus 10mcg/kg --route iv")
    if infusion is not None and run_time is None:
        raise InputError("--run-time is missing; an infusion of your own needs one, as in --run-time 24h")
    boluses: tuple[BolusStep, ...] = ()
    if bolus is not None and route is not None:
        amount = read_any(bolus, (DosePerKg, Dose), "--bolus")
        typed.note(bolus, "--bolus")
        per_kg = amount if isinstance(amount, DosePerKg) else None
        fixed = amount if isinstance(amount, Dose) else None
        way = one_of(route.lower(), ("iv", "ia"), "--route").upper()
        boluses = (BolusStep(way, per_kg, fixed, None, None, None),)
    infusions: tuple[InfusionStep, ...] = ()
    if infusion is not None:
        infusions = (InfusionStep("maintenance", typed.read(infusion, DoseRatePerKg, "--infusion"), None, None),)
    return opt.protocol_of_user(boluses, infusions)


app = command_app(
    dose,
    "Doses, pump rates and containers of a patient",
    "dose yang-2020-iv --weight 80kg --run-time 24h --infusion-product bag-250",
)
