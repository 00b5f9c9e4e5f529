"""Times of a clock beside offsets: `14:10` counts from the start of the first infusion, as `+20 h` does."""

from __future__ import annotations

import re
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_name import KNOWN
from rescuecalc.core.orders.order import Defect, Order
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.quantities.units import how_many
from rescuecalc.readers.document_shape import UNREADABLE_VALUE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_CLOCK: Final = re.compile(
    r"(?:(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4})(?:T|,? ))?"
    r"(?:(?P<hour>[0-9]{1,2})[:h](?P<minute>[0-9]{2})(?::00(?:\.0{1,9})?)?|(?P<digits>[0-9]{4}))(?: ?(?:h|hrs?|Uhr)\b)?"
    r"(?: ?(?P<half>[AP])\.?M\.?)?(?: ?(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?",
    re.ASCII | re.IGNORECASE,
)
_NOON: Final = 12
_DAY: Final = int(how_many("s", "day"))
_FIRST: Final = date(2000, 1, 1)
"""The day of a time without one: any will do, since times without a day are as near to the infusion as they can be."""


def is_clock(text: str) -> bool:
    """Whether a text is a time of the clock, with its day or without.

    >>> is_clock("14:10"), is_clock("2026-03-01 14:10"), is_clock("+20 h"), is_clock("25:00")
    (True, True, False, False)
    >>> is_clock("1410"), is_clock("2:10 PM"), is_clock("01.03.2026 14:10"), is_clock("03/01/2026 14:10")
    (True, True, True, False)
    """
    return _moment(text) is not None


def _moment(text: str) -> tuple[bool, int] | None:
    """Return whether a time names its day, and its seconds since the first of days."""
    match = _CLOCK.fullmatch(_with_plain_day(text.strip()))
    if match is None:
        return None
    try:
        time = datetime.strptime(_time(match), "%H:%M")  # noqa: DTZ007  # its zone is taken off below
        day = _day(match["day"])
    except ValueError:
        return None
    since = time.hour * how_many("s", "h") + time.minute * how_many("s", "min") - _zone(match["zone"] or "")
    return match["day"] is not None, (day - _FIRST).days * _DAY + int(since)


_DIGITS: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?:\d\d)?", re.ASCII)
_SLASHED: Final = re.compile(r"(?P<one>[0-9]{1,2})/(?P<two>[0-9]{1,2})/(?P<year>20[0-9]{2})(?=[ T])", re.ASCII)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_IN_WORDS: Final = re.compile(
    rf"(?P<day>[0-9]{{1,2}})[ -](?P<month>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?[ -](?P<year>20[0-9]{{2}})(?=[ T])",
    re.ASCII | re.IGNORECASE,
)


def _with_plain_day(text: str) -> str:
    """Return a time with its day by year, month and day, where the day that is written has one reading.

    >>> _with_plain_day("05/20/2026 10:00"), _with_plain_day("1 Mar 2026 14:10"), _with_plain_day("20260301141000")
    ('2026-05-20 10:00', '2026-03-01 14:10', '2026-03-01 14:10')
    """
    if (digits := _DIGITS.fullmatch(text)) is not None:
        return "{}-{}-{} {}:{}".format(*digits.groups())
    if (named := _IN_WORDS.match(text)) is not None:
        month = _MONTHS.index(named["month"].lower()) + 1
        return f"{named['year']}-{month:02}-{named['day']:0>2}{text[named.end() :]}"
    days = days_meant(text)
    return days[0] if len(days) == 1 else text


def days_meant(text: str) -> tuple[str, ...]:
    """Return a time whose day is written with slashes as the times that it may be: two where either may be the month.

    >>> days_meant("05/20/2026 10:00"), days_meant("05/02/2026 10:00")
    (('2026-05-20 10:00',), ('2026-05-02 10:00', '2026-02-05 10:00'))
    """
    match = _SLASHED.match(text)
    if match is None:
        return ()
    orders = dict.fromkeys(((match["one"], match["two"]), (match["two"], match["one"])))
    rest = text[match.end() :]
    return tuple(
        dict.fromkeys(
            f"{match['year']}-{month:0>2}-{day:0>2}{rest}" for month, day in orders if 1 <= int(month) <= _NOON
        )
    )


