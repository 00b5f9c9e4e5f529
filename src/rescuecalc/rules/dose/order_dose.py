"""RC4: what an order that was written asks for: a cap that is passed, a step that its protocol does not have."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.text.frequency import exactly_daily, is_as_needed
from rescuecalc.core.quantities.quantity import Dose, DoseRate
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.order_model.contradiction import ABOVE_OWN_CAP, hits_of
from rescuecalc.rules.facts.order_model.judged_order import judged_of
from rescuecalc.rules.facts.reference.dose_domain import by_route, states
from rescuecalc.rules.facts.reference.source_caps import has_cap, most_stated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

_DIGITS = 6
_DAY: Final = 24
_AS_NEEDED: Final = "needed"

_AMOUNTS = {"infusion": ("dose_rate", "pump_rate"), "bolus": ("dose", "volume")}


def _above_cap(subject: Subject) -> Iterator[Hit]:
    for order in subject.written:
        if order.given_as not in _AMOUNTS or not has_cap(order.drug, subject):
            continue
        for field, amount in _amounts(order, subject):
            most = most_stated(order, subject)
            if most is None or amount.low <= most.amount.value:
                continue
            quantity = order.fields[field]
            found = quantity.text or str(quantity)
            message = f"the {field.replace('_', ' ')} {found} exceeds the stated maximum: {most.words}"
            yield Hit(message, most.sources, f"{order.pointer}/{field}", found, f"at most {most.written}")
            break
        else:
            yield from _without_cap(order, subject)


_PER_KG: Final = {
    "infusion": ("dose_rate_per_kg", of.DOSE_RATE_PER_KG, of.DOSE_RATE, "max_dose_rate"),
    "bolus": ("dose_per_kg", of.DOSE_PER_KG, of.DOSE, "max_dose"),
}


def _without_cap(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield a dose per kg, alone and without a cap, that comes to more than its source's: at the weight of a patient.

    Without a weight it is a note that a patient may be heavier than the one for whom it does.
    """
    field, per_kg, amount, cap = _PER_KG[order.given_as]
    judged = judged_of(order, subject) if field in order.fields else None
    if judged is None or not judged.agrees or _is_limited(order, cap, judged):
        return
    most, known = most_stated(order, subject), judged.solution.bounds
    weight, given = subject.order_set.weight, known.get(amount)
    usual = subject.knowledge.limits.usual_weight.high.value_in("kg")
    if most is None or not most.capped:
        return
    message = f"the {field.replace('_', ' ')} {order.fields[field]}"
    if weight is not None and given is not None and given.low > most.amount.value:
        message = f"{message} at {weight} is above the stated maximum, and no {cap} is stated: {most.words}"
        yield Hit(message, most.sources, order.at(field), str(order.fields[field]))
    elif weight is None and order.weight_band is None and known[per_kg].low * usual > most.amount.value:
        message = f"{message} has no {cap}: a heavy patient needs the stated maximum, {most.words}"
        yield Hit(message, most.sources, order.at(field), str(order.fields[field]), severity=Severity.NOTE)


def _is_limited(order: Order, cap: str, judged: SolvedOrder) -> bool:
    """Whether an order states a cap, in a field or in its text, an amount that is one, or for whom it is by weight."""
    is_capped = cap in order.texts or any(each.is_cap for each in order.numbers_in_text())
    is_amount = any(judged.system.has(each) for each in _AMOUNTS[order.given_as])
    return is_capped or is_amount or any(each.name == "weight" for each in order.when)


def _above_caps(subject: Subject) -> Iterator[Hit]:
    yield from hits_of(ABOVE_OWN_CAP)(subject)
    yield from _above_cap(subject)
    yield from _above_daily_cap(subject)


