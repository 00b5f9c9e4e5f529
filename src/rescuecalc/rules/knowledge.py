"""What a rule may know besides the order set: limits, label rules, published harm, and every protocol's regimen."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from rescuecalc.core.evidence import BolusHarm
from rescuecalc.core.limits import Limits
from rescuecalc.core.order import OrderSet
from rescuecalc.core.product import Product
from rescuecalc.core.protocol import Drug, Protocol
from rescuecalc.core.renal import RenalRule
from rescuecalc.core.source import Source

if TYPE_CHECKING:  # read only for a bridge, and a NamedTuple would import it for every dose
    from rescuecalc.core.antiplatelet import Bridging


class Knowledge(NamedTuple):
    """The catalogue as the rules see it; what most orders do not need is read when a rule calls for it.

    ``derived`` holds what was worked out of the catalogue alone, by name and drug: once, and not for each order.
    """

    limits: Limits
    renal_rules: Callable[[], tuple[RenalRule, ...]]
    bolus_harms: tuple[BolusHarm, ...]
    drugs: Mapping[str, Drug]
    protocols: Callable[[], tuple[Protocol, ...]]
    sources: Callable[[], Mapping[str, Source]]
    derived: dict[tuple[str, ...], Any]
    products: Callable[[], Mapping[str, Product]]
    bridging: "Callable[[], Bridging]"


class Subject(NamedTuple):
    """What is judged: an order set, and the protocol that it claims to follow (None: none is named).

    ``as_of`` is the day that dates are judged by, as ``2026-03-01``; None where nothing has a date.
    """

    order_set: OrderSet
    protocol: Protocol | None
    knowledge: Knowledge
    as_of: str | None = None
