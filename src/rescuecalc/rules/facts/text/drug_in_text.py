"""The drug that a text gives by its first words, where it is another than the order's."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.drugs.drug_name import KNOWN, LOOK_ALIKE, drug_name
from rescuecalc.core.drugs.fluids import is_by_volume
from rescuecalc.core.orders.text.dose_words import DRUG_STEM, NAME
from rescuecalc.core.orders.text.earlier import is_earlier
from rescuecalc.core.orders.text.vocabulary import AVOIDED, ENDED, NEGATIONS, PAST, WITHHELD, any_word
from rescuecalc.core.quantities.lazy_pattern import Text, lazy_pattern
from rescuecalc.rules.facts.text.own_numbers import own_numbers

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Knowledge

CONFUSED: Final = frozenset({"tirofiban", "argatroban", "eptifibatide", "abciximab"})
"""Drugs whose bags lie side by side, or whose names are taken for each other: RC223 is about these."""

_BEGINS: Final = lazy_pattern(
    r"(?:\W{0,3}(?:give|start|administer|infuse|begin|inject|load(?: with)?)\b)?\W{0,3}"
    r"(?P<name>[A-Za-z][A-Za-z-]{2,30})\b(?: (?:sodium|sulfate|hydrochloride|HCl))?"
    r"(?:\W{1,3}(?:IV|IA|PO|PR|NG|SUBQ|SC|bolus|infusion|drip|load|loading|dose|tablet|at|of|a)\b){0,4}\W{1,3}[0-9]",
    re.IGNORECASE,
)
"""A drug's name at the beginning, with a number behind it."""

_WAS_GIVEN: Final = any_word(
    *(PAST, WITHHELD, ENDED, NEGATIONS, AVOIDED, "started", "referring", "home", "ended", "last", "running", "since"),
    *(r"allerg\w*", "before", "after", "with"),
)
"""The other drug may be one that the patient has had, or has besides."""


def drug_given_instead(order: Order, knowledge: Knowledge) -> str | None:
    """Return the name, as it is written, of another drug to which a text gives the dose of its order."""
    text = order.texts.get("text", "")
    match = _BEGINS.match(text) if text and not order.of else None
    if match is None or names_own_drug(order, text) or _WAS_GIVEN.search(text):
        return None
    if is_earlier(text, match.end() - 1):
        return None
    named = drug_name(match["name"])
    if named == order.drug or not is_another(named, order, knowledge):
        return None
    # Another dose may be of another order: "aspirin 325 mg at hour 20" beside an infusion.
    is_its_dose = any(one.at == match.end() - 1 for one in own_numbers(order))
    is_all = _is_all_that_is_given(order, named, text, match.end() - 1, knowledge)
    return match["name"] if is_its_dose or is_all or {order.drug, named} <= CONFUSED else None


_DOSES: Final = frozenset(
    ("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate", "volume", "vtbi", "pump_rate", "volume_per_kg", "max_dose")
)
_BESIDES: Final = lazy_pattern(
    r"\b(?:at hour|hours?|once the|when|if|then|beside|together|plus|and|continue\w*|resume\w*|later|day [0-9]|stop|"
    r"target|check|see|separate\w*|order|next|daily|bid)\b|[;\n]",
    re.IGNORECASE,
)
"""Words of a text that speaks of more than the one dose that its order gives."""
_OF_ONE_KIND: Final = (
    frozenset(
        (DrugClass.GP_IIB_IIIA, DrugClass.P2Y12_IV, DrugClass.THROMBOLYTIC),
    ),
    frozenset((DrugClass.P2Y12_ORAL,)),
)
"""Drugs of which a patient is given one at a time: the name of another is no drug that is given besides."""


def _is_all_that_is_given(order: Order, named: str, text: str, at: int, knowledge: Knowledge) -> bool:
    """Whether a text gives nothing but the other drug's dose: it is the only one of its order, or of the same kind."""
    known = any(each.at == at and each.field in _DOSES for each in order.numbers_in_text())
    if not known:
        return False
    if _DOSES.isdisjoint({*order.fields, *order.texts}):
        return True
    classes = {knowledge.drug_class(order.drug), knowledge.drug_class(named)}
    return any(classes <= each for each in _OF_ONE_KIND) and _BESIDES.search(text) is None


def names_own_drug(order: Order, text: str) -> bool:
    """Whether a text names the drug of its order, or any word of a name of several."""
    if isinstance(text, Text):
        return text.surely(names_own_drug(order, text.beginning))
    own = {*re.findall(r"[a-z]{3,}", f"{order.drug} {order.texts.get('drug', '')}".lower()), order.drug}
    words = [word.lower() for word in NAME.findall(text)]
    pairs = (f"{one} {other}" for one, other in pairwise(words))
    return any(word in own or drug_name(word) == order.drug for word in (*words, *pairs))


def is_another(named: str, order: Order, knowledge: Knowledge) -> bool:
    """Whether a name is surely another drug's: a brand that nobody here knows may be the order's own.

    A name that ends as the order's drug does is one of those that
    look alike: norepinephrine and epinephrine.
    """
    agents = {*knowledge.drugs, *knowledge.bridging().antiplatelets, *KNOWN}
    is_like = any(
        {named.split(maxsplit=1)[0], order.drug.split()[0]} <= names for names in LOOK_ALIKE if named and order.drug
    )
    return named in agents or named.endswith(order.drug) or is_like


def drug_of_product(order: Order, knowledge: Knowledge) -> str | None:
    """Return the other drug that a product is of by its words, None where they name the order's own, or none."""
    text = order.texts.get("product", "")
    if not text or not order.drug or text in knowledge.products() or names_own_drug(order, text):
        return None
    for word in NAME.findall(text):
        named = drug_name(word)
        if named != order.drug and (is_another(named, order, knowledge) or knowledge.drug_class(named) is not None):
            return named
    return None


def unknown_drug_of_product(order: Order, text: str) -> str:
    """Return a word of a product that ends as the names of drugs do, where no word is the name of its order's drug."""
    if not order.drug or names_own_drug(order, text) or is_by_volume(text):
        return ""
    words = (word for word in NAME.findall(text) if drug_name(f"x {word}") != "x")
    return next((word for word in words if DRUG_STEM.fullmatch(word) is not None), "")
