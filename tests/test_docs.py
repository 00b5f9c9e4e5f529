"""The documentation is true: generated pages are fresh, examples run, documents fit their schema."""

from __future__ import annotations

import doctest
import json
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rescuecalc.catalogue import catalogue
from rescuecalc.rules.base.rule import is_command
from rescuecalc.rules.judging.registry import RULES
from tests.support import invoke

pytestmark = pytest.mark.long

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
MADE = {"rules", "reference"}
"""Folders of pages that are made from code as a whole."""
WRITTEN = [page for page in PAGES if page.parent.name not in MADE and page.parent.parent.name not in MADE]
FENCE = re.compile(r"(?:<!-- (?P<mark>file|not run|tested): (?P<of>[^>]+) -->\n)?^ *```(?P<kind>[a-z]*)$", re.MULTILINE)
RUN = {"console", "python"}
"""Kinds of blocks that docs/shown.py or doctest runs; `text` is a drawing or a formula."""


def test_every_block_of_a_page_is_run_or_says_why_not() -> None:
    for page in WRITTEN:
        blocks = list(FENCE.finditer(page.read_text("utf-8")))[::2]  # every second one closes
        for block in blocks:
            assert block["kind"] in RUN | {"text"} or block["mark"], f"{page.name}: {block[0]}"
            if block["mark"] == "tested":
                assert page.name in (ROOT / block["of"]).read_text("utf-8"), f"{page.name}: {block[0]}"


GUIDE = ROOT / "docs" / "api.md"  # tests/test_library.py runs it


@pytest.mark.parametrize("page", [each for each in WRITTEN if "```python" in each.read_text("utf-8") and each != GUIDE])
def test_python_of_a_page_runs(page: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page.name, page.name, 0)
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test).failed == 0


def test_the_generated_pages_are_fresh() -> None:
    done = subprocess.run([sys.executable, "docs/build.py", "--check"], cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"")


DOCUMENTED = [
    *(rule.fails for rule in RULES if is_command(rule.fails)),
    "check docs/examples/rescue.yaml",
    "check docs/examples/rows.csv",
    "check docs/examples --show-settings",
    "dose kang-2018-ia --ia-dose 0.5mg",
    "dose us-label --weight 37.5kg --run-time 18h --crcl 60mL/min --label-band",
    "dose abciximab-label --weight 100kg",
    "dose trend-2024 --weight 176lb --infusion-product bag-100 --start 2026-03-28T20:00 --timezone Europe/Berlin",
    "dose yang-2020-iv --weight 70kg --run-time 24h --crcl 25mL/min --renal eu-label",
    "dose yang-2020-iv --weight 80kg --run-time 24h --bolus-product infusion-container --infusion-product bag-250",
    "rate 0.15mcg/kg/min --weight 57kg --concentration 50mcg/mL",
    "rate 18units/kg/h --weight 80kg --concentration 100units/mL",
    "table huo-2021 --ia-dose 0.5mg",
    "table trend-2024 --infusion-product bag-250 --step 50kg",
    "table us-label --crcl 45mL/min --bolus-product vial-15 --infusion-product bag-250",
    "renal --age 70 --sex male --weight 80kg --creatinine 106umol/L --height 175cm --basis adjusted",
    "plan khachatryan-2023-case --weight 80kg --thrombolysis-at -2h --infusion-product bag-250 --crcl 45mL/min",
    "plan kang-2018-ia --ia-dose 0.5mg --p2y12 cangrelor --beside heparin",
    "plan us-label --weight 80kg --run-time 18h --crcl 45mL/min --p2y12 ticagrelor --load 180mg --overlap 2h --pru 210",
    "plan eptifibatide-label --weight 80kg --run-time 24h --crcl 90mL/min --p2y12 clopidogrel --aspirin 81mg",
    "bridge trend-2024 --weight 80kg --start 2026-10-24T20:00 --timezone Europe/Berlin --assay-at +200h --pru 57",
    "stop khachatryan-2023-case --weight 80kg --started 2026-03-28T20:00 --stopped +5h --timezone Europe/Berlin",
    "stop us-label --weight 176lb --crcl 45mL/min --started +0h --stopped +19.5h --thrombolysis-at -2h",
    "stop rescue-bt-2022 --weight 80kg --started +0h --stopped +25h --priming-volume 20mL",
    "stop eptifibatide-low --weight 80kg --started +0h --stopped +3.5h --infusion-product eptifibatide-bag-100",
    "stop kang-2018-ia --ia-dose 0.5mg --started +0h --stopped +10min --thrombolysis-at none",
    "stop trend-2024 --weight 57kg --started -20min --stopped +0h --infusion-product bag-250",
    "library check docs/pump-library/faulty.csv",
    "library diff docs/pump-library/adult.toml docs/pump-library/changed.csv",
    "library show docs/pump-library/bolus.csv",
    "check docs/pump-library/rescue.yaml --library docs/pump-library/adult.toml --care-area nicu",
    "protocol list",
    "protocol check docs/examples/outside.toml",
    "protocol show --protocol-file docs/examples/our-hospital.toml",
    "rule",
    "rule RC501",
    "evidence list",
    "evidence list --outcome sich --territory posterior",
    "evidence show yang-2020",
    "evidence show wu-2019",
    "evidence compare",
    "evidence compare --outcome sich --territory anterior",
    "evidence check",
    "strategy",
    "strategy --situation reocclusion --territory posterior --thrombolysis yes",
    *(f"protocol show {name}" for name in catalogue.protocol_ids()),
]


