"""What the order model weighs, and the signatures of known errors; read when a written order is first judged."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from rescuecalc.catalogue.catalogue import DATA
from rescuecalc.catalogue.files.table import Table, parse
from rescuecalc.core.orders.bounds import Bounds, between
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.orders.model.signature import Signature
from rescuecalc.core.orders.model.tuning import Costs, Tolerances, Tuning, Usual
from rescuecalc.core.quantities.quantity import Concentration, PumpRate, Volume
from rescuecalc.core.quantities.units import how_many, unit


@cache
def signatures() -> tuple[Signature, ...]:
    """Return the signatures of known errors, by the factor that each leaves behind."""
    found = []
    for table in Table(parse(DATA / "error_signatures.toml")).tables("signatures"):
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
    root = Table(parse(DATA / "order_model.toml"))
    costs, distance, tolerances = root.table("costs"), root.table("distance"), root.table("tolerances")
    usual = root.table("usual")
    made = Tuning(
        Costs(**{name: costs.integer(name) for name in Costs._fields}),
        {name: distance.integer(name) for name in distance.keys()},  # noqa: SIM118  # a table is no mapping
        Tolerances(**{name: tolerances.number(name) for name in Tolerances._fields}),
        _usual(usual),
        tuple(Fraction(volume) for volume in root.wholes("containers")),
        Fraction(root.integer("container_hours")) * how_many("s", "h"),
        tuple(Fraction(volume) for volume in root.wholes("held")),
        Fraction(root.integer("syringe")),
        base_value(Concentration(Fraction(root.integer("strongest")), unit("mg/mL")))[0],
        Fraction(root.integer("by_gravity")),
        Fraction(root.integer("one_bag_hours")) * how_many("s", "h"),
    )
    for each in (costs, distance, tolerances, usual):
        each.finish()
    return made


def _usual(table: Table) -> Usual:

    def span(name: str, role: type[PumpRate | Volume]) -> Bounds:
        ends = table.table(name).span(role)
        return between(base_value(ends.low)[0], base_value(ends.high)[0])

    return Usual(
        flow=span("flow", PumpRate),
        infused=span("infused", Volume),
        drawn_up=span("drawn_up", Volume),
        times=tuple(Fraction(each) * how_many("s", unit) for unit in ("min", "h") for each in table.wholes(unit)),
        longest_bolus=Fraction(table.integer("bolus_minutes")) * how_many("s", "min"),
    )
