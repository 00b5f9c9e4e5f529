"""RC71x: what was not judged, and why; an order set that is right for one weight alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders import mention as of
from rescuecalc.core.orders.finding import Severity
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.dose_coverage import says_dose
from rescuecalc.rules.facts.judged_state import JudgedState, judged_states
from rescuecalc.rules.facts.model_wording import rounded
from rescuecalc.rules.facts.order_model import ORDERS
from rescuecalc.rules.facts.shared_weight import implied_weight
from rescuecalc.rules.facts.text_mentions import spoken
from rescuecalc.rules.facts.text_steps import steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.order_model import Judged

_DOSES: Final = ("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate", "volume", "pump_rate", "vtbi")
"""The fields that say how much is given."""


def _arithmetic_only(subject: Subject) -> Iterator[Hit]:
    states = judged_states(subject)
    drugs = {each.drug for each in states if each.state is JudgedState.ARITHMETIC and each.drug}
    for drug in sorted(drugs):
        yield Hit(f"no dose limit is known for {drug}: only the arithmetic of its orders was judged", ())


def _unjudged(subject: Subject) -> Iterator[Hit]:
    written = {each.order.pointer: each for each in ORDERS.of(subject)}
    states = judged_states(subject)
    for order, each in zip(subject.order_set.orders, states, strict=True):
        judged = written.get(order.pointer)
        if judged is not None and each.state is JudgedState.NOT_JUDGED and order.drug in subject.knowledge.drugs:
            yield from _unjudged_dose(order, judged)
        elif judged is not None and each.state is JudgedState.TEXT_ONLY and order.drug in subject.knowledge.drugs:
            yield from _unjudged_text(judged)
        elif judged is not None and order.drug not in subject.knowledge.drugs:
            for one in judged.built.left_out:
                message = f"the {one.place.replace('_', ' ')} {one.text} is in another kind of unit and was not judged"
                yield Hit(message, (), one.pointer, one.text, severity=Severity.NOTE)


def _unjudged_dose(order: Order, judged: Judged) -> Iterator[Hit]:
    """Yield the hit of a catalogue drug's order of which no dose could be worked out, though one was read."""
    held = next((each for each in judged.built.weak if each.variable in {of.DOSE, of.VOLUME}), None)
    if held is not None and judged.system.has(of.TIME) and not says_dose(judged):
        time = judged.system.of(of.TIME)[0]
        message = (
            f"the {held.place} {held.text} of {order.drug} may be what its container holds, and in {time.text} it is "
            "no published dose: without a rate no dose follows from it"
        )
        yield Hit(message, (), held.pointer, held.text)
        return
    named = [name for name in _DOSES if name in order.fields]
    if not named or judged.built.left_out or any(name in order.texts for name in _DOSES if name not in order.fields):
        return  # nothing is given, or another rule says already why it could not be read
    if judged.system.has(of.CONCENTRATION) or named[0] not in {"volume", "pump_rate", "vtbi"}:
        return
    field = named[0]
    message = (
        f"the {field.replace('_', ' ')} {order.texts[field]} of {order.drug} was not judged: without a concentration "
        "no dose follows from it"
    )
    yield Hit(message, (), order.at(field), order.texts[field])


def _unjudged_text(judged: Judged) -> Iterator[Hit]:
    """Yield the hit of a catalogue drug's order whose text alone says its dose, and none that can be compared."""
    given = [each for each in spoken(judged) if each.counts and each.said.field in _GIVEN_IN_TEXT]
    says_one = len({each.mention.variable for each in given}) == len(given)
    if (
        judged.order.coded
        or not given
        or not says_one
        or judged.found
        or says_dose(judged)
        or any(True for _ in steps(judged))
    ):
        return
    first = given[0].mention
    message = f"the text says {first.text} of {judged.order.drug}, and no dose that can be judged follows from it"
    yield Hit(message, (), first.pointer, first.text)


_GIVEN_IN_TEXT: Final = frozenset(("dose", "dose_rate", "pump_rate", "volume", "dose_per_kg", "dose_rate_per_kg"))


def _one_weight(subject: Subject) -> Iterator[Hit]:
    made = subject.order_set
    if not made.whole or made.weight is not None:
        return
    for judged in ORDERS.of(subject):
        order = judged.order
        if judged.found or order.weight_band is not None or any(each.name == "weight" for each in order.when):
            continue
        weight = implied_weight(judged)
        amount = next((name for name in ("dose", "dose_rate", "volume", "pump_rate") if name in order.fields), None)
        if weight is not None and amount is not None:
            text = order.texts[amount]
            message = (
                f"the {amount.replace('_', ' ')} {text} stands beside a dose per kg, and no patient, weight band or "
                f"condition is named: it is right at {rounded(weight.middle)} kg only"
            )
            yield Hit(message, (), order.at(amount), text)


_SET: Final = "{{order_set: Example, orders: [{{drug: tirofiban, route: IV, kind: bolus, {0}}}]}}"

RULES = (
    declared(
        "RC711",
        "arithmetic-only",
        Severity.NOTE,
        _arithmetic_only,
        "rescuecalc",
        checks="Drugs of which no dose limit is known: their orders are compared with themselves alone.",
        why="A clean result is no judgement of such a dose.",
        fails="{drug: heparin, route: IV, kind: infusion, dose_rate: 1000 units/h}",
        passes="{drug: tirofiban, route: IV, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min}",
        remedy="Know that the dose itself was not judged.",
        limits="Said once a drug and file.",
        of_set=True,
    ),
    declared(
        "RC712",
        "not-judged",
        Severity.ERROR,
        _unjudged,
        "rescuecalc",
        severities=(Severity.NOTE,),
        checks="An order of a drug whose doses are known of which no dose could be worked out; of other drugs a "
        "quantity in another kind of unit (a note).",
        why="A dose that no rule saw must not pass as judged.",
        fails="{drug: tirofiban, route: IV, kind: infusion, pump_rate: 14.4 mL/h}",
        passes="{drug: tirofiban, route: IV, kind: infusion, pump_rate: 14.4 mL/h, concentration: 50 mcg/mL}",
        remedy="Name the concentration or the product, or the dose.",
        limits="A quantity that cannot be read at all is an error of RC201 to RC203.",
        of_set=True,
    ),
    declared(
        "RC713",
        "fits-one-weight",
        Severity.WARNING,
        _one_weight,
        "rescuecalc",
        checks="A dose per kg beside an absolute dose, volume or rate in an order set without a patient, a weight band "
        "or a condition on the weight.",
        why="Used for the next patient, the absolute number is wrong.",
        fails=_SET.format("dose_per_kg: 10 mcg/kg, dose: 800 mcg"),
        passes=_SET.format("dose_per_kg: 10 mcg/kg"),
        remedy="Leave the absolute numbers out of the template, or name the patient or the weight band.",
        limits="Only where the numbers leave one weight.",
        of_set=True,
    ),
)
