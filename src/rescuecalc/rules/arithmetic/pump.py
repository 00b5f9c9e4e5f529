"""RC3: the order contradicts itself, or asks of a pump what it cannot do."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from rescuecalc.core.drugs.fluids import FLUID
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import (
    Concentration,
    Dose,
    DoseRate,
    DoseRatePerKg,
    Duration,
    PumpRate,
    Quantity,
    Volume,
)
from rescuecalc.core.quantities.units import unit
from rescuecalc.core.regimen.bolus import bolus_flow, bolus_volume
from rescuecalc.core.regimen.derivation import percent_text
from rescuecalc.core.regimen.infusion import dose_rate, pump_rate
from rescuecalc.core.regimen.product import ProductUse
from rescuecalc.rules.base.memo import Shared
from rescuecalc.rules.base.rule import Hit, declared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.literature.limits import Limits
    from rescuecalc.core.orders.model.system import System
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject


def _flows(order: Order) -> Iterator[tuple[str, PumpRate]]:
    rate = order.quantity("pump_rate", PumpRate)
    if rate is not None:
        yield "pump_rate", rate
    volume, time = order.quantity("volume", Volume), order.quantity("give_over", Duration)
    if volume is not None and time is not None:
        yield "give_over", bolus_flow(volume, time)


def _contradicts_itself(order: Order, subject: Subject) -> bool:
    """Whether a written order's own numbers, or its dose, show already that one of them is wrong."""
    if not order.texts:
        return False
    from rescuecalc.rules.facts.order_model.contradiction import is_within_rounding  # noqa: PLC0415  # of what was written in a file alone
    from rescuecalc.rules.facts.order_model.judged_order import judged_of  # noqa: PLC0415  # of what was written in a file alone

    judged = judged_of(order, subject)
    if judged is not None and any(not is_within_rounding(each.repair, judged) for each in judged.found):
        return True
    from rescuecalc.rules.facts.dose_outside import is_outside  # noqa: PLC0415

    return is_outside(order, subject)


def _derived_flow(order: Order, subject: Subject) -> tuple[str, PumpRate] | None:
    """Return the flow that the dose, weight, concentration and time of an order ask for where no rate is written.

    Of a weight that is not known it is the slowest.
    """
    if not order.texts or "pump_rate" in order.fields or {"volume", "give_over"} <= order.fields.keys():
        return None
    from rescuecalc.core.orders.model import mention as of  # noqa: PLC0415  # of what was written in a file alone
    from rescuecalc.rules.facts.order_model.judged_order import judged_of  # noqa: PLC0415

    judged = judged_of(order, subject)
    if judged is None or not judged.agrees:
        return None
    known = judged.solution.bounds
    flow, dose, time = known.get(of.PUMP_RATE), known.get(of.DOSE), known.get(of.TIME)
    strength = known.get(of.CONCENTRATION)
    if flow is None and dose is not None and time is not None and strength is not None:
        flow = dose.over(time).over(strength)
    names = ("dose_rate_per_kg", "dose_rate", "dose_per_kg", "dose", "volume", "vtbi")
    field = next((name for name in names if name in order.fields), None)
    if flow is None or field is None:
        return None
    return field, PumpRate(of.in_mL_per_h(flow.low), unit("mL/h"))


def _flow_words(order: Order, name: str, flow: PumpRate) -> str:
    strength = order.quantity("concentration", Concentration)
    of = f" of {strength}" if strength is not None else ""
    if name == "pump_rate":
        return f"the pump rate {flow}{of}"
    if name == "give_over":
        return f"the bolus, {order.fields['volume']}{of} in {order.fields['give_over']}, is {flow}"
    return f"the {name.replace('_', ' ')} {order.texts.get(name, order.fields[name])} asks for {flow}"


def _whose(subject: Subject) -> str:
    """Return whose the fastest rate is: the pump library's, where it says one, else rescuecalc's own."""
    use, source = subject.knowledge.library, subject.knowledge.pump_source
    if use is None or source != use.library.source:
        return _ASSUMED
    is_of_area = use.area is not None and use.area.max_rate is not None
    return f"maximum of {f'{use.area.name} in ' if use.area is not None and is_of_area else ''}{use.library.name}"


