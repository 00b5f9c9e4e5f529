"""What a clause of nothing but giving says in words is never silent, of any drug; other texts are clean."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from tests.support import invoke

pytestmark = pytest.mark.core

RESCUE: Final = {
    "order_set": "Rescue tirofiban after thrombectomy",
    "patient": {"weight": "80 kg"},
    "monitoring": [{"check": "platelets", "at": "baseline"}, {"check": "platelets", "at": "+4 h"}],
    "stop_if": ["platelets below 90 x10^9/L", "neurological deterioration", "serious bleeding"],
}
TIROFIBAN: Final = {
    "drug": "tirofiban",
    "route": "IV",
    "kind": "infusion",
    "dose_rate_per_kg": "0.1 mcg/kg/min",
    "concentration": "50 mcg/mL",
    "pump_rate": "9.6 mL/h",
    "run_time": "24 h",
    "start": "+0 h",
}
BOLUS: Final = {
    "drug": "tirofiban",
    "route": "IV",
    "kind": "bolus",
    "dose_per_kg": "10 mcg/kg",
    "dose": "800 mcg",
    "concentration": "250 mcg/mL",
    "volume": "3.2 mL",
    "give_over": "3 min",
    "start": "+0 h",
}
NOREPINEPHRINE: Final = {
    "drug": "norepinephrine",
    "route": "IV",
    "kind": "infusion",
    "dose_rate_per_kg": "0.1 mcg/kg/min",
    "concentration": "64 mcg/mL",
    "pump_rate": "7.5 mL/h",
}
HEPARIN: Final = {
    "drug": "heparin",
    "route": "IV",
    "kind": "bolus",
    "dose_per_kg": "80 units/kg",
    "dose": "6400 units",
    "concentration": "1000 units/mL",
    "volume": "6.4 mL",
}


def _all(order: dict[str, str], texts: tuple[str, ...]) -> list[list[dict[str, Any]]]:
    """Return the findings of an order for each of several texts, all of them judged at once."""
    lines = "\n".join(json.dumps({**RESCUE, "orders": [{**order, "text": each}]}) for each in texts)
    outcome = invoke("check", "-", "--stdin-filename", "a.jsonl", "--format", "json", "--isolated", stdin=lines)
    found = outcome.json["findings"]
    return [[each for each in found if each["line"] == line] for line, _ in enumerate(texts, start=1)]


def _found(order: dict[str, str], texts: tuple[str, ...]) -> list[list[dict[str, Any]]]:
    """Return the warnings and errors but those of notation."""
    every = _all(order, texts)
    return [[each for each in one if each["severity"] != "note" and each["code"][:3] != "RC2"] for one in every]


def _is_noted(order: dict[str, str], *texts: str) -> list[bool]:
    return ["RC712" in [each["code"] for each in found] for found in _all(order, texts)]


WRONG: Final = {
    "of_infusion": (
        TIROFIBAN,
        (
            *("run freely", "free flow", "frei laufen lassen", "im Schuss", "pressure bag", "débit libre", "give half"),
            *("halve the rate", "doppelte Rate", "tenfold", "tenfold: 96", "halbe Dosis", "zehnfach", "unverdünnt"),
            *("pump at 3", "pump: 3", "pump 3.5", "Perfusor 96", "run 2 bags", "give three bags"),
            *("use the concentrate", "VTBI=2304", "volume 2304", "Pumpe: 96", "Infusionsrate 96", "two pumps"),
        ),
    ),
    "of_bolus": (
        BOLUS,
        (
            "two syringes",
            "\u00bd Amp.",
            "3 Spritzen",
            "zwei Ampullen",
            "in two portions",
            "a quarter",
            "volume: 32",
            "draw up 32",
        ),
    ),
    "of_drug_without_limits": (
        NOREPINEPHRINE,
        ("run wide open", "im Schuss", "double the rate", "halbe Rate", "half the bag", "pump: 75", "10x dose"),
    ),
    "of_bolus_without_limits": (HEPARIN, ("half dose", "tenfold", "two vials", "doppelte Dosis")),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_gives_in_words_is_one_finding(kind: str) -> None:
    order, texts = WRONG[kind]
    codes = {text: [each["code"] for each in found] for text, found in zip(texts, _found(order, texts), strict=True)}
    assert codes == {text: ["RC712"] for text in texts}


RIGHT: Final = {
    "of_infusion": (
        TIROFIBAN,
        (
            *("pump 3", "run via pump 2, channel B", "Perfusor 1", "2 bags, change bag at 17 h", "1 of 2 bags"),
            *("(0.1 x 80 x 60)/50 = 9.6", "full dose unless CrCl <= 60, then half"),
            *("by pump", "do not run wide open", "no gravity infusion", "double check the rate", "half-life 2 h"),
            *(
                "double lumen catheter",
                "2 peripheral lines",
                "nicht frei laufen lassen",
                "freier Zugang nötig",
                "VTBI 230.4",
            ),
            *(
                "premixed, do not dilute",
                "rate 9.6",
                "über Perfusor laufen lassen",
                "one bag",
                "volume 250",
                "2. Zugang legen",
            ),
        ),
    ),
    "of_bolus": (
        BOLUS,
        ("undiluted", "by hand", "one syringe", "draw up 3.2", "unverdünnt", "single bolus", "slow push"),
    ),
    "of_drug_without_limits": (
        NOREPINEPHRINE,
        (
            "via central line, two lumens",
            "wean by half every 10 min",
            "double check with RN",
            "quad strength available",
        ),
    ),
    "of_bolus_without_limits": (HEPARIN, ("use 2 vials of 5 mL", "undiluted", "by hand", "once", "draw up 6.4")),
}


@pytest.mark.parametrize("kind", RIGHT)
def test_what_wards_write_besides_is_clean(kind: str) -> None:
    order, texts = RIGHT[kind]
    codes = {text: [each["code"] for each in found] for text, found in zip(texts, _found(order, texts), strict=True)}
    assert codes == {text: [] for text in texts}


def test_a_fluid_is_run_wide_open_and_by_the_bag() -> None:
    fluid = {"drug": "lactated Ringer's", "route": "IV", "kind": "infusion", "volume": "1000 mL"}
    assert _found(fluid, ("run wide open", "2 bags", "pressure bag")) == [[], [], []]


MORPHINE: Final = {"drug": "morphine", "route": "IV", "kind": "bolus", "dose": "4 mg", "concentration": "4 mg/mL"}


def test_a_bolus_in_the_text_is_no_rate() -> None:
    wrong = ("80 units/kg/h", "6400 units/min", "6.4 mL/h")
    assert [[each["found"] for each in found] for found in _found(HEPARIN, wrong)] == [[each] for each in wrong]
    assert _found(MORPHINE, ("4 mg/h",))[0][0]["code"] == "RC712"
    right = ("80 units/kg, then 18 units/kg/h", "max 6 mg/h", "6400 units")
    assert _found(HEPARIN, right) == [[], [], []]
    assert _found({**HEPARIN, "give_over": "1 min"}, ("6400 units/min",)) == [[]]


@pytest.mark.parametrize(
    ("frequency", "is_noted"),
    [("yearly", True), ("whenever", True), ("every 12 h", False), ("daily at 18:00", False), ("at bedtime", False)],
)
def test_an_unknown_frequency_is_noted_for_any_drug(frequency: str, is_noted: bool) -> None:
    order = {"drug": "enoxaparin", "route": "SC", "kind": "dose", "dose": "80 mg", "frequency": frequency}
    text = json.dumps({"order_set": "DVT", "orders": [order]})
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", "--isolated", stdin=text)
    assert ("RC712" in [each["code"] for each in outcome.json["findings"]]) is is_noted


def test_another_kind_of_unit_is_noted() -> None:
    assert _is_noted(HEPARIN, "10 mg", "6400 units", "6.4 mL") == [True, False, False]


LOAD: Final = {"drug": "clopidogrel", "route": "PO", "kind": "load", "dose": "300 mg", "start": "+20 h"}


def test_a_text_that_begins_an_order_at_another_time_is_an_error() -> None:
    wrong = ("start in 2 h", "Beginn nach 2 h", "give after 2 h", "start at +2 h", "delay for 2 h")
    found = [[(each["code"], each["expected"]) for each in found] for found in _found(LOAD, wrong)]
    assert found == [[("RC319", "+20 h")]] * len(wrong)
    right = ("start in 20 h", "start at +20 h", "start 4 h before tirofiban stops", "start after CT")
    assert _found(LOAD, right) == [[]] * len(right)


def test_how_long_until_zero_is_noted() -> None:
    assert _is_noted(TIROFIBAN, "start in 240 h", "start now") == [True, False]


def test_a_bag_that_is_emptied_too_fast_is_found_in_any_words() -> None:
    wrong = ("bag lasts 2 h", "Beutel läuft 2 h", "Beutelwechsel alle 2 h", "bag change every 1 h", "new bag hourly")
    assert [[each["code"] for each in found] for found in _found(TIROFIBAN, wrong)] == [["RC712"]] * len(wrong)
    right = ("bag lasts 24 h", "Beutel läuft 24 h", "change bag every 24 h", "check the bag every 2 h")
    assert _found(TIROFIBAN, right) == [[]] * len(right)


def test_a_push_in_german_and_a_push_by_pump_are_another_kind() -> None:
    wrong = ("als Bolus", "im Strahl injizieren", "donner en bolus")
    assert [[each["code"] for each in found] for found in _found(TIROFIBAN, wrong)] == [["RC321"]] * len(wrong)
    short = {**HEPARIN, "give_over": "5 s"}
    by_pump = ("by pump", "als Kurzinfusion", "as infusion", "mit der Pumpe")
    assert [[each["code"] for each in found] for found in _found(short, by_pump)] == [["RC321"]] * len(by_pump)
    assert _found(BOLUS, ("by pump", "als Bolus", "über Perfusor")) == [[], [], []]
    assert _found(TIROFIBAN, ("nicht als Bolus", "als Infusion", "start after bolus")) == [[], [], []]


def test_when_the_first_dose_is_given_is_no_frequency() -> None:
    order = {"drug": "vancomycin", "route": "IV", "kind": "infusion", "dose": "1200 mg", "frequency": "every 12 h"}
    wrong = ("every 8 h, first dose now", "once now")
    assert [[each["code"] for each in found] for found in _found(order, wrong)] == [["RC317"]] * len(wrong)
    assert _found(order, ("first dose now", "every 12 h, first dose now")) == [[], []]
