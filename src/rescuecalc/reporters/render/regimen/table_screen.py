"""The first screen of `table`: weights with what is drawn up and keyed, several a line where they fit.

It renders the document and calculates nothing. Doses in mcg and the rounding of each row are on the whole page.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from rescuecalc.core.quantities.decimal_text import people_number
from rescuecalc.reporters.document.common_parts import people_near
from rescuecalc.reporters.render.page import PLAIN, STRONG, WIDTH, Line, Page
from rescuecalc.reporters.render.regimen.bedside_text import bolus_ways
from rescuecalc.reporters.render.regimen.dose_screen import screen_end
from rescuecalc.reporters.render.regimen.dose_wording import AT_STOP
from rescuecalc.reporters.render.regimen.table_text import (
    APPROVAL,
    about,
    by_code,
    column_groups,
    columns_of,
    is_load,
    load_mark,
    run_times,
    several_containers,
    texts_of,
)
from rescuecalc.reporters.render.screen import SCREEN_LINES, assembled, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.reporters.render.regimen.table_text import TableColumn

_BETWEEN: Final = " |"

_HEADINGS: Final = 3
"""Lines of a table's head: what, unit, concentration; where a load runs, one more says for how long."""


def table_screen(made: Document, facts: Document, width: int = WIDTH) -> Page:
    """Return the screen of a `table` document; ``facts`` is the bedside document beside it."""
    shown = {**made, "findings": [_of_some_rows(each) for each in by_code(made)]}
    top, rows, end = Page(width), Page(width), Page(width)
    verdict(top, shown)
    protocol = made["protocol"]
    of = (f"{protocol['drug'].upper()}  {protocol['id']}", *run_times(made), _weights(made))
    top.add("; ".join(of), STRONG, hang=2)
    top.add(f"{protocol['title']}: {'; '.join((*_regimen(made), facts['label_use']))}", hang=2)
    top.add(APPROVAL)
    for text in _not_calculated(made):
        top.add(text, "warning", hang=2)
    for each in bolus_ways(made):
        top.add(f"{made['called']}: {each}", hang=2)
    rows.lines = _rows(made, width)
    for each in several_containers(made):
        end.add(each, "warning", hang=2)
    for each in _capped(made):
        end.add(each, "warning", hang=2)
    screen_end(end, shown, facts, AT_STOP if made["rows"][0]["dose_rate"] else "")
    return assembled(shown, (top, rows, end), SCREEN_LINES)


def _not_calculated(made: Document) -> Iterator[str]:
    """Yield which volumes and pump rates no product makes, and the option that names a concentration."""
    has = {each.key for each in columns_of(made) if each.strength}
    first = made["rows"][0]
    if first["bolus_dose"] and not has & {"bolus", "bolus_volume"}:
        yield "mL of the bolus not calculated: no product is held; add --bolus-concentration"
    if first["dose_rate"] and not has & {"maintenance", "pump_rate"}:
        yield "mL/h not calculated: no product is held; add --infusion-concentration"


def _capped(made: Document) -> Iterator[str]:
    """Yield at which weights a cap holds: there the numbers no longer grow with the weight."""
    heavy = {
        weight["value"] for each in made["findings"] if each["name"] == "cap-applied" for weight in each["weights"]
    }
    if heavy:
        ends = dict.fromkeys(people_number(each) for each in (min(heavy), max(heavy)))
        yield f"a cap applies at {' to '.join(ends)} kg, instead of the dose per kg"


def _of_some_rows(each: Document) -> Document:
    """Return a finding whose message names its rows only where they are not all."""
    return {**each, "message": each["message"].removeprefix("[all rows] ")}


def _weights(made: Document) -> str:
    """Return the first and the last weight of the rows, in the unit that they were asked for in, and in pounds."""
    first, last = (made["rows"][place]["weight"] for place in (0, -1))
    return f"{people_near(first)} to {people_near(last)}"


def _regimen(made: Document) -> list[str]:
    """Return what the numbers belong to: each part of the regimen, the clearance, and what the labels would do."""
    return [each for each in about(made) if each not in made["how"]]


def table_numbers(made: Document) -> str:
    """Return the rows with their headings alone, each volume under its concentration."""
    before = "DO NOT USE: " if any(each["severity"] == "error" for each in made["findings"]) else ""
    return "".join(f"{before}{line.text}\n" for line in _rows(made, WIDTH))


def _rows(made: Document, width: int) -> list[Line]:
    """Return the table, in stacks beside each other where they fit."""
    weight, *columns = columns_of(made)
    # Where no product is held nothing can be drawn up or keyed: the doses are all there is.
    columns = [each for each in columns if each.strength] or columns
    head = _HEADINGS + bool(load_mark(made))
    texts = [_narrow(each, made) for each in columns]
    first = [*("" for _ in range(head - 2)), "kg", "", *texts_of(made, weight)[_HEADINGS:]]
    parts = list(column_groups(first, texts, width, between=1))
    if len(parts) > 1:
        return [line for part in parts for line in _styled(_aligned(part), head)]
    lines = _aligned(parts[0])
    beside = _stacks(lines, width)
    if beside == 1:  # a concentration on two lines is narrower
        [part] = column_groups(
            _on_two_lines(first, head), [_on_two_lines(each, head) for each in texts], width, between=1
        )
        narrow = _aligned(part)
        if _stacks(narrow, width) > 1:
            lines, head, beside = narrow, head + 1, _stacks(narrow, width)
    return _styled(_folded(lines[:head], lines[head:], beside), head)


def _stacks(lines: list[str], width: int) -> int:
    """Return how many stacks of rows fit beside each other, at least one."""
    return max((width + len(_BETWEEN)) // (len(lines[0]) + len(_BETWEEN)), 1)


def _on_two_lines(column: list[str], head: int) -> list[str]:
    """Return a column with the concentration in its head on two lines: number and unit."""
    number, _, unit = column[head - 1].partition(" ")
    return [*column[: head - 1], number, unit, *column[head:]]


def _narrow(column: TableColumn, made: Document) -> list[str]:
    """Return a column with a narrow heading: a label's names the label, a load's says for how long it runs."""
    _, unit, strength, *cells = texts_of(made, column)
    short = column.heading if column.label is None else column.heading.rpartition(" ")[0]
    mark = load_mark(made)
    marked = [mark if is_load(column) else ""] if mark else []
    return [short, *marked, f"{unit} of" if strength else unit, strength.removeprefix("of "), *cells]


def _aligned(part: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*part, strict=True)]
    return [" ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in part]


def _folded(head: list[str], body: list[str], beside: int) -> list[str]:
    """Return the rows in at most so many stacks beside each other, each under the head; read down, then across."""
    height = -(-len(body) // beside)
    stacks = [[*head, *body[place : place + height]] for place in range(0, len(body), height)]
    return [_BETWEEN.join(cells) for cells in zip_longest(*stacks, fillvalue="")]


def _styled(lines: list[str], head: int) -> list[Line]:
    return [
        Line(text.rstrip(), STRONG if place < head else PLAIN, tuple(text.split(_BETWEEN)))
        for place, text in enumerate(lines)
    ]
