"""What may stand for the value of an option or an argument, from the catalogue; no list is kept by hand.

Nothing here imports pint: a shell waits for each press of the Tab key.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Values = Iterable[tuple[str, str]]


def values(command: str, param: Any, typed: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return the words that a parameter of a command takes, each with its meaning; none where any text may stand.

    Of products those of the drug of a protocol that is ``typed`` already.
    """
    if param.name == "output":
        from rescuecalc.reporters.formats import offered  # noqa: PLC0415

        return [(each, "") for each in offered(command)]
    if param.name == "name":
        return list(_studies() if command.startswith("evidence") else _protocols())
    source = _SOURCES.get(param.name)
    found = list(source()) if source is not None else _listed(param)
    return _of_drug(found, typed) if param.name in _PRODUCTS else found


_PRODUCTS: Final = frozenset(
    {"bolus_product", "infusion_product", "concentration", "bolus_concentration", "infusion_concentration"}
)


def _of_drug(found: list[tuple[str, str]], typed: Iterable[str]) -> list[tuple[str, str]]:
    from rescuecalc.catalogue.catalogue import products, protocol, protocol_ids  # noqa: PLC0415

    named = [protocol(each.lower()).drug for each in typed if each.lower() in protocol_ids()]
    known = products()
    return [each for each in found if not named or each[0] not in known or known[each[0]].drug in named]


def _listed(param: Any) -> list[tuple[str, str]]:
    """Return the words that the help of an option lists: ``female or male``, ``actual, ideal or adjusted``."""
    named = _words().get(param.name, ())
    listed = set(re.findall(r"[a-z0-9-]+", param.help or ""))
    return [(str(each), "") for each in named if each in listed]


def _words() -> dict[str, Iterable[str]]:
    """Return the words of each option that takes no others, as they are read."""
    from rescuecalc.cli.completion.completion_scripts import SCRIPTS  # noqa: PLC0415
    from rescuecalc.core.orders.findings.finding import Severity  # noqa: PLC0415
    from rescuecalc.core.renal.patient_clearance import BASES  # noqa: PLC0415
    from rescuecalc.requests.input import options  # noqa: PLC0415

    return {
        "sex": options.SEXES,
        "basis": BASES,
        "route": options.ROUTES,
        "p2y12_route": options.P2Y12_ROUTES,
        "aspirin_route": options.ASPIRIN_ROUTES,
        "fail_on": Severity,
        "shell": SCRIPTS,
        "thrombolysis_at": ("none",),
        "start": ("now",),
    }


def _protocols() -> Values:
    from rescuecalc.requests.protocols.selection import protocol_entries  # noqa: PLC0415

    return ((each.id, each.words) for each in protocol_entries())


def _products(*serving: str) -> Values:
    from rescuecalc.catalogue.catalogue import products  # noqa: PLC0415

    for key, each in products().items():
        if not serving or each.serves.intersection(serving):
            yield key, f"{each.drug}, {each.strength}"


def _infusion_products() -> Values:
    return _products("infusion")


def _bolus_products() -> Values:
    from rescuecalc.catalogue.supplies import INFUSION_CONTAINER  # noqa: PLC0415

    return (*_products("syringe", "pump"), (INFUSION_CONTAINER, "out of the infusion's container"))


def _drugs() -> Values:
    from rescuecalc.catalogue.catalogue import drugs  # noqa: PLC0415

    return ((each, "") for each in drugs())


def _beside() -> Values:
    from rescuecalc.catalogue.clinical.bridging import bridging  # noqa: PLC0415

    return ((name, str(kind)) for name, kind in bridging().classes.items())


def _p2y12() -> Values:
    from rescuecalc.catalogue.clinical.bridging import antiplatelets  # noqa: PLC0415
    from rescuecalc.core.bridging.antiplatelet import P2Y12  # noqa: PLC0415

    return ((name, "") for name, each in antiplatelets().items() if each.group == P2Y12)


def _rules() -> Values:
    from rescuecalc.rules.judging.registry import RULES  # noqa: PLC0415

    return ((each.code, each.name) for each in RULES)


def _labels() -> Values:
    from rescuecalc.catalogue.catalogue import renal_rules  # noqa: PLC0415

    return (*((key, each.title) for key, each in renal_rules().items()), ("none", ""))


def _studies() -> Values:
    from rescuecalc.catalogue.clinical.studies import studies  # noqa: PLC0415

    return ((each.id, "") for each in studies())


_SOURCES: Final[dict[str, Callable[[], Values]]] = {
    "protocol": _protocols,
    "bolus_product": _bolus_products,
    "infusion_product": _infusion_products,
    "concentration": _products,
    "bolus_concentration": _products,
    "infusion_concentration": _products,
    "drug": _drugs,
    "beside": _beside,
    "p2y12": _p2y12,
    "select": _rules,
    "ignore": _rules,
    "code": _rules,
    "renal": _labels,
}
