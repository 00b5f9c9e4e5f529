"""What the catalogue holds for the hours after a stop; read by `stop` alone."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rescuecalc.catalogue.catalogue import DATA, sources
from rescuecalc.catalogue.files.citations import cited
from rescuecalc.catalogue.files.table import Table, parse
from rescuecalc.core.bridging.antiplatelet import Advice, SlowerClearance, Waiting
from rescuecalc.core.bridging.stopping import CountTime, StopAdvice, StopFacts
from rescuecalc.core.quantities.quantity import CreatinineClearance, Duration

if TYPE_CHECKING:
    from rescuecalc.core.literature.source import Source


@cache
def _root() -> Table:
    return Table(parse(DATA / "stopping.toml"))


def _sources(table: Table, key: str) -> tuple[Source, ...]:
    return cited(table, sources(), key)


def stop_advice() -> StopAdvice:
    """Return what holds after the stop of any drug."""
    lysis = _root().table("thrombolysis")
    now, fibrinogen = (Advice(each.text("words"), _sources(each, "sources")) for each in map(_root().table, _GENERAL))
    return StopAdvice(
        now, fibrinogen, Waiting(lysis.quantity("within", Duration), lysis.text("words"), _sources(lysis, "sources"))
    )


_GENERAL = ("now", "fibrinogen")


def stop_facts(drug: str) -> StopFacts:
    """Return what is held of a drug after its stop; of one that is not there nothing is."""
    # Nothing held is said as nothing held: "unknown" on the page, and no advice of another drug.
    table = _root().maybe_table(drug) or Table({})
    made = StopFacts(
        slower=tuple(
            SlowerClearance(each.quantity("below", CreatinineClearance), each.text("words"))
            for each in table.tables("slower")
        ),
        slower_sources=_sources(table, "slower_sources") if table.has("slower") else (),
        counts=tuple(_count(each) for each in table.tables("counts")),
        platelets=_maybe(table, "platelets"),
        reversal=_maybe(table, "reversal"),
    )
    table.finish()
    return made


def _maybe(table: Table, key: str) -> Advice | None:
    words = table.maybe_text(key)
    return None if words is None else Advice(words, _sources(table, f"{key}_sources"))


def _count(table: Table) -> CountTime:
    made = CountTime(
        table.text("words"),
        table.maybe_quantity("from", Duration),
        table.maybe_quantity("to", Duration),
        _sources(table, "sources"),
    )
    table.finish()
    return made
