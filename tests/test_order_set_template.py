"""`protocol show --as-order-set`: the order set that a protocol implies, printed and read back."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from rescuecalc.catalogue import catalogue
from rescuecalc.core.orders import order_field as field
from rescuecalc.reporters.render.order_set_yaml import order_set_text, scalar_lines
from tests.support import invoke

PROTOCOLS = catalogue.protocol_ids()
SITE = "docs/examples/our-hospital.toml"

OWN_WARNINGS = {
    "abciximab-label": ["RC410"],
    "advent": ["RC631"],
    "cangrelor-label": ["RC410", "RC631"],
    "eptifibatide-label": ["RC410", "RC631"],
    "eptifibatide-low": ["RC631", "RC660"],
    "eu-label-bolus": ["RC410", "RC631"],
    "eu-label-load": ["RC410", "RC631"],
    "huo-2021": ["RC631"],
    "rescue-as": ["RC631"],
    "us-label": ["RC631"],
    "yang-2020-ia": ["RC408", "RC631"],
    "yang-2020-iv": ["RC631"],
}
"""What check warns of in a protocol itself, whoever writes it down: a template changes nothing of that.

RC408, RC410 and RC660 are what the source is; RC631 is there where it states no one run time, once for all branches
of an infusion.
"""

DUE_NOTES = {
    *("RC401", "RC407", "RC409", "RC415"),  # what the sources are
    *("RC701", "RC704", "RC707", "RC513"),  # what the site says: product, weight basis, approval
    *("RC630", "RC710"),  # what the source leaves open
}


def printed(*args: str) -> str:
    outcome = invoke("protocol", "show", *args, "--as-order-set")
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    return outcome.stdout


def parsed(*args: str) -> Any:
    return yaml.safe_load(printed(*args))


def found(text: str, *args: str) -> list[tuple[str, str]]:
    outcome = invoke("check", "-", "--stdin-filename", "template.yaml", "--format", "json", *args, stdin=text)
    assert outcome.exit_code == 0, outcome.stdout
    return [(each["severity"], each["code"]) for each in json.loads(outcome.stdout)["findings"]]


@pytest.mark.parametrize("name", PROTOCOLS)
def test_check_reads_every_template_and_warns_of_nothing_but_the_protocol_itself(name: str) -> None:
    findings = found(printed(name))
    assert sorted(code for severity, code in findings if severity != "note") == OWN_WARNINGS.get(name, [])
    assert {code for severity, code in findings if severity == "note"} <= DUE_NOTES


def test_the_page_lists_the_notes_that_remain_and_the_warnings_that_are_due() -> None:
    page = Path("docs/pipeline.md").read_text("utf-8")
    listed = {code for row in re.findall(r"^\| (RC[^|]*) \|", page, re.MULTILINE) for code in row.split(", ")}
    assert listed == {code for name in PROTOCOLS for severity, code in found(printed(name)) if severity == "note"}
    assert listed == DUE_NOTES
    assert all(f"`{name}`" in page and code in page for name, codes in OWN_WARNINGS.items() for code in codes)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_what_check_warns_of_is_said_above_the_template_and_nothing_is_let_stand(name: str) -> None:
    text = printed(name)
    said = re.findall(r"^# check finds warning (RC[0-9]{3}): ", text, re.MULTILINE)
    assert said == list(dict.fromkeys(OWN_WARNINGS.get(name, [])))
    assert "rescuecalc: ignore" not in text


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_template_carries_at_most_three_notes_and_no_warning_but_the_sources_own(name: str) -> None:
    page = invoke("check", "-", "--stdin-filename", "template.yaml", stdin=printed(name)).stdout
    heads = re.findall(r"^  (?:-|[0-9]+:[0-9]+) +(NOTE|WARNING|ERROR) +(RC[0-9]{3})", page, re.MULTILINE)
    assert sum(severity == "NOTE" for severity, _ in heads) <= 3
    assert {code for severity, code in heads if severity != "NOTE"} <= {"RC408", "RC410", "RC631", "RC660"}
    if "RC631" in page:
        assert f": {name} states " in " ".join(page.split())


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_template_is_plain_yaml_of_80_columns_with_known_fields_in_their_order(name: str) -> None:
    text = printed(name)
    assert max(len(line) for line in text.splitlines()) <= 80
    made = yaml.safe_load(text)
    assert list(made) == ["order_set", "protocol", "orders", "monitoring", "stop_if"]
    assert made["protocol"] == name
    for order in made["orders"]:
        assert list(order) == [each for each in field.ORDER if each in order]
        assert all(isinstance(value, str) for key, value in order.items() if key != "when")
    assert len({order["id"] for order in made["orders"]}) == len(made["orders"])


HALVES = {
    ("us-label", "infusion-crcl-60-or-less"): {"0.15 mcg/kg/min": "0.075 mcg/kg/min"},
    ("eu-label-bolus", "bolus-crcl-below-30"): {"25 mcg/kg": "12.5 mcg/kg"},
    ("eu-label-bolus", "infusion-crcl-below-30"): {"0.15 mcg/kg/min": "0.075 mcg/kg/min"},
    ("eu-label-load", "load-crcl-below-30"): {"0.4 mcg/kg/min": "0.2 mcg/kg/min"},
    ("eu-label-load", "infusion-crcl-below-30"): {"0.1 mcg/kg/min": "0.05 mcg/kg/min"},
    ("eptifibatide-label", "infusion-crcl-below-50"): {"2 mcg/kg/min": "1 mcg/kg/min", "15 mg/h": "7.5 mg/h"},
}
"""The doses that a label halves; every other one is the text of the protocol's own file."""


