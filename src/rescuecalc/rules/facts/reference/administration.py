"""How an order is meant to be given: as a bolus, a load or a maintenance infusion, where its row does not say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model.agreement import exact
from rescuecalc.core.quantities.quantity import Dose, DosePerKg, DoseRatePerKg, Duration, PumpRate, Volume
from rescuecalc.core.quantities.units import unit
from rescuecalc.core.regimen.product import ProductUse
from rescuecalc.core.regimen.protocol import PACKAGED
from rescuecalc.rules.facts.reference.product_label import label_of
from rescuecalc.rules.facts.reference.published_envelope import bolus_envelope, infusion_envelope, rescue_range

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.regimen.protocol import Protocol
    from rescuecalc.rules.base.knowledge import Subject


def as_meant(order: Order, subject: Subject) -> Order:
    """Return an order of a drug that is injected as what it can only be: a row stands alone, and may not say so."""
    if not subject.knowledge.has_published_range(order.drug):
        return order
    if order.given_as in {"", "dose"} and not order.route and _says_dose(order, subject):
        return order._replace(kind="bolus")  # it is injected, and what is said is no rate
    if order.kind in {"", "dose"} and _GIVEN.isdisjoint(order.fields) and "text" in order.texts:
        order = order._replace(kind=_kind_in_text(order) or order.kind)
    if order.given_as == "infusion" and order.route == "IA" and "dose" in order.fields:
        return order._replace(kind="bolus")  # into an artery every source gives a dose, however slowly
    if order.given_as == "bolus" and not order.kind and _is_container(order, subject):
        return order._replace(kind="infusion")  # what hangs there
    if order.given_as == "bolus" and _is_slow_load(order, subject):
        return order._replace(kind="infusion", load=True)
    return _as_load(order, subject) if order.given_as == "infusion" and not order.load else order


_GIVEN: Final = frozenset({"dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate", "volume", "pump_rate", "vtbi"})


def _kind_in_text(order: Order) -> str:
    """Return the kind of an order whose text alone says how it is given: by the first of its doses."""
    fields = (each.field for each in order.numbers_in_text() if each.given)
    return next((_KIND_OF[each] for each in fields if each in _KIND_OF), "")


_KIND_OF: Final = {
    **dict.fromkeys(("dose_per_kg", "dose"), "bolus"),
    **dict.fromkeys(("dose_rate_per_kg", "dose_rate", "pump_rate"), "infusion"),
}


def _is_container(order: Order, subject: Subject) -> bool:
    """Whether the dose of an order is what a product for infusion holds."""
    dose = order.quantity("dose", Dose)
    own = (each for each in subject.knowledge.products_of(order.drug) if ProductUse.INFUSION in each.serves)
    return dose is not None and dose.is_mass() and any(exact(dose).agrees(exact(each.amount)) for each in own)


def _is_slow_load(order: Order, subject: Subject) -> bool:
    """Whether a bolus is given as slowly as a load runs, and the protocol, or without one no bolus, is of its dose."""
    over, envelope = order.quantity("give_over", Duration), infusion_envelope(order.drug, subject.knowledge)
    longest = envelope.longest_load if envelope is not None else None
    if over is None or longest is None or not over.equals(longest):
        return False
    if subject.protocol is not None and subject.protocol.drug == order.drug:
        return not subject.protocol.boluses
    per_kg, held = order.quantity("dose_per_kg", DosePerKg), bolus_envelope(order.drug, order.route, subject.knowledge)
    rescue = rescue_range(order.drug, "dose_per_kg", subject.knowledge)
    own = per_kg is not None and rescue is not None and rescue.span.holds(per_kg)
    return not own and (per_kg is not None or not held.doses_per_kg)


def _says_dose(order: Order, subject: Subject) -> bool:
    """Whether an order says a dose, which may be what its product holds: of that nothing is said to be given."""
    dose, label = order.quantity("dose", Dose), label_of(order, subject)
    whole = dose is not None and label is not None and exact(dose).agrees(exact(label.amount))
    return (dose is not None and not whole) or "dose_per_kg" in order.fields


def _as_load(order: Order, subject: Subject) -> Order:
    """Return an infusion as a load where some source gives its rate as one, and for no longer.

    One of which no rate is said is a load where no maintenance is as short.
    """
    rate, run_time = order.quantity("dose_rate_per_kg", DoseRatePerKg), order.lasts
    envelope = infusion_envelope(order.drug, subject.knowledge)
    run_time = run_time or volume_time(order, "vtbi", "volume")
    if run_time is None or envelope is None:
        return order
    if rate is None:
        is_load = envelope.longest_load is not None and not run_time.exceeds(envelope.longest_load)
        return order._replace(load=is_load)
    if rate.unit.parts[0].dimension != "drug_mass":
        return order
    is_load = not envelope.maintenance.holds(rate) and envelope.holds(rate, run_time)
    return order._replace(load=True) if is_load else order


def volume_time(order: Order, *fields: str) -> Duration | None:
    """Return how long a pump takes for the first volume of these fields; None without one, or without a pump rate."""
    volume = next((each for name in fields if (each := order.quantity(name, Volume)) is not None), None)
    rate = order.quantity("pump_rate", PumpRate)
    if volume is None or rate is None or not rate.magnitude:
        return None
    return Duration(volume.value_in("mL") / rate.value_in("mL/h"), unit("h"))


def only_protocol(order: Order, subject: Subject) -> Protocol | None:
    """Return the protocol of a drug that has no more than one: the source of an order that names none."""
    if order.drug not in subject.knowledge.drugs:
        return None
    known = subject.knowledge.once(
        ("protocols", order.drug),
        lambda: [each for each in subject.knowledge.protocols() if (each.drug, each.origin) == (order.drug, PACKAGED)],
    )
    return known[0] if len(known) == 1 else None
