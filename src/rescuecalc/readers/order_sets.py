"""From a plain document to order sets: one set, a single order, or a list of either."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

from rescuecalc.core.orders import order_field as field
from rescuecalc.core.orders.condition_text import read_thrombolysis
from rescuecalc.core.orders.order import Defect, Order, OrderSet, Thrombolysis
from rescuecalc.core.orders.patient_state import STATE, PatientState, read_state
from rescuecalc.core.quantities import wording
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import CreatinineClearance, DosingWeight, Quantity
from rescuecalc.errors import InputError
from rescuecalc.readers.clock_times import offset_of_clock
from rescuecalc.readers.document_reading import MOST_LISTED_SETS, MOST_ORDERS, NotReadable
from rescuecalc.readers.document_shape import (
    DOUBLED,
    MISSING_FIELD,
    UNREADABLE_VALUE,
    is_a,
    is_blank,
    mapping,
    name_of,
    sequence,
    texts_of,
    unknown_value,
    unread_clearance,
    without_bystanders,
)
from rescuecalc.readers.order_fields import linked, order_from, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Q = TypeVar("Q", bound=Quantity)

SCHEMA_KEY = "$schema"
"""What names a file's JSON Schema for an editor; it says nothing of the order set."""

_WHOLE = frozenset({"orders", "order_set"})
_WORDS = {True: "yes", False: "no"}
"""What true and false of JSON say of a patient."""


def order_sets(data: Any, doubled: Iterable[str]) -> Iterator[OrderSet]:
    """Yield the order sets of a document; NotReadable where it holds none."""
    # A list is as many sets; a finding says which by its pointer, from 0 as JSON Pointer counts.
    entries = [(f"/{place}", each) for place, each in enumerate(data)] if isinstance(data, list) else [("", data)]
    if len(entries) > MOST_LISTED_SETS:
        raise NotReadable(f"holds more than {MOST_LISTED_SETS:,} order sets; write them as JSON Lines or CSV")
    if not entries:
        raise NotReadable("holds an empty list: there is nothing to check")
    defects = doubled_fields(doubled)
    for pointer, each in entries:
        where = f" at {pointer}" if pointer else ""
        if not isinstance(each, dict) or not ({*_WHOLE, "drug"} & each.keys()):
            raise NotReadable(f"holds neither 'orders' nor a 'drug'{where}: it is neither an order set nor an order")
        # An editor puts it there; it is not one of the fields that somebody misspelt.
        if SCHEMA_KEY in each:
            each = {name: value for name, value in each.items() if name != SCHEMA_KEY}  # noqa: PLW2901
        yield _native_set(each, pointer, defects) if _WHOLE & each.keys() else _single(each, pointer, defects)
        # What is written twice is told once, with the first set: the parser has no place within the others.
        defects = []


def doubled_fields(pointers: Iterable[str]) -> list[Defect]:
    """Return the defects of what is written twice."""
    return [Defect(DOUBLED, f"{name_of(each)} is written twice; the last one was judged", each) for each in pointers]


def _single(data: dict[str, Any], pointer: str, defects: list[Defect]) -> OrderSet:
    order = order_from(data, pointer, defects)
    return OrderSet("", None, None, None, None, linked([order], defects), defects=tuple(defects))


def _native_set(data: dict[str, Any], pointer: str, defects: list[Defect]) -> OrderSet:
    data = without_bystanders(data, "set", pointer, defects)
    texts = texts_of(data, field.SET_TEXTS, field.SET, pointer, defects)
    entries = sequence(data, "orders", pointer, defects)
    if len(entries) > MOST_ORDERS:
        raise NotReadable(f"holds more than {MOST_ORDERS:,} orders in one order set")
    orders = [_entry(each, f"{pointer}/orders/{place}", defects) for place, each in enumerate(entries)]
    for name, there in (("order_set", "order_set" in texts), ("orders", data.get("orders") not in (None, "", []))):
        if not there:
            defects.append(Defect(MISSING_FIELD, f"the order set has no {name!r}", pointer, None, name))
    patient = {
        field.AMERICAN.get(name, name): _WORDS.get(each, each) if isinstance(each, bool) else each
        for name, each in mapping(data, "patient", pointer, defects).items()
    }
    patient = without_bystanders(patient, "patient", f"{pointer}/patient", defects)
    return order_set_of(
        texts,
        texts_of(patient, field.PATIENT, field.PATIENT, f"{pointer}/patient", defects),
        linked((order for order in orders if order is not None), defects),
        pointer,
        defects,
    )._replace(
        whole=True,
        monitoring=tuple(_monitoring(data, pointer, defects)),
        stop_if=tuple(_lines(data, "stop_if", pointer, defects)),
        defects=tuple(defects),
    )


def _entry(each: Any, pointer: str, defects: list[Defect]) -> Order | None:
    if each in ({}, []):
        defects.append(Defect(MISSING_FIELD, "the order is empty", pointer, None, "drug"))
        return None
    if is_blank(each):  # `sequence` has said so
        return None
    return order_from(each, pointer, defects) if is_a(dict, each, pointer, defects) else None


