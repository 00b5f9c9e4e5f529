"""What the labels' renal rules leave of a dose for the patients that an order is meant for."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.condition_interval import Interval, covered
from rescuecalc.core.orders.text.text_shares import highest_clearance
from rescuecalc.core.quantities.quantity import CreatinineClearance
from rescuecalc.core.quantities.units import unit

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.regimen.protocol import Protocol
    from rescuecalc.core.renal.creatinine_clearance import RenalBand, RenalRule
    from rescuecalc.rules.base.knowledge import Subject

_CLEARANCE: Final = "creatinine_clearance"
_UNIT: Final = "mL/min"
_BELOW: Final = 1 - Fraction(1, 10**3)
"""A clearance just below the end of a condition that leaves its end out."""


_NO_CLEARANCE: Final = CreatinineClearance(Fraction(0), unit(_UNIT))


def renal_clearance(subject: Subject) -> CreatinineClearance | None:
    """Return the clearance by which doses are adjusted: on dialysis the lowest there is, whatever was calculated."""
    state = subject.order_set.state
    return _NO_CLEARANCE if state is not None and state.dialysis else subject.order_set.clearance


def renal_shares(order: Order, subject: Subject) -> tuple[Fraction, ...]:
    """Return by what a label of the drug multiplies the dose of an order at all clearances that it is for.

    They are those of its own condition, else the patient's; a share of 1 is left out.
    """
    clearance = _highest(order, subject)
    if clearance is None:
        return ()
    bands = [rule.band(clearance) for rule in subject.knowledge.renal_rules() if rule.drug == order.drug]
    shares = {band.factor(order.given_as) for band in bands}
    # Into an artery nothing is adjusted by any label.
    return tuple(sorted(shares - {Fraction(1)})) if order.route != "IA" else ()


def bands_of(rule: RenalRule, order: Order, subject: Subject) -> tuple[RenalBand, ...]:
    """Return the bands of a rule for the clearances that an order is for; all where nothing is said of them."""
    condition = next((each for each in order.when if each.name == _CLEARANCE), None)
    clearance = renal_clearance(subject)
    held = covered(condition, _UNIT) if condition is not None else Interval()
    if clearance is not None:
        point = clearance.value_in(_UNIT)
        if not held.meet(Interval(point, with_low=True, high=point, with_high=True)).is_empty:
            return (rule.band(clearance),)
    if condition is None:
        return rule.bands
    touched, rest = [], Interval()
    for band in rule.bands:
        if band.up_to is None:
            mine = rest
        else:
            high = band.up_to.value_in(_UNIT)
            mine, rest = Interval(rest.low, rest.with_low, high, band.includes), Interval(high, not band.includes)
        if not held.meet(mine).is_empty:
            touched.append(band)
    # A condition that meets no band can be no clearance: then none of them is excluded, rather than all.
    return tuple(touched) or rule.bands


def factors_due(order: Order, protocol: Protocol, subject: Subject) -> tuple[Fraction, ...]:
    """Return by what a protocol's renal rule multiplies an order's dose at the clearances that it is for."""
    rule = subject.knowledge.own_rule(protocol)
    if rule is None:
        return (Fraction(1),)
    bands = bands_of(rule, order, subject)
    return tuple(sorted({band.factor(order.given_as) for band in bands}, reverse=True))


def clearances_of(order: Order, subject: Subject) -> Interval | None:
    """Return the clearances that an order is for, in mL/min: those of its condition, else the patient's.

    None where neither is known.
    """
    condition = next((each for each in order.when if each.name == _CLEARANCE), None)
    if condition is not None:
        return covered(condition, _UNIT)
    clearance = renal_clearance(subject)
    if clearance is None:
        return None
    point = clearance.value_in(_UNIT)
    return Interval(point, with_low=True, high=point, with_high=True)


def _highest(order: Order, subject: Subject) -> CreatinineClearance | None:
    """Return the highest clearance that an order is for: lower ones are adjusted at least as much."""
    condition = next((each for each in order.when if each.name == _CLEARANCE), None)
    if condition is None:
        known = renal_clearance(subject)
        said = highest_clearance(order.texts.get("text", "")) if known is None else None
        return known if said is None else CreatinineClearance(said, unit(_UNIT))
    end = covered(condition, _UNIT)
    if end.high is None:
        return None
    return CreatinineClearance(end.high if end.with_high else end.high * _BELOW, unit(_UNIT))
