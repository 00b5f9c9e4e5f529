"""RC64x: how a bolus is drawn, a line is left, and the parts of one course follow each other."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.bridging.antiplatelet import P2Y12
from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.prose import watched_texts
from rescuecalc.core.orders.text.denial import is_denied
from rescuecalc.core.orders.text.text_words import SENTENCE
from rescuecalc.core.orders.text.vocabulary import FLUIDS, one_of
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Dose, DoseRatePerKg
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.regimen.timeline import DISCONNECT
from rescuecalc.rules.base.rule import Hit, declared, example_set
from rescuecalc.rules.facts.agents import infused, inhibitors, of_class
from rescuecalc.rules.facts.concurrent_orders import both_given, end_of
from rescuecalc.rules.sequence.bridge import first_orders, infusion_stop, timed_orders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.bridging.antiplatelet import Antiplatelet
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_BAG: Final = r"\b(?:bag|(?:infusion |premix(?:ed)? )?container|premix(?:ed)?(?: bag)?)\b"
_TAKEN: Final = (
    r"(?:\b(?:draw(?:n|s|ing)?|withdraw(?:n|s|ing)?|aspirat\w*|syringes?)\b"
    r"|\b(?:pull(?:s|ed)?|remov\w*|tak(?:e|en)|obtain\w*)\b[^.;]{0,20}\b(?:bolus|mL)\b)"
)
_PUSHED: Final = r"\b(?:manual|hand)[- ]?(?:push|bolus)\w*\b"
_DRAWN: Final = lazy_pattern(
    rf"{_TAKEN}(?:[^.;]|\.(?=[0-9])){{0,60}}{_BAG}|{_PUSHED}[^.;]{{0,40}}{_BAG}|{_BAG}[^.;]{{0,40}}{_PUSHED}"
    rf"|{_BAG} (?:and|then) (?:with)?draw\w*"
    rf"|{_BAG}[^.;]{{0,40}}\b(?:by|with|in|into|using|via) (?:an? )?(?:[0-9]+ ?mL )?syringe\b",
    re.IGNORECASE,
)
_FLUID: Final = rf"(?:\b{one_of(FLUIDS)}\b|\b0\.9 ?%)"
_DILUENT: Final = lazy_pattern(
    rf"{_FLUID}[^.;]{{0,15}}{_BAG}|{_BAG}[^.;]{{0,15}}{_FLUID}|\b(?:then|and) (?:add|replace)"
    r"|^(?!.*\bbolus).*\bthen inject [0-9.]{1,6} ?mg\b(?! ?/kg| IV)",
    re.IGNORECASE,
)
"""In a sentence about a bag it is the diluent that is drawn out, as the concentrate's label says."""
_LINE: Final = r"\b(?:line|tubing|cannula|catheter)\b"
_FLUSHED: Final = lazy_pattern(
    rf"\bflush(?:es|ed|ing)?\b|\b(?:purg|rins|clear|wash|empt)\w*\b[^.;]{{0,20}}{_LINE}"
    r"|\bchas(?:e|er|ing)\b[^.;]{0,30}\b(?:mL|saline|NS)\b"
    rf"|\b(?:saline|NaCl|NS)\b[^.;]{{0,20}}\b(?:through|via|by|into|down)\b[^.;]{{0,12}}{_LINE}"
    rf"|\b(?:run|infuse|give|push|deliver)\w*\b[^.;]{{0,20}}\b(?:residual|remain\w*"
    rf"|rest|left in)\b[^.;]{{0,40}}{_LINE}",
    re.IGNORECASE,
)
_BY_HAND: Final = lazy_pattern(r"\b(?:push(?:ed)?|IVP|vial|syringe)\b", re.IGNORECASE)
_BY_PUMP: Final = lazy_pattern(rf"{_LINE}|{_BAG}|\b(?:infus|drip|pump)", re.IGNORECASE)
_BESIDE_DRIP: Final = lazy_pattern(rf"{_BAG}|\b(?:infus|drip|pump|tubing|premix)|\b(?:the|IV) line\b", re.IGNORECASE)
_OTHER_LINE: Final = lazy_pattern(
    r"\bbefore (?:the |it is |it |being |tirofiban )*(?:connect|start|infus|use)\w*"
    r"|\b(?:separate|another|second|other) (?:IV|line)"
    r"|\b(?:NG|OG|G|J|PEG|feeding|gastric|enteral|nasogastric|dobhoff)[ -]?t(?:ube)?\b|\b(?:arterial|art|A)[ -]line\b"
    r"|\bflush\w* (?:the )?(?:saline|heparin|hep)[ -]?lock\b"
    r"|\b(?:heparini[sz]ed|pressuri[sz]ed|sheath|guide catheter)(?: saline| NS)? flush\w*|\bflush\w*[^.;]{0,30}\bangio"
    r"|\bheparin flush\w* (?:of|for|to|in) (?:the |an? )?(?:arterial |femoral |radial )?sheath\b"
    r"|\bflush\w* (?:of )?(?:the )?(?:arterial |femoral |radial )?sheath with hep",
    re.IGNORECASE,
)
"""A line that holds no drug yet, or is another one."""
_PRIMED: Final = lazy_pattern(r"\b(?:air|prim(?:e|ed|ing))\b", re.IGNORECASE)
"""It is air that is let out of the line before the start."""


