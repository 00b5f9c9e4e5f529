"""`check --fix` and `--diff`: correct the notation of files, so that every other finding stays as it was."""

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
from rescuecalc.rules.facts.notation_edits import FIXABLE, Edit, edits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from rescuecalc.core.orders.findings.source_location import Located
    from rescuecalc.engine.lint_runner import Tally
    from rescuecalc.engine.reference import Reference
    from rescuecalc.readers.input_paths import File

_OPTION: Final = "--fix"
_TEXT_FORMATS: Final = frozenset((".yaml", ".yml", ".json", ".jsonl", ".ndjson", ".csv", ".tsv"))
_MOST_ROUNDS: Final = 5
"""How often a file is fixed anew: a unit in full may want a space before it."""

_MOST_SINGLE_FIXES: Final = 50
"""Fixes that are tried one by one where all of them together change a verdict; each costs a reading of the file."""


class FixedFile(NamedTuple):
    """One file before and after, the number of its fixes, and why others were not made (empty where all were)."""

    name: str
    before: str
    after: str
    fix_count: int
    reason_unfixed: str = ""

    def diff(self) -> str:
        """Return the change as a unified diff, empty where nothing changes."""
        before, after = (each.splitlines(keepends=True) for each in (self.before, self.after))
        lines = unified_diff(before, after, self.name, self.name)
        return "".join(each if each.endswith("\n") else f"{each}\n\\ No newline at end of file\n" for each in lines)


def fixed_files(files: Iterable[File], reference_of: Callable[[File], Reference]) -> Iterator[tuple[File, FixedFile]]:
    """Yield each file whose notation can be fixed, with the result; nothing is written.

    A file is yielded also where no fix was made because each would change another finding.
    What is suppressed or approved stays; what a baseline knows is fixed too.
    """
    for file in files:
        if file.path is None or file.problem is not None or file.suffix not in _TEXT_FORMATS:
            continue
        try:
            data = content_of(file.path, LARGEST_JSON)
        except CatalogueError:
            continue  # the check reports it
        fixed = _FileFixer(file, reference_of).fix(data)
        if fixed is not None:
            yield file, fixed


def write_fixed(fixed: FixedFile, path: Path) -> str:
    """Write a fixed file in place of the old one, and return why it was not written, empty where it was.

    A link is not followed, and a file that another program changed meanwhile is left.
    """
    if path.is_symlink():
        return "it is a link; name the file itself"
    if content_of(path, LARGEST_JSON) != fixed.before.encode():
        return "it changed during the run"
    write_whole(path, fixed.after.encode(), _OPTION)
    return ""


class _FileFixer:
    """Fixes one file in memory, and checks it again after each fix."""

    def __init__(self, file: File, reference_of: Callable[[File], Reference]) -> None:
        self._file, self._reference_of = file, reference_of

    def fix(self, data: bytes) -> FixedFile | None:
        """Return the fixed file, or None where no finding has a fix or the file is not UTF-8."""
        columns = self._reference(self._file).columns_of(self._file.name)
        if columns is not None and columns.encoding not in {"", UTF_8}:
            return None
        try:
            text = before = data.decode()
        except UnicodeDecodeError:
            return None
        fix_count, unfixed = 0, 0
        findings = self._check(text)
        for _ in range(_MOST_ROUNDS):
            proposed = list(self._proposed_fixes(findings, text))
            applied, text, findings = self._apply(proposed, text, findings)
            fix_count, unfixed = fix_count + applied, len(proposed) - applied
            if not applied:
                break
        name = self._file.name
        if not fix_count and not unfixed:
            return None
        if data.startswith(BOM):
            return FixedFile(name, before, before, 0, "it begins with a byte order mark")
        reason_unfixed = f"{unfixed} would be judged differently" if unfixed else ""
        return FixedFile(name, before, text, fix_count, reason_unfixed)

    def _check(self, text: str) -> Tally:
        return tally([self._file._replace(path=None)], BytesIO(text.encode()), self._reference)

    def _reference(self, _: File) -> Reference:
        return self._reference_of(self._file)

    def _proposed_fixes(self, findings: Tally, text: str) -> Iterator[tuple[Edit, ...]]:
        """Yield the edits of each reported finding, with offsets into the text; no character is edited twice."""
        starts = starts_of_lines(text)
        edited: set[int] = set()
        for each in findings.listed:
            fix = tuple(_edits_in_text(each, text, starts))
            if fix and edited.isdisjoint(offset for edit in fix for offset in range(edit.begin, edit.end)):
                edited.update(offset for edit in fix for offset in range(edit.begin, edit.end))
                yield fix

    def _apply(self, proposed: list[tuple[Edit, ...]], text: str, findings: Tally) -> tuple[int, str, Tally]:
        """Return the number of fixes applied, the new text and its findings; ``findings`` are those of ``text``.

        All fixes are applied where they change no other finding; else those that, one by one, change none.
        """
        if not proposed:
            return 0, text, findings
        before = self._verdict(findings, text)
        all_applied = _apply_edits([edit for fix in proposed for edit in fix], text)
        checked = self._check(all_applied)
        if self._verdict(checked, all_applied) == before:
            return len(proposed), all_applied, checked
        accepted: list[tuple[Edit, ...]] = []
        fixed_text = text
        for each in islice(proposed, _MOST_SINGLE_FIXES):
            candidate = _apply_edits([edit for fix in (*accepted, each) for edit in fix], text)
            checked = self._check(candidate)
            if self._verdict(checked, candidate) == before:
                accepted.append(each)
                fixed_text, findings = candidate, checked
        return len(accepted), fixed_text, findings

    def _verdict(self, findings: Tally, text: str) -> _Verdict:
        reported = Counter(
            (each.finding.code, each.finding.severity, each.finding.pointer)
            for each in findings.listed
            if each.finding.code not in FIXABLE
        )
        states = tuple(findings.states.counts.values())
        return _Verdict(reported, states, tuple(self._values(text)), findings.unreadable)

    def _values(self, text: str) -> Iterator[Any]:
        """Yield the values of every order: no fix may change one."""
        reference = self._reference_of(self._file)
        columns = reference.columns_of(self._file.name)
        in_memory = self._file._replace(path=None)
        for reading in readings(in_memory, BytesIO(text.encode()), drug_codes, columns, UTF_8):
            order_set = reading.order_set()
            yield str(order_set.weight), str(order_set.clearance), len(order_set.orders)
            for order in order_set.orders:
                values = tuple((name, each.magnitude, each.unit.name) for name, each in sorted(order.fields.items()))
                yield order.drug, order.route, order.kind, str(order.start), str(order.stop), values


class _Verdict(NamedTuple):
    """What a fix must leave as it was: other findings, judged states, values, unreadable parts."""

    reported: Counter[Any]
    states: tuple[int, ...]
    values: tuple[Any, ...]
    unreadable: bool


def _edits_in_text(located: Located, text: str, starts: list[int]) -> Iterator[Edit]:
    """Yield the edits of a finding, with offsets into the text; ``starts`` are those of its lines."""
    place, finding = located.place, located.finding
    if place is None or not place.length or finding.approval is not None:
        return
    start = starts[place.line - 1]
    end = starts[place.line] if place.line < len(starts) else len(text)
    begin = place.column - 1
    for edit in edits(finding, text[start:end], begin, begin + place.length):
        yield Edit(start + edit.begin, start + edit.end, edit.text)


def _apply_edits(changes: list[Edit], text: str) -> str:
    for edit in sorted(changes, reverse=True):
        text = f"{text[: edit.begin]}{edit.text}{text[edit.end :]}"
    return text
