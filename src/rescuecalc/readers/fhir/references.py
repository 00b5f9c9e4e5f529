"""What a reference of FHIR stands for: a contained resource, or another of the same Bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.orders.order import Defect
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.fhir.elements import BUNDLE, ENTRY
from rescuecalc.fhir.systems import condition_of
from rescuecalc.readers.document_shape import is_a, known_names, sequence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.fhir.codes import Codes

NOT_JUDGED: Final = "RC242"
"""The code of the rule that tells what is not judged, and why."""

MISSING: Final = "missing"
"""What stands in place of a pointer for what is referred to and is not in the file."""

Held = tuple[dict[str, Any], str]
"""A resource, and its pointer."""


class References(NamedTuple):
    """The resources of a file by the names that references use, and the codes and names of the drugs that are known.

    ``seen`` grows with the pointer of each resource whose orders are read, ``dosed`` with those of their dosages.
    """

    held: Mapping[str, Held]
    codes: Codes
    drugs: frozenset[str]
    seen: set[str]
    dosed: set[str]

    def within(self, resource: dict[str, Any], pointer: str) -> References:
        """Return the references that count inside of a resource: its contained ones first."""
        inside = contained(resource, pointer)
        return self._replace(held={**self.held, **inside}) if inside else self

    def find(self, reference: dict[str, Any], kind: str, pointer: str, defects: list[Defect]) -> Held | None:
        """Return what a Reference stands for; a defect says that it is not in the file."""
        name = reference.get("reference")
        if not is_a(str, name, f"{pointer}/reference", defects):
            return None
        found = self.named(str(name))
        if found is None:
            message = f"the {kind} {quoted(str(name))} is not in this file and was not judged"
            defects.append(Defect(NOT_JUDGED, message, f"{pointer}/reference", str(name)))
        self.seen.add(found[1] if found is not None else MISSING)
        return found

    def named(self, name: str) -> Held | None:
        """Return the resource of a name; a canonical's version, and the server before a type, do not count."""
        plain = name.partition("|")[0]
        return self.held.get(plain) or self.held.get("/".join(plain.rsplit("/", 2)[-2:]))


def contained(resource: dict[str, Any], pointer: str) -> dict[str, Held]:
    """Return the contained resources of a resource by their references."""
    inside = resource.get("contained")
    if not isinstance(inside, list):
        return {}
    return {
        f"#{each['id']}": (each, f"{pointer}/contained/{place}")
        for place, each in enumerate(inside)
        if isinstance(each, dict) and isinstance(each.get("id"), str)
    }


def codings(concept: Any) -> list[dict[str, Any]]:
    """Return the codings of a CodeableConcept where it decides what a resource is; what is none of them is left out."""
    inside = concept.get("coding") if isinstance(concept, dict) else None
    return [each for each in inside if isinstance(each, dict)] if isinstance(inside, list) else []


def words_of(concept: Any) -> tuple[str, ...]:
    """Return the words of a CodeableConcept, each once; a code of a condition that is judged without words its name."""
    if not isinstance(concept, dict):
        return ()
    words = [concept.get("text"), *(each.get("display") for each in codings(concept))]
    displays = [each for each in words if isinstance(each, str) and each]
    return tuple(dict.fromkeys(displays or conditions_coded(concept)))


def conditions_coded(concept: Any) -> Iterator[str]:
    """Yield the names of the conditions that the codes of a CodeableConcept stand for."""
    named = (condition_of(str(each.get("system", "")), str(each.get("code", ""))) for each in codings(concept))
    yield from filter(None, named)


def condition_words(concept: Any) -> tuple[str, ...]:
    """Return the words of a condition, and what its codes name that words of another language do not say."""
    named = words_of(concept)
    said = " ".join(named).lower()
    return tuple(dict.fromkeys((*named, *(each for each in conditions_coded(concept) if not _is_in(said, each)))))


def _is_in(said: str, coded: str) -> bool:
    """Whether words say what a code stands for: a stroke by its last word, a haemorrhage or a history by its name."""
    is_whole = coded.endswith("haemorrhage") or coded.startswith("history")
    return (coded if is_whole else coded.rsplit(maxsplit=1)[-1]) in said


def entries(bundle: dict[str, Any], pointer: str, defects: list[Defect]) -> Iterator[tuple[dict[str, Any], Held]]:
    """Yield each entry of a Bundle with its resource."""
    known_names(bundle, BUNDLE, pointer, defects)
    inside = sequence(bundle, "entry", pointer, defects)
    if not inside:
        defects.append(Defect(NOT_JUDGED, "the Bundle holds no entry: there is nothing to judge", pointer))
    for place, entry in enumerate(inside):
        at = f"{pointer}/entry/{place}"
        if not is_a(dict, entry, at, defects):
            continue
        known_names(entry, ENTRY, at, defects)
        if is_a(dict, entry.get("resource"), f"{at}/resource", defects):
            yield entry, (entry["resource"], f"{at}/resource")


def by_name(found: list[tuple[dict[str, Any], Held]]) -> dict[str, Held]:
    """Return the resources of a Bundle by full URL, by type and id, and by canonical address."""
    names: dict[str, Held] = {}
    for entry, held in found:
        resource = held[0]
        for name in (
            entry.get("fullUrl"),
            f"{resource.get('resourceType')}/{resource.get('id')}" if resource.get("id") is not None else None,
            resource.get("url"),
        ):
            if isinstance(name, str):
                names.setdefault(name, held)
    return names
