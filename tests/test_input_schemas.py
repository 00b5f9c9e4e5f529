"""`schema NAME`: what the readers read is valid, what they refuse is not, and each knows the names of the other."""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft4Validator, Draft7Validator

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.files.protocols import protocol_from
from rescuecalc.catalogue.files.table import Table
from rescuecalc.catalogue.pump_library import library_file
from rescuecalc.catalogue.site_protocol import site_protocol
from rescuecalc.settings.configuration import settings_of
from tests.support import invoke

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PROTOCOLS = sorted((ROOT / "src" / "rescuecalc" / "data" / "protocols").glob("*.toml"))
EXAMPLES = [ROOT / "docs" / "examples" / name for name in ("our-hospital.toml", "outside.toml")]
SETS = sorted([*(ROOT / "docs" / "examples").glob("*.yaml"), *(ROOT / "tests" / "hospital" / "sets").glob("*.yaml")])
RENAL = {"us-label": "tirofiban", "eu-label": "tirofiban", "eptifibatide-label": "eptifibatide"}
NAMES = ("order-set", "protocol", "columns", "library", "settings")

SETTINGS = """
"$schema" = "./settings.schema.json"
select = ["RC1", "RC304"]
ignore = ["RC2"]
exclude = ["old"]
fail-on = "warning"
rules-url = "https://intranet.example.org/rules.html"
protocol-files = []
[per-path-ignores]
"a/*.csv" = ["RC226"]
[limits]
source = "Pump policy"
usual_weight = {from = "45 kg", to = "120 kg"}
weight = {from = "1 kg", to = "300 kg"}
clearance = {from = "0 mL/min", to = "300 mL/min"}
pump_rate = "500 mL/h"
pump_step = "0.1 mL/h"
container_time = "24 h"
run_time = "100 h"
deviation_percent = "4"
[severity]
RC226 = "warning"
RC304 = {severity = "warning", until = "2027-03-31", because = "a reason"}
[columns]
[products.tirofiban]
infusion = "bag-250"
[[suppress]]
path = "*.json"
code = "RC217"
until = "2027-03-31"
because = "printed so"
[[suppress]]
order = "drip"
code = "RC217"
until = "2027-03-31"
because = "printed so"
[[approvals]]
code = "RC304"
order_set = "a"
reason = "a reason"
approver = "P&T committee"
until = "2027-03-31"
"""


@cache
def schema(name: str) -> Any:
    return json.loads(invoke("schema", name).stdout)


def wrong(name: str, document: Any) -> list[str]:
    return [error.message for error in Draft7Validator(schema(name)).iter_errors(document)]


def order_sets(text: str) -> Iterator[Any]:
    """Yield the documents of a file as an editor reads them: a day is a text."""
    for each in yaml.safe_load_all(text):
        yield json.loads(json.dumps(each, default=date.isoformat))


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one_of_draft_7_within_the_keywords_of_draft_4(name: str) -> None:
    assert schema(name)["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(schema(name))
    Draft4Validator.check_schema({**schema(name), "$schema": "http://json-schema.org/draft-04/schema#"})
    later = re.findall(r'"(const|if|contains|propertyNames|examples|\$defs|\$id)"', json.dumps(schema(name)))
    assert later == []


@pytest.mark.parametrize("file", SETS, ids=lambda each: each.name)
def test_every_order_set_that_is_kept_here_is_valid(file: Path) -> None:
    for each in order_sets(file.read_text("utf-8")):
        assert wrong("order-set", each) == []


@pytest.mark.parametrize("file", [*PROTOCOLS, *EXAMPLES], ids=lambda each: each.name)
def test_every_protocol_file_is_valid(file: Path) -> None:
    assert wrong("protocol", tomllib.loads(file.read_text("utf-8"))) == []


def test_settings_are_valid_and_read(tmp_path: Path) -> None:
    file = tmp_path / "rescuecalc.toml"
    file.write_text(SETTINGS, encoding="utf-8")
    assert wrong("settings", tomllib.loads(SETTINGS)) == []
    assert settings_of(file).exclude == ("old",)


ORDER = "order_set: a\norders:\n- {id: x, drug: aspirin, route: PO, kind: dose, dose: 100 mg, frequency: daily}\n"


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("dose: 100", "doze: 100"),
        ("drug: aspirin, ", ""),
        ("dose: 100 mg", "dose: 100"),
        ("dose: 100 mg", "dose: {is: 100 mg}"),
        ("kind: dose", "kind: spray"),
        ("order_set: a\n", "order_set: a\nprotocl: b\n"),
        ("order_set: a\n", "order_set: a\napproved: yesterday\n"),
        ("order_set: a\n", "order_set: a\npatient: {wait: 80 kg}\n"),
        ("orders:\n- ", "orders: "),
    ],
)
def test_a_damaged_order_set_is_not_valid_and_is_found_by_check(was: str, becomes: str) -> None:
    assert was in ORDER
    text = ORDER.replace(was, becomes)
    assert [wrong("order-set", each) for each in order_sets(ORDER)] == [[]]
    assert any(wrong("order-set", each) for each in order_sets(text))
    outcome = invoke("check", "-", "--stdin-filename", "a.yaml", "--select", "RC1,RC2", "--json", stdin=text)
    assert {each["severity"] for each in outcome.json["findings"]} & {"error", "warning"}


