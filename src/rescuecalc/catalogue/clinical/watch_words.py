"""The words and limits of monitoring and stop criteria; read only for a whole order set."""

from __future__ import annotations

from functools import cache

from rescuecalc.catalogue.catalogue import DATA, sources
from rescuecalc.catalogue.files.citations import cited
from rescuecalc.catalogue.files.table import Table, parse
from rescuecalc.core.orders.text.watch_words import StatedNumber, StoppedBelow, WatchedMeasure, WatchWords
from rescuecalc.core.quantities.quantity import Duration


@cache
def watch_words() -> WatchWords:
    """Return what monitoring and stop criteria are compared with."""
    root = Table(parse(DATA / "watch_words.toml"))
    made = WatchWords(
        root.texts("events"),
        tuple(WatchedMeasure(each.texts("names"), each.texts("worse")) for each in root.tables("measure")),
        root.texts("late"),
        {each.text("drug"): _stop(each) for each in root.tables("stop_below")},
        root.table("platelets").quantity("longest", Duration),
        _stated(root.table("systolic"), "below"),
    )
    root.finish()
    return made


def _stop(table: Table) -> StoppedBelow:
    fall = table.number("fall") if table.has("fall") else None
    return StoppedBelow(*_stated(table, "platelets"), fall)


def _stated(table: Table, key: str) -> StatedNumber:
    return StatedNumber(table.number(key), table.text("words"), cited(table, sources()))
