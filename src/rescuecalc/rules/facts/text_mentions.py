"""RC308: which quantities of an order's text are mentions of the order itself, and what the text contradicts."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.orders import mention as of
from rescuecalc.core.orders.bounds import Bounds, point
from rescuecalc.core.orders.certainty import as_float, certainly_near
from rescuecalc.core.orders.diagnosis import diagnoses
from rescuecalc.core.orders.free_text import Said, said
from rescuecalc.core.orders.mention import VARIABLE_OF_FIELD, Mention, base_value, mention
from rescuecalc.core.orders.system import EXACT, is_consistent, solution
from rescuecalc.rules.facts.order_system import text_shares
from rescuecalc.rules.facts.product_label import label_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.facts.order_model import Judged

_DILUTED: Final = re.compile(r"\b(?:dilut|draw|withdraw|add|make up)\w*", re.IGNORECASE)
# Two units taken for each other; any other number beside the right one may be of something else.
_UNIT_FACTORS: Final = tuple(Fraction(*each) for each in ((60, 1), (1, 60), (10**3, 1), (1, 10**3)))
_RATES: Final = frozenset({of.DOSE_RATE_PER_KG, of.DOSE_RATE, of.PUMP_RATE})
_CAP_OF: Final = {of.DOSE: of.MAX_DOSE, of.DOSE_RATE: of.MAX_DOSE_RATE}

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


class Spoken(NamedTuple):
    """A quantity of a text as a mention; ``sure``: the words beside it leave no doubt that it is the order's own.

    ``known`` is what the fields leave of each variable, ``weak`` a mention that may be of something else.
    """

    said: Said
    mention: Mention
    agrees: bool
    sure: bool
    known: Mapping[str, Bounds]
    weak: Mention | None

    @property
    def has_field(self) -> bool:
        """Whether the fields say anything of its variable."""
        return self.weak is not None or self.mention.variable in self.known

    @property
    def field(self) -> Bounds | None:
        """What the fields leave of its variable, None where nothing."""
        return _field(self.mention.variable, self.known, self.weak)

    @property
    def counts(self) -> bool:
        """Whether the text gives this quantity without doubt."""
        return self.sure and self.said.given


def _field(variable: str, known: Mapping[str, Bounds], weak: Mention | None) -> Bounds | None:
    if variable in known or weak is None:
        return known.get(variable)
    return point(weak.value).widened(weak.rounding)


def spoken(judged: Judged) -> tuple[Spoken, ...]:
    """Return the quantities of an order's text that can be compared with its fields."""
    order = judged.order
    text = order.texts.get("text", "")
    if not text and order.said is None:
        return ()
    heard = said(text) if order.said is None else order.said
    found = (_spoken(each, judged) for each in heard if not order.coded or VARIABLE_OF_FIELD[each.field] in _RATES)
    return tuple(each for each in found if each is not None)


def _spoken(one: Said, judged: Judged) -> Spoken | None:
    order, limits = judged.order, judged.subject.knowledge.limits
    variable = VARIABLE_OF_FIELD[one.field]
    if not one.quantity.magnitude:
        return None
    made = mention(variable, one.quantity, "text", f"{order.pointer}/text", limits)._replace(text=one.text)
    if made.kind not in {"", judged.built.kind}:
        return None
    if one.field == of.CONCENTRATION and one.quantity.text is None and _is_diluted(order):
        return None  # what is diluted is no more what its label says
    known, weak = judged.solution.bounds, next((each for each in judged.built.weak if each.variable == variable), None)
    agrees = _repeats(made, judged.system.of(variable)) or any(
        _agree(made, each) for each in _allowed(made, known, weak, judged)
    )
    return Spoken(one, made, agrees, agrees or _is_own(one, order), known, weak)


def _repeats(made: Mention, written: tuple[Mention, ...]) -> bool:
    """Whether a text says a field's number again, for certain: nearly all do."""
    if type(made.value) is not Fraction:
        return False  # it is traced
    half = as_float(made.digit if made.variable in EXACT else made.rounding)
    value = as_float(made.value)
    return any(certainly_near(value, as_float(each.value), half + as_float(each.rounding)) for each in written)


def _allowed(made: Mention, known: Mapping[str, Bounds], weak: Mention | None, judged: Judged) -> Iterator[Bounds]:
    """Yield what the text may say: the field, as written or as it follows, its cap, a part of it, a label's amount."""
    order, system = judged.order, judged.system
    label = label_of(order, judged.subject)
    if label is not None and made.variable == of.DOSE:
        yield point(base_value(label.amount)[0])
    beside = (*judged.built.weak, *judged.built.system.mentions, *system.mentions)
    names = {made.variable, _CAP_OF.get(made.variable, "")}
    yield from (point(each.value).widened(each.rounding) for each in beside if each.variable in names)
    if made.variable == of.TIME:
        times = (order.fields.get(name) for name in ("give_over", "run_time"))
        yield from (point(base_value(each)[0]) for each in times if each is not None)
        if order.lasts is not None:
            yield point(base_value(order.lasts)[0])
    field = _field(made.variable, known, weak)
    if field is not None:
        yield field
        for share in text_shares(order.texts.get("text", "")):
            yield Bounds(field.low * share, None if field.high is None else field.high * share, field.middle * share)


