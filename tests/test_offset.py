"""A time before or after the start: the one signed quantity."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rescuecalc.core.quantities.quantity import Duration, read
from rescuecalc.core.quantities.time_offset import Offset, read_offset
from rescuecalc.errors import InputError

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("text", "seconds", "written"),
    [
        ("+20 h", 72000, "+20 h"),
        ("-2h", -7200, "-2 h"),
        ("+0 h", 0, "+0 h"),
        ("-0 h", 0, "+0 h"),
        (" +90min ", 5400, "+90 min"),
        ("+1.5 h", 5400, "+90 min"),
        ("-30 s", -30, "-30 s"),
    ],
)
def test_a_sign_and_a_time_are_read(text: str, seconds: int, written: str) -> None:
    found = read_offset(text, "start")
    assert found == Offset(Fraction(seconds))
    assert str(found) == written


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("20 h", "has a sign"),
        ("+20", "no unit"),
        ("-2 kg", "that is a weight"),
        ("+-2 h", "sign"),
        ("", "has a sign"),
        ("+", "nothing is written"),
        ("\u22122 h", "has a sign"),
    ],
)
def test_anything_else_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        read_offset(text, "start")
    assert str(caught.value).startswith("start: cannot read ")
    assert "+20h or -2h" in str(caught.value)


def test_a_length_moves_it_in_real_time() -> None:
    four_hours = read("4 h", Duration, "overlap")
    stop = read_offset("+24 h", "stop")
    assert str(stop.minus(four_hours)) == "+20 h"
    assert str(stop.plus(four_hours)) == "+28 h"
