"""RC647: what forbids an ordered drug: a condition that its label names, or a haemorrhage as its own condition."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.condition_text import IMAGING
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.text.text_words import SENTENCE
from rescuecalc.core.quantities.quantity import Duration, parsed
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.imaging_gate import given_at_haemorrhage
from rescuecalc.rules.facts.reference.local_lysis import systemic
from rescuecalc.rules.facts.reference.stroke_set import is_for_stroke
from rescuecalc.rules.facts.text.named_drug import gives_another
from rescuecalc.rules.facts.text.patient_in_text import PRIOR, clause_of, in_text, said_conditions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.patient_limit import PatientCondition
    from rescuecalc.rules.base.knowledge import Subject


_BLEEDING: Final = frozenset(
    (
        DrugClass.GP_IIB_IIIA,
        DrugClass.P2Y12_IV,
        DrugClass.P2Y12_ORAL,
        DrugClass.COX,
        DrugClass.THROMBOLYTIC,
        DrugClass.ANTICOAGULANT,
    )
)
"""Classes whose drugs make a haemorrhage worse."""


def _forbidden(subject: Subject) -> Iterator[Hit]:
    yield from _contraindicated(subject)
    yield from _for_a_haemorrhage(subject)
    for order in subject.order_set.orders:
        if subject.knowledge.drug_class(order.drug) not in _BLEEDING:
            continue
        for each in order.when:
            if each.name == IMAGING and each.given is False:
                message = f"{order.drug} is given if imaging shows {each.text!r}: a haemorrhage has to be excluded"
                yield Hit(message, (), f"{order.pointer}/when/{IMAGING}", each.text, "no haemorrhage")
        sentences = SENTENCE.split(order.texts.get("text", ""))
        own = (each for each in sentences if not gives_another(order.drug, each, subject.knowledge))
        for found in filter(None, map(given_at_haemorrhage, own)):
            message = f"{order.drug} is given {found!r}: a haemorrhage has to be excluded"
            yield Hit(message, (), f"{order.pointer}/text", found)


def _for_a_haemorrhage(subject: Subject) -> Iterator[Hit]:
    """Yield the first antithrombotic drug of a set that is for a haemorrhage, where no label has said it already."""
    orders = [each for each in subject.order_set.orders if subject.knowledge.drug_class(each.drug) in _BLEEDING]
    orders = systemic(orders, subject)
    limits = subject.knowledge.patient_limits().limits if orders else ()
    stated = {each.drug for each in limits if each.field == _ICH}
    if not orders or any(each.drug in stated for each in orders):
        return
    state = subject.order_set.state
    if state is not None and state.intracranial_haemorrhage:
        names = ", ".join(sorted({order.drug for order in orders}))
        message = f"{names} for a patient with an intracranial haemorrhage: it has to be excluded before the start"
        yield Hit(message, (), f"/patient/{_ICH}", "yes")
    for each in in_text.of(subject):
        is_set = each.field == _ICH and not each.pointer.endswith("/text")
        text = subject.order_set.texts.get(each.pointer.removeprefix("/"), "") if is_set else ""
        if is_set and _FORMER.search(text[: text.find(each.found)]) is None:
            names = ", ".join(sorted({order.drug for order in orders}))
            message = f"{names} in a set for {each.found!r}: a haemorrhage has to be excluded before the start"
            yield Hit(message, (), each.pointer, each.found)


_ICH: Final = "intracranial_haemorrhage"
_FORMER: Final = re.compile(r"\b(?:after|history of|previous|prior|past|old|since)\b[^.;,]{0,30}$", re.IGNORECASE)
"""A haemorrhage of the past: what is held of it stands in the labels' limits."""


def _contraindicated(subject: Subject) -> Iterator[Hit]:
    made = subject.order_set
    if not (made.texts or any("text" in order.texts for order in made.orders)):
        return
    # What a text says of a thrombocytopenia on an inhibitor RC654 and RC671 compare with the labels.
    is_stroke, reported = is_for_stroke(subject), {each.pointer for each in in_text.of(subject) if each.field == PRIOR}
    by_class = {order.drug: subject.knowledge.drug_class(order.drug) for order in made.orders}
    for each in sorted(subject.knowledge.patient_limits().conditions, key=lambda each: not each.drug):
        drugs = sorted(drug for drug, kind in by_class.items() if each.is_of(drug, kind))
        if not drugs or (each.but_stroke and is_stroke):
            continue
        for pointer, found in said_conditions(subject, each):
            clause = clause_of(pointer, found, subject)
            severity = _by_time(each, clause)
            # A condition that forbids one of the drugs is a mistake already: what nobody judged adds nothing to it.
            if severity is not None and (each.drug or pointer not in reported):
                reported.add(pointer)
                words = (_NOT_NOW if _is_past(each, clause) else each.words).replace("{drug}", " and ".join(drugs))
                yield Hit(f"{found!r}: {words}", each.sources, pointer, found, severity=severity)
            break


_AGO: Final = re.compile(r"\b(?P<count>[0-9]{1,3}) ?(?P<unit>day|week|month|year)s?\b", re.IGNORECASE)
_LENGTHS: Final = {"day": "1 day", "week": "7 day", "month": "30 day", "year": "365 day"}


_PAST: Final = re.compile(r"\b(?:history of|h/o|hx of|previous|prior|past|old|former)\b|\bago\b", re.IGNORECASE)
_NOT_NOW: Final = "it is of the past: no source held here says from when on {drug} may be given, and it was not judged"


def _is_past(condition: PatientCondition, clause: str) -> bool:
    """Whether what matters now is of the past: a label that counts the days judges those that are stated."""
    is_counted = condition.within is not None and _AGO.search(clause) is not None
    return condition.now and not is_counted and _PAST.search(clause) is not None


def _by_time(condition: PatientCondition, clause: str) -> Severity | None:
    """Return how heavy a condition is by how long ago its words put it, None where that is long enough."""
    match = _AGO.search(clause) if condition.within is not None else None
    if match is None or condition.within is None:
        return Severity.NOTE if _is_past(condition, clause) else condition.severity
    ago = parsed(Duration, _LENGTHS[match["unit"].lower()]).times(Fraction(match["count"]))
    return None if ago.exceeds(condition.within) else Severity.ERROR


def _set(indication: str) -> str:
    order = "drug: eptifibatide, route: IV, kind: infusion"
    return f"{{order_set: Example, indication: {indication}, orders: [{{{order}}}]}}"


RULES = (
    declared(
        "RC647",
        "contraindicated-condition",
        Severity.ERROR,
        _forbidden,
        "tirofiban-labels eu-label us-label eptifibatide-label abciximab-label cangrelor-label prasugrel-label",
        severities=(Severity.WARNING, Severity.NOTE),
        checks="Active bleeding, a bleeding diathesis, severe hepatic insufficiency, severe hypertension, and major "
        "surgery or trauma in the name, the indication or a text, against the labels of the ordered drugs; an "
        "intracranial haemorrhage as the condition of an antithrombotic drug, in a field or a text, or as what its set "
        "is for; a stroke or TIA of the past in a set for something else.",
        why="Their labels contraindicate them.",
        fails=_set("active bleeding"),
        passes=_set("acute coronary syndrome"),
        remedy="Do not start.",
        limits="Conditions by name; in a text only conditions that the patient has. The date of surgery is not read: a "
        "warning; how long ago a stroke was is (`2 weeks ago`), and one without a time is a warning. RC655 "
        "covers an intracranial haemorrhage, RC650 to RC652 numbers.",
        since="0.2.0",
        yields_to="RC706",
    ),
)
