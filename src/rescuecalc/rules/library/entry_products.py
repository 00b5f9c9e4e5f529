"""RC835: products that no entry is for, entries of a concentration that no product has, and drugs that are misspelt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.drugs.suggestions import ALIKE, nearest_names
from rescuecalc.core.library.pump_library import STRENGTH
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.regimen.product import ProductUse
from rescuecalc.rules.library.hits import at_limit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from rescuecalc.core.library.pump_library import Entry
    from rescuecalc.core.regimen.product import Product
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.base.rule import Hit
    from rescuecalc.rules.library.hits import InLibrary


def products(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the products for infusion that no entry is for, and the entries of a concentration that no product has."""
    for drug, entries in known.by_drug():
        own = [each for each in knowledge.products_of(drug) if ProductUse.INFUSION in each.serves]
        strengths = {base_value(each.concentration)[0]: each for each in own}
        if own:
            yield from _without_entry(drug, entries, strengths, known)
            yield from _without_product(drug, entries, strengths, known)
        elif drug not in knowledge.drugs:
            yield from _misspelt(drug, entries[0], known, knowledge)


def _without_entry(
    drug: str, entries: tuple[Entry, ...], strengths: dict[Fraction, Product], known: InLibrary
) -> Iterator[Hit]:
    for strength, product in strengths.items():
        if not any(_takes(each, strength) for each in entries):
            message = f"no entry of {drug} is for {product.id}, {product.strength} ({product.concentration})"
            yield at_limit(known.use, entries[0], "drug", message, None)._replace(found=entries[0].name)


def _takes(entry: Entry, strength: Fraction) -> bool:
    """Whether an entry is of a concentration, or lets it be typed in."""
    if entry.concentration is not None:
        return base_value(entry.concentration)[0] == strength
    limits = entry.limits.get(STRENGTH)
    passed = limits.passed(strength) if limits is not None else None
    return passed is None or not passed.is_hard


def _without_product(
    drug: str, entries: tuple[Entry, ...], strengths: dict[Fraction, Product], known: InLibrary
) -> Iterator[Hit]:
    for entry in entries:
        if any(_takes(entry, each) for each in strengths):
            continue
        if entry.concentration is not None:
            message = f"{entry.words} is {entry.concentration}: no product of {drug} has it"
            hit = at_limit(known.use, entry, "amount", message, None)
            yield hit._replace(found=str(entry.amount or entry.concentration))
        else:
            limits = entry.limits[STRENGTH]
            message = f"the limits of the concentration of {entry.words} take no product of {drug}"
            hit = at_limit(known.use, entry, "conc_unit", message, None)
            yield hit._replace(found=limits.unit.name)


def _misspelt(drug: str, entry: Entry, known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the name that is nearly one of the catalogue's: orders of that drug do not find the entry."""
    if knowledge.drug_class(drug) is not None:
        return
    near = nearest_names(drug, knowledge.drugs, cutoff=ALIKE)
    if near:
        message = f"{quoted(entry.name)} is no drug that is known; did you mean {' or '.join(near)}?"
        yield at_limit(known.use, entry, "drug", message, None)._replace(found=entry.name)
