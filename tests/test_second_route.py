"""The double check: whatever number of a document is changed, nothing is printed."""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.backcheck import doses as second_route
from rescuecalc.catalogue import catalogue, supplies
from rescuecalc.core.quantities.formula import Formula, product, quotient
from rescuecalc.core.quantities.quantity import Dose, DoseRate, PumpRate
from rescuecalc.core.regimen import bolus as dosing
from rescuecalc.core.regimen import infusion
from rescuecalc.core.regimen.regimen import Regimen, regimen
from rescuecalc.reporters.document.regimen import doses
from rescuecalc.reporters.document.regimen.dose import dose_document
from rescuecalc.requests.input.choices import Texts, choices
from rescuecalc.requests.input.inputs import Inputs
from tests.support import invoke

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.core

YANG = ("dose", "yang-2020-iv", "--weight", "57kg", "--run-time", "24h", "--format", "json")


def result_of(protocol: str, **texts: str) -> Regimen:
    found = catalogue.protocol(protocol)
    names = Texts.__annotations__
    picked = choices(Texts(**{name: texts.get(name) for name in names}), found, Inputs(), timed=True)
    rule = catalogue.renal_rules()[found.renal] if found.renal else None
    return regimen(found, picked, rule, catalogue.limits())


CASES = {
    "yang-2020-iv": {
        "weight": "57kg",
        "run_time": "24h",
        "bolus_product": supplies.INFUSION_CONTAINER,
        "infusion_product": "bag-250",
        "priming_volume": "20mL",
        "give_over": "5min",
    },
    "trend-2024": {"weight": "176lb", "infusion_product": "bag-100"},
    "eptifibatide-label": {"weight": "130kg", "run_time": "24h", "crcl": "49mL/min"},
    "huo-2021": {"weight": "71.3kg", "ia_dose": "0.33mg", "run_time": "24h"},
}


