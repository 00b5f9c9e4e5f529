"""RC3: what an order says in words against what its fields say."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.agreement import Reading, exact, in_unit_of, written
from rescuecalc.core.drug_name import drug_name
from rescuecalc.core.finding import Severity
from rescuecalc.core.notation import plain, significant
from rescuecalc.core.said import Said, said
from rescuecalc.rules.chain import CHAINS, Chain, label_of, value
from rescuecalc.rules.rule import Hit, Rule
from rescuecalc.rules.slip_names import slip_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.order import Order
    from rescuecalc.rules.knowledge import Subject

_DIGITS: Final = 6
_DILUTED: Final = re.compile(r"\b(?:dilut|draw|withdraw|add|make up)\w*", re.IGNORECASE)
# Two units taken for each other; any other number beside the right one may be of something else.
_UNIT_SLIPS: Final = tuple(Fraction(*each) for each in ((60, 1), (1, 60), (10**3, 1), (1, 10**3)))
_LENGTHS: Final = frozenset({"give_over", "run_time"})
_RATES: Final = frozenset({"dose_rate_per_kg", "dose_rate", "pump_rate"})

_MAY_BE: Final = {"dose": ("dose", "max_dose"), "dose_rate": ("dose_rate", "max_dose_rate")}


def _allowed(one: Said, order: Order, made: Chain, subject: Subject) -> list[Reading]:
    """Return what the text may say: the fields of that kind, as written or as they follow, and a label's amount."""
    names = _MAY_BE.get(one.field, (one.field,))
    if one.field in _LENGTHS:
        names = ("give_over", "run_time")
    found = [reading for name in names for reading in (value(name, made),) if reading is not None]
    label = label_of(order, subject)
    if label is not None and one.field == "dose":
        found.append(exact(label.amount))
    if made.label is not None and one.field == "concentration":
        found.append(made.label)
    return found


def _spoken(order: Order) -> Iterator[Said]:
    """Yield what an order's text says; texts beside codes speak of the bag and the day's dose too: rates alone."""
    for each in said(order.texts.get("text", "")) if order.said is None else order.said:
        if not order.coded or each.field in _RATES:
            yield each


class _Held(NamedTuple):
    """A quantity of a text beside the field that it speaks of, as that is written or follows from the others.

    ``sure`` tells that the words beside it leave no doubt of what it is of.
    """

    said: Said
    reading: Reading
    field: Reading
    agrees: bool
    sure: bool


_OWN_WORDS: Final = (
    "iv ia po ng pr im sc intravenous intravenously arterial arterially orally oral rectally dose doses dosing rate "
    "pump give given gives administer administered order ordered set run runs running start started begin continue "
    "continued continuous continuously concentration premixed therapy treatment now stat keep maintain program "
    "initiate ivpb bag premix strength nurse rn icu check high alert line hang deliver pharmacy immediately"
)
_OWN: Final = frozenset(_OWN_WORDS.split())
"""Words before a number that leave it the order's own."""
_OF_KIND: Final = {
    "infusion": frozenset({"infuse", "infused", "infusion", "drip", "gtt", "maintenance"}),
    "bolus": frozenset({"bolus", "push", "infuse", "infused"}),
}


def _is_own(one: Said, order: Order) -> bool:
    """Whether the words beside a number leave no doubt that it is the order's own, and of what is given."""
    if one.doubtful or (one.field == "concentration" and _is_diluted(order)):
        return False
    if one.quantity.text is None:
        return True  # a label, which speaks for itself
    return all(is_own_word(word, order) for word in one.of)


def is_own_word(word: str, order: Order) -> bool:
    """Whether a word, in small letters, speaks of how an order itself is given, or names its drug."""
    if word in _OWN or word in _OF_KIND.get(order.given_as, ()) or drug_name(word) == order.drug:
        return True
    return word in re.findall(r"[a-z]+", f"{order.drug} {order.texts.get('drug', '')}".lower())


