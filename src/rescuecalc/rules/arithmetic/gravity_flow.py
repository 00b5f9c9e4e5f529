"""Flows that no pump runs: a fluid by gravity or under pressure, and a litre of it in an hour."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.fluids import FLUID
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Duration, PumpRate, Volume
from rescuecalc.core.regimen.bolus import bolus_flow

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_AMOUNTS: Final = frozenset(("dose", "dose_per_kg", "dose_rate", "dose_rate_per_kg", "concentration", "product"))


_RUN_IN: Final = lazy_pattern(r"\b(?:mannitol|lipid|intralipid|hypertonic)", re.IGNORECASE)
"""Drugs in so much volume that they are run in by hand, by gravity or under pressure, whatever their dose."""

_LIPID: Final = lazy_pattern(r"\blipid|\bintralipid", re.IGNORECASE)  # ordered as a rate that no pump runs


def runs_without_pump(flow: PumpRate, order: Order, subject: Subject) -> bool:
    """Whether a fluid is given in a time that is written, a rate agreeing with it: a litre of saline in an hour.

    A rate alone may have lost its decimal point, and a drug is not given by gravity, but for a few in much volume.
    """
    written = order.texts.get("drug", "")
    if _RUN_IN.search(written) is not None and ("pump_rate" not in order.fields or _LIPID.search(written) is not None):
        is_slow = flow.value_in("mL/h") <= subject.knowledge.tuning().by_gravity
        return is_slow or (order.given_as == "bolus" and "pump_rate" not in order.fields)
    if FLUID.search(written) is None:
        return False
    is_drug = bool(_AMOUNTS & order.fields.keys()) or "product" in order.texts
    if is_drug or subject.knowledge.has_known_doses(order.drug):
        return False
    volume = order.quantity("volume", Volume)
    time = order.quantity("give_over", Duration) or order.quantity("run_time", Duration)
    if volume is None or time is None:
        return False
    needed, share = bolus_flow(volume, time).value_in("mL/h"), subject.knowledge.limits.deviation_factor
    agrees = needed <= flow.value_in("mL/h") * share and flow.value_in("mL/h") <= needed * share
    return agrees and needed <= subject.knowledge.tuning().by_gravity


def is_litre(flow: PumpRate, order: Order, subject: Subject) -> bool:
    """Whether a fluid with nothing in it runs for a stated short time: `1000 mL/h for 1 h` is a litre in an hour."""
    time = order.quantity("run_time", Duration)
    if time is None or not _AMOUNTS.isdisjoint(order.texts) or FLUID.search(order.texts.get("drug", "")) is None:
        return False
    return flow.value_in("mL/h") * time.value_in("h") <= subject.knowledge.tuning().by_gravity
