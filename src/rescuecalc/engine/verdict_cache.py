"""What was found of one order set, kept for those that are like it: equal ones, and of one shape with other numbers."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.quantities.decimal_text import people_number
from rescuecalc.core.quantities.traced import BEGINS, ENDS, Untraceable
from rescuecalc.readers.document_reading import same_names
from rescuecalc.rules.facts.set_name import name_to_rules
from rescuecalc.rules.judging.written_judge import OF_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.core.orders.order import OrderSet
    from rescuecalc.core.orders.traced_order import Taken
    from rescuecalc.core.orders.traced_text import Rest
    from rescuecalc.core.quantities.guard import Guard, ToldNumber
    from rescuecalc.readers.document_reading import Reading, Shape
    from rescuecalc.rules.facts.judged_state import OrderState

NAME: Final = "⟦{}⟧"
"""What stands for an order's id while order sets that are alike are judged once."""

_EQUAL: Final = 4_000
"""Order sets of one file whose findings are kept for equal ones that follow."""

_FEW: Final = 32
"""Order sets of a file that are judged before their shapes are looked at: in a small file none would come again."""

_SHAPES: Final = 4_000
"""Shapes of one file that are known at a time."""

_WAYS: Final = 12
"""Ways through the rules that are kept of one shape, and how often one is looked for."""

_FAILED: Final = 3
"""Ways with a finding of one rule that were looked for in vain, when none with it was found."""

_FIRST: Final = 50
"""Ways that are looked for before any has spared a judgement; later only as many more as have."""


class Judgement(NamedTuple):
    """What is found of an order set, how far each of its orders could be judged, and what of the patient is missing.

    Of ``told`` and ``numbers`` come the numbers that stand in findings as so many marks: `in_words` says them.
    """

    findings: tuple[Finding, ...]
    states: tuple[OrderState, ...]
    not_given: tuple[str, ...]
    told: tuple[ToldNumber, ...] = ()
    numbers: tuple[int, ...] = ()

    def in_words(self, finding: Finding) -> Finding:
        """Return a finding with its numbers in the place of their marks."""
        if not self.told or not _is_marked(finding):
            return finding
        found = finding.found and _MARK.sub(self._said, finding.found)
        return finding._replace(message=_MARK.sub(self._said, finding.message), found=found)

    def _said(self, match: re.Match[str]) -> str:
        told = self.told[int(match[1])]
        return people_number(told.value(self.numbers), rounded=told.rounded)


_MARK: Final = re.compile(f"{BEGINS}([0-9]+){ENDS}")

_TELLING: Final = frozenset({"RC601", "RC708"})
"""Rules whose findings tell numbers and do nothing else with them: what is told of a shape is told in other numbers."""


class _Way(NamedTuple):
    """One way through the rules: for which numbers it is taken, and what is found on it."""

    guard: Guard
    judgement: Judgement


class _Known:
    """What is known of one shape: it is traced when it comes again, and given up where that fails too often."""

    __slots__ = ("tries", "ways")

    def __init__(self) -> None:
        self.ways: list[_Way] = []
        self.tries = 0


class Verdicts:
    """The findings of the order sets of one file, each judged by ``judge`` or like one that was."""

    def __init__(self, judge: Callable[[OrderSet], Judgement]) -> None:
        self._judge = judge
        self._equal: dict[Any, Judgement] = {}
        self._shapes: dict[Any, _Known] = {}
        self._first: list[Reading] = []
        self._judged = self._traced = self._spared = 0
        self._traceable: set[str] = set()
        self._failed: Counter[str] = Counter()

    def of(self, reading: Reading) -> Judgement:
        """Return what the judge finds of a reading, with a sign for each id where it may stand for others."""
        key = reading.key
        if key is None:
            return self._judge(reading.order_set())
        said = name_to_rules(reading.title)
        key = (said, key)
        found = self._equal.get(key)
        if found is not None:
            return found
        shape = self._shape_of(reading, said) if self._judged >= _FEW else None
        known = self._shapes.get(shape.key) if shape is not None else None
        if shape is not None and known is not None:
            for way in known.ways:
                if way.guard.holds(shape.numbers):
                    self._spared += 1
                    found = way.judgement
                    return found._replace(numbers=shape.numbers) if found.told else found
        made = _unnamed(reading.order_set())
        found = self._judge(made)
        self._judged += 1
        if self._judged <= _FEW:
            self._first.append(reading)
        if len(self._equal) < _EQUAL:
            self._equal[key] = found
        if shape is not None:
            self._learn(shape, known, made, reading, found)
        return found

    def _shape_of(self, reading: Reading, said: str) -> Shape | None:
        """Return the shape of a reading, with what its title says to rules; those of the first ones come before it."""
        while self._first:
            first = self._first.pop()
            shape = _named(first.shape, name_to_rules(first.title))
            if shape is not None:
                self._shapes.setdefault(shape.key, _Known())
        return _named(reading.shape, said)

    def _learn(self, shape: Shape, known: _Known | None, made: OrderSet, reading: Reading, found: Judgement) -> None:
        """Look for the other numbers of which the same is found, from the second time on that a shape comes."""
        if known is None:
            if len(self._shapes) >= _SHAPES:
                self._forget()
            self._shapes[shape.key] = _Known()
        elif known.tries < _WAYS and self._traced < _FIRST + self._spared and not self._is_hopeless(found):
            known.tries += 1
            self._traced += 1
            way = _way(made, reading.taken(), shape.numbers, found, self._judge)
            codes = {each.code for each in found.findings}
            if way is not None:
                known.ways.append(way)
                self._traceable |= codes
            else:
                self._failed.update(codes - self._traceable)

    def _is_hopeless(self, found: Judgement) -> bool:
        """Whether something is found whose rule does more with numbers than to compare them, as was seen some times."""
        return any(self._failed[each.code] >= _FAILED for each in found.findings if each.code not in self._traceable)

    def _forget(self) -> None:
        """Make room: what came once goes, and everything where that is not enough."""
        kept = {key: known for key, known in self._shapes.items() if known.ways}
        self._shapes = kept if len(kept) <= _SHAPES // 2 else {}


