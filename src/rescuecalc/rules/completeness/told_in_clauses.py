"""RC712: what a text gives in a clause of nothing else, of a drug without known doses; when a text begins an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.text.start_in_text import starts_in_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder


def given_in_words(order: Order, judged: SolvedOrder | None) -> Iterator[Hit]:
    """Yield what a clause of nothing but giving says of a drug without known doses: a warning, as it may be right."""
    from rescuecalc.rules.facts.text.own_clause import in_own_clauses  # noqa: PLC0415  # of an order with a text alone

    for found, why in in_own_clauses(order, order.texts["text"], judged):
        message = f"the text gives {order.drug or 'it'} by {quoted(found)}, which was not judged: {why}"
        yield Hit(message, (), f"{order.pointer}/text", found, severity=Severity.WARNING)


def start_in_words(order: Order) -> Iterator[Hit]:
    """Yield a note of a start in a text where the field has none, or is zero: nothing says when zero is."""
    if "text" in order.texts and order.given_as in {"bolus", "infusion"} and not _starts_later(order):
        for found, _ in starts_in_text(order):
            message = f"the text has the order begin later, {quoted(found)}, which was compared with nothing"
            yield Hit(message, (), f"{order.pointer}/text", found, severity=Severity.NOTE)


def _starts_later(order: Order) -> bool:
    """Whether a field has the order start at a time; compared and not hashed, as a number of a shape can be."""
    return order.start is not None and order.start != Offset.start()
