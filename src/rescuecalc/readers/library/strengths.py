"""The strength of a library's row: an amount in a volume, in one cell or two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.order import Defect
from rescuecalc.core.quantities.label_strength import strength
from rescuecalc.core.quantities.quantity import Concentration
from rescuecalc.core.quantities.units import unit

if TYPE_CHECKING:
    from rescuecalc.core.quantities.quantity import Dose, Volume

UNREADABLE_VALUE: Final = "RC109"


def parted(
    text: str, amount: Dose | None, volume: Volume | None, pointer: str, defects: list[Defect]
) -> tuple[Dose | None, Volume | None]:
    """Return amount and volume where one cell says both: ``12.5 mg in 250 mL``."""
    label = strength(text)
    if amount is not None or label is None:
        return amount, volume
    if volume is not None and not volume.equals(label.volume):
        message = f"the amount says {label.volume}, and the volume {volume}"
        defects.append(Defect(UNREADABLE_VALUE, message, f"{pointer}/volume", str(volume)))
    return label.amount, label.volume


def quotient(amount: Dose, volume: Volume) -> Concentration:
    """Return the concentration of an amount in a volume, in the unit of the amount per mL."""
    return Concentration(amount.magnitude / volume.value_in("mL"), unit(f"{amount.unit.name}/mL"))
