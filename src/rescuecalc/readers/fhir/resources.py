"""Resources of FHIR, alone or in a Bundle, as order sets: which orders stand together, and of which patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.orders.order import Defect
from rescuecalc.core.orders.order_field import ADMINISTERED
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import Duration
from rescuecalc.fhir.elements import DOSED, GROUPS, MEDICATION_ADMINISTRATION, MEDICATION_REQUEST, RESOURCES
from rescuecalc.fhir.systems import PROTOCOL
from rescuecalc.readers.document_reading import UNREADABLE_PART
from rescuecalc.readers.document_shape import is_a, known_names, sequence
from rescuecalc.readers.fhir.action_words import doses_in_words, drafts_from_text
from rescuecalc.readers.fhir.actions import CLOCK, Action, Placing, definition, steps, what_else
from rescuecalc.readers.fhir.body_weights import subject_of
from rescuecalc.readers.fhir.dosage import dosages, modified
from rescuecalc.readers.fhir.dosage_words import with_words
from rescuecalc.readers.fhir.medication import medicine
from rescuecalc.readers.fhir.nested import nested, planned, unread_doses
from rescuecalc.readers.fhir.old_releases import old_release
from rescuecalc.readers.fhir.patients import patients_of
from rescuecalc.readers.fhir.pieces import supplied, with_pieces, with_supply
from rescuecalc.readers.fhir.reading import Draft, KnownPatient, Made, Moment, made_of
from rescuecalc.readers.fhir.references import NOT_JUDGED, Held, References, by_name, codings, condition_words, entries
from rescuecalc.readers.fhir.unjudged import beside_dosage, other_drugs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.fhir.codes import Codes
    from rescuecalc.readers.fhir.dosage_words import Dosed
    from rescuecalc.readers.fhir.medication import Medicine

_KNOWN: Final = {
    "MedicationRequest": MEDICATION_REQUEST,
    "MedicationAdministration": MEDICATION_ADMINISTRATION,
}
_OPEN: Final = frozenset({"active", "draft", "on-hold", "unknown"})
_TOGETHER: Final = frozenset({"collection", "transaction", "batch", "document", "message"})
"""Bundles whose requests for one patient are given together; a search finds what never was meant for one moment."""


def order_sets(resource: dict[str, Any], defects: list[Defect], codes: Codes) -> Iterator[Made]:
    """Yield the order sets of a resource; what has nothing to do with medication is passed over and counted."""
    drugs = frozenset(code.drug for code in codes.values())
    references = References({}, codes, drugs, set(), set())
    release = old_release(resource)
    if release is not None:
        message = f"this is FHIR {release}, and R4 and R5 are read: it was not judged"
        yield made_of([], "", [*defects, Defect(UNREADABLE_PART, message, "/resourceType", kind_of(resource))])
        return
    if resource.get("resourceType") == "Bundle":
        yield from _bundle(resource, "", references, defects)
    else:
        yield _single_resource_set(resource, "", references, defects, {})
    yield from _nested(resource, references)
    unheard = list(unread_doses(resource, references))
    if unheard:
        yield made_of([], "", unheard)


def _nested(resource: dict[str, Any], references: References) -> Iterator[Made]:
    """Yield the orders inside of other resources to which nothing there refers: no dose is passed over in silence."""
    for inner, at, outer in nested(resource, ""):
        if at in references.seen:
            continue
        known = references.within(*outer)
        if inner.get("resourceType") == "Bundle":
            yield from _bundle(inner, at, known, [])
        elif kind_of(inner) in GROUPS or _is_order(inner):
            yield _single_resource_set(inner, at, known, [], {})


def _single_resource_set(
    resource: dict[str, Any], pointer: str, above: References, defects: list[Defect], patients: dict[str, KnownPatient]
) -> Made:
    """Return the order set of one resource."""
    kind = kind_of(resource)
    references = above.within(resource, pointer)
    patient = patients.get(subject_of(resource, above))
    if kind in GROUPS:
        return _group(resource, pointer, references, defects, patient)
    if _is_order(resource):
        return made_of(_drafts(resource, pointer, references, defects), pointer, defects, patient)
    if kind not in RESOURCES:
        hint = nearest(kind, sorted(RESOURCES), cutoff=0.6)
        message = f"unknown FHIR resource type {quoted(kind)}{hint}: it was not judged"
        defects.append(Defect(UNREADABLE_PART, message, f"{pointer}/resourceType", kind))
        return made_of([], pointer, defects)
    if kind == "CarePlan":
        drafts = list(planned(resource, pointer, references, defects))
        if drafts:
            return made_of(drafts, pointer, defects, patient)
    return made_of([], pointer, defects, passed_over=1)


def kind_of(resource: dict[str, Any]) -> str:
    """Return the type of a resource, empty where it has none."""
    kind = resource.get("resourceType")
    return kind if isinstance(kind, str) else ""


def _is_order(resource: dict[str, Any]) -> bool:
    """Whether a resource orders a drug: one that holds a dose, or an activity that stands for one."""
    kind = kind_of(resource)
    return kind in DOSED or (kind == "ActivityDefinition" and _is_of_drug(resource))


def _is_of_drug(resource: dict[str, Any]) -> bool:
    named = {"productReference", "productCodeableConcept"} & resource.keys()
    is_open = resource.get("kind") is None and bool(named)
    return resource.get("kind") == "MedicationRequest" or is_open or bool(resource.get("dosage"))


def _drafts(
    resource: dict[str, Any], pointer: str, references: References, defects: list[Defect], group: str | None = None
) -> list[Draft]:
    """Return the orders of a resource that holds a dose: one for each dosage, and each end of a range."""
    kind = kind_of(resource)
    name = DOSED.get(kind, "dosage")
    references.seen.add(pointer)
    references.dosed.add(f"{pointer}/{name}")
    if kind in _KNOWN:
        known_names(resource, _KNOWN[kind], pointer, defects)
    if resource.get("doNotPerform") is True:
        message = "it states what must not be given, and was not judged as an order"
        defects.append(Defect(NOT_JUDGED, message, f"{pointer}/doNotPerform"))
        return []
    modified(resource, pointer, defects)
    drug = labelled = medicine(resource, pointer, references, defects)
    if kind == "MedicationDispense" and drug.drug:
        drug = drug._replace(text=drug.drug)  # what was handed out is a product, by its brand
    administered = kind == "MedicationAdministration"
    defects += other_drugs(resource, pointer, drug, references)
    dosed = _dosage_elements(resource, pointer, drug, defects)
    own_id = str(resource.get("id") or "")
    found: list[Draft] = []
    for place, (data, at) in enumerate(dosed):
        ends = list(dosages(data, at, defects, administered=administered))
        if not place:
            ends = [with_words(end, _notes(resource, pointer)) for end in ends]
        ends = [with_pieces(end, labelled) for end in ends]
        defects += beside_dosage(drug, ends[:1], references)
        if administered:
            ends = [end._replace(texts={**end.texts, ADMINISTERED: "yes"}) for end in ends]
        if len(dosed) == 1:
            ends = [with_supply(end, resource, pointer) for end in ends]
        order_id = f"{own_id}#{place + 1}" if len(dosed) > 1 else own_id
        choice = group or (f"{at}/range" if len(ends) > 1 else None)
        found += _drafts_of_ends(ends, order_id, drug, choice, _reason(resource, references))
    return found


def _dosage_elements(
    resource: dict[str, Any], pointer: str, drug: Medicine, defects: list[Defect]
) -> list[tuple[Any, str]]:
    """Return the dosage elements of a resource, each with its pointer; a defect where there is none."""
    kind = kind_of(resource)
    name = DOSED.get(kind, "dosage")
    administered = kind == "MedicationAdministration"
    dosed = [(resource.get(name), f"{pointer}/{name}")] if administered else _each(resource, name, pointer, defects)
    if (not dosed or (administered and dosed[0][0] is None)) and drug.drug:
        # A note or the supply may be all that says how much is given.
        dosed = [({}, pointer)] if any(_notes(resource, pointer)) or any(supplied(resource, pointer)) else []
    if not dosed or (administered and dosed[0][0] is None):
        defects.append(Defect(NOT_JUDGED, "it holds no dosage: there is nothing to judge", pointer))
        return []
    return dosed


def _drafts_of_ends(
    ends: list[Dosed], order_id: str, drug: Medicine, choice: str | None, reason: str
) -> Iterator[Draft]:
    """Yield one draft order for each end of a dosage's range; only the first counts as an order of its own."""
    for end in ends:
        begins, stops = end.timed.start, end.timed.stop
        yield Draft(
            order_id if end is ends[0] else f"{order_id}-high",
            drug,
            end,
            choice,
            Moment(CLOCK, begins) if begins is not None else None,
            Moment(CLOCK, stops) if stops is not None else None,
            counts=end is ends[0],
            reason=reason,
        )


