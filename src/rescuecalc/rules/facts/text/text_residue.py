"""What is left of a text that alone says an order's dose, once all is taken out that is plainly no dose.

A text has more ways to say a dose than can be listed, and few to say a time, a laboratory value or a step. So where no
dose of it could be judged, each number that is none of those may be one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.text import dose_words as words
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.free_text import elsewhere, uncapped
from rescuecalc.core.orders.text.vocabulary import BAGS, SYRINGES, TABLETS, VIALS, one_of
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.facts.text.number_owner import is_of_another

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Knowledge

_TIME: Final = r"(?:h|hrs?|hours?|hourly|min|mins|minutes?|secs?|seconds?|days?|d|weeks?|wks?|months?|years?|yrs?|y/?o)"
_N: Final = r"[0-9]{1,6}(?:[.,:][0-9]{1,4})?"
_NO_DOSE: Final = lazy_pattern(
    # Dates, clock times, pressures, lists, ordinals, powers of ten, and names of things that hold a digit.
    r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}|\b[0-2]?[0-9]:[0-5][0-9]\b"
    r"|[0-9]{2,3} ?/ ?[0-9]{2,3}(?! ?m?[cg])|(?:^|\n) *\(?[0-9]{1,2}[.)](?= )|\b[0-9]{1,2}(?:st|nd|rd|th)\b"
    r"|[x\u00d7] ?10 ?\^? ?[0-9]{1,2}(?:/[a-z]{1,3})?|\b[A-Za-z]+[-]?[0-9]+[A-Za-z0-9]*\b|\b[0-9]{1,2}[a-d]\b"
    # A number of a unit, or of things, that no drug is measured in.
    rf"|{_N}(?: ?(?:-|\u2013|to|and|or) ?{_N})? ?(?:{_TIME}\b|%|per ?cent|mmHg|mm\b|cm\b|F\b|Fr\b|French|"
    r"G\b|gauge|\u00b0|C\b|s\b|bpm|kg\b|lbs?\b|m?g/dL|mmol/L|umol/L|g/L|mL/min|(?:lines?|lumens?|ports?|sites?|nurses?|people|persons?|"
    r"operators?|points?|arms?|hands?|beds?|copies|signatures?|checks?|samples?|tubes?|pages?)\b)"
    # A number behind what is measured, counted or named so.
    r"|\b(?:q|every|hours?|days?|weeks?|months?|steps?|phase|no|number|form|page|section|protocol|order|line|bed|room|"
    r"table|appendix|figure|version|rev|class|grade|type|score|age|aged|ext|pager|phone|bleep|box|item|option|NIHSS|GCS|"
    r"m?TICI|ASPECTS|mRS|RASS|CPOT|INR|a?PTT|PT|ACT|anti-?Xa|PRU|SBP|DBP|MAP|BP|pressure|HR|RR|SpO2|temp(?:erature)?|"
    r"Ha?e?mo?globin|Hb|Hgb|platelets?|plt|creatinine|CrCl|e?GFR|glucose|BG|BMI|EF|LVEF|count|level|ratio|value|below|"
    rf"above|under|over|than|within|after|before|[<>\u2264\u2265])[ .:#=<>\u2264\u2265-]{{0,4}}(?:of |is )?{_N}"
    rf"(?: ?(?:-|\u2013|to|and|or|/) ?{_N})?(?! ?(?:mc?g|mL|units?)\b)"
    rf"|\b{_N} ?(?:x|times) (?:a |per |each |every )?(?:day|daily|week|weekly)\b|\b[x\u00d7] ?1\b|\b1 ?[x\u00d7]\b",
    re.IGNORECASE,
)
_LEFT: Final = lazy_pattern(
    r"(?:\b(?P<given>give|push|inject|infuse|run|bolus|dose|rate|take|load|administer|set|chew)\w*"
    r"(?: [a-z]{1,9}){0,2} ?[:=]? ?)?"
    r"(?<![\w.,/-])(?P<number>[0-9]{1,6}(?:[.,][0-9]{1,6})?)(?![\w-]*[0-9])"
    r"(?P<behind>(?: ?(?:IV|IA|PO|PR|NG|now|stat|push|bolus|over|for|then|per|once|daily|by|via|q|x|at|as)\b|"
    r" ?[;,.)/\n])?)",
    re.IGNORECASE,
)
_HOLDERS: Final = (*BAGS, *VIALS, *SYRINGES, "kits?")
_AMOUNT_WORDS: Final = lazy_pattern(
    r"\b(?:(?:half|whole|entire|full|all|two|three|four|five|six|ten|several|both)(?: of)?(?: the| an?)? "
    rf"(?:[a-z]+ )?{one_of(_HOLDERS, TABLETS, 'boxes', 'packs?', 'strips?')}"
    rf"|(?:push|bolus|squeeze|inject|give|run in) (?:the|an?|one|in) (?:[a-z]+ )?{one_of(_HOLDERS)}"
    r"|handful|(?:the )?same (?:dose )?again|again in)\b",
    re.IGNORECASE,
)
_MOST_ASKED: Final = 100
"""Words that may give a dose, of which those before them are asked: more would take the square of a text."""
_GIVEN: Final = frozenset(
    (
        *("dose", "dose_rate", "pump_rate", "volume", "dose_per_kg", "dose_rate_per_kg", "max_dose"),
        *("volume_per_kg", "pump_rate_per_kg"),
    )
)


def residue(order: Order, knowledge: Knowledge) -> Iterator[str]:
    """Yield what a text may give of its order's drug, though no dose of it was judged: the first such words alone."""
    text = order.texts.get("text", "")
    for at, found in sorted(_candidates(order, text))[:_MOST_ASKED]:
        begin, end = clause_at(text, at)
        before, behind = text[begin:at], text[at + len(found) : end]
        if words.DENIED.search(before) is not None or words.MEASURED.search(before) is not None:
            continue
        if not is_of_another(order.drug, before, behind, text[:begin], knowledge):
            yield found
            return


def _candidates(order: Order, text: str) -> Iterator[tuple[int, str]]:
    known = (*order.numbers_in_text(), *elsewhere(text), *(result for _, result in uncapped(text)))
    yield from ((each.at, each.text) for each in known if each.field in _GIVEN)
    left = list(text)
    spans = [(each.at, each.at + len(each.text)) for each in known]
    for begin, end in (*spans, *(match.span() for match in _NO_DOSE.finditer(text))):
        left[begin:end] = " " * (min(end, len(text)) - begin)
    rest = "".join(left)
    yield from ((match.start("number"), match["number"]) for match in _LEFT.finditer(rest) if _may_be_dose(match))
    yield from ((match.start(), match[0]) for match in _AMOUNT_WORDS.finditer(text))


def _may_be_dose(match: re.Match[str]) -> bool:
    """Whether a number has nothing behind it, or a word of giving before or behind it: others count other things."""
    return match["given"] is not None or match["behind"] != "" or match.end() == len(match.string.rstrip())
