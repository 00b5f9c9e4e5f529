"""The limits of a patient's state; read only where something of it is given."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rescuecalc.catalogue.catalogue import DATA, sources
from rescuecalc.catalogue.files.citations import cited
from rescuecalc.catalogue.files.table import Problem, Table, parse
from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.patient_limit import PatientCondition, PatientLimit, PatientLimits, Plausible
from rescuecalc.core.orders.patient_state import STATE
from rescuecalc.core.quantities.quantity import Duration

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction


@cache
def patient_limits() -> PatientLimits:
    """Return every limit of a patient's state."""
    root = Table(parse(DATA / "patient_limits.toml"))
    plausible, given = root.table("plausible"), root.table("anticoagulants")
    source = plausible.table("source")
    made = PatientLimits(
        tuple(_limit(each) for each in root.tables("limit")),
        tuple(made for each in root.tables("condition") for made in _conditions(each)),
        {name: _plausible(plausible.table(name)) for name in plausible.keys() if name != "source"},  # noqa: SIM118  # a table is no mapping
        sources()[source.text("id")]._replace(locator=source.text("locator")),
        {drug: way for way in given.keys() for drug in given.texts(way)},  # noqa: SIM118  # a table is no mapping
    )
    root.finish()
    return made


def _plausible(table: Table) -> Plausible:
    made = Plausible(table.number("from"), table.number("to"))
    table.finish()
    return made


def _conditions(table: Table) -> Iterator[PatientCondition]:
    """Yield a condition for each drug whose label names it, with what that says, and for classes without a source."""
    names, beside = table.texts("names"), table.table("near") if table.has("near") else None
    near = (beside.texts("one"), beside.texts("other")) if beside is not None else ((), ())
    but_stroke, now = table.flag("but_stroke"), table.flag("now")
    of_value = table.text("of_value", frozenset(STATE)) if table.has("of_value") else ""
    own = {each.text("drug"): each for each in table.tables("of_drug")}
    for drug, each in (*own.items(), *(("", each) for each in table.tables("of_class"))):
        yield PatientCondition(
            drug=drug,
            names=names,
            near=near,
            severity=Severity(each.text("severity", frozenset(Severity))),
            words=each.text("words"),
            sources=cited(each, sources()),
            within=each.maybe_quantity("within", Duration),
            but_stroke=but_stroke,
            now=now,
            classes=frozenset(DrugClass(name) for name in each.texts("classes")),
            others=frozenset(own),
            of_value=of_value,
        )
        each.finish()
    if beside is not None:
        beside.finish()
    table.finish()


def _number(table: Table, key: str) -> Fraction | None:
    return table.number(key) if table.has(key) else None


def _limit(table: Table) -> PatientLimit:
    class_name = table.maybe_text("class")
    made = PatientLimit(
        field=table.text("field", frozenset(STATE)),
        drug=table.maybe_text("drug") or "",
        drug_class=DrugClass(class_name) if class_name is not None else None,
        above=_number(table, "above"),
        below=_number(table, "below"),
        diastolic=_number(table, "diastolic"),
        at=table.flag("at"),
        is_one_of=table.texts("is"),
        within=table.maybe_quantity("within", Duration),
        after_thrombolysis=table.maybe_text("needs") == "thrombolysis",
        severity=Severity(table.text("severity", frozenset(Severity))),
        words=table.text("words"),
        sources=cited(table, sources()),
    )
    table.finish()
    if sum((made.above is not None, made.below is not None, bool(made.is_one_of))) != 1:
        raise Problem(f"{table.where('above')}: a limit has exactly one of above, below and is")
    return made
