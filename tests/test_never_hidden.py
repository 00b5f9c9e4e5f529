"""What no option and no format for people hides, for every protocol."""

from __future__ import annotations

import re
import shlex
from html import unescape

import pytest

from rescuecalc.catalogue import catalogue
from tests.support import invoke
from tests.test_screen import CHOSEN

CLOCK = "--start 2026-11-28T20:00 --timezone Europe/Berlin"
PRINTED = {
    "dose": ("", "--details", "--quiet", "--card", "--renal none", "--label-band", "--no-dialysis", "--fail-on note"),
    "bridge": ("", "--details", "--quiet"),
    "plan": ("", "--details", "--quiet", "--card", "--format markdown", "--format csv", f"--format ics {CLOCK}"),
    "table": ("", "--details", "--quiet", "--format markdown", "--format csv"),
}
AT_STOP = "disconnect at the cannula, do not flush"
FROM_VIAL = "by syringe from the vial, not drawn from the bag"
BY_PUMP = "by pump from its own container, not by syringe"
NEXT_COUNT = {
    "tirofiban": r"platelets:? baseline, before the start; next (2 h to 6 h after the start|2026-11-28 22:00 \+01:00)",
    "eptifibatide": "platelets:? baseline, before the start",
    "abciximab": r"platelets:? baseline, before the start; next (2 h to 4 h|2026-11-28 22:00)",
    "cangrelor": "platelets:? no source is held",
}
STOPS = {
    "tirofiban": "platelets confirmed below 90 x10^9/L",
    "eptifibatide": "a fall of platelets confirmed below 100 x10^9/L",
    "abciximab": "below 100 x10^9/L",
    "cangrelor": "neurological deterioration",
}
VOLUME = re.compile(r"(?<![0-9.,])[0-9][0-9.,]* mL(?:/h)?(?![A-Za-z/]) ?(?P<after>[^ ]*)")


def words(text: str) -> str:
    """Return text without folds, escapes, tags and markup of its format."""
    text = re.sub(r"\r?\n ", "", text) if text.startswith("BEGIN:VCALENDAR") else text
    text = re.sub(r"<style>.*?</style>|<[^>]*>", " ", text, flags=re.DOTALL)
    text = unescape(text)
    for escape, plain in (("\\n", " "), ("\\", ""), ("\u00a0", " ")):
        text = text.replace(escape, plain)
    return " ".join(text.split())


def typed(command: str, protocol: str) -> str:
    chosen = CHOSEN.get(protocol, "")
    if command == "table":
        return f"table {protocol} --step 50kg {'--ia-dose 0.5mg' if '--ia-dose' in chosen else ''}"
    return f"{command} {protocol} --weight 80kg {chosen}"


def said(command: str, protocol: str, option: str, more: str) -> str:
    line = f"{typed(command, protocol)} {more} {option}"
    outcome = invoke(*shlex.split(line))
    assert outcome.exit_code in (0, 1), f"{line}: {outcome.stderr}"
    return f"{words(outcome.stdout)} {words(outcome.stderr)}"


@pytest.mark.parametrize("protocol", catalogue.protocol_ids())
@pytest.mark.parametrize(("command", "option"), [(name, option) for name, every in PRINTED.items() for option in every])
def test_nothing_hides_it(command: str, option: str, protocol: str) -> None:
    found = catalogue.protocol(protocol)
    if (option == "--label-band" and found.label_band is None) or (option == "--renal none" and found.renal):
        return
    text = said(command, protocol, option, "--crcl 25mL/min" if found.renal else "")
    assert re.search(NEXT_COUNT[found.drug], text)
    assert STOPS[found.drug] in text
    assert catalogue.drugs()[found.drug].label_use in text
    assert re.search(r"thrombolysis unknown|not judged: [^:]*thrombolysis", text)
    if not found.renal:
        assert re.search(r"CrCl unknown|not judged: [^:]*CrCl", text)
    if found.infusions:
        assert AT_STOP in text
    if protocol == "yang-2020-ia":
        assert "death in hospital in 23.6 vs 0 % (p<0.001)" in text
    if found.contraindicated is not None:
        assert found.contraindicated in text
    if found.drug == "tirofiban" and found.boluses and found.boluses[0].route == "IV" and command != "bridge":
        assert FROM_VIAL in text
        assert BY_PUMP in text


@pytest.mark.parametrize(("command", "option"), [(name, option) for name, every in PRINTED.items() for option in every])
def test_nothing_hides_a_rounding_above_5_percent(command: str, option: str) -> None:
    weight = "--from 40kg --to 40kg" if command == "table" else "--weight 40kg"
    line = f"{command} instant-2024 {weight} --infusion-product bag-250 --pump-step 1mL/h {option}"
    if option == "--label-band":
        return
    outcome = invoke(*shlex.split(line))
    if option == "--card":
        assert outcome.exit_code == 4
        return
    printed = words(outcome.stdout + outcome.stderr)
    assert "the pump rate 4 mL/h deviates by +11.11 % from the exact 3.6 mL/h" in printed
    assert "DO NOT USE" in outcome.stdout or option == "--details" or "--format" in option


