"""The document of `dose` or `plan` as a FHIR R4 Bundle: the weight, one MedicationRequest an order, and their group.

Every number is one of the document's, which the second route has checked; none is worked out here. Nothing is said of
who the patient is: the program that reads it puts its own patient in.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID, uuid5

from rescuecalc.core.orders.text.frequency import times_daily
from rescuecalc.core.quantities.decimal_text import plain
from rescuecalc.core.quantities.label_strength import strength
from rescuecalc.core.quantities.quantity import Concentration
from rescuecalc.core.quantities.units import unit
from rescuecalc.fhir.systems import BODY_WEIGHT, DOSE_RATE_TYPE, LOINC, PROTOCOL, ROUTES, SNOMED, UCUM
from rescuecalc.reporters.document.common_parts import Document, people, signed
from rescuecalc.reporters.render.json_text import dumps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.quantities.quantity import Dose, Volume
    from rescuecalc.fhir.codes import Codes

_OURS: Final = UUID("6d6f6f74-7a61-5c72-8000-726573637565")
"""The name space of the entries' addresses: the same document has the same ones."""

_SUBJECT: Final = {"type": "Patient", "display": "the patient of this order set; not named"}


class _Request(NamedTuple):
    """One order on its way into the Bundle: its name, its resource, and when it begins, in seconds, as far as said."""

    name: str
    title: str
    resource: Document
    seconds: int | None
    at: str | None


def fhir_bundle(document: Document, codes: Codes) -> str:
    """Return the Bundle as JSON. ``codes`` are those of the catalogue's drugs and products."""
    entries = _Entries(dumps(document, indent=None))
    weight = document["dosing_weight"]
    if weight is not None:
        entries.add("weight", _weight(weight))
    requests = list(_requests(document, codes, entries.address("weight") if weight is not None else None))
    for each in requests:
        entries.add(each.name, each.resource)
    entries.add("order-set", _group(document, requests, entries))
    return f"{dumps({'resourceType': 'Bundle', 'type': 'collection', 'entry': entries.made})}\n"


class _Entries:
    """The entries of a Bundle; an address is made of the document's contents and the entry's name."""

    def __init__(self, contents: str) -> None:
        self._contents = contents
        self.made: list[Document] = []

    def address(self, name: str) -> str:
        return f"urn:uuid:{uuid5(_OURS, f'{name} {self._contents}')}"

    def add(self, name: str, resource: Document) -> None:
        self.made.append({"fullUrl": self.address(name), "resource": resource})


def _quantity(made: Document) -> Document:
    return _amount(made["value"], made["unit"], made["ucum"])


def _amount(value: Decimal | int, name: str, code: str | None) -> Document:
    return {"value": value, "unit": name, "system": UCUM, "code": code}


def _ratio(made: Document) -> Document:
    """Return a quantity of something per something as a Ratio: so much in, or per, one of what is below the line."""
    (above, _, below), (over, _, under) = made["ucum"].partition("/"), made["unit"].partition("/")
    return {"numerator": _amount(made["value"], over, above), "denominator": _amount(1, under, below)}


def _followed(document: Document) -> Document:
    """Return the element that says which protocol of the catalogue is followed, none of any other protocol."""
    protocol = document["protocol"]
    return {"instantiatesUri": [f"{PROTOCOL}{protocol['id']}"]} if protocol["origin"] == "packaged" else {}


def _weight(made: Document) -> Document:
    """Return the dosing weight as it was typed: whether anybody measured it is not known here."""
    return {
        "resourceType": "Observation",
        "id": "weight",
        "status": "unknown",
        "code": {"coding": [{"system": LOINC, "code": BODY_WEIGHT, "display": "Body weight"}], "text": "dosing weight"},
        "subject": _SUBJECT,
        "valueQuantity": _quantity(made),
    }


