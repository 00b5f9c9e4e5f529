"""What an order set says, as numbers for the oracle: each with half of its last digit, in mcg, kg, mL and hours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.order_model.amounts import Amount, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Span = tuple[float, float]

_ROUND: Final = 100  # from here on zeros at a number's end are rounding
_ROUNDEST: Final = 0.01


class Mention(NamedTuple):
    """A number as it is written: its value, and how far the one that it was rounded from may be away."""

    value: float
    half: float


class Order(NamedTuple):
    """One order; ``again`` are further mentions (of a text, of a label) of what ``mentions`` holds."""

    drug: str
    kind: str
    route: str
    band: Span | None
    mentions: dict[str, Mention]
    again: tuple[tuple[str, Mention], ...]
    most: dict[str, float]
    container: tuple[float, float] | None
    diluted: bool


class Facts(NamedTuple):
    """An order set: the patient's weight in kg and clearance in mL/min, None where unknown, and its orders."""

    weight: float | None
    clearance: float | None
    orders: tuple[Order, ...]


_FIELDS: Final = {
    "dose_per_kg": "dose_per_kg", "dose": "dose", "dose_rate_per_kg": "rate_per_kg", "dose_rate": "rate",
    "concentration": "strength", "volume": "volume", "pump_rate": "pump", "vtbi": "volume", "give_over": "time",
    "run_time": "time",
}  # fmt: skip
_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]+)? [A-Za-z]+(?:/[A-Za-z]+)*")


def facts(order_set: Mapping[str, Any]) -> Facts:
    """Return what a native order set says in its fields and texts."""
    patient = order_set.get("patient", {})
    clearance = patient.get("creatinine_clearance")
    return Facts(
        float(read(patient["weight"]).value) if "weight" in patient else None,
        float(clearance.split(" ")[0]) if clearance else None,
        tuple(_order(each) for each in order_set["orders"]),
    )


def mention(amount: Amount) -> Mention:
    """Return a number with half of its last digit; 1200 is rounded to hundreds, but by no more than 1 %."""
    value, half = float(amount.value), float(amount.last_digit) / 2
    zeros = len(amount.number) - len(amount.number.rstrip("0"))
    if zeros and "." not in amount.number and int(amount.number) >= _ROUND:
        half = max(half, min(half * 10**zeros, value * _ROUNDEST))
    return Mention(value, half)


def _order(order: Mapping[str, Any]) -> Order:
    found: dict[str, Mention] = {}
    again: list[tuple[str, Mention]] = []
    product = _container(order.get("product", ""))
    for name, each in (*_of_fields(order), *_of_label(product, order), *_of_text(order)):
        if name in found:
            again.append((name, each))
        else:
            found[name] = each
    band = order.get("weight")
    caps = {"dose": "max_dose", "rate": "max_dose_rate"}
    return Order(
        order["drug"],
        order["kind"],
        order["route"],
        _band(band) if band else None,
        found,
        tuple(again),
        {name: float(read(order[cap]).value) for name, cap in caps.items() if cap in order},
        product,
        "diluted_in" in order,
    )


def _of_fields(order: Mapping[str, Any]) -> Iterator[tuple[str, Mention]]:
    for field, name in _FIELDS.items():
        if field in order:
            yield name, mention(read(order[field]))
    if "stop" in order and "start" in order:
        start, stop = (read(order[each].removeprefix("+")) for each in ("start", "stop"))
        yield "time", Mention(float(stop.value - start.value), float(stop.last_digit) / 2)


def _container(label: str) -> tuple[float, float] | None:
    if " in " not in label:
        return None
    amount, volume = (float(read(part).value) for part in label.split(" in "))
    return amount, volume


def _of_label(container: tuple[float, float] | None, order: Mapping[str, Any]) -> Iterator[tuple[str, Mention]]:
    # What is diluted is written beside it, and is what runs.
    if container is not None and not ("diluted_in" in order and "concentration" in order):
        yield "strength", Mention(container[0] / container[1], 0.0)


def _of_text(order: Mapping[str, Any]) -> Iterator[tuple[str, Mention]]:
    for text in _NUMBER.findall(order.get("text", "")):
        amount = read(text)
        name = _variable(amount.unit)
        if name is not None:
            yield name, mention(amount)


def _variable(unit: str) -> str | None:
    """Return what a number of this unit is of: mcg a dose, mcg/kg/min a rate per kg, mL/h a pump rate."""
    first, *below = unit.split("/")
    if first == "mL":
        return "pump" if below else "volume"
    if first in {"h", "min", "s"}:
        return "time"
    shape = tuple("kg" if each == "kg" else "mL" if each == "mL" else "time" for each in below)
    return {
        (): "dose", ("kg",): "dose_per_kg", ("time",): "rate", ("kg", "time"): "rate_per_kg", ("mL",): "strength",
    }.get(shape)  # fmt: skip


def _band(text: str) -> Span:
    low, high = text.removesuffix(" kg").split("-")
    return float(low), float(high)
