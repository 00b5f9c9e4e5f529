"""What an order gives per kilogram, also where it does not say so: out of its dose, or of what is set on the pump."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.agreement import band, exact, in_unit_of, reading
from rescuecalc.core.interval import covered
from rescuecalc.core.notation import plain, significant
from rescuecalc.core.quantity import DosePerKg, DoseRatePerKg
from rescuecalc.core.units import unit
from rescuecalc.rules.chain import chain_of, label_of
from rescuecalc.rules.renal_share import factors_due
from rescuecalc.rules.slip_names import slip_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.agreement import Reading
    from rescuecalc.core.limits import Span
    from rescuecalc.core.order import Order
    from rescuecalc.core.protocol import Cap, Protocol
    from rescuecalc.core.quantity import Quantity
    from rescuecalc.rules.chain import Chain
    from rescuecalc.rules.knowledge import Subject

_DIGITS: Final = 6


class _Names(NamedTuple):
    """The fields of one kind of order: per kg, as an amount of drug, as a volume, its cap; and a unit of the first."""

    per_kg: str
    amount: str
    volume: str
    cap: str
    one: Quantity


_NAMES: Final = {
    "infusion": _Names(
        "dose_rate_per_kg", "dose_rate", "pump_rate", "max_dose_rate", DoseRatePerKg(Fraction(1), unit("mcg/kg/min"))
    ),
    "bolus": _Names("dose_per_kg", "dose", "volume", "max_dose", DosePerKg(Fraction(1), unit("mcg/kg"))),
}


class Given(NamedTuple):
    """What an order gives: the ``field`` that says so, the ``amount`` of drug (per time), and that per kg.

    Either is None where it does not follow from what is written. ``weight`` is that by which an amount becomes one per
    kg, of a patient who is not known any usual one (``anyone``); ``time`` and ``concentration`` are those by which the
    field does.
    """

    field: str
    amount: Reading | None
    per_kg: Reading | None
    weight: Reading | None = None
    time: Reading | None = None
    concentration: Reading | None = None
    anyone: bool = False

    @property
    def is_own(self) -> bool:
        """Whether the field is a dose per kg as the sources state it, and nothing was worked out."""
        return self.amount is None and self.time is None

    @property
    def fixed(self) -> Given:
        """The same, of a dose that no weight enters."""
        return self._replace(per_kg=None, anyone=False)

    def words(self, order: Order, subject: Subject) -> str:
        """Return what is given as a message begins: the field as it is written, and what it comes to."""
        names, quantity = _NAMES[order.given_as], order.fields[self.field]
        said = f"the {_WORDS.get(self.field) or self.field.replace('_', ' ')} {quantity.text or quantity}"
        if self.time is not None:
            said += f" over {order.lasts or order.fields.get('give_over')}"
        if self.per_kg is None or self.is_own:
            return said
        if self.anyone and self.amount is not None and self.weight is not None:
            ends = [reading(each, each, each, "") for each in (self.weight.low, self.weight.high)]
            most, least = (_number(self.amount.over(each), names.one) for each in ends)
            low, high = (plain(significant(each.value, _DIGITS)) for each in ends)
            return f"{said}, at {low} kg to {high} kg between {least} and {most} {names.one.unit.name},"
        weight = order.weight_band or subject.order_set.weight
        at = f"at {weight} " if self.weight is not None else ""
        return f"{said}, {at}{_number(self.per_kg, names.one)} {names.one.unit.name},"


_WORDS: Final = {"vtbi": "VTBI"}


def _number(of: Reading | None, one: Quantity) -> str:
    return plain(significant(in_unit_of(of, one), _DIGITS)) if of is not None else "?"


def given(order: Order, subject: Subject) -> Given | None:
    """Return what a bolus or an infusion gives, by the first field that says so; None where none does."""
    names, made = _NAMES.get(order.given_as), chain_of(order, subject)
    if names is None:
        return None
    if names.per_kg in made.readings:
        return Given(names.per_kg, None, made.readings[names.per_kg])
    found = _in_field(names, made) or (
        _over_time(order, made, subject) if order.given_as == "infusion" else _at_rate(made)
    )
    if found is None or found.amount is None:
        return found
    weight, usual = made.readings.get("weight"), _weights(order, subject)
    anyone = weight is None
    cap = made.readings.get(names.cap)
    if weight is not None and cap is not None and found.amount.agrees(cap):
        # Its own cap binds: it is the dose of a lighter patient.
        least = min(usual.low, weight.low)
        weight = reading(weight.value, least, weight.high, "")
    weight = weight or usual
    return found._replace(per_kg=found.amount.over(weight), weight=weight, anyone=anyone)


def _weights(order: Order, subject: Subject) -> Reading:
    """Return the usual weights, or those of them that an order is for by its condition."""
    usual = band(subject.knowledge.limits.usual_weight)
    condition = next((each for each in order.when if each.name == "weight"), None)
    if condition is None:
        return usual
    said = covered(condition, "kg")
    low = max(usual.low, said.low)
    high = usual.high if said.high is None else min(usual.high, said.high)
    return reading((low + high) / 2, low, high, "") if low < high else usual


def _in_field(names: _Names, made: Chain) -> Given | None:
    """Return the amount that an order says, else what its volume, or its pump rate, is of its concentration."""
    if names.amount in made.readings:
        return Given(names.amount, made.readings[names.amount], None)
    volume, concentration = made.readings.get(names.volume), _concentration(made)
    if volume is None or concentration is None:
        return None
    return Given(names.volume, volume.times(concentration), None, concentration=concentration)


def _concentration(made: Chain) -> Reading | None:
    return made.readings.get("concentration") or made.label


_DOSES: Final = ("dose_per_kg", "dose", "volume", "vtbi")


def _over_time(order: Order, made: Chain, subject: Subject) -> Given | None:
    """Return the rate at which an infusion gives its whole dose, or volume, in the time that it runs.

    A whole container is what hangs there, and not what is given.
    """
    time = made.readings.get("run_time") or made.lasting
    field = next((name for name in _DOSES if name in made.readings), None)
    if time is None or field is None:
        return None
    whole, concentration = made.readings[field], None
    if field in {"volume", "vtbi"}:
        concentration = _concentration(made)
        if concentration is None or any(whole.agrees(each) for each in made.wholes):
            return None
    elif field == "dose" and (
        {"volume", "pump_rate"} & made.readings.keys()
        or any(whole.agrees(each) for each in _containers(order, subject))
    ):
        return None  # what hangs there: with its volume it is the concentration
    rate = whole.over(time)
    if concentration is not None and rate is not None:
        rate = rate.times(concentration)
    if field == "dose_per_kg":
        return Given(field, None, rate, time=time)
    return Given(field, rate, None, time=time, concentration=concentration)


_ONE: Final = reading(Fraction(1), Fraction(1), Fraction(1), "")


def _at_rate(made: Chain) -> Given | None:
    """Return the dose that a bolus comes to at its rate in the time that it is given over."""
    time = made.readings.get("give_over") or made.readings.get("run_time")
    field = next((name for name in ("dose_rate_per_kg", "dose_rate", "pump_rate") if name in made.readings), None)
    concentration = _concentration(made) if field == "pump_rate" else None
    if time is None or field is None or (field == "pump_rate" and concentration is None):
        return None
    dose = made.readings[field].times(time)
    if concentration is not None:
        dose = dose.times(concentration)
    whole = dose if field != "dose_rate_per_kg" else None
    return Given(field, whole, None if whole else dose, time=_ONE.over(time), concentration=concentration)


def _containers(order: Order, subject: Subject) -> Iterator[Reading]:
    """Yield what whole containers hold: the order's own, and those of the drug's products."""
    label = label_of(order, subject)
    for each in (*(() if label is None else (label,)), *subject.knowledge.products_of(order.drug)):
        yield exact(each.amount)


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
    steps: list[tuple[Cap[Any] | None, Quantity | None]]
    if order.given_as == "infusion":
        steps = [(each.cap, each.dose_rate_per_kg) for each in protocol.infusions]
    else:
        steps = [(each.cap, each.dose_per_kg) for each in protocol.boluses]
    shares = factors_due(order, protocol, subject)
    fixed += [
        cap.under(share)
        for cap, per_kg in steps
        for share in shares
        if cap is not None and (per_kg is None or _reaches(cap, per_kg.times(share), share, found))
    ]
    lows = ((exact(span.low), exact(span.high)) for span in ranges)
    return any(amount.agrees(exact(each)) for each in fixed) or any(
        amount.agrees(reading(low.value, low.value, high.value, low.drug)) for low, high in lows
    )


def _reaches(cap: Cap[Any], per_kg: Quantity, share: Fraction, found: Given) -> bool:
    """Whether a formula comes to its cap at the weight, or a label prints a row there; at an unknown one it may."""
    if found.weight is None or found.anyone:
        return True
    above = cap.row_above is not None and found.weight.high > exact(cap.row_above).value
    return above or exact(per_kg).times(found.weight).high >= exact(cap.under(share)).value


def _is_label_row(order: Order, protocol: Protocol, subject: Subject) -> bool:
    """Whether an order sets what a label's weight-band table has for the patient's weight."""
    weight = subject.order_set.weight
    row = protocol.label_band.row(weight) if protocol.label_band is not None and weight is not None else None
    if row is None:
        return False
    volume, rate = order.fields.get("volume"), order.fields.get("pump_rate")
    due = factors_due(order, protocol, subject)
    rates = [each for each, share in ((row.pump_rate, 1), (row.halved_pump_rate, Fraction(1, 2))) if share in due]
    return (volume is not None and exact(volume).agrees(exact(row.bolus_volume))) or (
        rate is not None and any(exact(rate).agrees(exact(each)) for each in rates)
    )


def as_set(dose: Reading, found: Given) -> Reading | None:
    """Return what a dose, per kg where that of the order is, comes to in the field that says what is given."""
    if found.per_kg is not None and found.weight is not None:
        dose = dose.times(found.weight)
    if found.time is not None:
        dose = dose.times(found.time)
    return dose.over(found.concentration) if found.concentration is not None else dose


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
    per_kg = doses_per_kg if found.per_kg is not None and not found.anyone else ()
    pairs = [(found, each) for each in per_kg] + [(found.fixed, each) for each in doses]
    for each, stated in pairs:
        expected = as_set(exact(stated), each)
        names = slip_names(said, expected, order, subject) if expected is not None else ()
        if names and expected is not None:
            return Slipped(stated, expected, said.value / expected.value, names)
    return None
