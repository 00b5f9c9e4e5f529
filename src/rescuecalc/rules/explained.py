"""What explains an order that seems to contradict itself: it gives a part of a dose, or a source's cap or label row.

Of alteplase a tenth is a bolus and the rest an infusion; above 121 kg eptifibatide's label prints a row in place of the
formula. Neither is asked of an order that agrees as it stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.agreement import Reading, exact, written
from rescuecalc.core.field import read_field
from rescuecalc.core.quantity import Dose
from rescuecalc.rules.chain import Chain, contradictions, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from fractions import Fraction

    from rescuecalc.core.order import Order
    from rescuecalc.core.protocol import Cap
    from rescuecalc.core.quantity import DosePerKg, DoseRate, DoseRatePerKg
    from rescuecalc.rules.knowledge import Subject


def explained(order: Order, made: Chain, subject: Subject) -> Chain | None:
    """Return the chain under which the order agrees with itself, None where nothing explains it."""
    changed = (*_of_part(order, made, subject), *_of_caps(order, made, subject), *_of_text(order, made))
    return next((each for each in changed if not contradictions(each)), None)


def _of_part(order: Order, made: Chain, subject: Subject) -> Iterator[Chain]:
    """Yield the chain of an order that gives a part of a dose of which another order gives the rest."""
    dose, whole = made.readings.get("dose"), value("dose", made, derived=True)
    if dose is None or whole is None:
        return
    for other in subject.order_set.orders:
        rest = other.fields.get("dose")
        if rest is None or other.kind == order.kind or other.drug != order.drug:
            continue
        more = written(rest, subject.knowledge.limits)
        if (
            more.drug == dose.drug
            and dose.plus(more).agrees(whole)
            and other.fields.get("dose_per_kg") == order.fields["dose_per_kg"]
        ):
            yield made._replace(shares=(*made.shares, dose.value / whole.value))


_BOUND: Final = re.compile(
    r"\b(?:max(?:imum)?|not (?:to )?exceed|at most|up to)\.?(?: (?:total|daily|bolus))?(?: dose)?(?: of)? "
    r"(?P<amount>[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)? ?[a-zA-Z]+)(?![\w/])",
    re.IGNORECASE,
)


def _of_text(order: Order, made: Chain) -> Iterator[Chain]:
    """Yield the chain with the bound that the order's text states: a maximum that stands in no field."""
    for match in _BOUND.finditer(order.texts.get("text", "") if "max_dose" not in made.readings else ""):
        amount = read_field(match["amount"].replace(",", ""), Dose)
        if isinstance(amount, Dose):
            yield made._replace(readings={**made.readings, "max_dose": exact(amount)})


class _Row(NamedTuple):
    """The amount, or rate, that a source states in place of its formula: at which dose per kg, and from which weight.

    Without ``above`` it holds where the formula gives more.
    """

    amount: Reading
    per_kg: Reading
    above: Fraction | None


_FIELDS = {"bolus": ("dose", "dose_per_kg"), "infusion": ("dose_rate", "dose_rate_per_kg")}


def _of_caps(order: Order, made: Chain, subject: Subject) -> Iterator[Chain]:
    """Yield the chain with a source's cap, or its label's row, in place of what the formula gives."""
    name, per_kg = _FIELDS.get(order.given_as, ("", ""))
    formula, weight = value(name, made, derived=True) if name else None, made.readings.get("weight")
    if per_kg not in made.readings or formula is None or weight is None or order.drug not in subject.knowledge.drugs:
        return
    for row in _rows(order, subject):
        in_its_place = formula.value > row.amount.value or (row.above is not None and weight.value > row.above)
        said = made.readings.get(name, row.amount)
        if in_its_place and row.per_kg.agrees(made.readings[per_kg]) and said.agrees(row.amount):
            yield made._replace(row={name: row.amount})


def _rows(order: Order, subject: Subject) -> Iterator[_Row]:
    for protocol in subject.knowledge.protocols():
        if protocol.drug != order.drug:
            continue
        shares = subject.knowledge.factors(protocol, order.given_as)
        if order.given_as == "bolus":
            for bolus in protocol.boluses:
                yield from _of_step(bolus.cap, bolus.dose_per_kg, shares)
        else:
            for infusion in protocol.infusions:
                yield from _of_step(infusion.cap, infusion.dose_rate_per_kg, shares)


def _of_step(
    cap: Cap[Dose] | Cap[DoseRate] | None, per_kg: DosePerKg | DoseRatePerKg | None, shares: Iterable[Fraction]
) -> Iterator[_Row]:
    if cap is not None and per_kg is not None:
        above = exact(cap.row_above).value if cap.row_above is not None else None
        yield from (_Row(exact(cap.under(share)), exact(per_kg.times(share)), above) for share in shares)
