"""What a pump would do with an order by one entry of its library: each limit that is passed, unit and initial value."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.library.limits import INITIAL, PER_KG, flow_limits
from rescuecalc.core.library.pump_library import BOLUS, BOLUS_RATE, DOSE, PREFIXES
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.quantities.decimal_text import json_number, plain
from rescuecalc.core.quantities.quantity import PumpRate
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.order_model.model_wording import quantity_text, rounded
from rescuecalc.rules.facts.order_model.pump_entries import BY_HAND, BY_PUMP, soft_strength
from rescuecalc.rules.library.numbers import Number, in_unit, may_pass, passed, value_text, words
from rescuecalc.rules.library.order_limits.asked_order import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rescuecalc.core.library.limits import Limit, LimitSet
    from rescuecalc.core.library.pump_library import Entry, LibraryUse
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.core.quantities.units import Unit
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder
    from rescuecalc.rules.library.numbers import Passed
    from rescuecalc.rules.library.order_limits.asked_order import MatchedOrder, OtherUnit

UNIT: Final = "RC803"
HARD: Final = "RC804"
SOFT: Final = "RC805"
NO_BOLUS: Final = "RC806"
BOLUS_DOSE: Final = "RC807"
BOLUS_FLOW: Final = "RC808"
ROUNDED: Final = "RC809"
VTBI: Final = "RC810"
NO_WEIGHT: Final = "RC811"
PREFILLED: Final = "RC813"
STRENGTH: Final = "RC802"


class Coded(NamedTuple):
    """A hit with the code of the rule that reports it, how much it weighs, and the limit that is passed.

    ``made`` may be what makes the hit: of the entries that an order may be given by only the mildest is put in words.
    """

    code: str
    made: Hit | Callable[[], Hit]
    severity: Severity
    limit: Limit | None = None
    column: str = ""

    @property
    def hit(self) -> Hit:
        """The hit."""
        return self.made if isinstance(self.made, Hit) else self.made()


class Verdict(NamedTuple):
    """What a pump does with an order by one entry."""

    entry: Entry
    hits: tuple[Coded, ...]

    @property
    def mildness(self) -> tuple[int, bool, int]:
        """How grave its worst finding is, and how many are as grave; the mildest verdict has most of it.

        That the pump starts at another dose is milder than a limit that is passed.
        """
        ranks = [(each.severity.rank, each.code == PREFILLED) for each in self.hits]
        worst = min(ranks, default=(len(Severity), True))
        return *worst, -ranks.count(worst)

    @property
    def words(self) -> str:
        """What the pump does."""
        errors = {each.code for each in self.hits if each.severity is Severity.ERROR}
        if errors & {HARD, BOLUS_DOSE, BOLUS_FLOW}:
            return "stops"
        if errors:
            return "does not accept it"
        warnings = {each.code for each in self.hits if each.severity is Severity.WARNING}
        if warnings == {PREFILLED}:
            return "starts at another dose"
        return "warns" if warnings else "passes it"


def verdict(entry: Entry, asked: MatchedOrder) -> Verdict:
    """Return what a pump does with an order by one entry."""
    of_kind = _of_bolus if asked.order.given_as == "bolus" else _of_infusion
    return Verdict(entry, tuple(of_kind(entry, asked)))


def _of_infusion(entry: Entry, asked: MatchedOrder) -> Iterator[Coded]:
    limits = entry.limits.get(DOSE)
    found: list[Coded] = []
    if limits is not None:
        yield from _unit(limits, entry, asked)
        found = list(_dose(limits, entry, asked))
        most = asked.most_ordered(limits) if not found else None
        yield from (*found, *(each for each in _passed(HARD, SOFT, limits, most, entry, asked) if each.code == HARD))
    yield from _strength(entry, asked)
    yield from _flow(entry, asked, is_reported=any(each.code == HARD for each in found))
    yield from _volume(entry, asked)


def _of_bolus(entry: Entry, asked: MatchedOrder) -> Iterator[Coded]:
    is_pump = asked.use.library.is_pump
    if asked.given == BY_HAND and is_pump:
        return
    limits, is_reported = entry.limits.get(BOLUS), False
    if limits is None or not limits.has_any:
        limits = _amounts(entry)
    if limits is None:
        if is_pump and BOLUS_RATE not in entry.limits:
            yield _no_bolus(entry, asked)
            return
    else:
        yield from _unit(limits, entry, asked)
        found = list(_passed(BOLUS_DOSE, BOLUS_DOSE, limits, asked.ordered(limits.variable), entry, asked))
        yield from found
        is_reported = any(each.severity is Severity.ERROR for each in found)
    rates = entry.limits.get(BOLUS_RATE)
    if rates is not None and not is_reported:  # too high a dose is too fast as well
        yield from _passed(BOLUS_FLOW, BOLUS_FLOW, rates, asked.ordered(rates.variable), entry, asked)
    yield from _strength(entry, asked)


def _amounts(entry: Entry) -> LimitSet | None:
    """Return the limits of an entry that bounds a dose, and not a dose rate."""
    limits = entry.limits.get(DOSE)
    return limits if limits is not None and limits.variable in {of.DOSE, of.DOSE_PER_KG, of.VOLUME} else None


def _no_bolus(entry: Entry, asked: MatchedOrder) -> Coded:
    order, use, by_pump = asked.order, asked.use, asked.given == BY_PUMP
    severity = Severity.ERROR if by_pump else Severity.NOTE
    message = f"the bolus of {order.drug} is given by pump, and the entry {_at(entry, use)} allows none"
    if not by_pump:
        message = f"the entry {_at(entry, use)} allows no bolus of {order.drug}: it cannot be given by the pump"
    field = next((name for name in FIELDS["bolus"] if name in order.fields), None)
    pointer = order.at(field) if field is not None else order.pointer
    hit = Hit(message, (use.library.source,), pointer, order.texts.get(field or ""), severity=severity)
    return Coded(NO_BOLUS, hit, severity)


def _at(entry: Entry, use: LibraryUse) -> str:
    return f"{entry.words} ({use.library.name}, line {entry.line})"


# --- unit ---------------------------------------------------------------------------------------------------------


def _unit(limits: LimitSet, entry: Entry, asked: MatchedOrder) -> Iterator[Coded]:
    """Yield the hit of a dose that is written in no unit of the entry; a site's list converts every unit."""
    other = asked.other_unit(limits) if asked.use.library.is_pump else None
    if other is not None:
        yield Coded(UNIT, lambda: _other_unit(other, limits, entry, asked), other.severity)


