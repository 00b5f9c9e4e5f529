"""RC3: what an order says in words against what its fields say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.agreement import Reading, exact, in_unit_of, written
from rescuecalc.core.finding import Severity
from rescuecalc.core.notation import plain, significant
from rescuecalc.core.said import said
from rescuecalc.rules.chain import CHAINS, Chain, label_of, value
from rescuecalc.rules.rule import Hit, Rule
from rescuecalc.rules.slip_names import slip_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.order import Order
    from rescuecalc.core.said import Said
    from rescuecalc.rules.knowledge import Subject

_DIGITS: Final = 6
_MAY_BE: Final = {"dose": ("dose", "max_dose"), "dose_rate": ("dose_rate", "max_dose_rate")}


def _allowed(said: Said, order: Order, made: Chain, subject: Subject) -> list[Reading]:
    """Return what the text may say: the fields of that kind, as written or as they follow, and a label's amount."""
    names = _MAY_BE.get(said.field, (said.field,))
    if said.field in {"give_over", "run_time"}:
        names = ("give_over", "run_time")
    found = [reading for name in names for reading in (value(name, made),) if reading is not None]
    label = label_of(order, subject)
    if label is not None and said.field == "dose":
        found.append(exact(label.amount))
    if made.label is not None and said.field == "concentration":
        found.append(made.label)
    return found


def _contradicts(subject: Subject) -> Iterator[Hit]:
    limits = subject.knowledge.limits
    for order, made, _ in CHAINS.of(subject):
        for each in said(order.texts.get("text", "")) if order.said is None else order.said:
            reading = written(each.quantity, limits)
            # A label's own text names amounts that are no dose; a field that is not there says nothing.
            allowed = [other for other in _allowed(each, order, made, subject) if other.drug == reading.drug]
            if each.field in made.readings and not any(_agree(reading, other, made) for other in allowed):
                yield _hit(order, each, reading, made.readings[each.field], subject)


def _agree(reading: Reading, other: Reading, made: Chain) -> bool:
    return reading.agrees(other) or any(reading.agrees(other, share) for share in made.shares)


def _hit(order: Order, said: Said, reading: Reading, field: Reading, subject: Subject) -> Hit:
    named = slip_names(reading, field, order, subject)
    number = plain(significant(in_unit_of(field, said.quantity), _DIGITS))
    words = said.field.replace("_", " ")
    tail = f": {' or '.join(named)}" if named else ""
    found, expected = said.quantity.text or str(said.quantity), f"{number} {said.quantity.unit.name}"
    message = f"the text says {found}, and the {words} is {order.texts[said.field]}{tail}"
    factor = reading.value / field.value if field.value else None
    return Hit(message, (), f"{order.pointer}/text", found, expected, factor, named)


RULES = (
    Rule(
        code="RC308",
        name="text-contradicts-field",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=("rescuecalc",),
        checks="Doses, rates, concentrations and times in an order's text, also in words, against its fields.",
        why="The nurse reads the text, the pump gets the field.",
        fails="{drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, text: tirofiban 0.15 mcg/kg/hour}",
        passes="{drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, "
        "text: tirofiban 0.15 micrograms per kg per minute}",
        remedy="Correct the one that is wrong.",
        limits="Volumes are not held against the text, nor times without over, within or for before them.",
        check=_contradicts,
    ),
)
