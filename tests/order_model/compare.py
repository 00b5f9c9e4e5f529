"""Every difference between what was recorded and what is found today: python -m tests.order_model.compare.

Differences are grouped by source and by the codes before and after, each with how many sets have it and one of them.
A group may differ only where `differences.toml` lists it with a reason, and in no more sets than it says there; a group
that is listed and no longer differs is to be taken out. So the list can only shrink, and no error is lost unseen.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.order_model.record import found_today, recorded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_KNOWN: Final = 0.8
LISTED: Final = Path(__file__).parent / "differences.toml"


class Group(NamedTuple):
    """Codes with their severity that are found before or after alone; `elsewhere` where only the place differs."""

    source: str
    old: str
    new: str


class Difference(NamedTuple):
    """A group, how many sets have it, and the first of them."""

    group: Group
    sets: int
    example: str


class Pair(NamedTuple):
    """What one order set of a source had, and what it has today: findings with how often each is there."""

    source: str
    name: str
    old: Counter[tuple[str, ...]]
    new: Counter[tuple[str, ...]]


def differences(every: int = 1) -> list[Difference]:
    """Return how today's findings differ from the recorded ones; of each source every so many sets are asked.

    Raises LookupError where most sets of a source have no record: they are others, and have to be recorded again.
    """
    counts: Counter[Group] = Counter()
    examples: dict[Group, str] = {}
    for each in _pairs(every):
        group = grouped(each)
        if group is not None:
            counts[group] += 1
            examples.setdefault(group, each.name)
    return [Difference(group, count, examples[group]) for group, count in sorted(counts.items())]


def _pairs(every: int) -> Iterator[Pair]:
    before = recorded()
    for source, found, sets in found_today(every):
        known = [name for name in found if name in before[source]]
        if len(known) < len(found) * _KNOWN:
            raise LookupError(f"of {len(found)} order sets of {source!r} {len(known)} are recorded: record them again")
        for name in known:
            old, new = (Counter(tuple(each) for each in listed) for listed in (before[source][name], found[name]))
            yield Pair(source, _shown(sets[name]), old, new)


def _shown(example: Any) -> str:
    """Return an order set on a line, for `check` to read again; a file by its name."""
    return example if isinstance(example, str) else json.dumps(example)


def grouped(pair: Pair) -> Group | None:
    """Return the group of an order set by what it lost and what it gained; None where nothing differs."""
    gone, come = pair.old - pair.new, pair.new - pair.old
    if not gone and not come:
        return None
    codes = [", ".join(sorted(f"{code} {severity}" for code, severity, _ in each.elements())) for each in (gone, come)]
    return Group(
        pair.source, codes[0] or "none", f"{codes[1]} elsewhere" if codes[0] == codes[1] else codes[1] or "none"
    )


def listed() -> dict[Group, dict[str, Any]]:
    """Return the differences that have a reason, each with `most`, the most sets that may have it."""
    entries = tomllib.loads(LISTED.read_text("utf-8")).get("difference", [])
    return {Group(each["source"], each["old"], each["new"]): each for each in entries}


def problems(found: Sequence[Difference], known: Mapping[Group, Mapping[str, Any]], *, whole: bool) -> Iterator[str]:
    """Yield what the list does not allow, and of a whole comparison what it holds for nothing."""
    for group, count, example in found:
        entry = known.get(group)
        if entry is None:
            yield f"not listed: {count} in {group.source}: {group.old} -> {group.new}, such as {example}"
        elif count > entry["most"]:
            yield f"{count} and not {entry['most']} in {group.source}: {group.old} -> {group.new}, such as {example}"
    for group, entry in known.items():
        if not entry["reason"].strip():
            yield f"without a reason: {group.source}: {group.old} -> {group.new}"
        if whole and group not in {each.group for each in found}:
            yield f"listed, and no longer so: {group.source}: {group.old} -> {group.new}"


def main() -> int:
    """Print the differences, then what the list does not allow; 1 where there is any."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="compare every so many sets of a source alone")
    given = parser.parse_args()
    found = differences(given.every)
    for group, count, example in found:
        sys.stdout.write(f"{count:>6}  {group.source}: {group.old} -> {group.new}, such as {example}\n")
    wrong = list(problems(found, listed(), whole=given.every == 1))
    sys.stdout.writelines(f"PROBLEM: {each}\n" for each in wrong)
    sys.stdout.write(f"{len(found)} groups of differences, {len(wrong)} problems\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
