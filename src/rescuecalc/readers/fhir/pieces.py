"""Doses of FHIR that are counted in tablets: `1 tablet` of `clopidogrel 75 mg tablet` is 75 mg."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.quantities.pieces import counted, held_by
from rescuecalc.core.quantities.quantity import Dose, parsed
from rescuecalc.errors import InputError
from rescuecalc.readers.fhir.amount import read_amount
from rescuecalc.readers.fhir.dosage import shown_amount
from rescuecalc.readers.fhir.reading import AMOUNTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.readers.fhir.dosage_words import Dosed
    from rescuecalc.readers.fhir.medication import Medicine


def with_pieces(dosed: Dosed, medicine: Medicine) -> Dosed:
    """Return a dosage in tablets as the amount that they hold, where the drug's name says one strength."""
    counts = [(place, count) for place, each in enumerate(dosed.unread) if (count := counted(each[1])) is not None]
    text = held_by(counts[0][1], medicine.text) if len(counts) == 1 and "dose" not in dosed.fields else None
    if text is None:
        return dosed
    place = counts[0][0]
    try:
        dose = parsed(Dose, text)
    except InputError:
        return dosed
    rest = (*dosed.unread[:place], *dosed.unread[place + 1 :])
    return dosed._replace(
        fields={**dosed.fields, "dose": dose},
        texts={**dosed.texts, "dose": text},
        at={**dosed.at, "dose": dosed.unread[place][0]},
        unread=rest,
    )


_SUPPLIED: Final = (("quantity",), ("dispenseRequest", "quantity"))
"""Where a resource says how much is handed out."""


def supplied(resource: dict[str, object], pointer: str) -> Iterator[tuple[str, str]]:
    """Yield an amount of drug that is handed out: where no dosage says a dose, it is all that says how much."""
    for path in _SUPPLIED:
        held: object = resource
        for name in path:
            held = held.get(name) if isinstance(held, dict) else None
        amount = read_amount(held, pointer, []) if isinstance(held, dict) else None
        if isinstance(held, dict) and amount is not None and amount.unit is not None and amount.unit.shape == "amount":
            yield f"{pointer}/{'/'.join(path)}", shown_amount(held)


def with_supply(dosed: Dosed, resource: dict[str, object], pointer: str) -> Dosed:
    """Return a dosage that says no dose with the amount that is handed out, which nothing was compared with."""
    if (
        dosed.unread
        or not AMOUNTS.isdisjoint(dosed.fields)
        or any(each.isdigit() for each in dosed.texts.get("text", ""))
    ):
        return dosed
    return dosed._replace(unread=tuple(supplied(resource, pointer)))
