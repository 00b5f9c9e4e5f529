"""RC4: what an order that was written asks for: another drug's dose, a cap that is passed or never binds."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from rescuecalc.core.orders import mention as of
from rescuecalc.core.orders.agreement import Reading, exact, written
from rescuecalc.core.orders.finding import Severity
from rescuecalc.core.regimen.protocol import PACKAGED
from rescuecalc.rules.base.rule import Hit, Rule, declared
from rescuecalc.rules.facts.contradiction import ABOVE_OWN_CAP, hits_of
from rescuecalc.rules.facts.dose_domain import by_route, states
from rescuecalc.rules.facts.order_model import judged_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.core.regimen.protocol import Cap, Protocol
    from rescuecalc.rules.base.knowledge import Knowledge, Subject

_DIGITS = 6


class _Regimen(NamedTuple):
    """A dose that a protocol states, with the drug and the sources of it."""

    drug: str
    dose: Reading
    sources: tuple[Source, ...]


def _regimens(field: str, knowledge: Knowledge) -> tuple[_Regimen, ...]:
    """Return what sources state of a field for patients without a renal adjustment, worked out once."""
    return knowledge.once(
        ("stated", field),
        lambda: tuple(
            _Regimen(each.drug, exact(point.value), point.sources)
            for each in knowledge.published_ranges()
            if each.variable == field and knowledge.is_gp_inhibitor(each.drug)
            for point in each.points
            if point.clearances is None
        ),
    )


def _swapped(subject: Subject) -> Iterator[Hit]:
    for order in subject.written:
        if not subject.knowledge.is_gp_inhibitor(order.drug):
            continue
        for field in ("dose_per_kg", "dose_rate_per_kg"):
            quantity = order.fields.get(field)
            if quantity is not None:
                yield from _of_another(order, field, quantity, subject)


def _of_another(order: Order, field: str, quantity: Quantity, subject: Subject) -> Iterator[Hit]:
    reading = written(quantity, subject.knowledge.limits)
    regimens = _regimens(field, subject.knowledge)
    stated = [each for each in regimens if reading.agrees(each.dose)]
    if not stated or any(each.drug == order.drug for each in stated):
        return
    own = [each.dose.value for each in regimens if each.drug == order.drug]
    if own and min(own) <= reading.value <= max(own):
        return  # between the lowest and the highest that is stated of the drug itself
    drugs = " or ".join(sorted({each.drug for each in stated}))
    sources = tuple(dict.fromkeys(source for each in stated for source in each.sources))
    found = quantity.text or str(quantity)
    message = f"{found} is a {field.replace('_', ' ')} of {drugs}, and the drug of this order is {order.drug}"
    yield Hit(message, sources, f"{order.pointer}/{field}", found, drugs)


class _Most(NamedTuple):
    """The most that the sources state of an amount, or amount per time, as it is written and in their words."""

    amount: Reading
    written: str
    words: str
    sources: tuple[Source, ...]
    capped: bool


_AMOUNTS = {"infusion": ("dose_rate", "pump_rate"), "bolus": ("dose", "volume")}


def _above_cap(subject: Subject) -> Iterator[Hit]:
    for order in subject.written:
        if order.given_as not in _AMOUNTS or not _has_cap(order.drug, subject):
            continue
        for field, amount in _amounts(order, subject):
            most = _most(order, subject)
            if most is None or amount.low <= most.amount.value:
                continue
            quantity = order.fields[field]
            found = quantity.text or str(quantity)
            message = f"the {field.replace('_', ' ')} {found} is above the most that is stated: {most.words}"
            yield Hit(message, most.sources, f"{order.pointer}/{field}", found, f"at most {most.written}")
            break


def _above_caps(subject: Subject) -> Iterator[Hit]:
    yield from hits_of(ABOVE_OWN_CAP)(subject)
    yield from _above_cap(subject)


def _has_cap(drug: str, subject: Subject) -> bool:
    """Whether a source of the drug states a cap, looked for once; of the others the dose per kg is the measure."""
    return drug in subject.knowledge.drugs and subject.knowledge.once(
        ("capped", drug),
        lambda: any(
            any(step.cap for step in each.boluses) or any(step.cap for step in each.infusions)
            for each in subject.knowledge.protocols()
            if each.drug == drug and each.origin == PACKAGED
        ),
    )


def _amounts(order: Order, subject: Subject) -> Iterator[tuple[str, Bounds]]:
    """Yield the amounts of drug that an order gives in so many words: its dose, and what is set or drawn up."""
    judged = judged_of(order, subject)
    if judged is None or judged.found:
        return  # what contradicts itself is said already
    name, volume = _AMOUNTS[order.given_as]
    known = judged.solution.bounds
    concentration = known.get(of.CONCENTRATION)
    if judged.system.has(name):
        yield name, known[name]
    if judged.system.has(volume) and volume in order.fields and concentration is not None:
        yield volume, known[volume].times(concentration)


def _most(order: Order, subject: Subject) -> _Most | None:
    """Return the highest cap of the named protocol, else of all of the drug's; None where one has no bound."""
    named = subject.protocol is not None and subject.protocol.drug == order.drug
    packaged = (each for each in subject.knowledge.protocols() if each.origin == PACKAGED)
    protocols = (subject.protocol,) if named else packaged
    bounds = [
        bound
        for protocol in protocols
        if protocol is not None and protocol.drug == order.drug
        for bound in _bounds(order, protocol, subject)
    ]
    known = [each for each in bounds if each is not None]
    if len(known) < len(bounds) or not any(each.capped for each in known):
        return None  # of a drug without a cap, its dose per kg is the measure
    return max(known, key=lambda each: each.amount.value)


