"""What changed clinically between two versions of order sets: by value, not by spelling."""

from __future__ import annotations

from collections import Counter
from typing import IO, TYPE_CHECKING, Final, NamedTuple, TypeVar

from rescuecalc.catalogue.codes import drug_codes
from rescuecalc.core.orders.order_field import TITRATE
from rescuecalc.core.quantities.quantity import Quantity
from rescuecalc.engine.set_changes import OrderSetChange, changes_of_set
from rescuecalc.readers.files import readings
from rescuecalc.readers.text_decoding import UTF_8
from rescuecalc.rules.document.document import UNREADABLE
from rescuecalc.rules.facts.notation_edits import fixed_notation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from rescuecalc.core.orders.order import Order, OrderSet
    from rescuecalc.core.orders.titration import Titration
    from rescuecalc.readers.column_map import ColumnMap
    from rescuecalc.readers.input_paths import File

_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "drug": ("drug",),
    "route": ("route", "kind"),
    "dose": ("dose", "dose_per_kg", "max_dose"),
    "rate": ("dose_rate", "dose_rate_per_kg", "max_dose_rate", "pump_rate"),
    "concentration": ("concentration", "product", "diluted_in"),
    "volume": ("volume", "vtbi"),
    "time": ("start", "stop", "give_over", "run_time", "frequency"),
    "condition": ("when", "weight", "choose_one"),
    "text": ("text",),
}
"""What kind of change one of a field is; any other field of an order is of the kind ``other``."""

_KIND_OF: Final = {name: kind for kind, names in _FIELDS.items() for name in names}
T = TypeVar("T")


class Version(NamedTuple):
    """The order sets of one version, and what of it could not be read."""

    name: str
    sets: tuple[OrderSet, ...]
    unread: tuple[str, ...]

    @property
    def orders(self) -> int:
        """How many orders it holds."""
        return sum(len(each.orders) for each in self.sets)


class Compared(NamedTuple):
    """Two versions and what changed from the old to the new one."""

    old: Version
    new: Version
    changes: tuple[OrderSetChange, ...]

    @property
    def unreadable(self) -> bool:
        """Whether something of either could not be read."""
        return bool(self.old.unread or self.new.unread)


def version(
    name: str,
    files: Iterable[File],
    stdin: IO[bytes],
    columns_of: Callable[[File], ColumnMap | None],
    encoding: str = "",
) -> Version:
    """Return the order sets of a file or a folder."""
    sets: list[OrderSet] = []
    unread = []
    for file in files:
        columns = columns_of(file)
        known = encoding or (columns.encoding if columns is not None else "") or UTF_8
        for reading in readings(file, stdin, drug_codes, columns, known):
            made = reading.order_set()
            unread += [f"{file.name}: {each.message}" for each in made.defects if each.code in UNREADABLE]
            if made.orders or made.whole:
                sets.append(made)
    return Version(name, tuple(sets), tuple(unread))


def compared(old: Version, new: Version) -> Compared:
    """Return what changed from ``old`` to ``new``: order sets by name, their orders by id, else by drug and kind."""
    if any(each.unread and not each.sets for each in (old, new)):
        return Compared(old, new, ())  # nothing is known to be gone from what could not be read
    changes = [change for pair in _pairs_of_sets(old.sets, new.sets) for change in _of_sets(*pair)]
    return Compared(old, new, tuple(changes))


def _name(made: OrderSet | None) -> str:
    return made.texts.get("order_set", "") if made is not None else ""


def _pairs_of_sets(
    old: tuple[OrderSet, ...], new: tuple[OrderSet, ...]
) -> Iterator[tuple[OrderSet | None, OrderSet | None]]:
    """Yield each set with its other version; where there is one of each, its name may have changed."""
    if len(old) == len(new) == 1:
        yield old[0], new[0]
        return
    yield from _paired(old, new, [_name])


def _paired(
    old: Iterable[T], new: Iterable[T], keys: Sequence[Callable[[T], object]]
) -> Iterator[tuple[T | None, T | None]]:
    """Yield what belongs together by the first key that both have once more, and what is left alone."""
    left, found = list(new), {}
    before = list(old)
    for key in keys:
        for place, one in enumerate(before):
            if place in found or not key(one):
                continue
            other = next((each for each in left if key(each) == key(one)), None)
            if other is not None:
                found[place] = other
                left.remove(other)
    yield from ((one, found.get(place)) for place, one in enumerate(before))
    yield from ((None, other) for other in left)


def _by_id(order: Order) -> object:
    return order.id


def _by_use(order: Order) -> object:
    return order.drug, order.given_as, order.route, _when(order), order.texts.get("weight")


def _by_kind(order: Order) -> object:
    return order.drug, order.given_as


