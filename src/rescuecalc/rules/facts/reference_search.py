"""Which error makes a dose that its reference does not allow of one that the reference states: the least repair."""

from __future__ import annotations

from fractions import Fraction
from math import log
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.bounds import point
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.diagnosis import best_repairs
from rescuecalc.core.orders.model.mention import exact_mention
from rescuecalc.core.orders.model.repair import Repair
from rescuecalc.core.orders.model.solution import solution
from rescuecalc.core.orders.model.system import PER_KG_AS
from rescuecalc.rules.facts.order_model.dose_slack import slack
from rescuecalc.rules.facts.reference.renal_share import clearances_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.repair import Repair
    from rescuecalc.core.orders.model.signature import Fit
    from rescuecalc.core.orders.model.system import System
    from rescuecalc.core.orders.model.tuning import Costs
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder
    from rescuecalc.rules.facts.reference.dose_domain import Domain, Point

_SAYS: Final = (
    *(of.DOSE_RATE_PER_KG, of.DOSE_PER_KG, of.DOSE_RATE, of.DOSE, of.PUMP_RATE, of.VOLUME),
    of.CONCENTRATION,
)


def saying(system: System) -> Mention | None:
    """Return the mention that says what is given, the one nearest to what is prescribed."""
    return next((each for name in _SAYS for each in system.of(name)), None)


class Outside(NamedTuple):
    """A dose that a reference, its ``domain``, does not allow: what is ``given`` by a healed ``system``.

    ``any_phase`` tells that a text has it, in which a load and what follows it may both stand.
    """

    judged: SolvedOrder
    domain: Domain
    system: System
    given: Mapping[str, Bounds]
    any_phase: bool = False

    @property
    def per_kg(self) -> Mention | None:
        """The dose per kg that the order states: it is compared as it is written, so it is what is wrong."""
        return self.judged.system.first(PER_KG_AS[self.judged.order.given_as])

    @property
    def searched(self) -> System:
        """The numbers among which the wrong one is looked for."""
        return self.system.only((self.per_kg,)) if self.per_kg is not None else self.system


def best_repair(out: Outside) -> tuple[Repair, Point] | None:
    """Return the cheapest repair that makes the dose of one that the reference states, and that dose.

    Where no known error makes one, the repair to the nearest end of what is allowed: without a single value, unless
    only one is allowed.
    """
    says, costs = out.per_kg or saying(out.system), out.judged.context.tuning.costs
    ranked = [
        (
            *(_is_of_other_phase(each, out), _rank(named, each, says, costs), _is_of_weight(named, out)),
            *(place, abs(_off(named)), named, each),
        )
        for place, each in enumerate(_points(out))
        for repair in _repairs(out, each)
        if (named := _named(repair, each, out)).names and (is_due(each, out) or not _is_of_weight(named, out))
    ]
    if ranked:
        best = min(ranked, key=lambda one: one[:-2])
        return best[-2], best[-1]
    spans = [
        (repair.cost - costs.saying * (repair.blamed is says), abs(_off(repair)), repair, each)
        for each in out.domain.ranges
        for repair in _repairs(out, each)
    ]
    if not spans:
        return None
    nearest = min(spans, key=lambda one: one[:2])
    one_value = {each.bounds[:2] for each in out.domain.ranges if each.variable == nearest[3].variable}
    is_exact = len(one_value) == 1 and nearest[3].bounds.low == nearest[3].bounds.high
    unnamed = nearest[2]._replace(fits=(), hint=())
    return unnamed if is_exact else unnamed._replace(expected=None), nearest[3]


def _rank(repair: Repair, each: Point, says: Mention | None, costs: Costs) -> int:
    return repair.cost - costs.saying * (repair.blamed is says) + costs.reduced * each.is_reduced


def _named(repair: Repair, each: Point, out: Outside) -> Repair:
    """Return a repair with the errors that leave what is found of this stated dose.

    What a renal rule leaves is found twice as high where the rule was left out, and a full dose half as high where it
    was applied: never the other way round.
    """
    halved = {name for one in out.judged.context.signatures if one.needs == "renal" for name in (one.name, one.inverse)}
    return repair._replace(
        fits=tuple(
            one
            for one in repair.fits
            if (one.name not in halved or (one.factor > 1) is each.is_reduced) and _makes(one, each, out)
        ),
        hint=(),
    )


def _makes(fit: Fit, each: Point, out: Outside) -> bool:
    """Whether an error makes the written dose per kg of just the stated one, or of what is delivered of it.

    A dose per kg beside nothing that is set is prescribed, and not rounded.
    """
    if out.per_kg is None or out.per_kg.variable != each.variable:
        return True
    written = point(out.per_kg.value).widened(out.per_kg.digit)
    step = slack(out.judged.order, out.given, out.judged.subject).get(each.variable, Fraction(0))
    return written.over(point(fit.factor)).overlaps(each.bounds.widened(step))


def _is_of_weight(repair: Repair, out: Outside) -> bool:
    """Whether only the weight explains a repair: any weight may by chance, a known error is likelier."""
    known = {name for one in out.judged.context.signatures for name in (one.name, one.inverse)}
    return known.isdisjoint(repair.names)


def is_due(each: Point, out: Outside) -> bool:
    """Whether a stated dose may be this patient's: what only a renal rule leaves is, where a clearance says so."""
    return not each.is_reduced or clearances_of(out.judged.order, out.judged.subject) is not None


def _points(out: Outside) -> tuple[Point, ...]:
    """Return the stated doses that the reference allows this order, those of its own kind first; each once.

    A dose per kg is not compared with a fixed dose.
    """
    first: dict[tuple[str, Bounds], Point] = {}
    for each in out.domain.points:
        is_other = each.variable == of.DOSE and out.system.has(of.DOSE_PER_KG)
        if not is_other and out.domain.allows({each.variable: each.bounds}, {}):
            first.setdefault((each.variable, each.bounds), each)
    return tuple(sorted(first.values(), key=lambda one: _is_of_other_phase(one, out)))


def _is_of_other_phase(each: Point, out: Outside) -> bool:
    return not out.any_phase and each.load is not out.judged.order.load


def _off(repair: Repair) -> float:
    if repair.right is None or repair.right.middle <= 0:
        return 0.0
    return log(float(repair.blamed.value / repair.right.middle))


def _repairs(out: Outside, each: Point) -> tuple[Repair, ...]:
    """Return the repairs of an order in which a stated dose is taken as given."""
    fixed = exact_mention(each.variable, each.quantity, "reference", "", each.words)
    if each.bounds.low != each.bounds.high:
        fixed = fixed._replace(span=each.bounds)
    context = out.judged.context._replace(fixed=(*out.judged.context.fixed, fixed), is_published=None)
    asked = out.searched.with_mention(fixed)
    if solution(asked).conflict is None:
        return ()
    return best_repairs(asked, context)
