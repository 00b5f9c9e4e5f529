"""Doses of other drugs that a text mentions, and that nothing was compared with: silence would be a claim."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.text.field_frequency import is_needed, is_unknown
from rescuecalc.core.orders.text.frequency import is_known_to_recur, recurs, times_daily
from rescuecalc.core.orders.text.vocabulary import PAST, any_word
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Dose
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.reference.local_lysis import is_local

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder
    from rescuecalc.rules.facts.text.set_texts import NamedDose


def other_drugs_doses(subject: Subject) -> Iterator[Hit]:
    """Yield a note or a warning of each drug beside its order's own whose doses in a text were not judged."""
    made = subject.order_set
    texts = any("text" in order.texts for order in made.orders)
    if not (texts or made.monitoring or made.stop_if):
        return
    from rescuecalc.rules.facts.text.set_texts import beside_doses  # noqa: PLC0415  # of a set with texts alone

    for order, named in beside_doses(subject):
        found = list(dict.fromkeys(each.said.text for each in named if not _is_judged(each, subject)))
        if found and not _may_be_own(order, subject):
            message = f"the text gives {order.drug} {', '.join(found)}, which was compared with no dose"
            yield Hit(message, (), order.pointer, found[0], severity=_severity(order, subject))


def _severity(order: Order, subject: Subject) -> Severity:
    """Return a warning where an order gives an antiplatelet, whose doses are known, in a way that is not."""
    is_known = order.drug in subject.knowledge.bridging().antiplatelets
    return Severity.WARNING if is_known and order.pointer.startswith("/orders/") else Severity.NOTE


def _may_be_own(order: Order, subject: Subject) -> bool:
    """Whether a text may name its order's own drug by a brand: a name that is not known here, at its beginning."""
    knowledge, name = subject.knowledge, order.drug
    is_known = name in knowledge.drugs or knowledge.drug_class(name) is not None
    is_of_order = order.pointer.startswith("/orders/")
    return is_of_order and not is_known and order.texts["text"].lower().startswith(name)


_WAS_GIVEN: Final = any_word(PAST, "in the field")
"""Behind a dose that the patient has had."""


def _is_judged(named: NamedDose, subject: Subject) -> bool:
    """Whether a dose in another order's text is compared with those that sources state, or is none that is ordered."""
    agent = subject.knowledge.bridging().antiplatelets.get(named.drug)
    is_mass = isinstance(named.said.quantity, Dose) and named.said.quantity.is_mass()
    is_swallowed = agent is not None and not agent.infused and "IV" not in named.behind.split()[:1]
    is_past = _WAS_GIVEN.search(named.behind) is not None
    return is_past or subject.knowledge.has_published_range(named.drug) or (is_swallowed and is_mass)


def uncompared_in_text(judged: SolvedOrder | None) -> Iterator[Hit]:
    """Yield a note of the numbers in the text of an order whose fields were judged that were compared with nothing.

    Of a drug without a published range those alone that nothing of the order could be compared with: in another kind of
    unit; a warning of a rate with the number of a bolus.
    """
    if judged is None or judged.found:
        return
    from rescuecalc.rules.facts.text.uncompared import rate_of_bolus, uncompared  # noqa: PLC0415  # of a text alone

    pointer = f"{judged.order.pointer}/text"
    is_of_range = judged.subject.knowledge.has_published_range(judged.order.drug)
    for each in rate_of_bolus(judged.order) if not is_of_range else ():
        message = f"the text says {each.text}, a rate, of what the order gives at once: it was not judged"
        yield Hit(message, (), pointer, each.text, severity=Severity.WARNING)
        return
    left = (each for each in uncompared(judged) if is_of_range or _is_of_other_kind(each, judged.order))
    found = list(dict.fromkeys(each.text for each in left))
    if found:
        message = f"the text of {judged.order.drug} says {', '.join(found)}, which was compared with nothing"
        yield Hit(message, (), pointer, found[0], severity=Severity.NOTE)


