"""RC4: weights that no usual patient has: the patient's, and those of a row, a condition or a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.quantities.quantity import DosingWeight
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.reference.label_rows import labels_rows
from rescuecalc.rules.facts.reference.stroke_set import purpose_of
from rescuecalc.rules.facts.text.child_in_text import child_said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject


def _unusual_weight(subject: Subject) -> Iterator[Hit]:
    limits, weight = subject.knowledge.limits, subject.order_set.weight
    is_usual = weight is None or limits.usual_weight.holds(weight)
    if weight is not None and not is_usual and _depends_on_weight(subject) and not _is_of_child(subject):
        message = f"the dosing weight {weight} is outside of {limits.usual_weight}: check it, and its unit"
        # There are patients of 36 kg: asked about. Nobody weighs 800, and nobody of 8 kg is given an inhibitor: errors.
        inhibitor = bool(subject.order_set.clearances) or any(  # a clearance is calculated of adults
            order.drug in subject.knowledge.drugs or _is_per_kg(order, subject) for order in subject.order_set.orders
        )
        possible = limits.row_weight if inhibitor else limits.weight
        impossible = None if possible.holds(weight) else Severity.ERROR
        ends = (str(limits.usual_weight.low), str(limits.usual_weight.high))
        yield Hit(message, (limits.source,), "/dosing_weight", str(weight), severity=impossible, expected_range=ends)
    for order in subject.written:
        yield from _unusual_row(order, subject)
        for each in order.numbers_in_text():
            quantity = each.quantity
            is_patient = each.given and not each.doubtful
            if is_patient and isinstance(quantity, DosingWeight) and not limits.weight.holds(quantity):
                message = f"the text says a weight of {each.text}, which no patient has: check number and unit"
                yield Hit(message, (limits.source,), f"{order.pointer}/text", each.text, severity=Severity.ERROR)


def _is_of_child(subject: Subject) -> bool:
    """Whether a set says that it is for a child, who weighs less: of the drugs that need an adult RC407 reports it."""
    made, limits = subject.order_set, subject.knowledge.limits
    if made.weight is None or made.weight.exceeds(limits.usual_weight.low) or not limits.weight.holds(made.weight):
        return False
    return child_said(subject) is not None


def _unusual_row(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the weights of a row or a condition which no usual patient has; of other drugs a child may have them."""
    from rescuecalc.core.orders.condition_interval import Interval, covered  # noqa: PLC0415  # of what was written in a file alone

    condition = next((each for each in order.when if each.name == "weight"), None)
    if condition is not None:
        name, text, weights = "when/weight", condition.text, covered(condition, "kg")
    elif order.weight_band is not None:
        low, high = (each.value_in("kg") for each in order.weight_band)
        name, text, weights = "weight", order.texts["weight"], Interval(low, high=high, with_high=True)
    else:
        return
    limits = subject.knowledge.limits
    usual, possible = (
        Interval(each.low.value_in("kg"), high=each.high.value_in("kg"), with_high=True)
        for each in (limits.usual_weight, limits.row_weight)
    )
    is_light = weights.high is not None and weights.high <= usual.low
    if not weights.meet(usual).is_empty or (is_light and order.drug not in subject.knowledge.drugs):
        return
    impossible = weights.meet(possible).is_empty
    if not impossible and any(
        not weights.meet(Interval(row.low.value_in("kg"), high=row.high.value_in("kg"))).is_empty
        for row in labels_rows(order.drug, subject.knowledge.protocols())
    ):
        return
    message = f"the order is for {text}, and no weight of {limits.usual_weight} is: check number and unit"
    severity = Severity.ERROR if impossible else None
    yield Hit(message, (limits.source,), f"{order.pointer}/{name}", text, severity=severity)


def _row_of_another(subject: Subject) -> Iterator[Hit]:
    """Yield the rows of one weight that is not the patient's: they are judged at their own."""
    weight = subject.order_set.weight
    for order in subject.written if weight is not None else ():
        band = order.weight_band
        if weight is None or band is None or not band.low.equals(band.high) or band.low.equals(weight):
            continue
        text = order.texts.get("weight", str(band.low))
        message = f"the row is for {text}, and the patient weighs {weight}: it was judged at {band.low}"
        yield Hit(message, (), f"{order.pointer}/weight", text)


def _depends_on_weight(subject: Subject) -> bool:
    """Whether a dose is counted by the weight, or a clearance; a fixed dose is the same for every patient."""
    given = [order for order in subject.order_set.orders if order.given_as in {"bolus", "infusion"}]
    if subject.order_set.clearances or any(_is_per_kg(order, subject) for order in subject.order_set.orders):
        return True
    fixed = [order for order in given if order.given_as == "bolus" and "dose" in order.fields]
    return not given or any("dose_per_kg" in order.fields for order in fixed) or len(fixed) < len(given)


def _is_per_kg(order: Order, subject: Subject) -> bool:
    """Whether the dose of a drug depends on the weight however it is written, as far as doses of it are held."""
    of_lysis = subject.knowledge.is_thrombolytic(order.drug)
    return of_lysis and not purpose_of(subject).is_another


RULES = (
    declared(
        "RC406",
        "unusual-weight",
        Severity.WARNING,
        _unusual_weight,
        "rescuecalc",
        checks="The dosing weight, and the weights of a row or condition, against {limits.usual_weight}; an error "
        "beyond {limits.weight}, for a row or condition, or beside an inhibitor, outside {limits.row_weight}. The "
        "patient's weight only if a dose or a clearance depends on it.",
        severities=(Severity.ERROR,),
        why="A weight in pounds, or of another patient, changes every dose; check a real one twice.",
        fails="dose yang-2020-iv --weight 176kg --run-time 24h",
        passes="dose yang-2020-iv --weight 80kg --run-time 24h",
        remedy="Weigh again, or confirm the unit.",
        limits="`dose` refuses weights outside {limits.weight} before any rule. If the name of a set says that it is "
        "for a child, a light patient is not reported here; RC407 reports the drugs that no source gives a child.",
        yields_to="RC301 RC308",
    ),
    declared(
        "RC436",
        "row-for-another-weight",
        Severity.WARNING,
        _row_of_another,
        "rescuecalc",
        checks="The single weight of a row or an order against the patient's, from its field or from --patient-weight.",
        why="If a patient has two weights, one is wrong; the doses are judged at the weight of the row.",
        fails="{order_set: Example, patient: {weight: 70 kg}, orders: [{drug: tirofiban, route: IV, kind: bolus, "
        "dose_per_kg: 10 mcg/kg, dose: 800 mcg, weight: 80 kg}]}",
        passes="{order_set: Example, patient: {weight: 80 kg}, orders: [{drug: tirofiban, route: IV, kind: bolus, "
        "dose_per_kg: 10 mcg/kg, dose: 800 mcg, weight: 80 kg}]}",
        remedy="Find out which weight is meant.",
        limits="Bands of weights are rows of a table, one of which is the patient's.",
        since="0.2.0",
    ),
)
