"""The house: short modules, and no two classes of the package that share a name."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.statements import statements

pytestmark = pytest.mark.fast

SOURCE = Path(__file__).parent.parent / "src" / "rescuecalc"
MODULES = sorted(SOURCE.rglob("*.py"))
MOST_LINES = 400
CLASS = re.compile(r"^ *class ([A-Z]\w*)[(:]", re.MULTILINE)


def same_names(modules: dict[str, str]) -> list[str]:
    """Return the names that classes of two modules share, with the modules; private ones do not count."""
    places = defaultdict(list)
    for path, text in modules.items():
        for name in CLASS.findall(text):
            places[name].append(path)
    return [f"{name}: {', '.join(paths)}" for name, paths in sorted(places.items()) if len(paths) > 1]


def test_no_two_classes_share_a_name() -> None:
    """Whoever meets a name in a signature knows which class it is, without looking where it was imported from."""
    texts = {str(path.relative_to(SOURCE)): path.read_text("utf-8") for path in MODULES}
    assert same_names(texts) == [], "rename one of each pair by docs/glossary.md"


def test_a_shared_name_would_be_found() -> None:
    assert same_names({"a.py": "class Row: pass", "b.py": "class Row(tuple): pass", "c.py": "class Rows: pass"}) == [
        "Row: a.py, b.py"
    ]


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    lines = {str(path.relative_to(SOURCE)): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert [f"{path} has {count} lines" for path, count in lines.items() if count > MOST_LINES] == []


def test_statements_are_counted_without_docstrings() -> None:
    text = '"""About."""\n\nNUMBER = 1\n"""Of it."""\n\ndef work():\n    """Work."""\n    return NUMBER\n'
    assert statements(text) == 3
