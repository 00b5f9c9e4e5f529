"""`stop` as its page of the manual says: what was given, how long it lasts, and what no source states."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.backcheck import stop as second_route
from rescuecalc.backcheck.doses import DoubleCheckFailed
from rescuecalc.catalogue import catalogue
from rescuecalc.core.quantities.formula import Formula
from rescuecalc.core.quantities.quantity import Dose
from rescuecalc.core.regimen import administered_dose
from rescuecalc.requests.input import clock
from tests.support import Outcome, invoke

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.core

NIGHT = ("--started", "2026-02-10T20:00+01:00", "--stopped", "2026-02-10T23:30+01:00")
LATER = datetime(2026, 11, 28, 3, tzinfo=UTC)
YANG = ("yang-2020-iv", "--weight", "80kg", "--infusion-product", "bag-250")


@pytest.fixture(autouse=True)
def _at_night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_now", lambda: LATER)


def stop(*args: str) -> Any:
    outcome = invoke("stop", *args, "--format", "json")
    assert outcome.exit_code in (0, 1), outcome.stderr
    return outcome.json


def page(*args: str) -> str:
    return " ".join(invoke("stop", *args).stdout.split())


def value(quantity: Any) -> tuple[str, str]:
    return str(quantity["value"]), quantity["unit"]


def codes(made: Any) -> dict[str, str]:
    return {each["code"]: each["severity"] for each in made["findings"]}


def test_yang_80_kg_from_eight_to_half_past_eleven() -> None:
    made = stop(*YANG, *NIGHT)
    [bolus], [infusion], total = made["boluses"], made["infusions"], made["total"]
    assert value(bolus["dose"]) == ("800", "mcg")
    assert {value(each["volume"]) + value(each["concentration"]) for each in bolus["options"]} == {
        ("16", "mL", "50", "mcg/mL"),
        ("3.2", "mL", "250", "mcg/mL"),
    }
    assert (value(infusion["infused_dose"]), value(infusion["infused_per_kg"])) == (("2520", "mcg"), ("31.5", "mcg/kg"))
    assert (value(infusion["pump_rate"]), value(infusion["vtbi"])) == (("14.4", "mL/h"), ("50.4", "mL"))
    assert (value(total["dose"]), value(total["dose_per_kg"])) == (("3320", "mcg"), ("41.5", "mcg/kg"))
    assert (total["delivered"], total["volumes"]) == (None, [])  # the bolus may be of 50 or of 250 mcg/mL
    assert (made["stop_at"], made["stop_elapsed"]) == ("2026-02-10T23:30:00+01:00", "03:30:00")
    effect = made["effect"]
    assert (effect["state"], effect["earliest_at"], effect["latest_at"]) == (
        "expected",
        "2026-02-11T03:30:00+01:00",
        "2026-02-11T07:30:00+01:00",
    )
    held = [value(each["dose"]) + value(each["dose_per_kg"]) for each in made["line_at_stop"]]
    assert held == [("750", "mcg", "9.375", "mcg/kg"), ("1350", "mcg", "16.875", "mcg/kg")]
    assert [(each["at"], each["until_at"]) for each in made["counts"]] == [
        ("2026-02-10T22:00:00+01:00", "2026-02-11T02:00:00+01:00"),
        ("2026-02-11T02:00:00+01:00", None),
        (None, None),
    ]


def test_the_page_says_it_in_the_words_of_the_sources() -> None:
    text = page(*YANG, *NIGHT)
    for words in (
        "TIROFIBAN STOPPED yang-2020-iv; 80 kg = 176.4 lb (as given); CrCl not given",
        "given 3,320 mcg = 41.5 mcg/kg",
        "expected until 02-11 03:30 to 07:30: platelet function near baseline 4 to 8 h after the stop in about 90 %",
        "CrCl not given: below 60 mL/min or on haemodialysis longer, unknown",
        "disconnect at the cannula, do not flush the line into the patient",
        "15 to 27 mL of 50 mcg/mL: 750 to 1,350 mcg, 9.375 to 16.875 mcg/kg",
        "non-contrast CT at once; blood count, coagulation, type and cross-match",
        "fibrinogen: practice, no source held here states it",
        "2 to 6 h after the start (EU label): 22:00 to 02-11 02:00",
        "about 6 h after the start (US label): 02-11 02:00; then daily",
        "confirmed below 90 x10^9/L, pseudothrombocytopenia excluded: tirofiban and heparin both end",
        "no antidote; half-life about 2 h; removed by haemodialysis (no source held here uses that for intracranial",
        "thrombolysis: not stated (--thrombolysis-at); one in the last 24 h has its own reversal: local protocol",
    ):
        assert words in text, words


def test_with_both_products_the_total_has_volumes_and_what_was_delivered() -> None:
    args = (
        *("yang-2020-iv", "--weight", "57kg", "--infusion-product", "bag-250", "--bolus-product", "vial-15"),
        *("--started", "+0h", "--stopped", "+3.5h"),
    )
    made = stop(*args)
    total = made["total"]
    # 570 mcg = 2.28 mL, drawn up 2.3 mL = 575 mcg; 10.26 mL/h, set 10.3 mL/h: 36.05 mL = 1,802.5 mcg.
    assert (value(total["dose"]), value(total["delivered"])) == (("2365.5", "mcg"), ("2377.5", "mcg"))
    assert [value(each["volume"]) + value(each["concentration"]) for each in total["volumes"]] == [
        ("2.3", "mL", "250", "mcg/mL"),
        ("36.05", "mL", "50", "mcg/mL"),
    ]
    assert made["start"] is made["stop_at"] is made["effect"]["latest_at"] is None
    assert "given about 2,377.5 mcg = 41.71 mcg/kg (ordered 2,365.5 mcg)" in page(*args)
    assert "bolus IV 575 mcg: 2.3 mL of 250 mcg/mL infusion 1,802.5 mcg: 36.05 mL of 50 mcg/mL" in page(*args)
    assert made["effect"]["latest_elapsed"] == "11:30:00"


def test_a_bolus_out_of_the_bag_is_one_volume_with_the_infusion() -> None:
    made = stop(*YANG, "--bolus-product", "infusion-container", *NIGHT)
    assert [value(each["volume"]) for each in made["total"]["volumes"]] == [("66.4", "mL")]
    assert "given 3,320 mcg = 41.5 mcg/kg = 66.4 mL of 50 mcg/mL" in page(
        *YANG, "--bolus-product", "infusion-container", *NIGHT
    )


@pytest.mark.parametrize(
    ("clearance", "state", "words"),
    [
        ("60mL/min", "expected", "assumes normal clearance"),
        ("59.9mL/min", "longer, unknown", "about 40 % lower below 60 mL/min (US label)"),
        ("30mL/min", "longer, unknown", "about 40 % lower below 60 mL/min (US label)"),
        ("29.9mL/min", "longer, unknown", "more than 50 % lower below 30 mL/min and on haemodialysis (US label)"),
    ],
)
def test_a_low_clearance_leaves_the_effect_without_an_end(clearance: str, state: str, words: str) -> None:
    effect = stop(*YANG, *NIGHT, "--crcl", clearance)["effect"]
    assert (effect["state"], effect["caveat"]) == (state, None)
    assert words in effect["words"]
    assert (effect["earliest_at"] is None) == (effect["latest_at"] is None) == (state != "expected")


def test_the_us_label_at_45_halves_the_infusion_until_the_stop() -> None:
    made = stop("us-label", "--weight", "80kg", "--crcl", "45mL/min", *NIGHT)
    # 25 mcg/kg = 2,000 mcg; 0.075 × 80 × 210 = 1,260 mcg.
    assert [value(each["infused_dose"]) for each in made["infusions"]] == [("1260", "mcg")]
    assert value(made["total"]["dose"]) == ("3260", "mcg")
    assert made["renal"]["band"] == "CrCl 60 mL/min or less: infusion halved, bolus unchanged"
    assert made["effect"]["state"] == "longer, unknown"


def test_of_eptifibatide_no_duration_is_held_and_its_own_count_ends_it() -> None:
    args = ("eptifibatide-label", "--weight", "80kg", "--crcl", "90mL/min", *NIGHT)
    made = stop(*args)
    # 180 × 80 = 14,400 mcg; 2 × 80 × 210 = 33,600 mcg.
    assert value(made["total"]["dose"]) == ("48000", "mcg")
    assert (made["effect"]["state"], made["effect"]["latest_at"]) == ("not held", None)
    assert made["reversal"] is None
    text = page(*args)
    assert "no source read here states how long the effect of eptifibatide lasts after the stop" in text
    assert "a confirmed fall below 100 x10^9/L ends eptifibatide and heparin both" in text
    assert "reversal not held: no source read here states it for eptifibatide" in text
    assert "4 to 8 h" not in text


def test_abciximab_is_counted_after_its_bolus() -> None:
    made = stop("abciximab-label", "--weight", "100kg", *NIGHT)
    # 0.25 mg/kg = 25,000 mcg; the cap of 10 mcg/min: 2,100 mcg.
    assert value(made["total"]["dose"]) == ("27100", "mcg")
    assert [(each["words"], each["at"]) for each in made["counts"]] == [
        ("2 to 4 h after the bolus; at 12 to 24 h", None)
    ]
    assert made["effect"]["state"] == "not held"


def test_a_load_that_was_stopped_is_all_that_was_infused() -> None:
    made = stop("trend-2024", "--weight", "80kg", "--started", "+0h", "--stopped", "+20min")
    # 0.4 × 80 × 20 = 640 mcg.
    assert [(each["role"], value(each["infused_dose"])) for each in made["infusions"]] == [("load", ("640", "mcg"))]
    later = stop("trend-2024", "--weight", "80kg", "--started", "+0h", "--stopped", "+90min")
    # 0.4 × 80 × 30 = 960 mcg; 0.1 × 80 × 60 = 480 mcg.
    assert [value(each["infused_dose"]) for each in later["infusions"]] == [("960", "mcg"), ("480", "mcg")]


def test_a_dose_without_an_infusion_has_no_window_and_no_line() -> None:
    made = stop("kang-2018-ia", "--ia-dose", "0.5mg", "--started", "+0h", "--stopped", "+10min")
    assert value(made["total"]["dose"]) == ("500", "mcg")
    assert (made["total"]["dose_per_kg"], made["line"], made["line_at_stop"]) == (None, None, [])
    assert made["effect"]["state"] == "not held"


def test_a_regimen_of_ones_own_needs_no_run_time() -> None:
    made = stop(
        *("--bolus", "10mcg/kg", "--route", "iv", "--infusion", "0.1mcg/kg/min", "--weight", "80kg"),
        *("--started", "+0h", "--stopped", "+30min"),
    )
    assert value(made["total"]["dose"]) == ("1040", "mcg")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("--thrombolysis-at", "none"), "thrombolysis: none given"),
        (("--thrombolysis-at", "-2h"), "thrombolysis: 5 h 30 min before the stop; one in the last 24 h has its own"),
        (("--thrombolysis-at", "-20.5h"), "thrombolysis: 24 h before the stop; one in the last 24 h has its own"),
        (("--thrombolysis-at", "-21h"), "thrombolysis: 24 h 30 min before the stop, not within the last 24 h"),
        (("--thrombolysis-at", "2026-02-10T18:00+01:00"), "thrombolysis: 5 h 30 min before the stop; one in"),
        ((), "thrombolysis: not stated (--thrombolysis-at); one in the last 24 h has its own reversal"),
    ],
)
def test_a_thrombolysis_has_its_own_reversal(given: tuple[str, ...], words: str) -> None:
    assert words in page(*YANG, *NIGHT, *given)


def test_a_thrombolysis_is_judged_with_what_was_given() -> None:
    assert codes(stop(*YANG, *NIGHT, "--thrombolysis-at", "-2h"))["RC610"] == "warning"
    assert "RC610" not in codes(stop(*YANG, *NIGHT, "--thrombolysis-at", "none"))


def test_hours_count_on_when_the_clocks_change() -> None:
    made = stop(*YANG, "--started", "2026-03-28T20:00", "--stopped", "2026-03-28T23:30", "--timezone", "Europe/Berlin")
    assert made["effect"]["earliest_at"] == "2026-03-29T04:30:00+02:00"
    assert made["effect"]["latest_at"] == "2026-03-29T08:30:00+02:00"


@pytest.mark.parametrize(
    "times",
    [
        ("--started", "+0h", "--stopped", "+3.5h"),
        ("--started", "-3.5h", "--stopped", "+0h"),
        ("--started", "+0 hours", "--stopped", "+3h30min"),
        ("--started", "2026-02-10T20:00Z", "--stopped", "+210min"),
        ("--started", "2026-02-10T20:00Z", "--stopped", "+3.5 hrs"),
        ("--started", "2026-02-10T20:00", "--stopped", "2026-02-10T23:30", "--timezone", "Europe/Berlin"),
        ("--started", "2026-11-27T23:30Z", "--stopped", "now"),
    ],
)
def test_each_way_to_say_a_time_gives_the_same_dose(times: tuple[str, ...]) -> None:
    assert value(stop(*YANG, *times)["total"]["dose"]) == ("3320", "mcg")


def test_offsets_count_from_one_zero() -> None:
    made = stop(*YANG, "--started", "-3.5h", "--stopped", "+0h", "--thrombolysis-at", "-5h")
    assert (made["thrombolysis"]["elapsed"], made["thrombolysis"]["before_stop_seconds"]) == ("-01:30:00", 18000)


REFUSED = {
    ("--started", "+0h", "--stopped", "+0h"): (4, "'+0h' is not after --started '+0h'"),
    ("--started", "2026-02-10T20:00Z", "--stopped", "2026-02-10T19:00Z"): (4, "is not after --started"),
    ("--started", "+0h", "--stopped", "+168.5h"): (4, "'+168.5h' is more than 168 h after the start"),
    ("--started", "2026-12-05T00:00Z", "--stopped", "+4h"): (4, "is more than 7 days ahead"),
    ("--started", "2036-11-28T20:00Z", "--stopped", "+4h"): (4, "after today, 2026-11-28; check the year"),
    ("--started", "+0h"): (2, "--stopped is missing"),
    ("--stopped", "+2h"): (2, "--started is missing"),
    ("--started", "+0h", "--stopped", "3.5h"): (2, "--stopped: did you mean -3.5h (before the start) or +3.5h"),
    ("--started", "+0h", "--stopped", "2026-02-10T20:00Z"): (2, "'+0h' is an offset; write --stopped as one too"),
    ("--started", "2026-02-10T20:00", "--stopped", "+2h"): (2, "has no time zone"),
    ("--started", "2026-02-10T20:00Z", "--stopped", "soon"): (2, "cannot read 'soon'"),
    ("--started", "5h", "--stopped", "+6h"): (
        2,
        "--started: cannot read '5h'; did you mean -5h (before the start) or +5h",
    ),
}


@pytest.mark.parametrize("times", REFUSED, ids=" ".join)
def test_times_that_cannot_be_are_refused(times: tuple[str, ...]) -> None:
    code, words = REFUSED[times]
    outcome = invoke("stop", *YANG, *times)
    assert (outcome.exit_code, outcome.stdout) == (code, "")
    assert words in outcome.stderr


def test_a_stop_up_to_a_week_ahead_is_planned() -> None:
    assert value(stop(*YANG, "--started", "2026-12-04T23:00Z", "--stopped", "+4h")["ran"]) == ("4", "h")


@pytest.mark.parametrize(
    ("args", "code", "severity"),
    [
        (("us-label", "--crcl", "90mL/min", "--stopped", "+18.1h"), "RC431", "error"),
        (("us-label", "--crcl", "90mL/min", "--stopped", "+18h"), "RC431", None),
        (("rescue-bt-2022", "--stopped", "+25h"), "RC431", "error"),
        (("yang-2020-iv", "--stopped", "+48.1h"), "RC412", "warning"),
        (("yang-2020-iv", "--stopped", "+2h"), "RC412", None),
        (("trend-2024", "--stopped", "+72.5h"), "RC411", None),
        (("trend-2024", "--stopped", "+73h"), "RC411", "warning"),
        (("eu-label-load", "--crcl", "90mL/min", "--stopped", "+108.1h"), "RC431", "error"),
        (("huo-2021", "--ia-dose", "0.5mg", "--stopped", "+1h"), "RC411", None),
    ],
)
def test_an_infusion_that_ran_too_long_is_found_and_one_that_ended_early_is_not(
    args: tuple[str, ...], code: str, severity: str | None
) -> None:
    outcome = invoke("stop", *args, "--weight", "80kg", "--started", "+0h", "--format", "json")
    assert codes(outcome.json).get(code) == severity
    assert outcome.exit_code == (1 if severity == "error" else 0)


def test_fail_on_decides_the_exit() -> None:
    assert invoke("stop", *YANG, *NIGHT, "--fail-on", "note").exit_code == 1
    assert invoke("stop", *YANG, *NIGHT, "--fail-on", "warning").exit_code == 0


TIMES = {
    "elapsed": ("--started", "+0h", "--stopped", "+3.5h"),
    "clock": NIGHT,
    "four days over the change of the clocks": (
        *("--started", "2026-03-28T20:07:13", "--timezone", "Europe/Berlin", "--stopped", "2026-04-01T06:33:21"),
    ),
}
PATIENTS: dict[str, tuple[str, ...]] = {
    "nothing known": (),
    "CrCl 25": ("--crcl", "25mL/min", "--thrombolysis-at", "-2h"),
}
PRODUCTS = {
    "tirofiban": ("--infusion-product", "bag-250"),
    "eptifibatide": ("--infusion-product", "eptifibatide-bag-100"),
    "abciximab": ("--infusion-concentration", "36mcg/mL"),
    "cangrelor": ("--infusion-product", "cangrelor-200"),
}


def of_protocol(name: str, *given: str) -> Outcome:
    protocol = catalogue.protocol(name)
    dose = ("--ia-dose", "0.5mg") if any(step.dose_range for step in protocol.boluses) else ()
    crcl = ("--crcl", "61mL/min") if protocol.renal and "--crcl" not in given else ()
    return invoke("stop", name, "--weight", "130.3kg", *dose, *crcl, *given)


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("name", catalogue.protocol_ids())
def test_every_protocol_fits_one_screen(name: str, times: str) -> None:
    protocol = catalogue.protocol(name)
    products = PRODUCTS[protocol.drug] if protocol.infusions else ()
    for given in (*PATIENTS.values(), products, (*PATIENTS["CrCl 25"], *products)):
        outcome = of_protocol(name, *TIMES[times], *given)
        lines = outcome.stdout.splitlines()
        assert outcome.exit_code in (0, 1), outcome.stderr
        assert len(lines) <= 26, outcome.stdout
        assert max(map(len, lines)) <= 80
        assert re.match(r"DO NOT USE: RC\d|READ FIRST: \d warning|no error and no warning", outcome.stdout)
        assert re.search(r"independent double check is needed\n\Z|^DO NOT USE: RC.*\n\Z", outcome.stdout, re.MULTILINE)


def test_an_error_is_the_first_line_and_the_last_and_is_said_in_full() -> None:
    lines = invoke("stop", *YANG, *NIGHT, "--platelets", "40", "--inr", "3").stdout.splitlines()
    assert lines[0].startswith("DO NOT USE: RC650 platelets 40 x10^9/L: the EU label contraindicates tirofiban")
    assert "ERROR: RC651 INR 3: the EU label contraindicates tirofiban with an INR above 1.5" in lines
    assert lines[-1] == "DO NOT USE: RC650 platelets-below-limit, RC651 inr-above-limit"
    details = invoke("stop", *YANG, *NIGHT, "--platelets", "40", "--inr", "3", "--details").stdout.splitlines()
    assert (details[0], details[-1]) == (lines[0], lines[-1])


def test_many_errors_are_each_on_the_one_screen() -> None:
    gross = "--bolus 100mcg/kg --route ia --infusion 1mcg/kg/min --weight 400lb --infusion-concentration 5mcg/mL"
    ill = "--crcl 45mL/min --anticoagulant dabigatran,-2h --inr 1.9 --started +0h --stopped +150h"
    lines = invoke("stop", *gross.split(), *ill.split()).stdout.splitlines()
    assert len(lines) <= 26
    assert lines[:2] == [
        "DO NOT USE: RC310 the pump rate 2,177.2 mL/h of 5 mcg/mL: faster than 999 ...",
        "ERRORS: RC402, RC404, RC651, RC662",
    ]
    assert lines[-1] == "DO NOT USE: RC310, RC402, RC404, RC651, RC662"


def test_quiet_is_what_was_given_and_never_a_bare_number() -> None:
    given = invoke("stop", *YANG, *NIGHT, "--quiet")
    assert given.stdout.splitlines() == [
        "given 3,320 mcg = 41.5 mcg/kg",
        "bolus IV 800 mcg: 16 mL of 50 mcg/mL or 3.2 mL of 250 mcg/mL",
        "infusion 2,520 mcg: 50.4 mL of 50 mcg/mL",
    ]
    assert "at the stop: disconnect at the cannula, do not flush" in given.stderr
    assert invoke("stop", *YANG, *NIGHT, "--quiet", "--platelets", "40").stdout.startswith(
        "DO NOT USE: given 3,320 mcg"
    )
    assert invoke("stop", *YANG, *NIGHT, "--quiet", "--details").exit_code == 2


def test_a_stop_without_findings_ends_with_what_was_not_verified() -> None:
    lines = invoke("stop", *YANG, *NIGHT).stdout.splitlines()
    assert lines[0] == "no error and no warning in the given values"
    assert " ".join(lines[-2:]).endswith("order not verified: an independent double check is needed")


def test_an_effect_that_ends_within_minutes_is_told_in_minutes() -> None:
    given = ("--weight", "80kg", "--started", "+0h", "--stopped", "+2h")
    made = invoke("stop", "cangrelor-label", *given, "--format", "json").json["effect"]
    assert (made["earliest_elapsed_seconds"], made["latest_elapsed_seconds"]) == (9000, 10800)


def test_details_are_the_whole_page() -> None:
    text = page(*YANG, *NIGHT, "--details")
    assert (
        "maintenance infusion until the stop: dose rate × time until the stop 12 mcg/min × 210 min = 2,520 mcg" in text
    )
    assert "800 mcg + 2,520 mcg = 3,320 mcg" in text
    assert "assumes the protocol's doses without a pause; the record of the pump takes precedence" in text
    assert "12.3, renal impairment" in text
    assert "NOTE RC401" in text


def numbers(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each number."""
    if isinstance(part, (dict, list)):
        for key, each in part.items() if isinstance(part, dict) else enumerate(part):
            yield from numbers(each, (*path, key))
    elif isinstance(part, (Decimal, int)) and not isinstance(part, bool):
        yield path