def _too_fast(subject: Subject) -> Iterator[tuple[Order, Hit]]:
    limits = subject.knowledge.limits
    for order in subject.order_set.orders:
        derived = _derived_flow(order, subject)
        flows = (*_flows(order), *((derived,) if derived is not None else ()))
        fast = [(name, flow) for name, flow in flows if _is_beyond(name, flow, order, limits)]
        if not fast or _is_breathed(order) or _is_pushed_by_hand(order, subject) or _contradicts_itself(order, subject):
            continue  # one mistake, one finding
        name, flow = fast[0]
        message = f"{_flow_words(order, name, flow)}: faster than {limits.pump_rate}, the {_whose(subject)}"
        hit = Hit(message, (subject.knowledge.pump_source,), order.at(name), order.texts.get(name) or str(flow))
        if _runs_without_pump(flow, order, subject):
            gravity = f"{message}: by gravity or under pressure alone"
            yield order, hit._replace(message=gravity, severity=Severity.WARNING)
        else:
            yield order, _slowed(hit, order, subject)


_AMOUNTS: Final = frozenset(("dose", "dose_per_kg", "dose_rate", "dose_rate_per_kg", "concentration", "product"))
_ASSUMED: Final = "assumed maximum of a pump"

_RUN_IN: Final = lazy_pattern(r"\b(?:mannitol|lipid|intralipid|hypertonic)", re.IGNORECASE)
"""Drugs in so much volume that they are run in by hand, by gravity or under pressure, whatever their dose."""

_LIPID: Final = lazy_pattern(r"\blipid|\bintralipid", re.IGNORECASE)
"""Lipid rescue is ordered as a rate that no pump runs."""

_GAS: Final = re.compile(r"\b(?:oxygen|O2|medical air|heliox|helium|nitric oxide|nitrous oxide)\b", re.IGNORECASE)


def _runs_without_pump(flow: PumpRate, order: Order, subject: Subject) -> bool:
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


def _is_breathed(order: Order) -> bool:
    """Whether an order is of a gas, whose flow no infusion pump sets."""
    return order.route == "INH" or _GAS.search(order.texts.get("drug", "")) is not None


def _is_beyond(name: str, flow: PumpRate, order: Order, limits: Limits) -> bool:
    """Whether no pump runs so fast; 1 L in 1 h is set as 999 mL/h, which is 1 L in 1 h as far as that is written."""
    most = limits.pump_rate
    if order.texts and (name != "pump_rate" or _is_timed_fluid(order)):
        return flow.value_in("mL/h") > most.value_in("mL/h") * limits.deviation_factor
    return flow.exceeds(most)


def _is_timed_fluid(order: Order) -> bool:
    """Whether a fluid and nothing in it runs for a stated time: `1000 mL/h for 1 h` is a litre in an hour."""
    is_drug = bool(_AMOUNTS & order.fields.keys()) or "product" in order.texts
    return "run_time" in order.fields and not is_drug and FLUID.search(order.texts.get("drug", "")) is not None


def _is_pushed_by_hand(order: Order, subject: Subject) -> bool:
    """Whether no pump is set for a bolus, and a syringe holds it.

    Of the products that serve a bolus the labels say in how many minutes they are given: those are taken for a pump's,
    unless the order says that it is pushed by hand.
    """
    if order.given_as != "bolus" or not order.texts or "pump_rate" in order.fields:
        return False
    from rescuecalc.rules.facts.order_model.pump_entries import is_told_by_hand  # noqa: PLC0415  # of what was written in a file alone

    if not is_told_by_hand(order) and any(
        each.serves - {ProductUse.INFUSION} for each in subject.knowledge.products_of(order.drug)
    ):
        return False
    from rescuecalc.core.orders.model import mention as of  # noqa: PLC0415  # of what was written in a file alone
    from rescuecalc.rules.facts.order_model.judged_order import judged_of  # noqa: PLC0415

    judged = judged_of(order, subject)
    volume = judged.solution.bounds.get(of.VOLUME) if judged is not None else None
    return volume is not None and of.in_mL(volume.low) <= subject.knowledge.tuning().syringe


_TOO_FAST: Final = Shared(_too_fast)
"""The flows that no pump can run, each with its order."""


def _slowed(hit: Hit, order: Order, subject: Subject) -> Hit:
    """Return the hit of a flow beyond the pump with the number that is most likely wrong, and the others."""
    limit = subject.knowledge.limits.pump_rate
    if not order.texts:
        return hit._replace(expected=f"at most {limit}")
    from rescuecalc.rules.facts.order_model.pump_limit import slower  # noqa: PLC0415  # of what was written in a file alone

    found = slower(order, subject)
    at_pump = hit._replace(expected_range=(None, str(limit))) if hit.pointer.endswith("/pump_rate") else hit
    return at_pump if found is None else found._replace(message=hit.message + found.message, sources=hit.sources)


