"""From the texts of one order to the `Order` that the rules judge."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.drugs.drug_name import KNOWN, drug_name
from rescuecalc.core.literature.limits import Span
from rescuecalc.core.orders import order_field as field
from rescuecalc.core.orders.condition_text import is_open, read_band, read_condition, read_open
from rescuecalc.core.orders.order import Condition, Defect, Order
from rescuecalc.core.orders.order_ends import with_ends
from rescuecalc.core.orders.plain_numbers import plain_text
from rescuecalc.core.orders.text.dosing_scheme import scheme_in_words
from rescuecalc.core.orders.text.field_frequency import frequency_in_words, is_unknown
from rescuecalc.core.orders.text.frequency import is_as_needed, recurring
from rescuecalc.core.orders.titration import Ends
from rescuecalc.core.quantities import wording
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import DoseRatePerKg, DosingWeight, Duration, Quantity
from rescuecalc.core.quantities.time_offset import Offset, read_offset
from rescuecalc.errors import InputError
from rescuecalc.readers.clock_times import days_meant, is_clock, placed
from rescuecalc.readers.document_shape import (
    MISSING_FIELD,
    UNREADABLE_VALUE,
    mapping,
    texts_of,
    unknown_value,
    unread_clearance,
    without_bystanders,
)
from rescuecalc.readers.second_statements import named_strength, read_statement, with_second_statements
from rescuecalc.readers.titration import read_titration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


_TEXTS = tuple(name for name in field.ORDER if name not in {"when", "titrate"})


def order_from(data: dict[str, Any], pointer: str, defects: list[Defect]) -> Order:
    """Return the order of a mapping; what is wrong with it is added to ``defects``."""
    data = without_bystanders(_with_thousands(data), "order", pointer, defects)
    when = texts_of(mapping(data, "when", pointer, defects), field.WHEN, field.WHEN, f"{pointer}/when", defects)
    steps = mapping(data, "titrate", pointer, defects)
    titrate = texts_of(steps, field.TITRATE, field.TITRATE, f"{pointer}/titrate", defects) if steps else {}
    # YAML and JSON have true; an order says yes.
    if isinstance(data.get("prn"), bool):
        data = {**data, "prn": "yes" if data["prn"] else "no"}
    return order_of(texts_of(data, _TEXTS, field.ORDER, pointer, defects), when, pointer, defects, titrate)


def _with_thousands(data: dict[str, Any]) -> dict[str, Any]:
    """Return an order with a number that YAML cut at its comma: `{dose: 2,000 units}` has a key of `000 units`.

    What stands before the comma has no unit and would be refused, so that nothing else can be meant.
    """
    if not any(data[name] in (None, "") and _CUT.fullmatch(name) for name in data):
        return data
    made: dict[str, Any] = {}
    last = ""
    for name, value in data.items():
        if value in (None, "") and _CUT.fullmatch(name) and _UNCUT.fullmatch(str(made.get(last, ""))):
            made[last] = f"{made[last]},{name}"
        else:
            made[name], last = value, name
    return made


_CUT = re.compile(r"[0-9]{3}(?![0-9.]).{0,60}")
_UNCUT = re.compile(r"(?:.{0,40}[^0-9.,])?[1-9][0-9]{0,2}(?:,[0-9]{3})?")


def order_of(
    texts: dict[str, str],
    when: Mapping[str, str],
    pointer: str,
    defects: list[Defect],
    titrate: Mapping[str, str] | None = None,
) -> Order:
    """Return the order of its written texts; what cannot be read is added to ``defects``, quantities to none.

    Why a quantity cannot be read is a matter of notation, and the rules of notation say it.
    """
    # Judged all the same: notation and arithmetic need no drug.
    if "drug" not in texts:
        defects.append(Defect(MISSING_FIELD, "the order names no drug", pointer, None, "drug"))
    if "text" in texts:
        texts = {**texts, "text": plain_text(texts["text"])}
    texts = with_second_statements(_with_product(texts))
    endless = {name for name in ("run_time", "stop") if wording.folded(texts.get(name, "")) in wording.ENDLESS}
    if endless:  # no end is ordered: as one that is not stated it is a matter of the drug
        texts = {name: text for name, text in texts.items() if name not in endless}
    fields, spans = _quantities(texts)
    routes = _routes(texts, pointer, defects)
    conditions = _when(when, pointer, defects) if when else ()
    conditions += _open_band(texts)
    return Order(
        id=texts.get("id", ""),
        drug=drug_name(texts.get("drug", "")),
        route=routes[0],
        other_routes=routes[1:],
        kind=_kind(texts, pointer, defects),
        pointer=pointer,
        fields=fields,
        choose_one=texts.get("choose_one"),
        start=_offset("start", texts, pointer, defects),
        stop=_offset("stop", texts, pointer, defects),
        frequency=_frequency(texts),
        texts=texts,
        spans=spans,
        titration=read_titration(titrate, f"{pointer}/titrate", defects) if titrate else None,
        weight_band=_band(texts, pointer, defects) or _span(conditions),
        when=conditions,
    )


def _with_product(texts: dict[str, str]) -> dict[str, str]:
    """Return the texts with the strength behind a drug's name as the product, where no product is named."""
    stated = named_strength(texts.get("drug", "")) if "product" not in texts else None
    return {**texts, "product": stated} if stated is not None else texts