CHECKED = (
    *("dosing_weight", "creatinine_clearance", "ran", "boluses", "infusions", "total", "effect", "line_at_stop"),
    *("counts", "thrombolysis", "stop_elapsed_seconds"),
)
CASES = {
    "yang": (*YANG, "--bolus-product", "vial-15", "--crcl", "90mL/min", *NIGHT, "--thrombolysis-at", "-2h"),
    "load": ("trend-2024", "--weight", "57kg", "--infusion-product", "bag-250", "--started", "+0h", "--stopped", "+2h"),
    "open": ("eptifibatide-label", "--weight", "130kg", "--crcl", "49mL/min", "--started", "-1h", "--stopped", "+1.1h"),
}


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """Return a list that grows with what the second route is asked."""
    asked: list[tuple[Any, Any]] = []
    true = second_route.check_stop

    def kept(made: Any, given: Any) -> None:
        asked.append((made, given))
        true(made, given)

    monkeypatch.setattr(second_route, "check_stop", kept)
    return asked


@pytest.mark.parametrize("case", CASES)
def test_every_changed_number_is_noticed(case: str, checked: list[tuple[Any, Any]], monkeypatch: Any) -> None:
    stop(*CASES[case])
    [(made, given)] = checked
    monkeypatch.undo()
    paths = [path for key in CHECKED for path in numbers(made[key], (key,))]
    assert len(paths) > 20
    for path in paths:
        target: Any = made
        for key in path[:-1]:
            target = target[key]
        true = target[path[-1]]
        if true == 0:
            continue
        target[path[-1]] = true * 60
        with pytest.raises(DoubleCheckFailed):
            second_route.check_stop(made, given)
        target[path[-1]] = true
    second_route.check_stop(made, given)


