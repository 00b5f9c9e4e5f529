"""A table in a text, its cells divided by bars: `kg | mL/h` above `60 | 10.8` says that 60 kg get 10.8 mL/h."""

from __future__ import annotations

import re
from typing import Final

from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

_UNIT: Final = lazy_pattern(
    r"(?<![\w/])((?:mc?g|\u00b5g|ng|m[lL]|units)(?:/kg)?(?:/(?:min|h|hr|mL))?|kg)(?![\w/])", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,4})?(?: ?(?:-|\u2013|to) ?[0-9]{1,6}(?:\.[0-9]{1,4})?)?")


def with_units(text: str) -> str:
    r"""Return a text in whose tables each number has the unit of its heading.

    >>> with_units("| kg | mL/h |\n| 60 | 10.8 |")
    '| kg | mL/h |\n| 60 kg | 10.8 mL/h |'
    """
    units: list[str] = []
    lines = []
    for line in text.split("\n"):
        cells = line.split("|")
        if len(cells) > 1 and not any(each.isdigit() for each in line):
            units = [_unit_of(each) for each in cells]
        elif len(cells) == len(units):
            cells = [_with_unit(each, unit) for each, unit in zip(cells, units, strict=True)]
        lines.append("|".join(cells))
    return "\n".join(lines)


def _unit_of(heading: str) -> str:
    found = _UNIT.search(heading)
    return found[1] if found is not None else ""


def _with_unit(cell: str, unit: str) -> str:
    number = cell.strip()
    return cell.replace(number, f"{number} {unit}") if unit and _NUMBER.fullmatch(number) else cell
