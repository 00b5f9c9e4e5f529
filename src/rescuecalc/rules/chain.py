"""The chain from dose to pump: which field follows from which, and which one of an order is out of line.

A bolus: dose = dose per kg × weight, volume = dose ÷ concentration. An infusion: dose rate = dose rate per kg × weight,
pump rate = dose rate ÷ concentration, VTBI = pump rate × run time. What is not written is passed over: without a dose
rate the pump rate is held against dose rate per kg × weight ÷ concentration.
"""

from __future__ import annotations

import re
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.agreement import Reading, band, exact, reading, written
from rescuecalc.core.product import Given
from rescuecalc.core.strength import Strength, strength
from rescuecalc.rules.shared import Shared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.core.order import Order
    from rescuecalc.core.product import Product
    from rescuecalc.rules.knowledge import Subject


class Step(NamedTuple):
    """``target`` = product of ``factors`` ÷ ``divisor``."""

    target: str
    factors: tuple[str, ...]
    divisor: str | None


STEPS: Final = (
    Step("dose", ("dose_per_kg", "weight"), None),
    Step("volume", ("dose",), "concentration"),
    Step("dose_rate", ("dose_rate_per_kg", "weight"), None),
    Step("pump_rate", ("dose_rate",), "concentration"),
    Step("vtbi", ("pump_rate", "run_time"), None),
)
_BY_TARGET: Final = {step.target: step for step in STEPS}
_CAPS: Final = {"dose": "max_dose", "dose_rate": "max_dose_rate"}

# Of several that would explain it, the one that reaches the patient is named: what a pump or a nurse is given.
SUSPECTS: Final = (
    *("vtbi", "pump_rate", "volume", "dose_rate", "dose"),
    *("concentration", "run_time", "dose_rate_per_kg", "dose_per_kg"),
)


class Chain(NamedTuple):
    """The readings of one order by field; ``wholes`` are container volumes that a VTBI may be, ``shares`` per cents.

    ``own`` is that of the order's own product: what hangs there, whether or not another one follows.
    ``lasting`` is how long it runs where no run time is written; ``row`` what a source states itself, in
    place of a formula.
    """

    readings: Mapping[str, Reading]
    label: Reading | None
    wholes: tuple[Reading, ...]
    shares: tuple[Fraction, ...]
    lasting: Reading | None = None
    row: Mapping[str, Reading] = MappingProxyType({})
    own: Reading | None = None


def label_of(order: Order, subject: Subject) -> Strength | Product | None:
    """Return the strength of the order's product: of the catalogue, or of the label text that is written."""
    text = order.texts.get("product")
    if text is None:
        return None
    known, label = subject.knowledge.products().get(text), strength(text)
    if known is not None or label is None or order.drug not in subject.knowledge.drugs:
        return known or label
    return next((each for each in _diluted_first(order.drug, subject) if is_of(each, label)), label)


def _diluted_first(drug: str, subject: Subject) -> tuple[Product, ...]:
    """Return the products of a drug that are diluted before they are given, worked out once."""
    products = subject.knowledge.products_of
    return subject.knowledge.once(
        ("diluted first", drug), lambda: tuple(each for each in products(drug) if each.diluted_as is not None)
    )


def is_of(product: Product, label: Strength) -> bool:
    """Whether a label says the amount and the volume of a product."""
    return exact(product.amount).agrees(exact(label.amount)) and exact(product.volume).agrees(exact(label.volume))


def chain(order: Order, subject: Subject) -> Chain:
    """Return what is written of an order as readings."""
    limits = subject.knowledge.limits
    readings = {name: written(quantity, limits) for name, quantity in order.fields.items()}
    weight = subject.order_set.weight
    if order.weight_band is not None:
        readings["weight"] = band(order.weight_band)
    elif weight is not None:
        readings["weight"] = exact(weight)
    label, concentration = label_of(order, subject), None
    if label is not None and "diluted_in" not in order.texts:
        concentration = _as_given(order, label, subject)
    wholes, shares = _wholes(order, label, subject), _shares(order.texts.get("text", ""))
    lasts = order.lasts if "run_time" not in readings else None
    own = exact(label.volume) if label is not None else None
    return Chain(readings, concentration, wholes, shares, exact(lasts) if lasts is not None else None, own=own)


def _as_given(order: Order, label: Strength | Product, subject: Subject) -> Reading | None:
    """Return the concentration that a label stands for; what is diluted first is given as diluted, or as it says."""
    diluted = getattr(label, "diluted_as", None)
    # A coded strength is that of what hangs on the pump; a label's text names what it was made of.
    if diluted is None or order.coded:
        return exact(label.amount).over(exact(label.volume))
    return None if "concentration" in order.texts else exact(subject.knowledge.products()[diluted].concentration)


