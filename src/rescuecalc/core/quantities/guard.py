"""The conditions that numbers have to meet for what was found with others to hold for them, in whole numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

Products = tuple[tuple[int, tuple[int, ...]], ...]
"""A polynomial without its constant: for each product how many times, and of which places."""


class Guard(NamedTuple):
    """The numbers for which a verdict holds: each within its range, and no sum negative.

    ``ranges`` hold place, least and most (None: any). ``twos``, ``threes`` and ``fours`` are the sums of so many
    numbers, each multiplied by a constant, and of a constant: nearly all that rules ask, and asked for each row of a
    file. ``others`` are a constant and products, ``eithers`` two of these, of which one is not negative.
    """

    ranges: tuple[tuple[int, int, int | None], ...]
    twos: tuple[tuple[int, int, int, int, int], ...]
    threes: tuple[tuple[int, int, int, int, int, int, int], ...]
    fours: tuple[tuple[int, int, int, int, int, int, int, int, int], ...]
    others: tuple[tuple[int, Products], ...]
    eithers: tuple[tuple[tuple[int, Products], tuple[int, Products]], ...] = ()

    def holds(self, numbers: Sequence[int]) -> bool:
        """Whether every condition is met."""
        for place, low, high in self.ranges:
            number = numbers[place]
            if number < low or (high is not None and number > high):
                return False
        for a, i, b, j, constant in self.twos:
            if a * numbers[i] + b * numbers[j] + constant < 0:
                return False
        for a, i, b, j, c, k, constant in self.threes:
            if a * numbers[i] + b * numbers[j] + c * numbers[k] + constant < 0:
                return False
        for a, i, b, j, c, k, d, m, constant in self.fours:
            if a * numbers[i] + b * numbers[j] + c * numbers[k] + d * numbers[m] + constant < 0:
                return False
        return not (self.others or self.eithers) or self._holds_of_products(numbers)

    def _holds_of_products(self, numbers: Sequence[int]) -> bool:
        return all(constant + _sum(products, numbers) >= 0 for constant, products in self.others) and all(
            constant + _sum(products, numbers) >= 0 or another + _sum(others, numbers) >= 0
            for (constant, products), (another, others) in self.eithers
        )


def _sum(products: Products, numbers: Sequence[int]) -> int:
    found = 0
    for times, places in products:
        product = 1
        for place in places:
            product *= numbers[place]
        found += times * product
    return found


class ToldNumber(NamedTuple):
    """A number that stands in a message: two polynomials, one divided by the other, and whether it is rounded."""

    above: Products
    below: Products
    rounded: bool

    def value(self, numbers: Sequence[int]) -> Fraction:
        """Return the number for other ``numbers``."""
        return Fraction(_sum(self.above, numbers), _sum(self.below, numbers))
