"""What a rule may know besides the order set: limits, label rules, published harm, and every protocol's regimen."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from rescuecalc.core.drugs.drug_class import DrugClass

if TYPE_CHECKING:  # a NamedTuple would import all of it for every dose
    from collections.abc import Callable, Mapping

    from rescuecalc.core.bridging.antiplatelet import Bridging, Monitoring
    from rescuecalc.core.library.pump_library import LibraryUse
    from rescuecalc.core.literature.limits import Limits
    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.literature.study import BolusHarm
    from rescuecalc.core.orders.agent_facts import AgentFacts
    from rescuecalc.core.orders.indication import IndicationWords
    from rescuecalc.core.orders.model.signature import Signature
    from rescuecalc.core.orders.model.tuning import Tuning
    from rescuecalc.core.orders.order import Order, OrderSet
    from rescuecalc.core.orders.patient_limit import PatientLimits
    from rescuecalc.core.orders.published_range import PublishedRange
    from rescuecalc.core.orders.text.watch_words import WatchWords
    from rescuecalc.core.regimen.product import Product
    from rescuecalc.core.regimen.protocol import Drug, Protocol
    from rescuecalc.core.renal.creatinine_clearance import RenalBand, RenalRule

T = TypeVar("T")


class Knowledge(NamedTuple):
    """The catalogue as the rules see it; what most orders do not need is read when a rule calls for it.

    ``derived`` holds what was worked out of the catalogue alone, by name and drug: once, and not for each order.
    ``library`` is the pump library that orders are compared with, None where none is named.
    """

    limits: Limits
    renal_rules: Callable[[], tuple[RenalRule, ...]]
    bolus_harms: tuple[BolusHarm, ...]
    drugs: Mapping[str, Drug]
    protocols: Callable[[], tuple[Protocol, ...]]
    sources: Callable[[], Mapping[str, Source]]
    derived: dict[tuple[str, ...], Any]
    products: Callable[[], Mapping[str, Product]]
    signatures: Callable[[], tuple[Signature, ...]]
    tuning: Callable[[], Tuning]
    published_ranges: Callable[[], tuple[PublishedRange, ...]]
    indication_words: Callable[[], IndicationWords]
    bridging: Callable[[], Bridging]
    monitoring: Callable[[str], Monitoring]
    patient_limits: Callable[[], PatientLimits]
    agent_facts: Callable[[], AgentFacts]
    watch_words: Callable[[], WatchWords]
    library: LibraryUse | None = None

    def once(self, key: tuple[str, ...], work: Callable[[], T]) -> T:
        """Return what ``work`` makes of the catalogue alone: it is asked for once, and ``key`` is its name."""
        if key not in self.derived:
            self.derived[key] = work()
        found: T = self.derived[key]
        return found

    def drug_class(self, drug: str) -> DrugClass | None:
        """Return the class of a drug, None of one that is not known by name."""
        own = self.drugs.get(drug)
        return own.drug_class if own is not None else self.bridging().classes.get(drug)

    def is_gp_inhibitor(self, drug: str) -> bool:
        """Whether a drug is a GP IIb/IIIa inhibitor: all of them are in the catalogue."""
        own = self.drugs.get(drug)
        return own is not None and own.drug_class is DrugClass.GP_IIB_IIIA

    def is_iv_inhibitor(self, drug: str) -> bool:
        """Whether a drug inhibits platelets from the vein: a GP IIb/IIIa inhibitor or cangrelor."""
        own = self.drugs.get(drug)
        return own is not None and own.drug_class in {DrugClass.GP_IIB_IIIA, DrugClass.P2Y12_IV}

    def is_thrombolytic(self, drug: str) -> bool:
        """Whether a drug is a thrombolytic."""
        return self.drug_class(drug) is DrugClass.THROMBOLYTIC

    def has_stated_doses(self, drug: str) -> bool:
        """Whether some source held here states doses of a drug: those of a thrombolytic are judged in a stroke set."""
        return self.has_known_doses(drug) or self.is_thrombolytic(drug)

    def has_published_range(self, drug: str) -> bool:
        """Whether a dose of a drug is published that an order can be compared with."""
        if drug in self.drugs:
            return True
        return drug in self.once(("ranged",), lambda: frozenset(each.drug for each in self.published_ranges()))

    def has_known_doses(self, drug: str) -> bool:
        """Whether sources held here state doses of a drug: a published range, an antiplatelet's load or maintenance."""
        if self.has_published_range(drug):
            return True
        agent = self.bridging().antiplatelets.get(drug)
        return agent is not None and (agent.load is not None or agent.maintenance is not None)

    def products_of(self, drug: str) -> tuple[Product, ...]:
        """Return the products of a drug, none of one that the catalogue does not hold."""
        if drug not in self.drugs:
            return ()
        return self.once(
            ("products", drug), lambda: tuple(each for each in self.products().values() if each.drug == drug)
        )

    @property
    def pump_source(self) -> Source:
        """What states the fastest rate of the pump: the library, where it says one, else the limits."""
        use = self.library
        if use is None or use.library.most_rate(use.area) is None:
            return self.limits.source
        return use.library.source

    def bands(self, protocol: Protocol) -> tuple[RenalBand, ...]:
        """Return the bands of a protocol's own renal rule, none where it has none."""
        rule = self.own_rule(protocol)
        return rule.bands if rule is not None else ()

    def own_rule(self, protocol: Protocol | None) -> RenalRule | None:
        """Return the renal rule that a protocol states: one of its own, or a label's; None where it has none."""
        if protocol is None:
            return None
        labels = (rule for rule in self.renal_rules() if rule.id == protocol.renal)
        return protocol.own_rule or next(labels, None)

    def factors(self, protocol: Protocol, kind: str) -> set[Fraction]:
        """Return by what the protocol's own renal rule may multiply a ``bolus`` or an ``infusion``; 1 is one."""
        return {Fraction(1), *(band.factor(kind) for band in self.bands(protocol))}


class Subject(NamedTuple):
    """What is judged: an order set, and the protocol that it claims to follow (None: none is named).

    ``as_of`` is the day that dates are judged by, as ``2026-03-01``; None where nothing has a date.
    """

    order_set: OrderSet
    protocol: Protocol | None
    knowledge: Knowledge
    as_of: str | None = None

    @property
    def written(self) -> list[Order]:
        """The orders that were read from a file."""
        return [order for order in self.order_set.orders if order.texts]
