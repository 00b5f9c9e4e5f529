"""Drugs beside the infusion that are ordered wrongly in ways of their own; read only by what judges them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rescuecalc.catalogue.catalogue import DATA, sources
from rescuecalc.catalogue.files.citations import cited
from rescuecalc.catalogue.files.table import Table, parse
from rescuecalc.core.orders.agent_facts import (
    AgentFacts,
    Combination,
    LookAlike,
    ThrombolyticDose,
    ThrombolyticWords,
)
from rescuecalc.core.quantities.quantity import Dose, DosePerKg, Duration

if TYPE_CHECKING:
    from rescuecalc.core.literature.source import Source


@cache
def agent_facts() -> AgentFacts:
    """Return what is known of such drugs."""
    root = Table(parse(DATA / "agents.toml"))
    made = AgentFacts(
        {each.drug: each for each in map(_thrombolytic, root.tables("thrombolytic"))},
        tuple(map(_combination, root.tables("combined"))),
        tuple(map(_look_alike_drug, root.tables("look_alike"))),
    )
    root.finish()
    return made


def _sources(table: Table) -> tuple[Source, ...]:
    found = cited(table, sources())
    table.finish()
    return found


def _thrombolytic(table: Table) -> ThrombolyticDose:
    phrases = table.table("said")
    words = ThrombolyticWords(*(phrases.text(name) for name in ThrombolyticWords._fields))
    phrases.finish()
    return ThrombolyticDose(
        drug=table.text("drug"),
        per_kg=table.quantity("per_kg", DosePerKg),
        least_per_kg=table.quantity("least_per_kg", DosePerKg),
        most=table.quantity("most", Dose),
        most_elsewhere=table.quantity("most_elsewhere", Dose),
        bolus_share=table.number("bolus_share") if table.has("bolus_share") else None,
        rest_over=table.maybe_quantity("rest_over", Duration),
        bolus_over=table.maybe_quantity("bolus_over", Duration),
        elsewhere=table.flag("elsewhere"),
        words=table.text("words"),
        said=words,
        sources=_sources(table),
    )


def _combination(table: Table) -> Combination:
    return Combination(table.text("drug"), frozenset(table.texts("names")), _sources(table))


def _look_alike_drug(table: Table) -> LookAlike:
    return LookAlike(table.text("drug"), table.text("taken_for"), table.texts("brands"), _sources(table))