def _above_daily_cap(subject: Subject) -> Iterator[Hit]:
    """Yield the doses of a day that exceed the order's own most per time; as needed, it bounds how many they are."""
    for order in subject.written:
        dose, cap = order.quantity("dose", Dose), order.quantity("max_dose_rate", DoseRate)
        is_mass = dose is not None and cap is not None and dose.is_mass() and cap.is_mass()
        if dose is None or cap is None or not is_mass or order.given_as == "infusion":
            continue
        often = Fraction(1) if order.frequency is None else exactly_daily(order.frequency)
        is_needed = _AS_NEEDED in (order.frequency or "") or is_as_needed(order.texts.get("prn"))
        least = Fraction(1) if often is None or is_needed else often
        if dose.times(least).value_in("mg") > cap.value_in("mg/h") * _DAY:
            found = order.texts.get("max_dose_rate", str(cap))
            times = f" {order.frequency}" if order.frequency is not None and least == often else ""
            message = f"the dose {dose}{times} is more than the order's own most, {found}"
            yield Hit(message, (), order.at("max_dose_rate"), found)


def _amounts(order: Order, subject: Subject) -> Iterator[tuple[str, Bounds]]:
    """Yield the amounts of drug that an order's fields say in so many words: its dose, and what is set or drawn up."""
    judged = judged_of(order, subject)
    if judged is None or not judged.agrees:
        return  # what contradicts itself is said already
    name, volume = _AMOUNTS[order.given_as]
    known = judged.solution.bounds
    concentration = known.get(of.CONCENTRATION)
    if judged.system.has(name) and name in order.fields:
        yield name, known[name]
    if judged.system.has(volume) and volume in order.fields and concentration is not None:
        yield volume, known[volume].times(concentration)


def _not_of_protocol(subject: Subject) -> Iterator[Hit]:
    protocol = subject.protocol
    if protocol is None:
        return
    orders = [order for order in subject.written if order.drug == protocol.drug]
    stated = {order.choose_one for order in orders if states(protocol, order)}
    for order in orders:
        if states(protocol, order) or (order.choose_one is not None and order.choose_one in stated):
            continue
        message = f"{protocol.id} states no {by_route(order)}{order.given_as} of {order.drug}"
        yield Hit(message, protocol.sources, order.pointer, order.given_as)


RULES = (
    declared(
        "RC425",
        "dose-above-cap",
        Severity.ERROR,
        _above_caps,
        "eptifibatide-label abciximab-label",
        yields_to="RC301 RC303 RC402 RC404 RC418 RC419 RC420",
        follows="RC402 RC404 RC418 RC419 RC420 RC422 RC423 RC424",
        checks="The dose of an order against its own cap, and against that of the named protocol, else of every "
        "source.",
        of_set=True,
        why="Above a certain weight the source caps the dose; the formula alone gives a heavy patient too much.",
        fails="{order_set: Example, protocol: eptifibatide-label, patient: {weight: 150 kg}, orders: [{drug: "
        "eptifibatide, route: IV, kind: bolus, dose_per_kg: 180 mcg/kg, dose: 27 mg}]}",
        passes="{order_set: Example, protocol: eptifibatide-label, patient: {weight: 150 kg}, orders: [{drug: "
        "eptifibatide, route: IV, kind: bolus, dose_per_kg: 180 mcg/kg, dose: 22.6 mg}]}",
        remedy="Use the cap, and state it: `max_dose` or `max_dose_rate`.",
        severities=(Severity.NOTE,),
        limits="Not judged if a source of the drug has no cap; a dose per kg alone is a note if no weight is known.",
    ),
    declared(
        "RC426",
        "step-not-of-protocol",
        Severity.WARNING,
        _not_of_protocol,
        "khachatryan-2023",
        checks="Whether the protocol that an order set names states a bolus by that route, or an infusion.",
        why="The named protocol has no dose to compare this one with.",
        fails="{order_set: Example, protocol: yang-2020-iv, orders: [{drug: tirofiban, route: IA, kind: bolus, "
        "dose: 500 mcg, give_over: 5 min}]}",
        passes="{order_set: Example, protocol: kang-2018-ia, orders: [{drug: tirofiban, route: IA, kind: bolus, "
        "dose: 500 mcg, give_over: 5 min}]}",
        remedy="Name the protocol that states it, or remove the protocol.",
        limits="The dose is then compared with the published range of the drug (RC402, RC404). An alternative in a"
        " `choose_one` group is not reported if another one is the protocol's.",
    ),
)