@pytest.mark.parametrize("command", DOCUMENTED)
def test_every_document_fits_its_published_schema(command: str) -> None:
    made = json.loads(invoke(*shlex.split(command), "--format", "json").stdout)
    published(made["schema"]).validate(made)


@cache
def published(name: str) -> Draft202012Validator:
    """Return the validator of a published schema, itself valid; made once, since that takes longer than its use."""
    schema: dict[str, Any] = json.loads((ROOT / "docs" / "schema" / f"{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize(
    "command",
    [
        "dose",
        "rate",
        "table",
        "renal",
        "bridge",
        "plan",
        "stop",
        "protocol",
        "protocol show",
        "rule",
        "evidence list",
        "evidence compare",
        "strategy",
        "selftest",
        "check",
        "library check",
        "library diff",
    ],
)
def test_every_option_is_documented(command: str) -> None:
    pages = "".join(page.read_text("utf-8") for page in PAGES)
    for option in re.findall(r"^ +(?:-h, )?(--[a-z0-9-]+)", invoke(*command.split(), "--help").stdout, re.MULTILINE):
        assert option in pages, f"{command} {option}"


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_page_is_in_the_menu_of_the_site() -> None:
    menu = (ROOT / "zensical.toml").read_text("utf-8")
    docs = [page.relative_to(ROOT / "docs").as_posix() for page in PAGES if page.is_relative_to(ROOT / "docs")]
    reached = ("rules/", "reference/protocols/", "decisions/")  # by the page that lists them
    assert [page for page in docs if not page.startswith(reached) and f'"{page}"' not in menu] == []


def test_the_readme_is_two_screens_long() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 72


NOT_WRITTEN = re.compile(
    r"\b(?:(?:is|are|was|were|be) told|not said|held against|spoken of|speaks of|lets? stand|begins with a point|"
    r"of (?:one's|your) own|settled)\b"
)
"""Words of habit that no reader of the field knows."""


def test_pages_use_the_words_of_the_field() -> None:
    for page in [page for page in PAGES if page.parent.name != "decisions"]:
        found = NOT_WRITTEN.search(re.sub(r"`[^`\n]*`|<!--.*?-->", "", page.read_text("utf-8")))
        assert found is None or page.name == "glossary.md", f"{page.name}: {found}"


def test_pages_speak_of_rescuecalc_alone() -> None:
    for page in [*PAGES, ROOT / "CHANGELOG.md"]:
        assert not re.search(r"\bshared/|/work\b|(?<![a-z])\.library|\bhelper\b", page.read_text("utf-8")), page.name


PAGES_OF_TEXT = [command for command in DOCUMENTED if not command.startswith("rate ")]


@pytest.mark.parametrize("command", PAGES_OF_TEXT)
def test_no_line_of_a_page_is_wider_than_80_columns(command: str) -> None:
    assert max(len(line) for line in invoke(*shlex.split(command)).stdout.splitlines()) <= 80
