"""RC315: a titration that contradicts its order: its doses are judged as ends of a range, this is about their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.order_ends import as_written
from rescuecalc.core.orders.text.free_text import said
from rescuecalc.core.quantities.units import how_many
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.text.titration_in_text import titration_in_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.titration import Ends, Titration
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.rules.base.knowledge import Subject


def _contradictions(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        if order.titration is not None and order.titration.field:
            yield from _of(order, order.titration)
        elif "text" in order.texts and not subject.knowledge.is_gp_inhibitor(order.drug):
            titration = titration_in_text(order)
            yield from _of(order, titration) if titration is not None else ()


class _Conflict(NamedTuple):
    """A number of a titration that contradicts the number of that name beside it; both are named as in `titrate`."""

    name: str
    number: Quantity
    why: str
    expected: str | None
    beside: str
    other: Quantity | None = None

    def turned(self) -> _Conflict:
        """Return the same as said of the other number."""
        assert self.other is not None  # noqa: S101  # what is shared has a number of its own
        return _Conflict(self.beside, self.other, f"contradicts the {self.name} of {self.number}", None, self.name)


def _of(order: Order, titration: Titration) -> Iterator[Hit]:
    span = order.spans.get(titration.field)
    if span is not None and _is_start(span, titration):
        titration, span = titration._replace(starts=titration.starts or (span.low, span.high)), None
    conflicts = [*_of_ends(titration, span), *_of_doses(order, titration, span)]
    for each in _one_of_all(conflicts):
        yield _hit(order, each.name, each.number, each.why, each.expected)


def _one_of_all(conflicts: list[_Conflict]) -> list[_Conflict]:
    """Return what is said of the one number that all others contradict, where there is one."""
    if len(conflicts) < _SEVERAL:
        return conflicts
    shared = set.intersection(*({each.name, each.beside} for each in conflicts)) - {""}
    for name in sorted(shared):
        own = [each for each in conflicts if each.name == name]
        other = [each.turned() for each in conflicts if each.name != name and each.other is not None]
        return (own or other)[:1]
    return conflicts


_SEVERAL: Final = 2


def _of_ends(titration: Titration, span: Ends | None) -> Iterator[_Conflict]:
    """Yield the minimum and maximum that lie outside of the order's range, or the wrong way round."""
    ends = [(name, each) for name, each in (("min", titration.least), ("max", titration.most)) if each is not None]
    for name, each in ends:
        if span is not None and not _is_within(each, span):
            yield _Conflict(name, each, f"lies outside of the {_words(titration.field)} {_range(span)}", None, "")
    low, high = titration.least, titration.most
    if low is not None and high is not None and _is_more(low, high):
        yield _Conflict("min", low, f"is above the maximum of {high}", None, "max", high)


def _of_doses(order: Order, titration: Titration, span: Ends | None) -> Iterator[_Conflict]:
    fixed = order.fields.get(titration.field) if span is None and not titration.starts else None
    low = titration.least or (span.low if span is not None else None)
    high = titration.most or (span.high if span is not None else None)
    least = "min" if titration.least is not None else ""
    starts = [("start", each) for each in titration.starts] or ([("", fixed)] if fixed is not None else [])
    for name, each in starts:
        if low is not None and _is_more(low, each):
            yield _Conflict(
                name, each, f"is below the minimum dose of {low}", f"at least {low}", least, titration.least
            )
        elif high is not None and _is_more(each, high):
            yield _above(name, each, titration, high, f"is above the maximum of {high}")
    known = high or low or next((each for _, each in starts), None)
    yield from _of_steps(titration, high, known)


def _above(name: str, each: Quantity, titration: Titration, high: Quantity, why: str) -> _Conflict:
    most = "max" if titration.most is not None else ""
    return _Conflict(name, each, why, f"at most {high}", most, titration.most)


