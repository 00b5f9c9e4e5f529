"""An option of a request, declared once: what stands for its value, and its help. It knows no terminal."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Option(NamedTuple):
    """An option: ``metavar`` stands for its value (None: it takes none), ``flag`` is its name where not the field's.

    ``short`` is a name of one letter, as ``-w``. ``needed`` is None where it may be left out, an empty text where it
    may not, or the condition on which it may not: ``: where doses are per kg``.
    """

    metavar: str | None
    help: str
    flag: str | None = None
    short: str | None = None
    needed: str | None = None


class Argument(NamedTuple):
    """An argument that is known by its place."""

    help: str
    metavar: str | None = None
    needed: str | None = None


def options_of(kind: Any) -> dict[str, tuple[Any, Any]]:
    """Return the options of a request by name, each with its annotation and default; those of a group in its place.

    A field whose type is a NamedTuple itself is a group: options that several requests share.
    """
    found: dict[str, tuple[Any, Any]] = {}
    for name, annotation in kind.__annotations__.items():
        found |= options_of(annotation) if _is_group(annotation) else {name: (annotation, kind._field_defaults[name])}
    return found


def request_from(kind: Any, values: Mapping[str, Any]) -> Any:
    """Return a request of ``kind`` with these values of its options, those of groups among them."""
    groups = {name: request_from(each, values) for name, each in kind.__annotations__.items() if _is_group(each)}
    return kind(**groups, **{name: values[name] for name in kind._fields if name in values and name not in groups})


def values_of(request: Any) -> dict[str, Any]:
    """Return the values of all options of a request by their names, those of groups beside the others."""
    found: dict[str, Any] = {}
    for name, value in request._asdict().items():
        found |= value._asdict() if _is_group(type(value)) else {name: value}
    return found


def _is_group(annotation: Any) -> bool:
    return hasattr(annotation, "_fields")
