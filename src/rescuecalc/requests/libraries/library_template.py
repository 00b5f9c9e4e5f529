"""`library show` and `library template`: the entries of a library, and those that protocols need."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rescuecalc.catalogue import catalogue
from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.orders.order import stated_orders
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.regimen.product import ProductUse
from rescuecalc.errors import InputError
from rescuecalc.reporters.document.library import LibraryShown
from rescuecalc.reporters.render.library.library_csv import number
from rescuecalc.requests.libraries.pump_library import library_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.core.regimen.protocol import Protocol


def shown_library(file: Path, drug: str | None) -> LibraryShown:
    """Return a library with its entries, those of one drug where it is named; errors as for reading it."""
    library = library_of(file)
    if drug is None:
        return LibraryShown(library, library.entries)
    name = drug_name(drug)
    if name not in library.drugs:
        raise InputError(f"--drug: {quoted(drug)} is not in {file}{nearest(name, library.drugs)}")
    return LibraryShown(library, library.entries_of(name))


def template(protocols: tuple[Protocol, ...]) -> LibraryShown:
    """Return the entries that protocols need, their limits left open: which limits are right nobody states."""
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    for protocol in protocols:
        for row in _rows(protocol):
            key = tuple(row.get(name, "") for name in ("drug", "creatinine_clearance", "amount", "volume", "dose_unit"))
            known = rows.setdefault(key, row)
            if known is not row:
                _merge(known, row)
    return LibraryShown(None, (), tuple(rows.values()))


def _merge(known: dict[str, str], row: dict[str, str]) -> None:
    """Put what another protocol needs of the same entry into one; where two start differently it is left open."""
    known["advisory"] = f"{known['advisory']}; {row['advisory']}"
    if known["initial"] != row["initial"]:
        known["initial"] = ""
    bolus, other = (each["bolus_unit"] for each in (known, row))
    if bolus and other and (known["bolus_initial"], bolus) != (row["bolus_initial"], other):
        known["bolus_initial"] = ""
    elif other and not bolus:
        known |= {name: row[name] for name in ("bolus_unit", "bolus_initial")}


def _rows(protocol: Protocol) -> Iterator[dict[str, str]]:
    orders = [each for each in stated_orders(protocol).orders if each.drug == protocol.drug]
    rates = [each for each in orders if "dose_rate_per_kg" in each.fields]
    if not rates:
        raise InputError(f"{protocol.id} states no infusion: a pump needs no entry for it")
    boluses = [each for each in orders if each.given_as == "bolus" and each.fields.keys() & {"dose_per_kg", "dose"}]
    by_catheter = [f"intra-arterial {_amount(each)} by hand" for each in boluses if each.route == "IA"]
    for condition, factors in _bands(protocol):
        unit = rates[-1].fields["dose_rate_per_kg"].unit.name
        doses = [f"{'load' if each.load else 'infusion'} {number(_rate(each) * factors[0])} {unit}" for each in rates]
        given = [_amount(each).times(factors[1]) for each in boluses if each.route != "IA"]
        doses += [f"bolus {number(each.magnitude)} {each.unit.name}" for each in given] + by_catheter
        row = {
            "drug": protocol.drug,
            "therapy": f"CrCl {condition}" if condition else "",
            "creatinine_clearance": condition,
            "dose_unit": unit,
            "initial": number(_rate(rates[-1]) * factors[0]),
            "bolus_unit": given[0].unit.name if given else "",
            "bolus_initial": number(given[0].magnitude) if len(given) == 1 else "",
            "advisory": f"{protocol.id}: {', '.join(doses)}",
        }
        yield from _of_products(row, protocol.drug)


def _amount(order: Order) -> Quantity:
    return next(order.fields[name] for name in ("dose_per_kg", "dose") if name in order.fields)


def _rate(order: Order) -> Fraction:
    return order.fields["dose_rate_per_kg"].magnitude


def _of_products(row: dict[str, str], drug: str) -> Iterator[dict[str, str]]:
    own = [each for each in catalogue.products().values() if each.drug == drug and ProductUse.INFUSION in each.serves]
    strengths = {(str(each.amount), str(each.volume)): each for each in own}
    for each in strengths.values():
        amount, volume = (f"{number(one.magnitude)} {one.unit.name}" for one in (each.amount, each.volume))
        yield {**row, "amount": amount, "volume": volume}
    if not own:
        yield row


def _bands(protocol: Protocol) -> Iterator[tuple[str, tuple[Fraction, Fraction]]]:
    """Yield each band of a protocol's own renal rule as a condition, with what it leaves of infusion and bolus."""
    rule = catalogue.stated_renal_rule(protocol)
    low = ""
    for band in rule.bands if rule is not None else ():
        high = f"{'<=' if band.includes else '<'} {band.up_to}" if band.up_to is not None else ""
        yield " and ".join(part for part in (low, high) if part), (band.factor("infusion"), band.factor("bolus"))
        low = f"{'>' if band.includes else '>='} {band.up_to}"
    if rule is None:
        yield "", (Fraction(1), Fraction(1))
