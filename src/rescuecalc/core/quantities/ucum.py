"""UCUM codes by their grammar: which are codes at all, which of these rescuecalc knows, and which nobody means.

Valid is not meant: `MG` is a megagauss, `EA` an exaampere, and `ug/kg.min` says micrograms times minutes per kilogram.
So a code is invalid, valid and never meant in an order, valid and not known here, or a unit of the closed table.
"""

from __future__ import annotations

import re
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.quantities.ucum_units import METRIC, OTHER, PREFIXES
from rescuecalc.core.quantities.units import UCUM_ATOMS, how_many, unit_of_powers
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.core.quantities.units import Unit

_LONGEST: Final = 100
"""Characters of a code; no unit of an order needs a third of it."""

_PIECE: Final = re.compile(
    r"(?P<note>\{[!-z|~]*\})|(?P<sign>[./()])|(?P<number>[0-9]+(?=[./(){]|$))|(?P<unit>(?:\[[^\]\[{}]*\]|[^./(){}\[\]])+)",
    re.ASCII,
)
_POWER: Final = re.compile(r"(?P<name>10\*|10\^|.*?[^0-9+-]|.*\])(?P<power>[+-]?[0-9]{1,3})?", re.ASCII)


class Term(NamedTuple):
    """One unit of a code with its prefix, and the power that it stands in."""

    prefix: str
    name: str
    power: int


class Code(NamedTuple):
    """What a code says: a number times powers of units; ``counts`` where an annotation stands alone: ``{tablet}``."""

    number: Fraction
    terms: tuple[Term, ...]
    counts: bool


@lru_cache(maxsize=4096)
def parsed_code(text: str) -> Code:
    """Return what the UCUM code ``text`` says.

    >>> parsed_code("ug/(kg.min)").terms[1]
    Term(prefix='k', name='g', power=-1)

    Raises InputError with the reason alone.
    """
    if not text or len(text) > _LONGEST:
        raise InputError("it is empty" if not text else f"it is longer than {_LONGEST} characters")
    pieces = _Pieces(text)
    made = _term(pieces, depth=0, starts=True)
    if pieces.next() is not None:
        raise InputError(f"{pieces.next()!r} stands where a unit ends")
    return made


class _Pieces:
    """The pieces of a code, one ahead."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._piece = self._read()

    def _read(self) -> re.Match[str] | None:
        if self._at == len(self._text):
            return None
        match = _PIECE.match(self._text, self._at)
        if match is None:
            raise InputError(f"{self._text[self._at]!r} cannot stand there")
        self._at = match.end()
        return match

    def next(self) -> str | None:
        return self._piece[0] if self._piece is not None else None

    def kind(self) -> str | None:
        return self._piece.lastgroup if self._piece is not None else None

    def take(self) -> str:
        if self._piece is None:
            raise InputError("it ends where a unit is needed")
        taken, self._piece = self._piece[0], self._read()
        return taken


_DEEPEST: Final = 10


def _term(pieces: _Pieces, depth: int, *, starts: bool) -> Code:
    """Read ``[/] component { ./ component }``: what follows a slash goes below the line, and only that."""
    sign = 1
    if starts and pieces.next() == "/":
        pieces.take()
        sign = -1
    made = _raised(_component(pieces, depth), sign)
    while pieces.next() in {".", "/"}:
        sign = 1 if pieces.take() == "." else -1
        other = _raised(_component(pieces, depth), sign)
        made = Code(made.number * other.number, (*made.terms, *other.terms), made.counts or other.counts)
    return made


def _raised(code: Code, sign: int) -> Code:
    if sign == 1:
        return code
    if not code.number:
        raise InputError("zero stands below the line")
    return Code(1 / code.number, tuple(term._replace(power=-term.power) for term in code.terms), code.counts)


def _component(pieces: _Pieces, depth: int) -> Code:
    kind = pieces.kind()
    if pieces.next() == "(":
        if depth >= _DEEPEST:
            raise InputError("its brackets are nested too deep")
        pieces.take()
        made = _term(pieces, depth + 1, starts=True)
        if pieces.next() != ")":
            raise InputError("a bracket is not closed")
        pieces.take()
        return made
    if kind == "note":
        pieces.take()
        return Code(Fraction(1), (), counts=True)
    if kind == "number":
        made = Code(Fraction(int(pieces.take())), (), counts=False)
    elif kind == "unit":
        made = Code(Fraction(1), (_simple(pieces.take()),), counts=False)
    else:
        raise InputError(f"{pieces.take()!r} stands where a unit is needed")
    if pieces.kind() == "note":
        pieces.take()  # an annotation behind a unit changes nothing of it
    return made


def _simple(text: str) -> Term:
    match = _POWER.fullmatch(text)
    if match is None:
        raise InputError(f"{text!r} is no unit")
    prefix, name = _atom(match["name"])
    return Term(prefix, name, int(match["power"] or 1))


def _atom(text: str) -> tuple[str, str]:
    if text in METRIC or text in OTHER:
        return "", text
    for length in (2, 1):
        if text[:length] in PREFIXES and text[length:] in METRIC:
            return text[:length], text[length:]
    raise InputError(f"{text!r} is no unit of UCUM")


class CodeVerdict(Enum):
    """What there is to say of a code."""

    KNOWN = "known"
    NOT_KNOWN = "not known"
    NEVER_MEANT = "never meant"
    INVALID = "invalid"


class JudgedCode(NamedTuple):
    """A code with its verdict; ``powers`` and ``unit`` where rescuecalc knows it, ``instead`` what is meant.

    A number in the code is multiplied by ``times`` for one in the unit: what is said per second is counted per minute.
    """

    verdict: CodeVerdict
    unit: Unit | None = None
    powers: tuple[tuple[str, int], ...] | None = None
    reason: str = ""
    instead: str | None = None
    times: Fraction = Fraction(1)


class Counted(NamedTuple):
    """Powers with the unit that they are, where they are one, and by what a number is multiplied to be in it."""

    powers: dict[str, int]
    unit: Unit | None
    times: Fraction


_COUNTED_PER: Final = {
    "s": ("min", how_many("s", "min")),
    "lb": ("kg", how_many("lb", "kg")),
    "g": ("kg", how_many("mg", "g")),
}
"""What no order is written per, what it is counted per, and by what its number is multiplied then.

