"""RC83x: what the limits of a library do to the doses of protocols and labels, to a tenfold error, and to rounding."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.library.limits import HARD_MAX, HARD_MIN, INITIAL, SOFT_MAX, SOFT_MIN
from rescuecalc.core.library.pump_library import BOLUS, DOSE
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model import mention as of
from rescuecalc.rules.facts.order_model.model_wording import rounded
from rescuecalc.rules.library.entries.limit_slips import JUDGED, slipped
from rescuecalc.rules.library.entries.published_doses import held_dose
from rescuecalc.rules.library.entries.stated_doses import stated
from rescuecalc.rules.library.hits import at_limit
from rescuecalc.rules.library.numbers import in_unit, ordered
from rescuecalc.rules.library.order_limits.effects import effects, steps_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.limits import Limit, LimitSet
    from rescuecalc.core.library.pump_library import Entry
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.base.rule import Hit
    from rescuecalc.rules.library.entries.published_doses import PublishedDose
    from rescuecalc.rules.library.hits import InLibrary
    from rescuecalc.rules.library.numbers import Number
    from rescuecalc.rules.library.order_limits.effects import Effect, Step
    from rescuecalc.rules.library.order_limits.limit_hits import Coded

_TENFOLD: Final = 10


def _effects(known: InLibrary, knowledge: Knowledge) -> tuple[Effect, ...]:
    return knowledge.once(("effects in library",), lambda: tuple(_every_effect(known, knowledge)))


def _every_effect(known: InLibrary, knowledge: Knowledge) -> Iterator[Effect]:
    for drug, entries in known.by_drug():
        for protocol in known.use.protocols:
            if protocol.drug == drug:
                for step in steps_of(protocol, knowledge):
                    yield from effects(entries, step, known.use)


def _severity(known: InLibrary, severity: Severity) -> Severity:
    """Return how much a finding about a protocol weighs: of one that nobody chose it is a note."""
    return severity if known.use.are_named else Severity.NOTE


def _passed(known: InLibrary, knowledge: Knowledge, codes: frozenset[str], severity: Severity) -> Iterator[Hit]:
    """Yield a hit for each limit that doses pass, with the doses; where the unit is wrong RC834 says more."""
    wrong = slipped(known, knowledge)
    found: dict[tuple[int, str], list[tuple[Effect, Coded]]] = {}
    for effect in _effects(known, knowledge):
        for each in effect.verdict.hits:
            entry = effect.verdict.entry
            if each.code in codes and each.severity is severity and each.limit and entry.number not in wrong:
                found.setdefault((entry.number, each.column), []).append((effect, each))
    for passing in found.values():
        yield _at_column(passing, known, severity)


def _at_column(passing: list[tuple[Effect, Coded]], known: InLibrary, severity: Severity) -> Hit:
    (first, coded), entry = passing[0], passing[0][0].verdict.entry
    does = "stops" if severity is Severity.ERROR else "alarms at"
    doses = [f"{effect.step.words}{_times(each)}" for effect, each in passing]
    more = f"; and {len(doses) - _NAMED} more" if len(doses) > _NAMED else ""
    end = coded.limit
    message = f"the {end.words if end else ''} {end} of {entry.words} {does} {'; '.join(doses[:_NAMED])}{more}"
    hit = at_limit(known.use, entry, coded.column, message, end, None, _severity(known, severity))
    return hit._replace(sources=(known.use.library.source, *first.step.protocol.sources))


def _times(each: Coded) -> str:
    factor = each.hit.factor
    far = factor is not None and not _NEAR[0] < factor < _NEAR[1]
    return f" ({rounded(factor)} times the limit)" if factor is not None and far else ""


_NAMED: Final = 3
"""Doses that a message names."""

_NEAR: Final = (Fraction(2, 3), Fraction(3, 2))
_HARD: Final = frozenset(("RC804", "RC807", "RC808"))
_SOFT: Final = frozenset(("RC805", "RC807", "RC808"))


def stops(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the hard limits that a protocol's dose passes, and those that let no published dose of the drug run."""
    closed = {(entry.number, column): hit for entry, column, hit in _closed(known, knowledge)}
    for hit in _passed(known, knowledge, _HARD, Severity.ERROR):
        number, column = hit.pointer.split("/")[2:]
        own = closed.pop((int(number), column), None)
        yield hit if own is None or known.use.are_named else hit._replace(severity=own.severity)
    yield from closed.values()


