"""The strategies of strategies.toml, joined with the studies of evidence.toml."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rescuecalc.catalogue.catalogue import DATA, sources
from rescuecalc.catalogue.protocols import cited
from rescuecalc.catalogue.studies import studies
from rescuecalc.catalogue.table import Table, parse
from rescuecalc.core.literature.strategy import Context, Situation, Strategies, Strategy

if TYPE_CHECKING:
    from rescuecalc.core.literature.study import Study

_NOT_OF_RESCUE = "stenting-after-success"


def _named(table: Table) -> tuple[Study, ...]:
    known = {each.id: each for each in studies()}
    return tuple(known[name] for name in table.texts("studies"))


def _strategy(table: Table) -> Strategy:
    keys = set(table.texts("keys"))
    of_keys = tuple(each for each in studies() if keys & set(each.strategies) and not each.by_name_only)
    made = Strategy(table.text("id"), table.text("title"), table.text("says"), (*of_keys, *_named(table)))
    table.finish()
    return made


def _situation(table: Table, known: dict[str, Strategy]) -> Situation:
    says = tuple((known[each.text("strategy")], each.text("words")) for each in table.tables("says"))
    told = {strategy.id for strategy, _ in says}
    listed = table.flag("listed")
    silent = tuple(each for key, each in known.items() if listed and key not in {*told, _NOT_OF_RESCUE})
    made = Situation(table.text("id"), table.text("title"), listed, says, silent, _named(table))
    table.finish()
    return made


def _context(table: Table) -> Context:
    made = Context(table.text("id"), table.text("title"), table.texts("says"), _named(table))
    table.finish()
    return made


@cache
def strategies() -> Strategies:
    """Return what is held of strategies."""
    root = Table(parse(DATA / "strategies.toml"))
    known = {each.id: each for each in map(_strategy, root.tables("strategy"))}
    return Strategies(
        tuple(known.values()),
        tuple(_situation(each, known) for each in root.tables("situation")),
        tuple(_context(each) for each in root.tables("context")),
        cited(root.table("sources"), sources(), "review"),
    )
