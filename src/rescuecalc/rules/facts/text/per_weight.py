"""A number of a text that is to be multiplied by the weight, as the quantity per kg that it is: `0.18 x kg mL/h`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.quantities.quantity import DosePerKg, DoseRatePerKg, PumpRatePerKg, VolumePerKg
from rescuecalc.core.quantities.units import unit

if TYPE_CHECKING:
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.core.quantities.quantity import Quantity

_ROLE_PER_KG: Final[dict[str, type[Quantity]]] = {
    "dose": DosePerKg,
    "dose_rate": DoseRatePerKg,
    "volume": VolumePerKg,
    "pump_rate": PumpRatePerKg,
}


def per_kg(said: Said) -> Said:
    """Return what is to be multiplied by the weight as the quantity per kg that it is: `0.18 x kg mL/h`."""
    above, _, below = said.quantity.unit.name.partition("/")
    name = "/".join(filter(None, (above, "kg", below)))
    field = f"{said.field}_per_kg"
    quantity = _ROLE_PER_KG[said.field](said.quantity.magnitude, unit(name))
    return said._replace(field=field, quantity=quantity, per_weight=False)
