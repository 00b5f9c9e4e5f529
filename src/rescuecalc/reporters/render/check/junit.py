"""The findings of `check` as JUnit XML: a suite a file, a case a finding, and one that passes where there is none."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from rescuecalc.reporters.render.harmless_text import printable
from rescuecalc.rules.document.document import UNREADABLE

if TYPE_CHECKING:
    from rescuecalc.core.orders.findings.source_location import Located
    from rescuecalc.reporters.document.check import Checked

# What XML 1.0 has no way to say, not even as a character reference.
_UNSAYABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_text(checked: Checked) -> str:
    """Return the findings as JUnit XML.

    A finding from --fail-on on is a failure, what could not be read an error, any other a case that passes with its
    text as output; where not all are listed, a last suite says so.
    """
    by_file: dict[str, list[Located]] = defaultdict(list)
    for each in checked.located:
        by_file[each.finding.file or ""].append(each)
    root = Element("testsuites", name="rescuecalc check")
    for name in sorted({*checked.names, *by_file}):
        _suite(root, name, by_file.get(name, []))
    if checked.left_out:
        suite = SubElement(root, "testsuite", name="not listed", tests="1", failures="0", errors="0", skipped="0")
        SubElement(
            suite, "testcase", classname="rescuecalc", name=f"{checked.left_out} findings are counted, not listed"
        )
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _suite(root: Element, name: str, found: list[Located]) -> None:
    errors = sum(each.finding.code in UNREADABLE for each in found)
    failures = sum(each.fails and each.finding.code not in UNREADABLE for each in found)
    suite = SubElement(root, "testsuite", name=_xml_text(name), tests=str(len(found) or 1))
    suite.attrib |= {"failures": str(failures), "errors": str(errors), "skipped": "0"}
    # A suite without a case is shown as "no tests", as if the file had never been judged.
    if not found:
        SubElement(suite, "testcase", classname=_xml_text(name), name="no findings")
    for each in found:
        _case(suite, name, each)


def _case(suite: Element, name: str, each: Located) -> None:
    found = each.finding
    where = f"{found.line}:{found.column} " if found.line is not None else ""
    case = SubElement(suite, "testcase", classname=_xml_text(name), name=_xml_text(f"{where}{found.code} {found.name}"))
    text = f"{found.severity.value.upper()} {found.code} {found.message}\n{name}:{where}{found.pointer}"
    # JUnit tells a test that failed from one that could not run, as exit codes 1 and 3 do here.
    kind = "error" if found.code in UNREADABLE else "failure" if each.fails else None
    if kind is None:
        SubElement(case, "system-out").text = _xml_text(text)
    else:
        element = SubElement(case, kind, message=_xml_text(found.message), type=found.severity.value)
        element.text = _xml_text(text)


def _xml_text(text: str) -> str:
    lines = (_UNSAYABLE.sub(_escaped, printable(line)) for line in text.split("\n"))
    return "\n".join(lines)


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
