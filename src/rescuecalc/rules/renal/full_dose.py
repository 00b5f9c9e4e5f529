"""RC516 and RC517: a dose that is not reduced where every label of the drug reduces it."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.condition_interval import Interval, covered
from rescuecalc.core.orders.findings.finding import Alternative, Severity
from rescuecalc.core.orders.model.mention import DOSE_RATE_PER_KG
from rescuecalc.core.orders.text.free_text import elsewhere
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import CreatinineClearance, DoseRatePerKg
from rescuecalc.core.quantities.units import unit
from rescuecalc.core.regimen.protocol import USER
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.order_model.judged_order import judged_of
from rescuecalc.rules.facts.text.patient_in_text import in_text
from rescuecalc.rules.renal.branch_text import unreduced_in_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.renal.creatinine_clearance import RenalRule
    from rescuecalc.rules.base.knowledge import Subject

_CLEARANCE: Final = "creatinine_clearance"
_UNIT: Final = "mL/min"
_MOST: Final = 40
"""Branches of one course that are compared; no label has more than three."""


def _labels(subject: Subject) -> tuple[RenalRule, ...]:
    return tuple(rule for rule in subject.knowledge.renal_rules() if rule.drug == subject.order_set.drug)


def _share(clearance: Fraction, kind: str, labels: tuple[RenalRule, ...]) -> Fraction:
    """Return the largest share of the dose that a label leaves at a clearance."""
    at = CreatinineClearance(clearance, unit(_UNIT))
    # The largest of them: where the labels differ (US 60, EU 30 mL/min) only what all of them reduce is an error.
    return max(rule.band(at).factor(kind) for rule in labels)


def _full_rates(order: Order, subject: Subject) -> list[Fraction]:
    """Return the rates, in mcg/kg/min, that protocols with a renal rule state for patients with a normal clearance."""
    return [
        step.dose_rate_per_kg.value_in("mcg/kg/min")
        for protocol in subject.knowledge.protocols()
        for step in protocol.infusions
        if protocol.drug == order.drug and protocol.renal is not None and (step.role == "load") is order.load
    ]


def _is_above_share(order: Order, share: Fraction, subject: Subject) -> bool:
    """Whether an infusion runs faster than every label leaves of its rate."""
    rate, full = order.quantity("dose_rate_per_kg", DoseRatePerKg), _full_rates(order, subject)
    return rate is not None and rate.is_mass() and bool(full) and rate.value_in("mcg/kg/min") > max(full) * share


def _on_dialysis(subject: Subject) -> Iterator[Hit]:
    if any("text" in order.texts for order in subject.order_set.orders):
        yield from _in_text(subject)
    state, labels, protocol = subject.order_set.state, _labels(subject), subject.protocol
    # A protocol with a renal rule reduces by the clearance; one that was typed as normal contradicts the dialysis.
    has_rule = protocol is not None and protocol.renal is not None and subject.order_set.clearance is None
    if state is None or not state.dialysis or not labels or has_rule:
        return
    for order in subject.order_set.orders:
        plain = order.given_as == "infusion" and not any(each.name == _CLEARANCE for each in order.when)
        if not plain or not _is_above_share(order, _share(Fraction(0), "infusion", labels), subject):
            continue
        message = (
            f"{order.drug} {order.fields['dose_rate_per_kg']} on dialysis is the full rate: every label halves the "
            "infusion at the lowest clearance"
        )
        # The stroke studies state no renal adjustment: with one of them named the full rate is what its source says.
        is_of_source = protocol is not None and protocol.renal is None and protocol.origin != USER
        named = f"; {protocol.id} states no renal rule" if protocol is not None and is_of_source else ""
        severity = Severity.WARNING if is_of_source else None
        sources = tuple(source for rule in labels for source in rule.sources)
        found = str(order.fields["dose_rate_per_kg"])
        place, cause = order.at("dose_rate_per_kg"), f"dialysis with {order.drug}"
        yield Hit(message + named, sources, place, found, severity=severity, cause=cause)


_REDUCED: Final = lazy_pattern(r"\b(?:half|halv\w*|reduc\w*|adjust\w*|50 ?%|renal dos\w+)", re.IGNORECASE)


def _in_text(subject: Subject) -> Iterator[Hit]:
    """Yield the texts that name a patient's low clearance, or dialysis, while the full rate stands."""
    made, labels, protocol = subject.order_set, _labels(subject), subject.protocol
    is_known = made.clearance is not None or (made.state is not None and made.state.dialysis is not None)
    if is_known or not labels or (protocol is not None and protocol.renal is not None):
        return
    infusions = [each for each in made.orders if each.given_as == "infusion" and each.drug == made.drug]
    for each in in_text.of(subject):
        if each.field not in {"dialysis", _CLEARANCE} or "GFR" in each.found.upper():
            continue  # an eGFR stands for no clearance
        clearance = Fraction(0) if each.field == "dialysis" else Fraction(each.written.replace(",", ""))
        share = _share(clearance, "infusion", labels)
        order = next((one for one in infusions if _is_full(one, share, subject)), None) if share < 1 else None
        if order is not None:
            message = (
                f"the text says {each.found}, and {order.drug} has its full rate: every label halves the infusion there"
            )
            severity = None if protocol is None else Severity.WARNING
            sources = tuple(source for rule in labels for source in rule.sources)
            cause = f"{each.field} with {order.drug}"
            yield Hit(message, sources, each.pointer, each.found, severity=severity, cause=cause)


