"""The catalogue: what is packaged is whole, and a broken file is named by table and key."""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.files.products import products_from
from rescuecalc.core.quantities.quantity import CreatinineClearance, read
from rescuecalc.errors import CatalogueError
from tests.support import Outcome, invoke

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rescuecalc.core.regimen.product import Product

pytestmark = pytest.mark.core

PACKAGED = sorted((catalogue.DATA / "protocols").glob("*.toml"))
SITE = """
id = "our-hospital"
title = "Our own"
drug = "tirofiban"
kind = "site"
confidence = "not graded"
population = "our patients"
antiplatelets = "not stated"
sources = [{ id = "ours", locator = "SOP 12, page 3" }]

[source.ours]
title = "Our hospital's SOP"

[[bolus]]
route = "IV"
dose_per_kg = "10 mcg/kg"
give_over = { taken = "5 min", words = "over 5 min" }

[[infusion]]
role = "load"
dose_rate_per_kg = "0.4 mcg/kg/min"
run_time = { taken = "30 min", words = "for 30 min" }

[[infusion]]
role = "maintenance"
dose_rate_per_kg = "0.1 mcg/kg/min"
run_time = { from = "12 h", to = "24 h", words = "12 to 24 h" }
"""


def written(path: Path, text: str) -> str:
    file = path / "ours.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def checked(path: Path, text: str) -> Outcome:
    return invoke("protocol", "check", written(path, text))


def test_a_hospital_adds_its_protocol_by_one_file(tmp_path: Path) -> None:
    file = written(tmp_path, SITE)
    assert "our-hospital can be read" in checked(tmp_path, SITE).stdout
    args = ("--weight", "80kg", "--run-time", "24h", "--infusion-product", "bag-250", "--format", "json")
    made = invoke("dose", "--protocol-file", file, *args).json
    assert made["protocol"]["id"] == "our-hospital"
    assert made["protocol"]["origin"] == "site"
    assert [str(each["pump_rate"]["value"]) for each in made["infusions"]] == ["38.4", "9.6"]
    assert "Our hospital's SOP" in {source["title"] for source in made["sources"]}