def _closed(known: InLibrary, knowledge: Knowledge) -> Iterator[tuple[Entry, str, Hit]]:
    """Yield the hard limits outside of which all lies that is published of a drug, whoever chose a protocol.

    Of a drug of the catalogue every dose is held, and nothing can run: an error. A thrombolytic has other doses too.
    """
    for entry in known.entries:
        for name, prefix in JUDGED.items():
            limits = entry.limits.get(name)
            held = held_dose(entry, limits, knowledge) if limits is not None else None
            if limits is None or held is None or entry.number in slipped(known, knowledge):
                continue
            low, high = limits.get(HARD_MIN), limits.get(HARD_MAX)
            is_renal = any(each.name == "creatinine_clearance" for each in entry.conditions)
            least = held.low if is_renal else held.full_low
            end = high if high is not None and high.value < least else low
            if end is not None and (end is high or end.value > held.high):
                column = f"{prefix}{end.name}"
                message = f"the {end.words} {end} of {entry.words} stops all that is published of {entry.drug}: "
                severity = Severity.ERROR if entry.drug in knowledge.drugs else Severity.WARNING
                hit = at_limit(known.use, entry, column, message + held.words, end, severity=severity)
                yield entry, column, hit._replace(sources=(known.use.library.source, *held.sources))


