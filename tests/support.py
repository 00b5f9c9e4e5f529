"""Running the command line in process, and what comes back of it."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from typer.testing import CliRunner

import rescuecalc
from rescuecalc.cli.app import app
from rescuecalc.core.quantities.lazy_pattern import LazyPattern
from rescuecalc.engine.verdict_cache import Verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest


LEFT_OUT = frozenset({"RC613", "RC631", "RC705", "RC706"})
"""What a whole order set leaves out is warned of: a test of one order alone passes over it."""

T = TypeVar("T")
PROFILE: Final = os.environ.get("HYPOTHESIS_PROFILE")
WHOLE: Final = PROFILE == "large"
"""Whether all of a corpus is judged, which takes long and is a command of its own, or the share that CI judges."""

FEW: Final = PROFILE == "few"
"""Whether another run has asked the many: on a second Python, in the fast tests, and of each mutation."""


def share(corpus: Iterable[T], every: int, few: int = 0) -> list[T]:
    """Return each ``every``-th of a corpus, each ``few``-th, where given, under ``HYPOTHESIS_PROFILE=few``.

    Under ``HYPOTHESIS_PROFILE=large`` it is the whole of it.
    """
    return list(islice(corpus, 0, None, 1 if WHOLE else few if FEW and few else every))


@dataclass(frozen=True)
class Outcome:
    """What a call printed and how it ended."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """Stdout read as JSON, every number as the digits that stand there."""
        return json.loads(self.stdout, parse_float=Decimal, parse_int=Decimal)


class Run(Protocol):
    """The type of ``invoke`` and of the fixture ``run``."""

    def __call__(self, *args: str, stdin: str | None = None) -> Outcome: ...


def invoke(*args: str, stdin: str | None = None) -> Outcome:
    """Call rescuecalc in this process with ``args``."""
    result = CliRunner().invoke(app, list(args), input=stdin, prog_name="rescuecalc")
    return Outcome(result.exit_code, result.stdout, result.stderr)


@lru_cache(maxsize=1)
def lazy_patterns() -> tuple[LazyPattern, ...]:
    """Return every pattern of the package that is compiled when it first reads something."""
    modules = [
        importlib.import_module(each.name)
        for each in pkgutil.walk_packages(rescuecalc.__path__, "rescuecalc.")
        if not each.name.endswith("__main__")
    ]
    lazy = {id(value): value for each in modules for value in vars(each).values() if isinstance(value, LazyPattern)}
    return tuple(lazy.values())


def judged_sets(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return a list that from now on grows with each order set that is judged and not known from one like it."""
    judged: list[Any] = []
    learn = Verdicts._learn  # noqa: SLF001

    def counted(verdicts: Verdicts, *found: Any) -> None:
        judged.append(found)
        learn(verdicts, *found)

    monkeypatch.setattr(Verdicts, "_learn", counted)
    return judged
