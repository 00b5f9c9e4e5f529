"""Published ranges: the table is the golden one, and what lies outside of it is found however it is written."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.clinical.bridging import bridging
from rescuecalc.catalogue.clinical.published_ranges import indication_words, published_ranges, read_ranges
from rescuecalc.core.orders.condition_interval import Interval
from rescuecalc.core.orders.indication import mentions, named_indication
from rescuecalc.core.orders.published_range import Indication, PublishedRange, RangeEnd, ranges_of
from rescuecalc.core.quantities.quantity import CreatinineClearance, DoseRatePerKg, read
from rescuecalc.errors import CatalogueError
from tests.support import invoke

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from rescuecalc.core.regimen.protocol import Protocol
    from rescuecalc.core.renal.creatinine_clearance import RenalBand

GOLDEN = Path(__file__).parent / "golden" / "published_ranges.csv"
PACKAGED = catalogue.DATA / "published_ranges.toml"


# --- the table -------------------------------------------------------------------------------------------------------


def end(name: str, of: RangeEnd | None) -> dict[str, str]:
    if of is None:
        return {name: "", f"{name}_sources": "", f"{name}_soft": "no"}
    return {
        name: str(of.value.text),
        f"{name}_sources": " ".join(source.id for source in of.sources),
        f"{name}_soft": "yes" if of.is_soft else "no",
    }


def point(of: Any) -> str:
    return f"{of.value.text}{f' < {of.clearances.high} mL/min' if of.clearances else ''}"


def row(of: PublishedRange) -> dict[str, str]:
    """Return a range as a row of the golden table."""
    assert len(of.renal) <= 1
    return {
        "class": bridging().classes[of.drug].value,
        **{name: str(getattr(of, name)) for name in ("drug", "kind", "route", "phase", "indication", "variable")},
        **end("low", of.low),
        **end("high", of.high),
        "longest": str(of.longest or ""),
        "renal_clearance": "".join(each.words for each in of.renal),
        "renal_low": "".join(str(each.low.value.text) for each in of.renal),
        "renal_sources": "".join(source.id for each in of.renal for source in each.low.sources),
        "points": "; ".join(map(point, of.points)),
    }


def test_the_packaged_ranges_are_the_golden_ones() -> None:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        golden = list(csv.DictReader(file))
    assert [row(each) for each in published_ranges()] == golden


def test_every_end_and_point_names_where_it_was_read() -> None:
    for each in published_ranges():
        ends = [one for one in (each.low, each.high, *(renal.low for renal in each.renal)) if one is not None]
        for sources in (*(one.sources for one in ends), *(one.sources for one in each.points)):
            assert sources
            assert all(source.locator and source.title for source in sources)


def stated(protocol: Protocol) -> Iterator[tuple[str, str, str, Any]]:
    """Yield kind, route, phase and dose of each step of a protocol."""
    for bolus in protocol.boluses:
        doses = [bolus.dose_per_kg, bolus.dose, *(bolus.dose_range or ())]
        yield from (("bolus", bolus.route, "bolus", each) for each in doses if each is not None)
    for infusion in protocol.infusions:
        yield "infusion", "IV", infusion.role, infusion.dose_rate_per_kg


def below(up_to: CreatinineClearance, *, includes: bool) -> Interval:
    return Interval(high=up_to.value_in("mL/min"), with_high=includes)


def adjusted(protocol: Protocol, kind: str) -> Iterator[tuple[Fraction, Interval | None]]:
    """Yield the factors of a protocol's own renal rule with the clearances that they hold for."""
    rule = catalogue.stated_renal_rule(protocol)
    bands: tuple[RenalBand, ...] = rule.bands if rule is not None else ()
    lowest = bands[0] if bands else None
    if lowest is not None and lowest.up_to is not None:
        yield lowest.factor(kind), below(lowest.up_to, includes=lowest.includes)


@pytest.mark.parametrize("protocol", catalogue.protocols(), ids=lambda each: each.id)
def test_a_packaged_protocol_lies_within_with_what_its_renal_rule_leaves(protocol: Protocol) -> None:
    for kind, route, phase, dose in stated(protocol):
        rows = [
            each
            for each in ranges_of(published_ranges(), protocol.drug, kind, route)
            if each.phase == phase and type(each.high and each.high.value) is type(dose)
        ]
        assert len(rows) == 1
        assert rows[0].end_passed(dose, Interval()) is None
        for factor, clearances in adjusted(protocol, kind):
            assert rows[0].end_passed(dose.times(factor), clearances) is None


