"""The shape of rows: all that is written in them but the numbers that differ from patient to patient.

The weight, and what follows from it (dose, dose rate, volume, pump rate, VTBI), are taken out of their cells, and
numbers that stand alone out of the text for people. The reader itself looks at no number that is taken out; what it
would not read as a number stays where it is, and is part of the shape.
"""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.orders.plain_numbers import plain_text
from rescuecalc.core.orders.text.free_text import elsewhere, said
from rescuecalc.core.orders.text.text_words import WEIGHED
from rescuecalc.core.orders.traced_order import DECIMALS, Taken
from rescuecalc.core.orders.traced_text import HEARING, STOP, Rest, is_plain, sentences, state_behind
from rescuecalc.core.quantities.digit_patterns import DigitReaders
from rescuecalc.readers.document_reading import Shape
from rescuecalc.rules.facts.text.patient_in_text import says_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

OF_PATIENT: Final = ("weight", "creatinine_clearance")
TIMES: Final = ("start", "stop")
OF_ORDER: Final = ("dose", "dose_rate", "volume", "pump_rate", "vtbi", "give_over", "run_time", *TIMES)
"""The fields whose numbers are taken out; a dose per kg and a concentration are few in a file, and stay."""

# A zero at the end is a finding of its own (RC212), and stays; so does a range (`5 to 10 mg`).
_NUMBER: Final = r"([0-9]{1,9})(?:\.([0-9]{0,8}[1-9]))?( *[A-Za-z][^0-9]*)"
_QUANTITY: Final = re.compile(_NUMBER).fullmatch
_SIGNED: Final = re.compile(rf"([+-]){_NUMBER}").fullmatch
# A single digit stays where no amount or volume is behind it: it may be a word (2 bags), and there are but ten. So do
# five before a unit, which want a comma (RC216), and what stands in a range, a share, a date, a name.
_IN_TEXT: Final = re.compile(
    r"(?<![\w.,/^-])(?:([0-9]{1,4})\.([0-9]{0,8}[1-9])|([1-9](?= m(?:L|c?g)\b)|[0-9]{2,4}|[0-9]{5,9}(?! ?[A-Za-z])))"
    "(?![\\w/^%\u00b0-]|[.,][0-9]| [/%\u00b0\u00b5\u03bc])"
)
_STEPS: Final = tuple(10 ** (DECIMALS - decimals) for decimals in range(DECIMALS + 1))
_GAP: Final = "\0"
_ANY: Final = "7"
"""A number for all: whichever it is, it is read alike."""
_MARKS: Final = "987653"
"""Digits that stand for a number; no rule makes a difference between them."""
_READERS: Final = DigitReaders(_MARKS)


_CAME: Final[set[str]] = set()
"""The texts that came, without their numbers."""
_MOST_CAME: Final = 4_000


class Found(NamedTuple):
    """A number that can be taken out, and the text in which it stands."""

    order: int | None
    field: str
    at: int | None
    written: str
    number: str


