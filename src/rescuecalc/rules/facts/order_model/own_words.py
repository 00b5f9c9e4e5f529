"""Words before a number of a text that leave it the order's own: of any, of a kind of order, of a kind of number."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.orders.bounds import point
from rescuecalc.core.orders.model.mention import CONCENTRATION, VOLUME, base_value
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.dose_words import DRUG_STEM, FOLLOWING, STRENGTH_ELSEWHERE
from rescuecalc.core.orders.text.vocabulary import SYRINGES, VIALS, any_word
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Duration
from rescuecalc.rules.facts.reference.product_label import container_volumes

if TYPE_CHECKING:
    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.rules.base.knowledge import Knowledge

_WORDS: Final = (
    "iv ia po ng pr im sc intravenous intravenously arterial arterially orally oral rectally dose doses dosing rate "
    "pump give given gives administer administered order ordered set run runs running start started begin continue "
    "continued continuous continuously concentration premixed therapy treatment now stat keep maintain program "
    "initiate ivp ivpb slow slowly bag premix strength nurse rn icu check high alert line hang deliver pharmacy "
    "immediately equals equal take"
)
OWN: Final = frozenset(_WORDS.split())
"""Words before a number that leave it the order's own."""
OF_KIND: Final = {
    "infusion": frozenset({"infuse", "infused", "infusion", "drip", "gtt", "maintenance"}),
    "bolus": frozenset({"bolus", "push", "infuse", "infused"}),
}
_OF_WEIGHTS: Final = (
    "patient weighs weighing wt actual dosing body bw recorded measured current used using calculated calculation "
    "calculate calc dosed entered assumed assuming admission stated estimated"
)
OF_FIELD: Final = {
    "weight": frozenset(_OF_WEIGHTS.split()),
    "volume": frozenset({"volume", "vtbi"}),
    "run_time": frozenset({"duration", "time", "length"}),
    "count": frozenset({"tablet", "tablets", "tab", "tabs", "capsule", "capsules", "caps", "take"}),
    "max": frozenset(
        {"max", "maximum", "not", "exceed", "exceeding", "most", "cap", "capped", "up", "do", "never", "titrate", "to"}
    ),
    "step": frozenset(
        {"then", "dann", "danach", "puis", "followed", "by", "load", "loading", "infusion", "maintenance"}
    ),
}
"""Words besides that leave a number of a kind the order's own.

``max`` is of bounds, ``step`` of several doses, ``count`` of tablets.
"""


DRAWN: Final = frozenset({"draw", "drawn", "up"})
"""Words before the volume of what is given at once: what is drawn for an infusion is diluted first."""


def is_own_word(word: str, order: Order) -> bool:
    """Whether a word, in small letters, speaks of how an order itself is given, or names its drug."""
    if word in OWN or word in OF_KIND.get(order.given_as, ()) or drug_name(word) == order.drug:
        return True
    return word in re.findall(r"[a-z]+", f"{order.drug} {order.texts.get('drug', '')}".lower())


_BAGS: Final = frozenset({"bag", "bags", "bottle", "bottles", "container", "containers"})


def _in_bags(made: Mention, order: Order) -> list[Fraction]:
    """Return the volumes of the several bags of an infusion's text, where ``made`` is one of them."""
    bags = (each for each in order.numbers_in_text() if each.field == VOLUME and not _BAGS.isdisjoint(each.of))
    volumes = [base_value(each.quantity)[0] for each in bags]
    is_one = made.variable == VOLUME and made.value in volumes and order.given_as == "infusion"
    return volumes if is_one and len(volumes) > 1 else []


def is_in_filled_bags(made: Mention, field: Bounds | None, order: Order) -> bool:
    """Whether a volume is that of one of several bags that together hold what is given."""
    volumes = _in_bags(made, order) if field is not None else []
    return field is not None and bool(volumes) and field.overlaps(point(sum(volumes, Fraction(0))))


def is_one_bag(made: Mention, field: Bounds | None, order: Order, knowledge: Knowledge) -> bool:
    """Whether a volume is one of several bags, a whole one or the rest of what is given; a wrong one stands beside."""
    count = len(_in_bags(made, order))
    wholes = container_volumes(order.drug, knowledge) if count else ()
    rest = (point(made.value + many * whole) for whole in wholes for many in range(1, count))
    return made.value in wholes or any(field is not None and field.overlaps(each) for each in rest)


def is_own_strength(one: Said, order: Order) -> bool:
    """Whether a strength in a text is what is given: nothing else has one but another product, or another drug."""
    text = order.texts.get("text", "")
    begin, end = clause_at(text, one.at)
    holder = STRENGTH_ELSEWHERE.get(order.given_as)
    if holder is not None and holder.search(text, begin, end) is not None:
        return False
    return all(_names_no_other_drug(word, order) for word in one.of)


_BOLUS: Final = lazy_pattern(r"\b(?:bolus\w*|push\w*|load\w*)\b", re.IGNORECASE)
_VIAL: Final = any_word(VIALS, SYRINGES)


def is_of_bolus_vial(one: Said, order: Order) -> bool:
    """Whether a label in an infusion's text is that of the vial from which the bolus, and nothing else, is drawn."""
    if order.given_as != "infusion" or one.field != CONCENTRATION:
        return False
    text = order.texts.get("text", "")
    clause = text[slice(*clause_at(text, one.at))]
    return FOLLOWING.search(clause) is None and all(each.search(clause) is not None for each in (_BOLUS, _VIAL))


_OVERLAPPED: Final = lazy_pattern(
    r" (?:after|beyond|past|following) (?:the |an? |his |her |first )*"
    r"(?:oral|enteral|PO|NG|clopidogrel|ticagrelor|prasugrel|aspirin|ASA|DAPT|P2Y12|antiplatelets?)\b",
    re.IGNORECASE,
)
"""Behind a time: the oral load from which it counts."""


def is_overlap(one: Said, order: Order) -> bool:
    """Whether a time in an infusion's text is how long it goes on behind an oral load: no longer than it runs."""
    whole = order.quantity("run_time", Duration)
    if one.field != "run_time" or whole is None or not isinstance(one.quantity, Duration):
        return False
    is_behind = _OVERLAPPED.match(order.texts.get("text", ""), one.at + len(one.text)) is not None
    return is_behind and not one.quantity.exceeds(whole)


def _names_no_other_drug(word: str, order: Order) -> bool:
    name = drug_name(word)
    return name == order.drug or (name == word and DRUG_STEM.fullmatch(word) is None)


_RUN: Final = lazy_pattern(
    r" ?(?:IV |of [a-z ]{2,20} )?(?:at|@) ?(?P<rate>[0-9]{1,5}(?:\.[0-9]{1,3})?) ?mL/h(?:r|our)? (?:for|over) "
    r"(?P<time>[0-9]{1,4}(?:\.[0-9]{1,3})?) ?h(?:r|our)?s?\b",
    re.IGNORECASE,
)


def is_run(number: Said, order: Order) -> bool:
    """Whether a volume in a text stands before the rate and the time that it is run for, which do not empty it.

    Of `1 L at 125 mL/h for 24 h` the bags are changed; of `1000 mL at 50 mL/h for 4 h` most would be left.
    """
    match = _RUN.match(order.texts.get("text", ""), number.at + len(number.text)) if number.field == VOLUME else None
    if match is None or type(number.quantity.magnitude) is not Fraction:
        return False
    return number.quantity.value_in("mL") > Fraction(match["rate"]) * Fraction(match["time"])
