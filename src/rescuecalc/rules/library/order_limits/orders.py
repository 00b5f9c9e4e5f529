"""RC80x: an order set against a pump library: which entry an order is given by, and what the pump does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.suggestions import SIMILARITY, nearest
from rescuecalc.core.library.pump_library import STRENGTH
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.rules.base.memo import Shared
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.order_model.judged_order import judged_made, judged_of
from rescuecalc.rules.facts.order_model.model_wording import quantity_text
from rescuecalc.rules.facts.order_model.pump_entries import (
    BY_HAND,
    BY_PUMP,
    Fitting,
    fitting,
    given_by,
    strength_of,
    use_of_order,
)
from rescuecalc.rules.library.order_limits.asked_order import MatchedOrder
from rescuecalc.rules.library.order_limits.limit_hits import BOLUS_DOSE, HARD, SOFT, UNIT, Coded, allowed
from rescuecalc.rules.library.order_limits.text_limits import of_text
from rescuecalc.rules.library.order_limits.verdicts import Verdict, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.limits import LimitSet
    from rescuecalc.core.library.pump_library import Area, Entry, LibraryUse
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import DosingWeight
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

NO_DRUG: Final = "RC801"
NO_STRENGTH: Final = "RC802"
WEIGHT: Final = "RC810"
NO_AREA: Final = "RC812"
LEFT_OPEN: Final = "RC814"
LIST_ONLY: Final = "RC816"

_NAMED: Final = 3
"""Entries that a message names."""

_MOST: Final = 40
"""Entries of different limits that an order is compared with: a drug has some ten in an area."""


def _found(subject: Subject) -> Iterator[Coded]:
    use = subject.knowledge.library
    if use is None:
        return
    yield from _area(subject, use)
    yield from _patient(subject, use)
    judged = [each for each in subject.order_set.orders if each.given_as in {"infusion", "bolus"}]
    found = [(order, tuple(_of_order(order, subject, use_of_order(order, use)))) for order in judged]
    # What is worked out for each product that may be chosen: one that the pump takes is enough.
    free = {order.choose_one for order, hits in found if not order.texts and not any(map(_is_error, hits))}
    for order, hits in found:
        is_choice = order.choose_one is not None and order.choose_one in free and not order.texts
        # That the drug is not in the library is said of what a pump gives whatever is chosen.
        yield from (_as_note(each) for each in hits if each.code != NO_DRUG) if is_choice else hits
    compared = any(use.library.entries_of(each.drug) for each in judged)
    if compared and not use.library.is_pump:
        message = f"limits are those of {use.library.name}, the site's list: no pump enforces them"
        yield Coded(LIST_ONLY, Hit(message, (use.library.source,)), Severity.NOTE)


def _is_error(each: Coded) -> bool:
    return each.severity is Severity.ERROR


def _as_note(each: Coded) -> Coded:
    """Return what is found of a product that need not be chosen, which is no error."""
    note = Severity.NOTE
    return Coded(each.code, each.hit._replace(severity=note), note) if _is_error(each) else each


FOUND: Final = Shared(_found)
"""What a library says of an order set: the rules all need it, each reports its own."""


def _area(subject: Subject, use: LibraryUse) -> Iterator[Coded]:
    """Yield the hit of each care area that the set or one of its orders names, and that the library does not have."""
    order_set = subject.order_set
    named = [("/care_area", order_set.texts.get("care_area"))]
    named += [(each.at("care_area"), each.texts.get("care_area")) for each in order_set.orders]
    known = [each.name for each in use.library.areas.values()]
    for pointer, text in named if known else ():
        if text is None or use.library.area(text) is not None:
            continue
        hint = nearest(text, known, folded=False) or f"; it has {_some(known)}"
        message = f"the care area {quoted(text)} is not in {use.library.name}{hint}"
        yield Coded(NO_AREA, Hit(message, (use.library.source,), pointer, text), Severity.ERROR)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def _patient(subject: Subject, use: LibraryUse) -> Iterator[Coded]:
    """Yield the hit of a patient's weight that a care area of the orders, or the only one, does not take."""
    weight, only = subject.order_set.weight, list(use.library.areas.values())
    own = only[0] if len(only) == 1 else None
    found = (use_of_order(each, use).area or own for each in subject.order_set.orders)
    for area in {each.name: each for each in found if each is not None}.values():
        if weight is not None and area.weight is not None:
            yield from _weight(weight, area, area.weight, use)


