"""`rescuecalc protocol show --as-order-set`: the order set that a protocol implies, with what `check` finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.catalogue import catalogue, supplies
from rescuecalc.catalogue.clinical.bridging import monitoring
from rescuecalc.catalogue.knowledge import packaged_knowledge
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.errors import CalculationRefused
from rescuecalc.readers.order_sets import order_sets
from rescuecalc.reporters.document.order_set import Shelf, order_set_document, warned
from rescuecalc.reporters.render.order_set_yaml import order_set_text
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.judging.registry import RULES
from rescuecalc.rules.judging.written_judge import judge_written, panel

if TYPE_CHECKING:
    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.core.regimen.protocol import Protocol
    from rescuecalc.reporters.document.common_parts import Document


def order_set_yaml(protocol: Protocol, bolus_product: str | None, infusion_product: str | None) -> str:
    """Return the protocol's order set as YAML; errors as for naming products."""
    made = order_set_document(
        protocol,
        catalogue.stated_renal_rule(protocol),
        monitoring(protocol.drug),
        *_shelves(protocol, bolus_product, infusion_product),
    )
    return order_set_text(warned(made, _warnings(made, protocol)))


def _shelves(protocol: Protocol, bolus_product: str | None, infusion_product: str | None) -> tuple[Shelf, Shelf]:
    for option, value, steps in (
        ("--bolus-product", bolus_product, protocol.boluses),
        ("--infusion-product", infusion_product, protocol.infusions),
    ):
        if value is not None and not steps:
            raise CalculationRefused(f"{option} was given, and {protocol.id} has nothing to draw from it")
    drug, route = protocol.drug, protocol.boluses[0].route if protocol.boluses else "IV"
    drip = supplies.infusion_supply(infusion_product, None, drug)
    return (
        Shelf(supplies.bolus_supply(bolus_product, None, drug, route, drip), supplies.bolus_options(drug, route)),
        Shelf(drip, supplies.infusion_options(drug)),
    )


def _warnings(made: Document, protocol: Protocol) -> tuple[Finding, ...]:
    """Return what the one judge says of the order set as it is printed, from a warning on."""
    found = next(order_sets(made["order_set"], ()))._replace(protocol=protocol.id)
    subject = Subject(found, protocol, packaged_knowledge())
    return tuple(each for each in judge_written(subject, panel(RULES)) if each.severity.reaches(Severity.WARNING))
