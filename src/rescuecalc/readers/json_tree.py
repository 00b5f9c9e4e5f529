"""JSON by the standard library; where its values stand is found by a second scan, and only when a finding needs it."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.readers.document_reading import DEEPEST, Lines, NotReadable, Spot, Tree, starts_of_lines

if TYPE_CHECKING:
    from collections.abc import Iterator


class JsonNumber(str):
    """A number of JSON, as the text that it is: as a float, 14.40 could not be told from 14.4."""

    __slots__ = ()


_PIECE: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def json_tree(text: str) -> tuple[Tree, Lines]:
    """Return the document of ``text`` with its lines; NotReadable names line and column of what is no JSON."""
    doubled = []

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            doubled.append(True)
        return made

    try:
        data = json.loads(
            text, object_pairs_hook=mapping, parse_float=JsonNumber, parse_int=JsonNumber, parse_constant=str
        )
    except json.JSONDecodeError as failure:
        raise NotReadable(f"is not JSON: {failure.msg}", failure.lineno, failure.colno) from None
    except RecursionError:
        raise NotReadable(f"is nested deeper than {DEEPEST} levels") from None
    if text.count("{") + text.count("[") > DEEPEST:
        _refuse_depth(data)
    lines = Lines(text, starts_of_lines(text))

    @cache
    def scanned() -> tuple[dict[str, Spot], list[str]]:
        return _spots(lines)

    def spot(pointer: str) -> Spot | None:
        return scanned()[0].get(pointer)

    return Tree(data, spot, tuple(scanned()[1]) if doubled else ()), lines


def _refuse_depth(data: Any) -> None:
    level = [data]
    for _ in range(DEEPEST + 1):
        level = [inner for each in level if isinstance(each, (dict, list)) for inner in _inside(each)]
        if not level:
            return
    raise NotReadable(f"is nested deeper than {DEEPEST} levels")


def _inside(each: dict[str, Any] | list[Any]) -> Iterator[Any]:
    yield from (
        inner for inner in (each.values() if isinstance(each, dict) else each) if isinstance(inner, (dict, list))
    )


def _spots(lines: Lines) -> tuple[dict[str, Spot], list[str]]:
    """Return where each pointer of a JSON text stands, of one that is written twice the last, and those."""
    spots: dict[str, Spot] = {}
    doubled: list[str] = []
    stack: list[list[Any]] = []  # of each open list or mapping: its pointer, its next place or None, its last key
    for match in _PIECE.finditer(lines.text):
        piece = match[0]
        if piece in "}]":
            stack.pop()
        elif piece == ",":
            if stack[-1][1] is not None:
                stack[-1][1] += 1
            stack[-1][2] = None
        elif piece == ":":
            continue
        elif stack and stack[-1][1] is None and stack[-1][2] is None:
            stack[-1][2] = json.loads(piece).replace("~", "~0").replace("/", "~1")
        else:
            pointer = "" if not stack else f"{stack[-1][0]}/{stack[-1][2] if stack[-1][1] is None else stack[-1][1]}"
            if pointer in spots:
                doubled.append(pointer)
            opens = piece in "{["
            spots[pointer] = lines.spot(match.start(), match.start() if opens else match.end())
            if opens:
                stack.append([pointer, 0 if piece == "[" else None, None])
    return spots, doubled
