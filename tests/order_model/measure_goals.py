"""What `check` has to reach on 2,000 random correct order sets and 2,000 slipped ones.

The present rules do not: so this file is not collected. Once they do it is `test_measure.py`.
"""

from __future__ import annotations

import pytest

from tests.order_model.incidents import tried
from tests.order_model.measure import Figures, counted, figures

pytestmark = pytest.mark.long

AT_MOST = {
    "slipped: nobody can see it %": 15,
    "correct, rounded by 5 % or half a digit: errors %": 0.1,
    "correct, rounded by 5 % or half a digit: warnings %": 4,
    "visible: alternatives a set": 0.25,
    "visible: sets with more than two alternatives": 0,
    "sets where a slip is named that cannot be made there": 0,
}
AT_LEAST = {
    "visible: found as an error %": 99.5,
    "visible: right field first %": 85,
    "visible: right field first or its alternative %": 97,
    "slip named, of those planted with a name %": 90,
    "slip named, where the right field is first %": 97,
    "writing expected heals, and brings nothing new %": 99.5,
}


@pytest.fixture(scope="module")
def measured() -> Figures:
    return figures(counted(2000, 3))


def test_the_figures_are_those_that_are_aimed_at(measured: Figures) -> None:
    held = {name: measured[name] for name in (*AT_MOST, *AT_LEAST)}
    more = {name for name, most in AT_MOST.items() if (value := held[name]) is None or value > most}
    less = {name for name, least in AT_LEAST.items() if (value := held[name]) is None or value < least}
    assert (more, less) == (set(), set()), held


def test_nearly_every_incident_is_found_and_what_only_looks_strange_is_left_alone() -> None:
    made = tried()
    assert made["found"] == made["faulty orders"]
    assert made["without an error"] == made["right orders that look strange"]
