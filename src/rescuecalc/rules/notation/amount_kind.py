"""RC2: amounts of two kinds in one order, as a dose in mg of a concentration in units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.amount_kind import is_in_units
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.rules.base.rule import Hit, declared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_KINDS: Final = {
    "drug_mass": "a mass",
    "drug_units": "units",
    "drug_equivalents": "equivalents",
    "drug_substance": "an amount of substance",
    "drug_osmoles": "osmoles",
}


def _amounts(order: Order) -> dict[str, str]:
    """Return the kind of amount of each field that measures a drug, by the name of the field."""
    first = {name: value.unit.parts[0].dimension for name, value in order.fields.items()}
    return {name: kind for name, kind in first.items() if kind in _KINDS}


def _own_kind(order: Order, subject: Subject) -> str:
    """Return what a drug is measured as whatever an order says of it; nothing where that is not known."""
    if order.drug in subject.knowledge.drugs:
        return "drug_mass"
    return "drug_units" if is_in_units(order.drug) else ""


def _two_kinds(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        amounts = _amounts(order)
        own = _own_kind(order, subject)
        known = own or next(iter(sorted(amounts.values())), "")
        for name, kind in amounts.items():
            if kind != known:
                found = str(order.fields[name])
                other = f"{order.drug} is" if own else "other fields of the order are"
                here = f"the {name.replace('_', ' ')} {found} is in {_KINDS[kind]}"
                message = f"{here}, and {other} measured by {_KINDS[known]}"
                yield Hit(message, (), f"{order.pointer}/{name}", found, _KINDS[known])


RULES = (
    declared(
        "RC204",
        "amounts-of-two-kinds",
        Severity.ERROR,
        _two_kinds,
        "rescuecalc",
        checks="Whether all amounts of an order are of one kind: mass, units, equivalents, substance or osmoles; "
        "those of the catalogue's drugs are masses, those of heparin, insulin, vasopressin and oxytocin units.",
        why="A dose in mg and a concentration in units give no volume: one of them is wrong.",
        fails="{drug: heparin, dose: 5000 units, concentration: 5 mg/mL}",
        passes="{drug: heparin, dose: 5000 units, concentration: 5000 units/mL}",
        remedy="Correct the unit; rescuecalc does not convert one kind into another.",
        limits="The rule cannot tell which of the two is wrong, unless the drug is always measured as one of them.",
    ),
)
