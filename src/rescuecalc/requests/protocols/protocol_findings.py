"""What `check` finds in a hospital's own protocol: it is judged as the order set that it implies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.knowledge import packaged_knowledge
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.regimen.protocol import SITE
from rescuecalc.readers.order_sets import order_sets
from rescuecalc.reporters.document.order_set import DraftOrder, Shelf, draft_orders, is_finished
from rescuecalc.rules.base.hit_finding import weight
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.judging.registry import RULES
from rescuecalc.rules.judging.written_judge import judge_written, panel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.core.regimen.protocol import BandRow, Protocol

_NO_PRODUCT: Final = Shelf(None, ())

_OF_ORDER_SETS: Final = frozenset({"RC108", "RC411", "RC513", "RC613", "RC630", "RC631", "RC635"})
"""Rules about what an order set states and a protocol leaves to it: its patient, weight basis, stop and imaging."""

_COMPLETENESS: Final = "RC7"
_TABLES: Final = {"/order_set": "/title", "/indication": "/population"}
"""Where in a protocol file stands what its order set writes elsewhere."""


def findings_of(protocol: Protocol) -> tuple[Finding, ...]:
    """Return what `check` finds in the order set of a protocol, each at the table of the protocol that states it."""
    drafts = draft_orders(protocol, catalogue.stated_renal_rule(protocol), _NO_PRODUCT, _NO_PRODUCT)
    orders = [_order(each, place) for place, each in enumerate(drafts)]
    judged = [each for each in _judged(protocol, orders) if not _may_be_left_open(each, drafts)]
    found = [_in_file(each, drafts) for each in _once_an_entry(judged, drafts)]
    for pointer, text in _texts(protocol):
        found.extend(each._replace(pointer=pointer) for each in _in_text(protocol, orders, text))
    found.extend(_of_rows(protocol, drafts))
    return tuple(sorted(dict.fromkeys(found), key=weight))


def file_errors(protocol: Protocol) -> tuple[Finding, ...]:
    """Return the errors that the protocol's file has for any patient, the heaviest first."""
    return tuple(each for each in findings_of(protocol) if each.severity is Severity.ERROR)


def _judged(protocol: Protocol, orders: list[dict[str, Any]]) -> tuple[Finding, ...]:
    data = {"order_set": protocol.title, "indication": protocol.population, "protocol": protocol.id, "orders": orders}
    made = next(order_sets(data, ()))._replace(protocol=protocol.id)
    return judge_written(Subject(made, protocol, packaged_knowledge()), panel(RULES))


def _order(draft: DraftOrder, place: int) -> dict[str, Any]:
    """Return a draft as an order, with the ranges that its source leaves to choose from and all that it says."""
    words = [*filter(None, [draft.fields.get("text")]), *draft.words]
    text = {"text": "; ".join(words)} if words else {}
    group = {"choose_one": draft.group} if draft.group else {}
    return {**draft.bounds, **draft.fields, "id": f"{draft.fields['id']}-{place}", **group, **text}


def _texts(protocol: Protocol) -> Iterator[tuple[str, str]]:
    """Yield what a file says of the whole regimen in words of its own; a packaged text is quoted from its source."""
    if protocol.origin == SITE:
        yield "/antiplatelets", protocol.antiplatelets
        yield from ((f"/remarks/{place}", text) for place, text in enumerate(protocol.remarks))


def _in_text(protocol: Protocol, orders: list[dict[str, Any]], text: str) -> Iterator[Finding]:
    """Yield what is found in a text that stands beside the last dose of the protocol's own drug."""
    place = max(place for place, each in enumerate(orders) if each["drug"] == protocol.drug)
    beside = [{**each, "text": text} if number == place else each for number, each in enumerate(orders)]
    pointer = f"/orders/{place}/text"
    yield from (each for each in _judged(protocol, beside) if each.pointer == pointer and not _is_open(each))


