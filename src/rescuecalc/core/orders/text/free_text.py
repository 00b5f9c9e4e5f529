"""What a text for people says in quantities: `0.15 mcg/kg/min`, `50 micrograms per hour`, `over 5 min`."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.text import text_words as words
from rescuecalc.core.orders.text.before_cap import before_caps
from rescuecalc.core.orders.text.clauses import stops
from rescuecalc.core.orders.text.differences import is_difference, left_over
from rescuecalc.core.orders.text.dose_words import (
    COMPARED,
    COMPARED_BEHIND,
    FILTERED,
    IN_BLOOD_BEFORE,
    IN_BLOOD_BEHIND,
)
from rescuecalc.core.orders.text.earlier import is_earlier
from rescuecalc.core.orders.text.lengths import LENGTHS, length_field
from rescuecalc.core.orders.text.repeats import repeats
from rescuecalc.core.orders.text.text_quantity import Said
from rescuecalc.core.orders.text.vocabulary import BY_WHOM, TABLETS, one_of
from rescuecalc.core.orders.text.weight_table import is_bare_row, weights_named
from rescuecalc.core.orders.text.written_unit import plain_number, written_unit
from rescuecalc.core.quantities.label_strength import strength_at
from rescuecalc.core.quantities.lazy_pattern import kept_of_beginning, lazy_pattern
from rescuecalc.core.quantities.quantity import (
    Concentration,
    Dose,
    DosePerKg,
    DoseRate,
    DoseRatePerKg,
    DosingWeight,
    Duration,
    PumpRate,
    PumpRatePerKg,
    Quantity,
    Volume,
    VolumePerKg,
    parsed,
)
from rescuecalc.core.quantities.units import usual_unit
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD: Final = r"[A-Za-z\u00b5\u03bc]+"
# A comma before one or two digits is a decimal point: that it is written so is RC227's matter.
_NUMBER: Final = r"(?:[0-9]+(?:,[0-9]{1,2}(?![0-9,])|(?:,[0-9]{3})*(?:\.[0-9]+)?)|\.[0-9]+)"
# `mL per hour`, `mL an hour`, `mcg kg-1 min-1`.
_PER: Final = (
    rf"(?:/(?! ?{one_of(TABLETS)}\b)|\bper\b(?! {BY_WHOM})|"
    r"\ban?\b(?= (?:hour|hr|minute|min)\b)|(?<=mL )(?:every|each)\b(?= (?:hour|hr)\b))"
)
_UNIT: Final = rf"{_WORD}(?: PE\b)?(?: ?{_PER} ?{_WORD})*(?: {_WORD}-1\b)*"
# A number and its unit, as `0.15 mcg/kg/min` or `50 micrograms per hour`, or a range of two numbers; `x24h` is a time.
_SAID: Final = re.compile(
    rf"(?:(?<![\w.,/-])|(?<=[ ,(][x\u00d7])(?=[0-9.]{{1,6}}(?: ?(?:-|to) ?[0-9.]{{1,6}})? ?(?:h(?:ou)?rs?|h|min)\b))"
    rf"(?:(?P<low>{_NUMBER})(?: ?(?P<low_unit>{_UNIT}))? ?(?:-|\u2013|\bto\b) ?)?"
    rf"(?P<number>{_NUMBER}) ?(?P<unit>{_UNIT})",
    re.IGNORECASE,
)
# A unit before its number: bounded, since a text may begin one at each of its words.
_SHORT_WORD: Final = r"[A-Za-z\u00b5\u03bc]{1,20}+"
_SHORT_UNIT: Final = rf"{_SHORT_WORD}(?: ?(?:/|\bper\b) ?{_SHORT_WORD}){{0,3}}"
# A number to multiply the weight by, and the unit of what comes out, which stands before it or behind it.
_PER_WEIGHT: Final = re.compile(
    rf"(?:(?<![A-Za-z\u00b5\u03bc])(?P<before>{_SHORT_UNIT})\)? ?[=:] ?)?"
    rf"(?<![\w.,/-])(?P<number>{_NUMBER}) ?[x\u00d7*] ?"
    r"(?:(?:the|body|patient(?:'s)?|actual|dosing) ?){0,2}(?:weight|wt|kg)\b(?: ?\(?(?:in )?kg\)?)?"
    rf"(?: ?=? ?(?:in )?(?P<behind>{_UNIT}))?",
    re.IGNORECASE,
)
_ROLES: Final[tuple[tuple[str, type[Quantity]], ...]] = (
    ("dose_per_kg", DosePerKg),
    ("dose", Dose),
    ("dose_rate_per_kg", DoseRatePerKg),
    ("dose_rate", DoseRate),
    ("pump_rate", PumpRate),
    ("volume_per_kg", VolumePerKg),
    ("pump_rate_per_kg", PumpRatePerKg),
    ("concentration", Concentration),
    ("volume", Volume),
    ("weight", DosingWeight),
)
_CAPS: Final = {"dose": "max_dose", "dose_rate": "max_dose_rate"}
_ROLE_OF: Final[dict[str, type[Quantity]]] = {**dict(_ROLES), "run_time": Duration}
SAYING: Final = tuple((each.pattern, each.flags) for each in (_SAID, _PER_WEIGHT, words.CAPPED))
"""Patterns by which a text says anything: where none finds something, nothing is said."""
_MOST: Final = 100
"""Numbers of a text that are read."""

_NEAR: Final = 40
"""Characters before a number in which it is said what the number is of."""

_NAME: Final = re.compile(r"[A-Za-z]+")
_SINCE: Final = re.compile(r"[0-9,]")


@lru_cache(maxsize=4096)
def said(text: str) -> tuple[Said, ...]:
    """Return the quantities in a text for people whose field its unit, or the word before it, leaves no doubt of.

    >>> [(each.field, str(each.quantity)) for each in said("infuse 50 micrograms per hour for 24 h")]
    [('dose_rate', '50 mcg/h'), ('run_time', '24 h')]
    """
    held = {id(result) for _, result in uncapped(text)}
    return tuple(each for each in _said(text) if id(each) not in held)


@kept_of_beginning(4096)
def uncapped(text: str) -> tuple[tuple[Said, Said], ...]:
    """Return what a dose per kg of a text would come to and is not given, since a cap is less; each with that dose.

    >>> [str(each.quantity) for _, each in uncapped("60 units/kg = 6600 units, capped at 4000 units")]
    ['6,600 units']
    """
    return before_caps(text, _said(text)) if words.CAPPED.search(text) is not None else ()


@lru_cache(maxsize=4096)
def _said(text: str) -> tuple[Said, ...]:
    found = (
        each._replace(of=_of(text, each.at), doubtful=conditional or _is_doubtful(clause, each, begin))
        for begin, clause, conditional in _clauses(text)
        for each in _in_clause(clause, begin)
    )
    return tuple(islice(found, _MOST))


@kept_of_beginning(4096)
def elsewhere(text: str) -> tuple[Said, ...]:
    """Return the quantities of the parts of a text that `said` leaves out: they are for some patients, or some case.

    >>> [str(each.quantity) for each in elsewhere("0.15 mcg/kg/min, if it closes 1.5 mcg/kg/min")]
    ['1.5 mcg/kg/min']
    """
    read = {begin for begin, _, _ in _clauses(text)}
    parts = ((begin, clause) for begin, clause, _ in _parts(text) if begin not in read)
    found = (
        each._replace(of=_of(text, each.at), doubtful=True) for begin, part in parts for each in _in_clause(part, begin)
    )
    return tuple(islice(found, _MOST))


_TIME: Final = lazy_pattern(
    r"(?:[0-9]{1,4}(?:\.[0-9]{1,2})? ?(?:to|-|\u2013) ?)?(?P<number>[0-9]{1,4}(?:\.[0-9]{1,2})?) ?"
    r"(?P<unit>s|secs?|seconds?|min|mins|minutes?|h|hrs?|hours?|d|days?)\b",
    re.IGNORECASE,
)


def time_at(text: str, at: int = 0) -> Duration | None:
    """Return the time that stands at a place of a text, of a range its upper end; None where none does.

    >>> str(time_at("over 3 to 5 min", 5)), time_at("over 50 mL", 5)
    ('5 min', None)
    """
    match = _TIME.match(text, at)
    read = _quantity(match["number"], match["unit"].lower(), "run_time") if match is not None else None
    return read if isinstance(read, Duration) else None


def is_clearance(unit: str, clause: str, at: int, text: str) -> bool:
    """Whether a flow per minute is what the kidneys filter: it is compared with, and no pump is set so."""
    if not unit.lower().startswith("ml") or "/min" not in unit:
        return False
    before = (FILTERED.search(clause, 0, at), COMPARED.search(clause[:at]))
    return COMPARED_BEHIND.match(clause, at + len(text)) is not None or any(found is not None for found in before)


def _of(text: str, at: int) -> tuple[str, ...]:
    """Return the words before a number that may say what it is of: the nearest, and the first since a number."""
    sentence = words.OF_FLUIDS.sub(" ", words.SENTENCE.split(text[:at])[-1])  # what it is mixed with says nothing of it
    names = [each.lower() for each in _NAME.findall(sentence)]
    nearest = next((each for each in reversed(names) if each not in words.BESIDE and each not in words.OF_BOUNDS), None)
    since = (each.lower() for each in _NAME.findall(_SINCE.split(sentence)[-1]))
    first = next((each for each in since if each not in words.BESIDE and each not in words.NEUTRAL), None)
    return tuple(each for each in (nearest, first) if each is not None and each not in words.NEUTRAL)


def _is_doubtful(clause: str, one: Said, begin: int) -> bool:
    doubtful = words.DOUBTFUL.search(words.MOST.sub("", clause[: one.at - begin]) if one.is_cap else clause)
    end = one.at - begin + len(one.text)
    if one.field == "concentration" and one.quantity.text is None and words.MIXED_IN.match(clause, end) is not None:
        return doubtful is not None  # a label is followed by what it is mixed with
    is_of_another = any(each.match(clause, end) for each in (words.EXPLAINED, words.EQUIVALENT))
    return doubtful is not None or is_of_another or is_earlier(clause, one.at - begin)


@kept_of_beginning(4096)
def skips_doses(text: str) -> bool:
    """Whether a text says amounts of drug, rates or strengths that `said` leaves out: they are another patient's."""
    read = {begin for begin, _, _ in _clauses(text)}
    skipped = (clause for begin, clause, _ in _parts(text) if begin not in read)
    return any(_is_dose(match) for clause in skipped for match in _SAID.finditer(clause))


