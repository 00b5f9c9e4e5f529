"""The rows of a spreadsheet as lines of CSV, so that one reader judges both; a row has the number of its line."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.readers.document_reading import NotReadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.readers.text_decoding import Input

_LARGEST: Final = 30_000_000
_UNPACKED: Final = 300_000_000
"""Bytes of a spreadsheet, packed and unpacked."""

_MISSING: Final = "is a spreadsheet, which needs python-calamine: pip install 'rescuecalc[xlsx]', or save it as CSV"


def rows_as_text(given: Input, sheet: str) -> Iterator[str]:
    """Yield the rows of one sheet, the first unless it is named, as lines of CSV; NotReadable where there is none."""
    content = given.content(_LARGEST)
    _refuse_bomb(content)
    try:
        import python_calamine  # noqa: PLC0415  # an extra
    except ImportError:
        raise NotReadable(_MISSING) from None
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = book.sheet_names
        if sheet and sheet not in names:
            raise NotReadable(f"has no sheet {sheet!r}; it has {', '.join(map(repr, names))}")
        rows = book.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, IndexError, ValueError) as failure:
        raise NotReadable(f"is not a spreadsheet that can be read: {type(failure).__name__}") from None
    yield from (_line([_cell(each) for each in row]) for row in rows)


def _refuse_bomb(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > _UNPACKED:
                raise NotReadable(f"holds more than {_UNPACKED:,} bytes when it is unpacked")
    except zipfile.BadZipFile:
        raise NotReadable("is not a spreadsheet: it is not packed as one") from None


def _line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _cell(value: Any) -> str:
    """Return what a cell shows: a number without an exponent, a date by ISO 8601, a text on one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return str(int(value)) if value == int(value) else repr(value)
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return " ".join(text.split()) if "\n" in text or "\r" in text else text
