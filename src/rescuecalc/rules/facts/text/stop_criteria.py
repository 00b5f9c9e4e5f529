"""What the criteria of a stop say: a reason to stop, what denies one, and the platelets below which one stops."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.platelet_count import COUNT_UNIT, platelets_per_nanolitre
from rescuecalc.core.orders.text.text_words import CLAUSE, SENTENCE
from rescuecalc.core.orders.text.vocabulary import AVOIDED, NEGATIONS, one_of
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.errors import InputError
from rescuecalc.rules.facts.text.named_drug import last_drug

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rescuecalc.core.orders.text.watch_words import StoppedBelow
    from rescuecalc.rules.base.knowledge import Knowledge, Subject

_STOP: Final = r"(?:to )?(?:be )?(?:stop|hold|discontinu|interrupt|paus|ceas|halt|suspend|terminat|turn(?:ed)? off)\w*"
_NEVER: Final = (
    r"\b(?:never|(?:do|must|should|need|is|are|to be) not|(?:don|mustn|shouldn)['\u2019]?t"
    rf"|no (?:need|reason) to|not(?= to)|{one_of(AVOIDED)}|without) (?:from )?"
)
_THROUGH: Final = r"\b(?:despite|even (?:if|with|in|during)|regardless of|in spite of)\b"
_DENIED: Final = lazy_pattern(
    rf"{_NEVER}{_STOP}|{_THROUGH}"
    r"|(?<!not )(?<!never )(?<!n't )(?<!before )\b(?:continu(?:e|es|ed|ing)|keep (?:on|running|going|infusing)|carry on"
    r"|resum\w*|restart\w*|ignor\w*|disregard\w*|tolerat\w*)\b",
    re.IGNORECASE,
)
"""A criterion of going on: beside a stop that it denies, or by a word that says the opposite of a stop."""
_GATED: Final = lazy_pattern(r"\bonly (?:if|when|after|once|with|for|in)\b|\b(?:if|when) both\b", re.IGNORECASE)
"""What waits for more than one thing, or for one alone, tells of none of the others."""
_NOT_ENGLISH: Final = "keine?|ohne|sans|aucune?|pas de"
_NOT_IT: Final = lazy_pattern(
    rf"\b(?:{one_of(NEGATIONS)}|{_NOT_ENGLISH}|absence|free of|den(?:ies|ied)|discuss\w*|assess\w*|monitor\w*|check\w*"
    r"|record\w*"
    r"|document\w*|observ\w*|watch\w*|prevent\w*|treat\w*|risk of|history of|unless)\b"
    r"(?!.*\b(?:if|when|in case of|for)\b)",
    re.IGNORECASE,
)
"""Before an event: it is not there, or it is what is looked at."""
_OVER: Final = lazy_pattern(
    r"(?<!not )(?<!n't )(?<!never )\b(?:stops|stopped|stopping|ceased|resolv\w*|improv\w*|recover\w*"
    r"|normal(?! range)\w*|stable|stabili[sz]\w*|controlled|absent|excluded|ruled out|negative"
    r"|assessed|discussed|monitored|checked|time\b|risk|protocol)\b",
    re.IGNORECASE,
)
"""Behind an event: it is over, or it is another thing."""


def _words(names: tuple[str, ...], subject: Subject) -> re.Pattern[str]:
    """Return the pattern of words of the data, made once for a catalogue."""
    return subject.knowledge.once(("watch words", *names), lambda: _of_words(names))


def _of_words(names: tuple[str, ...]) -> re.Pattern[str]:
    signs = "|".join(re.escape(each) for each in names if not each[0].isalpha())
    parts = "|".join(re.escape(each) for each in names if each[0].isalpha())
    return re.compile(rf"\b(?:{parts}){f'|{signs}' if signs else ''}", re.IGNORECASE)


def denies_stop(text: str) -> bool:
    """Whether a sentence says to go on, or to stop for no less than several things."""
    return _DENIED.search(text) is not None or _GATED.search(text) is not None


def is_stop_criterion(text: str, subject: Subject) -> bool:
    """Whether a text tells what an infusion is stopped for: an event, or a measure that gets worse."""
    sentences = [each for each in SENTENCE.split(text) if not denies_stop(each)]
    return any(_tells(clause, subject) for each in sentences for clause in CLAUSE.split(each))


def _tells(clause: str, subject: Subject) -> bool:
    words = subject.knowledge.watch_words()
    return any(_happens(clause, match) for match in _words(words.events, subject).finditer(clause)) or any(
        _gets_worse(clause, match, _words(each.worse, subject))
        for each in words.measures
        for match in _words(each.names, subject).finditer(clause)
    )


def _happens(clause: str, match: re.Match[str]) -> bool:
    return _NOT_IT.search(clause[: match.start()]) is None and _OVER.search(clause[match.end() :]) is None


def _gets_worse(clause: str, match: re.Match[str], worse: re.Pattern[str]) -> bool:
    """Whether a measure is said to get worse; a limit without a number is a named one (`below the normal range`)."""
    if not _happens(clause, match):
        return False
    found = [each[0].lower() for each in worse.finditer(clause)]
    return bool(found) and (
        any(each.isalpha() and each not in _LIMITS for each in found) or _LIMIT.search(clause) is not None
    )


_LIMITS: Final = frozenset({"below", "under", "less", "above"})
_LIMIT: Final = lazy_pattern(r"[0-9]|\b(?:normal|baseline|range|limit|threshold)\b", re.IGNORECASE)


_GOES_ON: Final = lazy_pattern(
    rf"{_NEVER}{_STOP}[^.;]{{0,30}}?\b(?:for|if|when|on|with|during|because of|in case of|even)\b"
    rf"|\b(?:continu\w*|keep\w*|infus\w*|run\w*|go(?:es)? on)\b[^.;]{{0,40}}?{_THROUGH}"
    r"|(?<!not )(?<!never )\bcontinue(?: (?:the )?(?:infusion|drip|tirofiban))? (?:if|when|in case of)\b"
    r"|(?<!not )(?<!never )\b(?:ignore|disregard)\b",
    re.IGNORECASE,
)
_SMALL: Final = lazy_pattern(
    r"\b(?:minor|small|slight|trivial|mild|superficial|oozing|gingival|gum|nose|puncture|site|access|local)\b",
    re.IGNORECASE,
)


def denied_stops(text: str, subject: Subject) -> Iterator[str]:
    """Yield each sentence by which an infusion goes on through a reason to stop; a small bleeding is none."""
    for sentence in SENTENCE.split(text):
        match = _GOES_ON.search(sentence)
        if match is not None and _SMALL.search(sentence) is None and _tells(sentence[match.end() :], subject):
            yield sentence.strip()


_ABSENT: Final = lazy_pattern(
    r"\W*(?:(?:if|when|in case of|once) )?(?:no|without|absence of|free of)"
    r"(?: (?:any|new|signs?|of|further|serious)){0,3} ?",
    re.IGNORECASE,
)
"""All before an event: the criterion is that it is not there."""
_ENDED: Final = lazy_pattern(
    r"\w*\W*(?:has |have |is |are )?(?:stops|stopped|ceased|resolv\w*|improv\w*)\b", re.IGNORECASE
)
"""Behind an event: the criterion is that it is over."""
_NEVER_AT_ALL: Final = lazy_pattern(r"\W*(?:never|none|nothing|no reason|do not stop)\W*", re.IGNORECASE)
_LESSENED: Final = lazy_pattern(
    r"^\W*(?:give|start|administer|inject|push|increase|raise|double|repeat|restart|resume)\b[^.;]{0,40}?"
    r"(?:\b(?:bolus|infusion|rate|drip|tirofiban|eptifibatide|abciximab|cangrelor)\b|mcg/kg)|"
    r"\bhalv(?:e|es|ed|ing)\b|\bhalf (?:of )?(?:the )?(?:infusion )?(?:rate|dose)\b"
    r"|\b(?:reduc|lower|decreas)\w*(?: the)? (?:rate|infusion|drip|dose)\b",
    re.IGNORECASE,
)
_STOPS: Final = lazy_pattern(rf"\b{_STOP}", re.IGNORECASE)


def is_no_reason(text: str, subject: Subject) -> bool:
    """Whether a criterion waits for the absence or the end of what an infusion is stopped for, or stops for nothing."""
    if _NEVER_AT_ALL.fullmatch(text) is not None:
        return True
    words = subject.knowledge.watch_words()
    names = (*words.events, *(name for each in words.measures for name in each.names))
    found = list(_words(names, subject).finditer(text))
    return any(_ABSENT.fullmatch(text, 0, each.start()) or _ENDED.match(text, each.end()) for each in found)


def lessened(text: str) -> str:
    """Return the words by which a criterion lowers the rate where an infusion is to be stopped; empty where none do."""
    match = _LESSENED.search(text)
    return match[0] if match is not None and _STOPS.search(text) is None else ""


class StatedCount(NamedTuple):
    """A count of platelets below which a text stops; ``value`` is None where its unit is none of a count."""

    text: str
    value: Fraction | None


_OF_NO_COUNT: Final = (
    r"%(?! of)|[x\u00d7] ?10\^?[0-9]+\S*|[A-Za-z\u00b5]{1,5}/\w{1,5}"
    r"|[munk]?c?g\b|m?L\b|units?\b|days?\b|h\b|hours?\b|min\b"
)
_OF_BASELINE: Final = r"(?![0-9,.]{1,10} ?(?:%|per ?cent\b) (?:of|from|below)\b)"
_COUNT: Final = rf"{_OF_BASELINE}(?P<{{0}}>(?:[0-9][0-9,.]{{0,9}}|zero\b|nil\b) ?(?:{COUNT_UNIT}|{_OF_NO_COUNT})?)"
_PLATELETS: Final = r"\b(?:platelets?|plts?|thrombocytes?|thrombozyten|thrombos(?= ?<)|plaquettes)\b"
_BELOW: Final = lazy_pattern(
    rf"{_PLATELETS}[^0-9;]{{0,30}}?(?:below|under|less than"
    rf"|<=?|\u2264|(?:fall(?:s|en)?|drop(?:s|ped)?) (?:to|below))\s*{_COUNT.replace('{0}', 'count')}"
    rf"|{_PLATELETS}[^0-9;]{{0,30}}?{_COUNT.replace('{0}', 'least')} or (?:less|lower|below|fewer|under)\b",
    re.IGNORECASE,
)
_ABOVE: Final = lazy_pattern(
    rf"{_PLATELETS}(?:(?!\b(?:fall|drop|decreas|declin|reduc|less|below)\w*)[^0-9;]){{0,30}}?"
    r"(?:above|over|more than|greater than|exceed\w*|>=?|\u2265)\s*[0-9][0-9,.]{0,9}(?! ?%)(?![0-9,.])",
    re.IGNORECASE,
)


def sentences_of_stop(text: str, drugs: Collection[str], knowledge: Knowledge) -> Iterator[str]:
    """Yield the sentences of a text by which an infusion stops, or goes on until then; of another drug none."""
    for sentence in SENTENCE.split(text):
        match = _STOPS.search(sentence) or _GOES_ON_UNTIL.search(sentence)
        if (
            match is not None
            and _TRANSFUSED.search(sentence) is None
            and last_drug(sentence[: match.end() + _OBJECT], knowledge) in {"", *drugs}
        ):
            yield sentence


_GOES_ON_UNTIL: Final = lazy_pattern(
    r"\b(?:continu\w*|keep|run)\b[^.;]{0,30}?\b(?:unless|until|till|as long as)\b", re.IGNORECASE
)
_TRANSFUSED: Final = lazy_pattern(r"\btransfus|\bplatelet concentrate", re.IGNORECASE)
_OBJECT: Final = 40
"""Characters behind a stop in which is named what is stopped."""


def stops_above(text: str) -> str:
    """Return where a criterion stops at platelets above a count, the wrong way round; empty where none does."""
    match = _ABOVE.search(text)
    return match[0] if match is not None else ""


def platelet_limits(text: str, subject: Subject) -> Iterator[tuple[StatedCount, StoppedBelow]]:
    """Yield each count below which a text stops, in x10^9/L, with the least that a label of the ordered drugs has."""
    known = subject.knowledge.watch_words().stop_below
    due = [known[order.drug] for order in subject.order_set.orders if order.drug in known]
    for match in _BELOW.finditer(text) if due else ():
        written = (match["count"] or match["least"]).strip().rstrip(".,")
        yield StatedCount(written, _value(written)), min(due, key=lambda stated: stated.value)


_NEXT_TO_NONE: Final = lazy_pattern(r"zero|nil|[0-9.,]+ ?(?:/|per )l(?:it(?:er|re))?", re.IGNORECASE)
"""No platelet at all, or so few in a whole litre."""


def _value(written: str) -> Fraction | None:
    if _NEXT_TO_NONE.fullmatch(written) is not None:
        return Fraction(0)
    is_bare = "," in written and written.replace(",", "").isdecimal()  # thousands are counted per microlitre
    try:
        return platelets_per_nanolitre(f"{written}/uL" if is_bare else written)
    except InputError:
        return None