MAINTENANCE = next(each for each in published_ranges() if each.phase == "maintenance")


@pytest.mark.parametrize(
    ("rate", "clearances", "passed"),
    [
        ("0.15 mcg/kg/min", Interval(), None),
        ("0.151 mcg/kg/min", Interval(), "0.15 mcg/kg/min"),
        ("0.075 mcg/kg/min", Interval(), None),
        ("0.074 mcg/kg/min", Interval(), "0.075 mcg/kg/min"),
        ("0.05 mcg/kg/min", below(read("30 mL/min", CreatinineClearance, ""), includes=False), None),
        ("0.049 mcg/kg/min", below(read("30 mL/min", CreatinineClearance, ""), includes=False), "0.05 mcg/kg/min"),
        ("0.05 mcg/kg/min", below(read("30 mL/min", CreatinineClearance, ""), includes=True), "0.075 mcg/kg/min"),
        ("0.05 mcg/kg/min", None, None),  # not known: it may be for such a patient
    ],
)
def test_the_end_that_a_dose_passes(rate: str, clearances: Interval | None, passed: str | None) -> None:
    found = MAINTENANCE.end_passed(read(rate, DoseRatePerKg, ""), clearances)
    assert (found and found.value.text) == passed


def test_a_range_of_an_indication_takes_the_place_of_the_general_one_and_of_no_other() -> None:
    rows = ranges_of(published_ranges(), "tirofiban", "infusion", indication=Indication.RESCUE)
    assert [(each.phase, each.indication) for each in rows] == [("load", "any"), ("maintenance", "rescue")]
    assert [each.indication for each in ranges_of(published_ranges(), "tirofiban", "infusion")] == ["any", "any"]


# --- a file that is refused ------------------------------------------------------------------------------------------

RANGE = """
[[range]]
drug = "tirofiban"
kind = "infusion"
route = "IV"
phase = "load"
indication = "any"
variable = "dose_rate_per_kg"
longest = "30 min"
low = { value = "0.3 mcg/kg/min", sources = [{ id = "instant-2024", locator = "regimen" }] }
high = { value = "0.4 mcg/kg/min", soft = true, sources = [{ id = "eu-label", locator = "dosing" }] }
points = [{ value = "0.4 mcg/kg/min", sources = [{ id = "eu-label", locator = "dosing" }] }]

[[range.renal]]
below_clearance = "< 30 mL/min"
low = { value = "0.2 mcg/kg/min", sources = [{ id = "eu-label", locator = "dosing, renal" }] }
"""


def test_a_range_that_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "ranges.toml"
    file.write_text(RANGE, encoding="utf-8")
    [made] = read_ranges(file)
    assert (made.drug, made.phase, str(made.longest)) == ("tirofiban", "load", "30 min")
    assert made.low is not None
    assert made.high is not None
    assert (made.low.is_soft, made.high.is_soft) == (False, True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (', sources = [{ id = "instant-2024", locator = "regimen" }] }', " }", "range[0].low.sources: is missing; an"),
        ('id = "instant-2024"', 'id = "instant"', "range[0].low.sources[0].id: there is no source 'instant'"),
        ('drug = "tirofiban"', 'drug = "heparin"', "range[0].drug: 'heparin' is not one of"),
        ('value = "0.3 mcg/kg/min"', 'value = "0.5 mcg/kg/min"', "range[0].high: 0.4 mcg/kg/min is below 0.5"),
        ('value = "0.2 mcg/kg/min"', 'value = "0.5 mcg/kg/min"', "range[0].high: 0.4 mcg/kg/min is below 0.5"),
        ('value = "0.3 mcg/kg/min"', 'value = "0.3 mcg/kg"', "range[0].low.value: cannot read '0.3 mcg/kg'"),
        ('variable = "dose_rate_per_kg"', 'variable = "dose_per_kg"', "range[0].variable: 'dose_per_kg' is not one"),
        ('phase = "load"', 'phase = "bolus"', "range[0].phase: 'bolus' is not one of load, maintenance"),
        ('phase = "load"', 'phase = "maintenance"', "range[0].longest: a load has a longest time, and nothing else"),
        ('longest = "30 min"\n', "", "range[0].longest: a load has a longest time, and nothing else has"),
        ('indication = "any"', 'indication = "stroke"', "range[0].indication: 'stroke' is not one of any, rescue"),
        ('route = "IV"', 'route = "PO"', "range[0].route: 'PO' is not one of IA, IV"),
        ('"< 30 mL/min"', '"below 30"', "range[0].renal[0].below_clearance: creatinine_clearance: cannot read"),
        ('points = [{ value = "0.4', 'points = [{ value = "0.41', "range[0].points: 0.41 mcg/kg/min lies outside"),
        ("soft = true", "soften = true", "range[0].high.soften: unknown key"),
        (RANGE, RANGE + RANGE, "range: tirofiban infusion IV load any dose_rate_per_kg is there twice"),
    ],
)
def test_what_is_wrong_with_a_range_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in RANGE
    file = tmp_path / "ranges.toml"
    file.write_text(RANGE.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogueError) as refused:
        read_ranges(file)
    assert any(problem.startswith(f"{file}: {said}") for problem in refused.value.problems), refused.value.problems


