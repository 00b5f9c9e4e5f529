"""Files through readers and rules to located findings: streamed, each finding placed, the list within its bound."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.catalogue.codes import drug_codes
from rescuecalc.core.orders.findings.finding import Finding, Severity
from rescuecalc.core.orders.findings.source_location import Located
from rescuecalc.engine.approvals import Approvals
from rescuecalc.engine.site_products import with_product, with_site_products
from rescuecalc.engine.suppression_filter import (
    SuppressionFilter,
    SuppressionUse,
    is_of_order_sets,
    of_approvals,
    unused_at_the_end,
    without_effect,
)
from rescuecalc.engine.verdict_cache import NAME, Judgement, Verdicts
from rescuecalc.readers.files import readings
from rescuecalc.readers.text_decoding import UTF_8
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.document.document import UNREADABLE
from rescuecalc.rules.facts.judged_state import JudgedState, judged_states
from rescuecalc.rules.facts.patient_facts import in_order, not_given
from rescuecalc.rules.judging.written_judge import OF_FILE, as_whole, judge_written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rescuecalc.core.orders.findings.suppression import Suppression
    from rescuecalc.core.orders.order import OrderSet
    from rescuecalc.engine.baseline import Baseline
    from rescuecalc.engine.reference import Reference
    from rescuecalc.readers.document_reading import Reading
    from rescuecalc.readers.input_paths import File
    from rescuecalc.rules.facts.judged_state import OrderState

MOST_LISTED: Final = 10_000
"""Findings of each severity that are listed; all are counted."""

_HANDED_ON: Final = 200
"""Findings that are put in order together where they are told while the rest is judged."""

_DOCUMENT: Final = "1"
"""The family about the document, which speaks of each place."""


_DRUGS_NAMED: Final = 8
"""Drugs without a known limit that are named: a million rows may name as many."""

_NUMBER: Final = re.compile(r"[0-9]{1,9}")


class Standing(NamedTuple):
    """How far one order could be judged, and where it stands."""

    file: str
    line: int | None
    id: str
    drug: str
    state: JudgedState


class StateCounts:
    """How many orders could be judged how far, and the first drugs of which no limit is known."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(JudgedState, 0)
        self._drugs: dict[str, None] = {}

    def add(self, states: Iterable[OrderState]) -> None:
        """Count the orders of an order set."""
        for each in (one for one in states if not one.is_end):
            self.counts[each.state] += 1
            if each.state is JudgedState.ARITHMETIC and each.drug and len(self._drugs) <= _DRUGS_NAMED:
                self._drugs[each.drug] = None

    def no_limit_for(self) -> tuple[tuple[str, ...], bool]:
        """Return the drugs that are named, and whether there are others."""
        return tuple(sorted(islice(self._drugs, _DRUGS_NAMED))), len(self._drugs) > _DRUGS_NAMED