def _is_diluted(order: Order) -> bool:
    return "diluted_in" in order.texts or _DILUTED.search(order.texts["text"]) is not None


def _contradicts(subject: Subject) -> Iterator[Hit]:
    for order, made, _ in CHAINS.of(subject):
        held = [_held(each, order, made, subject) for each in _spoken(order)]
        known = [each for each in held if each is not None]
        right = {each.said.field for each in known if each.agrees}
        if _add_up(known):
            right.add("dose")
        for each in (each for each in known if not each.agrees):
            # Where a text says the right number too, another may be of something else, and so may one beside which a
            # word stands that is not the order's; unless it is that number in another unit.
            own = each.sure and each.said.given and each.said.field not in right
            if own and each.said.field in _LENGTHS and _speaks_of_steps(known):
                own = False
            if own or ((each.said.given or not each.said.doubtful) and _is_in_other_unit(each)):
                yield _hit(order, each, subject)


def _speaks_of_steps(known: list[_Held]) -> bool:
    """Whether a text says the right dose and another one: how long each of the two takes is not told apart."""
    doses = [each for each in known if each.said.field not in _LENGTHS]
    return any(each.agrees for each in doses) and not all(each.agrees for each in doses)


def _is_in_other_unit(each: _Held) -> bool:
    """Whether a number is the field's in another unit of time or mass; of a doubtful one exactly so."""
    reading = each.reading if each.sure else each.reading._replace(bottom=each.reading.middle, top=each.reading.middle)
    return any(reading.agrees(each.field, slip) for slip in _UNIT_SLIPS)


def _add_up(known: list[_Held]) -> bool:
    """Whether the doses that a text says are the parts of the order's dose."""
    doses = [each for each in known if each.said.field == "dose"]
    return len(doses) > 1 and reduce(Reading.plus, (each.reading for each in doses)).agrees(doses[0].field)


def _held(one: Said, order: Order, made: Chain, subject: Subject) -> _Held | None:
    """Return what is said beside its field; None where the order says nothing of that, or in another kind of amount."""
    reading, field = written(one.quantity, subject.knowledge.limits), value(one.field, made)
    if field is None and one.field in _LENGTHS:
        field = value("run_time", made) or value("give_over", made)
    if field is None or field.drug != reading.drug:
        return None
    if one.field == "concentration" and one.quantity.text is None and _is_diluted(order):
        return None  # what is diluted is no more what its label says
    # A label's own text names amounts that are no dose.
    allowed = [each for each in _allowed(one, order, made, subject) if each.drug == reading.drug]
    agrees = any(_agree(reading, each, made) for each in allowed)
    return _Held(one, reading, field, agrees, agrees or _is_own(one, order))


def _agree(reading: Reading, other: Reading, made: Chain) -> bool:
    return reading.agrees(other) or any(reading.agrees(other, share) for share in made.shares)


def _hit(order: Order, held: _Held, subject: Subject) -> Hit:
    one, reading, field = held.said, held.reading, held.field
    named = slip_names(reading, field, order, subject) if one.field not in _LENGTHS else ()
    expected = f"{plain(significant(in_unit_of(field, one.quantity), _DIGITS))} {one.quantity.unit.name}"
    words, tail = one.field.replace("_", " "), f": {' or '.join(named)}" if named else ""
    message = f"the text says {one.text}, and the {words} is {order.texts.get(one.field, expected)}{tail}"
    factor = reading.value / field.value if field.value else None
    return Hit(message, (), f"{order.pointer}/text", one.text, expected, factor, named)


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
        "text says of a bound, a condition or another step, nor values of a laboratory. Where it says the right number "
        "too, or a word before the number is none of the order's own (`oxygen 2 L/min`), or the clause is doubtful "
        "(`previously`, `or`), only that number in another unit is found. "
        "The first hundred numbers of a text are read; of FHIR, whose texts speak of bags and "
        "steps too, rates alone are held.",
        check=_contradicts,
    ),
)