def test_a_range_without_an_end_is_refused(tmp_path: Path) -> None:
    lines = [line for line in RANGE.splitlines() if not line.startswith(("low", "high", "points", "[[range.renal"))]
    file = tmp_path / "ranges.toml"
    file.write_text("\n".join(line for line in lines if "below_clearance" not in line), encoding="utf-8")
    with pytest.raises(CatalogueError, match="a range has a lower or an upper end"):
        read_ranges(file)


# --- what a written order gives --------------------------------------------------------------------------------------

RANGED = "RC402,RC403,RC404,RC405"


def found(text: str, *options: str, select: str = RANGED, name: str = "a.yaml") -> list[dict[str, Any]]:
    command = ("check", "-", "--stdin-filename", name, "--select", select, "--format", "jsonl", *options)
    return [json.loads(line) for line in invoke(*command, stdin=text).stdout.splitlines()]


def heavy(text: str, *options: str, select: str = RANGED) -> list[tuple[str, str]]:
    return [(each["code"], each["severity"]) for each in found(text, *options, select=select)]


def order(fields: str, of_set: str = "order_set: Example") -> str:
    return f"{{{of_set}, orders: [{{{fields}}}]}}"


DRIP = "drug: tirofiban, route: IV, kind: infusion, "
BOLUS = "drug: tirofiban, route: IV, kind: bolus, "
FOR_STROKE = "order_set: Example, indication: failed thrombectomy"


@pytest.mark.parametrize(
    ("fields", "elsewhere", "for_stroke"),
    [
        (f"{BOLUS}dose_per_kg: 10 mcg/kg", [], []),
        (f"{BOLUS}dose_per_kg: 25 mcg/kg", [("RC405", "warning")], [("RC404", "error")]),
        (f"{BOLUS}dose_per_kg: 20 mcg/kg", [("RC405", "warning")], [("RC404", "error")]),
        (f"{BOLUS}dose: 2000 mcg", [], [("RC404", "error")]),
        (f"{BOLUS}volume: 8 mL, concentration: 250 mcg/mL", [], [("RC404", "error")]),
        (f"{BOLUS}dose_per_kg: 9 mcg/kg", [("RC404", "error")], None),
        (f"{DRIP}dose_rate_per_kg: 0.15 mcg/kg/min", [], []),
        (f"{DRIP}dose_rate_per_kg: 0.1 mcg/kg/min", [], []),
        (f"{DRIP}dose_rate_per_kg: 0.075 mcg/kg/min", [("RC403", "warning")], None),
        (f"{DRIP}dose_rate_per_kg: 0.2 mcg/kg/min", [("RC402", "error")], [("RC402", "error")]),
        (f"{DRIP}dose_rate_per_kg: 0.4 mcg/kg/min, run_time: 30 min", [], []),  # the load of RESCUE-AS
        ("drug: tirofiban, route: IA, kind: bolus, dose: 1 mg", [], []),
        ("drug: eptifibatide, route: IV, kind: bolus, dose_per_kg: 180 mcg/kg", [], []),
    ],
)
def test_what_a_set_says_that_it_is_for_decides_the_upper_end(
    fields: str, elsewhere: list[tuple[str, str]], for_stroke: list[tuple[str, str]] | None
) -> None:
    weighed = ", patient: {weight: 80 kg}"
    assert heavy(order(fields, f"order_set: Example{weighed}")) == elsewhere
    assert heavy(order(fields, f"{FOR_STROKE}{weighed}")) == (elsewhere if for_stroke is None else for_stroke)
    of_another = [] if "tirofiban" in fields else [("RC108", "error")]
    assert heavy(order(fields, f"{FOR_STROKE}, protocol: us-label{weighed}")) == of_another