def _requests(document: Document, codes: Codes, weight: str | None) -> Iterator[_Request]:
    drug, followed = document["protocol"]["drug"], _followed(document)

    def request(
        name: str, title: str, medication: Document, dosage: Document, notes: list[str], uri: Document
    ) -> Document:
        return {
            "resourceType": "MedicationRequest",
            "id": name,
            **({"contained": [medication["contained"]]} if "contained" in medication else {}),
            "status": "draft",
            "intent": "proposal",
            **medication["named"],
            "subject": _SUBJECT,
            **({"supportingInformation": [{"reference": weight}]} if weight is not None else {}),
            **uri,
            "note": [{"text": text} for text in (title, *notes)],
            "dosageInstruction": [dosage],
        }

    times = _times(document)
    for place, each in enumerate(document["boluses"], start=1):
        name, title = f"bolus-{place}", f"{drug}, {each['route']} {each['called']}"
        made = request(name, title, _medication(drug, each, codes), _bolus(drug, each), _notes(each), followed)
        yield _Request(name, title, made, *next(times["bolus"], (None, None)))
    for place, each in enumerate(document["infusions"], start=1):
        name, title = f"infusion-{place}", f"{drug}, {each['role']} infusion"
        made = request(name, title, _medication(drug, each, codes), _infusion(drug, each), _notes(each), followed)
        yield _Request(name, title, made, *next(times["infusion"], (None, None)))
    for each in document.get("antiplatelets", ()):
        if each["dose"] is not None and each["route"] is not None:
            open_time = "; its time is not stated" if each["elapsed_seconds"] is None else ""
            name, title = f"{each['drug']}-{each['purpose']}", f"{each['drug']}, {each['purpose']}{open_time}"
            # The protocol is that of the infusion.
            made = request(name, title, _medication(each["drug"], {}, codes), _oral(each), _stated(each), {})
            yield _Request(name, title, made, each["elapsed_seconds"], each["at"])


def _times(document: Document) -> dict[str, Iterator[tuple[int, str | None]]]:
    """Return when each bolus and each infusion begins, in the order of the schedule."""
    names = {"bolus": "bolus", "infusion-start": "infusion", "pump-rate-change": "infusion"}
    found: dict[str, list[tuple[int, str | None]]] = {"bolus": [], "infusion": []}
    for event in document["schedule"]:
        if event["event"] in names:
            found[names[event["event"]]].append((event["elapsed_seconds"], event["at"]))
    return {name: iter(each) for name, each in found.items()}


def _medication(drug: str, each: Document, codes: Codes) -> Document:
    """Return how a request names its drug; a product, or a concentration, is a Medication that it contains."""
    product = each.get("product")
    coding = [
        {"system": system, "code": code}
        for (system, code), known in codes.items()
        if known.drug == drug and known.product in {None, product}
    ]
    code = {**({"coding": coding} if coding else {}), "text": drug}
    if each.get("concentration") is None:
        return {"named": {"medicationCodeableConcept": code}}
    contained = {
        "resourceType": "Medication",
        "id": "medication",
        "code": code,
        "ingredient": [{"itemCodeableConcept": {"text": drug}, "strength": _strength(each)}],
    }
    return {"contained": contained, "named": {"medicationReference": {"reference": "#medication", "display": drug}}}


def _strength(each: Document) -> Document:
    """Return the label's amount in its volume where nothing is diluted, else the concentration in one mL."""
    concentration = each["concentration"]
    label = strength(each["strength"]) if each["strength"] is not None else None
    if label is not None:
        given = Concentration(Fraction(concentration["value"]), unit(concentration["unit"]))
        if given.equals(label.concentration):
            return {"numerator": _label_quantity(label.amount), "denominator": _label_quantity(label.volume)}
    return _ratio(concentration)


def _label_quantity(label: Dose | Volume) -> Document:
    number = Decimal(plain(Decimal(label.magnitude.numerator) / Decimal(label.magnitude.denominator)))
    return _amount(number, label.unit.name, label.unit.ucum)


