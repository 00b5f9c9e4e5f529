"""RC6: antiplatelets within 24 h of a thrombolysis, and P2Y12 assays that come too early."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.bridging.antiplatelet import ASPIRIN
from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.finding import Severity
from rescuecalc.core.orders.order import Thrombolysis
from rescuecalc.core.quantities.time_offset import Offset, read_offset
from rescuecalc.rules.base.rule import Hit, Rule
from rescuecalc.rules.facts.agents import infused, of_class
from rescuecalc.rules.facts.concurrent_orders import both_given, end_of, one_after_the_other
from rescuecalc.rules.sequence.bridge import first_orders, infusion_stop, timed_orders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.base.knowledge import Subject


_LYSIS: Final = DrugClass.THROMBOLYTIC


def _lysis(subject: Subject) -> Thrombolysis | None:
    """Return what is said of a thrombolysis; where the set orders one itself, it counts from the end of that.

    An order for one counts also where the patient is said to have had none.
    """
    said, ordered = subject.order_set.thrombolysis, of_class(subject, _LYSIS)
    if not ordered or (said is not None and said.given):
        return said
    ends = [end_of(order) or order.start for order in ordered]
    return Thrombolysis(given=True, at=max((end for end in ends if end is not None), default=None))


def _place(subject: Subject) -> str:
    """Return where a thrombolysis is said: of the patient, or by an order."""
    said = subject.order_set.thrombolysis
    ordered = of_class(subject, _LYSIS) if said is None or not said.given else []
    return ordered[0].pointer if ordered else "/thrombolysis"


def _held_until(subject: Subject) -> Offset | None:
    """Return until when antiplatelets are held, None where no time of a thrombolysis is said."""
    lysis = _lysis(subject)
    return None if lysis is None or lysis.at is None else lysis.at.plus(subject.knowledge.bridging().hold.length)


def _infusion_after(subject: Subject) -> Iterator[Hit]:
    lysis, orders = _lysis(subject), infused(subject)
    if lysis is None or not lysis.given or not orders:
        return
    known = subject.knowledge.bridging()
    start = min((order.start for order in orders if order.start is not None), default=Offset.start())
    until = _held_until(subject)
    if lysis.at is None or until is None:
        when = "beside a thrombolysis whose time is not said"
    elif start < until:
        when = _after(start, lysis.at)
    else:
        return
    message = f"{orders[0].drug} {when}: {known.after_thrombolysis.words}; {known.hold.words}"
    found = str(lysis.at) if lysis.at is not None else None
    sources = (*known.after_thrombolysis.sources, *known.hold.sources)
    yield Hit(message, sources, _place(subject), found, f"+{known.hold.length} or later")


def _after(start: Offset, lysis: Offset) -> str:
    if start <= lysis:
        return "runs when the thrombolysis is given"
    length = Offset(start.seconds - lysis.seconds).spoken.removeprefix("+")
    return f"starts {length} after the thrombolysis"


def _antiplatelet_after(subject: Subject) -> Iterator[Hit]:
    lysis = _lysis(subject)
    if lysis is None or not lysis.given:
        return
    hold, until = subject.knowledge.bridging().hold, _held_until(subject)
    for order, agent in first_orders(timed_orders(subject)):
        known = order.start is not None and until is not None
        if (order.start is not None and until is not None and order.start >= until) or not (
            known or subject.order_set.bridged or (until is None and order.start is not None)
        ):
            continue
        when = f"at {order.start.spoken}" if order.start is not None else "at a time that is not stated"
        message = f"{agent.id} {when}, inside {hold.length} of the thrombolysis: {hold.words}{_left(subject, until)}"
        if order.start is None or until is None:
            message = (
                f"whether {agent.id} {when} falls inside {hold.length} of the thrombolysis cannot be decided: "
                f"{hold.words}{_left(subject, until)}"
            )
        early = subject.knowledge.bridging().early_in_case
        case = f"; {early.words}" if agent.id == ASPIRIN else ""
        expected = f"{until.spoken} or later" if until is not None else None
        sources = (*hold.sources, *(early.sources if case else ()))
        yield Hit(message + case, sources, order.at("start"), str(order.start) if order.start else None, expected)


def _left(subject: Subject, until: Offset | None) -> str:
    """Return the arithmetic: when the imaging is due and what overlap that leaves."""
    stop = infusion_stop(subject)
    if until is None or stop is None:
        return ""
    overlap = stop.after(until)
    left = Offset(stop.seconds - until.seconds).spoken.removeprefix("+")
    leaves = f"an overlap of {left}" if overlap is not None else "no overlap"
    return f"; here that CT is due at {until.spoken} and leaves {leaves} before the stop at {stop.spoken}"


def _iv_aspirin(subject: Subject) -> Iterator[Hit]:
    lysis = _lysis(subject)
    if lysis is None or lysis.at is None:
        return
    for order, agent in timed_orders(subject):
        rule = subject.knowledge.bridging().iv_aspirin
        if agent.id != ASPIRIN or order.route != "IV" or order.start is None:
            continue
        if lysis.at <= order.start <= lysis.at.plus(rule.length):
            message = f"intravenous aspirin at {order.start.spoken}, a thrombolysis at {lysis.at.spoken}: {rule.words}"
            yield Hit(message, rule.sources, order.at("start"), str(order.start), f"after {lysis.at.plus(rule.length)}")


def _still_running(subject: Subject) -> Iterator[Hit]:
    for lysis in of_class(subject, _LYSIS):
        end = end_of(lysis)
        for order in infused(subject):
            if lysis.start is None or end is None or order.start is None or not both_given(lysis, order):
                continue
            if order.start < end and not one_after_the_other(order, lysis):
                advice = subject.knowledge.bridging().forbidden[_LYSIS]
                running = f"{lysis.drug} runs from {lysis.start.spoken} to {end.spoken}"
                message = f"{order.drug} starts at {order.start.spoken}, and {running}: {advice.words}"
                yield Hit(message, advice.sources, order.at("start"), str(order.start), f"{end} or later")
                break


def _not_said(subject: Subject) -> Iterator[Hit]:
    if subject.order_set.bridged and subject.order_set.thrombolysis is None:
        hold = subject.knowledge.bridging().hold
        message = f"whether and when a thrombolysis was given is not said (--thrombolysis-at, or none): {hold.words}"
        yield Hit(message, hold.sources, "/thrombolysis")


_ASSAY: Final = re.compile(r"\b(?:P2Y12|PRU|VerifyNow|platelet (?:reactivity|function))\b", re.IGNORECASE)
_AT: Final = re.compile(r"\+?(?P<time>[0-9]{1,9}(?:\.[0-9]{1,9})? ?(?:h|hours?|days?|min))", re.ASCII)


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


def _assay_undecided(subject: Subject) -> Iterator[Hit]:
    for place, assay in enumerate(subject.order_set.assays):
        wait = subject.knowledge.bridging().assay_waits.get(subject.order_set.drug)
        if wait is None or assay.at is not None:
            continue
        when = f"{assay.day} is not an hour" if assay.day else "when it was taken is not said (--assay-at)"
        asked = f"no earlier than {wait.length} after the stop"
        message = f"whether the assay of {assay.pru} PRU was valid cannot be decided: {when}; {wait.words}, so {asked}"
        yield Hit(message, wait.sources, f"/reactivity/{place}")


def _targets_differ(subject: Subject) -> Iterator[Hit]:
    for place, assay in enumerate(subject.order_set.assays):
        known = subject.knowledge.bridging().reactivity
        inside = [each.name for each in known.ranges if each.holds(assay.pru)]
        outside = [each.name for each in known.ranges if not each.holds(assay.pru)]
        if not outside:
            continue
        case = f"; {known.therapeutic_words}" if assay.pru == known.therapeutic else ""
        message = f"{assay.pru} PRU is outside of {', '.join(outside)}; inside of {', '.join(inside) or 'none'}{case}"
        yield Hit(message, known.sources, f"/reactivity/{place}/pru", str(assay.pru), "; ".join(outside))


_IV_ASPIRIN = "bridge rescue-bt-2022 --weight 80kg --aspirin-load 300mg --aspirin-route iv --overlap 4h"
_LYSED = (
    "{order_set: Example, orders: [{drug: alteplase, route: IV, kind: infusion, start: SINCE, run_time: 60 min}, "
    "{drug: tirofiban, route: IV, kind: infusion, start: +0 h, run_time: 24 h}]}"
)
_PLAN = "bridge rescue-bt-2022 --weight 80kg --p2y12 clopidogrel --load 300mg"

RULES = (
    Rule(
        code="RC610",
        name="inhibitor-after-thrombolysis",
        severity=Severity.WARNING,
        since="0.1.0",
        sources=("eu-label", "khachatryan-2023", "aha-asa"),
        checks="A GP IIb/IIIa inhibitor that starts within 24 h of a thrombolysis, or of one whose time is not said.",
        why="The EU label does not recommend the combination, and the review's case gave it at about 2 h.",
        fails="bridge khachatryan-2023-case --weight 80kg --thrombolysis-at -2h",
        passes="bridge khachatryan-2023-case --weight 80kg --thrombolysis-at -25h",
        remedy="Decide with imaging, and write the reason down.",
        limits="It is never refused: the sources disagree.",
        check=_infusion_after,
    ),
    Rule(
        code="RC611",
        name="antiplatelet-after-thrombolysis",
        severity=Severity.WARNING,
        since="0.1.0",
        sources=("aha-asa", "khachatryan-2023"),
        checks="An antiplatelet within 24 h of a thrombolysis, or at a time that cannot be held against it.",
        why="Usual orders hold antiplatelets until 24 h and a clean repeat CT or MRI; earlier use is uncertain.",
        fails=f"{_PLAN} --thrombolysis-at -2h",
        passes=f"{_PLAN} --thrombolysis-at -4h",
        remedy="Plan the first dose after the repeat imaging; the finding says what overlap that leaves.",
        limits="The plan never moves a dose by itself.",
        check=_antiplatelet_after,
    ),
    Rule(
        code="RC612",
        name="iv-aspirin-with-thrombolysis",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=("aha-asa",),
        checks="Intravenous aspirin within 90 min of a thrombolysis.",
        why="AHA/ASA calls it harm (3).",
        fails=f"{_IV_ASPIRIN} --thrombolysis-at +19h",
        passes=f"{_IV_ASPIRIN} --thrombolysis-at -2h",
        remedy="Do not give it then.",
        limits="Only where both times are known; RC611 speaks where they are not.",
        check=_iv_aspirin,
    ),
    Rule(
        code="RC613",
        name="thrombolysis-not-said",
        severity=Severity.NOTE,
        since="0.1.0",
        sources=("aha-asa",),
        checks="A plan that does not say whether and when a thrombolysis was given.",
        why="Imaging, checks and the hour of every antiplatelet depend on it.",
        fails=_PLAN,
        passes=f"{_PLAN} --thrombolysis-at none",
        remedy="Say --thrombolysis-at with a time, or none.",
        limits="Only in a plan; a dose alone does not ask.",
        check=_not_said,
    ),
    Rule(
        code="RC614",
        name="assay-too-early",
        severity=Severity.WARNING,
        since="0.1.0",
        sources=("assay-validity",),
        checks="A P2Y12 assay while the inhibitor runs or before its effect has gone: 2 days, of abciximab 14.",
        why="The inhibitor itself blocks the platelets that the assay measures.",
        fails=f"{_PLAN} --pru 57 --assay-at +48h",
        passes=f"{_PLAN} --pru 180 --assay-at +72h",
        remedy="Repeat it later.",
        limits="An assay before the start is not judged.",
        check=_assay_early,
    ),
    Rule(
        code="RC615",
        name="assay-time-not-known",
        severity=Severity.NOTE,
        since="0.1.0",
        sources=("assay-validity", "khachatryan-2023"),
        checks="A P2Y12 assay whose hour is not stated.",
        why="Three days is not an hour: whether it was valid cannot be decided.",
        fails="bridge khachatryan-2023-case --weight 80kg",
        passes=f"{_PLAN} --pru 180 --assay-at +72h",
        remedy="Say --assay-at.",
        limits="A source's own assay stays undecided.",
        check=_assay_undecided,
    ),
    Rule(
        code="RC616",
        name="reactivity-outside-targets",
        severity=Severity.WARNING,
        since="0.1.0",
        sources=("pru-targets", "khachatryan-2023"),
        checks="P2Y12 reactivity units against each published target, by name.",
        why="The targets differ: what one calls therapeutic lies outside of another.",
        fails=f"{_PLAN} --pru 57 --assay-at +72h",
        passes=f"{_PLAN} --pru 180 --assay-at +72h",
        remedy="Name the target that is followed.",
        limits="No target is a standard.",
        check=_targets_differ,
    ),
    Rule(
        code="RC617",
        name="thrombolytic-still-running",
        severity=Severity.WARNING,
        since="0.1.0",
        sources=("eu-label",),
        checks="A GP IIb/IIIa inhibitor that starts before the infusion of a thrombolytic in the same set has ended.",
        why="What is not recommended after a thrombolysis is hardly meant during it.",
        fails=_LYSED.replace("SINCE", "-30 min"),
        passes=_LYSED.replace("SINCE", "-26 h"),
        remedy="Correct the times, or decide with imaging and write the reason down.",
        limits="Only where start and run time of the thrombolytic are said; RC610 speaks of the 24 h that follow it.",
        check=_still_running,
    ),
)
