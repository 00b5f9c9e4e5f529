"""What a text for people says in quantities: `0.15 mcg/kg/min`, `50 micrograms per hour`, `over 5 min`."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.quantities.label_strength import strength_at
from rescuecalc.core.quantities.quantity import (
    Concentration,
    Dose,
    DosePerKg,
    DoseRate,
    DoseRatePerKg,
    Duration,
    PumpRate,
    Quantity,
    parsed,
)
from rescuecalc.core.quantities.units import unit
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD: Final = r"[A-Za-z\u00b5\u03bc]+"
# A number and its unit, as `0.15 mcg/kg/min` or `50 micrograms per hour`.
_SAID: Final = re.compile(
    rf"(?<![\w.,/-])(?P<number>[0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?) ?"
    rf"(?P<unit>{_WORD}(?: ?(?:/|\bper\b) ?{_WORD})*)",
    re.IGNORECASE,
)
_ROLES: Final[tuple[tuple[str, type[Quantity]], ...]] = (
    ("dose_per_kg", DosePerKg),
    ("dose", Dose),
    ("dose_rate_per_kg", DoseRatePerKg),
    ("dose_rate", DoseRate),
    ("pump_rate", PumpRate),
    ("concentration", Concentration),
)
_ROLE_OF: Final[dict[str, type[Quantity]]] = {**dict(_ROLES), "run_time": Duration}
_LENGTHS: Final = {"over": "give_over", "within": "give_over", "for": "run_time"}

# A part of a text between two stops, read by itself: what a number is of is said beside it.
CLAUSE: Final = re.compile(r"[;\n]|[.,](?![0-9])")
_MOST: Final = 100
"""Numbers of a text that are read."""

_NEAR: Final = 40
"""Characters before a number in which it is said what the number is of."""

_BOUNDS: Final = (
    "not|never|no|than|max(?:imum)?|most|exceed\\w*|up to|cap(?:ped)?|then|after|before|until|instead|half|"
    "contains?|holds?|load(?:ing)?|by|steps?|increase\\w*|decrease\\w*|titrat\\w*|additional"
)
_PIECES: Final = "tab(?:let)?s?|capsules?|vials?|ampoules?|syringes?"
_CONDITIONS: Final = "if|unless|when|whenever|CrCl|GFR|eGFR|clearance|renal"

# Before a number: it is a bound, another step's, or what is not given. A condition: it is another patient's.
_NOT_GIVEN: Final = re.compile(
    rf"\b(?:{_BOUNDS})\b(?:\W+\w+){{0,2}}\W*$|[0-9] ?(?:to|-|\u2013) ?$|% of (?:the )?(?:total )?(?:dose )?(?:of )?$"
    r"|\bto a total of ?$",
    re.IGNORECASE,
)
# In a clause: it may speak of another dose, or of what is not given; and behind a number: it is explained.
_DOUBTFUL: Final = re.compile(
    r"\b(?:not|never|no|avoid|home|previous(?:ly)?|prior|usual(?:ly)?|was|were|or|instead|alternative(?:ly)?|limit|nearest|"
    r"round(?:ed|s|ing)?|row|label|tomorrow|later|next|reduced?|halved?|replaces?|waste|discard|target|goal|follows|"
    r"(?:don|doesn|can|won)['\u2019]t|cannot)\b",
    re.IGNORECASE,
)
_EXPLAINED: Final = re.compile(
    r" (?:is|was|are|were|would|of the|saline|sodium|dextrose|glucose|ringer\w*|alongside)\b", re.IGNORECASE
)
SENTENCE: Final = re.compile(r"[;\n]|\.(?![0-9])")
_NAME: Final = re.compile(r"[A-Za-z]+")
_SINCE: Final = re.compile(r"[0-9,]")
_NEUTRAL: Final = frozenset(
    (
        "total",
        "rescue",
        "initial",
        "first",
        "single",
        "standard",
        "low",
        "full",
        "fixed",
        "weight",
        "based",
        "please",
        "new",
    )
)
"""Words that say nothing of what a number is of."""
_BESIDE_WORDS: Final = (
    "at of to the a an is are be as over for within in per with under about approximately exactly and mcg mg g ng kg "
    "ml l dl min mins minute minutes h hr hrs hour hours s sec second seconds unit units meq mmol microgram micrograms "
    "milligram milligrams gram grams kilogram kilograms milliliter milliliters millilitre millilitres day days"
)
BESIDE: Final = frozenset(_BESIDE_WORDS.split())
"""Words between a number and what it is of."""
# Behind a number: it is what one piece holds, of which several may be given.
_PIECE: Final = re.compile(rf"\W{{0,40}}+(?:\w{{1,40}}+\W{{1,40}}+){{0,2}}?(?:{_PIECES})\b", re.IGNORECASE)
_CONDITION: Final = re.compile(rf"\b(?:{_CONDITIONS})\b", re.IGNORECASE)
# A length is one of this order only where its giving is spoken of, and nothing else that takes time.
_GIVING: Final = re.compile(
    r"\b(?:infus\w*|runs?|running|gives?|given|push\w*|bolus|administer\w*|drip|continu\w*|IV|IA)\b", re.IGNORECASE
)
_NOT_GIVING: Final = re.compile(
    r"\b(?:observe|check|repeat|monitor|watch|hold|held|stop|platelets?|pressure|CT|MRI|imaging|before|after|start|"
    r"begin|change|flush|wait|restart|delay|load(?:ing)?)\w*\b",
    re.IGNORECASE,
)

# Beside these it depends on a number, on how long it is or on how far it stands, what a rule takes it for. So a text
# with one of them keeps its numbers where orders are compared without theirs.
_WEIGHED: Final = re.compile(
    rf"\b(?:{_BOUNDS}|{_PIECES}|{_CONDITIONS}|prn|below|to)\b|p\.r\.n|%"
    r"|\b(?:in|per|x|q) ?[0-9]|[/\u00d7] ?[0-9]|[0-9] ?[-\u2013]",
    re.IGNORECASE,
)


class Said(NamedTuple):
    """A quantity in a text as it is written there, the field that it speaks of, and where its number begins.

    ``of`` are the words before it that may say what it is of, in small letters: the nearest of its sentence, and the
    first since the number before it. ``doubtful`` tells that its clause may speak of another dose than the one that is
    given; one that is not ``given`` is a bound, or another step's.
    """

    field: str
    quantity: Quantity
    text: str
    at: int = 0
    of: tuple[str, ...] = ()
    doubtful: bool = False
    given: bool = True


@lru_cache(maxsize=4096)
def said(text: str) -> tuple[Said, ...]:
    """Return the quantities in a text for people whose field its unit, or the word before it, leaves no doubt of.

    >>> [(each.field, str(each.quantity)) for each in said("infuse 50 micrograms per hour for 24 h")]
    [('dose_rate', '50 mcg/h'), ('run_time', '24 h')]
    """
    found = (
        each._replace(of=_of(text, each.at), doubtful=conditional or _is_doubtful(clause, each, begin))
        for begin, clause, conditional in _clauses(text)
        for each in _in_clause(clause, begin)
    )
    return tuple(islice(found, _MOST))


def _of(text: str, at: int) -> tuple[str, ...]:
    """Return the words before a number that may say what it is of: the nearest, and the first since a number."""
    sentence = SENTENCE.split(text[:at])[-1]
    words = [each.lower() for each in _NAME.findall(sentence)]
    nearest = next((each for each in reversed(words) if each not in BESIDE), None)
    since = (each.lower() for each in _NAME.findall(_SINCE.split(sentence)[-1]))
    first = next((each for each in since if each not in BESIDE and each not in _NEUTRAL), None)
    return tuple(each for each in (nearest, first) if each is not None and each not in _NEUTRAL)


def _is_doubtful(clause: str, one: Said, begin: int) -> bool:
    return _DOUBTFUL.search(clause) is not None or (
        _EXPLAINED.match(clause, one.at - begin + len(one.text)) is not None
    )


def is_plain(text: str) -> bool:
    """Whether what a rule takes each number of ``text`` for depends on the words beside it alone."""
    return _WEIGHED.search(text) is None


def _clauses(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the parts of a text, without those that speak of another patient, and where each begins.

    Of a part it is told whether one before it, of the same sentence, spoke of another patient.
    """
    begin, conditional = 0, False
    for end, after in [*(match.span() for match in CLAUSE.finditer(text)), (len(text), len(text))]:
        if _CONDITION.search(text[begin:end]):
            conditional = True
        else:
            yield begin, text[begin:end], conditional
        conditional = conditional and text[end:after] == ","
        begin = after


