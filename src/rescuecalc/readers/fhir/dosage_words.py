"""A Dosage of FHIR as an order, with what it says in words besides its text as part of that text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.readers.fhir.timing import Timed


class Dosed(NamedTuple):
    """A dosage as an order: fields and texts by their names, and by the same names where they stand.

    ``unread`` are amounts, and ``unread_route`` a route, that no field holds: where each stands, and how it is written.
    """

    kind: str
    route: str
    fields: dict[str, Quantity]
    texts: dict[str, str]
    at: dict[str, str]
    timed: Timed
    pointer: str
    unread: tuple[tuple[str, str], ...] = ()
    unread_route: tuple[str, str] | None = None


def words_of(data: dict[str, Any], pointer: str) -> Iterator[tuple[str, str]]:
    """Yield what a dosage says in words besides its text, each with where it stands."""
    if isinstance(data.get("patientInstruction"), str):
        yield data["patientInstruction"], f"{pointer}/patientInstruction"
    more = data.get("additionalInstruction")
    concepts = [
        (each, f"additionalInstruction/{place}") for place, each in enumerate(more if isinstance(more, list) else ())
    ]
    concepts += [(data.get(name), name) for name in ("asNeededCodeableConcept", "method")]
    reasons = data.get("asNeededFor")
    concepts += [
        (each, f"asNeededFor/{place}") for place, each in enumerate(reasons if isinstance(reasons, list) else ())
    ]
    for concept, name in concepts:
        yield from _words_of_concept(concept, f"{pointer}/{name}")
    for site, at in _words_of_concept(data.get("site"), f"{pointer}/site"):
        yield f"into the {site}", at


def _words_of_concept(concept: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Yield the text of a concept, and without one what its first code is called."""
    held = concept if isinstance(concept, dict) else {}
    if isinstance(held.get("text"), str):
        yield held["text"], f"{pointer}/text"
        return
    codes = held.get("coding")
    for place, each in enumerate(codes if isinstance(codes, list) else ()):
        if isinstance(each, dict) and isinstance(each.get("display"), str):
            yield each["display"], f"{pointer}/coding/{place}/display"
            return


def with_words(dosed: Dosed, words: Iterable[tuple[str, str]]) -> Dosed:
    """Return a dosage with words that stand elsewhere as part of its text, unless that holds them already.

    What is said of the text then points at what holds all of its parts.
    """
    texts, at = dict(dosed.texts), dict(dosed.at)
    for phrase, pointer in words:
        text = texts.get("text", "")
        if not phrase.strip() or phrase in text:
            continue
        texts["text"] = f"{text}\n{phrase}" if text else phrase
        at["text"] = _around(at["text"], pointer) if text else pointer
    return dosed._replace(texts=texts, at=at)


def _around(one: str, other: str) -> str:
    """Return the pointer of the innermost element that holds both."""
    steps = []
    for mine, its in zip(one.split("/"), other.split("/"), strict=False):
        if mine != its:
            break
        steps.append(mine)
    return "/".join(steps)
