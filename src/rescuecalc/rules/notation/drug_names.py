"""RC2: names of drugs that are taken for each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_name import BRANDS, drug_name
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.text.denial import is_denied
from rescuecalc.core.orders.text.earlier import is_earlier
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.text.dose_designation import (
    abbreviated_names,
    brands,
)
from rescuecalc.rules.facts.text.drug_in_text import CONFUSED, drug_given_instead
from rescuecalc.rules.notation.prose import FOR_PEOPLE, drug_texts, every_text, prose_of_set, whole_orders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.notation.notation import designation_hit, designation_rule


def _short_name(subject: Subject) -> Iterator[Hit]:
    for pointer, text in (*every_text(subject), *drug_texts(whole_orders(subject))):
        yield from (designation_hit(found, pointer, text) for found in abbreviated_names(text))


def _brand_alone(subject: Subject) -> Iterator[Hit]:
    for pointer, text in (*prose_of_set(subject.order_set), *drug_texts(whole_orders(subject))):
        yield from (designation_hit(found, pointer, text) for found in brands(text))
    for order in whole_orders(subject):
        named = order.texts.get("drug", "").lower()
        for name in FOR_PEOPLE:
            text = order.texts.get(name, "")
            alone = (found for found in brands(text) if found.instead not in named)
            yield from (designation_hit(found, f"{order.pointer}/{name}", text) for found in alone)


_DISTINGUISHED: Final = lazy_pattern(
    r"\b(?:not|confuse\w*|never|instead|unlike|alternative\w*|HIT|thrombocytop\w*|alike|sounds|beside|consider|replaces|switch\w*|caution)\b",
    re.IGNORECASE,
)


def _confused(subject: Subject) -> Iterator[Hit]:
    for order in whole_orders(subject):
        text = order.texts.get("text", "").lower()
        if order.drug not in CONFUSED or _DISTINGUISHED.search(text):
            continue
        other = next((name for name, drug in _NAMES if drug != order.drug and name in text), None)
        if other is None or order.drug in text:
            continue
        begin = text.find(other)
        if not is_denied(text, begin, begin + len(other)) and not is_earlier(text, begin + len(other)):
            message = f"the order is of {order.drug}, and its text names {other}: one is easily taken for the other"
            severity = Severity.ERROR if drug_given_instead(order, subject.knowledge) else None
            place, found = f"{order.pointer}/text", order.texts["text"]
            cause = " and ".join(sorted({order.drug, drug_name(other)}))
            yield Hit(message, (), place, found, severity=severity, cause=cause)


_NAMES: Final = (*((name, name) for name in sorted(CONFUSED)), *((b, d) for b, d in BRANDS.items() if d in CONFUSED))

RULES = (
    designation_rule(
        "RC221",
        "drug-name-abbreviation",
        "tPA and TNK are two drugs with different doses, and have been confused.",
        "{drug: TNK}",
        "{drug: tenecteplase}",
        checks="Abbreviated drug names, in `drug` and in text: ASA, tPA, TNK, MS, MSO4, MgSO4, HCTZ, NOAC, nitro drip.",
    )._replace(check=_short_name),
    designation_rule(
        "RC222",
        "brand-name-alone",
        "Brands differ between countries, and Aggrastat looks like argatroban.",
        "{drug: Aggrastat}",
        "{drug: tirofiban, text: Aggrastat}",
        ("ismp-names",),
        checks="A brand name without the generic name.",
        limits="Brands of the drugs in rescue orders; the order is judged under the generic name.",
    )._replace(check=_brand_alone),
    designation_rule(
        "RC223",
        "look-alike-names",
        "Aggrastat and argatroban are on the list of confused drug names, and bags of the others lie side by side.",
        "{drug: tirofiban, text: argatroban 800 mcg}",
        "{drug: tirofiban, text: tirofiban 800 mcg}",
        ("ismp-names",),
        checks="An order of tirofiban, eptifibatide, abciximab or argatroban whose text names another of them, or its "
        "brand, and not its own drug.",
        remedy="Find out which of the two is meant.",
        limits="A text that distinguishes the two (`not`, `do not confuse`, `instead`, `HIT`, `thrombocytopenia`) is "
        "not reported.",
    )._replace(check=_confused, severities=(Severity.ERROR,), yields_to=("RC623",)),
)
