"""How the order model's results read: a formula in the order's own numbers, what is expected, which error fits."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.bounds import Bounds, between
from rescuecalc.core.orders.findings.finding import Alternative
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.diagnosis import FOLLOWERS
from rescuecalc.core.orders.model.mention import in_unit_of
from rescuecalc.core.orders.model.rewriting import number_text
from rescuecalc.core.orders.model.solution import is_consistent, solution
from rescuecalc.core.orders.model.system import CAP_OF
from rescuecalc.core.quantities.decimal_text import people_number, plain, significant
from rescuecalc.core.quantities.label_strength import strength

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rescuecalc.core.orders.model.diagnosis import Diagnosis
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.repair import Repair
    from rescuecalc.core.orders.model.system import System
    from rescuecalc.core.orders.model.tuning import Tolerances
    from rescuecalc.core.quantities.quantity import Quantity

DIGITS: Final = 3 + 1
"""Significant digits of a worked-out number in a message; the JSON carries it whole."""

_EXACT_DIGITS: Final = 6
_ANY_WEIGHT: Final = between(Fraction(1, 10**3), Fraction(10**6))

# Each way in which a variable follows from two others: (first, sign, second).
_WAYS: Final = {
    of.DOSE: ((of.DOSE_PER_KG, "×", of.WEIGHT), (of.VOLUME, "×", of.CONCENTRATION), (of.DOSE_RATE, "×", of.TIME)),
    of.DOSE_RATE: (
        (of.DOSE_RATE_PER_KG, "×", of.WEIGHT),
        (of.PUMP_RATE, "×", of.CONCENTRATION),
        (of.DOSE, "÷", of.TIME),
    ),
    of.VOLUME: ((of.PUMP_RATE, "×", of.TIME), (of.DOSE, "÷", of.CONCENTRATION), (of.VOLUME_PER_KG, "×", of.WEIGHT)),
    of.PUMP_RATE: (
        (of.PUMP_RATE_PER_KG, "×", of.WEIGHT),
        (of.DOSE_RATE, "÷", of.CONCENTRATION),
        (of.VOLUME, "÷", of.TIME),
    ),
    of.CONCENTRATION: ((of.DOSE, "÷", of.VOLUME), (of.DOSE_RATE, "÷", of.PUMP_RATE)),
    of.TIME: ((of.VOLUME, "÷", of.PUMP_RATE), (of.DOSE, "÷", of.DOSE_RATE)),
    of.DOSE_PER_KG: ((of.DOSE, "÷", of.WEIGHT),),
    of.DOSE_RATE_PER_KG: ((of.DOSE_RATE, "÷", of.WEIGHT),),
    of.VOLUME_PER_KG: ((of.VOLUME, "÷", of.WEIGHT),),
    of.PUMP_RATE_PER_KG: ((of.PUMP_RATE, "÷", of.WEIGHT),),
    of.WEIGHT: ((of.DOSE, "÷", of.DOSE_PER_KG), (of.DOSE_RATE, "÷", of.DOSE_RATE_PER_KG)),
}


def name_of(each: Mention) -> str:
    """Return what a mention is called in a sentence: its field."""
    return {"vtbi": "VTBI"}.get(each.place, each.place.replace("_", " "))


def derivation(variable: str, system: System) -> str | None:
    """Return how a variable follows from the others, in the order's own numbers; None where it does not."""
    return _expanded(variable, system, frozenset({variable}))


def _expanded(variable: str, system: System, seen: frozenset[str]) -> str | None:
    """Return the first of the ways in which a variable follows: from the dose, else from what is set."""
    for first, sign, second in _ways(variable, system):
        if first in seen or second in seen:
            continue
        terms = _term(first, system, seen | {variable}), _term(second, system, seen | {variable, first})
        if terms[0] is None or terms[1] is None:
            continue
        below = f"({terms[1]})" if sign == "÷" and (" × " in terms[1] or " ÷ " in terms[1]) else terms[1]
        return _at_most(variable, f"{terms[0]} {sign} {below}", system)
    return None


def _ways(variable: str, system: System) -> tuple[tuple[str, str, str], ...]:
    found = _WAYS.get(variable, ())
    return found[::-1] if variable == of.VOLUME and not system.has(of.PUMP_RATE) else found


def _at_most(variable: str, text: str, system: System) -> str:
    cap = system.first(CAP_OF.get(variable, ""))
    return f"{text}, at most {cap.text}" if cap is not None else text


def is_exactly(repair: Repair, system: System) -> bool:
    """Whether a formula in the order's own numbers gives just what is expected, and not only about that."""
    value = _value(repair.blamed.variable, system, frozenset({repair.blamed.variable}))
    expected = repair.expected
    return value is None or expected is None or rounded(value) == rounded(expected.value)


def _value(variable: str, system: System, seen: frozenset[str]) -> Fraction | None:
    """Return what the formula of `derivation` comes to in base units, None where no weight is known."""
    for first, sign, second in _ways(variable, system):
        if first in seen or second in seen:
            continue
        one, other = (
            next((each.value for each in system.of(name)), None) or _value(name, system, seen | {variable, first})
            for name in (first, second)
        )
        if one is not None and other:
            return one * other if sign == "×" else one / other
    return None


