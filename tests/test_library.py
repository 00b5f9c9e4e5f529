"""The library: the commands' documents as immutable objects, quantities of pint in and out, errors, no printing."""

from __future__ import annotations

import copy
import doctest
import inspect
import json
import pickle
import re
import shlex
from dataclasses import FrozenInstanceError
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pint
import pytest

import rescuecalc as rc
from rescuecalc.api.options import BridgeOptions, DosingOptions, StopOptions, TableOptions
from rescuecalc.requests.bridging import BridgeRequest
from rescuecalc.requests.dosing import DosingRequest
from rescuecalc.requests.input.option import options_of
from rescuecalc.requests.rate import RateRequest
from rescuecalc.requests.renal import RenalRequest
from rescuecalc.requests.stopping import StopRequest
from rescuecalc.requests.table import TableRequest
from rescuecalc.units import Q_, ureg
from tests.support import invoke

if TYPE_CHECKING:
    from collections.abc import Callable

    from rescuecalc.api.result import Result

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "docs" / "examples"

YANG: dict[str, Any] = {"protocol": "yang-2020-iv", "weight": "80 kg", "run_time": "24 h"}
BRIDGED: dict[str, Any] = {"protocol": "rescue-bt-2022", "weight": "80kg", "p2y12": "clopidogrel", "load": "300mg"}

WITH_A_SCREEN = {"dose", "table", "renal", "bridge", "plan"}

SAME: dict[str, Callable[[], Result]] = {
    "dose yang-2020-iv --weight 80kg --run-time 24h --infusion-product bag-250": lambda: rc.dose(
        "yang-2020-iv", weight="80kg", run_time="24h", infusion_product="bag-250"
    ),
    "dose us-label --weight 37.5kg --run-time 18h --crcl 60mL/min --label-band": lambda: rc.dose(
        "us-label", weight="37.5kg", run_time="18h", crcl="60mL/min", label_band=True
    ),
    "dose --bolus 10mcg/kg --route iv --infusion 0.1mcg/kg/min --run-time 24h --weight 57kg": lambda: rc.dose(
        bolus="10mcg/kg", route="iv", infusion="0.1mcg/kg/min", run_time="24h", weight="57kg"
    ),
    "dose yang-2020-iv --weight 176lb --run-time 24h --crcl 45mL/min --start 2026-03-28T20:00+01:00": lambda: rc.dose(
        "yang-2020-iv", weight="176lb", run_time="24h", crcl="45mL/min", start="2026-03-28T20:00+01:00"
    ),
    "rate 0.15mcg/kg/min --weight 57kg --concentration 50mcg/mL": lambda: rc.rate(
        "0.15mcg/kg/min", weight="57kg", concentration="50mcg/mL"
    ),
    "rate 18units/kg/h --weight 80kg --concentration 100units/mL --drug heparin": lambda: rc.rate(
        "18units/kg/h", weight="80kg", concentration="100units/mL", drug="heparin"
    ),
    "table us-label --crcl 45mL/min --from 20kg --to 40kg --infusion-product bag-250": lambda: rc.table(
        "us-label", crcl="45mL/min", low="20kg", high="40kg", infusion_product="bag-250"
    ),
    "table trend-2024 --step 50kg --crcl 45mL/min": lambda: rc.table("trend-2024", step="50kg", crcl="45mL/min"),
    "renal --age 70 --sex male --weight 80kg --creatinine 106umol/L --height 175cm --basis adjusted": lambda: rc.renal(
        age=70, sex="male", weight="80kg", creatinine="106umol/L", height="175cm", basis="adjusted"
    ),
    "bridge rescue-bt-2022 --weight 80kg --p2y12 clopidogrel --load 300mg --thrombolysis-at -2h --pru 57": lambda: (
        rc.bridge(**BRIDGED, thrombolysis_at="-2h", pru=57)
    ),
    "plan rescue-bt-2022 --weight 80kg --p2y12 clopidogrel --load 300mg --beside heparin --beside omeprazole": lambda: (
        rc.plan(**BRIDGED, beside=["heparin", "omeprazole"])
    ),
    "stop us-label --weight 80kg --crcl 45mL/min --started +0h --stopped +3.5h --thrombolysis-at -2h": lambda: rc.stop(
        "us-label", weight="80kg", crcl="45mL/min", started="+0h", stopped="+3.5h", thrombolysis_at="-2h"
    ),
    "stop kang-2018-ia --ia-dose 0.5mg --started 2026-02-10T20:00Z --stopped +10min": lambda: rc.stop(
        "kang-2018-ia", ia_dose="0.5mg", started="2026-02-10T20:00Z", stopped="+10min"
    ),
    "protocol list": rc.protocols,
    "protocol show us-label": lambda: rc.protocol("us-label"),
    "protocol show rescue-bt-2022": lambda: rc.protocol("rescue-bt-2022"),
    "protocol show khachatryan-2023-case": lambda: rc.protocol("khachatryan-2023-case"),
    "protocol show huo-2021": lambda: rc.protocol("huo-2021"),
    "protocol show abciximab-label": lambda: rc.protocol("abciximab-label"),
    f"protocol show --protocol-file {EXAMPLES}/our-hospital.toml": lambda: rc.protocol(
        protocol_file=EXAMPLES / "our-hospital.toml"
    ),
    f"protocol check {EXAMPLES}/outside.toml": lambda: rc.check_protocol(EXAMPLES / "outside.toml"),
    "evidence list --outcome sich --territory posterior": lambda: rc.studies(outcome="sich", territory="posterior"),
    "evidence show yang-2020": lambda: rc.study("yang-2020"),
    "evidence compare --outcome sich": lambda: rc.compare_studies(outcome="sich"),
    "evidence check": rc.check_studies,
    "strategy --situation reocclusion --thrombolysis yes": lambda: rc.strategy(
        situation="reocclusion", thrombolysis="yes"
    ),
    "rule": rc.rule_list,
    "rule rc301": lambda: rc.rule("rc301"),
    f"check {EXAMPLES} --isolated --as-of 2026-11-01": lambda: rc.check(EXAMPLES, as_of="2026-11-01"),
    f"check {EXAMPLES}/rows.csv --as-of 2026-11-01 --isolated --select RC3,RC4 --ignore RC402": lambda: rc.check(
        [str(EXAMPLES / "rows.csv")], as_of=date(2026, 11, 1), select="RC3,RC4", ignore=["RC402"]
    ),
}


