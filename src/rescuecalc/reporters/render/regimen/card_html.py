"""The bedside card: one printed page, HTML without script or outside resource; it renders the document.

What stands on it are the rows of the first screen. Nothing of it is cut: where the text is long its letters become
smaller, then further warnings are counted by code, and what still does not fit on one page is refused.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from rescuecalc.errors import CalculationRefused
from rescuecalc.reporters.document.common_parts import people
from rescuecalc.reporters.document.regimen.bedside import ALWAYS_SHOWN, of_severity
from rescuecalc.reporters.render.harmless_text import columns, printable
from rescuecalc.reporters.render.page import STRONG, glued
from rescuecalc.reporters.render.regimen.dose_screen import dose_rows, identity_fields, watched_rows
from rescuecalc.reporters.render.regimen.dose_wording import absent, clock, moment
from rescuecalc.reporters.render.regimen.plan_wording import agent_words, clocked, gap_words
from rescuecalc.reporters.render.screen import ASSURANCE, LabelledText, counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.reporters.document.common_parts import Document

NOT_AN_ORDER: Final = "not an order"

_SIZES: Final = (10.5, 9.5, 8.5, 7.5)
"""Sizes of the letters in points; below the last they are not read at a bed."""

_ROWS_HIGH: Final = 168
"""Millimetres of the rows: what head, signatures and margins leave of a Letter page, the shorter of the two."""

_TEXT_WIDE: Final = 158
"""Millimetres of a row's text on an A4 page, the narrower of the two."""

_POINT: Final = 0.353
_LETTER_WIDE: Final = 0.6
_LINE_HIGH: Final = 1.25
_BETWEEN_ROWS: Final = 0.9

