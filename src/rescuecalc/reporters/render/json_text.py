"""JSON with exact decimal numbers.

The standard encoder writes numbers through binary floats; 14.4 survives that, but what survives is then a matter of
luck. This one writes each Decimal as the digits it has.
"""

from __future__ import annotations

from decimal import Decimal
from json.encoder import encode_basestring_ascii  # what json.dumps comes to for a text, a third of its time
from typing import Any, Final

_WORDS: Final = {None: "null", True: "true", False: "false"}


def dumps(value: Any, indent: int | None = 2, depth: int = 0) -> str:
    """Return ``value`` as JSON; TypeError for a float or anything else that a document may not hold."""
    # Never "1E+1": JSON allows it, and readers by eye take it for another number.
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str):
        return _text(value)
    # Before int, of which True is one.
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, dict):
        pieces = [f"{_text(str(key))}: {dumps(each, indent, depth + 1)}" for key, each in value.items()]
        return _enclosed("{}", pieces, indent, depth)
    if isinstance(value, list):
        return _enclosed("[]", [dumps(each, indent, depth + 1) for each in value], indent, depth)
    raise TypeError(f"a document holds no {type(value).__name__}")


def _text(value: str) -> str:
    """Return a text as JSON, in which no log reads a command of GitHub's runner."""
    return encode_basestring_ascii(value).replace("##[", "##\\u005b")


def json_text(value: Any) -> str:
    """Return a document as a file of JSON has it: indented, with a line feed at its end; errors as for ``dumps``."""
    return f"{dumps(value)}\n"


def _enclosed(brackets: str, pieces: list[str], indent: int | None, depth: int) -> str:
    if not pieces:
        return brackets
    if indent is None:
        return brackets[0] + ", ".join(pieces) + brackets[1]
    inner, outer = "\n" + " " * indent * (depth + 1), "\n" + " " * indent * depth
    return brackets[0] + inner + ("," + inner).join(pieces) + outer + brackets[1]
