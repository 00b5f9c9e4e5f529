"""The result of `rate` on one line, and what was read."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rescuecalc.core.regimen.derivation import percent_text
from rescuecalc.reporters.document.common_parts import ABOUT, Document, people
from rescuecalc.reporters.document.regimen.bedside import of_severity
from rescuecalc.reporters.document.regimen.rate import PUMP_UNIT

if TYPE_CHECKING:
    from rescuecalc.core.quantities.rate_conversion import Conversion


def read_back(made: Document) -> str:
    """Return what was read, as it was understood: ``0.15 mcg/kg/min, 80 kg, 50 mcg/mL``."""
    given = (made[name] for name in ("given", "dosing_weight", "concentration"))
    return ", ".join(people(each) for each in given if each is not None)


def rate_number(made: Document) -> str:
    """Return the result with what it belongs to: ``14.4 mL/h @ 50 mcg/mL``; never a bare number."""
    beside = (made["concentration"], None if made["concentration"] else made["dosing_weight"])
    known = [people(each) for each in beside if each is not None] or [people(made["given"])]
    return f"{_verdict(made)}{people(made['result'])} @ {known[0]}"


def _verdict(made: Document) -> str:
    return "DO NOT USE: " if of_severity(made, "error") else ""


def rate_line(made: Document, conversion: Conversion) -> str:
    """Return the result on one line, with the exact value beside a rounded one.

    A wrong one says so on the same line, with its concentration: a script may keep nothing else.
    """
    wrong, strength = _verdict(made), made["concentration"]
    of = f" of {people(strength)}" if wrong and strength and made["result"]["unit"].startswith("mL") else ""
    return f"{wrong}{_result(made, conversion, of)}"


def _result(made: Document, conversion: Conversion, of: str) -> str:
    if made["exact"]["unit"] != PUMP_UNIT or Fraction(made["result"]["value"]) == conversion.exact.magnitude:
        number = people(made["exact"])
        rounded = " (rounded to six digits)" if number.startswith(ABOUT) else ""
        return f"{number.removeprefix(ABOUT)}{of}{rounded}"
    deviation = Fraction(made["result"]["value"]) / conversion.exact.magnitude - 1
    return f"{people(made['result'])}{of} (exact {people(made['exact'])}, {percent_text(deviation * 100)})"
