"""Which entries of a pump library an order may be given by: its drug, care area, conditions and concentration."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.library.limits import HARD_MAX, HARD_MIN, PER_KG
from rescuecalc.core.library.pump_library import BOLUS, DOSE, STRENGTH
from rescuecalc.core.orders.condition_interval import Interval, covered
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value, in_unit_of, last_place
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Concentration
from rescuecalc.core.regimen.product import ProductUse
from rescuecalc.rules.facts.reference.held_entries import held_entries
from rescuecalc.rules.facts.reference.product_label import label_of, product_concentration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rescuecalc.core.library.limits import Limit, LimitSet
    from rescuecalc.core.library.pump_library import Area, Entry, LibraryUse
    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.order import Order, OrderSet
    from rescuecalc.core.regimen.product import Product
    from rescuecalc.rules.base.knowledge import Knowledge, Subject
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder
    from rescuecalc.rules.facts.reference.held_entries import EquivalentEntries, HeldEntries

_UNITS: Final = {"creatinine_clearance": "mL/min", "weight": "kg"}

BY_PUMP: Final = "pump"
BY_HAND: Final = "hand"
UNKNOWN: Final = ""


class Fitting(NamedTuple):
    """The entries of an order's drug, and what each further question leaves of them.

    ``area`` are those of the care area, ``condition`` of them those for the patient, ``strength`` of those the
    concentration's; of the last two the first of each by which the pump does the same. ``unread`` could not be read
    and are in none of them.
    """

    drug: tuple[Entry, ...]
    unread: tuple[Entry, ...]
    area: tuple[Entry, ...]
    condition: tuple[Entry, ...]
    strength: tuple[Entry, ...]


def area_of(order_set: OrderSet, use: LibraryUse) -> Area | None:
    """Return the care area that counts: the typed one, else the order set's; None where none is known."""
    if use.area is not None:
        return use.area
    text = order_set.texts.get("care_area")
    return use.library.area(text) if text else None


def knowledge_in_area(knowledge: Knowledge, order_set: OrderSet) -> Knowledge:
    """Return what rules may know of an order set in its care area: the pump's limits there, in place of the usual."""
    use = knowledge.library
    if use is None:
        return knowledge
    area = area_of(order_set, use)
    use = use._replace(is_of_set=use.area is None)
    return knowledge.once(
        ("care area", area.name if area is not None else ""), lambda: in_care_area(knowledge, use, area)
    )


def use_of_order(order: Order, use: LibraryUse) -> LibraryUse:
    """Return the library in the care area that an order names itself: it counts before that of its order set."""
    text = order.texts.get("care_area")
    return use._replace(area=use.library.area(text)) if text and use.is_of_set else use


def in_care_area(knowledge: Knowledge, use: LibraryUse, area: Area | None) -> Knowledge:
    """Return what rules may know with the pump's limits of a library's care area; None: of any."""
    library = use.library
    limits = knowledge.limits._replace(
        pump_rate=library.most_rate(area) or knowledge.limits.pump_rate,
        pump_step=library.rate_step or knowledge.limits.pump_step,
    )
    # What was worked out for another area may rest on its pump.
    return knowledge._replace(limits=limits, library=use._replace(area=area), derived={})


def fitting(order: Order, subject: Subject, use: LibraryUse, strength: Mention | None) -> Fitting:
    """Return the entries that an order may be given by; of what is not known all stay."""
    held = held_entries(order.drug, use.area, subject.knowledge)
    patients = _groups_for(held, order, subject)
    is_pump = use.library.is_pump
    strong = [each for each in patients if not is_pump or strength is None or _is_of(each.first, strength)]
    return Fitting(held.every, held.unread, held.in_area, held.distinct(patients), held.distinct(strong))


def _groups_for(held: HeldEntries, order: Order, subject: Subject) -> tuple[EquivalentEntries, ...]:
    """Return the groups of entries for the patient: all entries of one are under the same conditions."""
    chosen = {each.number for each in for_patient(tuple(each.first for each in held.groups), order, subject)}
    return tuple(each for each in held.groups if each.first.number in chosen)


def for_patient(entries: tuple[Entry, ...], order: Order, subject: Subject) -> tuple[Entry, ...]:
    """Return the entries for the patient; one under a condition that is met stands before those without it."""
    if not any(each.conditions for each in entries):
        return entries
    found = Candidates(entries, order, subject)
    return found.under(conditions_needed(found))


