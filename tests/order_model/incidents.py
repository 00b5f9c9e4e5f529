"""Orders typed by hand: the mistakes that incident reports, forms and infusion tables show again and again; frozen.

None of them was made by the generator, and none is changed to suit what `check` does. Each faulty one has the field
that is wrong and the name of the slip (empty where none has a name); the others are right and only look strange.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.order_model.judging import judged

if TYPE_CHECKING:
    from collections.abc import Iterator


class Incident(NamedTuple):
    """What happened, the order set, and where the mistake is, with its name; no pointer where all is right."""

    name: str
    order_set: dict[str, Any]
    pointer: str = ""
    slip: str = ""


def faulty() -> Iterator[Incident]:
    """Yield the orders with a mistake."""
    for head, orders in _blocks("incidents_faulty.txt"):
        name, weight, place, slip = (part.strip() for part in head.split("|"))
        pointer = f"/{place}" if place.startswith("patient") else f"/orders/{place}"
        yield Incident(name, _order_set(weight, orders), pointer, slip)


def strange() -> Iterator[Incident]:
    """Yield the orders that are right."""
    for head, orders in _blocks("incidents_right.txt"):
        name, weight = (part.strip() for part in head.split("|"))
        yield Incident(name, _order_set(weight, orders))


def _blocks(file: str) -> Iterator[tuple[str, list[str]]]:
    _, *blocks = (Path(__file__).parent / file).read_text("utf-8").strip().split("\n\n")
    for block in blocks:
        head, *orders = block.split("\n")
        yield head, orders


def _order_set(weight: str, orders: list[str]) -> dict[str, Any]:
    patient = {} if weight == "-" else {"patient": {"weight": weight}}
    return {"order_set": "incident", **patient, "orders": [_order(line) for line in orders]}


def _order(line: str) -> dict[str, str]:
    head, *fields = (part.strip() for part in line.split(";"))
    drug, _, kind = head.rpartition(" ")
    return {"drug": drug, "route": "IV", "kind": kind, **dict(each.split(": ", 1) for each in fields)}


def tried() -> dict[str, float | int | None]:
    """Return how many are found, at the right field, with the right slip, and how many right ones are left alone."""
    wrong, right = list(faulty()), list(strange())
    made: dict[str, float | int | None] = {"faulty orders": len(wrong)}
    named = sum(bool(each.slip) for each in wrong)
    found = first = slip = only = among = 0
    for each, findings in zip(wrong, judged([incident.order_set for incident in wrong]), strict=True):
        errors = [finding for finding in findings if finding.severity == "error"]
        places = [finding.pointer for finding in errors]
        found += bool(errors)
        first += places[:1] == [each.pointer]
        only += places == [each.pointer]
        among += any(each.pointer in {finding.pointer, *finding.alternatives} for finding in errors[:1])
        slip += places[:1] == [each.pointer] and (not each.slip or each.slip in errors[0].slips)
    made |= {"found": found, "right field first": first, "right field, and no other error": only}
    made |= {"right field first or its alternative": among, "right field and slip": slip, "with a named slip": named}
    severities = [{each.severity for each in findings} for findings in judged([each.order_set for each in right])]
    made |= {"right orders that look strange": len(right)}
    made |= {"left alone": sum(not each & {"error", "warning"} for each in severities)}
    return made | {"without an error": sum("error" not in each for each in severities)}