def test_a_coronary_bolus_in_a_rescue_set_says_why_it_is_one() -> None:
    [one] = found(order(f"{BOLUS}dose_per_kg: 25 mcg/kg", FOR_STROKE))
    assert one["message"] == (
        "the IV bolus of 25 mcg/kg is outside the published range of tirofiban in stroke rescue (the order set says "
        "'thrombectomy'): 10 mcg/kg; it would be 10 mcg/kg; likely slip: 25 for 10 mcg/kg"
    )
    assert (one["expected"], one["expected_range"]) == ("10 mcg/kg", {"low": "10 mcg/kg", "high": "10 mcg/kg"})
    assert {source["id"] for source in one["sources"]} == {"yang-2020", "rescue-bt-2022", "us-label", "eu-label"}


@pytest.mark.parametrize(
    ("name", "indication", "expected"),
    [
        ("Rescue tirofiban after thrombectomy", "", "Rescue"),
        ("Tirofiban", "acute ischaemic stroke", "stroke"),
        ("Tirofiban", "ICAS with instant reocclusion", "ICAS"),
        ("Tirofiban", "large vessel occlusion", "large vessel occlusion"),
        ("Stroke 17", "", "Stroke"),
        ("Tirofiban", "", ""),
        ("ICAScade", "", ""),
        ("Tirofiban", "acute coronary syndrome", ""),
        ("Rescue PCI", "", ""),
        ("Tirofiban for ACS and stroke", "", ""),
        ("Tirofiban for stroke", "NSTEMI", ""),
        ("Tirofiban, not for stroke", "", ""),
        ("Not for use in ischaemic stroke", "", ""),
        ("no ACS: stroke", "", "stroke"),
        ("non-coronary, failed thrombectomy", "", "thrombectomy"),
        ("Not for ACS, but for stroke", "", "stroke"),
    ],
)
def test_which_indication_a_set_says(name: str, indication: str, expected: str) -> None:
    words = indication_words()
    said = named_indication((mentions(name, words), mentions(indication, words)))
    assert said == ((Indication.RESCUE, expected) if expected else (Indication.ANY, ""))


def test_names_that_say_what_a_row_is_for_are_told_apart() -> None:
    rows = "".join(
        f"{name} {number},tirofiban,IV,bolus,25 mcg/kg\n"
        for number in range(100)
        for name in ("Patient", "Stroke", "ACS after stroke")
    )
    text = f"order_set,drug,route,kind,dose_per_kg\n{rows}"
    codes = [(each["code"], each["line"] % 3) for each in found(text, name="a.csv")]
    assert codes == [("RC405", 2), ("RC404", 0), ("RC405", 1)] * 100


