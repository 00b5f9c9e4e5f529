"""Which drug a resource is about, and of what strength: by its codes, else by its words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.drugs.drug_name import BRANDS, KNOWN, drug_name
from rescuecalc.core.orders.order import Defect
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import Concentration, Dose, Volume
from rescuecalc.fhir.systems import DATA_ABSENT, system_of
from rescuecalc.readers.document_shape import MISSING_FIELD, is_a, mapping, sequence
from rescuecalc.readers.fhir.amount import ABSENT, absent, read_amount, read_ratio
from rescuecalc.readers.fhir.references import NOT_JUDGED, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.fhir.codes import DrugCode
    from rescuecalc.readers.fhir.references import Held, References

CODE_AND_NAME: Final = "RC240"
"""The code of the rule that reports a drug's code and name that are of two drugs."""

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z-]{2,}")
_CONCEPTS: Final = ("medicationCodeableConcept", "productCodeableConcept")
_REFERENCES: Final = ("medicationReference", "productReference")


class Medicine(NamedTuple):
    """A drug as it is named (``text``) and judged (``drug``), its label, and where these stand.

    ``product`` is a label's text or a product of the catalogue; ``concentration`` what the resource itself states.
    ``form`` is what it is made as, and ``beside`` are the words of its other ingredients, each with where it stands.
    """

    drug: str
    text: str
    product: str | None
    concentration: Concentration | None
    named_at: str
    strength_at: str
    form: tuple[str, str] | None = None
    beside: tuple[tuple[str, str], ...] = ()


def medicine(data: dict[str, Any], pointer: str, references: References, defects: list[Defect]) -> Medicine:
    """Return the drug of a request, an administration or an activity."""
    concept, reference, where = _named(data, pointer, defects)
    held = references.find(reference, "Medication", where, defects) if reference else None
    words = (
        [(f"{where}/display", reference["display"])]
        if reference and is_a(str, reference.get("display"), "", [])
        else []
    )
    codes: list[DrugCode] = []
    for each, at in ((concept, where), (_code_of(held, defects), f"{held[1]}/code" if held else where)):
        found, more = _concept(each, at, references, defects)
        codes += found
        words += more
    inside = list(_ingredients(held, references, defects)) if held is not None else []
    if not codes and not words and inside:
        codes, words = inside[0].codes, inside[0].words
    if not codes and not words and _is_absent(concept):
        defects.append(Defect(ABSENT, "the drug is not given", where))
        return Medicine("", "", None, None, where, where)
    if not codes and not words:  # a code that is not known, or a reference to another file, is all there is
        words = _last_resort(concept, reference, where)
        if words and reference is None:
            message = (
                f"the drug is named by the code {quoted(words[0][1])} alone, which is not known: not judged as a drug"
            )
            defects.append(Defect(NOT_JUDGED, message, words[0][0], words[0][1]))
    name, text, at = _drug(codes, words, where, references, defects)
    if not name:
        defects.append(Defect(MISSING_FIELD, "the order names no drug", pointer, None, "drug"))
    own = _active_ingredient(inside, name, text)
    if len(inside) == 1:
        _held_against(name, inside[0], references, defects)
    product = next((each.product for each in codes if each.product), None)
    strength = _strength(own, defects) if own is not None else (None, None)
    return Medicine(
        name,
        text,
        strength[0] or product,
        strength[1],
        at,
        own.at if own is not None else at,
        form=_form(held),
        beside=tuple((phrase, each.at) for each in inside if each is not own for _, phrase in each.words),
    )


def _form(held: Held | None) -> tuple[str, str] | None:
    """Return what a Medication is made as, in words (R5: ``doseForm``)."""
    for name in ("form", "doseForm") if held is not None else ():
        words = words_of(held[0].get(name)) if held is not None else ()
        if held is not None and words:
            return words[0], f"{held[1]}/{name}"
    return None


def _is_absent(concept: Any) -> bool:
    """Whether a CodeableConcept says itself that nothing is there."""
    coded = concept.get("coding")
    systems = [each.get("system") for each in coded if isinstance(each, dict)] if isinstance(coded, list) else []
    return DATA_ABSENT in systems or absent(concept, "", [])


def _held_against(drug: str, only: _Ingredient, references: References, defects: list[Defect]) -> None:
    """Add a defect where the one ingredient of a medication is another drug than its name."""
    drugs = [each.drug for each in only.codes]
    drugs += [each for _, text in only.words for each in known_drugs_in(text, references)]
    other = next((each for each in drugs if each != drug), None)
    if other is not None and drug in references.drugs | KNOWN:
        message = f"the ingredient is {other}, and the medication is named {drug}"
        defects.append(Defect(CODE_AND_NAME, message, only.at, other, drug))


def _named(data: dict[str, Any], pointer: str, defects: list[Defect]) -> tuple[Any, dict[str, Any] | None, str]:
    """Return the CodeableConcept or the Reference of a resource of R4 or R5, and where it stands."""
    if data.get("medication") is not None:
        both, inside = mapping(data, "medication", pointer, defects), f"{pointer}/medication"
        concept, reference = (mapping(both, name, inside, defects) for name in ("concept", "reference"))
        return concept, reference or None, f"{inside}/{'reference' if reference else 'concept'}"
    for name in _CONCEPTS:
        if data.get(name) is not None:
            return mapping(data, name, pointer, defects), None, f"{pointer}/{name}"
    if data.get("resourceType") == "ActivityDefinition" and data.get("code") is not None:
        named = any(data.get(name) is not None for name in _REFERENCES)
        if not named:  # what is done, where no product says with what
            return mapping(data, "code", pointer, defects), None, f"{pointer}/code"
    for name in _REFERENCES:
        if data.get(name) is not None:
            return {}, mapping(data, name, pointer, defects) or None, f"{pointer}/{name}"
    return {}, None, pointer


