"""The pages for contributors are true: modules and functions exist, files are there, each word is defined once."""

from __future__ import annotations

import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

pytestmark = pytest.mark.fast

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "rescuecalc"
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
MODULE = re.compile(r"`(?P<path>[a-z_0-9]+(?:/[a-z_0-9-]+)*\.(?:py|toml))(?::(?P<name>[A-Za-z_]+))?`")
NAMED = sorted({(match["path"], match["name"] or "") for match in MODULE.finditer(ARCHITECTURE + CONTRIBUTING)})


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_every_module_and_function_that_is_named_is_there(path: str, name: str) -> None:
    places = [SOURCE / path, SOURCE / "data" / path, SOURCE / "reporters" / path, ROOT / path]
    assert any(each.exists() for each in places), f"{path} is named in a page for contributors and is not there"
    if name:
        module = import_module(f"rescuecalc.{path.removesuffix('.py').replace('/', '.')}")
        assert hasattr(module, name), f"{path} has no {name}"


def test_the_drawing_shows_every_room() -> None:
    drawing = ARCHITECTURE.partition("```text\n")[2].partition("```")[0]
    rooms = {each.stem for each in SOURCE.iterdir() if each.suffix in {"", ".py"}} - {"__init__", "__pycache__"}
    assert {room for room in rooms if not re.search(rf"\b{room}\b", drawing)} == set()


def test_the_drawing_has_the_layers_that_are_checked() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    [layers] = [each["layers"] for each in contracts if each["name"] == "imports flow downwards only"]
    drawing = ARCHITECTURE.partition("```text\n")[2].partition("```")[0]
    at = {room: drawing.index(f" {room}") for layer in layers for room in layer.split(" | ")}
    upper = [min(at[room] for room in layer.split(" | ")) for layer in layers]
    assert upper == sorted(upper)


def test_every_word_of_the_glossary_is_defined_once() -> None:
    words = [line.split(" | ")[0].removeprefix("| ") for line in GLOSSARY.splitlines() if line.startswith("| ")]
    defined = [word for each in words if each != "word" for word in each.split(", ")]
    assert sorted(defined) == sorted(set(defined))
    assert {"order set", "pump rate", "dosing weight", "finding", "reference", "VTBI", "slot"} <= set(defined)


def test_the_glossary_opens_the_list_of_pages() -> None:
    listed = (ROOT / "README.md").read_text("utf-8").partition("## More\n")[2]
    assert re.findall(r"\]\(([^)]+)\)", listed)[0] == "docs/glossary.md"
    assert {"docs/architecture.md", "CONTRIBUTING.md", "SECURITY.md"} <= set(re.findall(r"\]\(([^)]+)\)", listed))


@pytest.mark.parametrize("record", sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md")), ids=lambda each: each.stem)
def test_a_decision_has_a_date_and_a_status(record: Path) -> None:
    status = r"^Date: 20[0-9]{2}-[0-9]{2}-[0-9]{2}\. Status: (accepted|replaced|proposed)"
    assert re.search(status, record.read_text("utf-8"), re.MULTILINE)


def test_the_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(each.name[:4]) for each in sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_recipe_with_numbers_names_both_of_their_records() -> None:
    recipes = [each for each in CONTRIBUTING.split("\n## ") if "tests.clinical_numbers" in each]
    assert len(recipes) == 4
    assert all("`tests/golden/facts.csv`" in each for each in recipes)


def test_the_sessions_that_contributing_names_are_those_of_the_noxfile() -> None:
    noxfile = (ROOT / "noxfile.py").read_text("utf-8")
    made = re.findall(r"@nox\.session(?:\(name=\"([a-z-]+)\"\))?\ndef ([a-z_]+)", noxfile)
    named = set(re.findall(r"^\| `nox -s ([a-z-]+)`", CONTRIBUTING, re.MULTILINE))
    assert {name or function for name, function in made} == named
