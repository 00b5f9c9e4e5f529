"""What `dose`, `bridge` and `plan` have in common: their options, and the way from these to a regimen."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, NamedTuple

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.knowledge import packaged_knowledge
from rescuecalc.core.literature.limits import checked
from rescuecalc.core.orders.order import OrderSet, Thrombolysis, order_set
from rescuecalc.core.quantities.quantity import Dose, DosePerKg, DoseRatePerKg
from rescuecalc.core.regimen.protocol import BolusStep, InfusionStep, Protocol
from rescuecalc.core.regimen.regimen import Choices, Regimen, regimen
from rescuecalc.core.regimen.timeline import container_times
from rescuecalc.core.renal.creatinine_clearance import RenalRule
from rescuecalc.errors import CalculationRefused, InputError
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.document.regimen.dose import dose_document, thrombolysis_document
from rescuecalc.reporters.document.regimen.patient import patient_part
from rescuecalc.requests.bedside import with_never_hidden
from rescuecalc.requests.input import options as opt
from rescuecalc.requests.input.choices import Texts, choices
from rescuecalc.requests.input.inputs import Inputs, one_of
from rescuecalc.requests.input.option import Option
from rescuecalc.requests.labels import label_columns, label_rules
from rescuecalc.requests.protocols.chosen_protocol import chosen_protocol, protocol_of_user, with_errors_of_file
from rescuecalc.rules.base.knowledge import Knowledge, Subject
from rescuecalc.rules.judging.judge import judge

if TYPE_CHECKING:  # read where a creatinine or a patient's state is typed
    from rescuecalc.core.orders.patient_state import PatientState
    from rescuecalc.requests.input.patient import Worked


class DosingRequest(NamedTuple):
    """What is typed of one patient's regimen; each field is an option of the commands that take it."""

    protocol: opt.ProtocolOrOwn = None
    weight: opt.Weight = None
    ia_dose: opt.IaDose = None
    run_time: opt.RunTime = None
    crcl: opt.Crcl = None
    renal: opt.Renal = None
    supplies: opt.SupplyNames = opt.SupplyNames()
    give_over: Annotated[str | None, Option("TIME", "Time over which the bolus is given: 5min.")] = None
    priming_volume: Annotated[
        str | None, Option("VOLUME", "Volume that primes the line, from the first container: 20mL.")
    ] = None
    start: Annotated[str | None, Option("T", "Start of the first infusion: 2026-03-28T20:00, or now.")] = None
    timezone: Annotated[str | None, Option("ZONE", "Time zone of --start, as in Europe/Berlin.")] = None
    thrombolysis_at: Annotated[
        str | None, Option("T", "When a thrombolysis was given: -2h, a clock time, or none.")
    ] = None
    pump_step: opt.PumpStep = None
    volume_step: opt.VolumeStep = None
    protocol_file: opt.ProtocolFile = None
    own: opt.OwnRegimen = opt.OwnRegimen()
    patient: opt.PatientDetails = opt.PatientDetails()
    library: opt.Library = None
    care_area: opt.CareArea = None


class PatientRegimen(NamedTuple):
    """One patient's regimen with the labels' columns beside it, and the clock time of its start, if one is given."""

    regimen: Regimen
    columns: tuple[tuple[RenalRule, Regimen], ...]
    left_out: list[str]
    start: datetime | None
    state: "PatientState | None" = None
    worked: "Worked | None" = None
    thrombolysis: Thrombolysis | None = None

    def beside(self, made: OrderSet) -> OrderSet:
        """Return an order set with what is known of the patient besides weight and clearance."""
        clearances = (self.worked.chosen, *self.worked.others) if self.worked is not None else ()
        return made._replace(state=self.state, clearances=clearances, thrombolysis=self.thrombolysis)

    def working(self) -> Document | None:
        """Return how the clearance was calculated, None where it was given or is not known."""
        return working_of(self.worked)


def working_of(worked: "Worked | None") -> Document | None:
    """Return how a clearance was calculated, None of one that was not."""
    if worked is None:
        return None
    from rescuecalc.reporters.document.regimen.renal import clearance_working  # noqa: PLC0415  # only a creatinine pays for it

    patient, chosen, _, _ = worked
    return clearance_working(patient, chosen, catalogue.renal_constants(), catalogue.limits().clearance_step)


