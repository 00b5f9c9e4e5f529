"""The table of unit factors, as pint calculates it: part of what `python docs/build.py` makes.

The committed table spares the import of pint, which is the half of a short command. A test and `selftest` compare every
factor of it with pint again.
"""

from __future__ import annotations

from itertools import product as each_of
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.core.quantities.formula import product, product_over, quotient
from rescuecalc.core.quantities.quantity import unchanged
from rescuecalc.core.quantities.units import SHAPES, closed_units, factor_by_pint, size_by_pint
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.quantities.units import Unit

FORMULAS: Final = (
    (product, ("amount/weight", "weight"), "amount"),
    (product, ("amount/weight/time", "weight"), "amount/time"),
    (product, ("amount/time", "time"), "amount"),
    (product, ("volume", "amount/volume"), "amount"),
    (product, ("volume/time", "amount/volume"), "amount/time"),
    (product, ("volume/time", "time"), "volume"),
    (quotient, ("amount", "weight"), "amount/weight"),
    (quotient, ("amount/time", "weight"), "amount/weight/time"),
    (quotient, ("amount", "amount/volume"), "volume"),
    (quotient, ("amount/time", "amount/volume"), "volume/time"),
    (quotient, ("volume", "time"), "volume/time"),
    (product_over, ("volume", "amount/volume", "weight"), "amount/weight"),
    *((unchanged, (shape,), shape) for shape in sorted(SHAPES)),
)
"""The formulas of the core, with the shapes of their inputs and of their result."""


def _of_shape(shape: str) -> dict[str, Unit]:
    """Return one unit of each dimension that a shape has: drugs are counted by mass, in units, mEq or mmol."""
    return {size_by_pint(each)[0]: each for each in closed_units() if each.shape == shape}


def combinations() -> Iterator[tuple[str, ...]]:
    """Yield each formula's name with the dimensions that pint combines by it, and the dimension of the result."""
    for expression, shapes, result in FORMULAS:
        for *given, (dimension, target) in each_of(*(_of_shape(each).items() for each in (*shapes, result))):
            if _fits(expression, tuple(each for _, each in given), target):
                yield (expression.__name__, *(name for name, _ in given), dimension)


def _fits(expression: Any, inputs: tuple[Unit, ...], result: Unit) -> bool:
    try:
        factor_by_pint(expression, inputs, result)
    except InputError:
        return False
    return True


_TABLE: Final = """
{about}

from __future__ import annotations

from typing import Final

SIZES: Final = {{
{sizes}
}}
{sizes_are}

COMBINATIONS: Final = frozenset(
    {{
{combinations}
    }}
)
{combinations_are}
"""


def unit_factors() -> str:
    """Return the module of the table."""
    return _TABLE.lstrip().format(
        about=_documented("What pint says of units. Made by `python docs/build.py`; `selftest` compares it with pint."),
        sizes="\n".join(_size(each) for each in closed_units()),
        sizes_are=_documented("Each unit: its dimension, and its size in base units as numerator and denominator."),
        combinations="\n".join(map(_combination, sorted(set(combinations())))),
        combinations_are=_documented("Each formula with the dimensions that it combines and that of its result."),
    )


def _documented(text: str) -> str:
    return f'"""{text}"""'


def _size(of: Unit) -> str:
    dimension, size = size_by_pint(of)
    return f'    "{of.name}": ("{dimension}", {size.numerator}, {size.denominator}),'


def _combination(parts: tuple[str, ...]) -> str:
    return "        (" + ", ".join(f'"{each}"' for each in parts) + "),"
