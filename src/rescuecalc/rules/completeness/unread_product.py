"""A product in words that are not read: a label in another language, an unknown id, a container of no product."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.orders.model.ratio import MOVED_POINTS
from rescuecalc.core.orders.text.free_text import said
from rescuecalc.core.orders.text.vocabulary import BAGS, TABLETS, VIALS, any_word
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.label_strength import strength, with_decimal_point
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Concentration, Dose
from rescuecalc.core.quantities.wording import INTO_GUT
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.reference.product_label import label_of, product_concentration, strengths_in
from rescuecalc.rules.facts.text.drug_in_text import unknown_drug_of_product

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.regimen.product import Product
    from rescuecalc.rules.base.knowledge import Subject

_AMOUNT: Final = re.compile(r"(?<![0-9.,])[0-9][0-9.,]{0,20} ?(?:mcg|mg|g|units?|mEq|mmol|mL|ml|L)\b(?! ?/)", re.ASCII)
"""An amount or a volume, as a label says it; a strength is none."""
_ID: Final = lazy_pattern(r"[a-z]{3,20}(?:-[a-z]{2,20})?-[0-9]{1,5}", re.IGNORECASE)
"""What is written like the id of a product of the catalogue."""
_INFUSED: Final = any_word(BAGS, r"pre-?mix(?:ed)?")


def unread_product(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the hit of a product's text that states a strength, an id or a container in a way that is not read."""
    text = order.texts.get("product", "")
    if not text or not subject.knowledge.has_known_doses(order.drug):
        return
    if label_of(order, subject) is not None:
        yield from _in_french(order, text)
        return
    pointer, amounts = f"{order.pointer}/product", _AMOUNT.findall(text)
    own = subject.knowledge.products_of(order.drug)
    plain = strength(with_decimal_point(text))  # compared with the concentration, in RC307
    is_known = "concentration" in order.fields and (plain is not None or _is_one_of(text, own))
    if len(amounts) > 1 and not is_known and product_concentration(order, subject) is None:
        instead = with_decimal_point(f"{amounts[0]} in {amounts[1]}")
        message = f"product: the strength in {quoted(text)} cannot be read; write {instead}"
        yield Hit(message, (), pointer, text, instead if is_label(instead) else None)
    elif _ID.fullmatch(text) is not None and own:
        known = ", ".join(each.id for each in own)
        message = f"product: {quoted(text)} is no product of {order.drug}; write one of {known}, or what its label says"
        yield Hit(message, (), pointer, text)
    elif len(amounts) == 1 and _is_slip(text, own):
        message = f"product: no container of {order.drug} holds {amounts[0]}, and one holds ten times more or less"
        yield Hit(message, (), pointer, text)
    elif own and not order.coded and not amounts and not strengths_in(order, subject) and _is_open(text, order):
        message = f"product: {quoted(text)} names no strength, and was compared with nothing"
        yield Hit(message, (), pointer, text, severity=Severity.NOTE)


def _in_french(order: Order, text: str) -> Iterator[Hit]:
    """Yield a label in French that alone says the strength: it is read for a comparison, and nothing relies on it."""
    label = strength(text)
    if label is None or "concentration" in order.fields or " dans " not in label.text:
        return
    instead = label.text.replace(" dans ", " in ")
    message = f"product: the strength in {quoted(text)} cannot be read for certain; write {instead}"
    yield Hit(message, (), order.at("product"), text, instead if is_label(instead) else None)


def unjudged_label(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the note of a product that may be another drug's, or of a strength that has to be diluted first."""
    text = order.texts.get("product", "")
    if not text or order.coded or text in subject.knowledge.products():
        return
    other = unknown_drug_of_product(order, text)
    if other:
        message = f"product: {quoted(text)} names {other}, and whether that is {order.drug} was not judged"
        yield Hit(message, (), order.at("product"), text, severity=Severity.NOTE)
    yield from _large_tablet(order, text)
    stated, said_so = order.quantity("concentration", Concentration), strengths_in(order, subject)
    if stated is None or len(said_so) != 1 or "diluted_in" in order.texts or _IN_VIALS.search(text) is not None:
        return
    one, own = base_value(said_so[0]), base_value(stated)
    if label_of(order, subject) is None and one[1] == own[1] and one[0] * _ABOUT > own[0]:
        message = (
            f"{said_so[0]} of the product is more than the concentration {stated}: that it is diluted is not stated"
        )
        yield Hit(message, (), order.at("product"), text, severity=Severity.NOTE)


def _large_tablet(order: Order, text: str) -> Iterator[Hit]:
    """Yield a tablet that holds more than twice the dose: nobody breaks it in so many pieces."""
    dose, amounts = order.quantity("dose", Dose), [each for each in said(text) if each.field == "dose"]
    if dose is None or order.route not in INTO_GUT or len(amounts) != 1 or len(_AMOUNT.findall(text)) != 1:
        return
    if _PIECES.search(order.texts.get("text", "")) is not None:
        return  # how many are taken is asked of the text
    held = amounts[0].quantity
    if base_value(held)[1] == base_value(dose)[1] and base_value(held)[0] > 2 * base_value(dose)[0]:
        message = f"product: {quoted(text)} holds more than twice the dose {dose}"
        yield Hit(message, (), order.at("product"), text)


_PIECES: Final = any_word(TABLETS)
_ABOUT: Final = Fraction(9, 10)
"""How far apart two strengths are that are rounded."""
_IN_VIALS: Final = any_word(VIALS, "concentrate")


def _is_open(text: str, order: Order) -> bool:
    """Whether a product in words names neither the drug nor the bag that an infusion hangs of: `ampoule`."""
    is_named = any(drug_name(word) == order.drug for word in re.findall(r"[a-z]+", text.lower()))
    return not is_named and not (order.given_as == "infusion" and _INFUSED.search(text) is not None)


def is_label(text: str) -> bool:
    """Whether a text is the strength of a label as it is read."""
    return strength(text) is not None


def _values(text: str) -> list[Fraction]:
    return [base_value(each.quantity)[0] for each in said(text) if each.field in {"dose", "volume"}]


def _held(own: tuple[Product, ...]) -> set[Fraction]:
    return {base_value(one)[0] for each in own for one in (each.amount, each.volume)}


def _is_one_of(text: str, own: tuple[Product, ...]) -> bool:
    """Whether all amounts of a text are those of the drug's products."""
    values = _values(text)
    return bool(values) and _held(own).issuperset(values)


def _is_slip(text: str, own: tuple[Product, ...]) -> bool:
    """Whether the one amount of a text is that of a container with its point moved."""
    held = _held(own)
    return any(each not in held and any(each * point in held for point in MOVED_POINTS) for each in _values(text))
