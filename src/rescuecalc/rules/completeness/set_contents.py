"""RC7: what a whole order set leaves out. A single order or row lacks nothing but the strength of its volume."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.prose import texts_of_set
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Concentration, Duration, Volume
from rescuecalc.rules.base.rule import Hit, declared, example_set
from rescuecalc.rules.completeness.unread_product import unread_product
from rescuecalc.rules.facts.agents import infused, inhibitors
from rescuecalc.rules.facts.concurrent_orders import both_given
from rescuecalc.rules.facts.reference.product_label import label_of, product_concentration
from rescuecalc.rules.facts.reference.stroke_set import is_for_stroke
from rescuecalc.rules.facts.text.platelet_counts import counts_before, hours_after, names_platelets
from rescuecalc.rules.facts.text.stop_criteria import (
    denied_stops,
    is_no_reason,
    is_stop_criterion,
    lessened,
    stops_above,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from rescuecalc.core.bridging.antiplatelet import Check
    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_EARLY: Final = "platelets-early"
_CONTAINER_NAMES: Final = "(?:bag|container|bottle|vial|syringe)"
# A 2 counts containers; one in another number (`14.2 mL/h`) says nothing.
_SECOND: Final = lazy_pattern(
    r"\b(?:second|further|next|another|new|two|change|replace)\b"
    rf"|(?<![\w.,/:-])2(?= ?(?:[x\u00d7]|nd\b|{_CONTAINER_NAMES}))"
    rf"|\b{_CONTAINER_NAMES}s? ?#?2(?![\w.,/:-])|[x\u00d7] ?2(?![\w.,/:])",
    re.IGNORECASE,
)
_VOLUMES: Final = ("volume", "pump_rate", "vtbi")
_APPROVAL: Final = {"version": "version", "approved": "date of approval"}


def _of_whole(subject: Subject) -> tuple[Order, ...]:
    """Return the boluses and infusions of an intravenous inhibitor of platelets in a whole order set."""
    return inhibitors(subject) if subject.order_set.whole else ()


def _strength(order: Order, subject: Subject) -> bool:
    """Whether an order names a concentration: by itself, by its product, or by a dose and the volume that it is in."""
    of_both = {"dose", "volume"} <= order.texts.keys()
    is_labelled = "diluted_in" not in order.texts and (
        label_of(order, subject) is not None or product_concentration(order, subject) is not None
    )
    return of_both or "concentration" in order.texts or is_labelled


def _not_named(subject: Subject, *, with_volume: bool) -> Iterator[Hit]:
    for order in inhibitors(subject) if with_volume else _of_whole(subject):
        volumes = [name for name in _VOLUMES if name in order.texts]
        if bool(volumes) is with_volume and not _strength(order, subject):
            of = (
                f"a {volumes[0].replace('_', ' ')} of {order.drug}"
                if volumes
                else f"the {order.given_as} of {order.drug}"
            )
            field = f"/{volumes[0]}" if volumes else ""
            message = f"{of} without its concentration"
            if (volumes and not _states_dose(order)) or _is_unread(order, subject):
                continue  # then no dose is judged at all, or the product has an error: which is RC712's matter
            yield Hit(message, (), f"{order.pointer}{field}", order.texts.get(volumes[0]) if volumes else None)


def _is_unread(order: Order, subject: Subject) -> bool:
    """Whether a product states a strength that cannot be read: it is not missing."""
    return any(hit.severity is not Severity.NOTE for hit in unread_product(order, subject))


def _states_dose(order: Order) -> bool:
    """Whether an order states a dose, so that it is judged without the volume."""
    return not {"dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate"}.isdisjoint(order.fields)


def _concentration(subject: Subject) -> Iterator[Hit]:
    yield from _not_named(subject, with_volume=False)


def _volume(subject: Subject) -> Iterator[Hit]:
    yield from _not_named(subject, with_volume=True)


def _two_concentrations(subject: Subject) -> Iterator[Hit]:
    found: dict[str, list[tuple[Concentration, Order]]] = {}
    for order in _of_whole(subject):
        strength = order.quantity("concentration", Concentration)
        if strength is None or not strength.is_mass() or "product" in order.texts or order.choose_one is not None:
            continue
        found.setdefault(order.drug, []).append((strength, order))
    for drug, each in found.items():
        weakest, *others = sorted(each, key=lambda pair: pair[0].value_in("mcg/mL"))
        named = {strength: order for strength, order in others if not strength.equals(weakest[0])}
        for strength, order in named.items():
            message = f"{drug} in {weakest[0]} and in {strength}: the product of each is not named"
            yield Hit(message, (), order.at("concentration"), str(strength))


def _basis(subject: Subject) -> Iterator[Hit]:
    made = subject.order_set
    by_clearance = made.clearance is not None or any(
        each.name == "creatinine_clearance" for order in made.orders for each in order.when
    )
    per_kg = [order for order in _of_whole(subject) if {"dose_per_kg", "dose_rate_per_kg"} & order.texts.keys()]
    if per_kg and not by_clearance and "weight_basis" not in made.texts:
        message = "doses are per kg, and their weight basis is not stated"
        yield Hit(message, (), "/weight_basis")


def _platelets(subject: Subject) -> Iterator[Hit]:
    running = infused(subject) if subject.order_set.whole else ()
    entries = [place for place, each in enumerate(subject.order_set.monitoring) if names_platelets(each)]
    if running and not entries:
        message = f"no platelet monitoring is stated for {running[0].drug}"
        sources = subject.knowledge.drugs[running[0].drug].sources
        yield Hit(message, sources, "/monitoring", severity=_of_practice(subject))
    elif running:
        yield from _first_count(subject, sorted({order.drug for order in running}), entries)


def _of_practice(subject: Subject) -> Severity | None:
    """Return a warning for a set that is for a patient or by a protocol: it is about to be used.

    A format for programs has no place for what is watched: its absence there is no more than a note.
    """
    made = subject.order_set
    is_used = made.weight is not None or "protocol" in made.texts or made.thrombolysis is not None
    is_coded = any(order.coded for order in made.orders)
    return Severity.WARNING if is_used and not is_coded else None


def _first_count(subject: Subject, drugs: list[str], entries: list[int]) -> Iterator[Hit]:
    """Yield a hit where no platelet count after the start is as early as the labels of the drugs have it."""
    watched = {place: subject.order_set.monitoring[place] for place in entries}
    counts = [(*each, place) for place, entry in watched.items() for each in hours_after(entry, subject)]
    early = [(each.to, each.sources) for drug in drugs for each in _early_counts(subject, drug) if each.to is not None]
    longest = subject.knowledge.watch_words().longest
    latest, sources = max(
        early, key=lambda each: _in_hours(each[0]), default=(longest, subject.knowledge.drugs[drugs[0]].sources)
    )
    first = min(counts, default=None)
    if first is not None and first[0] <= latest.value_in("h"):
        return
    if not early and any(counts_before(entry, subject) for entry in watched.values()):
        return
    place = first[2] if first is not None else entries[0]
    text = first[1] if first is not None else "; ".join(watched[place].values())
    field = next((name for name in ("at", "then", "check") if name in watched[place]), "")
    if first is not None and early:
        message = f"the first platelet count after the start is at {quoted(text)}, later than {latest}"
    else:
        message = f"{quoted(text)} states no platelet count within {latest} of the start"
    pointer = f"/monitoring/{place}/{field}".rstrip("/")
    severity = Severity.WARNING if first is not None and early else _of_practice(subject)
    yield Hit(message, sources, pointer, watched[place].get(field), f"within {latest}", severity=severity)


def _early_counts(subject: Subject, drug: str) -> list[Check]:
    return [each for each in subject.knowledge.monitoring(drug).checks if each.id == _EARLY]


def _in_hours(length: Duration) -> Fraction:
    return length.value_in("h")


def _stop_criteria(subject: Subject) -> Iterator[Hit]:
    running = _of_whole(subject)
    if not running:
        return
    sources = subject.knowledge.drugs[running[0].drug].sources
    others = {f"{order.pointer}/text" for order in subject.order_set.orders if order not in running}
    texts = [(pointer, text) for pointer, text in texts_of_set(subject.order_set) if pointer not in others]
    denied = [(pointer, each) for pointer, text in texts for each in denied_stops(text, subject)]
    for pointer, text in denied:
        message = f"{quoted(text)}: {running[0].drug} would go on through what it is stopped for"
        yield Hit(message, sources, pointer, text, severity=Severity.ERROR)
    mistaken = tuple(_no_stops(subject, running[0].drug, sources))
    yield from mistaken
    judged = any(is_stop_criterion(text, subject) or stops_above(text) for text in subject.order_set.stop_if)
    if not denied and not mistaken and not judged:
        message = f"no stop criteria are stated for {running[0].drug}"
        # Cangrelor in an intervention is gone within the hour, and its label states no criterion.
        is_due = running[0].drug in subject.knowledge.watch_words().stop_below or is_for_stroke(subject)
        severity = _of_practice(subject) if is_due or subject.order_set.stop_if else None
        yield Hit(message, sources, "/stop_if", severity=severity)


def _no_stops(subject: Subject, drug: str, sources: tuple[Source, ...]) -> Iterator[Hit]:
    """Yield the criteria at which nothing is wrong, and those that only lower the rate."""
    for place, text in enumerate(subject.order_set.stop_if):
        pointer, less = f"/stop_if/{place}", lessened(text)
        if less:
            message = f"{quoted(text)}: {quoted(less)} lets {drug} go on through what it is stopped for"
            yield Hit(message, sources, pointer, text, severity=Severity.ERROR)
        elif is_no_reason(text, subject):
            message = f"{quoted(text)}: it is no reason to stop {drug}"
            yield Hit(message, sources, pointer, text, severity=Severity.ERROR)


def _approval(subject: Subject) -> Iterator[Hit]:
    made = subject.order_set
    missing = [name for name in _APPROVAL if name not in made.texts]
    if made.whole and missing:
        named = " and no ".join(_APPROVAL[name] for name in missing)
        yield Hit(f"the order set has no {named}", (), f"/{missing[0]}")


def _container(subject: Subject) -> Iterator[Hit]:
    orders = _of_whole(subject)
    for order in orders:
        label, vtbi = label_of(order, subject), order.quantity("vtbi", Volume)
        if label is None or vtbi is None or "diluted_in" in order.texts or not vtbi.exceeds(label.volume):
            continue
        others = [
            each for each in orders if each is not order and each.drug == order.drug and each.given_as == "infusion"
        ]
        followed = any(
            each.start is not None and each.start != order.start and both_given(order, each) for each in others
        )
        if not followed and not _SECOND.search(order.texts.get("text", "")):
            message = f"the VTBI {vtbi} is more than the container of {label.volume}, and no second container is named"
            yield Hit(message, (), order.at("vtbi"), str(vtbi), f"at most {label.volume}")


_DRIP: Final = "drug: tirofiban, route: IV, kind: infusion, run_time: 24 h"
_BAG: Final = f"{_DRIP}, product: 12.5 mg in 250 mL"

RULES = (
    declared(
        "RC701",
        "concentration-not-named",
        Severity.NOTE,
        _concentration,
        "rescuecalc",
        checks="Whether each bolus and infusion of a GP IIb/IIIa inhibitor in a whole order set names a concentration "
        "or a product.",
        why="Bags of {products.bag-250.concentration} lie beside vials of {products.vial-15.concentration}.",
        fails=example_set(_DRIP),
        passes=example_set(_BAG),
        remedy="State `concentration` or `product`.",
        limits="An oral order needs none; RC702 covers a volume without one.",
    ),
    declared(
        "RC702",
        "volume-without-concentration",
        Severity.WARNING,
        _volume,
        "rescuecalc",
        checks="A volume, pump rate or VTBI of a GP IIb/IIIa inhibitor without a concentration or product.",
        why="The same volume of the other product is five times the dose, or a fifth.",
        fails=example_set(f"{_DRIP}, dose_rate_per_kg: 0.15 mcg/kg/min, pump_rate: 14.4 mL/h"),
        passes=example_set(f"{_BAG}, dose_rate_per_kg: 0.15 mcg/kg/min, pump_rate: 14.4 mL/h"),
        remedy="State `concentration` or `product`.",
        limits="If no dose is stated either, nothing is judged: RC712.",
        yields_to="RC424",
    ),
    declared(
        "RC703",
        "concentrations-side-by-side",
        Severity.NOTE,
        _two_concentrations,
        "rescuecalc",
        checks="Two concentrations of one drug in a whole order set, in orders without a product.",
        why="Two products with a fivefold difference lie side by side.",
        fails=example_set(
            "drug: tirofiban, route: IV, kind: bolus, concentration: 250 mcg/mL", f"{_DRIP}, concentration: 50 mcg/mL"
        ),
        passes=example_set("drug: tirofiban, route: IV, kind: bolus, product: vial-15", f"{_DRIP}, product: bag-250"),
        remedy="Name the product of each.",
        limits="Alternatives of one `choose_one` group do not count.",
    ),
    declared(
        "RC704",
        "weight-basis-not-named",
        Severity.NOTE,
        _basis,
        "rescuecalc",
        checks="Whether a whole order set with doses per kg names their weight basis.",
        why="Actual and ideal weight of one patient may differ by half.",
        fails=example_set(f"{_BAG}, dose_rate_per_kg: 0.15 mcg/kg/min"),
        passes=example_set(f"{_BAG}, dose_rate_per_kg: 0.15 mcg/kg/min", more=", weight_basis: actual"),
        remedy="State `weight_basis`: actual, ideal or adjusted.",
        limits="RC513 covers sets with conditions on clearance.",
    ),
    declared(
        "RC705",
        "platelets-not-monitored",
        Severity.NOTE,
        _platelets,
        "us-label eu-label",
        severities=(Severity.WARNING,),
        checks="Whether the monitoring of a whole order set with a GP IIb/IIIa inhibitor names platelets, with a "
        "first count within 6 h; a warning in a set with a patient or a protocol, and for a late first "
        "count.",
        why="The labels require a count before, within hours and daily: thrombocytopenia comes early.",
        fails=example_set(_BAG),
        passes=example_set(
            _BAG, more=", monitoring: [{check: platelets, at: baseline, then: 6 h after start and daily}]"
        ),
        remedy="Add platelets to `monitoring`: baseline, 2 to 6 h after the start, daily.",
        limits="Only times with a unit count, after the start and without a condition; later counts are not judged.",
    ),
    declared(
        "RC706",
        "stop-criteria-missing",
        Severity.NOTE,
        _stop_criteria,
        "us-label eu-label",
        severities=(Severity.WARNING, Severity.ERROR),
        checks="Whether a whole order set with a GP IIb/IIIa inhibitor states stop criteria; a warning in a set "
        "with a patient or a protocol; an error where a text says to go on through a bleeding, a fall of platelets or "
        "a deterioration, and where a criterion is the absence of one, or lowers the rate alone.",
        why="At night the order set is the nurse's authority to stop.",
        fails=example_set(_BAG),
        passes=example_set(_BAG, more=", stop_if: [platelets below 90 x10^9/L, neurological deterioration]"),
        remedy="State `stop_if`.",
        limits="A criterion is a bleeding or another event, or platelets, haemoglobin or the neurological state that "
        "get worse or cross a limit. To go on through a minor bleeding is not reported.",
    ),
    declared(
        "RC707",
        "approval-not-named",
        Severity.NOTE,
        _approval,
        "rescuecalc",
        checks="Whether a whole order set has a version and the day of its approval.",
        why="Without them two copies of a set cannot be distinguished.",
        fails=example_set(_BAG),
        passes=example_set(_BAG, more=', version: "3", approved: 2026-03-01'),
        remedy="State `version` and `approved`.",
        limits="Any order set, also without a GP IIb/IIIa inhibitor.",
    ),
    declared(
        "RC708",
        "vtbi-above-container",
        Severity.NOTE,
        _container,
        "rescuecalc",
        checks="A VTBI above the volume of the product's container, in a whole order set that names no second one.",
        why="The pump runs dry, and the change falls into the night.",
        fails=example_set(f"{_BAG}, pump_rate: 14.4 mL/h, vtbi: 345.6 mL"),
        passes=example_set(f"{_BAG}, pump_rate: 14.4 mL/h, vtbi: 345.6 mL, text: second bag before hour 17"),
        remedy="Name the second container and the time of the change; `rescuecalc plan` calculates it.",
        limits="A second infusion of the drug, or a text that mentions another container, counts as one.",
    ),
)
