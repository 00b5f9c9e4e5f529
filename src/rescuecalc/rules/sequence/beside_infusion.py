"""RC6: what is not given beside the infusion of a GP IIb/IIIa inhibitor: through its line, into muscle, NSAIDs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.rules.base.rule import Hit, declared, example_set
from rescuecalc.rules.facts.agents import infused, inhibitors, of_class
from rescuecalc.rules.sequence.bridge import runs_beside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.base.knowledge import Subject


def _incompatible(subject: Subject) -> Iterator[Hit]:
    running = [order for order in infused(subject) if order.drug == "tirofiban"]
    bridging = subject.knowledge.bridging
    for order in subject.order_set.orders if running else ():
        if order.drug not in bridging().y_site:
            continue
        if order.route in {"", "IV"} and runs_beside(order, subject):
            advice = bridging().not_through_y_site
            message = f"{order.drug} beside {running[0].drug}: {advice.words}"
            yield Hit(message, advice.sources, order.pointer, order.drug)


def _intramuscular(subject: Subject) -> Iterator[Hit]:
    running = inhibitors(subject)
    for order in subject.order_set.orders if running else ():
        if order.route == "IM" and (any(order is each for each in running) or runs_beside(order, subject)):
            message = f"{order.drug} by intramuscular injection beside {running[0].drug}: such injections are avoided"
            yield Hit(message, (), order.at("route"), "IM")


def _nsaid(subject: Subject) -> Iterator[Hit]:
    running = inhibitors(subject)
    for order in of_class(subject, DrugClass.NSAID) if running else ():
        if runs_beside(order, subject):
            advice = subject.knowledge.bridging().forbidden[DrugClass.NSAID]
            yield Hit(
                f"{order.drug} beside {running[0].drug}: {advice.words}", advice.sources, order.pointer, order.drug
            )


_DRIP: Final = "drug: tirofiban, route: IV, kind: infusion, start: +0 h, run_time: 24 h"

RULES = (
    declared(
        "RC637",
        "intramuscular-injection",
        Severity.WARNING,
        _intramuscular,
        "practice",
        checks="An order by the IM route beside a GP IIb/IIIa inhibitor.",
        why="An intramuscular injection bleeds while platelets are inhibited.",
        fails=example_set(_DRIP, "drug: ketamine, route: IM, kind: dose, dose: 100 mg"),
        passes=example_set(_DRIP, "drug: ketamine, route: IV, kind: dose, dose: 50 mg"),
        remedy="Choose another route.",
        limits="Judged by the stated route.",
    ),
    declared(
        "RC638",
        "nsaid-beside-infusion",
        Severity.WARNING,
        _nsaid,
        "practice",
        checks="A non-steroidal anti-inflammatory drug beside a GP IIb/IIIa inhibitor.",
        why="It adds to the bleeding risk.",
        fails=example_set(_DRIP, "drug: ibuprofen, route: PO, kind: dose, dose: 400 mg, frequency: every 8 h"),
        passes=example_set(_DRIP, "drug: paracetamol, route: PO, kind: dose, dose: 1 g, frequency: every 8 h"),
        remedy="Choose another analgesic while the infusion runs.",
        limits="Aspirin is an antiplatelet here; the catalogue lists the drugs.",
    ),
    declared(
        "RC641",
        "incompatible-at-y-site",
        Severity.WARNING,
        _incompatible,
        "tirofiban-labels",
        checks="Diazepam, IV or without a route, beside tirofiban.",
        why="It is not compatible with tirofiban at one Y-site: the labels name this drug alone.",
        fails=example_set(_DRIP, "drug: diazepam, route: IV, kind: dose, dose: 5 mg"),
        passes=example_set(_DRIP, "drug: diazepam, route: PO, kind: dose, dose: 5 mg"),
        remedy="Give it through another line, and state this; or choose another drug.",
        limits="The line of an order is not read. Only the drug that the labels name.",
    ),
)