class Form:
    """Which columns of a file hold what is taken out; ``told`` are those that are not names."""

    def __init__(
        self, patient: Mapping[str, int], measured: Mapping[str, int], text: int | None, told: list[int]
    ) -> None:
        times = {name: place for name, place in measured.items() if name in TIMES}
        self._patient, self._text, self._times = patient, text, times
        self._measured = {name: place for name, place in measured.items() if name not in TIMES}
        gone = {text, *patient.values(), *measured.values()}
        rest = [place for place in told if place not in gone]
        self._rest: Callable[[Sequence[str]], Any] = itemgetter(*rest) if rest else lambda _: ()
        self._others = tuple(self._measured.values())
        self._signed = tuple(times.values())
        self._first = (*patient.values(), *self._others)

    def shape(self, rows: list[list[str]]) -> Shape | None:
        """Return the shape of neighbouring rows of one patient, None where there is none to be had."""
        key: list[Any] = []
        numbers: list[int] = []
        for order, cells in enumerate(rows):
            self.take(order, cells, key, numbers)
        return Shape(tuple(key), tuple(numbers)) if all(numbers) else None

    def take(self, order: int, cells: Sequence[str], key: list[Any], numbers: list[int]) -> None:
        """Add what is left of a row to the key of a shape, and its numbers to the others."""
        key.append(self._rest(cells))
        # The patient is one, and the weight of all rows the same.
        for place in self._others if order else self._first:
            key += taken_from_quantity(cells[place], numbers)
        for place in self._signed:
            key += taken_from_time(cells[place], numbers)
        if self._text is not None:
            key += taken_from_text(cells[self._text], numbers)

    def taken(self, rows: list[list[str]]) -> tuple[Taken, ...]:
        """Return what was taken out of the rows of a shape, in the order of its numbers; nothing where it would show.

        What stands in place of a number begins with another digit, so that it shows wherever a text is repeated, even
        if only up to its first digit.
        """
        return marked(each for order, cells in enumerate(rows) for each in self.found(order, cells))

    def rests(self, rows: list[list[str]]) -> tuple[Rest, ...]:
        """Return the texts of which the shape holds the beginning alone."""
        return rests_of(map(self.text_of, rows))

    def text_of(self, cells: Sequence[str]) -> str:
        """Return the text for people of a row, empty where it has none."""
        return cells[self._text] if self._text is not None else ""

    def found(self, order: int, cells: Sequence[str]) -> Iterator[Found]:
        """Yield the numbers of a row that are taken out, in the order in which `take` adds them."""
        for name, place in self._patient.items() if order == 0 else ():
            yield from found_in_quantity(None, name, cells[place])
        for name, place in self._measured.items():
            yield from found_in_quantity(order, name, cells[place])
        for name, place in self._times.items():
            yield from found_in_time(order, name, cells[place])
        if self._text is not None:
            yield from found_in_text(order, cells[self._text])


def form_of(headings: Sequence[str], told: list[int]) -> Form:
    """Return the form of columns of these names, which differ; those of the patient begin with `patient_`."""
    places = {name: place for place, name in enumerate(headings)}
    measured: dict[str, int] = {name: places[name] for name in OF_ORDER if name in places}
    patient = {name: places[f"patient_{name}"] for name in OF_PATIENT if f"patient_{name}" in places}
    return Form(patient, measured, places.get("text"), told)


def marked(numbers: Iterable[Found]) -> tuple[Taken, ...]:
    """Return numbers that were found as taken out, nothing where no digit is left to stand for them."""
    found = tuple(numbers)
    used = {each.number[0] for each in found}
    mark = next((digit for digit in _MARKS if digit not in used), None)
    if mark is None:
        return ()
    return tuple(Taken(*each, _left(each, mark), mark) for each in found)


def taken_from_quantity(text: str, numbers: list[int]) -> tuple[str | None, ...]:
    """Return what is left of a quantity, and add its number and one of its last digit."""
    match = _QUANTITY(text)
    if match is None:
        return (text,)
    whole, decimals, unit = match.groups("")
    step = _STEPS[len(decimals)]
    numbers += (int(whole + decimals) * step, step)
    return None, unit


def taken_from_time(text: str, numbers: list[int]) -> tuple[str | None, ...]:
    """Return what is left of a time with its sign, and add its number; a start is no place in the shape for a zero."""
    match = _SIGNED(text)
    if match is None or not match[2].strip("0"):
        return (text,)
    sign, whole, decimals, unit = match.groups("")
    step = _STEPS[len(decimals)]
    numbers += (int(whole + decimals) * step, step)
    return None, sign, unit


def taken_from_text(text: str, numbers: list[int]) -> tuple[str | None, ...]:
    """Return what is left of a text for people, and add its numbers: its beginning, where the rest says nothing."""
    cut = _cut(text)
    if cut is not None:
        key: tuple[Any, ...] = (None, cut.left, sentences(cut.rest))
        found = cut.numbers
    else:
        left, found = _apart(text)
        if not found or not _is_skeleton(text, left, found):
            return (text,)
        key = (None, left)
    for each in found:
        whole, _, decimals = each.partition(".")
        step = _STEPS[len(decimals)]
        numbers += (int(whole + decimals) * step, step)
    return key


