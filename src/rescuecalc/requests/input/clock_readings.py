"""What a clock time without a date, or a date in another order, may mean: proposals, none of which is assumed."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIME: Final = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:.h]?(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?)? ?(?P<half>[ap]\.?m\.?)?",
    re.ASCII | re.IGNORECASE,
)
_DATED: Final = re.compile(
    r"(?P<first>[0-9]{1,4})[-./](?P<month>[0-9]{1,2})[-./](?P<last>[0-9]{1,4})(?:[T,]| )+(?P<time>.{1,12})", re.ASCII
)
_DAY_WORDS: Final = {
    **dict.fromkeys(("yesterday", "gestern"), -1),
    **dict.fromkeys(("today", "tonight", "heute"), 0),
    **dict.fromkeys(("tomorrow", "morgen"), 1),
}
_WORDED: Final = re.compile(
    rf"(?P<word>{'|'.join(_DAY_WORDS)}),? (?:at |um )?(?P<time>.{{1,12}})", re.ASCII | re.IGNORECASE
)
_O_CLOCK: Final = re.compile(
    r"(?P<before>.{1,20} )?(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))? ?(?:uhr|o'clock)", re.ASCII | re.IGNORECASE
)
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})[T ]?([0-9]{2}):?([0-9]{2})", re.ASCII)
_DAY_FIRST: Final = re.compile(
    r"(?P<day>[0-9]{1,2})\.? (?P<name>[A-Za-z]{3,9})\.?,? (?P<year>[0-9]{4}),? (?P<time>[0-9].{0,11})", re.ASCII
)
_MONTH_FIRST: Final = re.compile(
    r"(?P<name>[A-Za-z]{3,9})\.? (?P<day>[0-9]{1,2}),? (?P<year>[0-9]{4}),? (?P<time>[0-9].{0,11})", re.ASCII
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NOON_AND_MIDNIGHT: Final = {"noon": "12:00", "midnight": "00:00", "mittag": "12:00", "mitternacht": "00:00"}
_CLOCK_WORDS: Final = re.compile(rf"\b(?:{'|'.join(_NOON_AND_MIDNIGHT)})\b", re.IGNORECASE)
_DAYS: Final = {"--start": (0, 1), "--started": (-1, 0), "--thrombolysis-at": (-1, 0)}
"""The days that a clock time may be of, counted from the start's (or today's); else that day or the next."""

_WORDS: Final = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_NOON: Final = 12
_YEAR_DIGITS: Final = 4


def readings(text: str, option: str, reference: datetime, start: datetime | None) -> dict[str, str | None]:
    """Return each full value that ``text`` may mean, with the word for its day where there is one.

    ``reference`` is the moment that days are counted from: the ``start``, or now where that is None. A stop before the
    start, and a start that is still to come of an infusion that was stopped, are no readings.
    """
    spaced = _in_numbers(text.strip(" "))
    dated = _DATED.fullmatch(spaced)
    if dated is not None:
        return dict.fromkeys(_iso_text(day, at) for at in _times(dated["time"], whole=True) for day in _dates(dated))
    worded = _WORDED.fullmatch(spaced)
    if worded is not None:
        day = reference.date() + timedelta(days=_DAY_WORDS[worded["word"].lower()])
        return dict.fromkeys(_iso_text(day, at) for at in _times(worded["time"]))
    found: dict[str, str | None] = {}
    for at in _times(spaced):
        for days in _DAYS.get(option, (0, 1)):
            moment = datetime.combine(reference.date() + timedelta(days=days), at, reference.tzinfo)
            if not _impossible(moment, option, reference):
                found[_iso_text(moment.date(), at)] = _WORDS[days] if start is None else None
    return found


def days_meant(text: str) -> list[str]:
    """Return the days that a date in another order may mean: 29.11.2026 is one, 3/4/2026 are two."""
    dated = _DATED.fullmatch(f"{text.strip(' ')} 0:00")
    return list(dict.fromkeys(each.isoformat() for each in _dates(dated))) if dated is not None else []


def _in_numbers(text: str) -> str:
    """Return a time with its words as numbers: ``20 Uhr`` is 20:00, ``29 Nov 2026 20:00`` begins with 29.11.2026."""
    hour = _O_CLOCK.fullmatch(text)
    if hour is not None:
        return f"{hour['before'] or ''}{hour['hour']}:{hour['minute'] or '00'}"
    compact = _COMPACT.fullmatch(text)
    if compact is not None:
        return f"{compact[1]}-{compact[2]}-{compact[3]}T{compact[4]}:{compact[5]}"
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        named = pattern.fullmatch(text)
        if named is not None and named["name"][:3].lower() in _MONTHS:
            return f"{named['year']}-{_MONTHS.index(named['name'][:3].lower()) + 1}-{named['day']} {named['time']}"
    return _CLOCK_WORDS.sub(lambda found: _NOON_AND_MIDNIGHT[found[0].lower()], text)


def _impossible(moment: datetime, option: str, reference: datetime) -> bool:
    if option == "--stopped":
        return moment <= reference
    return option == "--started" and moment > reference


def _iso_text(day: date, at: time) -> str:
    return f"{day.isoformat()}T{at.isoformat('seconds' if at.second else 'minutes')}"


def _times(text: str, *, whole: bool = False) -> Iterator[time]:
    """Yield the time of day that is written; ``8`` alone is a number, but for ``whole``, behind a date."""
    match = _TIME.fullmatch(text.strip(" "))
    if match is None or (match["minute"] is None and match["half"] is None and not whole):
        return
    hour, half = int(match["hour"]), (match["half"] or "")[:1].lower()
    if half and not 1 <= hour <= _NOON:
        return
    if half:
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    try:
        yield time(hour, int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        return


def _dates(match: re.Match[str]) -> Iterator[date]:
    """Yield the days that a date means: year first, or day and month in either order where both are months."""
    first, month, last = match["first"], match["month"], match["last"]
    if len(first) == _YEAR_DIGITS:
        orders = [(first, month, last)]
    else:
        orders = [(last, month, first), (last, first, month)] if len(last) == _YEAR_DIGITS else []
    for year, number, day in orders:
        try:
            yield date(int(year), int(number), int(day))
        except ValueError:
            continue