def _notes(resource: dict[str, Any], pointer: str) -> Iterator[tuple[str, str]]:
    """Yield what a resource says in words of all its dosages."""
    if isinstance(resource.get("renderedDosageInstruction"), str):
        yield resource["renderedDosageInstruction"], f"{pointer}/renderedDosageInstruction"
    for place, each in enumerate(_list(resource.get("note"))):
        if isinstance(each, dict) and isinstance(each.get("text"), str):
            yield each["text"], f"{pointer}/note/{place}/text"


def _reason(resource: dict[str, Any], references: References) -> str:
    """Return in words what a request is for, by `reasonCode`, `reasonReference` or, in R5, `reason`."""
    named = [*_list(resource.get("reasonCode")), *(_concept(each) for each in _list(resource.get("reason")))]
    referred = [*_list(resource.get("reasonReference")), *(_reference(each) for each in _list(resource.get("reason")))]
    for each in referred:
        name = each.get("reference") if isinstance(each, dict) else None
        held = references.named(name) if isinstance(name, str) else None
        named.append(held[0].get("code") if held is not None else each)
    words = dict.fromkeys(word for each in named for word in (*condition_words(each), *_display(each)))
    return "; ".join(words)


def _display(each: Any) -> tuple[str, ...]:
    """Return what a reference calls what it refers to."""
    display = each.get("display") if isinstance(each, dict) else None
    return (display,) if isinstance(display, str) and display else ()