def _texts(subject: Subject, running: tuple[Order, ...]) -> Iterator[tuple[str, str]]:
    """Yield the texts that are about the inhibitor: of its own orders, and those of the set as a whole."""
    made = subject.order_set
    named = tuple({order.drug for order in running})
    for order in made.orders if running else ():
        text = order.texts.get("text", "")
        if text and (order.drug in named or any(drug in text.lower() for drug in named)):
            yield f"{order.pointer}/text", text
    yield from watched_texts(made) if running else ()


def _wording(
    pattern: re.Pattern[str], subject: Subject, running: tuple[Order, ...], other: re.Pattern[str]
) -> Iterator[tuple[str, str]]:
    for pointer, text in _texts(subject, running):
        for sentence in SENTENCE.split(text):
            match = pattern.search(sentence)
            if match is None or _PRIMED.search(sentence) or other.search(sentence):
                continue
            if not is_denied(sentence, *match.span()):
                yield pointer, match[0]


def _drawn(subject: Subject) -> Iterator[Hit]:
    for pointer, words in _wording(_DRAWN, subject, infused(subject), _DILUENT):
        message = (
            f"{quoted(words)}: the label forbids drawing a bolus from a bag with a syringe; program the bolus on the "
            "pump, or draw it from the vial"
        )
        yield Hit(message, (), pointer, words)


def _flushed(subject: Subject) -> Iterator[Hit]:
    orders = subject.order_set.orders
    pushed = {f"{each.pointer}/text" for each in orders if _is_pushed(each)}
    for pointer, words in _wording(_FLUSHED, subject, inhibitors(subject), _OTHER_LINE):
        if pointer not in pushed:
            yield Hit(f"{quoted(words)}: the line holds more than a bolus: {DISCONNECT}", (), pointer, words)


def _is_pushed(order: Order) -> bool:
    """Whether a dose is given from a syringe: a flush behind it takes that through the cannula, and no more."""
    text = order.texts.get("text", "")
    if order.given_as == "bolus" and _BESIDE_DRIP.search(text) is None:
        return True
    return _BY_HAND.search(text) is not None and _BY_PUMP.search(text) is None


_PAUSED: Final = lazy_pattern(
    r"\b(?:stop|hold|paus|interrupt|suspend|off)\w*\b(?:[^.;]{0,30}\bfor|"
    r"(?: (?!(?:at|after|by|nach|um|bei)\b)[A-Za-z]+){0,3}) "
    r"(?P<hours>[0-9]{1,2}(?:\.[0-9])?) ?(?:h|hrs?|hours?)\b(?! ?(?:before|prior|after|later|from|of|post|pre)\b)",
    re.IGNORECASE,
)


