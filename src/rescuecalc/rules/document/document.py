"""RC1: the document: what cannot be read, what is written twice, unknown, missing or of another kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.drugs.drug_name import is_joined
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.order_field import read_field
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import Dose
from rescuecalc.rules.base.reader_defects import of_reader
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.reference.unknown_drug import dosed_drugs, named_drugs, unknown_drug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.base.rule import Rule

UNREADABLE = frozenset({"RC101", "RC102"})
"""What could not be read: it ends with exit 3, and no option leaves it out."""

_OF_FIELDS = {"RC103", "RC104", "RC105", "RC106", "RC107", "RC109", "RC201", "RC202", "RC515"}
_OF_RESOURCES = {"RC231", "RC232", "RC234", "RC235", "RC237", "RC238", "RC242"}
_OF_NAMES = {"RC108", "RC112"}  # by what an order asks to be judged: without it the other rules find less
NOT_JUDGED = UNREADABLE | _OF_FIELDS | _OF_RESOURCES | _OF_NAMES | {"RC712"}
"""What was written and judged by no other rule, or by less than it says: a selection of rules does not hide it."""


def _unknown_protocol(subject: Subject) -> Iterator[Hit]:
    name = subject.order_set.texts.get("protocol")
    known = {each.id: each.drug for each in subject.knowledge.protocols()} if name is not None else {}
    if name is not None and name not in known:
        hint = nearest(name, sorted(known)) or "; `rescuecalc protocol list` shows all"
        yield Hit(f"unknown protocol {quoted(name)}{hint}", (), "/protocol", name)
    elif name is not None:
        orders = subject.order_set.orders
        drugs = sorted({each.drug for each in orders if subject.knowledge.is_gp_inhibitor(each.drug)})
        if drugs and all(each.drug != known[name] for each in orders):
            message = f"the protocol {name} is of {known[name]}, and the order set orders {' and '.join(drugs)}"
            yield Hit(message, (), "/protocol", name)


def _doubled_id(subject: Subject) -> Iterator[Hit]:
    seen: set[str] = set()
    for order in subject.order_set.orders:
        if order.of:
            continue  # the other end of a range
        if order.id and order.id in seen:
            yield Hit(
                f"another order of the set has the id {quoted(order.id)} too", (), f"{order.pointer}/id", order.id
            )
        seen.add(order.id)


def _misspelt_drug(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        unknown = unknown_drug(order.drug, subject.knowledge)
        if unknown is None:
            yield from _two_names(order, subject)
            continue
        hint = f"; did you mean {' or '.join(unknown.near)}?"
        if unknown.holds:
            hint = f"; write {unknown.holds} alone, and put the rest into `text`"
        yield Hit(f"unknown drug {quoted(order.drug)}{hint}", (), f"{order.pointer}/drug", order.drug)


def _two_names(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the hit of a name that holds two drugs of the catalogue: `Aggrastat (eptifibatide)`."""
    written = order.texts.get("drug", "")
    named = sorted({*named_drugs(written.lower(), subject.knowledge), *_of_one_dose(order, subject)})
    if len(named) > 1:
        message = f"{quoted(written)} names {' and '.join(named)}: which of them is meant is not known"
        yield Hit(message, (), f"{order.pointer}/drug", written)


def _of_one_dose(order: Order, subject: Subject) -> Iterator[str]:
    """Yield the drugs of a combination beside one dose in mass: which of them it is the dose of decides its limit."""
    dose = read_field(order.texts.get("dose", ""), Dose)
    if isinstance(dose, Dose) and dose.is_mass() and is_joined(order.drug):
        yield from dosed_drugs(order.drug, subject.knowledge)


def _approved_later(subject: Subject) -> Iterator[Hit]:
    approved = subject.order_set.texts.get("approved", "")
    readable = all(each.pointer != "/approved" for each in subject.order_set.defects)
    if approved and readable and subject.as_of is not None and approved > subject.as_of:
        message = f"approved on {quoted(approved)}, which is after {subject.as_of}, the date of the check"
        yield Hit(message, (), "/approved", approved, f"at most {subject.as_of}")


