"""What of an order passes a limit of an entry, in words: which limit, by how much, and what would pass."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.library.pump_library import BOLUS, BOLUS_RATE, PREFIXES
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.quantities.decimal_text import json_number, plain
from rescuecalc.core.quantities.quantity import PumpRate
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.order_model.model_wording import quantity_text, rounded
from rescuecalc.rules.library.numbers import Number, in_unit, passed, value_text, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rescuecalc.core.library.limits import Limit, LimitSet
    from rescuecalc.core.library.pump_library import Entry, LibraryUse
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.core.quantities.units import Unit
    from rescuecalc.rules.library.numbers import Passed
    from rescuecalc.rules.library.order_limits.asked_order import MatchedOrder

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


def at_entry(entry: Entry, use: LibraryUse) -> str:
    """Return an entry as messages name it, with its library and line."""
    return f"{entry.words} ({use.library.name}, line {entry.line})"


def number_text(number: Fraction) -> str:
    """Return a number as it would be written in a field."""
    return plain(json_number(number)[0])


def field_text(order: Order, name: str) -> str:
    """Return a field of an order as it is written."""
    return order.texts.get(name) or str(order.fields[name])


def passed_limits(
    hard: str,
    soft: str,
    limits: LimitSet,
    number: Number | None,
    entry: Entry,
    asked: MatchedOrder,
    *,
    is_set: bool = False,
) -> Iterator[Coded]:
    """Yield the limit of an entry that a number passes, under the code of a hard or of a soft one."""
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
    expected = f"{number_text(Fraction(count))} {time.unit.name}" if count else None
    return made._replace(pointer=order.at("give_over"), found=field_text(order, "give_over"), expected=expected)


_PREFIX_OF: Final = {BOLUS_DOSE: PREFIXES[BOLUS], BOLUS_FLOW: PREFIXES[BOLUS_RATE]}


def _message(found: Passed, limits: LimitSet, number: Number, entry: Entry, use: LibraryUse, *, is_set: bool) -> str:
    end = found.limit
    side = "above" if found.is_above else "below"
    begins = words(number, limits.unit)
    if is_set:
        begins = f"the pump rate {number.mention.text} delivers {_span(number, limits.unit)}, which"
    does = "stops there" if end.is_hard else "will alarm there"
    what = f"{end.words} {end} of {at_entry(entry, use)}"
    partly = " for some of the weights that it is for" if found.partly else ""
    factor = _factor(found, number)
    times = f"; {rounded(factor)} times the limit" if factor is not None and is_far(factor) else ""
    pump = f": the pump {does}" if use.library.is_pump else ""
    return f"{begins} is {side} the {what}{partly}{times}{pump}"


_NEAR: Final = (Fraction(2, 3), Fraction(3, 2))
"""Between these a factor says less than the two numbers do."""


def is_far(factor: Fraction) -> bool:
    """Whether a factor says more than the two numbers do."""
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
    return f"{number_text(count * size)} {rate.unit.name}" if count else None