def _open_groups(subject: Subject) -> set[str]:
    """Return the groups of options of which at least one is slow enough; what was written is no option of ours."""
    hit = {id(order) for order, _ in _TOO_FAST.of(subject)}
    options = (order for order in subject.order_set.orders if order.choose_one and not order.texts)
    return {order.choose_one for order in options if id(order) not in hit and order.choose_one}


def _faster_than_pump(subject: Subject) -> Iterator[Hit]:
    groups = _open_groups(subject)
    yield from (hit for order, hit in _TOO_FAST.of(subject) if order.choose_one not in groups)


def _option_faster_than_pump(subject: Subject) -> Iterator[Hit]:
    groups = _open_groups(subject)
    yield from (hit for order, hit in _TOO_FAST.of(subject) if order.choose_one in groups)


def _rounded_past_cap(subject: Subject) -> Iterator[Hit]:
    limits, protocol = subject.knowledge.limits, subject.protocol
    if protocol is None:
        return
    for order in subject.order_set.orders:
        compared = _expected(order, subject) if order.capped else None
        if compared is None:
            continue
        name, found, expected = compared
        if found.exceeds(expected):
            words = name.replace("_", " ")
            message = f"rounding takes the {words} to {found}, past the cap's {expected}"
            yield Hit(message, (limits.source,), order.at(name), str(found), str(expected))


_Compared: TypeAlias = "tuple[str, Quantity, Quantity]"
"""The rounded field of an order, what is written in it, and what its dose asks for."""


def _expected(order: Order, subject: Subject) -> _Compared | None:
    """Return the rounded field of an order, what is written in it, and what its dose asks for."""
    weight, concentration = subject.order_set.weight, order.quantity("concentration", Concentration)
    if concentration is None:
        return None
    volume, dose = order.quantity("volume", Volume), order.quantity("dose", Dose)
    if volume is not None and dose is not None:
        return "volume", volume, bolus_volume(dose, concentration)
    setting = order.quantity("pump_rate", PumpRate)
    rate, per_kg = order.quantity("dose_rate", DoseRate), order.quantity("dose_rate_per_kg", DoseRatePerKg)
    if rate is None and per_kg is not None and weight is not None:
        rate = dose_rate(per_kg, weight)
    return ("pump_rate", setting, pump_rate(rate, concentration)) if setting is not None and rate is not None else None


_ROUNDED: Final = ("volume", "pump_rate")


def _follows(order: Order, subject: Subject) -> Iterator[_Compared]:
    """Yield what `_expected` returns of each rounded number that was written, caps and label rows included.

    One that contradicts itself is an error of its own and no rounding; a row of a table is right for some weight.
    """
    from rescuecalc.core.orders.model.certainty import certainly_deviates_little  # noqa: PLC0415
    from rescuecalc.core.orders.model.mention import in_unit_of  # noqa: PLC0415  # of what was written in a file alone
    from rescuecalc.core.orders.model.solution import Later, solution  # noqa: PLC0415
    from rescuecalc.rules.facts.order_model.judged_order import judged_of  # noqa: PLC0415

    judged = judged_of(order, subject)
    if judged is None or not judged.agrees or order.weight_band is not None:
        return
    apart = judged.context.tuning.tolerances.rounded_apart
    share = subject.knowledge.limits.deviation_percent / 100
    if _surely_follows(judged.system, share):
        return
    for name in _ROUNDED:
        written = next((each for each in judged.system.of(name) if each.place == name), None)
        if written is None:
            continue
        known = solution(judged.system.without((written,))).bounds
        ends = known.ends.get(name) if isinstance(known, Later) else None
        if ends is not None and certainly_deviates_little(written, ends, float(apart), float(share)):
            continue
        right = known.get(name)
        is_determined = right is not None and right.high is not None and 0 < right.high <= right.low * apart
        if right is not None and is_determined:
            quantity = written.quantity
            yield name, quantity, replace(quantity, magnitude=in_unit_of(right.middle, quantity), text=None)


def _surely_follows(system: System, share: Fraction) -> bool:
    """Whether traced numbers are near what they were rounded from, whichever way the others are solved."""
    from rescuecalc.core.orders.model.surely_near import surely_near  # noqa: PLC0415  # of a file with many orders

    written = [each for name in _ROUNDED for each in system.of(name) if each.place == name]
    traced = any(type(each.value) is not Fraction for each in written)
    return traced and all(surely_near(each, system.without((each,)), share) for each in written)