def _reference(each: Any) -> Any:
    return each.get("reference") if isinstance(each, dict) else None


def _list(held: Any) -> list[Any]:
    return held if isinstance(held, list) else []


def _concept(each: Any) -> Any:
    return each.get("concept") if isinstance(each, dict) else None


def _each(resource: dict[str, Any], name: str, pointer: str, defects: list[Defect]) -> list[tuple[Any, str]]:
    """Return the dosages in their sequence."""
    inside = enumerate(sequence(resource, name, pointer, defects))
    return sorted(((each, f"{pointer}/{name}/{place}") for place, each in inside), key=lambda each: _sequence(each[0]))


def _sequence(dosage: Any) -> int:
    number = dosage.get("sequence") if isinstance(dosage, dict) else None
    return int(number) if isinstance(number, str) and number.isdecimal() and len(number) < 9 else 0  # noqa: PLR2004


def _group(
    resource: dict[str, Any], pointer: str, references: References, defects: list[Defect], patient: KnownPatient | None
) -> Made:
    """Return the order set of a group of requests or a plan."""
    references.seen.add(pointer)
    found = steps(resource, pointer, defects)
    _report_modifiers(found, resource, pointer, defects)
    drafts: dict[str, list[Draft]] = {}
    monitoring: list[tuple[str, str]] = []
    for step in found:
        mine = _of_step(step, references, defects)
        if mine is None:
            mine = drafts_from_text(step, references)
        if mine is None:
            monitoring += what_else(step, defects)
        else:
            drafts[step.pointer] = mine
    for place, each in enumerate(sequence(resource, "note", pointer, defects)):
        if is_a(dict, each, f"{pointer}/note/{place}", defects) and isinstance(each.get("text"), str):
            monitoring.append((f"{pointer}/note/{place}/text", each["text"]))
    placing = Placing(found, _lengths(drafts), defects)
    placed = [
        draft._replace(starts=placing.start(step) or draft.starts, starts_at=placing.at.get(step.pointer))
        for step in found
        for draft in drafts.get(step.pointer, ())
    ]
    return made_of(
        placed,
        pointer,
        defects,
        patient,
        _texts(resource, references),
        tuple(monitoring),
        whole=_is_order_set(resource),
    )


def _report_modifiers(found: list[Action], resource: dict[str, Any], pointer: str, defects: list[Defect]) -> None:
    for each, at in ((resource, pointer), *((step.data, step.pointer) for step in found)):
        modified(each, at, defects)


def _is_order_set(resource: dict[str, Any]) -> bool:
    """Whether it is an order set as such: a plan of another type is a course of events."""
    if resource.get("resourceType") != "PlanDefinition":
        return True
    named = [each.get("code") for each in codings(resource.get("type"))]
    return "order-set" in named or not named


