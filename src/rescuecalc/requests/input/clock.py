"""Clock times: the only place that reads the clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from fractions import Fraction
from typing import Final, NamedTuple

from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Duration
from rescuecalc.core.quantities.spelling import as_read
from rescuecalc.core.quantities.time_offset import Offset, read_offset
from rescuecalc.errors import CalculationRefused, InputError
from rescuecalc.requests.input.time_zone import time_zone

_START: Final = lazy_pattern(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?P<offset>Z|[+-]\d{2}:\d{2})?",
    re.ASCII,
)
_TIME_OR_DATE: Final = lazy_pattern(
    r"[0-9]{1,4}[-./:]|[0-9]{1,2}h?[0-9]{2}|[0-9]{1,2} ?[ap]\.?m", re.ASCII | re.IGNORECASE
)
_YEARS: Final = (2000, 2100)
_FURTHEST: Final = timedelta(days=366)
_AHEAD: Final = timedelta(days=7)
_EXAMPLE: Final = "--start 2026-03-28T20:00 --timezone Europe/Berlin"
_STARTED: Final = "--started 2026-03-28T20:00 --timezone Europe/Berlin"
_STOPPED: Final = "--stopped 2026-03-28T23:30"


def _offset(text: str, option: str) -> timedelta:
    if text == "Z":
        return timedelta(0)
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59:  # noqa: PLR2004  # no place on earth is further from UTC
        raise InputError(f"{option}: unknown offset {quoted(text)}; write one as +01:00")
    length = timedelta(hours=hours, minutes=minutes)
    return -length if text[0] == "-" else length


class InfusionTimes(NamedTuple):
    """When an infusion ran: the clock time of its start (None: in elapsed times alone), and its stop after the start.

    ``zero`` is the moment that offsets count from, as counted from the start.
    """

    start: datetime | None
    zero: Offset
    stop: Offset


def infusion_times(started: str | None, stopped: str | None, timezone_name: str | None) -> InfusionTimes:
    """Return when an infusion ran, from two clock times, a clock time and an offset, or two offsets of one zero.

    Raises InputError as for start_time and after_start; CalculationRefused for a stop that is not after the start, and
    for one that is further ahead than a plan is made.
    """
    for text, example, offset in ((started, _STARTED, "--started +0h"), (stopped, _STOPPED, "--stopped +3.5h")):
        if text is None:
            option = offset.split()[0]
            message = f"{option} is missing; write it as in {example}, or as an offset: {offset}"
            raise InputError(message, missing=option)
    made = _elapsed(started or "", stopped or "", timezone_name)
    if made.stop.seconds <= 0:
        raise CalculationRefused(f"--stopped: {quoted(stopped or '')} is not after --started {quoted(started or '')}")
    if made.start is not None and made.start + timedelta(seconds=int(made.stop.seconds)) > _now() + _AHEAD:
        raise CalculationRefused(f"--stopped: {quoted(stopped or '')} is more than {_AHEAD.days} days ahead; check it")
    return made


def _elapsed(started: str, stopped: str, timezone_name: str | None) -> InfusionTimes:
    if started.strip(" ")[:1] in {"+", "-"}:
        if stopped.strip(" ")[:1] not in {"+", "-"} or timezone_name is not None:
            with_sign = _signed(stopped.strip(" "))
            raise InputError(
                f"--started: {quoted(started)} is an offset; write --stopped as one too, without --timezone, or "
                f"--started as a clock time, as in {_STARTED}{f'; --stopped: {with_sign}' if with_sign else ''}"
            )
        zero, end = (
            _read_offset(text.strip(" "), option) for text, option in ((started, "--started"), (stopped, "--stopped"))
        )
        return InfusionTimes(None, Offset(-zero.seconds), Offset(end.seconds - zero.seconds))
    unsigned = _signed(started.strip(" "))
    if unsigned:
        raise InputError(f"--started: cannot read {quoted(started)}; {unsigned}")
    start = start_time(started, timezone_name, "--started", _STARTED)
    if stopped == "now" and start is not None:
        return InfusionTimes(start, Offset.start(), Offset(Fraction(int((_now() - start).total_seconds()))))
    return InfusionTimes(start, Offset.start(), after_start(stopped, start, timezone_name, "--stopped"))


def after_zero(text: str, when: InfusionTimes, timezone_name: str | None, option: str) -> Offset:
    """Return a time of a course as counted from its start; an offset counts from the course's zero."""
    found = after_start(text, when.start, timezone_name, option)
    return Offset(found.seconds + when.zero.seconds)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def start_time(
    text: str | None, timezone_name: str | None, option: str = "--start", example: str = _EXAMPLE
) -> datetime | None:
    """Return the start as an aware time in its zone, None where none is given; ``now`` reads the clock.

    Raises InputError for an unreadable time, one without zone, one that a clock change skips or repeats, and an
    offset that contradicts the zone; CalculationRefused for one that is more than a year ahead.
    """
    zone = time_zone(timezone_name) if timezone_name is not None else None
    if text is None:
        if zone is not None:
            raise InputError(f"--timezone is given without {option}; write both, as in {example}")
        return None
    if text == "now":
        if zone is None:
            message = f"{option} now needs --timezone, as in {example.replace('2026-03-28T20:00', 'now')}"
            raise InputError(message, missing="--timezone")
        return _now().astimezone(zone)
    _ask_for_the_day(text, zone, option, None)
    start = moment(text, zone, timezone_name or "", option, example)
    if start > _now() + _FURTHEST:  # of a start long ago an audit may ask; none is planned years ahead
        today = f"more than {_FURTHEST.days} days after today, {_now().date()}"
        raise CalculationRefused(f"{option}: {quoted(text)} is {today}; check the year")
    return start


