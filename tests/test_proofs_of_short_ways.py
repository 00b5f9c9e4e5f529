"""Proofs for all inputs, by z3, of the two short ways to a clean verdict: floats that are certain, compiled shapes."""

from __future__ import annotations

from fractions import Fraction
from math import inf, prod
from typing import TYPE_CHECKING, Any, Self

import pytest

from rescuecalc.core.orders.model import certainty
from rescuecalc.core.quantities import traced
from tests.bench_check import HEADINGS, rows
from tests.support import invoke

z3 = pytest.importorskip("z3", reason="z3-solver is not installed")

from tests.proofs.symbolic import (  # noqa: E402  # after the skip
    Float,
    Followed,
    Paths,
    Symbol,
    prove,
    prove_all,
    real,
    rounded,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from rescuecalc.core.quantities.guard import Guard
    from tests.proofs.symbolic import Way

pytestmark = pytest.mark.proof


def of(*names: str) -> Any:
    """Return symbols of z3, one for each name."""
    return z3.Reals(" ".join(names))


# --- what floats call certain -------------------------------------------------------------------------------

OFF = Fraction(1, 10**12)
"""By what share a float may be off when it comes to a comparison: some four thousand operations."""


def float_run(work: Callable[..., Any], terms: list[Any], *assumed: Any) -> list[Way[Any]]:
    """Return every way of ``work`` on floats that are off what they stand for, and off more by each operation."""
    paths = Paths(tuple(assumed))
    return paths.ways(lambda: work(*(rounded(term, paths, OFF) for term in terms)))


def test_ranges_that_floats_call_certain_meet_or_do_not() -> None:
    low, high, other_low, other_high = terms = of("low", "high", "other_low", "other_high")
    assumed = (low > 0, high >= low, other_low > 0, other_high >= other_low)
    truly = z3.And(low <= other_high, other_low <= high)

    def meet(*ends: Float) -> bool | None:
        return certainty._meet(ends[:2], ends[2:])  # type: ignore[arg-type]  # noqa: SLF001

    found = {}
    for way in float_run(meet, terms, *assumed):
        assert way.raised is None, way.raised
        found[way.result] = True
        if way.result is not None:
            prove(truly if way.result else z3.Not(truly), way.given)
    assert found.keys() == {True, False, None}


def test_what_floats_call_certainly_at_most_or_near_is() -> None:
    value, other, most = terms = of("value", "other", "most")
    positive = (value > 0, other > 0, most > 0)
    for way in float_run(lambda one, two, _: certainty._at_most(one, two), terms, *positive):  # noqa: SLF001
        if way.result is not None:
            prove((value <= other) == way.result, way.given)
    for way in float_run(certainty.certainly_near, terms, *positive):
        if way.result:
            prove(z3.And(value - other <= most, other - value <= most), way.given)


def test_what_floats_call_a_little_deviation_is() -> None:
    value, low, high = terms = of("value", "low", "high")
    share, apart = 0.05, 1.02

    class Said:
        span = None

    def work(number: Any, *ends: Any) -> Any:
        said: Any = Said()
        said.value = number
        code.Fraction = type(number)  # of any other type no float decides
        return certainty.certainly_deviates_little(said, ends, apart, share)

    code: Any = certainty
    before, code.as_float = code.as_float, lambda number: number
    try:
        ways = float_run(work, terms, value > 0, low > 0, high >= low)
    finally:
        code.as_float, code.Fraction = before, Fraction
    assert {bool(way.result) for way in ways} == {True, False}
    for way in ways:
        assert way.raised is None, way.raised
        if way.result:
            near = [z3.And(value - right <= real(Fraction("0.05")) * right,
                           right - value <= real(Fraction("0.05")) * right) for right in (low, high)]  # fmt: skip
            prove(z3.And(high <= low * real(Fraction("1.02")), *near), way.given)


def test_a_product_of_which_floats_are_certain_is_so_by_exact_numbers() -> None:
    """One equation, its three numbers each with a low and a high end: as `certain` asks it, and as it is."""
    names = of("target_low", "target_high", "one_low", "one_high", "other_low", "other_high")
    pairs = (names[:2], names[2:4], names[4:])
    assumed = [claim for low, high in pairs for claim in (low > 0, high >= low)]

    def work(*ends: Any) -> Any:
        product = (ends[2] * ends[4], ends[3] * ends[5])
        return certainty._meet((ends[0], ends[1]), product)  # noqa: SLF001

    truly = z3.And(names[0] <= names[3] * names[5], names[2] * names[4] <= names[1])
    for way in float_run(work, list(names), *assumed):
        assert way.raised is None, way.raised
        if way.result is not None:
            prove(truly if way.result else z3.Not(truly), way.given)


def test_infinity_is_no_symbol() -> None:
    """An end that is not there is infinite in floats, and no number of z3: the functions are asked without one."""
    assert certainty._meet((1.0, inf), (2.0, 3.0)) is True  # noqa: SLF001


def test_without_its_margin_nothing_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certainty, "_LESS", 1.0)
    with pytest.raises(AssertionError, match="not proved"):
        test_ranges_that_floats_call_certain_meet_or_do_not()