class Tally:
    """What was found: findings listed within a bound, everything counted; ``every`` keeps all for a baseline.

    Where a ``sink`` takes them all are handed to it, a few hundred at a time and at the end of each file, and none
    stays listed.
    """

    def __init__(self, *, keep: bool = False, sink: Callable[[list[Located]], None] | None = None) -> None:
        self.sink = sink
        self.listed: list[Located] = []
        self.every: list[Located] | None = [] if keep else None
        self.counts = dict.fromkeys(Severity, 0)
        self.names: list[str] = []
        self.files = self.orders = self.passed_over = self.known = self.suppressed = self.approved = 0
        self.unread: Counter[str] = Counter()
        self.by_code: Counter[tuple[str, str, Severity]] = Counter()
        self.unreadable = self.reached = False
        self.states = StateCounts()
        self.not_given: dict[str, None] = {}
        self.standings: list[Standing] = []

    def add(self, finding: Finding, located: Callable[[], Located], threshold: Severity) -> None:
        """Count a finding, and list it unless its severity has reached the bound."""
        self.counts[finding.severity] += 1
        self.by_code[finding.code, finding.name, finding.severity] += 1
        fails = finding.approval is None and finding.severity.reaches(threshold)
        self.approved += finding.approval is not None
        self.unreadable = self.unreadable or finding.code in UNREADABLE
        self.reached = self.reached or fails
        # By severity: a million notes must not push the one error out of the list.
        if self.sink is not None or self.counts[finding.severity] <= MOST_LISTED:
            self.listed.append(located()._replace(fails=fails))
        # What could not be read is in no baseline: known or not, it was never judged.
        if self.every is not None and finding.approval is None and is_of_order_sets(finding):
            self.every.append(located())

    def hand_on(self) -> None:
        """Hand what was found since the last time to the sink, where there is one, in the order of its places."""
        if self.sink is None or not self.listed:
            return
        self.listed.sort(key=_order)
        self.sink(self.listed)
        self.listed = []

    def list_in_order(self, most: int | None) -> None:
        """Sort what is listed by place; of more than ``most`` the heaviest stay, the first of a severity."""
        self.listed.sort(key=_order)
        if most is not None and len(self.listed) > most:
            # A stable sort: of one severity the first in the file stay, which are the ones a reader comes to first.
            heaviest = sorted(self.listed, key=lambda each: each.finding.severity.rank)
            self.listed = sorted(heaviest[:most], key=_order)

    @property
    def left_out(self) -> int:
        """How many findings are counted and not listed."""
        return 0 if self.sink is not None else sum(self.counts.values()) - len(self.listed)


def tally(
    files: Iterable[File],
    stdin: IO[bytes],
    reference_of: Callable[[File], Reference],
    baseline: Baseline | None = None,
    *,
    keep: bool = False,
    most: int | None = None,
    show_judged: bool = False,
    total: Tally | None = None,
    judge: Callable[[File, IO[bytes], Reference], Iterable[tuple[Reading, Judgement]]] | None = None,
) -> Tally:
    """Return the findings of the files; one that cannot be read does not keep the others from being judged.

    ``total`` is what counts them, for a caller that takes them one after the other, or has to know how far a run
    came. At most ``most`` findings are listed, where it is given; all are counted. ``show_judged`` keeps the state of
    each order, as far as they are listed. ``judge`` judges the readings of a file, also in other processes.
    """
    total = total or Tally(keep=keep)
    for _ in steps(files, stdin, reference_of, total, baseline, show_judged=show_judged, judge=judge):
        pass
    total.list_in_order(most)
    return total


def steps(
    files: Iterable[File],
    stdin: IO[bytes],
    reference_of: Callable[[File], Reference],
    total: Tally,
    baseline: Baseline | None = None,
    *,
    show_judged: bool = False,
    judge: Callable[[File, IO[bytes], Reference], Iterable[tuple[Reading, Judgement]]] | None = None,
) -> Iterator[None]:
    """Judge the files into ``total``, and yield after each reading: a caller takes what is found meanwhile."""
    judge = judge or FilesJudge()
    last = None
    uses: dict[Suppression, SuppressionUse] = {}
    approvals = Approvals()
    references: dict[int, Reference] = {}
    for file in files:
        total.files += 1
        total.names.append(file.name)
        last = reference_of(file)
        # Many folders share one settings file; what is said of it is said once a run.
        references.setdefault(id(last.settings), last)
        suppressions = SuppressionFilter(file, last, baseline, uses)
        judged = judge(file, stdin, last)
        yield from _take(file, judged, last, total, suppressions, approvals, show_judged=show_judged)
    if last is not None:
        every = references.values()
        left = (*unused_at_the_end(uses, baseline, last), *without_effect(every), *of_approvals(approvals, every))
        for each in left:
            total.add(each.finding, partial(_same, each), last.threshold)
    total.hand_on()
    total.not_given = dict.fromkeys(in_order(total.not_given))


def _same(each: Located) -> Located:
    return each


