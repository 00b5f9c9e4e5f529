"""What an order says of a quantity that a pump library bounds: what was ordered, and what the set rate delivers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.library.limits import INITIAL, PER_KG, PUMP_RATE_PER_KG, VOLUME_PER_KG
from rescuecalc.core.orders.bounds import Bounds, point
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.agreement import size_of
from rescuecalc.rules.facts.order_model.model_wording import name_of, rounded

if TYPE_CHECKING:
    from rescuecalc.core.library.limits import Limit, LimitSet
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.quantities.units import Unit
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

_DOSES: Final = frozenset((of.DOSE_RATE_PER_KG, of.DOSE_RATE, of.DOSE_PER_KG, of.DOSE))
_BY_WEIGHT: Final = {
    of.DOSE_RATE_PER_KG: of.DOSE_RATE,
    PUMP_RATE_PER_KG: of.PUMP_RATE,
    of.DOSE_PER_KG: of.DOSE,
    VOLUME_PER_KG: of.VOLUME,
}
"""What is divided by the weight."""

_OVER_TIME: Final = {
    of.DOSE_RATE: of.DOSE,
    of.DOSE_RATE_PER_KG: of.DOSE_PER_KG,
    of.PUMP_RATE: of.VOLUME,
    PUMP_RATE_PER_KG: VOLUME_PER_KG,
}
"""What is divided by the time that a bolus is given over."""


class Number(NamedTuple):
    """What is known of a quantity, in base units, and the mention that says it or that it was worked out from.

    Every value of one that ``is_range`` is ordered, and some patient gets each value of one that ``is_band``; else
    one value is, and where ``bounds`` are wide nobody knows which.
    """

    bounds: Bounds
    mention: Mention
    is_range: bool = False
    is_band: bool = False

    @property
    def is_point(self) -> bool:
        """Whether one value is known."""
        low, high = self.bounds.low, self.bounds.high
        return low is high or low == high


class Passed(NamedTuple):
    """A limit that a number passes; ``partly`` where only some of the values that it may have do."""

    limit: Limit
    partly: bool

    @property
    def is_above(self) -> bool:
        """Whether it is a maximum."""
        return self.limit.name.endswith("max")


def passed(limits: LimitSet, number: Number) -> Passed | None:
    """Return the limit that a number passes, the hard before the soft, for certain before for some of a band."""
    low, high = number.bounds.low, number.bounds.high
    if number.is_range or number.is_point:
        one = limits.passed(low, high if high is not None else low)
        return Passed(one, partly=False) if one is not None else None
    ends = [end for end in limits.in_order() if end.name != INITIAL]
    found = [Passed(end, partly=False) for end in ends if _is_certainly_passed(end, number.bounds)]
    found += [Passed(end, partly=True) for end in ends if number.is_band and _is_possible(end, number.bounds)]
    return min(found, key=lambda each: (each.partly, not each.limit.is_hard), default=None)


def may_pass(limits: LimitSet, number: Number) -> bool:
    """Whether some of the values that a number may have pass a limit, and others none."""
    ends = [end for end in limits.in_order() if end.name != INITIAL]
    is_open = any(_is_possible(end, number.bounds) for end in ends)
    return is_open and not any(_is_certainly_passed(end, number.bounds) for end in ends)


def _is_certainly_passed(end: Limit, bounds: Bounds) -> bool:
    if end.name.endswith("max"):
        return bounds.low > end.value
    return end.name.endswith("min") and bounds.high is not None and bounds.high < end.value


def _is_possible(end: Limit, bounds: Bounds) -> bool:
    if end.name.endswith("max"):
        return bounds.high is None or bounds.high > end.value
    return end.name.endswith("min") and bounds.low < end.value


def ordered(variable: str, judged: SolvedOrder) -> Number | None:
    """Return what was ordered of a variable: as it is written, else as it follows; None where nothing says it."""
    own = [each for each in judged.system.of(variable) if each.place not in {"text", "product"}]
    if own:
        return _stated_number(own[0])
    by_weight = _stated_by_weight(variable, judged)
    if by_weight is not None or judged.solution.conflict is not None:
        return by_weight
    source = source_of(judged)
    known = _known(variable, judged)
    if known is None or source is None:
        return None
    return Number(known, source, is_band=judged.order.weight_band is not None)


def _stated_number(each: Mention) -> Number:
    return Number(each.span or point(each.value), each, is_range=each.span is not None)


def _stated_by_weight(variable: str, judged: SolvedOrder) -> Number | None:
    """Return a variable from the same one per kg, or not, as it is written.

    What the whole order leaves open of it is as wide as the rounding of a pump rate beside it.
    """
    weight, per_kg = weight_of(judged), {base: each for each, base in _BY_WEIGHT.items()}
    other = _BY_WEIGHT.get(variable) or per_kg.get(variable, "")
    own = next((each for each in judged.system.of(other) if each.place not in {"text", "product"}), None)
    if weight is None or own is None or own.span is not None:
        return None
    value = point(own.value)
    value = value.over(weight) if variable in _BY_WEIGHT else value.times(weight)
    return Number(value, own, is_band=judged.order.weight_band is not None)


def source_of(judged: SolvedOrder) -> Mention | None:
    """Return what an order's dose is worked out from: the dose as it is written, else what is set."""
    system = judged.system
    names = (of.DOSE_RATE_PER_KG, of.DOSE_RATE, of.DOSE_PER_KG, of.DOSE, of.PUMP_RATE, of.VOLUME)
    return next((one for name in names for one in system.of(name)), None)