def _is_dose(match: re.Match[str]) -> bool:
    found = _dose(match["number"], match["unit"], match[0])
    return found is not None and found.field not in {"volume", "weight", "pump_rate"}


@lru_cache(maxsize=100)
def _parts(text: str) -> tuple[tuple[int, str, str], ...]:
    """Return the parts of a text between two stops: where each begins, and the stop behind it."""
    begins, ends = stops(text, words.CLAUSE)
    whole = zip((0, *ends), (*begins, len(text)), (*ends, len(text)), strict=True)
    return tuple((begin, text[begin:end], text[end:after]) for begin, end, after in whole)


@lru_cache(maxsize=100)
def _clauses(text: str) -> tuple[tuple[int, str, bool], ...]:
    """Return the parts of a text but those of another patient: where each begins, whether one before was such."""
    return tuple(_of_this_patient(text))


def _of_this_patient(text: str) -> Iterator[tuple[int, str, bool]]:
    conditional = tiered = False
    parts = _parts(text)
    rows = {begin for begin, clause, _ in parts if weights_named(clause) is not None}
    if rows:
        rows |= {begin for begin, clause, _ in parts if is_bare_row(clause)}
    for begin, clause, stop in parts:
        if words.CONDITION.search(clause) or (len(rows) > 1 and begin in rows):
            conditional = tiered = True
        else:
            yield begin, clause, conditional or (tiered and words.TIER.search(clause) is not None)
        conditional, tiered = conditional and stop == ",", tiered and stop in ",;"


