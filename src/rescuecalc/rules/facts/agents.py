"""Which drugs an order set holds, by their class: GP IIb/IIIa inhibitors, antiplatelets, thrombolytics."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.orders.prose import conditions
from rescuecalc.core.orders.text.clauses import ahead, clause_at
from rescuecalc.core.orders.text.denial import is_denied
from rescuecalc.core.orders.text.free_text import elsewhere
from rescuecalc.core.orders.text.text_words import NOT_GIVEN, PIECE
from rescuecalc.core.orders.text.vocabulary import CONDITIONS, PAST, any_word
from rescuecalc.core.quantities.quantity import Dose
from rescuecalc.rules.base.memo import Shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.bridging.antiplatelet import Antiplatelet
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.rules.base.knowledge import Subject

Agents = tuple[tuple["Order", "Antiplatelet"], ...]


def antiplatelet_orders(subject: Subject) -> Agents:
    """Return the orders of an antiplatelet of the catalogue; nothing is read where every order is of the infusion."""
    inhibits = subject.knowledge.is_gp_inhibitor
    others = [o for o in subject.order_set.orders if o.kind not in {"bolus", "infusion"} or not inhibits(o.drug)]
    known = subject.knowledge.bridging().antiplatelets if others else {}
    return tuple((order, known[order.drug]) for order in others if order.drug in known)


def says_no_dose(order: Order, subject: Subject) -> bool:
    """Whether the order of an antiplatelet with known doses has a text, and no field with a dose."""
    if "text" not in order.texts or not _NO_DOSE.isdisjoint({*order.texts, *order.fields}):
        return False
    agent = subject.knowledge.bridging().antiplatelets.get(order.drug)
    return agent is not None and not agent.infused and (agent.load is not None or agent.maintenance is not None)


def text_dose(order: Order, subject: Subject) -> Dose | None:
    """Return the one dose that the text of an antiplatelet's order says, where its fields say none."""
    if not says_no_dose(order, subject):
        return None
    text = order.texts["text"]
    numbers = (*order.numbers_in_text(), *elsewhere(text))
    doses = [each for each in numbers if each.field == "dose" and each.least is None and not each.is_cap]
    if any(each.field == "dose_rate" for each in numbers):
        return None  # "75 mg/day" is a dose too
    if len(doses) > 1 or any(_is_denied_or_past(each, text) for each in doses):
        doses = [
            each for each in doses if (each.given or each.times > 1 or _is_one_piece(each, text)) and not each.doubtful
        ]
    amounts = [
        each.quantity if each.times == 1 else replace(each.quantity, magnitude=each.quantity.magnitude * each.times)
        for each in doses
    ]
    masses = {base_value(each): each for each in amounts}  # "four 81 mg tablets (324 mg)" says one dose twice
    one = amounts[0] if len(masses) == 1 else None
    return one if isinstance(one, Dose) and one.is_mass() else None


def _is_denied_or_past(each: Said, text: str) -> bool:
    """Whether the only dose of a text is none that is ordered: else it is the order's, however it is introduced."""
    before = ahead(text, each.at)
    is_past = _PAST.search(before) is not None and _CONDITION.search(before) is None
    return is_past or is_denied(text, each.at, each.at + len(each.text))


_CONDITION: Final = any_word(CONDITIONS)
_PAST: Final = any_word(PAST)
"""Ahead of a dose: it was given. `continue home clopidogrel 75 mg` gives it."""


def _is_one_piece(each: Said, text: str) -> bool:
    """Whether a number is what a tablet holds of which no count is said: `81 mg EC tab every morning`."""
    begin, _ = clause_at(text, each.at)
    is_piece = PIECE.match(text, each.at + len(each.text)) is not None
    return is_piece and NOT_GIVEN.search(text, begin, each.at) is None


_NO_DOSE: Final = frozenset({"dose", "dose_per_kg", "dose_rate", "dose_rate_per_kg", "volume", "pump_rate", "vtbi"})


def of_class(subject: Subject, kind: DrugClass) -> list[Order]:
    """Return the orders of a class of drugs; no name is read where every order is of the set's own drug."""
    orders, knowledge = subject.order_set.orders, subject.knowledge
    if kind is DrugClass.GP_IIB_IIIA:
        return [order for order in orders if knowledge.is_gp_inhibitor(order.drug)]
    named = told(subject) if kind in _IN_TEXT else []
    own = subject.order_set.drug
    if not named and all(order.drug == own for order in orders):
        return list(orders) if own and knowledge.drug_class(own) is kind else []
    return [order for order in (*orders, *named) if knowledge.drug_class(order.drug) is kind]


_IN_TEXT: Final = frozenset(
    (DrugClass.ANTICOAGULANT, DrugClass.NSAID, DrugClass.SECOND_AGENT, DrugClass.PROTON_PUMP_INHIBITOR)
)
"""Classes of which a text that gives one counts like an order."""


def told(subject: Subject, *, also_if: bool = False, instead: bool = True) -> list[Order]:
    """Return the drugs that only a text gives; nothing is read without texts.

    ``also_if`` those under a condition too, without ``instead`` none to which a text switches.
    """
    made = subject.order_set
    has_text = made.monitoring or "indication" in made.texts or any("text" in each.texts for each in made.orders)
    if not has_text and not any(conditions(made)):
        return []
    from rescuecalc.rules.facts.text.named_in_text import named_in_text  # noqa: PLC0415  # of a set with texts alone

    named = named_in_text.of(subject)
    reacted = _reacted(subject) if named else frozenset()
    return [
        each.order
        for each in named
        if (also_if or not each.is_conditional)
        and (instead or not each.is_instead)
        and (each.order.pointer, each.order.drug) not in reacted
    ]


def _reacted(subject: Subject) -> frozenset[tuple[str, str]]:
    """Return the inhibitors of which a text says how the patient bore them, each with where: none is ordered there."""
    from rescuecalc.rules.facts.text.patient_in_text import PRIOR, in_text  # noqa: PLC0415  # of a set with texts alone

    return frozenset((each.pointer, each.written) for each in in_text.of(subject) if each.field == PRIOR)


def infused(subject: Subject) -> tuple[Order, ...]:
    """Return the boluses and infusions of a GP IIb/IIIa inhibitor, of each order set found once."""
    return _INFUSED.of(subject)


def _injected(orders: Iterable[Order]) -> Iterator[Order]:
    return (order for order in orders if order.given_as in {"bolus", "infusion"})


_INFUSED: Final = Shared(lambda subject: _injected(of_class(subject, DrugClass.GP_IIB_IIIA)))


def inhibitors(subject: Subject) -> tuple[Order, ...]:
    """Return the boluses and infusions of every intravenous inhibitor of platelets: cangrelor's too."""
    return _INHIBITORS.of(subject)


def _of_vein(subject: Subject) -> Iterator[Order]:
    known = subject.knowledge.is_iv_inhibitor
    return _injected(order for order in subject.order_set.orders if known(order.drug))


_INHIBITORS: Final = Shared(_of_vein)