def _wholes(order: Order, label: Strength | Product | None, subject: Subject) -> tuple[Reading, ...]:
    """Return the container volumes that a VTBI may be: the label's, and those of the drug's products for infusion."""
    knowledge = subject.knowledge
    of_drug: tuple[Reading, ...] = ()
    if order.drug in knowledge.drugs:
        of_drug = knowledge.once(
            ("container volumes", order.drug),
            lambda: tuple(
                exact(each.volume) for each in knowledge.products_of(order.drug) if Given.INFUSION in each.serves
            ),
        )
    return (exact(label.volume), *of_drug) if label is not None else of_drug


_PERCENT: Final = re.compile(r"(?<![0-9.,])([0-9]{1,2}) ?(?:%|per ?cent)", re.ASCII)


def _shares(text: str) -> tuple[Fraction, ...]:
    """Return the shares that the order's own text speaks of, and what they leave: alteplase's bolus is 10 %."""
    if "%" not in text and "cent" not in text:
        return ()
    shares = [Fraction(int(percent), 100) for percent in _PERCENT.findall(text)]
    return tuple(each for share in shares if 0 < share < 1 for each in (share, 1 - share))


def value(name: str, made: Chain, without: tuple[str, ...] = (), *, derived: bool = False) -> Reading | None:
    """Return a field's reading as written, else as it follows from the others; ``derived`` passes over the written."""
    if not derived and name not in without and name in made.readings:
        return made.readings[name]
    if name in made.row:
        return made.row[name]  # a source states the amount itself, in place of its formula
    step = _BY_TARGET.get(name)
    if step is None:
        # A product that is named says its concentration, start and stop say a run time, where the order does not.
        other = {"concentration": made.label, "run_time": made.lasting}
        return other.get(name) if name not in made.readings else None
    result: Reading | None = None
    for factor in step.factors:
        part = value(factor, made, without)
        result = part if result is None or part is None else result.times(part)
        if part is None:
            return None
    if step.divisor is not None and result is not None:
        divisor = value(step.divisor, made, without)
        result = result.over(divisor) if divisor is not None else None
    return _capped(name, result, made) if result is not None else None


def _capped(name: str, result: Reading, made: Chain) -> Reading:
    cap = made.readings.get(_CAPS.get(name, ""))
    return cap if cap is not None and cap.drug == result.drug and result.value > cap.value else result


class Contradiction(NamedTuple):
    """``target`` is written as ``found`` and follows from the others as ``expected``."""

    target: str
    found: Reading
    expected: Reading


def contradictions(made: Chain, without: tuple[str, ...] = ()) -> tuple[Contradiction, ...]:
    """Return every field that does not follow from the others; ``without`` is taken as not written."""
    found = []
    for step in STEPS:
        if step.target in without or step.target not in made.readings:
            continue
        for passed in _ways(step, made, without):
            expected = value(step.target, made, passed, derived=True)
            if expected is not None and not _follows(step.target, made, expected, passed, without):
                found.append(Contradiction(step.target, made.readings[step.target], expected))
                break
    if made.label is not None and "concentration" in made.readings and "concentration" not in without:
        reading = made.readings["concentration"]
        if not reading.agrees(made.label):
            found.append(Contradiction("concentration", reading, made.label))
    return tuple(found)


