"""What `check --fix` writes: the notation that a finding names, in place of the one that its readers mistake."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.rules.facts.text.dose_designation import designations, of_quantity, spans

if TYPE_CHECKING:
    from rescuecalc.core.orders.findings.finding import Finding

FIXED: Final = frozenset(
    ("RC210", "RC211", "RC212", "RC213", "RC214", "RC215", "RC216", "RC217", "RC219", "RC225", "RC226")
)
"""Rules whose advice says in other characters what stands there. What could not be read at all is never written."""

_ADVICE: Final = re.compile(r"\bor\b(?! equal)|,(?![0-9])|\b(?:a|and a|without|with) (?:space|point)\b")
"""Advice that is no text to write: two readings, or words about it."""

_NUMBER: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]++(?:\.[0-9]+)?|\.[0-9]+", re.ASCII)


class Edit(NamedTuple):
    """The characters of a source line from ``begin`` to ``end``, counted from 0, and what to write for them."""

    begin: int
    end: int
    text: str


def edits(finding: Finding, line: str, begin: int, end: int) -> tuple[Edit, ...]:
    """Return how a finding is fixed in its source line, of which its value fills ``begin`` to ``end``.

    None is a value's: the numbers before and after are the same.
    """
    raw, written = line[begin:end], finding.found
    if finding.code not in FIXED or not written:
        return ()
    instead = finding.expected or _advice(finding.code, written, raw)
    if not instead or _ADVICE.search(instead) or _numbers(written) != _numbers(instead):
        return ()
    found = sorted(set(spans(finding.code, written, raw))) or _once(written, raw)
    return tuple(Edit(begin + first, begin + last, _spaced(instead, raw[:first], raw[last:])) for first, last in found)


def in_plain_notation(text: str) -> str:
    """Return a text with all that can be fixed in its notation: what differs from another in that alone is the same.

    >>> in_plain_notation("heparin 5000 U QD")
    'heparin 5000 units daily'
    """
    for code in sorted(FIXED):
        for found in designations(text).get(code, ()):
            if not _ADVICE.search(found.instead) and _numbers(found.written) == _numbers(found.instead):
                for begin, end in sorted(set(spans(code, found.written, text)), reverse=True):
                    text = f"{text[:begin]}{_spaced(found.instead, text[:begin], text[end:])}{text[end:]}"
    return text


def _advice(code: str, written: str, raw: str) -> str | None:
    """Return what to write in a field for a quantity, of which a finding expects nothing but a whole quantity."""
    listed = ((code, each) for each in designations(raw).get(code, ()))
    held = (*listed, *of_quantity(raw.strip(" \"'")))
    return next((each.instead for one, each in held if one == code and each.written == written), None)


def _once(written: str, raw: str) -> list[tuple[int, int]]:
    first = raw.find(written)
    return [(first, first + len(written))] if first >= 0 and raw.count(written) == 1 else []


def _numbers(text: str) -> list[Decimal]:
    return [Decimal(each.replace(",", "")) for each in _NUMBER.findall(text)]


def _spaced(text: str, before: str, behind: str) -> str:
    """Return a text with the spaces that part it from the word or the number beside it."""
    left = " " if before[-1:].isdigit() and text[:1].isalpha() else ""
    right = " " if text[-1:].isalpha() and behind[:1].isalnum() else ""
    return f"{left}{text}{right}"
