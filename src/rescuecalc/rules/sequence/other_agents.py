"""RC66x: combinations with aspirin, look-alike names and second agents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.quantities.quantity import (
    Concentration,
    Dose,
    DosePerKg,
    DoseRate,
    DoseRatePerKg,
)
from rescuecalc.rules.base.rule import Hit, declared, example_set
from rescuecalc.rules.facts.agents import inhibitors, of_class, told
from rescuecalc.rules.facts.concurrent_orders import both_given
from rescuecalc.rules.facts.reference.product_label import concentration_of, label_of
from rescuecalc.rules.facts.text.order_text import with_text
from rescuecalc.rules.sequence.bridge import runs_beside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from rescuecalc.core.orders.agent_facts import LookAlike
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.rules.base.knowledge import Subject


def _twice(subject: Subject) -> Iterator[Hit]:
    orders = subject.order_set.orders
    if all(order.drug in subject.knowledge.drugs for order in orders):
        return
    for each in subject.knowledge.agent_facts().combinations:
        single = [order for order in orders if order.drug == each.drug]
        for order in (*orders, *told(subject)):
            named = order.drug in each.names or (order.drug != each.drug and each.drug in _holds(order))
            if named and any(both_given(order, one) for one in single):
                message = f"{order.drug} holds {each.drug}, and {each.drug} is also ordered: it is given twice"
                yield Hit(message, each.sources, order.pointer, order.drug)


_AND: Final = re.compile(r"[/+&,]|\band\b|\bwith\b", re.IGNORECASE)


def _holds(order: Order) -> frozenset[str]:
    """Return the drugs that the name of an order holds: `dipyridamole 200 mg + acetylsalicylic acid 25 mg`."""
    return frozenset(drug_name(part) for part in _AND.split(order.texts.get("drug", "")) if part.strip())


def _taken_for(subject: Subject) -> Iterator[Hit]:
    orders = subject.order_set.orders
    if all(order.drug in subject.knowledge.drugs for order in orders):
        return
    for each in subject.knowledge.agent_facts().look_alikes:
        for order in (order for order in orders if order.drug == each.drug):
            has = _of_the_other(order, each, subject)
            if has is not None:
                field, text = has
                message = (
                    f"{each.drug} with {field.replace('_', ' ')} {text}, which is {each.taken_for}'s: look-alike names"
                )
                yield Hit(message, each.sources, order.at(field), text)


def _of_the_other(order: Order, names: LookAlike, subject: Subject) -> tuple[str, str] | None:
    """Return the field of an order that is the other drug's: its product, its strength or a dose of it."""
    products = subject.knowledge.products_of(names.taken_for)
    for field in ("product", "text"):
        stated = order.texts.get(field, "")
        if any(name in stated.lower() for name in (names.taken_for, *names.brands)):
            return field, stated
    product = order.texts.get("product")
    if product is not None and any(product in {each.id, each.strength} for each in products):
        return "product", product
    label = label_of(order, subject)
    if label is not None and any(concentration_of(label).equals(each.concentration) for each in products):
        return "product", product or ""
    completed = with_text(order)
    strength = completed.quantity("concentration", Concentration)
    if strength is not None and any(strength.equals(each.concentration) for each in products):
        return order.said_in("concentration"), str(strength)
    return _dose_of_the_other(completed, order, names, subject)


_DOSES: Final = (
    ("dose_rate_per_kg", DoseRatePerKg, "mcg/kg/min", False),
    ("dose_per_kg", DosePerKg, "mcg/kg", False),
    ("dose_rate", DoseRate, "mcg/min", True),
    ("dose", Dose, "mcg", True),
)
"""The fields that say how much is given, with the unit that they are compared in, and whether for one weight."""