def as_stated(name: str, order: dict[str, Any], raw: dict[str, Any]) -> dict[str, str]:
    """Return the doses of an order as the protocol's file has them."""
    role = order["id"].partition("-")[0]
    steps = (
        raw["bolus"] if role == "bolus" else [s for s in raw["infusion"] if (s["role"] == "load") == (role == "load")]
    )
    cap = "max_dose" if role == "bolus" else "max_dose_rate"
    amounts = {key: steps[0][key] for key in ("dose_per_kg", "dose", "dose_rate_per_kg") if key in steps[0]}
    amounts |= {cap: steps[0]["cap"]["amount"]} if "cap" in steps[0] else {}
    halves = HALVES.get((name, order["id"]), {})
    return {key: halves.get(text, text) for key, text in amounts.items()}


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_dose_is_that_of_the_protocols_file(name: str) -> None:
    raw = tomllib.loads((Path("src/rescuecalc/data/protocols") / f"{name}.toml").read_text("utf-8"))
    orders = [order for order in parsed(name)["orders"] if order["drug"] == raw["drug"]]
    amounts = {*("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate", "max_dose", "max_dose_rate")}
    for order in orders:
        assert {key: value for key, value in order.items() if key in amounts} == as_stated(name, order, raw)
    roles = [order["id"].partition("-")[0] for order in orders]
    stated = ["bolus" for _ in raw.get("bolus", [])]
    stated += ["load" if step["role"] == "load" else "infusion" for step in raw.get("infusion", [])]
    assert list(dict.fromkeys(roles)) == stated
    oral = [step for step in raw.get("antiplatelet", []) if "dose" in step]
    given_orally = [order for order in parsed(name)["orders"] if order["drug"] != raw["drug"]]
    assert [(o["drug"], o["dose"]) for o in given_orally] == [(s["drug"], s["dose"]) for s in oral]


CONDITIONS = {
    "us-label": ["<= 60 mL/min", "> 60 mL/min"],
    "eu-label-bolus": ["< 30 mL/min", ">= 30 mL/min and <= 60 mL/min", "> 60 mL/min"] * 2,
    "eu-label-load": ["< 30 mL/min", ">= 30 mL/min and <= 60 mL/min", "> 60 mL/min"] * 2,
    "eptifibatide-label": ["< 50 mL/min", ">= 50 mL/min"],
}


@pytest.mark.parametrize("name", PROTOCOLS)
def test_renal_branches_are_those_of_the_label_and_stand_nowhere_else(name: str) -> None:
    orders = parsed(name)["orders"]
    conditions = [order["when"]["creatinine_clearance"] for order in orders if "when" in order]
    assert conditions == CONDITIONS.get(name, [])


@pytest.mark.parametrize(("clearance", "rates"), [("60", ["0.075"]), ("60.1", ["0.15"]), ("29.9", ["0.075"])])
def test_each_clearance_has_the_one_infusion_that_dose_gives_it(clearance: str, rates: list[str]) -> None:
    dose = invoke(*f"dose us-label --weight 80kg --run-time 18h --crcl {clearance}mL/min --format json".split())
    assert [str(each["dose_rate_per_kg"]["value"]) for each in dose.json["infusions"]] == rates
    low, high = (order["dose_rate_per_kg"] for order in parsed("us-label")["orders"] if "when" in order)
    assert (low if float(clearance) <= 60 else high) == f"{rates[0]} mcg/kg/min"