def _is_full(order: Order, share: Fraction, subject: Subject) -> bool:
    """Whether an infusion, by its fields or its text, runs faster than every label leaves, and says nothing of less."""
    judged, full = judged_of(order, subject), _full_rates(order, subject)
    rate = judged.system.first(DOSE_RATE_PER_KG) if judged is not None else None
    if rate is None or not full or any(each.name == _CLEARANCE for each in order.when):
        return False
    text = order.texts.get("text", "")
    rates = [each.quantity for each in (*order.numbers_in_text(), *elsewhere(text)) if each.field == DOSE_RATE_PER_KG]
    is_lower = any(each.is_mass() and each.value_in("mcg/kg/min") <= max(full) * share for each in rates)
    is_reduced = is_lower or _REDUCED.search(text) is not None
    return not is_reduced and rate.quantity.is_mass() and rate.quantity.value_in("mcg/kg/min") > max(full) * share


def _interval(order: Order) -> Interval | None:
    condition = next((each for each in order.when if each.name == _CLEARANCE), None)
    return covered(condition, _UNIT) if condition is not None else None


Branch = tuple["Order", Interval, Fraction]

_AMOUNTS: Final = (
    ("dose_rate_per_kg", "mcg/kg/min"),
    ("dose_per_kg", "mcg/kg"),
    ("dose_rate", "mcg/min"),
    ("dose", "mcg"),
    ("pump_rate", "mL/h"),
)
"""What branches are compared by, each with itself alone: an amount in volume only beside the same concentration."""


def _amount(order: Order) -> tuple[str, Fraction] | None:
    """Return the field that says how much an order gives, nearest to the prescription, with its value."""
    for name, unit_name in _AMOUNTS:
        value = order.fields.get(name)
        if value is not None and (name == "pump_rate" or value.is_mass()):
            return name, value.value_in(unit_name)
    return None


def _strength(order: Order) -> str:
    return order.texts.get("concentration", "") or order.texts.get("product", "")


def _courses(subject: Subject) -> Iterator[list[Branch]]:
    """Yield the branches by clearance that differ in it alone, the lowest clearance first."""
    found: dict[tuple[object, ...], list[Branch]] = {}
    for order in subject.order_set.orders:
        interval, amount = _interval(order), _amount(order)
        if interval is None or amount is None or order.given_as not in {"bolus", "infusion"}:
            continue
        field, dose = amount
        others = tuple(each.text for each in order.when if each.name != _CLEARANCE)
        key = (
            order.given_as,
            order.route,
            order.load,
            order.start,
            order.texts.get("weight"),
            others,
            order.choose_one,
            field,
            _strength(order) if field == "pump_rate" else "",
        )
        found.setdefault(key, []).append((order, interval, dose))
    for branches in (each for each in found.values() if len(each) <= _MOST):
        yield sorted(branches, key=lambda branch: branch[1].low or Fraction(0))


def is_unreduced(subject: Subject) -> bool:
    """Whether a branch by clearance is found that does not reduce, or gives more."""
    return any(True for _ in _unreduced(subject))


def _unreduced(subject: Subject) -> Iterator[Hit]:
    labels = _labels(subject)
    if any("text" in order.texts for order in subject.order_set.orders):
        infusion = next((each for each in subject.order_set.orders if each.given_as == "infusion"), None)
        full = max(_full_rates(infusion, subject), default=None) if infusion is not None else None
        yield from unreduced_in_text(subject, labels, full)
    if not any(order.when for order in subject.order_set.orders):
        return
    sources = tuple(source for rule in labels for source in rule.sources)
    for branches in _courses(subject):
        for order, interval, dose in branches:
            words = _wrong(order, interval, dose, branches, labels, subject)
            if words:
                field = next(name for name, _ in _AMOUNTS if name in order.fields)
                condition = next(each.text for each in order.when if each.name == _CLEARANCE)
                message = f"{order.drug} {order.fields[field]} for a creatinine clearance {condition} {words}"
                # A hospital that states a rule of its own has decided to differ from the labels, and is told where.
                owns = subject.protocol is not None and subject.protocol.own_rule is not None
                severity = Severity.WARNING if owns and words != _MORE else None
                others = _may_be_swapped(order, branches, field) if words == _MORE else ()
                found = str(order.fields[field])
                yield Hit(message, sources, order.at(field), found, severity=severity, alternatives=others)


