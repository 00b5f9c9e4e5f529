"""RC317: a text that gives the dose more or less often than the order's frequency."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.finding import Severity
from rescuecalc.core.orders.frequency import exactly_daily
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.own_numbers import numbers_in_own_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_ENDS: Final = lazy_pattern(r"[;\n]|\.(?![0-9a-z])|, (?=check|platelets|neuro)", re.IGNORECASE)
"""Where what is said of the dose ends: behind it may stand how often something is looked at."""
_OF_ANOTHER: Final = lazy_pattern(
    r"\b(?:or|if|then|unless|until|switch|convert|change|followed|instead|previous\w*|repeat\w*|titrat\w*|increas\w*|"
    r"check\w*|monitor\w*|assess\w*|reassess\w*|observ\w*|measur\w*|vital\w*|neuro\w*|platelets?|counts?|BP|labs?|"
    r"home|start\w*|begin\w*|after|before|divided|total)\b",
    re.IGNORECASE,
)
"""What speaks of another dose, or of something else that is done again and again."""

_THEN: Final = lazy_pattern(r"\bthen\b", re.IGNORECASE)
"""A text of two steps: which of them the field is of is not known."""


def _behind_dose(order: Order, text: str) -> str | None:
    """Return what stands behind the one dose of an order's own in its text, the whole of a text without any number."""
    if not order.numbers_in_text():
        return text
    own = [each for each in numbers_in_own_words(order) if each.field == "dose"]
    if len(own) != 1:
        return None
    rest = text[own[0].at + len(own[0].text) :]
    end = _ENDS.search(rest)
    return rest[: end.start()] if end is not None else rest


def _other_frequency(subject: Subject) -> Iterator[Hit]:
    agents = subject.knowledge.bridging().antiplatelets
    for order in subject.order_set.orders:
        text, often = order.texts.get("text", ""), order.texts.get("frequency", "")
        if not text or not often or order.of or _THEN.search(text):
            continue
        behind = _behind_dose(order, text)
        if behind is None or _OF_ANOTHER.search(behind):
            continue
        said, ordered = exactly_daily(behind), exactly_daily(often)
        if said is None or ordered is None or said == ordered:
            continue
        agent = agents.get(order.drug)
        if ordered and agent is not None and agent.frequency and exactly_daily(agent.frequency) == said:
            continue  # then it is the frequency that is wrong, and RC626 or RC627 tells so
        found = behind.strip(" ,")
        message = f"the text gives it {quoted(found)}, and the frequency of the order is {often}"
        yield Hit(message, (), f"{order.pointer}/text", found, often)


RULES = (
    declared(
        "RC317",
        "text-contradicts-frequency",
        Severity.ERROR,
        _other_frequency,
        "rescuecalc",
        checks="How often the text gives the dose against the order's frequency.",
        why="The nurse reads the text: a weekly dose is given daily.",
        fails="{drug: enoxaparin, route: SC, kind: dose, dose: 80 mg, frequency: every 12 h, "
        "text: enoxaparin 80 mg every 2 h}",
        passes="{drug: enoxaparin, route: SC, kind: dose, dose: 80 mg, frequency: every 12 h, "
        "text: enoxaparin 80 mg twice daily}",
        remedy="Correct the one that is wrong.",
        limits="Not if the text states an alternative, another step, or how often something is checked; for an "
        "antiplatelet whose text has the usual frequency RC626 and RC627 judge the field.",
        since="0.2.0",
    ),
)
