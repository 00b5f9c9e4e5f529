"""Numbers that stand for all numbers: code that takes one is run in every way that it can take, and z3 judges each.

A Symbol is a Fraction to the code. Where it is compared, the run is split: once with the comparison true, once with it
false, where z3 finds numbers for both. So what is proved is proved of the code as it is, and of no copy of it.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, NoReturn, Self, TypeVar

import z3

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

T = TypeVar("T")

MILLISECONDS: Final = 5_000
"""How long z3 may think about one question; after it a claim is not proved, and a way is taken to be possible."""

MOST_WAYS: Final = 2_000


class Way(NamedTuple, Generic[T]):
    """One way through the code: what holds of the symbols there, and what it returned, or raised."""

    given: tuple[Any, ...]
    result: T | None
    raised: Exception | None


class Paths:
    """The run that is under way: what holds so far, which sides are to be taken, and which are left for later runs."""

    def __init__(self, assumed: tuple[Any, ...]) -> None:
        self._assumed = assumed
        self._left: list[list[bool]] = [[]]
        self._names = 0
        self._begin([])

    def _begin(self, sides: list[bool]) -> None:
        self._sides, self._taken = sides, 0
        self.given: list[Any] = list(self._assumed)

    def ways(self, work: Callable[[], T]) -> list[Way[T]]:
        """Return every way that ``work`` can take."""
        found: list[Way[T]] = []
        while self._left:
            self._begin(self._left.pop())
            try:
                way = Way(tuple(self.given), work(), None)
            except Exception as failure:  # noqa: BLE001  # what the code refuses is an answer
                way = Way((), None, failure)
            found.append(way._replace(given=tuple(self.given)))
            if len(found) > MOST_WAYS:
                raise AssertionError(f"more than {MOST_WAYS} ways")
        return found

    def is_true(self, condition: Any) -> bool:
        """Return the side that this run takes of a condition; the other one is left for later where it is possible."""
        condition = z3.simplify(condition)
        if z3.is_true(condition) or z3.is_false(condition):
            return bool(z3.is_true(condition))
        can = [side for side in (True, False) if _asked(self.given, condition == side) != z3.unsat]
        if len(can) == 1:
            return can[0]  # what is given says so already
        if self._taken == len(self._sides):
            self._left.append([*self._sides, False])
            self._sides.append(True)
        side = self._sides[self._taken]
        self._taken += 1
        self.given.append(condition if side else z3.Not(condition))
        return side


class Followed(Paths):
    """The one way through the code that some numbers take, and what holds on it of all others that take it too."""

    def __init__(self, numbers: Iterable[tuple[Any, int]]) -> None:
        super().__init__(())
        self._numbers = [(term, real(number)) for term, number in numbers]

    def is_true(self, condition: Any) -> bool:
        """Return what a condition is of the numbers that are followed."""
        side = bool(z3.is_true(z3.simplify(z3.substitute(condition, *self._numbers))))
        self.given.append(condition if side else z3.Not(condition))
        return side


_WHOLES: Final[dict[int, tuple[Any, frozenset[str]]]] = {}
"""What was found of a term, kept with the term: its number is given to another one once it is gone."""


def _wholes(term: Any) -> frozenset[str]:
    """Return the names of the whole numbers in a term: those of rounding."""
    number = term.get_id()
    if number not in _WHOLES:
        _WHOLES[number] = term, _found_in(term)
    return _WHOLES[number][1]


def _found_in(term: Any) -> frozenset[str]:
    if z3.is_const(term):
        is_whole = z3.is_int(term) and term.decl().kind() == z3.Z3_OP_UNINTERPRETED
        return frozenset({str(term)}) if is_whole else frozenset()
    return frozenset().union(*(_wholes(each) for each in term.children()))


def _asked(given: Iterable[Any], question: Any) -> Any:
    """Return what z3 says of a question, and what is given of its own roundings; what is given of others is left out.

    That proves no less: with less given, fewer things follow.
    """
    solver, asked = z3.Solver(), _wholes(question)
    solver.set("timeout", MILLISECONDS)
    solver.add(question, *(each for each in given if _wholes(each) <= asked))
    # Of two whole numbers one is less by 1 or more: said outright, z3 need not try them one by one.
    for one, other in combinations(sorted(asked), 2):
        solver.add(z3.Or(z3.Int(one) <= z3.Int(other), z3.Int(one) >= z3.Int(other) + 1))
    found = solver.check()
    return solver.model() if found == z3.sat else found


def prove(claim: Any, given: Iterable[Any]) -> None:
    """Raise AssertionError, with numbers where there are some, unless the claim holds of all numbers that are given."""
    parts = claim.children() if z3.is_and(claim) else [claim]
    for part in parts:
        found = _asked(given, z3.Not(part))
        if found != z3.unsat:
            raise AssertionError(f"not proved: {part}: {found}")


def prove_all(claims: Sequence[Any], given: Iterable[Any]) -> None:
    """Raise AssertionError unless all claims hold of all numbers that are given: one question in place of hundreds."""
    if _asked(given, z3.Not(z3.And(*claims))) != z3.unsat:
        prove(z3.And(*claims), given)  # says which


def real(of: Fraction | int) -> Any:
    """Return a number as z3 has it."""
    if isinstance(of, Symbol):
        return of.term
    exact = Fraction(of)
    return z3.Q(exact.numerator, exact.denominator)


def _refused(*_: object) -> NoReturn:
    raise AssertionError("a symbol was looked at in a way that is not proved")


class Symbol(Fraction):
    """Any number; what can be done with it besides calculating and comparing is refused.

    Of one that is ``positive``, or zero, nothing has to be asked to know that it is not negative.
    """

    __slots__ = ("paths", "positive", "term")
    paths: Paths
    term: Any
    positive: bool

    def __new__(cls, term: Any, paths: Paths, *, positive: bool = False) -> Self:
        """Return the symbol that ``term`` is, in the runs of ``paths``."""
        made = object.__new__(cls)
        made.term, made.paths, made.positive = term, paths, positive
        return made

    def _made(self, term: Any, other: Any = None) -> Symbol:
        """Return what a sum, product or quotient with ``other`` is, None: with no other, and of no known sign."""
        is_positive = other.positive if isinstance(other, Symbol) else other is not None and other >= 0
        return type(self)(term, self.paths, positive=self.positive and is_positive)

    def __add__(self, other: Any) -> Symbol:  # type: ignore[override]
        return self._made(self.term + real(other), other)

    __radd__ = __add__  # type: ignore[assignment]

    def __sub__(self, other: Any) -> Symbol:  # type: ignore[override]
        return self._made(self.term - real(other))

    def __rsub__(self, other: Any) -> Symbol:  # type: ignore[override]
        return self._made(real(other) - self.term)

    def __mul__(self, other: Any) -> Symbol:  # type: ignore[override]
        return self._made(self.term * real(other), other)

    __rmul__ = __mul__  # type: ignore[assignment]

    def __truediv__(self, other: Any) -> Symbol:  # type: ignore[override]
        return self._made(self.term / real(other), other)

    def __rtruediv__(self, other: Any) -> Symbol:  # type: ignore[override]
        return self._made(real(other) / self.term, other)

    def __neg__(self) -> Symbol:
        return self._made(-self.term)

    def __abs__(self) -> Symbol:
        return -self if self < 0 else self

    def __floor__(self) -> Any:
        """Return the whole number below, by its definition and not by z3's own: it thinks faster so."""
        whole = z3.FreshInt("whole")
        self.paths.given += [z3.ToReal(whole) <= self.term, self.term < z3.ToReal(whole) + 1]
        return self._made(z3.ToReal(whole), 0)

    def __floordiv__(self, other: Any) -> Any:
        return (self / other).__floor__()

    def __rfloordiv__(self, other: Any) -> Any:
        return (other / self).__floor__()

    def __lt__(self, other: Any) -> bool:
        if self.positive and not isinstance(other, Symbol) and other == 0:
            return False
        return self.paths.is_true(self.term < real(other))

    def __le__(self, other: Any) -> bool:
        return self.paths.is_true(self.term <= real(other))

    def __gt__(self, other: Any) -> bool:
        return self.paths.is_true(self.term > real(other))

    def __ge__(self, other: Any) -> bool:
        return self.paths.is_true(self.term >= real(other))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (int, Fraction)) and self.paths.is_true(self.term == real(other))

    def __bool__(self) -> bool:
        return self.paths.is_true(self.term != 0)

    def __hash__(self) -> int:  # type: ignore[override]
        """Refuse: equal symbols are equal numbers only in some ways."""
        return int(_refused())

    __str__ = __repr__ = __format__ = __int__ = __float__ = __trunc__ = _refused
    __ceil__ = __round__ = __pow__ = __rpow__ = __divmod__ = __rdivmod__ = _refused  # type: ignore[assignment]
    __mod__ = __rmod__ = __complex__ = as_integer_ratio = _refused
    numerator = denominator = property(_refused)


_UNIT_ROUNDOFF: Final = Fraction(1, 2**53)
"""By what share a binary float of 64 bits can be off after one operation."""


class Float(Symbol):
    """Any binary float: what each operation gives may be off by a half of the last bit. Of positive numbers alone."""

    __slots__ = ()

    def _made(self, term: Any, _: Any = None) -> Symbol:
        return rounded(term, self.paths, _UNIT_ROUNDOFF)


def rounded(term: Any, paths: Paths, share: Fraction) -> Float:
    """Return any float that is off ``term`` by no more than a ``share`` of it."""
    found = z3.FreshReal("float")
    size = z3.If(term >= 0, term, -term)
    paths.given += [found - term <= real(share) * size, term - found <= real(share) * size]
    return Float(found, paths)