def _paused(subject: Subject) -> Iterator[Hit]:
    """Yield the texts of an infusion that stop it for longer than a course may rest."""
    longest = subject.knowledge.limits.longest_gap
    for order in inhibitors(subject):
        for sentence in SENTENCE.split(order.texts.get("text", "")):
            match = _PAUSED.search(sentence)
            if match is None or Fraction(match["hours"]) <= longest.value_in("h"):
                continue
            if not is_denied(sentence, *match.span()):
                message = f"{order.drug}, {quoted(match[0])}: nothing keeps the artery open in the meantime"
                yield Hit(message, (), f"{order.pointer}/text", match[0])


def _gap(subject: Subject) -> Iterator[Hit]:
    yield from _paused(subject)
    by_drug: dict[str, list[Order]] = {}
    for order in inhibitors(subject):
        by_drug.setdefault(order.drug, []).append(order)
    for orders in by_drug.values():
        yield from _between_infusions(orders, subject)
        yield from _bolus_before(orders, subject)


def _is_long(earlier: Offset, later: Offset, subject: Subject) -> bool:
    return later > earlier.plus(subject.knowledge.limits.longest_gap)


def _length(earlier: Offset, later: Offset) -> str:
    return Offset(later.seconds - earlier.seconds).spoken.removeprefix("+")


_NEAR: Final = 40
"""Orders of a course that are compared with one of it: all of thousands would take minutes."""


def _at(order: Order) -> Offset:
    return order.start or Offset.start()


def _between_infusions(orders: list[Order], subject: Subject) -> Iterator[Hit]:
    timed = sorted((each for each in orders if each.given_as == "infusion" and each.start is not None), key=_at)
    for place, later in enumerate(timed):
        before = (each for each in timed[max(0, place - _NEAR) : place] if _at(each) < _at(later))
        ends = [end_of(each) for each in before if both_given(each, later)]
        last = max((end for end in ends if end is not None), default=None)
        if last is not None and None not in ends and _is_long(last, _at(later), subject):
            message = (
                f"{later.drug} is not infused for {_length(last, _at(later))}, from {last.spoken} to "
                f"{_at(later).spoken}: the infusions of one course have to follow each other"
            )
            yield Hit(message, (), later.at("start"), str(later.start), str(last))


def _bolus_before(orders: list[Order], subject: Subject) -> Iterator[Hit]:
    drips = [each for each in orders if each.given_as == "infusion" and each.start is not None][:_NEAR]
    for bolus in (each for each in orders if each.given_as == "bolus" and each.start is not None):
        first = min((_at(each) for each in drips if both_given(bolus, each)), default=None)
        given = end_of(bolus) or _at(bolus)
        if first is not None and _is_long(given, first, subject):
            message = (
                f"the bolus of {bolus.drug} at {given.spoken} comes {_length(given, first)} before its infusion: by "
                "then it has worn off"
            )
            yield Hit(message, (), bolus.at("start"), str(bolus.start), str(first))


def _after_stop(subject: Subject) -> Iterator[Hit]:
    yield from _oral_after_stop(subject)
    running = inhibitors(subject)
    stops: dict[str, list[Offset | None]] = {}
    for order in running:
        if order.given_as == "infusion" and not order.load:
            stops.setdefault(order.drug, []).append(end_of(order))
    # Of each drug once: a set may hold thousands of orders.
    last_of = {
        drug: max(known) for drug, ends in stops.items() if len(known := [end for end in ends if end]) == len(ends)
    }
    for order in running:
        last = last_of.get(order.drug)
        is_load = order.given_as == "bolus" or order.load
        if not is_load and _is_faster(order, running):
            last, is_load = (
                max((end_of(each) or _at(order) for each in running if each is not order), default=last),
                True,
            )
        if is_load and order.start is not None and last is not None and order.start >= last:
            message = f"{order.drug} is loaded at {order.start.spoken}, after its infusion has stopped at {last.spoken}"
            yield Hit(message, (), order.at("start"), str(order.start), severity=Severity.ERROR)


