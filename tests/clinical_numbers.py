"""The numbers of `data/`, one row each, in a committed file: none changes without a line under Clinical content.

``python -m tests.clinical_numbers`` records them anew. It refuses a number that has changed while no entry of the
Clinical content of CHANGELOG.md since the last record names it; the file's own digest shows that it was not written by
hand.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
DATA = ROOT / "src" / "rescuecalc" / "data"
RECORDED = Path(__file__).parent / "golden" / "clinical_numbers.csv"
NOT_NUMBERS = frozenset({"id", "ref", "refs", "doi", "url", "locator", "source", "sources", "studies", "atc", "rxnorm"})
"""Names and references: their digits say where a number was read, and are none."""

NOT_CLINICAL = frozenset({"sources.toml", "known_answers.toml"})
"""Titles and years, and numbers that repeat the others for the self-test."""

_NUMBER = re.compile(r"(?<![A-Za-z0-9.])[0-9][0-9,]*(?:\.[0-9]+)?")
_ID = re.compile(r"\b[a-z][a-z0-9]*(?:-[a-z0-9]+)+\b")


class Row(NamedTuple):
    """The numbers of one value: in which file, under which key, in the order in which they stand."""

    file: str
    key: str
    number: str


class Recorded(NamedTuple):
    """What the committed file holds; ``section`` is the digests of the entries of Clinical content."""

    section: str
    digest: str
    rows: tuple[Row, ...]


def numbers(data: Path = DATA) -> tuple[Row, ...]:
    """Return every number of the data files, sorted by file and key."""
    files = [file for file in sorted(data.rglob("*.toml")) if file.name not in NOT_CLINICAL]
    found = (row for file in files for row in _rows(file, file.relative_to(data).as_posix()))
    return tuple(sorted(found))


def _rows(path: Path, name: str) -> Iterator[Row]:
    for key, value in _values(tomllib.loads(path.read_text("utf-8")), ""):
        said = " ".join(_NUMBER.findall(_ID.sub(" ", value)))
        if said:
            yield Row(name, key, said)


def _values(value: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in NOT_NUMBERS:
                yield from _values(each, f"{key}.{name}" if key else name)
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _values(each, f"{key}[{_name(each, place)}]")
    elif not isinstance(value, bool):
        yield key, str(value)


def _name(value: Any, place: int) -> str:
    """Return what an entry of a list is called, so that one that is put before it changes no key but its own."""
    if isinstance(value, dict) and isinstance(value.get("id"), str):
        return str(value["id"])
    if isinstance(value, dict) and ("what" in value or "when" in value):
        return " ".join(str(value.get(each, ""))[:40] for each in ("drug", "what", "when")).strip()
    if isinstance(value, dict) and "indication" in value:
        return " ".join(str(value[each]) for each in ("drug", "kind", "route", "phase", "indication", "variable"))
    return str(place)


def clinical_content(changelog: str) -> str:
    """Return the section of the changelog that names changes of numbers, limits, sources and severities."""
    return changelog.split("### Clinical content", 1)[1].split("\n### ", 1)[0].split("\n## ", 1)[0]


def entries(section: str) -> tuple[str, ...]:
    """Return the entries of a section, each as the text behind its dash."""
    return tuple(re.split(r"(?:^|\n)- ", section)[1:])


def digests(section: str) -> str:
    """Return a short fingerprint of each entry, by which a new one is told from those that were there."""
    return " ".join(digest(each.strip())[:8] for each in entries(section))


def unnamed(changed: list[str], section: str, held: str) -> list[str]:
    """Return the changes whose number no entry names that is new since the last record."""
    known = frozenset(held.split())
    fresh = (each for each in entries(section) if digest(each.strip())[:8] not in known)
    named = {number.rstrip(",") for each in fresh for number in _NUMBER.findall(each)}
    return [each for each in changed if not named.issuperset(_of_change(each))]


def _of_change(change: str) -> list[str]:
    """Return the new numbers of a change, of one that is gone the old ones."""
    before, after = change.rpartition(": ")[2].split(" → ")
    return [each.rstrip(",") for each in (before if after == "none" else after).split()]


def digest(text: str) -> str:
    """Return a short fingerprint of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def written(rows: tuple[Row, ...], section: str) -> str:
    """Return the file that is committed: a line with the digests of the entries and its own, then the rows."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(Row._fields)
    writer.writerows(rows)
    return f"# clinical content {section}, rows {digest(section + target.getvalue())}\n{target.getvalue()}"


def recorded(path: Path = RECORDED) -> Recorded:
    """Return what was recorded."""
    first, _, rest = path.read_text("utf-8").partition("\n")
    section, own = first.removeprefix("# clinical content ").split(", rows ")
    rows = tuple(Row(*cells) for cells in list(csv.reader(io.StringIO(rest)))[1:])
    return Recorded(section, own, rows)


def changes(before: tuple[Row, ...], after: tuple[Row, ...]) -> list[str]:
    """Return each number that differs, by file and key: before → after."""
    old, new = ({(row.file, row.key): row.number for row in rows} for rows in (before, after))
    keys = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
    return [f"{file}: {key}: {old.get((file, key), 'none')} → {new.get((file, key), 'none')}" for file, key in keys]


def record(path: Path = RECORDED, data: Path = DATA, changelog: Path = ROOT / "CHANGELOG.md") -> list[str]:
    """Record the numbers; return what keeps them from it, and write nothing then."""
    found, section = numbers(data), clinical_content(changelog.read_text("utf-8"))
    held = recorded(path) if path.exists() else Recorded("", "", found)
    missing = unnamed(changes(held.rows, found), section, held.section)
    if missing:
        return [*missing, "name the number in a line under Clinical content in CHANGELOG.md, then record again"]
    path.write_text(written(found, digests(section)), "utf-8")
    return []


if __name__ == "__main__":
    sys.exit("\n".join(record()) or 0)
