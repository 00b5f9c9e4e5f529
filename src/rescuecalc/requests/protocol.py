"""What `protocol` is asked, and its documents: every protocol, one of them, and a hospital's own file judged."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.knowledge import packaged_knowledge
from rescuecalc.catalogue.published_ranges import indication_words, published_ranges
from rescuecalc.catalogue.site_protocol import site_protocol
from rescuecalc.core.orders.finding import Severity
from rescuecalc.core.orders.indication import mentions, named_indication
from rescuecalc.core.orders.order import stated_orders
from rescuecalc.core.orders.range_widening import Widening, widenings
from rescuecalc.core.quantities.quantity import CreatinineClearance
from rescuecalc.core.quantities.units import unit
from rescuecalc.reporters.document import protocol as documents
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.judging.judge import judge, of_second_load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rescuecalc.core.orders.finding import Finding
    from rescuecalc.core.regimen.protocol import Protocol
    from rescuecalc.core.renal.creatinine_clearance import RenalBand
    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.rules.base.rule import Rule


def every_protocol() -> Document:
    """Return the document of `protocol list`."""
    return documents.list_document(catalogue.protocols())


def one_protocol(found: Protocol) -> Document:
    """Return the document of `protocol show`."""
    return documents.protocol_document(found, catalogue.drugs()[found.drug], catalogue.own_renal_rule(found))


def judged_file(file: Path) -> Document:
    """Return the document of `protocol check` for a file that can be read; CatalogueError holds what is wrong in it."""
    found = site_protocol(file)
    from rescuecalc.rules.judging.registry import OF_PROTOCOLS  # noqa: PLC0415  # listing protocols needs no rule

    orders = stated_orders(found)
    rules = (*OF_PROTOCOLS, *of_second_load(orders))
    findings = judge(Subject(orders, found, packaged_knowledge()), rules)
    reported = {(each.code, each.pointer) for each in findings}
    findings = (*findings, *(each for each in _of_bands(found, rules) if (each.code, each.pointer) not in reported))
    return documents.check_document(str(file), found, (), findings, _widened(found))


def _of_bands(found: Protocol, rules: tuple[Rule, ...]) -> Iterator[Finding]:
    """Yield what is found of the doses that a renal rule of the file makes, for a clearance inside of each band."""
    low = Fraction(0)
    for band in found.own_rule.bands if found.own_rule is not None else ():
        high = band.up_to.value_in("mL/min") if band.up_to is not None else low * 2
        made = _under(found, band)
        if (made.boluses, made.infusions) != (found.boluses, found.infusions):
            orders = stated_orders(made)._replace(clearance=CreatinineClearance((low + high) / 2, unit("mL/min")))
            for each in judge(Subject(orders, made, packaged_knowledge()), rules):
                if each.severity.reaches(Severity.WARNING):
                    yield each._replace(message=f"{band.words}: {each.message}")
        low = high


def _under(found: Protocol, band: RenalBand) -> Protocol:
    """Return the protocol with its intravenous doses as a band makes them."""
    boluses = tuple(
        step._replace(
            dose_per_kg=step.dose_per_kg and step.dose_per_kg.times(band.bolus_factor),
            dose=step.dose and step.dose.times(band.bolus_factor),
        )
        if step.route == "IV"
        else step
        for step in found.boluses
    )
    infusions = tuple(
        step._replace(dose_rate_per_kg=step.dose_rate_per_kg.times(band.infusion_factor))
        if step.route == "IV"
        else step
        for step in found.infusions
    )
    return found._replace(boluses=boluses, infusions=infusions)


def _widened(found: Protocol) -> tuple[Widening, ...]:
    """Return the published ranges that a protocol would widen, for the indication that its texts name."""
    words = indication_words()
    indication, _ = named_indication(tuple(mentions(text, words) for text in (found.title, found.population)))
    return widenings(found, published_ranges(), indication)
