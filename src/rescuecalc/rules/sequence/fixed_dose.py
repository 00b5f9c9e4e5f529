"""RC636: an inhibitor whose dose is not fixed: titrated, given as needed, changed on the way, a bolus repeated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.text.denial import is_denied
from rescuecalc.core.orders.text.field_frequency import frequency_in_words
from rescuecalc.core.orders.text.frequency import is_as_needed, is_known_to_recur
from rescuecalc.core.orders.text.text_words import BESIDE, CLAUSE
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.sentence import WIDE_SENTENCE_STOP
from rescuecalc.rules.base.rule import Hit, declared, example_set
from rescuecalc.rules.facts.agents import antiplatelet_orders, inhibitors
from rescuecalc.rules.facts.analgesic_use import analgesic_use
from rescuecalc.rules.facts.order_model.own_words import is_own_word
from rescuecalc.rules.facts.text.frequency_in_text import place_of_frequency, with_text_frequency
from rescuecalc.rules.facts.text.named_drug import last_drug

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_TITRATED: Final = lazy_pattern(r"\b(?:(?:up|down)-?)?(?:titrat\w*)|\b(?:PRN|p\.r\.n\.)", re.IGNORECASE)
_AS_NEEDED: Final = lazy_pattern(r"\b(?:as|when|if) (?:needed|required|necessary)\b(?! by\b)", re.IGNORECASE)
_NEEDED_ALONE: Final = lazy_pattern(
    r"(?:^|[;,.\n]) ?(?:give |bolus |dose |IV )?(?:as|when|if) (?:needed|required|necessary)\b(?! by\b)", re.IGNORECASE
)
"""A clause that begins with it: what is given is the order's own."""
_AGAIN: Final = lazy_pattern(
    r"\bre-?bolus\w*|\bre-?load\w*|\bre-?dos(?:e|ing)\b"
    r"|\b(?:repeat\w*|second|2nd|another|additional|extra|further|supplement\w*)\b(?: the"
    r"| a| IV| IA| same| half| [0-9.]{1,6} ?mcg/kg)* (?:bolus\w*|load(?:ing)?\b|dose\b)"
    r"|\bbolus\w* (?:may|can|should|to) be (?:repeated|given again)",
    re.IGNORECASE,
)
_REPEATED: Final = lazy_pattern(
    r"\b(?:give|administer|inject|push)\b(?: it| this| the| same| bolus| dose){0,3} (?:again|another|twice)\b"
    r"|\b(?:may|can|should|to) be (?:repeated|given (?:again|twice))\b"
    r"|\brepeat(?:s|ed)?(?: it| this| the| same| bolus| dose){0,3} (?:once|twice|after|in|every|if|"
    r"(?:x ?)?[0-9]{1,3})"
    r"|\b(?:another|additional|extra|further|second|2nd|third|3rd)(?: (?:IV|IA))? [0-9.]{1,6} ?m?c?g(?:/kg)?\b(?!/)",
    re.IGNORECASE,
)
"""Says that something is given again without naming it: the order's own dose, where no other thing is named before."""
_OWN: Final = (
    r"(?: (?:the|this|its|infusion|maintenance|drip|tirofiban|aggrastat|eptifibatide|integrilin|abciximab|cangrelor))*"
)
_CHANGED: Final = lazy_pattern(
    rf"\b(?:increas|rais|escalat|wean|taper)\w*{_OWN} (?:rate|infusion|drip|dose)\b"
    r"|\b(?:taper|wean)\w*(?: off| down)? over\b"
    rf"|\bdoubl(?:e|ing){_OWN} (?:rate|infusion|drip)\b"
    r"|\b(?:increas|rais|escalat|go up)\w*\b[^.;\n]{0,12}[0-9.]{1,6} ?(?:mcg/kg|mL/h|%)|\bturn(?:ed|ing)? up\b"
    r"|\b(?:rate|infusion|drip|dose) (?:may|can|should|to) be (?:doubl|increas|rais|escalat|adjust)\w*"
    rf"|\badjust\w*{_OWN} (?:rate|infusion|drip|dose)\b[^.;\n]{{0,30}}"
    r"\b(?:effect|response|platelet|PRU|ACT|TICI|flow|paten\w*|angiogra\w*|bleed\w*|reocclu\w*)\b",
    re.IGNORECASE,
)
_BY_PATIENT: Final = lazy_pattern(
    r"\b(?:CrCl|clearance|e?GFR|renal|kidney|dialysis|weight|kg\)|label|allerg\w*)\b|\b(?:stop|before the start)\b",
    re.IGNORECASE,
)
"""What a dose may depend on before it starts: then it is chosen, and not changed on the way."""


