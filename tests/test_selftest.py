"""`selftest`: every kind of thing has a known answer, and whatever is broken on purpose turns it red."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import tempfile
import time
import tomllib
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.catalogue import catalogue
from rescuecalc.cli.commands.selftest import _ask
from rescuecalc.core.quantities import units
from rescuecalc.core.quantities.formula import Formula
from rescuecalc.core.quantities.quantity import Dose, PumpRate
from rescuecalc.core.quantities.unit_factors import COMBINATIONS, SIZES
from rescuecalc.core.regimen import administered_dose, bolus, infusion
from rescuecalc.engine import installation, self_test
from rescuecalc.rules.judging.registry import RULES
from tests.support import Outcome, invoke
from tests.test_docs import published

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.long  # how long it takes is asked, and counting lines takes longer

KNOWN = tomllib.loads((catalogue.DATA / "known_answers.toml").read_text("utf-8"))


def wrong(*kinds: str) -> set[str]:
    """Return what a self-test of some kinds finds wrong."""
    return {each.of for each in self_test.self_test(_ask, kinds=kinds).answers if not each.is_right}


@cache
def whole() -> Outcome:
    """Return the run of the whole self-test, made once: it takes a second or two.

    It runs where no file of the sources is, as an installation does.
    """
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        speeds, start = [million_sums()], time.process_time()
        outcome = invoke("selftest", "--json")
        TOOK.append((time.process_time() - start, max(*speeds, million_sums())))
        return outcome


TOOK: list[tuple[float, float]] = []
"""Seconds of the processor that a run took, and that a million sums take before or after it, at their slowest."""


def million_sums() -> float:
    """Return the seconds of the processor for a million sums: 0.05 to 0.06 on a machine of 2026 that is idle."""
    start, total = time.process_time(), 0
    for number in range(1_000_000):
        total += number * number
    return time.process_time() - start


def test_it_takes_two_seconds_of_an_idle_core() -> None:
    """It takes what some 40 million sums do, two seconds where a million take 0.05; a quarter is to spare."""
    whole()
    [(seconds, sums)] = TOOK
    assert seconds < max(2, 50 * sums)


def test_all_known_answers_are_right_here_and_the_record_fits_its_schema() -> None:
    made = whole().json
    assert (whole().exit_code, made["passed"], made["wrong"]) == (0, True, [])
    # Their examples are files of the sources: a pump library, a protocol, a baseline.
    of_libraries = [each.code for each in RULES if each.code.startswith("RC8")]
    assert made["left_out"] == ["RC418", *of_libraries, "RC905"]
    published("rescuecalc.selftest.1").validate(json.loads(whole().stdout))
    counts = {each["kind"]: each["answers"] for each in made["answers"]}
    assert counts == {
        "units": 52 + len(SIZES) + len(COMBINATIONS),
        "formulas": 53,
        "protocols": 116,
        "rules": 2 * (len(RULES) - len(made["left_out"])),
    }


def test_the_record_names_versions_platform_and_the_digest_of_the_catalogue() -> None:
    made = whole().json
    lines = [f"{each['sha256']}  {each['file']}\n" for each in made["catalogue"]["files"]]
    assert made["catalogue"]["sha256"] == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert {"products.toml", "protocols/us-label.toml"} <= {each["file"] for each in made["catalogue"]["files"]}
    assert len(lines) == sum(1 for _ in catalogue.DATA.rglob("*.toml"))
    versions = {each["name"]: each["version"] for each in made["libraries"]}
    assert versions.keys() == {"typer", "rich", "pint", "pyyaml", "tzdata", "icalendar"}
    assert all(versions.values())
    assert made["platform"]["system"]
    assert re.fullmatch(r"3\.\d+\.\d+.*", made["python"]["version"])


def test_a_changed_byte_of_the_catalogue_changes_its_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = installation.installation()["catalogue"]["sha256"]
    shutil.copytree(installation.DATA, tmp_path / "data")
    monkeypatch.setattr(installation, "DATA", tmp_path / "data")
    assert installation.installation()["catalogue"]["sha256"] == before
    file = tmp_path / "data" / "formulas.toml"
    file.write_text(file.read_text("utf-8").replace("0.85", "0.86"), encoding="utf-8")
    assert installation.installation()["catalogue"]["sha256"] != before


def test_every_unit_and_every_protocol_has_a_known_answer() -> None:
    named = {each["is"].split()[1] for each in KNOWN["units"]}
    assert {atom.name for atom in units._ATOMS} <= named  # noqa: SLF001
    asked = " ".join(each["asks"] for each in KNOWN["protocols"])
    assert [name for name in catalogue.protocol_ids() if f" {name}" not in asked] == []


FORMULAS: dict[str, tuple[Any, str, Any]] = {
    "bolus dose": (bolus, "BOLUS_DOSE", Formula("", lambda dose, kg: dose * kg * 2, Dose)),
    "pump rate": (infusion, "PUMP_RATE", Formula("", lambda rate, strength: rate / strength / 60, PumpRate)),
    "drug infused": (administered_dose, "INFUSED_DOSE", Formula("", lambda rate, time: rate * time / 2, Dose)),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_broken_formula_turns_it_red(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert wrong("formulas") == set()
    monkeypatch.setattr(*FORMULAS[name])
    assert wrong("formulas")


@pytest.fixture
def other_minute(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make a minute of 61 seconds."""
    atoms = tuple(each._replace(size=Fraction(61)) if each.name == "min" else each for each in units._ATOMS)  # noqa: SLF001
    monkeypatch.setattr(units, "_ATOMS", atoms)
    sizes = {name: (of, above, 61 if below == 60 else below) for name, (of, above, below) in SIZES.items()}
    monkeypatch.setattr(units, "SIZES", sizes)
    # A registry beside the one that is made: quantities that other tests hold are of that one.
    monkeypatch.setattr(units, "registry", cache(units.registry.__wrapped__))
    units.factor.cache_clear()
    yield
    monkeypatch.undo()
    units.factor.cache_clear()