def _weight(weight: DosingWeight, area: Area, limits: LimitSet, use: LibraryUse) -> Iterator[Coded]:
    end = limits.passed(base_value(weight)[0])
    if end is None:
        return
    severity = Severity.ERROR if end.is_hard else Severity.WARNING
    side = "above" if end.name.endswith("max") else "below"
    does = "stops" if end.is_hard else "will alarm"
    message = (
        f"the weight {weight} is {side} the {end.words} {end} of {area.name} in {use.library.name}: the pump {does}"
    )
    hit = Hit(message, (use.library.source,), "/dosing_weight", weight.text or str(weight), severity=severity)
    yield Coded(WEIGHT, hit, severity)


def _of_order(order: Order, subject: Subject, use: LibraryUse) -> Iterator[Coded]:
    judged = judged_of(order, subject) if order.texts else judged_made(order, subject)
    if judged is None:
        return
    order = judged.order  # as it is meant
    volume = judged.solution.bounds.get(of.VOLUME)
    given = given_by(order, subject, volume.low if volume is not None else None)
    if order.given_as not in {"infusion", "bolus"} or (given == BY_HAND and use.library.is_pump):
        return
    strength = strength_of(judged)
    fit = fitting(order, subject, use, strength)
    absent = _absent(fit, judged, use, given)
    entries = fit.strength or (fit.condition if absent is not None and absent.code == NO_STRENGTH else ())
    asked = MatchedOrder(judged, use, given)
    verdicts = [verdict(each, asked) for each in entries[:_MOST]]
    best = max(verdicts, key=lambda each: each.mildness, default=None)
    if absent is not None or best is None:
        # The dose is compared all the same: that it is too high must not wait until the concentration is right.
        yield from (absent,) if absent is not None else ()
        yield from _of_dose(best)
        yield from of_text(entries[:_MOST], judged, use)
        return
    yield from best.hits
    yield from of_text(entries[:_MOST], judged, use)
    yield from _nurse_choice(best, verdicts, fit, judged, use, left_out=len(entries) - len(verdicts))


def _of_dose(best: Verdict | None) -> Iterator[Coded]:
    """Yield what an entry of another concentration says of the ordered dose, which hangs on none."""
    for each in best.hits if best is not None else ():
        if each.code in {UNIT, HARD, SOFT, BOLUS_DOSE} and not each.hit.pointer.endswith("/pump_rate"):
            yield each


def _absent(fit: Fitting, judged: SolvedOrder, use: LibraryUse, given: str) -> Coded | None:
    """Return the hit of an order that no entry is for.

    It has no code, and is not reported, where nothing says that a pump gives it, and of a site's list.
    """
    library, order = use.library, judged.order
    if fit.strength:
        return None
    if not fit.condition:
        is_needed = given == BY_PUMP and library.is_pump
        severity = Severity.ERROR if is_needed else Severity.NOTE
        return Coded(NO_DRUG if is_needed else "", _no_drug(fit, order, use), severity)
    strength = strength_of(judged)
    known = list(dict.fromkeys(_strength_words(each) for each in fit.condition))
    text = strength.text if strength is not None else ""
    message = f"the concentration {text} of {order.drug} is not in {library.name}: it has {_some(known)}"
    pointer = strength.pointer if strength is not None else order.pointer
    severity = Severity.ERROR if given == BY_PUMP else Severity.NOTE
    expected, ends = _one_strength(fit.condition, judged), _typed_range(fit.condition, strength)
    found = order.texts.get(strength.place, text) if strength is not None and strength.place != "text" else text
    hit = Hit(message, (library.source,), pointer, found, expected, expected_range=ends, severity=severity)
    return Coded(NO_STRENGTH, hit, severity)


