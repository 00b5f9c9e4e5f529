"""RC4: doses that no source uses at all, and the slip that would make them of one that some source uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from rescuecalc.core.finding import Severity
from rescuecalc.core.limits import Span
from rescuecalc.core.notation import plain, significant
from rescuecalc.core.protocol import SITE, USER
from rescuecalc.core.quantity import Dose, DosePerKg, DoseRatePerKg
from rescuecalc.rules.envelope import bolus_envelope, infusion_envelope
from rescuecalc.rules.rule import Hit, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.order import Order
    from rescuecalc.core.protocol import Protocol
    from rescuecalc.core.quantity import DosingWeight, Quantity
    from rescuecalc.rules.envelope import BolusEnvelope, InfusionEnvelope
    from rescuecalc.rules.knowledge import Subject

Q = TypeVar("Q", bound="Quantity")

_DIGITS: Final = 6


def _own(subject: Subject, kind: str) -> Iterator[Order]:
    """Yield the orders of a regimen that names no protocol, and written ones of which the protocol states none."""
    protocol = subject.protocol
    free = protocol is None or protocol.origin == USER
    for order in subject.order_set.orders:
        if order.given_as == kind and (free or (order.texts and protocol is not None and not states(protocol, order))):
            yield order


def states(protocol: Protocol, order: Order) -> bool:
    """Whether a protocol states a bolus by the order's route, or an infusion; of what is neither nothing is asked."""
    if order.given_as == "bolus":
        return any(order.route in {"", each.route} for each in protocol.boluses)
    return bool(protocol.infusions) or order.given_as != "infusion"


def stated(subject: Subject, order: Order) -> Order:
    """Return the order with the dose that a hospital's file states: its own renal rule is no slip."""
    protocol = subject.protocol
    if protocol is None or protocol.origin != SITE or protocol.renal is None:
        return order
    fields = dict(order.fields)
    if order.given_as == "infusion":
        fields["dose_rate_per_kg"] = protocol.infusions[order.place].dose_rate_per_kg
    else:
        stated = protocol.boluses[order.place].dose_per_kg
        fields |= {"dose_per_kg": stated} if stated is not None else {}
    return order._replace(fields=fields)


def _rates_beyond(subject: Subject, orders: Iterable[Order]) -> Iterator[Hit]:
    for order in orders:
        # Only here: the envelope reads every protocol, and most orders name a packaged one.
        envelope = infusion_envelope(order.drug, subject.knowledge)
        if envelope is None:
            continue
        rate = order.quantity("dose_rate_per_kg", DoseRatePerKg)
        if rate is None:
            yield from _not_per_kg(order, envelope, envelope.spans(order.lasts, load=order.load), subject)
        elif not any(
            envelope.holds(each, order.lasts, load=order.load) for each in (rate, *_full(rate, order, subject))
        ):
            yield _hit(order, "dose_rate_per_kg", f"the infusion of {rate}", envelope, subject)


def _boluses_beyond(subject: Subject, orders: Iterable[Order]) -> Iterator[Hit]:
    for order in orders:
        if order.drug not in subject.knowledge.drugs:
            continue  # of other drugs no range is known
        envelope = bolus_envelope(order.drug, order.route, subject.knowledge)
        per_kg, fixed = order.quantity("dose_per_kg", DosePerKg), order.quantity("dose", Dose)
        dose = per_kg or fixed
        if dose is None:
            yield from _not_per_kg(order, envelope, (envelope.per_kg,), subject)
        elif not any(
            envelope.holds(each, _weights(order, subject)) for each in (dose, *_full(dose, order, subject))
        ) and not (per_kg is None and _rounds_into(order, envelope, subject)):
            field = "dose_per_kg" if per_kg is not None else "dose"
            yield _hit(order, field, f"the {by_route(order)}bolus of {dose}", envelope, subject)


def _rounds_into(order: Order, envelope: BolusEnvelope, subject: Subject) -> bool:
    """Whether a dose that was written is, as far as it is written, so much per kg, or its own cap."""
    if not order.texts or envelope.per_kg is None:
        return False
    from rescuecalc.rules.per_kg import given, is_stated, within  # noqa: PLC0415  # of a file's orders alone

    found = given(order, subject)
    if found is None or found.per_kg is None or within(found.per_kg, envelope.per_kg):
        return found is not None and found.per_kg is not None
    own = (each for each in subject.knowledge.protocols() if each.drug == order.drug)
    by_route = [each for each in own if any(order.route in {"", step.route} for step in each.boluses)]
    return is_stated(found, order, by_route, subject)


def _weights(order: Order, subject: Subject) -> Span[DosingWeight]:
    """Return the weights that an order may be for: its row's, the patient's, else every usual one."""
    weight = subject.order_set.weight
    if order.weight_band is not None:
        return order.weight_band
    return Span(weight, weight) if weight is not None else subject.knowledge.limits.usual_weight


def _full(dose: Q, order: Order, subject: Subject) -> Iterator[Q]:
    """Yield the doses of which a written one is what a label's renal rule leaves."""
    if order.texts:
        from rescuecalc.rules.renal_share import renal_shares  # noqa: PLC0415  # of a file's orders alone

        yield from (dose.times(1 / share) for share in renal_shares(order, subject))


def by_route(order: Order) -> str:
    """Return the route of a bolus with a space behind it, for a message; empty where none is said."""
    return f"{order.route} " if order.route and order.given_as == "bolus" else ""


