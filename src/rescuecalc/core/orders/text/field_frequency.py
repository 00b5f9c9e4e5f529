"""How often an order is given by its field `frequency`, which says that alone: each word of it is read, or none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.text.frequency import COUNT_WORDS, exactly_daily, first_dose, often_words, recurring_words
from rescuecalc.core.quantities import wording
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_A_DAY: Final = (
    r"(?:(?:/|per|pro|par|am|al|a|each|every|på) ?(?:d|day|j|jour|tag|dag|día|dia|giorno|dygn)|"
    r"täglich|taeglich|tägl\.?|tgl\.?|dagligen|daags|dd ?1|dd|daily|d|day)"
)
_COUNT: Final = rf"(?:[0-9]{{1,2}}|{'|'.join(wording.COUNT_OF)})"
_X: Final = r"(?:[x×]|times?|mal|-mal|fois|keer|maal|vez|veces|volta|volte|gång|gånger|doses?|dosis)"
_PER_DAY: Final = lazy_pattern(
    rf"(?:(?P<times>{_COUNT}),? ?{_X}?|{_X} ?(?P<behind>[0-9]{{1,2}})),? ?{_A_DAY}"
    rf"|{_A_DAY},? ?(?:(?P<after>{_COUNT}),? ?{_X}|[x×] ?(?P<last>[0-9]{{1,2}}))",
    re.IGNORECASE,
)
_EACH_HOURS: Final = lazy_pattern(
    r"(?:alle|cada|toutes les|elke|om de|iedere|ogni|var|var je) ?(?P<hours>[1-9][0-9]?):? ?"
    r"(?:h|std\.?|stunden|horas|hs?|heures|uur|ore|timme)|q ?(?P<bare>[1-9][0-9]?)|"
    r"(?P<of_day>[1-9][0-9]?) ?/ ?24|(?P<hourly>[1-9][0-9]?)(?:-| )?(?:hrly|hourly)",
    re.IGNORECASE,
)
_HOURLY: Final = lazy_pattern(r"(?:once |1x? )?(?:per|an?|each|every|/) ?(?:h|hr|hour|std|stunde|heure)", re.IGNORECASE)
_SCHEME: Final = lazy_pattern(r"[0-9](?: ?[-–] ?[0-9]){2,3}")
_CLOCK: Final = r"(?:(?:[01][0-9]|2[0-3]):?[0-5][0-9]|24:?00)(?: ?h)?"
_CLOCKS: Final = lazy_pattern(
    rf"\A(?:daily )?(?:at )?{_CLOCK}(?:(?:, ?| ?/ ?| ?& ?| and | ){_CLOCK}){{0,5}}(?: daily)?\Z", re.IGNORECASE
)
_HOURS: Final = lazy_pattern(
    r"(?:daily )?(?:at )?[0-9]{1,2}(?:(?:, ?| ?/ ?| ?& ?| ?- ?|,? and )(?:at )?[0-9]{1,2}){1,5} ?(?:h|uhr|o'clock)?",
    re.IGNORECASE,
)
_PART: Final = (
    r"(?:(?:every|each|in the|in|at|with|le|am|'s) )?(?:q?am|mane|mornings?|matin|morgens|früh|ochtends|"
    r"breakfast|noon|midday|mittags?|lunch|midi|afternoons?|q?pm|evenings?|soir|abends?|avonds|dinner|supper|nights?|"
    r"nightly|nocte|nachts|bedtime|midnight|q?hs)"
)
_PARTS: Final = lazy_pattern(rf"{_PART}(?:(?:,? (?:and|&|et|und|en|y|e) |, ?| ?[/&+] ?){_PART})*")
_MEALS: Final = lazy_pattern(r"(?:with|before|after|at|ac|pc)(?: each| every)? meals?|with food x ?3")
_LATIN: Final = lazy_pattern(r"\b(?:[a-z]\. ?){2,3}")
_SPANS: Final = {
    r"\b(?:a )?quarter(?: of an)?[ -]hourly|\bevery (?:a )?quarter(?: of an)?[ -]hour": "every 15 min",
    r"\bhalf[ -]hourly|\bevery half(?: an)?[ -]hour": "every 30 min",
    r"\btwice\b": "2 times",
    r"\bthrice\b": "3 times",
}


def _plain(text: str) -> str:
    """Return a frequency in small letters, with digits for words of numbers, and `qds` for `q.d.s.`."""
    bare = wording.folded(text.replace("@", " at ")).strip(" ,;")
    bare = _LATIN.sub(lambda match: match[0].replace(".", "").replace(" ", "") + " ", bare).strip()
    for words, plain in _SPANS.items():
        bare = re.sub(words, plain, bare)
    return re.sub(rf"\b(?:{'|'.join(COUNT_WORDS)})\b", lambda match: str(COUNT_WORDS[match[0]]), bare)


def frequency_in_words(text: str) -> str:
    """Return a field `frequency` in usual words: alone there, `OM`, `1/d` or `0900` have one reading, in a text none.

    >>> [frequency_in_words(each) for each in ("qAM", "Q24", "2/d", "0900, 2100", "at 9")]
    ['every morning', 'every 24 h', '2 times daily', '2 times daily', 'at 9']
    >>> [frequency_in_words(each) for each in ("1x tgl.", "2 fois par jour", "cada 12 horas", "1 - 0 - 0")]
    ['daily', '2 times daily', 'every 12 h', '1-0-0']
    >>> [frequency_in_words(each) for each in ("q.d.s.", "6 hrly", "daily, twice", "8-14-20")]
    ['qds', 'every 6 h', '2 times daily', '3 times daily']
    """
    folded, bare = wording.folded(text), _plain(text)
    for each in (folded, bare):
        if each in wording.OFTEN_OF:
            return wording.OFTEN_OF[each]
    found = next(filter(None, (reader(bare) for reader in _READERS)), None)
    if found is not None:
        return found
    is_read_better = bare != folded and is_unknown(text) and not is_unknown(bare)
    return bare if is_read_better or _is_misread(folded, bare) else text


def _is_misread(folded: str, bare: str) -> bool:
    """Whether a word with points holds a shorter one: `q.d.s.` begins as `q.d.`, and is four times as often."""
    return bare != folded and _LATIN.search(folded) is not None


def _per_day(bare: str) -> str | None:
    match = _PER_DAY.fullmatch(bare)
    count = next(filter(None, match.groups()), "") if match is not None else ""
    return _daily(wording.COUNT_OF.get(count) or int(count)) if count else None


def _per_hour(bare: str) -> str | None:
    match = _EACH_HOURS.fullmatch(bare)
    if match is not None:
        return f"every {next(filter(None, match.groups()))} h"
    return "hourly" if _HOURLY.fullmatch(bare) else None


def _at_hours(bare: str) -> str | None:
    if _CLOCKS.fullmatch(bare):
        return _daily(len(re.findall(_CLOCK, bare)))
    hours = [int(each) for each in re.findall(r"[0-9]{1,2}", bare)] if _HOURS.fullmatch(bare) else []
    is_of_day = hours == sorted(set(hours)) and bool(hours) and _MOST_OF_SCHEME < hours[-1] <= _LAST_HOUR
    return _daily(len(hours)) if is_of_day else None


_MOST_OF_SCHEME: Final = 9
"""Higher numbers are hours of the day, and no tablets: `1-0-1`, `8-14-20`."""
_LAST_HOUR: Final = 24


def _scheme(bare: str) -> str | None:
    return re.sub(r" ?[-–] ?", "-", bare) if _SCHEME.fullmatch(bare) else None


def _in_parts(bare: str) -> str | None:
    if bare in wording.RECURRING_KINDS:
        return wording.AS_MAINTENANCE
    if _MEALS.fullmatch(bare):
        return _daily(_MEALS_A_DAY)
    parts = re.findall(_PART, bare) if _PARTS.fullmatch(bare) else []
    return None if len(parts) == 1 and exactly_daily(bare) is not None else _daily(len(parts))


_MEALS_A_DAY: Final = 3


def _daily(times: int) -> str | None:
    return None if not times else f"{times} times daily" if times > 1 else "daily"


_READERS: Final[tuple[Callable[[str], str | None], ...]] = (_per_day, _per_hour, _scheme, _at_hours, _in_parts)

_NOW: Final = lazy_pattern(r"\b(?:once|stat|now)\b")
_ONCE: Final = lazy_pattern(
    r"\b(?:single(?: dose)?|(?:1|an?) (?:times?|doses?))\b|[x×] ?1\b|\b1 ?[x×](?!\w)", re.IGNORECASE
)
_ONCE_AS: Final = lazy_pattern(
    r"\b(?:(?:as )?(?:an? )?(?:pre-?)?load(?:ing)?(?: (?:dose|bolus))?|as (?:an? )?bolus|asap|as soon as possible|"
    r"(?:at )?[0-9]{1,3}(?: ?(?:-|to) ?[0-9]{1,3})? ?(?:h|hrs?|hours?|min|minutes?) (?:after|before|pre|post|prior to)|"
    r"on (?:arrival|admission|call)|immediate(?:ly)?|urgent(?:ly)?|to(?:day|night|morrow)|"
    r"(?:pre|post|peri|intra)[ -]?(?:op\w*|proced\w*|pci|stent\w*|thrombectomy|cath\w*|angio\w*)|"
    r"(?:before|prior to|after|at|during|upon)(?: the| start of| end of)* (?:procedure|infusion|pci|"
    r"thrombectomy|stent\w*|bolus|start|end|angio\w*|cath\w*|surgery|intervention|transfer|ct|mri|imaging))\b",
    re.IGNORECASE,
)
_COUNTED: Final = lazy_pattern(
    r"\b[0-9]{1,3} (?:doses|boluses|times)\b|(?:bolus )?[x×] ?[0-9]{1,3}\b|"
    r"\b[0-9]{1,3} ?[x×](?!\w)"
)
_NEEDED: Final = lazy_pattern(
    r"\b(?:prn|(?:as|when|if) (?:needed|required|necessary)|titrat\w*(?: to \w{1,20})?|si besoin|bei bedarf)(?!\w)",
    re.IGNORECASE,
)
_WHEN: Final = lazy_pattern(
    r"\b(?:(?:for|x) ?[0-9]{1,3} ?(?:d|days?|w(?:ee)?ks?|months?|h|hours?)|"
    r"(?:at (?:hour )?|hour )\+?[0-9]{1,3}(?![0-9:]) ?(?:h|hrs?|hours?|min|minutes?)?|"
    r"[0-9]{1,3} ?(?:min|minutes?) apart\b|"
    r"days? [0-9]{1,3}(?: ?(?:-|to) ?[0-9]{1,3})?|[0-9]{1,2}(?::?[0-9]{2})? ?[ap]m?\b|[0-9]{1,2}:?[0-9]{2}(?: ?h)?|"
    r"[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?|over [0-9]{1,3} ?(?:min|minutes?|s|sec)|"
    r"up to|at most|max\w*|min\w*|interval|"
    r"(?:first(?: dose)?|start(?:ing|s)?|begin(?:ning)?)(?: dose)? (?:now|stat|today))\b"
    r"|[x×] ?[0-9]{1,3} ?(?:d|days?|weeks?|wks?|months?)\b",
    re.IGNORECASE,
)
_BESIDE: Final = (
    "at in on the with of for from by to food meal meals breakfast lunch dinner supper water milk first dose last "
    "start starting started starts begin beginning give given take po ng iv oral orally mouth tube sch scheduled rt "
    "resp mon tue wed thu fri sat sun morning noon evening night bedtime am pm hs only tablet tablets ed er pacu icu "
    "ir ac pc cath lab theatre angio suite ward day infusion bolus push slow slowly after before "
    "procedure pci stent stenting thrombectomy recanalisation recanalization reperfusion start end stop"
)
_SAYS_NOTHING: Final = frozenset(_BESIDE.split())
"""Words beside how often, which change nothing of it."""
_WORD: Final = lazy_pattern(r"[^\W\d_]+(?:-[^\W\d_]+)*|[0-9]+|\+")


def is_unknown(text: str | None) -> bool:
    """Whether a frequency says neither how often a day nor that, when or why an order is given once.

    So does one of which a word is not read, and one that says both: `now and daily`.

    >>> is_unknown("every blue moon"), is_unknown("on arrival"), is_unknown("every 8 h"), is_unknown(None)
    (True, False, False, False)
    >>> is_unknown("now and daily"), is_unknown("repeat in 6 h"), is_unknown("Daily, first dose at 0900")
    (True, True, False)
    """
    if not text:
        return False
    rest = first_dose(_plain(text))
    found: dict[str, bool] = {}
    for name, words in _PARTS_SAID:
        spans = [each.span() for each in words(rest)]
        found[name] = bool(spans)
        rest = _without(rest, spans)
    is_said = any(found[name] for name in ("again", "counted", "once", "now", "once as", "needed"))
    left = (each for each in _WORD.findall(rest) if each not in _SAYS_NOTHING)
    return not is_said or (found["again"] and found["now"]) or next(left, None) is not None


def is_needed(text: str) -> bool:
    """Whether a frequency says that an order is given as needed."""
    return _NEEDED.search(text) is not None


def _often(text: str) -> Iterator[re.Match[str]]:
    yield from recurring_words(text)
    yield from often_words(text)


_PARTS_SAID: Final = (
    ("again", _often),
    ("once as", _ONCE_AS.finditer),
    ("when", _WHEN.finditer),
    ("counted", _COUNTED.finditer),
    ("now", _NOW.finditer),
    ("once", _ONCE.finditer),
    ("needed", _NEEDED.finditer),
)
"""What a frequency may say, in the order in which it is looked for."""


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    for begin, end in sorted(spans, reverse=True):
        text = f"{text[:begin]} {text[end:]}"
    return text
