"""The envelope of a drug's doses: between which published ends they lie, renal adjustments included."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.literature.limits import Span
from rescuecalc.core.orders.published_range import LOAD, MAINTENANCE, Indication, ranges_of
from rescuecalc.core.quantities.quantity import Duration
from rescuecalc.core.quantities.units import how_many, unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.condition_interval import Interval
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.published_range import PublishedRange, RangeEnd
    from rescuecalc.core.quantities.quantity import Dose, DosePerKg, DoseRatePerKg
    from rescuecalc.rules.base.knowledge import Knowledge

_ZERO: Final = Fraction(0)


class InfusionEnvelope(NamedTuple):
    """The range of maintenance rates, and of loads with the longest time that a load runs.

    ``doses_per_kg`` are all of its stated rates. Outside of ``maintenance`` and within ``soft`` a rate is a warning.
    """

    maintenance: Span[DoseRatePerKg]
    load: Span[DoseRatePerKg] | None
    longest_load: Duration | None
    doses_per_kg: tuple[DoseRatePerKg, ...]
    sources: tuple[Source, ...]
    soft: Span[DoseRatePerKg] | None = None
    doses: tuple[Dose, ...] = ()  # no source fixes a dose rate

    def holds(self, rate: DoseRatePerKg, run_time: Duration | None, *, load: bool = False) -> bool:
        """Whether some source gives such a rate for such a time."""
        return any(span.holds(rate) for span in self.spans(run_time, load=load))

    def spans(self, run_time: Duration | None, *, load: bool = False) -> tuple[Span[DoseRatePerKg], ...]:
        """Return the ranges of an infusion that runs for ``run_time``.

        One whose time is not said is a ``load`` only where another infusion follows it.
        """
        short = load if run_time is None else self.longest_load is not None and not run_time.exceeds(self.longest_load)
        return (self.maintenance, self.load) if short and self.load is not None else (self.maintenance,)

    @property
    def softened(self) -> InfusionEnvelope | None:
        """The envelope outside of which a rate is an error, None where that is this one."""
        return None if self.soft is None else self._replace(maintenance=self.soft, soft=None)

    def __str__(self) -> str:
        """Return the ranges as a person reads them."""
        load = f", or {self.load} for at most {self.longest_load} as a loading infusion" if self.load else ""
        return f"{self.maintenance}{load}"


class BolusEnvelope(NamedTuple):
    """The range of one route's boluses per kg, and of its fixed doses; None where no source gives one.

    ``doses_per_kg`` and ``doses`` are all that are stated. Outside of ``per_kg`` and within ``soft`` a dose per kg is a
    warning.
    """

    per_kg: Span[DosePerKg] | None
    fixed: Span[Dose] | None
    doses_per_kg: tuple[DosePerKg, ...]
    doses: tuple[Dose, ...]
    sources: tuple[Source, ...]
    soft: Span[DosePerKg] | None = None

    @property
    def softened(self) -> BolusEnvelope | None:
        """The envelope outside of which a dose is an error, None where that is this one."""
        return None if self.soft is None else self._replace(per_kg=self.soft, soft=None)

    def __str__(self) -> str:
        """Return the ranges as a person reads them."""
        spans = [str(span) for span in (self.per_kg, self.fixed) if span is not None]
        return " or ".join(spans) or "no source gives such a bolus"


class _ApplicableRanges(NamedTuple):
    """The ranges by which an order is judged: what is published, what is published of its indication.

    ``hard`` are all ranges of the drug with a hard upper end, by whatever route.
    """

    published: tuple[PublishedRange, ...]
    narrower: tuple[PublishedRange, ...]
    clearances: Interval | None
    hard: tuple[PublishedRange, ...]

    def of(self, variable: str, phase: str = "") -> _ApplicableRanges:
        """Return the rows of one dose."""
        published, narrower, hard = (
            tuple(each for each in rows if each.variable == variable and phase in {"", each.phase})
            for rows in (self.published, self.narrower, self.hard)
        )
        return _ApplicableRanges(published, narrower, self.clearances, hard)

    def _ends(self) -> tuple[RangeEnd | None, RangeEnd | None]:
        """Return the lowest published end, and the highest of the indication."""
        low = _outermost((each.low_for(self.clearances) for each in self.published), highest=False)
        return low, _outermost((each.high for each in self.narrower), highest=True)

    def span(self) -> Span[Any] | None:
        """Return the range between both ends, None where one has no bound."""
        low, high = self._ends()
        return Span(low.value, high.value) if low is not None and high is not None else None

    def softened(self) -> Span[Any] | None:
        """Return the range with its soft ends moved: the lower one to zero, the upper one to the highest hard one.

        What one small series used is a reference and no bound; beyond what any source gives by any route it is an
        error. None where no end is soft.
        """
        low, high = self._ends()
        if low is None or high is None or not (low.is_soft or high.is_soft):
            return None
        most = _outermost((high, *(each.high for each in self.hard)), highest=True) if high.is_soft else high
        least = replace(low.value, magnitude=_ZERO, text=None) if low.is_soft else low.value
        return Span(least, (most or high).value)

    def points(self) -> tuple[Any, ...]:
        """Return the doses that sources state, of the indication where it has a range of its own."""
        return tuple(point.value for each in self.narrower for point in each.points)

    def sources(self) -> tuple[Source, ...]:
        """Return the sources of the ranges."""
        return tuple(dict.fromkeys(source for each in (*self.published, *self.narrower) for source in each.sources))


def _outermost(ends: Iterable[RangeEnd | None], *, highest: bool) -> RangeEnd | None:
    found: RangeEnd | None = None
    for end in ends:
        if end is None:
            return None
        beyond = found is None or (end.value.exceeds(found.value) if highest else found.value.exceeds(end.value))
        found = end if beyond else found
    return found


def _due(drug: str, clearances: Interval | None, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the renal adjustments that hold for all clearances: all that these change in the ranges of a drug."""
    if clearances is None:
        return ("not known",)
    known = knowledge.once(
        ("renal lows", drug),
        lambda: {low.words: low for each in knowledge.published_ranges() if each.drug == drug for low in each.renal},
    )
    return tuple(words for words, each in known.items() if each.holds_for(clearances))