@pytest.mark.parametrize(
    ("name", "text", "was", "becomes"),
    [
        ("settings", SETTINGS, "pump_rate", "pump_rte"),
        ("settings", SETTINGS, '"RC304"', '"RC399"'),
        ("settings", SETTINGS, 'fail-on = "warning"', 'fail-on = "warn"'),
        ("settings", SETTINGS, "because =", "becos ="),
        ("settings", SETTINGS, 'source = "Pump policy"\n', ""),
        ("protocol", EXAMPLES[0].read_text("utf-8"), 'kind = "site"', 'kind = "house"'),
        ("protocol", EXAMPLES[0].read_text("utf-8"), 'role = "maintenance"', 'role = "bolus"'),
        ("protocol", EXAMPLES[0].read_text("utf-8"), "dose_per_kg =", "dose_kg ="),
        ("protocol", EXAMPLES[0].read_text("utf-8"), 'drug = "tirofiban" ', 'drug = "tirofibam" '),
    ],
)
def test_a_damaged_file_is_not_valid_and_is_refused(
    tmp_path: Path, name: str, text: str, was: str, becomes: str
) -> None:
    assert was in text
    damaged = text.replace(was, becomes, 1)
    assert wrong(name, tomllib.loads(damaged))
    file = tmp_path / "damaged.toml"
    file.write_text(damaged, encoding="utf-8")
    asked = (
        ("protocol", "check", str(file)) if name == "protocol" else ("check", "docs/examples", "--config", str(file))
    )
    assert invoke(*asked).exit_code == 3


def properties(made: Any, path: str = "") -> Iterator[tuple[str, set[str]]]:
    """Yield the names that a schema knows, by where they stand."""
    for each in made.get("anyOf", []):
        yield from properties(each, path)
    for key in ("items", "additionalProperties"):
        if isinstance(made.get(key), dict):
            yield from properties(made[key], path)
    if "properties" in made:
        yield path, set(made["properties"])
        for name, each in made["properties"].items():
            yield from properties(each, f"{path}.{name}".lstrip("."))