def _quantities(texts: Mapping[str, str]) -> tuple[dict[str, Quantity], dict[str, Ends]]:
    """Return the quantities of the fields that can be read, and both ends of those that are ranges."""
    fields: dict[str, Quantity] = {}
    spans: dict[str, Ends] = {}
    for name, text in texts.items():
        found = read_statement(name, text, texts) if name in field.QUANTITIES else None
        if isinstance(found, field.Read):
            fields[found.name] = found.quantity
            if found.high is not None:
                spans[found.name] = Ends(found.quantity, found.high)
    return fields, spans


def _frequency(texts: Mapping[str, str]) -> str | None:
    """Return how often an order is given, None for once: a scheme such as `1-0-1` may stand in the text alone."""
    frequency = frequency_in_words(texts["frequency"]) if "frequency" in texts else None
    if is_unknown(frequency) and frequency is not None and scheme_in_words(frequency) is None:
        return frequency  # `once in 6 hours` is not surely once
    return recurring(
        scheme_in_words(texts.get("text", "") if frequency is None else frequency)
        or frequency
        or ("as needed" if is_as_needed(texts.get("prn")) else None)
        or _as_maintenance(texts)
    )


def _as_maintenance(texts: Mapping[str, str]) -> str | None:
    """Return that the kind of a dose says that it comes again: it is a load or a maintenance dose by that alone."""
    kind = wording.folded(texts.get("kind", ""))
    return wording.AS_MAINTENANCE if kind in wording.RECURRING_KINDS and _FLOWS.isdisjoint(texts) else None


_FLOWS: Final = frozenset(("dose_rate_per_kg", "dose_rate", "pump_rate", "run_time", "vtbi"))
"""What is infused: that a maintenance infusion follows a load says nothing of how often."""


def unreadable(reason: InputError, pointer: str, text: str) -> Defect:
    """Return the defect of a value that is neither a quantity nor a word and cannot be read."""
    return Defect(UNREADABLE_VALUE, str(reason), pointer, text)


def _unknown_word(name: str, words: Mapping[str, str], text: str, pointer: str) -> Defect:
    return unknown_value(text, tuple(dict.fromkeys(filter(None, words.values()))), f"{pointer}/{name}")


def _routes(texts: Mapping[str, str], pointer: str, defects: list[Defect]) -> tuple[str, ...]:
    """Return the routes of which an order leaves the choice, one empty text where none can be read."""
    text = texts.get("route")
    if text is None:
        return ("",)
    found = wording.routes_of(text)
    if not found:
        defects.append(_unknown_word("route", wording.ROUTE_OF, text, pointer))
    return found or ("",)


