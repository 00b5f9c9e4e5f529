"""The packaged catalogue: each file is read once, when it is first asked for."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin

from rescuecalc.catalogue.products import products_from
from rescuecalc.catalogue.protocols import cited, in_stroke, protocol_from, source_entries, time_limit
from rescuecalc.catalogue.renal_rules import renal_rule_from
from rescuecalc.catalogue.table import Problem, Table, parse
from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.drugs.suggestions import ALIKE, nearest, nearest_names
from rescuecalc.core.literature.limits import Limits, Span
from rescuecalc.core.literature.source import Source
from rescuecalc.core.literature.study import BolusHarm
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import (
    DosePerKg,
    DosingWeight,
    Duration,
    Height,
    PumpRate,
    Volume,
)
from rescuecalc.core.quantities.units import how_many
from rescuecalc.core.regimen.protocol import PACKAGED, SITE, Drug, Protocol, RescueRunTime
from rescuecalc.core.renal.creatinine_clearance import RenalConstants, RenalRule
from rescuecalc.errors import CatalogueError, InputError
from rescuecalc.rules.base.knowledge import Knowledge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rescuecalc.core.bridging.antiplatelet import Bridging, Monitoring
    from rescuecalc.core.orders.agent_facts import AgentFacts
    from rescuecalc.core.orders.indication import IndicationWords
    from rescuecalc.core.orders.patient_limit import PatientLimits
    from rescuecalc.core.orders.published_range import PublishedRange
    from rescuecalc.core.orders.signature import Signature
    from rescuecalc.core.orders.tuning import Tuning, Usual
    from rescuecalc.core.orders.watch_words import WatchWords
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
            table.whole("boluses"),
            cited(table, sources()),
            in_stroke(table.maybe_table("in_stroke"), sources()),
            time_limit(table.maybe_table("longest"), sources()),
            time_limit(table.maybe_table("after_thrombolysis"), sources()),
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


def own_renal_rule(of: Protocol) -> RenalRule | None:
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
    if kind is int:
        return root.whole(name)
    if get_origin(kind) is Span:
        [role] = get_args(kind)
        return root.table(name).span(role)
    if get_origin(kind) is tuple:
        years = root.table(name)
        return years.whole("from"), years.whole("to")
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
    if name.lower() != name and name.lower() in protocol_ids():
        return protocol(name.lower())
    if name not in protocol_ids():
        raise InputError(f"there is no protocol {quoted(name)}{_instead(name)}")
    return protocol_from(DATA / "protocols" / f"{name}.toml", sources(), frozenset(drugs()), _rule_drugs, site=False)


def _instead(name: str) -> str:
    """Return what may have been meant by an unknown protocol: those of the drug that it names, else of one drug."""
    words = [each for each in re.split(r"[^A-Za-z]+", name) if each]
    # A misspelt drug is near to its own name before it is near to an id that another drug begins.
    of_words = (drug_name(near) for each in words for near in (each, *nearest_names(each, drugs(), ALIKE)))
    drug = next((each for each in of_words if each in drugs()), None)
    if drug is not None:
        own = [each.id for each in protocols() if each.drug == drug]
        return f"; those of {drug} are {', '.join(own)}"
    close = [each for each in protocol_ids() if each.startswith(name.lower())] or nearest_names(name, protocol_ids())
    drugs_of = [protocol(each).drug for each in close]
    alike = [each for each, of in zip(close, drugs_of, strict=True) if of == drugs_of[0]]
    return f"; did you mean {' or '.join(alike)}?" if alike else "; `rescuecalc protocol list` shows all"


@cache
def protocols() -> tuple[Protocol, ...]:
    """Return every packaged protocol."""
    return tuple(protocol(name) for name in protocol_ids())


def site_protocol(path: Path) -> Protocol:
    """Return the protocol of a hospital's own file; CatalogueError lists what is wrong in it.

    A file under a packaged protocol's id is refused where it says anything else: its doses would pass as published.
    """
    found = protocol_from(path, sources(), frozenset(drugs()), _rule_drugs, site=True)
    _check_antiplatelets(path, found)
    if found.id not in protocol_ids() and found.kind != SITE:
        raise CatalogueError(
            (f"{path}: kind: {found.kind!r} is for packaged protocols; a file of your own says 'site'",)
        )
    if found.id in protocol_ids() and found._replace(origin=PACKAGED) != protocol(found.id):
        message = (
            f"{path}: id: {found.id!r} is a packaged protocol and this file differs from it; give it an id of its own"
        )
        raise CatalogueError((message,))
    return found


def _check_antiplatelets(path: Path, found: Protocol) -> None:
    if not found.oral:
        return
    known = sorted(_bridging().antiplatelets)
    problems = tuple(
        f"{path}: antiplatelet[{place}].drug: there is no antiplatelet {quoted(step.drug)}{nearest(step.drug, known)}"
        for place, step in enumerate(found.oral)
        if step.drug not in known
    )
    if problems:
        raise CatalogueError(problems)


def _rule_drugs() -> Mapping[str, str]:
    return {key: rule.drug for key, rule in renal_rules().items()}


@cache
def signatures() -> tuple[Signature, ...]:
    """Return the signatures of known errors, by the factor that each leaves behind."""
    from rescuecalc.core.orders.signature import Signature  # noqa: PLC0415  # of what was written in a file alone

    found = []
    for table in _root("error_signatures").tables("signatures"):
        made = Signature(
            table.text("name"),
            table.text("inverse"),
            table.number("factor") / (table.number("over") if table.has("over") else 1),
            variables=frozenset(table.texts("variables")) if table.has("variables") else frozenset(),
            drugs=frozenset(table.texts("drugs")) if table.has("drugs") else frozenset(),
            of=table.maybe_text("of") or "",
            needs=table.maybe_text("needs") or "",
            mass=table.flag("mass"),
            wide=table.flag("wide"),
            rare=table.flag("rare"),
            indirect=table.flag("indirect"),
            units=table.texts("units") if table.has("units") else (),
            least=table.number("least") if table.has("least") else None,
        )
        found.append(made)
        table.finish()
    return tuple(found)


@cache
def tuning() -> Tuning:
    """Return what the order model weighs, and how near two numbers have to be."""
    from rescuecalc.core.orders.tuning import Costs, Tolerances, Tuning  # noqa: PLC0415  # of a written order alone

    root = _root("order_model")
    costs, distance, tolerances = root.table("costs"), root.table("distance"), root.table("tolerances")
    usual = root.table("usual")
    made = Tuning(
        Costs(**{name: costs.whole(name) for name in Costs._fields}),
        {name: distance.whole(name) for name in distance.keys()},  # noqa: SIM118  # a table is no mapping
        Tolerances(**{name: tolerances.number(name) for name in Tolerances._fields}),
        _usual(usual),
        tuple(Fraction(volume) for volume in root.wholes("containers")),
        Fraction(root.whole("container_hours")) * how_many("s", "h"),
        tuple(Fraction(volume) for volume in root.wholes("held")),
        Fraction(root.whole("syringe")),
    )
    for each in (costs, distance, tolerances, usual):
        each.finish()
    return made


def _usual(table: Table) -> Usual:
    from rescuecalc.core.orders.bounds import Bounds, between  # noqa: PLC0415  # of a written order alone
    from rescuecalc.core.orders.mention import base_value  # noqa: PLC0415
    from rescuecalc.core.orders.tuning import Usual  # noqa: PLC0415

    def span(name: str, role: type[PumpRate | Volume]) -> Bounds:
        ends = table.table(name).span(role)
        return between(base_value(ends.low)[0], base_value(ends.high)[0])

    return Usual(
        flow=span("flow", PumpRate),
        infused=span("infused", Volume),
        drawn_up=span("drawn_up", Volume),
        times=tuple(Fraction(each) * how_many("s", unit) for unit in ("min", "h") for each in table.wholes(unit)),
        longest_bolus=Fraction(table.whole("bolus_minutes")) * how_many("s", "min"),
    )


def _bridging() -> Bridging:
    from rescuecalc.catalogue.bridging import bridging  # noqa: PLC0415  # a dose alone is not bridged

    return bridging()


def _monitoring(drug: str) -> Monitoring:
    from rescuecalc.catalogue.bridging import monitoring  # noqa: PLC0415  # a dose alone is not watched

    return monitoring(drug)


def _agent_facts() -> AgentFacts:
    from rescuecalc.catalogue.agents import agent_facts  # noqa: PLC0415  # of what stands beside an infusion

    return agent_facts()


def _watch_words() -> WatchWords:
    from rescuecalc.catalogue.watch_words import watch_words  # noqa: PLC0415  # of a whole order set

    return watch_words()


def _patient_limits() -> PatientLimits:
    from rescuecalc.catalogue.patient_limits import patient_limits  # noqa: PLC0415  # of a patient of whom more is given

    return patient_limits()


@cache
def _published_ranges() -> tuple[PublishedRange, ...]:
    from rescuecalc.catalogue.published_ranges import published_ranges  # noqa: PLC0415  # a named protocol needs none

    return published_ranges()


@cache
def _indication_words() -> IndicationWords:
    from rescuecalc.catalogue.published_ranges import indication_words  # noqa: PLC0415  # of what was written alone

    return indication_words()


def knowledge() -> Knowledge:
    """Return what the rules may know."""
    return Knowledge(
        limits=limits(),
        renal_rules=lambda: tuple(renal_rules().values()),
        bolus_harms=bolus_harms(),
        drugs=drugs(),
        protocols=protocols,
        sources=sources,
        derived={},
        products=products,
        signatures=signatures,
        tuning=tuning,
        published_ranges=_published_ranges,
        indication_words=_indication_words,
        bridging=_bridging,
        monitoring=_monitoring,
        patient_limits=_patient_limits,
        agent_facts=_agent_facts,
        watch_words=_watch_words,
    )