def protocol_and_choices(
    given: DosingRequest, typed: Inputs, pump_step: str | None = None
) -> "tuple[Protocol, Choices, Worked | None]":
    """Return the named protocol, or the regimen of one's own, the choices, and how their clearance was calculated.

    ``pump_step`` is that of a pump library, where none is typed and an infusion is rounded to it. Errors are those of
    reading them; nothing was calculated of a clearance that is given or not known.
    """
    chosen = (
        _user_protocol(given, typed)
        if given.own != opt.OwnRegimen()
        else chosen_protocol(given.protocol, given.protocol_file)
    )
    if chosen.infusions and given.pump_step is None:
        given = given._replace(pump_step=pump_step)
    picked = choices(_texts(given), chosen, typed, timed=True)
    calculated = _worked(given, typed)
    # Within the same limits as a clearance that is typed: a slip in the creatinine can make 900 mL/min.
    if calculated is not None:
        clearance = checked(calculated.chosen.exact, catalogue.limits().clearance, "--creatinine")
        picked = picked._replace(clearance=clearance)
    return chosen, picked, calculated


def _worked(given: DosingRequest, typed: Inputs) -> "Worked | None":
    """Return how the clearance is calculated, None where it is given or not known."""
    of = given.patient
    if (of.age, of.sex, of.creatinine, of.height, of.basis) == (None,) * 5:
        return None
    from rescuecalc.requests.input.patient import ClearanceInputs, worked_instead  # noqa: PLC0415  # only a creatinine pays for it

    inputs = ClearanceInputs(of.age, of.sex, given.weight, of.creatinine, of.height, of.basis)
    return worked_instead(inputs, given.crcl, typed)


def state_of(given: opt.PatientDetails) -> "PatientState | None":
    """Return what is typed of the patient's state, None where nothing is."""
    texts = {
        "platelets": given.platelets,
        "inr": given.inr,
        "blood_pressure": given.bp,
        "anticoagulant": given.anticoagulant,
        "prior_thrombocytopenia": given.prior_thrombocytopenia,
        "intracranial_haemorrhage": given.intracranial_haemorrhage,
        "cyp2c19": given.cyp2c19,
        "haemoglobin": given.haemoglobin,
    }
    if given.dialysis is None and not any(texts.values()):
        return None
    from rescuecalc.requests.input.patient import patient_state  # noqa: PLC0415  # only a patient's state pays for it

    return patient_state(texts, dialysis=given.dialysis)


def dosed(
    given: DosingRequest, chosen: Protocol, picked: Choices, start: datetime | None, worked: "Worked | None"
) -> PatientRegimen:
    """Return the patient's regimen; errors as for ``regimen``."""
    result = regimen(chosen, picked, catalogue.stated_renal_rule(chosen), catalogue.limits())
    rules = label_rules(chosen, picked.clearance, given.renal)
    columns, left_out = label_columns(result, rules)
    lysis = thrombolysis_before(given, start)
    return PatientRegimen(result, columns, left_out, start, state_of(given.patient), worked, lysis)


def dose_of(given: DosingRequest, typed: Inputs, *, label_band: bool) -> Document:
    """Return the document of `dose`: a patient's regimen, judged, with what each label would do.

    Raises CalculationRefused for a label's band table that the protocol has not, and as for reading and dosing.
    """
    start = started(given)
    # Before anything is rounded: the library's pump step is that of the pump that will run.
    step, knowledge = with_library(given)
    chosen, picked, worked = protocol_and_choices(given, typed, step)
    if label_band and chosen.label_band is None:
        raise CalculationRefused(f"--label-band: {chosen.id} has no weight-band table")
    patient = dosed(given, chosen, picked, start, worked)
    result = patient.regimen
    orders = patient.beside(order_set(result, container_times(result.containers), label_row_asked=label_band))
    made = dose_document(
        result,
        patient.columns,
        with_errors_of_file(judge(Subject(orders, chosen, knowledge)), chosen),
        catalogue.limits(),
        catalogue.drugs()[result.protocol.drug],
        patient.start,
        label_band=label_band,
    )
    made |= patient_part(orders, patient.working(), knowledge)
    made["thrombolysis"] = thrombolysis_document(orders.thrombolysis, patient.start)
    made["notes"].extend((*patient.left_out, *compared_with(knowledge)))
    return with_never_hidden(made, given.timezone)


