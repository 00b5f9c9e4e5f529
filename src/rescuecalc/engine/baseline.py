"""The baseline: findings that were there when a team began, so that only new ones count."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.errors import CatalogueError, InputError
from rescuecalc.file_access import content_of, open_regular, reason, refuse_output, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.core.orders.findings.source_location import Located

_SCHEMA: Final = "rescuecalc.baseline.1"
_DIGITS: Final = 32
_LARGEST: Final = 100_000_000
_MOST: Final = 10_000_000
_BEGINNING: Final = 200
_OPTION: Final = "--write-baseline"


class KnownFinding(NamedTuple):
    """One known finding: its file, from the folder of the baseline, its rule, and a fingerprint without a line."""

    file: str
    code: str
    fingerprint: str


class Baseline:
    """The known findings of one baseline file; each takes away one finding."""

    def __init__(self, path: Path, known: Counter[KnownFinding]) -> None:
        self._folder, self._left = path.absolute().parent, known
        self._files: dict[str, str] = {}

    def consumes(self, each: Located) -> bool:
        """Whether the finding is known; one that is known once is new when it comes twice."""
        entry = _entry(each, self._folder)
        if not self._left[entry]:
            return False
        self._left[entry] -= 1
        return True

    def saw(self, file: str) -> None:
        """Take note that a file was checked."""
        self._files[_relative(file, self._folder)] = file

    def unused(self, codes: frozenset[str]) -> tuple[tuple[KnownFinding, int], ...]:
        """Return the entries of checked files and judged rules that nothing needed, with how often nothing did.

        Their files are under their names of this run. An entry is one however often it counts: a number in the file
        must not become as many findings.
        """
        return tuple(
            (entry._replace(file=self._files[entry.file]), left)
            for entry, left in sorted(self._left.items())
            if left and entry.file in self._files and entry.code in codes
        )


def read_baseline(path: Path) -> Baseline:
    """Return the baseline of a file; CatalogueError where it is none."""
    try:
        document = json.loads(content_of(path, _LARGEST))
        entries = Counter({_read(each): _count(each) for each in document["findings"]})
        known = document["schema"] == _SCHEMA
    except (ValueError, KeyError, TypeError, RecursionError):
        raise CatalogueError((f"{path}: is not a baseline; write one with --write-baseline",)) from None
    if not known:
        raise CatalogueError((f"{path}: is not a baseline that this version reads ({_SCHEMA})",))
    return Baseline(path, entries)


def _read(each: Any) -> KnownFinding:
    entry = KnownFinding(each["file"], each["code"], each["fingerprint"])
    if not all(isinstance(part, str) for part in entry):
        raise TypeError("an entry is of texts")
    return entry


def _count(each: Any) -> int:
    count = each["count"]
    if type(count) is not int or not 1 <= count <= _MOST:
        raise TypeError("a count is a whole number from 1 on")
    return count


def refuse_baseline_output(path: Path, inputs: Iterable[Path]) -> None:
    """Refuse a file to write that is not a baseline: InputError for what the run reads, a link, anything else."""
    refuse_output(path, _OPTION, inputs)
    if path.exists() and not _may_be_replaced(path):
        raise InputError(f"{_OPTION}: {path} is not a baseline and would be lost; name another file")


def _may_be_replaced(path: Path) -> bool:
    """Whether a file is empty, or a baseline of any version; its schema stands first, and a broken one counts too."""
    try:
        with open_regular(path) as stream:
            begins = stream.read(_BEGINNING)
    except OSError as failure:
        raise CatalogueError((f"{_OPTION}: {path} cannot be written: {reason(failure)}",)) from None
    return not begins.strip() or b'"rescuecalc.baseline.' in begins


def write_baseline(path: Path, located: Iterable[Located]) -> int:
    """Write the findings as a baseline; return how many there are. Of an order set only names and pointers are kept."""
    counted = Counter(_entry(each, path.absolute().parent) for each in located)
    findings = [{**entry._asdict(), "count": count} for entry, count in sorted(counted.items())]
    # Sorted, a field a line: what a change of the baseline adds can be read in a review.
    text = json.dumps({"schema": _SCHEMA, "findings": findings}, indent=1, ensure_ascii=True)
    write_whole(path, f"{text}\n".encode(), _OPTION)
    return sum(counted.values())


def _entry(each: Located, folder: Path) -> KnownFinding:
    from hashlib import sha256  # noqa: PLC0415  # loads OpenSSL, which a run without a baseline has no use for

    # Without line and column, which move when a line is added above.
    _, _, about = each.identity.partition("\n")  # the file's name stands first, as it was typed
    # A digest, and no text of the order: a baseline lies in a repository, where nothing of a patient may stand.
    digest = sha256(about.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    return KnownFinding(_relative(each.finding.file or "", folder), each.finding.code, digest)


def _relative(file: str, folder: Path) -> str:
    """Return a file's path from the baseline's folder: the same from wherever it is checked."""
    try:
        return Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:  # on another drive
        return Path(file).as_posix()