def _of_steps(titration: Titration, high: Quantity | None, known: Quantity | None) -> Iterator[_Conflict]:
    """Yield the steps and the doses of a target that do not fit the maximum, or another dose of the titration."""
    for each in titration.steps:
        if known is not None and _is_per_other_time(each, known):
            yield _Conflict("step", each, f"is per another time than {known}", None, "")
        elif high is not None and _is_more(each, high):
            yield _above("step", each, titration, high, f"is more than the maximum dose, {high}")
    rate = known if known is not None else next(iter(titration.steps), None)
    for length in titration.every:
        if rate is not None and "min" in rate.unit.name.split("/") and length.value_in("h") >= _DAY:
            yield _Conflict("every", length, f"is too seldom for a dose per minute as {rate}", None, "")
    for each in _goals(titration):
        if high is not None and _is_more(each, high):
            yield _above("target", each, titration, high, f"is above the maximum of {high}")


_DAY: Final = how_many("h", "day")
"""Hours: nobody waits so long for what a dose per minute does."""


def _is_start(span: Ends, titration: Titration) -> bool:
    """Whether a range is the dose to start at: nobody titrates between two doses that are so near each other."""
    most, twice = titration.most, span.low.magnitude * 2
    is_narrow = span.high.unit == span.low.unit and span.high.magnitude <= twice
    return is_narrow and most is not None and _is_more(most, span.high)


def _goals(titration: Titration) -> Iterator[Quantity]:
    """Yield the doses that the words of a target name."""
    yield from (each.quantity for each in said(titration.target))


def _is_per_other_time(one: Quantity, other: Quantity) -> bool:
    """Whether a step of the same kind as a dose is per hour where that is per minute, or the other way round."""
    times = ([part for part in each.unit.name.split("/") if part in {"h", "min"}] for each in (one, other))
    own, others = times
    return bool(own and others) and own != others


def _is_more(one: Quantity, other: Quantity) -> bool:
    is_comparable = one.unit.shape == other.unit.shape and one.unit.parts[0].dimension == other.unit.parts[0].dimension
    return is_comparable and one.value_in(other.unit.name) > other.magnitude


def _is_within(each: Quantity, span: Ends) -> bool:
    return not _is_more(span.low, each) and not _is_more(each, span.high)


def _range(span: Ends) -> str:
    return f"{span.low} to {span.high}"


def _words(field: str) -> str:
    return field.replace("_", " ")


def _hit(order: Order, name: str, each: Quantity, why: str, expected: str | None = None) -> Hit:
    pointer = as_written(order.pointer)
    if order.titration is None:
        at, what = f"{pointer}/text", f"the text's {name}"
    elif name:
        at, what = f"{pointer}/titrate/{name}", f"titrate {name}"
    else:  # a dose outside of its titration is the order's own number; another rule may say more of it
        at, what = as_written(order.at(order.titration.field)), "the dose"
    text = str(each) if order.titration is None else each.text or str(each)
    return Hit(f"{what}: {text} {why}", (), at, text, expected)


RULES = (
    declared(
        "RC315",
        "titration-contradicts-itself",
        Severity.ERROR,
        _contradictions,
        "rescuecalc",
        checks="The start, step, minimum and maximum of a titration, and the doses of its target, against "
        "each other and against the order's range; a dose per minute that is changed after days.",
        why="A titration that starts above its maximum, or reaches it in one step, cannot be followed as written.",
        fails="{drug: norepinephrine, route: IV, kind: infusion, dose_rate_per_kg: 0.05-0.5 mcg/kg/min, "
        "titrate: {start: 0.6 mcg/kg/min, step: 0.02 mcg/kg/min, every: 5 min}}",
        passes="{drug: norepinephrine, route: IV, kind: infusion, dose_rate_per_kg: 0.05-0.5 mcg/kg/min, "
        "titrate: {start: 0.06 mcg/kg/min, step: 0.02 mcg/kg/min, every: 5 min}}",
        remedy="Find out which of the numbers is meant.",
        limits="Each of its doses is also judged as a dose.",
        since="0.2.0",
        yields_to="RC303",
    ),
)