def numbers(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each number that the second route answers for."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from numbers(each, (*path, key))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from numbers(each, (*path, place))
    elif isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        yield path


CHECKED = ("boluses", "infusions", "line_at_stop", "schedule")
# Not calculated, only repeated.
NOT_CHECKED = {"give_over"}


def check(made: dict[str, Any], given: second_route.CalculationInputs) -> None:
    second_route.check_doses(made["boluses"], made["infusions"], given)
    second_route.check_containers(made, given)
    second_route.check_schedule(made)
    second_route.check_line(made, given)


@pytest.mark.parametrize("protocol", CASES)
def test_every_changed_number_is_noticed(protocol: str) -> None:
    result = result_of(protocol, **CASES[protocol])
    made = dose_document(result, (), (), catalogue.limits(), catalogue.drugs()["tirofiban"], None, label_band=False)
    given = doses.calculation_inputs(result)
    check(made, given)
    paths = [p for key in CHECKED for p in numbers(made[key], (key,)) if not NOT_CHECKED.intersection(p)]
    assert len(paths) > 10
    for path in paths:
        for factor in (Decimal("1.1"), Decimal(60), Decimal("0.1")):
            changed = copy.deepcopy(made)
            target = changed
            for key in path[:-1]:
                target = target[key]
            if target[path[-1]] == 0:
                continue
            target[path[-1]] = target[path[-1]] * factor
            with pytest.raises(second_route.DoubleCheckFailed):
                check(changed, given)


@pytest.mark.parametrize("key", ["empty_elapsed", "elapsed"])
def test_a_changed_time_is_noticed(key: str) -> None:
    result = result_of("yang-2020-iv", weight="80kg", run_time="24h", infusion_product="bag-250")
    made = dose_document(result, (), (), catalogue.limits(), catalogue.drugs()["tirofiban"], None, label_band=False)
    entry = made["infusions"][0]["containers"][0] if key == "empty_elapsed" else made["schedule"][-2]
    assert entry[key] == "17:21:40"
    entry[key] = "17:21:41"
    with pytest.raises(second_route.DoubleCheckFailed):
        check(made, doses.calculation_inputs(result))


SLIPS = {
    "bolus dose": (dosing, "BOLUS_DOSE", Formula("", quotient, Dose)),
    "pump rate": (infusion, "PUMP_RATE", Formula("", lambda rate, strength: rate / strength * 60, PumpRate)),
    "dose rate": (infusion, "DOSE_RATE", Formula("", lambda rate, weight: product(rate, weight) * 2, DoseRate)),
}


@pytest.mark.parametrize("slip", ["pump rate", "dose rate"])
def test_a_broken_formula_prints_no_number(slip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, broken = SLIPS[slip]
    monkeypatch.setattr(module, name, broken)
    outcome = invoke(*YANG)
    assert (outcome.exit_code, outcome.stdout) == (70, "")
    assert "DoubleCheckFailed" in outcome.stderr


def test_a_formula_of_the_wrong_dimension_prints_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, broken = SLIPS["bolus dose"]
    monkeypatch.setattr(module, name, broken)
    outcome = invoke(*YANG)
    assert outcome.exit_code != 0
    assert outcome.stdout == ""


def test_a_misread_protocol_prints_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    true = catalogue.protocol("yang-2020-iv")
    step = true.infusions[0]
    wrong = type(step.dose_rate_per_kg)(
        step.dose_rate_per_kg.magnitude * 10, step.dose_rate_per_kg.unit, "0.15 mcg/kg/min"
    )
    misread = true._replace(infusions=(step._replace(dose_rate_per_kg=wrong),))
    monkeypatch.setattr(catalogue, "protocol", lambda _: misread)
    outcome = invoke(*YANG)
    assert (outcome.exit_code, outcome.stdout) == (70, "")


def test_the_patient_is_not_quoted_by_an_internal_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("patient of 57 kg")

    monkeypatch.setattr("rescuecalc.requests.dosing.regimen", fails)
    outcome = invoke(*YANG)
    assert (outcome.exit_code, outcome.stdout) == (70, "")
    assert "57" not in outcome.stderr
    assert "RuntimeError at test_second_route.py" in outcome.stderr


@pytest.mark.parametrize("text", ["", "80", "kg", "1,5 mg", "-5 kg", "0.15mcg/kg /min"])
def test_the_second_reading_is_as_strict(text: str) -> None:
    with pytest.raises((second_route.DoubleCheckFailed, KeyError)):
        second_route.amount(text)


Change = Callable[[dict[str, Any]], None]


def at(*path: Any, to: Any) -> Change:
    """Return a change of one place of a document."""

    def change(made: dict[str, Any]) -> None:
        target: Any = made
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = to

    return change


NUMBER = {"value": Decimal(1), "unit": "mcg", "ucum": "ug"}
STRUCTURE: dict[str, Change] = {
    "a formula dose without a cap": at("boluses", 0, "formula_dose", to=NUMBER),
    "a volume without its concentration": at("boluses", 0, "concentration", to=None),
    "a pump rate without its concentration": at("infusions", 0, "concentration", to=None),
    "another product's concentration": at(
        "boluses", 0, "concentration", to={"value": Decimal(51), "unit": "mcg/mL", "ucum": "ug/mL"}
    ),
    "a lost run time": at("infusions", 0, "run_time", to=None),
    "a lost stop": lambda made: made["schedule"].pop(),
    "a container change that no container has": lambda made: made["schedule"][-2].update(
        elapsed="10:00:00", elapsed_seconds=36000
    ),
    "a container too many": at("infusions", 0, "containers", 1, "container", to=3),
}


@pytest.mark.parametrize("change", STRUCTURE.values(), ids=list(STRUCTURE))
def test_a_document_that_does_not_hang_together_is_noticed(change: Change) -> None:
    result = result_of(
        "yang-2020-iv", weight="80kg", run_time="24h", infusion_product="bag-250", bolus_product="vial-15"
    )
    made = dose_document(result, (), (), catalogue.limits(), catalogue.drugs()["tirofiban"], None, label_band=False)
    given = doses.calculation_inputs(result)
    check(made, given)
    change(made)
    with pytest.raises(second_route.DoubleCheckFailed):
        check(made, given)


def test_what_went_in_has_to_be_complete() -> None:
    result = result_of("yang-2020-iv", weight="80kg", run_time="24h", infusion_product="bag-250")
    made = dose_document(result, (), (), catalogue.limits(), catalogue.drugs()["tirofiban"], None, label_band=False)
    given = doses.calculation_inputs(result)
    nothing = second_route.GivenBolus(None, None, given.boluses[0].factor, None, given.boluses[0].factor)
    for less in (
        given._replace(weight=None),
        given._replace(container=None),
        given._replace(boluses=(nothing,)),
        given._replace(weight="81kg"),
        given._replace(pump_step="0.7 mL/h"),
    ):
        with pytest.raises(second_route.DoubleCheckFailed):
            check(made, less)
    with pytest.raises(second_route.DoubleCheckFailed):
        second_route.check_doses([], made["infusions"], given._replace(weight=None, boluses=()))
    with pytest.raises(second_route.DoubleCheckFailed):
        second_route.check_line(made, given._replace(weight=None))


def test_a_label_row_of_another_weight_is_noticed() -> None:
    result = result_of("us-label", weight="80kg", run_time="18h", crcl="90mL/min", infusion_product="bag-250")
    made = dose_document(result, (), (), catalogue.limits(), catalogue.drugs()["tirofiban"], None, label_band=True)
    second_route.check_label_band(made)
    for key, value in (("to", 79), ("bolus_volume", 46), ("pump_rate", 7), ("deviation_percent", 5)):
        changed = copy.deepcopy(made)
        if key == "deviation_percent":
            changed["label_band"]["row"][key] = Decimal(value)
        else:
            changed["label_band"]["row"][key]["value"] = Decimal(value)
        with pytest.raises(second_route.DoubleCheckFailed):
            second_route.check_label_band(changed)


def rate(value: str, unit: str) -> dict[str, Any]:
    return {"value": Decimal(value), "unit": unit, "ucum": None}


def test_a_wrong_rate_is_noticed() -> None:
    exact, given = rate("14.4", "mL/h"), "0.15 mcg/kg/min"
    patient = {"weight": "80 kg", "concentration": "50 mcg/mL"}
    second_route.check_rate(exact, exact, given, **patient, step="0.1 mL/h")
    for wrong in (rate("14.5", "mL/h"), rate("0.24", "mL/h")):
        with pytest.raises(second_route.DoubleCheckFailed):
            second_route.check_rate(wrong, exact, given, **patient, step="0.1 mL/h")
        with pytest.raises(second_route.DoubleCheckFailed):
            second_route.check_rate(exact, wrong, given, **patient, step="0.1 mL/h")
    back = rate("0.15", "mcg/kg/min")
    second_route.check_rate(back, back, "14.4 mL/h", **patient, step=None)
    with pytest.raises(second_route.DoubleCheckFailed):
        second_route.check_rate(rate("0.16", "mcg/kg/min"), back, "14.4 mL/h", **patient, step=None)
    with pytest.raises(second_route.DoubleCheckFailed):
        second_route.check_rate(exact, exact, "0,15 mcg/kg/min", **patient, step="0.1 mL/h")


@pytest.mark.parametrize(("key", "factor"), [("creatinine_clearance", "1.1"), ("exact_creatinine_clearance", "1.001")])
def test_a_wrong_clearance_is_noticed(key: str, factor: str) -> None:
    command = "renal --age 70 --sex female --weight 80kg --creatinine 106umol/L --format json"
    made = invoke(*command.split()).json
    constants = catalogue.renal_constants()._asdict()

    def clearance_check() -> None:
        second_route.check_clearance(
            made, 70, female=True, creatinine="106umol/L", constants=constants, step="0.1 mL/min"
        )

    clearance_check()
    made[key]["value"] *= Decimal(factor)
    with pytest.raises(second_route.DoubleCheckFailed):
        clearance_check()
