"""`dose -`: one line out for each line in, whatever is on it; nothing is held, and nothing ends the others."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.cli import dose_lines as dose_lines_cli
from rescuecalc.cli import line_input
from rescuecalc.requests import dose_lines
from tests.support import Outcome, invoke

if TYPE_CHECKING:
    from pathlib import Path

YANG = '{"protocol": "yang-2020-iv", "weight": "80kg", "run-time": "24h"}'
FOUND = '{"infusion": "10mcg/kg/min", "weight": "80kg", "run_time": "24h"}'
REFUSED = '{"protocol": "us-label", "weight": "80kg", "run-time": "18h"}'
BARE = '{"protocol": "yang-2020-iv", "weight": 80, "run-time": "24h"}'
NO_FILE = '{"protocol-file": "/nowhere/ours.toml", "weight": "80kg"}'


def run(*lines: str, options: str = "") -> Outcome:
    return invoke("dose", "-", *shlex.split(options), stdin="".join(f"{line}\n" for line in lines))


def documents(outcome: Outcome) -> list[Any]:
    return [json.loads(line) for line in outcome.stdout.splitlines()]


def test_a_line_is_answered_by_what_dose_prints_as_json() -> None:
    outcome = run(
        YANG, '{"protocol": "us-label", "weight": "176lb", "run-time": "18h", "crcl": "45mL/min", "label_band": true}'
    )
    alone = invoke(*shlex.split("dose yang-2020-iv --weight 80kg --run-time 24h --json"))
    band = invoke(*shlex.split("dose us-label --weight 176lb --run-time 18h --crcl 45mL/min --label-band --json"))
    assert outcome.exit_code == 0
    assert documents(outcome) == [json.loads(alone.stdout), json.loads(band.stdout)]


@pytest.mark.parametrize(
    ("lines", "codes", "end"),
    [
        ((), [], 2),
        ((YANG,), [None], 0),
        ((YANG, FOUND), [None, None], 1),
        ((REFUSED, FOUND), [4, None], 4),
        ((FOUND, BARE, REFUSED), [None, 2, 4], 2),
        ((NO_FILE, BARE, YANG), [3, 2, None], 3),
    ],
)
def test_a_line_that_has_no_answer_says_why_and_the_others_go_on(
    lines: tuple[str, ...], codes: list[int | None], end: int
) -> None:
    outcome = run(*lines)
    assert [each.get("exit_code") for each in documents(outcome)] == codes
    assert outcome.exit_code == end


def test_an_error_has_its_line_its_kind_and_its_problems() -> None:
    assert documents(run(YANG, BARE))[1] == {
        "schema": "rescuecalc.dose-error.1",
        "rescuecalc": documents(run(YANG))[0]["rescuecalc"],
        "line": 2,
        "exit_code": 2,
        "kind": "bad-input",
        "problems": [
            "--weight: cannot read '80': the number has no unit (80kg or 80lb?); write a weight as 80kg (or 176lb)"
        ],
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "is not a JSON object"),
        ("[1]", "is not a JSON object"),
        ("null", "is not a JSON object"),
        ("{", "is not a JSON object"),
        ("[" * 9000, "is not a JSON object"),
        (f'{{"weight": "{"8" * 10_000}"}}', "at most 10,000 bytes"),
        ('{"wieght": "80kg"}', "'wieght' is not an option of dose; did you mean weight"),
        ('{"weight": "80kg", "weight": "8kg"}', "'weight' is given more than once"),
        ('{"run-time": "24h", "run_time": "2h"}', "'run_time' is given more than once"),
        ('{"weight": ""}', "'weight' has an empty value"),
        ('{"weight": ["80kg"]}', "'weight' is not a text"),
        ('{"weight": true}', "'weight' is not a text"),
        ('{"label_band": "yes"}', "'label_band' is true or false"),
        ('{"weight": NaN, "protocol": "yang-2020-iv"}', "cannot read 'NaN'"),
        ('{"protocol": "<script>"}', "unknown protocol '<script>'"),
    ],
)
def test_what_is_no_request_is_an_error_of_its_line(line: str, said: str) -> None:
    outcome = run(line, YANG)
    first, second = documents(outcome)
    assert (first["line"], first["exit_code"], outcome.exit_code) == (1, 2, 2)
    assert said in first["problems"][0]
    assert second["schema"] == "rescuecalc.dose.1"


def test_numbers_that_need_no_unit_may_stand_as_numbers() -> None:
    line = YANG.replace("}", ', "inr": 1.60, "age": 70, "sex": "f", "creatinine": "1.2mg/dL", "crcl": null}')
    (made,) = documents(run(line))
    assert made["creatinine_clearance"]["value"] == 55.0925925925926
    assert "INR" not in made["not_given"]


def test_options_of_the_command_hold_for_every_line_and_contradict_none() -> None:
    outcome = run(YANG, options="--infusion-product bag-250")
    assert documents(outcome)[0]["infusions"][0]["pump_rate"]["value"] == 14.4
    twice = run(YANG, options="--weight 8kg")
    assert "'weight' stands in the line and on the command line" in documents(twice)[0]["problems"][0]


@pytest.mark.parametrize("options", ["--quiet", "--details", "--card", "--format fhir", "--label-band"])
def test_options_of_a_page_are_refused(options: str) -> None:
    outcome = run(YANG, options=options)
    assert (outcome.exit_code, outcome.stdout) == (2, "")


def test_an_internal_error_of_a_line_quotes_nothing_and_ends_with_70(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError("the patient's name")

    monkeypatch.setattr(dose_lines, "dose_of", fails)
    outcome = run(YANG)
    (made,) = documents(outcome)
    assert (outcome.exit_code, made["kind"]) == (70, "internal")
    assert made["problems"][0].startswith("internal error, ZeroDivisionError at test_dose_lines.py:")
    assert "patient" not in f"{outcome.stdout} {outcome.stderr}"


def test_the_lines_go_into_a_file_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    outcome = run(YANG, BARE, options=f"-o {file}")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert file.read_text("utf-8") == run(YANG, BARE).stdout
    assert [each.name for each in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_line_is_answered_before_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    def lines() -> Any:
        for _ in range(3):
            order.append("read")
            yield YANG.encode()

    monkeypatch.setattr("rescuecalc.cli.dose_lines.lines_in", lines)
    monkeypatch.setattr("rescuecalc.cli.output._write", lambda _: order.append("written"))
    run()
    assert order == ["read", "written"] * 3


def test_a_long_line_is_dropped_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_input, "LONGEST_LINE", 70)
    assert [each.get("exit_code") for each in documents(run(YANG, f"{YANG}{' ' * 500}", YANG))] == [None, 2, None]


@pytest.mark.long
@pytest.mark.process
def test_a_reader_that_goes_away_ends_it_with_141() -> None:
    command = [sys.executable, "-m", "rescuecalc", "dose", "-"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{YANG}\n".encode())
        process.stdin.flush()
        assert process.stdout.readline().startswith(b'{"schema"')
        process.stdout.close()
        process.stdin.write(f"{YANG}\n".encode() * 3)
        process.stdin.close()
        assert process.wait(timeout=20) == 141
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_the_same_request_is_computed_once_but_for_errors_and_what_depends_on_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    answered = dose_lines.answered

    def counted(line: bytes | None, number: int, *more: Any) -> Any:
        asked.append(number)
        return answered(line, number, *more)

    monkeypatch.setattr(dose_lines_cli, "answered", counted)
    now = '{"protocol": "yang-2020-iv", "weight": "80kg", "run-time": "24h", "start": "now", "timezone": "UTC"}'
    outcome = run(YANG, FOUND, YANG, BARE, FOUND, BARE, now, now)
    assert asked == [1, 2, 4, 6, 7, 8]
    made = documents(outcome)
    assert made[0] == made[2]
    assert made[1] == made[4]
    assert (made[3]["line"], made[5]["line"]) == (4, 6)
    assert outcome.exit_code == 2


def test_only_so_many_answers_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dose_lines_cli, "_KNOWN", 2)
    other = [YANG.replace("80kg", f"{weight}kg") for weight in (70, 75, 85)]
    made = documents(run(YANG, *other, YANG))
    assert made[0] == made[4]
    assert [each["weight_as_written"] for each in made] == ["80kg", "70kg", "75kg", "85kg", "80kg"]