def _not_fixed(subject: Subject) -> Iterator[Hit]:
    yield from _repeated_infusions(subject)
    yield from _changed_in_text(subject)
    for order in inhibitors(subject):
        yield from _by_field(order, subject)
        for name, patterns in (("frequency", (_TITRATED, _AS_NEEDED)), ("text", (_TITRATED, _NEEDED_ALONE))):
            text = order.texts.get(name, "")
            found = (match for each in patterns for match in each.finditer(text))
            words = [
                each[0] for each in found if _is_own(each, text, order) and not _is_of_another(each, order, subject)
            ]
            if words:
                yield _adjusted(order, f"{order.pointer}/{name}", words[0], subject)
    yield from _oral_as_needed(subject)


_ONLY_IF: Final = lazy_pattern(
    r"\bonly (?:if|when|for) (?:(?:the|there is|he|she|patient|has|any|chest|severe) )*(?:pain|headache|angina|"
    r"discomfort|symptoms|symptomatic)\b",
    re.IGNORECASE,
)


def _oral_as_needed(subject: Subject) -> Iterator[Hit]:
    """Yield the antiplatelets that are taken as needed: every source gives them at fixed times."""
    for order, agent in antiplatelet_orders(subject):
        if agent.infused or order.of or analgesic_use(order, subject):
            continue
        as_needed = list(_fields_of_need(order))
        for name in ("frequency", "text"):
            text = order.texts.get(name, "")
            patterns = (_TITRATED, _AS_NEEDED, _ONLY_IF) if text else ()
            as_needed += [
                (name, each[0]) for one in patterns for each in one.finditer(text) if _is_own(each, text, order)
            ]
        for name, word in as_needed[:1]:
            message = f"{order.drug} {quoted(word)}: every source gives it at fixed times, and not as needed"
            yield Hit(message, agent.sources, order.at(name), word)