@pytest.mark.parametrize(
    ("name", "comment"),
    [
        ("huo-2021", "# dose: fixed, not per kg; the source states 0.25 mg to 1 mg: choose"),
        ("huo-2021", "# run_time: the source states 12 to 24 h: choose"),
        ("huo-2021", "# give_over: not stated by the source: choose"),
        ("yang-2020-iv", "# run_time: not stated by the source: choose"),
        ("us-label", "# the source: within 5 min give_over: 5 min"),
        ("us-label", "# run_time: the source states up to 18 h: choose"),
        ("eu-label-load", "# run_time: the source states at least 48 h, at most 108 h in total: choose"),
        ("trend-2024", "# unclear: whether the 72 h include the 30 min loading infusion is not clear"),
        ("khachatryan-2023-case", "# start: not stated by the source: choose"),
        ("kang-2018-ia", "# source kang-2018: Kang 2018; doi 10.3171/2018.1.JNS172350"),
        ("abciximab-label", "# product: yours; no product held here serves a bolus of abciximab"),
        ("abciximab-label", "# version: yours # approved: the day of your approval, as in 2026-03-01"),
        ("abciximab-label", "# weight_basis: not stated by the source: actual, ideal or adjusted"),
    ],
)
def test_what_the_source_leaves_open_is_left_out_and_said(name: str, comment: str) -> None:
    joined = re.sub(r"\s+", " ", re.sub(r"\n *#   ", " ", printed(name)))
    assert comment in joined


def test_a_load_comes_first_and_the_infusion_after_it() -> None:
    load, infusion = (order for order in parsed("trend-2024")["orders"])
    assert (load["run_time"], load["start"]) == ("30 min", "+0 h")
    assert (infusion["run_time"], infusion["start"]) == ("72 h", "+30 min")


def test_antiplatelets_stand_as_the_source_names_them() -> None:
    oral = [order for order in parsed("khachatryan-2023-case")["orders"] if order["drug"] != "tirofiban"]
    assert oral == [
        {"id": "aspirin", "drug": "aspirin", "route": "PR", "kind": "dose", "dose": "300 mg"},
        {"id": "aspirin-2", "drug": "aspirin", "kind": "dose", "dose": "325 mg", "frequency": "daily"},
        {"id": "clopidogrel", "drug": "clopidogrel", "kind": "dose", "dose": "75 mg", "frequency": "daily"},
    ]


def uncommented(text: str) -> str:
    """Return a template with the orders that lack a dose taken out of their comments."""
    above, said, below = text.partition("uncomment them.\n")
    assert said
    lines, rest = below.split("monitoring:")
    return f"{above}{said}{re.sub(r'^  # ', '  ', lines, flags=re.MULTILINE)}monitoring:{rest}"


def test_an_antiplatelet_without_a_dose_is_a_comment_that_becomes_an_order() -> None:
    text = printed("rescue-bt-2022")
    assert [order["drug"] for order in yaml.safe_load(text)["orders"]] == ["tirofiban", "tirofiban"]
    assert yaml.safe_load(uncommented(text))["orders"][2:] == [
        {"id": "aspirin", "drug": "aspirin", "route": "PO", "kind": "dose", "start": "+20 h"},
        {"id": "clopidogrel", "drug": "clopidogrel", "route": "PO", "kind": "dose", "start": "+20 h"},
    ]


def test_a_template_that_is_completed_has_no_note_but_those_about_its_source() -> None:
    text = uncommented(printed("rescue-bt-2022", "--bolus-product", "vial-15", "--infusion-product", "bag-250"))
    text = text.replace("# version: yours", 'version: "1"').replace(
        "# approved: the day of your", "approved: 2026-03-01 #"
    )
    text = re.sub("# weight_basis: .*", "weight_basis: actual", text)
    text = text.replace("# give_over: not stated by the source: choose", "give_over: 5 min")
    for dose in ("325 mg", "600 mg"):
        text = text.replace("# dose: not stated by the source: choose", f"dose: {dose}", 1)
    notes = ["RC401", "RC407"]
    overlap = ("warning", "RC603")  # 4 h before the stop, and clopidogrel 600 mg may need 8
    assert found(text, "--as-of", "2026-03-02") == [("note", code) for code in notes] + [overlap]


def test_a_product_is_named_with_its_concentration_where_it_is_chosen() -> None:
    bolus, infusion = parsed("yang-2020-iv", "--bolus-product", "vial-15", "--infusion-product", "bag-250")["orders"]
    assert (bolus["product"], bolus["concentration"]) == ("vial-15", "250 mcg/mL")
    assert (infusion["product"], infusion["concentration"]) == ("bag-250", "50 mcg/mL")


