"""The packaged catalogue: each file is read once, when it is first asked for."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin

from rescuecalc.catalogue.files.citations import cited, in_stroke, source_entries, time_limit
from rescuecalc.catalogue.files.products import products_from
from rescuecalc.catalogue.files.protocols import protocol_from
from rescuecalc.catalogue.files.renal_rules import renal_rule_from
from rescuecalc.catalogue.files.table import Problem, Table, parse
from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.drugs.drug_name import KNOWN, drug_name
from rescuecalc.core.drugs.suggestions import LIKE_A_CODE, SIMILARITY, begun_names, nearest_names
from rescuecalc.core.literature.limits import Limits, Span
from rescuecalc.core.literature.source import Source
from rescuecalc.core.literature.study import BolusHarm
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import (
    DosePerKg,
    DosingWeight,
    Duration,
    Height,
)
from rescuecalc.core.regimen.protocol import Drug, Protocol, RescueRunTime
from rescuecalc.core.renal.creatinine_clearance import RenalConstants, RenalRule
from rescuecalc.errors import CatalogueError, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rescuecalc.core.regimen.product import Product

DATA = Path(__file__).parent.parent / "data"


def _root(name: str) -> Table:
    return Table(parse(DATA / f"{name}.toml"))


@cache
def sources() -> Mapping[str, Source]:
    """Return every packaged source by id, without locators."""
    return source_entries(_root("sources"))


def source(key: str, locator: str) -> Source:
    """Return one packaged source with a locator."""
    known = sources()[key]
    return Source(key, known.title, locator, known.doi, known.url)


def _one_source(table: Table) -> Source:
    return source(table.text("id"), table.text("locator"))


@cache
def drugs() -> Mapping[str, Drug]:
    """Return the drugs that protocols and products name."""
    found = {}
    for key, table in _root("drugs").entries():
        rescue = table.maybe_table("rescue_run_time")
        found[key] = Drug(
            key,
            table.text("atc"),
            drug_class(table),
            table.texts("remarks"),
            table.text("off_label"),
            table.text("label_use"),
            table.flag("has_renal_rule"),
            RescueRunTime(rescue.span(Duration), cited(rescue, sources())) if rescue is not None else None,
            table.integer("boluses"),
            cited(table, sources()),
            in_stroke(table.maybe_table("in_stroke"), sources()),
            time_limit(table.maybe_table("longest"), sources()),
            time_limit(table.maybe_table("after_thrombolysis"), sources()),
            time_limit(table.maybe_table("usual_longest"), sources()),
            time_limit(table.maybe_table("shortest"), sources()),
        )
        table.finish()
    return found


def drug_class(table: Table) -> DrugClass:
    """Return the ``class`` of a drug's table."""
    return DrugClass(table.text("class", frozenset(DrugClass)))


@cache
def products() -> Mapping[str, Product]:
    """Return every product by id."""
    return products_from(DATA / "products.toml", sources(), frozenset(drugs()))


@cache
def renal_rules() -> Mapping[str, RenalRule]:
    """Return the labels' renal rules by id."""
    return {
        key: renal_rule_from(key, table.text("drug"), table, cited(table, sources()))
        for key, table in _root("renal").entries()
    }


def stated_renal_rule(of: Protocol) -> RenalRule | None:
    """Return the renal rule that a protocol itself states, None where it states none."""
    return of.own_rule or (renal_rules()[of.renal] if of.renal else None)


@cache
def renal_constants() -> RenalConstants:
    """Return the constants of the Cockcroft-Gault and Devine formulas."""
    root = _root("formulas")
    creatinine, gault, ideal = (root.table(key) for key in ("creatinine", "cockcroft_gault", "ideal_weight"))
    return RenalConstants(
        age_from=gault.number("age_from"),
        divisor=gault.number("divisor"),
        female_factor=gault.number("female_factor"),
        umol_per_litre_per_mg_per_dl=creatinine.number("umol_per_litre_per_mg_per_dl"),
        ideal_male=ideal.quantity("male", DosingWeight),
        ideal_female=ideal.quantity("female", DosingWeight),
        per_inch=ideal.quantity("per_inch", DosingWeight),
        above=ideal.quantity("above", Height),
        adjusted_share=ideal.number("adjusted_share"),
        sources=(*cited(gault, sources()), *cited(creatinine, sources()), *cited(ideal, sources())),
    )


