"""RC318: a text that gives the dose of another drug than the order's, and a set that is named for another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.prose import HEADINGS
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.text.drug_in_text import CONFUSED, drug_given_instead
from rescuecalc.rules.facts.text.named_in_set import named_instead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.base.knowledge import Subject


def _other_drug(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        named = drug_given_instead(order, subject.knowledge)
        if named is not None and not {order.drug, drug_name(named)} <= CONFUSED:
            message = f"the text gives {named}, and the drug of the order is {order.drug}"
            yield Hit(message, (), f"{order.pointer}/text", named, order.drug)
    for each in named_instead(subject):
        where = HEADINGS[each.pointer]
        message = f"the {where} names {each.name}, and the order set orders {each.ordered}"
        yield Hit(message, (), each.pointer, each.name, each.ordered)


RULES = (
    declared(
        "RC318",
        "text-contradicts-drug",
        Severity.ERROR,
        _other_drug,
        "rescuecalc",
        checks="The drug at the beginning of the text against the order's drug; a GP IIb/IIIa inhibitor or cangrelor "
        "in the set's name or indication against the one that is ordered.",
        why="The nurse reads the text: the dose of one drug is given of another.",
        fails="{drug: clopidogrel, route: PO, kind: dose, dose: 75 mg, text: ticagrelor 75 mg PO}",
        passes="{drug: clopidogrel, route: PO, kind: dose, dose: 75 mg, text: Plavix 75 mg PO}",
        remedy="Correct the one that is wrong.",
        limits="Only names that are surely another drug's, with the order's own dose behind; not if the text names the "
        "order's drug too. Of tirofiban, argatroban, eptifibatide and abciximab RC223 tells. A name of a set is not "
        "judged where it tells of a drug that was given before, or is not given.",
        since="0.2.0",
    ),
)
