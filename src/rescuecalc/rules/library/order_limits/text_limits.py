"""The doses that an order's text mentions beside its own, against the hard limits: its maximum, a step, a bolus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.library.pump_library import BOLUS, DOSE
from rescuecalc.core.orders.bounds import point
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.vocabulary import any_word
from rescuecalc.rules.facts.order_model.pump_entries import BY_PUMP, is_told_by_hand
from rescuecalc.rules.facts.text.text_doses import doses_of
from rescuecalc.rules.library.numbers import Number
from rescuecalc.rules.library.order_limits.asked_order import MatchedOrder
from rescuecalc.rules.library.order_limits.limit_hits import BOLUS_DOSE, HARD, Coded, passed_limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.limits import LimitSet
    from rescuecalc.core.library.pump_library import Entry, LibraryUse
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder
    from rescuecalc.rules.facts.text.text_doses import TextDose


def of_text(entries: tuple[Entry, ...], judged: SolvedOrder, use: LibraryUse) -> Iterator[Coded]:
    """Yield the doses of an order's text that every entry stops which the order may be given by, each once."""
    seen: set[str] = set()
    for each in doses_of(judged) if entries and "text" in judged.order.texts else ():
        dose = next((one for one in each.judged.system.mentions if one.place == "text"), None)
        if dose is None or each.is_label or not each.is_measured or dose.text in seen or not _is_by_pump(each, judged):
            continue
        found = [_stopped(entry, each, use) for entry in entries]
        if all(found):
            seen.add(dose.text)
            yield from found[0]


def _is_by_pump(each: TextDose, judged: SolvedOrder) -> bool:
    """Whether a pump gives a dose of a text: a rate, or what its clause calls a bolus, and nobody pushes."""
    if each.judged.order.given_as == "infusion":
        return True
    text = judged.order.texts["text"]
    dose = next(one for one in each.judged.system.mentions if one.place == "text")
    begin, end = clause_at(text, max(text.find(dose.text), 0))
    return _BOLUS.search(text, begin, end) is not None and not is_told_by_hand(judged.order)


_BOLUS = any_word(r"bolus\w*", r"load\w*")


def _stopped(entry: Entry, each: TextDose, use: LibraryUse) -> tuple[Coded, ...]:
    """Return the hard limit of an entry that a dose of a text passes; a bolus that it does not allow is no limit."""
    is_bolus = each.judged.order.given_as == "bolus"
    limits, code = entry.limits.get(BOLUS if is_bolus else DOSE), BOLUS_DOSE if is_bolus else HARD
    kinds = {one.kind for one in each.judged.system.mentions if one.place == "text"}
    if limits is None or (limits.kind and not {"", limits.kind} & kinds):
        return ()
    asked = MatchedOrder(each.judged, use, BY_PUMP)
    found = passed_limits(code, code, limits, _number(limits, each, asked), entry, asked)
    is_most = each.is_cap  # what is at most given may be less
    return tuple(
        one
        for one in found
        if one.severity is Severity.ERROR and not (is_most and one.limit is not None and one.limit.name.endswith("min"))
    )


def _number(limits: LimitSet, each: TextDose, asked: MatchedOrder) -> Number | None:
    """Return a dose of a text as it is written, else as it follows with the weight and the strength."""
    own = next((one for one in each.judged.system.of(limits.variable) if one.place == "text"), None)
    return Number(own.span or point(own.value), own) if own is not None else asked.ordered(limits.variable)
