"""The studies of evidence.toml; read only by the commands that show evidence, never by a dose."""

from __future__ import annotations

from functools import cache

from rescuecalc.catalogue.catalogue import DATA, source
from rescuecalc.catalogue.table import Table, parse
from rescuecalc.core.evidence import OUTCOMES, STRATEGIES, TERRITORIES, Conclusion, Outcome, Study
from rescuecalc.core.likeness import nearest
from rescuecalc.core.notation import quoted
from rescuecalc.errors import InputError


def _outcome(table: Table) -> Outcome:
    made = Outcome(
        table.text("outcome", frozenset(OUTCOMES)),
        table.text("label"),
        table.text("figure"),
        table.maybe_text("interval"),
        table.maybe_text("p"),
    )
    table.finish()
    return made


def _study(table: Table) -> Study:
    made = Study(
        id=table.text("id"),
        ref=table.maybe_text("ref") or "",
        name=table.text("name"),
        design=table.text("design"),
        strategies=table.texts("strategies"),
        territory=table.text("territory", frozenset(TERRITORIES)),
        n=table.text("n"),
        compared_with=table.text("compared_with"),
        outcomes=tuple(_outcome(each) for each in table.tables("outcome")),
        notes=table.texts("notes"),
        by_name_only=table.flag("by_name_only"),
        sources=(source(table.text("source"), table.text("locator")),),
    )
    table.finish()
    unknown = set(made.strategies) - set(STRATEGIES)
    if unknown or not made.strategies:
        raise ValueError(f"{made.id}: strategies")
    return made


@cache
def studies() -> tuple[Study, ...]:
    """Return every study, in the order of the file."""
    return tuple(_study(each) for each in Table(parse(DATA / "evidence.toml")).tables("study"))


@cache
def conclusion() -> Conclusion:
    """Return what the review concludes, beyond which no output may go, where it says so, and its known defects."""
    table = Table(parse(DATA / "evidence.toml")).table("conclusion")
    cited = (source(table.text("source"), table.text("locator")),)
    made = Conclusion(table.text("words"), table.texts("defects"), cited)
    table.finish()
    return made


def named(name: str) -> tuple[Study, ...]:
    """Return the study of that id, or all arms of it (``yang-2020``); InputError names the nearest ids."""
    found = tuple(each for each in studies() if each.id == name or each.id.startswith(f"{name}-"))
    if not found:
        hint = nearest(name, [each.id for each in studies()]) or "; `rescuecalc evidence list` shows all"
        raise InputError(f"there is no study {quoted(name)}{hint}")
    return found
