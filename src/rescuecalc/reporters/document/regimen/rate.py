"""The document of `rate`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rescuecalc.backcheck import doses as second_route
from rescuecalc.core.quantities.decimal_text import PEOPLE_DIGITS, json_number, rounded_to_step, significant
from rescuecalc.errors import CalculationRefused
from rescuecalc.reporters.document.common_parts import Document, header, percent, quantity

if TYPE_CHECKING:
    from rescuecalc.core.quantities.quantity import Concentration, DosingWeight, PumpRate, Quantity
    from rescuecalc.core.quantities.rate_conversion import Conversion

PUMP_UNIT = "mL/h"


def rate_document(
    given: Quantity,
    conversion: Conversion,
    weight: DosingWeight | None,
    concentration: Concentration | None,
    pump_step: PumpRate,
) -> Document:
    """Return the document of one conversion.

    A result in mL/h is rounded half up to the pump's step; any other is exact where a decimal number can be, else
    rounded to six significant digits. The exact value stands beside it. Raises CalculationRefused where nothing is left
    after rounding, DoubleCheckFailed where the result does not lead back to what was given.
    """
    exact = conversion.exact
    on_pump = exact.unit.name == PUMP_UNIT
    shown = _shown(exact.magnitude, pump_step.value_in(PUMP_UNIT) if on_pump else None)
    if not shown:
        raise CalculationRefused(
            f"the pump rate {exact} rounds to 0 at a step of {pump_step}; choose a finer --pump-step"
        )
    result = type(exact)(shown, exact.unit)
    made: Document = {
        **header("rate"),
        "given": quantity(given),
        "dosing_weight": quantity(weight),
        "concentration": quantity(concentration),
        "result": quantity(result),
        "exact": quantity(exact),
        "deviation_percent": percent((shown / exact.magnitude - 1) * 100),
        "derivation": [{"of": "rate", "formula": conversion.formula, "calculation": conversion.calculation}],
    }
    second_route.check_rate(
        made["result"],
        made["exact"],
        given.text or "",
        weight=weight.text if weight else None,
        concentration=concentration.text if concentration else None,
        step=pump_step.text if on_pump else None,
    )
    return made


def _shown(exact: Fraction, step: Fraction | None) -> Fraction:
    if step is not None:
        return rounded_to_step(exact, step)
    written, cut = json_number(exact)
    return Fraction(significant(exact, PEOPLE_DIGITS)) if cut else Fraction(written)