def fetched(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    seen: dict[str, set[str]] = defaultdict(set)
    fetch = Table._fetch  # noqa: SLF001

    def noted(table: Table, key: str, *args: Any) -> Any:
        seen[re.sub(r"\[\d+\]", "", table.path)].add(key)
        return fetch(table, key, *args)

    monkeypatch.setattr(Table, "_fetch", noted)
    return seen


OWN_RULE = """
[renal_rule]
title = "our SOP"
sources = [{ id = "our-sop", locator = "page 4" }]
bands = [
  { up_to = "40 mL/min", includes = true, bolus_factor = "1", infusion_factor = "0.5", words = "40 or less: half" },
  { bolus_factor = "1", infusion_factor = "1", words = "CrCl above 40: full" },
]
"""


def test_the_schema_of_protocols_knows_what_their_reader_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = fetched(monkeypatch)
    site_protocol(EXAMPLES[0])
    text = EXAMPLES[0].read_text("utf-8")
    text = text.replace('dose_per_kg = "10', 'repeat = { at = "1 h", words = "once more at 1 h" }\ndose_per_kg = "10')
    text = text.replace("\nsources", '\nweight_basis = "actual"\nsources')
    text = text.replace('role = "maintenance"', 'role = "maintenance"\nroute = "IV"') + OWN_RULE
    own = tmp_path / "own.toml"
    own.write_text(text, encoding="utf-8")
    assert wrong("protocol", tomllib.loads(text)) == []
    site_protocol(own)
    for file in PROTOCOLS:
        protocol_from(file, catalogue.sources(), frozenset(catalogue.drugs()), lambda: RENAL, site=False)
    known = dict(properties(schema("protocol")))
    named = {"source": {"our-sop"}, "source.our-sop": known.pop("source")}
    assert {path: keys for path, keys in seen.items() if path not in named} == known


def test_the_schema_of_settings_knows_what_their_reader_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rescuecalc.toml"
    file.write_text(SETTINGS, encoding="utf-8")
    seen = fetched(monkeypatch)
    settings_of(file)
    known = dict(properties(schema("settings")))
    assert seen.pop("products") == {"tirofiban"}
    assert seen.pop("products.tirofiban") == known.pop("products")
    assert seen.pop("severity") == {"RC226", "RC304"}
    assert seen.pop("severity.RC304") == known.pop("severity")
    assert seen.pop("per-path-ignores") == {"a/*.csv"}
    assert dict(seen) == known


LIBRARY = """
"$schema" = "library.schema.json"
[library]
name = "Pumps"
kind = "pump"
version = "7"
released = "2026-02-14"
source = "Drug committee"
file = "rows.csv"
max_rate = "999 mL/h"
min_rate = "0.1 mL/h"
rate_step = "0.1 mL/h"
max_vtbi = "3000 mL"
[area."ICU"]
max_rate = "500 mL/h"
max_vtbi = "1000 mL"
weight = {from = "30 kg", to = "200 kg", hard_from = "20 kg", hard_to = "300 kg"}
[mapping]
header_rows = [1, 2]
fill_down = ["care_area"]
absent = ["-"]
custom = ["free"]
delimiter = ";"
decimal = ","
encoding = "cp1252"
[mapping.columns]
drug = "Drug"
[mapping.band]
care_area = "Area: *"
[mapping.fixed]
dose_unit = "mcg/kg/min"
[mapping.otherwise]
drug = "Name"
[mapping.units]
"gamma" = "mcg"
[drugs."Aggrastat renal"]
drug = "tirofiban"
creatinine_clearance = "<= 60 mL/min"
weight = ">= 40 kg"
[therapies."renal"]
creatinine_clearance = "<= 60 mL/min"
weight = ">= 40 kg"
"""


def test_the_schema_of_libraries_knows_what_their_reader_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "library.toml"
    file.write_text(LIBRARY, encoding="utf-8")
    assert wrong("library", tomllib.loads(LIBRARY)) == []
    seen = fetched(monkeypatch)
    assert library_file(file).about.version == "7"
    known = dict(properties(schema("library")))
    of_columns = {f"mapping.{name}": known.pop(f"mapping.{name}") for name in ("columns", "band", "fixed", "otherwise")}
    for name, fields in of_columns.items():
        assert seen.pop(name) <= fields
    assert seen.pop("mapping.units") == {"gamma"}
    assert (seen.pop("area"), seen.pop("drugs"), seen.pop("therapies")) == ({"ICU"}, {"Aggrastat renal"}, {"renal"})
    own = {"area": "area.ICU", "area.weight": "area.ICU.weight", "drugs": "drugs.Aggrastat renal"}
    own["therapies"] = "therapies.renal"
    assert dict(seen) == {own.get(path, path): fields for path, fields in known.items()}


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("max_vtbi =", "max_vbti ="), ('kind = "pump"', 'kind = "pumps"'), ('drug = "Drug"', 'drg = "Drug"')],
)
def test_a_damaged_library_is_not_valid_and_is_refused(tmp_path: Path, was: str, becomes: str) -> None:
    damaged = LIBRARY.replace(was, becomes, 1)
    assert wrong("library", tomllib.loads(damaged))
    file = tmp_path / "damaged.toml"
    file.write_text(damaged, encoding="utf-8")
    assert invoke("library", "check", str(file)).exit_code == 3


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_file_may_name_its_schema(form: str) -> None:
    text = '{"$schema": "./order-set.schema.json", "drug": "aspirin", "route": "PO", "dose": "100 mg", "kind": "dose"}'
    outcome = invoke("check", "-", "--stdin-filename", f"a.{form}", "--select", "RC1", "--json", stdin=text)
    assert outcome.json["findings"] == []
    whole = '{"$schema": "a", "order_set": "a", "orders": [{"drug": "aspirin", "$schema": "b"}]}'
    outcome = invoke("check", "-", "--stdin-filename", f"a.{form}", "--select", "RC104", "--json", stdin=whole)
    assert [each["pointer"] for each in outcome.json["findings"]] == ["/orders/0/$schema"]


def test_an_unknown_schema_is_refused_with_those_that_there_are() -> None:
    outcome = invoke("schema", "pump")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "NAME: cannot read 'pump'; write order-set, protocol, columns, library or settings" in outcome.stderr
    assert invoke("schema").exit_code == 2
    assert invoke("schema", "order_set").stdout == invoke("schema", "order-set").stdout
