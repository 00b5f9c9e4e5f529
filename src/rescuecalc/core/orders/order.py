"""An order set: what is judged. `dose` makes one of its result, so that one judge serves the bedside and the linter."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import accumulate
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from rescuecalc.core.literature.limits import Span
from rescuecalc.core.quantities.quantity import (
    CreatinineClearance,
    Dose,
    DoseRate,
    DosingWeight,
    Duration,
    Quantity,
    Volume,
)
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.regimen.bolus import Bolus, BolusVolume
from rescuecalc.core.regimen.infusion import Infusion, PumpSetting
from rescuecalc.core.regimen.protocol import USER, Assay, BolusStep, Protocol
from rescuecalc.core.regimen.regimen import Regimen
from rescuecalc.core.renal.patient_clearance import Clearance

if TYPE_CHECKING:  # of a file's orders alone, and a NamedTuple would import it for every dose
    from rescuecalc.core.orders.patient_state import PatientState
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.core.orders.titration import Ends, Titration

Q = TypeVar("Q", bound=Quantity)

WRITTEN_IN = {
    "volume_per_kg": "dose_per_kg",
    "pump_rate_per_kg": "dose_rate_per_kg",
    "dose_per_m2": "dose",
    "dose_rate_per_m2": "dose_rate",
}
"""The field in which a quantity of another name is written: fluids are ordered in mL/kg."""
_OF_SUPPLY = frozenset({"volume", "pump_rate", "vtbi", "concentration"})


class Bound(NamedTuple):
    """One end of a condition: a comparator (``<``, ``<=``, ``>``, ``>=``) and the quantity it compares with."""

    comparator: str
    quantity: Quantity


class Condition(NamedTuple):
    """When an order is given: every bound of ``name`` holds.

    ``given`` says whether there was a thrombolysis, where it has no time; of imaging, that it excludes a haemorrhage.
    """

    name: str
    bounds: tuple[Bound, ...]
    text: str
    given: bool | None = None


class Defect(NamedTuple):
    """What a document does wrong; ``code`` is its rule's. One that ``is_note`` hides nothing that is judged."""

    code: str
    message: str
    pointer: str = ""
    found: str | None = None
    expected: str | None = None
    is_note: bool = False


class Order(NamedTuple):
    """One order; ``fields`` holds its quantities by name, ``pointer`` where it stands, ``choose_one`` its group.

    ``place`` counts the orders of its kind from 0. ``supply_pointer`` is where the fields stand that depend on the
    product: an option's, where none was chosen. ``capped`` says that a cap took the place of the formula's dose.
    ``load`` marks an infusion that a maintenance infusion follows; ``container_times`` is how long each of its
    containers is in use. ``start`` and ``stop`` are None where they are not said; ``frequency`` (``daily``) is None for
    what is given once. A ``kind`` or ``route`` that is not said is empty. ``texts`` is what was written, by field,
    where the order was read from a file; ``weight_band`` the weights of a row of a table; ``when`` its conditions.
    ``coded`` says that its quantities are numbers and codes for programs. ``said`` is what its text says, where it was
    read already. ``spans`` are the ranges that it prescribes, ``loose`` those of which some value has to fit the other
    numbers; ``of`` is the pointer of the order that this is one end of (empty: of none). ``unread`` are amounts of a
    coded order that fill no field: where each stands, and how it is written; ``other_routes`` may replace ``route``.
    """

    id: str
    drug: str
    route: str
    kind: str
    pointer: str
    fields: Mapping[str, Quantity]
    place: int = 0
    supply_pointer: str = ""
    choose_one: str | None = None
    load: bool = False
    capped: bool = False
    container_times: tuple[Duration, ...] = ()
    start: Offset | None = None
    stop: Offset | None = None
    frequency: str | None = None
    texts: Mapping[str, str] = MappingProxyType({})
    weight_band: Span[DosingWeight] | None = None
    when: tuple[Condition, ...] = ()
    coded: bool = False
    said: "tuple[Said, ...] | None" = None
    spans: "Mapping[str, Ends]" = MappingProxyType({})
    loose: frozenset[str] = frozenset()
    of: str = ""
    unread: tuple[tuple[str, str], ...] = ()
    titration: "Titration | None" = None
    other_routes: tuple[str, ...] = ()

    @property
    def given_as(self) -> str:
        """The kind, or where none is said what its fields leave no doubt of; empty where they do.

        A `dose` into a vein or an artery is a bolus.
        """
        if self.kind in {"bolus", "infusion"}:
            return self.kind
        if not self.kind and self.fields.keys() & {
            "dose_rate_per_kg",
            "dose_rate",
            "pump_rate",
            "pump_rate_per_kg",
            "vtbi",
            "run_time",
        }:
            return "infusion"
        injected = self.route in {"IV", "IA"} and (self.kind or "dose" in self.fields)
        return "bolus" if injected or (not self.kind and "dose_per_kg" in self.fields) else self.kind

    @property
    def lasts(self) -> Duration | None:
        """How long it runs: its run time, else from its start to its stop; None where neither is said.

        An infusion that is given over a time runs for as long.
        """
        run_time = self.quantity("run_time", Duration)
        if run_time is None and self.start is not None and self.stop is not None:
            return self.stop.after(self.start)
        given_over = self.quantity("give_over", Duration) if self.given_as == "infusion" else None
        return run_time or given_over

    def numbers_in_text(self) -> "tuple[Said, ...]":
        """Return the quantities that its text says, where it has one."""
        text = self.texts.get("text", "")
        if self.said is not None or not text:
            return self.said or ()
        from rescuecalc.core.orders.text.free_text import said  # noqa: PLC0415  # of an order with a text alone

        return said(text)

    def skips_in_text(self) -> bool:
        """Whether its text says doses that are not read, since they are another patient's."""
        if "text" not in self.texts:
            return False
        from rescuecalc.core.orders.text.free_text import skips_doses  # noqa: PLC0415  # of an order with a text alone

        return skips_doses(self.texts["text"])

    def at(self, name: str) -> str:
        """Return the pointer of the named field."""
        place = self.supply_pointer or self.pointer if name in _OF_SUPPLY else self.pointer
        return f"{place}/{WRITTEN_IN.get(name, name)}"

    def said_in(self, field: str) -> str:
        """Return the field that says something: its own, else the text, which alone can say it then."""
        return field if field in self.texts else "text"

    def quantity(self, name: str, role: type[Q]) -> Q | None:
        """Return the named field where it is a quantity of ``role``, else None."""
        value = self.fields.get(name)
        return value if isinstance(value, role) else None


