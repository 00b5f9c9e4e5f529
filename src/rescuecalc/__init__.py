"""Tirofiban dosing and protocol calculator for rescue therapy after stroke thrombectomy.

What the commands do, as functions: ``dose``, ``rate``, ``table``, ``renal``, ``bridge``, ``plan``, ``stop``,
``check``, and what the catalogue holds. Each returns an immutable result, or raises one of the three errors with what
the command would say; nothing is printed. Quantities are text (``"80 kg"``) or those of ``rescuecalc.units``.

>>> import rescuecalc as rc
>>> print(rc.rate("0.15 mcg/kg/min", weight="80 kg", concentration="50 mcg/mL").result)
14.4 mL/h
"""

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` itself would take longer to import than all of this
    from rescuecalc import units
    from rescuecalc.api.calculations import bridge, dose, plan, rate, renal, stop, table
    from rescuecalc.api.exact_quantity import ExactQuantity
    from rescuecalc.api.order_sets import check
    from rescuecalc.api.reference import (
        check_protocol,
        check_studies,
        compare_studies,
        order_set_template,
        products,
        protocol,
        protocols,
        rule,
        rule_list,
        strategy,
        studies,
        study,
    )
    from rescuecalc.core.orders.findings.finding import Severity
    from rescuecalc.errors import CalculationRefused, CatalogueError, InputError, RescuecalcError

__version__ = "0.1.0"

__all__ = [
    "CalculationRefused",
    "CatalogueError",
    "ExactQuantity",
    "InputError",
    "RescuecalcError",
    "Severity",
    "bridge",
    "check",
    "check_protocol",
    "check_studies",
    "compare_studies",
    "dose",
    "order_set_template",
    "plan",
    "products",
    "protocol",
    "protocols",
    "rate",
    "renal",
    "rule",
    "rule_list",
    "stop",
    "strategy",
    "studies",
    "study",
    "table",
    "units",
]

_ELSEWHERE = {
    **dict.fromkeys(("bridge", "dose", "plan", "rate", "renal", "stop", "table"), "rescuecalc.api.calculations"),
    **dict.fromkeys(("CalculationRefused", "CatalogueError", "InputError", "RescuecalcError"), "rescuecalc.errors"),
    "ExactQuantity": "rescuecalc.api.exact_quantity",
    "Severity": "rescuecalc.core.orders.findings.finding",
    "check": "rescuecalc.api.order_sets",
}


if not TYPE_CHECKING:  # for a type checker a name that is not above is none

    def __getattr__(name: str) -> object:
        """Return a name of the library, imported when it is first asked for: the command line needs none of them."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415  # `import rescuecalc` alone imports nothing

        if name == "units":
            return import_module("rescuecalc.units")
        found: object = getattr(import_module(_ELSEWHERE.get(name, "rescuecalc.api.reference")), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
