"""The smaller of two traced numbers, found once somebody asks for it: of most nobody does, and it is no condition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from rescuecalc.core.quantities.traced import Ratio

if TYPE_CHECKING:
    from fractions import Fraction


class Smaller(Ratio):
    """The smaller of two numbers, of which at least one is traced: which it is, is asked when it is first used."""

    __slots__ = ("_found", "_one", "_other")
    _one: Fraction
    _other: Fraction
    _found: Fraction | None

    def __new__(cls, one: Fraction, other: Fraction) -> Self:
        """Return what becomes the smaller of the two."""
        made = object.__new__(cls)
        made._one, made._other, made._found = one, other, None
        return made

    def _smaller(self) -> Fraction:
        if self._found is None:
            self._found = min(self._one, self._other)
        return self._found

    @property
    def _numerator(self) -> Any:
        return self._smaller().as_integer_ratio()[0]

    @property
    def _denominator(self) -> Any:
        return self._smaller().as_integer_ratio()[1]

    @property
    def silent(self) -> bool:  # type: ignore[override]
        """Whether it is told in no message."""
        return bool(getattr(self._smaller(), "silent", False))