class Candidates:
    """Entries whose conditions the patient of an order meets, or may meet."""

    def __init__(self, entries: Iterable[Entry], order: Order, subject: Subject) -> None:
        known = {name: _known(name, order, subject) for name in _UNITS}
        met = ((each, _met(each, known)) for each in entries)
        self._left = [(each, names) for each, names in met if names is not None]
        self._under: dict[frozenset[str], tuple[Entry, ...]] = {}
        self._meets: dict[tuple[str, frozenset[str]], bool] = {}

    def under(self, names: frozenset[str]) -> tuple[Entry, ...]:
        """Return the entries that have a condition of each of these names."""
        if names not in self._under:
            self._under[names] = tuple(each for each, _ in self._left if _has(each, names))
        return self._under[names]

    def meets(self, name: str, names: frozenset[str]) -> bool:
        """Whether of the entries under ``names`` the patient for certain meets the condition ``name`` of one."""
        if (name, names) not in self._meets:
            self._meets[name, names] = any(name in met for each, met in self._left if _has(each, names))
        return self._meets[name, names]


def _has(entry: Entry, names: frozenset[str]) -> bool:
    return not names or names <= {each.name for each in entry.conditions}


def conditions_needed(*groups: Candidates) -> frozenset[str]:
    """Return the conditions that an entry has to have, since one of an entry is met for certain."""
    names = frozenset[str]()
    for name in _UNITS:
        if any(each.meets(name, names) for each in groups):
            names |= {name}
    return names


def _known(name: str, order: Order, subject: Subject) -> Interval | None:
    """Return what is known of a patient's clearance or weight: the number, else what the order is for."""
    made = subject.order_set
    value = made.clearance if name == "creatinine_clearance" else made.weight
    if value is not None:
        number = value.value_in(_UNITS[name])
        return Interval(number, with_low=True, high=number, with_high=True)
    if name == "weight" and order.weight_band is not None:
        low, high = (end.value_in("kg") for end in order.weight_band)
        return Interval(low, with_low=True, high=high, with_high=True)
    condition = next((each for each in order.when if each.name == name), None)
    return covered(condition, _UNITS[name]) if condition is not None else None


def _met(entry: Entry, known: dict[str, Interval | None]) -> frozenset[str] | None:
    """Return the conditions of an entry that are met for certain; None where one of them is not met."""
    found = set()
    for each in entry.conditions:
        patient = known.get(each.name)
        if patient is None:
            continue
        needed = covered(each, _UNITS[each.name])
        both = patient.meet(needed)
        if both.is_empty:
            return None
        if both == patient:
            found.add(each.name)
    return frozenset(found)


def _is_of(entry: Entry, strength: Mention) -> bool:
    """Whether an entry is of an order's concentration: its own, or one that is typed in, within the hard limits."""
    if entry.concentration is not None:
        value, kind = base_value(entry.concentration)
        if kind != strength.kind or value == strength.value:
            return kind == strength.kind
        # 10 mg in 300 mL is a concentration that no decimal says: 0.0333 mg/mL is as near as one comes.
        number = in_unit_of(value, strength.quantity)
        return _is_endless(number.denominator) and abs(value - strength.value) <= _half_digit(strength)
    limits = entry.limits.get(STRENGTH)
    if limits is None:
        return True
    passed = limits.passed(strength.value) if limits.kind == strength.kind else next(limits.in_order(), None)
    return passed is None or not passed.is_hard


def _is_endless(denominator: int) -> bool:
    """Whether a fraction with this denominator has no last decimal."""
    return (10**_DECIMALS) % denominator != 0


_DECIMALS: Final = 9


def _half_digit(strength: Mention) -> Fraction:
    """Return half of the last digit of a concentration as it is written, in base units."""
    one = strength.value / strength.quantity.magnitude
    return one * Fraction(10) ** last_place(strength.text) / 2


def strength_of(judged: SolvedOrder) -> Mention | None:
    """Return the concentration that an order says, None where it says none."""
    return judged.system.first(of.CONCENTRATION)


def soft_strength(entry: Entry, strength: Mention | None) -> Limit | None:
    """Return the soft limit of a typed-in concentration that an order's passes; a hard one makes it another entry's."""
    limits = entry.limits.get(STRENGTH)
    if entry.concentration is not None or limits is None or strength is None:
        return None
    end = limits.passed(strength.value)
    return None if end is None or end.is_hard else end