def _kind(texts: Mapping[str, str], pointer: str, defects: list[Defect]) -> str:
    """Return the kind that is written; a route such as `IV push` or `IVPB` says it of a dose as well."""
    kind, route = wording.kind_of(texts.get("kind", "")), wording.route_spellings(texts.get("route", ""))
    if kind is None and "kind" in texts:
        defects.append(_unknown_word("kind", wording.KIND_OF, texts["kind"], pointer))
    kind = kind or ""
    if kind in {"", "dose"} and wording.PUSHED.issuperset(route) and route:
        return "bolus"
    return "infusion" if kind in {"", "dose"} and wording.DRIPPED.issuperset(route) and route else kind


_FROM_ZERO = re.compile(r"^[HT] ?\+ ?(?P<hours>[0-9]{1,3}) ?h?$", re.IGNORECASE)
"""Hours from the start: `H+20`, `T+24`."""


_BY_DAY = re.compile(
    r"(?:on |from )?(?:(?:hospital |post-?op |POD |HD )?day ?[0-9]{1,2}|POD ?[0-9]{1,2}|tomorrow|"
    r"(?:the )?next (?:day|morning)|(?:2nd|3rd|[4-9]th) day|morgen|Tag [0-9]{1,2}|demain|J ?\+? ?[0-9]{1,2})",
    re.IGNORECASE,
)
"""A day and no hour: of a drug of the catalogue it matters which day is the first."""


def _offset(name: str, texts: Mapping[str, str], pointer: str, defects: list[Defect]) -> Offset | None:
    text = texts.get(name)
    if text == "0":
        return Offset.start()
    if text is None or is_clock(text) or wording.folded(text) in wording.AT_ONCE:
        return None  # a time of the clock is placed with the others of its set
    try:
        return read_offset(_FROM_ZERO.sub(r"+\g<hours> h", text.strip()), name)
    except InputError:
        length = field.read_field(text, Duration)
        signed = f"+{text} or -{text}" if isinstance(length, Duration) else "+20 h or -2 h"
        days = days_meant(text)
        message = (
            f"{name}: cannot read {quoted(text)}: it is neither a time from the start of the infusion on nor one of "
            f"the clock; write {signed}, or a time as 14:10 or 2026-03-01 14:10"
        )
        by_day = _BY_DAY.fullmatch(text.strip()) is not None
        if (days or by_day) and drug_name(texts.get("drug", "")) not in KNOWN:
            return None  # nothing is judged by when it is given
        if by_day:
            message = (
                f"{name}: {quoted(text)} names no hour, and the first day may be 0 or 1; write the hours, as +24 h"
            )
        if days:
            message = f"{name}: {quoted(text)} may be two days; write {' or '.join(days)}"
        defects.append(Defect(UNREADABLE_VALUE, message, f"{pointer}/{name}", text))
        return None


def _band(texts: Mapping[str, str], pointer: str, defects: list[Defect]) -> Span[DosingWeight] | None:
    text = texts.get("weight")
    if text is None or is_open(text):
        return None
    try:
        band = read_band(text, DosingWeight, "weight")
        if band.high.magnitude == 0:
            raise InputError("weight: zero is not a weight; write a band as 46-54 kg")  # noqa: TRY301  # said as the others
    except InputError as reason:
        defects.append(unreadable(reason, f"{pointer}/weight", text))
        return None
    return band


def _open_band(texts: Mapping[str, str]) -> tuple[Condition, ...]:
    """Return a weight band that is open at one end (`>= 90 kg`) as the condition that it is."""
    text = texts.get("weight", "")
    found = read_open(text, DosingWeight) if is_open(text) else None
    return (Condition("weight", found, text),) if found is not None else ()