@pytest.mark.parametrize("command", SAME)
def test_a_result_is_the_document_and_the_page_of_its_command(command: str) -> None:
    """Every key of a document has a field: a result that lacked one would not have been made."""
    result = SAME[command]()
    printed = invoke(*shlex.split(command), "--format", "json")
    assert printed.stdout.startswith("{\n")
    assert result.to_json() == printed.stdout
    assert result.to_dict() == json.loads(printed.stdout, parse_float=Decimal)
    whole = ("--details",) if command.split(maxsplit=1)[0] in WITH_A_SCREEN else ()
    assert f"{result}\n" == invoke(*shlex.split(command), *whole).stdout


def test_a_result_has_findings_sources_and_derivation() -> None:
    made = rc.dose(**YANG, infusion_product="bag-250", crcl="45 mL/min")
    assert ("RC401", "note", "") in [(each.code, each.severity, each.pointer) for each in made.findings]
    assert "khachatryan-2023" in {each.id for each in made.sources}
    assert "0.15 mcg/kg/min × 80 kg = 12 mcg/min" in {each.calculation for each in made.derivation}
    assert str(made.infusions[0].pump_rate) == "14.4 mL/h"
    assert str(made.infusions[0].containers[0].empty_elapsed) == "17:21:40"


def test_quantities_of_a_result_are_exact_where_the_document_rounds() -> None:
    made = rc.renal(age=70, sex="female", weight="80 kg", creatinine="1.2 mg/dL")
    assert made.exact_creatinine_clearance.magnitude == Fraction(2975, 54)
    assert made.exact_creatinine_clearance.unit == "mL/min"
    assert str(made.exact_creatinine_clearance) == "about 55.0926 mL/min"
    assert made.to_dict()["exact_creatinine_clearance"]["value"] == Decimal("55.0925925925926")


def test_a_quantity_converts_prints_and_becomes_one_of_pint() -> None:
    rate = rc.rate("0.15 mcg/kg/min", weight="80 kg", concentration="50 mcg/mL").result
    assert (rate.magnitude, rate.unit, rate.ucum, float(rate)) == (Fraction(72, 5), "mL/h", "mL/h", 14.4)
    assert (str(rate), repr(rate), str(rate.to("mL/min"))) == ("14.4 mL/h", "<14.4 mL/h>", "0.24 mL/min")
    assert rate.to_pint() == Q_("14.4 mL/h")
    assert rate.to_pint().magnitude == Fraction(72, 5)
    with pytest.raises(pint.DimensionalityError):
        rate.to("kg")


