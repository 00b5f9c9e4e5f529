"""RC5: creatinine clearance against the labels' thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.regimen.protocol import USER
from rescuecalc.rules.base.rule import Hit, declared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import CreatinineClearance
    from rescuecalc.core.renal.creatinine_clearance import RenalBand, RenalRule
    from rescuecalc.rules.base.knowledge import Subject


def _labels(subject: Subject) -> tuple[RenalRule, ...]:
    """Return the labels' rules for the drug where the protocol follows none, whichever of them --renal shows.

    Beside a renal rule of a hospital's own they are those that leave less of a dose at the patient's clearance.
    """
    protocol, clearance = subject.protocol, subject.order_set.clearance
    own = protocol.own_rule if protocol is not None else None
    if protocol is not None and protocol.renal is not None and own is None:
        return ()
    labels = tuple(rule for rule in subject.knowledge.renal_rules() if rule.drug == subject.order_set.drug)
    if own is None or clearance is None:
        return labels if own is None else ()
    band = own.band(clearance)
    return tuple(rule for rule in labels if _leaves_less(rule.band(clearance), band))


def _leaves_less(band: RenalBand, than: RenalBand) -> bool:
    return band.infusion_factor < than.infusion_factor or band.bolus_factor < than.bolus_factor


def _judged(subject: Subject) -> tuple[RenalRule, ...]:
    """Return the rules to hold a clearance against: the protocol's own, else the labels'; all for a clearance alone."""
    own = subject.knowledge.own_rule(subject.protocol)
    return (
        (own,) if own is not None else (_labels(subject) if subject.order_set.drug else subject.knowledge.renal_rules())
    )


def _touched(band: RenalBand, subject: Subject) -> list[str]:
    """Return what of this set a band changes: an infusion, an intravenous bolus; never an intra-arterial one."""
    present = {(order.kind, order.route) for order in subject.order_set.orders}
    factors = (("infusion", band.infusion_factor, "infusion"), ("bolus", band.bolus_factor, "intravenous bolus"))
    return [f"the {words} changes" for kind, factor, words in factors if (kind, "IV") in present and factor != 1]


def _effect(band: RenalBand, subject: Subject) -> str:
    """Return a band's words, and what of them touches this set where they speak of more."""
    if not band.adjusts:
        return band.words
    effects = _touched(band, subject)
    if band.bolus_factor != 1 and any(o.kind == "bolus" and o.route == "IA" for o in subject.order_set.orders):
        effects.append("the intra-arterial bolus stays")
    return f"{band.words} (here {' and '.join(effects) or 'nothing changes'})"


def _message(subject: Subject, clearance: CreatinineClearance) -> str:
    name = subject.order_set.protocol or "this regimen"
    labels = "; ".join(f"{rule.title}: {_effect(rule.band(clearance), subject)}" for rule in _labels(subject))
    own = subject.protocol.own_rule if subject.protocol is not None else None
    stated = f"states: {own.band(clearance).words}" if own else "states no renal rule and its dose is unchanged"
    return f"CrCl {clearance}: {labels}; {name} {stated}"  # a page with little room begins it: the labels first


def _labels_hit(subject: Subject, *, adjusting: bool) -> Iterator[Hit]:
    clearance = subject.order_set.clearance
    if clearance is None or not subject.order_set.orders:
        return
    labels = _labels(subject)
    if not labels:
        return
    if adjusting and _has_own_rule(subject):
        return  # its orders by clearance are judged by RC510 to RC514
    touched = [bool(_touched(rule.band(clearance), subject)) for rule in labels]
    # Where every label gives the full dose and watches for nothing there is nothing to say.
    if any(touched) is not adjusting or all(rule.band(clearance).up_to is None for rule in labels):
        return
    sources = tuple(source for rule in labels for source in rule.sources)
    severity = Severity.ERROR if all(touched) and _is_ordered_without_protocol(subject) else None
    yield Hit(_message(subject, clearance), sources, "/creatinine_clearance", str(clearance), severity=severity)


def _is_ordered_without_protocol(subject: Subject) -> bool:
    """Whether a file, or a typed regimen, orders the full dose itself: no protocol's source answers for it."""
    return any(order.given_as == "infusion" for order in _ordered(subject)) and (
        subject.protocol is None or subject.protocol.origin == USER
    )


def _ordered(subject: Subject) -> list[Order]:
    """Return the orders that somebody wrote himself: those of a file, and those of a typed regimen."""
    is_typed = subject.protocol is not None and subject.protocol.origin == USER
    return list(subject.order_set.orders) if is_typed else subject.written


def _has_own_rule(subject: Subject) -> bool:
    """Whether a file's orders differ by clearance, or give what a label leaves of a dose at the patient's."""
    if any(each.name == "creatinine_clearance" for order in _ordered(subject) for each in order.when):
        return True
    return any(_is_adjusted(order, subject) for order in _ordered(subject) if order.given_as == "infusion")