def _deviates(subject: Subject) -> Iterator[Hit]:
    limits = subject.knowledge.limits
    for order in subject.order_set.orders:
        compared = _follows(order, subject) if order.texts else filter(None, (_expected(order, subject),))
        hits = (deviation(name, found, right, order.at(name), limits) for name, found, right in compared)
        # The second follows from the first, and with it deviates: one mistake.
        yield from islice((hit for hit in hits if hit is not None), 1)


def deviation(name: str, found: Quantity, expected: Quantity, pointer: str, limits: Limits) -> Hit | None:
    """Return the hit of a rounded number that is further from the exact one than ``limits`` allow, else None."""
    factor = found.value_in(expected.unit.name) / expected.magnitude
    percent = (factor - 1) * 100
    if -limits.deviation_percent <= percent <= limits.deviation_percent:
        return None
    words = name.replace("_", " ")
    is_error = abs(percent) > max(limits.deviation_error_percent, limits.deviation_percent)
    most = f"more than {limits.deviation_error_percent if is_error else limits.deviation_percent} %"
    message = f"the {words} {found} deviates by {percent_text(percent)} from the exact {expected}: {most}"
    severity = Severity.ERROR if is_error else None
    return Hit(message, (limits.source,), pointer, str(found), str(expected), factor, severity=severity)


RULES = (
    declared(
        "RC310",
        "flow-beyond-pump",
        Severity.ERROR,
        _faster_than_pump,
        "rescuecalc",
        severities=(Severity.WARNING,),
        checks="A pump rate, and a bolus volume divided by its time, against {limits.pump_rate}; without a named "
        "product, for each suitable one. A warning for a fluid with a stated volume and time of up to 2,000 mL/h.",
        why="The numbers of a wrong row can agree; a flow beyond any pump reveals it.",
        fails="dose us-label --weight 170kg --crcl 90mL/min --run-time 18h --bolus-product bag-250",
        passes="dose us-label --weight 80kg --crcl 90mL/min --run-time 18h --bolus-product bag-250",
        remedy="Check weight, concentration and time; give the bolus from a more concentrated product or over a "
        "longer time.",
        limits="A bolus without a stated time is not judged. Nor is a bolus without a pump rate, of at most 60 mL,"
        " of a drug without a catalogue product for a bolus: it is pushed by hand.",
        yields_to="RC301 RC303 RC304 RC425 RC665",
    ),
    declared(
        "RC311",
        "rounding-changes-dose",
        Severity.WARNING,
        _deviates,
        "rescuecalc",
        severities=(Severity.ERROR,),
        checks="The rounded volume or pump rate against the exact one; more than {limits.deviation_percent} % apart "
        "is a warning, more than {limits.deviation_error_percent} % an error.",
        why="At low weights one step of the pump is a large part of the dose.",
        fails="dose instant-2024 --weight 40kg --infusion-product bag-250 --pump-step 1mL/h",
        passes="dose instant-2024 --weight 40kg --infusion-product bag-250",
        remedy="Use a pump or syringe with a finer step.",
        limits="The {limits.deviation_percent} and {limits.deviation_error_percent} % are limits of rescuecalc; no"
        " publication states one. The row of a label's band table is not judged. Nor is the rounding of a dose that"
        " is an error itself.",
        follows="RC402 RC404 RC424",
    ),
    declared(
        "RC312",
        "option-beyond-pump",
        Severity.WARNING,
        _option_faster_than_pump,
        "rescuecalc",
        checks="As RC310, if another suitable product is slow enough.",
        why="The choice of product decides whether the bolus can be given in its time.",
        fails="dose eu-label-bolus --weight 100kg --run-time 24h --crcl 90mL/min",
        passes="dose eu-label-bolus --weight 100kg --run-time 24h --crcl 90mL/min --bolus-product vial-15",
        remedy="Name the product, with --bolus-product or --infusion-product.",
        limits="As RC310.",
    ),
    declared(
        "RC313",
        "rounded-past-cap",
        Severity.WARNING,
        _rounded_past_cap,
        "rescuecalc",
        checks="Whether rounding half up takes a capped volume or pump rate above its cap.",
        why="A cap is the most that may be given; rounding to the pump's step can exceed it slightly.",
        fails="dose abciximab-label --weight 100kg --infusion-concentration 36mcg/mL",
        passes="dose abciximab-label --weight 100kg --infusion-concentration 30mcg/mL",
        remedy="Set the pump one step lower, or use a finer step.",
        limits="Only where the cap applies; the printed number stays rounded half up.",
    ),
)
