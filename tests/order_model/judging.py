"""What `check` finds in many order sets at once, and in one after a change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.support import invoke

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CHUNK: Final = 400
# What is said of a protocol, drug or patient as such, whatever the numbers: harm, labels, run times of sources.
_OF_NO_NUMBER: Final = "RC401,RC403,RC405,RC406,RC407,RC408,RC409,RC410,RC411,RC412,RC414,RC415,RC416,RC417,RC426,RC431"
# What is said of a drug or protocol once a file, so that it depends on which sets stand together.
_ONCE_A_FILE: Final = "RC401,RC407,RC410,RC415"
_COMMON: Final = ("--format", "json", "--as-of", "2026-11-24", "--select", "RC3,RC4")


class Found(NamedTuple):
    """One finding: where it is, what stands there and should, and what else it may be."""

    code: str
    severity: str
    pointer: str
    found: str | None
    expected: str | None
    slips: tuple[str, ...]
    alternatives: tuple[str, ...]


def judged(sets: Sequence[dict[str, Any]], *, numbers: bool = True) -> Iterator[list[Found]]:
    """Yield the findings of each order set; with ``numbers`` only those about numbers that contradict each other."""
    more = ("--ignore", _OF_NO_NUMBER if numbers else _ONCE_A_FILE)
    for begin in range(0, len(sets), _CHUNK):
        chunk = sets[begin : begin + _CHUNK]
        yield from _judged(chunk, more)


def _judged(chunk: Sequence[dict[str, Any]], more: tuple[str, ...]) -> list[list[Found]]:
    text = "".join(f"{json.dumps(each)}\n" for each in chunk)
    outcome = invoke("check", "-", "--stdin-filename", "set.jsonl", *_COMMON, *more, stdin=text)
    if outcome.exit_code not in {0, 1}:
        raise RuntimeError(outcome.stderr)
    document = json.loads(outcome.stdout)
    found: list[list[Found]] = [[] for _ in chunk]
    for each in document["findings"]:
        found[each["line"] - 1].append(finding(each))
    if sum(len(each) for each in found) != sum(document["summary"][name] for name in ("error", "warning", "note")):
        raise RuntimeError("not every finding is listed: take a smaller chunk")
    return found


def finding(each: dict[str, Any]) -> Found:
    """Return a finding of `check --format json`."""
    others = tuple(other["pointer"] for other in each.get("alternatives", ()))
    head = (each["code"], each["severity"], each["pointer"], each["found"], each["expected"])
    return Found(*head, tuple(each["slip"]), others)


def written(order_set: dict[str, Any], found: Found) -> dict[str, Any] | None:
    """Return the order set with what is expected at the finding's place; None where nothing can be written there.

    In a text what was found is replaced and the rest of its words stay.
    """
    changed: dict[str, Any] = json.loads(json.dumps(order_set))
    *way, last = found.pointer.split("/")[1:]
    holder: Any = changed
    for step in way:
        holder = holder[int(step)] if isinstance(holder, list) else holder.get(step)
        if holder is None:
            return None
    if found.expected is None or not isinstance(holder, dict) or not isinstance(holder.get(last, ""), str):
        return None
    before = holder.get(last, "")
    whole = last != "text" or not found.found or found.found not in before
    holder[last] = found.expected if whole else before.replace(found.found or "", found.expected)
    return changed
