"""Quantities with a role: no dose, rate, volume or weight crosses a function boundary as a bare number.

Each role is a type of its own, so that mypy rejects swapped arguments, and its constructor checks the unit.
Magnitudes are Fractions: dividing by 60 or 72 stays exact, and no binary float can turn 14.4 into 14.399999999999999.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, ClassVar, Self, TypeVar

from rescuecalc.core.quantities import decimal_text as notation
from rescuecalc.core.quantities.units import MICRO_SIGNS, Unit, factor, unit
from rescuecalc.errors import CalculationRefused, InputError


def unchanged(quantity: Any) -> Any:
    """Return a quantity as it is: the formula of a change of unit."""
    return quantity


@dataclass(frozen=True, slots=True)
class Quantity:
    """A non-negative exact ``magnitude`` in a ``unit`` of the role's shape; ``text`` is what was read, if it was."""

    magnitude: Fraction
    unit: Unit
    text: str | None = field(default=None, compare=False)

    NAME: ClassVar[str] = "quantity"
    EXAMPLE: ClassVar[str] = ""
    SHAPE: ClassVar[str] = ""
    UNITS: ClassVar[frozenset[str]] = frozenset()
    MAY_BE_ZERO: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Raise TypeError or ValueError: a wrong unit here is a fault of the program, not of the user."""
        if not isinstance(self.magnitude, Fraction):
            raise TypeError("a magnitude is a Fraction")
        # The grammar has no sign; a difference that may be negative is an Offset, and never a dose.
        if self.magnitude < 0:
            raise ValueError("a magnitude is never negative")
        if not self.accepts(self.unit):
            raise TypeError(f"{self.unit.name} is not a unit of {self.NAME}")

    @classmethod
    def accepts(cls, of: Unit) -> bool:
        """Whether ``of`` can measure this role."""
        return of.shape == cls.SHAPE and (not cls.UNITS or of.name in cls.UNITS)

    def value_in(self, unit_name: str) -> Fraction:
        """Return the exact number in the named unit; InputError where the dimensions differ."""
        target = unit(unit_name)
        # `unit` hands out one object a spelling, and the comparison of two is the slower part of a row.
        same = target is self.unit or target == self.unit
        return self.magnitude if same else self.magnitude * factor(unchanged, (self.unit,), target)

    def to(self, unit_name: str) -> Self:
        """Return the same quantity in the named unit."""
        return type(self)(self.value_in(unit_name), unit(unit_name))

    def exceeds(self, other: Self) -> bool:
        """Whether this is strictly more than ``other``."""
        return self.value_in(other.unit.name) > other.magnitude

    def equals(self, other: Self) -> bool:
        """Whether both are the same amount, whatever the unit: 0.15 mg equals 150 mcg."""
        return self.value_in(other.unit.name) == other.magnitude

    def times(self, number: Fraction) -> Self:
        """Return this quantity multiplied by a plain number."""
        return replace(self, magnitude=self.magnitude * number, text=None)

    @property
    def is_traced(self) -> bool:
        """Whether its number is traced (`core/quantities/traced`): it can be compared, and is no key of a table."""
        return type(self.magnitude) is not Fraction

    def is_mass(self) -> bool:
        """Whether its drug is measured as a mass (mcg, mg, g), and not in units, mEq or mmol."""
        return self.unit.parts[0].dimension == "drug_mass"

    @property
    def typed(self) -> str:
        """The quantity as it would be typed on a command line: ``0.25mg``."""
        return f"{notation.plain(notation.json_number(self.magnitude)[0])}{self.unit.name}"

    def __str__(self) -> str:
        """Return the quantity as a person reads it."""
        return f"{notation.people_number(self.magnitude)} {self.unit.name}"


class DosePerKg(Quantity):
    """Drug per kilogram of dosing weight."""

    __slots__ = ()
    NAME, EXAMPLE, SHAPE = "a dose per kg", "10mcg/kg", "amount/weight"


class Dose(Quantity):
    """An amount of drug."""

    __slots__ = ()
    NAME, EXAMPLE, SHAPE = "a dose", "250mcg", "amount"


class DoseRatePerKg(Quantity):
    """Drug per kilogram of dosing weight per time."""

    __slots__ = ()
    NAME, EXAMPLE, SHAPE = "a dose rate per kg", "0.15mcg/kg/min", "amount/weight/time"


class DoseRate(Quantity):
    """Drug per time."""

    __slots__ = ()
    NAME, EXAMPLE, SHAPE = "a dose rate", "12mcg/min", "amount/time"


class VolumePerKg(Quantity):
    """Volume per kilogram of dosing weight: how fluids are ordered."""

    __slots__ = ()
    NAME, EXAMPLE, SHAPE = "a volume per kg", "10mL/kg", "volume/weight"


class PumpRatePerKg(Quantity):
    """Volume per kilogram of dosing weight per time."""

    __slots__ = ()
    NAME, EXAMPLE, SHAPE = "a pump rate per kg", "4mL/kg/h", "volume/weight/time"


class DosePerArea(Quantity):
    """Drug per square metre of body surface."""

    __slots__ = ()
    NAME, EXAMPLE, SHAPE = "a dose per m2", "85mg/m2", "amount/area"


class DoseRatePerArea(Quantity):
    """Drug per square metre of body surface per time."""

    __slots__ = ()
    NAME, EXAMPLE, SHAPE = "a dose rate per m2", "1000mg/m2/day", "amount/area/time"


class Concentration(Quantity):
    """Drug per volume."""

    __slots__ = ()
    NAME, EXAMPLE, SHAPE = "a concentration", "50mcg/mL", "amount/volume"


class PumpRate(Quantity):
    """Volume per time, as set on the pump."""

    __slots__ = ()
    NAME, EXAMPLE, SHAPE = "a pump rate", "14.4mL/h", "volume/time"


class Volume(Quantity):
    """A volume."""

    __slots__ = ()
    NAME, EXAMPLE, SHAPE, MAY_BE_ZERO = "a volume", "20mL", "volume", True


class DosingWeight(Quantity):
    """The body weight that doses are counted on."""

    __slots__ = ()
    NAME, EXAMPLE, SHAPE, MAY_BE_ZERO = "a weight", "80kg (or 176lb)", "weight", True


class Duration(Quantity):
    """A length of time."""

    __slots__ = ()
    NAME, EXAMPLE, SHAPE = "a time", "24h (or 5min)", "time"


class CreatinineClearance(Quantity):
    """Creatinine clearance (Cockcroft-Gault) in mL/min; an eGFR per 1.73 m2 is another quantity, never read as one."""

    __slots__ = ()
    NAME, EXAMPLE, SHAPE, MAY_BE_ZERO = "a creatinine clearance", "45mL/min", "volume/time", True
    UNITS = frozenset({"mL/min"})


class SerumCreatinine(Quantity):
    """Serum creatinine, as mass (mg/dL) or substance (umol/L) per volume."""

    __slots__ = ()
    NAME, EXAMPLE, SHAPE = "a serum creatinine", "1.2mg/dL (or 106umol/L)", "amount/volume"
    UNITS = frozenset({"mg/dL", "umol/L"})


class Height(Quantity):
    """Body height."""

    __slots__ = ()
    NAME, EXAMPLE, SHAPE = "a height", "165cm (or 65in)", "length"


_ROLES = (
    DosePerKg,
    Dose,
    DoseRatePerKg,
    DoseRate,
    Concentration,
    PumpRate,
    Volume,
    DosingWeight,
    Duration,
    Height,
    VolumePerKg,
    PumpRatePerKg,
    DosePerArea,
    DoseRatePerArea,
)

Q = TypeVar("Q", bound=Quantity)


def _kind_of(found: Unit) -> str:
    return next((role.NAME for role in _ROLES if found.shape == role.SHAPE), f"a unit of {found.shape}")


def parsed(role: type[Q], text: str) -> Q:
    """Return ``text`` as a quantity of ``role``; InputError with the reason alone, the caller says where."""
    magnitude, unit_text = notation.number_and_unit(text)
    if not unit_text:
        number = notation.people_number(magnitude)
        # Both readings are shown, for neither is guessed: 80 lb for 80 kg is less than half the dose.
        bare_weight = f" ({number}kg or {number}lb?)" if role is DosingWeight else ""
        raise InputError(f"the number has no unit{bare_weight}")
    # Labels' bands are of mL/min; an eGFR of a small patient is higher, and would leave the dose unreduced.
    if role is CreatinineClearance and "1.73" in unit_text:
        raise InputError("an eGFR per 1.73 m2 is not a creatinine clearance and does not replace one")
    found = unit(unit_text)
    if not role.accepts(found):
        kind = _kind_of(found)
        # Of the right kind in a unit that is not taken, the unit is what has to be changed.
        other = f" in {found.name}" if kind == role.NAME or role.UNITS else ""
        raise InputError(f"that is {kind}{other}, and {role.NAME} is needed")
    return role(magnitude, found, text)


def read(text: str, role: type[Q], name: str, example: str = "") -> Q:
    """Return ``text`` as a quantity of ``role``; ``name`` says where it was written, ``example`` what to write there.

    >>> str(read("0.15 mcg/kg/min", DoseRatePerKg, "--infusion"))
    '0.15 mcg/kg/min'

    Raises InputError that quotes the text and shows what to write, CalculationRefused for a zero where none can be.
    """
    try:
        quantity = parsed(role, text)
    except InputError as reason:
        message = (
            f"{name}: cannot read {notation.quoted(text)}: {reason}; write {role.NAME} as {example or role.EXAMPLE}"
        )
        raise InputError(message) from None
    if quantity.magnitude == 0 and not role.MAY_BE_ZERO:
        message = (
            f"{name}: {notation.quoted(text)} is zero, which is not {role.NAME}; write one as {example or role.EXAMPLE}"
        )
        raise CalculationRefused(message)
    return quantity


def read_any(text: str, roles: tuple[type[Quantity], ...], name: str) -> Quantity:
    """Return ``text`` as a quantity of whichever of ``roles`` its unit belongs to; errors as for read."""
    try:
        found = unit(notation.number_and_unit(text)[1])
    except InputError:
        return read(text, _kind_by_unit(text, roles), name)
    # The unit alone decides: of 10mcg/kg and 0.5mg nobody has to say which is the dose per kg.
    fitting = next((role for role in roles if role.accepts(found)), None)
    if fitting is None:
        needed = " or ".join(f"{role.NAME} ({role.EXAMPLE})" for role in roles)
        raise InputError(f"{name}: {notation.quoted(text)} is {_kind_of(found)}, and {needed} is needed")
    return read(text, fitting, name)


def _kind_by_unit(text: str, roles: tuple[type[Quantity], ...]) -> type[Quantity]:
    """Return the kind of a text whose number cannot be read, by its unit: a refusal shows how that kind is written."""
    try:
        found = unit(text.lstrip(" 0123456789.,'+-"))
    except InputError:
        return roles[0]
    return next((role for role in roles if role.accepts(found)), roles[0])


def micro_note(text: str) -> str | None:
    """Return a note where ``text`` spells micro with a sign that is misread as ``m``, else None."""
    if any(sign in text for sign in MICRO_SIGNS):
        read_as = unit(notation.number_and_unit(text)[1]).name
        return f"the micro sign is easily misread as m; it was read as {read_as}, write it so"
    return None
