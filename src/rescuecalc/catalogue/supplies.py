"""Which products can serve for a bolus or an infusion, and the refusal of those that cannot."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rescuecalc.catalogue.catalogue import products
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.regimen.product import Product, ProductUse, Supply
from rescuecalc.errors import CalculationRefused, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.core.quantities.quantity import Concentration

INFUSION_CONTAINER = "infusion-container"
_THOUSAND = 1000


def _of_drug(drug: str) -> tuple[Product, ...]:
    return tuple(product for product in products().values() if product.drug == drug)


def _bolus_use(product: Product, route: str) -> ProductUse | None:
    """Return how a product gives a bolus; into an artery only by syringe, since the pump's line is in a vein."""
    if ProductUse.SYRINGE in product.serves:
        return ProductUse.SYRINGE
    return ProductUse.PUMP if ProductUse.PUMP in product.serves and route == "IV" else None


def bolus_options(drug: str, route: str) -> tuple[Supply, ...]:
    """Return every catalogue product that can give a bolus of ``drug`` by ``route``."""
    # Every product that can serve is shown until one is named: none of them is the usual one everywhere.
    ways = ((product, _bolus_use(product, route)) for product in _of_drug(drug))
    return tuple(Supply(product, product.concentration, given) for product, given in ways if given)


def infusion_options(drug: str) -> tuple[Supply, ...]:
    """Return every catalogue product that can be infused."""
    infusible = (product for product in _of_drug(drug) if ProductUse.INFUSION in product.serves)
    return tuple(Supply(product, product.concentration, ProductUse.INFUSION) for product in infusible)


_BOLUS = frozenset({ProductUse.SYRINGE, ProductUse.PUMP})


def _of_strength(text: str, fitting: Iterable[Product]) -> list[str]:
    """Return the products whose label says the strength that a text is: ``12.5 mg in 250 mL`` is bag-250."""
    from rescuecalc.core.quantities.label_strength import strength  # noqa: PLC0415  # only a refused name pays for it

    found = strength(text)
    return [
        product.id
        for product in fitting
        if found is not None and found.amount.equals(product.amount) and found.volume.equals(product.volume)
    ]


def _named(name: str, drug: str, option: str, uses: frozenset[ProductUse]) -> Product:
    found = products().get(name.lower())
    if found is None:
        # What cannot serve there is not proposed: an undiluted vial beside a bag, one letter away.
        fitting = [product for product in _of_drug(drug) if product.serves & uses]
        known = [product.id for product in fitting]
        labelled = _of_strength(name, fitting)
        hint = f"; did you mean {' or '.join(labelled)}?" if labelled else nearest(name, known)
        hint = hint or f"; the catalogue has {', '.join(known) or f'none of {drug}'}"
        if name[:1].isdigit():
            hint += f"; a concentration is written with {option.replace('product', 'concentration')}"
        raise InputError(f"{option}: unknown product {quoted(name)}{hint}")
    if found.drug != drug:
        raise CalculationRefused(f"{option}: {name} is {found.drug}, and the protocol gives {drug}")
    return found


def thousandfold(concentration: Concentration, drug_products: Iterable[Product]) -> Product | None:
    """Return a product whose concentration is a thousandth of this one: mg was written for mcg."""
    for product in drug_products:
        # mg/mL and units/mL have the same shape, and no factor between them.
        same_kind = concentration.unit.parts[0].dimension == product.concentration.unit.parts[0].dimension
        if same_kind and concentration.equals(product.concentration.times(Fraction(_THOUSAND))):
            return product
    return None


def _checked(concentration: Concentration, drug: str, option: str) -> Concentration:
    if concentration.unit.parts[0].dimension != "drug_mass":
        raise InputError(f"{option}: {quoted(str(concentration))} does not measure a mass of {drug}; write 50mcg/mL")
    for slip, words in (
        (concentration, "1,000 times"),
        (concentration.times(Fraction(_THOUSAND**2)), "a thousandth of"),
    ):
        product = thousandfold(slip, _of_drug(drug))
        if product is not None:
            stated = product.concentration
            message = f"{option}: {concentration} is {words} the {stated} of {product.id}: mg and mcg mixed up?"
            raise CalculationRefused(f"{message} If so, write {stated.typed}")
    return concentration