def with_library(given: DosingRequest) -> tuple[str | None, Knowledge]:
    """Return the pump step of a library, None without one, and what rules may know with it."""
    known = packaged_knowledge()
    if given.library is None and given.care_area is None:
        return None, known
    from rescuecalc.requests.libraries.pump_library import known_with_library  # noqa: PLC0415  # only --library pays for it

    known = known_with_library(known, given.library, given.care_area)
    return known.limits.pump_step.typed, known


def compared_with(knowledge: Knowledge) -> tuple[str, ...]:
    """Return a note of the pump library that judged, where one did."""
    use = knowledge.library
    return (f"compared with {use.words}",) if use is not None else ()


def started(given: DosingRequest) -> datetime | None:
    """Return the clock time of the start, None where none is given."""
    if given.start is None and given.timezone is None:
        return None
    from rescuecalc.requests.input.clock import start_time  # noqa: PLC0415  # only --start pays for it

    return start_time(given.start, given.timezone)


def thrombolysis_before(given: DosingRequest, start: datetime | None) -> Thrombolysis | None:
    """Return the thrombolysis that is typed, None where nothing is; errors as for ``thrombolysis_of``."""
    if given.thrombolysis_at is None:
        return None
    from rescuecalc.requests.input.clock import after_start  # noqa: PLC0415  # only a thrombolysis pays for it
    from rescuecalc.requests.input.thrombolysis import thrombolysis_of  # noqa: PLC0415

    option = "--thrombolysis-at"
    return thrombolysis_of(given.thrombolysis_at, lambda text: after_start(text, start, given.timezone, option), start)


def _texts(given: DosingRequest) -> Texts:
    return Texts(
        crcl=given.crcl,
        ia_dose=given.ia_dose,
        **given.supplies._asdict(),
        pump_step=given.pump_step,
        volume_step=given.volume_step,
        weight=given.weight,
        run_time=given.run_time,
        give_over=given.give_over,
        priming_volume=given.priming_volume,
    )


def _user_protocol(given: DosingRequest, typed: Inputs) -> Protocol:
    """Return a tirofiban regimen of the user's own as a protocol whose source is the user."""
    if given.protocol is not None or given.protocol_file is not None:
        raise InputError("name a protocol, or give --bolus, --route and --infusion; not both")
    if given.own.bolus is None and given.own.infusion is None:
        raise InputError("--route is given without --bolus; write both, as in --bolus 10mcg/kg --route iv")
    if (given.own.bolus is None) != (given.own.route is None):
        missing = "--route" if given.own.route is None else "--bolus"
        message = f"{missing} is missing; a user-defined bolus is written as --bolus 10mcg/kg --route iv"
        raise InputError(message, missing=missing)
    if given.own.infusion is not None and given.run_time is None:
        message = "--run-time is missing; a user-defined infusion needs one, as in --run-time 24h"
        raise InputError(message, missing="--run-time")
    return protocol_of_user(_user_boluses(given, typed), _user_infusions(given, typed))


def _user_boluses(given: DosingRequest, typed: Inputs) -> tuple[BolusStep, ...]:
    if given.own.bolus is None or given.own.route is None:
        return ()
    amount = typed.read_any(given.own.bolus, (DosePerKg, Dose), "--bolus")
    per_kg = amount if isinstance(amount, DosePerKg) else None
    fixed = amount if isinstance(amount, Dose) else None
    way = one_of(given.own.route.lower(), opt.ROUTES, "--route").upper()
    return (BolusStep(way, per_kg, fixed, None, None, None),)


def _user_infusions(given: DosingRequest, typed: Inputs) -> tuple[InfusionStep, ...]:
    if given.own.infusion is None:
        return ()
    return (InfusionStep("maintenance", typed.read(given.own.infusion, DoseRatePerKg, "--infusion"), None, None),)
