"""RC4: the cap that an order or a protocol file states: one that never binds, and one that hides every dose."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model.agreement import exact, in_unit_of
from rescuecalc.core.quantities.decimal_text import plain, significant
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Dose, DosePerKg, DoseRate, DoseRatePerKg
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.reference.stroke_set import is_for_stroke
from rescuecalc.rules.facts.text.child_in_text import names_child

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.literature.limits import Limits
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.rules.base.knowledge import Subject

_DIGITS = 6
_TITRATED = lazy_pattern(r"\b(?:(?:up)?titrat|increas|escalat|doubl)\w*|\b(?:adjust|go up)\b", re.IGNORECASE)

_CAPPED = (
    ("max_dose", Dose, "dose_per_kg", DosePerKg),
    ("max_dose_rate", DoseRate, "dose_rate_per_kg", DoseRatePerKg),
)


def _never_binds(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        is_titrated = _TITRATED.search(order.texts.get("text", "")) is not None
        if "text" in order.texts:
            yield from _flow_never_binds(order, subject, is_titrated=is_titrated)
        if is_titrated:
            continue  # the dose per kg is the start, and the cap where titration ends
        for name, role, field, per_kg_role in _CAPPED:
            cap, per_kg = order.quantity(name, role), order.quantity(field, per_kg_role)
            if cap is not None and per_kg is not None and not _is_blamed(order, subject, field):
                hits = _beyond_every_dose(cap, per_kg, f"{order.pointer}/{name}", subject.knowledge.limits)
                # Where the order's own numbers show that another one is wrong, the cap may be right.
                yield from (each._replace(severity=None) if _is_blamed(order, subject) else each for each in hits)
            elif cap is not None and per_kg is None and name == _CAPPED[0][0]:
                yield from _above_thrombolysis(order, cap, subject)
        if "text" in order.texts:
            yield from _text_never_binds(order, subject)


def _above_thrombolysis(order: Order, cap: Quantity, subject: Subject) -> Iterator[Hit]:
    """Yield the cap of a thrombolytic's dose that is above the most that is given in a stroke."""
    known = subject.knowledge.agent_facts().thrombolytics.get(order.drug)
    if known is None or not cap.is_mass() or not is_for_stroke(subject) or not cap.exceeds(known.most):
        return
    message = f"the cap of {cap} is above the most of {order.drug}: {known.said.dose}"
    yield Hit(message, known.sources, order.at("max_dose"), cap.text or str(cap), f"at most {known.most}")


def _is_blamed(order: Order, subject: Subject, field: str = "") -> bool:
    """Whether the order's own numbers show that one of them is wrong, with ``field`` that this one is."""
    if not order.texts:
        return False
    from rescuecalc.rules.facts.order_model.judged_order import judged_of  # noqa: PLC0415  # of what was written in a file alone

    judged = judged_of(order, subject)
    return judged is not None and any(field in {"", each.repair.blamed.place} for each in judged.found)


