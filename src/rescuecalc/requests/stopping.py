"""What `stop` is asked, and its document: an infusion that is stopped for a haemorrhage."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
from typing import Annotated, NamedTuple

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.clinical.bridging import bridging
from rescuecalc.catalogue.clinical.stopping import stop_advice, stop_facts
from rescuecalc.catalogue.knowledge import packaged_knowledge
from rescuecalc.core.bridging.stopping import effect
from rescuecalc.core.orders.order import Order, OrderSet, order_set
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import Duration
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.regimen.administered_dose import administered_dose, stopped_protocol
from rescuecalc.core.regimen.protocol import Protocol
from rescuecalc.core.regimen.regimen import Regimen, regimen
from rescuecalc.errors import CalculationRefused
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.document.regimen.patient import patient_part
from rescuecalc.reporters.document.regimen.stop import Stopped, stop_document
from rescuecalc.requests.bedside import with_never_hidden
from rescuecalc.requests.dosing import DosingRequest, protocol_and_choices, state_of, working_of
from rescuecalc.requests.input import options as opt
from rescuecalc.requests.input.clock import after_zero, infusion_times
from rescuecalc.requests.input.inputs import Inputs
from rescuecalc.requests.input.option import Option
from rescuecalc.requests.input.thrombolysis import thrombolysis_of
from rescuecalc.requests.protocols.chosen_protocol import with_errors_of_file
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.judging.judge import judge
from rescuecalc.rules.judging.registry import OF_COURSES


class StopRequest(NamedTuple):
    """What is typed of an infusion that was stopped; each field is an option."""

    protocol: opt.ProtocolOrOwn = None
    started: Annotated[
        str | None, Option("T", "Start of the first infusion: 2026-03-28T20:00, now, or an offset: +0h.", needed="")
    ] = None
    stopped: Annotated[
        str | None, Option("T", "When it was stopped: a clock time, now, or an offset: +3.5h.", needed="")
    ] = None
    timezone: Annotated[str | None, Option("ZONE", "Time zone of the clock times, as in Europe/Berlin.")] = None
    thrombolysis_at: Annotated[
        str | None, Option("T", "When a thrombolysis was given: -2h, a clock time, or none.")
    ] = None
    weight: opt.Weight = None
    crcl: opt.Crcl = None
    ia_dose: opt.IaDose = None
    supplies: opt.SupplyNames = opt.SupplyNames()
    priming_volume: Annotated[str | None, Option("VOLUME", "Volume of the line: 20mL.")] = None
    pump_step: opt.PumpStep = None
    volume_step: opt.VolumeStep = None
    protocol_file: opt.ProtocolFile = None
    own: opt.OwnRegimen = opt.OwnRegimen()
    patient: opt.PatientDetails = opt.PatientDetails()


_OF_TIME = frozenset({"started", "stopped", "timezone", "thrombolysis_at"})


def stop_of(asked: StopRequest, typed: Inputs) -> Document:
    """Return the document of `stop`.

    Raises InputError and CalculationRefused as for dosing, CalculationRefused for a stop that is not after the start,
    too long after it or too far ahead.
    """
    when = infusion_times(asked.started, asked.stopped, asked.timezone)
    ran = when.stop.after(Offset.start())
    longest = catalogue.limits().run_time
    if ran is None or ran.exceeds(longest):
        late = quoted(asked.stopped or "")
        raise CalculationRefused(f"--stopped: {late} is more than {longest} after the start; check both times")
    dosing = {name: value for name, value in asked._asdict().items() if name not in _OF_TIME}
    # A regimen of one's own has no run time but this one.
    own = DosingRequest(**dosing, run_time=ran.typed if asked.own.infusion is not None else None)
    chosen, picked, worked = protocol_and_choices(own, typed)
    rule = catalogue.stated_renal_rule(chosen)
    given = regimen(stopped_protocol(chosen, when.stop), picked._replace(run_time=None), rule, catalogue.limits())
    facts, infused = stop_facts(chosen.drug), bool(given.infusions)
    lysis = thrombolysis_of(
        asked.thrombolysis_at,
        lambda text: after_zero(text, when, asked.timezone, "--thrombolysis-at"),
        when.start,
    )
    state, window = state_of(own.patient), bridging().offsets.get(chosen.drug)
    dialysis = bool(state is not None and state.dialysis)
    lasting = effect(chosen.drug, when.stop, window, facts, picked.clearance, infused=infused, dialysis=dialysis)
    orders = stopped_orders(given, chosen, ran)._replace(thrombolysis=lysis, state=state, clearance=picked.clearance)
    found = with_errors_of_file(judge(Subject(orders, chosen, packaged_knowledge()), OF_COURSES), chosen)
    made = stop_document(
        Stopped(given, chosen, administered_dose(given), when.start, asked.timezone, ran, lysis, lasting),
        facts,
        stop_advice(),
        found,
        catalogue.limits(),
        (asked.started or "", asked.stopped or ""),
    )
    made |= patient_part(orders, working_of(worked), packaged_knowledge())
    return with_never_hidden(made, asked.timezone)


def stopped_orders(given: Regimen, ordered: Protocol, ran: Duration) -> OrderSet:
    """Return what was given as an order set.

    An infusion that ended before its time was not ordered for that time, so that its length is no mistake; one that
    ran for longer than its protocol, or its drug's class, is judged by how long it ran.
    """
    made = order_set(given, ())
    if _beyond(given, ordered, ran):
        return made
    return made._replace(orders=tuple(_without_length(each) for each in made.orders))


def _without_length(order: Order) -> Order:
    return order._replace(fields={key: each for key, each in order.fields.items() if key not in {"run_time", "vtbi"}})


def _beyond(given: Regimen, ordered: Protocol, ran: Duration) -> bool:
    last = given.infusions[-1].run_time if given.infusions else None
    stated = ordered.maintenance.run_time if ordered.maintenance is not None else None
    if last is None or len(given.infusions) < len(ordered.infusions):
        return False
    if stated is not None:
        longest = stated.usual_maximum or stated.maximum or stated.taken
        return longest is not None and (ran if stated.in_all else last).exceeds(longest)
    ranged = catalogue.drugs()[ordered.drug].rescue_run_time
    return ranged is not None and last.exceeds(ranged.span.high)
