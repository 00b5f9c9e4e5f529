"""What an order gives per kilogram, also where it does not say so: out of its dose, or of what is set on the pump."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.agreement import exact, in_unit_of, reading
from rescuecalc.core.notation import plain, significant
from rescuecalc.core.quantity import DosePerKg, DoseRatePerKg
from rescuecalc.core.units import unit
from rescuecalc.rules.chain import chain_of
from rescuecalc.rules.slip_names import slip_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.core.agreement import Reading
    from rescuecalc.core.limits import Span
    from rescuecalc.core.order import Order
    from rescuecalc.core.protocol import Protocol
    from rescuecalc.core.quantity import Quantity
    from rescuecalc.rules.knowledge import Subject

_DIGITS: Final = 6


class _Names(NamedTuple):
    """The fields of one kind of order: per kg, as an amount of drug, and as a volume; and a unit of the first."""

    per_kg: str
    amount: str
    volume: str
    one: Quantity


_NAMES: Final = {
    "infusion": _Names("dose_rate_per_kg", "dose_rate", "pump_rate", DoseRatePerKg(Fraction(1), unit("mcg/kg/min"))),
    "bolus": _Names("dose_per_kg", "dose", "volume", DosePerKg(Fraction(1), unit("mcg/kg"))),
}


class Given(NamedTuple):
    """What an order gives: the ``field`` that says so, the ``amount`` of drug (per time), and that per kg.

    Either is None where it does not follow from what is written.
    """

    field: str
    amount: Reading | None
    per_kg: Reading | None

    def words(self, order: Order, subject: Subject) -> str:
        """Return what is given as a message begins: the field as it is written, and what it comes to."""
        quantity, weight = order.fields[self.field], order.weight_band or subject.order_set.weight
        said = f"the {self.field.replace('_', ' ')} {quantity.text or quantity}"
        if self.per_kg is None or self.field == _NAMES[order.given_as].per_kg:
            return said
        one = _NAMES[order.given_as].one
        number = plain(significant(in_unit_of(self.per_kg, one), _DIGITS))
        return f"{said}, at {weight} {number} {one.unit.name},"


def given(order: Order, subject: Subject) -> Given | None:
    """Return what a bolus or an infusion gives, by the first field that says so; None where none does."""
    names, made = _NAMES.get(order.given_as), chain_of(order, subject).readings
    if names is None:
        return None
    if names.per_kg in made:
        return Given(names.per_kg, None, made[names.per_kg])
    weight = made.get("weight")
    if names.amount in made:
        field, amount = names.amount, made[names.amount]
    else:
        volume = made.get(names.volume)
        concentration = made.get("concentration") or chain_of(order, subject).label
        if volume is None or concentration is None:
            return None
        field, amount = names.volume, volume.times(concentration)
    return Given(field, amount, amount.over(weight) if weight is not None else None)


def within(per_kg: Reading, span: Span[DoseRatePerKg] | Span[DosePerKg]) -> bool:
    """Whether a dose per kg, as far as it is written, may lie in a range; both ends belong to it."""
    low, high = exact(span.low), exact(span.high)
    return per_kg.agrees(reading(low.value, low.value, high.value, low.drug))


def is_stated(found: Given, order: Order, protocols: Iterable[Protocol], subject: Subject) -> bool:
    """Whether the protocols state what is given in another way than per kg: fixed, capped, or as a label's row."""
    return any(_is_fixed(found, order, each, subject) or _is_label_row(order, each, subject) for each in protocols)


def _is_fixed(found: Given, order: Order, protocol: Protocol, subject: Subject) -> bool:
    """Whether the amount is a fixed dose, one of a range, or a cap, below which a heavy patient's dose lies."""
    amount = found.amount
    if amount is None:
        return False
    if found.field == _NAMES[order.given_as].amount:
        amount = exact(order.fields[found.field])  # the source's own number, which nothing rounds
    ranges = [step.dose_range for step in protocol.boluses if step.dose_range is not None]
    fixed: list[Quantity] = [step.dose for step in protocol.boluses if step.dose is not None]
    steps = protocol.infusions if order.given_as == "infusion" else protocol.boluses
    fixed += [step.cap.under(share) for step in steps if step.cap for share in _shares(protocol, subject)]
    lows = ((exact(span.low), exact(span.high)) for span in ranges)
    return any(amount.agrees(exact(each)) for each in fixed) or any(
        amount.agrees(reading(low.value, low.value, high.value, low.drug)) for low, high in lows
    )


def _shares(protocol: Protocol, subject: Subject) -> set[Fraction]:
    """Return by what the protocol's own renal rule may multiply a dose of any kind."""
    return subject.knowledge.factors(protocol, "bolus") | subject.knowledge.factors(protocol, "infusion")


def _is_label_row(order: Order, protocol: Protocol, subject: Subject) -> bool:
    """Whether an order sets what a label's weight-band table has for the patient's weight."""
    weight = subject.order_set.weight
    row = protocol.label_band.row(weight) if protocol.label_band is not None and weight is not None else None
    if row is None:
        return False
    volume, rate = order.fields.get("volume"), order.fields.get("pump_rate")
    return (volume is not None and exact(volume).agrees(exact(row.bolus_volume))) or (
        rate is not None and any(exact(rate).agrees(exact(each)) for each in (row.pump_rate, row.halved_pump_rate))
    )


def as_set(dose: Reading, found: Given, order: Order, subject: Subject) -> Reading | None:
    """Return what a dose, per kg where that of the order is, comes to in the field that says what is given."""
    names, made = _NAMES[order.given_as], chain_of(order, subject)
    weight = made.readings.get("weight")
    if found.per_kg is not None and found.amount is not None and weight is not None:
        dose = dose.times(weight)
    if found.field != names.volume:
        return dose
    concentration = made.readings.get("concentration") or made.label
    return dose.over(concentration) if concentration is not None else None


class Slipped(NamedTuple):
    """The stated dose that a slip turns into the one given, what it comes to in the order's field, and the names."""

    stated: Quantity
    expected: Reading
    factor: Fraction
    names: tuple[str, ...]


def slipped(
    order: Order, doses_per_kg: Iterable[Quantity], doses: Iterable[Quantity], subject: Subject
) -> Slipped | None:
    """Return the first stated dose that a known slip turns into the one given; None where none does."""
    found = given(order, subject)
    if found is None:
        return None
    said = chain_of(order, subject).readings[found.field]
    fixed = found._replace(per_kg=None)
    pairs = [(found, each) for each in doses_per_kg if found.per_kg is not None] + [(fixed, each) for each in doses]
    for each, stated in pairs:
        expected = as_set(exact(stated), each, order, subject)
        names = slip_names(said, expected, order, subject) if expected is not None else ()
        if names and expected is not None:
            return Slipped(stated, expected, said.value / expected.value, names)
    return None
