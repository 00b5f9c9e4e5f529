"""What `bridge` and `plan` have in common: the options of what follows the infusion, and the way to a plan."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
import re
from datetime import datetime
from typing import Annotated, NamedTuple

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.clinical.bridging import antiplatelets, bridging, monitoring
from rescuecalc.core.bridging.antiplatelet import ASPIRIN, P2Y12, Antiplatelet
from rescuecalc.core.bridging.bridge import BridgeChoices, Named, asked_of
from rescuecalc.core.bridging.plan import plan, plan_orders
from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.orders.condition_text import IMAGING, read_condition
from rescuecalc.core.orders.order import Condition
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import Dose, Duration, parsed
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.regimen.protocol import BY_USER, Assay, Protocol
from rescuecalc.core.regimen.timeline import container_times
from rescuecalc.errors import CalculationRefused, InputError
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.document.regimen.dose import dose_document
from rescuecalc.reporters.document.regimen.patient import patient_part
from rescuecalc.reporters.document.regimen.plan import plan_document
from rescuecalc.requests.bedside import with_never_hidden
from rescuecalc.requests.dosing import (
    DosingRequest,
    compared_with,
    dosed,
    protocol_and_choices,
    started,
    thrombolysis_before,
    with_library,
)
from rescuecalc.requests.input.inputs import Inputs, drug_alone, one_of
from rescuecalc.requests.input.option import Option
from rescuecalc.requests.input.options import ASPIRIN_ROUTES, P2Y12_ROUTES
from rescuecalc.requests.protocols.chosen_protocol import with_errors_of_file
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.judging.judge import judge

_PRU = re.compile(r"([0-9]{1,3})(?: ?PRU)?", re.ASCII)


class BridgeRequest(NamedTuple):
    """What is typed of the time after the infusion; each field is an option of the commands that take it."""

    imaging: Annotated[
        str | None,
        Option("TEXT", 'What imaging has to show before the first oral dose: "no haemorrhage".'),
    ] = None
    p2y12: Annotated[str | None, Option("DRUG", "clopidogrel, ticagrelor, prasugrel or cangrelor.")] = None
    load: Annotated[str | None, Option("DOSE", "Loading dose of --p2y12: 300mg.")] = None
    maintenance: Annotated[str | None, Option("DOSE", "Repeated dose of --p2y12: 75mg.")] = None
    p2y12_route: Annotated[str | None, Option("ROUTE", "po (default) or ng.")] = None
    aspirin: Annotated[str | None, Option("DOSE", "Daily dose of aspirin: 81mg.")] = None
    aspirin_load: Annotated[str | None, Option("DOSE", "Loading dose of aspirin: 325mg.")] = None
    aspirin_route: Annotated[str | None, Option("ROUTE", "po (default), ng, pr or iv.")] = None
    overlap: Annotated[str | None, Option("TIME", "Time from the first oral dose to the stop of the infusion: 4h.")] = (
        None
    )
    beside: Annotated[
        list[str] | None,
        Option("DRUG", "Another drug given at the same time, such as heparin or omeprazole; may be repeated."),
    ] = None
    pru: Annotated[str | None, Option("PRU", "Result of a P2Y12 assay: 57.")] = None
    assay_at: Annotated[str | None, Option("T", "When that assay was taken: +72h, or a clock time.")] = None


def planned(kind: str, dosing: DosingRequest, following: BridgeRequest, typed: Inputs) -> Document:
    """Return the document of `bridge` or `plan`; errors as for reading options, dosing and planning."""
    start = started(dosing)
    step, knowledge = with_library(dosing)
    chosen, picked, worked = protocol_and_choices(dosing, typed, step)
    bridge = _choices(following, dosing, chosen, start, typed)
    patient = dosed(dosing, chosen, picked, start, worked)
    known, watched = bridging(), monitoring(chosen.drug)
    dialysis = bool(patient.state is not None and patient.state.dialysis)
    made = plan(patient.regimen, bridge, known, watched, start, dialysis=dialysis)
    orders = patient.beside(plan_orders(made, container_times(patient.regimen.containers)))
    base = dose_document(
        patient.regimen,
        patient.columns,
        with_errors_of_file(judge(Subject(orders, chosen, knowledge)), chosen),
        catalogue.limits(),
        catalogue.drugs()[chosen.drug],
        start,
        label_band=False,
    )
    base |= patient_part(orders, patient.working(), knowledge)
    base["notes"].extend((*patient.left_out, *compared_with(knowledge)))
    return with_never_hidden(plan_document(kind, base, made, known, watched, dosing.timezone), dosing.timezone)


def _choices(
    following: BridgeRequest, dosing: DosingRequest, chosen: Protocol, start: datetime | None, typed: Inputs
) -> BridgeChoices:
    lysis = thrombolysis_before(dosing, start)
    beside = tuple(_concurrent_drug(each, chosen) for each in following.beside or ())
    lytics = [each for each in beside if bridging().classes.get(each) is DrugClass.THROMBOLYTIC]
    if lytics and lysis is not None and not lysis.given:
        raise InputError(
            f"--thrombolysis-at none and --beside {lytics[0]} contradict each other; leave one of them out"
        )
    _refuse_contradictory_anticoagulant(dosing.patient.anticoagulant, beside)
    return BridgeChoices(
        aspirin=_aspirin(following, typed),
        p2y12=_p2y12(following, chosen, typed),
        overlap=_overlap(following.overlap, chosen, typed),
        thrombolysis=lysis,
        assay=_assay(following, start, dosing.timezone),
        beside=beside,
        imaging=_imaging(following.imaging),
    )


def _overlap(text: str | None, chosen: Protocol, typed: Inputs) -> Duration | None:
    """Return an overlap; with cangrelor it may be none: what must not run beside it is given at its stop."""
    try:
        return typed.maybe(text, Duration, "--overlap", "4h")
    except CalculationRefused:
        if bridging().classes.get(chosen.drug) is not DrugClass.P2Y12_IV:
            raise
        return parsed(Duration, text or "")


def _imaging(text: str | None) -> Condition | None:
    """Return the condition that the oral doses wait for, as `when: {imaging: …}` of an order reads it."""
    if text is None:
        return None
    gate = read_condition(text, IMAGING)
    if not gate.given:
        raise InputError(f"--imaging: {quoted(text)} does not exclude a haemorrhage; write no haemorrhage")
    return gate


def _refuse_contradictory_anticoagulant(anticoagulant: str | None, beside: tuple[str, ...]) -> None:
    """Refuse that no anticoagulant is given where one runs beside the infusion: one of the two is wrong."""
    named = [each for each in beside if bridging().classes.get(each) is DrugClass.ANTICOAGULANT]
    if named and anticoagulant is not None and anticoagulant.strip(" ").lower() in {"none", "no"}:
        raise InputError(f"--anticoagulant none and --beside {named[0]} contradict each other; leave one of them out")


def _mass(text: str | None, option: str, example: str, typed: Inputs) -> Dose | None:
    dose = typed.maybe(text, Dose, option, example)
    if dose is not None and not dose.is_mass():
        raise InputError(f"{option}: {quoted(text or '')} is not a mass of drug; write it in mg, as {example}")
    return dose


def _aspirin(following: BridgeRequest, typed: Inputs) -> Named | None:
    daily = _mass(following.aspirin, "--aspirin", "81mg", typed)
    load = _mass(following.aspirin_load, "--aspirin-load", "325mg", typed)
    if daily is None and load is None:
        if following.aspirin_route is not None:
            raise InputError("--aspirin-route is given without --aspirin or --aspirin-load; write the dose too")
        return None
    route = one_of((following.aspirin_route or "po").lower(), ASPIRIN_ROUTES, "--aspirin-route")
    return Named(antiplatelets()[ASPIRIN], load, daily, route.upper())


def _p2y12(following: BridgeRequest, chosen: Protocol, typed: Inputs) -> Named | None:
    load = _mass(following.load, "--load", "300mg", typed)
    daily = _mass(following.maintenance, "--maintenance", "75mg", typed)
    if following.p2y12 is None:
        if load is None and daily is None and following.p2y12_route is None:
            return None
        option = "--load" if load is not None else "--maintenance" if daily is not None else "--p2y12-route"
        agent = asked_of(chosen, antiplatelets(), option)
    else:
        agent = _agent(following.p2y12)
    if agent.infused:
        if load is not None or daily is not None or following.p2y12_route is not None:
            raise CalculationRefused(f"{agent.id} is intravenous and rescuecalc holds no dose of it; name it alone")
        return Named(agent, None, None, "IV")
    route = one_of((following.p2y12_route or "po").lower(), P2Y12_ROUTES, "--p2y12-route")
    return Named(agent, load, daily, route.upper())


def _agent(name: str) -> Antiplatelet:
    known = {key: each for key, each in antiplatelets().items() if each.group == P2Y12}
    drug = drug_alone(name, "--p2y12", "its dose with --load or --maintenance")
    if drug == ASPIRIN:
        raise InputError(f"--p2y12: {quoted(name)} is aspirin; write its dose with --aspirin, as in --aspirin 81mg")
    if drug not in known:
        hint = nearest(name, list(known)) or f"; write {', '.join(known)}, or leave it out where none is planned"
        raise InputError(f"--p2y12: unknown P2Y12 inhibitor {quoted(name)}{hint}")
    return known[drug]


def _time(text: str, start: datetime | None, zone: str | None, option: str) -> Offset:
    from rescuecalc.requests.input.clock import after_start  # noqa: PLC0415  # only a time pays for it

    return after_start(text, start, zone, option)


def _assay(following: BridgeRequest, start: datetime | None, zone: str | None) -> Assay | None:
    if following.pru is None:
        if following.assay_at is not None:
            raise InputError("--assay-at is given without --pru; write the result too, as in --pru 57")
        return None
    match = _PRU.fullmatch(following.pru.strip(" "))
    if match is None:
        raise InputError(f"--pru: cannot read {quoted(following.pru)}; write a whole number of PRU, as 57")
    at = _time(following.assay_at, start, zone, "--assay-at") if following.assay_at is not None else None
    return Assay(int(match[1]), at, None, BY_USER)


_PLANNED = frozenset({DrugClass.COX, DrugClass.P2Y12_ORAL})
"""The classes whose drugs are planned by options of their own."""


def _concurrent_drug(name: str, chosen: Protocol) -> str:
    """Return the name of a drug of which something is held; InputError names the nearest for any other."""
    drug, classes = drug_alone(name, "--beside", "doses of it are not judged here"), bridging().classes
    if drug == chosen.drug:
        raise InputError(f"--beside: {drug} is the protocol's own drug")
    if classes.get(drug) in _PLANNED:
        option = "--aspirin" if drug == ASPIRIN else "--p2y12"
        raise InputError(f"--beside: {drug} is planned, not only named: use {option}")
    named = (each for each, kind in classes.items() if kind not in _PLANNED)
    known = [each for each in (*named, *bridging().y_site) if each != chosen.drug]
    if drug not in known:
        # Some sixty are known: one line names a few of each kind that it is about, and not all.
        hint = nearest(drug, known, cutoff=0.6) or (
            "; it knows inhibitors, thrombolytics, anticoagulants and NSAIDs; leave it out where none is given"
        )
        raise InputError(f"--beside: rescuecalc has no data on {quoted(name)}{hint}")
    return drug
