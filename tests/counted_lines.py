"""Which lines coverage counts: what an import runs, and each test for as long as its cases teach something.

Of a property the first examples are counted. After some cases of one test in a row that reached no new line or branch
its further ones run untraced, of the core after some more.

Those that ask the same again and again are left out: the long ones and the proofs.

A tracer is asked about every line that Python runs, pytest's and Hypothesis' own too, which doubles the time of a test.
Here it is on for as long as it can learn something. Every test runs and every assertion counts as without it; what is
left out can only lower the figures of coverage, so their bounds are no easier to meet.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections import Counter
from contextlib import contextmanager
from functools import wraps
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import pytest

import rescuecalc

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

FIRST_EXAMPLES: Final = 8
"""Of the examples of a property. Further ones seldom take another path."""

BARREN: Final = 3
BARREN_OF_CORE: Final = 4
"""Cases of one test in a row that reached nothing new, after which its others are not counted."""

FIRST_CASES: Final = 30
"""Of a test of whole commands, files and pages: each example of a rule would teach, if only a line of that rule."""

COUNTED: Final = pytest.StashKey[bool]()


def mark_counted(items: Sequence[pytest.Item]) -> None:
    """Say of each test whether its lines are counted."""
    cases: Counter[str] = Counter()
    for item in items:
        function = item.nodeid.partition("[")[0]
        cases[function] += 1
        is_early = cases[function] <= FIRST_CASES or item.get_closest_marker("core") is not None
        item.stash[COUNTED] = is_early and not _repeats(item)


def _repeats(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) is not None for name in ("long", "proof"))


class CountedLines:
    """A plugin of pytest that stops the tracer between the tests that are counted; does nothing without one."""

    def __init__(self) -> None:
        self._measure: Any = None
        self._barren: Counter[str] = Counter()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> None:
        """Count what the imports run, once, and nothing of how tests are collected."""
        coverage = sys.modules.get("coverage")
        self._measure = coverage.Coverage.current() if coverage is not None else None
        if coverage is None or self._measure is None:
            return
        # With workers, the process that hands out the tests has counted the imports already: it has no workerinput.
        if not hasattr(session.config, "workerinput"):
            for each in pkgutil.walk_packages(rescuecalc.__path__, "rescuecalc."):
                if each.name != "rescuecalc.__main__":
                    importlib.import_module(each.name)
        # A worker inherits `-n 2` with its arguments, and pytest-cov then starts a second measurement below its own,
        # whose data nobody reads: with the upper one stopped, that one would trace every test.
        while (running := coverage.Coverage.current()) is not None:
            running.stop()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Count the lines of a test that is marked so, its fixtures among them."""
        function = item.nodeid.partition("[")[0]
        most = BARREN_OF_CORE if item.get_closest_marker("core") is not None else BARREN
        if self._measure is None or not item.stash.get(COUNTED, False) or self._barren[function] >= most:
            return (yield)
        before = self._reached()
        self._measure.start()
        try:
            with self._first_examples(item):
                return (yield)
        finally:
            self._measure.stop()
            self._barren[function] = 0 if self._reached() > before else self._barren[function] + 1

    def _reached(self) -> int:
        """Return how many lines and branches this process has reached so far, as the tracer holds them."""
        return sum(map(len, self._measure._collector.data.values()))  # noqa: SLF001  # to ask aloud writes a file

    @contextmanager
    def _first_examples(self, item: pytest.Item) -> Iterator[None]:
        """Stop counting within a property once its first examples have run."""
        handle = getattr(getattr(item, "obj", None), "hypothesis", None)
        if handle is None:
            yield
            return
        test, asked = handle.inner_test, count()

        @wraps(test)  # the examples follow from the source and the signature of the test: they stay the same
        def counted(*args: Any, **values: Any) -> Any:
            if next(asked) == FIRST_EXAMPLES:
                self._measure.stop()
            return test(*args, **values)

        handle.inner_test = counted
        try:
            yield
        finally:
            handle.inner_test = test
