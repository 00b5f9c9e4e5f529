"""What a finding expects: one value that can be written where it points, or the range that is right there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.order_field import QUANTITIES, Unreadable, read_field
from rescuecalc.core.orders.text.field_frequency import is_unknown
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.time_offset import read_offset
from rescuecalc.core.quantities.wording import ROUTE_OF
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from rescuecalc.core.orders.findings.finding import ExpectedRange

_TIMES: Final = frozenset(("start", "stop", "thrombolysis"))
_MOST: Final = lazy_pattern(r"(?:at most|before) (?P<first>.+)|(?P<second>.+) or earlier")
_LEAST: Final = lazy_pattern(r"(?:at least|after) (?P<first>.+)|(?P<second>.+) or later")
_BOTH: Final = lazy_pattern(r"(?P<low>.+) to (?P<high>.+)")


def as_value_or_range(pointer: str, expected: str) -> tuple[str | None, ExpectedRange | None]:
    """Return what is expected where it can be written at a place as it stands; else the range that it names there.

    What is expected is written and judged again: `at most 10 mcg/min` and `one of the two` could not be read.
    """
    if _is_value(pointer, expected):
        return expected, None
    ends = _ends(expected.partition(", or ")[0])
    if ends is None or not all(each is None or _is_value(pointer, each) for each in ends):
        return None, None
    return None, ends


def _is_value(pointer: str, text: str) -> bool:
    """Whether a text can stand at a place: a quantity, a time, a route, a frequency; other fields hold any words."""
    holder, _, name = pointer.rpartition("/")
    if name in QUANTITIES:
        return not isinstance(read_field(text, QUANTITIES[name]), Unreadable)
    if holder.endswith("/titrate") or name in _OTHER_NUMBERS:
        return _ends(text) is None
    if name in _TIMES:
        return _is_time(text)
    if name == "route":
        return ROUTE_OF.get(text.lower()) is not None or text in ROUTE_OF.values()
    if name == "frequency":
        return not is_unknown(text)
    # An order or a set as such holds no one value; a stop criterion is a text.
    return bool(name) and (not name.isdigit() or holder == "/stop_if")


_OTHER_NUMBERS: Final = frozenset(("weight", "creatinine_clearance", "approved"))


def _is_time(text: str) -> bool:
    try:
        read_offset(text, "start")
    except InputError:
        return False
    return True


def _ends(text: str) -> ExpectedRange | None:
    """Return the ends that a text names as a bound or a range, None where it names none."""
    most, least, both = (pattern.fullmatch(text) for pattern in (_MOST, _LEAST, _BOTH))
    if most is not None:
        return None, most["first"] or most["second"]
    if least is not None:
        return least["first"] or least["second"], None
    return (both["low"], both["high"]) if both is not None else None
