"""How a vendor's CSV export is read: its headings, bands, absent words and units, all declared and never guessed."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.library.limits import ENDS, HARD_MAX, HARD_MIN, SOFT_MAX, SOFT_MIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rescuecalc.core.library.pump_library import Area
    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.order import Condition
    from rescuecalc.core.quantities.quantity import PumpRate, Volume

_STRENGTH_ENDS: Final = tuple(name for name in ENDS if name != "initial")

AREA_WEIGHTS: Final = {
    HARD_MIN: "area_weight_hard_from",
    SOFT_MIN: "area_weight_from",
    SOFT_MAX: "area_weight_to",
    HARD_MAX: "area_weight_hard_to",
}
"""The columns of the weights that a care area takes, by the limit that each is; the same in every row of the area."""

COLUMNS: Final = (
    *("care_area", "drug", "therapy", "creatinine_clearance", "weight", "amount", "volume", "concentration"),
    *("dose_unit", *ENDS),
    *("bolus_unit", *(f"bolus_{name}" for name in ENDS)),
    *("bolus_rate_unit", *(f"bolus_rate_{name}" for name in ENDS)),
    *("conc_unit", *(f"conc_{name}" for name in _STRENGTH_ENDS)),
    *("max_rate", "max_vtbi", "area_weight_unit", *AREA_WEIGHTS.values(), "code", "advisory"),
)
"""The headings of a native library, in their order; only drug, dose_unit and one limit have to be there."""

PART_COLUMNS: Final = ("amount_unit", "volume_unit", "concentration_unit", "max_rate_unit", "max_vtbi_unit")
"""Columns that a foreign export has besides: the unit of a number that stands in a column of its own."""

EVERY_COLUMN: Final = (*COLUMNS, *PART_COLUMNS)

ABSENT: Final = frozenset(("", "-", "n/a", "none"))
"""What a native library writes, in small letters, where there is no limit."""

CUSTOM: Final = frozenset(("custom",))
"""What it writes as the concentration of an entry of which the nurse types it in."""

DELIMITERS: Final = MappingProxyType({"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"})
ENCODINGS: Final = ("utf-8", "cp1252", "utf-16")
DECIMALS: Final = (".", ",")


class Meaning(NamedTuple):
    """What a name or a therapy of the file means: a drug (empty: as named), and conditions."""

    drug: str = ""
    conditions: tuple[Condition, ...] = ()


class Export(NamedTuple):
    """How the rows of a file are read. ``columns`` is a heading by field, None where the headings are native.

    ``header_rows`` count from 1; several are joined from top to bottom. ``band`` is by field the text of a row that
    holds for the rows below it, a ``*`` in place of what varies. ``fixed`` is what holds for every row, by field.
    ``otherwise`` is the heading of the cell that counts where that of ``columns`` says that nothing is there.
    ``fill_down`` are fields whose empty cells repeat the one above, ``decimal`` what divides decimals (empty: not
    declared). Words of ``absent`` and ``custom`` and the keys of
    ``drugs`` and ``therapies`` are in small letters.
    """

    columns: Mapping[str, str] | None = None
    header_rows: tuple[int, ...] = (1,)
    band: Mapping[str, str] = MappingProxyType({})
    fixed: Mapping[str, str] = MappingProxyType({})
    otherwise: Mapping[str, str] = MappingProxyType({})
    fill_down: tuple[str, ...] = ()
    absent: frozenset[str] = ABSENT
    custom: frozenset[str] = CUSTOM
    units: Mapping[str, str] = MappingProxyType({})
    drugs: Mapping[str, Meaning] = MappingProxyType({})
    therapies: Mapping[str, Meaning] = MappingProxyType({})
    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: str = ""


class About(NamedTuple):
    """What a library says of itself: its ``source`` is what findings cite."""

    name: str
    source: Source
    kind: str
    version: str = ""
    released: str = ""
    max_rate: PumpRate | None = None
    min_rate: PumpRate | None = None
    rate_step: PumpRate | None = None
    max_vtbi: Volume | None = None
    areas: tuple[Area, ...] = ()