def test_a_site_protocol_is_measured_against_the_published_ranges(tmp_path: Path) -> None:
    file = written(tmp_path, SITE.replace('"0.1 mcg/kg/min"', '"6 mcg/kg/min"'))
    outcome = invoke("dose", "--protocol-file", file, "--weight", "80kg", "--run-time", "24h", "--format", "json")
    assert {f["code"]: f["severity"] for f in outcome.json["findings"]}["RC418"] == "error"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"0.1 mcg/kg/min"', '"0.1 mcg/kg/m"', "infusion[1].dose_rate_per_kg: cannot read '0.1 mcg/kg/m'"),
        ('"0.1 mcg/kg/min"', "0.1", "infusion[1].dose_rate_per_kg: '0.1' is not a text in quotes"),
        ('"0.1 mcg/kg/min"', '"0.1 units/kg/min"', "infusion[1].dose_rate_per_kg: '0.1 units/kg/min' is not a mass"),
        ('"0.1 mcg/kg/min"', '"0 mcg/kg/min"', "infusion[1].dose_rate_per_kg: '0 mcg/kg/min' is zero"),
        ('dose_rate_per_kg = "0.1 mcg/kg/min"\n', "", "infusion[1].dose_rate_per_kg: is missing"),
        ('"10 mcg/kg"', '"10 mcg"', "bolus[0].dose_per_kg: cannot read '10 mcg': that is a dose"),
        ('dose_per_kg = "10 mcg/kg"', 'dose_per_kg = "10 mcg/kg"\ndose = "250 mcg"', "bolus[0]: states exactly one"),
        (
            'dose_per_kg = "10 mcg/kg"',
            'dose_per_kgs = "10 mcg/kg"',
            "bolus[0].dose_per_kgs: unknown key; did you mean dose_per_kg",
        ),
        ('route = "IV"', 'route = "PO"', "bolus[0].route: 'PO' is not one of IA, IV"),
        ('role = "load"', 'role = "maintenance"', "infusion: is one maintenance, or a load and then a maintenance"),
        ('taken = "30 min", ', "", "infusion[0].run_time: states none of"),
        ('from = "12 h", to = "24 h"', 'from = "24 h", to = "12 h"', "infusion[1].run_time.to: 12 h is below 24 h"),
        ('taken = "5 min"', 'taken = "5 min", to = "6 min"', "bolus[0].give_over: states one of taken and to"),
        ("sources = [", "source_list = [", "sources: is missing; an entry without a source is refused"),
        ('id = "ours", locator', 'id = "theirs", locator', "sources[0].id: there is no source 'theirs'"),
        (', locator = "SOP 12, page 3"', "", "sources[0].locator: is missing"),
        ('drug = "tirofiban"', 'drug = "tirofibam"', "drug: 'tirofibam' is not one of"),
        ('id = "our-hospital"', 'id = "Our Hospital"', "id: 'Our Hospital' is not lower-case words"),
        ('title = "Our own"', 'title = ""', "title: is empty"),
        (
            'title = "Our own"',
            'title = "Our own"\nrenall = "us-label"',
            "renall: unknown key; did you mean renal",
        ),
        (
            'title = "Our own"',
            'title = "Our own"\nrenal = "eptifibatide-label"',
            "renal: 'eptifibatide-label' is not a",
        ),
        ('title = "Our own"', 'title = "Our own"\nnot_stated = "weight"', "not_stated: 'weight' is not a list"),
        ("[[bolus]]", "[bolus]", "bolus: "),
        ('taken = "30 min"', 'taken = "30 h"', "infusion[0].run_time.words: 'for 30 min' does not say 30 h"),
        ('from = "12 h"', 'from = "12 min"', "infusion[1].run_time.words: '12 to 24 h' does not say 12 min"),
        ('taken = "5 min"', 'taken = "50 min"', "bolus[0].give_over.words: 'over 5 min' does not say 50 min"),
        ('kind = "site"', 'kind = "label"', "kind: 'label' is for packaged protocols"),
        ('title = "Our own"', 'title = "x"\nnot_stated = ["run_time"]', "not_stated: names run_time, which this file"),
        ('title = "Our own"', 'title = "a\\u001b[31m"', "title: 'a\\x1b[31m' holds a character that cannot be printed"),
        ('"over 5 min" }', '"over 5 min", how = "slowly" }', "bolus[0].give_over.how: unknown key"),
    ],
)
def test_what_is_wrong_is_named_by_table_and_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in SITE
    outcome = checked(tmp_path, SITE.replace(old, new))
    assert outcome.exit_code == 3
    assert outcome.stdout == ""
    assert said in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert invoke("dose", "--protocol-file", str(tmp_path / "ours.toml"), "--weight", "80kg").exit_code == 3


