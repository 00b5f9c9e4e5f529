"""The closed set of units: which exist, how they are spelled, and the pint registry built from them.

In stock pint ``mcg/kg`` is dimensionless, so ``10 mcg/kg + 0.5`` is legal and ``mcg/kg/min`` converts to hertz. Here
``kg`` measures ``[body_weight]`` and ``mcg`` measures ``[drug_mass]``: every mix-up of drug and patient raises. Text
from people never reaches pint; it is looked up in the table below. This is the only module that imports pint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from itertools import product as each_of
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.quantities.decimal_text import json_number, number_and_unit, quoted
from rescuecalc.core.quantities.unit_factors import COMBINATIONS, SIZES
from rescuecalc.core.quantities.wording import UNIT_OF, UNIT_OF_CAPITALS
from rescuecalc.errors import InputError, UnitKindsDiffer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pint

    PintQuantity = pint.Quantity[Any]

MICRO_SIGNS: Final = "\u00b5\u03bc"
"""The micro sign and the Greek mu: read as ``mc`` in ``mcg``, never written (ISMP)."""


class Atom(NamedTuple):
    """One unit without a slash: its dimension, exact size in the dimension's first unit, UCUM code and spellings."""

    name: str
    dimension: str
    size: Fraction
    ucum: str | None
    spellings: tuple[str, ...]


def _atom(name: str, dimension: str, size: int | Fraction, ucum: str | None, *spellings: str) -> Atom:
    return Atom(name, dimension, Fraction(size), ucum, (name, *spellings))


_ATOMS: Final = (
    _atom("mcg", "drug_mass", 1, "ug", "ug", "microgram", "micrograms", *(f"{sign}g" for sign in MICRO_SIGNS)),
    _atom("ng", "drug_mass", Fraction(1, 1000), "ng", "nanogram", "nanograms"),
    _atom("mg", "drug_mass", 1000, "mg", "milligram", "milligrams"),
    _atom("g", "drug_mass", 1_000_000, "g", "gram", "grams"),
    # UCUM has several kinds of "unit" ([iU], U, [USP'U]); which one is meant is not ours to guess.
    _atom("units", "drug_units", 1, None, "unit"),
    _atom("milliunits", "drug_units", Fraction(1, 1000), None, "milliunit"),
    _atom("mEq", "drug_equivalents", 1, "meq"),
    _atom("mmol", "drug_substance", 1, "mmol"),
    _atom("umol", "drug_substance", Fraction(1, 1000), "umol", *(f"{sign}mol" for sign in MICRO_SIGNS)),
    _atom("mOsm", "drug_osmoles", 1, "mosm"),
    _atom("kg", "body_weight", 1, "kg"),
    _atom("lb", "body_weight", Fraction(45359237, 100_000_000), "[lb_av]"),
    _atom("m2", "body_area", 1, "m2"),
    _atom("mL", "volume", 1, "mL", "ml", "milliliter", "milliliters", "millilitre", "millilitres"),
    _atom("dL", "volume", 100, "dL", "dl"),
    _atom("L", "volume", 1000, "L", "liter", "liters", "litre", "litres"),
    _atom("s", "time", 1, "s", "sec", "second", "seconds"),
    _atom("min", "time", 60, "min", "minute", "minutes"),
    _atom("h", "time", 3600, "h", "hr", "hour", "hours"),
    _atom("day", "time", 86400, "d", "days"),
    _atom("cm", "length", 1, "cm"),
    _atom("in", "length", Fraction(254, 100), "[in_i]", "inch", "inches"),
)

_BY_SPELLING: Final = {spelling: atom for atom in _ATOMS for spelling in atom.spellings}

_BY_NAME: Final = {atom.name: atom for atom in _ATOMS}