def _bounds(order: Order, protocol: Protocol, subject: Subject) -> Iterator[_Most | None]:
    """Yield what bounds each step of an order's kind: its cap, else what its dose per kg comes to at the weight."""
    weight = subject.order_set.weight
    steps: list[tuple[Cap[Any] | None, Quantity | None]]
    if order.given_as == "infusion":
        steps = [(each.cap, each.dose_rate_per_kg) for each in protocol.infusions]
    else:
        steps = [(each.cap, each.dose_per_kg) for each in protocol.boluses if order.route in {"", each.route}]
    for cap, per_kg in steps:
        if cap is not None and per_kg is not None:
            amount = cap.under(_share(order, per_kg, protocol, subject))
            yield _Most(exact(amount), str(amount), cap.words, protocol.sources, capped=True)
        elif weight is None or per_kg is None:
            yield None
        else:
            most = exact(per_kg).times(exact(weight))
            yield _Most(most, f"{per_kg} × {weight}", f"{per_kg} at {weight}", protocol.sources, capped=False)


def _share(order: Order, per_kg: Quantity, protocol: Protocol, subject: Subject) -> Fraction:
    """Return what the protocol's renal rule leaves of its dose in this order: 1 where it gives the full one."""
    said = order.fields.get("dose_rate_per_kg" if order.given_as == "infusion" else "dose_per_kg")
    for band in subject.knowledge.bands(protocol):
        share = band.factor(order.given_as)
        if said is not None and exact(said).agrees(exact(per_kg.times(share))):
            return share
    return Fraction(1)


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
    Rule(
        code="RC420",
        name="dose-of-another-drug",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=("tirofiban-labels", "eptifibatide-label", "abciximab-label"),
        checks="A dose or dose rate per kg that is stated of another GP IIb/IIIa inhibitor, and not of this one.",
        why="Tirofiban and eptifibatide lie side by side, and their doses are "
        "{published_ranges.tirofiban.bolus.IV.any.low:mcg/kg} or "
        "{published_ranges.tirofiban.bolus.IV.any.high:mcg/kg} against {published_ranges.eptifibatide.bolus.IV.high}.",
        fails="{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 180 mcg/kg}",
        passes="{drug: eptifibatide, route: IV, kind: bolus, dose_per_kg: 180 mcg/kg}",
        remedy="Find out which drug is meant.",
        limits="Only where the dose is one that a source states.",
        check=_swapped,
    ),
    declared(
        "RC425",
        "dose-above-cap",
        Severity.ERROR,
        _above_caps,
        "eptifibatide-label abciximab-label",
        checks="What an order gives against its own cap, and that of the protocol that it names, else of every source.",
        of_set=True,
        why="Above a weight the source leaves its formula; the formula alone gives a heavy patient too much.",
        fails="{order_set: Example, protocol: eptifibatide-label, patient: {weight: 150 kg}, orders: [{drug: "
        "eptifibatide, route: IV, kind: bolus, dose_per_kg: 180 mcg/kg, dose: 27 mg}]}",
        passes="{order_set: Example, protocol: eptifibatide-label, patient: {weight: 150 kg}, orders: [{drug: "
        "eptifibatide, route: IV, kind: bolus, dose_per_kg: 180 mcg/kg, dose: 22.6 mg}]}",
        remedy="Take the cap, and say it: `max_dose` or `max_dose_rate`.",
        limits="Where a source of the drug has neither cap nor weight to count with, nothing is said.",
    ),
    declared(
        "RC426",
        "step-not-of-protocol",
        Severity.WARNING,
        _not_of_protocol,
        "khachatryan-2023",
        checks="Whether the protocol that an order set names states a bolus by that route, or an infusion, at all.",
        why="What the named protocol does not give has no measure in it.",
        fails="{order_set: Example, protocol: yang-2020-iv, orders: [{drug: tirofiban, route: IA, kind: bolus, "
        "dose: 500 mcg, give_over: 5 min}]}",
        passes="{order_set: Example, protocol: kang-2018-ia, orders: [{drug: tirofiban, route: IA, kind: bolus, "
        "dose: 500 mcg, give_over: 5 min}]}",
        remedy="Name the protocol that it comes from, or leave the protocol out.",
        limits="The dose is then held against all regimens of the drug (RC402, RC404). An alternative of a "
        "`choose_one` group is left alone where another one is the protocol's.",
    ),
)
