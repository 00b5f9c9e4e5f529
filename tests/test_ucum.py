"""UCUM by its grammar: what is a code, what is known, and what is valid and never meant."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rescuecalc.core.quantities.ucum import CodeVerdict, judged_code, parsed_code
from rescuecalc.core.quantities.units import unit
from rescuecalc.errors import InputError

pytestmark = pytest.mark.core

FUNCTIONAL = Path(__file__).parent.parent.parent / "shared" / "units" / "UcumFunctionalTests.xml"

if FUNCTIONAL.is_file():
    CASES = [
        (each.get("id"), each.get("unit") or "", each.get("valid") == "true")
        for each in ET.parse(FUNCTIONAL).getroot().iterfind("validation/case")  # noqa: S314  # a file of our own
    ]
else:
    CASES = []

needs_functional = pytest.mark.skipif(not CASES, reason="the UCUM functional tests are not on this machine")


@needs_functional
def test_no_invalid_code_of_the_functional_tests_is_taken_for_one() -> None:
    assert [
        code for _, code, valid in CASES if not valid and judged_code(code).verdict is not CodeVerdict.INVALID
    ] == []


@needs_functional
def test_every_valid_code_of_the_functional_tests_is_known_or_named_as_not_known() -> None:
    known_or_said = {CodeVerdict.KNOWN, CodeVerdict.NOT_KNOWN}
    # A siemens alone is a second by a slip of the shift key: no dose, rate, volume or weight is counted in it.
    assert {code for _, code, valid in CASES if valid and judged_code(code).verdict not in known_or_said} == {"S"}


@needs_functional
def test_codes_of_mass_volume_time_and_amount_that_orders_use_are_known() -> None:
    names = {code for _, code, valid in CASES if valid}
    used = ("ug", "mg", "g", "ng", "mL", "ml", "L", "min", "h", "d", "s", "meq", "mmol", "umol", "ug/min", "mg/(kg.h)")
    assert {code: judged_code(code).verdict for code in used} == dict.fromkeys(used, CodeVerdict.KNOWN)
    assert set(used) <= names


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("ug/kg/min", "mcg/kg/min"),
        ("ug/(kg.min)", "mcg/kg/min"),
        ("ug.kg-1.min-1", "mcg/kg/min"),
        ("ug/min/kg", "mcg/kg/min"),
        ("ug/kg{body_wt}/min", "mcg/kg/min"),
        ("mg{base}", "mg"),
        ("mL/h", "mL/h"),
        ("ml/h", "mL/h"),
        ("mL/(kg.h)", "mL/kg/h"),
        ("[iU]/h", "units/h"),
        ("U/kg", "units/kg"),
        ("meq/h", "mEq/h"),
        ("mg/d", "mg/day"),
        ("[lb_av]", "lb"),
        ("ug/mL", "mcg/mL"),
    ],
)
def test_a_code_is_the_unit_that_people_write_otherwise(code: str, name: str) -> None:
    assert judged_code(code).unit == unit(name)


NONE = """
mcg|mcg/kg/min|ml/hr|mL/hr|\u00b5g|\u03bcg|mEq|ea|drop|gtt|cc|IU|ug//min|ug/|ug kg|ug/kg/|(ug|ug)|g/12h|ug(8.h)
"""


@pytest.mark.parametrize(
    "code",
    ["", *NONE.strip().split("|"), "mg{\u9320}", "{a}rad2{b}", "10+3", "u" * 200, "(" * 50 + "g" + ")" * 50, "/0"],
)
def test_what_is_no_code_is_called_invalid(code: str) -> None:
    judged = judged_code(code)
    assert judged.verdict is CodeVerdict.INVALID
    assert judged.reason


@pytest.mark.parametrize(
    ("code", "instead"),
    [
        ("MG", "mg"),
        ("Mg", "mg"),
        ("ML", "mL"),
        ("EA", "{each}"),
        ("ug/kg.min", "ug/kg/min"),
        ("mL/kg.h", "mL/kg/h"),
        ("mg/kg/m", "mg/kg/min"),
        ("MG/kg", "mg/kg"),
        ("u/h", "[iU]/h"),
    ],
)
def test_a_code_that_no_order_means_is_told_with_what_is_meant(code: str, instead: str) -> None:
    judged = judged_code(code)
    assert (judged.verdict, judged.instead) == (CodeVerdict.NEVER_MEANT, instead)


@pytest.mark.parametrize("code", ["mg/m2", "{tablet}", "mg.min/mL", "umol/2.h", "10*9/L", "mm[Hg]", "%", "mg/{tablet}"])
def test_a_code_that_is_not_of_the_table_is_said_to_be_not_known(code: str) -> None:
    assert judged_code(code).verdict is CodeVerdict.NOT_KNOWN


@pytest.mark.parametrize("code", ["kg.min", "min.kg", "kg", "h"])
def test_what_may_stand_below_the_line_of_a_ratio_is_known(code: str) -> None:
    assert judged_code(code).powers is not None


@given(st.text(alphabet="ugmkLhind./(){}[]0123-+10*{a}", max_size=30))
def test_any_text_is_judged_without_a_crash(text: str) -> None:
    try:
        parsed_code(text)
    except InputError:
        assert judged_code(text).verdict is CodeVerdict.INVALID
    else:
        assert judged_code(text).verdict is not CodeVerdict.INVALID
