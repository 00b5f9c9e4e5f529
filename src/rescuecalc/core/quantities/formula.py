"""A formula is one function of products and quotients, used both on pint units and on plain Fractions.

Run once on pint quantities of magnitude 1 it yields the exact factor for a combination of units, or an error where the
dimensions do not fit; after that, plain exact arithmetic times the factor. There is no second copy of a formula to
drift from the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from rescuecalc.core.quantities.quantity import Quantity
from rescuecalc.core.quantities.units import factor, unit

if TYPE_CHECKING:
    from collections.abc import Callable

R = TypeVar("R", bound=Quantity)


def product(first: Any, second: Any) -> Any:
    """Return first × second."""
    return first * second


def quotient(first: Any, second: Any) -> Any:
    """Return first ÷ second."""
    return first / second


def product_over(first: Any, second: Any, divisor: Any) -> Any:
    """Return first × second ÷ divisor."""
    return first * second / divisor


class Formula(NamedTuple, Generic[R]):
    """``words`` states the formula for people; ``expression`` is it; ``result`` is the role that comes out."""

    words: str
    expression: Callable[..., Any]
    result: type[R]

    def value(self, *inputs: Quantity, unit_name: str) -> R:
        """Return the exact result in the named unit; InputError where the inputs' units cannot give it."""
        target = unit(unit_name)
        scale = factor(self.expression, tuple(quantity.unit for quantity in inputs), target)
        return self.result(self.expression(*(quantity.magnitude for quantity in inputs)) * scale, target)