def infusion_envelope(
    drug: str,
    knowledge: Knowledge,
    indication: Indication = Indication.ANY,
    clearances: Interval | None = None,
) -> InfusionEnvelope | None:
    """Return the envelope of the drug's infusions, None for a drug without one.

    With an indication its upper end is that of the indication. ``clearances`` (mL/min; None: not known) are those that
    the order is for: a renal adjustment counts where it holds for all of them.
    """
    if not knowledge.has_published_range(drug):
        return None
    key = ("infusion", drug, indication, *_due(drug, clearances, knowledge))
    return knowledge.once(key, lambda: _infusions(_rows(drug, "infusion", "", indication, clearances, knowledge)))


def _rows(
    drug: str, kind: str, route: str, indication: Indication, clearances: Interval | None, knowledge: Knowledge
) -> _ApplicableRanges:
    table = knowledge.published_ranges()
    published, narrower = ranges_of(table, drug, kind, route), ranges_of(table, drug, kind, route, indication)
    hard = [each for each in table if each.drug == drug and each.high is not None and not each.high.is_soft]
    return _ApplicableRanges(published, narrower, clearances, tuple(hard))


def _infusions(rows: _ApplicableRanges) -> InfusionEnvelope | None:
    maintenance, load = (rows.of("dose_rate_per_kg", phase) for phase in (MAINTENANCE, LOAD))
    span = maintenance.span()
    if span is None:
        return None
    times = [each.longest for each in load.published if each.longest is not None]
    return InfusionEnvelope(
        span,
        load.span(),
        max(times, key=lambda time: time.value_in("min")) if times else None,
        (*maintenance.points(), *load.points()),
        tuple(dict.fromkeys((*maintenance.sources(), *load.sources()))),
        maintenance.softened(),
    )


def bolus_envelope(
    drug: str,
    route: str,
    knowledge: Knowledge,
    indication: Indication = Indication.ANY,
    clearances: Interval | None = None,
) -> BolusEnvelope:
    """Return the envelope of the drug's boluses by one route; a dose of another route is no reference.

    Where no route is said (it is empty), each of the drug's is. Indication and clearances as in `infusion_envelope`.
    """
    if not knowledge.has_published_range(drug):
        return BolusEnvelope(None, None, (), (), ())
    key = ("bolus", drug, route, indication, *_due(drug, clearances, knowledge))
    return knowledge.once(key, lambda: _boluses(_rows(drug, "bolus", route, indication, clearances, knowledge)))


def _boluses(rows: _ApplicableRanges) -> BolusEnvelope:
    per_kg, fixed = rows.of("dose_per_kg"), rows.of("dose")
    return BolusEnvelope(
        per_kg.span(), fixed.span(), per_kg.points(), fixed.points(), rows.sources(), per_kg.softened()
    )


class RescueRange(NamedTuple):
    """The doses of one variable that stroke rescue uses of a drug."""

    span: Span[Any]
    sources: tuple[Source, ...]


def as_named(
    held: InfusionEnvelope | BolusEnvelope, drug: str, clearances: Interval | None, knowledge: Knowledge
) -> InfusionEnvelope | BolusEnvelope:
    """Return what is named to a set for rescue whose dose lies outside of an envelope: the rates of rescue itself.

    The envelope's lower end is that of any indication, below which a rate is an error; where the clearance lets a label
    reduce the dose it is what the label leaves.
    """
    if not isinstance(held, InfusionEnvelope) or (clearances is not None and _due(drug, clearances, knowledge)):
        return held
    own = rescue_range(drug, "dose_rate_per_kg", knowledge)
    return held._replace(maintenance=own.span) if own is not None else held


def rescue_range(drug: str, variable: str, knowledge: Knowledge) -> RescueRange | None:
    """Return the range that is published for stroke rescue, None for a drug or a variable without one."""
    kind = "infusion" if variable.startswith("dose_rate") else "bolus"
    rows = ranges_of(knowledge.published_ranges(), drug, kind, indication=Indication.RESCUE)
    own = tuple(each for each in rows if each.indication is Indication.RESCUE and each.variable == variable)
    span = _ApplicableRanges(own, own, None, ()).span() if own else None
    return RescueRange(span, _ApplicableRanges(own, own, None, ()).sources()) if span is not None else None


def in_hours(run_time: Duration) -> tuple[Duration, ...]:
    """Return a time as it would be if its minutes, or its seconds, were hours."""
    hours = run_time.value_in("h")
    return tuple(Duration(hours * how_many(each, "h"), unit("h")) for each in ("min", "s"))


def is_too_short_by_unit(run_time: Duration, span: Span[Duration], order: Order, knowledge: Knowledge) -> bool:
    """Whether a run time would be a usual one in hours, and is not that of a load."""
    envelope = infusion_envelope(order.drug, knowledge)
    longest_load = envelope.longest_load if envelope is not None else None
    is_load = longest_load is not None and run_time.equals(longest_load)
    return not is_load and any(span.holds(each) for each in in_hours(run_time))
