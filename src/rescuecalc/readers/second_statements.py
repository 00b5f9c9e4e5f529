"""What a field of an order says besides its own quantity: `10 mg (2 mL)`, `12.5 mg/250 mL NS`, `4 tablets`.

The rest becomes the field that it is a value of, and is compared as that one; where it can be none, all is refused.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.drugs.fluids import NAMED_FLUIDS
from rescuecalc.core.orders import order_field as field
from rescuecalc.core.orders.text.free_text import said
from rescuecalc.core.orders.text.vocabulary import one_of
from rescuecalc.core.quantities import wording
from rescuecalc.core.quantities.label_strength import strength
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.pieces import counted, held_by
from rescuecalc.core.quantities.quantity import Concentration, DosingWeight, PumpRate, Quantity, Volume

if TYPE_CHECKING:
    from collections.abc import Mapping


_FLUID: Final = lazy_pattern(
    r"(?P<one>[0-9].*?m?l) ?\(?(?:of |in |with )?"
    rf"(?P<other>(?:[0-9.]{{1,4}} ?% ?)?{one_of(NAMED_FLUIDS)}(?: [0-9.]{{1,4}} ?%)?)\)?",
    re.IGNORECASE,
)
_PER_KG: Final = ("dose_per_kg", "dose_rate_per_kg")
_FLOWS: Final = ("dose", "dose_rate")
"""Where a record with one column for amounts or rates has the flow of a fluid: that is what its pump is set to."""


def _parts(name: str, text: str) -> tuple[str, str] | None:
    match = _FLUID.fullmatch(text.strip(" ")) if name == "concentration" else None
    return (match["one"], match["other"]) if match is not None else field.two_statements(text)


def with_second_statements(texts: dict[str, str]) -> dict[str, str]:
    """Return the texts of an order, with what one of its fields says besides under the name of its own field.

    >>> with_second_statements({"dose": "10 mg (2 mL)"})
    {'dose': '10 mg (2 mL)', 'volume': '2 mL'}
    """
    made = texts = _with_time_of_route(texts)
    for name, text in texts.items():
        if name not in field.QUANTITIES or isinstance(field.read_named(name, text), field.Read):
            continue
        if name in _FLOWS and "pump_rate" not in made and isinstance(field.read_field(text, PumpRate), Quantity):
            made = {"pump_rate" if each == name else each: said for each, said in made.items()}
        parts = _parts(name, text)
        if parts is None or not isinstance(field.read_named(name, parts[0]), field.Read):
            continue
        if name == "concentration" and _FLUID.fullmatch(text.strip(" ")) is not None:
            made = {"diluted_in": parts[1], **made}
        elif name == "dose" and isinstance(field.read_field(parts[1], Volume), Quantity):
            made = {**made, "volume": made.get("volume", parts[1])}
        elif name in _PER_KG and isinstance(field.read_field(parts[1], DosingWeight), Quantity):
            made = {**made, "weight": made.get("weight", parts[1])}
    return _with_named_dose(made)


def named_strength(name: str) -> str | None:
    """Return the strength that stands behind a drug's name: `tirofiban 12.5 mg/250 mL`, None where none does.

    >>> [named_strength(each) for each in ("TIROFIBAN 12.5 MG/250 ML", "Aggrastat 50 mcg/mL", "aspirin 81 mg")]
    ['12.5 mg/250 ml', '50 mcg/mL', None]
    """
    if not any(each.isdigit() for each in name):
        return None
    plain = name.lower() if name.isupper() else name  # a system that prints capitals alone
    label = strength(plain)
    if label is not None:
        return label.text
    return next((one.text for one in said(plain) if isinstance(one.quantity, Concentration)), None)


_OVER: Final = lazy_pattern(
    r"(?P<route>[a-z. -]{2,30}?) (?:over|\u00fcber|in|sur) (?P<time>[0-9][^;,]{1,20})", re.IGNORECASE
)


def _with_time_of_route(texts: dict[str, str]) -> dict[str, str]:
    """Return the texts of an order with the time behind its route in its own field: `IV over 30 min`."""
    match = _OVER.fullmatch(texts.get("route", ""))
    if match is None or not wording.routes_of(match["route"]):
        return texts
    name = "run_time" if wording.kind_of(texts.get("kind", "")) == "infusion" else "give_over"
    read, stated = field.read_named(name, match["time"]), texts.get(name, match["time"])
    if not isinstance(read, field.Read) or field.read_named(name, stated) != read:
        return texts
    return {**texts, "route": match["route"], name: stated}


def _with_named_dose(texts: dict[str, str]) -> dict[str, str]:
    """Return the texts of an order that says how much in the name of its drug alone: one piece of `aspirin 81 mg`."""
    routes = wording.routes_of(texts.get("route", ""))
    if (
        "text" in texts
        or not routes
        or not wording.INTO_GUT.issuperset(routes)
        or not field.QUANTITIES.keys().isdisjoint(texts)
    ):
        return texts
    held = held_by(Fraction(1), texts.get("drug", ""))
    return texts if held is None else {**texts, "dose": held}


def read_statement(name: str, text: str, texts: Mapping[str, str]) -> field.Read | field.Unreadable:
    """Return the quantity of a field, where it says another one besides as well, or counts tablets of a strength."""
    found = field.read_named(name, text)
    if isinstance(found, field.Read):
        return field.from_none(name, text, drug_name(texts.get("drug", ""))) or found
    if name == "dose" and (count := counted(text)) is not None:
        held = held_by(count, texts.get("drug", "")) or held_by(count, texts.get("product", ""))
        return field.read_named(name, held) if held is not None else found
    parts = _parts(name, text)
    first = field.read_named(name, parts[0]) if parts is not None else found
    return first if parts is not None and _goes_with(name, parts, texts) else found


def _goes_with(name: str, parts: tuple[str, str], texts: Mapping[str, str]) -> bool:
    """Whether the second statement is that of another field, which says the same or nothing."""
    other = parts[1]
    if name == "concentration":
        return _FLUID.fullmatch(f"{parts[0]} {other}") is not None
    if name in _PER_KG:
        weight = field.read_field(other, DosingWeight)
        return isinstance(weight, Quantity) and field.read_field(texts.get("weight", other), DosingWeight) == weight
    if name != "dose":
        return False
    count = counted(other)
    if count is not None:
        held = held_by(count, texts.get("drug", "")) or held_by(count, texts.get("product", ""))
        return held is None or isinstance(field.read_named(name, f"{parts[0]} ({held})"), field.Read)
    volume = field.read_field(other, Volume)
    return isinstance(volume, Quantity) and field.read_field(texts.get("volume", other), Volume) == volume
