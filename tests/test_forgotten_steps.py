"""What is added in one file and forgotten in another: each test names what is missing, and where it belongs.

``tests/golden/of_0.1.0.csv`` lists what the first release has. Whatever comes later is named in CHANGELOG.md.
"""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.clinical.bridging import bridging
from rescuecalc.core.literature.limits import Limits
from rescuecalc.reporters.formats import FORMATS
from rescuecalc.rules.judging.registry import FAMILIES, RULES

pytestmark = pytest.mark.fast

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden"
FIRST = "0.1.0"

HELD: dict[str, dict[str, str]] = {
    "rule": {rule.code: rule.name for rule in RULES},
    "protocol": {name: catalogue.protocol(name).drug for name in catalogue.protocol_ids()},
    "product": {name: each.strength for name, each in catalogue.products().items()},
    "drug": {name: each.value for name, each in sorted(bridging().classes.items())},
    "format": {name: " ".join(sorted(each.renderers)) for name, each in FORMATS.items()},
    "limit": dict.fromkeys(Limits._fields, ""),
}
"""What the package holds, by kind and id, with what may not change under an id."""


def rows(name: str) -> list[dict[str, str]]:
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def changelog() -> set[str]:
    """Return every word of the changelog, codes of a range one by one."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    for match in re.finditer(r"RC([0-9]{3}) to RC([0-9]{3})", text):
        text += "".join(f" RC{code}" for code in range(int(match[1]), int(match[2]) + 1))
    return set(re.findall(r"RC[0-9]{3}|`([^`]+)`", text)) | set(re.findall(r"RC[0-9]{3}", text))


@pytest.mark.parametrize("kind", HELD)
def test_what_came_later_is_in_the_changelog(kind: str) -> None:
    first = {row["id"] for row in rows("of_0.1.0") if row["kind"] == kind}
    missing = [f"not in CHANGELOG.md: the {kind} `{name}`" for name in HELD[kind] if name not in first | changelog()]
    assert missing == []


def test_every_rule_and_protocol_is_in_the_changelog() -> None:
    named = {**HELD["rule"], **HELD["protocol"]}
    assert [f"not in CHANGELOG.md: {name}" for name in named if name not in changelog()] == []


@pytest.mark.parametrize("kind", HELD)
def test_nothing_of_the_first_release_goes_or_becomes_another(kind: str) -> None:
    first = {row["id"]: row["is"] for row in rows("of_0.1.0") if row["kind"] == kind}
    gone = [f"the {kind} {name} is no more: scripts and order sets name it" for name in first if name not in HELD[kind]]
    other = [
        f"the {kind} {name} was {was!r} and is {HELD[kind][name]!r}: give the new one an id of its own"
        for name, was in first.items()
        if name in HELD[kind] and HELD[kind][name] != was and kind != "format"
    ]
    assert gone + other == []


def test_a_later_rule_says_since_when() -> None:
    first = {row["id"] for row in rows("of_0.1.0") if row["kind"] == "rule"}
    unsaid = [each for each in RULES if each.code not in first and each.since == FIRST]
    assert [f"{each.code} {each.name}: say `since`, it is not of {FIRST}" for each in unsaid] == []


def test_every_rule_is_of_a_declared_family() -> None:
    unknown = [rule.code for rule in RULES if rule.code[:3] not in FAMILIES]
    assert unknown == [], "name the family in FAMILIES of rules/judging/registry.py"


@pytest.mark.parametrize(
    ("table", "kind", "column"),
    [("protocols", "protocol", "drug"), ("products", "product", ""), ("drugs", "drug", "class")],
)
def test_the_golden_table_has_a_row_for_each(table: str, kind: str, column: str) -> None:
    golden = {row["id"]: row for row in rows(table)}
    differing = sorted(golden.keys() ^ HELD[kind].keys())
    assert differing == [], f"tests/golden/{table}.csv and the {kind}s of the catalogue differ in these"
    wrong = [name for name, row in golden.items() if column and row[column] != HELD[kind][name]]
    assert wrong == [], f"tests/golden/{table}.csv says another {column}"


def test_a_product_is_what_its_golden_row_says() -> None:
    for row in rows("products"):
        product = catalogue.products()[row["id"]]
        shown = (product.drug, product.amount.value_in("mcg"), product.volume.value_in("mL"))
        assert shown == (row["drug"], Fraction(row["drug_mcg"]), Fraction(row["volume_ml"])), row["id"]
        assert product.concentration.value_in("mcg/mL") == Fraction(row["concentration_mcg_per_ml"]), row["id"]
        assert ("infusion" in product.serves) is (row["serves_infusion"] == "yes"), row["id"]
