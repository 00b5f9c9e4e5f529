"""What `check --fix` writes: the notation that a finding recommends, in place of the error-prone one."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.rules.facts.text.dose_designation import designations, of_quantity, spans

if TYPE_CHECKING:
    from rescuecalc.core.orders.findings.finding import Finding

FIXABLE: Final = frozenset(
    ("RC210", "RC211", "RC212", "RC213", "RC214", "RC215", "RC216", "RC217", "RC219", "RC225", "RC226")
)
"""Rules whose advice is the same value in another notation. What could not be read at all is never rewritten."""

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

    No edit changes a value: the numbers before and after are the same.
    """
    raw, original = line[begin:end], finding.found
    if finding.code not in FIXABLE or not original:
        return ()
    replacement = finding.expected or _advice(finding.code, original, raw)
    if not replacement or _ADVICE.search(replacement) or _numbers(original) != _numbers(replacement):
        return ()
    ranges = sorted(set(spans(finding.code, original, raw))) or _single_range(original, raw)
    spaced = ((at, to, _spaced(replacement, raw[:at], raw[to:])) for at, to in ranges)
    return tuple(Edit(begin + at, begin + to, text) for at, to, text in spaced)


def fixed_notation(text: str) -> str:
    """Return a text with its notation fixed, so that texts which differ only in notation compare equal.

    >>> fixed_notation("heparin 5000 U QD")
    'heparin 5000 units daily'
    """
    for code in sorted(FIXABLE):
        for found in designations(text).get(code, ()):
            if not _ADVICE.search(found.instead) and _numbers(found.written) == _numbers(found.instead):
                for begin, end in sorted(set(spans(code, found.written, text)), reverse=True):
                    text = f"{text[:begin]}{_spaced(found.instead, text[:begin], text[end:])}{text[end:]}"
    return text


def _advice(code: str, original: str, raw: str) -> str | None:
    """Return the recommended text of a quantity whose finding states no expected value."""
    listed = ((code, each) for each in designations(raw).get(code, ()))
    held = (*listed, *of_quantity(raw.strip(" \"'")))
    return next((each.instead for one, each in held if one == code and each.written == original), None)


def _single_range(original: str, raw: str) -> list[tuple[int, int]]:
    first = raw.find(original)
    return [(first, first + len(original))] if first >= 0 and raw.count(original) == 1 else []


def _numbers(text: str) -> list[Decimal]:
    return [Decimal(each.replace(",", "")) for each in _NUMBER.findall(text)]


def _spaced(text: str, before: str, after: str) -> str:
    """Return a text with the spaces that separate it from the word or number next to it."""
    left = " " if before[-1:].isdigit() and text[:1].isalpha() else ""
    right = " " if text[-1:].isalpha() and after[:1].isalnum() else ""
    return f"{left}{text}{right}"
