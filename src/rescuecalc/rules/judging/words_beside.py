"""Judging what the other texts of an order set say of a drug as if its order's `text` said it, by the same rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.rules.facts.text.own_numbers import own_numbers
from rescuecalc.rules.facts.text.words_beside import words_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.base.rule import Hit, Rule
    from rescuecalc.rules.facts.text.words_beside import Words

_AGREEMENT: Final = "RC308"
_OF_TEXTS: Final = frozenset(
    ("RC308", "RC319", "RC402", "RC403", "RC404", "RC422", "RC423", "RC517", "RC636", "RC665", "RC712")
)
"""The rules that compare what a text says of a dose, a rate, a time and of what is repeated."""


_NOT_JUDGED: Final = "RC712"


def hits_beside(
    subject: Subject,
    rules: tuple[Rule, ...],
    reported: Collection[Finding],
    check: Callable[[Rule, Subject], list[Hit]],
) -> Iterator[tuple[Rule, Hit]]:
    """Yield what rules say of the words beside the orders' texts, where nothing is ``reported`` of the same words."""
    judging = tuple(rule for rule in rules if rule.code in _OF_TEXTS)
    for words in words_beside(subject) if judging else ():
        # That words are not known does not say what is wrong with the amount in them.
        beside = (each for each in reported if each.pointer == words.pointer and each.code != _NOT_JUDGED)
        known = [each.found for each in beside if each.found]
        seen: set[str | None] = set()
        for rule, hit in _of_words(words, judging, subject, check):
            if hit.found in seen or _is_reported(hit.found, known):
                continue
            seen.add(hit.found)
            message = hit.message.replace("the text", f"the {words.name}", 1)
            yield rule, hit._replace(pointer=words.pointer, message=message)


def _is_reported(found: str | None, known: list[str]) -> bool:
    """Whether a finding has the words already; a bare number of a name may be a year, or of a version."""
    is_bare = found is None or not any(each.isalpha() for each in found)
    return is_bare or any(found in each or each in found for each in known if found is not None)


def _of_words(
    words: Words, rules: tuple[Rule, ...], subject: Subject, check: Callable[[Rule, Subject], list[Hit]]
) -> Iterator[tuple[Rule, Hit]]:
    """Yield what rules say of words as the text of the order that they may speak of, an infusion before a bolus.

    A number that another order of the drug has is that order's own.
    """
    order = next((each for each in words.orders if each.given_as == "infusion"), words.orders[0])
    own = {one.text for each in words.orders if each is not order for one in own_numbers(_saying(each, words.text))}
    part = subject._replace(
        order_set=subject.order_set._replace(
            orders=tuple(_saying(each, words.text) if each is order else each for each in words.orders),
            monitoring=(),
            stop_if=(),
            defects=(),
        )
    )
    # What a heading says of a thrombolytic is the whole of its parts: `heading_doses` compares it with their sum.
    is_whole = not subject.knowledge.is_gp_inhibitor(order.drug) and len(words.orders) > 1
    for rule in (each for each in rules if not (is_whole and each.code == _AGREEMENT)):
        for hit in check(rule, part):
            if hit.pointer == f"{order.pointer}/text" and hit.found not in own:
                yield rule, hit


def _saying(order: Order, text: str) -> Order:
    return order._replace(texts={**order.texts, "text": text}, said=None)
