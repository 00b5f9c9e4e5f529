"""What of a text no rule reads, and what every rule may read: the former is left out where orders are compared."""

from __future__ import annotations

import pytest

from rescuecalc.readers.unread_words import without_unread
from tests.bench_check import HEADINGS
from tests.support import invoke, judged_sets

pytestmark = pytest.mark.core

UNREAD = "tirofiban 5 mL/h; Xxxxx"


@pytest.mark.parametrize(
    "words",
    [
        "signed by Adler on 2026-03-01 14:10",
        "angio suite, Dr. Ohm, 01.03.2026",
        "case 1234567",
        "14:10",
        "as agreed with Hahnberg, ward north",
        "bed 12",
    ],
)
def test_words_that_no_rule_reads_are_left_out(words: str) -> None:
    assert without_unread(f"tirofiban 5 mL/h; {words}") == UNREAD


@pytest.mark.parametrize(
    "words",
    [
        "then 5 mL/h",
        "hold if bleeding",
        "start heparin",
        "heparin",
        "Aggrastat",
        "QD",
        "12 h",
        "2026-03-01 12 h",
        "none",
        "flush the line",
        "12,5 mg",
        "never",
        "",
    ],
)
def test_words_that_a_rule_may_read_stay(words: str) -> None:
    text = f"tirofiban 5 mL/h; {words}"
    assert without_unread(text) == text


def test_a_text_without_a_semicolon_stays() -> None:
    assert without_unread("signed by Adler on 2026-03-01") == "signed by Adler on 2026-03-01"


def _row(number: int, weight: int, clearance: int) -> str:
    pump = weight * 18 // 10 / 10
    start = f"p{number},,{weight} kg,{clearance} mL/min"
    text = f"tirofiban {pump} mL/h at {weight} kg; Dr Ohm, 2026-03-{number % 28 + 1:02} 14:{number % 60:02}"
    return (
        f'{start},d,tirofiban,IV,infusion,,,0.15 mcg/kg/min,,50 mcg/mL,,,{pump} mL/h,,{24 + number % 4} h,,"{text}"\n'
    )


def test_clearances_times_and_words_of_their_own_are_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = judged_sets(monkeypatch)
    rows = [_row(number, 50 + 10 * (number % 9) + 3, 61 + number) for number in range(120)]
    outcome = invoke("check", "-", "--stdin-filename", "a.csv", "--isolated", stdin=HEADINGS + "".join(rows))
    assert outcome.exit_code == 0, outcome.stdout
    assert len(judged) < 60  # the first 32 are judged by themselves


def test_a_note_tells_the_number_of_its_own_order() -> None:
    rows = [_row(number, 51 + number, 90) for number in range(45)]
    form = ("--format", "jsonl", "--select", "RC601")
    outcome = invoke("check", "-", "--stdin-filename", "a.csv", *form, stdin=HEADINGS + "".join(rows))
    held = [line for line in outcome.stdout.splitlines() if "RC601" in line]
    assert len(held) == 45
    # 15 mL and 27 mL of 50 mcg/mL are 750 and 1,350 mcg: at 75 kg 10 and 18 mcg/kg, at 90 kg 8 1/3 and 15.
    assert "holds 10 mcg/kg to 18 mcg/kg at" in held[24]
    assert "holds about 8.33333 mcg/kg to 15 mcg/kg at" in held[39]
