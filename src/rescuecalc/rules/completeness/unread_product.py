"""RC712: what an order names as its product, where neither a product nor a strength can be read in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model.agreement import exact
from rescuecalc.core.orders.text.vocabulary import BAGS, any_word
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.label_strength import strength
from rescuecalc.core.quantities.quantity import Dose, Volume, parsed
from rescuecalc.errors import InputError
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.reference.product_label import label_of, strengths_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Knowledge, Subject

_AMOUNT: Final = re.compile(r"(?<![0-9.,])[0-9][0-9.,]{0,20} ?(?:mcg|mg|g|units?|mEq|mmol|mL|ml|L)\b(?!/kg)", re.ASCII)
"""An amount or a volume, as a label says it."""
_VOLUME: Final = re.compile(r"m?[lL]$")
_ID: Final = re.compile(r"[a-z]+(?:-[a-z]+)*-[0-9]+", re.ASCII)
"""A name like those of the catalogue's products."""
_INFUSED: Final = any_word(BAGS, r"pre-?mix(?:ed)?")
_MOST_NUMBERS: Final = 2
"""Of an amount and a volume; a text of more says how something is made up."""


def unread_product(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the hit of a product's text that states a strength in a way that is not read."""
    text = order.texts.get("product", "")
    if not text or not subject.knowledge.has_known_doses(order.drug) or label_of(order, subject) is not None:
        return
    amounts = _AMOUNT.findall(text)
    if len(amounts) > 1:
        instead = f"{amounts[0]} in {amounts[1]}"
        message = f"product: the strength in {quoted(text)} cannot be read; write {instead}"
        yield Hit(message, (), f"{order.pointer}/product", text, instead if is_label(instead) else None)


def uncompared_product(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the hit of a product that was not compared with the concentration beside it.

    An amount and a volume that are those of the drug's products say nothing else than they do.
    """
    text, knowledge = order.texts.get("product", ""), subject.knowledge
    is_beside = "concentration" in order.fields and not order.coded and bool(knowledge.products_of(order.drug))
    if not text or not is_beside or label_of(order, subject) is not None or strengths_in(order, subject):
        return
    numbers, is_id = _AMOUNT.findall(text), _ID.fullmatch(text.strip().lower()) is not None
    if not is_id and _is_known(text, numbers, order, knowledge):
        return
    why = "it is no product" if is_id else "it states no strength that can be read"
    message = f"the product {quoted(text)} of {order.drug} was not compared with the concentration: {why}"
    yield Hit(message, (), f"{order.pointer}/product", text, severity=None if is_id else _severity(numbers))


def _is_known(text: str, numbers: list[str], order: Order, knowledge: Knowledge) -> bool:
    """Whether a text says nothing but what the drug's products hold, or names the drug or a bag alone."""
    if numbers:
        return all(_is_of_product(each, order.drug, knowledge) for each in numbers)
    return _names_nothing_else(text, order)


def _severity(numbers: list[str]) -> Severity | None:
    """Return how grave it is: an amount that no product holds is an error, a volume alone is less than that."""
    if not numbers or len(numbers) > _MOST_NUMBERS:
        return Severity.NOTE
    return Severity.WARNING if all(_VOLUME.search(each) for each in numbers) else None


def _is_of_product(text: str, drug: str, knowledge: Knowledge) -> bool:
    """Whether an amount or a volume is that of a product of the drug."""
    for role in (Dose, Volume):
        try:
            one = parsed(role, text.replace(",", ""))
        except InputError:
            continue
        values = [each.amount if role is Dose else each.volume for each in knowledge.products_of(drug)]
        return any(exact(one).agrees(exact(each)) for each in values)
    return False


def _names_nothing_else(text: str, order: Order) -> bool:
    """Whether a product without a number is the drug by its name, or the bag that an infusion hangs of."""
    is_named = any(drug_name(word) == order.drug for word in re.findall(r"[a-z]+", text.lower()))
    return is_named or (order.given_as == "infusion" and _INFUSED.search(text) is not None)


def is_label(text: str) -> bool:
    """Whether a text is the strength of a label as it is read."""
    return strength(text) is not None
