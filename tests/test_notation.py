"""Numbers as text: what is read, and how every number is written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rescuecalc.core.quantities.decimal_text import (
    elapsed_text,
    json_number,
    number_and_unit,
    people_number,
    plain,
    quoted,
    rounded_to_step,
)
from rescuecalc.core.regimen.derivation import percent_text
from rescuecalc.errors import InputError
from rescuecalc.reporters.document.common_parts import percent

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("80kg", "80", "kg"),
        ("0.15 mcg/kg/min", "0.15", "mcg/kg/min"),
        ("  5.0  mg ", "5", "mg"),
        ("080kg", "80", "kg"),
        ("999999999.999999999 mL", "999999999.999999999", "mL"),
        ("12", "12", ""),
    ],
)
def test_one_plain_decimal_number_is_read(text: str, number: str, unit: str) -> None:
    assert number_and_unit(text) == (Fraction(number), unit)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "nothing"),
        ("   ", "nothing"),
        ("-5kg", "sign"),
        ("+5kg", "sign"),
        ("\u22125kg", "sign"),
        ("1e3kg", "exponent"),
        ("1E-3kg", "exponent"),
        ("12,5mg", "comma"),
        ("1,000mcg", "comma"),
        ("1.5,0mcg", "comma"),
        (".5mg", "digit before"),
        ("5.mg", "digit after"),
        ("1234567890kg", "nine digits"),
        ("1.0123456789kg", "nine digits"),
        ("1.2.3kg", "plain decimal"),
        ("8 0kg", "plain decimal"),
        ("nan", "does not begin"),
        ("inf kg", "does not begin"),
        ("\u0668\u0660kg", "does not begin"),
        ("\uff18kg", "does not begin"),
        ("\u00bdkg", "does not begin"),
        ("kg80", "does not begin"),
        ("80kg\n", "plain decimal"),
    ],
)
def test_anything_else_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        number_and_unit(text)


@pytest.mark.parametrize(
    ("value", "step", "expected"),
    [
        ("2.25", "0.1", "2.3"),  # half-even would give 2.2
        ("2.35", "0.1", "2.4"),
        ("3.15", "0.1", "3.2"),  # a binary float gives 3.1
        ("10.26", "0.1", "10.3"),
        ("10.25", "0.5", "10.5"),
        ("0.049", "0.1", "0"),
        ("0.05", "0.1", "0.1"),
        ("7", "0.3", "6.9"),
    ],
)
def test_rounding_is_half_up_to_the_step(value: str, step: str, expected: str) -> None:
    assert rounded_to_step(Fraction(value), Fraction(step)) == Fraction(expected)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("12.60", "12.6"),
        ("10", "10"),
        ("1E+1", "10"),
        ("0.000001", "0.000001"),
        ("1000", "1,000"),
        ("12345.678", "12,345.678"),
        ("0.5", "0.5"),
        ("79.83225712", "79.83225712"),
        ("999.5", "999.5"),
    ],
)
def test_people_read_plain_numbers(value: str, written: str) -> None:
    assert people_number(Decimal(value)) == written


def test_a_number_without_finite_decimal_says_about() -> None:
    assert people_number(Fraction(1, 3)) == "about 0.333333"
    assert people_number(Fraction(200000, 3)) == "about 66,666.7"
    assert people_number(Decimal("0.333333333333333"), rounded=True) == "about 0.333333"


@pytest.mark.parametrize(
    ("value", "digits", "cut"),
    [
        (Fraction(144, 10), "14.4", False),
        (Fraction(1, 3), "0.333333333333333", True),
        (Fraction(2, 3), "0.666666666666667", True),
        (Fraction(123456789012345), "123456789012345", False),
        (Fraction(1234567890123456), "1234567890123460", True),
        (Fraction(1, 10**7), "0.0000001", False),
    ],
)
def test_json_numbers_have_at_most_fifteen_digits(value: Fraction, digits: str, cut: bool) -> None:
    number, rounded = json_number(value)
    assert (str(format(number, "f")), rounded) == (digits, cut)


@given(st.fractions(min_value=0, max_value=10**9, max_denominator=10**6))
def test_no_written_number_has_a_trailing_zero_an_exponent_or_a_naked_point(value: Fraction) -> None:
    for text in (people_number(value).removeprefix("about "), plain(json_number(value)[0])):
        assert "e" not in text.lower()
        assert text[0].isdigit()
        assert text[-1].isdigit()
        assert "." not in text or not text.endswith("0")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "00:00:00"), (62500, "17:21:40"), (259200, "72:00:00"), (-300, "-00:05:00"), (-3661, "-01:01:01")],
)
def test_elapsed_time(seconds: int, text: str) -> None:
    assert elapsed_text(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0 %"),
        ("0.3898", "+0.39 %"),
        ("-0.3898", "-0.39 %"),
        ("0.005", "+0.01 %"),
        ("12.5", "+12.5 %"),
        ("-0.0002", "-0.0002 %"),
    ],
)
def test_a_deviation_is_never_rounded_to_nothing(value: str, text: str) -> None:
    assert percent_text(Fraction(value)) == text


def test_a_quotation_escapes_and_is_cut() -> None:
    assert quoted("a\x1b[31m\n") == r"'a\x1b[31m\n'"
    assert quoted("x" * 10_000) == repr("x" * 40 + "...")


@given(st.fractions(min_value=-200, max_value=200, max_denominator=10**40))
def test_a_percentage_in_a_document_is_rounded_once(value: Fraction) -> None:
    written = Fraction(percent(value))
    assert abs(written - value) <= Fraction(1, 200)
    assert (written * 100).denominator == 1
    assert abs(written) >= abs(value) or abs(value) - abs(written) < Fraction(1, 200)  # a half goes away from zero