def _text_never_binds(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the same of a maximum that the order's text alone states; with a field's it is compared."""
    from rescuecalc.rules.facts.order_model.judged_order import judged_of  # noqa: PLC0415  # of what was written in a file alone
    from rescuecalc.rules.facts.order_model.order_system import text_shares  # noqa: PLC0415

    judged = judged_of(order, subject)
    if judged is None:
        return
    for name, _, field, _ in _CAPPED:
        stated = judged.system.of(name)
        is_of_text = bool(stated) and all(each.place == "text" for each in stated)
        for cap, per_kg in zip(stated[:1], judged.system.of(field), strict=False) if is_of_text else ():
            # Of "10 % of 0.9 mg/kg, max 90 mg" the most is that of the whole.
            whole = per_kg.quantity.magnitude / min(text_shares(order.texts["text"]), default=1)
            total = replace(per_kg.quantity, magnitude=whole)
            yield from _beyond_every_dose(cap.quantity, total, cap.pointer, subject.knowledge.limits)


def _flow_never_binds(order: Order, subject: Subject, *, is_titrated: bool) -> Iterator[Hit]:
    """Yield the same of a pump rate that the text states as the most: above what the order's own maximum asks for."""
    from rescuecalc.core.orders.model import mention as of  # noqa: PLC0415  # of what was written in a file alone
    from rescuecalc.rules.facts.order_model.judged_order import judged_of  # noqa: PLC0415
    from rescuecalc.rules.facts.order_model.text_mentions import spoken  # noqa: PLC0415

    judged = judged_of(order, subject)
    if judged is None:
        return
    bounds = [each for each in spoken(judged) if each.said.is_cap and each.mention.variable == of.PUMP_RATE]
    strength = judged.solution.bounds.get(of.CONCENTRATION) if bounds else None
    if strength is None or strength.low <= 0:
        return
    limits = subject.knowledge.limits
    heaviest, possible = (exact(each.high).value for each in (limits.usual_weight, limits.weight))
    rates = [each.value for each in judged.system.of(of.MAX_DOSE_RATE)]
    if not rates and not is_titrated:
        rates = [each.value * heaviest for each in judged.system.of(of.DOSE_RATE_PER_KG)]
    for each in bounds if rates else ():
        flow = of.in_unit_of(max(rates) / strength.low, each.mention.quantity)
        if each.mention.number <= flow * limits.deviation_factor:
            continue
        number = f"{plain(significant(flow, _DIGITS))} {each.mention.quantity.unit.name}"
        message = f"the text's most of {each.mention.text} can never bind: {number} is the most that the order asks for"
        severity = Severity.ERROR if each.mention.number > flow * possible / heaviest else None
        text, at = each.mention.text, each.mention.pointer
        yield Hit(message, (limits.source,), at, text, severity=severity, expected_range=(None, number))


def _beyond_every_dose(cap: Quantity, per_kg: Quantity, pointer: str, limits: Limits) -> Iterator[Hit]:
    """Yield the hit of a cap above what the dose per kg gives at any usual weight; at any weight at all, an error."""
    most, possible = (exact(per_kg).times(exact(each.high)) for each in (limits.usual_weight, limits.weight))
    if most.drug != exact(cap).drug or exact(cap).value <= most.value:
        return
    number = plain(significant(in_unit_of(most, cap), _DIGITS))
    reached = f"{per_kg} × {limits.usual_weight.high} is {number} {cap.unit.name}"
    message = f"the cap of {cap} can never bind: {reached}, the most that a usual weight gives"
    is_slip = exact(cap).value > possible.value
    yield Hit(
        message,
        (limits.source,),
        pointer,
        cap.text or str(cap),
        severity=Severity.ERROR if is_slip else None,
        expected_range=(None, f"{number} {cap.unit.name}"),
    )


def _always_binds(subject: Subject) -> Iterator[Hit]:
    """Yield the caps below every usual dose: of a written order the model finds them, with what else is wrong."""
    if subject.written:
        from rescuecalc.rules.facts.order_model.contradiction import CAP_BINDS, hits_of  # noqa: PLC0415  # not for a dose at the bedside

        yield from hits_of(CAP_BINDS)(subject)
        yield from _for_children(subject)
    limits = subject.knowledge.limits
    lightest = limits.usual_weight.low
    for order in (order for order in subject.order_set.orders if not order.texts):
        for name, role, field, per_kg_role in _CAPPED:
            cap, per_kg = order.quantity(name, role), order.quantity(field, per_kg_role)
            least = exact(per_kg).times(exact(lightest)) if per_kg is not None else None
            if cap is None or least is None or least.drug != exact(cap).drug or exact(cap).value >= least.value:
                continue
            number = f"{plain(significant(in_unit_of(least, cap), _DIGITS))} {cap.unit.name}"
            message = (
                f"the cap of {cap} is below every dose: {per_kg} × {lightest}, the least of a usual weight, is "
                f"{number}, so that {per_kg} is never given"
            )
            hit = Hit(message, (limits.source,), f"{order.pointer}/{name}", str(cap))
            yield hit._replace(expected_range=(number, None))


def _for_children(subject: Subject) -> Iterator[Hit]:
    """Yield the caps that bind for every adult, and not for a child, in a set that speaks of none."""
    from rescuecalc.rules.facts.order_model.order_system import lightest_child  # noqa: PLC0415  # of what was written in a file alone

    made, limits = subject.order_set, subject.knowledge.limits
    says = (*made.texts.values(), *(text for order in made.orders for text in order.texts.values()))
    if made.weight is not None or any(map(names_child, says)):
        return
    for order in subject.written:
        if order.when or order.weight_band is not None or subject.knowledge.has_published_range(order.drug):
            continue
        for name, role, field, per_kg_role in _CAPPED:
            cap, per_kg = order.quantity(name, role), order.quantity(field, per_kg_role)
            if cap is None or per_kg is None or not per_kg.magnitude or exact(per_kg).drug != exact(cap).drug:
                continue
            binds, usual = exact(cap).value / exact(per_kg).value, limits.usual_weight.low.value_in("kg")
            if lightest_child(subject.knowledge) <= binds < usual:
                kg = plain(significant(binds, 3))
                message = f"the cap of {cap} binds from {kg} kg on: {per_kg} is given to children alone"
                yield Hit(message, (limits.source,), order.at(name), str(cap), severity=Severity.WARNING)


RULES = (
    declared(
        "RC421",
        "cap-that-never-binds",
        Severity.WARNING,
        _never_binds,
        "rescuecalc",
        checks="A maximum dose or dose rate, in a field or in the text, against the dose at "
        "{limits.usual_weight.high}; a maximum pump rate in the text also against the order's maximum; an "
        "error if only a patient above {limits.weight.high} would reach it.",
        severities=(Severity.ERROR,),
        why="A cap above every dose looks like a safeguard but has no effect; often its unit is wrong.",
        fails="{drug: eptifibatide, kind: infusion, dose_rate_per_kg: 2 mcg/kg/min, max_dose_rate: 150 mg/h}",
        passes="{drug: eptifibatide, kind: infusion, dose_rate_per_kg: 2 mcg/kg/min, max_dose_rate: 15 mg/h}",
        remedy="Check number and unit of the cap.",
        limits="No publication states this limit of a usual weight: it is a limit of rescuecalc, and a site may "
        "set its own. Not for an order whose text titrates it.",
        yields_to="RC665",
    ),
    declared(
        "RC427",
        "cap-below-every-dose",
        Severity.ERROR,
        _always_binds,
        "rescuecalc",
        checks="A maximum dose or dose rate against the dose at {limits.usual_weight.low}, or a lower weight.",
        of_set=True,
        severities=(Severity.WARNING,),
        why="A cap that always applies replaces the dose per kg: even a tenth of it passes as capped.",
        fails="{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, max_dose: 80 mcg}",
        passes="{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, max_dose: 1000 mcg}",
        remedy="Check number and unit of the cap.",
        limits="A cap that every adult reaches and a child does not is a warning if no weight is known, and no finding "
        "in a set that names children. The limit of a usual weight is that of rescuecalc, and a site may set its own. "
        "A cap that applies to heavy patients only is compared with those of the sources (RC425).",
    ),
)