UCUM_ATOMS: Final = {
    **{atom.ucum: atom.name for atom in _ATOMS if atom.ucum is not None},
    "l": "L",
    "ml": "mL",
    "dl": "dL",
    **dict.fromkeys(("[iU]", "[IU]", "[USP'U]", "U"), "units"),
}
"""UCUM's code of each unit: its own of several spellings, and its kinds of units, which an order does not mix."""

_ROLE_OF_DIMENSION: Final = {
    "drug_mass": "amount",
    "drug_units": "amount",
    "drug_equivalents": "amount",
    "drug_substance": "amount",
    "drug_osmoles": "amount",
    "body_weight": "weight",
    "body_area": "area",
    "volume": "volume",
    "time": "time",
    "length": "length",
}

SHAPES: Final = frozenset(
    {
        "amount",
        "amount/weight",
        "amount/time",
        "amount/weight/time",
        "amount/volume",
        "amount/area",
        "amount/area/time",
        "volume",
        "volume/time",
        "volume/weight",
        "volume/weight/time",
        "weight",
        "area",
        "time",
        "length",
    }
)
"""The combinations that mean something in an order; nothing else is a unit (``mL/mg``, ``kg/min``, ``mcg/min/kg``)."""


@dataclass(frozen=True)
class Unit:
    """A unit of the closed set: canonical ``name`` (``mcg/kg/min``), ``shape`` (``amount/weight/time``) and parts."""

    name: str
    shape: str
    parts: tuple[Atom, ...] = field(compare=False, repr=False)

    def __hash__(self) -> int:
        """Return the hash of the name, which is its own: units are looked up for every row of a file."""
        return hash(self.name)

    @cached_property
    def ucum(self) -> str | None:
        """UCUM code (``ug/kg/min``), or None where UCUM has no single code for it."""
        codes = [atom.ucum for atom in self.parts]
        return "/".join(code for code in codes if code) if all(codes) else None

    @property
    def exponents(self) -> dict[str, int]:
        """Power of each atom: the first stands above the line, the others below."""
        return {atom.name: (1 if place == 0 else -1) for place, atom in enumerate(self.parts)}


_LONGEST: Final = 40
"""Characters of an unreadable unit that a message repeats."""

POUNDS_OF_STONE: Final = 14
_ONLY_ABOVE: Final = frozenset({"lb", "s"})


def _part(text: str, place: int) -> Atom:
    atom = _BY_SPELLING.get(text)
    # Per-pound doses do not exist in any label, and "per seconds" invites a slip of 60: below the line only kg,
    # m2, mL, L, dL, min, h and day.
    if atom is None:
        raise InputError(_unknown(text))
    if place and atom.name in _ONLY_ABOVE:
        raise InputError(f"'per {atom.name}' is not read (below the line: kg, m2, mL, dL, L, min, h, day)")
    return atom


def _unknown(text: str) -> str:
    hint = folded_unit(text)
    hint = hint if hint in _BY_NAME else ""
    if text == "m":
        return "'m' may be minute, metre or milli"
    return f"{text[:_LONGEST]!r} is not a unit rescuecalc reads" + (f" (write {hint})" if hint else "")


def usual_unit(text: str) -> Unit:
    """Return the unit that ``text`` spells in any way of one reading: ``kgs``, ``mcg per kg per min``, ``mcg/min/kg``.

    >>> usual_unit("milli-units per hr").name
    'milliunits/h'

    Raises InputError as ``unit`` does.
    """
    above, *below = [UNIT_OF.get(each, each) for each in _DIVIDED.split(text)]
    below.sort(key=lambda each: each in _BY_SPELLING and _BY_SPELLING[each].dimension == "time")
    return unit("/".join((above, *below)))


_DIVIDED: Final = re.compile(r" {0,9}(?:/|\bper\b) {0,9}", re.IGNORECASE)


