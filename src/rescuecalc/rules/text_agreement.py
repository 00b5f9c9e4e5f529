"""RC3: what an order says in words against what its fields say."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.agreement import Reading, exact, in_unit_of, written
from rescuecalc.core.finding import Severity
from rescuecalc.core.notation import plain, significant
from rescuecalc.core.quantity import (
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
from rescuecalc.core.strength import strength_at
from rescuecalc.errors import InputError
from rescuecalc.rules.chain import CHAINS, Chain, label_of, value
from rescuecalc.rules.rule import Hit, Rule
from rescuecalc.rules.slip_names import slip_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.order import Order
    from rescuecalc.rules.knowledge import Subject

_DIGITS: Final = 6
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
_CLAUSE: Final = re.compile(r"[;\n]|[.,](?![0-9])")
_MOST: Final = 100
"""Numbers of a text that are held against its fields."""

_NEAR: Final = 40
"""Characters before a number in which it is said what the number is of."""

# Before a number: it is a bound, another step's, or what is not given. A condition: it is another patient's.
_NOT_GIVEN: Final = re.compile(
    r"\b(?:not|never|no|than|max(?:imum)?|most|exceed\w*|up to|cap(?:ped)?|then|after|before|until|instead|half|"
    r"contains?|holds?|load(?:ing)?|by|steps?|increase\w*|decrease\w*|titrat\w*|additional)\b(?:\W+\w+){0,2}\W*$"
    r"|[0-9] ?(?:to|-|\u2013) ?$|% of ?$",
    re.IGNORECASE,
)
# Behind a number: it is what one piece holds, of which several may be given.
_PIECE: Final = re.compile(
    r"\W*(?:\w+\W+){0,2}?(?:tab(?:let)?s?|capsules?|vials?|ampoules?|syringes?)\b", re.IGNORECASE
)
_CONDITION: Final = re.compile(r"\b(?:if|unless|when|whenever|CrCl|GFR|eGFR|clearance|renal)\b", re.IGNORECASE)
# A length is one of this order only where its giving is spoken of, and nothing else that takes time.
_GIVING: Final = re.compile(
    r"\b(?:infus\w*|runs?|running|gives?|given|push\w*|bolus|administer\w*|drip|continu\w*|IV|IA)\b", re.IGNORECASE
)
_NOT_GIVING: Final = re.compile(
    r"\b(?:observe|check|repeat|monitor|watch|hold|held|stop|platelets?|pressure|CT|MRI|imaging|before|after|start|"
    r"begin|change|flush|wait|restart|delay|load(?:ing)?)\w*\b",
    re.IGNORECASE,
)
_DILUTED: Final = re.compile(r"\b(?:dilut|draw|withdraw|add|make up)\w*", re.IGNORECASE)
# Two units taken for each other; any other number beside the right one may be of something else.
_UNIT_SLIPS: Final = tuple(Fraction(*each) for each in ((60, 1), (1, 60), (10**3, 1), (1, 10**3)))


class Said(NamedTuple):
    """A quantity in a text, as it is written there, and the field that it speaks of."""

    field: str
    quantity: Quantity
    text: str


@lru_cache(maxsize=4096)
def _said(text: str) -> tuple[Said, ...]:
    return tuple(said for clause in _CLAUSE.split(text) if not _CONDITION.search(clause) for said in _in_clause(clause))


def _in_clause(clause: str) -> Iterator[Said]:
    matches = list(islice(_SAID.finditer(clause), _MOST))
    doses = [_dose(match["number"], match["unit"], match[0]) for match in matches]
    of_giving = (_GIVING.search(clause) is not None or any(doses)) and _NOT_GIVING.search(clause) is None
    first = clause.lstrip().partition(" ")[0]
    end = 0
    for match, dose in zip(matches, doses, strict=True):
        before = clause[max(0, match.start() - _NEAR) : match.start()]
        label = strength_at(clause, match.start())
        if match.start() < end:
            continue  # the volume of the label before
        if label is not None:
            end = match.start() + len(label.text)
            yield Said("concentration", label.concentration, label.text)
        elif dose is not None:
            if not _NOT_GIVEN.search(before) and not _PIECE.match(clause, match.end()):
                yield dose
        elif of_giving or before.strip() == first:
            yield from _lasting(match, before)


def _lasting(match: re.Match[str], before: str) -> Iterator[Said]:
    """Yield the length that a number speaks of: only where the word before it says of what."""
    name = _LENGTHS.get(before.rstrip().rpartition(" ")[2].lower())
    length = _quantity(match["number"], match["unit"], "run_time") if name is not None else None
    if name is not None and length is not None and not _NOT_GIVEN.search(before):
        yield Said(name, length, match[0])


@lru_cache(maxsize=4096)
def _quantity(number: str, of: str, field: str) -> Quantity | None:
    written_unit = re.sub(r" ?(?:/|\bper\b) ?", "/", of, flags=re.IGNORECASE)
    written_unit = re.sub(r"\bkilograms?\b", "kg", written_unit, flags=re.IGNORECASE)
    try:
        return parsed(_ROLE_OF[field], f"{number.replace(',', '')} {written_unit}")
    except InputError:
        return None


_RATES: Final = frozenset({"dose_rate_per_kg", "dose_rate", "pump_rate"})


@lru_cache(maxsize=4096)
def _dose(number: str, of: str, text: str) -> Said | None:
    """Return what a number says of a dose, a rate or a concentration, None where it is of none."""
    read = ((name, _quantity(number, of, name)) for name, _ in _ROLES)
    return next((Said(name, quantity, text) for name, quantity in read if quantity is not None), None)


_MAY_BE: Final = {"dose": ("dose", "max_dose"), "dose_rate": ("dose_rate", "max_dose_rate")}


def _allowed(said: Said, order: Order, made: Chain, subject: Subject) -> list[Reading]:
    """Return what the text may say: the fields of that kind, as written or as they follow, and a label's amount."""
    names = _MAY_BE.get(said.field, (said.field,))
    if said.field in {"give_over", "run_time"}:
        names = ("give_over", "run_time")
    found = [reading for name in names for reading in (value(name, made),) if reading is not None]
    label = label_of(order, subject)
    if label is not None and said.field == "dose":
        found.append(exact(label.amount))
    if made.label is not None and said.field == "concentration":
        found.append(made.label)
    return found


