"""The rows of a label's weight-band table that an order sets: each is rounded for its band, and says for whom it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.mention import base_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from fractions import Fraction

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.regimen.protocol import BandRow, Protocol


def rows_set(order: Order, protocol: Protocol) -> Iterator[BandRow]:
    """Yield the rows of a protocol's table whose volume or pump rate an order sets, in full or halved."""
    table = protocol.label_band
    volume, rate = order.fields.get("volume"), order.fields.get("pump_rate")
    if table is None or (volume is None and rate is None):
        return
    if "concentration" in order.fields and not order.fields["concentration"].equals(table.concentration):
        return
    for row in table.rows:
        is_volume = volume is not None and base_value(volume) == base_value(row.bolus_volume)
        rates = (row.pump_rate, row.halved_pump_rate)
        if is_volume or (rate is not None and any(base_value(rate) == base_value(each) for each in rates)):
            yield row


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
