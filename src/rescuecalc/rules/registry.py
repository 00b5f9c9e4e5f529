"""Every declared rule, in the order of the codes."""

from __future__ import annotations

from rescuecalc.rules import antiplatelets, bridge, thrombolysis
from rescuecalc.rules.judge import OF_INFUSIONS, in_order

RULES = in_order((*OF_INFUSIONS, *bridge.RULES, *thrombolysis.RULES, *antiplatelets.RULES))