class _Cut(NamedTuple):
    """A text in two: the beginning, the rest behind the first stop, and the beginning without its numbers."""

    head: str
    rest: str
    left: str
    numbers: list[str]


def _apart(text: str) -> tuple[str, list[str]]:
    """Return a text without the numbers that can be taken out, and those."""
    parts = _IN_TEXT.split(text)
    groups = zip(parts[1::4], parts[2::4], parts[3::4], strict=True)
    return _GAP.join(parts[::4]), [alone or f"{whole}.{decimals}" for whole, decimals, alone in groups]


def rests_of(texts: Iterable[str]) -> tuple[Rest, ...]:
    """Return the texts, of one order each, of which a shape holds the beginning alone."""
    found = ((order, _cut(text)) for order, text in enumerate(texts))
    return tuple(Rest(order, cut.head, cut.rest, cut.left) for order, cut in found if cut is not None)


def _cut(text: str) -> _Cut | None:
    """Return a text in two, None where there is no rest, or any pattern may find something in it."""
    head, stop, rest = text.partition(STOP)
    if not stop or _GAP in text:
        return None
    left, numbers = _apart(head)
    state = state_behind(left)
    if state < 0 or not HEARING.is_silent(state, rest):
        return None
    may_go = _stands_alone(left) and is_plain(head, left) and _READERS.find_alike(f"{left}{STOP}", numbers)
    return _Cut(head, rest, left, numbers) if may_go else None


def _is_skeleton(text: str, left: str, numbers: list[str]) -> bool:
    """Whether a text for people may be taken without its numbers."""
    if _GAP in text or plain_text(text) != text:
        return False
    # A text with words of its own does not come again, and is not worth what it takes to ask of its digits.
    return _stands_alone(left) and _came_before(left) and _READERS.find_alike(left, numbers)


def _came_before(left: str) -> bool:
    """Whether a text without its numbers came before; from now on it did."""
    if left in _CAME:
        return True
    if len(_CAME) >= _MOST_CAME:
        _CAME.clear()
    _CAME.add(left)
    return False


@lru_cache(maxsize=4096)
def _stands_alone(left: str) -> bool:
    """Whether numbers may be taken out, told by what is left: whatever number stands there, the words decide.

    Each of them is one that `said` reads, and none stands where rules read numbers of the text by themselves.
    """
    text = left.replace(_GAP, _ANY)
    places = {each.at for each in said(text)}
    are_said = all(place in places for place, each in enumerate(left) if each == _GAP)
    return are_said and WEIGHED.search(text) is None and not elsewhere(text) and not says_value(text)


def found_in_text(order: int, text: str) -> Iterator[Found]:
    """Yield the numbers of a text for people that can be taken out."""
    cut = _cut(text)
    text = cut.head if cut is not None else text
    if cut is not None or _is_skeleton(text, *_apart(text)):
        yield from (Found(order, "text", match.start(), text, match[0]) for match in _IN_TEXT.finditer(text))


def found_in_quantity(order: int | None, name: str, text: str) -> Iterator[Found]:
    """Yield the number of a quantity where it can be taken out; ``order`` is None for the patient's."""
    match = _QUANTITY(text)
    if match is not None:
        yield Found(order, name, None, text, text[: match.start(3)])


def found_in_time(order: int, name: str, text: str) -> Iterator[Found]:
    """Yield the number of a time with its sign where it can be taken out."""
    match = _SIGNED(text)
    if match is not None and match[2].strip("0"):
        yield Found(order, name, None, text, text[1 : match.start(4)])


def _left(found: Found, mark: str) -> str:
    if found.written[:1] in {"+", "-"} and found.at is None:
        return found.written[0] + mark + found.written[1 + len(found.number) :]
    return _IN_TEXT.sub(mark, found.written) if found.at is not None else mark + found.written[len(found.number) :]
