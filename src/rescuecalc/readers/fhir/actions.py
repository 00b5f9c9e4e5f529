"""The actions of a RequestGroup, RequestOrchestration or PlanDefinition: what they order, instead of what, and when."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.orders.order import Defect
from rescuecalc.readers.document_reading import MOST_ORDERS, NotReadable
from rescuecalc.readers.document_shape import is_a, mapping, sequence
from rescuecalc.readers.fhir.reading import Moment
from rescuecalc.readers.fhir.references import NOT_JUDGED
from rescuecalc.readers.fhir.timing import moment, read_duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.core.quantities.quantity import Duration

CLOCK: Final = "clock"
_PLAN: Final = "plan"

_ONE: Final = frozenset({"exactly-one", "at-most-one"})
_DEEPEST: Final = 60

_AT_START: Final = frozenset({"concurrent", "concurrent-with-start", "after-start", "before-start", "before"})
_SIGN: Final = {"before-start": -1, "before": -1, "before-end": -1}


class Action(NamedTuple):
    """One action; ``group`` is what its orders are a choice of, None where they are given with the others."""

    id: str
    data: dict[str, Any]
    pointer: str
    group: str | None


def steps(resource: dict[str, Any], pointer: str, defects: list[Defect]) -> list[Action]:
    """Return the actions of a resource, those inside of others after them; NotReadable where they are too many."""
    found: list[Action] = []
    for step in _steps(resource, pointer, None, defects, 0):
        found.append(step)
        if len(found) > MOST_ORDERS:
            raise NotReadable(f"holds more than {MOST_ORDERS:,} actions in one order set")
    return found


def _steps(
    above: dict[str, Any], pointer: str, group: str | None, defects: list[Defect], depth: int
) -> Iterator[Action]:
    if depth > _DEEPEST:
        return
    inside = sequence(above, "action", pointer, defects)
    one = str(above.get("selectionBehavior")) in _ONE and len(inside) > 1
    for place, each in enumerate(inside):
        at = f"{pointer}/action/{place}"
        if not is_a(dict, each, at, defects):
            continue
        chosen = f"{pointer}/action" if one else group
        if each.get("condition"):
            # What decides between these cannot be read: none of them is compared with another.
            chosen = chosen or f"{pointer}/action by condition"
        name = each.get("id", each.get("linkId"))
        yield Action(name if isinstance(name, str) else at, each, at, chosen)
        yield from _steps(each, at, chosen, defects, depth + 1)


class Placing:
    """When each action begins, as far as it is said: on the clock, from the plan's start, or from another action."""

    def __init__(self, found: list[Action], lengths: Mapping[str, Duration], defects: list[Defect]) -> None:
        self._by_id = {step.id: step for step in found}
        self._lengths, self._defects = lengths, defects
        self._known: dict[str, Moment | None] = {}
        self.at: dict[str, str] = {}

    def start(self, step: Action) -> Moment | None:
        """Return when an action begins; None where nothing says so, and for actions that wait for each other."""
        if step.pointer not in self._known:
            self._known[step.pointer] = None  # a circle ends here
            self._known[step.pointer] = self._start(step)
        return self._known[step.pointer]

    def _start(self, step: Action) -> Moment | None:
        data, pointer = step.data, step.pointer
        clock = moment(data.get("timingDateTime"), f"{pointer}/timingDateTime", self._defects)
        if clock is not None:
            self.at[step.pointer] = f"{pointer}/timingDateTime"
            return Moment(CLOCK, clock)
        since = read_duration(data.get("timingDuration"), f"{pointer}/timingDuration", self._defects)
        if since is not None:
            self.at[step.pointer] = f"{pointer}/timingDuration"
            return Moment(_PLAN, since.value_in("s"))
        related = sequence(data, "relatedAction", pointer, self._defects)
        for place, each in enumerate(related):
            at = f"{pointer}/relatedAction/{place}"
            found = self._related(each, at) if is_a(dict, each, at, self._defects) else None
            if found is not None:
                self.at[step.pointer] = at
                return found
        # What nothing is said of is where the others may be counted from.
        return Moment(step.id, Fraction(0)) if not related else None

    def _related(self, each: dict[str, Any], pointer: str) -> Moment | None:
        name = each.get("actionId", each.get("targetId"))
        other = self._by_id.get(name) if isinstance(name, str) else None
        relation = str(each.get("relationship"))
        if each.get("offsetRange") is not None:
            message = "the offset is a range: when the action begins was not judged"
            self._defects.append(Defect(NOT_JUDGED, message, f"{pointer}/offsetRange"))
            return None
        offset = read_duration(each.get("offsetDuration"), f"{pointer}/offsetDuration", self._defects)
        base = self._base(other, relation) if other is not None else None
        if base is None or (offset is None and not relation.startswith("concurrent")):
            return None
        length = offset.value_in("s") if offset is not None else Fraction(0)
        return base._replace(seconds=base.seconds + _SIGN.get(relation, 1) * length)

    def _base(self, other: Action, relation: str) -> Moment | None:
        """Return the other action's start, or its end where that is what is counted from."""
        begins = self.start(other)
        if begins is None or relation in _AT_START:
            return begins
        length = self._lengths.get(other.pointer)
        return begins._replace(seconds=begins.seconds + length.value_in("s")) if length is not None else None


def what_else(step: Action, defects: list[Defect]) -> Iterator[tuple[str, str]]:
    """Yield the words of an action that orders no drug, each with its place."""
    for name in ("title", "description", "textEquivalent"):
        if is_a(str, step.data.get(name), f"{step.pointer}/{name}", defects):
            yield f"{step.pointer}/{name}", step.data[name]


def definition(step: Action, defects: list[Defect]) -> tuple[str, str] | None:
    """Return the name of the resource that an action stands for, and where it is named."""
    resource = mapping(step.data, "resource", step.pointer, defects)
    named = (
        (resource.get("reference"), "resource/reference"),
        (step.data.get("definitionCanonical"), "definitionCanonical"),
        (step.data.get("definitionUri"), "definitionUri"),
    )
    return next(((name, f"{step.pointer}/{at}") for name, at in named if isinstance(name, str) and name), None)
