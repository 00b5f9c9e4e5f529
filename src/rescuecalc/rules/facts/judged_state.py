"""How far an order can be judged: by a known dose, by its arithmetic alone, or not at all."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.order_ends import as_written
from rescuecalc.core.orders.text.frequency import is_known_to_recur
from rescuecalc.core.quantities.label_strength import strength
from rescuecalc.rules.base.memo import Shared
from rescuecalc.rules.facts.reference.unknown_drug import unknown_drug
from rescuecalc.rules.facts.volume_alone import states_dose, volume_alone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.rules.base.knowledge import Knowledge, Subject


_DOSES_IN_TEXT: Final = frozenset(
    ("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate", "pump_rate", "concentration", "max_dose", "max_dose_rate")
)
"""What a text may say of a dose; a volume or a weight in it is mostly of something else."""


class JudgedState(StrEnum):
    """How far an order can be judged.

    ``DOSE``: a dose of it can be compared with a protocol or a published range. ``FIELDS_ONLY``: the same, and a dose
    in its text could not be compared with it. ``ARITHMETIC``: its numbers can be compared with each other, and no limit
    is known for the drug. ``TEXT_ONLY``: its dose stands in a text alone.
    """

    DOSE = "dose"
    FIELDS_ONLY = "fields_only"
    ARITHMETIC = "arithmetic"
    TEXT_ONLY = "text_only"
    NOT_JUDGED = "not_judged"


class OrderState(NamedTuple):
    """The state of one order, and its drug.

    One that ``is_end`` is the other end of a range, and is not counted. ``pointer`` is where it stands.
    """

    state: JudgedState
    drug: str
    is_end: bool = False
    pointer: str = ""


_QUANTITIES: Final = frozenset(
    ("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate", "volume", "vtbi", "pump_rate", "volume_per_kg")
) | {"pump_rate_per_kg"}
"""The fields that say how much is given."""

_RATES: Final = frozenset(("dose_per_kg", "dose_rate_per_kg", "dose_rate", "pump_rate", "pump_rate_per_kg"))
"""The fields of an infusion that no container has."""

_DOSES: Final = {
    "bolus": ({"dose_per_kg"}, {"dose"}, {"volume", "concentration"}, {"volume_per_kg", "concentration"}),
    "infusion": (
        *({"dose_rate_per_kg"}, {"dose_rate"}, {"pump_rate", "concentration"}),
        {"pump_rate_per_kg", "concentration"},
    ),
}
"""By kind the fields which say a dose: that of a bolus is an amount, that of an infusion an amount per time."""

_OVER_TIME: Final = {
    "bolus": ({"dose_rate_per_kg"}, {"dose_rate"}, {"pump_rate", "concentration"}),
    "infusion": ({"dose_per_kg"}, {"dose"}, {"volume", "concentration"}, {"vtbi", "concentration"}),
}
"""By kind the fields which say a dose where a time is known."""


def judged_states(subject: Subject) -> tuple[OrderState, ...]:
    """Return the state of each order. It depends on what could be read and compared, and not on what is right."""
    return _STATES.of(subject)


def _states(subject: Subject) -> Iterator[OrderState]:
    orders = subject.order_set.orders
    states = [_state(order, subject) for order in orders]
    if any(order.of for order in orders):
        states = _of_ranges(orders, states)
    yield from (
        OrderState(state, order.drug, bool(order.of), order.pointer)
        for order, state in zip(orders, states, strict=True)
    )


_BEST: Final = (
    *(JudgedState.FIELDS_ONLY, JudgedState.DOSE, JudgedState.ARITHMETIC, JudgedState.TEXT_ONLY),
    JudgedState.NOT_JUDGED,
)
"""Which state an order has whose ends differ: the numbers beside a range are judged where the ends are."""


def _of_ranges(orders: tuple[Order, ...], states: list[JudgedState]) -> list[JudgedState]:
    ends: dict[str, list[JudgedState]] = {}
    for order, state in zip(orders, states, strict=True):
        ends.setdefault(_whole(order), []).append(state)
    best = {pointer: min(each, key=_BEST.index) for pointer, each in ends.items()}
    return [best[_whole(order)] for order in orders]


def _whole(order: Order) -> str:
    """Return the pointer of the order that this is, or is an end of."""
    return as_written(order.pointer) if "#" in order.pointer else order.of or order.pointer


_STATES: Final = Shared(_states)
"""The run counts them, and two rules ask for them."""


def _state(order: Order, subject: Subject) -> JudgedState:
    knowledge = subject.knowledge
    if order.kind not in {"bolus", "infusion"} and knowledge.has_published_range(order.drug):
        from rescuecalc.rules.facts.reference.administration import as_meant  # noqa: PLC0415  # of few orders

        order = as_meant(order, subject)  # whose dose may be what hangs there
    is_compared = _has_comparable_dose(order, knowledge) and not _is_for_else(order, subject)
    is_compared = is_compared and not is_per_kg_alone(order, subject)
    if is_compared and _has_no_dose_by_route(order, knowledge):
        return JudgedState.NOT_JUDGED
    if is_compared and _dose_follows(order, subject):
        return JudgedState.DOSE if _compares_text(order, subject) else JudgedState.FIELDS_ONLY
    return _state_without_dose(order, subject)


def _state_without_dose(order: Order, subject: Subject) -> JudgedState:
    """Return the state of an order of which no dose is compared with one that sources state."""
    knowledge = subject.knowledge
    if unknown_drug(order.drug, knowledge) is not None:
        return JudgedState.NOT_JUDGED  # RC112: whose limits it has is not known
    if (not knowledge.has_known_doses(order.drug) or _is_for_else(order, subject)) and (
        order.fields.keys() & _QUANTITIES
    ):
        if _is_lysis_dose(order, subject):
            return JudgedState.DOSE
        is_alone = not states_dose(order) and volume_alone(order, subject) is not None
        return JudgedState.NOT_JUDGED if is_alone else JudgedState.ARITHMETIC
    if "text" in order.texts and not order.texts.keys() & _QUANTITIES:
        return JudgedState.TEXT_ONLY
    return JudgedState.NOT_JUDGED


def _has_no_dose_by_route(order: Order, knowledge: Knowledge) -> bool:
    """Whether no source states what of a drug is given into an artery, as of abciximab."""
    if order.route != "IA" or order.given_as != "bolus" or not knowledge.is_gp_inhibitor(order.drug):
        return False
    from rescuecalc.rules.facts.reference.published_envelope import bolus_envelope  # noqa: PLC0415  # of few orders

    held = bolus_envelope(order.drug, order.route, knowledge)
    return not held.doses_per_kg and not held.doses


def _is_for_else(order: Order, subject: Subject) -> bool:
    """Whether no dose of an antiplatelet is held for what it is ordered for, or for as often as it is given."""
    agent = subject.knowledge.bridging().antiplatelets.get(order.drug)
    if agent is None or agent.infused:
        return False
    if agent.maintenance is None and is_known_to_recur(_frequency(order)):
        return True
    from rescuecalc.rules.facts.analgesic_use import analgesic_use  # noqa: PLC0415  # of few orders

    return bool(analgesic_use(order, subject))


def _frequency(order: Order) -> str | None:
    """Return how often an order is given, by its field or its text."""
    if order.frequency is not None or "text" not in order.texts:
        return order.frequency
    from rescuecalc.rules.facts.text.frequency_in_text import with_text_frequency  # noqa: PLC0415  # of few drugs

    return with_text_frequency(order).frequency


def _is_lysis_dose(order: Order, subject: Subject) -> bool:
    """Whether an order says how much of a thrombolytic is given, in a set where that is compared with its dose."""
    if subject.knowledge.drug_class(order.drug) is not DrugClass.THROMBOLYTIC:
        return False
    from rescuecalc.rules.facts.thrombolytic_parts import states_part  # noqa: PLC0415  # of few orders

    return states_part(order, subject)


def _dose_follows(order: Order, subject: Subject) -> bool:
    """Whether the dose of an infusion without a rate is none that only a container holds."""
    if order.given_as != "infusion" or not _RATES.isdisjoint(order.fields):
        return True
    from rescuecalc.rules.facts.dose_coverage import follows  # noqa: PLC0415  # of few orders

    return follows(order, subject)


def _compares_text(order: Order, subject: Subject) -> bool:
    """Whether each dose of an order's text was compared with its fields: most texts say the fields again."""
    if "text" not in order.texts:
        return True
    if order.skips_in_text():
        return False
    doses = [each for each in order.numbers_in_text() if each.field in _DOSES_IN_TEXT]
    if all(_repeats(each, order) for each in doses):
        return True
    from rescuecalc.rules.facts.dose_coverage import compares_all  # noqa: PLC0415  # of few orders with a text

    return compares_all(doses, order, subject)


