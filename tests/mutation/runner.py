"""Ask the tests about mutants, one forked process each: the suite is loaded once, and asked by who reaches a line.

A first run of every test notes the lines that each reaches and its time. A mutant of a function is then put in place
of that function's code in a forked copy of the loaded suite, and the tests that reach its line are run, the quickest
and those that found its neighbours first, until one turns red. What stands in no function is asked in a process of
its own.
"""

from __future__ import annotations

import gc
import importlib
import os
import pickle
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections import defaultdict
from functools import _lru_cache_wrapper
from itertools import zip_longest
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tests.mutation.mutants import Mutant

ROOT: Final = Path(__file__).parent.parent.parent
SOURCE: Final = ROOT / "src" / "rescuecalc"

ROOMS: Final = ("core", "rules", "backcheck")

KILLED, SURVIVED, NOT_REACHED, STOPPED = "killed", "survived", "not reached", "stopped"
"""What becomes of a mutant: one that never ends, or eats the memory, is stopped, which somebody would notice too."""

_RED: Final = 17
"""Exit code of a forked process in which a test turned red."""

KEPT: Final = frozenset({"rescuecalc.core.quantities.units"})
"""Whose caches are never emptied: quantities that tests hold are of one registry of units."""

_KEPT_FIRST: Final = KEPT | {"rescuecalc.catalogue.catalogue"}
"""Reading the catalogue takes longer than most tests: it is read anew only where no test turned red."""

_SECONDS_EACH: Final = 20
_MEMORY: Final = 6 * 2**30


class Reached(NamedTuple):
    """What a run of every test showed: of each file and line the tests that reach it, and the seconds of each test."""

    tests: dict[tuple[str, int], frozenset[str]]
    seconds: dict[str, float]
    lines: dict[str, int]


class Suite:
    """The loaded tests, as a plugin of pytest whose loop runs ``work`` in place of the tests."""

    def __init__(self, work: Callable[[Suite], None], *, warm: bool) -> None:
        self._work, self._warm = work, warm
        self.items: dict[str, pytest.Item] = {}
        self.functions: dict[tuple[str, str, int], list[FunctionType]] = defaultdict(list)
        self._caches: list[Any] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Do the work in place of running the tests one after the other."""
        self.items = {item.nodeid: item for item in session.items}
        self.session = session
        if self._warm:
            _warm()
        for path in sorted(each for room in ROOMS for each in (SOURCE / room).rglob("*.py")):
            importlib.import_module(".".join(path.relative_to(SOURCE.parent).with_suffix("").parts))
        self.note_functions()
        gc.freeze()
        self._work(self)
        return True

    def note_functions(self) -> None:
        """Note every function of the source by its place, and every cache."""
        gc.unfreeze()  # a check that ran before froze what there was, and what is frozen is not listed
        gc.collect()
        for each in gc.get_objects():
            if isinstance(each, FunctionType) and each.__code__.co_filename.startswith(str(SOURCE)):
                code = each.__code__
                self.functions[code.co_filename, code.co_qualname, code.co_firstlineno].append(each)
            elif isinstance(each, _lru_cache_wrapper) and (each.__module__ or "").startswith("rescuecalc"):
                self._caches.append(each)

    def forget(self, kept: frozenset[str]) -> None:
        """Empty the caches of rescuecalc but for some modules': what was worked out before a change is no answer."""
        for each in self._caches:
            if each.__module__ not in kept:
                each.cache_clear()

    def run(self, name: str) -> bool:
        """Run one test here; return whether it is green."""
        item, before = self.items[name], self.session.testsfailed
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        return self.session.testsfailed == before


def _warm() -> None:
    """Read the catalogue and make the units once, and not in each forked process."""
    from tests.support import invoke  # noqa: PLC0415  # of the source that is tested

    invoke("dose", "yang-2020-iv", "--weight", "80kg", "--run-time", "24h", "--format", "json")
    invoke("check", "-", "--isolated", stdin="{drug: tirofiban, kind: bolus, dose_per_kg: 10 mcg/kg}")


def loaded(tests: Sequence[str], work: Callable[[Suite], None], *, warm: bool = True) -> int:
    """Load ``tests`` and do ``work`` with them; ``warm``: with the catalogue read and the units made."""
    arguments = ["-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov", "-p", "no:terminal", *tests]
    return int(pytest.main(["--rootdir", str(ROOT), *arguments], plugins=[Suite(work, warm=warm)]))


_TOLD: Final = os.dup(2)
"""Where results are printed: pytest takes the streams for itself."""


def say(text: str) -> None:
    """Print a line while pytest holds the streams."""
    os.write(_TOLD, f"{text}\n".encode())


def in_fork(work: Callable[[], Any], seconds: float) -> tuple[int, Any]:
    """Do ``work`` in a forked process; return how it ended (negative: the signal that stopped it) and what it gave."""
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        with os.fdopen(reader, "rb") as answer:
            text = answer.read()
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status), pickle.loads(text) if text else None  # noqa: S301  # our own child's
    code = 70
    try:
        os.close(reader)
        told = os.dup(2)
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(max(1, int(seconds)))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        found = work()
        with os.fdopen(writer, "wb") as answer:
            pickle.dump(found, answer)
        code = 0
    except BaseException:  # noqa: BLE001  # whatever it is, it is this process's end, and the other one's to judge
        os.write(told, traceback.format_exc().encode())
    finally:
        os._exit(code)


def reached_by_all(suite: Suite) -> Reached:
    """Run every test once, in a forked process, and return what each reaches; one that is red is left out."""
    code, found = in_fork(lambda: _reached(suite), 3600)
    if code or found is None:
        raise RuntimeError(f"the first run of the tests ended with {code}")
    reached: Reached = found
    return reached


