"""Each patient's body weight in a Bundle: the latest of its Observations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from rescuecalc.core.orders.order import Defect
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import DosingWeight
from rescuecalc.core.quantities.units import unit
from rescuecalc.fhir.systems import BODY_WEIGHTS, LOINC
from rescuecalc.readers.document_shape import UNREADABLE_VALUE, mapping
from rescuecalc.readers.fhir.amount import read_amount
from rescuecalc.readers.fhir.references import codings, words_of
from rescuecalc.readers.fhir.timing import moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from rescuecalc.readers.fhir.references import Held, References

T = TypeVar("T")


def subject_of(resource: dict[str, Any], references: References) -> str:
    """Return who a resource is about: the same for every way of naming a patient of the file; empty where none is."""
    subject = resource.get("subject", resource.get("patient"))
    if not isinstance(subject, dict):
        return ""
    name = subject.get("reference")
    if isinstance(name, str):
        held = references.named(name)
        return held[1] if held is not None else name
    return str(subject.get("display") or subject.get("identifier") or "")


def weights_of(
    found: list[tuple[dict[str, Any], Held]], references: References, defects: list[Defect]
) -> dict[str, Weighed]:
    """Return each patient's weight; of several the latest, and none where their times do not tell which that is."""
    by_patient: dict[str, list[tuple[When, Weighed]]] = {}
    for _, (resource, at) in found:
        if resource.get("resourceType") == "Observation" and is_weight(resource):
            weighed = _weighed(resource, at, defects)
            if weighed is not None:
                when = when_of(resource, at, defects)
                by_patient.setdefault(subject_of(resource, references), []).append((when, weighed))
    weights = {}
    for patient, several in by_patient.items():
        last = latest(several, lambda each: each.weight.value_in("kg"))
        if last is not None:
            weights[patient] = last
        else:
            message = "a patient has several weights, and their times do not show which is the latest: none was used"
            defects.append(Defect(UNREADABLE_VALUE, message, several[-1][1].pointer))
    return weights


class Weighed(NamedTuple):
    """A patient's weight, and where it stands."""

    weight: DosingWeight
    pointer: str


class When(NamedTuple):
    """When something was measured: the day, and the moment where its time and offset are said."""

    day: str
    moment: Fraction | None


def when_of(resource: dict[str, Any], pointer: str, defects: list[Defect]) -> When:
    """Return when an Observation was made."""
    period = resource.get("effectivePeriod")
    began = period.get("start") if isinstance(period, dict) else None
    text = resource.get("effectiveDateTime", resource.get("effectiveInstant", began))
    return When(str(text or "")[:10], moment(text, f"{pointer}/effectiveDateTime", defects))


def latest(several: list[tuple[When, T]], value: Callable[[T], object]) -> T | None:
    """Return the latest of what was measured, by the day where no time is said; None where two may be that."""
    moments = [when.moment for when, _ in several if when.moment is not None]
    if len(moments) == len(several):
        found = [each for when, each in several if when.moment == max(moments)]
    else:
        last = max(when.day for when, _ in several)
        found = [each for when, each in several if when.day in {last, ""}]
    return found[0] if len({value(each) for each in found}) == 1 else None


def is_weight(resource: dict[str, Any]) -> bool:
    """Whether an Observation is of the body weight, by its LOINC code or without one by its name."""
    named = [(each.get("system"), each.get("code")) for each in codings(resource.get("code"))]
    if any(system == LOINC for system, _ in named):
        return any(system == LOINC and code in BODY_WEIGHTS for system, code in named)
    return any(each.lower() in _NAMES for each in words_of(resource.get("code")))


_NAMES: Final = frozenset(("weight", "body weight", "actual weight", "actual body weight", "dosing weight"))


def _weighed(resource: dict[str, Any], pointer: str, defects: list[Defect]) -> Weighed | None:
    """Return the weight of an Observation, in kg or lb; one in grams is counted in kg."""
    if str(resource.get("status")) in {"entered-in-error", "cancelled"}:
        return None
    at = f"{pointer}/valueQuantity"
    amount = read_amount(mapping(resource, "valueQuantity", pointer, defects) or None, at, defects)
    if amount is None or not amount.value:
        return None
    if amount.unit is not None and amount.unit.name == "g":
        return Weighed(DosingWeight(amount.value / 1000, unit("kg")), at)
    if amount.unit is not None and DosingWeight.accepts(amount.unit):
        return Weighed(DosingWeight(amount.value, amount.unit, amount.text), at)
    message = f"the body weight is in {quoted(amount.shown)}, and not in kg or lb: it was not used"
    defects.append(Defect(UNREADABLE_VALUE, message, at, amount.shown, "kg"))
    return None