def _other_unit(other: OtherUnit, limits: LimitSet, entry: Entry, asked: MatchedOrder) -> Hit:
    order, name, use = asked.order, other.name, asked.use
    same = asked.ordered(limits.variable)
    value = same.bounds.low if same is not None and same.is_point and _same_kind(other.quantity.unit, limits) else None
    number = in_unit(value, limits.unit) if value is not None else None
    text = f"{_number_text(number)} {limits.unit.name}" if number is not None else None
    comes_to = f" = {rounded(number)} {limits.unit.name}" if number is not None else ""
    message = f"the {name.replace('_', ' ')} {_text(order, name)}{comes_to}: the pump asks for {limits.unit.name}"
    message += f" in the entry {_at(entry, use)}"
    return Hit(message, (use.library.source,), order.at(name), _text(order, name), text, severity=other.severity)


def _number_text(number: Fraction) -> str:
    return plain(json_number(number)[0])


def _text(order: Order, name: str) -> str:
    return order.texts.get(name) or str(order.fields[name])


def _same_kind(unit: Unit, limits: LimitSet) -> bool:
    return not limits.kind or unit.parts[0].dimension.removeprefix("drug_") == limits.kind


# --- limits -------------------------------------------------------------------------------------------------------


def _dose(limits: LimitSet, entry: Entry, asked: MatchedOrder) -> Iterator[Coded]:
    """Yield the limits that the ordered dose passes, else those that the set rate passes once it is rounded."""
    judged, use = asked.judged, asked.use
    if judged.built.kind and limits.kind not in {"", judged.built.kind}:
        return
    number, real = asked.ordered(limits.variable), asked.delivered(limits.variable)
    if real is not None and not asked.says_dose:
        number = real
    if number is not None and _is_any_weight(number, limits, judged):
        yield _weight_missing(judged, entry, use)
        return
    found = list(_passed(HARD, SOFT, limits, number, entry, asked))
    yield from found
    if real is not None and real is not number and not any(each.code == HARD for each in found):
        # Beside a dose that warns, a rounded rate that stops is one more mistake, and one that warns too is not.
        made = _passed(HARD, ROUNDED, limits, real, entry, asked, is_set=True)
        yield from (each for each in made if not found or each.code == HARD)
    if not found and number is not None:
        yield from _prefilled(limits, number, entry, use)