def _not_per_kg(
    order: Order,
    envelope: InfusionEnvelope | BolusEnvelope,
    spans: Iterable[Span[DoseRatePerKg] | Span[DosePerKg] | None],
    subject: Subject,
) -> Iterator[Hit]:
    """Yield the hit of what was written without its dose per kg: a wrong pump rate may stand alone."""
    if not order.texts:
        return
    from rescuecalc.rules.per_kg import given, is_stated, within  # noqa: PLC0415  # of a file's orders alone

    found = given(order, subject)
    if found is None or found.per_kg is None or any(within(found.per_kg, span) for span in spans if span is not None):
        return
    protocols = [each for each in subject.knowledge.protocols() if each.drug == order.drug]
    if not is_stated(found, order, protocols, subject):
        yield _hit(order, found.field, found.words(order, subject), envelope, subject)


def _hit(order: Order, field: str, words: str, envelope: InfusionEnvelope | BolusEnvelope, subject: Subject) -> Hit:
    """Return the hit, with the slip that would make the dose of one that some source states."""
    from rescuecalc.core.agreement import in_unit_of  # noqa: PLC0415  # of a dose that no source uses
    from rescuecalc.rules.per_kg import slipped  # noqa: PLC0415

    quantity, pointer = order.fields[field], order.at(field)
    found = quantity.text or str(quantity)
    sources = envelope.sources or subject.knowledge.drugs[order.drug].sources
    message = f"{words} is outside of every {by_route(order)}{order.drug} regimen that rescuecalc holds: {envelope}"
    slip = slipped(order, envelope.doses_per_kg, envelope.doses, subject)
    if slip is None:
        return Hit(message, sources, pointer, found, str(envelope))
    expected = f"{plain(significant(in_unit_of(slip.expected, quantity), _DIGITS))} {quantity.unit.name}"
    message += f"; it would be {slip.stated} but for a slip: {' or '.join(slip.names)}"
    return Hit(message, sources, pointer, found, expected, slip.factor, slip.names)


def _rate_beyond_sources(subject: Subject) -> Iterator[Hit]:
    yield from _rates_beyond(subject, _own(subject, "infusion"))


def _bolus_beyond_sources(subject: Subject) -> Iterator[Hit]:
    yield from _boluses_beyond(subject, _own(subject, "bolus"))


def _site_beyond_sources(subject: Subject) -> Iterator[Hit]:
    if subject.protocol is not None and subject.protocol.origin == SITE:
        orders = [stated(subject, order) for order in subject.order_set.orders]
        yield from _rates_beyond(subject, (order for order in orders if order.given_as == "infusion"))
        yield from _boluses_beyond(subject, (order for order in orders if order.given_as == "bolus"))


_REGIMEN: Final = "--route iv --infusion 0.1mcg/kg/min --run-time 24h --weight 80kg"

RULES = (
    Rule(
        code="RC402",
        name="dose-rate-outside-every-source",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=("khachatryan-2023", "us-label", "eu-label", "trend-2024", "instant-2024"),
        checks="The dose rate per kg of a regimen that names no protocol, against all regimens of the drug; a load's "
        "rate only for as long as a load runs. In a file also what a dose rate, a pump rate, or a dose or VTBI in its "
        "run time comes to at the weight (where none is known at any of 40 to 150 kg).",
        why="A rate that no source uses is a slip until shown otherwise: "
        "60 times too high is per hour read as per minute.",
        fails=f"dose --bolus 10mcg/kg {_REGIMEN.replace('0.1mcg', '6mcg')}",
        passes=f"dose --bolus 10mcg/kg {_REGIMEN}",
        remedy="Check the unit of time and the decimal point.",
        limits="A named protocol is its own measure and is not judged here; a hospital's file is, by RC418. A dose or "
        "VTBI that is a whole container is not taken for what is given.",
        check=_rate_beyond_sources,
    ),
    Rule(
        code="RC404",
        name="bolus-outside-every-source",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=("khachatryan-2023", "us-label", "eu-label"),
        checks="The bolus of a regimen that names no protocol, per kg or fixed, against all regimens of the drug by "
        "the same route; a fixed dose, where no source fixes such a one, divided by the weight (of a row its band, "
        "where none is known any of 40 to 150 kg). In a file also what a volume of a concentration comes to.",
        why="A bolus that no source uses is a slip until shown otherwise.",
        fails=f"dose --bolus 100mcg/kg {_REGIMEN}",
        passes=f"dose --bolus 10mcg/kg {_REGIMEN}",
        remedy="Check the unit, the decimal point and the drug: eptifibatide's bolus is 135 to 180 mcg/kg.",
        limits="The lowest and highest published dose bound one range; what lies between may be no source's own dose.",
        check=_bolus_beyond_sources,
    ),
    Rule(
        code="RC418",
        name="site-dose-outside-every-source",
        severity=Severity.WARNING,
        since="0.1.0",
        sources=("khachatryan-2023", "us-label", "eu-label", "trend-2024", "instant-2024"),
        checks="The bolus and the dose rates of a hospital's own file against all published regimens of the drug.",
        why="A hospital may differ on purpose; a slip of 60 in its file would reach every patient.",
        fails="dose --protocol-file docs/examples/outside.toml --weight 80kg --run-time 24h",
        passes="dose --protocol-file docs/examples/our-hospital.toml --weight 80kg --run-time 24h",
        remedy="Check the file against its source.",
        limits="The published range is that of RC402 and RC404.",
        check=_site_beyond_sources,
    ),
)
