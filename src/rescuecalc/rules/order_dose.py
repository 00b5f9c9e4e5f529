"""RC4: what an order that was written asks for: another drug's dose, a cap that never binds, an undiluted infusion."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.agreement import Reading, exact, in_unit_of, written
from rescuecalc.core.finding import Severity
from rescuecalc.core.notation import plain, significant
from rescuecalc.core.product import Given
from rescuecalc.core.quantity import Concentration, Dose, DosePerKg, DoseRate, DoseRatePerKg
from rescuecalc.rules.rule import Hit, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.order import Order
    from rescuecalc.core.protocol import Protocol
    from rescuecalc.core.quantity import Quantity
    from rescuecalc.core.source import Source
    from rescuecalc.rules.knowledge import Knowledge, Subject

_DIGITS = 6


def _written(subject: Subject) -> Iterator[Order]:
    return (order for order in subject.order_set.orders if order.texts)


class _Regimen(NamedTuple):
    """A dose that a protocol states, with the drug and the sources of it."""

    drug: str
    dose: Reading
    sources: tuple[Source, ...]


def _stated(protocol: Protocol, field: str) -> Iterator[Quantity]:
    if field == "dose_rate_per_kg":
        yield from (step.dose_rate_per_kg for step in protocol.infusions)
    else:
        yield from (step.dose_per_kg for step in protocol.boluses if step.dose_per_kg is not None)


def _regimens(field: str, knowledge: Knowledge) -> tuple[_Regimen, ...]:
    """Return what all protocols state of a field, worked out once."""
    key = ("stated", field)
    if key not in knowledge.derived:
        knowledge.derived[key] = tuple(
            _Regimen(each.drug, exact(dose), each.sources)
            for each in knowledge.protocols()
            for dose in _stated(each, field)
        )
    found: tuple[_Regimen, ...] = knowledge.derived[key]
    return found


def _swapped(subject: Subject) -> Iterator[Hit]:
    for order in _written(subject):
        if order.drug not in subject.knowledge.drugs:
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


_CAPPED = (
    ("max_dose", Dose, "dose_per_kg", DosePerKg),
    ("max_dose_rate", DoseRate, "dose_rate_per_kg", DoseRatePerKg),
)


def _never_binds(subject: Subject) -> Iterator[Hit]:
    heaviest = subject.knowledge.limits.usual_weight.high
    for order in _written(subject):
        for name, role, field, per_kg_role in _CAPPED:
            cap, per_kg = order.quantity(name, role), order.quantity(field, per_kg_role)
            most = exact(per_kg).times(exact(heaviest)) if per_kg is not None else None
            if cap is None or most is None or most.drug != exact(cap).drug or exact(cap).value <= most.value:
                continue
            number = plain(significant(in_unit_of(most, cap), _DIGITS))
            reached = f"{per_kg} × {heaviest} is {number} {cap.unit.name}"
            message = f"the cap of {cap} can never bind: {reached}, the most that a usual weight gives"
            limits = subject.knowledge.limits
            found = cap.text or str(cap)
            expected = f"at most {number} {cap.unit.name}"
            yield Hit(message, (limits.source,), f"{order.pointer}/{name}", found, expected)


def _undiluted(subject: Subject) -> Iterator[Hit]:
    for order in _written(subject):
        concentration = order.quantity("concentration", Concentration)
        if order.given_as != "infusion" or concentration is None:
            continue
        same = [
            each
            for each in subject.knowledge.products().values()
            if each.drug == order.drug and each.concentration.equals(concentration)
        ]
        if same and not any(Given.INFUSION in each.serves for each in same):
            names = ", ".join(each.id for each in same)
            message = f"an infusion of {concentration} is the undiluted {names}, which is never an infusion product"
            found = concentration.text or str(concentration)
            sources = tuple(source for each in same for source in each.sources)
            yield Hit(message, sources, f"{order.pointer}/concentration", found)


RULES = (
    Rule(
        code="RC420",
        name="dose-of-another-drug",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=("tirofiban-labels", "eptifibatide-label", "abciximab-label"),
        checks="A dose or dose rate per kg that is stated of another GP IIb/IIIa inhibitor, and not of this one.",
        why="Tirofiban and eptifibatide lie side by side, and their doses are 10 or 25 against 180 mcg/kg.",
        fails="{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 180 mcg/kg}",
        passes="{drug: eptifibatide, route: IV, kind: bolus, dose_per_kg: 180 mcg/kg}",
        remedy="Find out which drug is meant.",
        limits="Only where the dose is one that a source states.",
        check=_swapped,
    ),
    Rule(
        code="RC421",
        name="cap-that-never-binds",
        severity=Severity.WARNING,
        since="0.1.0",
        sources=("rescuecalc",),
        checks="A maximum dose or dose rate against what the dose per kg gives at 150 kg.",
        why="A cap above every dose looks like a safeguard and is none; often it is a slip of unit.",
        fails="{drug: eptifibatide, kind: infusion, dose_rate_per_kg: 2 mcg/kg/min, max_dose_rate: 150 mg/h}",
        passes="{drug: eptifibatide, kind: infusion, dose_rate_per_kg: 2 mcg/kg/min, max_dose_rate: 15 mg/h}",
        remedy="Check number and unit of the cap.",
        limits="The 150 kg are this software's own limit of a usual weight.",
        check=_never_binds,
    ),
    Rule(
        code="RC422",
        name="undiluted-infusion",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=("tirofiban-labels", "eu-label"),
        checks="The concentration of an infusion against products that are never infused as they are.",
        why="A vial or concentrate of 250 mcg/mL lies beside bags of 50 mcg/mL: the pump runs five times the dose.",
        fails="{drug: tirofiban, route: IV, kind: infusion, concentration: 250 mcg/mL}",
        passes="{drug: tirofiban, route: IV, kind: infusion, concentration: 50 mcg/mL}",
        remedy="Use a premixed bag, or dilute the concentrate first.",
        limits="Concentrations of the catalogue's products alone.",
        check=_undiluted,
    ),
)