def _is_adjusted(order: Order, subject: Subject) -> bool:
    """Whether an infusion gives what a label's rule leaves of a rate that is stated of a load, or of a maintenance."""
    from rescuecalc.core.orders.model.mention import DOSE_RATE, DOSE_RATE_PER_KG, base_value  # noqa: PLC0415  # of a file
    from rescuecalc.rules.facts.order_model.dose_slack import given_per_kg  # noqa: PLC0415
    from rescuecalc.rules.facts.order_model.judged_order import judged_of  # noqa: PLC0415
    from rescuecalc.rules.facts.reference.renal_share import renal_shares  # noqa: PLC0415

    judged, shares = judged_of(order, subject), renal_shares(order, subject)
    known = given_per_kg(judged.system, judged.solution.bounds) if judged is not None else _typed(order)
    per_kg, amount = known.get(DOSE_RATE_PER_KG), known.get(DOSE_RATE)
    if per_kg is None or subject.order_set.weight is None:
        return False
    stated = [
        step.dose_rate_per_kg
        for protocol in subject.knowledge.protocols()
        for step in protocol.infusions
        if protocol.drug == order.drug and (step.role == "load") is order.load
    ]
    caps = [
        step.cap.under(share)
        for protocol in subject.knowledge.protocols()
        for step in protocol.infusions
        for share in shares
        if protocol.drug == order.drug and step.cap is not None
    ]
    return any(per_kg.holds(base_value(each)[0] * share) for share in shares for each in stated) or (
        amount is not None and any(amount.holds(base_value(each)[0]) for each in caps)
    )


def _typed(order: Order) -> dict[str, Bounds]:
    """Return the dose rate per kg of a typed regimen, which has no slack."""
    from rescuecalc.core.orders.bounds import Bounds as Exact  # noqa: PLC0415  # of a typed regimen with a clearance alone
    from rescuecalc.core.orders.model.mention import DOSE_RATE_PER_KG, base_value  # noqa: PLC0415
    from rescuecalc.core.quantities.quantity import DoseRatePerKg  # noqa: PLC0415

    rate = order.quantity("dose_rate_per_kg", DoseRatePerKg)
    value = base_value(rate)[0] if rate is not None else None
    return {} if value is None else {DOSE_RATE_PER_KG: Exact(value, value, value)}


def _labels_adjust(subject: Subject) -> Iterator[Hit]:
    yield from _labels_hit(subject, adjusting=True)


def _labels_agree(subject: Subject) -> Iterator[Hit]:
    yield from _labels_hit(subject, adjusting=False)


def _on_boundary(subject: Subject) -> Iterator[Hit]:
    clearance = subject.order_set.clearance
    if clearance is None:
        return
    for rule in _judged(subject):
        if rule.boundary_at(clearance):
            band = rule.band(clearance).words
            message = f"CrCl {clearance} is exactly a threshold of the {rule.title}; it belongs to: {band}"
            yield Hit(message, rule.sources, "/creatinine_clearance", str(clearance))


def _bases_disagree(subject: Subject) -> Iterator[Hit]:
    bases = {each.basis: each for each in subject.order_set.clearances}
    for rule in _judged(subject) if bases else ():
        bands = {basis: rule.band(each.exact) for basis, each in bases.items()}
        if len({band.words for band in bands.values()}) > 1:
            each_says = "; ".join(f"{basis} {bases[basis].rounded}: {band.words}" for basis, band in bands.items())
            message = f"the weight bases fall on different sides of a threshold of the {rule.title}: {each_says}"
            yield Hit(message, rule.sources, "/bases")


def _rounding_crosses(subject: Subject) -> Iterator[Hit]:
    for each in subject.order_set.clearances[:1]:
        for rule in _judged(subject):
            exact, rounded = rule.band(each.exact), rule.band(each.rounded)
            if exact != rounded:
                message = (
                    f"rounded to {each.rounded} this clearance would fall into another band of the {rule.title}; "
                    f"the unrounded {each.exact} belongs to: {exact.words}. Pass on the unrounded value"
                )
                yield Hit(message, rule.sources, "/creatinine_clearance", str(each.rounded), str(each.exact))