def test_a_bolus_out_of_the_container_has_the_containers_product() -> None:
    text = printed("yang-2020-iv", *shlex.split("--bolus-product infusion-container --infusion-product bag-100"))
    assert [order["product"] for order in yaml.safe_load(text)["orders"]] == ["bag-100", "bag-100"]
    assert "programmed on the pump" in text
    assert [code for severity, code in found(text) if severity != "note"] == ["RC631"]


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        ("yang-2020-iv --as-order-set --format json", 2, "leave --format out"),
        ("yang-2020-iv --infusion-product bag-250", 2, "--infusion-product goes with --as-order-set"),
        ("yang-2020-iv --as-order-set --infusion-product vial-15", 4, "vial-15"),
        ("yang-2020-iv --as-order-set --infusion-product bag", 2, "unknown product 'bag'"),
        ("kang-2018-ia --as-order-set --infusion-product bag-250", 4, "nothing to draw from it"),
        ("yang-2020-ia --as-order-set --bolus-product bag-250", 4, "cannot give a bolus IA"),
        ("--as-order-set", 2, "a protocol is missing"),
        ("yang-2020 --as-order-set", 2, "yang-2020"),
        (f"yang-2020-iv --protocol-file {SITE}", 2, "'our-hospital'"),
    ],
)
def test_what_cannot_be_printed_is_refused(args: str, code: int, words: str) -> None:
    outcome = invoke("protocol", "show", *args.split())
    assert (outcome.exit_code, outcome.stdout) == (code, "")
    assert words in outcome.stderr


def test_a_hospitals_own_file_is_shown_and_printed_too(tmp_path: Path) -> None:
    assert "our-hospital" in invoke("protocol", "show", "--protocol-file", SITE).stdout
    (tmp_path / "our.yaml").write_text(printed("--protocol-file", SITE), "utf-8")
    outcome = invoke("check", str(tmp_path), "--format", "json", "--protocol-file", SITE)
    errors = [each["code"] for each in json.loads(outcome.stdout)["findings"] if each["severity"] != "note"]
    # This file leaves the run time open.
    assert errors == ["RC631"]
    assert "# check finds warning RC631: " in (tmp_path / "our.yaml").read_text("utf-8")
    made = yaml.safe_load((tmp_path / "our.yaml").read_text("utf-8"))
    assert [order.get("dose_per_kg", order.get("dose_rate_per_kg")) for order in made["orders"]] == [
        "10 mcg/kg",
        "0.1 mcg/kg/min",
    ]


def site_file(tmp_path: Path, old: str, new: str) -> str:
    file = tmp_path / "site.toml"
    file.write_text(Path(SITE).read_text("utf-8").replace(old, new), "utf-8")
    return str(file)


def test_a_files_words_cannot_let_a_finding_stand(tmp_path: Path) -> None:
    words = "# rescuecalc: ignore RC401 until 2099-12-31 because x"
    for old in ("Our hospital, rescue after thrombectomy", "rescue after thrombectomy"):
        text = printed("--protocol-file", site_file(tmp_path, f'"{old}"', f'"{old}, {words}"'))
        assert words in yaml.safe_load(text)["order_set"] or "# rescuecalc : ignore RC401" in re.sub(
            r"\n *# +", " ", text
        )
        assert found(text, "--protocol", "yang-2020-iv", "--select", "RC401,RC9", "--ignore", "RC108") == [
            ("note", "RC401")
        ]


def test_a_dose_that_an_order_set_cannot_hold_exactly_is_refused(tmp_path: Path) -> None:
    file = site_file(tmp_path, 'dose_per_kg = "10 mcg/kg"', 'dose_per_kg = "10.123456789 mcg/kg"')
    text = Path(file).read_text("utf-8").replace('antiplatelets = "not', 'renal = "eu-label"\nantiplatelets = "not')
    Path(file).write_text(text, "utf-8")
    outcome = invoke("protocol", "show", "--protocol-file", file, "--as-order-set")
    assert (outcome.exit_code, outcome.stdout) == (4, "")
    assert "cannot be written exactly" in outcome.stderr


@given(st.text())
@example("no")
@example("2026-03-01")
@example("+20 h")
@example("> 60 mL/min")
@example("1e3")
@example("- a")
@example("a: b #c " * 20)
@example('\\ and " and \\n ' * 12)
@example("x\x1b\u2028\xa0\U0001f9e0")
def test_every_text_is_read_as_it_was_by_our_reader_and_by_any_other(text: str) -> None:
    written = "\n".join(scalar_lines("key: ", text, 2)) + "\n"
    assert yaml.safe_load(written) == {"key": text}
    assert yaml.load(written, Loader=yaml.BaseLoader) == {"key": text}  # noqa: S506  # text only, as check reads it
    listed = "\n".join(scalar_lines("  - ", text, 4)) + "\n"
    assert yaml.safe_load(listed) == [text]


@given(st.text(), st.text())
def test_no_comment_ends_early_or_speaks_to_check(label: str, words: str) -> None:
    made = {"preface": [(label, words)], "order_set": {"order_set": "x", "orders": []}, "said": {}, "unfinished": []}
    text = order_set_text(made)
    assert yaml.safe_load(text) == {"order_set": "x", "orders": None}
    assert not re.search(r"#[ \t]*rescuecalc:", text)