def _bolus(drug: str, each: Document) -> Document:
    words = [f"{drug} {people(each['dose'])} {each['route']} {each['called']}"]
    if each["dose_per_kg"] is not None:
        words[0] = f"{drug} {people(each['dose_per_kg'])}, {people(each['dose'])}, {each['route']} {each['called']}"
    if each["volume"] is not None:
        words.append(f"{people(each['volume'])} of {people(each['concentration'])}")
    if each["give_over"] is not None:
        words.append(f"over {people(each['give_over'])}")
    if each["formula_dose"] is not None:
        words[0] += ", capped"
    fixed = "ordered" if each["dose_per_kg"] is None else "calculated"
    entries = [("ordered", {"doseQuantity": each["dose_per_kg"]}), (fixed, {"doseQuantity": each["dose"]})]
    entries.append(("calculated", {"doseQuantity": each["volume"]}))
    most = {"maxDosePerAdministration": _quantity(each["dose"])} if each["formula_dose"] is not None else {}
    return _dosage("; ".join(words), each["route"], {"duration": each["give_over"], "often": "once"}, entries, most)


def _infusion(drug: str, each: Document) -> Document:
    capped = ", capped" if each["formula_dose_rate"] is not None else ""
    words = [f"{drug} {people(each['dose_rate_per_kg'])} {each['route']}", f"{people(each['dose_rate'])}{capped}"]
    if each["pump_rate"] is not None:
        words.append(f"{people(each['pump_rate'])} of {people(each['concentration'])}")
    if each["run_time"] is not None:
        words.append(f"for {people(each['run_time'])}")
    if each["vtbi"] is not None:
        words.append(f"VTBI {people(each['vtbi'])}")
    if len(each["containers"]) > 1:
        words.append(f"{len(each['containers'])} containers one after the other")
    entries = [
        ("ordered", {"rateQuantity": each["dose_rate_per_kg"]}),
        ("calculated", {"rateQuantity": each["dose_rate"]}),
        ("calculated", {"doseQuantity": each["vtbi"], "rateQuantity": each["pump_rate"]}),
    ]
    most = {"maxDosePerPeriod": _ratio(each["dose_rate"])} if each["formula_dose_rate"] is not None else {}
    return _dosage("; ".join(words), each["route"], {"duration": each["run_time"]}, entries, most)


def _oral(each: Document) -> Document:
    often = each["frequency"] or "once"
    words = f"{each['drug']} {people(each['dose'])} {each['route']} {often}"
    if each["elapsed_seconds"] is None:
        words += "; when it begins is not stated, and has to be decided first"
    times = times_daily(often)
    entries = [("ordered", {"doseQuantity": each["dose"]})]
    return _dosage(words, each["route"], {"times": times, "often": often}, entries, {})


def _dosage(text: str, route: str, timing: Document, entries: list[tuple[str, Document]], most: Document) -> Document:
    code, display = ROUTES[route]
    dose_and_rate = [
        {
            "type": {"coding": [{"system": DOSE_RATE_TYPE, "code": kind}]},
            **{name: _quantity(made) for name, made in each.items() if made is not None},
        }
        for kind, each in entries
        if any(made is not None for made in each.values())
    ]
    when = _timing(timing)
    return {
        "sequence": 1,
        "text": text,
        **({"timing": when} if when else {}),
        "route": {"coding": [{"system": SNOMED, "code": code, "display": display}], "text": route},
        "doseAndRate": dose_and_rate,
        **most,
    }


def _timing(timing: Document) -> Document:
    length, often = timing.get("duration"), timing.get("often")
    repeat: Document = {"count": 1} if often == "once" else {}
    if length is not None:
        repeat |= {"duration": length["value"], "durationUnit": length["ucum"]}
    if timing.get("times") is not None:
        repeat |= {"frequency": timing["times"], "period": 1, "periodUnit": "d"}
    if repeat:
        return {"repeat": repeat}
    return {"code": {"text": often}} if often else {}