EPTIFIBATIDE_IA = "drug: eptifibatide, route: IA, kind: bolus, "


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("dose_per_kg: 135 mcg/kg", []),
        ("dose_per_kg: 150 mcg/kg", [("RC404", "warning")]),
        ("dose_per_kg: 100 mcg/kg", [("RC404", "warning")]),
        ("dose_per_kg: 180 mcg/kg", [("RC404", "warning")]),
        ("dose_per_kg: 181 mcg/kg", [("RC404", "error")]),  # above what any source gives by any route
        ("dose_per_kg: 1350 mcg/kg", [("RC404", "error")]),
        ("dose: 12 mg", [("RC404", "warning")]),
        ("dose: 120 mg", [("RC404", "error")]),
        ("volume: 6.4 mL, concentration: 2 mg/mL", [("RC404", "warning")]),
    ],
)
def test_outside_of_a_soft_end_is_a_warning_up_to_the_highest_published_dose(
    fields: str, expected: list[tuple[str, str]]
) -> None:
    assert heavy(order(EPTIFIBATIDE_IA + fields, "order_set: Example, patient: {weight: 80 kg}")) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("kind: bolus, dose_per_kg: 30 mcg/kg", []),
        ("kind: bolus, dose_per_kg: 15 mcg/kg", []),
        ("kind: bolus, dose_per_kg: 10 mcg/kg", [("RC404", "warning")]),
        ("kind: bolus, dose_per_kg: 31 mcg/kg", [("RC404", "error")]),
        ("kind: bolus, dose: 2.4 mg", []),
        ("kind: bolus, dose: 24 mg", [("RC404", "error")]),
        ("dose: 24 mg", [("RC404", "error")]),
        ("kind: infusion, dose_rate_per_kg: 4 mcg/kg/min", []),
        ("kind: infusion, dose_rate_per_kg: 2 mcg/kg/min", []),
        ("kind: infusion, dose_rate_per_kg: 0.75 mcg/kg/min", [("RC402", "warning")]),
        ("kind: infusion, dose_rate_per_kg: 4.5 mcg/kg/min", [("RC402", "error")]),
        ("kind: infusion, dose_rate_per_kg: 4 mcg/kg/h", [("RC402", "error")]),  # per hour for per minute
        ("kind: infusion, dose_rate_per_kg: 0.4 mcg/kg/min", [("RC402", "error")]),  # a tenth of the label's 4
        ("kind: bolus, dose_per_kg: 3 mcg/kg", [("RC404", "error")]),  # a tenth of the label's 30
        ("kind: bolus, dose_per_kg: 12 mcg/kg", [("RC404", "warning")]),
        ("kind: infusion, pump_rate: 96 mL/h, concentration: 200 mcg/mL", []),
        ("kind: infusion, pump_rate: 960 mL/h, concentration: 200 mcg/mL", [("RC402", "error")]),
    ],
)
def test_cangrelor_has_a_range_and_is_no_gp_inhibitor(fields: str, expected: list[tuple[str, str]]) -> None:
    text = order(f"drug: cangrelor, route: IV, {fields}", "order_set: Example, patient: {weight: 80 kg}")
    assert heavy(text) == expected
    of_inhibitors = {"RC420", "RC427", "RC428", "RC429", "RC430", "RC640"}
    assert not of_inhibitors & {code for code, _ in heavy(text, select="RC4,RC6")}


@pytest.mark.parametrize(
    ("rate", "clearance", "expected"),
    [
        ("0.06 mcg/kg/min", "", []),  # for whom is not known
        ("0.06 mcg/kg/min", "25 mL/min", []),
        ("0.06 mcg/kg/min", "90 mL/min", ["RC402"]),
        ("0.06 mcg/kg/min", "when: > 60 mL/min", ["RC402"]),
        ("0.06 mcg/kg/min", "when: < 30 mL/min", []),
        ("0.06 mcg/kg/min", "45 mL/min", []),  # what the US label leaves of 0.12
        ("0.04 mcg/kg/min", "25 mL/min", []),  # what a label leaves of 0.08
        ("0.03 mcg/kg/min", "25 mL/min", ["RC402"]),
        ("0.03 mcg/kg/min", "", ["RC402"]),
    ],
)
def test_a_renal_low_counts_where_the_clearance_may_ask_for_it(rate: str, clearance: str, expected: list[str]) -> None:
    when = clearance.removeprefix("when: ") if clearance.startswith("when") else ""
    condition = f", when: {{creatinine_clearance: '{when}'}}" if when else ""
    patient = f", patient: {{creatinine_clearance: {clearance}}}" if clearance and not when else ""
    text = order(f"{DRIP}dose_rate_per_kg: {rate}{condition}", f"order_set: Example{patient}")
    assert [code for code, _ in heavy(text, select="RC402")] == expected


