"""Documents as immutable objects: the fields and their types say how each part is read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cache
from types import MappingProxyType, NoneType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

from rescuecalc.api.exact_quantity import ExactQuantity

if TYPE_CHECKING:
    from rescuecalc.reporters.document.common_parts import QuantityPart

T = TypeVar("T")

HEADER = frozenset({"schema", "rescuecalc"})
"""What every document begins with; no field of a result."""


def view(kind: type[T], made: Mapping[str, Any], **more: Any) -> T:
    """Return a part of a document as ``kind``, a dataclass or NamedTuple with a field for each of its keys.

    A field ``from_`` is the key `from`. Raises TypeError where a key has no field or a field no key, so that a result
    never holds less than what the command prints.
    """
    read: Any = kind
    hints = _hints(read)
    known = {f"{key}_" if key == "from" else key: value for key, value in made.items() if key not in HEADER}
    if unknown := known.keys() - hints.keys():
        raise TypeError(f"{kind.__name__} has no field for {', '.join(sorted(unknown))}")
    return kind(**{name: _read(hints[name], value) for name, value in known.items()}, **more)


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _read(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    arguments = tuple(each for each in get_args(hint) if each is not NoneType)
    if get_origin(hint) is tuple:
        return tuple(_read(arguments[0], each) for each in value)
    if get_origin(hint) is Mapping:
        return MappingProxyType({key: _read(arguments[1], each) for key, each in value.items()})
    return _one(arguments[0] if arguments else hint, value)  # with arguments it is a type or None


def _one(hint: type[Any], value: Any) -> Any:
    if hint is ExactQuantity:
        return quantity(value)
    if isinstance(value, Mapping):
        return view(hint, value)
    return hint(value) if issubclass(hint, Enum) else value


def quantity(value: QuantityPart) -> ExactQuantity:
    """Return a quantity of a document with its exact magnitude."""
    return ExactQuantity(value.exact, value["unit"])


def plain(value: Any) -> Any:
    """Return a copy of a part of a document in dictionaries, lists, texts and numbers alone."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value
