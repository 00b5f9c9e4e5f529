"""RC6: antiplatelets within 24 h of a thrombolysis, and P2Y12 assays that come too early."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.bridging.antiplatelet import ASPIRIN
from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.condition_interval import covered
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.text.frequency import is_known_to_recur
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.time_offset import Offset, read_offset
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.agents import infused, of_class
from rescuecalc.rules.facts.concurrent_orders import both_given, end_of, one_after_the_other
from rescuecalc.rules.facts.imaging_gate import waits_for_imaging
from rescuecalc.rules.facts.reference.set_indication import is_coronary
from rescuecalc.rules.facts.text.after_thrombolysis import since_thrombolysis
from rescuecalc.rules.sequence.bridge import first_orders, infusion_stop, offset_window, timed_orders
from rescuecalc.rules.sequence.thrombolysis_time import (
    is_chosen_instead,
    length_between,
    lysis_time,
    mentions_thrombolysis,
    not_too_soon,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.bridging.antiplatelet import Waiting
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.regimen.protocol import Assay
    from rescuecalc.rules.base.knowledge import Subject


def _infusion_after(subject: Subject) -> Iterator[Hit]:
    lysis = lysis_time(subject)
    orders = [each for each in not_too_soon(subject) if not is_chosen_instead(each, subject)]
    if lysis is None or not orders or any(_still_running(subject)):
        return
    known = subject.knowledge.bridging()
    # Without any time zero is the start: every time of a set is counted from it.
    start = min((order.start for order in orders if order.start is not None), default=Offset.start())
    when = "beside a thrombolysis without a stated time" if lysis.at is None else _when(subject, start, lysis.at)
    if when is None:
        return
    message = f"{orders[0].drug} {when}{lysis.counted}: {known.after_thrombolysis.words}; {known.hold.words}"
    found = str(lysis.at) if lysis.at is not None else None
    sources = (*known.after_thrombolysis.sources, *known.hold.sources)
    yield Hit(message, sources, lysis.pointer, found, f"{start.minus(known.after_thrombolysis.length)} or earlier")


def _when(subject: Subject, start: Offset, lysis: Offset) -> str | None:
    """Return how an infusion lies to a thrombolysis, None where the two do not meet."""
    known, stop = subject.knowledge.bridging(), infusion_stop(subject)
    if start >= lysis:
        length = length_between(start, lysis)
        return (
            f"starts {length} after the thrombolysis" if start < lysis.plus(known.after_thrombolysis.length) else None
        )
    if stop is None or lysis < stop:
        return f"runs when the thrombolysis is given at {lysis.spoken}"
    window = offset_window(subject)
    # The source gives 4 to 8 h for about 90 % of patients: only after the latest of them is the drug taken to be gone.
    if window is not None and not window.longer and lysis >= stop.plus(window.latest):
        return None
    lasts = (window.longer or window.words) if window is not None else _NOT_HELD
    return f"stops {length_between(lysis, stop)} before the thrombolysis at {lysis.spoken} ({lasts})"


_NOT_HELD: Final = "no packaged source states how long its effect lasts after the stop"


def _antiplatelet_after(subject: Subject) -> Iterator[Hit]:
    lysis, hold = lysis_time(subject), subject.knowledge.bridging().hold
    if lysis is None or is_coronary(subject):  # the hold is of a thrombolysis in stroke
        return
    until = lysis.until(hold.length)
    forbidden = {hit.pointer for hit in _iv_aspirin(subject)}  # RC612's
    first = (each for each in first_orders(timed_orders(subject)) if each[0].at("start") not in forbidden)
    agents = [each for each in first if not _is_held(each[0], hold, subject)]
    inside = [order for order, _ in agents if _is_inside(order, until, subject)]
    open_ = [order for order, _ in agents if order not in inside and _is_open(order, until)]
    # The finding stands at a dose that is certainly inside where there is one; what cannot be decided is said with it.
    found = inside or open_
    if not found:
        return
    early = subject.knowledge.bridging().early_in_case
    case = any(order.drug == ASPIRIN for order in found)
    message = f"{_inside(inside, open_, hold)}{lysis.counted}: {hold.words}{_left(subject, until)}"
    yield Hit(
        message + (f"; {early.words}" if case else ""),
        (*hold.sources, *(early.sources if case else ())),
        found[0].at("start"),
        str(found[0].start) if found[0].start else None,
        f"{until.spoken} or later" if until is not None else None,
    )


def _is_held(order: Order, hold: Waiting, subject: Subject) -> bool:
    """Whether a first dose waits: for imaging, for the end of the hold, or for a patient without a thrombolysis."""
    of_lysis = [each for each in order.when if each.name == "thrombolysis"]
    after = covered(of_lysis[0], "h").low >= hold.length.value_in("h") if of_lysis else False
    return after or any(each.given is False for each in of_lysis) or waits_for_imaging(order, subject)


def _is_inside(order: Order, until: Offset | None, subject: Subject) -> bool:
    """Whether a first dose falls inside the hold: by its time, or as it says itself."""
    if until is not None and order.start is not None:
        return order.start < until
    since = since_thrombolysis(order, subject)
    return since is not None and since.is_inside


def _is_open(order: Order, until: Offset | None) -> bool:
    """Whether a first dose cannot be compared with the end of the hold.

    Where no time is stated at all, a dose of every day may be one that goes on after the hold; one that is given once
    is given now.
    """
    if order.start is None and until is None:
        return not is_known_to_recur(order.frequency)
    return order.start is None or until is None


def _inside(inside: list[Order], open_: list[Order], hold: Waiting) -> str:
    """Return which first doses fall inside the hold, and of which that cannot be decided."""
    stated = f"{_agents(inside)}, within {hold.length} of the thrombolysis" if inside else ""
    falls = "falls" if len(open_) == 1 else "fall"
    asked = (
        f"whether {_agents(open_)} {falls} within {hold.length} of the thrombolysis cannot be decided" if open_ else ""
    )
    return "; ".join(part for part in (stated, asked) if part)


def _agents(orders: list[Order]) -> str:
    return " and ".join(
        f"{order.drug} at {order.start.spoken}" if order.start is not None else f"{order.drug} at a time not stated"
        for order in orders
    )


def _left(subject: Subject, until: Offset | None) -> str:
    """Return the arithmetic: when the imaging is due and what overlap that leaves."""
    stop = infusion_stop(subject)
    if until is None or stop is None:
        return ""
    overlap = stop.after(until)
    leaves = f"an overlap of {length_between(stop, until)}" if overlap is not None else "no overlap"
    return f"; here that CT is due at {until.spoken} and leaves {leaves} before the stop at {stop.spoken}"


def _iv_aspirin(subject: Subject) -> Iterator[Hit]:
    lysis = lysis_time(subject)
    if lysis is None or lysis.at is None:
        return
    for order, agent in timed_orders(subject):
        rule = subject.knowledge.bridging().iv_aspirin
        if agent.id != ASPIRIN or order.route != "IV" or order.start is None:
            continue
        # Both ends belong to it: the source forbids aspirin within 90 min, not within just under.
        if (lysis.begins or lysis.at) <= order.start <= lysis.at.plus(rule.length):
            given = f"a thrombolysis at {lysis.at.spoken}{lysis.counted}"
            message = f"intravenous aspirin at {order.start.spoken}, {given}: {rule.words}"
            yield Hit(message, rule.sources, order.at("start"), str(order.start), f"after {lysis.at.plus(rule.length)}")


def _still_running(subject: Subject) -> Iterator[Hit]:
    for lysis in of_class(subject, DrugClass.THROMBOLYTIC):
        end = end_of(lysis)
        for order in not_too_soon(subject):
            if lysis.start is None or end is None or order.start is None or not both_given(lysis, order):
                continue
            if order.start < end and not one_after_the_other(order, lysis):
                advice = subject.knowledge.bridging().forbidden[DrugClass.THROMBOLYTIC]
                running = f"{lysis.drug} runs from {lysis.start.spoken} to {end.spoken}"
                message = f"{order.drug} starts at {order.start.spoken}, and {running}: {advice.words}"
                yield Hit(message, advice.sources, order.at("start"), str(order.start), f"{end} or later")
                break


def _not_stated(subject: Subject) -> Iterator[Hit]:
    made, oral = subject.order_set, timed_orders(subject)
    yield from _denied_and_ordered(subject)
    asked = made.bridged or (made.whole and bool(oral) and bool(infused(subject)))
    if not asked or made.thrombolysis is not None or mentions_thrombolysis(subject) or is_coronary(subject):
        return
    hold = subject.knowledge.bridging().hold
    how = (
        "--thrombolysis-at, or none" if made.bridged else "patient: {thrombolysis: none}, or a condition of each order"
    )
    message = f"it is not stated whether and when a thrombolysis was given ({how}): {hold.words}"
    yield Hit(message, hold.sources, "/thrombolysis", severity=Severity.WARNING if oral else None)


def _denied_and_ordered(subject: Subject) -> Iterator[Hit]:
    """Yield a thrombolytic that was given before the set starts, of a patient who is said to have had none."""
    stated = subject.order_set.thrombolysis
    ordered = of_class(subject, DrugClass.THROMBOLYTIC) if stated is not None and not stated.given else []
    if ordered and all(each.start is not None and each.start < Offset.start() for each in ordered):
        order = min(ordered, key=lambda each: each.start or Offset.start())
        at = order.texts.get("start", str(order.start))
        message = f"thrombolysis: none, and {order.drug} is ordered at {at}: one of the two is wrong"
        yield Hit(message, (), "/patient/thrombolysis", "none", at, severity=Severity.WARNING)


_ASSAY: Final = lazy_pattern(r"\b(?:P2Y12|PRU|VerifyNow|platelet (?:reactivity|function))\b", re.IGNORECASE)
_AT: Final = lazy_pattern(r"\+?(?P<time>[0-9]{1,9}(?:\.[0-9]{1,9})? ?(?:h|hours?|days?|min))", re.ASCII)


def _planned(subject: Subject) -> Iterator[tuple[int, Offset]]:
    """Yield the assays that the monitoring of a file names, with their hour after the start."""
    for place, entry in enumerate(subject.order_set.monitoring):
        match = _AT.fullmatch(entry.get("at", "").removesuffix(" after start").removesuffix(" after the start"))
        if match is not None and _ASSAY.search(entry.get("check", "")):
            yield place, read_offset(f"+{match['time']}", "at")


def _assay_early(subject: Subject) -> Iterator[Hit]:
    stop, wait = infusion_stop(subject), subject.knowledge.bridging().assay_waits.get(subject.order_set.drug)
    for place, at in _planned(subject) if stop is not None and wait is not None else ():
        if stop is not None and wait is not None and Offset.start() < at < stop.plus(wait.length):
            valid = stop.plus(wait.length)
            message = f"the P2Y12 assay at {at.spoken} is not valid before {valid.spoken}: {wait.words}"
            yield Hit(message, wait.sources, f"/monitoring/{place}/at", str(at), f"{valid} or later")
    for place, assay in enumerate(subject.order_set.assays):
        wait = subject.knowledge.bridging().assay_waits.get(subject.order_set.drug)
        if wait is None or stop is None or assay.at is None or assay.at < Offset.start():
            continue
        valid = stop.plus(wait.length)
        if assay.at < valid:
            message = f"the P2Y12 assay at {assay.at.spoken} is not valid before {valid.spoken}: {wait.words}"
            yield Hit(message, wait.sources, f"/reactivity/{place}/at", str(assay.at), f"{valid} or later")


def _by_value(subject: Subject) -> Iterator[tuple[int, Assay]]:
    """Yield each result once: the source's and the user's may be one value."""
    seen: set[tuple[int, Offset | None]] = set()
    for place, assay in enumerate(subject.order_set.assays):
        if (assay.pru, assay.at) not in seen:
            seen.add((assay.pru, assay.at))
            yield place, assay


def _assay_undecided(subject: Subject) -> Iterator[Hit]:
    for place, assay in _by_value(subject):
        wait = subject.knowledge.bridging().assay_waits.get(subject.order_set.drug)
        if wait is None or assay.at is not None:
            continue
        when = f"{assay.day} is not an hour" if assay.day else "its time is not stated (--assay-at)"
        asked = f"no earlier than {wait.length} after the stop"
        message = f"whether the assay of {assay.pru} PRU was valid cannot be decided: {when}; {wait.words}, so {asked}"
        yield Hit(message, wait.sources, f"/reactivity/{place}")


def _targets_differ(subject: Subject) -> Iterator[Hit]:
    seen: set[int] = set()
    for place, assay in enumerate(subject.order_set.assays):
        if assay.pru in seen:
            continue
        seen.add(assay.pru)
        known = subject.knowledge.bridging().reactivity
        inside = [each.name for each in known.ranges if each.holds(assay.pru)]
        outside = [each.name for each in known.ranges if not each.holds(assay.pru)]
        if not outside:
            continue
        case = f"; {known.therapeutic_words}" if assay.pru == known.therapeutic else ""
        message = f"{assay.pru} PRU is outside {', '.join(outside)}; it meets {', '.join(inside) or 'none'}{case}"
        yield Hit(message, known.sources, f"/reactivity/{place}/pru", str(assay.pru), "; ".join(outside))


_IV_ASPIRIN = "bridge rescue-bt-2022 --weight 80kg --aspirin-load 300mg --aspirin-route iv --overlap 4h"
_LYSED = (
    "{order_set: Example, orders: [{drug: alteplase, route: IV, kind: infusion, start: SINCE, run_time: 60 min}, "
    "{drug: tirofiban, route: IV, kind: infusion, start: +0 h, run_time: 24 h}]}"
)
_PLAN = "bridge rescue-bt-2022 --weight 80kg --p2y12 clopidogrel --load 300mg"

RULES = (
    declared(
        "RC610",
        "inhibitor-after-thrombolysis",
        Severity.WARNING,
        _infusion_after,
        "eu-label khachatryan-2023 aha-2026",
        checks="A GP IIb/IIIa inhibitor while a thrombolytic acts, within 48 h after it, or beside one without a time.",
        why="The EU label does not recommend it; the review's case gave it after IV tPA, at an interval not stated.",
        fails="bridge khachatryan-2023-case --weight 80kg --thrombolysis-at -2h",
        passes="bridge khachatryan-2023-case --weight 80kg --thrombolysis-at -49h",
        remedy="Decide with imaging, and document the reason.",
        limits="It is never refused: the sources disagree. A thrombolysis is one of the patient, an order, a condition "
        "(`when: {thrombolysis: given}`) or a text (`start 1 h after tPA`).",
    ),
    declared(
        "RC611",
        "antiplatelet-after-thrombolysis",
        Severity.WARNING,
        _antiplatelet_after,
        "aha-2026 khachatryan-2023",
        checks="Antiplatelets within {bridging.hold.length} of a thrombolysis, or at a time that cannot be "
        "compared with it, without imaging before; reported once a set.",
        why="Usual orders hold antiplatelets until {bridging.hold.length} and a clean repeat CT or MRI; earlier use is "
        "uncertain.",
        fails=f"{_PLAN} --thrombolysis-at -2h",
        passes=f"{_PLAN} --thrombolysis-at -4h",
        remedy="Plan the first dose after the repeat imaging; the finding states the remaining overlap.",
        limits="Not in a set for the heart. The plan never moves a dose. A dose waits for imaging if its order has "
        "`when: {imaging: no haemorrhage}`, or if its text or the monitoring states that it comes after imaging; the "
        "result of the imaging is not judged.",
    ),
    declared(
        "RC612",
        "iv-aspirin-with-thrombolysis",
        Severity.ERROR,
        _iv_aspirin,
        "aha-asa",
        checks="Intravenous aspirin within {bridging.iv_aspirin.length} of a thrombolysis.",
        why="AHA/ASA calls it harm (3).",
        fails=f"{_IV_ASPIRIN} --thrombolysis-at +19h",
        passes=f"{_IV_ASPIRIN} --thrombolysis-at -2h",
        remedy="Do not give it then.",
        limits="Only if both times are known; otherwise RC611 applies.",
    ),
    declared(
        "RC613",
        "thrombolysis-not-said",
        Severity.NOTE,
        _not_stated,
        "aha-2026",
        severities=(Severity.WARNING,),
        checks="A plan, or an order set with oral antiplatelets beside an infusion, that does not state whether "
        "and when a thrombolysis was given; a warning if an oral antiplatelet is planned. A warning too if it states "
        "none, and a thrombolytic is ordered before its start.",
        why="Imaging, checks and the time of every antiplatelet depend on it.",
        fails=_PLAN,
        passes="bridge rescue-bt-2022 --weight 80kg --thrombolysis-at none --p2y12 clopidogrel --load 300mg",
        remedy="Give --thrombolysis-at with a time, or none.",
        limits="`dose` alone does not require it, nor does a set for coronary disease. In an order set any mention of "
        "a thrombolysis counts, also in a text.",
    ),
    declared(
        "RC614",
        "assay-too-early",
        Severity.WARNING,
        _assay_early,
        "assay-validity",
        checks="A P2Y12 assay while the inhibitor runs or before its effect has ended: "
        "{bridging.assay_waits.tirofiban.length:day} days, for abciximab "
        "{bridging.assay_waits.abciximab.length:day}.",
        why="The inhibitor itself blocks the platelets that the assay measures.",
        fails=f"{_PLAN} --pru 57 --assay-at +48h",
        passes=f"{_PLAN} --pru 180 --assay-at +72h",
        remedy="Repeat it later.",
        limits="An assay before the start is not judged.",
    ),
    declared(
        "RC615",
        "assay-time-not-known",
        Severity.NOTE,
        _assay_undecided,
        "assay-validity khachatryan-2023",
        checks="A P2Y12 assay without a stated time.",
        why="Three days is not an exact time: whether the assay was valid cannot be decided.",
        fails="bridge khachatryan-2023-case --weight 80kg",
        passes=f"{_PLAN} --pru 180 --assay-at +72h",
        remedy="Give --assay-at.",
        limits="The assay of a source remains undecided.",
    ),
    declared(
        "RC616",
        "reactivity-outside-targets",
        Severity.WARNING,
        _targets_differ,
        "pru-targets khachatryan-2023",
        checks="P2Y12 reactivity units against each published target, by name.",
        why="The targets differ: a value that is therapeutic by one is outside another.",
        fails=f"{_PLAN} --pru 57 --assay-at +72h",
        passes=f"{_PLAN} --pru 180 --assay-at +72h",
        remedy="Name the target that you use.",
        limits="No target is a standard.",
    ),
    declared(
        "RC617",
        "thrombolytic-still-running",
        Severity.WARNING,
        _still_running,
        "eu-label",
        checks="A GP IIb/IIIa inhibitor that starts before the infusion of a thrombolytic in the same set has ended.",
        why="An inhibitor that is not recommended after a thrombolysis is hardly intended during it.",
        fails=_LYSED.replace("SINCE", "-30 min"),
        passes=_LYSED.replace("SINCE", "-26 h"),
        remedy="Correct the times, or decide with imaging and document the reason.",
        limits="Only if start and run time of the thrombolytic are stated; RC610 covers the {bridging.hold.length}"
        " after it.",
    ),
)