@pytest.mark.parametrize(
    ("weight", "fields", "expected"),
    [
        # 57 kg: 10.26 mL/h is set as 10.3 mL/h, which gives 0.1506 mcg/kg/min.
        (57, f"{DRIP}dose_rate_per_kg: 0.151 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 10.3 mL/h", []),
        (57, f"{DRIP}dose_rate: 8.58 mcg/min, concentration: 50 mcg/mL", []),
        (57, f"{DRIP}dose_rate: 8.58 mcg/min", []),
        (57, f"{DRIP}dose_rate: 8.7 mcg/min, concentration: 50 mcg/mL", ["RC402"]),
        (57, f"{DRIP}dose_rate_per_kg: 0.155 mcg/kg/min, concentration: 50 mcg/mL", ["RC402"]),
        (57, f"{DRIP}dose_rate_per_kg: 0.2 mcg/kg/min, concentration: 50 mcg/mL", ["RC402"]),
        # 57 kg: 2.28 mL of 250 mcg/mL are drawn up as 2.3 mL, 575 mcg.
        (57, f"{BOLUS}dose: 575 mcg, concentration: 250 mcg/mL", []),
        (57, f"{BOLUS}dose_per_kg: 10.1 mcg/kg, concentration: 250 mcg/mL, volume: 2.3 mL", []),
        # Beside nothing that is set they are prescribed, as in `rate` and in a protocol file.
        (57, f"{BOLUS}dose_per_kg: 10.1 mcg/kg, concentration: 250 mcg/mL", ["RC404"]),
        (57, f"{DRIP}dose_rate_per_kg: 0.151 mcg/kg/min, concentration: 50 mcg/mL", ["RC402"]),
        (57, f"{BOLUS}dose: 600 mcg, concentration: 250 mcg/mL", ["RC404"]),
        (57, f"{BOLUS}dose_per_kg: 11 mcg/kg, concentration: 250 mcg/mL", ["RC404"]),
        # A concentration that is mistyped a thousandfold makes no step that lets a dose pass.
        (57, f"{BOLUS}dose_per_kg: 11 mcg/kg, concentration: 250 mg/mL", ["RC404"]),
        (57, f"{DRIP}dose_rate_per_kg: 0.16 mcg/kg/min, concentration: 50 mg/mL", ["RC402"]),
    ],
)
def test_what_a_pump_or_a_syringe_can_be_set_to_is_not_outside(weight: int, fields: str, expected: list[str]) -> None:
    text = order(fields, f"{FOR_STROKE}, patient: {{weight: {weight} kg}}")
    assert [code for code, _ in heavy(text)] == expected


@pytest.mark.parametrize(
    ("fields", "low", "high"),
    [
        (f"{DRIP}dose_rate_per_kg: 6 mcg/kg/min", "0.05 mcg/kg/min", "0.15 mcg/kg/min"),
        (f"{DRIP}dose_rate_per_kg: 6 mcg/kg/min, run_time: 30 min", "0.2 mcg/kg/min", "0.4 mcg/kg/min"),
        (f"{DRIP}pump_rate: 900 mL/h, concentration: 50 mcg/mL", "4.8 mL/h", "14.4 mL/h"),
        (f"{DRIP}dose_rate: 12 mg/min", "0.004 mg/min", "0.012 mg/min"),
        (f"{BOLUS}dose: 8 mg", "0.8 mg", "2 mg"),
        (f"{BOLUS}volume: 160 mL, concentration: 50 mcg/mL", "16 mL", "40 mL"),
        ("drug: tirofiban, route: IA, kind: bolus, dose: 5 mg", "0.25 mg", "1 mg"),
    ],
)
def test_the_range_is_said_as_it_would_be_written_in_the_field(fields: str, low: str, high: str) -> None:
    [one] = found(order(fields, "order_set: Example, patient: {weight: 80 kg}"), select="RC402,RC404")
    assert one["expected_range"] == {"low": low, "high": high}


def test_without_a_weight_the_range_is_that_of_any_usual_one() -> None:
    [one] = found(order(f"{BOLUS}dose: 8 mg"), select="RC404")
    assert one["expected_range"] == {"low": "0.4 mg", "high": "3.75 mg"}


def test_a_dose_without_a_slip_expects_a_range_and_no_value() -> None:
    [one] = found(order(f"{DRIP}dose_rate_per_kg: 0.185 mcg/kg/min"), select="RC402")
    assert (one["expected"], one["slip"]) == (None, [])
    [one] = found(order(f"{DRIP}dose_rate_per_kg: 0.075 mcg/kg/min"), select="RC403")
    assert (one["expected"], one["expected_range"]) == (None, {"low": "0.1 mcg/kg/min", "high": "0.15 mcg/kg/min"})


