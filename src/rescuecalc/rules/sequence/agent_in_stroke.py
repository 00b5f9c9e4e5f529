"""RC66x: an intravenous inhibitor whose sources speak against it in a patient with a stroke."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import Duration
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.agents import told
from rescuecalc.rules.facts.concurrent_orders import both_given, one_after_the_other
from rescuecalc.rules.facts.reference.administration import volume_time
from rescuecalc.rules.facts.reference.set_indication import stroke_named
from rescuecalc.rules.facts.reference.stroke_set import is_for_stroke, other_use
from rescuecalc.rules.facts.text.order_text import place_of_time, with_text_time
from rescuecalc.rules.facts.text.patient_in_text import is_stroke_of_past
from rescuecalc.rules.sequence.thrombolysis_time import is_too_soon, lysis_time, runs_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.regimen.protocol import Drug
    from rescuecalc.rules.base.knowledge import Subject


def _of_catalogue(subject: Subject) -> Iterator[tuple[Order, Drug]]:
    """Yield the first order of each drug of the catalogue, also where only a text gives it."""
    first = {order.drug: order for order in (*told(subject, also_if=True), *reversed(subject.order_set.orders))}
    for name in sorted(first):
        drug = subject.knowledge.drugs.get(name)
        if drug is not None:
            yield first[name], drug


def _in_stroke(subject: Subject) -> Iterator[Hit]:
    is_stroke, named = is_for_stroke(subject), stroke_named(subject)
    for order, drug in _of_catalogue(subject) if is_stroke or named else ():
        if drug.in_stroke is None or (not is_stroke and is_stroke_of_past(drug.id, subject)):
            continue
        # Beside a word of the heart nobody knows which of the two is meant: a stroke during an intervention may be.
        where = "in a set for stroke" if is_stroke else f"in a set that names {quoted(named)} beside another indication"
        severity = Severity(drug.in_stroke.severity) if is_stroke else Severity.WARNING
        message = f"{order.drug} {where}: {drug.in_stroke.words}"
        yield Hit(message, drug.in_stroke.sources, order.pointer, order.drug, severity=severity)


def _after_thrombolysis(subject: Subject) -> Iterator[Hit]:
    lysis = lysis_time(subject)
    if lysis is None:
        return
    for order, drug in _of_catalogue(subject):
        wait = drug.after_thrombolysis
        if wait is None or not is_too_soon(order, lysis, subject):
            continue
        when = f"within {wait.time} of a thrombolysis" if lysis.at is not None else "after a thrombolysis"
        counted = lysis.counted
        if lysis.at is not None and runs_at(order, lysis.at, subject):
            when, counted = f"runs when a thrombolysis is given at {(lysis.begins or lysis.at).spoken}", ""
        yield Hit(f"{order.drug} {when}{counted}: {wait.words}", wait.sources, order.pointer, order.drug)


def _too_long(subject: Subject) -> Iterator[Hit]:
    other = _other_use(subject)
    for order, lasts, found in _courses(subject):
        drug = subject.knowledge.drugs[order.drug]
        limits = ((drug.longest, None), (drug.usual_longest, Severity.WARNING))
        crossed = [(each, heavy) for each, heavy in limits if each is not None and lasts.exceeds(each.time)]
        for limit, severity in crossed[:1]:
            in_total = " in total" if found not in {"", "vtbi"} else ""
            message, heavy = f"{order.drug} runs for {lasts}{in_total}: {limit.words}", severity
            if other:  # as a bridge to surgery: no source held here states a regimen
                message, heavy = f"{message}; no limit is held for {quoted(other)}", Severity.WARNING
            hit = Hit(message, limit.sources, place_of_time(order), str(lasts), str(limit.time), severity=heavy)
            if found:  # by its volume, or in several parts: no one time would heal it
                hit = hit._replace(pointer=order.at(found), found=order.texts.get(found), expected=None)
            yield hit


def _courses(subject: Subject) -> Iterator[tuple[Order, Duration, str]]:
    """Yield how long each infusion runs, alone and with those after it; its field where that is no time of its own."""
    runs: list[tuple[Order, Duration]] = []
    for order in (with_text_time(each, subject) for each in subject.order_set.orders):
        if order.drug not in subject.knowledge.drugs or order.given_as != "infusion" or order.load:
            continue
        lasts = order.lasts or volume_time(order, "vtbi")
        if lasts is not None:
            runs.append((order, lasts))
            yield order, lasts, "" if order.lasts is not None else "vtbi"
    for first, total in _sums(runs):
        yield first, total, place_of_time(first).rpartition("/")[2]


_NEAR: Final = 40
"""Infusions before it that one is added up with: all of thousands would take minutes."""


def _sums(runs: list[tuple[Order, Duration]]) -> Iterator[tuple[Order, Duration]]:
    """Yield for each drug the first of its infusions that one patient gets one after the other, with their sum."""
    sums: dict[str, tuple[Order, Duration]] = {}
    timed = sorted((each.start, place) for place, (each, _) in enumerate(runs) if each.start is not None)
    for rank, (_, place) in enumerate(timed):
        last, total = runs[place]
        before = [runs[each] for _, each in timed[max(0, rank - _NEAR) : rank]]
        course = [each for each in before if each[0].drug == last.drug and _follows(last, each[0])]
        for _, lasts in course:
            total = Duration(total.magnitude + lasts.to(total.unit.name).magnitude, total.unit)
        if course and (last.drug not in sums or total.exceeds(sums[last.drug][1])):
            sums[last.drug] = (course[0][0], total)
    yield from sums.values()


def _follows(order: Order, earlier: Order) -> bool:
    return both_given(order, earlier) and one_after_the_other(order, earlier)


def _other_use(subject: Subject) -> str:
    """Return the word of an indication other than stroke and heart that a set says, `cardiac surgery` too."""
    if is_for_stroke(subject):
        return ""
    texts = subject.order_set.texts
    return other_use(texts.get("order_set", ""), subject) or other_use(texts.get("indication", ""), subject)


def _set(drug: str, more: str = "", order: str = "") -> str:
    drip = f"drug: {drug}, route: IV, kind: infusion"
    return f"{{order_set: Rescue after stroke thrombectomy{more}, orders: [{{{drip}{order}}}]}}"


RULES = (
    declared(
        "RC660",
        "inhibitor-against-its-label-in-stroke",
        Severity.WARNING,
        _in_stroke,
        "eptifibatide-label abciximab-label cangrelor-label aha-2026",
        severities=(Severity.ERROR,),
        checks="Eptifibatide, abciximab and cangrelor in an order set for stroke; abciximab is an error.",
        why="AHA/ASA 2026 calls intravenous abciximab in acute ischaemic stroke harm; the labels of the others "
        "contraindicate a stroke.",
        fails=_set("abciximab"),
        passes=_set("tirofiban"),
        remedy="Choose another drug, or document the reason.",
        limits="A set is for stroke by its name, its indication or its protocol; its indication decides "
        "where the name says another. RC401 covers the labels of tirofiban.",
    ),
    declared(
        "RC661",
        "inhibitor-soon-after-thrombolysis",
        Severity.ERROR,
        _after_thrombolysis,
        "aha-2026",
        checks="Eptifibatide within {drugs.eptifibatide.after_thrombolysis.time} of a thrombolysis, of one without a "
        "time, and when one is given while it runs.",
        why="AHA/ASA 2026 does not recommend it.",
        fails=_set("eptifibatide", ", patient: {thrombolysis: -2 h}", ", start: +0 h"),
        passes=_set("eptifibatide", ", patient: {thrombolysis: -24 h}", ", start: +0 h"),
        remedy="Choose another drug, or start it later.",
        limits="RC610 covers tirofiban and abciximab.",
    ),
    declared(
        "RC662",
        "infused-longer-than-label",
        Severity.ERROR,
        _too_long,
        "cangrelor-label eu-label abciximab-label khachatryan-2023",
        severities=(Severity.WARNING,),
        checks="How long an infusion runs, by its time or its VTBI, alone or with others that follow it: of cangrelor "
        "against the {drugs.cangrelor.longest.time} of its EU label, of a GP IIb/IIIa inhibitor against the longest "
        "that any source runs one, and of abciximab against its label (a warning).",
        why="Beyond them nothing is known of it.",
        fails=_set("cangrelor", "", ", run_time: 24 h"),
        passes=_set("cangrelor", "", ", run_time: 2 h"),
        remedy="Stop it earlier.",
        limits="A warning in a set for another indication than stroke and heart, as a bridge to surgery. RC411 and the "
        "protocols judge the run time of tirofiban.",
        yields_to="RC305",
    ),
)
