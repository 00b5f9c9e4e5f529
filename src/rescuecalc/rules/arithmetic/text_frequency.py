"""RC317: a text that gives the dose more or less often than the order's frequency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.text.frequency import exactly_daily
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.text.frequency_in_text import frequency_in_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.base.knowledge import Subject


def _other_frequency(subject: Subject) -> Iterator[Hit]:
    agents = subject.knowledge.bridging().antiplatelets
    for order in subject.order_set.orders:
        often, in_text = order.texts.get("frequency", ""), frequency_in_text(order)
        ordered = exactly_daily(often) if often and in_text is not None else None
        if in_text is None or ordered is None or in_text.times == ordered or (ordered and in_text.times is None):
            continue
        agent = agents.get(order.drug)
        if ordered and agent is not None and agent.frequency and exactly_daily(agent.frequency) == in_text.times:
            continue  # then it is the frequency that is wrong, and RC626 or RC627 tells so
        message = f"the text gives it {quoted(in_text.words)}, and the frequency of the order is {often}"
        yield Hit(message, (), f"{order.pointer}/text", in_text.words, often)


RULES = (
    declared(
        "RC317",
        "text-contradicts-frequency",
        Severity.ERROR,
        _other_frequency,
        "rescuecalc",
        checks="How often the text gives the dose against the order's frequency.",
        why="The nurse reads the text: a weekly dose is given daily.",
        fails="{drug: enoxaparin, route: SC, kind: dose, dose: 80 mg, frequency: every 12 h, "
        "text: enoxaparin 80 mg every 2 h}",
        passes="{drug: enoxaparin, route: SC, kind: dose, dose: 80 mg, frequency: every 12 h, "
        "text: enoxaparin 80 mg twice daily}",
        remedy="Correct the one that is wrong.",
        limits="Not if the text states an alternative, another step, or how often something is checked; for an "
        "antiplatelet whose text has the usual frequency RC626 and RC627 judge the field.",
        since="0.2.0",
        yields_to="RC626",
    ),
)
