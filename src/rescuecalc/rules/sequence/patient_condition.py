"""RC647: a condition of the patient that the label of an ordered inhibitor names among those that forbid it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.finding import Severity
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.patient_in_text import said_conditions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.base.knowledge import Subject


def _contraindicated(subject: Subject) -> Iterator[Hit]:
    made = subject.order_set
    drugs = {order.drug for order in made.orders if order.drug in subject.knowledge.drugs}
    if not drugs or not (made.texts or any("text" in order.texts for order in made.orders)):
        return
    for each in subject.knowledge.patient_limits().conditions:
        for pointer, found in said_conditions(subject, each.names) if each.drug in drugs else ():
            yield Hit(f"{found!r}: {each.words}", each.sources, pointer, found, severity=each.severity)
            break


def _set(indication: str) -> str:
    order = "drug: eptifibatide, route: IV, kind: infusion"
    return f"{{order_set: Example, indication: {indication}, orders: [{{{order}}}]}}"


RULES = (
    declared(
        "RC647",
        "contraindicated-condition",
        Severity.ERROR,
        _contraindicated,
        "tirofiban-labels eu-label us-label eptifibatide-label abciximab-label cangrelor-label",
        severities=(Severity.WARNING,),
        checks="Active bleeding, a bleeding diathesis, severe hepatic insufficiency, severe hypertension, and major "
        "surgery or trauma in the name, the indication or a text, against the labels of the ordered drugs.",
        why="Their labels contraindicate them.",
        fails=_set("active bleeding"),
        passes=_set("acute coronary syndrome"),
        remedy="Do not start.",
        limits="Conditions by name; in a text only conditions that the patient has. The date of surgery is not read: a "
        "warning. RC655 covers an intracranial haemorrhage, RC650 to RC652 numbers.",
        since="0.2.0",
    ),
)
