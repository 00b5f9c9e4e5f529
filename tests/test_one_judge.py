"""Two faces never disagree: the same dose rate gets one verdict of the published range, however it is said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.reporters.render.json_text import dumps
from tests.fhir_corpus import request
from tests.support import invoke, share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.long

PROTOCOL = """
id = "ours"
title = "Ours"
drug = "{drug}"
kind = "site"
confidence = "not graded"
population = "not stated"
antiplatelets = "not stated"
not_stated = ["antiplatelets", "population"]
sources = [{{ id = "our-sop", locator = "page 3" }}]

[source.our-sop]
title = "Our SOP"

"""
INFUSION = """
[[infusion]]
role = "maintenance"
dose_rate_per_kg = "{rate}"
run_time = {{ taken = "24 h", words = "24 h" }}
"""
BOLUS = """
[[bolus]]
route = "{route}"
dose_per_kg = "{dose}"
"""

STRENGTH = {"tirofiban": "50 mcg/mL", "eptifibatide": "750 mcg/mL"}

# In thousandths of the drug's unit per minute, close to each end of each range and far from all.
TIROFIBAN = (
    *(5, 7, 9, 15, 25, 30, 37, 40, 45, 48, 49, 50, 51, 52, 55, 60, 62, 70, 74, 75, 76, 80, 90, 99, 100, 101, 110),
    *(120, 125, 130, 140, 145, 148, 149, 150, 151, 152, 153, 155, 160, 175, 190, 199, 200, 201, 220, 250, 300, 350),
    *(399, 400, 401, 402, 410, 450, 500, 600, 750, 900, 1000, 1500, 2000, 3000, 4500, 5000, 6000, 7500, 9000, 9500),
)
EPTIFIBATIDE = (
    *(
        20,
        30,
        40,
        50,
        75,
        100,
        180,
        190,
        198,
        199,
        200,
        202,
        210,
        250,
        300,
        400,
        450,
        490,
        499,
        500,
        501,
        505,
        510,
        600,
    ),
    *(700, 740, 749, 750, 751, 760, 800, 900, 990, 999, 1000, 1001, 1010, 1100, 1250, 1500, 1750, 1900, 1990, 1999),
    *(2000, 2001, 2010, 2020, 2050, 2100, 2500, 3000, 5000, 7500, 10000, 20000, 40000, 60000),
)


def _written(thousandths: int, *, hourly: bool) -> str:
    value = thousandths * (60 if hourly else 1)
    number = f"{value / 1000:.3f}".rstrip("0").rstrip(".")
    return f"{number} mcg/kg/{'h' if hourly else 'min'}"


CASES = share(
    (
        (drug, _written(each, hourly=hourly))
        for drug, rates in (("tirofiban", TIROFIBAN), ("eptifibatide", EPTIFIBATIDE))
        for each in rates
        for hourly in (False, True)
    ),
    5,  # an odd share takes rates by the minute and by the hour in turn
)


def verdict(findings: list[Any]) -> str:
    """Return the severity of what is said of the published range, ``clean`` where nothing is."""
    of_range = {"RC402", "RC404", "RC418", "RC420"}
    (severity,) = {each["severity"] for each in findings if each["code"] in of_range} or {"clean"}
    return str(severity)


def run(*args: str, stdin: str | None = None) -> list[Any]:
    outcome = invoke(*args, "--format", "json", stdin=stdin)
    assert outcome.exit_code in (0, 1), outcome.stderr
    return list(outcome.json["findings"])


def of_dose(drug: str, rate: str, _: Path) -> list[Any]:
    del drug  # a regimen that is typed is one of tirofiban
    return run("dose", "--infusion", rate, "--run-time", "24h", "--weight", "80kg", "--infusion-product", "bag-250")


def of_protocol_check(drug: str, rate: str, folder: Path) -> list[Any]:
    return run("protocol", "check", str(_protocol(drug, rate, folder)))


def of_protocol_file(drug: str, rate: str, folder: Path) -> list[Any]:
    return run("dose", "--protocol-file", str(_protocol(drug, rate, folder)), "--weight", "80kg")


def _protocol(drug: str, rate: str, folder: Path) -> Path:
    return _file(folder, drug, INFUSION.format(rate=rate))


def _file(folder: Path, drug: str, step: str) -> Path:
    file = folder / "ours.toml"
    file.write_text(PROTOCOL.format(drug=drug) + step, "utf-8")
    return file


def of_rate(drug: str, rate: str, _: Path) -> list[Any]:
    strength = STRENGTH[drug].replace(" ", "")
    return run("rate", rate, "--weight", "80kg", "--concentration", strength, "--to", "mcg/min", "--drug", drug)


def of_rate_alone(drug: str, rate: str, _: Path) -> list[Any]:
    return run("rate", rate, "--to", "mcg/kg/h", "--drug", drug)


def fields(drug: str, rate: str) -> dict[str, Any]:
    return {"drug": drug, "route": "IV", "kind": "infusion", "dose_rate_per_kg": rate}


def _checked(text: str, suffix: str) -> dict[tuple[str, str], list[Any]]:
    """Return the findings of every case, each of which stands on a line of its own in the order of ``CASES``."""
    outcome = invoke(
        "check", "-", "--stdin-filename", f"a.{suffix}", "--select", "RC402", "--format", "json", stdin=text
    )
    assert outcome.exit_code == 1, outcome.stderr
    found: dict[tuple[str, str], list[Any]] = {case: [] for case in CASES}
    first = text.count("\n") - len(CASES) + 1
    for each in outcome.json["findings"]:
        if each["line"] >= first:
            found[CASES[int(each["line"]) - first]].append(each)
    return found


def _yaml(*, patient: bool) -> str:
    lines = []
    for drug, rate in CASES:
        made: dict[str, Any] = {"order_set": "Ours", "orders": [fields(drug, rate)]}
        if patient:
            made["orders"][0] |= {"concentration": STRENGTH[drug], "run_time": "24 h"}
            made["patient"] = {"weight": "80 kg"}
        lines.append(f"--- {json.dumps(made)}\n")
    return "".join(lines)


def _csv() -> str:
    rows = (f"{drug},IV,infusion,{rate},24 h\n" for drug, rate in CASES)
    return f"drug,route,kind,dose_rate_per_kg,run_time\n{''.join(rows)}"


def _fhir() -> str:
    orders = ({**fields(drug, rate), "concentration": STRENGTH[drug], "run_time": "24 h"} for drug, rate in CASES)
    return "".join(f"{dumps(request(order), indent=None)}\n" for order in orders)


@pytest.fixture(scope="module")
def files() -> dict[str, dict[tuple[str, str], list[Any]]]:
    return {
        "YAML": _checked(_yaml(patient=False), "yaml"),
        "YAML of a patient": _checked(_yaml(patient=True), "yaml"),
        "CSV": _checked(_csv(), "csv"),
        "FHIR": _checked(_fhir(), "jsonl"),
    }


FACES: dict[str, Callable[[str, str, Path], list[Any]]] = {
    "dose": of_dose,
    "protocol check": of_protocol_check,
    "dose --protocol-file": of_protocol_file,
    "rate": of_rate,
    "rate alone": of_rate_alone,
}


def faces(drug: str) -> Iterator[str]:
    yield from (name for name in FACES if name != "dose" or drug == "tirofiban")


@pytest.mark.parametrize(("drug", "rate"), CASES, ids=[f"{drug} {rate}" for drug, rate in CASES])
def test_a_dose_rate_gets_one_verdict_from_every_face(
    drug: str, rate: str, files: dict[str, dict[tuple[str, str], list[Any]]], tmp_path: Path
) -> None:
    verdicts = {name: verdict(FACES[name](drug, rate, tmp_path)) for name in faces(drug)}
    verdicts |= {name: verdict(found[drug, rate]) for name, found in files.items()}
    assert len(set(verdicts.values())) == 1, verdicts


# In tenths of mcg/kg, close to each end of each range and far from all.
BOLUSES = (*(20, 49, 50, 90, 100, 104, 120, 150, 200, 249, 250, 260, 500, 1350, 1800, 1850, 2500, 100_000),)
GIVEN = [(drug, route, each) for drug in STRENGTH for route in ("IV", "IA") for each in BOLUSES]


@pytest.mark.parametrize(("drug", "route", "tenths"), GIVEN)
def test_a_bolus_gets_one_verdict_from_every_face(drug: str, route: str, tenths: int, tmp_path: Path) -> None:
    dose = f"{tenths / 10:g} mcg/kg"
    order = {"drug": drug, "route": route, "kind": "bolus", "dose_per_kg": dose}
    file = str(_file(tmp_path, drug, BOLUS.format(route=route, dose=dose)))
    written = {
        "a.yaml": json.dumps({"order_set": "Ours", "orders": [order]}),
        "b.yaml": json.dumps({"order_set": "Ours", "patient": {"weight": "80 kg"}, "orders": [order]}),
        "a.csv": f"drug,route,kind,dose_per_kg\n{drug},{route},bolus,{dose}\n",
        "a.json": dumps(request(order)),
    }
    verdicts = {name: verdict(run("check", "-", "--stdin-filename", name, stdin=it)) for name, it in written.items()}
    verdicts["protocol check"] = verdict(run("protocol", "check", file))
    verdicts["dose --protocol-file"] = verdict(run("dose", "--protocol-file", file, "--weight", "80kg"))
    if drug == "tirofiban":  # a regimen that is typed is one of tirofiban
        verdicts["dose"] = verdict(run("dose", "--bolus", dose, "--route", route.lower(), "--weight", "80kg"))
    assert len(set(verdicts.values())) == 1, verdicts


def test_boluses_get_every_verdict() -> None:
    orders = [
        {"drug": drug, "route": route, "kind": "bolus", "dose_per_kg": f"{each / 10:g} mcg/kg"}
        for drug, route, each in GIVEN
    ]
    text = "".join(f"{json.dumps(each)}\n" for each in orders)
    found = invoke("check", "-", "--stdin-filename", "a.jsonl", "--format", "json", stdin=text).json["findings"]
    wrong = {each["line"] for each in found if each["severity"] == "error"}
    assert 0 < len(wrong) < len(orders)


def test_a_cap_below_every_dose_is_found_in_a_protocol_file(tmp_path: Path) -> None:
    cap = 'cap = { amount = "100 mcg", words = "at most 100 mcg" }'
    bolus = f'\n[[bolus]]\nroute = "IV"\ndose_per_kg = "10 mcg/kg"\n{cap}\n'
    file = _protocol("tirofiban", "0.1 mcg/kg/min", tmp_path)
    file.write_text(file.read_text("utf-8") + bolus, "utf-8")
    for args in (("protocol", "check", str(file)), ("dose", "--protocol-file", str(file), "--weight", "80kg")):
        assert invoke(*args).exit_code == 1
        errors = [(each["code"], each["found"]) for each in run(*args) if each["severity"] == "error"]
        assert errors == [("RC427", "100 mcg")]