def _is_of_other_kind(one: Said, order: Order) -> bool:
    """Whether a number of drug is in units where the order is in mass, or the reverse."""
    kinds = {part.dimension for each in order.fields.values() for part in each.unit.parts}
    own = {each for each in kinds if each.startswith("drug_")}
    kind = one.quantity.unit.parts[0].dimension
    return bool(own) and kind.startswith("drug_") and kind not in own


def unread_frequency(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the hit of a frequency of a drug with known doses of which nobody knows how often it gives them."""
    knowledge = subject.knowledge
    agent = knowledge.bridging().antiplatelets.get(order.drug)
    is_infused = order.drug in knowledge.drugs or order.drug in knowledge.agent_facts().thrombolytics
    if order.frequency is None:
        return
    if not (is_infused or agent is not None):
        yield from _unknown_of_other(order)
        return
    if is_infused and (is_known_to_recur(order.frequency) or _runs_on(order)):
        return  # that a bolus or an infusion comes again is an error, however often it does
    if is_unknown(order.frequency) or _says_no_number(order, subject):
        if _is_second(order, subject):
            return
        message = (
            f"the frequency {quoted(order.frequency)} of {order.drug} is not known: how much is given was not judged"
        )
        yield Hit(message, (), order.at("frequency"), order.frequency, severity=Severity.WARNING)
    elif agent is not None and agent.maintenance is None and (times_daily(order.frequency) or 0) > 1:
        message = (
            f"{order.drug} {order.frequency}: no source held here states a dose of it more often than once a day, and "
            "how much is given a day was not judged"
        )
        yield Hit(message, agent.sources, order.at("frequency"), order.frequency, severity=Severity.WARNING)


def _unknown_of_other(order: Order) -> Iterator[Hit]:
    """Yield a note of an unknown frequency of a drug whose doses are not known: nothing judges how much is given."""
    if order.frequency is not None and is_unknown(order.frequency) and not _runs_on(order):
        message = f"the frequency {quoted(order.frequency)} of {order.drug} is not known: it was compared with nothing"
        yield Hit(message, (), order.at("frequency"), order.frequency, severity=Severity.NOTE)


def _is_second(order: Order, subject: Subject) -> bool:
    """Whether a frequency orders the second bolus, of a drug of which its sources give two."""
    drug = subject.knowledge.drugs.get(order.drug)
    return drug is not None and drug.boluses > 1 and _SECOND.fullmatch(order.frequency or "") is not None


_SECOND: Final = lazy_pattern(
    r"(?:repeat\w*|(?:and )?(?:a )?second (?:bolus|dose))(?: once)?(?: (?:after|in) [0-9]{1,2} ?min\w*)?", re.IGNORECASE
)
_SO_LONG: Final = lazy_pattern(
    r"\b(?:for|x) ?[0-9]|\bdays? [0-9]|\blife|\bindefinite|\blong|\buntil\b|\bmaintenance\b", re.IGNORECASE
)
"""How long a dose goes on: then it is that of every day."""


def _says_no_number(order: Order, subject: Subject) -> bool:
    """Whether a frequency says that a dose comes again, and not how often; as needed is mostly an error of its own."""
    frequency, drug_class = order.frequency or "", subject.knowledge.drug_class(order.drug)
    if drug_class in {DrugClass.P2Y12_IV, DrugClass.THROMBOLYTIC} and is_needed(frequency):
        return not is_local(order, subject)
    return recurs(frequency) and times_daily(frequency) is None and _SO_LONG.search(frequency) is None


def _runs_on(order: Order) -> bool:
    """Whether an infusion says of itself that it is one."""
    return order.given_as == "infusion" and _CONTINUOUS.search(order.frequency or "") is not None


_CONTINUOUS: Final = any_word(r"continu\w*", "ongoing", "infusion", "drip")
