"""What findings advise: it fits the text around, and the field that cannot be read."""

from __future__ import annotations

import pytest

from rescuecalc.rules.facts.text.dose_designation import designations
from tests.support import invoke


@pytest.mark.parametrize(
    ("text", "code", "instead"),
    [
        ("5.000 units", "RC212", ["5,000 or 5"]),
        ("12.0 mg", "RC212", ["12"]),
        ("0.000 mg", "RC212", ["0"]),
        ("timolol 1 drop OD", "RC217", ["right eye"]),
        ("aspirin 100 mg OD", "RC217", ["daily"]),
        ("5mg now, 5mg later", "RC215", ["5 mg"]),
        ("12.5mg/250mL", "RC215", ["12.5 mg", "250 mL"]),
        ("if CrCl > 60 and INR > 2", "RC219", ["greater than"]),
    ],
)
def test_what_is_written_instead_fits_the_text(text: str, code: str, instead: list[str]) -> None:
    assert [each.instead for each in designations(text).get(code, ())] == instead


@pytest.mark.parametrize(
    ("order", "says"),
    [
        ("when: {weight: many}", "write >= 90 kg or 46-54 kg"),
        ("when: {creatinine_clearance: many}", "write one as <= 60 mL/min or as > 60 mL/min"),
    ],
)
def test_a_condition_that_cannot_be_read_shows_one_of_its_own_kind(order: str, says: str) -> None:
    shown = invoke("check", "-", "--stdin-filename", "a.yaml", "--select", "RC1", stdin=f"{{drug: heparin, {order}}}")
    assert says in " ".join(shown.stdout.split())


def test_an_entry_of_a_list_is_named_by_its_number() -> None:
    text = "{order_set: a, orders: [{drug: aspirin}, 5]}"
    shown = invoke("check", "-", "--stdin-filename", "a.yaml", "--select", "RC105", stdin=text).stdout
    assert "entry 2 of 'orders' is a text, and a mapping is needed" in " ".join(shown.split())


@pytest.mark.parametrize(("text", "found"), [("slow IV push by hand", False), ("in 1 min", True), ("pushed", False)])
def test_a_bolus_that_is_pushed_by_hand_has_no_pump(text: str, found: bool) -> None:
    order = (
        "{drug: tirofiban, kind: bolus, route: IV, dose_per_kg: 10 mcg/kg, concentration: 50 mcg/mL, volume: 20 mL, "
        f"give_over: 1 min, weight: 100 kg, text: {text}}}"
    )
    shown = invoke("check", "-", "--stdin-filename", "a.yaml", "--select", "RC310", stdin=order).stdout
    assert ("RC310" in shown) is found
