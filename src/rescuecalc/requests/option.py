"""An option of a request, declared once: what stands for its value, and its help. It knows no terminal."""

from typing import NamedTuple


class Option(NamedTuple):
    """An option: ``metavar`` stands for its value (None: it takes none), ``flag`` is its name where not the field's.

    ``short`` is a name of one letter, as ``-w``. ``needed`` is None where it may be left out, an empty text where it
    may not, or the condition on which it may not: ``: where doses are per kg``.
    """

    metavar: str | None
    help: str
    flag: str | None = None
    short: str | None = None
    needed: str | None = None


class Argument(NamedTuple):
    """An argument that is known by its place."""

    help: str
    metavar: str | None = None
    needed: str | None = None