def _passed(
    hard: str,
    soft: str,
    limits: LimitSet,
    number: Number | None,
    entry: Entry,
    asked: MatchedOrder,
    *,
    is_set: bool = False,
) -> Iterator[Coded]:
    found = passed(limits, number) if number is not None else None
    if number is None or found is None:
        return
    severity = Severity.ERROR if found.limit.is_hard and not found.partly else Severity.WARNING
    column = f"{_PREFIX_OF.get(hard, '')}{found.limit.name}"
    if hard == BOLUS_FLOW:
        made = partial(_too_fast, found, limits, number, entry, asked)
    else:
        made = partial(_hit, found, limits, number, entry, asked, is_set=is_set)
    yield Coded(hard if found.limit.is_hard else soft, made, severity, found.limit, column)


def _hit(found: Passed, limits: LimitSet, number: Number, entry: Entry, asked: MatchedOrder, *, is_set: bool) -> Hit:
    each, use = number.mention, asked.use
    is_of_shape = each.quantity.unit.shape == limits.unit.shape
    message = _message(found, limits, number, entry, use, is_set=is_set)
    # An entry of a renal condition may rest on a rule that a published range does not know.
    if found.limit.is_hard and not is_set and not entry.conditions and asked.is_allowed:
        message = f"{message}; its sources allow the dose: check the limit"
    return Hit(
        message,
        (use.library.source,),
        each.pointer,
        each.text,
        _slower(found, number, use) if is_set else None,
        _factor(found, number),
        expected_range=allowed(limits, each.quantity) if is_of_shape and not is_set else None,
        severity=Severity.ERROR if found.limit.is_hard and not found.partly else Severity.WARNING,
    )


def _too_fast(found: Passed, limits: LimitSet, number: Number, entry: Entry, asked: MatchedOrder) -> Hit:
    """Return the hit of a bolus rate at the time that it is given over, with the nearest that the limits allow."""
    made, order = _hit(found, limits, number, entry, asked, is_set=True), asked.order
    made = made._replace(message=_message(found, limits, number, entry, asked.use, is_set=False), expected=None)
    time, factor = order.fields.get("give_over"), _factor(found, number)
    if time is None:
        return made
    needed = time.magnitude * factor if factor is not None else Fraction()
    count = needed.__ceil__() if found.is_above else needed.__floor__()
    expected = f"{_number_text(Fraction(count))} {time.unit.name}" if count else None
    return made._replace(pointer=order.at("give_over"), found=_text(order, "give_over"), expected=expected)


_PREFIX_OF: Final = {BOLUS_DOSE: PREFIXES[BOLUS], BOLUS_FLOW: PREFIXES[BOLUS_RATE]}


def _message(found: Passed, limits: LimitSet, number: Number, entry: Entry, use: LibraryUse, *, is_set: bool) -> str:
    end = found.limit
    side = "above" if found.is_above else "below"
    begins = words(number, limits.unit)
    if is_set:
        begins = f"the pump rate {number.mention.text} delivers {_span(number, limits.unit)}, which"
    does = "stops there" if end.is_hard else "will alarm there"
    what = f"{end.words} {end} of {_at(entry, use)}"
    partly = " for some of the weights that it is for" if found.partly else ""
    factor = _factor(found, number)
    times = f"; {rounded(factor)} times the limit" if factor is not None and _is_far(factor) else ""
    pump = f": the pump {does}" if use.library.is_pump else ""
    return f"{begins} is {side} the {what}{partly}{times}{pump}"


_NEAR: Final = (Fraction(2, 3), Fraction(3, 2))
"""Between these a factor says less than the two numbers do."""


def _is_far(factor: Fraction) -> bool:
    return not _NEAR[0] < factor < _NEAR[1]


def _span(number: Number, unit: Unit) -> str:
    low, high = number.bounds.low, number.bounds.high
    if high is None or low == high:
        return value_text(low, unit)
    return f"{rounded(in_unit(low, unit))} to {value_text(high, unit)}"


def _factor(found: Passed, number: Number) -> Fraction | None:
    end = found.limit.value
    if not end or not number.is_point or found.partly:
        return None
    return number.bounds.low / end


def allowed(limits: LimitSet, like: Quantity) -> tuple[str | None, str | None]:
    """Return what the limits allow, as it would be written in the unit of a field."""
    ends = [limits.get(name) for name in ("soft_min", "hard_min", "soft_max", "hard_max")]
    low, high = ends[0] or ends[1], ends[2] or ends[3]
    return (quantity_text(low.value, like) if low else None), (quantity_text(high.value, like) if high else None)