class Thrombolysis(NamedTuple):
    """What is said of a thrombolysis: whether it was ``given``, and when (None: not said)."""

    given: bool
    at: Offset | None


class OrderSet(NamedTuple):
    """Orders and what is known of the patient; None is "not said".

    ``drug`` is empty where only a clearance is judged; ``clearances`` holds it on each weight basis, the chosen first.
    ``bridged`` marks a plan that is to say what follows the infusion: there its absence is worth a word.

    Where it was read from a file, ``texts`` is what was written in its own fields, ``monitoring`` and ``stop_if`` what
    is to be watched, ``defects`` what the document does wrong; ``whole`` tells an order set from a single order or row,
    in which nothing is missing. Its orders may be of several drugs then; ``drug`` is its protocol's, or empty.
    ``state`` is what is known of the patient besides, None where nothing is.
    """

    drug: str
    protocol: str | None
    weight: DosingWeight | None
    clearance: CreatinineClearance | None
    line_volume: Volume | None
    orders: tuple[Order, ...]
    clearances: tuple[Clearance, ...] = ()
    label_row_asked: bool = False
    thrombolysis: Thrombolysis | None = None
    assays: tuple[Assay, ...] = ()
    bridged: bool = False
    whole: bool = False
    texts: Mapping[str, str] = MappingProxyType({})
    monitoring: tuple[Mapping[str, str], ...] = ()
    stop_if: tuple[str, ...] = ()
    defects: tuple[Defect, ...] = ()
    state: "PatientState | None" = None


def order_set(
    result: Regimen,
    container_times: tuple[Duration, ...],
    *,
    label_row_asked: bool = False,
) -> OrderSet:
    """Return the regimen as an order set; where no supply was chosen, each option is one of a `choose_one` group."""
    choices = result.choices
    drug = result.protocol.drug
    orders = [
        *(order for place, bolus in enumerate(result.boluses) for order in _bolus_orders(bolus, place, drug)),
        *(
            order
            for place, (each, start) in enumerate(zip(result.infusions, _starts(result), strict=True))
            for order in _infusion_orders(each, place, drug, container_times, start)
        ),
    ]
    name = None if result.protocol.origin == USER else result.protocol.id
    return OrderSet(
        drug,
        name,
        choices.weight,
        choices.clearance,
        choices.priming_volume,
        tuple(orders),
        label_row_asked=label_row_asked,
    )


def _alternatives(chosen: object, options: tuple[object, ...], place: str) -> Iterator[tuple[str, str | None]]:
    if chosen is not None or not options:
        yield "", None
        return
    for number in range(len(options)):
        yield f"/{place}/options/{number}", place


def _known(**fields: Quantity | None) -> dict[str, Quantity]:
    return {name: value for name, value in fields.items() if value is not None}


