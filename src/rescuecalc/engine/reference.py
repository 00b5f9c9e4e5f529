"""What an order set is judged by: the chosen rules, the catalogue, the settings of its folder, what was typed."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rescuecalc.core.orders.findings.finding import Severity
    from rescuecalc.core.quantities.quantity import CreatinineClearance, DosingWeight
    from rescuecalc.core.regimen.protocol import Protocol
    from rescuecalc.readers.column_map import ColumnMap
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.base.rule import Rule
    from rescuecalc.rules.judging.written_judge import Panel
    from rescuecalc.settings.configuration import Settings


SEVERITY: Final = "severity"
"""The key of the severities in the settings."""


class Reference(NamedTuple):
    """What order sets are judged by: the rules, the catalogue, what is settled, and what the command line says."""

    panel: Panel
    rules: Mapping[str, Rule]
    knowledge: Knowledge
    protocol_of: Callable[[str], Protocol | None]
    protocol: Protocol | None
    weight: DosingWeight | None
    clearance: CreatinineClearance | None
    as_of: str
    threshold: Severity
    settings: Settings
    counted: frozenset[str] = frozenset()
    """Codes of what could not be read that are left out: their findings are counted, and not listed."""
    left_out: frozenset[str] = frozenset()
    """Codes that the settings leave out."""
    severities: Mapping[str, Severity] = MappingProxyType({})
    """The severity that the settings give to rules, by code."""
    columns_of: Callable[[str], ColumnMap | None] = lambda _: None
    """What the columns of a file mean, by its name."""
    encoding: str | None = None
    """The encoding that is typed, None where a column map or UTF-8 counts."""
    without_effect: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What the settings leave out in vain, by their key."""
