"""RC835: products that no entry is for, entries of a concentration that no product has, and drugs that are misspelt."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.library.limits import VOLUME_PER_KG
from rescuecalc.core.library.pump_library import BOLUS, DOSE, STRENGTH
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.regimen.product import ProductUse
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.order_model.model_wording import quantity_text, rounded
from rescuecalc.rules.facts.reference.unknown_drug import unknown_drug
from rescuecalc.rules.library.entries.drug_slips import drug_slips
from rescuecalc.rules.library.entries.entry_names import other_drug
from rescuecalc.rules.library.hits import at_limit, unmatched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.limits import LimitSet
    from rescuecalc.core.library.pump_library import Entry
    from rescuecalc.core.quantities.quantity import Concentration
    from rescuecalc.core.regimen.product import Product
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.facts.reference.unknown_drug import UnknownDrug
    from rescuecalc.rules.library.hits import InLibrary


def products(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the products for infusion that no entry is for, and the entries of a concentration that no product has."""
    yield from knowledge.once(("products in library",), lambda: tuple(_every(known, knowledge)))


def products_and_names(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the same, and the names whose meaning the TOML says and that no row has."""
    found = tuple(products(known, knowledge))
    yield from found
    yield from unmatched("drug", "drugs", known.use)
    for entry in known.entries:
        yield from other_drug(entry, known.use, knowledge)
    yield from drug_slips(known, knowledge, _misspelt_drugs(known, found))


def _misspelt_drugs(known: InLibrary, found: tuple[Hit, ...]) -> frozenset[str]:
    """Return the drugs whose names are reported already."""
    named = {each.pointer for each in found if each.pointer.endswith("/drug")}
    return frozenset(each.drug for each in known.entries if each.at("drug") in named)


def wrong_strengths(known: InLibrary, knowledge: Knowledge) -> frozenset[int]:
    """Return the numbers of the entries whose strength is that of no product: what follows from it is not theirs."""
    parts = (each.pointer.split("/") for each in products(known, knowledge))
    return frozenset(int(number) for _, _, number, column in parts if column != "drug")


def _every(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    for drug, entries in known.by_drug():
        own = knowledge.products_of(drug)
        if any(ProductUse.INFUSION in each.serves for each in own):
            yield from _compared(drug, entries, own, known)
        elif drug not in knowledge.drugs:
            yield from _misspelt(drug, entries, known, knowledge)
            yield from _too_much(drug, entries, known, knowledge)


def _compared(drug: str, entries: tuple[Entry, ...], own: tuple[Product, ...], known: InLibrary) -> Iterator[Hit]:
    """Yield the strengths that no product has; without one what products have no entry: a wrong one is theirs."""
    infused = [each for each in own if ProductUse.INFUSION in each.serves]
    wrong = list(_without_product(drug, entries, own, known))
    yield from wrong
    if not wrong:
        yield from _without_entry(drug, entries, infused, known)


def _without_entry(drug: str, entries: tuple[Entry, ...], infused: list[Product], known: InLibrary) -> Iterator[Hit]:
    for strength, product in {base_value(each.concentration)[0]: each for each in infused}.items():
        if not any(_accepts_strength(each, strength) for each in entries):
            message = f"no entry of {drug} is for {product.id}, {product.strength} ({product.concentration})"
            yield at_limit(known.use, entries[0], "drug", message, None)._replace(found=entries[0].name)


def _accepts_strength(entry: Entry, strength: Fraction) -> bool:
    """Whether an entry is of a concentration, or lets it be typed in."""
    if entry.concentration is not None:
        return base_value(entry.concentration)[0] == strength
    limits = entry.limits.get(STRENGTH)
    passed = limits.passed(strength) if limits is not None else None
    return passed is None or not passed.is_hard


def _without_product(
    drug: str, entries: tuple[Entry, ...], own: tuple[Product, ...], known: InLibrary
) -> Iterator[Hit]:
    for entry in entries:
        used = [each for each in own if each.serves & uses(entry)]
        if any(_accepts_strength(entry, base_value(each.concentration)[0]) for each in used):
            continue
        if entry.concentration is not None:
            yield _of_strength(entry, entry.concentration, drug, own, known)
        else:
            yield _of_typed(entry, entry.limits[STRENGTH], drug, used, known)


def _of_typed(entry: Entry, limits: LimitSet, drug: str, used: list[Product], known: InLibrary) -> Hit:
    """Return the hit of limits of a concentration that no product has: an error where all are ten times off."""
    ends = [end.value for end in limits.in_order()]
    strengths = [base_value(each.concentration)[0] for each in used]
    is_far = min(ends) >= _GROSS * max(strengths, default=min(ends)) or max(ends) * _GROSS <= min(strengths, default=0)
    message = f"the limits of the concentration of {entry.words} take no product of {drug}"
    severity = Severity.ERROR if is_far else Severity.WARNING
    return at_limit(known.use, entry, "conc_unit", message, None, severity=severity)._replace(found=limits.unit.name)


_AT_ONCE: Final = frozenset((of.DOSE, of.DOSE_PER_KG, of.VOLUME, VOLUME_PER_KG))


def uses(entry: Entry) -> frozenset[ProductUse]:
    """Return what a product has to serve as for an entry: one that bounds no rate is of boluses."""
    limits = entry.limits.get(DOSE)
    is_bolus = limits.variable in _AT_ONCE if limits is not None else BOLUS in entry.limits
    return frozenset(ProductUse) if is_bolus else frozenset((ProductUse.INFUSION,))


def _of_strength(entry: Entry, made: Concentration, drug: str, own: tuple[Product, ...], known: InLibrary) -> Hit:
    """Return the hit of a strength that no product has: an error where it is that of one with a slip, or undiluted."""
    column, found = "amount" if entry.amount is not None else "concentration", str(entry.amount or made)
    same = [each for each in own if _accepts_strength(entry, base_value(each.concentration)[0])]
    if same:
        message = f"{entry.words} is the undiluted {', '.join(each.id for each in same)}, never an infusion product"
        hit = at_limit(known.use, entry, column, message, None)
        sources = (known.use.library.source, *same[0].sources)
        return hit._replace(found=found, severity=Severity.ERROR, sources=sources)
    infused = sorted(
        (each for each in reversed(own) if _is_infused(each)), key=lambda each: _common_numbers(each, entry)
    )
    times = {base_value(made)[0] / base_value(each.concentration)[0]: each for each in infused}
    nearest = min(times, key=lambda factor: max(factor, 1 / factor))
    slip = next((factor for factor in times if _is_power(factor)), None)
    if slip is None and 1 / Fraction(_GROSS) < nearest < _GROSS:
        message = f"{entry.words} is {made}: no product of {drug} has it"
        return at_limit(known.use, entry, column, message, None, severity=Severity.WARNING)._replace(found=found)
    factor = slip if slip is not None else nearest
    return _slipped(entry, made, factor, times[factor], known)


def _common_numbers(product: Product, entry: Entry) -> int:
    """Return how many numbers of an entry's strength are those of a product."""
    same = entry.amount is not None and base_value(entry.amount) == base_value(product.amount)
    return same + (entry.volume is not None and base_value(entry.volume) == base_value(product.volume))


def _slipped(entry: Entry, made: Concentration, factor: Fraction, product: Product, known: InLibrary) -> Hit:
    """Return the hit of a strength that is many times that of a product; at the number that the product has not."""
    size = f"{rounded(factor)} times" if factor >= 1 else f"1/{rounded(1 / factor)} of"
    message = f"{entry.words} is {made}, {size} the {product.concentration} of {product.id}, {product.strength}"
    column, found, right = "concentration", str(made), quantity_text(base_value(product.concentration)[0], made)
    if entry.amount is not None and entry.volume is not None:
        amount, volume = base_value(entry.amount)[0], base_value(entry.volume)[0]
        if amount == base_value(product.amount)[0]:
            column, found, right = "volume", str(entry.volume), quantity_text(volume * factor, entry.volume)
        else:
            column, found = "amount", str(entry.amount)
            right = quantity_text(amount / factor, entry.amount)
    sources = (known.use.library.source, *product.sources)
    return Hit(message, sources, entry.at(column), found, right, factor, severity=Severity.ERROR)


def _is_infused(product: Product) -> bool:
    return ProductUse.INFUSION in product.serves


def _is_power(factor: Fraction) -> bool:
    """Whether a factor moves the decimal point alone, as mg for g does too."""
    return any(factor * size == 1 or factor == size for size in _POWERS)


_GROSS: Final = 10
_POWERS: Final = (10, 100, 10**3, 10**6)


def _too_much(drug: str, entries: tuple[Entry, ...], known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the amounts of a thrombolytic that are ten times the most that anybody is given."""
    one = knowledge.agent_facts().thrombolytics.get(drug)
    for entry in entries if one is not None else ():
        most = one.most_elsewhere if one is not None else None
        if most is None or entry.amount is None or base_value(entry.amount)[1] != base_value(most)[1]:
            continue
        factor = base_value(entry.amount)[0] / base_value(most)[0]
        if factor >= _GROSS:
            message = f"{entry.words} holds {rounded(factor)} times the most that is given of {drug}, {most}"
            hit = at_limit(known.use, entry, "amount", message, None, factor, Severity.ERROR)
            yield hit._replace(found=str(entry.amount))


def _misspelt(drug: str, entries: tuple[Entry, ...], known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the name that is nearly one of the catalogue's: no limit of that drug judges it, and no order finds it."""
    unknown, first = misspelt(drug, knowledge), entries[0]
    named = {name for each in known.use.library.unmatched for name in each.near}
    if unknown is None or first.name.casefold() in named:
        return  # known, or the name of [drugs] is wrong, and not this one
    hint = f"did you mean {' or '.join(unknown.near)}?"
    if unknown.holds:
        hint = f"write {unknown.holds}, and the rest as its therapy, or map the name in [drugs]"
    more = f"; the same in {len(entries) - 1:,} more" if len(entries) > 1 else ""
    names = (unknown.holds,) if unknown.holds else unknown.near
    hit = at_limit(known.use, first, "drug", f"unknown drug {quoted(first.name)}; {hint}{more}", None)
    yield hit._replace(found=first.name, expected=names[0] if len(names) == 1 else None, severity=Severity.ERROR)


def misspelt(drug: str, knowledge: Knowledge) -> UnknownDrug | None:
    """Return what a name that nothing is known of may mean, None where it is known or like no known one."""
    return unknown_drug(drug, knowledge) if knowledge.drug_class(drug) is None else None