def _way(
    made: OrderSet,
    gone: tuple[tuple[Taken, ...], tuple[Rest, ...]],
    numbers: Sequence[int],
    found: Judgement,
    judge: Callable[[OrderSet], Judgement],
) -> _Way | None:
    """Return the way that was taken to ``found``, None where what is found depends on more than comparisons.

    A text that quotes a number differs between the two judgements, since none is left as it was written.
    """
    from rescuecalc.core.orders.traced_order import traced  # noqa: PLC0415
    from rescuecalc.core.orders.traced_text import with_rests  # noqa: PLC0415
    from rescuecalc.core.quantities.traced import Trace  # noqa: PLC0415  # only of a file with many orders

    taken, rests = gone
    if not _are_of(taken, numbers):
        return None
    if made.defects or any(order.spans or order.titration is not None for order in made.orders):
        return None  # the numbers of the other end, or what quotes them, would stay as they are
    trace = Trace(numbers)
    # Whatever a rule does with a traced number but compare it fails; how is of no concern: the order set was judged.
    with suppress(Exception):
        like = judge(with_rests(traced(made, taken, trace), rests))
        # Where a finding holds a factor that is traced, this comparison is a condition too.
        like = like._replace(told=tuple(trace.told), numbers=tuple(numbers))
        if _in_words(like) == found:
            return _Way(_of_single_digits(trace.guard(), taken), like if _is_told(like) else found)
    return None


def _of_single_digits(guard: Guard, taken: Sequence[Taken]) -> Guard:
    """Return a guard that holds for single digits alone where these were taken out of a text.

    One digit stands in a text for each number. A pattern may tell two digits from one: of numbers with more digits it
    is seen where one of them is judged as it stands, of those with one it is not.
    """
    from rescuecalc.core.orders.traced_order import SCALE  # noqa: PLC0415

    single = (2 * place for place, each in enumerate(taken) if each.at is not None and len(each.number) == 1)
    ranges = (each for place in single for each in ((place, SCALE, 9 * SCALE), (place + 1, SCALE, SCALE)))
    return guard._replace(ranges=(*guard.ranges, *ranges))


def _are_of(taken: Sequence[Taken], numbers: Sequence[int]) -> bool:
    """Whether what was taken out are the numbers of a shape: of a text less may be, since patterns were asked since."""
    from rescuecalc.core.orders.traced_order import SCALE  # noqa: PLC0415

    return bool(taken) and [int(Fraction(each.number) * SCALE) for each in taken] == list(numbers[::2])


def _in_words(like: Judgement) -> Judgement:
    return like._replace(findings=tuple(map(like.in_words, like.findings)), told=(), numbers=())


def _named(shape: Shape | None, said: str) -> Shape | None:
    return shape._replace(key=(said, shape.key)) if shape is not None else None


def _is_marked(finding: Finding) -> bool:
    return BEGINS in finding.message or BEGINS in (finding.found or "")


def _is_told(like: Judgement) -> bool:
    """Whether findings have marks in place of numbers; Untraceable where a rule may do more than tell them."""
    marked = [each for each in like.findings if _is_marked(each)]
    of_file = any(each.pointer in OF_FILE or each.code not in _TELLING for each in marked)
    if of_file or len({(each.code, each.pointer) for each in marked}) < len(marked):
        raise Untraceable
    return bool(marked)


def _unnamed(made: OrderSet) -> OrderSet:
    """Return the order set with a sign for each id, so that what is kept quotes none."""
    numbered = zip(made.orders, same_names([order.id for order in made.orders]), strict=True)
    orders = (order._replace(id=NAME.format(number)) if order.id else order for order, number in numbered)
    return made._replace(orders=tuple(orders))
