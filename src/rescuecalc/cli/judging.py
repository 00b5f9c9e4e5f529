"""Files through readers and rules to located findings: streamed, each finding placed, the list within its bound."""

from __future__ import annotations

from functools import partial
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.finding import Finding, Severity
from rescuecalc.core.place import Located
from rescuecalc.readers.files import readings
from rescuecalc.rules.document import UNREADABLE
from rescuecalc.rules.knowledge import Knowledge, Subject
from rescuecalc.rules.written import OF_FILE, Panel, judge_written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rescuecalc.core.order import OrderSet
    from rescuecalc.core.protocol import Protocol
    from rescuecalc.core.quantity import CreatinineClearance, DosingWeight
    from rescuecalc.readers.paths import File
    from rescuecalc.readers.reading import Reading

MOST_LISTED: Final = 10_000
"""Findings of each severity that are listed; all are counted."""

_REMEMBERED: Final = 20_000
"""Order sets of one file whose findings are kept for equal ones that follow."""

_DOCUMENT: Final = "1"
"""The family about the document, which speaks of each place."""

_NAME: Final = "⟦{}⟧"
"""What stands for an order's id while equal order sets are judged once."""


class Measure(NamedTuple):
    """What order sets are judged by: the rules, the catalogue, and what the command line says of the patient."""

    panel: Panel
    knowledge: Knowledge
    protocol_of: Callable[[str], Protocol | None]
    protocol: Protocol | None
    weight: DosingWeight | None
    clearance: CreatinineClearance | None
    as_of: str


class Tally:
    """What was found: findings listed within a bound, everything counted."""

    def __init__(self) -> None:
        self.listed: list[Located] = []
        self.counts = dict.fromkeys(Severity, 0)
        self.files = self.orders = 0
        self.unreadable = False

    def add(self, finding: Finding, located: Callable[[Finding], Located]) -> None:
        """Count a finding, and list it unless its severity has reached the bound."""
        self.counts[finding.severity] += 1
        self.unreadable = self.unreadable or finding.code in UNREADABLE
        if self.counts[finding.severity] <= MOST_LISTED:
            self.listed.append(located(finding))

    @property
    def left_out(self) -> int:
        """How many findings are counted and not listed."""
        return sum(self.counts.values()) - len(self.listed)


def tally(files: Iterable[File], stdin: IO[bytes], measure: Measure) -> Tally:
    """Return the findings of the files; one that cannot be read does not keep the others from being judged."""
    total = Tally()
    for file in files:
        total.files += 1
        _judge_file(file, stdin, measure, total)
    total.listed.sort(key=_order)
    return total


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


def _judge_file(file: File, stdin: IO[bytes], measure: Measure, total: Tally) -> None:
    known: dict[Any, tuple[Finding, ...]] = {}
    said: set[tuple[str, str]] = set()
    for reading in readings(file, stdin):
        total.orders += reading.orders
        for finding in _findings(reading, measure, known):
            # Of a drug or a protocol as such the same is said of each order set: once is enough for a file.
            if finding.pointer in OF_FILE and finding.code[2] != _DOCUMENT:
                if (finding.code, finding.message) in said:
                    continue
                said.add((finding.code, finding.message))
            total.add(finding, partial(_located, reading=reading, file=file))


def _findings(reading: Reading, measure: Measure, known: dict[Any, tuple[Finding, ...]]) -> tuple[Finding, ...]:
    key = reading.key
    if key is None:
        return _judged(reading.order_set(), measure)
    found = known.get(key)
    if found is None:
        found = _judged(_unnamed(reading.order_set()), measure)
        if len(known) < _REMEMBERED:
            known[key] = found
    return found


def _unnamed(made: OrderSet) -> OrderSet:
    """Return the order set with a sign for each id, so that what is remembered quotes none."""
    first: dict[str, int] = {}
    orders = []
    for place, order in enumerate(made.orders):
        number = first.setdefault(order.id, place)
        orders.append(order._replace(id=_NAME.format(number)) if order.id else order)
    return made._replace(orders=tuple(orders))


def _judged(made: OrderSet, measure: Measure) -> tuple[Finding, ...]:
    weight, clearance = measure.weight or made.weight, measure.clearance or made.clearance
    protocol = measure.protocol or (measure.protocol_of(made.protocol) if made.protocol is not None else None)
    name = protocol.id if protocol is not None else None
    subject = made._replace(weight=weight, clearance=clearance, protocol=name)
    return judge_written(Subject(subject, protocol, measure.knowledge, measure.as_of), measure.panel)


def _located(finding: Finding, reading: Reading, file: File) -> Located:
    """Return the finding with file, line and column, and with the ids that stand there."""
    names, place = reading.names, reading.place(finding.pointer)
    message = finding.message
    for number, name in enumerate(names if _NAME[0] in message else ()):
        message = message.replace(_NAME.format(number), name)
    line, column = (place.line, place.column) if place is not None else (None, None)
    placed = finding._replace(message=message, file=file.name, line=line, column=column)
    return Located(placed, place, _identity(placed, names, reading.title))


def _identity(finding: Finding, names: tuple[str, ...], title: str) -> str:
    """Return what the finding is about; an order that has an id is named by it and not by its number."""
    parts = finding.pointer.split("/")
    for place, part in enumerate(parts[1:], start=1):
        if parts[place - 1] == "orders" and part.isdigit() and int(part) < len(names) and names[int(part)]:
            parts[place] = names[int(part)]
    return "\n".join((finding.file or "", title, finding.code, "/".join(parts), finding.found or "", finding.message))
