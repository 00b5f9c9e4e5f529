"""What a new version changes of the pump and of its care areas: rates, step, VTBI, the weights of patients."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, TypeVar

from rescuecalc.core.library.export import AREA_WEIGHTS
from rescuecalc.core.library.limits import INITIAL, WORDS
from rescuecalc.core.library.pump_library import LIMITS, PUMP
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.order_model.model_wording import rounded
from rescuecalc.rules.library.order_limits.effects import steps_of
from rescuecalc.rules.library.versions.change import (
    TIGHTENED,
    WIDENED,
    Change,
    of_maximum,
    of_minimum,
    wider_or_tighter,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.pump_library import Area, LibraryUse, PumpLibrary
    from rescuecalc.core.quantities.quantity import PumpRate, Volume
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.library.hits import InLibrary

Q = TypeVar("Q", bound="PumpRate | Volume | None")

_KINDS: Final = {PUMP: "a pump's", LIMITS: "a site's list"}

_NAMED: Final = 3
"""Care areas that a message names."""

_SHOWN: Final = 2
"""Doses that a message names."""


def pump_changes(known: InLibrary, older: PumpLibrary, knowledge: Knowledge) -> Iterator[Change]:
    """Yield what is different in the pump and in the care areas that both versions have."""
    library, step = known.use.library, knowledge.limits.pump_step
    for name, words in (("min_rate", "slowest rate"), ("rate_step", "step")):
        old, now = getattr(older, name) or step, getattr(library, name) or step
        if _value(old) != _value(now):
            code = of_minimum(_value(old), _value(now))
            yield _moved(f"/{name}", f"the {words} of the pump", old, now, code, known)
    if library.kind != older.kind:
        enforced = "enforces no limit any more" if not library.is_pump else "enforces the limits"
        message = f"the library is {_KINDS[library.kind]}, and was {_KINDS[older.kind]}: the pump {enforced}"
        hit = Hit(message, (library.source,), "/kind", library.kind, older.kind)
        yield Change(TIGHTENED if library.is_pump else WIDENED, hit)
    chosen = known.use.area
    names = [name for name, each in library.areas.items() if chosen is None or each.name == chosen.name]
    areas = [(older.areas[name], library.areas[name]) for name in names if name in older.areas]
    yield from _of_rates(areas, known, older, knowledge)
    yield from _of_volumes(areas, known, older)
    for old, now in areas:
        yield from _of_weights(old, now, known)


def _value(quantity: PumpRate | Volume | None) -> Fraction | None:
    return base_value(quantity)[0] if quantity is not None else None


def _moved(pointer: str, what: str, old: object, now: object, code: str, known: InLibrary) -> Change:
    message = f"{what} is {now or 'not set any more'}, and was {old or 'not set'}"
    found, before = (str(each) if each is not None else None for each in (now, old))
    return Change(code, Hit(message, (known.use.library.source,), pointer, found, before))


_Pairs = list[tuple["Area", "Area"]]


def _of_rates(areas: _Pairs, known: InLibrary, older: PumpLibrary, knowledge: Knowledge) -> Iterator[Change]:
    library, usual = known.use.library, knowledge.limits.pump_rate
    pairs = [(now.name, older.most_rate(old) or usual, library.most_rate(now) or usual) for old, now in areas]
    pairs = pairs or [("", older.max_rate or usual, library.max_rate or usual)]
    for names, old, now in _together(pairs):
        code = of_maximum(_value(old), _value(now))
        change = _moved(_stands(names[0], "max_rate", known), _owner("fastest rate", names), old, now, code, known)
        effect = _of_speed((base_value(old)[0], base_value(now)[0]), known.use, knowledge)
        yield change._replace(hit=change.hit._replace(message=f"{change.hit.message}{effect}"))


def _of_volumes(areas: _Pairs, known: InLibrary, older: PumpLibrary) -> Iterator[Change]:
    library = known.use.library
    pairs = [(now.name, old.max_vtbi or older.max_vtbi, now.max_vtbi or library.max_vtbi) for old, now in areas]
    for names, old, now in _together(pairs or [("", older.max_vtbi, library.max_vtbi)]):
        code = of_maximum(_value(old), _value(now))
        yield _moved(_stands(names[0], "max_vtbi", known), _owner("highest VTBI", names), old, now, code, known)


def _together(pairs: list[tuple[str, Q, Q]]) -> Iterator[tuple[list[str], Q, Q]]:
    """Yield the care areas of each change, those of the same one together: it is one change of the pump."""
    found: dict[tuple[Fraction | None, Fraction | None], list[tuple[str, Q, Q]]] = {}
    for pair in pairs:
        key = _value(pair[1]), _value(pair[2])
        if key[0] != key[1]:
            found.setdefault(key, []).append(pair)
    for own in found.values():
        yield [name for name, _, __ in own], *own[0][1:]


def _owner(words: str, names: list[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"the {words} of {', '.join(names[:_NAMED]) or 'the pump'}{more}"


def _stands(area: str, column: str, known: InLibrary) -> str:
    """Return where a maximum stands: in the first row of its care area, else in the TOML."""
    own = (each for each in known.entries if each.care_area.casefold() == area.casefold() and getattr(each, column))
    first = next(own, None)
    return first.at(column) if first is not None else f"/{column}"


def _of_weights(old: Area, now: Area, known: InLibrary) -> Iterator[Change]:
    for end, words in WORDS.items():
        before, after = (each.weight.get(end) if each.weight is not None else None for each in (old, now))
        if end == INITIAL or (before and before.value) == (after and after.value):
            continue
        first = next((each for each in known.entries if each.care_area.casefold() == now.name.casefold()), None)
        pointer = first.at(AREA_WEIGHTS[end]) if first is not None else f"/area/{now.name}/weight"
        what = f"the {words} of the weights of {now.name}"
        yield _moved(pointer, what, before, after, wider_or_tighter(end, before, after), known)


def _of_speed(rates: tuple[Fraction, Fraction], use: LibraryUse, knowledge: Knowledge) -> str:
    """Return which doses of protocols need a faster pump, and above which weight, as the end of a message."""
    heaviest = base_value(knowledge.limits.usual_weight.high)[0]
    found: list[str] = []
    for protocol in use.protocols:
        made = (each.concentration for each in use.entries if each.drug == protocol.drug)
        strengths = {base_value(each)[0] for each in made if each is not None}
        for step in steps_of(protocol, knowledge):
            rate = step.order.fields.get("dose_rate_per_kg")
            dose = base_value(rate)[0] if rate is not None else Fraction()
            for strength in sorted(strengths) if dose else ():
                was, now = (each * strength / dose for each in rates)
                if min(was, now) < heaviest:
                    before = _above(was, heaviest)
                    found.append(f"{step.words}: the pump is too slow {_above(now, heaviest)} (before: {before})")
    more = f"; and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
    return "".join(f"; {each}" for each in found[:_SHOWN]) + more


def _above(weight: Fraction, heaviest: Fraction) -> str:
    return f"above {rounded(weight)} kg" if weight < heaviest else "at no usual weight"