def _in_clause(clause: str, begin: int) -> Iterator[Said]:
    formulas, rests = list(_formulas(clause)), left_over(clause)
    matches = [
        each
        for each in islice(_SAID.finditer(clause), _MOST)
        if each.start("number") not in rests
        and not any(start <= each.start("number") < end for start, end, _ in formulas)
    ]
    yield from (each._replace(at=begin + each.at) for _, _, each in formulas)
    doses = (_dose(match["number"], match["unit"], match[0]) for match in matches)
    is_giving = words.GIVING.search(clause) is not None or any(doses)
    yield from _restating(_unformulated(clause, matches, begin, of_giving=is_giving), clause, begin)


def _restating(found: Iterator[Said], clause: str, begin: int) -> Iterator[Said]:
    """Yield quantities with word of those that say the one before them again."""
    before: Said | None = None
    for each in found:
        behind = before.at + len(before.text) - begin if before is not None else 0
        is_same = before is not None and words.RESTATED.fullmatch(clause, behind, each.at - begin) is not None
        is_of_bound = before is not None and before.is_cap and (is_same or each.field == "weight")
        is_of_piece = before is not None and each.is_result and not before.given
        if is_of_bound and each.field != "weight":  # "max 25 mg (5 mL)": the volume of the most
            each = each._replace(field=_CAPS.get(each.field, each.field), is_cap=True)  # noqa: PLW2901
        again = is_same and before is not None and before.field == each.field
        before = each._replace(restates=again, given=each.given and not is_of_bound and not is_of_piece)
        yield before