def _agree(made: Mention, other: Bounds) -> bool:
    half = made.digit if made.variable in EXACT else made.rounding
    return point(made.value).widened(half).overlaps(other)


def _is_own(one: Said, order: Order) -> bool:
    """Whether the words beside a number leave no doubt that it is the order's own, and of what is given."""
    if one.doubtful or (one.field == of.CONCENTRATION and _is_diluted(order)):
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
    return "diluted_in" in order.texts or _DILUTED.search(order.texts.get("text", "")) is not None


def contradicting(heard: tuple[Spoken, ...]) -> tuple[Spoken, ...]:
    """Return the quantities of a text that contradict the fields.

    Where a text says the right number too, another may be of something else, and so may one beside which a word stands
    that is not the order's; unless it is that number in another unit.
    """
    if all(each.agrees for each in heard):
        return ()
    known = tuple(each for each in heard if each.has_field)
    right = {each.mention.variable for each in known if each.agrees}
    if _add_up(known):
        right.add(of.DOSE)
    found = []
    for each in known:
        if each.agrees:
            continue
        own = each.counts and each.mention.variable not in right
        if own and each.mention.variable == of.TIME and _speaks_of_steps(known):
            own = False
        in_other_unit = (each.said.given or not each.said.doubtful) and _is_in_other_unit(each)
        if own or in_other_unit:
            found.append(each)
    return tuple(found)


def _speaks_of_steps(known: tuple[Spoken, ...]) -> bool:
    """Whether a text says the right dose and another one: how long each of the two takes is not told apart."""
    doses = [each for each in known if each.mention.variable != of.TIME]
    return any(each.agrees for each in doses) and not all(each.agrees for each in doses)


def _is_in_other_unit(each: Spoken) -> bool:
    """Whether a number is the field's in another unit of time or mass; of a doubtful one exactly so."""
    if each.field is None:
        return False
    half = each.mention.rounding if each.sure else each.mention.rounding * 0
    reading = point(each.mention.value).widened(half)
    return any(
        reading.overlaps(
            Bounds(each.field.low * factor, each.field.high and each.field.high * factor, each.field.middle * factor)
        )
        for factor in _UNIT_FACTORS
    )


def _add_up(known: tuple[Spoken, ...]) -> bool:
    """Whether the doses that a text says are the parts of the order's dose."""
    doses = [each for each in known if each.mention.variable == of.DOSE]
    field = doses[0].field if doses else None
    if len(doses) < 2 or field is None:  # noqa: PLR2004  # one part is no sum
        return False
    total = sum((each.mention.value for each in doses), Fraction(0))
    half = sum((each.mention.rounding for each in doses), Fraction(0))
    return point(total).widened(half).overlaps(field)


def with_text(judged: Judged) -> Judged:
    """Return an order with what its text says of it: a mention like any other.

    What contradicts the fields is diagnosed together with them; what stands in the text alone joins the system.
    """
    if judged.solution.conflict is not None:
        return _beside_another(judged)
    heard = spoken(judged)
    if not heard:
        return judged
    found = list(judged.found)
    for each in contradicting(heard):
        system = judged.system.with_mention(each.mention)
        for weak in judged.built.weak:
            if weak.variable == each.mention.variable and weak.variable not in judged.solution.bounds:
                system = system.with_mention(weak)
        if not is_consistent(system):
            found += diagnoses(system, judged.context)
    if found:
        once = {each.repair.blamed.pointer + (each.repair.blamed.text): each for each in reversed(found)}
        return judged._replace(found=tuple(reversed(once.values())))
    return _joined(judged, heard)


def _beside_another(judged: Judged) -> Judged:
    """Return an order that contradicts itself with what its text contradicts besides, once that is repaired.

    A text that repeats the wrong number says nothing new.
    """
    from rescuecalc.rules.facts.dose_outside import healed  # noqa: PLC0415  # of two mistakes in one order

    made = healed(judged)
    if made is None:
        return judged
    system, known = made
    whole = judged._replace(system=system, solution=judged.solution._replace(bounds=known, conflict=None))
    written = {each.variable: each for each in judged.built.system.mentions}
    found = list(judged.found)
    for each in contradicting(spoken(whole)):
        field = written.get(each.mention.variable)
        asked = system.with_mention(each.mention)
        repeats = field is not None and _agree(each.mention, point(field.value).widened(field.rounding))
        if not repeats and not is_consistent(asked):
            found += [one for one in diagnoses(asked, judged.context) if one.repair.blamed.place == "text"]
    return judged._replace(found=tuple(found))


def _joined(judged: Judged, heard: tuple[Spoken, ...]) -> Judged:
    """Return an order with the doses that stand in its text alone, where the text says each once and without doubt."""
    system = judged.system
    for each in heard:
        variable = each.mention.variable
        same = [other for other in heard if other.mention.variable == variable]
        if each.counts and len(same) == 1 and not each.has_field and variable != of.TIME and not judged.order.coded:
            system = system.with_mention(each.mention)
    if system is judged.system:
        return judged
    solved = solution(system)
    return judged._replace(system=system, solution=solved) if solved.conflict is None else judged