# --- a hospital's own protocol ---------------------------------------------------------------------------------------

OWN = """
id = "our-own"
title = "Our own"
drug = "tirofiban"
kind = "site"
confidence = "not graded"
population = "our patients"
antiplatelets = "not stated"
sources = [{ id = "ours", locator = "SOP 12, page 3" }]

[source.ours]
title = "Our hospital's SOP"

[[bolus]]
route = "IV"
dose_per_kg = "180 mcg/kg"

[[infusion]]
role = "maintenance"
dose_rate_per_kg = "6 mcg/kg/min"
"""
OWN_IA = OWN.replace("our-own", "our-own-ia").replace('"IV"\ndose_per_kg = "180 mcg/kg"', '"IA"\ndose = "5 mg"')
OUTSIDE = [
    (f"{DRIP}dose_rate_per_kg: 6 mcg/kg/min", "RC402"),
    (f"{DRIP}pump_rate: 576 mL/h, concentration: 50 mcg/mL", "RC402"),
    (f"{BOLUS}dose_per_kg: 180 mcg/kg", "RC404"),
    (f"{BOLUS}dose_per_kg: 180 mcg/kg", "RC420"),
    ("drug: tirofiban, route: IA, kind: bolus, dose: 5 mg", "RC404"),
    ("drug: abciximab, route: IV, kind: infusion, dose_rate: 15 mcg/min", "RC425"),
]


@pytest.fixture
def hospital(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in the folder of a hospital that adds a protocol which lies outside of every range."""
    (tmp_path / "ours.toml").write_text(OWN, encoding="utf-8")
    (tmp_path / "ia.toml").write_text(OWN_IA, encoding="utf-8")
    uncapped = OWN.replace("our-own", "uncapped").replace("tirofiban", "abciximab").replace("180 mcg/kg", "250 mcg/kg")
    (tmp_path / "uncapped.toml").write_text(uncapped, encoding="utf-8")
    settings = 'protocol-files = ["ours.toml", "ia.toml", "uncapped.toml"]\n'
    (tmp_path / "rescuecalc.toml").write_text(settings, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_protocol_outside_of_the_published_ranges_is_reported(hospital: Path) -> None:
    outcome = invoke("protocol", "check", str(hospital / "ours.toml"), "--fail-on", "warning", "--format", "json")
    told = [each for each in outcome.json["findings"] if each["code"] in {"RC418", "RC420"}]
    assert outcome.exit_code == 1
    told.sort(key=lambda each: each["pointer"], reverse=True)
    found = [(each["code"], each["severity"], each["pointer"]) for each in told]
    assert found == [
        ("RC418", "error", "/infusions/0/dose_rate_per_kg"), ("RC420", "error", "/boluses/0/dose_per_kg"),
    ]  # fmt: skip
    assert told[0]["expected_range"] == {"low": "0.05 mcg/kg/min", "high": "0.15 mcg/kg/min"}
    page = invoke("protocol", "check", str(hospital / "ours.toml")).stdout
    assert "outside the published range of tirofiban" in " ".join(page.split())


@pytest.mark.parametrize(("fields", "code"), OUTSIDE)
def test_and_changes_no_error_limit(hospital: Path, fields: str, code: str) -> None:
    text = order(fields, "order_set: Example, patient: {weight: 80 kg}")
    (hospital / "a.yaml").write_text(text, encoding="utf-8")
    outcome = invoke("check", "a.yaml", "--select", code, "--format", "json").json
    [one] = outcome["findings"]
    assert (one["code"], one["severity"]) == (code, "error")
    assert "our-own" in json.dumps(invoke("check", "--show-settings", "a.yaml", "--format", "json").json, default=str)


def test_named_it_is_the_reference_of_its_orders(hospital: Path) -> None:
    text = order(OUTSIDE[0][0], "order_set: Example, protocol: our-own")
    (hospital / "a.yaml").write_text(text, encoding="utf-8")
    codes = {each["code"]: each["severity"] for each in invoke("check", "a.yaml", "--format", "json").json["findings"]}
    assert "RC402" not in codes
    assert codes["RC418"] == "error"
