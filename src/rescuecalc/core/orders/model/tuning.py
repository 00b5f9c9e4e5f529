"""What the order model weighs, and how near two numbers have to be; the values live in the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from rescuecalc.core.orders.bounds import Bounds


class Costs(NamedTuple):
    """What each property of a repair costs, in hundredths; data/order_model.toml says what each means."""

    first: int
    follower: int
    no_signature: int
    rare: int
    indirect: int
    identity: int
    unpublished: int
    impossible: int
    beyond_pump: int
    stated: int
    to_no_strength: int
    from_strength: int
    leaves_no_strength: int
    unusual_weight: int
    vote_against: int
    vote_for: int
    unusual: int
    unusual_time: int
    from_usual_time: int
    finer: int
    weak_agrees: int
    weak_differs: int
    weak_contradicts: int
    idle_cap: int
    unexplained: int
    text: int
    label: int
    alternative: int
    other_order: int
    saying: int
    reduced: int


class Tolerances(NamedTuple):
    """How near numbers have to be: shares of one, ratios of the ends of a range; ``off_table`` is in mL/h, or mL."""

    widest: Fraction
    exact: Fraction
    wide: Fraction
    known: Fraction
    weights_agree: Fraction
    rounded_apart: Fraction
    bag_filled: Fraction
    off_table: Fraction


class Usual(NamedTuple):
    """What people set, draw up and hang: a flow (mL/s), volumes (mL), and the times (s) that they order.

    A bolus takes no longer than ``longest_bolus`` (s).
    """

    flow: Bounds
    infused: Bounds
    drawn_up: Bounds
    times: tuple[Fraction, ...]
    longest_bolus: Fraction

    def has_time(self, time: Bounds, *, is_infusion: bool) -> bool:
        """Whether a time that people order lies within ``time``."""
        return any(time.holds(each) for each in self.times if is_infusion or each <= self.longest_bolus)


class Tuning(NamedTuple):
    """All of it; ``distance`` is how far each variable is from what reaches the patient.

    ``containers`` are the usual volumes (mL) of infusion containers; one of a continuous infusion lasts for at least
    ``container_time`` (s). ``held`` are the volumes (mL) of all that an infusion may be made up in; up to ``syringe``
    (mL) a bolus is pushed by hand, and at up to ``by_gravity`` (mL/h) a fluid runs without a pump.
    Nothing holds more than ``strongest`` (base units). An infusion of no more than ``one_bag`` (s) is of one bag.
    """

    costs: Costs
    distance: Mapping[str, int]
    tolerances: Tolerances
    usual: Usual
    containers: tuple[Fraction, ...]
    container_time: Fraction
    held: tuple[Fraction, ...]
    syringe: Fraction
    strongest: Fraction
    by_gravity: Fraction
    one_bag: Fraction