def _repeats(each: Said, order: Order) -> bool:
    return each.least is None and not each.is_cap and order.fields.get(each.field) == each.quantity


def _has_comparable_dose(order: Order, knowledge: Knowledge) -> bool:
    """Whether a dose of a drug whose doses are known can be worked out, in mass."""
    if not knowledge.has_published_range(order.drug):
        return _is_oral_dose(order, knowledge) or _is_in_library(order, knowledge)
    kind, known = _kind(order), _known(order, knowledge)
    if _says(_DOSES.get(kind, ()), known):
        return True
    is_timed = order.lasts is not None or "give_over" in known
    return is_timed and _says(_OVER_TIME.get(kind, ()), known)


def _is_in_library(order: Order, knowledge: Knowledge) -> bool:
    """Whether the pump library, or the site's list, bounds an order that says a dose."""
    if knowledge.library is None or not _says(_DOSES.get(order.given_as, ()), set(order.fields)):
        return False
    from rescuecalc.rules.facts.order_model.pump_entries import has_dose_limit  # noqa: PLC0415  # of a run with a library alone

    return has_dose_limit(order, knowledge)


def is_per_kg_alone(order: Order, subject: Subject) -> bool:
    """Whether a dose can be compared with nothing but limits per kg of the pump library, and no weight is known."""
    if subject.knowledge.library is None or subject.knowledge.has_published_range(order.drug):
        return False
    from rescuecalc.rules.facts.order_model.pump_entries import lacks_weight  # noqa: PLC0415  # of a run with a library alone

    return lacks_weight(order, subject)


