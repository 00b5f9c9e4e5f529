"""The findings of `check` as SARIF 2.1.0, for code scanning services and editors."""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from rescuecalc import __version__
from rescuecalc.reporters.document.common_parts import Document, finding
from rescuecalc.reporters.document.rule import rule_url
from rescuecalc.reporters.render.check.fingerprint import fingerprints
from rescuecalc.reporters.render.json_text import json_text
from rescuecalc.rules.facts.notation_edits import edits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.findings.source_location import Located
    from rescuecalc.reporters.document.check import Checked
    from rescuecalc.rules.base.rule import Rule

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_FINGERPRINT: Final = "rescuecalc/v1"
_PROPERTIES: Final = ("pointer", "found", "expected", "factor", "slip", "alternatives", "expected_range", "sources")
"""What SARIF has no field of its own for."""


def sarif_document(
    checked: Checked, rules: Sequence[Rule], sources: Mapping[str, Source], rules_url: str = ""
) -> Document:
    """Return the run of a check; its rules are those that were judged, as they are declared."""
    # SARIF names a rule of a result by its index too, which viewers use without looking at the id.
    number = {rule.code: place for place, rule in enumerate(rules)}
    prints = fingerprints(checked.located)
    driver = {
        "name": "rescuecalc",
        "version": __version__,
        "rules": [_rule(each, sources, rules_url) for each in rules],
    }
    run = {
        "tool": {"driver": driver},
        # Without it columns count UTF-16 units, and one emoji in a comment moves every caret behind it.
        "columnKind": "unicodeCodePoints",
        # A file that could not be read is a run that did not judge all: services show it, where a missing result would
        # look clean.
        "invocations": [{"executionSuccessful": not checked.unreadable}],
        "results": [
            _result(each, number[each.finding.code], print_)
            for each, print_ in zip(checked.located, prints, strict=True)
        ],
        "properties": {"as_of": checked.as_of, "left_out": checked.left_out, "excluded": checked.excluded},
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def sarif_text(checked: Checked, rules: Sequence[Rule], sources: Mapping[str, Source], rules_url: str = "") -> str:
    """Return the same as JSON."""
    return json_text(sarif_document(checked, rules, sources, rules_url))


def _rule(rule: Rule, sources: Mapping[str, Source], base: str) -> Document:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.name.replace("-", " ")},
        "fullDescription": {"text": rule.checks},
        "helpUri": rule_url(rule, base),
        "help": {"text": f"{rule.why} What to do: {rule.remedy} Limits: {rule.limits}"},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {
            "since": rule.since,
            "preview": rule.preview,
            "severities": [each.value for each in rule.severities],
            "sources": [sources[key].title for key in rule.sources],
        },
    }


def _result(each: Located, number: int, fingerprint: str) -> Document:
    found = each.finding
    reported = finding(found)
    made = {
        "ruleId": found.code,
        "ruleIndex": number,
        "level": found.severity.value,
        "message": {"text": found.message},
        "locations": [{"physicalLocation": _location(each)}],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
        "properties": {key: reported[key] for key in _PROPERTIES},
    }
    fixes = _fixes(each)
    if fixes:
        made["fixes"] = fixes
    if found.approval is not None:
        made["suppressions"] = [{"kind": "external", "status": "accepted", "justification": str(found.approval)}]
    return made


def _fixes(each: Located) -> list[Document]:
    """Return how the notation is fixed, where that is a matter of the characters of its line alone."""
    place = each.place
    # An accepted finding is not to be fixed by a button.
    if place is None or not place.length or each.finding.approval is not None:
        return []
    made = edits(each.finding, place.excerpt, place.offset, place.offset + place.length)
    first = place.column - place.offset
    replacements = [
        {
            "deletedRegion": {
                "startLine": place.line,
                "startColumn": first + edit.begin,
                "endColumn": first + edit.end,
            },
            "insertedContent": {"text": edit.text},
        }
        for edit in made
    ]
    if not replacements:
        return []
    change = {"artifactLocation": {"uri": _uri(each.finding.file or "")}, "replacements": replacements}
    return [{"description": {"text": f"write {each.finding.expected}"}, "artifactChanges": [change]}]


def _location(each: Located) -> Document:
    location: Document = {"artifactLocation": {"uri": _uri(each.finding.file or "")}}
    if each.place is not None:
        region = {"startLine": each.place.line, "startColumn": each.place.column}
        if each.place.length:
            region["endColumn"] = each.place.column + each.place.length
        location["region"] = region
    return location


def _uri(name: str) -> str:
    """Return a file's name as a URI: relative names stay relative, and lead where the check was run."""
    path = PurePath(name)
    if path.is_absolute():
        return Path(name).as_uri() if "\x00" not in name else quote(os.fsencode(name))
    return quote(os.fsencode(path.as_posix()))  # the bytes of the name, also where they are not UTF-8
