"""Orders of FHIR as an order set, with the way back from its fields to the elements that they were read from."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from rescuecalc.core.orders.order import Defect, Order, OrderSet
from rescuecalc.core.orders.order_field import SET
from rescuecalc.core.orders.plain_numbers import plain_text
from rescuecalc.core.orders.text.frequency import recurring
from rescuecalc.core.orders.titration import Ends
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.readers.document_reading import DocumentReading, Lines, NativeReading, Tree, same_names
from rescuecalc.readers.fhir.order_shape import shape_of, taken_of, worked_out
from rescuecalc.readers.order_fields import linked

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from fractions import Fraction

    from rescuecalc.core.orders.findings.source_location import Place
    from rescuecalc.core.orders.patient_state import PatientState
    from rescuecalc.core.orders.traced_order import Taken
    from rescuecalc.core.orders.traced_text import Rest
    from rescuecalc.core.quantities.quantity import CreatinineClearance, DosingWeight
    from rescuecalc.readers.document_reading import Shape
    from rescuecalc.readers.fhir.dosage_words import Dosed
    from rescuecalc.readers.fhir.medication import Medicine


class Moment(NamedTuple):
    """A time in seconds on a scale of its own: the clock's, or that of an action which others are counted from."""

    scale: str
    seconds: Fraction


class Draft(NamedTuple):
    """An order before it has its place in a set; ``choose_one`` is its group, ``starts`` and ``stops`` its times.

    Of a range both ends are judged, and only the first ``counts`` as an order. ``reason`` is what its request is for.
    """

    id: str
    medicine: Medicine
    dosed: Dosed
    choose_one: str | None = None
    starts: Moment | None = None
    stops: Moment | None = None
    starts_at: str | None = None
    counts: bool = True
    reason: str = ""


class Made(NamedTuple):
    """An order set of FHIR and where its pointers stand; how many resources were passed over, and its orders."""

    order_set: OrderSet
    places: Mapping[str, str]
    passed_over: int
    orders: int


class KnownPatient(NamedTuple):
    """What a file says of a patient beside the orders, and where: ``at`` is by the field, ``conditions`` in words."""

    weight: DosingWeight | None = None
    pointer: str = ""
    clearance: CreatinineClearance | None = None
    state: PatientState | None = None
    at: Mapping[str, str] = MappingProxyType({})
    conditions: tuple[tuple[str, str], ...] = ()

    @property
    def pointers(self) -> tuple[str, ...]:
        """Where the resources stand that it was read from."""
        weight = self.pointer.rpartition("/")[0]
        return (weight, *self.at.values(), *(at.rpartition("/")[0] for _, at in self.conditions))


def made_of(
    drafts: list[Draft],
    pointer: str,
    defects: list[Defect],
    patient: KnownPatient | None = None,
    texts: Mapping[str, str] | None = None,
    monitoring: tuple[tuple[str, str], ...] = (),
    *,
    whole: bool = False,
    passed_over: int = 0,
) -> Made:
    """Return the order set of ``drafts``; ``monitoring`` is what else is to be done, each with its place."""
    zero = _zero(drafts)
    known = patient if patient is not None else KnownPatient()
    places = {"": pointer, "/patient/weight": known.pointer or pointer}
    places |= {f"/patient/{name}": at for name, at in known.at.items()}
    places |= {f"/condition/{place}": at for place, (_, at) in enumerate(known.conditions)}
    places |= {f"/monitoring/{place}/check": at for place, (at, _) in enumerate(monitoring)}
    orders = _of_ranges(drafts, [_order(draft, place, zero, places) for place, draft in enumerate(drafts)])
    own = dict(texts or {})
    reasons = dict.fromkeys((own.get("indication", ""), *(draft.reason for draft in drafts)))
    own |= {"indication": indication} if (indication := "; ".join(filter(None, reasons))) else {}
    own |= {f"condition/{place}": words for place, (words, _) in enumerate(known.conditions)}
    made = OrderSet(
        "",
        own.get("protocol"),
        known.weight,
        known.clearance,
        None,
        linked(orders, defects),
        whole=whole,
        texts=own,
        monitoring=tuple({"check": indication} for _, indication in monitoring),
        defects=tuple(defects),
        state=known.state,
    )
    return Made(made, places, passed_over, sum(draft.counts for draft in drafts))


def _of_ranges(drafts: list[Draft], orders: list[Order]) -> list[Order]:
    """Return the orders, the ends of a range with the range that they are of."""
    made = list(orders)
    for place, draft in enumerate(drafts):
        if draft.counts or not place:
            continue
        low, high = orders[place - 1], orders[place]
        spans = {
            name: Ends(each, high.fields[name])
            for name, each in low.fields.items()
            if name in high.fields and high.fields[name] != each
        }
        made[place - 1], made[place] = low._replace(spans=spans), high._replace(spans=spans, of=low.pointer)
    return made