@cache
def limits() -> Limits:
    """Return the software's own limits; a field's type says how it is read, so a new limit is a field and its value."""
    path = DATA / "limits.toml"
    root = Table(parse(path))
    try:
        made = Limits(**{name: _limit(root, name, kind) for name, kind in Limits.__annotations__.items()})
        root.finish()
    except Problem as problem:
        raise CatalogueError((f"{path}: {problem}",)) from None
    return made


def _limit(root: Table, name: str, kind: Any) -> Any:
    if kind is Source:
        return _one_source(root.table(name))
    if kind is Fraction:
        return root.number(name)
    # A field says by its type how its value is written; no list of names has to be kept beside it.
    if kind is int:
        return root.integer(name)
    if get_origin(kind) is Span:
        [role] = get_args(kind)
        return root.table(name).span(role)
    if get_origin(kind) is tuple:
        years = root.table(name)
        return years.integer("from"), years.integer("to")
    return root.quantity(name, kind)


@cache
def bolus_harms() -> tuple[BolusHarm, ...]:
    """Return published harm of a bolus."""
    return tuple(
        BolusHarm(
            key,
            table.text("drug"),
            table.text("route"),
            table.quantity("dose_per_kg", DosePerKg),
            table.text("words"),
            table.text("short"),
            cited(table, sources()),
        )
        for key, table in _root("harms").entries()
    )


@cache
def protocol_ids() -> tuple[str, ...]:
    """Return the ids of the packaged protocols, sorted; a protocol's file carries its id."""
    return tuple(sorted(path.stem for path in (DATA / "protocols").glob("*.toml")))


@cache
def protocol(name: str) -> Protocol:
    """Return a packaged protocol; InputError names the nearest ids for an unknown one."""
    # Ids are in small letters; what is typed in capitals is the same protocol, and is printed by its id.
    if name.lower() != name and name.lower() in protocol_ids():
        return protocol(name.lower())
    if name not in protocol_ids():
        raise InputError(f"unknown protocol {quoted(name)}{_instead(name)}")
    return protocol_from(DATA / "protocols" / f"{name}.toml", sources(), frozenset(drugs()), rule_drugs, site=False)


def _instead(name: str) -> str:
    """Return what may have been meant by an unknown protocol: those of the drug that it names, else of one drug."""
    words = [each for each in re.split(r"[^A-Za-z]+", name) if each]
    # A misspelt drug is near to its own name before it is near to an id that another drug begins.
    candidates = [
        near for each in words for near in (each, *begun_names(each, drugs()), *nearest_names(each, KNOWN, SIMILARITY))
    ]
    of_words = [each for each in map(drug_name, candidates) if each in KNOWN or each in drugs()]
    drug = next((each for each in of_words if each in drugs()), None)
    if drug is not None:
        own = [each.id for each in protocols() if each.drug == drug]
        return f"; those of {drug} are {', '.join(own)}"
    if of_words:
        return f": rescuecalc has no protocol of {of_words[0]}; `rescuecalc protocol list` shows all"
    # A beginning goes before a likeness: "yang" means the one that begins so.
    close = begun_names(name, protocol_ids()) or nearest_names(name, protocol_ids(), LIKE_A_CODE)
    drugs_of = [protocol(each).drug for each in close]
    same_drug = [each for each, of in zip(close, drugs_of, strict=True) if of == drugs_of[0]]
    return f"; did you mean {' or '.join(same_drug)}?" if same_drug else "; `rescuecalc protocol list` shows all"


@cache
def protocols() -> tuple[Protocol, ...]:
    """Return every packaged protocol."""
    return tuple(protocol(name) for name in protocol_ids())


def rule_drugs() -> Mapping[str, str]:
    """Return the drug of each renal rule, by the rule's id."""
    return {key: rule.drug for key, rule in renal_rules().items()}
