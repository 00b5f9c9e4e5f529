"""Every drug that is known by name has a class, and rules ask for the class."""

from __future__ import annotations

import json

import pytest

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.clinical.bridging import antiplatelets, bridging
from rescuecalc.catalogue.knowledge import packaged_knowledge
from rescuecalc.core.drugs.drug_class import DrugClass
from tests.support import invoke

KNOWLEDGE = packaged_knowledge()


@pytest.mark.parametrize(
    ("drug", "expected"),
    [
        ("tirofiban", "gp-iib-iiia"),
        ("eptifibatide", "gp-iib-iiia"),
        ("abciximab", "gp-iib-iiia"),
        ("cangrelor", "p2y12-iv"),
        ("clopidogrel", "p2y12-oral"),
        ("ticagrelor", "p2y12-oral"),
        ("prasugrel", "p2y12-oral"),
        ("aspirin", "cox"),
        ("alteplase", "thrombolytic"),
        ("tenecteplase", "thrombolytic"),
        ("heparin", "anticoagulant"),
        ("enoxaparin", "anticoagulant"),
        ("apixaban", "anticoagulant"),
        ("ibuprofen", "nsaid"),
        ("omeprazole", "proton-pump-inhibitor"),
        ("diazepam", None),
        ("nicardipine", None),
    ],
)
def test_the_class_of_a_drug(drug: str, expected: str | None) -> None:
    assert KNOWLEDGE.drug_class(drug) == expected
    assert KNOWLEDGE.is_gp_inhibitor(drug) is (expected == "gp-iib-iiia")


def test_every_drug_of_the_catalogue_has_one_class() -> None:
    classes = bridging().classes
    assert {each.drug_class for each in catalogue.drugs().values()} == {DrugClass.GP_IIB_IIIA, DrugClass.P2Y12_IV}
    for name, each in antiplatelets().items():
        assert classes[name] is each.drug_class
        assert (each.drug_class is DrugClass.P2Y12_IV) is each.infused
    assert set(classes.values()) == set(DrugClass)


def test_which_drugs_have_a_published_range() -> None:
    known = ("tirofiban", "eptifibatide", "abciximab", "cangrelor")
    assert [each for each in bridging().classes if KNOWLEDGE.has_published_range(each)] == list(known)
    assert not KNOWLEDGE.has_published_range("nicardipine")


def test_an_order_of_cangrelor_counts_as_one_whose_dose_is_known() -> None:
    text = "{drug: cangrelor, kind: infusion, dose_rate_per_kg: 4 mcg/kg/min}"
    outcome = invoke("check", "-", "--stdin-filename", "a.yaml", "--format", "json", stdin=text)
    assert json.loads(outcome.stdout)["summary"]["judged"]["dose"] == 1


def test_what_is_named_beside_the_infusion_is_still_accepted_or_refused() -> None:
    plan = ("plan", "yang-2020-iv", "--weight", "80kg", "--run-time", "24h", "--thrombolysis-at", "none", "--beside")
    for drug in ("heparin", "cangrelor", "diazepam", "eptifibatide", "ibuprofen", "omeprazole"):
        assert invoke(*plan, drug).exit_code in {0, 1}, drug
    for drug in ("aspirin", "clopidogrel", "tirofiban", "nicardipine"):
        assert invoke(*plan, drug).exit_code == 2, drug
