r"""An order set with its comments as YAML that `check` reads.

PyYAML writes no comments, so the few shapes that an order set has are written here: mappings and lists in blocks, and
scalars plain where nothing can be read into them, else in double quotes. What comes from a file cannot end a comment or
begin one that speaks to `check`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.core.orders import order_field as field
from rescuecalc.core.orders.findings.suppression import MARK
from rescuecalc.reporters.render.harmless_text import printable
from rescuecalc.reporters.render.page import WIDTH, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rescuecalc.reporters.document.common_parts import Document

_PLAIN: Final = re.compile(r"(?:[A-Za-z]|\+?[0-9][A-Za-z0-9,./]* [A-Za-z])[A-Za-z0-9 ,.;()/+-]*", re.ASCII)
"""Texts that no reader of YAML takes for anything else: no quote, colon or sign of YAML, no bare number or date."""
_WORDS: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"})
_SPACED: Final = re.compile(r"^ | $|  ")


def order_set_text(made: Document) -> str:
    """Return the document as YAML of 80 columns, its comments above what they are about."""
    lines = [line for label, words in made["preface"] for line in _comment(f"{label}: {words}" if label else words)]
    lines += ["", *_mapping(made["order_set"], field.SET, made["said"], "", 0)]
    if made["unfinished"]:
        place = lines.index("monitoring:") if "monitoring:" in lines else len(lines)
        lines[place:place] = _unfinished(made["unfinished"])
    return "".join(f"{line}\n" for line in lines)


def _unfinished(orders: Sequence[Document]) -> Iterator[str]:
    """Yield the orders without a dose, in comments: check would take them for what is given."""
    yield from _comment("Named without a dose, so no orders yet: choose one and uncomment them.", 2)
    for each in orders:
        comments = {f"/{name}" if name else "": words for name, words in each["said"].items()}
        for line in _item(each["fields"], comments, "", 2, WIDTH - 2):
            yield f"  # {line[2:]}"


def _mapping(
    values: Mapping[str, Any],
    names: Sequence[str],
    comments: Mapping[str, str],
    above: str,
    indent: int,
    width: int = WIDTH,
) -> Iterator[str]:
    """Yield a mapping's lines in the order of ``names``; one without a value is said to be open, in a comment."""
    for name in names:
        pointer, there = f"{above}/{name}", name in values
        if pointer in comments:
            yield from _comment(comments[pointer] if there else f"{name}: {comments[pointer]}", indent, width)
        if there:
            yield from _value(name, values[name], comments, pointer, indent, width)


def _value(name: str, value: Any, comments: Mapping[str, str], pointer: str, indent: int, width: int) -> Iterator[str]:
    start = " " * indent
    if isinstance(value, str):
        yield from scalar_lines(f"{start}{name}: ", value, indent + 2, width)
        return
    yield f"{start}{name}:"
    if isinstance(value, dict):
        yield from _mapping(value, tuple(value), comments, pointer, indent + 2, width)
        return
    for place, each in enumerate(value):
        yield from _item(each, comments, f"{pointer}/{place}", indent + 2, width)


def _item(each: Any, comments: Mapping[str, str], pointer: str, indent: int, width: int = WIDTH) -> Iterator[str]:
    """Yield an entry of a list, what is said of it above it."""
    start = " " * indent
    if pointer in comments:
        yield from _comment(comments[pointer], indent, width)
    if isinstance(each, str):
        yield from scalar_lines(f"{start}- ", each, indent + 2, width)
        return
    names = field.ORDER if "drug" in each else field.MONITORING
    lines = list(_mapping(each, names, comments, pointer, indent + 2, width))
    yield f"{start}- {lines[0].lstrip(' ')}"
    yield from lines[1:]


def _comment(words: str, indent: int = 0, width: int = WIDTH) -> list[str]:
    """Return ``words`` as a comment; none of them can end it, or begin one that speaks to `check`."""
    start = " " * indent
    harmless = printable(words).replace(MARK, MARK.replace(":", " :"))
    return wrapped(harmless, width, f"{start}# ", f"{start}#   ")


def scalar_lines(start: str, value: str, indent: int, width: int = WIDTH) -> list[str]:
    """Return ``value`` behind ``start``, folded where it is long: a reader joins the lines with a space again."""
    plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS and not _SPACED.search(value)
    written = value if plain else f'"{_escaped(value)}"'
    if _SPACED.search(written) or not value:
        return [f"{start}{written}"]
    return wrapped(written, width, start, " " * indent)


def _escaped(value: str) -> str:
    return printable(value.replace("\\", "\\\\").replace('"', '\\"'))