def _implausible(subject: Subject) -> Iterator[Hit]:
    limits = subject.knowledge.limits
    for each in subject.order_set.clearances[:1]:
        if not limits.clearance.holds(each.exact):
            outside = f"is outside of {limits.clearance}"
            message = f"a creatinine clearance of {each.rounded} {outside}: check age, weight and creatinine"
            yield Hit(message, (limits.source,), "/creatinine_clearance", str(each.rounded), str(limits.clearance))
            continue
        low, high = (end.magnitude for end in limits.usual_creatinine)
        if not low <= each.mg_per_dl <= high:
            from rescuecalc.rules.facts.order_model.model_wording import rounded  # noqa: PLC0415  # of an unusual one alone

            found, usual = str(each.creatinine), limits.usual_creatinine
            beside = "" if each.creatinine.unit.name == "mg/dL" else f" ({rounded(each.mg_per_dl)} mg/dL)"
            message = f"a creatinine of {found}{beside} is outside of {usual}: check number and unit"
            # Of a regimen it stands where its clearance is worked out.
            pointer = "/clearance_working/creatinine" if subject.order_set.orders else "/creatinine"
            yield Hit(message, (limits.source,), pointer, found, str(usual))


RULES = (
    declared(
        "RC501",
        "labels-would-adjust",
        Severity.WARNING,
        _labels_adjust,
        "us-label eu-label eptifibatide-label",
        severities=(Severity.ERROR,),
        checks="A creatinine clearance, if the protocol states no renal rule and a label would change the dose; an"
        " error if every label would and an order set names no protocol.",
        why="The stroke studies state no renal adjustment, and the labels disagree with each other: "
        "at a clearance of 45 mL/min one halves the infusion and the other does not.",
        fails="dose yang-2020-iv --weight 70kg --run-time 24h --crcl 45mL/min",
        passes="dose yang-2020-iv --weight 70kg --run-time 24h --crcl 90mL/min",
        remedy="Decide with the doses of each label beside that of the protocol: --crcl prints them.",
        limits="This finding never changes the dose.",
    ),
    declared(
        "RC502",
        "labels-would-not-adjust",
        Severity.NOTE,
        _labels_agree,
        "us-label eu-label eptifibatide-label",
        checks="A creatinine clearance, if the protocol states no renal rule, no label would change the dose, and "
        "one label still differs from its full dose: it asks to watch for bleeding, or changes a part that "
        "is not given here.",
        why="It shows that the clearance was read, and the thresholds that were used.",
        fails="dose kang-2018-ia --weight 70kg --ia-dose 0.5mg --crcl 45mL/min",
        passes="dose yang-2020-iv --weight 70kg --run-time 24h --crcl 90mL/min",
        remedy="None.",
        limits="Only the labels in the catalogue; above all their thresholds nothing is reported.",
    ),
    declared(
        "RC503",
        "clearance-on-threshold",
        Severity.NOTE,
        _on_boundary,
        "us-label eu-label eptifibatide-label",
        checks="A creatinine clearance that equals a threshold.",
        why="Real forms leave a gap or an overlap there; the finding names the band that applies.",
        fails="dose us-label --weight 70kg --run-time 18h --crcl 60mL/min",
        passes="dose us-label --weight 70kg --run-time 18h --crcl 61mL/min",
        remedy="Check how exact the clearance is.",
        limits="The value is judged as given.",
    ),
    declared(
        "RC504",
        "weight-bases-disagree",
        Severity.WARNING,
        _bases_disagree,
        "us-label eu-label eptifibatide-label devine",
        checks="The clearance on actual, ideal and adjusted weight against each threshold.",
        why="No label states the weight; if the choice decides the dose, make it deliberately.",
        fails="renal --age 70 --sex female --weight 110kg --creatinine 1.2mg/dL --height 160cm",
        passes="renal --age 70 --sex female --weight 60kg --creatinine 0.6mg/dL --height 165cm",
        remedy="Choose the basis by local policy and name it.",
        limits="Needs --height; an undefined basis is skipped.",
    ),
    declared(
        "RC505",
        "rounding-crosses-threshold",
        Severity.WARNING,
        _rounding_crosses,
        "us-label eu-label eptifibatide-label",
        checks="Whether the rounded clearance is in another band than the exact one.",
        why="60.04 mL/min is above 60; rounded to 60 it halves the infusion.",
        fails="renal --age 68 --sex male --weight 72.04kg --creatinine 1.2mg/dL",
        passes="renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL",
        remedy="Use the unrounded value.",
        limits="Judged for the printed step of {limits.clearance_step}.",
    ),
    declared(
        "RC506",
        "implausible-clearance",
        Severity.WARNING,
        _implausible,
        "rescuecalc",
        checks="A calculated creatinine clearance against {limits.clearance}, and the creatinine that it is calculated "
        "from against {limits.usual_creatinine}.",
        why="A formula gives a number for every input, also for a creatinine with a wrong decimal point.",
        fails="renal --age 18 --sex male --weight 150kg --creatinine 0.1mg/dL",
        passes="renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL",
        remedy="Check the inputs; --crcl refuses such a value.",
        limits="No publication states these limits: they are rescuecalc's own, a site may set that of the clearance.",
    ),
)