def _is_oral_dose(order: Order, knowledge: Knowledge) -> bool:
    """Whether an order says the dose of an antiplatelet whose loading or maintenance doses are known."""
    return "dose" in _in_mass(order) and knowledge.has_known_doses(order.drug)


def _kind(order: Order) -> str:
    """Return the kind of an order; a dose without kind and route is injected, as every drug with a range is."""
    is_dose = order.given_as in {"", "dose"} and not order.route and order.fields.keys() & {"dose", "dose_per_kg"}
    return "bolus" if is_dose else order.given_as


def _known(order: Order, knowledge: Knowledge) -> set[str]:
    """Return the fields in mass, among them the concentration of a product that states one and is given as it is."""
    known, product = _in_mass(order), order.texts.get("product")
    if (
        product is not None
        and "diluted_in" not in order.texts
        and (product in knowledge.products() or strength(product) is not None)
    ):
        known.add("concentration")
    return known


def _in_mass(order: Order) -> set[str]:
    """Return the fields that could be read, without those whose amount of drug is in units, mmol or mL."""
    dimensions = ((name, quantity.unit.parts[0].dimension) for name, quantity in order.fields.items())
    return {name for name, first in dimensions if first == "drug_mass" or not first.startswith("drug_")}


def _says(wanted: Iterable[set[str]], known: set[str]) -> bool:
    return any(each <= known for each in wanted)