def _notes(each: Document) -> list[str]:
    """Return what of a product and its containers has no element of its own."""
    found = [each["how"] if each["how"] != "infusion" else None, each["preparation"]]
    found += [f"cap: {each['cap']}"] if each["cap"] is not None else []
    for name in ("volume", "pump_rate"):
        if each.get(name) is not None and each[name]["value"] != each[f"exact_{name}"]["value"]:
            rounded = f"{name.replace('_', ' ')} {people(each[name])} is rounded from {people(each[f'exact_{name}'])}"
            found.append(f"{rounded}, {signed(each['deviation_percent'])} %")
    if not each.get("concentration"):
        found.append("no product is chosen: volume and pump rate are left out")
    for use in each["containers"] if isinstance(each.get("containers"), list) else ():
        when = "after the start of infusion-1"  # that of the whole, not of this one
        empty = f", empty at {use['empty_elapsed']} {when}: change before this time" if use["empty_elapsed"] else ""
        found.append(f"container {use['container']}: VTBI {people(use['vtbi'])}{empty}")
    return [text for text in found if text]


def _stated(each: Document) -> list[str]:
    return [f"dose {each['stated']}; time {each['time_stated']}", *([each["detail"]] if each["detail"] else [])]


def _group(document: Document, requests: list[_Request], entries: _Entries) -> Document:
    """Return the group: when each order begins, counted from the first infusion, and what is to be known of them."""
    anchor = next((each.name for each in requests if each.name == "infusion-1"), None)
    return {
        "resourceType": "RequestGroup",
        "id": "order-set",
        **_followed(document),
        "status": "draft",
        "intent": "proposal",
        "subject": _SUBJECT,
        "note": [{"text": text} for text in _comments(document)],
        "action": [
            {
                "id": each.name,
                "title": each.title,
                **_related(each, anchor),
                **({"timingDateTime": each.at} if each.at is not None else {}),
                "resource": {"reference": entries.address(each.name)},
            }
            for each in requests
        ],
    }


def _related(each: _Request, anchor: str | None) -> Document:
    if anchor is None or each.name == anchor or each.seconds is None:
        return {}
    if not each.seconds:
        return {"relatedAction": [{"actionId": anchor, "relationship": "concurrent-with-start"}]}
    relation = "after-start" if each.seconds > 0 else "before-start"
    offset = _amount(abs(each.seconds), "s", "s")
    return {"relatedAction": [{"actionId": anchor, "relationship": relation, "offsetDuration": offset}]}


def _comments(document: Document) -> Iterator[str]:
    """Yield the findings, the notes, and of a plan what is watched and what is planned without being an order."""
    protocol = document["protocol"]
    yield f"calculated by rescuecalc {document['rescuecalc']} from {protocol['title']}"
    if document["creatinine_clearance"] is not None:
        renal = document["renal"]
        rule = f"{renal['title']}, {renal['band']}" if renal is not None else "the protocol states no renal rule"
        yield f"calculated for a creatinine clearance of {people(document['creatinine_clearance'])}: {rule}"
    row = (document.get("label_band") or {}).get("row")
    if row is not None:
        first = (
            f"bolus {people(row['bolus_volume'])}"
            if row["load"] is None
            else f"load {people(row['load']['pump_rate'])}"
        )
        volumes = f"{first}, {people(row['pump_rate'])}"
        yield f"the label's weight-band row, which is not what is ordered here: {volumes}"
    for each in document["findings"]:
        yield f"{each['severity']} {each['code']}: {each['message']}"
    yield from document["notes"]
    # After the findings, which say the same of what is wrong; volumes stand in the orders, each with its concentration.
    findings = {f"{each['severity']} {each['code']} {each['message']}" for each in document["findings"]}
    yield from (each for each in document["never_hidden"] if each not in findings)
    for each in document.get("before_start", ()):
        yield f"before the start: {each['words']}"
    for each in document.get("conditions", ()):
        yield f"{each['when']}: {each['then']}"
    orders = {"bolus", "infusion-start", "pump-rate-change", "antiplatelet-load", "antiplatelet-maintenance"}
    for each in document.get("events", ()):
        if each["event"] not in orders:
            when = f"at {each['elapsed']}: " if each["elapsed"] is not None else ""
            yield f"{when}{each['event']}: {each['detail']}"
    for drug in document.get("beside", ()):
        yield f"beside it: {drug}; its dose is not held here"
