"""A finding that a team has looked at and lets stand: which, until when, and why."""

from __future__ import annotations

import re
from datetime import date
from typing import Final, NamedTuple

from rescuecalc.core.quantities.decimal_text import quoted

MARK: Final = "rescuecalc:"
"""What a comment begins with that speaks to `check`."""

_WORDS: Final = re.compile(
    r"ignore\s+(?P<codes>[A-Za-z0-9, ]+?)(?:\s+until\s+(?P<until>\S+))?(?:\s+because\s+(?P<because>\S.*))?", re.ASCII
)
_CODE: Final = re.compile(r"RC[0-9]{3}", re.ASCII)
_FAMILY: Final = re.compile(r"RC[0-9]", re.ASCII)
_SHOWN: Final = "ignore RC204 until 2027-03-31 because ..."


class Suppression(NamedTuple):
    """What is let stand: findings of ``codes`` until the day ``until``, that one included; ``because`` is the reason.

    Those of a settings file may be families, and name the ``order`` that they are about by its id.

    ``problem`` says why it does not count. ``line`` is where it is written (0: not in the file itself); it covers what
    stands on the line ``covers``, or the whole file where that is 0, and ``pattern`` the files of a settings file.
    """

    codes: tuple[str, ...]
    until: str
    because: str
    problem: str | None = None
    line: int = 0
    column: int = 0
    text: str = ""
    covers: int = 0
    pattern: str = ""
    order: str = ""

    def is_over(self, as_of: str) -> bool:
        """Whether its last day lies before the day that is judged by."""
        return self.until < as_of


def suppression(text: str) -> Suppression:
    """Return what a comment says after its mark; one that is not understood, or lacks reason or end, has a problem.

    >>> suppression("ignore RC204 until 2027-03-31 because the pump takes units").codes
    ('RC204',)
    """
    match = _WORDS.fullmatch(text.strip())
    if match is None:
        return Suppression((), "", "", f"cannot read {quoted(text.strip())}; write {_SHOWN}")
    codes = tuple(each for each in match["codes"].upper().replace(",", " ").split() if each)
    until, because = match["until"] or "", match["because"] or ""
    return Suppression(codes, until, because, problem_of(codes, until, because))


def problem_of(codes: tuple[str, ...], until: str, because: str, *, families: bool = False) -> str | None:
    """Return why a suppression does not count, None where it does; ``families`` says that it may name them too."""
    wrong = [each for each in codes if not (_CODE.fullmatch(each) or (families and _FAMILY.fullmatch(each)))]
    if wrong or not codes:
        return f"{quoted(wrong[0]) if wrong else 'nothing'} is no rule's code; write {_SHOWN}"
    if not until:
        return "it has no end; add `until` and a date"
    if not _is_day(until):
        return f"cannot read {quoted(until)} as a date; write one as 2027-03-31"
    return None if because else "it has no reason; add `because` and one"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
