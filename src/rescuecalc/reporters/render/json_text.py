"""JSON with exact decimal numbers.

The standard encoder writes numbers through binary floats; 14.4 survives that, but what survives is then a matter of
luck. This one writes each Decimal as the digits it has.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring_ascii  # what json.dumps comes to for a text, a third of its time
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_WORDS: Final = {None: "null", True: "true", False: "false"}


def dumps(value: Any, indent: int | None = 2) -> str:
    """Return ``value`` as JSON; TypeError for a float or anything else that a document may not hold."""
    parts: list[str] = []
    _put(value, None if indent is None else "\n", " " * (indent or 0), parts.append)
    return "".join(parts)


def _put(value: Any, line: str | None, deeper: str, put: Callable[[str], None]) -> None:
    """Hand the pieces of ``value`` to ``put``; ``line`` begins a line of its depth, None where all stand on one."""
    write = _PLAIN.get(type(value))
    if write is not None:
        put(write(value))
    elif isinstance(value, str):  # a member of an enumeration
        put(_text(value))
    elif isinstance(value, dict | list):
        _put_all(value, line, deeper, put)
    else:
        raise TypeError(f"a document holds no {type(value).__name__}")


def _put_all(value: Any, line: str | None, deeper: str, put: Callable[[str], None]) -> None:
    is_dict = isinstance(value, dict)
    first, last = "{}" if is_dict else "[]"
    inner = None if line is None else line + deeper
    between, begin = ", " if inner is None else f",{inner}", first + (inner or "")
    for entry in value:
        put(begin)
        begin = between
        each = entry
        if is_dict:
            put(_name(str(entry)))
            each = value[entry]
        # Most of what a document holds is plain, and a call for each of these would be a third of the time.
        write = _PLAIN.get(type(each))
        if write is not None:
            put(write(each))
        else:
            _put(each, inner, deeper, put)
    put(f"{line or ''}{last}" if value else first + last)


@lru_cache(maxsize=1024)
def _name(name: str) -> str:
    """Return the name of a value: a document has few, again and again."""
    return f"{_text(name)}: "


def _text(value: str) -> str:
    """Return a text as JSON, in which no log reads a command of GitHub's runner."""
    return encode_basestring_ascii(value).replace("##[", "##\\u005b")


_PLAIN: Final[dict[type, Callable[[Any], str]]] = {
    str: _text,
    # Never "1E+1": JSON allows it, and readers by eye take it for another number.
    Decimal: lambda value: format(value, "f"),
    int: int.__repr__,
    bool: _WORDS.__getitem__,
    type(None): _WORDS.__getitem__,
}
"""What writes a value of each type that holds no others; nearly every value of a document is one."""


def json_text(value: Any) -> str:
    """Return a document as a file of JSON has it: indented, with a line feed at its end; errors as for ``dumps``."""
    return f"{dumps(value)}\n"