def test_an_end_that_the_clearance_does_not_allow_is_noticed(checked: list[tuple[Any, Any]]) -> None:
    stop(*YANG, *NIGHT, "--crcl", "60mL/min")
    [(made, given)] = checked
    with pytest.raises(DoubleCheckFailed):
        second_route.check_stop({**made, "creatinine_clearance": None}, given)
    with pytest.raises(DoubleCheckFailed, match="effect at this clearance"):
        second_route.check_stop(made, given._replace(slower_below=("61 mL/min",)))
    with pytest.raises(DoubleCheckFailed, match="clock time"):
        second_route.check_stop(made, given._replace(stopped="2026-02-10T23:31+01:00"))


def test_no_number_is_printed_where_the_second_route_disagrees(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Formula("", lambda rate, time: rate * time * 2, Dose)
    monkeypatch.setattr(administered_dose, "INFUSED_DOSE", wrong)
    for form in ("text", "json"):
        outcome = invoke("stop", *YANG, *NIGHT, "--format", form)
        assert (outcome.exit_code, outcome.stdout) == (70, "")
        assert "DoubleCheckFailed" in outcome.stderr


def test_a_count_without_the_time_of_its_words_is_noticed(checked: list[tuple[Any, Any]]) -> None:
    stop(*YANG, *NIGHT)
    [(made, given)] = checked
    nothing = dict.fromkeys(
        f"{before}{name}" for before in ("", "until_") for name in ("at", "elapsed", "elapsed_seconds")
    )
    first, *others = made["counts"]
    with pytest.raises(DoubleCheckFailed, match="count"):
        second_route.check_stop({**made, "counts": [{**first, **nothing}, *others]}, given)
