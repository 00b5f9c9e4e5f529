"""Whether a value of the patient's state crosses a limit that a label or a guideline states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.quantities.time_offset import Offset

if TYPE_CHECKING:
    from rescuecalc.core.orders.patient_limit import PatientLimit
    from rescuecalc.core.orders.patient_state import Anticoagulant, PatientState
    from rescuecalc.rules.base.knowledge import Subject


def had_thrombolysis(subject: Subject) -> bool:
    """Whether the patient is said to have had a thrombolysis."""
    thrombolysis = subject.order_set.thrombolysis
    return thrombolysis is not None and thrombolysis.given


def is_crossed(limit: PatientLimit, state: PatientState, subject: Subject, *, lysed: bool) -> bool:
    """Whether a state crosses a limit, in a patient who has had a thrombolysis or not (``lysed``)."""
    value = getattr(state, limit.field)
    if value is None or (limit.after_thrombolysis and not lysed):
        return False
    if limit.field == "blood_pressure":
        return limit.pressure_crossed(value)
    if limit.field == "anticoagulant":
        return _counts(limit, value, subject.knowledge.patient_limits().given_as(value))
    if limit.is_one_of:
        return word_of(value) in limit.is_one_of
    return limit.number_crossed(value.magnitude)


def _counts(limit: PatientLimit, taken: Anticoagulant, way: str) -> bool:
    """Whether an anticoagulant is one of a limit, and its last dose not too long ago; one without a time is not."""
    if way not in limit.is_one_of:
        return False
    if limit.within is None or taken.last_dose is None:
        return True
    return taken.last_dose.plus(limit.within) >= Offset.start()


def word_of(value: bool | str) -> str:
    """Return a value that is a word or a yes or no as people write it."""
    return value if isinstance(value, str) else "yes" if value else "no"


def shown(field: str, state: PatientState) -> str:
    """Return the value of a field as people write it."""
    value = getattr(state, field)
    return word_of(value) if isinstance(value, (bool, str)) else str(value)
