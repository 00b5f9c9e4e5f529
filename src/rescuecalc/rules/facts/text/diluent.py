"""What an order says its drug is diluted in, and what else runs: how much of it, and whether it holds another drug."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_name import KNOWN, drug_name
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.orders.model.ratio import MOVED_POINTS
from rescuecalc.core.orders.text.dose_words import CARRIER, DRUG_STEM, GAS, NAME, TAKEN_FROM
from rescuecalc.core.orders.text.free_text import said
from rescuecalc.core.orders.text.vocabulary import BAGS, one_of
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Concentration, Volume
from rescuecalc.core.quantities.units import unit
from rescuecalc.rules.facts.reference.product_label import container_volumes

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.label_strength import Strength
    from rescuecalc.core.regimen.product import Product
    from rescuecalc.rules.base.knowledge import Knowledge

_FLUIDS: Final = frozenset({"chloride", "saline", "glucose", "dextrose", "lactate", "water", "sodium", "acetate"})
_SALTS: Final = frozenset({"kcl", "potassium", "kphos", "bicarb"})


def drug_in_diluent(order: Order, knowledge: Knowledge) -> str | None:
    """Return the other drug that stands in what an order is diluted in, None where it is a plain fluid.

    A bag with potassium or heparin in it is no diluent.
    """
    words: list[str] = NAME.findall(order.texts.get("diluted_in", ""))
    for word in words:
        name, small = drug_name(word), word.lower()
        is_known = name in KNOWN or name in knowledge.drugs or knowledge.drug_class(name) is not None
        is_drug = small in _SALTS or is_known or DRUG_STEM.fullmatch(small) is not None
        if is_drug and small not in _FLUIDS and name != order.drug:
            return word
    return None


def diluent_contradiction(order: Order, label: Strength | Product | None) -> tuple[Volume, Volume] | None:
    """Return what an order's product is diluted in and what its concentration needs, where these are far apart.

    The volume may be that of the fluid alone, or of all; several containers may go into one bag.
    """
    volumes = [each.quantity for each in said(order.texts.get("diluted_in", "")) if isinstance(each.quantity, Volume)]
    own = order.quantity("concentration", Concentration)
    if label is None or own is None or len(volumes) != 1 or not own.is_mass():
        return None
    fluid, held = base_value(volumes[0])[0], base_value(label.volume)[0]
    meant = base_value(label.amount)[0] / base_value(own)[0]
    is_near = any(meant <= each * _NEAR and each <= meant * _MOST_CONTAINERS for each in (fluid, fluid + held))
    return None if is_near else (volumes[0], Volume(meant, unit("mL")))


_NEAR: Final = Fraction(3, 2)
_MOST_CONTAINERS: Final = 4
"""Containers of a drug that go into one bag."""


def diluent_slip(order: Order, knowledge: Knowledge) -> tuple[Volume, Volume] | None:
    """Return how much an infusion is diluted in and how much a container of its drug holds, where the point slipped."""
    text = order.texts.get("diluted_in", "")
    volumes = [each.quantity for each in said(text) if isinstance(each.quantity, Volume)]
    held = container_volumes(order.drug, knowledge)
    if len(volumes) != 1 or not held or order.given_as != "infusion":
        return None
    own = base_value(volumes[0])[0]
    if not own or own in held or own in knowledge.tuning().containers:
        return None
    meant = next((each for each in sorted(held, reverse=True) for factor in MOVED_POINTS if own == each * factor), None)
    if meant is None and own * 10 < min(held):
        meant = min(held)
    elif meant is None and own > max(held) * 10:
        meant = max(held)
    return (volumes[0], Volume(meant, unit("mL"))) if meant is not None else None


_IN_BAG: Final = lazy_pattern(rf"\b{one_of(BAGS)}(?: (?:of|de|mit|zu|\u00e0))? ?$", re.IGNORECASE)
_BAG: Final = lazy_pattern(rf"[ -]{one_of(BAGS)}\b", re.IGNORECASE)


def is_of_fluid(before: str, behind: str) -> bool:
    """Whether a volume or a flow is of a fluid, a gas or a container by the words of its clause beside it.

    >>> is_of_fluid("on HFNC ", ""), is_of_fluid("bag ", ""), is_of_fluid("infuse ", " from the bag")
    (True, True, False)
    """
    if _IN_BAG.search(before) is not None or _BAG.match(behind) is not None:
        return True
    beside = (before, TAKEN_FROM.sub("", behind))
    return any(one.search(side) is not None for one in (CARRIER, GAS) for side in beside)