_AFTER_STOP: Final = lazy_pattern(
    r"\b(?:after|once|when|following)\b[^.;]{0,30}\b(?:tirofiban|eptifibatide|aggrastat|cangrelor|kengrexal|kengreal|infusion|drip)\b[^.;]{0,20}"
    r"\b(?:stop(?:s|ped|ping)?|ends?|ended|complete\w*|finish\w*|discontinu\w*|off|done)\b"
    r"|\b(?:after|following) (?:the )?(?:stop|end|completion|discontinuation) of (?:the )?"
    r"(?:tirofiban|eptifibatide|aggrastat|cangrelor|infusion|drip)\b",
    re.IGNORECASE,
)
"""A first dose that waits for the stop; `before` or `prior to` it is an overlap."""


def _text_after_stop(subject: Subject) -> Iterator[Hit]:
    running = infused(subject)
    for order, _ in first_orders(timed_orders(subject)) if running else ():
        for sentence in SENTENCE.split(order.texts.get("text", "")):
            match = _waits_for_stop(sentence)
            if match is not None:
                message = f"{order.drug} {quoted(match[0])}: there is no overlap"
                sources = subject.knowledge.bridging().overlaps[0].sources
                yield Hit(message, sources, f"{order.pointer}/text", match[0], "before the stop")


def says_after_stop(text: str) -> bool:
    """Whether a text gives its drug only after an infusion has stopped."""
    return any(_waits_for_stop(sentence) is not None for sentence in SENTENCE.split(text))


def _waits_for_stop(sentence: str) -> re.Match[str] | None:
    match = _AFTER_STOP.search(sentence)
    if match is None or "before" in sentence.lower() or is_denied(sentence, *match.span()):
        return None
    return match


def _is_faster(order: Order, running: tuple[Order, ...]) -> bool:
    """Whether an infusion follows slower ones of its drug that have all ended: a load that comes too late."""
    rate = order.quantity("dose_rate_per_kg", DoseRatePerKg)
    others = [
        each
        for each in running[:_NEAR]
        if each is not order and each.drug == order.drug and each.given_as == "infusion"
    ]
    ends = [end_of(each) for each in others]
    if rate is None or order.start is None or not others or any(end is None or end > order.start for end in ends):
        return False
    rates = [each.quantity("dose_rate_per_kg", DoseRatePerKg) for each in others]
    return all(each is not None and each.unit.shape == rate.unit.shape and rate.exceeds(each) for each in rates)


def _after_cangrelor(subject: Subject) -> Iterator[Hit]:
    """Yield the first oral P2Y12 inhibitor where it comes when the effect of cangrelor is gone: it follows at once."""
    cangrelor = of_class(subject, DrugClass.P2Y12_IV) if not infused(subject) else []
    running = [each for each in cangrelor if each.given_as == "infusion"]
    ends = [end for each in running if (end := end_of(each)) is not None]
    offset = subject.knowledge.bridging().offsets.get(running[0].drug) if running else None
    oral = [order for order, agent in timed_orders(subject) if agent.group == P2Y12 and not agent.infused]
    starts = [order.start for order in oral if order.start is not None]
    if offset is None or not starts or len(starts) < len(oral) or len(ends) < len(running):
        return
    stop, first = max(ends), min(starts)
    if first > stop.plus(offset.latest):
        order = next(each for each in oral if each.start == first)
        message = (
            f"{order.drug} starts {_length(stop, first)} after {running[0].drug} stops: {offset.words}, and an oral "
            "load follows at once"
        )
        yield Hit(message, offset.sources, order.at("start"), str(first), str(stop))


