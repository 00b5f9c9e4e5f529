"""Renal branches that stand in an order's text: more, or as much, for a lower clearance."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.text.text_shares import text_shares_by_clearance
from rescuecalc.core.orders.text.text_words import SENTENCE
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import CreatinineClearance, DoseRatePerKg, parsed
from rescuecalc.core.quantities.units import unit
from rescuecalc.errors import InputError
from rescuecalc.rules.base.rule import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_shares import TextShare
    from rescuecalc.core.renal.creatinine_clearance import RenalRule
    from rescuecalc.rules.base.knowledge import Subject

_CLEARANCE: Final = r"(?:CrCl|ClCr|CCr|(?:creatinine )?clearance)"
_NUMBER: Final = r"(?P<{0}>[0-9]{{1,3}}(?:\.[0-9])?)"
_BELOW: Final = lazy_pattern(
    rf"\b{_CLEARANCE}\b[^.;0-9<>]{{0,12}}?(?:<=?|\u2264|below|under|less than|at most) ?{_NUMBER.format('below')}"
    rf"|\b{_CLEARANCE}\b[^.;0-9<>]{{0,12}}?(?:>=?|\u2265|above|over|more than"
    rf"|greater than|at least) ?{_NUMBER.format('above')}"
    rf"|\b{_CLEARANCE}\b[^.;0-9<>]{{0,12}}?{_NUMBER.format('low')} ?(?:-|\u2013|to) ?{_NUMBER.format('high')}"
    rf"|\b{_CLEARANCE}\b[^.;0-9<>]{{0,12}}?{_NUMBER.format('upto')} ?(?:mL/min )?"
    r"(?:or|and) (?:less|below|lower|under)\b"
    rf"|(?:\b{_CLEARANCE}(?: ?(?:of|at|[:=]))? ?|^\W{{0,3}}){_NUMBER.format('at')} ?(?:mL/min)?"
    r" ?(?:[:=]|->|\u2192|is\b|gets\b)",
    re.IGNORECASE,
)
_NAMED: Final = lazy_pattern(rf"\b{_CLEARANCE}\b", re.IGNORECASE)
_RATE: Final = lazy_pattern(
    r"(?<![0-9.])[0-9]{0,4}\.?[0-9]{1,6} ?mcg/kg/(?:min|h|hr)\b|(?<=[:=] )0\.[0-9]{1,4}(?= ?(?:$|[;,\n]))",
    re.IGNORECASE,
)
"""A rate; behind a colon also one without its unit, which is that of the others."""
_MORE: Final = lazy_pattern(r"\b(?:increas|doubl|rais|escalat|higher)\w*\b", re.IGNORECASE)
_DIALYSIS: Final = lazy_pattern(
    r"\b(?:ha?emo)?dialysis\b|\bend-stage\b|\bESRD\b|\b(?:renal|kidney) failure\b"
    r"|\b(?:severe )?(?:renal|kidney) (?:impairment|insufficiency|dysfunction|disease)\b|\bCKD\b|\bpoor kidneys?\b",
    re.IGNORECASE,
)
"""A kidney that works too little for every label's full rate."""
_OTHER: Final = lazy_pattern(r"\b(?:contrast|metformin|enoxaparin|heparin|never|do not|avoid)\b", re.IGNORECASE)

_BESIDE: Final = Fraction(1, 10)
"""mL/min, below the end of a branch that leaves it out."""


class _TextBranch(NamedTuple):
    """What a text gives at clearances from ``low`` on, or at that one; ``words`` is the condition as it is written.

    ``place`` is where its rate stands; of equal rates in one sentence each is one of its own.
    """

    low: Fraction
    high: Fraction | None
    rate: Fraction
    words: str
    place: tuple[int, int]
    is_point: bool = False


def unreduced_in_text(subject: Subject, labels: tuple[RenalRule, ...], full: Fraction | None) -> Iterator[Hit]:
    """Yield the texts that give more as the clearance falls, or as much where every label of the drug gives less.

    ``full`` is the highest rate (mcg/kg/min) that the labels give at a normal clearance.
    """
    sources = tuple(source for rule in labels for source in rule.sources)
    for order in subject.order_set.orders if labels else ():
        text = order.texts.get("text", "")
        wrong = _wrong(order, text, labels, full) if order.drug == subject.order_set.drug and text else None
        if wrong is not None:
            words, found = wrong
            yield Hit(f"{order.drug}, {quoted(found)}: {words}", sources, f"{order.pointer}/text", found)