def _matching(product: Product, concentration: Concentration | None, drug: str, option: str) -> None:
    """Refuse a concentration that is not the named product's own."""
    if concentration is None:
        return
    _checked(concentration, drug, option)
    if not concentration.equals(product.concentration):
        raise CalculationRefused(f"{option}: {concentration} is not the {product.concentration} of {product.id}")


def _cannot_infuse(product: Product, option: str) -> CalculationRefused:
    instead = f"; diluted it is {product.diluted_as}" if product.diluted_as else ""
    others = ", ".join(supply.product.id for supply in infusion_options(product.drug) if supply.product)
    return CalculationRefused(
        f"{option}: {product.id} ({product.concentration}, {product.form}) is never infused as it is{instead}; "
        f"the infusion products of {product.drug} are {others}"
    )


def infusion_supply(name: str | None, concentration: Concentration | None, drug: str) -> Supply | None:
    """Return what the infusion is drawn from, None where neither product nor concentration is named.

    Raises InputError for an unknown product, CalculationRefused for an undiluted one or a concentration not its own.
    """
    if name is not None:
        product = _named(name, drug, "--infusion-product", frozenset({ProductUse.INFUSION}))
        if ProductUse.INFUSION not in product.serves:
            raise _cannot_infuse(product, "--infusion-product")
        _matching(product, concentration, drug, "--infusion-concentration")
        return Supply(product, product.concentration, ProductUse.INFUSION)
    if concentration is None:
        return None
    _checked(concentration, drug, "--infusion-concentration")
    infused = [s.concentration for s in infusion_options(drug)]
    for product in _of_drug(drug):
        # A vial hung as it is gives five times the dose at the same pump rate (250 for 50 mcg/mL); some drugs are
        # infused undiluted.
        undiluted = concentration.equals(product.concentration) and not any(concentration.equals(c) for c in infused)
        if undiluted:
            raise _cannot_infuse(product, "--infusion-concentration")
    return Supply(None, concentration, ProductUse.INFUSION)


def bolus_supply(
    name: str | None, concentration: Concentration | None, drug: str, route: str, infusion: Supply | None
) -> Supply | None:
    """Return what the bolus is drawn from, None where neither product nor concentration is named.

    ``infusion-container`` is a bolus programmed on the pump out of the first infusion container.
    Raises InputError for an unknown product, CalculationRefused for one that cannot give it by this route.
    """
    if name == INFUSION_CONTAINER:
        return _from_container(concentration, drug, route, infusion)
    if name is None:
        return (
            None
            if concentration is None
            else Supply(None, _checked(concentration, drug, "--bolus-concentration"), None)
        )
    product = _named(name, drug, "--bolus-product", _BOLUS)
    given = _bolus_use(product, route)
    if given is None:
        others = ", ".join(supply.product.id for supply in bolus_options(drug, route) if supply.product) or "none"
        message = f"--bolus-product: {name} ({product.form}) cannot give a bolus {route}; products that can: {others}"
        raise CalculationRefused(message)
    _matching(product, concentration, drug, "--bolus-concentration")
    return Supply(product, product.concentration, given)


def _from_container(concentration: Concentration | None, drug: str, route: str, infusion: Supply | None) -> Supply:
    option = "--bolus-product infusion-container"
    if route != "IV":
        raise CalculationRefused(
            f"{option}: the pump's line is in a vein, and this bolus is {route}; by syringe, use a vial"
        )
    if infusion is None:
        message = f"{option} needs the container: add --infusion-product, as in --infusion-product bag-250"
        raise InputError(message, missing="--infusion-product")
    if infusion.product is not None and ProductUse.PUMP not in infusion.product.serves:
        raise CalculationRefused(f"{option}: no source gives a bolus of {drug} out of {infusion.product.id}")
    if concentration is not None and not concentration.equals(infusion.concentration):
        raise CalculationRefused(
            f"--bolus-concentration: {concentration} is not the {infusion.concentration} of the container"
        )
    return Supply(infusion.product, infusion.concentration, ProductUse.PUMP, from_container=True)