def _oral_after_stop(subject: Subject) -> Iterator[Hit]:
    yield from _text_after_stop(subject)
    yield from _after_cangrelor(subject)
    stop = infusion_stop(subject)
    for order, agent in first_orders(timed_orders(subject)) if stop is not None else ():
        if stop is None or order.start is None or order.start <= stop or _has_onset(order, agent):
            continue
        length = _length(stop, order.start)
        message = f"{order.drug} {order.route} starts {length} after the infusion stops: there is no overlap"
        sources = subject.knowledge.bridging().overlaps[0].sources
        yield Hit(message, sources, order.at("start"), str(order.start), str(stop))


def _has_onset(order: Order, agent: Antiplatelet) -> bool:
    """Whether an onset is stated for the order's dose on its route; then RC603 says what the overlap lacks."""
    return agent.onset(order.quantity("dose", Dose), order.route) is not None


_DRIP: Final = "drug: tirofiban, route: IV, kind: infusion, start: {0}, run_time: 12 h"
_BOLUS: Final = "drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, start: {0}, give_over: 5 min"

RULES = (
    declared(
        "RC642",
        "bolus-drawn-from-bag",
        Severity.ERROR,
        _drawn,
        "tirofiban-labels",
        checks="Texts that draw a bolus of a GP IIb/IIIa inhibitor from a bag with a syringe.",
        why="The label forbids it: a bag is punctured, and {products.bag-250.concentration:mcg/mL} mcg/mL is "
        "mistaken for {products.concentrate-50.concentration:mcg/mL} mcg/mL.",
        fails=example_set(f"{_BOLUS.format('+0 h')}, text: draw 16 mL from the bag"),
        passes=example_set(f"{_BOLUS.format('+0 h')}, text: never draw it from the bag"),
        remedy="Program the bolus on the pump, or draw it from the bolus vial.",
        limits="A sentence that forbids it is not reported.",
    ),
    declared(
        "RC643",
        "line-flushed",
        Severity.WARNING,
        _flushed,
        "line-volumes practice",
        checks="Texts beside a GP IIb/IIIa inhibitor, or cangrelor, that flush the line.",
        why="A 20 mL line holds more than a stroke bolus.",
        fails=example_set(f"{_DRIP.format('+0 h')}, text: flush the line at the end"),
        passes=example_set(f"{_DRIP.format('+0 h')}, text: do not flush the line"),
        remedy="Disconnect the line at the cannula.",
        limits="A sentence that forbids it is not reported, nor a flush behind a push by hand; texts of other drugs' "
        "orders are not read.",
    ),
    declared(
        "RC644",
        "course-interrupted",
        Severity.WARNING,
        _gap,
        "rescuecalc",
        checks="The time between two infusions of one GP IIb/IIIa inhibitor, or of cangrelor, and between its bolus "
        "and its infusion, against one hour.",
        why="Nothing keeps the artery open in the meantime.",
        fails=example_set(_DRIP.format("+0 h"), _DRIP.format("+16 h")),
        passes=example_set(_DRIP.format("+0 h"), _DRIP.format("+12 h")),
        remedy="Correct the times, or state why the course is interrupted.",
        limits="Only if the times are stated. The hour is a limit of rescuecalc.",
    ),
    declared(
        "RC645",
        "load-after-stop",
        Severity.WARNING,
        _after_stop,
        "rescue-bt-2022 overlap-practice onset-times cangrelor-label",
        severities=(Severity.ERROR,),
        checks="The first dose of an antiplatelet by a route without a stated onset, or a bolus or load of the "
        "inhibitor itself (an error), after the infusion has stopped; the first oral P2Y12 inhibitor more than "
        "{bridging.offsets.cangrelor.latest} after the stop of cangrelor.",
        why="There is no overlap then.",
        fails=example_set(_DRIP.format("+0 h"), "drug: aspirin, route: PR, kind: dose, dose: 300 mg, start: +14 h"),
        passes=example_set(_DRIP.format("+0 h"), "drug: aspirin, route: PR, kind: dose, dose: 300 mg, start: +8 h"),
        remedy="Give it before the infusion stops.",
        limits="For a dose with a stated onset, RC603 reports the missing overlap.",
    ),
)
