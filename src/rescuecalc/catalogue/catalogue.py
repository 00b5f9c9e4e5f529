"""The packaged catalogue: each file is read once, when it is first asked for."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rescuecalc.catalogue.protocols import cited, protocol_from, source_entries
from rescuecalc.catalogue.table import Table, parse
from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.literature.limits import Limits, Span
from rescuecalc.core.literature.source import Source
from rescuecalc.core.literature.study import BolusHarm
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import (
    Concentration,
    CreatinineClearance,
    Dose,
    DosePerKg,
    DosingWeight,
    Duration,
    Height,
    PumpRate,
    SerumCreatinine,
    Volume,
)
from rescuecalc.core.quantities.units import how_many
from rescuecalc.core.regimen.product import Given, Product
from rescuecalc.core.regimen.protocol import PACKAGED, SITE, Drug, InStroke, Protocol, RescueRunTime, TimeLimit
from rescuecalc.core.renal.creatinine_clearance import RenalBand, RenalConstants, RenalRule
from rescuecalc.errors import CatalogueError, InputError
from rescuecalc.rules.base.knowledge import Knowledge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rescuecalc.core.bridging.antiplatelet import Bridging
    from rescuecalc.core.orders.agent_facts import AgentFacts
    from rescuecalc.core.orders.indication import IndicationWords
    from rescuecalc.core.orders.patient_limit import PatientLimits
    from rescuecalc.core.orders.published_range import PublishedRange
    from rescuecalc.core.orders.signature import Signature
    from rescuecalc.core.orders.tuning import Tuning
    from rescuecalc.core.orders.watch_words import WatchWords

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
            table.flag("has_renal_rule"),
            RescueRunTime(rescue.span(Duration), cited(rescue, sources())) if rescue is not None else None,
            table.whole("boluses"),
            cited(table, sources()),
            _in_stroke(table.maybe_table("in_stroke")),
            _time_limit(table.maybe_table("longest")),
            _time_limit(table.maybe_table("after_thrombolysis")),
        )
        table.finish()
    return found


def _in_stroke(table: Table | None) -> InStroke | None:
    if table is None:
        return None
    severity = table.text("severity", frozenset({"error", "warning"}))
    return InStroke(severity, table.text("words"), cited(table, sources()))


def _time_limit(table: Table | None) -> TimeLimit | None:
    if table is None:
        return None
    return TimeLimit(table.quantity("time", Duration), table.text("words"), cited(table, sources()))


def drug_class(table: Table) -> DrugClass:
    """Return the ``class`` of a drug's table."""
    return DrugClass(table.text("class", frozenset(DrugClass)))


@cache
def products() -> Mapping[str, Product]:
    """Return every product by id."""
    found = {}
    for key, table in _root("products").entries():
        found[key] = Product(
            id=key,
            drug=table.text("drug", frozenset(drugs())),
            strength=table.text("strength"),
            form=table.text("form"),
            amount=table.quantity("amount", Dose),
            volume=table.quantity("volume", Volume),
            concentration=table.quantity("concentration", Concentration),
            serves=frozenset(Given(each) for each in table.texts("serves")),
            preparation=table.maybe_text("preparation"),
            diluted_as=table.maybe_text("diluted_as"),
            sources=cited(table, sources()),
            rxnorm=table.maybe_text("rxnorm"),
        )
        table.finish()
    return found


@cache
def renal_rules() -> Mapping[str, RenalRule]:
    """Return the labels' renal rules by id."""
    found = {}
    for key, table in _root("renal").entries():
        bands = tuple(_band(each) for each in table.tables("bands"))
        found[key] = RenalRule(
            key,
            table.text("drug"),
            table.text("title"),
            bands,
            table.maybe_text("load_remark"),
            cited(table, sources()),
        )
        table.finish()
    return found


def own_renal_rule(of: Protocol) -> RenalRule | None:
    """Return the renal rule that a protocol itself states, None where it states none."""
    return renal_rules()[of.renal] if of.renal else None


def _band(table: Table) -> RenalBand:
    band = RenalBand(
        table.maybe_quantity("up_to", CreatinineClearance),
        table.flag("includes"),
        table.number("bolus_factor"),
        table.number("infusion_factor"),
        table.text("words"),
    )
    table.finish()
    return band


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
    """Return the software's own limits."""
    root = _root("limits")
    line, age = root.table("line_volume"), root.table("age")
    return Limits(
        source=_one_source(root.table("source")),
        weight=root.table("weight").span(DosingWeight),
        usual_weight=root.table("usual_weight").span(DosingWeight),
        deviation_percent=root.number("deviation_percent"),
        pump_rate=root.quantity("pump_rate", PumpRate),
        container_time=root.quantity("container_time", Duration),
        run_time=root.quantity("run_time", Duration),
        containers=root.whole("containers"),
        table_rows=root.whole("table_rows"),
        pump_step=root.quantity("pump_step", PumpRate),
        volume_step=root.quantity("volume_step", Volume),
        clearance_step=root.quantity("clearance_step", CreatinineClearance),
        age_years=(age.whole("from"), age.whole("to")),
        creatinine=root.table("creatinine").span(SerumCreatinine),
        clearance=root.table("clearance").span(CreatinineClearance),
        height=root.table("height").span(Height),
        give_over=root.table("give_over").span(Duration),
        priming_volume=root.table("priming_volume").span(Volume),
        line_volume=Span(line.quantity("from", Volume), line.quantity("to", Volume)),
        line_volume_source=_one_source(line.table("source")),
    )


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
    if name not in protocol_ids():
        hint = nearest(name, list(protocol_ids())) or "; `rescuecalc protocol list` shows all"
        raise InputError(f"there is no protocol {quoted(name)}{hint}")
    return protocol_from(DATA / "protocols" / f"{name}.toml", sources(), frozenset(drugs()), _rule_drugs, site=False)


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
    made = Tuning(
        Costs(**{name: costs.whole(name) for name in Costs._fields}),
        {name: distance.whole(name) for name in distance.keys()},  # noqa: SIM118  # a table is no mapping
        Tolerances(**{name: tolerances.number(name) for name in Tolerances._fields}),
        tuple(Fraction(volume) for volume in root.wholes("containers")),
        Fraction(root.whole("container_hours")) * how_many("s", "h"),
        tuple(Fraction(volume) for volume in root.wholes("held")),
    )
    for each in (costs, distance, tolerances):
        each.finish()
    return made


def _bridging() -> Bridging:
    from rescuecalc.catalogue.bridging import bridging  # noqa: PLC0415  # a dose alone is not bridged

    return bridging()


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
        patient_limits=_patient_limits,
        agent_facts=_agent_facts,
        watch_words=_watch_words,
    )
