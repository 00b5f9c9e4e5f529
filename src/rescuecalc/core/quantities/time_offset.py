"""A time counted from the start of the first infusion, before or after it: the only signed quantity."""

from fractions import Fraction
from typing import Final, NamedTuple, Self

from rescuecalc.core.quantities.decimal_text import elapsed_text, plain, quoted, significant
from rescuecalc.core.quantities.quantity import Duration, parsed
from rescuecalc.core.quantities.spelling import as_written
from rescuecalc.core.quantities.units import unit
from rescuecalc.errors import InputError

_STEPS: Final = (("h", 3600), ("min", 60), ("s", 1))
_DIGITS: Final = 15


def _natural(seconds: Fraction) -> tuple[str, int]:
    """Return the largest unit of which this is a whole number, with its size in seconds."""
    return next((name, size) for name, size in _STEPS if seconds % size == 0 or size == 1)


class Offset(NamedTuple):
    """Exact ``seconds`` after the start of the first infusion; negative before it."""

    seconds: Fraction

    @classmethod
    def start(cls) -> Self:
        """Return the start of the first infusion itself."""
        return cls(Fraction(0))

    def plus(self, length: Duration) -> Self:
        """Return the time ``length`` later."""
        return type(self)(self.seconds + length.value_in("s"))

    def minus(self, length: Duration) -> Self:
        """Return the time ``length`` earlier."""
        return type(self)(self.seconds - length.value_in("s"))

    def after(self, earlier: Self) -> Duration | None:
        """Return how long this is after ``earlier``; None where it is not after it."""
        length = self.seconds - earlier.seconds
        if length <= 0:
            return None
        if type(length) is not Fraction:
            return _traced(length)
        name, size = _natural(length)
        return Duration(length / size, unit(name))

    @property
    def spoken(self) -> str:
        """The time as a person reads it: in whole hours or minutes, else as hours:minutes:seconds."""
        name, _ = _natural(self.seconds)
        clock = elapsed_text(self.seconds.__floor__())
        return str(self) if name != "s" else clock if self.seconds < 0 else f"+{clock}"

    def __str__(self) -> str:
        """Return it as it is written in an order set: ``+20 h``, ``-90 min``."""
        name, length = _natural(self.seconds)
        sign = "-" if self.seconds < 0 else "+"
        return f"{sign}{plain(significant(abs(self.seconds) / length, _DIGITS))} {name}"


def _traced(length: Fraction) -> Duration:
    """Return a length between traced times, which is compared and not told."""
    from rescuecalc.core.quantities.traced import Ratio  # noqa: PLC0415  # only of a file with many orders

    return Duration(Ratio(*length.as_integer_ratio(), silent=True), unit("s"))


def read_offset(text: str, name: str) -> Offset:
    """Return ``text``, a sign and a time (zero without a sign too), as an offset; ``name`` says where it was written.

    >>> str(read_offset("+20 h", "start"))
    '+20 h'

    Raises InputError that quotes the text and shows what to write.
    """
    try:
        return _signed(text.strip(" "))
    except InputError as reason:
        raise InputError(f"{name}: cannot read {quoted(text)}: {reason}; write one as +20h or -2h") from None


def _signed(text: str) -> Offset:
    if text[:1] not in {"+", "-"}:
        if text[:1] == "0" and not parsed(Duration, text).magnitude:
            return Offset.start()  # the start itself needs no sign
        raise InputError("a time offset has a sign")
    length = as_written(text[1:], Duration).value_in("s")
    return Offset(-length if text[0] == "-" else length)
