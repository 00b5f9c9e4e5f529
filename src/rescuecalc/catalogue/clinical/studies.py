"""The studies of evidence.toml; read only by the commands that show evidence, never by a dose."""

from __future__ import annotations

import re
from functools import cache

from rescuecalc.catalogue.catalogue import DATA, source
from rescuecalc.catalogue.files.table import Problem, Table, parse
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.literature.study import (
    OUTCOMES,
    PARTS,
    STRATEGIES,
    TERRITORIES,
    Conclusion,
    Counts,
    Outcome,
    Statement,
    Study,
    whole_numbers,
)
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import InputError

_PERCENTS = re.compile(r"(?<![0-9])([0-9]+(?:\.[0-9]+)?) vs ([0-9]+(?:\.[0-9]+)?) %")


def _counts(table: Table, figure: str) -> Counts:
    """Return the counts of two arms; refused where n and per cent leave another whole number or more than one."""
    arms, events, of = table.texts("arms"), table.wholes("events"), table.wholes("of")
    table.finish()
    percents = _PERCENTS.fullmatch(figure)
    if percents is None or not len(arms) == len(events) == len(of) == 2:  # noqa: PLR2004  # one arm against another
        raise Problem(f"{table.path}: counts need two arms and a figure of two percentages")
    for percent, number, patients in zip(percents.groups(), events, of, strict=True):
        if whole_numbers(percent, patients) != (number,):
            raise Problem(f"{table.path}: {percent} % of {patients} does not leave {number} alone")
    return Counts((arms[0], arms[1]), (events[0], events[1]), (of[0], of[1]))


def _outcome(table: Table) -> Outcome:
    figure, counted = table.text("figure"), table.maybe_table("counts")
    made = Outcome(
        table.text("outcome", frozenset(OUTCOMES)),
        table.text("label"),
        figure,
        table.maybe_text("interval"),
        table.maybe_text("p"),
        _counts(counted, figure) if counted else None,
        table.maybe_text("recomputed"),
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


def _statement(table: Table) -> Statement:
    part = table.text("part", frozenset(PARTS))
    made = Statement(part, table.maybe_text("refs") or "", table.texts("about"), table.text("words"))
    table.finish()
    if not set(made.about) <= set(STRATEGIES):
        raise ValueError(f"{made.words}: about")
    return made


@cache
def conclusion() -> Conclusion:
    """Return what the review concludes, beyond which no output may go, its known defects, and what it says besides."""
    root = Table(parse(DATA / "evidence.toml"))
    table, statements = root.table("conclusion"), tuple(_statement(each) for each in root.tables("statement"))
    cited = (source(table.text("source"), table.text("locator")),)
    made = Conclusion(table.text("words"), table.texts("defects"), cited, statements)
    table.finish()
    return made


def named(name: str) -> tuple[Study, ...]:
    """Return the study of that id, or all arms of it (``yang-2020``); InputError names the nearest ids."""
    found = tuple(each for each in studies() if each.id == name or each.id.startswith(f"{name}-"))
    if not found:
        hint = nearest(name, [each.id for each in studies()], cutoff=0.6) or "; `rescuecalc evidence list` shows all"
        raise InputError(f"unknown study {quoted(name)}{hint}")
    return found