def says_dose(judged: SolvedOrder) -> bool:
    """Whether a dose is written, and not only what is set on the pump."""
    return not _DOSES.isdisjoint(judged.system.variables)


def _known(variable: str, judged: SolvedOrder) -> Bounds | None:
    known = judged.solution.bounds
    if variable in known:
        return known[variable]
    weight, base = known.get(of.WEIGHT), _BY_WEIGHT.get(variable)
    if base is not None and weight is not None and base in known and weight.middle:
        return known[base].over(weight)
    time, dose = known.get(of.TIME), _OVER_TIME.get(variable)
    if time is None or dose is None or not time.middle:
        return None
    given = _known(dose, judged)
    return given.over(time) if given is not None else None


def delivered(variable: str, judged: SolvedOrder, of_entry: Fraction | None = None) -> Number | None:
    """Return what the set pump rate really delivers, exactly; None where rate, concentration or weight are not known.

    ``of_entry`` is the strength of an order that says none. Of a row for a band of weights it is what the lightest and
    the heaviest would get.
    """
    flow = next((each for each in judged.system.of(of.PUMP_RATE) if each.place == "pump_rate"), None)
    if flow is None or flow.span is not None:
        return None
    value = point(flow.value)
    if variable in {of.DOSE_RATE, of.DOSE_RATE_PER_KG}:
        strength = judged.system.first(of.CONCENTRATION)
        known = of_entry if strength is None else strength.value if strength.span is None else None
        if known is None:
            return None
        value = value.times(point(known))
    elif variable not in {of.PUMP_RATE, PUMP_RATE_PER_KG}:
        return None
    if variable in PER_KG:
        weight = weight_of(judged)
        if weight is None:
            return None
        value = value.over(weight)
    return Number(value, flow, is_band=judged.order.weight_band is not None)


def weight_of(judged: SolvedOrder) -> Bounds | None:
    """Return the patient's weight, or that of the band that an order is for; None where it is not known."""
    weight = judged.system.first(of.WEIGHT)
    if weight is not None:
        return weight.span or point(weight.value)
    return judged.system.seeds.get(of.WEIGHT) if judged.order.weight_band is not None else None


def in_unit(value: Fraction, unit: Unit) -> Fraction:
    """Return a value in base units as a number of ``unit``."""
    size, per, _ = size_of(unit)
    return value * Fraction(per, size)


def value_text(value: Fraction, unit: Unit) -> str:
    """Return a value in base units as a person reads it."""
    return f"{rounded(in_unit(value, unit))} {unit.name}"


def words(number: Number, unit: Unit) -> str:
    """Return a number as a message begins: as it is written, and what it comes to in the unit of the limits."""
    each = number.mention
    text = f"the {name_of(each)} {each.text}"
    if number.is_range or (each.quantity.unit == unit and number.is_point and number.bounds.low == each.value):
        return text
    low, high = number.bounds.low, number.bounds.high
    if high is None or low == high:
        return f"{text}, {value_text(low, unit)},"
    return f"{text}, {rounded(in_unit(low, unit))} to {value_text(high, unit)},"
