"""The products that a site's settings take for orders that name none, and what is said of their findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.core.orders.order import Order, OrderSet
    from rescuecalc.settings.configuration import Settings

_ARITHMETIC: Final = "34"
"""The families in which a concentration counts."""


def with_site_products(made: OrderSet, settings: Settings) -> dict[str, Order]:
    """Return, by pointer, the orders of neither concentration nor product, completed by the product of the settings."""
    return {
        order.pointer: order._replace(texts={**order.texts, "product": settings.products[order.drug, order.given_as]})
        for order in (made.orders if settings.products else ())
        if not {"concentration", "product"} & order.texts.keys() and (order.drug, order.given_as) in settings.products
    }


def with_product(finding: Finding, completed: Mapping[str, Order], settings: Settings) -> Finding:
    """Return a finding that rests on the settings' product with a word of it."""
    order = next((each for pointer, each in completed.items() if finding.pointer.startswith(f"{pointer}/")), None)
    if order is None or finding.code[2] not in _ARITHMETIC or settings.file is None:
        return finding
    taken_as = f"; taken as {order.texts['product']}, from {settings.file.name}"
    return finding._replace(message=f"{finding.message}{taken_as}")