_STYLE: Final = """
@page { margin: 10mm }
* { box-sizing: border-box }
body { font: %spt/1.25 Arial, Helvetica, "Liberation Sans", "DejaVu Sans", sans-serif; color: #000; margin: 0 auto;
  width: 188mm }
header { display: flex; justify-content: space-between; gap: 6mm }
h1 { font-size: 15pt; margin: 0 0 1mm } h2 { font-size: 10.5pt; margin: 0 0 1mm }
p { margin: 0 0 1mm; overflow-wrap: anywhere }
.label { border: 0.4mm dashed #000; width: 85mm; height: 38mm; flex: none; padding: 1mm; font-size: 7pt }
table { border-collapse: collapse; width: 100%%; margin-top: 1mm }
th { width: 26mm; text-align: left; vertical-align: top; font-weight: normal; padding: 0.3mm 2mm 0.3mm 0 }
td { vertical-align: top; padding: 0.3mm 0; overflow-wrap: anywhere }
tr { border-top: 0.1mm solid #999 } .strong { font-weight: bold }
.warning th, .warning td { font-weight: bold }
.sign { display: flex; gap: 8mm; margin-top: 11mm } .sign p { border-top: 0.3mm solid #000; flex: 1; font-size: 8pt }
footer { font-size: 7.5pt; margin-top: 1mm }
@media screen { body { padding: 10mm; width: 208mm } }
"""

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""No browser loads or runs anything for a card, whatever somebody writes into it."""


def bedside_card(made: Document, facts: Document, versions: Document) -> str:
    """Return the card of a `dose` or `plan` document; ``facts`` and ``versions`` stand beside it.

    Raises CalculationRefused while an error stands, and where one page does not hold it.
    """
    errors = of_severity(made, "error")
    if errors:
        codes = ", ".join(dict.fromkeys(f"{each['code']} {each['name']}" for each in errors))
        raise CalculationRefused(f"--card: no card is made while an error stands: {codes}")
    rows, size = _fitting(clocked(made), facts)
    root = Element("html", lang="en")
    head = SubElement(root, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    SubElement(head, "title").text = printable(f"Bedside card, {NOT_AN_ORDER}: {_name(made)}")
    SubElement(head, "style").text = _STYLE % size
    body = SubElement(root, "body")
    _head(SubElement(body, "header"), made, facts)
    table = SubElement(SubElement(body, "main"), "table")
    for label, text, style in rows:
        row = SubElement(table, "tr", {"class": style})
        SubElement(row, "th", scope="row").text = printable(label)
        SubElement(row, "td").text = glued(printable(text))
    _signatures(body)
    _foot(SubElement(body, "footer"), versions)
    # In ASCII: it reads the same whatever the encoding of the pipe is that it goes through.
    return f"<!DOCTYPE html>\n{tostring(root, encoding='us-ascii', method='html').decode('ascii')}\n"


def _name(made: Document) -> str:
    return f"{made['protocol']['drug']}, {made['protocol']['id'] or 'your own regimen'}"


def _head(header: Element, made: Document, facts: Document) -> None:
    left = SubElement(header, "div")
    _, *patient = identity_fields(made, facts)
    SubElement(left, "h1").text = printable(made["protocol"]["drug"].upper())
    SubElement(left, "h2").text = f"Bedside card: {NOT_AN_ORDER}"
    SubElement(left, "p", {"class": "strong"}).text = printable(patient[0])
    SubElement(left, "p").text = glued(printable("; ".join(patient[1:])))
    SubElement(header, "div", {"class": "label"}).text = "patient label"


def _signatures(body: Element) -> None:
    for who in ("Prepared by", "Independent double check by"):
        line = SubElement(body, "div", {"class": "sign"})
        SubElement(line, "p").text = f"{who} (name, signature)"
        SubElement(line, "p").text = "Date and time"


def _foot(footer: Element, versions: Document) -> None:
    versions_text = f"rescuecalc {versions['rescuecalc']}; catalogue {versions['catalogue']}"
    own = f"; protocol file {versions['protocol_file']}" if versions["protocol_file"] else ""
    SubElement(footer, "p").text = f"{versions_text}{own}. {NOT_AN_ORDER.capitalize()}."
    SubElement(footer, "p").text = f"{ASSURANCE[:1].upper()}{ASSURANCE[1:]}."


def _fitting(made: Document, facts: Document) -> tuple[list[LabelledText], float]:
    """Return the rows with the size of their letters; where the smallest is too large, some warnings are left out."""
    every = sorted(of_severity(made, "warning"), key=lambda each: each["code"] not in ALWAYS_SHOWN)
    needed = sum(each["code"] in ALWAYS_SHOWN for each in every)
    for size in _SIZES:
        rows = list(_rows(made, facts, every, 0))
        if _high(rows, size) <= _ROWS_HIGH:
            return rows, size
    for left in range(1, len(every) - needed + 1):
        rows = list(_rows(made, facts, every[: len(every) - left], left))
        if _high(rows, _SIZES[-1]) <= _ROWS_HIGH:
            return rows, _SIZES[-1]
    raise CalculationRefused("--card: the texts of this regimen do not fit on one page; print --details")


def _high(rows: Iterable[LabelledText], size: float) -> float:
    return sum(_height(row, size) for row in rows)


def _height(row: LabelledText, size: float) -> float:
    wide = size * _POINT * _LETTER_WIDE
    label, text, _ = row
    lines = max(math.ceil(columns(text) * wide / _TEXT_WIDE), math.ceil(columns(label) * wide / 24), 1)
    return lines * size * _POINT * _LINE_HIGH + _BETWEEN_ROWS


def _rows(made: Document, facts: Document, warnings: list[Document], left: int) -> Iterator[LabelledText]:
    protocol = made["protocol"]
    whose = " (a site protocol file)" if protocol["origin"] == "site" else ""
    yield LabelledText("protocol", f"{protocol['id'] or 'your own regimen'}: {protocol['title']}{whose}")
    yield from dose_rows(made)
    yield from _times(made)
    yield from _bridge(made)
    yield from watched_rows(facts, made["protocol"]["drug"])
    yield LabelledText("label use", made["label_use"], "warning")
    if made["renal"]:
        yield LabelledText("renal", f"{made['renal']['title']} applied: {made['renal']['band']}")
    for each in warnings:
        yield LabelledText("WARNING", f"{each['code']}: {each['message']}", "warning")
    if left:
        codes = [each["code"] for each in of_severity(made, "warning") if each not in warnings]
        named = ", ".join(dict.fromkeys(codes))
        yield LabelledText(
            "WARNING", f"{counted(left, 'more warning')} not on this card: {named}; see the whole page", "warning"
        )
    names = absent(made)
    if names:
        yield LabelledText("not judged", f"not given and so not judged: {', '.join(names)}", "warning")


def _times(made: Document) -> Iterator[LabelledText]:
    """Yield start, changes of the container and expiry: a card of yesterday is not a card of today."""
    start = made["start"]
    yield LabelledText("start", clock(start) if start else "date and time: ______________________________", STRONG)
    empty = [moment(each) for each in made["schedule"] if each["event"] == "container-empty"]
    if empty:
        yield LabelledText("change", f"containers empty at {', '.join(empty)}: change before")
    stop = next((each for each in made["schedule"] if each["event"] == "infusion-stop"), None)
    if stop is None:
        yield LabelledText("expires", "once the dose is given", STRONG)
    else:
        yield LabelledText("expires", f"at the stop, {moment(stop)}{'' if start else ' after the start'}", STRONG)


def _bridge(made: Document) -> Iterator[LabelledText]:
    if "antiplatelets" not in made:
        return
    for each in made["antiplatelets"]:
        yield LabelledText("bridge", agent_words(each))
    overlap = f"{people(made['overlap'])} ({made['overlap_stated']})" if made["overlap"] else "not stated"
    yield LabelledText("overlap", f"{overlap}; gap after the stop: {gap_words(made['coverage']['gap'])}")