def _order(each: Located) -> tuple[Any, ...]:
    finding = each.finding
    return (
        finding.file,
        finding.line or 0,
        finding.column or 0,
        finding.severity.rank,
        finding.code,
        finding.pointer,
        finding.message,
    )


def _standings(states: Iterable[OrderState], reading: Reading, file: File) -> Iterator[Standing]:
    """Yield how far each order of a reading could be judged, and where it stands."""
    own = (each for each in states if not each.is_end)
    for number, each in enumerate(own):
        place = reading.place(each.pointer)
        name = reading.names[number] if number < len(reading.names) else ""
        yield Standing(file.name, place.line if place is not None else None, name, each.drug, each.state)


class FilesJudge:
    """Judges the readings of files; verdicts are kept from file to file as long as these have one reference."""

    def __init__(self) -> None:
        self._of: tuple[Reference, Verdicts] | None = None

    def _verdicts(self, reference: Reference) -> Verdicts:
        if self._of is None or self._of[0] is not reference:
            self._of = reference, Verdicts(partial(_judged, reference=reference))
        return self._of[1]

    def __call__(
        self, file: File, stdin: IO[bytes], reference: Reference, chosen: Callable[[int], bool] | None = None
    ) -> Iterator[tuple[Reading, Judgement]]:
        """Yield each reading of a file with what is found of it; with ``chosen`` of the numbers that it takes."""
        verdicts = self._verdicts(reference)
        columns = reference.columns_of(file.name)
        encoding = reference.encoding or (columns.encoding if columns is not None else "") or UTF_8
        for number, reading in enumerate(readings(file, stdin, drug_codes, columns, encoding)):
            if chosen is None or chosen(number):
                yield reading, verdicts.of(reading)


def _take(
    file: File,
    judged: Iterable[tuple[Reading, Judgement]],
    reference: Reference,
    total: Tally,
    suppressions: SuppressionFilter,
    approvals: Approvals,
    *,
    show_judged: bool,
) -> Iterator[None]:
    already: set[tuple[str, str]] = set()
    for reading, judgement in judged:
        total.orders += reading.orders
        total.states.add(judgement.states)
        if show_judged and len(total.standings) < MOST_LISTED:
            total.standings += _standings(judgement.states, reading, file)
        total.not_given.update(dict.fromkeys(judgement.not_given))
        total.passed_over += reading.passed_over
        suppressions.add(reading.suppressions)
        approvals.record(reading.title, reference)
        for reported in _reported(judgement, reference, total, already):
            finding = reported
            located = partial(_located, finding, judgement, reading=reading, file=file)
            if suppressions.is_active:
                kept = suppressions.reported(located(), reading, _order_id(finding, reading))
                if kept is None:
                    continue
                located, finding = partial(_same, kept), kept.finding
            approved = approvals.marked(finding, reading.title, reference)
            if approved is not finding:
                located = partial(_with_approval, located, approved)
            total.add(approved, located, reference.threshold)
        # Between two readings, never inside one: findings of one order set are sorted together.
        if len(total.listed) >= _HANDED_ON:
            total.hand_on()
        yield
    for each in suppressions.suppression_findings():
        total.add(each.finding, partial(_same, each), reference.threshold)
    total.hand_on()
    total.unread.update(suppressions.unread)
    total.known, total.suppressed = total.known + suppressions.known, total.suppressed + suppressions.suppressed


def _reported(
    judgement: Judgement, reference: Reference, total: Tally, already: set[tuple[str, str]]
) -> Iterator[Finding]:
    """Yield the findings of a judgement; those of rules that are left out are counted, those ``already`` there not."""
    for found in judgement.findings:
        # A rule that is left out and says that something was not judged still counts: a clean exit claims that all was
        # judged.
        if found.code in reference.counted:
            total.unread[found.code] += 1
            continue
        finding = _weighed(found, reference)
        # Of a drug or a protocol as such the same is said of each order set: once is enough for a file.
        if finding.pointer in OF_FILE and finding.code[2] != _DOCUMENT:
            if (finding.code, finding.message) in already:
                continue
            already.add((finding.code, finding.message))
        yield finding