def _zero(drafts: list[Draft]) -> Moment | None:
    """Return the start of the first infusion, which times are counted from."""
    starts = [each.starts for each in drafts if each.starts is not None and each.dosed.kind == "infusion"]
    scale = starts[0].scale if starts else ""
    return min((each for each in starts if each.scale == scale), key=lambda each: each.seconds, default=None)


def _since(moment: Moment | None, zero: Moment | None) -> Offset | None:
    if moment is None or zero is None or moment.scale != zero.scale:
        return None
    return Offset(moment.seconds - zero.seconds)


def _order(draft: Draft, place: int, zero: Moment | None, places: dict[str, str]) -> Order:
    """Return the order of a draft, and take note of where its parts stand."""
    pointer, medicine, dosed = f"/orders/{place}", draft.medicine, draft.dosed
    fields, texts = dict(dosed.fields), {"drug": medicine.text, **dosed.texts}
    if "text" in texts:
        texts["text"] = plain_text(texts["text"])
    at = {"": dosed.pointer, "/drug": medicine.named_at, "/route": f"{dosed.pointer}/route"}
    at |= {f"/{name}": where for name, where in dosed.at.items()}
    if medicine.product is not None:
        texts["product"], at["/product"] = medicine.product, medicine.strength_at
    if medicine.concentration is not None:
        fields["concentration"] = medicine.concentration
        texts["concentration"], at["/concentration"] = str(medicine.concentration), medicine.strength_at
    start, stop = _since(draft.starts, zero), _since(draft.stops, zero)
    if start is not None:
        texts["start"], at["/start"] = str(start), draft.starts_at or dosed.timed.at.get("start", dosed.pointer)
    if stop is not None:
        texts["stop"], at["/stop"] = str(stop), dosed.timed.at.get("stop", dosed.pointer)
    places.update({f"{pointer}{name}": where for name, where in at.items()})
    return Order(
        draft.id,
        medicine.drug,
        dosed.route,
        dosed.kind,
        pointer,
        fields,
        choose_one=draft.choose_one,
        start=start,
        stop=stop,
        frequency=recurring(texts.get("frequency")),
        texts=texts,
        # Where no code says how much is given, people read the text, and it is judged as one of theirs.
        coded="text" not in texts or not AMOUNTS.isdisjoint(fields) or bool(dosed.unread),
        unread=dosed.unread,
    )


AMOUNTS = frozenset(
    ("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate", "volume", "vtbi", "pump_rate", "volume_per_kg")
) | {"pump_rate_per_kg"}
"""The fields that say how much is given."""

_OF_SET = frozenset((*SET, "condition", "dosing_weight", "creatinine_clearance", "thrombolysis"))
"""What a pointer of an order set begins with; FHIR's own begin with none of these but `version`."""

_COMPARED = 8
"""Orders of a set that is remembered; larger ones do not come again."""


class FhirReading(NativeReading):
    """An order set out of FHIR."""

    def __init__(self, made: Made, tree: Tree, lines: Lines, above: int) -> None:
        self._made = made
        self._document = DocumentReading(made.order_set, tree, lines, above)
        self.passed_over = made.passed_over
        self.orders, self.names, self.title = made.orders, self._document.names, self._document.title

    @property
    def key(self) -> Hashable:
        """All that is judged but the ids, where it may come again; where a thing stands is looked up for each."""
        made = self._made.order_set
        if not self._may_come_again():
            return None
        orders: list[Any] = [
            (order.drug, order.route, order.kind, order.choose_one, tuple(order.texts.items()), *worked_out(order))
            for order in made.orders
        ]
        return tuple(orders), same_names(self.names), str(made.weight), tuple(made.texts.items()), made.whole

    @property
    def shape(self) -> Shape | None:
        """All that is judged but the ids and some numbers, and those."""
        shape = shape_of(self._made.order_set) if self._may_come_again() else None
        return shape._replace(key=(same_names(self.names), shape.key)) if shape is not None else None

    def taken(self) -> tuple[tuple[Taken, ...], tuple[Rest, ...]]:
        """Return what the numbers of its shape are the numbers of, and the texts of which it holds the beginning."""
        return taken_of(self._made.order_set)

    def _may_come_again(self) -> bool:
        made = self._made.order_set
        is_known = made.state is not None or made.clearance is not None
        return len(made.orders) <= _COMPARED and not (made.defects or made.monitoring or is_known)

    def order_set(self) -> OrderSet:
        """Return the order set."""
        return self._made.order_set

    def in_file(self, pointer: str) -> str:
        """Return the pointer of the element that a pointer of the order set was read from; one of FHIR is itself."""
        places, first = self._made.places, pointer.split("/", 2)[:2][-1]
        if pointer and first not in _OF_SET:
            return pointer
        while pointer not in places:
            pointer = pointer.rpartition("/")[0]
        return places[pointer]

    def place(self, pointer: str) -> Place | None:
        """Return the place of a pointer."""
        return self._document.place(self.in_file(pointer))