def given_by(order: Order, subject: Subject, volume: Fraction | None) -> str:
    """Return what gives an order: BY_PUMP, BY_HAND, or UNKNOWN; an infusion runs by pump."""
    if order.given_as == "infusion" or "pump_rate" in order.fields:
        return BY_PUMP
    product = order.texts.get("product")
    known = subject.knowledge.products().get(product) if product is not None else None
    own = (known,) if known is not None else _equivalent(order, subject)
    ways = {bool(each.serves & {ProductUse.PUMP}) for each in own if each.serves - {ProductUse.INFUSION}}
    if len(ways) == 1:
        return BY_PUMP if ways == {True} else BY_HAND
    syringe = subject.knowledge.tuning().syringe
    label = label_of(order, subject)
    held = label.volume.value_in("mL") if label is not None else None
    if (volume is not None and volume > syringe) or (held is not None and held > syringe):
        return BY_PUMP
    return BY_HAND if is_told_by_hand(order) else UNKNOWN


def is_told_by_hand(order: Order) -> bool:
    """Whether the words of a bolus say that it is pushed, or drawn up out of a vial, and name no pump."""
    words = "; ".join(order.texts.get(name, "") for name in ("route", "text"))
    if _PUMP_WORDS.search(words) is not None:
        return False
    return _HAND_WORDS.search(words) is not None or _VIAL.search(order.texts.get("product", "")) is not None


_PUMP_WORDS: Final = lazy_pattern(r"\b(?:pump|perfusor|infusomat|smart ?bolus|syringe driver)", re.IGNORECASE)
_HAND_WORDS: Final = lazy_pattern(
    r"(?<!no )(?<!not )(?<!never )\b(?:by hand|manually|(?:IV|slow|hand|manual)[ -]?push(?:ed)?|IVP|pushed|"
    r"(?:by|with|in|from)(?: an?| the)? (?:[0-9]{1,3} ?mL )?syringe)\b",
    re.IGNORECASE,
)
_VIAL: Final = lazy_pattern(r"\b(?:vial|ampoule|ampule|amp|(?:pre-?filled )?syringe)s?\b", re.IGNORECASE)


def _equivalent(order: Order, subject: Subject) -> tuple[Product, ...]:
    strength = order.quantity("concentration", Concentration) or product_concentration(order, subject)
    if strength is None or not strength.is_mass():
        return ()
    return tuple(each for each in subject.knowledge.products_of(order.drug) if each.concentration.equals(strength))


def hard_limits(order: Order, subject: Subject) -> tuple[LimitSet, ...]:
    """Return the dose limits of the entries that an order may be given by, none where one has no hard limit."""
    use = subject.knowledge.library
    name = {"infusion": DOSE, "bolus": BOLUS}.get(order.given_as)
    if use is None or name is None:
        return ()
    held = held_entries(order.drug, use_of_order(order, use).area, subject.knowledge)
    found = [each.limits.get(name) for each in held.distinct(_groups_for(held, order, subject))]
    kept = [each for each in found if each is not None and {HARD_MIN, HARD_MAX} & each.ends.keys()]
    return tuple(kept) if len(kept) == len(found) else ()


def lets_run(limits: LimitSet, known: Mapping[str, Bounds]) -> bool:
    """Whether a dose that is known so far may lie within hard limits."""
    dose, least, most = known.get(limits.variable), limits.get(HARD_MIN), limits.get(HARD_MAX)
    if dose is None:
        return True
    is_above = most is not None and dose.low > most.value
    return not is_above and not (least is not None and dose.high is not None and dose.high < least.value)


def has_dose_limit(order: Order, knowledge: Knowledge) -> bool:
    """Whether the pump library bounds the dose of an order that says one."""
    return any(_dose_limits(order, knowledge))


def lacks_weight(order: Order, subject: Subject) -> bool:
    """Whether the pump library bounds the dose of an order per kg alone, and nothing says for which weight it is."""
    weights = (subject.order_set.weight, order.weight_band, *(each for each in order.when if each.name == "weight"))
    if any(weights) or any(name.endswith("per_kg") for name in order.fields):
        return False
    limits = tuple(_dose_limits(order, subject.knowledge))
    return bool(limits) and all(each.variable in PER_KG for each in limits)


def _dose_limits(order: Order, knowledge: Knowledge) -> Iterator[LimitSet]:
    use, name = knowledge.library, DOSE if order.given_as == "infusion" else BOLUS
    for each in use.library.entries_of(order.drug) if use is not None else ():
        if not each.defects and name in each.limits and each.limits[name].has_any:
            yield each.limits[name]