def _spoken(order: Order) -> Iterator[Said]:
    """Yield what an order's text says; texts beside codes speak of the bag and the day's dose too: rates alone."""
    for said in _said(order.texts.get("text", ""))[:_MOST]:
        if not order.coded or said.field in _RATES:
            yield said


class _Held(NamedTuple):
    """A quantity of a text beside the field that it speaks of, as that is written or follows from the others."""

    said: Said
    reading: Reading
    field: Reading
    agrees: bool


def _contradicts(subject: Subject) -> Iterator[Hit]:
    for order, made, _ in CHAINS.of(subject):
        # What a text says twice is told once.
        held = [_held(said, order, made, subject) for said in dict.fromkeys(_spoken(order))]
        known = [each for each in held if each is not None]
        right = {each.said.field for each in known if each.agrees}
        for each in known:
            # Where a text says the right number too, another may be of something else, unless it is that number in
            # another unit.
            slipped = any(each.reading.agrees(each.field, slip) for slip in _UNIT_SLIPS)
            if not each.agrees and (each.said.field not in right or slipped):
                yield _hit(order, each, subject)


def _held(said: Said, order: Order, made: Chain, subject: Subject) -> _Held | None:
    """Return what is said beside its field; None where the order says nothing of that, or in another kind of amount."""
    reading, field = written(said.quantity, subject.knowledge.limits), value(said.field, made)
    if field is None or field.drug != reading.drug:
        return None
    of_label = said.field == "concentration" and said.quantity.text is None
    if of_label and ("diluted_in" in order.texts or _DILUTED.search(order.texts["text"])):
        return None  # what is diluted is no more what its label says
    # A label's own text names amounts that are no dose.
    allowed = [each for each in _allowed(said, order, made, subject) if each.drug == reading.drug]
    return _Held(said, reading, field, any(_agree(reading, each, made) for each in allowed))


def _agree(reading: Reading, other: Reading, made: Chain) -> bool:
    return reading.agrees(other) or any(reading.agrees(other, share) for share in made.shares)


def _hit(order: Order, held: _Held, subject: Subject) -> Hit:
    said, reading, field = held.said, held.reading, held.field
    named = slip_names(reading, field, order, subject) if said.field not in _LENGTHS.values() else ()
    expected = f"{plain(significant(in_unit_of(field, said.quantity), _DIGITS))} {said.quantity.unit.name}"
    words, tail = said.field.replace("_", " "), f": {' or '.join(named)}" if named else ""
    message = f"the text says {said.text}, and the {words} is {order.texts.get(said.field, expected)}{tail}"
    factor = reading.value / field.value if field.value else None
    return Hit(message, (), f"{order.pointer}/text", said.text, expected, factor, named)


RULES = (
    Rule(
        code="RC308",
        name="text-contradicts-field",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=("rescuecalc",),
        checks="Doses, rates, concentrations and times in an order's text, also in words, against its fields.",
        why="The nurse reads the text, the pump gets the field.",
        fails="{drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, text: tirofiban 0.15 mcg/kg/hour}",
        passes="{drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, "
        "text: tirofiban 0.15 micrograms per kg per minute}",
        remedy="Correct the one that is wrong.",
        limits="Volumes are not held against the text, nor times without over, within or for before them, nor what the "
        "text says of a bound, a condition or another step. Where it says the right number too, only that number in "
        "another unit is found. The first hundred numbers of a text are read; of FHIR, whose texts speak of bags and "
        "steps too, rates alone are held.",
        check=_contradicts,
    ),
)