# --- compiled shapes ----------------------------------------------------------------------------------------


def asked_of(monkeypatch: pytest.MonkeyPatch, text: str) -> list[tuple[Guard, dict[Any, bool], Any]]:
    """Return the guard of each shape that a file's rows were compiled to, and every question that the rules asked."""
    found: list[tuple[Guard, dict[Any, bool], Any]] = []
    ask, guard, begin = traced.Trace.is_not_negative, traced.Trace.guard, traced.Trace.__init__
    ask_both = traced.Trace.are_not_negative
    asked: dict[int, dict[Any, bool]] = {}

    def began(trace: traced.Trace, numbers: Any) -> None:
        asked[id(trace)] = {}
        begin(trace, numbers)

    def answered(trace: traced.Trace, terms: traced.Terms) -> bool:
        answer = ask(trace, terms)
        asked[id(trace)][(tuple(sorted(terms.items())),)] = answer
        return answer

    def answered_both(trace: traced.Trace, *both: traced.Terms) -> bool:
        answer = ask_both(trace, *both)
        asked[id(trace)][tuple(tuple(sorted(terms.items())) for terms in both)] = answer
        return answer

    def made_guard(trace: traced.Trace) -> Guard:
        made = guard(trace)
        found.append((made, asked[id(trace)], trace.numbers))
        return made

    monkeypatch.setattr(traced.Trace, "__init__", began)
    monkeypatch.setattr(traced.Trace, "is_not_negative", answered)
    monkeypatch.setattr(traced.Trace, "are_not_negative", answered_both)
    monkeypatch.setattr(traced.Trace, "guard", made_guard)
    invoke("check", "-", "--isolated", "--stdin-filename", "a.csv", stdin=text)
    return found


def sum_of(terms: Any, constant: int = 0) -> Any:
    """Return a polynomial of pairs of a product and how many times as one number of z3."""
    return z3.Sum([z3.RealVal(constant), *(times * term_of(places) for places, times in terms)])


def term_of(places: tuple[int, ...]) -> Any:
    """Return a product of numbers of a row as one number of z3, of which nothing else is known; 1 of none."""
    return z3.Real("n" + ".".join(map(str, sorted(places)))) if places else z3.RealVal(1)


class Whole(Symbol):
    """A number of a row, or a product of some."""

    __slots__ = ("places",)
    places: tuple[int, ...]

    def __new__(cls, places: tuple[int, ...], paths: Paths) -> Self:
        made = super().__new__(cls, term_of(places), paths)
        made.places = places
        return made

    def _made(self, term: Any, _: Any = None) -> Symbol:
        return Symbol(term, self.paths)

    def __mul__(self, other: Any) -> Symbol:  # type: ignore[override]
        if isinstance(other, Whole):
            return Whole((*self.places, *other.places), self.paths)
        return self if other == 1 else Symbol(self.term * real(other), self.paths)

    __rmul__ = __mul__


def test_a_row_that_fits_a_compiled_shape_gets_the_rules_own_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """For all numbers: whatever meets the conditions of a shape is answered as the rules answered when it was made."""
    shapes = asked_of(monkeypatch, HEADINGS + "".join(rows(120, distinct=True)))
    assert len(shapes) >= 6
    questions = eithers = 0
    for guard, asked, row in shapes:
        products = {places for question in asked for terms in question for places, _ in terms if places} | {
            (place,) for place in range(len(row))
        }
        known = [(term_of(places), prod(row[place] for place in places)) for places in products]
        kept = Followed(known)
        # Of two conditions of which one has to be met nothing says which: both are given together, below.
        alone = guard._replace(eithers=())
        assert alone.holds([Whole((place,), kept) for place in range(len(row))])  # type: ignore[misc]
        assert guard.holds(row)
        eithers += len(guard.eithers)
        kept.given += [
            z3.Or(*(sum_of(((places, times) for times, places in terms), constant) >= 0 for constant, terms in pair))
            for pair in guard.eithers
        ]
        # A number is a multiple of one of its last digit, and all are 1 or more.
        kept.given += [term >= 1 for term, _ in known]
        kept.given += [term_of((place,)) >= term_of((place + 1,)) for place in range(0, len(row) - 1, 2)]
        answers = [z3.And(*(sum_of(terms) >= 0 for terms in question)) for question in asked]
        questions += len(answers)
        same = [each == answer for each, answer in zip(answers, asked.values(), strict=True)]
        prove_all(same, kept.given)
    assert questions > 500
    assert eithers > 0
