"""What the rules may know of the packaged catalogue; each part is read when a rule first asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.catalogue.catalogue import bolus_harms, drugs, limits, products, protocols, renal_rules, sources
from rescuecalc.rules.base.knowledge import Knowledge

if TYPE_CHECKING:
    from rescuecalc.core.bridging.antiplatelet import Bridging, Monitoring
    from rescuecalc.core.orders.agent_facts import AgentFacts
    from rescuecalc.core.orders.indication import IndicationWords
    from rescuecalc.core.orders.model.signature import Signature
    from rescuecalc.core.orders.model.tuning import Tuning
    from rescuecalc.core.orders.patient_limit import PatientLimits
    from rescuecalc.core.orders.published_range import PublishedRange
    from rescuecalc.core.orders.text.watch_words import WatchWords


def _bridging() -> Bridging:
    from rescuecalc.catalogue.clinical.bridging import bridging  # noqa: PLC0415  # a dose alone is not bridged

    return bridging()


def _monitoring(drug: str) -> Monitoring:
    from rescuecalc.catalogue.clinical.bridging import monitoring  # noqa: PLC0415  # a dose alone is not watched

    return monitoring(drug)


def _agent_facts() -> AgentFacts:
    from rescuecalc.catalogue.clinical.agents import agent_facts  # noqa: PLC0415  # of what stands beside an infusion

    return agent_facts()


def _watch_words() -> WatchWords:
    from rescuecalc.catalogue.clinical.watch_words import watch_words  # noqa: PLC0415  # of a whole order set

    return watch_words()


def _patient_limits() -> PatientLimits:
    from rescuecalc.catalogue.clinical.patient_limits import patient_limits  # noqa: PLC0415  # of a patient of whom more is given

    return patient_limits()


def _signatures() -> tuple[Signature, ...]:
    from rescuecalc.catalogue.clinical.order_model import signatures  # noqa: PLC0415  # of what was written in a file alone

    return signatures()


def _tuning() -> Tuning:
    from rescuecalc.catalogue.clinical.order_model import tuning  # noqa: PLC0415  # of a written order alone

    return tuning()


def _published_ranges() -> tuple[PublishedRange, ...]:
    from rescuecalc.catalogue.clinical.published_ranges import published_ranges  # noqa: PLC0415  # a named protocol needs none

    return published_ranges()


def _indication_words() -> IndicationWords:
    from rescuecalc.catalogue.clinical.published_ranges import indication_words  # noqa: PLC0415  # of what was written alone

    return indication_words()


def packaged_knowledge() -> Knowledge:
    """Return what the rules may know."""
    return Knowledge(
        limits=limits(),
        # Functions where a rule may never ask: reading all of the data would take longer than most commands.
        renal_rules=lambda: tuple(renal_rules().values()),
        bolus_harms=bolus_harms(),
        drugs=drugs(),
        protocols=protocols,
        sources=sources,
        derived={},
        products=products,
        signatures=_signatures,
        tuning=_tuning,
        published_ranges=_published_ranges,
        indication_words=_indication_words,
        bridging=_bridging,
        monitoring=_monitoring,
        patient_limits=_patient_limits,
        agent_facts=_agent_facts,
        watch_words=_watch_words,
    )
