"""What every reader hands out, and the bounds within which it reads."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from rescuecalc.core.orders.findings.source_location import Place
from rescuecalc.core.orders.order import Defect, OrderSet

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from rescuecalc.core.orders.findings.suppression import Suppression
    from rescuecalc.core.orders.traced_order import Taken
    from rescuecalc.core.orders.traced_text import Rest

LARGEST_YAML: Final = 1_000_000
LARGEST_JSON: Final = 32_000_000
LONGEST_LINE: Final = 1_000_000
"""Bytes: of a YAML file, of a JSON file or a line of JSON Lines, and of a line of CSV; such files may be of any size.

What a resource of FHIR refers to may stand anywhere in its Bundle: it is held whole (docs/decisions/0021-exports.md).
"""

DEEPEST: Final = 64
"""Levels of nesting; an order set has four."""

MOST_ORDERS: Final = 2_000
"""Orders of one order set."""

MOST_SETS: Final = 2_000
MOST_LISTED_SETS: Final = 50_000
"""Documents of one YAML file, and order sets of one list; JSON Lines and CSV hold any number."""

LONGEST_TEXT: Final = 10_000
"""Characters of one field."""

UNREADABLE_FILE: Final = "RC101"
UNREADABLE_PART: Final = "RC102"
"""The codes of the rules that tell what could not be read: they end with exit 3."""

_EXCERPT: Final = 200
"""Characters that are kept of a source line, before and after the place."""


class NotReadable(Exception):
    """A file, or a part of one, that cannot be read as what it should be; line and column count from 1."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line, self.column = line, column


class Spot(NamedTuple):
    """Line and column from 1, and length."""

    line: int
    column: int
    length: int


class Shape(NamedTuple):
    """All that is written of an order set but some of its numbers, and those, each a whole number of 1 or more."""

    key: Hashable
    numbers: tuple[int, ...]