def _may_be_swapped(order: Order, branches: list[Branch], field: str) -> tuple[Alternative, ...]:
    """Return the dose of the other of two branches, which may be the one that is wrong."""
    others = [each for each, *_ in branches if each is not order] if len(branches) == _TWO else []
    return tuple(Alternative(each.at(field), str(each.fields[field]), None, ()) for each in others)


_TWO: Final = 2


_MORE: Final = "is more than for a higher clearance: no label gives more as the clearance falls"


def _wrong(
    order: Order,
    interval: Interval,
    dose: Fraction,
    branches: list[Branch],
    labels: tuple[RenalRule, ...],
    subject: Subject,
) -> str:
    """Return what is wrong with a branch, empty where nothing is."""
    higher = [each for each in branches if (each[1].low or Fraction(0)) > (interval.low or Fraction(0))]
    if any(dose > other for *_, other in higher):
        return _MORE
    if not labels:
        return ""
    most = subject.knowledge.limits.clearance.high.value_in(_UNIT)
    tops = [(above.high if above.high is not None else most, other) for _, above, other in higher]
    full = [other for top, other in tops if _share(top, order.given_as, labels) == 1]
    # Of a source that states no renal rule the full dose is what it gives, down to where most of a branch is reduced.
    is_of_source = subject.protocol is not None and subject.protocol.renal is None
    at = _inside(interval) if is_of_source else _lowest(interval)
    if any(dose == other for other in full) and _share(at, order.given_as, labels) < 1:
        return "is the dose of a higher clearance: every label of the drug reduces it there"
    share = _share(_inside(interval), order.given_as, labels)
    if share < 1 and not full and order.given_as == "infusion" and _is_above_share(order, share, subject):
        return "is not reduced: every label of the drug reduces it there"
    return ""


def _lowest(interval: Interval) -> Fraction:
    """Return the lowest clearance of a branch: one that holds it has to reduce there what the labels reduce."""
    low = interval.low or Fraction(0)
    return low if interval.with_low or interval.high is None else low + (interval.high - low) / _PARTS


_PARTS: Final = 9


def _inside(interval: Interval) -> Fraction:
    """Return a clearance inside of a branch: its middle, or just above its lower end where it is open."""
    low = interval.low or Fraction(0)
    return (low + interval.high) / 2 if interval.high is not None else low + 1


def _orders(low: str, high: str) -> str:
    branches = ((low, "<= 50 mL/min"), (high, "> 50 mL/min"))
    orders = ", ".join(
        f"{{drug: eptifibatide, kind: infusion, route: IV, dose_rate_per_kg: {rate} mcg/kg/min, when: "
        f'{{creatinine_clearance: "{text}"}}}}'
        for rate, text in branches
    )
    return f"{{order_set: Example, orders: [{orders}]}}"


_DRIP: Final = (
    "{{order_set: Example, patient: {{dialysis: yes}}, orders: [{{drug: tirofiban, route: IV, kind: infusion, "
    "dose_rate_per_kg: {0} mcg/kg/min}}]}}"
)

RULES = (
    declared(
        "RC516",
        "full-rate-on-dialysis",
        Severity.ERROR,
        _on_dialysis,
        "us-label eu-label",
        severities=(Severity.WARNING,),
        checks="A full rate of tirofiban on dialysis, in orders that have no branch by clearance; also where a text "
        "names dialysis, or a clearance at which every label halves the infusion. A warning where a protocol is named.",
        why="Plasma clearance is more than 50 % lower there (US label 12.3), and every label halves the infusion.",
        fails=_DRIP.format("0.15"),
        passes=_DRIP.format("0.075"),
        remedy="Halve the infusion, or name the protocol and document the reason.",
        limits="Needs a dose rate per kg. RC501 covers a low clearance without dialysis, RC653 eptifibatide on "
        "dialysis.",
        yields_to="RC517 RC653",
    ),
    declared(
        "RC517",
        "branch-not-reduced",
        Severity.ERROR,
        _unreduced,
        "us-label eu-label eptifibatide-label",
        severities=(Severity.WARNING,),
        checks="Branches by creatinine clearance with a higher dose at a lower clearance, or with the full dose "
        "where every label of the drug reduces it (a warning where the named protocol has a renal rule of its own).",
        why="A branch without a reduction looks like an adjustment: a hospital's guide has eptifibatide 2 "
        "mcg/kg/min for a clearance of 50 mL/min or less.",
        fails=_orders("2", "2"),
        passes=_orders("1", "2"),
        remedy="Reduce the dose at the lower clearance as the label does.",
        limits="Doses, dose rates and pump rates are compared with values of the same kind; in a text, doses per "
        "kg. Where the labels differ (tirofiban from 30 to 60 mL/min) nothing is reported.",
        yields_to="RC301 RC303 RC304 RC402 RC404 RC418 RC419",
    ),
)
