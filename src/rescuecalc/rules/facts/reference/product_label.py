"""What the product of an order says: its strength, its container, and the concentration in which it is given."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model.agreement import exact
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.orders.text.vocabulary import VIALS, any_word
from rescuecalc.core.quantities.label_strength import Strength, strength
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Concentration
from rescuecalc.core.quantities.units import unit
from rescuecalc.core.regimen.product import ProductUse

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.regimen.product import Product
    from rescuecalc.rules.base.knowledge import Knowledge, Subject


def label_of(order: Order, subject: Subject) -> Strength | Product | None:
    """Return the strength of the order's product: of the catalogue, or of the label text that is written."""
    text = order.texts.get("product")
    if text is None:
        return None
    known, label = subject.knowledge.products().get(text), strength(text)
    if known is not None or label is None or order.drug not in subject.knowledge.drugs:
        return known or label
    return next((each for each in _diluted_first(order.drug, subject) if is_of(each, label)), label)


def _diluted_first(drug: str, subject: Subject) -> tuple[Product, ...]:
    """Return the products of a drug that are diluted before they are given, worked out once."""
    products = subject.knowledge.products_of
    return subject.knowledge.once(
        ("diluted first", drug), lambda: tuple(each for each in products(drug) if each.diluted_as is not None)
    )


def is_of(product: Product, label: Strength) -> bool:
    """Whether a label says the amount and the volume of a product."""
    return exact(product.amount).agrees(exact(label.amount)) and exact(product.volume).agrees(exact(label.volume))


def product_concentration(order: Order, subject: Subject) -> Concentration | None:
    """Return the concentration that the product of an order is given in; None where it does not say.

    A product that is diluted first is given as its label says to dilute it. One that is diluted in something else, or
    beside which a concentration is written, says nothing. The coded strength of FHIR is that of what hangs on the pump.
    """
    label = label_of(order, subject)
    if "diluted_in" in order.texts:
        return None
    if label is None:
        strengths = () if order.coded else strengths_in(order, subject)
        if _may_be_diluted(order):
            strengths = tuple(
                each
                for each in strengths
                if _is_slip_of_stated(each, order, subject) or is_never_diluted_to(each, order)
            )
        return strengths[0] if len(strengths) == 1 else None
    diluted = getattr(label, "diluted_as", None)
    if diluted is None or order.coded:
        return concentration_of(label)
    return None if "concentration" in order.texts else subject.knowledge.products()[diluted].concentration


def _is_slip_of_stated(said: Concentration, order: Order, subject: Subject) -> bool:
    """Whether a strength in words is ten, 100 or 1,000 times the concentration beside it, and no product's.

    It may be that of what is diluted, as of a drug whose products are not held.
    """
    stated, strengths = order.quantity("concentration", Concentration), strengths_of(order.drug, subject.knowledge)
    if stated is None or not strengths or exact(said).drug != exact(stated).drug or not stated.magnitude:
        return False
    ratio = said.value_in("mcg/mL") / stated.value_in("mcg/mL")
    return said.value_in("mcg/mL") not in strengths and any(ratio in {each, 1 / each} for each in _POWERS)


def is_never_diluted_to(said: Concentration, order: Order) -> bool:
    """Whether no dilution makes the concentration of an order of a strength: of a weaker one none does.

    What is not infused and is drawn up as it is has the strength of its vial: ten times as much is a slip.
    """
    stated = order.quantity("concentration", Concentration)
    if stated is None or exact(said).drug != exact(stated).drug or not stated.magnitude:
        return False
    ratio = base_value(said)[0] / base_value(stated)[0]
    is_drawn = order.given_as != "infusion" and _DILUTED.search(order.texts.get("text", "")) is None
    return ratio <= _WEAKER or (is_drawn and ratio in _POWERS)


_WEAKER: Final = Fraction(9, 10)
_POWERS: Final = tuple(Fraction(10) ** power for power in (1, 2, 3))


def strength_stated(order: Order, subject: Subject) -> Concentration | None:
    """Return the concentration that an order states, in its field or by its product; None where neither says it."""
    return order.quantity("concentration", Concentration) or product_concentration(order, subject)


_DILUTED: Final = lazy_pattern(r"\b(?:dilut|draw|withdraw|add|make up|made up|prepar|mix|into)\w*", re.IGNORECASE)


def says_dilution(order: Order) -> bool:
    """Whether an order says anything of how its product is diluted, or what it becomes."""
    if "diluted_in" in order.texts or "concentration" in order.texts:
        return True
    return any(_DILUTED.search(order.texts.get(name, "")) for name in ("text", "product"))


_CONCENTRATE: Final = any_word(VIALS, "concentrate")


def _may_be_diluted(order: Order) -> bool:
    """Whether a product's strength in words may be that of what is diluted: beside a concentration, or of a vial."""
    hangs = order.given_as == "infusion" and _CONCENTRATE.search(order.texts.get("product", "")) is not None
    return "concentration" in order.texts or hangs


def strengths_in(order: Order, subject: Subject) -> tuple[Concentration, ...]:
    """Return every concentration that the text of an order's product says: `12.5 mg in 250 mL (50 mcg/mL)` says two."""
    text = order.texts.get("product", "")
    label = strength(text)
    rest = text.replace(label.text, "") if label is not None else text
    if not any(each.isdigit() for each in rest) or text in subject.knowledge.products():
        return (concentration_of(label),) if label is not None else ()
    from rescuecalc.core.orders.text.free_text import said  # noqa: PLC0415  # few products say more than their label

    return tuple(each.quantity for each in said(text) if isinstance(each.quantity, Concentration))


def concentration_of(label: Strength | Product) -> Concentration:
    """Return the concentration of what a label says is in its container, undiluted."""
    per_mL = label.amount.magnitude / label.volume.value_in("mL")  # noqa: N806  # the unit's own spelling
    return Concentration(per_mL, unit(f"{label.amount.unit.name}/mL"))


def container_volumes(drug: str, knowledge: Knowledge) -> tuple[Fraction, ...]:
    """Return the volumes (mL) of the drug's containers for infusion, none of a drug without products."""
    if drug not in knowledge.drugs:
        return ()
    return knowledge.once(
        ("container volumes", drug),
        lambda: tuple(
            each.volume.value_in("mL") for each in knowledge.products_of(drug) if ProductUse.INFUSION in each.serves
        ),
    )


def strengths_of(drug: str, knowledge: Knowledge, given_as: str = "") -> frozenset[Fraction]:
    """Return the concentrations (mcg/mL) of the drug's products, of an ``infusion`` those that are infused as they are.

    Empty where it has none.
    """
    if drug not in knowledge.drugs:
        return frozenset()
    infused = given_as == "infusion"
    return knowledge.once(
        ("strengths", drug, str(infused)),
        lambda: frozenset(
            each.concentration.value_in("mcg/mL")
            for each in knowledge.products_of(drug)
            if not infused or ProductUse.INFUSION in each.serves
        ),
    )
