"""Numbers that remember what was asked of them: judged once, they tell for which other numbers the answer is the same.

A traced number is a polynomial of whole numbers. Wherever the judge compares two, the answer is that of the numbers at
hand, and the question is kept as a condition, exact and in whole numbers. Whatever other numbers meet every condition
take the same way through the same rules. What would look at a number in any other way (print it, round it, look it up)
raises Untraceable: then nothing is concluded.

The whole numbers come two and two: a number as it is written, and one of its last digit, of which it is a multiple.
Both are 1 or more.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, prod
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Terms = dict[tuple[int, ...], int]
"""A polynomial: by the places of the numbers that are multiplied, how many times; () is the constant."""

Products = tuple[tuple[int, tuple[int, ...]], ...]
"""A polynomial without its constant: for each product how many times, and of which places."""

_CONSTANT: Final = ()


class Untraceable(Exception):
    """A traced number was looked at in another way than by comparing it."""


class Guard(NamedTuple):
    """The numbers for which a verdict holds: each within its range, and no sum negative.

    ``ranges`` hold place, least and most (None: any). ``twos``, ``threes`` and ``fours`` are the sums of so many
    numbers, each multiplied by a constant, and of a constant: nearly all that rules ask, and asked for each row of a
    file. ``others`` are a constant and products.
    """

    ranges: tuple[tuple[int, int, int | None], ...]
    twos: tuple[tuple[int, int, int, int, int], ...]
    threes: tuple[tuple[int, int, int, int, int, int, int], ...]
    fours: tuple[tuple[int, int, int, int, int, int, int, int, int], ...]
    others: tuple[tuple[int, Products], ...]

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
        return not self.others or all(constant + _sum(products, numbers) >= 0 for constant, products in self.others)


def _products(of: Any) -> Products:
    return tuple((times, places) for places, times in (_terms(of) or {}).items())


def _sum(products: Products, numbers: Sequence[int]) -> int:
    return sum(times * prod([numbers[place] for place in places]) for times, places in products)


class Told(NamedTuple):
    """A number that stands in a message: two polynomials, one divided by the other, and whether it is rounded."""

    above: Products
    below: Products
    rounded: bool

    def value(self, numbers: Sequence[int]) -> Fraction:
        """Return the number for other ``numbers``."""
        return Fraction(_sum(self.above, numbers), _sum(self.below, numbers))


BEGINS, ENDS = "\ue000", "\ue001"
"""Around the place of a number that a message tells."""


class Trace:
    """The conditions under which one judgement was made of ``numbers``; ``told`` are those that its messages tell."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = numbers
        self.told: list[Told] = []
        self._least: dict[tuple[tuple[tuple[int, ...], int], ...], int] = {}

    def whole(self, place: int) -> Any:
        """Return the number at a place, to be judged in place of the int that it is: hence Any."""
        return Whole({(place,): 1}, self)

    def is_not_negative(self, terms: Terms) -> bool:
        """Whether a polynomial is 0 or more, kept as a condition where that depends on the numbers."""
        if _never_negative(terms):
            return True
        opposite = _plus(_plus({}, terms, -1), {_CONSTANT: -1})
        if _never_negative(opposite):
            return False
        answer = _sum(tuple((times, places) for places, times in terms.items()), self.numbers) >= 0
        # In whole numbers "less than 0" is "its opposite, less 1, is 0 or more".
        self._keep(terms if answer else opposite)
        return answer

    def _keep(self, terms: Terms) -> None:
        constant = terms.get(_CONSTANT, 0)
        above = {places: times for places, times in terms.items() if places}
        shared = gcd(*above.values())
        key = tuple(sorted((places, times // shared) for places, times in above.items()))
        self._least[key] = min(constant // shared, self._least.get(key, constant // shared))

    def tell(self, above: Any, below: Any, *, rounded: bool) -> str:
        """Return what stands in a message in the place of a quotient until it is told."""
        self.told.append(Told(_products(above), _products(below), rounded))
        return f"{BEGINS}{len(self.told) - 1}{ENDS}"

    def guard(self) -> Guard:
        """Return all conditions."""
        ranges: dict[int, tuple[int, int | None]] = {}
        sums: dict[int, list[Any]] = {length: [] for length in _UNROLLED}
        others = []
        for key, constant in self._least.items():
            if len(key) == 1 and len(key[0][0]) == 1:
                ((place,), times) = key[0]
                low, high = ranges.get(place, (1, None))
                # Its factor is 1 or -1: what all factors share was divided out.
                ranges[place] = (-constant, high) if times > 0 else (low, constant)
            elif len(key) in _UNROLLED and all(len(places) == 1 for places, _ in key):
                sums[len(key)].append((*(each for (place,), times in key for each in (times, place)), constant))
            else:
                others.append((constant, tuple((times, places) for places, times in key)))
        # What sets one way apart from another was asked last: so the wrong way is left at its first condition.
        twos, threes, fours = (tuple(reversed(sums[length])) for length in _UNROLLED)
        return Guard(tuple((place, *ends) for place, ends in ranges.items()), twos, threes, fours, tuple(others))


_UNROLLED: Final = tuple(range(2, 2 + 3))
"""The three lengths of sums that a guard holds apart."""


def _never_negative(terms: Terms) -> bool:
    """Whether a polynomial is 0 or more whatever the numbers; each first of two is taken as the second and a rest."""
    lifted = dict(terms)
    for places, times in terms.items():
        if len(places) == 1 and places[0] % 2 == 0:
            lifted[places[0] + 1,] = lifted.get((places[0] + 1,), 0) + times
    least = sum(times for places, times in lifted.items() if len(places) != 1 or places[0] % 2)
    return least >= 0 and all(times >= 0 for places, times in lifted.items() if places)


def _plus(first: Mapping[tuple[int, ...], int], second: Mapping[tuple[int, ...], int], times: int = 1) -> Terms:
    found = dict(first)
    for places, each in second.items():
        found[places] = found.get(places, 0) + each * times
    return {places: each for places, each in found.items() if each}


def _refused(*_: object) -> NoReturn:
    raise Untraceable


class Whole:
    """A traced whole number. It is no int on purpose: nothing can take it for one."""

    __slots__ = ("_terms", "_trace")

    def __init__(self, terms: Terms, trace: Trace) -> None:
        self._terms, self._trace = terms, trace

    @property
    def trace(self) -> Trace:
        """Where what is asked of it is kept."""
        return self._trace

    def _made(self, terms: Terms) -> Whole:
        return Whole(terms, self._trace)

    def __add__(self, other: Any) -> Whole:
        terms = _terms(other)
        return NotImplemented if terms is None else self._made(_plus(self._terms, terms))

    __radd__ = __add__

    def __neg__(self) -> Whole:
        return self._made(_plus({}, self._terms, -1))

    def __sub__(self, other: Any) -> Whole:
        terms = _terms(other)
        return NotImplemented if terms is None else self._made(_plus(self._terms, terms, -1))

    def __rsub__(self, other: Any) -> Whole:
        return (-self).__add__(other)

    def __mul__(self, other: Any) -> Whole:
        terms = _terms(other)
        if terms is None:
            return NotImplemented
        found: Terms = {}
        for places, times in self._terms.items():
            more = {tuple(sorted((*places, *others))): times * each for others, each in terms.items()}
            found = _plus(found, more)
        return self._made(found)

    __rmul__ = __mul__

    def __floordiv__(self, other: Any) -> Whole:
        if type(other) is not int or other <= 0 or any(each % other for each in self._terms.values()):
            raise Untraceable
        return self._made({places: each // other for places, each in self._terms.items()})

    def __ge__(self, other: Any) -> bool:
        return self._trace.is_not_negative((self - other)._terms)

    def __le__(self, other: Any) -> bool:
        return self._trace.is_not_negative((other - self)._terms)

    def __gt__(self, other: Any) -> bool:
        return not self <= other

    def __lt__(self, other: Any) -> bool:
        return not self >= other

    def __eq__(self, other: object) -> bool:
        return self >= other and self <= other

    def __bool__(self) -> bool:
        return self != 0

    def __hash__(self) -> int:
        raise Untraceable

    __index__ = __int__ = __float__ = __str__ = __repr__ = __format__ = _refused


def _terms(of: Any) -> Terms | None:
    if isinstance(of, Whole):
        return of._terms  # noqa: SLF001  # of its own kind
    return ({_CONSTANT: of} if of else {}) if type(of) is int else None


class Ratio(Fraction):
    """A traced Fraction, never reduced: the quotient of two whole numbers, at least one of them traced.

    The lower one is more than 0. What a Fraction can do and this does not say of itself is refused. One that is
    ``silent``, or comes of such a one, is told in no message: in which unit it is told depends on the number.
    """

    __slots__ = ("silent",)
    _numerator: Any
    _denominator: Any
    silent: bool

    def __new__(cls, numerator: Any, denominator: Any, *, silent: bool = False) -> Self:
        """Return numerator ÷ denominator."""
        made = object.__new__(cls)
        if denominator <= 0:
            raise Untraceable
        made._numerator, made._denominator, made.silent = numerator, denominator, silent
        return made

    def as_integer_ratio(self) -> tuple[Any, Any]:
        """Return two whole numbers of this quotient, not reduced: for formulas in which that makes no difference."""
        return self._numerator, self._denominator

    def tell(self, *, rounded: bool) -> str:
        """Return what stands in a message in its place."""
        traced = next((each for each in (self._numerator, self._denominator) if isinstance(each, Whole)), None)
        if traced is None or self.silent:
            raise Untraceable
        return traced.trace.tell(self._numerator, self._denominator, rounded=rounded)

    def _made(self, numerator: Any, denominator: Any, other: Any) -> Ratio:
        return Ratio(numerator, denominator, silent=self.silent or getattr(other, "silent", False))

    def __add__(self, other: Any) -> Ratio:  # type: ignore[override]
        above, below = other.as_integer_ratio()
        return self._made(self._numerator * below + above * self._denominator, self._denominator * below, other)

    __radd__ = __add__  # type: ignore[assignment]

    def __neg__(self) -> Ratio:
        return Ratio(-self._numerator, self._denominator, silent=self.silent)

    def __sub__(self, other: Any) -> Ratio:  # type: ignore[override]
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> Ratio:  # type: ignore[override]
        return (-self).__add__(other)

    def __mul__(self, other: Any) -> Ratio:  # type: ignore[override]
        above, below = other.as_integer_ratio()
        return self._made(self._numerator * above, self._denominator * below, other)

    __rmul__ = __mul__  # type: ignore[assignment]

    def __truediv__(self, other: Any) -> Ratio:  # type: ignore[override]
        above, below = other.as_integer_ratio()
        return self._made(self._numerator * below, self._denominator * above, other)

    def __rtruediv__(self, other: Any) -> Ratio:  # type: ignore[override]
        above, below = other.as_integer_ratio()
        return self._made(above * self._denominator, below * self._numerator, other)

    def __abs__(self) -> Ratio:
        return -self if self < 0 else self

    def _less(self, other: Any) -> Any:
        """Return what is below 0 where this is less than the other."""
        above, below = other.as_integer_ratio()
        return self._numerator * below - above * self._denominator

    def __lt__(self, other: Any) -> bool:
        return bool(self._less(other) < 0)

    def __le__(self, other: Any) -> bool:
        return bool(self._less(other) <= 0)

    def __gt__(self, other: Any) -> bool:
        return bool(self._less(other) > 0)

    def __ge__(self, other: Any) -> bool:
        return bool(self._less(other) >= 0)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (int, Fraction)) and bool(self._less(other) == 0)

    def __bool__(self) -> bool:
        return bool(self._numerator != 0)

    def __hash__(self) -> int:  # type: ignore[override]
        raise Untraceable

    __str__ = __repr__ = __format__ = __int__ = __float__ = __trunc__ = _refused
    __floor__ = __ceil__ = __round__ = __pow__ = __rpow__ = __divmod__ = __rdivmod__ = _refused  # type: ignore[assignment]
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __complex__ = _refused
    numerator = denominator = property(_refused)
