"""Where a finding stands in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rescuecalc.core.orders.findings.finding import Finding


class Place(NamedTuple):
    """Line and column from 1, how long what stands there is (0: not known), and its source line.

    ``excerpt`` is the source line, or of a long one the part around the place, which begins at its ``offset``.
    """

    line: int
    column: int
    length: int
    excerpt: str
    offset: int


class Located(NamedTuple):
    """A finding with its place (None: a file that could not be opened).

    ``identity`` names what it is about without a line or a number that moves: order set, order, field and value.
    ``fails`` says that it is heavy enough to end the run with exit 1. ``order`` is the id of the order that it is
    about and ``order_set`` the name of its order set, empty where there is none.
    """

    finding: Finding
    place: Place | None
    identity: str
    fails: bool = False
    order: str = ""
    order_set: str = ""
