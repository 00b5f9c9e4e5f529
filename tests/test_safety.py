"""The hazard log is true: what it names is there, and no rule is without a hazard that it controls."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rescuecalc.rules.judging.registry import RULES

pytestmark = pytest.mark.fast

ROOT = Path(__file__).parent.parent
SAFETY = ROOT / "docs" / "safety"
HAZARDS: list[dict[str, Any]] = tomllib.loads((SAFETY / "hazards.toml").read_text("utf-8"))["hazard"]
CONTROLS = [control for each in HAZARDS for control in each["control"]]


@cache
def names_of_tests() -> set[str]:
    """Return every test by its file and name."""
    found = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.add(f"{path.name}::{node.name}")
    return found


def missing(names: list[str]) -> list[str]:
    return [name for name in names if name not in names_of_tests()]


def test_every_test_that_a_hazard_names_is_there() -> None:
    assert missing([name for control in CONTROLS for name in control["tests"]]) == []
    assert missing(["test_safety.py::test_that_there_is_not"]) == ["test_safety.py::test_that_there_is_not"]


def test_every_control_is_shown_by_a_test_and_every_hazard_has_one() -> None:
    assert [each["id"] for each in HAZARDS] == [f"H{number:02}" for number in range(1, len(HAZARDS) + 1)]
    assert len(HAZARDS) >= 20
    for each in HAZARDS:
        assert each.keys() == {"id", "hazard", "cause", "harm", "control"}
        assert each["control"]
    for control in CONTROLS:
        assert control.keys() <= {"what", "tests", "rules"}
        assert control["tests"], control["what"]


def test_every_rule_controls_a_hazard_and_every_rule_that_is_named_is_one() -> None:
    named = {code for control in CONTROLS for code in control.get("rules", "").split()}
    declared = {rule.code for rule in RULES}
    assert [f"not in docs/safety/hazards.toml: the rule `{code}`" for code in sorted(declared - named)] == []
    assert [f"docs/safety/hazards.toml names {code}, which is no rule" for code in sorted(named - declared)] == []


def test_the_pages_claim_no_conformity() -> None:
    text = "\n".join(page.read_text("utf-8") for page in sorted(SAFETY.glob("*.md")))
    for name in ("IEC 62304", "ISO 14971"):
        assert re.search(rf"no conformity to[^.]*{name}", text)
    assert not re.search(r"\b(?:complies|compliant|conforms|certified|validated for)\b", text)


def test_what_verification_names_is_there() -> None:
    text = (SAFETY / "verification.md").read_text("utf-8")
    named = re.findall(r"`(test_\w+\.py::test_\w+)`", text)
    assert len(named) >= 10
    assert missing(named) == []
    sessions = set(re.findall(r"`nox -s ([a-z-]+)`", text))
    known = set(
        re.findall(
            r"@nox\.session\(name=\"([a-z-]+)\"\)|def ([a-z_]+)\(session", (ROOT / "noxfile.py").read_text("utf-8")
        )
    )
    assert sessions <= {name for pair in known for name in pair}
    for script in re.findall(r"`python (tests/\w+\.py|docs/\w+\.py)", text):
        assert (ROOT / script).exists(), script
