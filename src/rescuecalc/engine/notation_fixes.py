"""`check --fix` and `--diff`: files with another notation, which are judged as before but for what was fixed."""

from __future__ import annotations

from collections import Counter
from difflib import unified_diff
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.catalogue.codes import drug_codes
from rescuecalc.engine.lint_runner import tally
from rescuecalc.errors import CatalogueError
from rescuecalc.file_access import content_of, write_whole
from rescuecalc.readers.document_reading import LARGEST_JSON, starts_of_lines
from rescuecalc.readers.files import readings
from rescuecalc.readers.text_decoding import BOM, UTF_8
from rescuecalc.rules.facts.notation_edits import FIXED, Edit, edits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from rescuecalc.core.orders.findings.source_location import Located
    from rescuecalc.engine.lint_runner import Tally
    from rescuecalc.engine.reference import Reference
    from rescuecalc.readers.input_paths import File

_OPTION: Final = "--fix"
_TEXTS: Final = frozenset((".yaml", ".yml", ".json", ".jsonl", ".ndjson", ".csv", ".tsv"))
_ROUNDS: Final = 5
"""How often a file is fixed anew: a unit in full may want a space before it."""

_ONE_BY_ONE: Final = 50
"""Fixes that are tried alone, where all of them together are judged otherwise; each costs a reading of the file."""


class Fixed(NamedTuple):
    """One file before and after; ``fixes`` counts what was fixed, ``why_not`` says why nothing was."""

    name: str
    before: str
    after: str
    fixes: int
    why_not: str = ""

    def diff(self) -> str:
        """Return the change as a unified diff, empty where nothing changes."""
        before, after = (each.splitlines(keepends=True) for each in (self.before, self.after))
        made = unified_diff(before, after, self.name, self.name)
        return "".join(each if each.endswith("\n") else f"{each}\n\\ No newline at end of file\n" for each in made)


def fixes(files: Iterable[File], reference_of: Callable[[File], Reference]) -> Iterator[tuple[File, Fixed]]:
    """Yield each file in which a notation can be fixed, or could be and is not; nothing is written.

    What is suppressed or approved stays; what a baseline knows is fixed too.
    """
    for file in files:
        if file.path is None or file.problem is not None or file.suffix not in _TEXTS:
            continue
        try:
            data = content_of(file.path, LARGEST_JSON)
        except CatalogueError:
            continue  # the check says so
        made = _Fixing(file, reference_of).fixed(data)
        if made is not None:
            yield file, made


def write_fixed(made: Fixed, path: Path) -> str:
    """Write a fixed file in place of the old one, and return why it is not, empty where it is.

    A link is not followed, and a file that another program changed meanwhile is left.
    """
    if path.is_symlink():
        return "it is a link; name the file itself"
    if content_of(path, LARGEST_JSON) != made.before.encode():
        return "it changed during the run"
    write_whole(path, made.after.encode(), _OPTION)
    return ""


class _Fixing:
    """One file, judged again and again from memory."""

    def __init__(self, file: File, reference_of: Callable[[File], Reference]) -> None:
        self._file, self._reference_of = file, reference_of

    def fixed(self, data: bytes) -> Fixed | None:
        columns = self._of(self._file).columns_of(self._file.name)
        if columns is not None and columns.encoding not in {"", UTF_8}:
            return None
        try:
            text = before = data.decode()
        except UnicodeDecodeError:
            return None
        count, left = 0, 0
        judged = self._judged(text)
        for _ in range(_ROUNDS):
            wanted = list(self._wanted(judged, text))
            done, text, judged = self._applied(wanted, text, judged)
            count, left = count + done, len(wanted) - done
            if not done:
                break
        name = self._file.name
        if not count and not left:
            return None
        if data.startswith(BOM):
            return Fixed(name, before, before, 0, "it begins with a byte order mark")
        why_not = f"{left} would be judged differently" if left else ""
        return Fixed(name, before, text, count, why_not)

    def _judged(self, text: str) -> Tally:
        return tally([self._file._replace(path=None)], BytesIO(text.encode()), self._of)

    def _of(self, _: File) -> Reference:
        return self._reference_of(self._file)

    def _wanted(self, found: Tally, text: str) -> Iterator[tuple[Edit, ...]]:
        """Yield the edits of each finding that is reported, counted from the beginning of the text; each place once."""
        starts = starts_of_lines(text)
        taken: set[int] = set()
        for each in found.listed:
            made = tuple(_in_text(each, text, starts))
            if made and taken.isdisjoint(place for one in made for place in range(one.begin, one.end)):
                taken.update(place for one in made for place in range(one.begin, one.end))
                yield made

    def _applied(self, wanted: list[tuple[Edit, ...]], text: str, judged: Tally) -> tuple[int, str, Tally]:
        """Return how many fixes were applied, the text, and what is found of it.

        They are all of them, or those that alone change nothing else; ``judged`` is what is found of the text before.
        """
        if not wanted:
            return 0, text, judged
        old = self._state(judged, text)
        together = _edited([one for each in wanted for one in each], text)
        found = self._judged(together)
        if self._state(found, together) == old:
            return len(wanted), together, found
        kept: list[tuple[Edit, ...]] = []
        fixed = text
        for each in islice(wanted, _ONE_BY_ONE):
            changed = _edited([one for those in (*kept, each) for one in those], text)
            found = self._judged(changed)
            if self._state(found, changed) == old:
                kept.append(each)
                fixed, judged = changed, found
        return len(kept), fixed, judged

    def _state(self, found: Tally, text: str) -> _State:
        reported = Counter(
            (each.finding.code, each.finding.severity, each.finding.pointer)
            for each in found.listed
            if each.finding.code not in FIXED
        )
        return _State(reported, tuple(found.states.counts.values()), tuple(self._values(text)), found.unreadable)

    def _values(self, text: str) -> Iterator[Any]:
        """Yield the values of every order: no fix may change one."""
        reference = self._reference_of(self._file)
        columns = reference.columns_of(self._file.name)
        bare = self._file._replace(path=None)
        for reading in readings(bare, BytesIO(text.encode()), drug_codes, columns, UTF_8):
            made = reading.order_set()
            yield str(made.weight), str(made.clearance), len(made.orders)
            for order in made.orders:
                values = tuple((name, each.magnitude, each.unit.name) for name, each in sorted(order.fields.items()))
                yield order.drug, order.route, order.kind, str(order.start), str(order.stop), values


class _State(NamedTuple):
    reported: Counter[Any]
    states: tuple[int, ...]
    values: tuple[Any, ...]
    unreadable: bool


def _in_text(each: Located, text: str, starts: list[int]) -> Iterator[Edit]:
    """Yield the edits of a finding, counted from the beginning of the text."""
    place, finding = each.place, each.finding
    if place is None or not place.length or finding.approval is not None:
        return
    start = starts[place.line - 1]
    end = starts[place.line] if place.line < len(starts) else len(text)
    begin = place.column - 1
    for edit in edits(finding, text[start:end], begin, begin + place.length):
        yield Edit(start + edit.begin, start + edit.end, edit.text)


def _edited(made: list[Edit], text: str) -> str:
    for edit in sorted(made, reverse=True):
        text = f"{text[: edit.begin]}{edit.text}{text[edit.end :]}"
    return text
