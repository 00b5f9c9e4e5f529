"""The fields of an order and of an order set: which exist, which hold a quantity, and reading one of those."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.drugs.drug_name import KNOWN
from rescuecalc.core.orders.patient_state import STATE
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import (
    Concentration,
    Dose,
    DosePerArea,
    DosePerKg,
    DoseRate,
    DoseRatePerArea,
    DoseRatePerKg,
    Duration,
    PumpRate,
    PumpRatePerKg,
    Quantity,
    Volume,
    VolumePerKg,
)
from rescuecalc.core.quantities.spelling import as_written
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ADMINISTERED: Final = "administered"
"""In the texts of an order: it is what was given once of a course, which says nothing of the others."""

QUANTITIES: Final[Mapping[str, type[Quantity]]] = {
    "dose_per_kg": DosePerKg,
    "dose": Dose,
    "dose_rate_per_kg": DoseRatePerKg,
    "dose_rate": DoseRate,
    "max_dose": Dose,
    "max_dose_rate": DoseRate,
    "concentration": Concentration,
    "volume": Volume,
    "pump_rate": PumpRate,
    "vtbi": Volume,
    "give_over": Duration,
    "run_time": Duration,
}
"""The fields of an order that hold a quantity, each with its role."""

TITRATE: Final = ("start", "step", "every", "min", "max", "target")
"""The fields of a titration."""

WHEN: Final = ("creatinine_clearance", "weight", "thrombolysis", "imaging")
"""The conditions under which an order is given."""

ORDER: Final = (
    *("id", "drug", "route", "kind", *QUANTITIES, "product", "diluted_in"),
    *("start", "stop", "frequency", "prn", "titrate", "care_area", "weight", "when", "choose_one", "text"),
)
"""Every field of an order."""

PARTS: Final = {"when": WHEN, "titrate": TITRATE}
"""The fields of an order that have fields of their own; every other one holds a text."""

PATIENT: Final = ("weight", "creatinine_clearance", "thrombolysis", *STATE)

AMERICAN: Final[Mapping[str, str]] = {
    "hemoglobin": "haemoglobin",
    "intracranial_hemorrhage": "intracranial_haemorrhage",
}
"""Fields of the patient in the spelling of the United States."""

BYSTANDERS: Final[Mapping[str, frozenset[str]]] = {
    "patient": frozenset(
        (
            *("age", "sex", "gender", "height", "bmi", "bsa", "dob", "birth_date", "date_of_birth", "mrn", "name"),
            "id",
            *("patient_id", "room", "bed", "ward", "nihss", "race", "ethnicity", "code_status"),
        )
    ),
    "order": frozenset(("priority", "order_id", "section", "default", "orderable", "order_number", "provider")),
    "set": frozenset(
        ("author", "authors", "owner", "contact", "references", "reviewed", "reviewer", "reviewed_by", "language")
    ),
}
"""What records write beside the fields and no rule asks for: it hides nothing."""
NO_ALLERGIES: Final = frozenset(
    {"none", "none known", "no known allergies", "no known drug allergies", "nka", "nkda", "keine"}
)

SET_TEXTS: Final = ("order_set", "version", "approved", "indication", "protocol", "weight_basis", "care_area")
"""The fields of an order set that hold one text."""

SET: Final = (*SET_TEXTS, "patient", "orders", "monitoring", "stop_if")

MONITORING: Final = ("check", "at", "then")

OTHER_ROLES: Final[Mapping[str, Mapping[str, type[Quantity]]]] = {
    "dose_per_kg": {"volume_per_kg": VolumePerKg, "dose_per_m2": DosePerArea},
    "dose": {"dose_per_m2": DosePerArea},
    "dose_rate_per_kg": {"pump_rate_per_kg": PumpRatePerKg, "dose_rate_per_m2": DoseRatePerArea},
    "dose_rate": {"dose_rate_per_m2": DoseRatePerArea},
    "volume": {"volume_per_kg": VolumePerKg},
    "pump_rate": {"pump_rate_per_kg": PumpRatePerKg},
}
"""What else may be written in a field, by the name under which an order holds it then: fluids are ordered in mL/kg."""

WEIGHT_BASES: Final = ("actual", "ideal", "adjusted")

_REMEMBERED: Final = 60
"""Characters; a longer text is no quantity, and is not worth remembering."""


class Unreadable(NamedTuple):
    """Why a text is no quantity of the role asked for."""

    reason: str


def read_field(text: str, role: type[Quantity]) -> Quantity | Unreadable:
    """Return ``text`` as a quantity of ``role``, or why it is none; each distinct text is read once."""
    key: Any = role  # a class can be hashed, whatever mypy reads out of its instances' __hash__
    return _remembered(text, key) if len(text) <= _REMEMBERED else _read(text, role)


def _read(text: str, role: type[Quantity]) -> Quantity | Unreadable:
    try:
        quantity = as_written(text, role)
    except InputError as reason:
        return _said_twice(text, role) or Unreadable(str(reason))
    if quantity.magnitude == 0 and not role.MAY_BE_ZERO:
        return Unreadable(f"zero is not {role.NAME}")
    return quantity


@lru_cache(maxsize=1 << 14)
def _remembered(text: str, role: Any) -> Quantity | Unreadable:
    return _read(text, role)


_TWICE: Final = lazy_pattern(
    r"(?P<one>[0-9][^()=\u2248]*[^()=\u2248 ]) *(?:\((?:=|\u2248|or|i\.?e\.?)? *(?P<other>[0-9][^()=]*)\)|"
    r"(?:=|\u2248) *(?P<behind>[0-9][^()=]*))"
)


def two_statements(text: str) -> tuple[str, str] | None:
    """Return what a field says and what it says beside it, None where it says one thing.

    >>> two_statements("10 mg (2 mL)"), two_statements("650 mg = 2 tabs"), two_statements("80 kg")
    (('10 mg', '2 mL'), ('650 mg', '2 tabs'), None)
    """
    match = _TWICE.fullmatch(text.strip(" ")) if len(text) <= _REMEMBERED else None
    return (match["one"], (match["other"] or match["behind"]).strip(" ")) if match is not None else None


def _said_twice(text: str, role: type[Quantity]) -> Quantity | Unreadable | None:
    """Return a quantity that is said in two ways that agree; None where it is not said twice."""
    parts = two_statements(text)
    if parts is None:
        return None
    one, other = (read_field(each, role) for each in parts)
    if isinstance(one, Unreadable) or isinstance(other, Unreadable):
        return None
    if one.unit.parts[0].dimension == other.unit.parts[0].dimension and (rounds(one, other) or rounds(other, one)):
        return one
    return Unreadable(f"{parts[0]} and {parts[1]} are not the same")


def rounds(one: Quantity, other: Quantity) -> bool:
    """Whether a quantity is another one to half of its own last digit."""
    decimals = re.match(r"[0-9,]*\.?([0-9]*)", one.text or "")
    half = Fraction(1, 2 * 10 ** len(decimals[1] if decimals is not None else ""))
    return abs(other.value_in(one.unit.name) - one.magnitude) <= half


class Read(NamedTuple):
    """The quantity of a field, with the name under which an order holds it; ``high`` is the upper end of a range."""

    name: str
    quantity: Quantity
    high: Quantity | None = None


_RANGE: Final = lazy_pattern(
    r"(?P<low>[0-9][0-9.,]{0,20}) {0,9}(?P<unit>[A-Za-z\u00b5\u03bc][A-Za-z0-9/ \u00b5\u03bc]{0,30}?)?? {0,9}"
    r"(?:-|\u2013|\bto\b) {0,9}(?P<high>[0-9][0-9.,]{0,20}) {0,9}"
    r"(?P<both>[A-Za-z\u00b5\u03bc][A-Za-z0-9/ \u00b5\u03bc]*)",
    re.ASCII,
)
_BETWEEN: Final = lazy_pattern(r"^between ([0-9][^ ]{0,20}(?: [A-Za-z/]{1,20})?) and (?=[0-9])", re.IGNORECASE)
_ONE_NUMBER: Final = frozenset({"max_dose", "max_dose_rate"})
"""A cap is no range."""


def read_named(name: str, text: str) -> Read | Unreadable:
    """Return the quantity, or the range, of the field ``name``, or why there is none."""
    value = _one(name, text)
    if isinstance(value, Read) or name in _ONE_NUMBER:
        return value
    return read_range(text, lambda end: _one(name, end)) or value


def _one(name: str, text: str) -> Read | Unreadable:
    value = read_field(text, QUANTITIES[name])
    if isinstance(value, Quantity):
        return Read(name, value)
    for other, role in OTHER_ROLES.get(name, {}).items():
        found = read_field(text, role)
        if isinstance(found, Quantity):
            return Read(other, found)
    return value


_MAY_BE_NONE: Final = frozenset({"dose", "dose_rate", "dose_rate_per_kg", "pump_rate"})
"""What is ordered by a scale or titrated from nothing; a dose per kg is given."""


def from_none(name: str, text: str, drug: str) -> Unreadable | None:
    """Return why a rate from zero on is refused, None of any other text.

    A drug of the catalogue has a rate that is ordered, and is not titrated from nothing.
    """
    is_range = name in _RATES and drug in KNOWN and _ZERO.match(text) is not None
    return Unreadable(f"zero is not {QUANTITIES[name].NAME}") if is_range else None


_RATES: Final = frozenset({"dose_rate_per_kg", "pump_rate"})
_ZERO: Final = lazy_pattern(r" {0,9}0(?:\.0+)? ?(?:[A-Za-z/]{1,20} ?)?(?:-|\u2013|to\b)")


def read_range(text: str, read: Callable[[str], Read | Unreadable]) -> Read | Unreadable | None:
    """Return a range of two quantities of one kind, why it is none, or None where ``text`` looks like none."""
    text = _BETWEEN.sub(r"\1 - ", text.strip(" "))
    match = _RANGE.fullmatch(text) if len(text) <= _REMEMBERED else None
    if match is None:
        return None
    low, high = read(f"{match['low']} {match['unit'] or match['both']}"), read(f"{match['high']} {match['both']}")
    if not match["low"].strip("0.") and isinstance(high, Read) and high.name in _MAY_BE_NONE:
        return high  # none, or up to so much: a scale, or a rate that may be off
    if isinstance(low, Unreadable) or isinstance(high, Unreadable):
        return low if isinstance(low, Unreadable) else high
    if low.name != high.name or low.quantity.unit.parts[0].dimension != high.quantity.unit.parts[0].dimension:
        return Unreadable(f"{low.quantity} and {high.quantity} are not of one kind")
    if low.quantity.value_in(high.quantity.unit.name) > high.quantity.magnitude:
        return Unreadable(f"{low.quantity} is more than {high.quantity}")
    return Read(low.name, low.quantity, high.quantity)