def _bolus_orders(bolus: Bolus, place: int, drug: str) -> Iterator[Order]:
    volumes: tuple[BolusVolume | None, ...] = (bolus.chosen,) if bolus.chosen else bolus.options or (None,)
    pointers = _alternatives(bolus.chosen, bolus.options, f"boluses/{place}")
    for each, (supply, group) in zip(volumes, pointers, strict=True):
        fields = _known(
            dose_per_kg=bolus.dose_per_kg,
            dose=bolus.dose,
            max_dose=bolus.step.cap.amount if bolus.step.cap is not None else None,
            give_over=bolus.give_over,
            volume=each.volume if each else None,
            concentration=each.supply.concentration if each else None,
        )
        yield Order(
            f"bolus-{place + 1}",
            drug,
            bolus.step.route,
            "bolus",
            f"/boluses/{place}",
            fields,
            place,
            supply,
            group,
            capped=bolus.uncapped is not None,
            start=Offset.start().plus(bolus.step.at) if bolus.step.at is not None else None,
        )


def _starts(result: Regimen) -> list[Offset]:
    """Return when each infusion starts: one after the other, the first at 0."""
    lengths = (each.run_time.value_in("s") if each.run_time else Fraction(0) for each in result.infusions)
    return [Offset(seconds) for seconds in accumulate(lengths, initial=Fraction(0))][:-1]


def _cap_that_acts(infusion: Infusion) -> DoseRate | None:
    """Return the cap of the dose that is given: where a renal rule took a factor off both, the smaller one."""
    cap, full = infusion.step.cap, infusion.step.dose_rate_per_kg
    return cap.under(infusion.dose_rate_per_kg.magnitude / full.magnitude) if cap is not None else None


def _infusion_orders(
    infusion: Infusion, place: int, drug: str, times: tuple[Duration, ...], start: Offset
) -> Iterator[Order]:
    settings: tuple[PumpSetting | None, ...] = (infusion.chosen,) if infusion.chosen else infusion.options or (None,)
    pointers = _alternatives(infusion.chosen, infusion.options, f"infusions/{place}")
    load = infusion.step.role == "load"
    for each, (supply, group) in zip(settings, pointers, strict=True):
        fields = _known(
            dose_rate_per_kg=infusion.dose_rate_per_kg,
            dose_rate=infusion.dose_rate,
            max_dose_rate=_cap_that_acts(infusion),
            run_time=infusion.run_time,
            pump_rate=each.pump_rate if each else None,
            vtbi=each.vtbi if each else None,
            concentration=each.supply.concentration if each else None,
        )
        yield Order(
            f"infusion-{place + 1}",
            drug,
            infusion.step.route,
            "infusion",
            f"/infusions/{place}",
            fields,
            place,
            supply,
            group,
            load=load,
            capped=infusion.uncapped is not None,
            container_times=() if load else times,
            start=start,
        )


def _ends(step: BolusStep) -> tuple[tuple[str, Dose | None], ...]:
    if step.dose_range is None:
        return (("", step.dose),)
    return (("-low", step.dose_range.low), ("-high", step.dose_range.high))


def stated_orders(protocol: Protocol) -> OrderSet:
    """Return what a protocol states, without a patient: doses per kg, the longest stated times, and antiplatelets.

    A range that the user chooses from is two orders, one of each end.
    """
    orders = (*_stated_boluses(protocol), *_stated_infusions(protocol), *_stated_antiplatelets(protocol))
    return OrderSet(protocol.drug, protocol.id, None, None, None, orders)


def _stated_boluses(protocol: Protocol) -> Iterator[Order]:
    yield from (
        Order(
            f"bolus-{place + 1}{end}",
            protocol.drug,
            step.route,
            "bolus",
            f"/boluses/{place}",
            _known(
                dose_per_kg=step.dose_per_kg,
                dose=dose,
                max_dose=step.cap.amount if step.cap is not None else None,
                give_over=(step.give_over.taken or step.give_over.maximum) if step.give_over else None,
            ),
            place,
            start=Offset.start().plus(step.at) if step.at is not None else None,
        )
        for place, step in enumerate(protocol.boluses)
        for end, dose in _ends(step)
    )


def _stated_infusions(protocol: Protocol) -> Iterator[Order]:
    yield from (
        Order(
            f"infusion-{place + 1}",
            protocol.drug,
            step.route,
            "infusion",
            f"/infusions/{place}",
            _known(
                dose_rate_per_kg=step.dose_rate_per_kg,
                max_dose_rate=step.cap.amount if step.cap is not None else None,
                run_time=(step.run_time.taken or step.run_time.maximum) if step.run_time else None,
            ),
            place,
            load=step.role == "load",
        )
        for place, step in enumerate(protocol.infusions)
    )


def _stated_antiplatelets(protocol: Protocol) -> Iterator[Order]:
    yield from (
        Order(
            f"antiplatelet-{place + 1}",
            step.drug,
            step.route or "",
            "dose",
            f"/antiplatelet/{place}",
            _known(dose=step.dose),
            place,
            frequency=None if step.frequency == "once" else step.frequency,
        )
        for place, step in enumerate(protocol.oral)
    )
