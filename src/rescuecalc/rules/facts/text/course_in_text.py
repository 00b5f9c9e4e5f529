"""What a text says of how an order is prepared or how long it runs that its fields do not: `double-strength bag`."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.free_text import time_at
from rescuecalc.core.orders.text.vocabulary import BAGS, SYRINGES, VIALS, one_of
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Concentration
from rescuecalc.core.quantities.units import how_many

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order

_ENDS: Final = r"(?= ?(?:$|[,;)\n]|\.(?:\s|$)))"
_STRENGTH: Final = lazy_pattern(
    r"\b(?:double|triple|quadruple|quad|half|quarter|[2-9]x|twice)(?: the)?[- ]?(?:strength|concentrat(?:ed|ion))\b",
    re.IGNORECASE,
)
_AS_BOLUS: Final = lazy_pattern(
    rf"\b(?:{one_of(BAGS)} (?:IV )?as (?:a |the )?bolus|{one_of(SYRINGES)} full|"
    rf"(?:draw(?: up)?|push|give|inject) (?:[2-9]|[1-9][0-9]) {one_of(SYRINGES)})\b",
    re.IGNORECASE,
)
_MADE_OF: Final = lazy_pattern(
    rf"(?:(?<![\w.,/])(?P<count>[0-9]{{1,2}}) {one_of(VIALS)} ?(?:of |x |\()?|"
    r"\b(?:reconstitut|dissolv|mix)\w*(?: (?:each|the|an?|one))? (?=[0-9.]{1,7} ?mc?g(?: vials?)? with\b))"
    r"(?P<amount>[0-9]{1,4}(?:\.[0-9]{1,2})?) ?(?P<unit>mc?g)(?: each)?\)?(?: vials?)?"
    r"(?: (?:in|to|into|with))(?: an?| the)?"
    r"(?: total of)? (?P<volume>[0-9]{1,4}) ?mL\b(?![^;\n]*\b(?:then|further|dilut|add))",
    re.IGNORECASE,
)
"""So many vials of an amount, and the volume that they are mixed in: it may be that of the fluid alone.

What is diluted further is no strength of what is given."""
_BAGS_IN_ALL: Final = lazy_pattern(
    rf"\b(?P<count>[2-9]|[1-9][0-9]) {one_of(BAGS)} (?:in (?:total|all)|at (?:the same time|once)|"
    r"simultaneously|together|in parallel)\b",
    re.IGNORECASE,
)
_ENDLESS: Final = lazy_pattern(
    r"\b(?:(?:do not|don['\u2019]t|never) (?:ever )?(?:stop|discontinue|turn off|switch off|end)"
    rf"(?: (?:the|this|it|infusion|drip|pump|tirofiban))*{_ENDS}|"
    r"(?:keep|continue|run|leave|ongoing|maintain)[^.;\n0-9]{0,40}?\b(?:until|till|to) (?:hospital )?"
    r"(?:discharge|transfer\w*|rehab\w*|further notice)\b(?! or (?:for |up to )?[0-9])|"
    r"(?:indefinitely|endless(?:ly)?|around the clock|no (?:stop|end)(?: time)?"
    rf"(?! ?(?:criteri|rule|order))){_ENDS}|keep (?:it |the (?:infusion|drip|pump) )?running{_ENDS})",
    re.IGNORECASE,
)
_IN_CYCLES: Final = lazy_pattern(
    r"\b[0-9]{1,3} ?h(?:ours?|rs?)? on\b[^.;\n]{0,12}\b[0-9]{1,3} ?h(?:ours?|rs?)? off\b[^.;\n]{0,20}|"
    r"\b(?:[2-9]|[1-9][0-9]) cycles\b|"
    r"\brepeat (?:the |this )?(?:infusion|course|drip)\b",
    re.IGNORECASE,
)
_IN_TIME: Final = lazy_pattern(
    r"(?:^|[;,.\n]) ?(?P<words>(?:(?:give|infuse|run)(?: it| all)? )?in "
    rf"(?P<time>[0-9]{{1,4}} ?(?:s|sec(?:ond)?s?|min(?:ute)?s?|h|h(?:ou)?rs?)){_ENDS})",
    re.IGNORECASE,
)
"""A clause that says no more than in what time it is given."""
_IN_SOME_CASE: Final = lazy_pattern(
    r"\b(?:if|unless|when|premix\w*|not|never|no|avoid\w*|available|stock|alarm)\b", re.IGNORECASE
)
_TWICE: Final = Fraction(2)

_PREPARED: Final = "another strength was compared with no dose"
_LASTS: Final = "how long it runs by these words was compared with no time"


def of_course(order: Order, text: str) -> Iterator[tuple[str, str]]:
    """Yield what a text says of an order's preparation or course that no field does, with why no dose follows."""
    if order.given_as == "bolus":
        yield from _plainly(_AS_BOLUS, "how much of its container is given was compared with no dose", text)
    yield from _plainly(_STRENGTH, _PREPARED, text)
    yield from ((each[0], _PREPARED) for each in _MADE_OF.finditer(text) if _is_another(each, order))
    if order.given_as == "infusion":
        yield from ((each["words"], _LASTS) for each in _IN_TIME.finditer(text) if _is_other_time(each, order))
        yield from ((each[0], _LASTS) for each in _BAGS_IN_ALL.finditer(text))
        if "run_time" in order.fields or order.stop is not None:
            yield from ((each[0].strip(), _LASTS) for each in _ENDLESS.finditer(text))
            yield from _plainly(_IN_CYCLES, _LASTS, text)


def _plainly(pattern: re.Pattern[str], why: str, text: str) -> Iterator[tuple[str, str]]:
    for match in pattern.finditer(text):
        if _IN_SOME_CASE.search(text, *clause_at(text, match.start())) is None:
            yield match[0], why


def _is_other_time(match: re.Match[str], order: Order) -> bool:
    """Whether a text says another time than that of the order's fields, by more than half."""
    lasts, time = order.lasts, time_at(match.string, match.start("time"))
    if lasts is None or time is None:
        return False
    own, other = base_value(lasts)[0], base_value(time)[0]
    return other * _TWICE < own or own * _TWICE < other


def _is_another(match: re.Match[str], order: Order) -> bool:
    """Whether a mixture is of more than twice the order's strength, or less than half of it."""
    own = order.quantity("concentration", Concentration)
    if own is None or not own.is_mass() or not int(match["volume"]):
        return False
    whole = int(match["count"] or 1) * Fraction(match["amount"]) * how_many("mcg", match["unit"].lower())
    ratio = whole / int(match["volume"]) / base_value(own)[0]
    return not 1 / _TWICE <= ratio <= _TWICE
