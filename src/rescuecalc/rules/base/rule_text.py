"""The texts of a rule take their numbers from the data: ``{limits.usual_weight}`` is filled where a text is shown.

A number that is typed twice disagrees with itself one day: a site that settles 45 to 120 kg read 40 to 150 in SARIF.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.core.quantities.decimal_text import people_number
from rescuecalc.core.quantities.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.base.rule import Rule

TEXTS: Final = ("checks", "why", "remedy", "limits")
"""The fields of a rule that may have slots; its examples are input, and braces belong to YAML there."""

_SLOT: Final = re.compile(r"\{(?P<path>[a-z_]+(?:\.[A-Za-z0-9_-]+)+)(?::(?P<unit>[A-Za-z/]+))?\}")


class UnknownSlotError(LookupError):
    """A slot whose path leads nowhere in the data, or to something that is not a number with a unit."""


def filled(rule: Rule, known: Iterable[Knowledge]) -> Rule:
    """Return a rule with the slots of its texts filled; what differs between several knowledges is joined by "or".

    Raises UnknownSlotError for a slot that the data cannot fill.
    """
    knowledge = tuple(known)
    texts: dict[str, Any] = {name: filled_text(getattr(rule, name), knowledge) for name in TEXTS}
    return rule._replace(**texts)


def filled_text(text: str, known: tuple[Knowledge, ...]) -> str:
    """Return a text with its slots filled; errors as for ``filled``."""
    if "{" not in text:
        return text
    return _SLOT.sub(lambda slot: _shown(slot["path"], slot["unit"], known), text)


def _shown(path: str, unit: str | None, known: tuple[Knowledge, ...]) -> str:
    return " or ".join(dict.fromkeys(_text(path, _value(path, each), unit) for each in known))


def _value(path: str, knowledge: Knowledge) -> Any:
    """Return what stands at a path: each part is an attribute, a key, a place in a list, or a word of an entry."""
    value: Any = knowledge
    for part in path.split("."):
        value = _step(path, value, part)
    return _single(path, value)


def _step(path: str, value: Any, part: str) -> Any:
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        if part.isdigit():
            return value[int(part)]
        chosen = tuple(each for each in value if part in each)
        if chosen:
            return chosen
        value = _single(path, value)
    found = value.get(part) if isinstance(value, Mapping) else getattr(value, part, None)
    if found is None:
        raise UnknownSlotError(f"{{{path}}}: nothing is called {part!r} there")
    return found() if callable(found) else found


def _single(path: str, value: Any) -> Any:
    """Return the one entry of a list that the words of a path have chosen from."""
    if not isinstance(value, tuple) or hasattr(value, "_fields"):
        return value
    if len(value) != 1:
        raise UnknownSlotError(f"{{{path}}}: {len(value)} entries fit; add a word that only one of them has")
    return value[0]


def _text(path: str, value: Any, unit: str | None) -> str:
    value = getattr(value, "value", value)  # the end of a published range
    if isinstance(value, Quantity):
        return str(value) if unit is None else people_number(value.value_in(unit))
    if isinstance(value, Fraction | int):
        return people_number(Fraction(value))
    if isinstance(value, str):
        return value
    if not (hasattr(value, "low") and hasattr(value, "high")):
        raise UnknownSlotError(f"{{{path}}}: is not a number, a quantity, a range or a text")
    low, high = (getattr(end, "value", end) for end in (value.low, value.high))
    if low.equals(high):
        return _text(path, low, unit)
    first = _text(path, low, low.unit.name) if low.unit == high.unit else str(low)
    return f"{first} to {_text(path, high, unit)}"
