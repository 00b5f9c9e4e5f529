"""One order is judged alike in every form: python -m tests.order_model.parity --sets 5000 --seed 1.

Makes so many random order sets, half of them with a slip, and compares the findings about numbers of each with those of
the same set with its orders turned round, its fields turned round, as CSV, and as FHIR; exit 1 where one differs.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.reporters.render.json_text import dumps
from tests.fhir_corpus import bundle
from tests.order_model.generator import correct, slipped
from tests.order_model.judging import finding
from tests.support import invoke

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CHUNK: Final = 200
_COMMON: Final = ("--format", "json", "--as-of", "2026-11-24", "--select", "RC3,RC4")
_NOT_COMPARED: Final = "RC401,RC403,RC405,RC406,RC407,RC408,RC409,RC410,RC411,RC412,RC414,RC415,RC416,RC417,RC426,RC431"
"""What is said of a drug or protocol as such, once a file or set, and at whichever order comes first."""
_ALIKE_IN_FHIR: Final = frozenset({"RC402", "RC404", "RC424", "RC425"})
"""Of arithmetic another field may be blamed there: a VTBI is a volume, and one time is the order's for all it does."""
_ORDER: Final = re.compile(r"/orders/(\d+)")

Set = dict[str, Any]
Told = frozenset[tuple[str, ...]]


def sets(seed: int, count: int) -> list[Set]:
    """Return so many order sets, every other one with a slip; each order has an id of its own."""
    half = (count + 1) // 2
    pairs = zip(correct(seed, half), slipped(seed, half), strict=True)
    found = [case.order_set for case in chain.from_iterable(pairs)][:count]
    for number, each in enumerate(found):
        each["order_set"] = f"set {number}"
        for place, order in enumerate(each["orders"]):
            order["id"] = f"o{place}"
    return found


def turned(made: Set) -> Set:
    """Return an order set with its orders the other way round."""
    return {**made, "orders": made["orders"][::-1]}


def reordered(made: Set) -> Set:
    """Return an order set with the fields of each order, and its own, the other way round."""
    orders = [dict(reversed(order.items())) for order in made["orders"]]
    return dict(reversed({**made, "orders": orders}.items()))


def as_rows(found: list[Set]) -> tuple[str, list[int]]:
    """Return order sets as one CSV file, and the first line of each."""
    rows = [
        {
            **order,
            "order_set": made["order_set"],
            **({"protocol": made["protocol"]} if "protocol" in made else {}),
            **{f"patient_{name}": text for name, text in made.get("patient", {}).items()},
        }
        for made in found
        for order in made["orders"]
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, sorted({name for row in rows for name in row}), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    begins, line = [], 2
    for made in found:
        begins.append(line)
        line += len(made["orders"])
    return text.getvalue(), begins


def _judged(text: str, name: str) -> list[tuple[int, tuple[str, ...]]]:
    """Return the findings of a file, each with its line."""
    outcome = invoke("check", "-", "--stdin-filename", name, *_COMMON, "--ignore", _NOT_COMPARED, stdin=text)
    if outcome.exit_code not in {0, 1}:
        raise RuntimeError(outcome.stderr)
    found = [(int(each["line"]), finding(each)) for each in outcome.json["findings"]]
    return [
        (
            line,
            (each.code, each.severity, each.pointer, each.found or "", each.expected or "", *sorted(each.alternatives)),
        )
        for line, each in found
    ]


def _by_line(found: list[Set]) -> list[Told]:
    text = "".join(f"{json.dumps(each)}\n" for each in found)
    told: list[set[tuple[str, ...]]] = [set() for _ in found]
    for line, each in _judged(text, "set.jsonl"):
        told[line - 1].add(each)
    return [frozenset(each) for each in told]


def of_turned(found: list[Set]) -> list[Told]:
    """Return the findings of sets whose orders are turned round, with the pointers of the sets as they were."""

    def back(each: tuple[str, ...], most: int) -> tuple[str, ...]:
        head, rest = each[:2], [_ORDER.sub(lambda at: f"/orders/{most - int(at[1])}", part) for part in each[2:]]
        return (*head, *rest[:3], *sorted(rest[3:]))

    told = _by_line([turned(each) for each in found])
    return [
        frozenset(back(each, len(made["orders"]) - 1) for each in one) for one, made in zip(told, found, strict=True)
    ]


def of_rows(found: list[Set]) -> list[Told]:
    """Return the findings of sets as rows of one CSV file."""
    text, begins = as_rows(found)
    told: list[set[tuple[str, ...]]] = [set() for _ in found]
    for line, each in _judged(text, "set.csv"):
        told[sum(begin <= line for begin in begins) - 1].add(each)
    return [frozenset(each) for each in told]


FORMS: Final[dict[str, Callable[[list[Set]], list[Told]]]] = {
    "its orders turned round": of_turned,
    "its fields turned round": lambda found: _by_line([reordered(each) for each in found]),
    "CSV": of_rows,
}


def in_fhir(made: Set) -> bool:
    """Whether FHIR says all that an order set does.

    Of a text it is read for rates alone, a label and a strength are one there, and what has a rate is an infusion.
    """
    return "patient" in made and all(
        not {"text", "weight", "stop"} & order.keys()
        and not {"concentration", "product"} <= order.keys()
        and not {"give_over", "run_time"} <= order.keys()
        and (order.get("kind") == "infusion" or "pump_rate" not in order)
        for order in made["orders"]
    )


def _codes(told: Told) -> Told:
    return frozenset((each[0] if each[0] in _ALIKE_IN_FHIR else "arithmetic",) for each in told if each[1] == "error")


def differences(found: list[Set]) -> Iterator[tuple[str, Set, Told, Told]]:
    """Yield the sets that are judged otherwise in another form: its name, the set, and both findings."""
    for begin in range(0, len(found), _CHUNK):
        chunk = found[begin : begin + _CHUNK]
        right = _by_line(chunk)
        for name, form in FORMS.items():
            for made, one, other in zip(chunk, right, form(chunk), strict=True):
                if one != other:
                    yield name, made, one, other
        yield from _in_fhir(chunk, right)


def _in_fhir(chunk: list[Set], right: list[Told]) -> Iterator[tuple[str, Set, Told, Told]]:
    some = [(made, told) for made, told in zip(chunk, right, strict=True) if in_fhir(made)]
    text = "".join(f"{dumps(bundle(made), indent=None)}\n" for made, _ in some)
    told: list[set[tuple[str, ...]]] = [set() for _ in some]
    for line, each in _judged(text, "set.jsonl") if some else ():
        told[line - 1].add(each)
    for (made, one), other in zip(some, told, strict=True):
        if _codes(one) != _codes(frozenset(other)):
            yield "FHIR", made, _codes(one), _codes(frozenset(other))


def main() -> int:
    """Print how many sets differ in each form, and the first of them; 1 where one does."""
    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("--sets", type=int, default=500)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--show", type=int, default=3, help="so many of those that differ")
    asked = words.parse_args()
    made = sets(asked.seed, asked.sets)
    counts: Counter[str] = Counter()
    for name, each, one, other in differences(made):
        counts[name] += 1
        if counts[name] <= asked.show:
            sys.stdout.write(f"{name}: {json.dumps(each)}\n  {sorted(one)}\n  {sorted(other)}\n")
    told = ", ".join(f"{counts[name]} as {name}" for name in (*FORMS, "FHIR"))
    sys.stdout.write(f"{len(made):,} sets, of which FHIR says {sum(map(in_fhir, made)):,}; judged otherwise: {told}\n")
    return 1 if counts else 0


if __name__ == "__main__":
    sys.exit(main())