def _strength_words(entry: Entry) -> str:
    if entry.concentration is not None and entry.amount is not None:
        return f"{entry.strength} ({entry.concentration})"
    limits = entry.limits.get(STRENGTH)
    ends = [f"{end.words} {end}" for end in limits.in_order() if end.is_hard] if limits is not None else []
    return f"{entry.strength} ({', '.join(ends)})" if ends else entry.strength


def _typed_range(entries: tuple[Entry, ...], strength: Mention | None) -> tuple[str | None, str | None] | None:
    """Return within which a typed-in concentration passes, where the library has one entry and that is its."""
    limits = entries[0].limits.get(STRENGTH) if len(entries) == 1 else None
    return allowed(limits, strength.quantity) if limits is not None and strength is not None else None


def _one_strength(entries: tuple[Entry, ...], judged: SolvedOrder) -> str | None:
    """Return the concentration that heals an order, where the library has just one, in the unit that is written."""
    values = {base_value(each.concentration)[0] for each in entries if each.concentration is not None}
    strength = strength_of(judged)
    if len(values) != 1 or strength is None or strength.place != "concentration":
        return None
    if any(each.concentration is None for each in entries):
        return None
    return quantity_text(values.pop(), strength.quantity)


def _no_drug(fit: Fitting, order: Order, use: LibraryUse) -> Hit:
    library, pointer = use.library, order.at("drug")
    if not fit.drug:
        near = nearest(order.drug, library.drugs, cutoff=SIMILARITY)
        message = f"{_name(order.drug)} is not in {library.name}: the pump has no entry and no limits for it{near}"
    elif fit.unread and len(fit.unread) == len(fit.drug):
        message = f"no entry of {_name(order.drug)} in {library.name} can be read ({_lines(fit.unread)})"
    elif not fit.area:
        areas = list(dict.fromkeys(each.care_area for each in fit.drug if each.care_area))
        message = f"{_name(order.drug)} is not in {_area_name(use.area)} of {library.name}: it is in {_some(areas)}"
    else:
        conditions = list(dict.fromkeys(each.words for each in fit.area))
        message = (
            f"no entry of {_name(order.drug)} in {library.name} is for this patient: there are {_some(conditions)}"
        )
    return Hit(message, (library.source,), pointer, order.texts.get("drug"))


def _name(drug: str) -> str:
    return drug if drug.isprintable() and len(drug) <= _LONGEST else quoted(drug)


_LONGEST: Final = 40


def _area_name(area: Area | None) -> str:
    return area.name if area is not None else "any care area"


def _lines(entries: tuple[Entry, ...]) -> str:
    lines = [str(each.line) for each in entries]
    return f"line{'s' if len(lines) > 1 else ''} {_some(lines)}"


def _nurse_choice(
    best: Verdict, verdicts: list[Verdict], fit: Fitting, judged: SolvedOrder, use: LibraryUse, left_out: int
) -> Iterator[Coded]:
    """Yield the note that the nurse chooses between entries by which the pump does not do the same."""
    does = best.words
    others = [each for each in verdicts if each is not best and each.words != does]
    unread = [each for each in fit.unread if not use.area or not each.care_area or each.care_area == use.area.name]
    if not others and not unread and not left_out:
        return
    choices = [f"{each.entry.words} (line {each.entry.line}) {each.words}" for each in others[:_NAMED]]
    more = f", and {len(others) - _NAMED:,} more" if len(others) > _NAMED else ""
    if unread:
        choices.append(f"{_lines(tuple(unread))} cannot be read and was not compared")
    if left_out:
        choices.append(f"{left_out:,} more entries were not compared: name the care area")
    message = f"by {best.entry.words} (line {best.entry.line}) the pump {does}; {'; '.join(choices)}{more}"
    message = f"{message}: the nurse chooses the entry" if others else message
    yield Coded(LEFT_OPEN, Hit(message, (use.library.source,), judged.order.pointer), Severity.NOTE)