def _unformulated(clause: str, matches: list[re.Match[str]], begin: int, *, of_giving: bool) -> Iterator[Said]:
    end = 0
    for match in matches:
        if match.start() < end:
            continue  # the volume of the label before
        label = strength_at(clause, match.start())
        if label is not None:
            end = match.start() + len(label.text)
            yield Said("concentration", label.concentration, label.text, begin + match.start())
            continue
        for each in _numbers(match):
            before = clause[max(0, each.at - _NEAR) : each.at]
            if each.field == "pump_rate" and is_clearance(each.quantity.unit.name, clause, each.at, each.text):
                continue
            if each.field == "concentration" and _is_in_blood(before, clause[each.at + len(each.text) :]):
                continue
            behind = each.at + len(each.text)
            if each.field in LENGTHS:
                name = length_field(clause, each.at, behind, before, of_giving=of_giving)
                yield from () if name is None else (each._replace(field=name, at=begin + each.at),)
            else:
                made = _beside(each, before, clause[each.at + len(each.text) :])
                often, whole = (1, "") if made.is_count else repeats(clause, each.at, each.text, each.field)
                yield made._replace(at=begin + each.at, times=often, whole=whole)


def _is_in_blood(before: str, behind: str) -> bool:
    """Whether a concentration is a level of the drug in the patient's blood: `trough 15-20 mcg/mL`."""
    return IN_BLOOD_BEFORE.search(before) is not None or IN_BLOOD_BEHIND.match(behind) is not None


def _numbers(match: re.Match[str]) -> Iterator[Said]:
    """Yield the number of a match, or its range; two numbers of different kinds, which are none, one by one."""
    high = _one(
        match["number"], match["unit"], match.start("number"), match.string[match.start("number") : match.end()]
    )
    if match["low"] is None:
        yield from (high,) if high is not None else ()
        return
    low = _one(match["low"], match["low_unit"] or match["unit"], match.start(), match[0])
    if low is None or high is None:
        yield from (high,) if high is not None else ()
    elif is_difference(low, high):
        yield high
    elif low.field != high.field:
        yield low._replace(text=match.string[match.start() : match.end("low_unit")])
        yield high
    else:
        yield high._replace(least=low.quantity, text=match[0], at=match.start())


