"""The order set that a protocol implies: what its source states as fields, what it leaves open said beside them.

``order_set`` holds what `check` reads; ``said`` the comments, by the JSON pointer of what they stand at (a field that
is left open has a comment and no value); ``unfinished`` the orders without a dose; ``preface`` labelled paragraphs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from rescuecalc import __version__
from rescuecalc.core.orders.order_field import Unreadable, read_field
from rescuecalc.core.quantities.time_offset import Offset
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
    from rescuecalc.core.orders.finding import Finding
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.core.regimen.product import Supply
    from rescuecalc.core.regimen.protocol import AntiplateletStep, BolusStep, GiveOver, InfusionStep, Protocol, RunTime
    from rescuecalc.core.renal.creatinine_clearance import RenalRule
    from rescuecalc.reporters.document.common_parts import Document

_OPEN = "not stated by the source"
_WAYS = {ProductUse.SYRINGE: "by syringe", ProductUse.PUMP: "programmed on the pump", ProductUse.INFUSION: "infused"}


class Shelf(NamedTuple):
    """What an order is drawn from where that was ``chosen``, and what could serve."""

    chosen: Supply | None
    options: tuple[Supply, ...]


class DraftOrder(NamedTuple):
    """An order as far as its source goes: ``fields`` it states, ``comments`` of a field ("" is the whole order)."""

    fields: dict[str, Any]
    comments: dict[str, str]


def order_set_document(
    protocol: Protocol, rule: RenalRule | None, watched: Monitoring, bolus: Shelf, infusion: Shelf
) -> Document:
    """Return what the protocol states as an order set with its comments.

    Raises CalculationRefused where a dose cannot be written exactly in the nine decimals of an order set.
    """
    drafts = [
        *(draft for step in protocol.boluses for draft in _boluses(step, protocol, rule, bolus)),
        *_infusions(protocol, rule, infusion),
    ]
    oral = [_oral(step) for step in protocol.oral]
    orders = _named_apart([*drafts, *(each for each in oral if "dose" in each.fields)])
    unfinished = _named_apart([each for each in oral if "dose" not in each.fields])
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


def written(quantity: Quantity) -> str:
    """Return a quantity as an order set writes it, exactly; CalculationRefused where nine decimals do not hold it."""
    text = str(quantity)
    read = read_field(text, type(quantity))
    if isinstance(read, Unreadable) or not read.equals(quantity):
        raise CalculationRefused(f"{text} cannot be written exactly in an order set")
    return text


def _boluses(step: BolusStep, protocol: Protocol, rule: RenalRule | None, shelf: Shelf) -> Iterator[DraftOrder]:
    for branch in branches(rule, "bolus"):
        fields, comments = _begun(protocol.drug, step.route, "bolus", "bolus", branch)
        for name, amount in (("dose_per_kg", step.dose_per_kg), ("dose", step.dose)):
            if amount is not None:
                fields[name] = written(amount.times(branch.factor))
        if step.dose_range is not None:
            span = " to ".join(written(end.times(branch.factor)) for end in step.dose_range)
            comments["dose"] = f"fixed, not per kg; the source states {span}: choose"
        if step.cap is not None:
            fields["max_dose"], comments["max_dose"] = written(step.cap.under(branch.factor)), step.cap.words
        _give_over(step.give_over, fields, comments)
        if step.at is not None:
            fields["start"] = str(Offset.start().plus(step.at))
        _product(shelf, protocol.drug, fields, comments)
        yield DraftOrder(fields, comments)


def _infusions(protocol: Protocol, rule: RenalRule | None, shelf: Shelf) -> Iterator[DraftOrder]:
    start: Offset | None = Offset.start()
    for step in protocol.infusions:
        for branch in branches(rule if step.route == "IV" else None, "infusion"):
            yield _infusion(step, protocol, rule, shelf, branch, start)
        taken = step.run_time.taken if step.run_time is not None else None
        start = start.plus(taken) if start is not None and taken is not None else None


def _infusion(
    step: InfusionStep, protocol: Protocol, rule: RenalRule | None, shelf: Shelf, branch: Branch, start: Offset | None
) -> DraftOrder:
    name = "load" if step.role == "load" else "infusion"
    fields, comments = _begun(protocol.drug, step.route, "infusion", name, branch)
    fields["dose_rate_per_kg"] = written(step.dose_rate_per_kg.times(branch.factor))
    if step.cap is not None:
        fields["max_dose_rate"], comments["max_dose_rate"] = written(step.cap.under(branch.factor)), step.cap.words
    if name == "load" and branch.when is not None and rule is not None and rule.load_remark:
        comments["dose_rate_per_kg"] = rule.load_remark
    _run_time(step.run_time, fields, comments)
    if start is not None:
        fields["start"] = str(start)
    _product(shelf, protocol.drug, fields, comments)
    return DraftOrder(fields, comments)


def _begun(drug: str, route: str, kind: str, name: str, branch: Branch) -> DraftOrder:
    """Return an order's first fields; one for some clearances has its condition and the label's words."""
    fields: dict[str, Any] = {"id": name, "drug": drug, "route": route, "kind": kind}
    if branch.when is None:
        return DraftOrder(fields, {})
    fields |= {"id": f"{name}-{branch.name}", "when": {"creatinine_clearance": branch.when}, "text": branch.words}
    return DraftOrder(fields, {})


def _give_over(stated: GiveOver | None, fields: dict[str, Any], comments: dict[str, str]) -> None:
    if stated is None:
        comments["give_over"] = f"{_OPEN}: choose"
        return
    time = stated.taken or stated.maximum
    if time is not None:
        fields["give_over"] = written(time)
    comments["give_over"] = f"the source: {stated.words}"


def _run_time(stated: RunTime | None, fields: dict[str, Any], comments: dict[str, str]) -> None:
    if stated is None:
        comments["run_time"] = f"{_OPEN}: choose"
    elif stated.taken is None:
        comments["run_time"] = f"the source states {stated.words}: choose"
    else:
        fields["run_time"], comments["run_time"] = written(stated.taken), f"the source: {stated.words}"


def _product(shelf: Shelf, drug: str, fields: dict[str, Any], comments: dict[str, str]) -> None:
    """Add the chosen product and its concentration; where none was chosen, say what there is to choose from."""
    if shelf.chosen is not None and shelf.chosen.product is not None:
        product = shelf.chosen.product
        fields |= {"concentration": written(product.concentration), "product": product.id}
        pumped = "; programmed on the pump, out of the infusion's container" if shelf.chosen.from_container else ""
        prepared = f"; {product.preparation}" if product.preparation else ""
        comments["product"] = f"{product.form}, {product.strength}{pumped}{prepared}"
        return
    listed = _options(shelf.options)
    known = f"choose, and state its concentration: {listed}" if listed else f"yours; rescuecalc knows none of {drug}"
    comments["product"] = known


def _options(options: tuple[Supply, ...]) -> str:
    """Return the products that could serve, by their concentration and by how they are given."""
    alike: dict[str, list[str]] = {}
    for each in options:
        if each.product is not None and each.given is not None:
            alike.setdefault(f"{each.concentration}, {_WAYS[each.given]}", []).append(each.product.id)
    return "; ".join(f"{', '.join(names)} ({how})" for how, names in alike.items())


def _oral(step: AntiplateletStep) -> DraftOrder:
    """Return an antiplatelet as far as the source names it; what is given once has no frequency in an order set."""
    fields: dict[str, Any] = {"id": step.drug, "drug": step.drug, "kind": "dose"}
    comments = {"": f"the source: {step.words}"}
    for name, value in (("route", step.route), ("dose", step.dose and written(step.dose))):
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
    return DraftOrder(fields, comments)


def _named_apart(drafts: list[DraftOrder]) -> list[DraftOrder]:
    """Return the orders with a number behind each id that is there already."""
    seen: dict[str, int] = {}
    found = []
    for each in drafts:
        name = each.fields["id"]
        seen[name] = seen.get(name, 0) + 1
        found.append(each if seen[name] == 1 else each._replace(fields={**each.fields, "id": f"{name}-{seen[name]}"}))
    return found
