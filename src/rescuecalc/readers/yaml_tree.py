"""YAML by its event stream: no recursion, every scalar stays text, nothing that points elsewhere or makes objects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml

from rescuecalc.readers.document_reading import DEEPEST, MOST_SETS, Lines, NotReadable, Spot, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOADER: Final[Any] = getattr(yaml, "CLoader", yaml.Loader)
_BREAK: Final = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


def yaml_lines(text: str) -> Lines:
    """Return the lines of ``text`` as YAML counts them."""
    return Lines(text, [0, *(match.end() for match in _BREAK.finditer(text))])


def yaml_trees(text: str) -> Iterator[Tree]:
    """Yield each document of ``text``; NotReadable names line and column of what is no plain YAML."""
    try:
        yield from _trees(text)
    except yaml.MarkedYAMLError as failure:
        mark = failure.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise NotReadable(f"is not YAML: {failure.problem or failure.context}{_hint(failure)}", line, column) from None
    except yaml.YAMLError as failure:
        raise NotReadable(f"is not YAML: {getattr(failure, 'reason', None) or 'a character is not allowed'}") from None


def _hint(failure: yaml.MarkedYAMLError) -> str:
    return "; a value that begins with > or < stands in quotes" if "start any token" in str(failure.problem) else ""


class _Open(NamedTuple):
    """A list or mapping that is still being read; ``key`` is the mapping's key that waits for its value."""

    holds: Any
    pointer: str
    key: list[str]


def _trees(text: str) -> Iterator[Tree]:
    spots: dict[str, Spot] = {}
    doubled: list[str] = []
    stack: list[_Open] = []
    left = MOST_SETS
    # Events and not yaml.load: no recursion on a document of a million brackets, no object is made, and every scalar
    # stays the text that it is. YAML would read `12:30` as 750 and `1_000` as 1000.
    for event in yaml.parse(text, Loader=_LOADER):
        _refuse(event)
        if not left and isinstance(event, yaml.DocumentStartEvent):
            raise _at(event, f"holds more than {MOST_SETS:,} order sets; write them as JSON Lines or CSV")
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            holds: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            if len(stack) >= DEEPEST:
                raise _at(event, f"is nested deeper than {DEEPEST} levels")
            pointer = _put(holds, event, stack, spots, doubled)
            stack.append(_Open(holds, pointer, []))
            root = stack[0].holds
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            stack.pop()
        elif isinstance(event, yaml.ScalarEvent):
            root = _scalar(event, stack, spots, doubled) if stack else event.value
        elif isinstance(event, yaml.DocumentEndEvent):
            yield Tree(root, spots.get, tuple(doubled))
            spots, doubled, left = {}, [], left - 1


def _refuse(event: Any) -> None:
    """Refuse what makes one text stand for another, or for an object."""
    # An alias of aliases grows a file of a few lines to billions of values; and the reader of the page sees a star
    # where the dose is.
    if isinstance(event, yaml.AliasEvent):
        raise _at(event, f"an alias (*{str(event.anchor)[:20]}) is not read; write the value out")
    if getattr(event, "anchor", None):
        raise _at(event, f"an anchor (&{event.anchor[:20]}) is not read; write the value out where it is needed")
    if getattr(event, "tag", None):
        raise _at(event, f"a tag ({event.tag[:30]}) is not read; every value is plain text")


def _at(event: Any, message: str) -> NotReadable:
    return NotReadable(message, event.start_mark.line + 1, event.start_mark.column + 1)


def _scalar(event: Any, stack: list[_Open], spots: dict[str, Spot], doubled: list[str]) -> Any:
    top = stack[-1]
    if isinstance(top.holds, dict) and not top.key:
        top.key.append(event.value)
    else:
        _put(event.value, event, stack, spots, doubled)
    return stack[0].holds


def _put(value: Any, event: Any, stack: list[_Open], spots: dict[str, Spot], doubled: list[str]) -> str:
    """Store a value in the list or mapping that is open; return its pointer."""
    pointer = ""
    if stack:
        holds, above, key = stack[-1]
        if isinstance(holds, list):
            pointer = f"{above}/{len(holds)}"
            holds.append(value)
        elif not key:
            raise _at(event, "a key that is a list or a mapping is not read")
        else:
            name = key.pop()
            # RFC 6901: the two characters that a pointer has a use for itself.
            pointer = f"{above}/{name.replace('~', '~0').replace('/', '~1')}"
            # YAML takes the last of two equal keys in silence; here it is a finding, since the first may be the dose
            # that was meant.
            if name in holds:
                doubled.append(pointer)
            holds[name] = value
    # A value over several lines has no length: a caret marks its beginning alone.
    start, end = event.start_mark, event.end_mark
    spots[pointer] = Spot(start.line + 1, start.column + 1, end.column - start.column if end.line == start.line else 0)
    return pointer
