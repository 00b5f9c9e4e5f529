"""What is given to a function of the library, as the texts that a request is made of."""

from __future__ import annotations

import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from rescuecalc.api.exact_quantity import ExactQuantity
from rescuecalc.core.quantities.decimal_text import PEOPLE_DIGITS, json_number, plain, significant
from rescuecalc.core.quantities.units import registry, unit_of_powers
from rescuecalc.errors import InputError
from rescuecalc.requests.input.option import options_of, request_from

if TYPE_CHECKING:
    from collections.abc import Mapping

R = TypeVar("R", bound=tuple[Any, ...])

_UNITS: Final = {
    **dict.fromkeys(("weight", "low", "high", "step", "patient_weight"), ("kg", "lb")),
    **dict.fromkeys(("ia_dose", "load", "maintenance", "aspirin", "aspirin_load"), ("mg", "mcg")),
    **dict.fromkeys(("run_time", "overlap"), ("h", "min")),
    "give_over": ("min", "s"),
    **dict.fromkeys(("crcl", "patient_crcl"), ("mL/min",)),
    **dict.fromkeys(("priming_volume", "volume_step"), ("mL",)),
    "pump_step": ("mL/h",),
    **dict.fromkeys(("concentration", "bolus_concentration", "infusion_concentration"), ("mcg/mL", "mg/mL")),
    "bolus": ("mcg/kg", "mcg"),
    **dict.fromkeys(("infusion", "value"), ("mcg/kg/min", "mcg/kg/h")),
    "creatinine": ("mg/dL", "umol/L"),
    "height": ("cm", "in"),
}
"""The units that a bare number may have meant, by the name of the argument."""

_COUNTS: Final = frozenset({"age", "platelets", "pru"})
"""Arguments that are whole numbers without a unit."""

_SWITCHES: Final = frozenset({"dialysis"})
"""Arguments that are true or false."""


def request_of(kind: type[R], values: Mapping[str, Any], function: str) -> R:
    """Return a request of ``kind`` with the values as texts; TypeError for a name that ``function`` does not take."""
    known = options_of(kind)
    for name in values:
        if name not in known:
            raise TypeError(f"{function}() got an unexpected keyword argument {name!r}")
    texts = {name: _argument(value, name) for name, value in values.items() if value is not None}
    made: R = request_from(kind, texts)
    return made


def _argument(value: Any, name: str) -> Any:
    if name == "protocol_file":
        return path_of(value, name)
    if name in _SWITCHES and isinstance(value, bool):
        return value
    if name == "beside":
        return [text_of(each, name) for each in ([value] if isinstance(value, str) else value or ())]
    return text_of(value, name)


def path_of(value: Any, name: str) -> Path | None:
    """Return a path, None where none is given; InputError for what is none."""
    if value is not None and not isinstance(value, (str, Path)):
        raise InputError(f"{name}: a path is needed, not a {type(value).__name__}")
    return None if value is None else Path(value)


def text_of(value: Any, name: str) -> str | None:
    """Return what would be typed for ``value``: a text itself, a quantity with its unit; None stays None.

    Raises InputError for a number without a unit and says how to write it, for a quantity of another pint registry (in
    which `mcg/kg` is a number without unit, so that it may have been converted wrongly), and for anything else.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, ExactQuantity):
        return _quantity_text(value.magnitude, value.unit, name)
    if name in _COUNTS and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, (int, float, Decimal, Fraction)) and not isinstance(value, bool):
        raise InputError(_without_unit(value, name))
    pint = sys.modules.get("pint")  # where nobody has imported it, the value is none of its quantities
    if pint is not None and isinstance(value, pint.Quantity):
        return _of_pint(value, name)
    raise InputError(f"{name}: text or a quantity is needed, not a {type(value).__name__}")


def _without_unit(value: Any, name: str) -> str:
    units = _UNITS.get(name)
    if units is None:
        return f"{name}: {value} is a number; write text, as on the command line"
    texts = " or ".join(f"{name}='{value} {each}'" for each in units)
    quantity = f"{name}=Q_({value}, '{units[0]}')"
    return f"{name}: {value} has no unit; write it as text, {texts}, or as a quantity of rescuecalc.units, {quantity}"


def _of_pint(value: Any, name: str) -> str:
    powers: dict[str, Any] = dict(value.unit_items())
    # Not by pint's own formatting, which cannot write a power that is a Fraction.
    shown = f"{value.magnitude} {'*'.join(each if power == 1 else f'{each}^{power}' for each, power in powers.items())}"
    if not isinstance(value, registry().Quantity):
        raise InputError(
            f"{name}: {shown} is a quantity of another pint registry, in which mcg/kg is a plain number; "
            "make it with Q_ or ureg of rescuecalc.units, or write text"
        )
    found = unit_of_powers({each: int(power) for each, power in powers.items()})
    if found is None:
        raise InputError(f"{name}: {shown} is not in a unit of a dose, volume, rate or time; convert it with .to()")
    try:
        return _quantity_text(Fraction(str(value.magnitude)), found.name, name)
    except ValueError:
        raise InputError(f"{name}: {shown} is not one finite number") from None


def _quantity_text(magnitude: Fraction, unit_name: str, name: str) -> str:
    number, rounded = json_number(magnitude)
    if rounded:
        near = plain(significant(magnitude, PEOPLE_DIGITS))
        raise InputError(
            f"{name}: {magnitude} {unit_name} is not a decimal number; round it first, as to {near} {unit_name}"
        )
    return f"{plain(number)} {unit_name}"
