"""Products from TOML; one that contradicts itself is refused, since every volume and pump rate is divided by it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rescuecalc.catalogue.files.citations import cited
from rescuecalc.catalogue.files.table import Problem, Table, collected, parse
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.label_strength import strength
from rescuecalc.core.quantities.quantity import Concentration, Dose, Volume
from rescuecalc.core.regimen.product import Product, ProductUse
from rescuecalc.errors import CatalogueError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rescuecalc.core.literature.source import Source


def products_from(path: Path, known: Mapping[str, Source], drugs: frozenset[str]) -> Mapping[str, Product]:
    """Return the products of a file by id; CatalogueError lists each that is incomplete or contradicts itself."""
    problems: list[str] = []
    steps = [partial(_product, key, table, known, drugs) for key, table in Table(parse(path)).entries()]
    found = collected(steps, problems)
    if problems:
        raise CatalogueError(tuple(f"{path}: {problem}" for problem in problems))
    return {each.id: each for each in found}


def _product(key: str, table: Table, known: Mapping[str, Source], drugs: frozenset[str]) -> Product:
    made = Product(
        id=key,
        drug=table.text("drug", drugs),
        strength=table.text("strength"),
        form=table.text("form"),
        amount=table.quantity("amount", Dose),
        volume=table.quantity("volume", Volume),
        concentration=table.quantity("concentration", Concentration),
        serves=frozenset(ProductUse(each) for each in table.texts("serves")),
        preparation=table.maybe_text("preparation"),
        diluted_as=table.maybe_text("diluted_as"),
        sources=cited(table, known),
        rxnorm=table.maybe_text("rxnorm"),
    )
    table.finish()
    _check_strength(made, table)
    return made


def _check_strength(made: Product, table: Table) -> None:
    """Refuse a product whose numbers differ: 25 mg in 500 mL called 250 mcg/mL runs a pump at a fifth of the dose."""
    label = strength(made.strength)
    if label is None:
        raise Problem(f"{table.where('strength')}: {quoted(made.strength)} is not an amount in a volume")
    if not label.amount.equals(made.amount):
        raise Problem(f"{table.where('amount')}: {made.amount} is not the {label.amount} of the strength")
    if not label.volume.equals(made.volume):
        raise Problem(f"{table.where('volume')}: {made.volume} is not the {label.volume} of the strength")
    if not label.concentration.equals(made.concentration):
        right = label.concentration.to(made.concentration.unit.name)
        raise Problem(f"{table.where('concentration')}: {made.concentration} is not {made.strength}, which is {right}")
