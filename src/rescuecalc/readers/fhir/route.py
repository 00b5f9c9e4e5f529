"""The route of a dosage, by its codes and by its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rescuecalc.core.orders.order import Defect
from rescuecalc.core.quantities import wording
from rescuecalc.fhir.systems import SNOMED, route_of_code
from rescuecalc.readers.document_shape import is_a, mapping, sequence
from rescuecalc.readers.fhir.references import codings
from rescuecalc.readers.fhir.timing import STATED_TWICE

if TYPE_CHECKING:
    from collections.abc import Iterable


def route_of(data: dict[str, Any], pointer: str, defects: list[Defect]) -> str:
    """Return the route that codes and words say; a defect where one says another."""
    concept, at = mapping(data, "route", pointer, defects), f"{pointer}/route"
    routes = []
    for place, each in enumerate(sequence(concept, "coding", at, defects)):
        if is_a(dict, each, f"{at}/coding/{place}", defects):
            code = route_of_code(str(each.get("system", SNOMED)), str(each.get("code")))
            # Of a code that is not known its letters or its name tell which route it is.
            by_name = _route_in_words(each.get("code")) or _route_in_words(each.get("display"))
            routes += [(code or by_name, f"{at}/coding/{place}")]
            routes += [(_route_in_words(each.get("display")), f"{at}/coding/{place}/display")]
    if is_a(str, concept.get("text"), f"{at}/text", defects):
        routes += [(_route_in_words(concept.get("text")), f"{at}/text")]
    return _agreed_route([each for each in routes if each[0]], defects)


def unread_route(data: dict[str, Any], pointer: str) -> tuple[str, str] | None:
    """Return where a route is stated that is none of the known ones, and how; None where none is stated."""
    concept = data.get("route")
    words = [concept.get("text")] if isinstance(concept, dict) else []
    words += [each.get(name) for each in codings(concept) for name in ("display", "code")]
    stated = [each for each in words if isinstance(each, str) and each.strip()]
    is_none = any(wording.ROUTE_OF.get(wording.folded(each)) == "" for each in stated)
    return (f"{pointer}/route", stated[0]) if stated and not is_none else None


def _agreed_route(candidates: Iterable[tuple[str, str]], defects: list[Defect]) -> str:
    """Return the first of what several elements say, each with where it stands; a defect where another says other."""
    first = ""
    for word, pointer in candidates:
        if first and word != first and not {word, first} <= _BY_TUBE:
            message = f"one dosage says the route {first} and {word}"
            defects.append(Defect(STATED_TWICE, message, pointer, word, first))
        first = first or word
    return first


_BY_TUBE: Final = frozenset({"PO", "NG"})
_BEHIND_ROUTE: Final = frozenset(("route", "use", "administration", "of", "(qualifier", "value)"))
"""What a code system writes behind the name of a route."""


def _bare(name: str) -> str:
    words = name.split()
    while len(words) > 1 and words[-1] in _BEHIND_ROUTE:
        words.pop()
    return " ".join(words)


def _route_in_words(text: Any) -> str:
    """Return the one route of a text: `Intrathecal use`, `Injection, intrathecal`; empty where it says none, or two."""
    parts = wording.folded(text).split(",") if isinstance(text, str) else ()
    found = [wording.routes_of(_bare(each)) for each in parts]
    named = {each for routes in found for each in routes if each}
    return named.pop() if len(named) == 1 else ""