def _weighed(finding: Finding, reference: Reference) -> Finding:
    """Return a finding with the severity that the site gives to its rule."""
    severity = reference.severities.get(finding.code)
    return finding if severity is None else finding._replace(severity=severity)


def _with_approval(located: Callable[[], Located], approved: Finding) -> Located:
    """Return what is located with its approval; its identity stays, so that it is known as the same."""
    made = located()
    message = f"{approved.approval}: {made.finding.message}"
    return made._replace(finding=made.finding._replace(approval=approved.approval, message=message))


def _order_id(finding: Finding, reading: Reading) -> str:
    """Return the id of the order that a finding is about; what is about a set as a whole is about none."""
    parts = finding.pointer.split("/")
    if "orders" in parts[:-1]:
        number = parts[parts.index("orders") + 1]
        return reading.names[int(number)] if _NUMBER.fullmatch(number) and int(number) < len(reading.names) else ""
    return reading.names[0] if len(reading.names) == 1 and not reading.title else ""


def _judged(made: OrderSet, reference: Reference) -> Judgement:
    weight, clearance = reference.weight or made.weight, reference.clearance or made.clearance
    protocol = reference.protocol or (reference.protocol_of(made.protocol) if made.protocol is not None else None)
    name = protocol.id if protocol is not None else None
    knowledge = reference.knowledge
    if knowledge.library is not None:
        from rescuecalc.rules.facts.order_model.pump_entries import knowledge_in_area  # noqa: PLC0415  # of a run with a library

        knowledge = knowledge_in_area(knowledge, made)
    # What is typed wins over what the order set says, here as everywhere.
    order_set = made._replace(weight=weight, clearance=clearance, protocol=name)
    completed = with_site_products(made, reference.settings)
    if completed:
        order_set = order_set._replace(orders=tuple(completed.get(order.pointer, order) for order in made.orders))
    subject = as_whole(Subject(order_set, protocol, knowledge, reference.as_of))
    states = judged_states(subject)
    found = judge_written(subject, reference.panel)
    found = tuple(with_product(each, completed, reference.settings) for each in found) if completed else found
    return Judgement(found, states, not_given(subject.order_set, reference.knowledge))


def _located(finding: Finding, judgement: Judgement, reading: Reading, file: File) -> Located:
    """Return the finding with file, line and column, and with the ids and numbers that stand there."""
    names, place = reading.names, reading.place(finding.pointer)
    # A verdict may be that of an equal order: names and numbers of this one are put in only where it is told.
    worded = judgement.in_words(finding)
    message, found = _with_names(worded.message, names), worded.found and _with_names(worded.found, names)
    line, column = (place.line, place.column) if place is not None else (None, None)
    placed = worded._replace(message=message, found=found, file=file.name, line=line, column=column)
    identity = _identity(placed, names, reading.title)
    alternatives = tuple(each._replace(pointer=reading.in_file(each.pointer)) for each in placed.alternatives)
    in_file = placed._replace(pointer=reading.in_file(finding.pointer), alternatives=alternatives)
    return Located(in_file, place, identity, order=_order_id(finding, reading), order_set=reading.title)


def _with_names(text: str, names: tuple[str, ...]) -> str:
    for number, name in enumerate(names if NAME[0] in text else ()):
        text = text.replace(NAME.format(number), name)
    return text


def _identity(finding: Finding, names: tuple[str, ...], title: str) -> str:
    """Return what the finding is about; an order is named by its id, one without by none: its number moves."""
    parts = finding.pointer.split("/")
    for place, part in enumerate(parts[1:], start=1):
        # A key of the document may look like a number, also one that is none to `int`.
        if parts[place - 1] == "orders" and _NUMBER.fullmatch(part) and int(part) < len(names):
            parts[place] = names[int(part)]
    return "\n".join((finding.file or "", title, finding.code, "/".join(parts), finding.found or "", finding.message))