def _ways(step: Step, made: Chain, without: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield what is passed over: nothing, and the field before, which may be written more roughly."""
    yield without
    before = step.factors[0]
    if before in _BY_TARGET and before in made.readings and before not in without:
        yield (*without, before)


def _follows(target: str, made: Chain, expected: Reading, passed: tuple[str, ...], without: tuple[str, ...]) -> bool:
    written_as = made.readings[target]
    if written_as.drug != expected.drug:
        return True  # measured in another kind: nothing can be held against the other
    if written_as.agrees(expected) or any(written_as.agrees(expected, share) for share in made.shares):
        return True
    if target != "vtbi":
        return False
    if made.own is not None and written_as.agrees(made.own):
        return True  # that another container follows, or that some is left in this one, is RC708's matter
    if any(written_as.agrees(whole) and expected.low <= whole.value for whole in made.wholes):
        return True
    # The set rate where only it is passed over, else the exact one; one that is taken as not written is neither.
    is_set = "pump_rate" in passed and "pump_rate" not in without
    rate = made.readings.get("pump_rate") if is_set else value("pump_rate", made, (*passed, "pump_rate"))
    time = value("run_time", made, passed)
    return rate is not None and time is not None and written_as.agrees(rate.times(time) or expected)


class Blamed(NamedTuple):
    """The field that is out of line, as it is written, and as it would follow from the others."""

    field: str
    found: Reading
    expected: Reading
    target: str


def blamed(made: Chain) -> tuple[Blamed, ...]:
    """Return the one field without which everything agrees; where no single one explains it, each that does not follow.

    >>> blamed(Chain({}, None, (), ()))
    ()
    """
    all_of = contradictions(made)
    if not all_of:
        return ()
    for name in SUSPECTS:
        if name in made.readings and not contradictions(made, (name,)):
            return (_expected(name, made, all_of),)
    return tuple(Blamed(each.target, each.found, each.expected, each.target) for each in all_of)


def _expected(name: str, made: Chain, all_of: tuple[Contradiction, ...]) -> Blamed:
    found = made.readings[name]
    if name == "concentration" and made.label is not None and made.label.drug == found.drug:
        return Blamed(name, found, made.label, name)
    if name in _BY_TARGET:
        derived = value(name, made, derived=True)
        if derived is not None and not found.agrees(derived):
            return Blamed(name, found, derived, name)
    worst = all_of[-1]
    one = Fraction(1)
    ratio = worst.found.over(worst.expected) or reading(one, one, one, "")
    # In every formula the concentration alone divides: a volume too large is a concentration too small.
    expected = found.over(ratio) if name == "concentration" else found.times(ratio)
    return Blamed(name, found, expected or found, worst.target)


class Judged(NamedTuple):
    """An order that was written, its chain, and the fields of it that are out of line."""

    order: Order
    chain: Chain
    blamed: tuple[Blamed, ...]


def _judged(subject: Subject) -> Iterator[Judged]:
    for order in subject.written:  # what was calculated here has no text, and agrees by construction
        made = chain(order, subject)
        yield _explained(order, made, subject) if contradictions(made) else Judged(order, made, ())


def _explained(order: Order, made: Chain, subject: Subject) -> Judged:
    from rescuecalc.rules.explained import explained  # noqa: PLC0415  # of an order that seems to contradict itself

    made = explained(order, made, subject) or made
    return Judged(order, made, _of_sources(order, made, subject) or blamed(made))


_PER_KG: Final = {"infusion": "dose_rate_per_kg", "bolus": "dose_per_kg"}


def _of_sources(order: Order, made: Chain, subject: Subject) -> tuple[Blamed, ...]:
    """Return the dose per kg where that explains everything, no source uses it, and some source the one that follows.

    What is set on the pump is right then: to blame it would send a reader to a sixtieth of the dose.
    """
    name, all_of = _PER_KG.get(order.given_as, ""), contradictions(made)
    if name not in made.readings or order.drug not in subject.knowledge.drugs or not all_of:
        return ()
    if contradictions(made, (name,)):
        return ()
    from rescuecalc.rules.envelope import bolus_envelope, infusion_envelope  # noqa: PLC0415  # of a contradiction alone

    ranges: list[tuple[Reading, Reading]] = []
    if order.given_as == "infusion":
        rates = infusion_envelope(order.drug, subject.knowledge)
        spans = rates.spans(order.lasts, load=order.load) if rates is not None else ()
        ranges = [(exact(span.low), exact(span.high)) for span in spans]
    else:
        doses = bolus_envelope(order.drug, order.route, subject.knowledge).per_kg
        ranges = [(exact(doses.low), exact(doses.high))] if doses is not None else []
    each = _expected(name, made, all_of)
    held_by = [reading(low.value, low.value, high.value, low.drug) for low, high in ranges]
    outside = not any(each.found.agrees(one) for one in held_by)
    return (each,) if outside and any(each.expected.agrees(one) for one in held_by) else ()


CHAINS: Final = Shared(_judged)
"""The orders of a subject that were written: the rules about what agrees with what all need them."""


def _by_order(subject: Subject) -> Iterator[Mapping[int, Judged]]:
    yield {id(each.order): each for each in CHAINS.of(subject)}  # that keeps each order, and so its number


_BY_ORDER: Final = Shared(_by_order)


def judged_of(order: Order, subject: Subject) -> Judged | None:
    """Return what `CHAINS` holds of one order of the subject, None of one that was not written."""
    (known,) = _BY_ORDER.of(subject)
    return known.get(id(order))


def chain_of(order: Order, subject: Subject) -> Chain:
    """Return the chain of one order of the subject."""
    known = judged_of(order, subject)
    return known.chain if known is not None else chain(order, subject)