def test_body_weight_and_drug_mass_do_not_mix() -> None:
    made = rc.dose(**YANG)
    weight, dose = made.dosing_weight, made.boluses[0].dose
    assert weight is not None
    with pytest.raises(pint.DimensionalityError):
        weight.to_pint() + dose.to_pint()
    with pytest.raises(pint.DimensionalityError):
        Q_("10 mcg/kg") + Fraction(1, 2)
    with pytest.raises(pint.DimensionalityError):
        Q_("0.15 mcg/kg/min").to(ureg.mcg / ureg.h)
    assert Q_("10 mcg/kg") * Q_(80, "kg") == dose.to_pint()


@pytest.mark.parametrize(
    "weight", ["80 kg", Q_(80, "kg"), Q_(80.0, "kg"), 80 * ureg.kg, Q_("80 kg"), Q_(Decimal(80), "kg")]
)
def test_a_quantity_is_given_as_text_or_as_one_of_pint(weight: Any) -> None:
    made = rc.dose("yang-2020-iv", weight=weight, run_time=Q_(24, "h"))
    assert str(made.boluses[0].dose) == "800 mcg"
    assert made.weight_as_written == "80 kg"


def test_a_quantity_of_a_result_can_be_given_again() -> None:
    clearance = rc.renal(age=70, sex="female", weight="80 kg", creatinine="1.2 mg/dL").creatinine_clearance
    made = rc.dose("us-label", weight=rc.dose(**YANG).dosing_weight, run_time="18 h", crcl=clearance)
    assert made.renal is not None
    assert made.renal.band == "CrCl 60 mL/min or less: infusion halved, bolus unchanged"


def test_products_and_quotients_of_pint_are_read_in_their_unit() -> None:
    rate = Q_("0.15 mcg/kg/min") * Q_("80 kg")
    assert str(rc.rate(rate, concentration=Q_("12.5 mg") / Q_("250 mL")).result) == "14.4 mL/h"


REFUSED: list[tuple[Any, str]] = [
    (
        80,
        (
            "weight: 80 has no unit; write it as text, weight='80 kg' or weight='80 lb', "
            "or as a quantity of rescuecalc.units, weight=Q_(80, 'kg')"
        ),
    ),
    (
        80.5,
        (
            "weight: 80.5 has no unit; write it as text, weight='80.5 kg' or weight='80.5 lb', "
            "or as a quantity of rescuecalc.units, weight=Q_(80.5, 'kg')"
        ),
    ),
    ("80", "--weight: cannot read '80': the number has no unit (80kg or 80lb?); write a weight as 80kg (or 176lb)"),
    (True, "weight: text or a quantity is needed, not a bool"),
    (["80 kg"], "weight: text or a quantity is needed, not a list"),
    (
        pint.UnitRegistry(["mcg = []", "kg = []"]).Quantity(80, "kg"),
        (
            "weight: 80 kg is a quantity of another pint registry, in which mcg/kg is a plain number; "
            "make it with Q_ or ureg of rescuecalc.units, or write text"
        ),
    ),
    (
        Q_("80 kg") * Q_("2 kg"),
        "weight: 160 kg^2 is not in a unit of a dose, volume, rate or time; convert it with .to()",
    ),
    (Q_("1 kg") / 3, "weight: 1/3 kg is not a decimal number; round it first, as to 0.333333 kg"),
    (ureg.Quantity(float("nan"), "kg"), "weight: nan kg is not one finite number"),
    (ureg.Quantity("80 mcg"), "--weight: cannot read '80 mcg': that is a dose, and a weight is needed; write a weight"),
    (ureg.Quantity(-80, "kg"), "--weight: cannot read '-80 kg': a sign is not read"),
    ("8 kg, 80 kg", "--weight: cannot read '8 kg, 80 kg'"),
    ("700 kg", "--weight: '700 kg' is outside of 0.5 kg to 650 kg"),
]


@pytest.mark.parametrize(("weight", "message"), REFUSED, ids=[str(number) for number in range(len(REFUSED))])
def test_what_is_no_weight_is_refused_with_what_to_write(weight: Any, message: str) -> None:
    with pytest.raises((rc.InputError, rc.CalculationRefused)) as refusal:
        rc.dose("yang-2020-iv", weight=weight, run_time="24 h")
    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize("text", ["12,5 mg", "80", "-5 mg", "2**10 mcg", "nan kg", "1e3 mcg", "5 mg/kg/kg", ""])