@pytest.mark.parametrize("protocol", catalogue.protocol_ids())
@pytest.mark.parametrize("option", ["", "--quiet", "--details", "--card"])
@pytest.mark.parametrize("command", ["dose", "plan"])
def test_both_bolus_volumes_stand_while_no_product_is_chosen(command: str, option: str, protocol: str) -> None:
    found = catalogue.protocol(protocol)
    if not found.boluses or found.drug != "tirofiban" or found.boluses[0].route != "IV":
        return
    text = said(command, protocol, option, "--crcl 90mL/min" if found.renal else "")
    for strength in ("50 mcg/mL", "250 mcg/mL"):
        assert re.search(rf"[0-9.]+ mL (of|@) {strength}", text)


NO_CONCENTRATION_NEEDED = re.compile(r"CrCl|creatinine|clearance|line of|--|mcg/mL|EU label|US label|of priming")
"""What a volume belongs to where it is no dose: a clearance, a line, an option."""


@pytest.mark.parametrize("protocol", catalogue.protocol_ids())
@pytest.mark.parametrize("option", ["", "--quiet", "--card"])
def test_no_volume_stands_without_its_concentration(option: str, protocol: str) -> None:
    found = catalogue.protocol(protocol)
    bag = {"tirofiban": "--infusion-product bag-250", "eptifibatide": "--infusion-product eptifibatide-bag-100"}
    products = bag.get(found.drug, "") if found.infusions else ""
    needed = "--crcl 90mL/min" if found.renal else ""
    outcome = invoke(*shlex.split(f"{typed('dose', protocol)} {products} {needed} {option}"))
    text = words(outcome.stdout)
    for match in VOLUME.finditer(text):
        before = text[max(match.start() - 40, 0) : match.start()]
        assert (
            match["after"] in {"of", "@"}
            or re.search(NO_CONCENTRATION_NEEDED, f"{before}{match[0]}")
            or (re.search(r"(exact|in) $|mg in $|lasts, $", before))
        ), f"{before}|{match[0]}"


JSON = ("dose", "bridge", "plan", "table")


@pytest.mark.parametrize("protocol", catalogue.protocol_ids())
@pytest.mark.parametrize("command", JSON)
def test_a_script_is_given_what_no_page_may_leave_out(command: str, protocol: str) -> None:
    found = catalogue.protocol(protocol)
    crcl = "--crcl 25mL/min" if found.renal else ""
    text = "\n".join(invoke(*shlex.split(f"{typed(command, protocol)} {crcl} --json")).json["never_hidden"])
    assert re.search(NEXT_COUNT[found.drug], text)
    assert STOPS[found.drug] in text
    assert catalogue.drugs()[found.drug].label_use in text
    assert re.search(r"not judged: [^:]*thrombolysis", text)
    assert ("not judged: CrCl" in text or ", CrCl" in text) is not bool(found.renal)
    assert (f"at the stop: {AT_STOP}" in text) is bool(found.infusions)
    if protocol == "yang-2020-ia":
        assert "death in hospital in 23.6 vs 0 % (p<0.001)" in text
    if found.contraindicated is not None:
        assert f"warning RC410 {found.contraindicated}" in text
    if found.drug == "tirofiban" and found.boluses and found.boluses[0].route == "IV":
        assert f"250 mcg/mL {FROM_VIAL}" in text
        assert f"50 mcg/mL {BY_PUMP}" in text
        if command != "table":
            assert re.search(r"^bolus IV: [0-9.]+ mL of 50 mcg/mL or [0-9.]+ mL of 250 mcg/mL$", text, re.MULTILINE)


def test_a_script_is_given_a_rounding_above_5_percent_and_the_concentration_of_a_rate() -> None:
    command = "dose instant-2024 --weight 40kg --infusion-product bag-250 --pump-step 1mL/h --json"
    listed = invoke(*command.split()).json["never_hidden"]
    assert listed[:2] == ["loading 30 min: 14 mL/h of 50 mcg/mL", "4 mL/h of 50 mcg/mL"]
    assert any("the pump rate 4 mL/h deviates by +11.11 % from the exact 3.6 mL/h" in each for each in listed)
    rate = invoke(*shlex.split("rate 10mcg/kg/min --weight 80kg --concentration 50mcg/mL --json")).json["never_hidden"]
    assert rate[0] == "960 mL/h of 50 mcg/mL"
    assert rate[1].startswith("error RC402 the infusion of 10mcg/kg/min is outside the published range of tirofiban")


def test_a_script_is_given_what_is_not_missed_after_a_stop_and_in_fhir() -> None:
    stopped = invoke(*shlex.split("stop yang-2020-iv -w 80kg --started +0h --stopped +3.5h --json")).json[
        "never_hidden"
    ]
    assert f"at the stop: {AT_STOP}" in stopped
    assert "bolus IV: 16 mL of 50 mcg/mL or 3.2 mL of 250 mcg/mL" in stopped
    bundle = invoke(*shlex.split("dose yang-2020-ia -w 80kg --run-time 24h --format fhir")).json
    notes = [each["text"] for each in bundle["entry"][-1]["resource"]["note"]]
    assert f"at the stop: {AT_STOP}" in notes
    assert sum("death in hospital in 23.6 vs 0 %" in each for each in notes) == 1
