"""The bedside card: what stands on it, when there is none, and that nobody's text becomes markup."""

from __future__ import annotations

import re
import shlex
from html.parser import HTMLParser
from pathlib import Path

import pytest

from rescuecalc.catalogue import catalogue
from tests.support import Outcome, invoke
from tests.test_screen import BRIDGED, patients

OURS = Path(__file__).parent.parent / "docs" / "examples" / "our-hospital.toml"
YANG = "yang-2020-iv --weight 80kg --run-time 24h --bolus-product vial-15 --infusion-product bag-250"
CLOCK = "--start 2026-11-28T20:00 --timezone Europe/Berlin"
VOID = {"meta"}


def run(command: str) -> Outcome:
    return invoke(*shlex.split(command))


class Reader(HTMLParser):
    """Holds the text of a card, refuses tags that do not nest, and keeps the names of all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)


def read(card: str) -> tuple[str, set[str]]:
    """Return the words of a card and its tags."""
    assert card.startswith('<!DOCTYPE html>\n<html lang="en">')
    reader = Reader()
    reader.feed(card)
    assert reader.open == []
    return " ".join(" ".join(reader.texts).split()), reader.tags


def test_a_card_has_what_is_keyed_drawn_up_watched_and_signed() -> None:
    said, tags = read(run(f"dose {YANG} {CLOCK} --card").stdout)
    for each in (
        "TIROFIBAN Bedside card: not an order 80 kg = 176.4 lb (as given)",
        "patient label protocol yang-2020-iv: Yang 2020, intravenous arm",
        "PUMP bag-250 (12.5 mg in 250 mL): 50 mcg/mL",
        "mL/h 14.4 mL/h of 50 mcg/mL VTBI 345.6 mL of 50 mcg/mL; container empty 2026-11-29 13:21:40 +01:00",
        "volume 3.2 mL of 250 mcg/mL, vial-15: by syringe from the vial, not drawn from the bag",
        "start 2026-11-28 20:00 +01:00 change containers empty at 2026-11-29 13:21:40 +01:00: change before",
        "expires at the stop, 2026-11-29 20:00 +01:00",
        "Prepared by (name, signature) Date and time Independent double check by (name, signature) Date and time",
        "Not an order. Arithmetic checked by two routes; weight, product and order not verified: an independent",
    ):
        assert each in said
    assert re.search(r"rescuecalc 0\.\d+\.\d+; catalogue [0-9a-f]{12}\. Not", said)
    assert tags == {
        *("html", "head", "meta", "title", "style", "body", "header", "div", "h1", "h2", "p", "main", "table", "tr"),
        *("th", "td", "footer"),
    }


def test_without_a_start_it_is_left_to_be_written() -> None:
    said, _ = read(run(f"dose {YANG} --card").stdout)
    assert "start date and time: ____" in said
    assert "expires at the stop, 24:00:00 after the start" in said
    assert "expires once the dose is given" in read(run("dose kang-2018-ia --ia-dose 0.5mg --card").stdout)[0]


@pytest.mark.parametrize("protocol", catalogue.protocol_ids())
@pytest.mark.parametrize("command", ["dose", "plan"])
def test_every_regimen_has_a_card_with_both_volumes_and_all_of_its_warnings(command: str, protocol: str) -> None:
    asked = f"{command} {patients(protocol)[-1]} {BRIDGED if command == 'plan' else ''}"
    found = run(f"{asked} --json").json["findings"]
    outcome = run(f"{asked} --card")
    if any(each["severity"] == "error" for each in found):
        assert (outcome.exit_code, outcome.stdout) == (4, "")
        return
    said, _ = read(outcome.stdout)
    said = re.sub(r" \([0-9-]{5} [0-9:]{5} [+][0-9:]{5}\)", "", said)  # the clock time beside each time of a finding
    for each in found:
        if each["severity"] == "warning":
            assert f"{each['code']}: {' '.join(each['message'].split())}" in said
    assert "not on this card" not in said
    assert "stop if" in said
    assert "label use" in said


def test_no_card_while_an_error_stands(tmp_path: Path) -> None:
    file = tmp_path / "card.html"
    for name in ("", str(file)):
        outcome = run(f"dose --infusion 10mcg/kg/min --run-time 24h --weight 80kg --card {name}")
        assert (outcome.exit_code, outcome.stdout) == (4, "")
        assert "no card is made while an error stands: RC402 dose-rate-outside-every-source" in outcome.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--card {}", "--card -o {}", "-o {} --card"])
def test_a_card_goes_into_the_file_that_is_named(option: str, tmp_path: Path) -> None:
    file = tmp_path / "card.html"
    outcome = run(f"dose {YANG} {option.format(file)}")
    assert (outcome.exit_code, outcome.stdout) == (0, "")
    assert file.read_text("utf-8") == run(f"dose {YANG} --card").stdout


def test_a_card_replaces_no_input_no_link_and_no_other_output(tmp_path: Path) -> None:
    ours, link = tmp_path / "ours.html", tmp_path / "link.html"
    ours.write_bytes(OURS.read_bytes())
    link.symlink_to(ours)
    for options in (
        f"--protocol-file {ours} --card {ours}",
        f"--protocol-file {ours} --card {link}",
        f"--protocol-file {ours} --card {tmp_path}/a.svg.html --picture {tmp_path}/a.svg.html",
        f"--protocol-file {ours} --card {tmp_path}/a.html -o {tmp_path}/b.html",
        f"--card {tmp_path}/a.html --json",
        f"--protocol-file {ours} --card --quiet",
        f"--protocol-file {ours} --card --details",
    ):
        assert run(f"plan --weight 80kg --run-time 24h {options}").exit_code == 2, options
    assert ours.read_bytes() == OURS.read_bytes()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.html", "ours.html"]


def test_the_json_does_not_depend_on_a_card() -> None:
    assert run(f"dose {YANG} --card --json").stdout == run(f"dose {YANG} --json").stdout


def written(folder: Path, **texts: str) -> Path:
    """Return the file of a hospital's protocol with some of its texts replaced."""
    text = OURS.read_text("utf-8")
    for key, value in texts.items():
        text = re.sub(rf'^{key} = ".*?"', f'{key} = "{value}"', text, count=1, flags=re.MULTILINE)
    file = folder / "ours.toml"
    file.write_text(text, "utf-8")
    return file


HOSTILE = ("<script>alert(1)</script>", "</td></table>&amp;", "' onload='x", "=cmd|' /C calc'!A0")


@pytest.mark.parametrize("title", HOSTILE)
def test_a_text_of_a_file_is_a_text_on_the_card(title: str, tmp_path: Path) -> None:
    file = written(tmp_path, title=title)
    outcome = run(f"dose --protocol-file {file} --weight 80kg --run-time 24h --card")
    said, tags = read(outcome.stdout)
    assert f"our-hospital: {title} (a site protocol file)" in said
    assert "script" not in tags
    assert re.search(r"protocol file [0-9a-f]{12}\.", said)


def test_a_text_that_no_page_holds_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, title="x" * 3900)
    outcome = run(f"dose --protocol-file {file} --weight 80kg --run-time 24h --card")
    assert (outcome.exit_code, outcome.stdout) == (4, "")
    assert "do not fit on one page" in outcome.stderr


def test_a_card_is_ascii_and_loads_nothing() -> None:
    card = run(f"plan {YANG} --p2y12 clopidogrel --load 300mg --card").stdout
    assert card.isascii()
    assert "default-src 'none'" in card
    assert not re.search(r"https?:|url\(|@import|<script|<link|<img", card)