def folded_unit(text: str) -> str:
    """Return the unit that a part of a unit would be in other letters, the part itself where it would be none.

    "MG" for mg is a slip of the shift key, or a record of capitals; anything further away is not guessed at.

    >>> folded_unit("MCG"), folded_unit("Hrs"), folded_unit("MU"), folded_unit("M")
    ('mcg', 'h', 'MU', 'M')
    """
    part = text.strip().casefold()
    return _IN_SMALL_LETTERS.get(part) or _IN_SMALL_LETTERS.get(part.removesuffix("s")) or text


_IN_SMALL_LETTERS: Final = {**UNIT_OF_CAPITALS, **{each.casefold(): atom.name for each, atom in _BY_SPELLING.items()}}


def how_many(part: str, whole: str) -> Fraction:
    """Return how many of one unit another is, both without a slash and of one dimension.

    >>> int(how_many("h", "day"))
    24
    """
    one, other = _BY_NAME[part], _BY_NAME[whole]
    if one.dimension != other.dimension:
        raise ValueError(f"{part} and {whole} do not measure the same")
    return other.size / one.size


@lru_cache(maxsize=1024)
def unit(text: str) -> Unit:
    """Return the unit that ``text`` spells.

    >>> unit("mcg/kg/minute").name
    'mcg/kg/min'

    Raises InputError with a reason that names the unreadable part.
    """
    pieces = text.split("/")
    if "" in pieces:
        raise InputError("a part of the unit is empty" if text else "there is no unit")
    parts = tuple(_part(piece, place) for place, piece in enumerate(pieces))
    shape = "/".join(_ROLE_OF_DIMENSION[atom.dimension] for atom in parts)
    if shape not in SHAPES:
        raise InputError(f"{text[:_LONGEST]!r} is not a unit of any dose, volume, rate or time")
    return Unit("/".join(atom.name for atom in parts), shape, parts)


def unit_of_powers(powers: Mapping[str, int]) -> Unit | None:
    """Return the unit that is these powers of the table's units; None where it is none that means something.

    >>> unit_of_powers({"min": -1, "mcg": 1, "kg": -1}).name
    'mcg/kg/min'
    """
    above = [name for name, power in powers.items() if power == 1]
    below = [name for name, power in powers.items() if power == -1]
    if len(above) != 1 or len(above) + len(below) != sum(1 for power in powers.values() if power):
        return None
    try:
        return unit("/".join((*above, *sorted(below, key=lambda name: _BY_SPELLING[name].dimension == "time"))))
    except InputError:
        return None


def closed_units() -> Iterator[Unit]:
    """Yield every unit of the closed set once."""
    for shape in sorted(SHAPES):
        above, *below = (
            [atom for atom in _ATOMS if _ROLE_OF_DIMENSION[atom.dimension] == role] for role in shape.split("/")
        )
        usual = ([atom for atom in atoms if atom.name not in _ONLY_ABOVE] for atoms in below)
        yield from (unit("/".join(atom.name for atom in parts)) for parts in each_of(above, *usual))


@cache
def registry() -> pint.UnitRegistry[Any]:
    """Return the closed pint registry: only the atoms above, no prefixes, exact Fractions inside."""
    import pint  # noqa: PLC0415  # 160 ms: only units that are not in the table of factors pay for it
    from pint.delegates import Formatter  # noqa: PLC0415

    class ClosedRegistry(pint.UnitRegistry[Any]):
        """Reads text by our grammar: pint's would take `12,5 mg` for 125 mg and calculate in it."""

        def parse_expression(self, input_string: str, *_: Any, **__: Any) -> Any:
            return quantity_of_text(input_string)

        __call__ = parse_expression

    class DecimalText(Formatter):
        """Writes a fraction as the decimal number that it is; one that is none stays, unless digits are asked for."""

        def format_quantity(self, quantity: Any, spec: str = "", **more: Any) -> str:
            magnitude = quantity.magnitude
            if isinstance(magnitude, Fraction):
                number, rounded = json_number(magnitude)
                if spec or not rounded:  # Python 3.11 formats no Fraction
                    quantity = type(quantity)(number, quantity.units)
            return str(super().format_quantity(quantity, spec, **more))

    closed: pint.UnitRegistry[Any] = ClosedRegistry(None, non_int_type=Fraction)
    closed.formatter = DecimalText(closed)
    _define_atoms(closed)
    return closed


