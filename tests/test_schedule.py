"""Containers against a walk in small steps, and times across a change of the clocks."""

from __future__ import annotations

import itertools
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rescuecalc.core.quantities.quantity import Duration, PumpRate, Volume, read
from rescuecalc.core.regimen.schedule import Event, Segment, container_uses
from rescuecalc.errors import CalculationRefused

pytestmark = pytest.mark.core

tenths = st.integers(min_value=1, max_value=400).map(lambda n: f"{n // 10}.{n % 10}")


def segment(rate: str, time: str) -> Segment:
    return Segment(read(f"{rate}mL/h", PumpRate, "rate"), read(time, Duration, "time"))


def millilitres(text: str) -> Volume:
    return read(f"{text}mL", Volume, "volume")


def walked(segments: list[tuple[Fraction, int]], whole: Fraction, loss: Fraction) -> list[tuple[int, Fraction]]:
    """Return (container, mL) for each minute in which drug runs, by pouring minute after minute."""
    number, left, poured = 1, whole - loss, []
    for rate, minutes in segments:
        for _ in range(minutes):
            due = rate / 60
            while due:
                if not left:
                    number, left = number + 1, whole
                part = min(due, left)
                poured.append((number, part))
                due, left = due - part, left - part
    return poured


@given(
    rates=st.lists(st.tuples(tenths, st.integers(min_value=1, max_value=900)), min_size=1, max_size=2),
    whole=st.sampled_from(["100", "250"]),
    loss=st.integers(min_value=0, max_value=60),
)
def test_each_container_gives_what_a_minute_by_minute_walk_pours(
    rates: list[tuple[str, int]], whole: str, loss: int
) -> None:
    uses = container_uses([segment(r, f"{m}min") for r, m in rates], millilitres(whole), millilitres(str(loss)), 100)
    poured = walked([(Fraction(r), m) for r, m in rates], Fraction(whole), Fraction(loss))
    for number in {use.number for use in uses} | {each for each, _ in poured}:
        given_here = sum((use.volume.magnitude for use in uses if use.number == number), Fraction(0))
        assert given_here == sum((part for each, part in poured if each == number), Fraction(0))
    assert uses[-1].end == sum(m for _, m in rates) * 60
    assert all(before.end == after.start for before, after in itertools.pairwise(uses))


def test_the_facts_four_times() -> None:
    day = [segment("14.4", "24h")]
    for loss, seconds in (("0", 62500), ("16", 58500), ("20", 57500), ("36", 53500)):
        first = container_uses(day, millilitres("250"), millilitres(loss), 100)[0]
        assert first.end == Fraction(seconds)
        assert first.empties


def test_a_container_that_is_used_up_before_it_starts_is_refused() -> None:
    with pytest.raises(CalculationRefused, match="take 100 mL"):
        container_uses([segment("10", "1h")], millilitres("100"), millilitres("100"), 100)


def test_a_run_of_endless_containers_is_refused() -> None:
    with pytest.raises(CalculationRefused, match="more than 100 containers"):
        container_uses([segment("999999", "168h")], millilitres("100"), millilitres("0"), 100)


def test_elapsed_time_is_real_time_across_a_change_of_the_clocks() -> None:
    start = datetime(2026, 3, 28, 20, tzinfo=ZoneInfo("Europe/Berlin"))
    at = Event(24 * 3600, "infusion-stop", "").at(start)
    assert at is not None
    assert at.isoformat() == "2026-03-29T21:00:00+02:00"
    autumn = datetime(2026, 10, 24, 20, tzinfo=ZoneInfo("Europe/Berlin"))
    later = Event(24 * 3600, "infusion-stop", "").at(autumn)
    assert later is not None
    assert later.isoformat() == "2026-10-25T19:00:00+01:00"
    assert Event(0, "infusion-start", "").at(None) is None
