"""A quantity as a text for people says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

    from rescuecalc.core.quantities.quantity import Quantity


class Said(NamedTuple):
    """A quantity in a text as it is written there, the field that it speaks of, and where its number begins.

    ``of`` are the words before it that may say what it is of, in small letters: the nearest of its sentence, and the
    first since the number before it. ``doubtful``: its clause may speak of another dose than the one that is given; not
    ``given``: it is a bound, or another step's. ``least`` is the lower end of a range, ``is_cap`` tells that it is the
    most, ``share`` is the part of the whole that it is called, 1 of the whole. ``per_weight``: it is multiplied by the
    weight; ``is_result``: it stands behind an equals sign; ``restates``: it says the number before it again;
    ``is_step``: it is given after another; ``is_count``: it is so many tablets; ``times`` is how often it is given.
    """

    field: str
    quantity: Quantity
    text: str
    at: int = 0
    of: tuple[str, ...] = ()
    doubtful: bool = False
    given: bool = True
    least: Quantity | None = None
    is_cap: bool = False
    share: Fraction | None = None
    per_weight: bool = False
    is_result: bool = False
    restates: bool = False
    is_step: bool = False
    is_count: bool = False
    times: int = 1
    whole: str = ""  # the words of it, with those that say how often
