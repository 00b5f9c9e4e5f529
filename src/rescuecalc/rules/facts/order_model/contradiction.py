"""RC3: an order that was written contradicts itself, for any drug, in whatever subset of fields is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.bounds import Bounds
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.orders.model.solution import solution
from rescuecalc.rules.base.memo import Shared
from rescuecalc.rules.base.rule import CodedHit, Hit
from rescuecalc.rules.facts.order_model.judged_order import ORDERS
from rescuecalc.rules.facts.order_model.model_wording import (
    alternative_words,
    alternatives,
    derivation,
    expected_text,
    fitting_weight,
    is_exactly,
    name_of,
    range_of,
    range_words,
    times_words,
    what_follows,
)
from rescuecalc.rules.facts.order_model.stated_rounding import is_rounded_to
from rescuecalc.rules.facts.reference.ordered_product import other_product

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rescuecalc.core.orders.model.diagnosis import Diagnosis
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.repair import Repair
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

NOT_EXPLAINED: Final = "RC314"
ABOVE_OWN_CAP: Final = "RC425"
CAP_BINDS: Final = "RC427"
TEXT: Final = "RC308"
WHOLE_DOSE: Final = "RC309"

_RULE_OF_PLACE: Final = {
    "dose": "RC301",
    "dose_per_kg": "RC301",
    "weight": "RC301",
    "volume_per_kg": "RC301",
    "pump_rate_per_kg": "RC303",
    "volume": "RC302",
    "dose_rate": "RC303",
    "dose_rate_per_kg": "RC303",
    "pump_rate": "RC304",
    "vtbi": "RC305",
    "run_time": "RC305",
    "give_over": "RC305",
    "stop": "RC306",
    "concentration": "RC307",
    "product": "RC307",
    "text": TEXT,
    "max_dose": ABOVE_OWN_CAP,
    "max_dose_rate": ABOVE_OWN_CAP,
}
"""The rule that reports a contradiction, by the place that is blamed."""


def _found(subject: Subject) -> Iterator[CodedHit]:
    for judged in ORDERS.of(subject):
        for each in judged.found:
            made = coded(judged, each)
            if made.code != NOT_EXPLAINED or not _is_rounded_as_said(judged, each.repair):
                yield made


def _is_rounded_as_said(judged: SolvedOrder, repair: Repair) -> bool:
    """Whether a number is the nearest multiple of a step that the text says: `rounded to the nearest 100 mg`."""
    blamed, right = repair.blamed, repair.right
    for each in judged.order.numbers_in_text() if right is not None else ():
        step, kind = base_value(each.quantity)
        if (
            not is_rounded_to(each, judged.order)
            or not step
            or kind != blamed.kind
            or each.field != blamed.variable
            or blamed.value % step
        ):
            continue
        low, high = blamed.value - step / 2, blamed.value + step / 2
        if right is not None and right.overlaps(Bounds(low, high, blamed.value)):
            return True
    return False


CONTRADICTIONS: Final = Shared(_found)
"""What contradicts itself in the orders of a subject, each with the rule that reports it."""


def hits_of(code: str) -> Callable[[Subject], Iterator[Hit]]:
    """Return the check of a rule that reports contradictions."""

    def check(subject: Subject) -> Iterator[Hit]:
        yield from (each.hit for each in CONTRADICTIONS.of(subject) if each.code == code)

    return check


def coded(judged: SolvedOrder, found: Diagnosis) -> CodedHit:
    """Return what is said of one mistake."""
    repair = found.repair
    code = _code(judged, found)
    hit = Hit(
        _message(judged, found, code),
        (judged.subject.knowledge.limits.source,) if code in {ABOVE_OWN_CAP, CAP_BINDS} else (),
        repair.blamed.pointer,
        repair.blamed.text,
        expected_text(repair),
        repair.factor,
        repair.names,
        alternatives=alternatives(found),
        expected_range=range_of(repair, judged.context.tuning.tolerances),
        cause=_slip_of_text(repair),
    )
    return CodedHit(code, hit)


def _slip_of_text(repair: Repair) -> str:
    """Return what numbers of a text have in common of which the others follow from the first; empty of any other."""
    is_slip = repair.blamed.place == "text" and repair.factor is not None and bool(repair.names)
    return f"{repair.blamed.pointer} by {repair.factor}" if is_slip else ""


def _code(judged: SolvedOrder, found: Diagnosis) -> str:
    repair, conflict = found.repair, solution(found.system).conflict
    if is_within_rounding(repair, judged) and not found.is_partial:
        return NOT_EXPLAINED
    if any(repair.blamed is each for each in judged.built.weak) and repair.blamed.variable == of.DOSE:
        return WHOLE_DOSE
    is_cap = repair.blamed.variable in {of.MAX_DOSE, of.MAX_DOSE_RATE}
    if is_cap and _hides_dose(judged, repair.blamed):
        return CAP_BINDS
    if conflict is not None and conflict.cause == "above_cap" and repair.blamed.place != "text":
        # What the cap alone says is wrong is above it, whichever error it is; what others say as well contradicts them.
        is_of_cap = repair.right is None or repair.right.low <= 0
        return ABOVE_OWN_CAP if is_cap or not repair.fits or is_of_cap else _RULE_OF_PLACE[repair.blamed.place]
    return _RULE_OF_PLACE[repair.blamed.place]


def _hides_dose(judged: SolvedOrder, cap: Mention) -> bool:
    """Whether a cap is below what the dose per kg gives at the lightest usual weight."""
    per_kg = of.DOSE_PER_KG if cap.variable == of.MAX_DOSE else of.DOSE_RATE_PER_KG
    lightest = judged.system.lightest
    return lightest is not None and any(each.value * lightest > cap.value for each in judged.system.of(per_kg))


def is_within_rounding(repair: Repair, judged: SolvedOrder) -> bool:
    """Whether a number is off by no more than rounding may cause, and no known error fits: nobody can tell why."""
    right = repair.right
    if repair.fits or right is None or right.high is None or right.low <= 0:
        return False
    most = judged.subject.knowledge.limits.deviation_factor
    value = repair.blamed.value
    return right.low <= value * most and value <= right.high * most


def _message(judged: SolvedOrder, found: Diagnosis, code: str) -> str:
    repair = found.repair
    blamed, rest = repair.blamed, found.system.without((repair.blamed, *repair.followed))
    ends, expected = range_of(repair, judged.context.tuning.tolerances), expected_text(repair)
    how = derivation(blamed.variable, rest)
    parts = [f"the {name_of(blamed)} {blamed.text} {_wrong(code)}"]
    if blamed.place == "text":
        field = rest.first(blamed.variable)
        if field is None:
            parts = [f"the text says {blamed.text}, which contradicts the order's other numbers"]
        else:
            how = None
            parts = [f"the text says {blamed.text}, and the {name_of(field)} is {field.text}"]
    right = range_words(ends) if ends is not None else expected
    if right is not None:
        sign = "=" if ends is not None or is_exactly(repair, rest) else "≈"
        parts.append(f": {how} {sign} {right}" if how is not None else f": {right}")
    if expected is not None and repair.factor is not None:
        stated_range = "" if ends is None else f"; {expected}"
        parts.append(f"{stated_range} is expected, {times_words(repair.factor)}")
    elif right is not None and how is None:
        parts.append(" is expected")
    if repair.names:
        parts.append(f": {' or '.join(repair.names)}")
    parts += [_binding_cap(found), fitting_weight(found), alternative_words(found), what_follows(repair.followed)]
    return "".join(parts) + _of_other_drug(judged, blamed)


def _of_other_drug(judged: SolvedOrder, blamed: Mention) -> str:
    """Return the words of a strength that is another drug's: the two products lie side by side."""
    other = other_product(judged.order, judged.subject) if blamed.variable == of.CONCENTRATION else None
    if other is None or other[0] != blamed.place:
        return ""
    return f"; it is that of {other[1].id}, of {other[1].drug}"


_CAP_BEHIND: Final = {of.DOSE_PER_KG: of.MAX_DOSE, of.DOSE_RATE_PER_KG: of.MAX_DOSE_RATE}


def _binding_cap(found: Diagnosis) -> str:
    """Return the words of a cap behind which a wrong dose per kg hides."""
    caps = found.system.of(_CAP_BEHIND.get(found.repair.blamed.variable, ""))
    return f"; the cap of {caps[0].text} binds and hides it" if caps else ""


def _wrong(code: str) -> str:
    if code == CAP_BINDS:
        return "is below every dose, so that the dose per kg is never given"
    if code == ABOVE_OWN_CAP:
        return "contradicts the order's own cap"
    if code == NOT_EXPLAINED:
        return "differs from the order's other numbers by more than rounding explains"
    return "contradicts the order's other numbers"
