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
from math import gcd
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self

from rescuecalc.core.quantities.guard import Guard, ToldNumber

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rescuecalc.core.quantities.guard import Products

Terms = dict[tuple[int, ...], int]
"""A polynomial: by the places of the numbers that are multiplied, how many times; () is the constant."""

_CONSTANT: Final = ()

_Key = tuple[tuple[tuple[int, ...], int], ...]
"""A polynomial without its constant: each product and how many times, in their order."""


class Untraceable(Exception):
    """A traced number was looked at in another way than by comparing it."""


def _products(of: Any) -> Products:
    return tuple((times, places) for places, times in (_terms(of) or {}).items())


BEGINS, ENDS = "\ue000", "\ue001"
"""Around the place of a number that a message tells."""


class Trace:
    """The conditions under which one judgement was made of ``numbers``; ``told`` are those that its messages tell."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = numbers
        self.told: list[ToldNumber] = []
        self._least: dict[_Key, int] = {}
        self._either: dict[tuple[tuple[_Key, int], tuple[_Key, int]], None] = {}

    def whole(self, place: int) -> Any:
        """Return the number at a place, to be judged in place of the int that it is: hence Any."""
        return Whole({(place,): 1}, self)

    def is_not_negative(self, terms: Terms) -> bool:
        """Whether a polynomial is 0 or more, kept as a condition where that depends on the numbers."""
        if self._value(terms) >= 0:
            if not _never_negative(terms):
                self._keep(terms)
            return True
        opposite = _opposite(terms)
        if not _never_negative(opposite):
            self._keep(opposite)
        return False

    def are_not_negative(self, first: Terms, second: Terms) -> bool:
        """Whether two polynomials are both 0 or more; where they are not, which of them is not is no condition."""
        if self._value(first) >= 0 and self._value(second) >= 0:
            return self.is_not_negative(first) and self.is_not_negative(second)
        opposites = [_opposite(each) for each in (first, second) if not _never_negative(each)]
        if not any(map(_never_negative, opposites)):
            if len(opposites) == 1:
                self._keep(opposites[0])
            else:
                one, other = (_condition(each) for each in opposites)
                self._either[one, other] = None
        return False

    def _value(self, terms: Terms) -> int:
        found, numbers = 0, self.numbers
        for places, times in terms.items():
            for place in places:
                times *= numbers[place]  # noqa: PLW2901
            found += times
        return found

    def _keep(self, terms: Terms) -> None:
        key, constant = _condition(terms)
        self._least[key] = min(constant, self._least.get(key, constant))

    def tell(self, above: Any, below: Any, *, rounded: bool) -> str:
        """Return what stands in a message in the place of a quotient until it is told."""
        self.told.append(ToldNumber(_products(above), _products(below), rounded))
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
                others.append(_other(key, constant))
        # What sets one way apart from another was asked last: so the wrong way is left at its first condition.
        twos, threes, fours = (tuple(reversed(sums[length])) for length in _UNROLLED)
        eithers = tuple((_other(*one), _other(*another)) for one, another in self._either)
        kept = tuple((place, *ends) for place, ends in ranges.items())
        return Guard(kept, twos, threes, fours, tuple(others), eithers)


_UNROLLED: Final = tuple(range(2, 2 + 3))
"""The three lengths of sums that a guard holds apart."""


def _condition(terms: Terms) -> tuple[_Key, int]:
    """Return a polynomial as its products and its constant, both divided by what the products share."""
    constant = terms.get(_CONSTANT, 0)
    above = [(places, times) for places, times in terms.items() if places]
    shared = gcd(*(times for _, times in above))
    return tuple(sorted((places, times // shared) for places, times in above)), constant // shared


def _other(key: _Key, constant: int) -> tuple[int, Products]:
    return constant, tuple((times, places) for places, times in key)


def _opposite(terms: Terms) -> Terms:
    """Return what is 0 or more where a polynomial is not: in whole numbers its opposite, less 1."""
    found = {places: -times for places, times in terms.items()}
    found[_CONSTANT] = found.get(_CONSTANT, 0) - 1
    return found


def _never_negative(terms: Terms) -> bool:
    """Whether a polynomial is 0 or more whatever the numbers; each first of two is taken as the second and a rest."""
    least, lifted = 0, dict[int, int]()
    for places, times in terms.items():
        if len(places) == 1:
            lifted[places[0]] = times
        elif places and times < 0:
            return False
        else:
            least += times
    for place, times in lifted.items():
        if place % 2 == 0:
            if times < 0:
                return False
            least += 0 if place + 1 in lifted else times
        else:
            own = times + lifted.get(place - 1, 0)
            if own < 0:
                return False
            least += own
    return least >= 0


def _plus(first: Mapping[tuple[int, ...], int], second: Mapping[tuple[int, ...], int], times: int = 1) -> Terms:
    found = dict(first)
    for places, each in second.items():
        more = found.get(places, 0) + each * times
        if more:
            found[places] = more
        else:
            del found[places]
    return found


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
        return self._made({places: -times for places, times in self._terms.items()})

    def __sub__(self, other: Any) -> Whole:
        if type(other) is int and not other:
            return self
        terms = _terms(other)
        return NotImplemented if terms is None else self._made(_plus(self._terms, terms, -1))

    def __rsub__(self, other: Any) -> Whole:
        return (-self).__add__(other)

    def __mul__(self, other: Any) -> Whole:
        if type(other) is int:
            if other == 1:
                return self
            return self._made({places: times * other for places, times in self._terms.items()} if other else {})
        terms = _terms(other)
        if terms is None:
            return NotImplemented
        found: Terms = {}
        for places, times in self._terms.items():
            for others, each in terms.items():
                both = tuple(sorted(places + others)) if places and others else places or others
                found[both] = found.get(both, 0) + times * each
        return self._made({places: times for places, times in found.items() if times})

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
        terms = (self - other)._terms
        return self._trace.are_not_negative(terms, {places: -times for places, times in terms.items()})

    def __bool__(self) -> bool:
        return self != 0

    def __hash__(self) -> int:
        raise Untraceable

    __index__ = __int__ = __float__ = __str__ = __repr__ = __format__ = _refused


def _terms(of: Any) -> Terms | None:
    if isinstance(of, Whole):
        return of._terms  # noqa: SLF001  # of its own kind
    return ({_CONSTANT: of} if of else {}) if type(of) is int else None


def are_at_most(one: Fraction, most: Fraction, other: Fraction, most_of_other: Fraction) -> bool:
    """Whether a number is no more than a second, and a third one no more than a fourth; some of them are traced.

    Which of the two is more makes no difference, and becomes no condition.
    """
    both = [_above(one, most), _above(other, most_of_other)]
    trace = next((each.trace for each in both if isinstance(each, Whole)), None)
    if trace is None:
        return all(each >= 0 for each in both)
    first, second = (_terms(each) or {} for each in both)
    return trace.are_not_negative(first, second)


def _above(one: Fraction, most: Fraction) -> Any:
    """Return what is 0 or more where one number is no more than another."""
    above, below = one.as_integer_ratio()
    most_above, most_below = most.as_integer_ratio()
    return most_above * below - above * most_below


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