@pytest.mark.usefixtures("other_minute")
def test_a_wrong_size_of_a_unit_turns_it_red() -> None:
    assert {"min", "h", "mL/h"} <= wrong("units")
    assert "pump rate" in wrong("formulas")


def forget() -> None:
    for each in vars(catalogue).values():
        if hasattr(each, "cache_clear"):
            each.cache_clear()


CHANGED = [
    ("protocols/yang-2020-iv.toml", '"0.15 mcg/kg/min"', '"0.51 mcg/kg/min"', "yang-2020-iv"),
    ("protocols/us-label.toml", '"42 mL"', '"24 mL"', "us-label, clearance of 60 mL/min"),
    ("protocols/instant-2024.toml", "47.5 h", "48.5 h", "instant-2024"),
    ("protocols/eptifibatide-label.toml", '"15 mg/h"', '"16 mg/h"',
     "eptifibatide-label, caps, clearance of 49.9 mL/min"),
    ("renal.toml", 'includes = true, bolus_factor = "1", infusion_factor = "0.5"',
     'includes = false, bolus_factor = "1", infusion_factor = "0.5"', "us-label, clearance of 60 mL/min"),
]  # fmt: skip


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a copy of the data that the catalogue reads in place of its own."""
    shutil.copytree(catalogue.DATA, tmp_path / "data")
    monkeypatch.setattr(catalogue, "DATA", tmp_path / "data")
    forget()
    yield tmp_path / "data"
    monkeypatch.undo()
    forget()


def test_a_changed_number_of_a_protocol_turns_it_red(copied: Path) -> None:
    for name, old, new, _ in CHANGED:
        text = (copied / name).read_text("utf-8")
        assert old in text
        changed = text.replace(old, new).replace("stays at 15 mg/h", "stays at 16 mg/h")
        (copied / name).write_text(changed, encoding="utf-8")
    assert {of for *_, of in CHANGED} <= wrong("protocols")


def test_a_rule_that_finds_nothing_and_one_that_always_finds_turn_it_red(monkeypatch: pytest.MonkeyPatch) -> None:
    [rule] = [each for each in RULES if each.code == "RC501"]
    monkeypatch.setattr(self_test, "RULES", (rule._replace(fails=rule.passes, passes=rule.fails),))
    answers = self_test.self_test(_ask, kinds=("rules",)).answers
    assert [(each.expected, each.found) for each in answers] == [("found", "not found"), ("not found", "found")]


def test_what_breaks_is_an_answer_and_never_an_internal_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> Any:
        raise ZeroDivisionError("80 kg of a patient")

    monkeypatch.setattr(self_test, "self_test", broken)
    outcome = invoke("selftest")
    assert (outcome.exit_code, outcome.stderr) == (1, "")
    assert outcome.stdout.startswith("self-test FAILED\nDo not use any number")
    assert "ZeroDivisionError" in outcome.stdout
    assert "patient" not in outcome.stdout


def test_a_command_that_crashes_and_a_file_that_cannot_be_read_are_wrong_answers(tmp_path: Path) -> None:
    def broken(_: list[str]) -> Any:
        raise ZeroDivisionError("80 kg of a patient")

    [*answers] = self_test.self_test(broken, kinds=("formulas",)).answers
    assert len(answers) == 53
    assert all(each.found.startswith("ZeroDivisionError at test_selftest.py:") for each in answers)
    missing = self_test.self_test(_ask, tmp_path / "none.toml", ("units", "formulas")).answers
    assert [(each.kind, each.is_right) for each in missing] == [("units", False), ("formulas", False)]


def test_the_page_lists_what_is_wrong_first(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = self_test.Answer("units", "lb", "1 lb", "0.45359237 kg", "0.45359237 kg", "0.45 kg")
    monkeypatch.setattr(self_test, "self_test", lambda *_: self_test.SelfTest((bad,) * 25, ()))
    outcome = invoke("selftest")
    lines = outcome.stdout.splitlines()
    assert (outcome.exit_code, lines[0]) == (1, "self-test FAILED: 25 of 25 answers wrong")
    assert sum("is '0.45 kg'" in line for line in lines) == 20
    assert "and 5 more; --json lists all" in lines


def test_known_answers_are_compared_as_they_are_written() -> None:
    document = {"a": [{"value": Decimal("3.2"), "unit": "mL"}, {"value": Decimal(4), "unit": "mL"}], "b": None}
    asked = {
        "a.*": "3.2 mL | 4 mL",
        "a.1": "4 mL",
        "a.2": "not there",
        "b": "None",
        "c.d": "not there",
    }
    for place, text in asked.items():
        assert " | ".join(map(self_test._text, self_test._at(document, place.split(".")))) == text  # noqa: SLF001