def _term(variable: str, system: System, seen: frozenset[str]) -> str | None:
    written = system.first(variable)
    if written is not None:
        return f"the concentration of {written.text}" if written.place == "product" else written.text
    if variable == of.WEIGHT:
        seed = system.seeds.get(of.WEIGHT)
        return span_text(seed, "kg") if seed is not None and seed.high is not None else None
    return _expanded(variable, system, seen)


def span_text(of_bounds: Bounds, unit: str) -> str:
    """Return bounds as a person reads them: ``40 to 150 kg``."""
    low = rounded(of_bounds.low)
    high = rounded(of_bounds.high) if of_bounds.high is not None else "more"
    return f"{low} {unit}" if low == high else f"{low} to {high} {unit}"


def rounded(value: Fraction) -> str:
    """Return a number in four significant digits, with a thousands comma."""
    return people_number(Fraction(significant(value, DIGITS)))


def quantity_text(value: Fraction, like: Quantity, digits: int = _EXACT_DIGITS) -> str:
    """Return a value in base units as it would be written in the unit of ``like``."""
    return f"{number_text(in_unit_of(value, like), digits)} {like.unit.name}"


def expected_text(repair: Repair) -> str | None:
    """Return what to write in place of the blamed mention, None where no single value can be told."""
    made = repair.expected
    if made is None:
        return None
    if repair.blamed.place != "product":
        return made.text
    label = strength(repair.blamed.text)
    if label is None:
        return None  # a catalogue id: which product is meant nobody can tell
    amount = label.amount.magnitude * made.value / repair.blamed.value
    return f"{plain(significant(amount, _EXACT_DIGITS))} {label.amount.unit.name} in {label.volume}"


def range_of(repair: Repair, tolerances: Tolerances, *, always: bool = False) -> tuple[str | None, str | None] | None:
    """Return the ends of what can be right, as they would be written; None where one does, unless ``always``."""
    right = repair.right
    if right is None or repair.blamed.place == "product" or right.middle <= 0:
        return None
    is_determined = right.high is not None and 0 < right.high <= right.low * tolerances.known
    if is_determined and not always:
        return None
    low = quantity_text(right.low, repair.blamed.quantity) if right.low > 0 else None
    high = quantity_text(right.high, repair.blamed.quantity) if right.high is not None else None
    return (low, high) if low or high else None


def range_words(ends: tuple[str | None, str | None]) -> str:
    """Return a range as a person reads it: ``7.2 to 27 mL/h``, ``at most 15 mg/h``."""
    low, high = ends
    if low is None:
        return f"at most {high}"
    if high is None:
        return f"at least {low}"
    return f"{low.partition(' ')[0]} to {high}"


def alternatives(found: Diagnosis) -> tuple[Alternative, ...]:
    """Return the other repairs that are as likely."""
    return tuple(
        Alternative(each.blamed.pointer, each.blamed.text, expected_text(each), each.names)
        for each in found.alternatives
    )


def alternative_words(found: Diagnosis) -> str:
    """Return the end of a message that names the other repairs: ``; or the dose 800 mcg should be 361 mcg``."""
    parts = []
    for each in found.alternatives:
        expected = expected_text(each)
        what = f"the {name_of(each.blamed)} {each.blamed.text} is wrong"
        parts.append(f"; or {what}" + (f" ({expected} would agree)" if expected is not None else ""))
    return "".join(parts)


def fitting_weight(found: Diagnosis) -> str:
    """Return what the numbers imply as they are written: the weight that they fit, where it is not the order's."""
    if found.repair.blamed.variable == of.WEIGHT:
        return ""
    system = found.system.without(found.system.of(of.WEIGHT))._replace(seeds={of.WEIGHT: _ANY_WEIGHT})
    if not is_consistent(system):
        return ""
    weight = solution(system).bounds.get(of.WEIGHT)
    if weight is None or weight.high is None or weight.high > weight.low * Fraction(3, 2):
        return ""
    return f"; the numbers fit a weight of {rounded(weight.middle)} kg"


def times_words(factor: Fraction, of: str = "") -> str:
    """Return a factor as a person reads it: ``10 times as much``, ``1/60 of it``, ``1/5 of 50 mcg/mL``."""
    if factor >= 1:
        return f"{rounded(factor)} times {of or 'as much'}"
    return f"1/{rounded(1 / factor)} of {of or 'it'}"


def what_follows(followed: Sequence[Mention]) -> str:
    """Return the words of the numbers that were worked out from the wrong one, and are wrong with it."""
    if not followed:
        return ""
    named = " and ".join(f"the {name_of(each)} {each.text}" for each in followed)
    return f"; {named} {'follow' if len(followed) > 1 else 'follows'} from it and must be calculated again"


def worked_out_from(blamed: Mention, system: System) -> tuple[Mention, ...]:
    """Return what an order says besides that is worked out from one of its numbers."""
    names = FOLLOWERS.get(blamed.variable, ())
    return tuple(each for each in system.mentions if each.variable in names and each is not blamed)