def _in_clause(clause: str, begin: int) -> Iterator[Said]:
    matches = list(islice(_SAID.finditer(clause), _MOST))
    doses = [_dose(match["number"], match["unit"], match[0]) for match in matches]
    of_giving = (_GIVING.search(clause) is not None or any(doses)) and _NOT_GIVING.search(clause) is None
    first = clause.lstrip().partition(" ")[0]
    end = 0
    for match, dose in zip(matches, doses, strict=True):
        before, at = clause[max(0, match.start() - _NEAR) : match.start()], begin + match.start()
        label = strength_at(clause, match.start())
        if match.start() < end:
            continue  # the volume of the label before
        if label is not None:
            end = match.start() + len(label.text)
            yield Said("concentration", label.concentration, label.text, at)
        elif dose is not None:
            is_given = not _NOT_GIVEN.search(before) and not _PIECE.match(clause, match.end())
            yield dose._replace(at=at, given=is_given)
        elif of_giving or before.strip() == first:
            yield from _lasting(match, before, at)


def _lasting(match: re.Match[str], before: str, at: int) -> Iterator[Said]:
    """Yield the length that a number speaks of: only where the word before it says of what."""
    name = _LENGTHS.get(before.rstrip().rpartition(" ")[2].lower())
    length = _quantity(match["number"], match["unit"], "run_time") if name is not None else None
    if name is not None and length is not None and not _NOT_GIVEN.search(before):
        yield Said(name, length, match[0], at)


@lru_cache(maxsize=4096)
def _quantity(number: str, of: str, field: str) -> Quantity | None:
    try:
        return parsed(_ROLE_OF[field], f"{number.replace(',', '')} {_written_unit(of)}")
    except InputError:
        return None


@lru_cache(maxsize=1024)
def _written_unit(of: str) -> str:
    """Return a unit in words as it is written with slashes."""
    written = re.sub(r" ?(?:/|\bper\b) ?", "/", of, flags=re.IGNORECASE)
    return re.sub(r"\bkilograms?\b", "kg", written, flags=re.IGNORECASE)


@lru_cache(maxsize=4096)
def _dose(number: str, of: str, text: str) -> Said | None:
    """Return what a number says of a dose, a rate or a concentration, None where it is of none."""
    if re.search(r"(?:/|\bper\b) ?d?l(?:it(?:er|re)s?)?\b|^ng ?/ ?ml", of, re.IGNORECASE):
        return None  # a laboratory's value
    try:
        found = unit(_written_unit(of))
    except InputError:
        return None
    name = next((name for name, role in _ROLES if role.accepts(found)), None)
    quantity = _quantity(number, of, name) if name is not None else None
    return Said(name, quantity, text) if name is not None and quantity is not None else None
