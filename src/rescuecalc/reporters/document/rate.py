"""The document and the line of `rate`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rescuecalc.backcheck import doses as second_route
from rescuecalc.core.quantities.decimal_text import PEOPLE_DIGITS, json_number, rounded_to_step, significant
from rescuecalc.core.regimen.derivation import percent_text
from rescuecalc.errors import CalculationRefused
from rescuecalc.reporters.document.common_parts import Document, header, people, percent, quantity

if TYPE_CHECKING:
    from rescuecalc.core.quantities.quantity import Concentration, DosingWeight, PumpRate, Quantity
    from rescuecalc.core.quantities.rate_conversion import Conversion

PUMP_UNIT = "mL/h"
ABOUT = "about "


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


def read_back(made: Document) -> str:
    """Return what was read, as it was understood: ``0.15 mcg/kg/min, 80 kg, 50 mcg/mL``."""
    given = (made[name] for name in ("given", "dosing_weight", "concentration"))
    return ", ".join(people(each) for each in given if each is not None)


def quiet_rate(made: Document) -> str:
    """Return the result with what it belongs to: ``14.4 mL/h @ 50 mcg/mL``; never a bare number."""
    beside = (made["concentration"], None if made["concentration"] else made["dosing_weight"])
    known = [people(each) for each in beside if each is not None] or [people(made["given"])]
    return f"{people(made['result'])} @ {known[0]}"


def rate_line(made: Document, conversion: Conversion) -> str:
    """Return the result on one line, with the exact value beside a rounded one."""
    if made["exact"]["unit"] != PUMP_UNIT or Fraction(made["result"]["value"]) == conversion.exact.magnitude:
        number = people(made["exact"])
        return f"{number.removeprefix(ABOUT)} (rounded to six digits)" if number.startswith(ABOUT) else number
    deviation = Fraction(made["result"]["value"]) / conversion.exact.magnitude - 1
    return f"{people(made['result'])} (exact {people(made['exact'])}, {percent_text(deviation * 100)})"