def _ask_for_the_day(text: str, zone: tzinfo | None, option: str, start: datetime | None) -> None:
    """Raise InputError, with each full value, for a clock time without a date, or a date in another order.

    A day is never assumed: at midnight the wrong one moves a dose by 24 h.
    """
    if _START.fullmatch(text.strip(" ")):
        return
    from rescuecalc.requests.input.clock_readings import readings  # noqa: PLC0415  # only a time to be refused pays for it

    if zone is None and start is None:
        if readings(text, option, _now(), None):
            message = f"{option}: {quoted(text)} needs --timezone to name its day, as in --timezone Europe/Berlin"
            raise InputError(message, missing="--timezone")
        return
    found = readings(text, option, _now().astimezone(zone) if start is None else start.astimezone(zone), start)
    if found:
        write = " or ".join(each if word is None else f"{each} ({word})" for each, word in found.items())
        message = f"{option}: cannot read {quoted(text)} as one date and time; write {write}"
        raise InputError(message, readings=tuple(found))


def moment(text: str, zone: tzinfo | None, zone_name: str, option: str, example: str) -> datetime:
    """Return a clock time as an aware time in ``zone`` (None: in the offset that is written); errors as start_time."""
    match = _START.fullmatch(text.strip(" "))
    try:
        local = datetime.fromisoformat(f"{match[1]}T{match[2]}") if match else None
    except ValueError:
        local = None
    if match is None or local is None or not _YEARS[0] <= local.year <= _YEARS[1]:
        raise InputError(f"{option}: cannot read {quoted(text)}; write date and time, as in {example}")
    offset = _offset(match["offset"], option) if match["offset"] else None
    if zone is None:
        if offset is None:
            message = f"{option}: {quoted(text)} has no time zone; add one, as in {example}"
            raise InputError(message, missing="--timezone")
        return local.replace(tzinfo=timezone(offset))
    return _in_zone(local, zone, offset, text, (option, zone_name))


def after_start(text: str, start: datetime | None, timezone_name: str | None, option: str) -> Offset:
    """Return a time as counted from the start: an offset (``-2h``), or a clock time where the start has one.

    Raises InputError for what is neither, and for a clock time without a start.
    """
    if text.strip(" ")[:1] in {"+", "-"}:
        found = _read_offset(text.strip(" "), option)
        if abs(found.seconds) > _FURTHEST.total_seconds():
            raise CalculationRefused(
                f"{option}: {quoted(text)} is more than a year from the start; check number and unit"
            )
        return found
    if not _TIME_OR_DATE.match(text.strip(" ")) or _signed(text.strip(" ")):
        write = _signed(text.strip(" ")) or _in_words(text.strip(" "), option)
        write = write or "write an offset as -2h, or a clock time with --start"
        raise InputError(f"{option}: cannot read {quoted(text)}; {write}")
    if start is None:
        raise InputError(
            f"{option}: the clock time {quoted(text)} needs --start; or write an offset, as in {option} -2h"
        )
    zone = time_zone(timezone_name) if timezone_name is not None else None
    _ask_for_the_day(text, zone, option, start)
    at = moment(text, zone, timezone_name or "", option, f"{option} 2026-03-28T18:00")
    return Offset(Fraction(int((at.astimezone(UTC) - start.astimezone(UTC)).total_seconds())))