def _texts_of(each: dict[str, Any], name: str, pointer: str, defects: list[Defect]) -> list[tuple[str, str]]:
    value, at = each.get(name), f"{pointer}/{name}"
    return [(at, str(value))] if is_a(str, value, at, defects) else []


def _code_of(held: tuple[dict[str, Any], str] | None, defects: list[Defect]) -> Any:
    return mapping(held[0], "code", held[1], defects) if held is not None else {}


def _concept(
    concept: Any, pointer: str, references: References, defects: list[Defect]
) -> tuple[list[DrugCode], list[tuple[str, str]]]:
    """Return the drugs that a CodeableConcept's codes stand for, and its words with their places."""
    codes, words = [], _texts_of(concept, "text", pointer, defects)
    for place, each in enumerate(sequence(concept, "coding", pointer, defects)):
        at = f"{pointer}/coding/{place}"
        if not is_a(dict, each, at, defects):
            continue
        code = references.codes.get((system_of(each["system"]), each["code"])) if _hashable(each) else None
        if code is not None:
            codes.append(code)
        words += _texts_of(each, "display", at, defects)
    return codes, words


def _last_resort(concept: Any, reference: dict[str, Any] | None, pointer: str) -> list[tuple[str, str]]:
    coding = concept.get("coding")
    first = coding[0] if isinstance(coding, list) and coding and isinstance(coding[0], dict) else {}
    code, name = first.get("code"), (reference or {}).get("reference")
    if isinstance(code, str):
        return [(f"{pointer}/coding/0/code", code)]
    return [(f"{pointer}/reference", name)] if isinstance(name, str) else []


def _hashable(each: dict[str, Any]) -> bool:
    return isinstance(each.get("system"), str) and isinstance(each.get("code"), str)


def _drug(
    codes: list[DrugCode], words: list[tuple[str, str]], where: str, references: References, defects: list[Defect]
) -> tuple[str, str, str]:
    """Return the name that is judged, the one that is written, and where it stands."""
    at, text = words[0] if words else (where, codes[0].drug if codes else "")
    named = [(place, drug) for place, phrase in words for drug in known_drugs_in(phrase, references)]
    known = [*((where, each.drug) for each in codes), *named]
    for place, drug in known[1:]:
        if drug != known[0][1]:
            first = f"the {'code' if codes else 'name'} before it is that of {known[0][1]}"
            defects.append(Defect(CODE_AND_NAME, f"{drug} is named here, and {first}", place, drug, known[0][1]))
    return (known[0][1] if known else drug_name(without_strength(text))), text, at


def known_drugs_in(text: str, references: References) -> Iterator[str]:
    """Yield the first drug that rescuecalc knows among the words of a text."""
    for word in _WORD.findall(text.lower()):
        name = BRANDS.get(word, word)
        if name in KNOWN or name in references.drugs:
            yield name
            return


def without_strength(text: str) -> str:
    """Return the name at the beginning of a label: `Phenytoin 25mg/ml oral suspension` is of phenytoin."""
    return re.split(r"(?<![ (,])[ (,]*[0-9(]", text, maxsplit=1)[0].strip() or text.strip()


class _Ingredient(NamedTuple):
    codes: list[DrugCode]
    words: list[tuple[str, str]]
    data: dict[str, Any]
    at: str


def _ingredients(
    held: tuple[dict[str, Any], str], references: References, defects: list[Defect]
) -> Iterator[_Ingredient]:
    for place, each in enumerate(sequence(held[0], "ingredient", held[1], defects)):
        at = f"{held[1]}/ingredient/{place}"
        if not is_a(dict, each, at, defects):
            continue
        item = mapping(each, "item", at, defects)
        concept = item.get("concept", each.get("itemCodeableConcept"))
        where = f"{at}/item/concept" if "concept" in item else f"{at}/itemCodeableConcept"
        codes, words = _concept(concept if is_a(dict, concept, where, defects) else {}, where, references, defects)
        yield _Ingredient(codes, words, each, at)


def _active_ingredient(inside: list[_Ingredient], drug: str, text: str) -> _Ingredient | None:
    """Return the ingredient that is the drug: the only one, or the one of its code or name."""
    if len(inside) <= 1:
        return inside[0] if inside else None
    for each in inside:
        names = {code.drug for code in each.codes} | {without_strength(phrase).lower() for _, phrase in each.words}
        if drug in names or any(name and name in text.lower() for name in names):
            return each
    return None


def _strength(own: _Ingredient, defects: list[Defect]) -> tuple[str | None, Concentration | None]:
    """Return a label's text, or the concentration where the strength is counted to one unit of volume."""
    data = own.data
    if "strengthQuantity" in data:
        amount = read_amount(data["strengthQuantity"], f"{own.at}/strengthQuantity", defects)
        field = amount.as_field() if amount is not None else None
        return None, field[1] if field is not None and isinstance(field[1], Concentration) else None
    name = "strengthRatio" if "strengthRatio" in data else "strength"
    ratio = read_ratio(data[name], f"{own.at}/{name}", defects) if data.get(name) is not None else None
    if ratio is None:
        return None, None
    above, below = ratio.numerator.as_field(), ratio.denominator.as_field()
    if above is None or below is None or not isinstance(above[1], Dose) or not isinstance(below[1], Volume):
        return None, None
    field = ratio.quotient.as_field()
    if ratio.denominator.value == 1 and field is not None and isinstance(field[1], Concentration):
        return None, field[1]
    return f"{ratio.numerator.text} in {ratio.denominator.text}", None
