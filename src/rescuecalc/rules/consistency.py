"""RC3: an order that was written contradicts itself, for any drug, in whatever subset of fields is there."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.agreement import in_unit_of
from rescuecalc.core.finding import Severity
from rescuecalc.core.notation import plain, significant
from rescuecalc.core.quantity import Duration
from rescuecalc.core.units import how_many
from rescuecalc.rules.chain import CHAINS, STEPS, Blamed, Chain, value
from rescuecalc.rules.rule import Hit, Rule
from rescuecalc.rules.slip_names import slip_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rescuecalc.core.agreement import Reading
    from rescuecalc.core.order import Order
    from rescuecalc.rules.knowledge import Subject

_DIGITS: Final = 6
_RULE_OF: Final = {
    "dose": "RC301",
    "dose_per_kg": "RC301",
    "volume": "RC302",
    "dose_rate": "RC303",
    "dose_rate_per_kg": "RC303",
    "pump_rate": "RC304",
    "vtbi": "RC305",
    "run_time": "RC305",
    "concentration": "RC307",
}
_BY_TARGET: Final = {step.target: step for step in STEPS}


def _number(value: Fraction) -> str:
    return plain(significant(value, _DIGITS))


def _hits(code: str) -> Callable[[Subject], Iterator[Hit]]:
    def check(subject: Subject) -> Iterator[Hit]:
        for order, made, blamed in CHAINS.of(subject):
            yield from (_hit(order, made, each, subject) for each in blamed if _RULE_OF[each.field] == code)

    return check


def _hit(order: Order, made: Chain, each: Blamed, subject: Subject) -> Hit:
    quantity = order.fields[each.field]
    unit = quantity.unit.name
    expected = f"{_number(in_unit_of(each.expected, quantity))} {unit}"
    found = quantity.text or str(quantity)
    factor = each.found.value / each.expected.value if each.expected.value else None
    named = slip_names(each.found, each.expected, order, subject)
    words = each.field.replace("_", " ")
    by = f", {_times(factor)}" if factor else ""
    said = f": {' or '.join(named)}" if named else ""
    how = _derivation(order, each, made, subject)
    message = f"the {words} {found} contradicts the order's other fields: {how}{expected} is expected{by}{said}"
    return Hit(message, (), f"{order.pointer}/{each.field}", found, expected, factor, named)


def _times(factor: Fraction) -> str:
    if factor >= 1:
        return f"{_number(factor)} times as much"
    return f"1/{_number(1 / factor)} of it"


def _derivation(order: Order, each: Blamed, made: Chain, subject: Subject) -> str:
    """Return the expected number's formula with the order's own numbers, where it has one."""
    step = _BY_TARGET.get(each.field)
    if step is None or value(each.field, made, derived=True) is None:
        return ""  # nothing before it is written: it follows backward, from what comes of it
    parts = [_term(name, order, made, subject) for name in step.factors]
    below = f" ÷ {_term(step.divisor, order, made, subject)}" if step.divisor is not None else ""
    return f"{' × '.join(parts)}{below} = "


def _term(name: str, order: Order, made: Chain, subject: Subject) -> str:
    quantity = order.fields.get(name)
    if quantity is not None:
        return quantity.text or str(quantity)
    if name == "weight":
        weight = subject.order_set.weight
        span = order.weight_band
        return str(span) if span is not None else str(weight)
    if name == "concentration":
        return f"the concentration of {order.texts['product']}"
    if name == "run_time":
        if order.start is None or order.stop is None:
            return order.texts["give_over"]
        return f"the time from {order.texts['start']} to {order.texts['stop']}"
    step = _BY_TARGET[name]
    below = f" ÷ {_term(step.divisor, order, made, subject)}" if step.divisor is not None else ""
    return " × ".join(_term(each, order, made, subject) for each in step.factors) + below


def _stop(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        run = order.quantity("run_time", Duration)
        if order.start is None or order.stop is None:
            continue
        pointer, found = f"{order.pointer}/stop", str(order.stop)
        if order.stop <= order.start:
            message = f"the stop {order.stop} is not after the start {order.start}"
            yield Hit(message, (), pointer, found, f"after {order.start}")
        elif run is not None and order.start.plus(run) != order.stop:
            expected = order.start.plus(run)
            factor = (order.stop.seconds - order.start.seconds) / run.value_in("s")
            message = (
                f"the stop {order.stop} does not follow: {order.start} and {run} of run time end at {expected.spoken}"
            )
            yield Hit(message, (), pointer, found, str(expected), factor)


_SLIPS: Final = (Fraction(10), Fraction(10**2), Fraction(10**3), how_many("min", "h"), how_many("h", "day"))
"""By what a whole dose is out of line where it is certainly no bag's: a decimal point, a unit of mass or of time."""


def _total(subject: Subject) -> Iterator[Hit]:
    for order, made, blamed in CHAINS.of(subject):
        dose = made.readings.get("dose")
        if dose is None or order.given_as != "infusion" or blamed:
            continue
        rate, time = value("dose_rate", made) or _set_rate(made), value("run_time", made)
        if rate is None or time is None or rate.drug != dose.drug or "dose_per_kg" in made.readings:
            continue
        total = rate.times(time)
        if total.value and any(dose.agrees(total, each) or total.agrees(dose, each) for each in _SLIPS):
            yield _total_hit(order, dose, total, subject)


def _set_rate(made: Chain) -> Reading | None:
    rate, concentration = made.readings.get("pump_rate"), value("concentration", made)
    return rate.times(concentration) if rate is not None and concentration is not None else None


