"""FHIR's Quantity and Ratio: a number, and a unit by its UCUM code, else by its text."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.orders.order import Defect
from rescuecalc.core.orders.order_field import QUANTITIES
from rescuecalc.core.quantities.decimal_text import plain, quoted, significant
from rescuecalc.core.quantities.quantity import Quantity
from rescuecalc.core.quantities.ucum import CodeVerdict, JudgedCode, counted, judged_code, parsed_code
from rescuecalc.core.quantities.units import Unit, usual_unit
from rescuecalc.errors import InputError
from rescuecalc.fhir.elements import QUANTITY, RATIO
from rescuecalc.fhir.systems import DATA_ABSENT_REASON, UCUM, UCUM_NAMES
from rescuecalc.readers.database_decimal import defect, original_text
from rescuecalc.readers.document_shape import is_a, known_names
from rescuecalc.readers.fhir.references import NOT_JUDGED
from rescuecalc.readers.json_tree import JsonNumber

if TYPE_CHECKING:
    from collections.abc import Mapping

INVALID_CODE: Final = "RC230"
NEVER_MEANT: Final = "RC231"
NOT_KNOWN: Final = "RC232"
UNIT_AND_CODE: Final = "RC233"
NO_SYSTEM: Final = "RC236"
OTHER_SYSTEM: Final = "RC237"
NUMBER_AS_TEXT: Final = "RC238"
ABSENT: Final = "RC243"
NOT_READ: Final = "RC201"
"""The codes of the rules that report what a Quantity does wrong."""

_NUMBER: Final = re.compile(r"(?P<digits>[0-9]{1,18}(?:\.[0-9]{1,18})?)(?:[eE](?P<power>[+-]?[0-9]{1,2}))?", re.ASCII)
_DIGITS: Final = 15
_FIELDS: Final = (
    *("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate"),
    *("concentration", "volume", "pump_rate", "run_time"),
)
_BY_SHAPE: Final = {QUANTITIES[name].SHAPE: (name, QUANTITIES[name]) for name in _FIELDS}


class Amount(NamedTuple):
    """A number and its unit: ``powers`` of the table's units, of which ``unit`` is made where it means something.

    Both are None where the unit is none that can be judged. ``text`` is how people write it, None where it was worked
    out and has no last digit of its own.
    """

    value: Fraction
    powers: Mapping[str, int] | None
    unit: Unit | None
    text: str | None
    pointer: str

    @property
    def shown(self) -> str:
        """The amount for a message."""
        number = plain(significant(self.value, _DIGITS))
        return self.text or f"{number} {self.unit.name if self.unit is not None else ''}".rstrip()

    def as_field(self) -> tuple[str, Quantity] | None:
        """Return the field of an order that this fills, and the quantity; None where no field has its unit."""
        name, role = _BY_SHAPE.get(self.unit.shape if self.unit is not None else "", ("", Quantity))
        if self.unit is None or not name or not role.accepts(self.unit):
            return None
        return name, role(self.value, self.unit, self.text)


def read_amount(data: Any, pointer: str, defects: list[Defect]) -> Amount | None:
    """Return the amount of a Quantity, None where it holds no number; what is wrong with it becomes a defect."""
    if not is_a(dict, data, pointer, defects):
        return None
    known_names(data, QUANTITY, pointer, defects)
    if absent(data, pointer, defects):
        return None
    value = _value(data, pointer, defects)
    found = _unit(data, pointer, defects)
    if value is None:
        return None
    number, digits = value
    if data.get("comparator") is not None:
        shown = str(data["comparator"])
        message = f"a comparator ({quoted(shown)}) stands before {digits}: the amount given is not stated"
        defects.append(Defect(NOT_READ, message, f"{pointer}/comparator", shown))
        return None
    name = found.unit.name if found.unit is not None else ""
    powers = dict(found.powers) if found.powers is not None else None
    text = f"{digits} {name}".rstrip() if found.times == 1 else None
    return Amount(number * found.times, powers, found.unit, text, pointer)


def absent(data: dict[str, Any], pointer: str, defects: list[Defect]) -> bool:
    """Whether an element says itself that its value is not there, which is noted."""
    inside = data.get("_value")
    for each in (data, inside if isinstance(inside, dict) else {}):
        found = each.get("extension")
        for one in found if isinstance(found, list) else ():
            if isinstance(one, dict) and one.get("url") == DATA_ABSENT_REASON:
                why = one.get("valueCode")
                defects.append(Defect(ABSENT, f"its value is not given: {why}", pointer, None))
                return True
    return False


def _value(data: dict[str, Any], pointer: str, defects: list[Defect]) -> tuple[Fraction, str] | None:
    """Return the number and its digits as they stand there, without an exponent."""
    value = data.get("value")
    if value is None:
        return None
    if not isinstance(value, JsonNumber):
        kind = "true or false" if isinstance(value, bool) else quoted(value) if isinstance(value, str) else "no number"
        if is_a(str, value, f"{pointer}/value", defects):
            message = f"the value is {kind}, a text where a number belongs"
            defects.append(Defect(NUMBER_AS_TEXT, message, f"{pointer}/value", str(value)))
        return None
    match = _NUMBER.fullmatch(value)
    if match is None:
        reason = "is negative" if value.startswith("-") else "has more digits than are read"
        defects.append(Defect(NOT_READ, f"the value {quoted(value)} {reason}", f"{pointer}/value", str(value)))
        return None
    read = original_text(value) if match["power"] is None else None
    if read is not None:
        defects.append(defect("value", value, read, f"{pointer}/value"))
        return Fraction(read), read
    number = Fraction(value)
    if match["power"] is None:
        return number, match["digits"]
    return number, plain(significant(number, _DIGITS))


def _unit(data: dict[str, Any], pointer: str, defects: list[Defect]) -> JudgedCode:
    """Return the unit: by its code where that is UCUM, else by the text that stands for people."""
    system, code, shown = (_text(data, name, pointer, defects) for name in ("system", "code", "unit"))
    if system is None or (code is None and system in UCUM_NAMES):
        if code is not None or shown is not None or "value" in data:
            defects.append(Defect(NO_SYSTEM, _uncoded(system, shown or code), pointer, shown or code))
        return _by_text(shown or code or "")
    if system not in UCUM_NAMES:
        message = f"the unit {quoted(shown or code or '')} is coded in {quoted(system)}, which is not UCUM"
        defects.append(Defect(OTHER_SYSTEM, message, f"{pointer}/system", system, UCUM))
        return _by_text(shown or "")
    return _by_code(code or "", shown, pointer, defects)


def _uncoded(system: str | None, written: str | None) -> str:
    missing = "code" if system is not None else "system"
    if written is None:
        return f"the quantity has no {missing} and no unit: it was not judged"
    return f"the quantity has no {missing}: its unit is read as people write it, {written!r}"


def _by_code(code: str, shown: str | None, pointer: str, defects: list[Defect]) -> JudgedCode:
    judged = judged_code(code)
    from_text = _by_text(shown or "")
    where, add = f"{pointer}/code", defects.append
    if judged.verdict is CodeVerdict.INVALID:
        meant = from_text if from_text.unit is not None else _by_text(code)
        write = meant.unit.ucum if meant.unit is not None else None
        message = f"{quoted(code)} is not a UCUM code: {judged.reason}; write {write or 'a UCUM code'}"
        add(Defect(INVALID_CODE, message, where, code, write))
        return meant
    if judged.verdict is CodeVerdict.NEVER_MEANT:
        message = f"{quoted(code)} is valid UCUM and never meant here: {judged.reason}; write {judged.instead}"
        add(Defect(NEVER_MEANT, message, where, code, judged.instead))
        return judged
    if judged.verdict is CodeVerdict.NOT_KNOWN:
        if from_text.unit is not None and _says_other(shown or "", code):
            message = f"the unit says {quoted(shown or '')}, and the code {quoted(code)} is another unit of UCUM"
            add(Defect(UNIT_AND_CODE, message, f"{pointer}/unit", shown, from_text.unit.ucum))
        add(Defect(NOT_KNOWN, f"{quoted(code)} is UCUM, and not known to rescuecalc: not judged", where, code))
        return judged
    if from_text.unit is None or judged.unit is None:
        return judged
    if (from_text.unit, from_text.times) != (judged.unit, judged.times):
        name = judged.unit.name if judged.times == 1 else code
        message = f"the unit says {quoted(shown or '')}, and the code {quoted(code)} is {name}"
        add(Defect(UNIT_AND_CODE, message, f"{pointer}/unit", shown, name))
    return judged


def _says_other(shown: str, code: str) -> bool:
    """Whether a unit for people is another than a code that is valid and not known here; what is counted is neither."""
    try:
        return not parsed_code(code).counts and parsed_code(shown.replace(" ", "")) != parsed_code(code)
    except InputError:
        return True


def _by_text(text: str) -> JudgedCode:
    """Return the unit that a text for people names, by its usual spelling or as a code."""
    try:
        found = usual_unit(text)
    except InputError:
        judged = judged_code(text)
        return judged if judged.verdict is CodeVerdict.KNOWN else JudgedCode(CodeVerdict.NOT_KNOWN)
    return JudgedCode(CodeVerdict.KNOWN, found, tuple(found.exponents.items()))


def _text(data: dict[str, Any], name: str, pointer: str, defects: list[Defect]) -> str | None:
    value = data.get(name)
    return value if is_a(str, value, f"{pointer}/{name}", defects) else None


class Divided(NamedTuple):
    """A Ratio: its two amounts, and their quotient."""

    numerator: Amount
    denominator: Amount
    quotient: Amount


def read_ratio(data: Any, pointer: str, defects: list[Defect]) -> Divided | None:
    """Return a Ratio's amounts and quotient, None where one of them is missing or the denominator is zero."""
    if not is_a(dict, data, pointer, defects):
        return None
    known_names(data, RATIO, pointer, defects)
    above, below = (read_amount(data.get(name), f"{pointer}/{name}", defects) for name in ("numerator", "denominator"))
    if above is None or below is None:
        if all(isinstance(data.get(name, {}), dict) for name in ("numerator", "denominator")):
            message = "the ratio lacks a numerator or a denominator, or a value: it was not judged"
            defects.append(Defect(NOT_JUDGED, message, pointer))
        return None
    if not below.value:
        defects.append(Defect(NOT_READ, "the denominator is zero", f"{pointer}/denominator/value", "0"))
        return None
    return Divided(above, below, _quotient(above, below, pointer))


def _quotient(above: Amount, below: Amount, pointer: str) -> Amount:
    value = above.value / below.value
    if above.powers is None or below.powers is None:
        return Amount(value, None, None, None, pointer)
    powers = dict(above.powers)
    for name, power in below.powers.items():
        powers[name] = powers.get(name, 0) - power
    made = counted(powers)
    exact = above.text is not None and below.value == 1 and made.times == 1
    number = above.text.partition(" ")[0] if above.text is not None and exact else None
    text = f"{number} {made.unit.name}" if number is not None and made.unit is not None else None
    return Amount(value * made.times, made.powers, made.unit, text, pointer)