def _slower(found: Passed, number: Number, use: LibraryUse) -> str | None:
    """Return the pump rate that the next step within the limit is, where one rate is set."""
    rate = number.mention.quantity
    step = use.library.rate_step
    if not number.is_point or not isinstance(rate, PumpRate) or found.limit.value == 0:
        return None
    size = step.value_in(rate.unit.name) if step is not None else Fraction(1, 10)
    most = rate.magnitude * found.limit.value / number.bounds.low / size
    count = most.__floor__() if found.is_above else most.__ceil__()
    return f"{_number_text(count * size)} {rate.unit.name}" if count else None


def _prefilled(limits: LimitSet, number: Number, entry: Entry, use: LibraryUse) -> Iterator[Coded]:
    initial = limits.get(INITIAL)
    if initial is None or not use.library.is_pump or not number.is_point or number.bounds.low == initial.value:
        return

    def made() -> Hit:
        each = number.mention
        message = (
            f"the pump starts at {initial} in the entry {_at(entry, use)}, and {words(number, limits.unit)} is ordered"
        )
        factor = number.bounds.low / initial.value if initial.value else None
        message = message.replace(", is ordered", " is ordered")
        return Hit(message, (use.library.source,), each.pointer, each.text, None, factor)

    yield Coded(PREFILLED, made, Severity.WARNING)


def _is_any_weight(number: Number, limits: LimitSet, judged: SolvedOrder) -> bool:
    """Whether it hangs on a weight that nobody names whether a limit is passed."""
    if number.is_point or number.is_range or number.is_band or judged.system.has(of.WEIGHT):
        return False
    return limits.variable in PER_KG and may_pass(limits, number)


def _weight_missing(judged: SolvedOrder, entry: Entry, use: LibraryUse) -> Coded:
    order = judged.order
    message = f"the entry {_at(entry, use)} asks for a weight, and none is given: its limits were not compared"
    return Coded(NO_WEIGHT, Hit(message, (use.library.source,), order.pointer), Severity.NOTE)


# --- strength, flow, volume ---------------------------------------------------------------------------------------


def _strength(entry: Entry, asked: MatchedOrder) -> Iterator[Coded]:
    order, use, strength, label = asked.order, asked.use, asked.strength, asked.label
    end = soft_strength(entry, strength)
    if end is not None and strength is not None:
        side = "above" if end.name.endswith("max") else "below"
        message = f"the concentration {strength.text} is {side} the {end.words} {end} of {_at(entry, use)}"
        hit = Hit(f"{message}: the pump will alarm there", (use.library.source,), strength.pointer, strength.text)
        yield Coded(SOFT, hit, Severity.WARNING)
    if label is None or entry.amount is None or label.amount.unit == entry.amount.unit:
        return
    message = f"{label.amount} in {label.volume} is written in another unit in the entry {_at(entry, use)}"
    message += ": some systems link orders to entries by their text"
    hit = Hit(message, (use.library.source,), order.at("product"), order.texts["product"], severity=Severity.NOTE)
    yield Coded(STRENGTH, hit, Severity.NOTE)


def _flow(entry: Entry, asked: MatchedOrder, *, is_reported: bool) -> Iterator[Coded]:
    """Yield the rate that is set, or that a dose asks for, outside of those of an entry and its pump.

    A dose that a hard limit stops asks for too fast a rate as well. The pump's own maximum is RC310's.
    """
    most, least = asked.use.library.max_rate_of(entry), asked.use.library.min_rate
    if most is not None and not asked.judged.subject.knowledge.limits.pump_rate.exceeds(most):
        most = None
    number = asked.ordered(of.PUMP_RATE) if most is not None or least is not None else None
    if number is not None and (asked.pump_rate is not None or not is_reported):
        yield from _passed(HARD, HARD, flow_limits(least, most), number, entry, asked)


def _volume(entry: Entry, asked: MatchedOrder) -> Iterator[Coded]:
    """Yield the VTBI above that of an entry, of its care area or of the pump."""
    order, library, volume = asked.order, asked.use.library, asked.vtbi
    most = library.max_vtbi_of(entry)
    if volume is None or most is None or not volume.exceeds(most):
        return
    where = f" in {entry.care_area}" if entry.care_area else ""
    text, wrong = _text(order, "vtbi"), Severity.ERROR
    message = f"the VTBI {text} is above {most}, the maximum of {library.name}{where}"
    hit = Hit(message, (library.source,), order.at("vtbi"), text, expected_range=(None, str(most)), severity=wrong)
    yield Coded(VTBI, hit, wrong)
