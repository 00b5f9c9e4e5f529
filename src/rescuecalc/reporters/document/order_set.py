"""The order set that a protocol implies: what its source states as fields, what it leaves open said beside them.

``order_set`` holds what `check` reads; ``said`` the comments, by the JSON pointer of what they stand at (a field that
is left open has a comment and no value); ``unfinished`` the orders without a dose; ``preface`` labelled paragraphs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc import __version__
from rescuecalc.core.orders.order_field import Unreadable, read_field
from rescuecalc.core.quantities.quantity import Duration
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.quantities.units import unit
from rescuecalc.core.regimen.product import ProductUse
from rescuecalc.core.regimen.protocol import SITE
from rescuecalc.core.renal.renal_branch import Branch, branches
from rescuecalc.errors import CalculationRefused
from rescuecalc.reporters.document.common_parts import key_in_words
from rescuecalc.reporters.document.monitoring import by_id, monitoring_entries, stop_entries, watched_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.bridging.antiplatelet import Monitoring
    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.core.regimen.product import Supply
    from rescuecalc.core.regimen.protocol import (
        AntiplateletStep,
        BolusStep,
        Cap,
        GiveOver,
        InfusionStep,
        Protocol,
        RunTime,
    )
    from rescuecalc.core.renal.creatinine_clearance import RenalRule
    from rescuecalc.reporters.document.common_parts import Document

_OPEN = "not stated by the source"
_OPTIONAL = "antiplatelet"
_WAYS = {ProductUse.SYRINGE: "by syringe", ProductUse.PUMP: "programmed on the pump", ProductUse.INFUSION: "infused"}


class Shelf(NamedTuple):
    """What an order is drawn from where that was ``chosen``, and what could serve."""

    chosen: Supply | None
    options: tuple[Supply, ...]


class DraftOrder(NamedTuple):
    """An order as far as its source goes: ``fields`` it states, ``comments`` of a field ("" is the whole order).

    ``pointer`` is the table of the protocol that states it, ``bounds`` what the source states of a field that is left
    open, ``words`` what it says of the order. ``group`` names the alternatives of which the user chooses.
    """

    fields: dict[str, Any]
    comments: dict[str, str]
    pointer: str
    bounds: dict[str, str]
    words: list[str]
    group: str = ""


def order_set_document(
    protocol: Protocol, rule: RenalRule | None, watched: Monitoring, bolus: Shelf, infusion: Shelf
) -> Document:
    """Return what the protocol states as an order set with its comments.

    Raises CalculationRefused where a dose cannot be written exactly in the nine decimals of an order set.
    """
    drafts = draft_orders(protocol, rule, bolus, infusion)
    orders = _named_apart([each for each in drafts if is_finished(each)])
    unfinished = _named_apart([each for each in drafts if not is_finished(each)])
    monitoring, stops = monitoring_entries(watched), stop_entries(watched)
    return {
        "preface": _preface(protocol, watched),
        "order_set": {
            "order_set": protocol.title,
            "protocol": protocol.id,
            **({"weight_basis": protocol.weight_basis} if protocol.weight_basis else {}),
            "orders": [each.fields for each in orders],
            "monitoring": [each.fields for each in monitoring],
            "stop_if": [each.text for each in stops],
        },
        "said": {
            **_of_set(protocol),
            **{
                f"/orders/{place}{'/' if name else ''}{name}": words
                for place, each in enumerate(orders)
                for name, words in each.comments.items()
            },
            **{f"/monitoring/{place}": each.comment for place, each in enumerate(monitoring)},
            **{f"/stop_if/{place}": each.comment for place, each in enumerate(stops)},
        },
        "unfinished": [{"fields": each.fields, "said": each.comments} for each in unfinished],
    }


def draft_orders(protocol: Protocol, rule: RenalRule | None, bolus: Shelf, infusion: Shelf) -> list[DraftOrder]:
    """Return every order that a protocol states, as far as its source goes; errors as for the whole document."""
    return [
        *_boluses(protocol, rule, bolus),
        *_infusions(protocol, rule, infusion),
        *(_oral(step, place) for place, step in enumerate(protocol.oral)),
    ]


def is_finished(draft: DraftOrder) -> bool:
    """Whether a draft is an order already: an antiplatelet without its dose is none."""
    return draft.fields["kind"] != "dose" or "dose" in draft.fields


def warned(made: Document, findings: Iterable[Finding]) -> Document:
    """Return the document with what `check` finds in it: it is due, and whoever approves the set decides of it."""
    found = ((f"check finds {each.severity} {each.code}", each.message) for each in findings)
    warnings = list(dict.fromkeys(found))
    decide = "review each of these; a suppression needs a reason and an end date (docs/settings.md)"
    return {**made, "preface": [*made["preface"], *warnings, *([("to do", decide)] if warnings else [])]}


def _preface(protocol: Protocol, watched: Monitoring) -> list[tuple[str, str]]:
    """Return what stands above the order set: what the source is, and every source by the id that is cited below."""
    origin = "your hospital's file" if protocol.origin == SITE else "its sources"
    lines: list[tuple[str, str | None]] = [
        ("", f"Printed by rescuecalc {__version__} from the protocol {protocol.id}: a template, not yet an order set."),
        ("", f"A comment marks each value that {origin} do not state; those who approve the set choose it."),
        (_use(protocol), protocol.population),
        ("confidence", protocol.confidence),
        ("not rescue", protocol.not_rescue),
        *(("unclear", words) for words in protocol.unclear),
        *(("remark", words) for words in protocol.remarks),
        ("antiplatelets", protocol.antiplatelets if protocol.antiplatelets != "not stated" else None),
        ("not stated", ", ".join(key_in_words(word) for word in protocol.not_stated)),
        ("sources of the doses", by_id(protocol.sources)),
        *((f"source {each.id}", _named(each)) for each in _apart([*protocol.sources, *watched_sources(watched)])),
    ]
    return [(label, words) for label, words in lines if words]


def _apart(found: Iterable[Source]) -> Iterable[Source]:
    return {each.id: each for each in found}.values()


def _named(each: Source) -> str:
    return "; ".join(part for part in (each.title, each.doi and f"doi {each.doi}", each.url) if part)


def _use(protocol: Protocol) -> str:
    return "labelled for" if protocol.kind == "label" else "population"


def _of_set(protocol: Protocol) -> Document:
    comments = {
        "/version": "yours",
        "/approved": "the day of your approval, as in 2026-03-01",
        "/indication": f"yours; {_use(protocol)}: {protocol.population}",
    }
    if protocol.origin == SITE:
        comments["/protocol"] = "name the file under `protocol-files` in rescuecalc.toml"
    if protocol.needs_weight and protocol.weight_basis is None:
        comments["/weight_basis"] = f"{_OPEN}: actual, ideal or adjusted"
    return comments


def exact_text(quantity: Quantity) -> str:
    """Return a quantity as an order set writes it, exactly; CalculationRefused where nine decimals do not hold it."""
    text = str(quantity)
    read = read_field(text, type(quantity))
    if isinstance(read, Unreadable) or not read.equals(quantity):
        raise CalculationRefused(f"{text} cannot be written exactly in an order set")
    return text


def _boluses(protocol: Protocol, rule: RenalRule | None, shelf: Shelf) -> Iterator[DraftOrder]:
    for place, step in enumerate(protocol.boluses):
        for branch in branches(rule if step.route == "IV" else None, "bolus"):
            yield _bolus(step, _begun(protocol.drug, step.route, "bolus", "bolus", branch, place), branch, shelf)


def _bolus(step: BolusStep, draft: DraftOrder, branch: Branch, shelf: Shelf) -> DraftOrder:
    fields, comments = draft.fields, draft.comments
    for name, amount in (("dose_per_kg", step.dose_per_kg), ("dose", step.dose)):
        if amount is not None:
            fields[name] = exact_text(amount.times(branch.factor))
    if step.dose_range is not None:
        span = " to ".join(exact_text(end.times(branch.factor)) for end in step.dose_range)
        draft.bounds["dose"], comments["dose"] = span, f"fixed, not per kg; the source states {span}: choose"
    _cap(step.cap, "max_dose", branch, draft)
    _give_over(step.give_over, draft)
    if step.at is not None:
        fields["start"] = str(Offset.start().plus(step.at))
    _product(shelf, fields["drug"], fields, comments)
    return draft


def _infusions(protocol: Protocol, rule: RenalRule | None, shelf: Shelf) -> Iterator[DraftOrder]:
    start: Offset | None = Offset.start()
    for place, step in enumerate(protocol.infusions):
        name = "load" if step.role == "load" else "infusion"
        for branch in branches(rule if step.route == "IV" else None, "infusion"):
            draft = _begun(protocol.drug, step.route, "infusion", name, branch, place)
            if name == "load" and branch.when is not None and rule is not None and rule.load_remark:
                draft.comments["dose_rate_per_kg"] = rule.load_remark
            yield _infusion(step, draft, branch, shelf, start)
        taken = step.run_time.taken if step.run_time is not None else None
        start = start.plus(taken) if start is not None and taken is not None else None


def _infusion(step: InfusionStep, draft: DraftOrder, branch: Branch, shelf: Shelf, start: Offset | None) -> DraftOrder:
    fields = draft.fields
    fields["dose_rate_per_kg"] = exact_text(step.dose_rate_per_kg.times(branch.factor))
    _cap(step.cap, "max_dose_rate", branch, draft)
    _run_time(step.run_time, start, draft)
    if start is not None:
        fields["start"] = str(start)
    _product(shelf, fields["drug"], fields, draft.comments)
    return draft


def _begun(drug: str, route: str, kind: str, name: str, branch: Branch, place: int) -> DraftOrder:
    """Return an order's first fields; one for some clearances has its condition and the label's words."""
    fields: dict[str, Any] = {"id": name, "drug": drug, "route": route, "kind": kind}
    begun = DraftOrder(fields, {}, f"/{'boluses' if kind == 'bolus' else 'infusions'}/{place}", {}, [])
    if branch.when is not None:
        fields |= {"id": f"{name}-{branch.name}", "when": {"creatinine_clearance": branch.when}, "text": branch.words}
    return begun


def _cap(cap: Cap[Any] | None, name: str, branch: Branch, draft: DraftOrder) -> None:
    if cap is not None:
        draft.fields[name], draft.comments[name] = exact_text(cap.under(branch.factor)), cap.words
        draft.words.append(cap.words)


def _give_over(stated: GiveOver | None, draft: DraftOrder) -> None:
    if stated is None:
        draft.comments["give_over"] = f"{_OPEN}: choose"
        return
    time = stated.taken or stated.maximum
    if time is not None:
        draft.fields["give_over"] = exact_text(time)
    draft.comments["give_over"] = f"the source: {stated.words}"
    draft.words.append(stated.words)


def _run_time(stated: RunTime | None, start: Offset | None, draft: DraftOrder) -> None:
    """Add how long an infusion runs that starts at ``start``: a maximum in total counts the loads before it."""
    if stated is None:
        draft.comments["run_time"] = f"{_OPEN}: choose"
        return
    draft.words.append(stated.words)
    if stated.taken is not None:
        draft.fields["run_time"], draft.comments["run_time"] = exact_text(stated.taken), f"the source: {stated.words}"
        return
    draft.comments["run_time"] = f"the source states {stated.words}: choose"
    most = stated.maximum
    before = start.after(Offset.start()) if start is not None and stated.in_all else None
    if most is not None and before is not None:
        most = Duration(most.value_in("h") - before.value_in("h"), unit("h"))
    ends = [str(end) for end in (stated.minimum, most) if end is not None]
    draft.bounds["run_time"] = " to ".join(ends)


def _product(shelf: Shelf, drug: str, fields: dict[str, Any], comments: dict[str, str]) -> None:
    """Add the chosen product and its concentration; where none was chosen, say what there is to choose from."""
    if shelf.chosen is not None and shelf.chosen.product is not None:
        product = shelf.chosen.product
        fields |= {"concentration": exact_text(product.concentration), "product": product.id}
        pumped = "; programmed on the pump, out of the infusion's container" if shelf.chosen.from_container else ""
        prepared = f"; {product.preparation}" if product.preparation else ""
        comments["product"] = f"{product.form}, {product.strength}{pumped}{prepared}"
        return
    listed = _options(shelf.options)
    none_held = f"yours; no product held here serves {_A_KIND[fields['kind']]} of {drug}"
    comments["product"] = f"choose, and state its concentration: {listed}" if listed else none_held


_A_KIND: Final = {"bolus": "a bolus", "infusion": "an infusion"}


def _options(options: tuple[Supply, ...]) -> str:
    """Return the products that could serve, by their concentration and by how they are given."""
    equivalent: dict[str, list[str]] = {}
    for each in options:
        if each.product is not None and each.given is not None:
            equivalent.setdefault(f"{each.concentration}, {_WAYS[each.given]}", []).append(each.product.id)
    return "; ".join(f"{', '.join(names)} ({how})" for how, names in equivalent.items())


def _oral(step: AntiplateletStep, place: int) -> DraftOrder:
    """Return an antiplatelet as far as the source names it; what is given once has no frequency in an order set."""
    fields: dict[str, Any] = {"id": step.drug, "drug": step.drug, "kind": "dose"}
    comments = {"": f"the source: {step.words}"}
    for name, value in (("route", step.route), ("dose", step.dose and exact_text(step.dose))):
        if value is None:
            comments[name] = f"{_OPEN}: choose"
        else:
            fields[name] = value
    if step.frequency == "once":
        comments["frequency"] = "left out, since it is given once"
    elif step.frequency is not None:
        fields["frequency"] = step.frequency
    else:
        comments["frequency"] = f"{_OPEN}; left out, it is given once"
    if step.at is not None:
        fields["start"] = str(Offset.start().plus(step.at))
    else:
        comments["start"] = f"{_OPEN}: choose"
    return DraftOrder(fields, comments, f"/antiplatelet/{place}", {}, [step.words], _OPTIONAL if step.optional else "")


def _named_apart(drafts: list[DraftOrder]) -> list[DraftOrder]:
    """Return the orders with a number behind each id that is there already."""
    seen: dict[str, int] = {}
    found = []
    for each in drafts:
        name = each.fields["id"]
        seen[name] = seen.get(name, 0) + 1
        found.append(each if seen[name] == 1 else each._replace(fields={**each.fields, "id": f"{name}-{seen[name]}"}))
    return found