def _reached(suite: Suite) -> Reached:
    import coverage  # noqa: PLC0415  # of contributors, and needed for the first run alone

    seconds: dict[str, float] = {}
    watch = coverage.Coverage(data_file=None, include=[f"{SOURCE}/*"], config_file=False)
    watch.start()
    for name in suite.items:
        watch.switch_context(name)
        start = time.process_time()  # the machine may be busy
        if suite.run(name):
            seconds[name] = time.process_time() - start
    watch.stop()
    tests: dict[tuple[str, int], frozenset[str]] = {}
    lines: dict[str, int] = defaultdict(int)
    data = watch.get_data()
    for file in data.measured_files():
        for line, names in data.contexts_by_lineno(file).items():
            tests[file, line] = frozenset(names) & seconds.keys()
            for name in tests[file, line]:
                lines[name] += 1
    return Reached(tests, seconds, dict(lines))


class Budget(NamedTuple):
    """How many tests, and of how many seconds together, are asked about one mutant."""

    tests: int = 400
    seconds: float = 8.0


class Asked:
    """Asks the loaded suite about mutants, and remembers which tests found those before."""

    def __init__(self, suite: Suite, reached: Reached, budget: Budget) -> None:
        self._suite, self._reached, self._budget = suite, reached, budget
        self._found: dict[Any, dict[str, int]] = defaultdict(dict)

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Return the tests that reach a mutant's line, in the order in which they are asked."""
        names = self._reaching(mutant) & self._suite.items.keys()
        here = {**self._found[mutant.path], **self._found[mutant.path, mutant.function]}
        known = sorted((name for name in names if name in here), key=lambda name: (-here[name], name))[:12]
        return list(self._within_budget([*known, *self._in_turn(names - set(known))]))

    def _reaching(self, mutant: Mutant) -> frozenset[str]:
        """Return what reaches a line; what stands in no function was run before all tests: what reaches its module."""
        path = str(mutant.path)
        lines = range(mutant.line, mutant.last_line + 1)
        if mutant.function is None:
            lines = range(1, len(mutant.path.read_text("utf-8").splitlines()) + 1)
        none = frozenset[str]()
        found = none.union(*(self._reached.tests.get((path, line), none) for line in lines))
        return found or self._reached.tests.get((path, mutant.statement), none)

    def _in_turn(self, names: Iterable[str]) -> Iterator[str]:
        """Yield tests, one of each file in turn: those of one file look at the same things."""
        files: dict[str, list[str]] = defaultdict(list)
        for name in sorted(names, key=lambda name: (self._weight(name), name)):
            files[name.partition("::")[0]].append(name)
        for each in zip_longest(*files.values()):
            yield from (name for name in each if name is not None)

    def _weight(self, name: str) -> float:
        """Return what comes first: a quick test, and one that reaches little, and so looks at it."""
        return self._reached.seconds[name] * (200 + self._reached.lines.get(name, 0))

    def _within_budget(self, names: Iterable[str]) -> Iterator[str]:
        spent = 0.0
        for number, name in enumerate(names):
            spent += self._reached.seconds[name]
            if number and (number >= self._budget.tests or spent > self._budget.seconds):
                return
            yield name

    def verdict(self, mutant: Mutant) -> tuple[str, str]:
        """Return what becomes of a mutant, and the test that found it."""
        names = self.tests_of(mutant)
        if mutant.function is None:
            return in_process(mutant, names)
        functions = self._suite.functions.get((str(mutant.path), *mutant.function), [])
        if not names or not functions:
            return NOT_REACHED, ""
        seconds = _SECONDS_EACH + 3 * sum(self._reached.seconds[name] for name in names)
        code, name = in_fork(lambda: self._first_red(mutant, functions, names), seconds)
        if code < 0:
            return STOPPED, ""
        if name:
            for key in (mutant.path, (mutant.path, mutant.function)):
                self._found[key][name] = self._found[key].get(name, 0) + 1
        return (KILLED, str(name or "")) if code or name else (SURVIVED, "")

    def _first_red(self, mutant: Mutant, functions: list[FunctionType], names: list[str]) -> str | None:
        assert mutant.function is not None
        code = next(
            each for each in _codes(mutant.code()) if (each.co_qualname, each.co_firstlineno) == mutant.function
        )
        for function in functions:
            function.__code__ = code
        for kept in _KEPT_FIRST, KEPT:
            self._suite.forget(kept)
            for name in names:
                if not self._suite.run(name):
                    return name
        return None


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


_SHIM: Final = """
import importlib.abc, importlib.machinery, pickle, sys
path, place, kind = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
from pathlib import Path
from tests.mutation.mutants import Mutant
code = Mutant(Path(path), place, kind, 0, 0, 0, "", None).code()
class Mutated(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):
        return code if self.path == path else super().get_code(fullname)
class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, paths, target=None):
        spec = importlib.machinery.PathFinder.find_spec(name, paths, target)
        if spec is not None and spec.origin == path:
            spec.loader = Mutated(name, path)
        return spec
sys.meta_path.insert(0, Finder())
import pytest
options = ["-q", "-x", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
sys.exit(pytest.main([*options, *sys.argv[4:]]))
"""


def in_process(mutant: Mutant, names: list[str]) -> tuple[str, str]:
    """Return what becomes of a mutant that stands in no function: its module is imported with it."""
    if not names:
        return NOT_REACHED, ""
    command = [sys.executable, "-c", _SHIM, str(mutant.path), str(mutant.place), str(mutant.kind), *names]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        return STOPPED, ""
    return (KILLED, "") if done.returncode else (SURVIVED, "")