def alarms(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the soft limits that a protocol's dose passes."""
    yield from _passed(known, knowledge, _SOFT, Severity.WARNING)


def no_bolus(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield a note for each entry that allows no bolus, with the protocols that give one: by hand, out of a vial."""
    found: dict[int, list[Effect]] = {}
    for effect in _effects(known, knowledge):
        if any(each.code == "RC806" for each in effect.verdict.hits):
            found.setdefault(effect.verdict.entry.number, []).append(effect)
    for given in found.values():
        entry, doses = given[0].verdict.entry, [each.step.words for each in given]
        more = f"; and {len(doses) - _NAMED} more" if len(doses) > _NAMED else ""
        message = f"{entry.words} allows no bolus, so that these are given by hand: {'; '.join(doses[:_NAMED])}{more}"
        yield at_limit(known.use, entry, "drug", message, None, severity=Severity.NOTE)._replace(found=entry.name)


def tenfold(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the entries that let ten times the usual dose pass: without any alarm, or with a soft stop alone."""
    for entry in known.entries:
        for name, prefix in JUDGED.items():
            limits = entry.limits.get(name)
            usual = _usual(entry, limits, name, known, knowledge) if limits is not None else None
            if limits is not None and usual is not None and entry.number not in slipped(known, knowledge):
                yield from _ten_times(entry, limits, usual, prefix, known)
            elif limits is not None and usual is None:
                yield from _open_ended(entry, limits, prefix, known)


def _open_ended(entry: Entry, limits: LimitSet, prefix: str, known: InLibrary) -> Iterator[Hit]:
    """Yield the limits of a drug of which no dose is known that have no maximum, or one far above the minimum."""
    if _is_open(limits, is_dose=not prefix):
        ends = "a minimum and no maximum: any dose above it" if limits.has_any else "no limit: any dose"
        message = f"{entry.words} has {ends} passes without an alarm"
        yield at_limit(known.use, entry, f"{prefix}{HARD_MAX}", message, None)
        return
    low, high = limits.get(SOFT_MIN), limits.get(SOFT_MAX)
    if prefix and limits.kind and high is not None and HARD_MAX not in limits.ends:
        message = f"{entry.words} has no hard maximum: ten times the {high.words} {high} passes with a soft stop only"
        yield at_limit(known.use, entry, f"{prefix}{SOFT_MAX}", message, high, severity=Severity.WARNING)
    if limits.kind and low is not None and high is not None and 0 < low.value * _FAR_APART <= high.value:
        factor = rounded(high.value / low.value)
        message = f"the {high.words} {high} of {entry.words} is {factor} times its {low.words} {low}"
        yield at_limit(known.use, entry, f"{prefix}{SOFT_MAX}", f"{message}: a thousandfold dose passes", high)


_FAR_APART: Final = 10**3
"""Soft limits further apart were written in two units; the doses of a drug lie some hundredfold apart at most."""


def _is_open(limits: LimitSet, *, is_dose: bool) -> bool:
    """Whether a dose is bounded from below alone, or not at all; a flow is bounded by the pump.

    A bolus without any limit is one that the entry does not allow.
    """
    is_stated = is_dose or limits.has_any
    return is_stated and bool(limits.kind) and not {SOFT_MAX, HARD_MAX} & limits.ends.keys()


class _Usual(NamedTuple):
    """A dose that ten times of must not pass, in words; ``published`` is the highest that a source states, if any.

    ``end`` is the initial value or soft maximum where it is one, and ``is_too_low`` where it is below all
    that is published.
    """

    value: Fraction
    words: str
    published: Fraction | None = None
    end: Limit | None = None
    is_too_low: bool = False


def _ten_times(entry: Entry, limits: LimitSet, usual: _Usual, prefix: str, known: InLibrary) -> Iterator[Hit]:
    hard, soft = limits.get(HARD_MAX), limits.get(SOFT_MAX)
    value = usual.value * _TENFOLD
    if not value or (hard is not None and value > hard.value):
        return
    is_soft = soft is not None and value > soft.value
    # A hard maximum that is set, and that ten times what is published does not pass, is a wrong number and no gap.
    is_wrong = hard is not None and usual.published is not None and hard.value >= usual.published * _TENFOLD
    ten = f"{rounded(in_unit(value, limits.unit))} {limits.unit.name}"
    how = "with a soft stop only" if is_soft else "without an alarm"
    message = f"ten times {usual.words}, {ten}, passes {how} by {entry.words}"
    severity = Severity.WARNING if is_soft and not is_wrong else Severity.ERROR
    end = usual.end if usual.is_too_low else hard or soft
    column = f"{prefix}{end.name if end is not None else HARD_MAX}"
    cause = entry.at(f"{prefix}{usual.end.name}") if usual.end is not None else ""
    yield at_limit(known.use, entry, column, message, end, severity=severity)._replace(cause=cause)


def unstated_initial_values(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the initial values that no source states, and the doses far above them all that pass without an alarm."""
    for entry in known.entries:
        for name, prefix in JUDGED.items():
            limits = entry.limits.get(name)
            held = held_dose(entry, limits, knowledge) if limits is not None else None
            if limits is None or held is None or entry.number in slipped(known, knowledge):
                continue
            initial = limits.get(INITIAL)
            if initial is not None and not held.holds(initial.value):
                side = "above" if initial.value > held.high else "below"
                message = f"the initial {initial} of {entry.words} is {side} what is published of {entry.drug}: "
                hit = at_limit(known.use, entry, f"{prefix}{INITIAL}", message + held.words, initial)
                yield hit._replace(sources=(known.use.library.source, *held.sources))
            else:
                yield from _far_above(entry, name, held, known, knowledge)


def _far_above(entry: Entry, name: str, held: PublishedDose, known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the maximum below which doses far above the published ones pass unseen; RC832 says it of ten times them."""
    limits, prefix = entry.limits[name], JUDGED[name]
    end = limits.get(SOFT_MAX) or limits.get(HARD_MAX)
    if end is None or end.value <= held.high * _NEAR[1]:
        return
    usual = _usual(entry, limits, name, known, knowledge)
    if usual is None or any(_ten_times(entry, limits, usual, prefix, known)):
        return
    message = f"{entry.words} lets {rounded(end.value / held.high)} times what is published of {entry.drug}, "
    # Of a thrombolytic nobody gets more than the most of any indication, whatever the weight.
    severity = Severity.WARNING if entry.drug in knowledge.drugs or limits.variable != of.DOSE else Severity.ERROR
    column = f"{prefix}{end.name}"
    hit = at_limit(known.use, entry, column, f"{message}{held.words}, pass without an alarm", end, severity=severity)
    yield hit._replace(sources=(known.use.library.source, *held.sources))


def _usual(entry: Entry, limits: LimitSet, name: str, known: InLibrary, knowledge: Knowledge) -> _Usual | None:
    """Return the dose that an entry starts from, else one that sources state and that passes without an alarm.

    Of a load and what follows it, each at its highest, the lower one: ten times it must not pass either. One that
    starts from what no source states is compared with what one does.
    """
    initial, held = limits.get(INITIAL), held_dose(entry, limits, knowledge)
    published = _published(held, limits) if held is not None else None
    soft, hard = limits.get(SOFT_MAX), limits.get(HARD_MAX)
    if limits.kind and soft is not None and hard is not None and 0 < soft.value * _TENFOLD <= hard.value:
        is_too_low = held is not None and soft.value < held.full_low
        return _Usual(soft.value, f"the soft maximum {soft}", soft.value, soft, is_too_low=is_too_low)
    if initial is not None and (held is None or held.holds(initial.value)):
        most = published.published if published is not None else None
        is_limited = limits.has_any or name == DOSE
        return _Usual(initial.value, f"the initial {initial}", most, initial) if is_limited else None
    if initial is not None or name != DOSE:
        return published
    own = [
        _Usual(number.bounds.low, step.words, number.bounds.low)
        for step, number in _highest(entry, limits, known, knowledge)
    ]
    most = max((each.value for each in own), default=None)
    return min(own)._replace(published=most) if own else published


def _published(held: PublishedDose, limits: LimitSet) -> _Usual:
    found = held.without_alarm(limits) or (held.high,)
    return _Usual(min(found), f"the published {held.words}", max(found))


def _highest(entry: Entry, limits: LimitSet, known: InLibrary, knowledge: Knowledge) -> Iterator[tuple[Step, Number]]:
    """Yield the highest load and the highest other dose that protocols state, of those that pass without an alarm."""
    every = tuple(stated(entry, limits, known, knowledge))
    without_alarm = [each for each in every if not _is_above(limits, each[1].bounds.low)]
    for is_load in (True, False):
        own = [each for each in without_alarm or every if bool(each[0].order.load) is is_load]
        if own:
            yield max(own, key=lambda each: each[1].bounds.low)


def _is_above(limits: LimitSet, value: Fraction) -> bool:
    end = limits.passed(value)
    return end is not None and end.name in {SOFT_MAX, HARD_MAX}


def limits_without_margin(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the limits that are a protocol's dose itself: a rate that is rounded up passes them."""
    reported: set[str] = set()
    for effect in _effects(known, knowledge):
        entry = effect.verdict.entry
        is_bolus = effect.step.order.given_as == "bolus"
        limits, prefix = (entry.limits.get(BOLUS), "bolus_") if is_bolus else (entry.limits.get(DOSE), "")
        number = ordered(limits.variable, effect.step.judged) if limits is not None else None
        for end in limits.in_order() if limits is not None and number is not None else ():
            column = f"{prefix}{end.name}"
            is_dose = number is not None and number.is_point and number.bounds.low == end.value
            is_dose = is_dose and limits is not None and limits.kind in {"", effect.step.judged.built.kind}
            if end.name != INITIAL and is_dose and entry.at(column) not in reported:
                reported.add(entry.at(column))
                message = f"the {end.words} {end} of {entry.words} is {effect.step.words}: a rounded rate may exceed it"
                yield at_limit(known.use, entry, column, message, end)