def _dose_of_the_other(completed: Order, order: Order, names: LookAlike, subject: Subject) -> tuple[str, str] | None:
    """Return the field whose dose is one that is stated of the other drug, per kg or at the patient's weight.

    The rate of a load is one only while a load lasts: so low a rate is also argatroban's own.
    """
    weight = subject.order_set.weight
    lasts = completed.lasts
    for field, role, in_unit, is_absolute in _DOSES:
        value = completed.quantity(field, role)
        if value is None or not value.is_mass() or (is_absolute and weight is None):
            continue
        per_kg = value.value_in(in_unit) / (weight.value_in("kg") if is_absolute and weight is not None else 1)
        kind, variable = ("infusion", "dose_rate_per_kg") if "rate" in field else ("bolus", "dose_per_kg")
        for one in subject.knowledge.published_ranges():
            if (one.drug, one.kind, one.variable) != (names.taken_for, kind, variable):
                continue
            if one.phase == "load" and (lasts is None or one.longest is None or lasts.exceeds(one.longest)):
                continue
            if kind == completed.given_as and any(per_kg == _in(point.value, kind) for point in one.points):
                return order.said_in(field), str(value)
    return None


def _in(value: Quantity, kind: str) -> Fraction:
    return value.value_in("mcg/kg/min" if kind == "infusion" else "mcg/kg")


def _second(subject: Subject) -> Iterator[Hit]:
    running = inhibitors(subject)
    for order in of_class(subject, DrugClass.SECOND_AGENT) if running else ():
        if runs_beside(order, subject):
            advice = subject.knowledge.bridging().forbidden[DrugClass.SECOND_AGENT]
            yield Hit(
                f"{order.drug} beside {running[0].drug}: {advice.words}", advice.sources, order.pointer, order.drug
            )


_DRIP: Final = "drug: tirofiban, route: IV, kind: infusion, start: +0 h, run_time: 24 h"
_ASPIRIN: Final = "drug: aspirin, route: PO, kind: dose, dose: 81 mg, frequency: daily"


RULES = (
    declared(
        "RC667",
        "aspirin-counted-twice",
        Severity.ERROR,
        _twice,
        "practice",
        checks="A combination that contains aspirin or clopidogrel beside an order of it, also if a text mentions "
        "the combination.",
        why="The name of the combination does not show it.",
        fails=example_set("drug: Aggrenox, route: PO, kind: dose, frequency: twice daily", _ASPIRIN),
        passes=example_set("drug: dipyridamole, route: PO, kind: dose, frequency: twice daily", _ASPIRIN),
        remedy="Remove one of the two.",
        limits="Combinations by the names of the catalogue, and by the drugs that a name joins.",
    ),
    declared(
        "RC668",
        "argatroban-as-tirofiban",
        Severity.WARNING,
        _taken_for,
        "practice",
        checks="Argatroban with a product, a concentration or a stated dose of tirofiban.",
        why="Argatroban and Aggrastat look and sound alike.",
        fails=example_set("drug: argatroban, route: IV, kind: infusion, product: 12.5 mg in 250 mL"),
        passes=example_set("drug: argatroban, route: IV, kind: infusion, dose_rate_per_kg: 2 mcg/kg/min"),
        remedy="Check which drug is meant.",
        limits="A dose counts if it is exactly one that a source states for tirofiban, per kg or at the patient's "
        "weight, in a field or in the text. RC221 covers tPA and TNK.",
    ),
    declared(
        "RC669",
        "second-agent-beside-infusion",
        Severity.WARNING,
        _second,
        "practice",
        checks="Ticlopidine, cilostazol, dipyridamole, vorapaxar or dextran beside a GP IIb/IIIa inhibitor.",
        why="Each adds to the bleeding.",
        fails=example_set(_DRIP, "drug: cilostazol, route: PO, kind: dose, dose: 100 mg, frequency: twice daily"),
        passes=example_set(_DRIP, "drug: paracetamol, route: PO, kind: dose, dose: 1 g, frequency: every 8 h"),
        remedy="Decide on it and document the reason.",
        limits="Drugs by name; doses are not judged.",
    ),
)