def _of_step(step: Action, references: References, defects: list[Defect]) -> list[Draft] | None:
    """Return the orders of an action, None where it orders no drug."""
    named = definition(step, defects)
    if named is None:
        return None
    name, where = named
    held = references.named(name)
    if held is None:
        message = f"{quoted(name)} is not in this file: what this action orders was not judged"
        defects.append(Defect(NOT_JUDGED, message, where, name))
        return None
    resource, pointer = held
    if not _is_order(resource):
        return None
    made = _drafts(resource, pointer, references.within(resource, pointer), defects, step.group)
    if len(made) == 1:
        made = [made[0]._replace(dosed=with_words(made[0].dosed, doses_in_words(step)))]
    own = step.data.get("id", step.data.get("linkId"))
    return [each._replace(id=each.id or str(own or "")) for each in made]


def _lengths(drafts: dict[str, list[Draft]]) -> dict[str, Duration]:
    lengths = {}
    for name, mine in drafts.items():
        for draft in mine:
            length = draft.dosed.fields.get("run_time") or draft.dosed.fields.get("give_over")
            if isinstance(length, Duration):
                lengths[name] = length
    return lengths


def _texts(resource: dict[str, Any], references: References) -> dict[str, str]:
    """Return the texts of an order set: its name, version and approval, and the protocol that it says it follows."""
    wanted = {"order_set": ("title", "name", "id"), "version": ("version",), "approved": ("approvalDate",)}
    found = {}
    for name, places in wanted.items():
        text = next((resource[place] for place in places if isinstance(resource.get(place), str)), None)
        if text:
            found[name] = str(text)
    reason = _reason(resource, references)
    found |= {"indication": reason} if reason else {}
    named = resource.get("instantiatesUri")
    for each in named if isinstance(named, list) else [named]:
        if isinstance(each, str) and each.startswith(PROTOCOL):
            found["protocol"] = each.removeprefix(PROTOCOL)
    return found


def _bundle(bundle: dict[str, Any], pointer: str, above: References, defects: list[Defect]) -> Iterator[Made]:
    """Yield the order sets of a Bundle: groups and plans first, then each patient's open requests, then the rest."""
    found = list(entries(bundle, pointer, defects))
    above.seen.add(pointer)
    references = above._replace(held={**above.held, **by_name(found)})
    patients = patients_of(found, references, defects)
    used = {at for each in patients.values() for at in each.pointers}
    if defects:  # of the Bundle itself
        yield made_of([], pointer, defects)
    for resource, at in (held for _, held in found):
        if kind_of(resource) in GROUPS:
            own: list[Defect] = []
            yield _single_resource_set(resource, at, references, own, patients)
            used |= {at, *_used(resource, at, references)}
    rest = [held for _, held in found if held[1] not in used]
    for patient, held in _together(bundle, rest, references).items():
        yield _of_patient(held, references, patients.get(patient))
        used |= {at for _, at in held}
    for resource, at in rest:
        if at in used:
            continue
        if resource.get("resourceType") == "Bundle":
            yield from _bundle(resource, at, references, [])
        else:
            yield _single_resource_set(resource, at, references, [], patients)


def _used(resource: dict[str, Any], pointer: str, references: References) -> Iterator[str]:
    """Yield what the actions of a group order: it is judged there, and not once more by itself."""
    inside = references.within(resource, pointer)
    for step in steps(resource, pointer, []):
        named = definition(step, [])
        held = inside.named(named[0]) if named is not None else None
        if held is not None:
            yield held[1]


def _together(bundle: dict[str, Any], rest: list[Held], references: References) -> dict[str, list[Held]]:
    """Return the open requests of each patient for whom there are several."""
    by_patient: dict[str, list[Held]] = {}
    if str(bundle.get("type")) in _TOGETHER:
        for held in rest:
            if kind_of(held[0]) == "MedicationRequest" and str(held[0].get("status", "unknown")) in _OPEN:
                by_patient.setdefault(subject_of(held[0], references), []).append(held)
    return {patient: held for patient, held in by_patient.items() if len(held) > 1}


def _of_patient(held: list[Held], references: References, patient: KnownPatient | None) -> Made:
    defects: list[Defect] = []
    drafts = [
        draft for resource, at in held for draft in _drafts(resource, at, references.within(resource, at), defects)
    ]
    return made_of(drafts, held[0][1], defects, patient)
