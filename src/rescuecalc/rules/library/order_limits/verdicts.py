"""What a pump would do with an order by one entry of its library: each limit that is passed, unit and initial value."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.library.limits import INITIAL, PER_KG, flow_limits
from rescuecalc.core.library.pump_library import BOLUS, BOLUS_RATE, DOSE
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model import mention as of
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.order_model.model_wording import rounded
from rescuecalc.rules.facts.order_model.pump_entries import BY_HAND, BY_PUMP, soft_strength
from rescuecalc.rules.library.numbers import Number, in_unit, may_pass, words
from rescuecalc.rules.library.order_limits.asked_order import FIELDS
from rescuecalc.rules.library.order_limits.limit_hits import (
    BOLUS_DOSE,
    BOLUS_FLOW,
    HARD,
    NO_BOLUS,
    NO_WEIGHT,
    PREFILLED,
    ROUNDED,
    SOFT,
    STRENGTH,
    UNIT,
    VTBI,
    Coded,
    at_entry,
    field_text,
    is_far,
    number_text,
    passed_limits,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from rescuecalc.core.library.limits import LimitSet
    from rescuecalc.core.library.pump_library import Entry, LibraryUse
    from rescuecalc.core.quantities.units import Unit
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder
    from rescuecalc.rules.library.order_limits.asked_order import MatchedOrder, OtherUnit


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
        yield from (
            *found,
            *(each for each in passed_limits(HARD, SOFT, limits, most, entry, asked) if each.code == HARD),
        )
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
        found = list(passed_limits(BOLUS_DOSE, BOLUS_DOSE, limits, asked.ordered(limits.variable), entry, asked))
        yield from found or _prefilled(limits, asked.ordered(limits.variable), entry, asked)
        is_reported = any(each.severity is Severity.ERROR for each in found)
    rates = entry.limits.get(BOLUS_RATE)
    if rates is not None and not is_reported:  # too high a dose is too fast as well
        found = list(passed_limits(BOLUS_FLOW, BOLUS_FLOW, rates, asked.ordered(rates.variable), entry, asked))
        yield from found or _prefilled(rates, asked.ordered(rates.variable), entry, asked)
    yield from _strength(entry, asked)


def _amounts(entry: Entry) -> LimitSet | None:
    """Return the limits of an entry that bounds a dose, and not a dose rate."""
    limits = entry.limits.get(DOSE)
    return limits if limits is not None and limits.variable in {of.DOSE, of.DOSE_PER_KG, of.VOLUME} else None


def _no_bolus(entry: Entry, asked: MatchedOrder) -> Coded:
    order, use, by_pump = asked.order, asked.use, asked.given == BY_PUMP
    severity = Severity.ERROR if by_pump else Severity.NOTE
    message = f"the bolus of {order.drug} is given by pump, and the entry {at_entry(entry, use)} allows none"
    if not by_pump:
        message = f"the entry {at_entry(entry, use)} allows no bolus of {order.drug}: it cannot be given by the pump"
    field = next((name for name in FIELDS["bolus"] if name in order.fields), None)
    pointer = order.at(field) if field is not None else order.pointer
    hit = Hit(message, (use.library.source,), pointer, order.texts.get(field or ""), severity=severity)
    return Coded(NO_BOLUS, hit, severity)


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
    text = f"{number_text(number)} {limits.unit.name}" if number is not None else None
    comes_to = f" = {rounded(number)} {limits.unit.name}" if number is not None else ""
    message = f"the {name.replace('_', ' ')} {field_text(order, name)}{comes_to}: the pump asks for {limits.unit.name}"
    message += f" in the entry {at_entry(entry, use)}"
    return Hit(message, (use.library.source,), order.at(name), field_text(order, name), text, severity=other.severity)


def _same_kind(unit: Unit, limits: LimitSet) -> bool:
    return not limits.kind or unit.parts[0].dimension.removeprefix("drug_") == limits.kind


# --- limits -------------------------------------------------------------------------------------------------------


def _dose(limits: LimitSet, entry: Entry, asked: MatchedOrder) -> Iterator[Coded]:
    """Yield the limits that the ordered dose passes, else those that the set rate passes once it is rounded."""
    judged, use = asked.judged, asked.use
    if judged.built.kind and limits.kind not in {"", judged.built.kind}:
        return
    number, real = asked.ordered(limits.variable), asked.delivered(limits.variable, entry)
    if real is not None and not asked.says_dose:
        number = real
    if number is not None and _is_any_weight(number, limits, judged):
        yield _weight_missing(judged, entry, use)
        return
    found = list(passed_limits(HARD, SOFT, limits, number, entry, asked))
    yield from found
    if real is not None and real is not number and not any(each.code == HARD for each in found):
        # Beside a dose that warns, a rounded rate that stops is one more mistake, and one that warns too is not.
        made = passed_limits(HARD, ROUNDED, limits, real, entry, asked, is_set=True)
        yield from (each for each in made if not found or each.code == HARD)
    if not found and number is not None and number.is_point:
        yield from _prefilled(limits, number, entry, asked)


def _prefilled(limits: LimitSet, number: Number | None, entry: Entry, asked: MatchedOrder) -> Iterator[Coded]:
    """Yield the value that the pump starts from, where another is ordered."""
    initial, use = limits.get(INITIAL), asked.use
    if initial is None or number is None or not use.library.is_pump or number.is_range or number.is_band:
        return
    factor = number.bounds.middle / initial.value if initial.value else None
    if factor is not None and _is_rounded(factor, number, limits, asked):
        return

    def made() -> Hit:
        each, ordered = number.mention, words(number, limits.unit).rstrip(",")
        message = f"the pump starts at {initial} in the entry {at_entry(entry, use)}, and {ordered} is ordered"
        return Hit(message, (use.library.source,), each.pointer, each.text, None, factor)

    yield Coded(PREFILLED, made, Severity.WARNING)


def _is_rounded(factor: Fraction, number: Number, limits: LimitSet, asked: MatchedOrder) -> bool:
    """Whether a number is an initial value once it is rounded: as it is written it has to be just that."""
    if number.is_point and number.mention.variable == limits.variable:
        return factor == 1
    deviation: Fraction = 1 + asked.judged.subject.knowledge.limits.deviation_percent / 100
    return 1 / deviation <= factor <= deviation if number.is_point else not is_far(factor)


def _is_any_weight(number: Number, limits: LimitSet, judged: SolvedOrder) -> bool:
    """Whether it hangs on a weight that nobody names whether a limit is passed."""
    if number.is_point or number.is_range or number.is_band or judged.system.has(of.WEIGHT):
        return False
    return limits.variable in PER_KG and may_pass(limits, number)


def _weight_missing(judged: SolvedOrder, entry: Entry, use: LibraryUse) -> Coded:
    order = judged.order
    message = f"the entry {at_entry(entry, use)} asks for a weight, and none is given: its limits were not compared"
    return Coded(NO_WEIGHT, Hit(message, (use.library.source,), order.pointer), Severity.NOTE)


# --- strength, flow, volume ---------------------------------------------------------------------------------------


def _strength(entry: Entry, asked: MatchedOrder) -> Iterator[Coded]:
    order, use, strength, label = asked.order, asked.use, asked.strength, asked.label
    end = soft_strength(entry, strength)
    if end is not None and strength is not None:
        side = "above" if end.name.endswith("max") else "below"
        message = f"the concentration {strength.text} is {side} the {end.words} {end} of {at_entry(entry, use)}"
        hit = Hit(f"{message}: the pump will alarm there", (use.library.source,), strength.pointer, strength.text)
        yield Coded(SOFT, hit, Severity.WARNING)
    if label is None or entry.amount is None or label.amount.unit == entry.amount.unit:
        return
    message = f"{label.amount} in {label.volume} is written in another unit in the entry {at_entry(entry, use)}"
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
        yield from passed_limits(HARD, HARD, flow_limits(least, most), number, entry, asked)


def _volume(entry: Entry, asked: MatchedOrder) -> Iterator[Coded]:
    """Yield the VTBI above that of an entry, of its care area or of the pump."""
    order, library, volume = asked.order, asked.use.library, asked.vtbi
    most = library.max_vtbi_of(entry)
    if volume is None or most is None or not volume.exceeds(most):
        return
    where = f" in {entry.care_area}" if entry.care_area else ""
    text, wrong = field_text(order, "vtbi"), Severity.ERROR
    message = f"the VTBI {text} is above {most}, the maximum of {library.name}{where}"
    hit = Hit(message, (library.source,), order.at("vtbi"), text, expected_range=(None, str(most)), severity=wrong)
    yield Coded(VTBI, hit, wrong)