def _of_sets(old: OrderSet | None, new: OrderSet | None) -> Iterator[OrderSetChange]:
    name = _name(new) or _name(old)
    if old is not None and new is not None:
        yield from changes_of_set(name, old, new)
    before_orders, after_orders = (_stated_orders(each) if each is not None else () for each in (old, new))
    drugs = Counter(each.drug for each in before_orders), Counter(each.drug for each in after_orders)
    keys = [_by_id, _by_use, _by_kind]
    for one, other in _paired(before_orders, after_orders, keys):
        if one is None or other is None:
            yield _added_or_removed(name, one, other, *drugs)
        else:
            yield from _of_orders(name, one, other)


def _stated_orders(made: OrderSet) -> tuple[Order, ...]:
    """Return the orders as they are written: the further ends of a range are compared with it."""
    return tuple(each for each in made.orders if not each.of)


def _added_or_removed(
    name: str, old: Order | None, new: Order | None, before: Counter[str], after: Counter[str]
) -> OrderSetChange:
    """Return that an order is gone or added, and whether its drug is with it."""
    order = old or new
    assert order is not None  # noqa: S101  # one of the two is there
    elsewhere = after if old is not None else before
    kind = "order" if elsewhere[order.drug] else "drug"
    what = f"{kind} {'gone' if old is not None else 'added'}"
    summary = ", ".join(value for field in _ORDERED if (value := _shown(order, field)) and field != "text")
    return OrderSetChange(
        what, name, order.id, order.drug, "", *((summary, None) if old is not None else (None, summary))
    )


_ORDERED: Final = ("route", "kind", *_FIELDS["dose"], *_FIELDS["rate"], *_FIELDS["time"], "text")


def _of_orders(name: str, old: Order, new: Order) -> Iterator[OrderSetChange]:
    """Yield each field that says something else; a quantity says the same in another unit."""
    for field in dict.fromkeys((*_KIND_OF, *old.texts, *new.texts)):
        before, after = _shown(old, field), _shown(new, field)
        if field in {"id", *_IN_ORDER} or _is_same(old, new, field, before, after):
            continue
        what, factor = _KIND_OF.get(field, "other"), _factor(old, new, field)
        yield OrderSetChange(what, name, new.id or old.id, new.drug, field, before, after, factor)
    for part in TITRATE:
        one, other = (_titrated(each.titration, part) for each in (old, new))
        if len(one) != len(other) or not all(map(_is_equal, one, other)):
            shown, now = _joined(one), _joined(other)
            yield OrderSetChange("titration", name, new.id or old.id, new.drug, f"titrate.{part}", shown, now)


def _titrated(titration: Titration | None, part: str) -> tuple[object, ...]:
    """Return what a titration says of one of its fields; nothing where it says nothing."""
    if titration is None:
        return ()
    one = {"min": titration.least, "max": titration.most, "target": titration.target or None}
    if part in one:
        return () if one[part] is None else (one[part],)
    return {"start": titration.starts, "step": titration.steps, "every": titration.every}[part]


def _is_equal(one: object, other: object) -> bool:
    return one == other or _ratio(one, other) == 1


def _joined(values: tuple[object, ...]) -> str | None:
    return " to ".join(map(str, values)) or None


_IN_ORDER: Final = ("when_creatinine_clearance", "when_weight", "when_thrombolysis", "when_imaging", "titrate")


def _shown(order: Order, field: str) -> str | None:
    """Return a field as it is written, or as it is known where no text was."""
    if field == "when":
        return _when(order) or None
    if field == "drug":
        return order.drug or None
    if field in {"route", "kind"}:
        return getattr(order, field) or order.texts.get(field)
    text = order.texts.get(field)
    value = order.fields.get(field)
    return text or (str(value) if value is not None else None)


def _when(order: Order) -> str:
    return ", ".join(f"{each.name} {each.text}" for each in order.when)


def _is_same(old: Order, new: Order, field: str, before: str | None, after: str | None) -> bool:
    if before == after or (before and after and before.split() == after.split()):
        return True
    if field in {"start", "stop"}:
        one, other = (getattr(each, field) for each in (old, new))
        return one is not None and one == other
    if field in {"text", "frequency"} and before and after and fixed_notation(before) == fixed_notation(after):
        return True  # `QD` and `daily`: a matter of notation
    if field == "frequency":
        return old.frequency is not None and old.frequency == new.frequency
    return _factor(old, new, field) == 1


def _factor(old: Order, new: Order, field: str) -> Fraction | None:
    """Return after ÷ before, None where they are no quantities of one kind, or ranges that did not grow as a whole."""
    ends = [each.spans.get(field) for each in (old, new)]
    if ends[0] is None and ends[1] is None:
        return _ratio(old.fields.get(field), new.fields.get(field))
    if ends[0] is None or ends[1] is None:
        return None
    low, high = _ratio(ends[0].low, ends[1].low), _ratio(ends[0].high, ends[1].high)
    return low if low == high else None


def _ratio(before: object, after: object) -> Fraction | None:
    if not isinstance(before, Quantity) or not isinstance(after, Quantity) or not before.magnitude:
        return None
    kinds = [[(part.dimension) for part in each.unit.parts] for each in (before, after)]
    if before.unit.shape != after.unit.shape or kinds[0] != kinds[1]:
        return None
    return after.value_in(before.unit.name) / before.magnitude
