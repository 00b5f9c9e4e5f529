"""Antiplatelets, bridging and monitoring of the catalogue; read only by what plans or judges them, never by a dose."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rescuecalc.catalogue.catalogue import DATA, drug_class, drugs, sources
from rescuecalc.catalogue.clinical.stopping import stop_facts
from rescuecalc.catalogue.files.citations import cited
from rescuecalc.catalogue.files.table import Table, parse
from rescuecalc.core.bridging.antiplatelet import (
    Advice,
    Antiplatelet,
    Bridging,
    Check,
    CheckSeries,
    Monitoring,
    OffsetWindow,
    Onset,
    Reactivity,
    ReactivityRange,
    StopCriterion,
    Waiting,
)
from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.quantities.quantity import Dose, Duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.literature.limits import Span
    from rescuecalc.core.literature.source import Source


def _root(name: str) -> Table:
    return Table(parse(DATA / f"{name}.toml"))


def _cited(table: Table, key: str = "sources") -> tuple[Source, ...]:
    return cited(table, sources(), key)


def _span(table: Table | None) -> Span[Dose] | None:
    return None if table is None else table.span(Dose)


def _onset(table: Table) -> Onset:
    made = Onset(
        table.text("route"),
        _span(table.maybe_table("dose")),
        table.quantity("earliest", Duration),
        table.quantity("latest", Duration),
        table.text("words"),
        _cited(table),
    )
    table.finish()
    return made


def _antiplatelet(key: str, table: Table) -> Antiplatelet:
    maintenance = table.maybe_table("maintenance")
    made = Antiplatelet(
        id=key,
        atc=table.text("atc"),
        rxnorm=table.maybe_text("rxnorm"),
        drug_class=drug_class(table),
        group=table.text("group"),
        load=_span(table.maybe_table("load")),
        maintenance=_span(maintenance),
        frequency=maintenance.text("frequency") if maintenance else None,
        onsets=tuple(_onset(each) for each in table.tables("onset")),
        contraindicated=table.maybe_text("contraindicated"),
        aspirin_at_most=table.maybe_quantity("aspirin_at_most", Dose),
        unloaded=table.maybe_text("unloaded"),
        infused=table.flag("infused"),
        remarks=table.texts("remarks"),
        sources=_cited(table),
        rectal=_span(table.maybe_table("rectal")),
    )
    table.finish()
    return made


@cache
def antiplatelets() -> dict[str, Antiplatelet]:
    """Return every antiplatelet by name."""
    return {key: _antiplatelet(key, table) for key, table in _root("antiplatelets").entries()}


def _advice(table: Table, words: str = "words", key: str = "sources") -> Advice:
    return Advice(table.text(words), _cited(table, key))


def _reactivity(table: Table) -> Reactivity:
    ranges = tuple(
        ReactivityRange(
            each.text("name"), each.maybe_integer("low"), each.maybe_integer("high"), each.maybe_integer("below")
        )
        for each in table.tables("ranges")
    )
    therapeutic = table.table("therapeutic")
    return Reactivity(ranges, therapeutic.integer("pru"), therapeutic.text("words"), _cited(table, "range_sources"))


def _classes(beside: Table) -> dict[str, DrugClass]:
    """Return the class of each drug that is known by name."""
    inhibitors = {key: each.drug_class for key, each in drugs().items()}
    agents = {key: each.drug_class for key, each in antiplatelets().items()}
    others = {drug: DrugClass(key) for key, table in beside.entries() for drug in table.texts("drugs")}
    return inhibitors | agents | others


@cache
def bridging() -> Bridging:
    """Return what is known of bridging."""
    root = _root("bridging")
    lysis, assay, beside, y_site = (root.table(key) for key in ("thrombolysis", "assay", "beside", "y_site"))
    assay_advice = _advice(assay)
    return Bridging(
        antiplatelets=antiplatelets(),
        offsets={each.text("drug"): _offset(each) for each in root.tables("offset")},
        overlaps=tuple(_advice(each) for each in root.tables("overlap")),
        hold=_waiting(lysis, "hold"),
        after_thrombolysis=_waiting(lysis, "gp"),
        early_in_case=_advice(lysis, "case_words", "case_sources"),
        not_clean=lysis.text("not_clean"),
        iv_aspirin=_waiting(lysis, "iv_aspirin"),
        assay=assay_advice,
        assay_waits={
            each.text("drug"): Waiting(each.quantity("at_least", Duration), each.text("words"), assay_advice.sources)
            for each in assay.tables("wait")
        },
        reactivity=_reactivity(assay),
        classes=_classes(beside),
        swallow=_advice(root.table("swallow")),
        forbidden={DrugClass(key): _advice(table) for key, table in beside.entries()},
        y_site=frozenset(y_site.texts("drugs")),
        not_through_y_site=_advice(y_site),
    )


def _offset(table: Table) -> OffsetWindow:
    drug = table.text("drug")
    return OffsetWindow(
        table.quantity("earliest", Duration),
        table.quantity("latest", Duration),
        table.text("words"),
        _cited(table),
        stop_facts(drug).slower,
    )


def _waiting(table: Table, key: str) -> Waiting:
    return Waiting(table.quantity(key, Duration), table.text(f"{key}_words"), _cited(table, f"{key}_sources"))


@cache
def monitoring(drug: str) -> Monitoring:
    """Return what is checked before an infusion of ``drug``, what is watched, and what ends it.

    What a label says of its own drug is said of no other.
    """
    root = _root("monitoring")
    before, checks, conditions = (_of_drug(root, key, drug) for key in ("before", "check", "condition"))
    return Monitoring(
        before=tuple(_advice(each) for each in before),
        checks=tuple(_check(each) for each in checks),
        conditions=tuple(
            StopCriterion(each.text("when"), each.text("then"), each.flag("stops"), _cited(each)) for each in conditions
        ),
    )


def _of_drug(root: Table, key: str, drug: str) -> Iterator[Table]:
    return (each for each in root.tables(key) if each.maybe_text("drug") in (None, drug))


def _check(table: Table) -> Check:
    made = Check(
        id=table.text("what"),
        title=table.text("title"),
        counts_from=table.text("from", frozenset({"thrombolysis", "start"})),
        words=table.text("words"),
        series=tuple(
            CheckSeries(each.quantity("every", Duration), each.quantity("lasting", Duration))
            for each in table.tables("series")
        ),
        at=table.maybe_quantity("at", Duration),
        to=table.maybe_quantity("to", Duration),
        every=table.maybe_quantity("every", Duration),
        absent=table.maybe_text("absent") or "",
        sources=_cited(table),
    )
    table.finish()
    return made
