"""The most that the sources state of what an order gives: a cap, or a label's row in place of the formula."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from rescuecalc.core.orders.model.agreement import exact
from rescuecalc.core.regimen.protocol import PACKAGED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.model.agreement import RoundedNumber
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.core.regimen.protocol import Cap, Protocol
    from rescuecalc.rules.base.knowledge import Subject


class Most(NamedTuple):
    """The most that the sources state of an amount, or amount per time, as it is written and in their words."""

    amount: RoundedNumber
    written: str
    words: str
    sources: tuple[Source, ...]
    capped: bool


def has_cap(drug: str, subject: Subject) -> bool:
    """Whether a source of the drug states a cap, looked for once; of the others the dose per kg is the measure."""
    return drug in subject.knowledge.drugs and subject.knowledge.once(
        ("capped", drug),
        lambda: any(
            any(step.cap for step in each.boluses) or any(step.cap for step in each.infusions)
            for each in subject.knowledge.protocols()
            if each.drug == drug and each.origin == PACKAGED
        ),
    )


def most_stated(order: Order, subject: Subject) -> Most | None:
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
    # A source without a cap allows what its dose per kg comes to: a bound over the others alone would call it wrong.
    if len(known) < len(bounds) or not any(each.capped for each in known):
        return None  # of a drug without a cap, its dose per kg is the measure
    return max(known, key=lambda each: each.amount.value)


def _bounds(order: Order, protocol: Protocol, subject: Subject) -> Iterator[Most | None]:
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
            yield Most(exact(amount), str(amount), cap.words, protocol.sources, capped=True)
        elif weight is None or per_kg is None:
            yield None
        else:
            most = exact(per_kg).times(exact(weight))
            yield Most(most, f"{per_kg} × {weight}", f"{per_kg} at {weight}", protocol.sources, capped=False)


def _share(order: Order, per_kg: Quantity, protocol: Protocol, subject: Subject) -> Fraction:
    """Return what the protocol's renal rule leaves of its dose in this order: 1 where it gives the full one."""
    ordered = order.fields.get("dose_rate_per_kg" if order.given_as == "infusion" else "dose_per_kg")
    for band in subject.knowledge.bands(protocol):
        share = band.factor(order.given_as)
        if ordered is not None and exact(ordered).agrees(exact(per_kg.times(share))):
            return share
    return Fraction(1)
