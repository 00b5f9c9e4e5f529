"""Every corpus of order sets, each dose of a catalogue drug in it a thousandfold: none may end with exit 0.

    python -m tests.unseen_doses        # with the damaged shapes, some minutes

A file that ends with exit 0 claims that each of its doses was judged. So each number of a dose, a rate or a text that
is of a drug whose doses are known is made a thousand times as much, by itself. What still ends with exit 0 no rule saw.
"""

from __future__ import annotations

import copy
import csv
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.readers.yaml_tree import yaml_trees
from tests.support import invoke

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
SHARED = Path("/work/shared/fhir")
"""Examples of HL7 that are not part of the project: looked at where they are there."""

DRUGS = frozenset(("tirofiban", "eptifibatide", "abciximab", "cangrelor", "clopidogrel", "ticagrelor", "prasugrel"))
FIELDS = ("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate", "pump_rate", "volume", "text")
IN_FHIR = frozenset(("doseQuantity", "dose", "rateQuantity", "numerator", "low", "high"))

_NUMBER = re.compile(r"(?<![\w.,/])([0-9]+(?:\.[0-9]+)?)(?= ?(?:mc?g(?:/kg)?(?:/min|/h)?|mL/h|mL(?!/))(?![\w/]))")


def files() -> list[Path]:
    """Return the files of every corpus."""
    inside = [path for name in ("orders", "hospital") for path in sorted((HERE / name).rglob("*"))]
    inside += sorted(SHARED.glob("*.json")) if SHARED.is_dir() else []
    return [path for path in inside if path.suffix in {".yaml", ".json", ".jsonl", ".ndjson", ".csv"}]


def documents(path: Path) -> Iterator[Any]:
    """Yield the order sets and resources of a file, its own errors and all."""
    text = path.read_text("utf-8", errors="replace")
    try:
        if path.suffix == ".yaml":
            held = [tree.data for tree in yaml_trees(text)]
        elif path.suffix == ".csv":
            held = [{name: value for name, value in row.items() if value} for row in csv.DictReader(text.splitlines())]
        elif path.suffix == ".json":
            held = [json.loads(text)]
        else:
            held = [json.loads(line) for line in text.splitlines() if line.strip()]
    except Exception:  # noqa: BLE001  # a corpus holds files that nobody can read
        return
    for each in held:
        yield from each if isinstance(each, list) else [each]


def scaled(document: Any) -> Iterator[tuple[str, Any]]:
    """Yield a document with each dose of a known drug a thousandfold, by itself, and which one it is."""
    for place, order in _orders(document):
        for name in FIELDS:
            held = order.get(name)
            if not isinstance(held, str):
                continue
            for match in _NUMBER.finditer(held):
                made = copy.deepcopy(document)
                value = f"{held[: match.start()]}{_thousandfold(match[1])}{held[match.end() :]}"
                _at(made, place)[name] = value
                yield f"{'/'.join(map(str, place))}/{name} {match[0]}", made
    for place in _coded(document):
        made = copy.deepcopy(document)
        _at(made, place)["value"] *= 1000
        yield "/".join(map(str, place)), made


def _thousandfold(number: str) -> str:
    whole, _, part = number.partition(".")
    digits = f"{whole}{part.ljust(3, '0')[:3]}".lstrip("0") or "0"
    return f"{digits}.{part[3:]}" if len(part) > 3 else digits  # a thousand has three zeros


def _orders(document: Any) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    if not isinstance(document, dict) or "resourceType" in document:
        return
    orders = document.get("orders")
    places: list[tuple[Any, ...]] = [()]
    places += [("orders", place) for place in range(len(orders))] if isinstance(orders, list) else []
    for place in places:
        order = _at(document, place)
        if isinstance(order, dict) and drug_name(str(order.get("drug"))) in DRUGS:
            yield place, order


def _coded(data: Any, above: tuple[Any, ...] = (), *, known: bool = False) -> Iterator[tuple[Any, ...]]:
    """Yield the places of the quantities of doses in the resources of known drugs."""
    if isinstance(data, dict) and "resourceType" in data:
        named = json.dumps(
            [data.get(name) for name in ("medicationCodeableConcept", "medication", "productCodeableConcept")]
        )
        known = any(each in named.lower() for each in DRUGS)
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, each in inside:
        is_amount = known and key in IN_FHIR and isinstance(each, dict) and isinstance(each.get("value"), (int, float))
        if is_amount and not {"strength", "strengthRatio", "offsetDuration"} & set(above):
            yield (*above, key)
        else:
            yield from _coded(each, (*above, key), known=known)


def silent(some: list[tuple[str, str, Any]]) -> list[tuple[str, str]]:
    """Return what of these documents has no error, of all of them judged at once."""
    text = "".join(f"{json.dumps(made)}\n" for _, _, made in some)
    outcome = invoke("check", "-", "--stdin-filename", "a.jsonl", "--format", "json", "--isolated", stdin=text)
    found = {each["line"] for each in json.loads(outcome.stdout)["findings"] if each["severity"] == "error"}
    return [(name, where) for line, (name, where, _) in enumerate(some, start=1) if line not in found]


KNOWN = frozenset(
    {
        # The drug is named as one that is compared with nothing, or must not be given.
        ("RC223/fails/example.yaml#0", "/text 800"),
        ("RC242/fails/not-to-do.json#0", "dosageInstruction/0/doseAndRate/0/rateQuantity"),
        # What a container, a line, a flush or the water for crushing holds.
        ("RC308/passes/whole-dose.yaml#0", "orders/0/text 20"),
        ("hospital/third/cathlab-list.yaml#0", "orders/0/text 250"),
        ("hospital/third/ed-acs-form.yaml#0", "orders/3/text 15"),
        ("hospital/third/stroke-rescue-text.yaml#0", "orders/3/text 10"),
        ("hospital/third/stroke-rescue-text.yaml#1", "orders/1/text 3"),
        ("hospital/third/stroke-rescue-text.yaml#1", "orders/1/text 20"),
        ("hospital/fifth/05_cangrelor_pci.json#0", "orders/1/text 50"),
        ("hospital/fifth/05_cangrelor_pci.json#0", "orders/1/text 5"),
        ("hospital/fifth/05_cangrelor_pci.json#0", "orders/1/text 250"),
        ("RC708/passes/counted.yaml#2", "orders/0/text 250"),
        # A limit of the pump, and a cap behind a dose per kg that is judged.
        ("hospital/third/ed-acs-form.yaml#0", "orders/4/text 25"),
        ("hospital/third/ed-acs-form.yaml#0", "orders/4/text 30"),
        ("hospital/sets/eptifibatide-acs.yaml#0", "orders/1/text 7.5"),
        ("hospital/fourth/07_eptifibatide_acs.yaml#0", "orders/0/text 22.6"),
        ("hospital/fourth/07_eptifibatide_acs.yaml#0", "orders/3/text 7.5"),
    }
)
"""What has no error all the same, and why: no dose is given by it."""


def _at(data: Any, place: tuple[Any, ...]) -> Any:
    for key in place:
        data = data[key]
    return data


def cases() -> Iterator[tuple[str, str, Any]]:
    """Yield each dose of each corpus that is a thousandfold: its file, where it is, and the document with it."""
    for path in files():
        for number, document in enumerate(documents(path)):
            for where, made in scaled(document):
                yield f"{path.parent.parent.name}/{path.parent.name}/{path.name}#{number}", where, made
