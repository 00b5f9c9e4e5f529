"""The reading of texts: quantities with a note of each micro sign, and one word of several."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Concentration, Q, Quantity, micro_note, read, read_any
from rescuecalc.core.quantities.spelling import as_read
from rescuecalc.errors import CalculationRefused, InputError
from rescuecalc.requests.input.corrections import plausible_values, suggested_value, suggested_value_of_any

if TYPE_CHECKING:
    from rescuecalc.core.regimen.product import Product


def one_of(value: str, allowed: tuple[str, ...], name: str) -> str:
    """Return ``value`` where it is allowed, in whatever case it is typed; InputError lists what is."""
    value = next((each for each in allowed if each.lower() == value.lower()), value)
    if value not in allowed:
        # Near enough to be a slip of the finger; a guess that is further off is worse than the plain list.
        hint = nearest(value, allowed, cutoff=0.75)
        listed = " or ".join(part for part in (", ".join(allowed[:-1]), allowed[-1]) if part)
        raise InputError(f"{name}: cannot read {quoted(value)}; write {listed}{hint}")
    return value


def drug_alone(text: str, option: str, dose: str) -> str:
    """Return the name of a drug; InputError where a number stands behind it: it would be left out in silence.

    ``dose`` says where it belongs.
    """
    drug = drug_name(text.strip(" "))
    if any(each.isdigit() for each in text) and not any(each.isdigit() for each in drug):
        raise InputError(f"{option}: {quoted(text)} is more than the name of a drug; write {drug} ({dose})")
    return drug


def named_product(text: str) -> Product | None:
    """Return the product whose id was typed in place of a concentration, None where none was."""
    from rescuecalc.catalogue.catalogue import products  # noqa: PLC0415  # only a product's name pays for it

    return products().get(text.strip(" ").lower())


def _as_read(text: str, role: type[Quantity], name: str) -> str:
    """Return a text as the grammar reads it; a concentration may be that of a product, by its id."""
    if role is Concentration and text.strip(" ")[:1].isalpha():
        product = named_product(text)
        return text if product is None else str(product.concentration).replace(",", "")
    try:
        return as_read(text, role)
    except InputError as reason:
        raise InputError(f"{name}: cannot read {quoted(text)}: {reason}") from None


_POINT_OF_THOUSANDS: Final = lazy_pattern(r" *[1-9][0-9]{0,2}\.000(?![0-9.])", re.ASCII)


def _refuse_point_of_thousands(text: str, roles: tuple[type[Quantity], ...], name: str) -> None:
    """Raise InputError for ``5.000 units/h``, which is 5,000 where points divide thousands, if both can be meant."""
    if not _POINT_OF_THOUSANDS.match(text):
        return
    both = next((found for each in roles if len(found := plausible_values(text.replace(".", ",", 1), each)) > 1), None)
    if both is not None:
        meant = " or ".join(both)
        raise InputError(
            f"{name}: cannot read {quoted(text)}: a point before 000 may divide thousands; did you mean {meant}?"
        )


def _quoting(refusal: InputError, spelled: str, text: str) -> str:
    """Return a refusal that quotes what was typed, and not how it was understood."""
    return str(refusal).replace(quoted(spelled), quoted(text), 1)


class Inputs:
    """Reads what was typed, and keeps a note of each micro sign."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def read(self, text: str, role: type[Q], name: str, example: str = "") -> Q:
        """Return ``text`` as a quantity; errors as for ``quantity.read``, with what may be meant instead."""
        _refuse_point_of_thousands(text, (role,), name)
        spelled = _as_read(text, role, name)
        try:
            quantity = read(spelled, role, name, example)
        except CalculationRefused:
            raise
        except InputError as refusal:
            raise InputError(f"{_quoting(refusal, spelled, text)}{suggested_value(text, role, name)}") from None
        self.note(spelled, name)
        return quantity

    def read_any(self, text: str, roles: tuple[type[Quantity], ...], name: str) -> Quantity:
        """Return ``text`` as a quantity of one of ``roles``; errors as for ``read``."""
        _refuse_point_of_thousands(text, roles, name)
        spelled = as_read(text, roles[0])
        try:
            quantity = read_any(spelled, roles, name)
        except CalculationRefused:
            raise
        except InputError as refusal:
            raise InputError(f"{_quoting(refusal, spelled, text)}{suggested_value_of_any(text, roles)}") from None
        self.note(spelled, name)
        return quantity

    def note(self, text: str, name: str) -> None:
        """Keep a note where ``text`` holds a micro sign."""
        note = micro_note(text)
        if note:
            self.notes.append(f"{name}: {note}")

    def maybe(self, text: str | None, role: type[Q], name: str, example: str = "") -> Q | None:
        """Return ``text`` as a quantity, None where the option was not given."""
        return None if text is None else self.read(text, role, name, example)
