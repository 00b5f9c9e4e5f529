"""What is watched and what ends an infusion, as `monitoring` and `stop_if` of an order set."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.core.bridging.antiplatelet import Check, Monitoring
    from rescuecalc.core.literature.source import Source


class MonitoringEntry(NamedTuple):
    """An entry of `monitoring`, and who says so."""

    fields: dict[str, str]
    comment: str


class Stop(NamedTuple):
    """A line of `stop_if`, and who says so."""

    text: str
    comment: str


def monitoring_entries(watched: Monitoring) -> list[MonitoringEntry]:
    """Return what is checked before the start, what is watched, and what to do when; checks of one title are one."""
    before = [
        MonitoringEntry({"check": each.words, "at": "before the start"}, _cited(each.sources))
        for each in watched.before
    ]
    titles = dict.fromkeys(check.title for check in watched.checks)
    checks = [_checked(title, [each for each in watched.checks if each.title == title]) for title in titles]
    others = [
        MonitoringEntry({"check": f"when {each.when}", "then": each.then}, _cited(each.sources))
        for each in watched.conditions
        if not each.stops
    ]
    return [*before, *checks, *others]


def stop_entries(watched: Monitoring) -> list[Stop]:
    """Return the conditions on which the infusion is stopped."""
    return [Stop(f"{each.when}: {each.then}", _cited(each.sources)) for each in watched.conditions if each.stops]


def _checked(title: str, checks: list[Check]) -> MonitoringEntry:
    first, *rest = [part for check in checks for part in _times(check)]
    fields = {"check": title, "at": first, **({"then": "; ".join(rest)} if rest else {})}
    absent = "".join(f"; {check.absent}" for check in checks if check.absent)
    return MonitoringEntry(fields, _cited(each for check in checks for each in check.sources) + absent)


def _times(check: Check) -> list[str]:
    """Return when a check is due; a series says from when it counts, and what it watches for."""
    if not check.series:
        return [check.words]
    first, *rest = [f"every {each.every} for {each.lasting}" for each in check.series]
    return [f"counted from the {check.counts_from}: {first}", *([", ".join(rest)] if rest else []), check.words]


def watched_sources(watched: Monitoring) -> list[Source]:
    """Return every source of what is watched."""
    return [
        each for part in (watched.before, watched.checks, watched.conditions) for one in part for each in one.sources
    ]


def by_id(found: Iterable[Source]) -> str:
    """Return sources by id and locator: their titles stand once, at the top."""
    locators: dict[str, list[str]] = {}
    for each in dict.fromkeys(found):
        locators.setdefault(each.id, []).append(each.locator)
    return "; ".join(f"{name} ({', '.join(where)})" for name, where in locators.items())


def _cited(found: Iterable[Source]) -> str:
    return f"source: {by_id(found)}"
