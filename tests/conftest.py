"""Fixtures and Hypothesis profiles."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import settings

from rescuecalc.core.orders import traced_text
from rescuecalc.core.quantities.digit_patterns import DigitReaders
from rescuecalc.core.quantities.heard_words import Hearing
from rescuecalc.core.quantities.lazy_pattern import ASKED
from rescuecalc.readers import row_shape
from tests.counted_lines import CountedLines, mark_counted
from tests.support import Run, invoke, lazy_patterns

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

# `dev` is what CI runs, the same examples each time: a red run is never chance. `large` is a command of its own:
# HYPOTHESIS_PROFILE=large python -m pytest tests/test_properties.py
settings.register_profile("dev", max_examples=40, deadline=None, derandomize=True)
# `few` is for a run that asks which lines are reached, at three times the cost of each.
settings.register_profile("few", max_examples=10, deadline=None, derandomize=True)
settings.register_profile("large", max_examples=3000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


FAST = {
    "test_bridge",
    "test_catalogue",
    "test_clinical_numbers",
    "test_contributor_pages",
    "test_drug_class",
    "test_forgotten_steps",
    "test_notation",
    "test_offset",
    "test_order_model",
    "test_output_formats",
    "test_renal",
    "test_rule_texts",
    "test_schedule",
    "test_second_route",
    "test_spec_dose",
    "test_spec_rate",
    "test_spec_table_renal_protocol",
    "test_types",
    "test_ucum",
    "test_units",
}
"""What `nox -s test-fast` runs, besides the doctests of the core: one minute of one processor (2026-11)."""

TESTS = str(Path(__file__).parent)
SOURCE = str(Path(__file__).parent.parent / "src" / "rescuecalc")
CORE = str(Path(SOURCE, "core")) + os.sep


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Pass over modules without a doctest, and where the core alone is asked for, over files that never name it.

    A module that is collected is imported and searched, in each worker: that takes longer than the tests of many.
    """
    path = str(collection_path)
    if collection_path.suffix != ".py" or not path.startswith((SOURCE, TESTS)):
        return None
    mark = ">>>" if path.startswith(SOURCE) else "mark.core" if config.option.markexpr == "core" else ""
    return True if mark not in collection_path.read_text("utf-8") else None


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path) -> Generator[None, list[Any], list[Any]]:
    """Search no test file for a doctest: there is none in them."""
    found = yield
    return [each for each in found if not isinstance(each, DoctestModule) or str(file_path).startswith(SOURCE)]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the doctests of the core, which have no line of their own to say it in, and the tests that are counted.

    Workers begin with the long ones: one of them as the last leaves a core idle while it runs.
    """
    for item in items:
        if str(item.path).startswith(CORE):
            item.add_marker("core")
            item.add_marker("fast")
        if item.path.stem in FAST:
            item.add_marker("fast")
    mark_counted(items)
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: all(item.get_closest_marker(name) is None for name in ("long", "proof")))


def pytest_configure(config: pytest.Config) -> None:
    """Let coverage count where it learns something, and collect tests without the garbage collector: they stay."""
    config.pluginmanager.register(CountedLines())
    gc.disable()


def pytest_collection_finish() -> None:
    """Turn the collector on again, which need not look through what was collected."""
    gc.freeze()
    gc.enable()


@pytest.fixture
def own_patterns(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget which patterns a test made: one that tells digits apart is asked of every text of the same process."""
    hearing = Hearing()
    monkeypatch.setattr(row_shape, "_READERS", DigitReaders(row_shape._MARKS))  # noqa: SLF001  # another of the same
    for module in (row_shape, traced_text):
        monkeypatch.setattr(module, "HEARING", hearing)
    before, of_package = len(ASKED), {(each.pattern, each.flags) for each in lazy_patterns()}
    yield
    for each in [each for each in tuple(ASKED)[before:] if each[:2] not in of_package]:
        del ASKED[each]


@pytest.fixture
def run() -> Run:
    """Return the in-process command line."""
    return invoke
