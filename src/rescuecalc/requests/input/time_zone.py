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
    **dict.fromkeys(("est", "edt", "est5edt", "us/eastern"), "America/New_York"),
    **dict.fromkeys(("boston", "washington", "philadelphia", "miami", "atlanta"), "America/New_York"),
    **dict.fromkeys(("cdt", "cst6cdt", "us/central", "houston", "dallas"), "America/Chicago"),
    **dict.fromkeys(("mst", "mdt", "mst7mdt", "us/mountain"), "America/Denver"),
    **dict.fromkeys(("pst", "pdt", "pst8pdt", "us/pacific"), "America/Los_Angeles"),
    **dict.fromkeys(("san_francisco", "san_diego", "seattle"), "America/Los_Angeles"),
    **dict.fromkeys(("hst", "us/hawaii"), "Pacific/Honolulu"),
    **dict.fromkeys(("cet", "cest", "met", "mez", "mesz", "munich", "münchen", "hamburg"), "Europe/Berlin"),
    **dict.fromkeys(("frankfurt", "cologne", "köln", "stuttgart", "leipzig", "düsseldorf"), "Europe/Berlin"),
    **dict.fromkeys(("geneva", "genf", "basel", "bern", "zürich"), "Europe/Zurich"),
    **dict.fromkeys(("bst", "manchester", "birmingham", "edinburgh", "glasgow"), "Europe/London"),
    **dict.fromkeys(("milan", "milano", "roma", "naples", "turin"), "Europe/Rome"),
    **dict.fromkeys(("lyon", "marseille", "toulouse"), "Europe/Paris"),
    **dict.fromkeys(("barcelona", "sevilla", "valencia"), "Europe/Madrid"),
    **dict.fromkeys(("wien", "graz", "salzburg", "innsbruck"), "Europe/Vienna"),
    **dict.fromkeys(("beijing", "shenzhen", "guangzhou", "wuhan"), "Asia/Shanghai"),
    **dict.fromkeys(("mumbai", "delhi", "new_delhi", "chennai", "bangalore"), "Asia/Kolkata"),
    **dict.fromkeys(("osaka", "kyoto"), "Asia/Tokyo"),
    **dict.fromkeys(("etc/utc", "zulu", "z", "uct", "etc/zulu", "universal"), "UTC"),
    "eet": "Europe/Athens",
    **dict.fromkeys(("aest", "aedt"), "Australia/Sydney"),
    "wet": "Europe/Lisbon",
    "gb": "Europe/London",
    "gmt": "UTC or Europe/London",
    "prc": "Asia/Shanghai",
    "japan": "Asia/Tokyo",
    "cuba": "America/Havana",
    "jamaica": "America/Jamaica",
    "navajo": "America/Denver",
    "egypt": "Africa/Cairo",
    "libya": "Africa/Tripoli",
    "eire": "Europe/Dublin",
    "poland": "Europe/Warsaw",
    "portugal": "Europe/Lisbon",
    "turkey": "Europe/Istanbul",
    "w-su": "Europe/Moscow",
    "gb-eire": "Europe/London",
    "hongkong": "Asia/Hong_Kong",
    "iran": "Asia/Tehran",
    "israel": "Asia/Jerusalem",
    "roc": "Asia/Taipei",
    "rok": "Asia/Seoul",
    "singapore": "Asia/Singapore",
    "iceland": "Atlantic/Reykjavik",
    "kwajalein": "Pacific/Kwajalein",
    "nz": "Pacific/Auckland",
    "nz-chat": "Pacific/Chatham",
}
"""What to write for a name without a region, and for a large city that the list does not name, in small letters."""

_ANY: Final = "one as Europe/Berlin, or UTC"
_SIMILARITY: Final = 0.75
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
    area, _, city = bare.strip("/").replace(" ", "_").rpartition("/")
    if city in _CITIES:
        return _CITIES[city]
    if name.isupper() or any(each.isdigit() for each in name):  # an abbreviation or an offset is not a misspelt city
        return _ANY
    # By the city alone: a region that two names share makes Munich no more like Zurich.
    cities = {key.rpartition("/")[2]: each for key, each in known.items() if key.startswith(area)}
    found = [cities[each] for each in nearest_names(city, cities, _SIMILARITY)]
    return " or ".join(found[:_MOST]) or _ANY