def _span(conditions: tuple[Condition, ...]) -> Span[DosingWeight] | None:
    """Return the weights from one end to another that an order is for by its condition, as a row of a table is."""
    bounds = next((each.bounds for each in conditions if each.name == "weight"), ())
    low = next((each.quantity for each in bounds if each.comparator == ">="), None)
    high = next((each.quantity for each in bounds if each.comparator == "<="), None)
    if not isinstance(low, DosingWeight) or not isinstance(high, DosingWeight) or not high.magnitude:
        return None
    return Span(low, high)


def _when(texts: Mapping[str, str], pointer: str, defects: list[Defect]) -> tuple[Condition, ...]:
    found = []
    for name, text in texts.items():
        try:
            found.append(read_condition(text, name))
        except InputError as reason:
            defect = unreadable(reason, f"{pointer}/when/{name}", text)
            defects.append(defect._replace(code=unread_clearance(text)) if name == "creatinine_clearance" else defect)
    return tuple(sorted(found, key=lambda condition: condition.name))


def linked(orders: Iterable[Order], defects: list[Defect]) -> tuple[Order, ...]:
    """Return the orders with what each is among the others: when it starts, its place, and whether it is a load.

    Behind them stand the further ends of what they prescribe as a range.
    """
    found = placed(orders, defects)
    rivals: dict[tuple[Any, ...], list[Order]] = {}
    for order in found:
        if order.given_as == "infusion":
            rivals.setdefault(_sequence_key(order), []).append(order)
    courses = {key: _InfusionSequence.of(each) for key, each in rivals.items() if len(each) > 1}
    places: dict[str, int] = {}
    linked_orders = []
    for order in found:
        place = places.get(order.kind, 0)
        places[order.kind] = place + 1
        course = courses.get(_sequence_key(order)) if order.given_as == "infusion" else None
        load = course is not None and _is_load(order, course)
        linked_orders.append(order._replace(place=place, load=load) if place or load else order)
    return with_ends(linked_orders)


def _sequence_key(order: Order) -> tuple[Any, ...]:
    """Return what infusions have in common that follow each other; rows for others weights or clearances do not."""
    return order.drug, order.given_as, order.texts.get("weight"), tuple(each.text for each in order.when)


class _InfusionSequence(NamedTuple):
    """Infusions that may follow each other: the ``first`` of them, and whether of all it is said when they start."""

    first: tuple[Order, ...]
    all_start: bool

    @classmethod
    def of(cls, infusions: list[Order]) -> _InfusionSequence:
        """Return the course of two infusions or more; looked through once, a set holds up to 2,000."""
        return cls(tuple(infusions[:_COURSE]), all(each.start is not None for each in infusions))


def _is_load(order: Order, course: _InfusionSequence) -> bool:
    """Whether another infusion of the course follows: by its start, else by running slower and longer.

    One at the same rate is a second container, and goes on with what the first gives.
    """
    rate = order.quantity("dose_rate_per_kg", DoseRatePerKg)
    if order.start is not None and course.all_start:
        later = [each for each in course.first if each.start is not None and each.start > order.start]
        return any(_rates(each) != _rates(order) or not any(_rates(order)) for each in later)
    if rate is None:
        return False
    return any(_outlasts(each, rate, order.lasts) for each in course.first if _follows(each, order))


def _rates(order: Order) -> tuple[Quantity | None, ...]:
    return tuple(order.fields.get(name) for name in ("dose_rate_per_kg", "dose_rate", "pump_rate"))


_COURSE = 50
"""Infusions of one course that are compared; more of them are no loads of each other."""


def _follows(other: Order, order: Order) -> bool:
    return other is not order and (order.choose_one is None or other.choose_one != order.choose_one)


def _outlasts(other: Order, rate: DoseRatePerKg, run_time: Duration | None) -> bool:
    """Whether another infusion is slower, and longer as far as is said."""
    slower, longer = other.quantity("dose_rate_per_kg", DoseRatePerKg), other.lasts
    if slower is None or slower.unit.shape != rate.unit.shape:
        return False
    same_kind = slower.unit.parts[0].dimension == rate.unit.parts[0].dimension
    return same_kind and rate.exceeds(slower) and (longer is None or run_time is None or longer.exceeds(run_time))