A gram below the line weighs the patient: as many make a kilogram as milligrams make a gram.
"""


def counted(powers: Mapping[str, int]) -> Counted:
    """Return the unit that powers are; what is said per second, pound or gram is counted per minute or kilogram.

    >>> made = counted({"mcg": 1, "kg": -1, "s": -1})
    >>> made.unit.name, int(made.times)
    ('mcg/kg/min', 60)
    """
    found, times = {name: power for name, power in powers.items() if power}, Fraction(1)
    if unit_of_powers(found) is None:
        for name, (instead, each) in _COUNTED_PER.items():
            if found.get(name) == -1 and instead not in found:
                found = {instead if part == name else part: power for part, power in found.items()}
                times *= each
    return Counted(found, unit_of_powers(found), times)


@lru_cache(maxsize=4096)
def judged_code(text: str) -> JudgedCode:
    """Return the verdict on a UCUM code.

    >>> judged_code("ug/kg.min").instead
    'ug/kg/min'
    """
    try:
        code = parsed_code(text)
    except InputError as reason:
        return JudgedCode(CodeVerdict.INVALID, reason=str(reason))
    powers, scale = _powers(code)
    made = counted(dict(powers)) if powers is not None else None
    if made is not None and made.unit is not None:
        return JudgedCode(CodeVerdict.KNOWN, made.unit, tuple(made.powers.items()), times=made.times * scale)
    if powers is not None and scale == 1 and _is_part(powers):
        return JudgedCode(CodeVerdict.KNOWN, None, powers)
    for instead, why in _look_alikes(text, code):
        if instead.startswith("{") or judged_code(instead).unit is not None:
            return JudgedCode(CodeVerdict.NEVER_MEANT, reason=why, instead=instead)
    return JudgedCode(CodeVerdict.NOT_KNOWN)


_KILO: Final = Fraction(10**3)

_SCALED: Final = {
    **dict.fromkeys(("mU", "m[iU]", "m[IU]"), ("units", 1 / _KILO)),
    **dict.fromkeys(("kU", "k[iU]", "k[IU]"), ("units", _KILO)),
    "nmol": ("umol", 1 / _KILO),
    "mol": ("mmol", _KILO),
    "eq": ("mEq", _KILO),
    "osm": ("mOsm", _KILO),
    "pg": ("ng", 1 / _KILO),
    **dict.fromkeys(("cL", "cl"), ("mL", Fraction(10))),
    **dict.fromkeys(("uL", "ul"), ("mL", 1 / _KILO)),
}
"""Codes of a size that the closed table does not have: their unit there, and by what their number is multiplied."""


def _powers(code: Code) -> tuple[tuple[tuple[str, int], ...] | None, Fraction]:
    """Return the powers of the closed table's units, and a factor; None where a code holds anything else."""
    if code.number != 1 or code.counts:
        return None, Fraction(1)
    found: dict[str, int] = {}
    scale = Fraction(1)
    for term in code.terms:
        written = term.prefix + term.name
        name, each = (UCUM_ATOMS[written], Fraction(1)) if written in UCUM_ATOMS else _SCALED.get(written, (None, 1))
        if name is None:
            return None, Fraction(1)
        found[name] = found.get(name, 0) + term.power
        scale *= Fraction(each) ** term.power
    return tuple(found.items()), scale


def _is_part(powers: tuple[tuple[str, int], ...]) -> bool:
    """Whether it can stand below the line of a ratio: ``kg.min``."""
    return len(powers) > 1 and all(power == 1 for _, power in powers) and _below(dict(powers))


def _below(powers: Mapping[str, int]) -> bool:
    return unit_of_powers({"mcg": 1, **{name: -power for name, power in powers.items()}}) is not None


_WRITTEN_FOR: Final = {
    "G": "g",
    "Mg": "mg",
    "MG": "mg",
    "mG": "mg",
    "uG": "ug",
    "nG": "ng",
    "ML": "mL",
    "Ml": "mL",
    "S": "s",
    "H": "h",
    "Meq": "meq",
    "Mmol": "mmol",
    "u": "[iU]",
}
"""Codes that UCUM has, and what writes them by a slip of the shift key or by habit: a gauss, a megalitre, a henry."""


def _look_alikes(text: str, code: Code) -> Iterator[tuple[str, str]]:
    """Yield what may be meant instead of a code that is none of the table's, and why it says something else."""
    if re.search(r"/[^(/]*\.", text):
        yield text.replace(".", "/"), "what follows a point stands above the line again"
    parts = [part for part in re.split(r"([./()])", text) if part]
    meant = [_WRITTEN_FOR.get(part, part) for part in parts]
    if parts[-2:] == ["/", "m"]:  # as in mg/kg/m; a metre by itself is a length
        meant[-1] = "min"
    if meant != parts:
        names = ", ".join(repr(part) for part, other in zip(parts, meant, strict=True) if part != other)
        yield "".join(meant), f"{names} is another unit"
    if code.terms == (Term("E", "A", 1),):
        yield "{each}", "it is an exaampere"
