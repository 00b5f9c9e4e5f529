"""The rows of a label's weight-band table that an order sets: each is rounded for its band, and says for whom it is."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rescuecalc.core.orders.bounds import between, point
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.quantities.quantity import PumpRate
from rescuecalc.rules.facts.reference.renal_share import factors_due

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.core.regimen.protocol import BandRow, Protocol
    from rescuecalc.rules.base.knowledge import Subject


def rows_set(order: Order, protocol: Protocol) -> Iterator[BandRow]:
    """Yield the rows of a protocol's table whose volume or pump rate an order sets, in full or halved."""
    table = protocol.label_band
    volume, rate = order.fields.get("volume"), order.fields.get("pump_rate")
    if table is None or (volume is None and rate is None):
        return
    if "concentration" in order.fields and not order.fields["concentration"].equals(table.concentration):
        return
    for row in table.rows:
        settings = (row.full, row.halved)
        volumes = [each.bolus_volume for each in settings]
        rates = [each.rate(role) for each in settings for role in ("load", "maintenance")]
        if _is_one_of(volume, volumes) or _is_one_of(rate, rates):
            yield row


def _is_one_of(quantity: Quantity | None, settings: Iterable[Quantity | None]) -> bool:
    return quantity is not None and any(each and base_value(quantity) == base_value(each) for each in settings)


def row_weights(order: Order, protocol: Protocol) -> tuple[Fraction, Fraction] | None:
    """Return from which to which weight (kg) the rows are that an order sets; None where it sets none."""
    ends = [base_value(end)[0] for row in rows_set(order, protocol) for end in (row.low, row.high)]
    return (min(ends), max(ends)) if ends else None


def is_a_labels_row(order: Order, protocols: Iterable[Protocol]) -> bool:
    """Whether an order sets, for just the weights of a label's row, what the row says: that names its source."""
    band = order.weight_band
    if band is None:
        return False
    ends = base_value(band.low), base_value(band.high)
    return any(
        ends == (base_value(row.low), base_value(row.high))
        for protocol in protocols
        if protocol.drug == order.drug
        for row in rows_set(order, protocol)
    )


def labels_rows(drug: str, protocols: Iterable[Protocol]) -> Iterator[BandRow]:
    """Yield the rows of the weight-band tables that labels of a drug print."""
    for protocol in protocols:
        if protocol.drug == drug and protocol.label_band is not None:
            yield from protocol.label_band.rows


def sets_label_row(order: Order, known: Mapping[str, Bounds], protocol: Protocol, subject: Subject) -> bool:
    """Whether an order sets what a label's weight-band table has for the patient's weight, or of none that is known."""
    weight, volume, rate = subject.order_set.weight, order.fields.get("volume"), order.fields.get("pump_rate")
    table = protocol.label_band
    if table is None:
        return False
    row = table.row(weight) if weight is not None else None
    due = factors_due(order, protocol, subject)
    role = "load" if order.load else "maintenance"
    for each in rows_set(order, protocol) if weight is None else () if row is None else (row,):
        shares = ((each.full, Fraction(1)), (each.halved, Fraction(1, 2)))
        settings = [setting for setting, share in shares if share in due]
        sets_volume = _is_one_of(volume, [one.bolus_volume for one in settings])
        sets_rate = _is_one_of(rate, [one.rate(role) for one in settings]) and not _outlasts(order, protocol)
        strength = base_value(table.concentration)[0]
        if (sets_volume and _may_be(volume, known.get(of.VOLUME)) and _is_for(each, volume, strength, known)) or (
            sets_rate and _may_be(rate, known.get(of.PUMP_RATE)) and _is_for(each, rate, strength, known)
        ):
            return True
    return False


def _is_for(row: BandRow, setting: Quantity | None, strength: Fraction, known: Mapping[str, Bounds]) -> bool:
    """Whether a row may be the order's, by the weight and the dose per kg that it says beside the row's setting."""
    if setting is None:
        return False
    # Rows are of whole kilograms: 62.4 kg are in that to 62 kg.
    weights = between(base_value(row.low)[0], base_value(row.high)[0]).widened(Fraction(1, 2))
    weight, given = known.get(of.WEIGHT), base_value(setting)[0] * strength
    per_kg = known.get(of.DOSE_RATE_PER_KG if isinstance(setting, PumpRate) else of.DOSE_PER_KG)
    if weight is not None and not weights.overlaps(weight):
        return False
    return per_kg is None or point(given).over(weights).overlaps(per_kg)


def _outlasts(order: Order, protocol: Protocol) -> bool:
    """Whether a load runs for longer than the label's: its row is then no excuse for the rate."""
    loads = [step.run_time.taken for step in protocol.infusions if step.role == "load" and step.run_time]
    return order.load and any(each and order.lasts and order.lasts.exceeds(each) for each in loads)


def _may_be(quantity: Quantity | None, known: Bounds | None) -> bool:
    return quantity is None or known is None or known.holds(base_value(quantity)[0])
