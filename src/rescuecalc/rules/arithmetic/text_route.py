"""RC316: a text that gives the dose by another route than the order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.finding import Severity
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.wording import ROUTE_OF
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.text_mentions import is_own_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.base.knowledge import Subject

# The route directly behind a dose: elsewhere PR is an interval of the ECG, and IM a department.
_BEHIND_DOSE: Final = lazy_pattern(
    r"[0-9] ?(?:mcg|mg|g|units?|mEq|mmol|mL|mcg/kg|mg/kg|units/kg|tablets?) (?:[a-z]{3,20} )?"
    r"(IV|IA|PO|PR|IM|SUBQ|SC|NG|OG|orally|by mouth|rectally|intravenously|intramuscularly|subcutaneously)\b"
)
_OTHERWISE: Final = lazy_pattern(
    r"\b(?:or|if|then|unless|switch|convert|change|followed|instead|previous\w*)\b", re.IGNORECASE
)
_BY_TUBE: Final = frozenset({"PO", "NG"})


def _other_route(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        text = order.texts.get("text", "")
        if not text or not order.route or order.of or _OTHERWISE.search(text):
            continue
        own = [
            each.at + len(each.text)
            for each in order.numbers_in_text()
            if each.given and not each.doubtful and all(is_own_word(word, order) for word in each.of)
        ]
        said = {
            match[1]: ROUTE_OF[match[1].lower()]
            for match in _BEHIND_DOSE.finditer(text)
            if any(match.start() < end <= match.end() for end in own)
        }
        if len(set(said.values())) != 1:
            continue
        word, route = next(iter(said.items()))
        if route != order.route and not {route, order.route} <= _BY_TUBE:
            message = f"the text gives it {word}, and the route of the order is {order.route}"
            yield Hit(message, (), f"{order.pointer}/text", word, order.route)


RULES = (
    declared(
        "RC316",
        "text-contradicts-route",
        Severity.ERROR,
        _other_route,
        "rescuecalc",
        checks="The route after a dose in the text against the order's route.",
        why="The nurse reads the text: an oral dose goes into a vein.",
        fails="{drug: aspirin, route: PO, kind: dose, dose: 325 mg, text: aspirin 325 mg PR once}",
        passes="{drug: aspirin, route: PO, kind: dose, dose: 325 mg, text: aspirin 325 mg PO once}",
        remedy="Correct the one that is wrong.",
        limits="Not if the text states an alternative (`or`, `if`, `then`), nor for a mouth and a feeding tube.",
        since="0.2.0",
    ),
)