def _of_rows(protocol: Protocol, drafts: list[DraftOrder]) -> Iterator[Finding]:
    """Yield the errors of a file's table by weight: each row is an order at the protocol's own dose."""
    band = protocol.label_band if protocol.origin == SITE else None
    if band is None:
        return
    rows = [
        {
            **_order(draft, place),
            "weight": f"{row.low} to {row.high}",
            "concentration": str(band.concentration),
            **fields,
        }
        for draft in drafts
        for place, row in enumerate(band.rows)
        if (fields := _setting(row, draft, protocol))
    ]
    found = _judged(protocol, rows) if rows else ()
    errors = [each for each in found if each.severity is Severity.ERROR and not _is_open(each)]
    for each in errors:
        place, _ = _order_index(each.pointer)
        where = f"{rows[place]['weight']}: " if place is not None else ""
        yield each._replace(pointer="/label_band", message=f"{where}{each.message}", alternatives=())


def _setting(row: BandRow, draft: DraftOrder, protocol: Protocol) -> dict[str, str]:
    """Return what a row of a table sets of a draft; empty where it sets nothing of it."""
    kind, place = draft.pointer.removeprefix("/").split("/")
    if kind == "antiplatelet" or draft.pointer == "/boluses/1":
        return {}
    if kind == "boluses":
        full = protocol.boluses[int(place)].dose_per_kg
        is_full = full is not None and draft.fields.get("dose_per_kg") == str(full)
        volume = (row.full if is_full else row.halved).bolus_volume
        return {"volume": str(volume)} if volume is not None and full is not None else {}
    step = protocol.infusions[int(place)]
    is_full = draft.fields["dose_rate_per_kg"] == str(step.dose_rate_per_kg)
    rate = (row.full if is_full else row.halved).rate(step.role)
    return {"pump_rate": str(rate)} if rate is not None else {}


def _order_index(pointer: str) -> tuple[int | None, str]:
    """Return the place of the order that a pointer is into, None where it is into none, and the rest of it."""
    name, _, rest = pointer.removeprefix("/").partition("/")
    place, _, field = rest.partition("/")
    return (int(place), f"/{field}" if field else "") if name == "orders" and place else (None, pointer)


def _is_open(found: Finding) -> bool:
    """Whether a finding is about what a protocol leaves to the order set, whatever the order."""
    is_incomplete = found.code.startswith(_COMPLETENESS) and found.severity is not Severity.ERROR
    return found.code in _OF_ORDER_SETS or is_incomplete


def _may_be_left_open(found: Finding, drafts: Iterable[DraftOrder]) -> bool:
    """Whether a finding is about what this protocol may leave open: an antiplatelet without its dose is no order."""
    place, _ = _order_index(found.pointer)
    is_unfinished = place is not None and not is_finished(list(drafts)[place])
    return _is_open(found) or (is_unfinished and found.code.startswith(_COMPLETENESS))


def _once_an_entry(found: Iterable[Finding], drafts: list[DraftOrder]) -> Iterator[Finding]:
    """Yield findings, one that the dose of each clearance has once: that of the highest, which the entry states."""
    by_entry: dict[tuple[str, str], dict[int, Finding]] = {}
    for each in found:
        place, rest = _order_index(each.pointer)
        if place is None:
            yield each
        else:
            by_entry.setdefault((each.code, f"{drafts[place].pointer}{rest}"), {})[place] = each
    for places in by_entry.values():
        pointer = drafts[min(places)].pointer
        branches = [place for place, each in enumerate(drafts) if each.pointer == pointer]
        if len(branches) == len(places):
            yield places[branches[-1]]
        else:
            yield from (_with_clearance(each, drafts[place]) for place, each in places.items())


def _with_clearance(found: Finding, draft: DraftOrder) -> Finding:
    clearance = draft.fields.get("when", {}).get("creatinine_clearance")
    if clearance is None or clearance in found.message:
        return found
    return found._replace(message=f"CrCl {clearance}: {found.message}")


def _in_file(found: Finding, drafts: list[DraftOrder]) -> Finding:
    place, rest = _order_index(found.pointer)
    if place is None:
        return found._replace(pointer=_TABLES.get(found.pointer, found.pointer))
    # The text is put together of the words of several tables of an entry: there is one of an antiplatelet.
    field = ("/words" if drafts[place].fields["kind"] == "dose" else "") if rest == "/text" else rest
    return found._replace(pointer=f"{drafts[place].pointer}{field}", alternatives=())