def _rule(
    code: str,
    name: str,
    severity: Severity,
    check: Callable[[Subject], Iterator[Hit]] | None,
    *,
    preview: bool = False,
    severities: tuple[Severity, ...] = (),
    **texts: str,
) -> Rule:
    """Return a rule; without a check it tells what the reader met."""
    check, of_defects = check or of_reader(code), check is None
    return declared(
        code,
        name,
        severity,
        check,
        "rescuecalc",
        of_defects=of_defects,
        severities=severities,
        of_set=False,
        preview=preview,
        **texts,
    )


RULES = (
    _rule(
        "RC101",
        "unreadable-file",
        Severity.ERROR,
        None,
        checks="Whether a file can be read as what its name says: it is there, within the bounds on size and nesting, "
        "UTF-8, well formed, without anchors, aliases and tags, and holds orders.",
        why="A file that cannot be read was not checked. A script sees this by exit 3.",
        fails="{drug: tirofiban",
        passes="{drug: tirofiban}",
        remedy="Correct the file at the place that the message names.",
        limits="--select and --ignore cannot hide it.",
    ),
    _rule(
        "RC102",
        "unreadable-part",
        Severity.ERROR,
        None,
        checks="Whether each line of JSON Lines and each row of a CSV can be read; the others are judged.",
        why="A line that cannot be read was not checked. A script sees this by exit 3.",
        fails="drug,dose\ntirofiban,800 mcg,IV",
        passes="drug,dose\ntirofiban,800 mcg",
        remedy="Correct the line that the message names; a cell with a comma needs quotes around it.",
        limits="--select and --ignore cannot hide it.",
    ),
    _rule(
        "RC103",
        "field-written-twice",
        Severity.ERROR,
        None,
        checks="Fields and headings that stand twice in the same order or order set.",
        why="One of two doses is judged here, and the next program may read the other.",
        fails="{drug: tirofiban, dose: 800 mcg, dose: 80 mcg}",
        passes="{drug: tirofiban, dose: 800 mcg}",
        remedy="Remove one of them.",
        limits="The last one is judged.",
    ),
    _rule(
        "RC104",
        "unknown-field",
        Severity.ERROR,
        None,
        checks="Fields and headings against those of the format.",
        why="A misspelt field is not judged, and a misspelt limit has no effect.",
        fails="{drug: tirofiban, pump_rte: 14.4 mL/h}",
        passes="{drug: tirofiban, pump_rate: 14.4 mL/h}",
        remedy="Write the name of the field; text for people belongs into `text`.",
        limits="The content of an unknown field is not judged. A note where no rule asks for it: the patient's age, "
        "sex, height or NIHSS, an order's priority, a set's author.",
        severities=(Severity.NOTE,),
    ),
    _rule(
        "RC105",
        "wrong-type",
        Severity.ERROR,
        None,
        checks="Whether each field holds a text, a list or a mapping as the format requires, and no text exceeds "
        "its bound.",
        why="A field of the wrong type was not judged.",
        fails="{drug: tirofiban, dose: [800 mcg]}",
        passes="{drug: tirofiban, dose: 800 mcg}",
        remedy="Write the field as the format requires.",
        limits="A JSON number is read as its text.",
    ),
    _rule(
        "RC106",
        "missing-field",
        Severity.ERROR,
        None,
        checks="Required fields: `order_set` and `orders` of a set, `drug` of an order. An empty entry of a list "
        "such as `orders`.",
        why="Without the drug no dose can be judged.",
        fails="{order_set: Rescue, orders: [{dose: 800 mcg}]}",
        passes="{order_set: Rescue, orders: [{drug: tirofiban, dose: 800 mcg}]}",
        remedy="Write the field.",
        limits="The RC7 rules report other missing fields.",
    ),
    _rule(
        "RC107",
        "unknown-word",
        Severity.ERROR,
        None,
        checks="`route`, `kind` and `weight_basis` against the words of the format.",
        why="No rule judges an unknown route.",
        fails="{drug: tirofiban, route: drip}",
        passes="{drug: tirofiban, route: IV}",
        remedy="Write one of the words that the message lists.",
        limits="Upper and lower case are equal in a route and a kind.",
    ),
    _rule(
        "RC108",
        "unknown-protocol",
        Severity.ERROR,
        _unknown_protocol,
        checks="The protocol that an order set names against those of the catalogue, and its drug against the GP "
        "IIb/IIIa inhibitors that are ordered.",
        why="The doses are compared with the protocol.",
        fails="{order_set: Rescue, protocol: yang-2020, orders: [{drug: tirofiban}]}",
        passes="{order_set: Rescue, protocol: yang-2020-iv, orders: [{drug: tirofiban}]}",
        remedy="Name one that `rescuecalc protocol list` shows, or remove the field.",
        limits="The orders are then compared with the published range of the drug.",
    ),
    _rule(
        "RC109",
        "unreadable-value",
        Severity.ERROR,
        None,
        checks="Whether times, dates, weight bands, conditions and the patient's values can be read.",
        why="A value that cannot be read was not judged.",
        fails="{drug: tirofiban, start: 20 h}",
        passes="{drug: tirofiban, start: +20 h}",
        remedy="Write it as the message shows.",
        limits="RC201 and RC202 judge the quantities of orders.",
    ),
    _rule(
        "RC110",
        "byte-order-mark",
        Severity.NOTE,
        None,
        checks="A byte order mark at the beginning of a file.",
        why="It belongs to no field, and other programs read it as a part of the first name.",
        fails="\ufeff{drug: tirofiban}",
        passes="{drug: tirofiban}",
        remedy="Save the file as UTF-8 without it.",
        limits="It is skipped; everything after it is judged.",
    ),
    _rule(
        "RC111",
        "id-used-twice",
        Severity.WARNING,
        _doubled_id,
        checks="Whether two orders of one set have the same `id`.",
        why="A reference to the id then refers to two orders.",
        fails="{order_set: Rescue, orders: [{id: a, drug: tirofiban}, {id: a, drug: aspirin}]}",
        passes="{order_set: Rescue, orders: [{id: a, drug: tirofiban}, {id: b, drug: aspirin}]}",
        remedy="Give each order its own id.",
        limits="Orders without an id are not compared.",
    ),
    _rule(
        "RC112",
        "misspelt-drug",
        Severity.ERROR,
        _misspelt_drug,
        checks="Names that are nearly that of a known drug, hold that of a drug whose doses are judged, or hold two.",
        why="No source states a dose for an unknown drug.",
        fails="{drug: tirofibam}",
        passes="{drug: tirofiban}",
        remedy="Write the name in full.",
        limits="Any other drug is judged by its arithmetic alone.",
    ),
    _rule(
        "RC113",
        "approved-in-the-future",
        Severity.WARNING,
        _approved_later,
        checks="The date of approval against the day of the check.",
        why="A set that is not approved yet must not be used; more often the year is mistyped.",
        fails="{order_set: Rescue, approved: 2999-03-01, orders: [{drug: tirofiban}]}",
        passes="{order_set: Rescue, approved: 2026-03-01, orders: [{drug: tirofiban}]}",
        remedy="Correct the date.",
        limits="The day of the check is today, unless --as-of names another.",
    ),
    _rule(
        "RC114",
        "number-of-a-database",
        Severity.NOTE,
        None,
        checks="Numbers of CSV, spreadsheets and FHIR with the noise of binary storage: 0.1700000048 for 0.17.",
        why="A silent correction would hide an export that damages numbers.",
        fails='{"resourceType": "MedicationRequest", "medicationCodeableConcept": {"text": "tirofiban"}, '
        '"dosageInstruction": [{"doseAndRate": [{"rateQuantity": {"value": 0.1500000059, '
        '"system": "http://unitsofmeasure.org", "code": "ug/kg/min"}}]}]}',
        passes='{"resourceType": "MedicationRequest", "medicationCodeableConcept": {"text": "tirofiban"}, '
        '"dosageInstruction": [{"doseAndRate": [{"rateQuantity": {"value": 0.15, '
        '"system": "http://unitsofmeasure.org", "code": "ug/kg/min"}}]}]}',
        remedy="Export the number as a decimal.",
        limits="Only if six digits (32 bits) or nine (64 bits) are the same number in binary.",
        since="0.2.0",
    ),
)