def _time(match: re.Match[str]) -> str:
    hour, minute = match["hour"] or match["digits"][:2], match["minute"] or match["digits"][2:]
    if match["half"] is None:
        return f"{hour}:{minute}"
    if not 1 <= int(hour) <= _NOON:
        raise ValueError("the hours of half a day are 1 to 12")
    return f"{int(hour) % _NOON + (_NOON if match['half'] in 'Pp' else 0)}:{minute}"


def _day(written: str | None) -> date:
    if written is None:
        return _FIRST
    return date.fromisoformat("-".join(f"{each:0>2}" for each in reversed(written.split("."))))


def _zone(written: str) -> int:
    """Return the seconds by which a zone is ahead, 0 of a time without one: a record writes all of its times alike."""
    digits = written.lstrip("+-").replace(":", "")
    if not digits.isdigit():
        return 0
    ahead = int(digits[:2]) * how_many("s", "h") + int(digits[2:]) * how_many("s", "min")
    return int(-ahead if written.startswith("-") else ahead)


def offset_of_clock(text: str, orders: Iterable[Order]) -> Offset | None:
    """Return a time of the clock beside orders as an offset, None of another text, or where it cannot be placed."""
    at = _moment(text)
    zero = _zero(list(orders)) if at is not None else None
    return Offset(Fraction(_between(zero, at))) if at is not None and zero is not None else None


def placed(orders: Iterable[Order], defects: list[Defect]) -> Sequence[Order]:
    """Return the orders with each time of the clock as an offset; one that cannot be placed becomes a defect."""
    found = list(orders)
    if not any(is_clock(text) for order in found for text in _times(order)):
        return found
    zero = _zero(found)
    return [_placed(order, zero, defects) for order in found]


def _times(order: Order) -> Iterator[str]:
    yield from (order.texts[name] for name in ("start", "stop") if name in order.texts)


def _zero(orders: list[Order]) -> tuple[bool, int] | None:
    """Return the start of the first infusion; where no infusion is ordered, the first time that is written."""
    infusions = [order for order in orders if order.given_as == "infusion"]
    starts = (_moment(order.texts["start"]) for order in infusions or orders if "start" in order.texts)
    known = [each for each in starts if each is not None]
    if not known:
        return None
    first = known[0]
    return min(known, key=lambda each: _between(first, each))


def _between(zero: tuple[bool, int], at: tuple[bool, int]) -> int:
    """Return the seconds from one time to another; of times without a day the nearer of two is meant."""
    seconds = at[1] - zero[1]
    if zero[0] and at[0]:
        return seconds
    seconds %= _DAY
    return seconds - _DAY if seconds > _DAY // 2 else seconds


def _placed(order: Order, zero: tuple[bool, int] | None, defects: list[Defect]) -> Order:
    made = {}
    is_dated = False
    for name in ("start", "stop"):
        text = order.texts.get(name)
        at = _moment(text) if text is not None else None
        if text is None or at is None:
            continue
        if zero is None and order.drug not in KNOWN:
            continue  # nothing is judged by when it is given
        if zero is None:
            message = (
                f"{name}: {quoted(text)} cannot be placed, since no infusion of the order set starts at a time of the "
                "clock; write one as +20h or -2h"
            )
            defects.append(Defect(UNREADABLE_VALUE, message, f"{order.pointer}/{name}", text))
            continue
        made[name] = Offset(Fraction(_between(zero, at)))
        is_dated = at[0] and zero[0]  # of both the day is written: the stop, which comes last, is where it says
    start, stop = made.get("start", order.start), made.get("stop", order.stop)
    if "stop" in made and not is_dated and start is not None and stop is not None and stop.seconds <= start.seconds:
        stop = Offset(stop.seconds + _DAY)  # the next day
    return order._replace(start=start, stop=stop)
