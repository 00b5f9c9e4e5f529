"""Drugs beside the infusion that are ordered wrongly in ways of their own: thrombolytics, combinations, look-alikes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.quantities.quantity import Dose, DosePerKg, Duration


class ThrombolyticWords(NamedTuple):
    """What is said of a thrombolytic's dose in stroke, by what of it is wrong."""

    dose: str
    bolus: str
    rest: str
    bolus_time: str
    rest_time: str


class ThrombolyticDose(NamedTuple):
    """The whole dose of a thrombolytic in stroke; ``bolus_share`` of it comes first, None where it is one bolus.

    ``least_per_kg`` is the least that is no error. ``rest_over`` is the time of the rest, so that a dose over as long
    is no bolus, whatever it is called; ``bolus_over`` that of the bolus. ``elsewhere`` says that a higher dose is
    one of other indications, ``most_elsewhere`` the highest that is known of any.
    """

    drug: str
    per_kg: DosePerKg
    least_per_kg: DosePerKg
    most: Dose
    most_elsewhere: Dose
    bolus_share: Fraction | None
    rest_over: Duration | None
    bolus_over: Duration | None
    elsewhere: bool
    words: str
    said: ThrombolyticWords
    sources: tuple[Source, ...]

    @property
    def is_one_bolus(self) -> bool:
        """Whether the whole dose is given in one bolus."""
        return self.bolus_share is None


class Combination(NamedTuple):
    """Products, by ``names``, that hold ``drug`` besides another one."""

    drug: str
    names: frozenset[str]
    sources: tuple[Source, ...]


class LookAlike(NamedTuple):
    """A drug whose name is taken for another's, and the brands of that."""

    drug: str
    taken_for: str
    brands: tuple[str, ...]
    sources: tuple[Source, ...]


class AgentFacts(NamedTuple):
    """All that is known of such drugs."""

    thrombolytics: dict[str, ThrombolyticDose]
    combinations: tuple[Combination, ...]
    look_alikes: tuple[LookAlike, ...]
