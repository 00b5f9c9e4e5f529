"""RC4: what the sources of a dose say of it: its label, its population, its harm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import Dose, DosePerKg
from rescuecalc.core.regimen.bolus import dose_per_kg
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.reference.set_indication import is_coronary
from rescuecalc.rules.facts.reference.stroke_set import is_for_stroke, purpose_of
from rescuecalc.rules.facts.text.child_in_text import child_said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject


_LABEL: Final = "label"


def _off_label(subject: Subject) -> Iterator[Hit]:
    drug = subject.knowledge.drugs.get(subject.order_set.drug)
    if drug is not None and subject.order_set.orders:
        yield Hit(drug.off_label, drug.sources)


def _other_population(subject: Subject) -> Iterator[Hit]:
    if subject.protocol is not None and subject.protocol.not_rescue:
        yield Hit(subject.protocol.not_rescue, subject.protocol.sources, "/protocol")
    drugs = sorted({order.drug for order in subject.order_set.orders if _is_for_adults(order, subject)})
    found = child_said(subject) if drugs else None
    if found is not None:
        pointer, words = found
        message = (
            f"{quoted(words)}: no source held here gives {' or '.join(drugs)} to a patient below {_adult(subject)}"
        )
        yield Hit(f"{message}: no dose was compared with one for a child", (), pointer, words, severity=Severity.ERROR)


def _adult(subject: Subject) -> str:
    return f"{subject.knowledge.limits.age_years[0]} years"


def _is_for_adults(order: Order, subject: Subject) -> bool:
    """Whether all that is held of a drug is of adults: an inhibitor, and a thrombolytic for a stroke."""
    if subject.knowledge.is_thrombolytic(order.drug):
        return not purpose_of(subject).is_another
    return order.drug in subject.knowledge.drugs


def _bolus_dose_per_kg(order: Order, subject: Subject) -> DosePerKg | None:
    """Return the bolus per kg: as ordered, or a fixed dose divided by the weight."""
    per_kg, dose = order.quantity("dose_per_kg", DosePerKg), order.quantity("dose", Dose)
    if per_kg is not None or dose is None or subject.order_set.weight is None:
        return per_kg
    return dose_per_kg(dose, subject.order_set.weight)


def _published_harm(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        for harm in subject.knowledge.bolus_harms:
            given = _bolus_dose_per_kg(order, subject)
            if (order.drug, order.route) != (harm.drug, harm.route) or given is None or harm.dose_per_kg.exceeds(given):
                continue
            fixed = "dose_per_kg" not in order.fields
            here = f"; this dose is {given}" if fixed or given.exceeds(harm.dose_per_kg) else ""
            yield Hit(f"{harm.words}{here}", harm.sources, order.pointer)


def _harm_of_another_dose(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        for harm in subject.knowledge.bolus_harms:
            fixed = order.kind == "bolus" and "dose" in order.fields and "dose_per_kg" not in order.fields
            if (order.drug, order.route) == (harm.drug, harm.route) and fixed:
                yield Hit(f"{harm.short}; this is another, fixed dose", harm.sources, order.pointer)


def _contraindicated(subject: Subject) -> Iterator[Hit]:
    drug, protocol = subject.knowledge.drugs.get(subject.order_set.drug), subject.protocol
    in_stroke = drug.in_stroke if drug is not None else None
    if is_coronary(subject) or (in_stroke is not None and subject.written and is_for_stroke(subject)):
        return  # of the other inhibitors RC660 says it in a set for stroke, at the order
    if in_stroke is None:
        if protocol is not None and protocol.contraindicated:
            yield Hit(protocol.contraindicated, protocol.sources, "/protocol")
        return
    is_label = protocol is not None and protocol.kind == _LABEL
    # What is typed is for rescue, as a set for stroke is (RC660); a site's protocol may be for the coronary arteries.
    is_typed = bool(subject.order_set.orders) and not subject.written and not is_for_stroke(subject)
    if is_label or (is_typed and (protocol is None or in_stroke.severity == Severity.ERROR)):
        yield Hit(in_stroke.words, in_stroke.sources, "/protocol")


def _unclear(subject: Subject) -> Iterator[Hit]:
    for words in subject.protocol.unclear if subject.protocol else ():
        yield Hit(
            f"not clear in the source: {words}", subject.protocol.sources if subject.protocol else (), "/protocol"
        )


_YANG = "dose yang-2020-iv --weight 80kg --run-time 24h"

RULES = (
    declared(
        "RC401",
        "off-label-use",
        Severity.NOTE,
        _off_label,
        "us-label eu-label eptifibatide-label abciximab-label",
        checks="Every order of a GP IIb/IIIa inhibitor of the catalogue.",
        why="No label covers rescue after stroke thrombectomy; the prescriber is responsible.",
        fails=_YANG,
        passes="renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL",
        remedy="None: the use is off label. Document the decision.",
        limits="It does not judge whether the use is right.",
    ),
    declared(
        "RC407",
        "other-population",
        Severity.NOTE,
        _other_population,
        "rescue-bt-2022 trend-2024 instant-2024 us-label eu-label eptifibatide-label",
        checks="Whether the protocol's source studied patients after a failed or reoccluding thrombectomy; an error "
        "where a set with an inhibitor, or a thrombolytic for a stroke, says that its patient is a child.",
        severities=(Severity.ERROR,),
        why="A dose that was tested before thrombectomy, or in coronary disease, was not tested for rescue.",
        fails="dose rescue-bt-2022 --weight 80kg",
        passes=_YANG,
        remedy="None: consider it when you choose the protocol.",
        limits="It repeats the population that the source states. A child is found by its age or a word for it, not by "
        "the weight: that is RC406.",
    ),
    declared(
        "RC408",
        "published-harm-of-this-bolus",
        Severity.WARNING,
        _published_harm,
        "khachatryan-2023 yang-2020",
        checks="An intra-arterial tirofiban bolus of {bolus_harms.yang-2020-ia-bleeding.dose_per_kg} or more; a fixed "
        "dose is divided by the weight.",
        why="The study of this bolus reported much more bleeding and death with it.",
        fails="dose yang-2020-ia --weight 80kg --run-time 24h",
        passes=_YANG,
        remedy="Discuss it with the interventionalist before the bolus is given.",
        limits="One study, not randomised; the review: the evidence is not enough to advocate either route.",
    ),
    declared(
        "RC409",
        "published-harm-of-another-dose",
        Severity.NOTE,
        _harm_of_another_dose,
        "khachatryan-2023 yang-2020",
        checks="An intra-arterial tirofiban bolus of a fixed dose.",
        why="Readers easily apply the bleeding figures of the {bolus_harms.yang-2020-ia-bleeding.dose_per_kg} "
        "bolus to any intra-arterial dose; they do not belong to this dose.",
        fails="dose huo-2021 --weight 80kg --run-time 24h --ia-dose 0.5mg",
        passes=_YANG,
        remedy="None: do not transfer the figures, and do not read their absence as safety.",
        limits="It does not judge the harm of fixed doses.",
    ),
    declared(
        "RC410",
        "contraindicated-by-label",
        Severity.WARNING,
        _contraindicated,
        "eu-label eptifibatide-label abciximab-label cangrelor-label aha-2026",
        checks="A protocol from a label that lists stroke as a contraindication, and typed doses of eptifibatide and "
        "abciximab by their labels.",
        why="The EU label of tirofiban and the US label of eptifibatide exclude patients with a stroke within 30 days, "
        "that of abciximab within 2 years, the EU label of cangrelor those with any: the patients of rescue.",
        fails="dose eu-label-bolus --weight 80kg --run-time 24h --crcl 90mL/min",
        passes="dose us-label --weight 80kg --run-time 18h --crcl 90mL/min",
        remedy="Use a stroke protocol, or document the reason.",
        limits="A warning, because the patients of the label itself have no stroke; none in a coronary set. RC660 "
        "judges the drugs of an order set for stroke.",
    ),
    declared(
        "RC415",
        "unclear-in-source",
        Severity.NOTE,
        _unclear,
        "trend-2024 khachatryan-2023",
        checks="Protocols whose source has two readings.",
        why="The reader decides what an unclear source means, and needs to know that it is unclear.",
        fails="dose trend-2024 --weight 80kg",
        passes=_YANG,
        remedy="Read the source.",
        limits="Only known ambiguities.",
    ),
)