def _one(number: str, of: str, at: int, text: str) -> Said | None:
    """Return what one number says, a length of time included."""
    dose = _dose(number, of, text)
    if dose is not None:
        return dose._replace(at=at)
    time = _quantity(number, of, "run_time")
    return Said("run_time", time, text, at) if time is not None else None


def _beside(each: Said, before: str, behind: str) -> Said:
    """Return a quantity with what the words beside it say of it: a bound, a part, the whole, or nothing given."""
    counted = _counted(each, before, behind)
    if counted is not None:
        return counted
    share = words.SHARE.search(before)
    is_whole = words.WHOLE_BEFORE.search(before) or words.WHOLE_BEHIND.match(behind)
    part = Fraction(1) if is_whole else Fraction(int(share["percent"]), 100) if share and each.field == "dose" else None
    made = each._replace(share=part, is_result=words.RESULT.search(before) is not None)
    if words.MOST.search(before) and each.least is None and each.field not in {"weight", "concentration", "volume"}:
        field = _CAPS.get(each.field, each.field)
        return made._replace(field=field, is_cap=True, given=words.OF_SEVERAL.match(behind) is None)
    given = _is_given(each, before, behind, is_whole=bool(is_whole))
    return made._replace(given=given, is_step=words.STEP.search(before) is not None)


def _counted(each: Said, before: str, behind: str) -> Said | None:
    """Return the dose that so many tablets give, None where none are counted: `4 tablets of 75 mg`."""
    if each.field != "dose" or each.least is not None:
        return None
    found = words.OF_TABLETS.search(before)
    if found is None and words.ARE_TABLETS.match(behind) is not None:
        found = words.TIMES.search(before)
    if found is None:
        return None
    whole = replace(each.quantity, magnitude=each.quantity.magnitude * int(found["count"]))
    return each._replace(quantity=whole, is_count=True)


def _is_given(each: Said, before: str, behind: str, *, is_whole: bool) -> bool:
    if words.PIECE.match(behind) or (words.NOT_GIVEN.search(before) and not (is_whole and "%" in before)):
        return False
    if each.field == "volume":
        return not words.HELD_BEFORE.search(before) and not words.HELD_BEHIND.match(behind)
    if each.field == "weight":
        return not words.NOT_A_WEIGHT.search(before) and not words.WEIGHTS_BEHIND.match(behind)
    return True


def _formulas(clause: str) -> Iterator[tuple[int, int, Said]]:
    """Yield the numbers that are to be multiplied by the weight, and where each formula begins and ends."""
    for match in _PER_WEIGHT.finditer(clause) if "kg" in clause or "w" in clause.lower() else ():
        of = match["behind"] or match["before"]
        start = match.start("number")
        found = _dose(match["number"], of, clause[start : match.end()]) if of else None
        if found is not None and found.field in {"dose", "dose_rate", "pump_rate", "volume"}:
            yield start, match.end(), found._replace(at=start, per_weight=True)


@lru_cache(maxsize=4096)
def _quantity(number: str, of: str, field: str) -> Quantity | None:
    try:
        return parsed(_ROLE_OF[field], f"{plain_number(number)} {written_unit(of)}")
    except InputError:
        return None


@lru_cache(maxsize=4096)
def _dose(number: str, of: str, text: str) -> Said | None:
    """Return what a number says of a dose, a rate, a strength, a volume or a weight, None where it is of none."""
    if re.search(r"(?:/|\bper\b) ?d?l(?:it(?:er|re)s?)?\b|^ng ?/ ?ml", of, re.IGNORECASE):
        return None  # a laboratory's value
    try:
        found = usual_unit(written_unit(of))
    except InputError:
        return None
    name = next((name for name, role in _ROLES if role.accepts(found)), None)
    quantity = _quantity(number, of, name) if name is not None else None
    return Said(name, quantity, text) if name is not None and quantity is not None else None
