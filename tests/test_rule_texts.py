"""The texts of rules take their numbers from the data, and a rule says since when it is one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.knowledge import packaged_knowledge
from rescuecalc.core.literature.limits import Span
from rescuecalc.core.quantities.quantity import DosingWeight, read
from rescuecalc.reporters.document.rule import rule_document
from rescuecalc.reporters.render.rule_text import rule_page
from rescuecalc.rules.base.rule_text import TEXTS, UnknownSlotError, filled, filled_text
from rescuecalc.rules.judging.registry import RULES
from tests.support import invoke

if TYPE_CHECKING:
    from rescuecalc.rules.base.rule import Rule

KNOWN = (packaged_knowledge(),)
NARROW = Span(read("45 kg", DosingWeight, "low"), read("120 kg", DosingWeight, "high"))

SITE = '[limits]\nsource = "SOP 12"\nusual_weight = { from = "45 kg", to = "120 kg" }\ndeviation_percent = "3"\n'

EXAMPLES_IN_TEXTS = {"RC601": "a worked example: 20 mL of 50 mcg/mL at 80 kg"}
"""Rules whose texts hold a number that a data file has as well, and why it is no slot."""


def texts(rule: Rule) -> str:
    return " ".join(getattr(rule, name) for name in TEXTS)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{limits.usual_weight}", "40 to 150 kg"),
        ("{limits.usual_weight.high}", "150 kg"),
        ("{limits.give_over}", "1 s to 60 min"),
        ("{limits.deviation_percent} %", "5 %"),
        ("{limits.pump_rate}", "999 mL/h"),
        ("{products.bag-250.concentration:mcg/mL} mcg/mL", "50 mcg/mL"),
        ("{products.bag-250.strength}", "12.5 mg in 250 mL"),
        ("{published_ranges.tirofiban.rescue.maintenance}", "0.1 to 0.15 mcg/kg/min"),
        ("{published_ranges.tirofiban.rescue.bolus}", "10 mcg/kg"),
        ("{bridging.assay_waits.abciximab.length:day} days", "14 days"),
        ("{renal_rules.eu-label.bands.0.up_to}", "30 mL/min"),
        ("no slot: {drug: tirofiban}", "no slot: {drug: tirofiban}"),
    ],
)
def test_a_slot_shows_what_stands_in_the_data(text: str, shown: str) -> None:
    assert filled_text(text, KNOWN) == shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{limits.usual_wieght}", "{limits.usual_wieght}: nothing is called 'usual_wieght' there"),
        ("{published_ranges.tirofiban}", "7 entries fit; add a word that only one of them has"),
        ("{limits.source}", "{limits.source}: is not a number, a quantity, a range or a text"),
    ],
)
def test_a_slot_that_the_data_cannot_fill_is_named(text: str, said: str) -> None:
    with pytest.raises(UnknownSlotError, match=re.escape(said)):
        filled_text(text, KNOWN)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_slot_of_a_rule_can_be_filled(rule: Rule) -> None:
    shown = texts(filled(rule, KNOWN))
    assert not re.search(r"\{[a-z_]+\.", shown)
    assert shown.count("  ") == 0


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_no_text_of_a_rule_retypes_a_limit_or_a_dose(rule: Rule) -> None:
    limits = catalogue.limits()
    homes = {
        str(value): name for name, value in limits._asdict().items() if re.search(r"[0-9] \S*[a-zA-Z]", str(value))
    }
    homes |= {filled_text(f"{{limits.{name}}}", KNOWN): name for name in ("usual_weight", "weight", "clearance")}
    homes |= {str(each.concentration): each.id for each in catalogue.products().values()}
    homes |= {each.strength: each.id for each in catalogue.products().values()}
    retyped = [
        f"{rule.code} says {value!r}, which stands in the data as {name}: make it a slot"
        for value, name in homes.items()
        if re.search(rf"(?<![0-9.]){re.escape(value)}(?![a-zA-Z/])", texts(rule))
    ]
    assert bool(retyped) == (rule.code in EXAMPLES_IN_TEXTS), retyped


def test_numbers_of_two_settings_are_both_shown() -> None:
    [rule] = [each for each in RULES if each.code == "RC406"]
    other = KNOWN[0]._replace(limits=catalogue.limits()._replace(usual_weight=NARROW))
    assert (
        "condition, against 40 to 150 kg or 45 to 120 kg; an error beyond 0.5 to 650 kg"
        in filled(rule, (*KNOWN, other)).checks
    )
    assert "condition, against 45 to 120 kg; an error beyond 0.5 to 650 kg" in filled(rule, (other, other)).checks


def test_sarif_and_rule_show_the_limits_of_the_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rescuecalc.toml").write_text(SITE, "utf-8")
    (tmp_path / "a.yaml").write_text("{drug: tirofiban}", "utf-8")
    monkeypatch.chdir(tmp_path)
    [run] = json.loads(invoke("check", "a.yaml", "--format", "sarif").stdout)["runs"]
    shown = {each["id"]: each["fullDescription"]["text"] for each in run["tool"]["driver"]["rules"]}
    assert "condition, against 45 to 120 kg; an error" in shown["RC406"]
    assert "at most 3 % without" in shown["RC314"]
    assert "45 to 120 kg; an error" in invoke("rule", "RC406").stdout
    monkeypatch.chdir(Path(__file__).parent)
    assert "40 to 150 kg; an error" in invoke("rule", "RC406").stdout


def test_a_preview_rule_is_shown_as_one() -> None:
    stable = next(rule for rule in RULES if rule.code == "RC406")
    made = rule_document(filled(stable._replace(since="0.2.0", preview=True), KNOWN), catalogue.sources())
    assert made["preview"] is True
    assert "warning or error, since 0.2.0, preview" in rule_page(made).text()
    assert rule_document(stable, catalogue.sources())["preview"] is False
    assert ", preview" not in rule_page(rule_document(stable, catalogue.sources())).text()
