"""What a person may choose from where a protocol or a product is not named; nothing is chosen for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.supplies import INFUSION_CONTAINER, bolus_options, infusion_options
from rescuecalc.requests.protocols.chosen_protocol import chosen_protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rescuecalc.core.regimen.product import Supply
    from rescuecalc.core.regimen.protocol import Protocol


class Choice(NamedTuple):
    """One entry of a list: what is written for it, and what it is."""

    id: str
    words: str


def protocol_entries() -> list[Choice]:
    """Return every packaged protocol with its drug and doses."""
    return [Choice(each.id, f"{each.drug}: {', then '.join(_doses(each))}") for each in catalogue.protocols()]


def _doses(protocol: Protocol) -> Iterator[str]:
    for bolus in protocol.boluses:
        yield f"{bolus.route} {bolus.dose_per_kg or bolus.dose or bolus.dose_range}"
    yield from (str(infusion.dose_rate_per_kg) for infusion in protocol.infusions)


def open_products(given: Mapping[str, Any]) -> dict[str, list[Choice]]:
    """Return the options of products that ``given`` leaves open, each with the products that can serve.

    ``given`` are the values of a command's options; those that the command has not are not open.
    """
    protocol = _protocol(given)
    left: dict[str, list[Choice]] = {}
    if protocol is not None and protocol.infusions and _is_open(given, "infusion"):
        left["--infusion-product"] = _entries(infusion_options(protocol.drug))
    if protocol is not None and protocol.boluses and _is_open(given, "bolus"):
        route = protocol.boluses[0].route
        entries = _entries(bolus_options(protocol.drug, route))
        if given["infusion_product"] is not None and route == "IV":
            entries.append(Choice(INFUSION_CONTAINER, "programmed on the pump, out of the infusion's container"))
        left["--bolus-product"] = entries
    return left


def infusion_entries(given: Mapping[str, Any]) -> list[Choice]:
    """Return the products that can be infused by the protocol that ``given`` names."""
    protocol = _protocol(given)
    return _entries(infusion_options(protocol.drug)) if protocol is not None else []


def _protocol(given: Mapping[str, Any]) -> Protocol | None:
    if given.get("protocol") is not None or given.get("protocol_file") is not None:
        return chosen_protocol(given["protocol"], given.get("protocol_file"))
    return None


def _is_open(given: Mapping[str, Any], of: str) -> bool:
    product, strength = f"{of}_product", f"{of}_concentration"
    return product in given and given[product] is None and given.get(strength) is None


def _entries(supplies: Iterable[Supply]) -> list[Choice]:
    return [
        Choice(each.product.id, f"{each.product.form}, {each.product.strength}: {each.concentration}")
        for each in supplies
        if each.product is not None
    ]
