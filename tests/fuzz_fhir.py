"""Resources of FHIR with damage done to them: python -m tests.fuzz_fhir [INPUTS] [--seed N].

As tests/fuzz_check.py, with changes to the tree of a resource as well: values of other kinds, parts lost, doubled,
moved and renamed. A small sample runs in tests/test_fuzz.py.
"""

from __future__ import annotations

import json
import random
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rescuecalc.reporters.render.json_text import dumps
from tests.corpus import order_sets
from tests.fhir_corpus import bundle
from tests.fuzz_check import damaged, main

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 60, 10**30, "", " ", "0.15", "NaN", "\u00b5g", "x" * 11_000),
    *([], {}, [[]], [{}], {"": 1}),
    *("ug/kg/min", "ug/kg.min", "MG", "mcg", "kg.min", "{tablet}", "min", "mL", "[iU]/h", "(" * 60),
    *("1", "d", "wk", "a"),
    *("#med", "#", "Medication/1", "urn:uuid:0", "MedicationRequest/drip", "http://x/y|1", "2026-03-28T20:00:00Z"),
    *("2026-02-31T99:00:00+99:00", "0001-01-01T00:00:00-12:00", "9999-12-31T23:59:59+14:00", "2026-03-28"),
    *("Bundle", "MedicationRequest", "RequestGroup", "PlanDefinition", "Observation", "Patient", "Medication", "X"),
    *("exactly-one", "after-start", "before-end", "active", "transaction", "searchset", "29463-7"),
    {"value": 0, "system": "http://unitsofmeasure.org", "code": "min"},
    {"numerator": {"value": 1}, "denominator": {"value": 0}},
    {"reference": "#med"},
    {"coding": [{"system": ["x"], "code": {}}], "text": ["y"]},
)  # fmt: skip
NAMES = (
    *("dose", "doseQuantity", "rateQuantity", "rateRatio", "doseRange", "rateRange", "low", "high", "value", "code"),
    *("unit", "system", "numerator", "denominator", "timing", "repeat", "duration", "contained", "action", "entry"),
    *("resource", "medication", "concept", "reference", "item", "strengthRatio", "modifierExtension", "doNotPerform"),
    *("resourceType", "id", "relatedAction", "actionId", "targetId", "offsetDuration", "asNeeded", "maxDosePerPeriod"),
)


def seeds() -> list[Any]:
    """Return what is damaged: the files of the rules' cases, and order sets as Bundles of R4 and R5."""
    paths = sorted((ROOT / "tests" / "orders").glob("RC2[34]*/*/*.json"))
    found = [json.loads(path.read_text("utf-8"), parse_float=Decimal) for path in paths]
    sets = list(order_sets())[::29]
    return found + [bundle(each, r5=r5, ratios=r5) for each in sets for r5 in (False, True)]


def _nodes(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place of a tree: what holds it, and its key or number there."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in list(inside):
        yield value, key
        yield from _nodes(each)


def _copied(value: Any) -> Any:
    return json.loads(dumps(value, indent=None), parse_float=Decimal)


def changed(resource: Any, chance: random.Random) -> Any:
    """Return a copy of a resource with one to four parts of it changed."""
    made = _copied(resource)
    for _ in range(chance.randint(1, 4)):
        nodes = list(_nodes(made))
        if not nodes:
            return made
        (holds, key), (other, name) = chance.choice(nodes), chance.choice(nodes)
        kind = chance.randrange(6)
        if kind == 0:
            del holds[key]
        elif kind == 1 and isinstance(holds, dict):
            holds[chance.choice(NAMES)] = _copied(holds[key])
        elif kind == 2:
            holds[key] = _copied(other[name])
        elif kind == 3 and isinstance(holds, list):
            holds.extend(_copied(holds))
        else:
            holds[key] = _copied(chance.choice(ODD))
    return made


def inputs(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield damaged resources, some of them several to a file."""
    chance, found = random.Random(seed), seeds()  # noqa: S311  # the same inputs each time
    for _ in range(count):
        made = changed(chance.choice(found), chance)
        if chance.random() < 0.2:
            lines = [made, chance.choice(found), changed(chance.choice(found), chance)]
            data = "\n".join(dumps(each, indent=None) for each in lines).encode()
            yield ".ndjson", damaged(data, chance) if chance.random() < 0.3 else data
        else:
            data = dumps(made, indent=1).encode()
            yield ".json", damaged(data, chance) if chance.random() < 0.3 else data


if __name__ == "__main__":
    sys.exit(main(inputs))