def test_text_never_reaches_the_grammar_of_pint(text: str) -> None:
    """Pint reads `12,5 mg` as 125 mg, and calculates `2**10 mcg`."""
    with pytest.raises(rc.InputError):
        Q_(text)
    if text:  # pint itself refuses an empty one
        with pytest.raises(rc.InputError):
            ureg.Quantity(text)
        with pytest.raises(rc.InputError):
            ureg(text)


def test_a_quantity_of_pint_is_written_as_a_decimal_number() -> None:
    rate = Q_("14.4 mL/h")
    assert (str(rate), f"{rate:~P}", f"{rate:.2f}") == ("14.4 mL / h", "14.4 mL/h", "14.40 mL / h")
    third = Q_(1, "kg") / 3
    assert (str(third), f"{third:.3f}", str(third * third)) == ("1/3 kg", "0.333 kg", "1/9 kg ** 2")


def test_a_number_is_exact_and_has_a_unit() -> None:
    assert Q_(0.15, "mcg/kg/min").magnitude == Fraction(3, 20)
    assert Q_("0.15 mcg/kg/min").magnitude == Fraction(3, 20)
    with pytest.raises(rc.InputError, match=r"Q_: 80 has no unit"):
        Q_(80)
    with pytest.raises(rc.InputError, match=r"Q_: cannot read the unit 'm': 'm' may be minute, metre or milli"):
        Q_(80, "m")
    with pytest.raises(rc.InputError, match=r"Q_: 'inf' is not a finite number"):
        Q_(float("inf"), "kg")
    with pytest.raises(rc.InputError, match=r"Q_: '80 kg' stands beside a unit"):
        Q_("80 kg", "kg")


def test_the_errors_are_the_three_and_say_what_the_command_says() -> None:
    for call, error, command in (
        (lambda: rc.dose("yang-2020-iv", weight="80kg"), rc.CalculationRefused, "dose yang-2020-iv --weight 80kg"),
        (lambda: rc.dose("nothing"), rc.InputError, "dose nothing"),
        (lambda: rc.protocol(protocol_file="none.toml"), rc.CatalogueError, "protocol show --protocol-file none.toml"),
        (lambda: rc.rule("RC999"), rc.InputError, "rule RC999"),
        (lambda: rc.check(EXAMPLES, select="X"), rc.InputError, f"check {EXAMPLES} --select X"),
    ):
        with pytest.raises(error) as raised:
            call()
        assert f"rescuecalc: {raised.value}\n" == invoke(*shlex.split(command)).stderr


def test_an_unknown_argument_is_a_type_error() -> None:
    misspelt: Any = {"wieght": "80 kg"}
    with pytest.raises(TypeError, match=r"dose\(\) got an unexpected keyword argument 'wieght'"):
        rc.dose("yang-2020-iv", **misspelt)
    with pytest.raises(TypeError, match=r"plan\(\) got an unexpected keyword argument 'wieght'"):
        rc.plan("yang-2020-iv", **misspelt)


def test_notes_on_what_was_given_are_those_of_the_command() -> None:
    made = rc.rate("0.15 \u00b5g/kg/min", weight="80 kg", concentration="50 mcg/mL")
    assert made.notes_on_input == (
        "rate: the micro sign is easily misread as m; it was read as mcg/kg/min, write it so",
    )


def test_results_cannot_be_changed_and_can_be_copied() -> None:
    made: Any = rc.dose(**YANG, infusion_product="bag-250")
    with pytest.raises(FrozenInstanceError):
        made.boluses = ()
    with pytest.raises(FrozenInstanceError):
        made.infusions[0].pump_rate = None
    with pytest.raises(FrozenInstanceError):
        made.infusions[0].pump_rate.magnitude = Fraction(1)
    assert isinstance(made.infusions[0].options, tuple)
    made.to_dict()["infusions"][0]["pump_rate"]["value"] = Decimal(1)
    assert made == rc.dose(**YANG, infusion_product="bag-250")
    assert made.to_json() == rc.dose(**YANG, infusion_product="bag-250").to_json()
    again = pickle.loads(pickle.dumps(made))  # noqa: S301  # our own bytes
    assert (again, again.to_json(), str(again)) == (made, made.to_json(), str(made))
    assert copy.deepcopy(made) == made
    assert repr(made) == "<DoseResult of rescuecalc.dose.1>"


def parameters(function: Callable[..., Any]) -> set[str]:
    return set(inspect.signature(function).parameters)


