"""The library's `check`: order sets out of dictionaries, paths and resources of FHIR."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

import rescuecalc as rc
from rescuecalc.units import Q_
from tests.support import invoke

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"

DRIP = {
    "id": "drip",
    "drug": "tirofiban",
    "kind": "infusion",
    "dose_rate_per_kg": "0.15 mcg/kg/min",
    "concentration": "50 mcg/mL",
    "pump_rate": "144 mL/h",
}
WRONG: dict[str, Any] = {"order_set": "a", "patient": {"weight": "80 kg"}, "orders": [DRIP]}
RIGHT: dict[str, Any] = {**WRONG, "orders": [{**DRIP, "pump_rate": "14.4 mL/h"}]}


def told(orders: Any, **options: Any) -> list[tuple[Any, ...]]:
    found = rc.check(orders, select="RC3", **options).findings
    return [(each.code, each.severity, each.line, each.pointer, each.found, each.expected) for each in found]


SLIP = ("RC304", "error", 13, "/orders/0/pump_rate", "144 mL/h", "14.4 mL/h")


def test_a_dictionary_is_judged_as_the_json_that_it_makes() -> None:
    made = rc.check(WRONG, as_of="2026-11-01")
    command = (
        "check",
        "-",
        "--stdin-filename",
        "orders.json",
        "--isolated",
        "--as-of",
        "2026-11-01",
        "--format",
        "json",
    )
    printed = invoke(*command, stdin=json.dumps(WRONG, indent=2)).stdout
    assert made.to_json().replace("<orders>", "orders.json") == printed
    assert told(WRONG) == [SLIP]
    assert told(RIGHT) == []


def test_a_finding_says_what_is_wrong_and_what_would_be_right() -> None:
    found = next(each for each in rc.check(WRONG).findings if each.code == "RC304")
    assert (found.factor, found.slip, found.file, found.column) == (Decimal(10), ("decimal point",), "<orders>", 20)
    assert found.message.startswith("the pump rate 144 mL/h contradicts the order's other numbers")
    assert found.sources[0] in rc.check(WRONG).sources


def test_a_summary_says_how_far_orders_were_judged() -> None:
    heparin = {"drug": "heparin", "dose_rate": "1000 units/h", "kind": "infusion", "route": "IV"}
    made = rc.check({**WRONG, "orders": [DRIP, heparin]}).summary
    assert (made.orders, made.judged.dose, made.judged.arithmetic, made.files, made.all_read) == (2, 1, 1, 1, True)


def test_a_list_is_judged_as_json_lines_and_the_line_says_which_one() -> None:
    orders = [RIGHT, WRONG, {"order_set": "b", "orders": 5}, WRONG]
    assert [(code, line, pointer) for code, _, line, pointer, *_ in told(orders)] == [
        ("RC304", 2, "/orders/0/pump_rate"),
        ("RC105", 3, "/orders"),
        ("RC304", 4, "/orders/0/pump_rate"),
    ]
    lines = "\n".join(map(json.dumps, orders))
    command = (
        "check",
        "-",
        "--stdin-filename",
        "orders.jsonl",
        "--isolated",
        "--as-of",
        "2026-11-01",
        "--format",
        "json",
    )
    made = rc.check(orders, as_of="2026-11-01").to_json()
    assert made.replace("<orders>", "orders.jsonl") == invoke(*command, stdin=lines).stdout


def test_resources_of_fhir_are_judged_alone_and_in_a_list() -> None:
    resource = json.loads((EXAMPLES / "fhir-order.json").read_text("utf-8"))
    alone = rc.check(resource).findings
    of_file = rc.check(EXAMPLES / "fhir-order.json").findings
    assert [(each.code, each.pointer) for each in alone] == [(each.code, each.pointer) for each in of_file]
    assert len(alone) > 0
    both = rc.check([resource, WRONG]).findings
    assert {(each.line, each.code) for each in both} >= {(1, alone[0].code), (2, "RC304")}


def test_quantities_and_days_in_a_dictionary_are_written_as_text() -> None:
    rate = rc.rate("0.15 mcg/kg/min", weight="80 kg", concentration="50 mcg/mL").result
    order = {**DRIP, "dose_rate_per_kg": Q_("0.15 mcg/kg/min"), "pump_rate": rate}
    patient = MappingProxyType({"weight": Q_(80, "kg")})
    assert told({"order_set": "a", "approved": date(2026, 3, 1), "patient": patient, "orders": [order]}) == []
    doubled = {**order, "pump_rate": rate.to_pint() * 10}
    found = told({"order_set": "a", "patient": patient, "orders": (doubled,)})
    assert [each[4:] for each in found] == [("144 mL/h", "14.4 mL/h")]


def test_the_options_are_those_of_the_command() -> None:
    without = {**WRONG, "patient": {}}
    assert [each[5] for each in told(without, patient_weight=Q_(100, "kg"))] == ["18 mL/h"]
    by_trend = rc.check(RIGHT, protocol="trend-2024", select=["RC4"], ignore="RC401").findings
    assert "RC419" in {each.code for each in by_trend}
    with pytest.raises(rc.InputError, match="patient_weight: 80 has no unit"):
        rc.check(WRONG, patient_weight=80)  # type: ignore[arg-type]


def test_no_settings_file_is_read_unless_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rescuecalc.toml").write_text('ignore = ["RC704"]\n', "utf-8")
    (tmp_path / "set.json").write_text(json.dumps(WRONG, indent=2), "utf-8")
    monkeypatch.chdir(tmp_path)
    assert told("set.json") == [SLIP]
    alone, named = rc.check("set.json"), rc.check("set.json", config="rescuecalc.toml")
    assert {each.code for each in alone.findings} - {each.code for each in named.findings} == {"RC704"}
    assert (alone.settings.isolated, alone.settings.files) == (True, ())
    assert (named.settings.isolated, named.settings.files[0].left_out) == (False, ("RC704",))


def test_files_and_folders_are_read_by_their_paths(tmp_path: Path) -> None:
    for name, made in (("a.json", WRONG), ("b.json", RIGHT)):
        (tmp_path / name).write_text(json.dumps(made, indent=2), "utf-8")
    assert told(tmp_path) == told(str(tmp_path)) == told([tmp_path / "b.json", str(tmp_path / "a.json")]) == [SLIP]
    assert [each.file for each in rc.check(tmp_path, select="RC304").findings] == [str(tmp_path / "a.json")]


def test_what_cannot_be_read_is_a_finding_and_not_an_error(tmp_path: Path) -> None:
    readings: tuple[tuple[Any, str], ...] = (
        (tmp_path / "none.yaml", "RC101"),
        ({"patient": {}}, "RC101"),
        ([{"patient": {}}, RIGHT], "RC102"),
    )
    for orders, code in readings:
        made = rc.check(orders)
        assert not made.summary.all_read
        assert made.findings[0].code == code


@pytest.mark.parametrize(
    ("orders", "message"),
    [
        ([], "orders: the list is empty: there is nothing to check"),
        ("-", "orders: '-' is standard input of the command; give a path or a dictionary"),
        ("order_set: a\norders: []", "orders: a text is the path of a file, and this one has lines; read it into a"),
        ([WRONG, "a.yaml"], "orders: paths or dictionaries are needed, not both and nothing else"),
        ([5], "orders: paths or dictionaries are needed, not both and nothing else"),
        (5, "orders: a path, a dictionary or a list of these is needed, not a int"),
        (b"{}", "orders: a path, a dictionary or a list of these is needed, not a bytes"),
        ({"order_set": float("nan")}, "orders: cannot be written as JSON: "),
        ({"order_set": {1, 2}}, "orders: text or a quantity is needed, not a set"),
        ({"order_set": Fraction(1, 2)}, "orders: 1/2 is a number; write text, as on the command line"),
    ],
)
def test_what_is_no_order_set_at_all_is_refused(orders: Any, message: str) -> None:
    with pytest.raises(rc.InputError) as refusal:
        rc.check(orders)
    assert str(refusal.value).startswith(message)


def test_the_day_is_today_unless_it_is_given() -> None:
    assert rc.check(RIGHT, as_of=date(2026, 3, 1)).as_of == "2026-03-01"
    assert rc.check(RIGHT).as_of in {datetime.now(UTC).date().isoformat(), date.today().isoformat()}  # noqa: DTZ011
