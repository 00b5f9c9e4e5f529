"""Words before a number of a text that leave it the order's own: of any, of a kind of order, of a kind of number."""

from __future__ import annotations

from typing import Final

_WORDS: Final = (
    "iv ia po ng pr im sc intravenous intravenously arterial arterially orally oral rectally dose doses dosing rate "
    "pump give given gives administer administered order ordered set run runs running start started begin continue "
    "continued continuous continuously concentration premixed therapy treatment now stat keep maintain program "
    "initiate ivpb bag premix strength nurse rn icu check high alert line hang deliver pharmacy immediately "
    "equals equal"
)
OWN: Final = frozenset(_WORDS.split())
"""Words before a number that leave it the order's own."""
OF_KIND: Final = {
    "infusion": frozenset({"infuse", "infused", "infusion", "drip", "gtt", "maintenance"}),
    "bolus": frozenset({"bolus", "push", "infuse", "infused"}),
}
OF_FIELD: Final = {
    "weight": frozenset(
        {"patient", "weighs", "weighing", "wt", "actual", "dosing", "body", "bw", "recorded", "measured", "current"}
    ),
    "volume": frozenset({"volume", "vtbi"}),
    "count": frozenset({"tablet", "tablets", "tab", "tabs", "capsule", "capsules", "caps", "take"}),
    "max": frozenset({"max", "maximum", "not", "exceed", "exceeding", "most", "cap", "capped", "up", "do", "never"}),
    "step": frozenset({"then", "followed", "by", "load", "loading", "infusion", "maintenance"}),
}
"""Words besides that leave a number of a kind the order's own.

``max`` is of bounds, ``step`` of several doses, ``count`` of tablets.
"""