def _define_atoms(closed: pint.UnitRegistry[Any]) -> None:
    """Define the units, as objects: pint takes 12 ms to read their text, and would see our numbers as text again."""
    from pint.facets.plain.definitions import ScaleConverter, UnitDefinition  # noqa: PLC0415

    first: dict[str, str] = {}
    for atom in _ATOMS:
        base = first.setdefault(atom.dimension, atom.name)
        reference = f"[{atom.dimension}]" if base == atom.name else base
        container = closed.UnitsContainer({reference: 1})
        size: Any = atom.size  # annotated as a float there; pint keeps what it is given
        definition: Any = UnitDefinition(atom.name, None, (), ScaleConverter(size), container)
        closed.define(definition)


def pint_unit(of: Unit) -> pint.Unit:
    """Return ``of`` as a unit of the closed registry, built from exponents and never from text."""
    closed = registry()
    return closed.Unit(closed.UnitsContainer(of.exponents))


def quantity_of_text(text: str) -> PintQuantity:
    """Return a text as a quantity of the closed registry; InputError quotes one that is none."""
    try:
        number, name = number_and_unit(text)
        return registry().Quantity(number, pint_unit(unit(name)))
    except InputError as reason:
        raise InputError(f"cannot read {quoted(text)}: {reason}; write a number with its unit, as 80 kg") from None


@lru_cache(maxsize=4096)
def factor(expression: Callable[..., Any], inputs: tuple[Unit, ...], result: Unit) -> Fraction:
    """Return the exact number by which ``expression`` on plain magnitudes is multiplied to be in ``result``.

    ``expression`` is a product or quotient of its arguments. A combination of units that does not yield ``result``
    raises UnitKindsDiffer instead of a number. Usual combinations are in a table that pint made; pint answers others.
    """
    known = tabled_factor(expression, inputs, result)
    return factor_by_pint(expression, inputs, result) if known is None else known


def tabled_factor(expression: Callable[..., Any], inputs: tuple[Unit, ...], result: Unit) -> Fraction | None:
    """Return the factor by the committed table, which spares the import of pint; None for what is not in it."""
    of = [SIZES.get(each.name) for each in (*inputs, result)]
    if (expression.__name__, *(each and each[0] for each in of)) not in COMBINATIONS:
        return None
    *sizes, size = (Fraction(*each[1:]) for each in of if each is not None)
    return Fraction(expression(*sizes) / size)


def factor_by_pint(expression: Callable[..., Any], inputs: tuple[Unit, ...], result: Unit) -> Fraction:
    """Return the same factor as pint calculates it: ``expression`` of quantities of magnitude 1, in ``result``."""
    import pint  # noqa: PLC0415

    ones = [registry().Quantity(Fraction(1), pint_unit(each)) for each in inputs]
    try:
        magnitude = expression(*ones).to(pint_unit(result)).magnitude
    except pint.DimensionalityError:
        given = " and ".join(each.name for each in inputs)
        raise UnitKindsDiffer(f"{given} cannot be combined to give {result.name}") from None
    return Fraction(magnitude)


def size_by_pint(of: Unit) -> tuple[str, Fraction]:
    """Return the dimension of a unit and its size in the base units of that, as pint calculates them.

    >>> size_by_pint(unit("mg/L"))
    ('drug_mass/volume', Fraction(1, 1))
    """
    one = registry().Quantity(Fraction(1), pint_unit(of)).to_base_units()
    powers = {str(name).strip("[]"): power for name, power in one.dimensionality.items()}
    above, below = ([name for name, power in powers.items() if power == sign] for sign in (1, -1))
    return "/".join((*above, *sorted(below))), Fraction(one.magnitude)
