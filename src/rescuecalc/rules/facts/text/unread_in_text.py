"""What an order's text says of how much is given, in a way that no dose follows from: silence would be a claim."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.text import dose_words as words
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.denial import is_denied
from rescuecalc.core.orders.text.differences import differences
from rescuecalc.core.orders.text.free_text import elsewhere, is_clearance, uncapped
from rescuecalc.core.orders.text.vocabulary import BAGS, SYRINGES, VIALS, one_of
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Dose, DosePerKg
from rescuecalc.rules.facts.reference.product_label import strengths_of
from rescuecalc.rules.facts.reference.stroke_set import purpose_of
from rescuecalc.rules.facts.text.course_in_text import of_course
from rescuecalc.rules.facts.text.given_again import given_again
from rescuecalc.rules.facts.text.number_owner import is_of_another
from rescuecalc.rules.facts.text.own_clause import NO_RATE, in_own_clauses
from rescuecalc.rules.facts.text.told_in_words import in_words, undiluted
from rescuecalc.rules.facts.text.unknown_unit import in_unknown_unit
from rescuecalc.rules.facts.text.workings import workings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder
    from rescuecalc.rules.facts.text.workings import Working

_COUNT: Final = r"(?:(?:an?|the|[0-9]{1,3}|half|another|all|both|of) ){0,3}"
_CONTAINER: Final = one_of(BAGS, VIALS, SYRINGES)
_GIVEN_WHOLE: Final = lazy_pattern(
    rf"\b(?:(?:push|inject)(?:ing|ed)?|bolus(?:ing|ed)?(?! {_CONTAINER})) (?:of |in )?{_COUNT}(?:whole |entire |full )?"
    rf"{_CONTAINER}\b"
    rf"|\b(?:whole|entire|full|half)(?: of)?(?: the| an?)? (?:[0-9][0-9.,]{{0,6}} ?(?:mL|mg|mcg) )?"
    rf"(?:(?:[a-z]+ )?{_CONTAINER}|contents?)\b"
    r"|\b(?:whole|entire|full) (?:box|pack(?:et)?|strip|blister)\b|\bhandful\b"
    r"|\ball (?:of )?the (?:tablets|pills|capsules)\b"
    r"|\b(?:give|push|inject|administer|infuse) (?:all of it|(?:all|the rest|the remainder)(?: of)? (?:the |it\b))"
    rf"|\b(?:give|run|infuse|administer) {_COUNT}{_CONTAINER} (?:IV )?(?:over|within|in|as a bolus|by push|push)\b"
    rf"|\b(?:[0-9]{{1,3}}|half(?: an?| the)?) (?:[a-z]+ )?{_CONTAINER} (?:IV )?"
    r"(?:(?:undiluted|neat)? ?(?:by )?(?:slow |rapid )?(?:IV )?push|bolus|as a bolus|undiluted)",
    re.IGNORECASE,
)
"""A container that is given as a whole, at once or in a time; the bolus vial is a product's name."""
_WIDE_OPEN: Final = lazy_pattern(
    r"\b(?:wide[ -]open|run(?:ning)? open|as fast as (?:it\b|possible)|full speed|"
    r"maximum (?:rate|speed)(?: of the pump)?|gravity)\b",
    re.IGNORECASE,
)
_DROPS: Final = lazy_pattern(
    r"[0-9][0-9.,]{0,9} ?(?:(?:micro|macro)-?)?(?:gtts?|drops?|dpm\b)(?: ?(?:/|per|an?|every) ?[a-z]{1,9})?",
    re.IGNORECASE,
)
_TIMES: Final = lazy_pattern(
    r"(?<![\w.,/-])(?:by )?(?:(?:[2-9]|[1-9][0-9]{1,2}|two|three|four|five|ten) ?"
    r"(?:times\b(?! ?(?:a\b|per\b|daily|each|weekly|[0-9]))|-?fold\b)|(?:[2-9]|[1-9][0-9]{1,2}) ?"
    r"x(?= ?(?:$|[,;.\n]|(?:the |its )?(?:rate|dose|infusion|speed|bolus))))"
    r"(?: the| its)?(?: [a-z]{1,12})?(?: (?:rate|dose|infusion|speed|bolus))?"
    r"|(?<![\w.,/])[x\u00d7] ?(?:[2-9]|[1-9][0-9]{1,2}) (?:the )?(?:rate|dose|speed)\b"
    r"|\b(?:double|triple|quadruple|twice)(?: of)? (?:(?:the|its|this)(?: [a-z]{1,12})? "
    r"(?:rate|dose|infusion|drip|speed|bolus)|rate|dose|infusion|speed)\b"
    r"|\b(?:(?:rate|infusion|drip|speed) ?[x\u00d7*] ?(?:[2-9]|[1-9][0-9]{1,2})|"
    r"(?:dose|bolus) ?[x\u00d7*] ?(?:[3-9]|[1-9][0-9]{1,2}))\b"
    r"(?! ?(?:h|hr|hrs|hours?|min|minutes?|d|days?|kg|[x\u00d7*/=])\b)",
    re.IGNORECASE,
)
_OF_RATE: Final = lazy_pattern(
    r"\b(?:rate|dose|infusion|drip|speed|bolus|increas\w*|rais\w*|run|give|push|inject|infuse)\b", re.IGNORECASE
)
_BARE: Final = lazy_pattern(
    r"(?:\b(?:rate|pump (?:rate|at|to)|run(?:ning|s)?(?: at)?|set (?:to|at)|infuse at|dose|bolus|give|take)"
    r"(?: of| is| to| at|:|=)? ?|"
    r"(?<=[,;] )(?=[0-9]{1,6} (?:now|stat)\b))"
    r"(?P<number>[0-9]{1,6}(?:\.[0-9]{1,4})?)"
    r"(?= *(?:$|,(?![0-9])|[;)\n]|\.(?:\s|$)|(?:then|for|over|now|stat|once|daily)\b))",
    re.IGNORECASE,
)
_STEP_TO: Final = lazy_pattern(
    r"\b(?:increas\w*|rais\w*|escalat\w*|titrat\w*|turn(?: it)? up|turn|go(?: up)?|up|reduc\w*|decreas\w*|lower\w*|"
    r"chang\w*|switch|step)(?: (?:the|it|rate|dose|infusion|drip|pump|speed|up|down|slowly|this|by|may|can|be))* ?"
    r"(?:to|at|by|=) ?(?P<number>[0-9]{1,4}(?:\.[0-9]{1,4})?)"
    r"(?= ?(?:$|[,;)\n]|\.(?:\s|$)|(?:if|when|until|for|after|then|in|as|once|stat|now)\b))(?!,[0-9])"
    r"|(?:^|[,;] ?)(?:and )?then (?P<then>[0-9]{1,4}(?:\.[0-9]{1,4})?)(?= ?(?:$|[;\n]|\.(?:\s|$)))",
    re.IGNORECASE,
)
"""A rate without a unit to which an infusion is changed."""
_PUMP_IN_ML: Final = lazy_pattern(
    r"\b(?:(?:set|program\w*)(?: (?:the|iv))* pump|pump(?: rate)?(?: set)?|rate)(?: (?:rate|to|at|of|is|for))* ?[:=]? ?"
    r"(?:(?P<volume>[0-9]{1,4}(?:\.[0-9]{1,2})?) ?mL(?! ?(?:/|per\b|an? h|\w))"
    r"|(?P<number>[0-9]{2,4}(?:\.[0-9]{1,2})?|[0-9]\.[0-9]{1,2})(?= ?(?:$|[,;\n]|\.(?:\s|$))))",
    re.IGNORECASE,
)
"""A pump that is set to a volume, or to a bare number; one of a single digit may be the pump's own."""
_ALONE: Final = lazy_pattern(
    r"(?:^|[;,\n]) ?(?:(?:at|set(?: at| to)?|@) ?(?P<number>[0-9]{2,4}(?:\.[0-9]{1,2})?|[0-9]\.[0-9]{1,2})|"
    r"(?:at |set (?:at |to )?)?(?P<rate>[0-9]{1,4}(?:\.[0-9]{1,2})?) ?(?:/ ?h(?:r|our)?|per h(?:r|our)?))"
    r"(?= ?(?:$|[;,\n]))",
    re.IGNORECASE,
)
"""A clause that is a bare rate: `at 96`, `96/h`."""
_LONG: Final = lazy_pattern(
    r"(?:\b(?:for|over|run|runs|continue|keep)(?: for| running)?|[x\u00d7]) ?"
    r"(?:[0-9]{1,3}|an?|one|two|three|four|several) ?(?:weeks?|wks?|months?|years?)\b",
    re.IGNORECASE,
)
_OF_TABLETS: Final = lazy_pattern(
    r"\b(?:DAPT|dual|antiplatelets?|statins?|follow\w*|clinic|review\w*|rehab\w*|oral\w*|tablets?|tobacco|smok\w*)\b",
    re.IGNORECASE,
)
_AMOUNT: Final = lazy_pattern(
    r"(?<![A-Za-z0-9])(?P<number>[^\s;()A-Za-z]{0,20}[0-9\u00bc-\u00be\u2150-\u215e][^\s;()A-Za-z]{0,10}[EKM]?|"
    r"(?:half|quarter|third|dozen)(?: an?| of an?)?) ?[_-]?"
    r"(?P<unit>(?:mc?gs?|mg(?:ms?)?|mm(?=/)|gm|ug|(?-i:g)|ng|(?!gamma ?/)gam+as?|\u03b3|"
    r"micrograms?|milligram(?:me)?s?|grams?|mLs?|cc)"
    r"(?: ?(?:/|per) ?[A-Za-z]{1,10}){0,2})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_NO_MASS: Final = frozenset({"drug_units", "drug_equivalents", "drug_substance"})
_BLOOD: Final = lazy_pattern(r"\b(?:p?RBCs?|blood|platelets?|FFP|plasma|cryo\w*|cells)\b", re.IGNORECASE)
_MOST_ASKED: Final = 100
_LABORATORY: Final = lazy_pattern(r"(?:/|per) ?(?:d?l|u?l|mm3|day|d|dose|bag|vial)\b", re.IGNORECASE)


class UnreadDose(NamedTuple):
    """What a text says, and why no dose follows from it."""

    found: str
    why: str


def unread(order: Order, judged: SolvedOrder | None, knowledge: Knowledge) -> Iterator[UnreadDose]:
    """Yield what a text says of an amount that is given and that nothing was compared with, of the order's drug."""
    text = order.texts.get("text", "")
    order = judged.order if judged is not None else order  # with the kind that its text alone says
    told: list[str] = []
    for each in _all(order, text, judged, knowledge):
        is_told = any(each.found in one or one in each.found for one in told)
        if not is_told and not _is_anothers(each, order, text, knowledge):
            told.append(each.found)
            yield each


def _all(order: Order, text: str, judged: SolvedOrder | None, knowledge: Knowledge) -> Iterator[UnreadDose]:
    yield from _found(order, text, judged, knowledge)
    own = (UnreadDose(*each) for each in in_own_clauses(order, text, judged))
    yield from (each for each in own if not is_denied(text, at := text.find(each.found), at + len(each.found)))
    if judged is not None:
        from rescuecalc.rules.facts.text.counted_in_text import counted  # noqa: PLC0415  # of an order with a text alone

        yield from (UnreadDose(found, why) for found, why in counted(judged))


def _is_anothers(each: UnreadDose, order: Order, text: str, knowledge: Knowledge) -> bool:
    at = text.find(each.found)
    begin, end = clause_at(text, at)
    behind = text[at + len(each.found) : end]
    return is_of_another(order.drug, text[begin:at], behind, text[:begin], knowledge)


def _found(order: Order, text: str, judged: SolvedOrder | None, knowledge: Knowledge) -> Iterator[UnreadDose]:
    for pattern, why in (
        (_GIVEN_WHOLE, "how much of its container is given was compared with no dose"),
        (_WIDE_OPEN, NO_RATE),
        (_DROPS, "how much a drop holds is not known"),
    ):
        yield from (UnreadDose(each, why) for each in _given(_not_denied(pattern, text), text))
    worked = tuple(workings(judged, text)) if judged is not None else ()
    yield from (UnreadDose(each.found, _OF_NO_FIELD) for each in worked if not each.is_of_field)
    is_elsewhere = judged is not None and purpose_of(judged.subject).is_another
    yield from _in_words(order, text, knowledge, worked, is_elsewhere=is_elsewhere)
    of_rates = (each for each in _not_denied(_TIMES, text) if _OF_RATE.search(text, *clause_at(text, each.start())))
    for found in _given(of_rates, text):
        yield UnreadDose(found, "a multiple of a dose was compared with no dose")
    yield from _without_unit(order, text)
    yield from _in_other_units(order, text)
    yield from (UnreadDose(each, "its unit is not read") for each in in_unknown_unit(text))
    yield from _of_infusion(order, text)
    yield from _not_in_mass(order, text, knowledge)


def _in_words(
    order: Order, text: str, knowledge: Knowledge, worked: tuple[Working, ...], *, is_elsewhere: bool
) -> Iterator[UnreadDose]:
    told = list(in_words(order, text, [(each.begin, each.end) for each in worked]))
    known = knowledge.drugs.get(order.drug)  # an inhibitor's bolus has a rule of its own where it is given once more
    lysis = knowledge.agent_facts().thrombolytics.get(order.drug) if known is None else None
    again = given_again(
        order,
        once_is_enough=known is None and not (lysis is not None and is_elsewhere),
        boluses=known.boluses if known is not None else 1,
        is_one_bolus=lysis is not None and lysis.is_one_bolus,
    )
    told += ((each, _REPEATED) for each in again)
    told += of_course(order, text)
    if order.given_as == "infusion" and _has_concentrate(order, knowledge):
        told += undiluted(text)
    for found, why in islice(dict(told).items(), _MOST_ASKED):
        before = text[clause_at(text, text.find(found))[0] : text.find(found)]
        if words.DENIED.search(before) is None:
            yield UnreadDose(found, why)


_OF_NO_FIELD: Final = "what comes of it is no number of the order"
_REPEATED: Final = "doses that are repeated were compared with no dose"


def _has_concentrate(order: Order, knowledge: Knowledge) -> bool:
    """Whether a product of an order's drug is stronger than all that is infused of it."""
    infused = strengths_of(order.drug, knowledge, "infusion")
    return bool(infused and strengths_of(order.drug, knowledge) - infused)


def _given(
    matches: Iterable[re.Match[str]], text: str, unless: tuple[re.Pattern[str], ...] = (words.DENIED,)
) -> Iterator[str]:
    """Yield what matches and no words before it take back, each once.

    Of a text that says more than anybody reads the words before are asked no longer: it takes the square of its length.
    """
    known: set[str] = set()
    asked = 0
    for match in matches:
        if match[0] in known:
            continue
        asked += 1
        before = text[clause_at(text, match.start())[0] : match.start()] if asked <= _MOST_ASKED else ""
        if not any(each.search(before) for each in unless):
            known.add(match[0])
            yield match[0]


def _not_denied(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield what matches, without what is denied, or is left over and given to nobody."""
    for match in islice(pattern.finditer(text), _MOST_ASKED):
        if not is_denied(text, *match.span()) and words.LEFT_BEHIND.match(text, match.end()) is None:
            yield match


def _without_unit(order: Order, text: str) -> Iterator[UnreadDose]:
    numbers = [each.magnitude for each in order.fields.values()]
    others = (match for match in _BARE.finditer(text) if not any(each == Fraction(match["number"]) for each in numbers))
    for found in _given(others, text):
        yield UnreadDose(found, "a number without a unit can be compared with no dose")


def _of_infusion(order: Order, text: str) -> Iterator[UnreadDose]:
    """Yield the bare rates to which an infusion is changed or set, and a time that no infusion runs."""
    if order.given_as != "infusion":
        return
    asked = ((_STEP_TO, words.CHECKED), (_PUMP_IN_ML, _VOLUME), (_ALONE, words.CHECKED))
    for pattern, unless in ((pattern, (words.DENIED, other)) for pattern, other in asked):
        others = (each for each in pattern.finditer(text) if not _is_of_field(each, order))
        for found in _given(others, text, unless):
            yield UnreadDose(found.strip(" ;,\n"), "a number without a unit can be compared with no dose")
    long = (each for each in _LONG.finditer(text) if _OF_TABLETS.search(text, *clause_at(text, each.start())) is None)
    for found in _given(long, text, (words.DENIED, words.CHECKED)):
        yield UnreadDose(found, "its unit is not read")


def _is_of_field(match: re.Match[str], order: Order) -> bool:
    """Whether a field of the order has one of the numbers that a pattern found."""
    found = {Fraction(number) for number in match.groups() if number}
    return any(each.magnitude in found for each in order.fields.values())


_VOLUME: Final = lazy_pattern(r"\b(?:VTBI|volume|total|infused|limit)\b", re.IGNORECASE)


def _not_in_mass(order: Order, text: str, knowledge: Knowledge) -> Iterator[UnreadDose]:
    """Yield the amounts in units, mmol or mEq that a text says to give: all doses that sources state are in mass.

    The labels of a thrombolytic are printed in units as well: beside the dose in mass they are that dose again.
    """
    numbers = (*order.numbers_in_text(), *elsewhere(text))
    is_lysis = knowledge.is_thrombolytic(order.drug)
    for each in numbers:
        if each.quantity.unit.parts[0].dimension in _NO_MASS:
            begin, end = clause_at(text, each.at)
            before, behind = text[begin : each.at], text[each.at + len(each.text) : end]
            is_given = words.INJECTED.search(before) or words.INJECTED.match(behind) or not before.strip()
            is_restated = is_lysis and _restates(each, order, numbers)
            is_blood = _BLOOD.search(text, begin, end) is not None
            if is_given and not (is_restated or is_blood) and words.DENIED.search(before) is None:
                yield UnreadDose(each.text, "it is in another kind of unit than every dose of the drug")


def _restates(one: Said, order: Order, numbers: tuple[Said, ...]) -> bool:
    """Whether a dose in units stands beside one in mass, and is not the same number in a wrong unit."""
    all_of_it = (*order.fields.values(), *(said.quantity for said in numbers))
    doses = [each for each in all_of_it if isinstance(each, (Dose, DosePerKg)) and isinstance(each, type(one.quantity))]
    in_mass = [each.magnitude for each in doses if each.is_mass()]
    return bool(in_mass) and one.quantity.magnitude not in in_mass


_IN_CONTAINERS: Final = lazy_pattern(r"\b(?:vial|amp(?:oule|ule)?|bag|bottle|syringe)s? ?/$", re.IGNORECASE)
"""Before a volume: what a container is diluted in, `1 vial/250 mL`."""
_MOST_BEFORE: Final = 12


def _in_other_units(order: Order, text: str) -> Iterator[UnreadDose]:
    known = (*order.numbers_in_text(), *elsewhere(text), *(result for _, result in uncapped(text)))
    read = [(each.at, each.at + len(each.text)) for each in known]
    read += differences(text)
    others = (
        match
        for match in _AMOUNT.finditer(text)
        if _LABORATORY.search(match["unit"]) is None
        and not is_clearance(match["unit"].lower(), text, match.start(), match[0])
        and not any(begin < match.end() and match.start() < end for begin, end in read)
        and _IN_CONTAINERS.search(text, max(0, match.start() - _MOST_BEFORE), match.start()) is None
    )
    for found in _given(others, text, (words.DENIED, words.MEASURED)):
        yield UnreadDose(found, "its unit is not read")