def _total_hit(order: Order, dose: Reading, total: Reading, subject: Subject) -> Hit:
    quantity, factor = order.fields["dose"], dose.value / total.value
    expected = f"{_number(in_unit_of(total, quantity))} {quantity.unit.name}"
    named = slip_names(dose, total, order, subject)
    said = f": {' or '.join(named)}" if named else ""
    found = quantity.text or str(quantity)
    message = f"the dose {found} is not what the infusion gives in its run time: {expected}, {_times(factor)}{said}"
    return Hit(message, (), f"{order.pointer}/dose", found, expected, factor, named)


_SET: Final = "order_set: Example, patient: {{weight: 80 kg}}, orders: [{{drug: tirofiban, {0}}}]"


def _example(fields: str) -> str:
    return "{" + _SET.format(fields) + "}"


def _rule(code: str, name: str, checks: str, why: str, fails: str, passes: str, limits: str) -> Rule:
    return Rule(
        code=code,
        name=name,
        severity=Severity.ERROR,
        since="0.1.0",
        sources=("rescuecalc",),
        checks=checks,
        why=why,
        fails=_example(fails),
        passes=_example(passes),
        remedy="Find out which of the numbers is meant; the finding says what the others ask for.",
        limits=limits,
        check=_hits(code),
    )


_ONE: Final = (
    "Numbers agree when the intervals of half their last written digit overlap; of several fields that would explain a "
    "contradiction the one that reaches the patient is named."
)

RULES = (
    _rule(
        "RC301",
        "dose-contradicts-weight",
        "Dose per kg × weight against the dose, also by way of the volume; a dose may be a part of it, of which "
        "another order gives the rest, or a source's cap or label row.",
        "Of two doses in one order a nurse gives one.",
        "kind: bolus, dose_per_kg: 10 mcg/kg, dose: 8000 mcg",
        "kind: bolus, dose_per_kg: 10 mcg/kg, dose: 800 mcg",
        _ONE,
    ),
    _rule(
        "RC302",
        "volume-contradicts-dose",
        "Dose ÷ concentration against the volume; without a dose, dose per kg × weight ÷ concentration.",
        "Products of 50 and 250 mcg/mL lie side by side: the volume is where the fivefold slip shows.",
        "kind: bolus, dose: 800 mcg, concentration: 50 mcg/mL, volume: 3.2 mL",
        "kind: bolus, dose: 800 mcg, concentration: 250 mcg/mL, volume: 3.2 mL",
        _ONE,
    ),
    _rule(
        "RC303",
        "dose-rate-contradicts-weight",
        "Dose rate per kg × weight against the dose rate, also by way of the pump rate.",
        "Per minute and per hour, per kilogram and not, are 60 and 80 apart.",
        "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, dose_rate: 12 mcg/h",
        "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, dose_rate: 12 mcg/min",
        _ONE,
    ),
    _rule(
        "RC304",
        "pump-rate-contradicts-dose",
        "Dose rate ÷ concentration against the pump rate, also by way of dose rate per kg and weight.",
        "The pump rate is what the patient gets.",
        "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 144 mL/h",
        "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 14.4 mL/h",
        f"A pump rate is never read finer than 0.1 mL/h. {_ONE}",
    ),
    _rule(
        "RC305",
        "vtbi-contradicts-rate",
        "Pump rate × run time against the VTBI.",
        "A VTBI that ends early stops the drug; one that ends late runs past the stop.",
        "kind: infusion, pump_rate: 14.4 mL/h, run_time: 24 h, vtbi: 34.56 mL",
        "kind: infusion, pump_rate: 14.4 mL/h, run_time: 24 h, vtbi: 345.6 mL",
        "A VTBI may follow the exact or the set rate, or be a whole container. Without a run time start and stop "
        f"say it. {_ONE}",
    ),
    Rule(
        code="RC306",
        name="stop-contradicts-run-time",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=("rescuecalc",),
        checks="Start + run time against the stop, and whether the stop comes after the start.",
        why="Of two stops in one order one is taken.",
        fails=_example("kind: infusion, start: +0 h, run_time: 24 h, stop: +48 h"),
        passes=_example("kind: infusion, start: +0 h, run_time: 24 h, stop: +24 h"),
        remedy="Correct the one that is wrong.",
        limits="Only where start and stop are written.",
        check=_stop,
    ),
    _rule(
        "RC307",
        "concentration-contradicts-product",
        "The concentration against the strength of the product, of the catalogue or of label text.",
        "12.5 mg in 50 mL and 12.5 mg in 250 mL are five times apart.",
        "product: 12.5 mg in 250 mL, concentration: 250 mcg/mL",
        "product: 12.5 mg in 250 mL, concentration: 50 mcg/mL",
        f"A product that is diluted first, also one in label text, is not held against its label. {_ONE}",
    ),
    Rule(
        code="RC309",
        name="whole-dose-contradicts-rate",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=("rescuecalc",),
        checks="The dose of an infusion against what its rate gives in its run time, where it is 10, 100, 1,000, 60 or "
        "24 times that, or that part of it.",
        why="The pharmacy makes up the dose, and the pump is set to the rate.",
        fails=_example("kind: infusion, dose_rate: 12 mcg/min, run_time: 24 h, dose: 172.8 mg"),
        passes=_example("kind: infusion, dose_rate: 12 mcg/min, run_time: 24 h, dose: 17.28 mg"),
        remedy="Find out which of the numbers is meant.",
        limits="Any other dose may be what the bag holds.",
        check=_total,
    ),
)