def test_every_table_with_a_problem_is_named_at_once(tmp_path: Path) -> None:
    text = SITE.replace('"0.1 mcg/kg/min"', '"x"').replace('"10 mcg/kg"', '"y"').replace('title = "Our own"', "")
    lines = checked(tmp_path, text).stderr.splitlines()
    assert [line.split(": ")[2] for line in lines] == ["bolus[0].dose_per_kg", "infusion[1].dose_rate_per_kg", "title"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id = \n", "line 1"),
        (b'id = "a"\nid = "b"\n', "line 2"),
        (b"\xff\xfe", "not UTF-8 at byte 0"),
        (b"a = " + b"[" * 3_000, "not TOML|nested too deeply"),
        (b"a = " + b"[" * 100_000, "line 1 is longer than"),
        (b"a" + b".a" * 3_000 + b" = 1", "line 1 is longer than"),
        (b"a = " + b"9" * 3_999, "line 1|not TOML"),
        (b"#\n" * 2_000_000, "larger than"),
        (b"", "title: is missing"),
    ],
)
def test_a_file_that_is_no_protocol_is_exit_3(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "ours.toml"
    file.write_bytes(content)
    outcome = invoke("protocol", "check", str(file))
    assert (outcome.exit_code, outcome.stdout) == (3, "")
    assert re.search(said, outcome.stderr)


def test_the_check_as_json(tmp_path: Path) -> None:
    file = written(tmp_path, SITE.replace('"10 mcg/kg"', '"10 mcg"'))
    outcome = invoke("protocol", "check", file, "--format", "json")
    assert outcome.exit_code == 3
    assert outcome.json["ok"] is False
    assert "bolus[0].dose_per_kg" in outcome.json["problems"][0]
    assert invoke("protocol", "check", written(tmp_path, SITE), "--format", "json").json["ok"] is True


def test_a_changed_copy_may_not_pass_as_the_published_protocol(tmp_path: Path) -> None:
    text = (catalogue.DATA / "protocols" / "yang-2020-iv.toml").read_text("utf-8")
    assert checked(tmp_path, text).exit_code == 0
    outcome = checked(tmp_path, text.replace("0.15", "0.51"))
    assert outcome.exit_code == 3
    assert "give it another id" in outcome.stderr


@pytest.mark.parametrize("path", PACKAGED, ids=lambda path: path.stem)
def test_a_packaged_file_carries_the_id_of_its_name(path: Path) -> None:
    assert catalogue.protocol(path.stem).id == path.stem
    assert catalogue.protocol(path.stem).sources


@pytest.mark.parametrize("name", list(catalogue.products()))
def test_a_products_amount_volume_and_concentration_agree(name: str) -> None:
    product = catalogue.products()[name]
    assert product.amount.value_in("mcg") / product.volume.value_in("mL") == product.concentration.value_in("mcg/mL")
    assert product.sources


@pytest.mark.parametrize("name", list(catalogue.renal_rules()))
def test_every_clearance_falls_into_one_band(name: str) -> None:
    rule = catalogue.renal_rules()[name]
    assert rule.bands[-1].up_to is None
    ends = [band.up_to.magnitude for band in rule.bands if band.up_to]
    assert ends == sorted(set(ends))
    for end in ends:
        for offset in (Fraction(-1, 10**9), Fraction(0), Fraction(1, 10**9)):
            clearance = read(f"{float(end)} mL/min", CreatinineClearance, "c").times((end + offset) / end)
            assert sum(band is rule.band(clearance) for band in rule.bands) == 1


def test_a_drug_says_truly_whether_a_renal_rule_is_held() -> None:
    ruled = {rule.drug for rule in catalogue.renal_rules().values()}
    assert {name for name, drug in catalogue.drugs().items() if drug.has_renal_rule} == ruled


CODE = [
    file for room in ("core", "rules", "backcheck") for file in sorted((catalogue.DATA.parent / room).rglob("*.py"))
]


def _is_bound(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id.startswith("_MOST_")


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.name)
def test_no_clinical_number_is_written_in_code(path: Path) -> None:
    """In core and rules only sizes of units, counts, halves and bounds of work are numbers; the rest is data."""
    allowed = {0, 1, 2, 3, 6, 9, 10, 14, 15, 24, 40, 60, 100, 1024, 3600, 4096}
    if path.name in {"units.py", "doses.py", "suggestions.py", "spelling.py", "corrections.py", "unit_factors.py"}:
        pytest.skip("holds the sizes of units, each tested against its definition, or the likeness of names")
    if path.name == "platelet_counts.py":
        pytest.skip("holds the numbers that English words say")
    tree = ast.parse(path.read_text("utf-8"))
    bounds = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.AnnAssign) and _is_bound(each.target)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and id(node) not in bounds:
            assert node.value in allowed, f"{path.name}:{node.lineno}: {node.value}"


