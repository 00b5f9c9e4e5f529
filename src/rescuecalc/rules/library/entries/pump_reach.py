"""RC833: maxima that no pump reaches at an entry's concentration, and those that are too low for any pump."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.library.limits import HARD_MAX, HARD_MIN, INITIAL, SOFT_MAX, SOFT_MIN
from rescuecalc.core.library.pump_library import DOSE
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model.mention import base_value, in_mL_per_h
from rescuecalc.core.quantities.decimal_text import people_number
from rescuecalc.rules.facts.order_model.model_wording import rounded
from rescuecalc.rules.library.entries.contents import contradicts_amount, flow_of, most_flow, weights_of
from rescuecalc.rules.library.entries.entry_differences import units_differ
from rescuecalc.rules.library.entries.entry_products import wrong_strengths
from rescuecalc.rules.library.entries.limit_slips import slipped
from rescuecalc.rules.library.entries.published_doses import held_dose
from rescuecalc.rules.library.entries.pump_limits import beyond_any_pump, slowest
from rescuecalc.rules.library.hits import at_limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.limits import LimitSet
    from rescuecalc.core.library.pump_library import Entry
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.base.rule import Hit
    from rescuecalc.rules.library.hits import InLibrary

_TENTHS: Final = 10


def never_binds(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the maxima that need a faster pump at every usual weight, and those below the slowest rate of a pump.

    An entry whose strength or unit is wrong has no findings here, since RC834 and RC835 say why.
    """
    yield from beyond_any_pump(known, knowledge)
    explained = slipped(known, knowledge) | wrong_strengths(known, knowledge) | _otherwise_wrong(known, knowledge)
    for entry in known.entries:
        limits = entry.limits.get(DOSE) if entry.number not in explained else None
        found = next(_out_of_reach(entry, limits, known, knowledge), None) if limits is not None else None
        if found is not None:
            yield found


def _otherwise_wrong(known: InLibrary, knowledge: Knowledge) -> frozenset[int]:
    """Return the numbers of the entries whose unit, strength or first limit is not that of the drug's others."""
    hits = (*units_differ(known, knowledge), *contradicts_amount(known, knowledge))
    return frozenset(int(each.pointer.split("/")[2]) for each in hits)


def _out_of_reach(entry: Entry, limits: LimitSet, known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    lightest, heaviest = weights_of(entry, knowledge)
    most = most_flow(entry, knowledge)
    pump = f"{rounded(in_mL_per_h(most))} mL/h"
    for end in (limits.get(name) for name in (HARD_MIN, SOFT_MIN, INITIAL, SOFT_MAX, HARD_MAX)):
        flow = flow_of(end, limits, entry) if end is not None else None
        if end is None or flow is None:
            continue
        per, is_per_kg = flow
        if per * (lightest if is_per_kg else 1) <= most:
            continue
        if end.name not in {SOFT_MAX, HARD_MAX}:
            weight = f" at {people_number(lightest)} kg" if is_per_kg else ""
            message = f"the {end.words} {end} of {entry.words} needs more than {pump}{weight}: nothing of it can run"
            yield at_limit(known.use, entry, end.name, message, end, severity=Severity.ERROR)
            continue
        below = (most / per * _TENTHS).__ceil__() / Fraction(_TENTHS) if is_per_kg else None
        reached = f"is reached only below {people_number(below)} kg" if below is not None else "is never reached"
        span = f" (no effect from {people_number(lightest)} to {people_number(heaviest)} kg)" if below else ""
        message = f"the {end.words} {end} of {entry.words} {reached} at {pump}{span}"
        # Where no maximum lies below it, whatever the pump can run passes without an alarm.
        is_first = end.name == SOFT_MAX or limits.get(SOFT_MAX) is None
        is_alone = bool(limits.kind) and INITIAL not in limits.ends and held_dose(entry, limits, knowledge) is None
        severity = Severity.ERROR if is_first and is_alone else Severity.WARNING
        yield at_limit(known.use, entry, end.name, message, end, severity=severity)
    yield from _too_slow(entry, limits, known, knowledge)


def _too_slow(entry: Entry, limits: LimitSet, known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the maximum, else the initial value, at which even the heaviest gets less than the pump's slowest rate."""
    least = knowledge.once(("slowest rate of library",), lambda: slowest(known, knowledge))
    _, heaviest = weights_of(entry, knowledge)
    for end in (limits.get(SOFT_MAX) or limits.get(HARD_MAX), limits.get(INITIAL)):
        flow = flow_of(end, limits, entry) if end is not None else None
        if end is None or flow is None or not flow[0]:
            continue
        per, is_per_kg = flow
        if per * (heaviest if is_per_kg else 1) >= base_value(least)[0]:
            continue
        weight = f" at {people_number(heaviest)} kg" if is_per_kg else ""
        message = f"the {end.words} {end} of {entry.words} is less than {least} of {entry.concentration}{weight}"
        message = f"{message}: no pump runs so slowly"
        hit = at_limit(known.use, entry, end.name, message, end, severity=Severity.ERROR)
        yield hit._replace(cause=entry.at(end.name))
