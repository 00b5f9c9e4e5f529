"""An order set of a document that holds texts alone: compared as it is written, and made only where it is judged.

What else a document may hold (numbers of JSON, conditions, titrations, what is to be watched, what is written twice)
is read first, and compared with nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.core.orders import order_field as field
from rescuecalc.readers.document_reading import InDocument, Shape, same_names
from rescuecalc.readers.order_sets import order_sets

if TYPE_CHECKING:
    from collections.abc import Hashable

    from rescuecalc.core.orders.order import OrderSet
    from rescuecalc.core.orders.traced_order import Taken
    from rescuecalc.core.orders.traced_text import Rest
    from rescuecalc.readers.document_reading import Lines, Tree
    from rescuecalc.readers.row_shape import Form

_PARTS: Final = frozenset((*field.SET_TEXTS, "patient", "orders"))

_MOST: Final = 32
"""Orders of a set that is compared; larger ones do not come again."""

_LONGEST: Final = 1_000
"""Characters of a text of a set that is compared."""


def plain_reading(tree: Tree, lines: Lines, above: int = 0) -> PlainReading | None:
    """Return the reading of a document that is one order set of texts alone, None of any other."""
    data = tree.data
    if not isinstance(data, dict) or tree.doubled or not _PARTS.issuperset(data):
        return None
    patient, orders = data.get("patient", {}), data.get("orders")
    if not isinstance(orders, list) or not 0 < len(orders) <= _MOST:
        return None
    texts = {name: text for name, text in data.items() if name not in {"patient", "orders"}}
    return PlainReading(tree, lines, above) if all(map(_is_plain, (texts, patient, *orders))) else None


def _is_plain(part: Any) -> bool:
    """Whether all that a part holds are texts; a number of JSON is a text of another type."""
    return isinstance(part, dict) and all(type(each) is str and 0 < len(each) <= _LONGEST for each in part.values())


class PlainReading(InDocument):
    """An order set of texts alone."""

    def __init__(self, tree: Tree, lines: Lines, above: int) -> None:
        super().__init__(tree, lines, above)
        self._data = data = tree.data
        self._patient: dict[str, str] = data.get("patient", {})
        self._written: list[dict[str, str]] = data["orders"]
        self.orders = len(self._written)
        self.title: str = data.get("order_set", "")
        self.names = tuple(each.get("id", "") for each in self._written)

    @property
    def _common(self) -> tuple[Hashable, ...]:
        """What is written besides the patient and the orders, but the name of the set, and which of these there are."""
        texts = ((name, text) for name, text in self._data.items() if name not in {"order_set", "orders", "patient"})
        return "order set", same_names(self.names), tuple(self._data), *texts

    @property
    def key(self) -> Hashable:
        """All that is written but the names; of those, which are the same."""
        orders = (tuple((name, name == "id" or text) for name, text in each.items()) for each in self._written)
        return *self._common, tuple(self._patient.items()), *orders

    def _rows(self) -> list[tuple[Form, tuple[str, ...]]]:
        """Return each order as a row with the form of its columns; the patient stands in the first."""
        patient = tuple(self._patient)
        return [
            (_form(() if place else patient, tuple(each)), (*(() if place else self._patient.values()), *each.values()))
            for place, each in enumerate(self._written)
        ]

    @property
    def shape(self) -> Shape | None:
        """All that is written but the names and some numbers, and those; None where one of them is zero."""
        key: list[Any] = [*self._common, tuple(self._patient), *map(tuple, self._written)]
        numbers: list[int] = []
        for place, (form, cells) in enumerate(self._rows()):
            form.take(place, cells, key, numbers)
        return Shape(tuple(key), tuple(numbers)) if all(numbers) else None

    def taken(self) -> tuple[tuple[Taken, ...], tuple[Rest, ...]]:
        """Return what the numbers of its shape are the numbers of, and the texts of which it holds the beginning."""
        from rescuecalc.readers.row_shape import marked, rests_of  # noqa: PLC0415  # of many order sets alone

        rows = self._rows()
        found = (each for place, (form, cells) in enumerate(rows) for each in form.found(place, cells))
        return marked(found), rests_of(form.text_of(cells) for form, cells in rows)

    def order_set(self) -> OrderSet:
        """Return the order set."""
        return next(order_sets(self._data, ()))


@lru_cache(maxsize=1024)
def _form(patient: tuple[str, ...], names: tuple[str, ...]) -> Form:
    from rescuecalc.readers.row_shape import form_of  # noqa: PLC0415  # of many order sets alone

    headings = (*(f"patient_{name}" for name in patient), *names)
    return form_of(headings, [place for place, name in enumerate(headings) if name != "id"])
