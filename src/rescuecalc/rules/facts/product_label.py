"""What the product of an order says: its strength, its container, and the concentration in which it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.agreement import exact
from rescuecalc.core.quantities.label_strength import Strength, strength
from rescuecalc.core.quantities.quantity import Concentration
from rescuecalc.core.quantities.units import unit
from rescuecalc.core.regimen.product import Given

if TYPE_CHECKING:
    from fractions import Fraction

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


def concentration_given(order: Order, subject: Subject) -> Concentration | None:
    """Return the concentration that the product of an order is given in; None where it does not say.

    A product that is diluted first is given as its label says to dilute it. One that is diluted in something else, or
    beside which a concentration is written, says nothing. The coded strength of FHIR is that of what hangs on the pump.
    """
    label = label_of(order, subject)
    if label is None or "diluted_in" in order.texts:
        return None
    diluted = getattr(label, "diluted_as", None)
    if diluted is None or order.coded:
        return concentration_of(label)
    return None if "concentration" in order.texts else subject.knowledge.products()[diluted].concentration


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
            each.volume.value_in("mL") for each in knowledge.products_of(drug) if Given.INFUSION in each.serves
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
            if not infused or Given.INFUSION in each.serves
        ),
    )