def test_a_cap_is_absolute_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    cap = 'cap = { amount = "10 mcg/min", words = "at most 10 mcg/min" }\n'
    text = SITE.replace('title = "Our own"', 'title = "Our own"\nrenal = "us-label"').replace(
        'dose_rate_per_kg = "0.1 mcg/kg/min"\n', f'dose_rate_per_kg = "0.1 mcg/kg/min"\n{cap}'
    )
    args = ("--weight", "120kg", "--run-time", "24h", "--crcl", "45mL/min", "--format", "json")
    made = invoke("dose", "--protocol-file", written(tmp_path, text), *args).json["infusions"][1]
    assert (str(made["dose_rate"]["value"]), made["formula_dose_rate"]) == ("6", None)
    follows = text.replace('amount = "10 mcg/min",', 'amount = "10 mcg/min", follows_renal = true,')
    made = invoke("dose", "--protocol-file", written(tmp_path, follows), *args).json["infusions"][1]
    assert (str(made["dose_rate"]["value"]), str(made["formula_dose_rate"]["value"])) == ("5", "6")
    assert made["cap"] == "at most 5 mcg/min, reduced as the dose is; in full: at most 10 mcg/min"


def test_a_site_file_is_not_blamed_for_its_own_renal_rule(tmp_path: Path) -> None:
    text = SITE.replace('title = "Our own"', 'title = "Our own"\nrenal = "eu-label"')
    args = ("--weight", "80kg", "--run-time", "24h", "--crcl", "25mL/min", "--format", "json")
    made = invoke("dose", "--protocol-file", written(tmp_path, text), *args).json
    assert str(made["boluses"][0]["dose_per_kg"]["value"]) == "5"
    assert not {"RC403", "RC405", "RC418"} & {finding["code"] for finding in made["findings"]}


@pytest.mark.parametrize(
    ("old", "new"), [('"10 mcg/kg"', '"10 mg/kg"'), ('"0.1 mcg/kg/min"', '"6 mcg/kg/min"'), ('"30 min"', '"30 h"')]
)
def test_the_check_of_a_file_needs_no_patient_to_see_a_slip(tmp_path: Path, old: str, new: str) -> None:
    text = SITE.replace(old, new).replace("for 30 min", f"for {new.strip(chr(34))}" if "h" in new else "for 30 min")
    outcome = invoke("protocol", "check", written(tmp_path, text), "--fail-on", "warning")
    assert outcome.exit_code == 1
    assert "RC418" in outcome.stdout
    assert "RC418" not in invoke("protocol", "check", written(tmp_path, SITE), "--details").stdout


PRODUCT = """
[bag-500]
drug = "tirofiban"
strength = "25 mg in 500 mL"
form = "premixed bag"
amount = "25 mg"
volume = "500 mL"
concentration = "50 mcg/mL"
serves = ["pump", "infusion"]
sources = [{ id = "tirofiban-labels", locator = "product" }]
"""


def products_of(path: Path, text: str) -> Mapping[str, Product]:
    file = path / "products.toml"
    file.write_text(text, encoding="utf-8")
    return products_from(file, catalogue.sources(), frozenset({"tirofiban"}))


def test_a_product_that_agrees_with_itself_is_read_in_any_unit(tmp_path: Path) -> None:
    assert str(products_of(tmp_path, PRODUCT)["bag-500"].concentration) == "50 mcg/mL"
    assert products_of(tmp_path, PRODUCT.replace('"50 mcg/mL"', '"0.05 mg/mL"').replace('"25 mg"', '"25000 mcg"'))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"50 mcg/mL"', '"250 mcg/mL"', "bag-500.concentration: 250 mcg/mL is not 25 mg in 500 mL, which is 50 mcg/mL"),
        ('amount = "25 mg"', 'amount = "12.5 mg"', "bag-500.amount: 12.5 mg is not the 25 mg of the strength"),
        ('volume = "500 mL"', 'volume = "250 mL"', "bag-500.volume: 250 mL is not the 500 mL of the strength"),
        ('"25 mg in 500 mL"', '"12.5 mg in 500 mL"', "bag-500.amount: 25 mg is not the 12.5 mg of the strength"),
        ('"25 mg in 500 mL"', '"50 mcg/mL"', "bag-500.strength: '50 mcg/mL' is not an amount in a volume"),
        ("sources = [", "source = [", "bag-500.sources: is missing; an entry without a source is refused"),
    ],
)
def test_a_product_that_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in PRODUCT
    with pytest.raises(CatalogueError) as refused:
        products_of(tmp_path, PRODUCT.replace(old, new, 1))
    assert said in str(refused.value)
    assert "products.toml" in str(refused.value)
