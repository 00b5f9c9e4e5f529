"""Products and what a volume is drawn from."""

from enum import StrEnum
from typing import NamedTuple

from rescuecalc.core.literature.source import Source
from rescuecalc.core.quantities.quantity import Concentration, Dose, Volume


class ProductUse(StrEnum):
    """How a product can be given."""

    SYRINGE = "syringe"
    PUMP = "pump"
    INFUSION = "infusion"


class Product(NamedTuple):
    """A product on the shelf: label ``strength``, ``amount`` in ``volume``, their quotient, what it can serve as.

    ``rxnorm`` is its code, None where none was read.
    """

    id: str
    drug: str
    strength: str
    form: str
    amount: Dose
    volume: Volume
    concentration: Concentration
    serves: frozenset[ProductUse]
    preparation: str | None
    diluted_as: str | None
    sources: tuple[Source, ...]
    rxnorm: str | None = None


class Supply(NamedTuple):
    """What a bolus or an infusion is drawn from: a catalogue product, or a site's own concentration without one.

    ``given`` says how; for a site's own concentration of a bolus it is None, since nothing says how it is given.
    ``from_container`` marks a bolus that the pump takes out of the first infusion container.
    """

    product: Product | None
    concentration: Concentration
    given: ProductUse | None
    from_container: bool = False