class Reading(Protocol):
    """One order set as it was read; readings of equal ``key`` differ in names and places alone (None: not compared)."""

    @property
    def key(self) -> Hashable:
        """What equal readings have in common."""

    @property
    def shape(self) -> Shape | None:
        """What readings have in common that differ in some numbers too (None: not compared)."""

    def taken(self) -> tuple[tuple[Taken, ...], tuple[Rest, ...]]:
        """Return what the numbers of its shape are the numbers of, and the texts of which it holds the beginning."""

    @property
    def orders(self) -> int:
        """How many orders it holds."""

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of its orders."""

    @property
    def title(self) -> str:
        """The name of the order set, empty where it has none."""

    @property
    def suppressions(self) -> tuple[Suppression, ...]:
        """What the comments of its file let stand."""

    @property
    def passed_over(self) -> int:
        """How many resources that have nothing to do with medication were passed over."""

    def order_set(self) -> OrderSet:
        """Return the order set."""

    def in_file(self, pointer: str) -> str:
        """Return where in the document the pointer of the order set stands."""

    def place(self, pointer: str) -> Place | None:
        """Return where the pointer stands."""


class Tree(NamedTuple):
    """A document as dictionaries, lists and texts; ``spot`` finds a pointer, ``doubled`` what is written twice."""

    data: Any
    spot: Callable[[str], Spot | None]
    doubled: tuple[str, ...]


class Lines:
    """A text, for looking up its lines."""

    def __init__(self, text: str, starts: Sequence[int]) -> None:
        self.text, self.starts = text, starts

    def spot(self, start: int, end: int) -> Spot:
        """Return the spot of the characters from ``start`` to ``end``."""
        line = bisect_right(self.starts, start)
        return Spot(line, start - self.starts[line - 1] + 1, end - start)

    def place(self, spot: Spot, above: int = 0) -> Place:
        """Return the place of a spot; ``above`` is how many lines stand before this text."""
        number = min(spot.line, len(self.starts))
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        line = self.text[self.starts[number - 1] : end].rstrip("\r\n\x85\u2028\u2029")
        before = max(0, spot.column - 1 - _EXCERPT)
        excerpt = line[before : spot.column - 1 + _EXCERPT]
        return Place(spot.line + above, spot.column, spot.length, excerpt, spot.column - 1 - before)


def starts_of_lines(text: str) -> list[int]:
    """Return where each line begins; a line ends with a line feed."""
    found, start = [0], text.find("\n") + 1
    while start:
        found.append(start)
        start = text.find("\n", start) + 1
    return found


def same_names(names: Sequence[str]) -> tuple[int, ...]:
    """Return of each name the first place where it stands: what is left of names that are not compared."""
    first: dict[str, int] = {}
    return tuple(first.setdefault(name, place) for place, name in enumerate(names))


class NativeReading:
    """What every reading of a native document has in common: its pointers are its own, and it is compared with none."""

    passed_over = 0
    suppressions: tuple[Suppression, ...] = ()

    @property
    def shape(self) -> Shape | None:
        """Nothing: it has none."""
        return None

    def in_file(self, pointer: str) -> str:
        """Return the pointer itself."""
        return pointer

    def taken(self) -> tuple[tuple[Taken, ...], tuple[Rest, ...]]:
        """Return nothing: no number was taken out, and no text cut."""
        return (), ()


class InDocument(NativeReading):
    """An order set out of a document whose positions are looked up when a finding needs one."""

    def __init__(self, tree: Tree | None, lines: Lines, above: int) -> None:
        self._tree, self._lines, self._above = tree, lines, above

    def in_file(self, pointer: str) -> str:
        """Return the pointer, and for a product that the name of the drug states that of the drug."""
        order, _, name = pointer.rpartition("/")
        is_in_name = name == "product" and self._tree is not None and self._tree.spot(pointer) is None
        return f"{order}/drug" if is_in_name and self._tree and self._tree.spot(f"{order}/drug") else pointer

    def place(self, pointer: str) -> Place | None:
        """Return the place of the pointer, or of the nearest thing around it that is there."""
        spot = None
        while self._tree is not None and spot is None:
            spot = self._tree.spot(pointer)
            if not pointer:
                break
            pointer = pointer.rpartition("/")[0]
        return self._lines.place(spot or Spot(1, 1, 0), self._above)


class DocumentReading(InDocument):
    """An order set that was made of a document, and is compared with no other one."""

    key = None

    def __init__(
        self,
        made: OrderSet,
        tree: Tree | None,
        lines: Lines,
        above: int = 0,
    ) -> None:
        super().__init__(tree, lines, above)
        self._made = made
        own = [order for order in made.orders if not order.of]
        self.orders = len(own)
        self.title = made.texts.get("order_set", "")
        self.names = tuple(order.id for order in own)

    def order_set(self) -> OrderSet:
        """Return the order set."""
        return self._made


class FailedReading(NativeReading):
    """What could not be read, as an order set of one defect; ``place`` is where."""

    orders = 0
    names = ()
    title = ""

    def __init__(self, code: str, message: str, place: Place | None) -> None:
        self._defect, self._place = Defect(code, message), place
        self.key = (code, message)

    def order_set(self) -> OrderSet:
        """Return an order set of no orders with the one defect."""
        return OrderSet("", None, None, None, None, (), defects=(self._defect,))

    def place(self, pointer: str) -> Place | None:  # noqa: ARG002  # there is but one place
        """Return where the reading failed."""
        return self._place


class PassedOver(NativeReading):
    """A document that has nothing to do with orders, and lies beside them: it is counted."""

    key = None
    orders = 0
    names = ()
    title = ""
    passed_over = 1

    def order_set(self) -> OrderSet:
        """Return an order set of no orders."""
        return OrderSet("", None, None, None, None, ())

    def place(self, pointer: str) -> Place | None:  # noqa: ARG002  # nothing is found in it
        """Return no place."""
        return None