def test_every_option_of_a_command_is_an_argument() -> None:
    assert {"protocol", *DosingOptions.__annotations__} == set(options_of(DosingRequest))
    assert parameters(rc.dose) == {"label_band", *options_of(DosingRequest)}
    assert {"protocol", *BridgeOptions.__annotations__} == {*options_of(DosingRequest), *options_of(BridgeRequest)}
    assert parameters(rc.bridge) == parameters(rc.plan) == {*options_of(DosingRequest), *options_of(BridgeRequest)}
    assert {"protocol", *TableOptions.__annotations__} == set(options_of(TableRequest)) == parameters(rc.table)
    assert {"protocol", *StopOptions.__annotations__} == set(options_of(StopRequest)) == parameters(rc.stop)
    assert parameters(rc.rate) == {"value", *options_of(RateRequest)}
    assert parameters(rc.renal) == set(options_of(RenalRequest))


def test_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    rc.dose(**YANG)
    rc.check({"order_set": "a", "orders": []})
    with pytest.raises(rc.InputError):
        rc.dose()
    assert capsys.readouterr() == ("", "")


def test_every_name_of_the_library_is_there_and_documented() -> None:
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    for name in rc.__all__:
        assert getattr(rc, name) is getattr(rc, name)
        assert re.search(rf"[`.]{name}\b", page), name
    assert set(rc.__all__) <= set(dir(rc))
    with pytest.raises(AttributeError, match="module 'rescuecalc' has no attribute 'nothing'"):
        rc.nothing  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError, match=r"module 'rescuecalc.units' has no attribute 'nothing'"):
        rc.units.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_the_examples_of_the_page_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "api.md").read_text("utf-8"), re.DOTALL)
    page = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "api.md", "docs/api.md", 0)
    said: list[str] = []
    done = doctest.DocTestRunner().run(page, out=said.append)
    assert done.failed == 0, "".join(said)
    assert done.attempted > 20


def test_products_are_those_of_the_catalogue() -> None:
    vial = next(each for each in rc.products() if each.id == "vial-15")
    assert (str(vial.amount), str(vial.volume), str(vial.concentration)) == ("3.75 mg", "15 mL", "250 mcg/mL")
    assert vial.serves == ("syringe",)
    assert {each.drug for each in rc.products("eptifibatide")} == {"eptifibatide"}
    with pytest.raises(rc.InputError, match=r"drug: the catalogue has no product of 'tirofibam'; it has products of "):
        rc.products("tirofibam")


def test_lists_are_walked_through() -> None:
    assert [each.id for each in rc.protocols()] == [each["id"] for each in rc.protocols().to_dict()["protocols"]]
    assert len(rc.protocols()) == 17
    assert len(rc.study("yang-2020")) == len(list(rc.study("yang-2020"))) == 2
    assert "RC501" in {each.code for each in rc.rule_list()}
    assert len(rc.rule_list()) == len(rc.rule_list().rules)


def test_a_template_is_what_the_command_prints_and_check_reads(tmp_path: Path) -> None:
    text = rc.order_set_template("rescue-bt-2022", infusion_product="bag-250")
    command = ("protocol", "show", "rescue-bt-2022", "--as-order-set", "--infusion-product", "bag-250")
    assert text == invoke(*command).stdout
    file = tmp_path / "set.yaml"
    file.write_text(text, "utf-8")
    assert rc.check(file).summary.all_read


def test_a_finding_of_a_table_says_which_weights_it_belongs_to() -> None:
    made = rc.table("us-label", crcl="45mL/min", low="20kg", high="45kg")
    weights = [(each.code, [str(one) for one in each.weights]) for each in made.findings]
    assert weights[0] == ("RC406", ["20 kg"])
    assert ("RC401", ["20 kg", "25 kg", "30 kg", "35 kg", "40 kg", "45 kg"]) in weights
    assert made.rows[0].findings == ("RC406", "RC401", "RC407")


def test_a_patients_state_is_given_and_what_is_not_is_named() -> None:
    made = rc.dose(
        "yang-2020-iv",
        weight="80 kg",
        run_time="24 h",
        infusion_product="bag-250",
        age=70,
        sex="female",
        creatinine="1.2 mg/dL",
        platelets=92,
        dialysis=True,
    )
    assert (made.patient.platelets, made.patient.dialysis, made.patient.inr) == ("92 x10^9/L", True, None)
    assert made.not_given == ("INR", "blood pressure", "thrombolysis", "anticoagulant")
    assert made.clearance_working is not None
    assert (made.clearance_working.basis, str(made.clearance_working.creatinine_clearance)) == ("actual", "55.1 mL/min")
    assert {"RC516", "RC650"} <= {each.code for each in made.findings}
