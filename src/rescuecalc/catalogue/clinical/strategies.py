"""The strategies of strategies.toml, joined with the studies of evidence.toml."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rescuecalc.catalogue.catalogue import DATA, sources
from rescuecalc.catalogue.clinical.studies import conclusion, studies
from rescuecalc.catalogue.files.citations import cited
from rescuecalc.catalogue.files.table import Table, parse
from rescuecalc.core.literature.strategy import Circumstance, Situation, Strategies, Strategy

if TYPE_CHECKING:
    from rescuecalc.core.literature.study import Outcome, Study

_NOT_OF_RESCUE = "stenting-after-success"


def _named(table: Table) -> tuple[Study, ...]:
    known = {each.id: each for each in studies()}
    return tuple(known[name] for name in table.texts("studies"))


def _strategy(table: Table, guideline: Study) -> Strategy:
    keys, named = set(table.texts("keys")), _named(table)
    own_named = {each.id for each in named}
    made = Strategy(
        id=table.text("id"),
        title=table.text("title"),
        says=table.text("says"),
        first=table.maybe_text("first"),
        guideline=_statements(table, guideline),
        caveats=tuple(each.cited for each in conclusion().statements if keys & set(each.about)),
        studies=(*(each for each in studies() if _is_of(each, keys) and each.id not in own_named), *named),
    )
    table.finish()
    return made


def _is_of(study: Study, keys: set[str]) -> bool:
    return bool(keys & set(study.strategies)) and not study.by_name_only


def _statements(table: Table, guideline: Study) -> tuple[Outcome, ...]:
    """Return the guideline's statements on a strategy: each is held once, in its entry of the evidence."""
    known = {each.label: each for each in guideline.outcomes}
    return tuple(known[label] for label in table.texts("guideline"))


def _situation(table: Table, known: dict[str, Strategy]) -> Situation:
    says = tuple((known[each.text("strategy")], each.text("words")) for each in table.tables("says"))
    mentioned = {strategy.id for strategy, _ in says}
    listed = table.flag("listed")
    silent = tuple(each for key, each in known.items() if listed and key not in {*mentioned, _NOT_OF_RESCUE})
    made = Situation(table.text("id"), table.text("title"), listed, says, silent, _named(table))
    table.finish()
    return made


def _context(table: Table) -> Circumstance:
    made = Circumstance(table.text("id"), table.text("title"), table.texts("says"), _named(table))
    table.finish()
    return made


@cache
def strategies() -> Strategies:
    """Return what is held of strategies."""
    root = Table(parse(DATA / "strategies.toml"))
    guideline = next(each for each in studies() if each.id == root.text("guideline"))
    known = {each.id: each for each in (_strategy(table, guideline) for table in root.tables("strategy"))}
    return Strategies(
        guideline,
        tuple(known.values()),
        tuple(_situation(each, known) for each in root.tables("situation")),
        tuple(_context(each) for each in root.tables("context")),
        cited(root.table("sources"), sources(), "review"),
    )
