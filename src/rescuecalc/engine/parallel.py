"""Files judged in several processes, with the same result as in one, in the same order.

Each process reads the files and judges its part: a small file as a whole, of a large file of rows its share of the
blocks. What it found comes back with the places that are asked for, and the one process that reports takes it as if it
had judged itself: suppressions, baselines, approvals and bounds see every finding in the order of the input.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from contextlib import suppress
from functools import partial
from io import BytesIO
from itertools import cycle, islice
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.engine.lint_runner import FilesJudge
from rescuecalc.engine.references import RunReferences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from multiprocessing.connection import Connection

    from rescuecalc.core.orders.findings.source_location import Place
    from rescuecalc.core.orders.findings.suppression import Suppression
    from rescuecalc.core.orders.order import OrderSet
    from rescuecalc.engine.reference import Reference
    from rescuecalc.engine.references import TypedOptions
    from rescuecalc.engine.verdict_cache import Judgement
    from rescuecalc.readers.document_reading import Reading
    from rescuecalc.readers.input_paths import File

    Judged = Iterator[tuple[Reading, Judgement]]

BLOCK: Final = 256
"""Order sets that one process judges at a time of a file that several share."""

_SHARED_FROM: Final = 500_000
"""Bytes from which on a file of rows is shared: below, one process is done before the others have read it."""

_OF_ROWS: Final = frozenset({".csv", ".tsv", ".jsonl", ".ndjson"})


class WorkShare(NamedTuple):
    """Which part of the work a process has: the ``number`` of it, of so many."""

    number: int
    of: int

    def has(self, number: int) -> bool:
        """Whether what has this number, a file or a block, is of this part."""
        return number % self.of == self.number


class PlacedReading(NamedTuple):
    """What is asked of a reading after it was judged; ``places`` and ``pointers`` are by the pointers of findings."""

    orders: int
    names: tuple[str, ...]
    title: str
    suppressions: tuple[Suppression, ...]
    passed_over: int
    places: Mapping[str, Place | None]
    pointers: Mapping[str, str]
    key: None = None
    shape: None = None

    def place(self, pointer: str) -> Place | None:
        """Return where the pointer stands."""
        return self.places[pointer]

    def in_file(self, pointer: str) -> str:
        """Return where in the document the pointer stands."""
        return self.pointers[pointer]

    def taken(self) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """Return nothing: it is judged already."""
        return (), ()

    def order_set(self) -> OrderSet:
        """Raise ValueError: it is judged already, and the order set stayed in the process that did."""
        raise ValueError("the order set of a reading that was judged in another process")


def placed(reading: Reading, judgement: Judgement, *, states: bool) -> PlacedReading:
    """Return what a reading is asked after it was judged, ``states`` says whether also for the state of each order."""
    pointers = {pointer for each in judgement.findings for pointer in _pointers(each.pointer)}
    pointers.update(other.pointer for each in judgement.findings for other in each.alternatives)
    stood = {each.pointer for each in judgement.states} if states else set()
    return PlacedReading(
        reading.orders,
        reading.names,
        reading.title,
        reading.suppressions,
        reading.passed_over,
        {each: reading.place(each) for each in pointers | stood},
        {each: reading.in_file(each) for each in pointers},
    )


def _pointers(pointer: str) -> Iterator[str]:
    """Yield the pointer of a finding, and that of its order, over which a suppression may stand."""
    yield pointer
    parts = pointer.split("/")
    if "orders" in parts[:-1]:
        yield "/".join(parts[: parts.index("orders") + 2])


def is_shared(file: File) -> bool:
    """Whether several processes judge a file together: a large one of rows that stand for themselves."""
    if file.path is None or file.suffix not in _OF_ROWS:
        return False
    with suppress(OSError):
        return file.path.stat().st_size >= _SHARED_FROM
    return False


def _blocks(
    judge: FilesJudge, file: File, reference: Reference, part: WorkShare | None, *, states: bool
) -> Iterator[list[Any]]:
    """Yield the blocks of a file that are of a part, all of them where it is None, and an empty one at the end."""
    found = judge(file, BytesIO(), reference, _chosen(part) if part is not None else None)
    while block := [(placed(*each, states=states), each[1]) for each in islice(found, BLOCK)]:
        yield block
    yield []


def _chosen(part: WorkShare) -> Callable[[int], bool]:
    return lambda number: part.has(number // BLOCK)


def _work(part: WorkShare, files: Sequence[File], typed: TypedOptions, sent: Connection, states: bool) -> None:
    """Judge a part of the files and send what is found; a failure ends it, and the one that reports judges the rest."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that reports ends it
    references, judge = RunReferences(typed), FilesJudge()
    with suppress(Exception), sent:
        for number, file in enumerate(files):
            shared = is_shared(file)
            if file.path is None or not (shared or part.has(number)):
                continue
            for block in _blocks(judge, file, references.of(file), part if shared else None, states=states):
                sent.send(block)


class _Failed(Exception):
    """A process ended before its work did."""


class Workers:
    """The processes, and what each has sent: a pipe holds back one that is far ahead of the others."""

    def __init__(self, jobs: int, files: Sequence[File], typed: TypedOptions, *, states: bool) -> None:
        # Forked, a process has the catalogue and the rules already; spawned, it reads them anew.
        context: Any = multiprocessing.get_context("fork" if hasattr(os, "fork") else "spawn")
        self._numbers = {file.name: number for number, file in enumerate(files)}
        self._judge = FilesJudge()
        self._received: list[Connection] = []
        self._processes = []
        for number in range(jobs):
            received, sent = context.Pipe(duplex=False)
            # A daemon ends with the one that reports, also where that one is killed.
            process = context.Process(
                target=_work, args=(WorkShare(number, jobs), files, typed, sent, states), daemon=True
            )
            process.start()
            # Else the end of the pipe stays open here, and a process that died would be waited for without an end.
            sent.close()
            self._received.append(received)
            self._processes.append(process)

    def judged(self, file: File, stdin: IO[bytes], reference: Reference) -> Judged:
        """Yield the readings of a file with what is found, as `FilesJudge` does.

        Where a process failed the rest is judged here, so that it fails here too, or not at all.
        """
        done = 0
        if file.path is not None and file.problem is None:
            try:
                for block in self._blocks(file):
                    yield from block
                    done += len(block)
            except _Failed:
                pass
            else:
                return
        yield from islice(self._judge(file, stdin, reference), done, None)

    def _blocks(self, file: File) -> Iterator[list[Any]]:
        jobs = len(self._received)
        if not is_shared(file):
            yield from iter(partial(self._next, self._numbers[file.name] % jobs), [])
            return
        # Blocks come back in the order of the file, since each process has every n-th: no sorting, and no waiting for
        # all.
        for number in cycle(range(jobs)):
            block = self._next(number)
            if not block:
                break
            yield block
        # The others have come to the end of the file too, and say so.
        for other in range(jobs):
            if other != number:
                self._next(other)

    def _next(self, number: int) -> list[Any]:
        try:
            found: list[Any] = self._received[number].recv()
        except (EOFError, OSError):
            raise _Failed from None
        return found

    def end(self) -> None:
        """End the processes, also in the middle of their work."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()
