"""The double check: whatever number of a document is changed, nothing is printed."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.catalogue import catalogue, supplies
from rescuecalc.cli.choices import Texts, choices
from rescuecalc.cli.command import Inputs
from rescuecalc.core import dosing, infusion, second_route
from rescuecalc.core.formula import Formula, product, quotient
from rescuecalc.core.quantity import Dose, DoseRate, PumpRate
from rescuecalc.core.regimen import Regimen, regimen
from rescuecalc.reporters import doses
from rescuecalc.reporters.dose_document import dose_document
from tests.support import invoke

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def check(made: dict[str, Any], given: second_route.Given) -> None:
    second_route.check_doses(made["boluses"], made["infusions"], given)
    second_route.check_containers(made, given)
    second_route.check_schedule(made)
    second_route.check_line(made, given)


@pytest.mark.parametrize("protocol", CASES)
def test_every_changed_number_is_noticed(protocol: str) -> None:
    result = result_of(protocol, **CASES[protocol])
    made = dose_document(result, (), (), catalogue.limits(), catalogue.drugs()["tirofiban"], None, label_band=False)
    given = doses.given(result)
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
        check(made, doses.given(result))


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

    monkeypatch.setattr("rescuecalc.cli.dose.regimen", fails)
    outcome = invoke(*YANG)
    assert (outcome.exit_code, outcome.stdout) == (70, "")
    assert "57" not in outcome.stderr
    assert "RuntimeError at test_second_route.py" in outcome.stderr


@pytest.mark.parametrize("text", ["", "80", "kg", "1,5 mg", "-5 kg", "0.15mcg/kg /min"])
def test_the_second_reading_is_as_strict(text: str) -> None:
    with pytest.raises((second_route.DoubleCheckFailed, KeyError)):
        second_route.amount(text)
