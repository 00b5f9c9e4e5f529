"""The settings of a check in words: one line a settings file, and one for what could not be read and is not listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.rules.document.document import UNREADABLE
from rescuecalc.rules.judging.registry import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rescuecalc.reporters.document.common_parts import Document

_NAMED: Final = 12
"""Codes that a line names; the JSON has all."""


def settings_lines(used: Document) -> Iterator[str]:
    """Yield a line for each settings file that judged: what it leaves out, suppresses and sets."""
    for each in used["files"]:
        parts = [*_hidden(each), *_set(each)]
        yield f"settings: {each['file']}{': ' if parts else ''}{'; '.join(parts)}"
        for one in each["approvals"]:
            who = f"by {one['approver']} until {one['until']} because {one['reason']}"
            yield f"approval: {one['code']} in {one['order_set']!r} {who}"
    unread = used["unread_left_out"]
    if unread:
        count = sum(unread.values())
        what = "1 finding" if count == 1 else f"{count:,} findings"
        yield f"not listed: {what} about what could not be read and was not judged ({', '.join(unread)})"


def _hidden(each: Document) -> Iterator[str]:
    if each["left_out"]:
        yield f"leaves out {_listed(_families(each['left_out']))}"
    if each["exclude"]:
        yield f"excludes {_listed(each['exclude'])}"
    for one in each["without_effect"]:
        yield f"{one['key']} has no effect on {_listed(one['codes'])}"
    if each["suppress"]:
        yield "suppresses " + _listed([_suppressed(one) for one in each["suppress"]])
    if each["severity"]:
        yield "severity " + _listed([f"{one['code']} {one['severity']}" for one in each["severity"]])


def _suppressed(one: Document) -> str:
    order = f", order {one['order']}" if one["order"] else ""
    return f"{one['code']} in {one['path']}{order}"


def _set(each: Document) -> Iterator[str]:
    for key, words in (("limits", "limits"), ("products", "products"), ("protocol_files", "protocols")):
        if each[key]:
            yield f"{words}: {_listed(each[key])}"
    if each["columns"]:
        yield f"columns: {_listed([one['file'] for one in each['columns']])}"
    if each["fail_on"]:
        yield f"fail-on: {each['fail_on']}"


def _families(codes: Sequence[str]) -> list[str]:
    """Return codes with those of a whole family as that family."""
    found = list(dict.fromkeys(code[:3] for code in codes))
    # What could not be read at all is never left out: RC1 is whole without it.
    left = set(codes) | UNREADABLE
    whole = {each for each in found if all(rule.code in left for rule in RULES if rule.code.startswith(each))}
    return sorted({code[:3] if code[:3] in whole else code for code in codes})


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"