def _read_offset(text: str, option: str) -> Offset:
    """Return an offset; InputError with the value that may be meant, as -2h30min for -2:30."""
    try:
        return read_offset(_in_minutes(text), option)
    except InputError as refusal:
        from rescuecalc.requests.input.corrections import plausible_values  # noqa: PLC0415  # only a refused text pays for it

        parts = re.fullmatch(r"[+-]([0-9]{1,3})[:h]([0-5][0-9])", text, re.ASCII)
        found = [f"{int(parts[1])}h{parts[2]}min"] if parts is not None else plausible_values(text[1:], Duration)
        hint = " or ".join(f"{text[0]}{each}" for each in found)
        raise InputError(f"{refusal}; did you mean {hint}?" if hint else str(refusal)) from None


def _signed(text: str) -> str:
    """Return what an offset without its sign may mean, an empty text for what is none."""
    try:
        read_offset(_in_minutes(f"+{text}"), "")
    except InputError:
        return ""
    return f"did you mean -{text} (before the start) or +{text} (after it)?"


_BEFORE: Final = lazy_pattern(
    r"(?:[\u2212\u2013\u2014] ?(?P<dashed>[0-9].{0,20})|(?P<ago>[0-9].{0,15}?) ?(?:ago|before|earlier|prior)\b.{0,20})"
)
_NOT_KNOWN: Final = frozenset({"yes", "unknown", "unk", "?", "not known"})


def _in_words(text: str, option: str) -> str:
    """Return what a time may mean that is written in words or with a long dash, empty for what is neither."""
    match = _BEFORE.fullmatch(text)
    if match is not None:
        meant = f"-{(match['dashed'] or match['ago']).strip(' ')}"
        try:
            read_offset(_in_minutes(meant), option)
        except InputError:
            return ""
        return f"did you mean {meant}?"
    return f"write when, as -2h, or leave {option} out: it is not judged then" if text.lower() in _NOT_KNOWN else ""


def _in_minutes(text: str) -> str:
    """Return an offset as it is read: ``-2h30min`` is ``-150min``, ``-2 hrs`` is ``-2 h``."""
    return f"{text[:1]}{as_read(text[1:], Duration)}"


def _in_zone(local: datetime, zone: tzinfo, offset: timedelta | None, text: str, names: tuple[str, str]) -> datetime:
    option, name = names
    readings = [local.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    real = [each for each in readings if each.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local]
    if not real:
        raise InputError(
            f"{option}: {quoted(text)} does not exist in {name}: the clocks skip it; write a time outside of the gap"
        )
    offsets = {each.utcoffset(): each for each in real}
    if offset is not None:
        if offset not in offsets:
            raise InputError(
                f"{option}: the offset of {quoted(text)} is not that of {name} at this time; leave one of them out"
            )
        return offsets[offset]
    if len(offsets) > 1:
        both = " or ".join(each.isoformat(timespec="minutes") for each in offsets.values())
        raise InputError(f"{option}: {quoted(text)} happens twice in {name}; write {both}")
    return real[0]


def day(text: str | None) -> str:
    """Return a day as ``2026-03-01``, today's where none is given; InputError for what is none."""
    if text is None:
        return datetime.now(UTC).date().isoformat()
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text.strip(" "), re.ASCII):
            raise ValueError  # noqa: TRY301  # said as for a day that there is not
        return datetime.fromisoformat(text.strip(" ")).date().isoformat()
    except ValueError:
        from rescuecalc.requests.input.clock_readings import days_meant  # noqa: PLC0415  # only a refused day pays for it

        hint = f"; did you mean {' or '.join(days_meant(text))}?" if days_meant(text) else ""
        raise InputError(f"--as-of: cannot read {quoted(text)}; write a day as 2026-03-01{hint}") from None
