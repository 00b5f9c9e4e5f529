"""What the labels say of a patient's state: limits, each of one field and of one drug or class of drugs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from rescuecalc.core.drugs.drug_class import DrugClass
    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.findings.finding import Severity
    from rescuecalc.core.orders.patient_state import Anticoagulant, BloodPressure, LabValue, PatientState
    from rescuecalc.core.quantities.quantity import Duration


class PatientLimit(NamedTuple):
    """One limit: ``above`` or ``below`` a value (``at``: also the value itself), or one of the ``words_read``.

    ``diastolic`` stands beside ``above`` for a blood pressure. ``within`` is how long before the start an anticoagulant
    counts; ``after_thrombolysis`` says that it holds for a patient who has had one.
    """

    field: str
    drug: str
    drug_class: DrugClass | None
    above: Fraction | None
    below: Fraction | None
    diastolic: Fraction | None
    at: bool
    is_one_of: tuple[str, ...]
    within: Duration | None
    after_thrombolysis: bool
    severity: Severity
    words: str
    sources: tuple[Source, ...]

    def is_of(self, drug: str, drug_class: DrugClass | None) -> bool:
        """Whether it is a limit of a drug."""
        return drug == self.drug or (self.drug_class is not None and drug_class is self.drug_class)

    def number_crossed(self, value: Fraction) -> bool:
        """Whether a number lies beyond the limit."""
        if self.at and value in {self.above, self.below}:
            return True
        return (self.above is not None and value > self.above) or (self.below is not None and value < self.below)

    def pressure_crossed(self, pressure: BloodPressure) -> bool:
        """Whether one of the two pressures lies beyond the limit."""
        diastolic = self.diastolic is not None and (
            pressure.diastolic > self.diastolic or (self.at and pressure.diastolic == self.diastolic)
        )
        return diastolic or self.number_crossed(pressure.systolic)


class PatientCondition(NamedTuple):
    """A condition that a label names, and what is said there of the ``drug``, or of ``classes`` but the ``others``.

    In texts it has one of its ``names``, or a word that begins with a part of each of ``near`` stands beside the other.
    ``within`` is how long ago it may be, None for ever; ``but_stroke`` says that a set for a stroke has another rule,
    ``now`` that one of the past is another matter. ``of_value`` is the field of a patient whose value the label's word
    is of, and of which it names no number.
    """

    drug: str
    names: tuple[str, ...]
    near: tuple[tuple[str, ...], tuple[str, ...]]
    severity: Severity
    words: str
    sources: tuple[Source, ...]
    within: Duration | None = None
    but_stroke: bool = False
    now: bool = False
    classes: frozenset[DrugClass] = frozenset()
    others: frozenset[str] = frozenset()
    of_value: str = ""

    def is_of(self, drug: str, drug_class: DrugClass | None) -> bool:
        """Whether it says something of a drug."""
        return drug == self.drug if self.drug else drug_class in self.classes and drug not in self.others


class Plausible(NamedTuple):
    """Values between which a field is read without a question; ``name`` is what is compared."""

    low: Fraction
    high: Fraction

    def holds(self, value: Fraction) -> bool:
        """Whether a value lies within, both ends included."""
        return self.low <= value <= self.high


class PatientLimits(NamedTuple):
    """All that is known of patients' states; ``anticoagulants`` says of each by name how it is given."""

    limits: tuple[PatientLimit, ...]
    conditions: tuple[PatientCondition, ...]
    plausible: Mapping[str, Plausible]
    source: Source
    anticoagulants: Mapping[str, str]

    def implausible(self, state: PatientState) -> tuple[tuple[str, LabValue | BloodPressure, Plausible], ...]:
        """Return the values that are hardly meant, with the field that each stands in."""
        labs = (("platelets", state.platelets), ("inr", state.inr), ("haemoglobin", state.haemoglobin))
        found: list[tuple[str, LabValue | BloodPressure, Plausible]] = [
            (name, value, self.plausible[name])
            for name, value in labs
            if value is not None and not self.plausible[name].holds(value.magnitude)
        ]
        pressure = state.blood_pressure
        for name, number in (("systolic", "systolic"), ("diastolic", "diastolic")) if pressure is not None else ():
            if pressure is not None and not self.plausible[name].holds(getattr(pressure, number)):
                found.append(("blood_pressure", pressure, self.plausible[name]))
        return tuple(found)

    def given_as(self, anticoagulant: Anticoagulant) -> str:
        """Return how an anticoagulant is given, empty for one that is not known by name."""
        return self.anticoagulants.get(anticoagulant.drug, "")
