"""Time zones by the names of the IANA list that have a region; the only place that reads the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.suggestions import nearest_names
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from datetime import tzinfo

_AREAS: Final = frozenset(
    (
        *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia"),
        *("Europe", "Indian", "Pacific"),
    )
)
"""The areas of the IANA list. What has none is a fixed offset (EST), the machine's own (localtime) or no zone."""

_CITIES: Final = {
    **dict.fromkeys(("est", "est5edt", "us/eastern"), "America/New_York"),
    **dict.fromkeys(("cst6cdt", "us/central"), "America/Chicago"),
    **dict.fromkeys(("mst", "mst7mdt", "us/mountain"), "America/Denver"),
    **dict.fromkeys(("pst8pdt", "us/pacific"), "America/Los_Angeles"),
    **dict.fromkeys(("hst", "us/hawaii"), "Pacific/Honolulu"),
    **dict.fromkeys(("cet", "met"), "Europe/Berlin"),
    **dict.fromkeys(("etc/utc", "zulu", "z", "uct", "etc/zulu", "universal"), "UTC"),
    "eet": "Europe/Athens",
    "wet": "Europe/Lisbon",
    "gb": "Europe/London",
    "gmt": "UTC or Europe/London",
    "prc": "Asia/Shanghai",
    "japan": "Asia/Tokyo",
}
"""What to write for a name without a region, in small letters."""

_ANY: Final = "one as Europe/Berlin, or UTC"
_ALIKE: Final = 0.8
_MOST: Final = 2


def time_zone(name: str) -> tzinfo:
    """Return the zone of a name as ``Europe/Berlin`` or ``UTC``.

    Raises InputError with the name to write for any other: an abbreviation is of several places, a fixed offset does
    not follow the change of the clocks.
    """
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # only a clock time pays for it

    area, slash, _ = name.partition("/")
    if name == "UTC" or (area in _AREAS and slash):
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            pass
    raise InputError(f"--timezone: {quoted(name)} is not a time zone with a region; write {_to_write(name, _known())}")


def _known() -> dict[str, str]:
    from zoneinfo import available_timezones  # noqa: PLC0415

    regions = (each for each in available_timezones() if each.partition("/")[0] in _AREAS)
    return {each.lower(): each for each in ("UTC", *sorted(regions))}


def _to_write(name: str, known: dict[str, str]) -> str:
    bare = name.lower().removeprefix("posix/").removeprefix("right/")
    if bare in _CITIES or bare in known:
        return _CITIES.get(bare) or known[bare]
    cities = [each for key, each in known.items() if key.rpartition("/")[2] == bare.replace(" ", "_")]
    found = cities or [known[each] for each in nearest_names(bare, known, _ALIKE)]
    return " or ".join(found[:_MOST]) or _ANY