def _by_field(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the fields that say of themselves that a dose is titrated, or given as needed."""
    if order.titration is not None:
        yield _adjusted(order, f"{order.pointer}/titrate", "titrate", subject)
    yield from (
        _adjusted(order, order.at(name), name if name == "prn" else text, subject)
        for name, text in _fields_of_need(order)
    )


def _fields_of_need(order: Order) -> Iterator[tuple[str, str]]:
    """Yield the fields that say that a drug is given as needed: `prn`, and a frequency such as `bei Bedarf`."""
    if is_as_needed(order.texts.get("prn")):
        yield "prn", order.texts["prn"]
    often = order.texts.get("frequency", "")
    if often != (words := frequency_in_words(often)) and words == "as needed":
        yield "frequency", often


def _adjusted(order: Order, pointer: str, word: str, subject: Subject) -> Hit:
    message = f"{order.drug} by {quoted(word)}: every source gives it at a fixed dose for a stated time"
    return Hit(message, subject.knowledge.drugs[order.drug].sources, pointer, word)


def _repeated_infusions(subject: Subject) -> Iterator[Hit]:
    for order in map(with_text_frequency, subject.order_set.orders):
        drug = subject.knowledge.drugs.get(order.drug)
        if (
            drug is not None
            and order.given_as == "infusion"
            and is_known_to_recur(order.frequency)
            and not any(_by_field(order, subject))
        ):
            message = f"the infusion of {order.drug} is ordered {order.frequency}: every source runs it once"
            yield Hit(message, drug.sources, place_of_frequency(order), order.frequency, "once")


_SENTENCE: Final = lazy_pattern(WIDE_SENTENCE_STOP)
_SAYING: Final = frozenset(
    (
        "may",
        "once",
        "bolus",
        "repeat",
        "repeated",
        "again",
        "extra",
        "additional",
        "another",
        "then",
        "if",
        "needed",
        "take",
        "tablet",
        "to",
        "q",
        "every",
    )
)
_TO_EFFECT: Final = frozenset(
    ("to", "per", "by", "as", "up", "down", "rate", "the", "this", "every", "until", "for", "if")
)


def _is_of_another(match: re.Match[str], order: Order, subject: Subject) -> bool:
    """Whether the drug named last before a word in its sentence is another one: `start nicardipine 5 mg/h and titrate`.

    An oral agent is not titrated, and says nothing of what follows.
    """
    knowledge = subject.knowledge
    before = _SENTENCE.split(match.string[: match.start()])[-1]
    named = last_drug(before, knowledge)
    return named not in {"", order.drug} and knowledge.drug_class(named) not in {DrugClass.COX, DrugClass.P2Y12_ORAL}


def _is_own(match: re.Match[str], text: str, order: Order) -> bool:
    """Whether `titrate` or `PRN` is said of the order itself: not denied, and of no other drug or thing."""
    before = text[: match.start()]
    if is_denied(text, *match.span()) or before.lower().endswith("non-"):
        return False
    if "titrat" in match[0].lower():
        following = re.match(r" ([A-Za-z]+)", text[match.end() :])
        word = following[1].lower() if following else ""
        return not word or word in _TO_EFFECT or is_own_word(word, order)
    preceding = (word.lower() for word in re.findall(r"[A-Za-z]{2,}", CLAUSE.split(before)[-1]))
    return all(word in _SAYING or word in BESIDE or is_own_word(word, order) for word in preceding)


def _changed_in_text(subject: Subject) -> Iterator[Hit]:
    """Yield the texts that repeat a bolus of which every source gives one, or change the rate on the way."""
    for order in inhibitors(subject):
        drug = subject.knowledge.drugs[order.drug]
        for sentence in _SENTENCE.split(order.texts.get("text", "")):
            again = _repeats(sentence, order) if drug.boluses == 1 else None
            changed = _CHANGED.search(sentence) if not _BY_PATIENT.search(sentence) else None
            match = again or changed
            if match is None or is_denied(sentence, *match.span()) or _TITRATED.search(sentence):
                continue
            if changed is not None and match is changed and _is_of_another(match, order, subject):
                continue
            source_words = (
                "no source repeats it" if again else "every source gives it at a fixed dose for a stated time"
            )
            message = f"{order.drug}, {quoted(match[0])}: {source_words}"
            yield Hit(message, drug.sources, f"{order.pointer}/text", match[0])
            break


def _repeats(sentence: str, order: Order) -> re.Match[str] | None:
    """Return the words with which a sentence has a bolus given again."""
    found = _AGAIN.search(sentence)
    if found is None and (order.given_as != "bolus" or _IN_ALL.search(sentence) is not None):
        return None
    own = (each for each in _REPEATED.finditer(sentence) if _is_own(each, sentence, order))
    return found or next(own, None)


_IN_ALL: Final = lazy_pattern(r"\b(?:total|maximum|max|in all)\b", re.IGNORECASE)
"""Says how much the parts of a dose come to: that sum is judged, as a dose is."""


_DRIP: Final = "drug: tirofiban, route: IV, kind: infusion, start: +0 h, run_time: 24 h"

RULES = (
    declared(
        "RC636",
        "titrated-or-as-needed",
        Severity.ERROR,
        _not_fixed,
        "khachatryan-2023 us-label eu-label antiplatelet-doses",
        checks="A GP IIb/IIIa inhibitor that is titrated, PRN or given as needed, whose rate changes during the "
        "infusion, or whose bolus is repeated although its sources give one; an oral antiplatelet as needed.",
        why="There is no effect to titrate to: every source gives it at a fixed dose per kg for a stated time.",
        fails=example_set(f"{_DRIP}, text: titrate to effect"),
        passes=example_set(f"{_DRIP}, text: fixed rate; do not titrate"),
        remedy="Order a fixed dose and a stop.",
        limits="`titrate`, `prn` and the frequency `as needed` count as fields; in a text PRN, titrate, another "
        "bolus and a changed rate count. A dose that depends on clearance or weight is chosen before the "
        "start.",
    ),
)