def order_set_of(
    texts: Mapping[str, str], patient: Mapping[str, str], orders: tuple[Order, ...], pointer: str, defects: list[Defect]
) -> OrderSet:
    """Return an order set of the texts of its parts; what cannot be read of them is added to ``defects``."""
    _check_date(texts, pointer, defects)
    basis = texts.get("weight_basis")
    if basis is not None and basis not in field.WEIGHT_BASES:
        defects.append(unknown_value(basis, field.WEIGHT_BASES, f"{pointer}/weight_basis"))
    return OrderSet(
        "",
        texts.get("protocol"),
        _patient("weight", DosingWeight, patient, pointer, defects),
        _patient("creatinine_clearance", CreatinineClearance, patient, pointer, defects),
        None,
        orders,
        thrombolysis=_thrombolysis(patient, orders, pointer, defects),
        state=_state(patient, pointer, defects),
        texts=texts,
        defects=tuple(defects),
    )


def _patient(name: str, role: type[Q], patient: Mapping[str, str], pointer: str, defects: list[Defect]) -> Q | None:
    text = patient.get(name)
    if text is None:
        return None
    if role is CreatinineClearance and wording.folded(text) in wording.NOT_KNOWN_YET:
        return None
    value = field.read_field(_clearance(text) if role is CreatinineClearance else text, role)
    # A weight of zero is read, so that the message can say so, and divides nothing.
    if isinstance(value, role) and not (role is DosingWeight and value.magnitude == 0):
        return value
    reason = value.reason if isinstance(value, field.Unreadable) else "zero is not a weight"
    message = f"{name}: cannot read {quoted(text)}: {reason}; write {role.NAME} as {role.EXAMPLE}"
    code = unread_clearance(text) if role is CreatinineClearance else UNREADABLE_VALUE
    defects.append(Defect(code, message, f"{pointer}/patient/{name}", text))
    return None


_ABOVE: Final = re.compile(r"(?P<sign>>=|>|\u2265)? ?(?P<number>[0-9]{1,3})(?: ?mL ?/ ?min)?", re.IGNORECASE | re.ASCII)


def _clearance(text: str) -> str:
    """Return a clearance with its unit; of one that is only told to be above a number, the next whole one.

    Every limit of a label is of clearances below it, and none lies between two whole numbers. Of one below a number no
    value follows.

    >>> _clearance("> 60 mL/min"), _clearance(">=60"), _clearance("85"), _clearance("< 30 mL/min")
    ('61 mL/min', '60 mL/min', '85 mL/min', '< 30 mL/min')
    """
    match = _ABOVE.fullmatch(text.strip(" "))
    return f"{int(match['number']) + (match['sign'] == '>')} mL/min" if match is not None else text


def _thrombolysis(
    patient: Mapping[str, str], orders: tuple[Order, ...], pointer: str, defects: list[Defect]
) -> Thrombolysis | None:
    text = patient.get("thrombolysis")
    if text is None or wording.folded(text) in wording.NOT_KNOWN_YET:
        return None
    at = offset_of_clock(_GIVEN_AT.sub("", text), orders)
    if at is not None:
        return Thrombolysis(given=True, at=at)
    try:
        return read_thrombolysis(text)
    except InputError as reason:
        defects.append(unreadable(reason, f"{pointer}/patient/thrombolysis", text))
        return None


_GIVEN_AT: Final = re.compile(r"^(?:(?:tPA|TNK|rtPA|alteplase|tenecteplase) )?given (?:at )?", re.IGNORECASE)
_MEASURED: Final = frozenset(
    {"platelets", "inr", "haemoglobin", "cyp2c19", "anticoagulant", "prior_thrombocytopenia", "dialysis"}
)


def _state(patient: Mapping[str, str], pointer: str, defects: list[Defect]) -> PatientState | None:
    found = {}
    for name in STATE:
        text = patient.get(name)
        try:
            if text is not None and not (name in _MEASURED and wording.folded(text) in wording.NOT_KNOWN_YET):
                found[name] = read_state(name, text)
        except InputError as reason:
            defects.append(unreadable(reason, f"{pointer}/patient/{name}", text or ""))
    return PatientState(**found) if found else None


def _check_date(texts: Mapping[str, str], pointer: str, defects: list[Defect]) -> None:
    text = texts.get("approved")
    try:
        if text is not None:
            date.fromisoformat(text if len(text) == len("2026-03-01") else "")
    except ValueError:
        message = f"approved: cannot read {quoted(text or '')} as a date; write one as 2026-03-01"
        defects.append(Defect(UNREADABLE_VALUE, message, f"{pointer}/approved", text))


def _monitoring(data: dict[str, Any], pointer: str, defects: list[Defect]) -> Iterator[Mapping[str, str]]:
    for place, each in enumerate(sequence(data, "monitoring", pointer, defects)):
        at = f"{pointer}/monitoring/{place}"
        if not is_blank(each) and is_a(dict, each, at, defects):
            yield texts_of(each, field.MONITORING, field.MONITORING, at, defects)


def _lines(data: dict[str, Any], name: str, pointer: str, defects: list[Defect]) -> Iterator[str]:
    for place, each in enumerate(sequence(data, name, pointer, defects)):
        if not is_blank(each) and is_a(str, each, f"{pointer}/{name}/{place}", defects):
            yield each
