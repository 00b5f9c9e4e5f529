"""What changed of an order set besides its orders: its use, its patient, its monitoring and its stop criteria."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders import order_field as field
from rescuecalc.core.orders.order import Thrombolysis
from rescuecalc.core.orders.patient_state import STATE
from rescuecalc.core.quantities.quantity import Quantity
from rescuecalc.rules.facts.notation_edits import fixed_notation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction

    from rescuecalc.core.orders.order import OrderSet

OF_DOCUMENT: Final = frozenset({"order_set", "version", "approved"})
"""Fields of an order set that name the document: each version has others, and no patient gets another dose."""

_WORDS: Final = {True: "yes", False: "no"}


class OrderSetChange(NamedTuple):
    """One change: what kind, in which order set, order and field, before and after (None: not there).

    ``factor`` is after ÷ before, of quantities of one kind.
    """

    what: str
    order_set: str
    order: str
    drug: str
    field: str
    before: str | None
    after: str | None
    factor: Fraction | None = None


def changes_of_set(name: str, old: OrderSet, new: OrderSet) -> Iterator[OrderSetChange]:
    """Yield each change of two versions of one set that is in none of its orders."""
    for what, before, after in (
        ("order set", _texts(old), _texts(new)),
        ("patient", _patient(old), _patient(new)),
    ):
        for key in dict.fromkeys((*before, *after)):
            one, other = before.get(key), after.get(key)
            if one != other and not _is_equal(one, other):
                shown = [_shown(each) if each is not None else None for each in (one, other)]
                yield OrderSetChange(what, name, "", "", key, shown[0], shown[1])
    yield from _of_lines("monitoring", name, _monitoring(old), _monitoring(new))
    yield from _of_lines("stop_if", name, [("", each) for each in old.stop_if], [("", each) for each in new.stop_if])


def _is_equal(one: object, other: object) -> bool:
    """Whether two quantities are the same in different units: 176 lb and 79.83 kg are not."""
    return isinstance(one, Quantity) and isinstance(other, Quantity) and one.equals(other)


def _texts(made: OrderSet) -> dict[str, object]:
    return {key: made.texts[key] for key in field.SET_TEXTS if key in made.texts and key not in OF_DOCUMENT}


def _patient(made: OrderSet) -> dict[str, object]:
    """Return what is said of the patient, by field."""
    found = {
        "weight": made.weight,
        "creatinine_clearance": made.clearance,
        "thrombolysis": made.thrombolysis,
        **{key: getattr(made.state, key) for key in STATE if made.state is not None},
    }
    return {key: value for key, value in found.items() if value is not None}


def _shown(value: object) -> str:
    if isinstance(value, Thrombolysis):
        return (str(value.at) if value.at is not None else "given") if value.given else "none"
    return _WORDS[value] if isinstance(value, bool) else str(value)


def _monitoring(made: OrderSet) -> list[tuple[str, str]]:
    """Return each entry by what it checks, as one line."""
    return [(each.get("check", ""), _line(each)) for each in made.monitoring]


def _line(entry: Mapping[str, str]) -> str:
    return ", ".join(f"{key} {entry[key]}" for key in field.MONITORING if key in entry)


def _of_lines(what: str, name: str, old: list[tuple[str, str]], new: list[tuple[str, str]]) -> Iterator[OrderSetChange]:
    """Yield the lines that are gone, changed or new; one changed where one of the same thing, or one alone, is new."""
    common = Counter(map(_normalised, old)) & Counter(map(_normalised, new))
    before, after = _others(old, common.copy()), _others(new, common.copy())
    is_only = len(before) == len(after) == 1
    for key, line in before:
        same = next((each for each in after if is_only or (key and each[0] == key)), None)
        if same is not None:
            after.remove(same)
        yield OrderSetChange(what, name, "", "", what, line, same[1] if same is not None else None)
    for _, line in after:
        yield OrderSetChange(what, name, "", "", what, None, line)


def _normalised(entry: tuple[str, str]) -> str:
    return " ".join(fixed_notation(entry[1]).split())


def _others(entries: list[tuple[str, str]], common: Counter[str]) -> list[tuple[str, str]]:
    """Return the entries that the other version has not; each is left out as often as it is in both."""
    found = []
    for each in entries:
        if common[_normalised(each)]:
            common[_normalised(each)] -= 1
        else:
            found.append(each)
    return found