def _wrong(order: Order, text: str, labels: tuple[RenalRule, ...], full: Fraction | None) -> tuple[str, str] | None:
    """Return what is wrong with a text and what says so, None where nothing is."""
    steps = sorted(_steps(text), key=lambda each: each.low)
    own = order.quantity("dose_rate_per_kg", DoseRatePerKg)
    most = own.value_in("mcg/kg/min") if own is not None and own.is_mass() else None
    if most is not None and full is not None and most * 2 < full * _share(Fraction(0), labels):
        most = None  # far below what any label leaves: the order's own rate is wrong, which is another finding
    for place, step in enumerate(steps):
        later = [each.rate for each in steps[place + 1 :]]
        above = later or ([most] if most is not None and step.high is not None else [])
        if any(step.rate > each for each in above):
            return "no label gives more as the clearance falls", step.words
        is_above = full is not None and _is_full(step, most, full, labels)
        if is_above or _is_of_higher(step, steps[place + 1 :], labels):
            return "every label of the drug reduces it there", step.words
    found = _wrong_share(text_shares_by_clearance(text), labels)
    if found is not None:
        return found
    for sentence in SENTENCE.split(text):
        reduced = _is_reduced(sentence, labels)
        if reduced and _MORE.search(sentence) and not _OTHER.search(sentence):
            return "no label gives more as the clearance falls", sentence.strip()
        rates = [_per_minute(match[0]) for match in _RATE.finditer(sentence)] if _DIALYSIS.search(sentence) else []
        if full is not None and any(rate is not None and rate > full * _share(Fraction(0), labels) for rate in rates):
            return "every label of the drug reduces it there", sentence.strip()
    return None


def _is_full(step: _TextBranch, own: Fraction | None, full: Fraction, labels: tuple[RenalRule, ...]) -> bool:
    """Whether a branch has more than every label leaves there: at one clearance, or below one as much as the order."""
    if step.is_point:
        return step.rate > full * _share(step.low, labels)
    is_lowest = step.high is not None and not step.low and own is not None and step.rate >= own
    return is_lowest and step.high is not None and step.rate > full * _share(step.high, labels)


def _is_of_higher(step: _TextBranch, later: list[_TextBranch], labels: tuple[RenalRule, ...]) -> bool:
    """Whether a branch repeats the rate of a higher clearance that has the full one, where all labels give less."""
    if step.high is None or _share(step.low + _ABOVE, labels) >= 1:
        return False
    same = [each for each in later if each.rate == step.rate and each.place != step.place]
    return all(each.rate <= step.rate for each in later) and any(
        _share(each.low + _ABOVE, labels) >= 1 for each in same
    )


_ABOVE: Final = 2 * _BESIDE
"""mL/min, just above the end of a branch: a share is asked for just below a clearance."""


def _wrong_share(shares: tuple[TextShare, ...], labels: tuple[RenalRule, ...]) -> tuple[str, str] | None:
    """Return what is wrong with the parts of the dose that a text gives by clearance in words, and its words."""
    ranked = sorted(shares, key=lambda each: each.rank)
    for place, each in enumerate(ranked):
        if any(each.share > other.share for other in ranked[place + 1 :] if other.rank > each.rank):
            return "no label gives more as the clearance falls", each.words
        is_open = each.low is not None and each.high is None
        if each.share < 1 and is_open and not any(other.share < 1 for other in ranked[:place]):
            return "no label gives more as the clearance falls", each.words
        if each.share >= 1 and each.high is not None and _share(each.high, labels) < 1:
            return "every label of the drug reduces it there", each.words
    return None


def _is_reduced(sentence: str, labels: tuple[RenalRule, ...]) -> bool:
    """Whether a sentence is about a clearance at which every label of the drug reduces the infusion."""
    if _DIALYSIS.search(sentence):
        return True
    found = (match["below"] or match["upto"] for match in _BELOW.finditer(sentence))
    return any(_share(Fraction(below), labels) < 1 for below in found if below)


def _share(clearance: Fraction, labels: tuple[RenalRule, ...]) -> Fraction:
    """Return the largest share of the infusion that a label leaves just below a clearance."""
    at = CreatinineClearance(max(Fraction(0), clearance - _BESIDE), unit("mL/min"))
    return max(rule.band(at).factor("infusion") for rule in labels)


def _steps(text: str) -> Iterator[_TextBranch]:
    """Yield each condition of a text with the dose rate that follows it in its sentence, else the one before it."""
    if _NAMED.search(text) is None:
        return
    for number, sentence in enumerate(SENTENCE.split(text)):
        rates = list(_RATE.finditer(sentence))
        is_one = len(rates) > 1 and len({each[0] for each in rates}) == 1
        for match in _BELOW.finditer(sentence) if rates else ():
            following = next((each for each in rates if each.start() >= match.end()), None)
            taken = following or rates[-1]
            rate = _per_minute(taken[0])
            if rate is not None:
                yield _step(match, rate, (number, match.start() if is_one else taken.start()))


def _step(match: re.Match[str], rate: Fraction, place: tuple[int, int]) -> _TextBranch:
    below = match["below"] or match["upto"]
    if below:
        return _TextBranch(Fraction(0), Fraction(below), rate, match[0], place)
    if match["above"] or match["at"]:
        at = Fraction(match["above"] or match["at"])
        return _TextBranch(at, None, rate, match[0], place, is_point=bool(match["at"]))
    return _TextBranch(Fraction(match["low"]), Fraction(match["high"]), rate, match[0], place)


def _per_minute(text: str) -> Fraction | None:
    if not text.endswith(("min", "h", "hr")):
        return Fraction(text)
    try:
        return parsed(DoseRatePerKg, text.replace("hr", "h")).value_in("mcg/kg/min")
    except InputError:
        return None
