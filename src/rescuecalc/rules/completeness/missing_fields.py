"""RC7: what is merely absent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.regimen.protocol import USER
from rescuecalc.rules.base.rule import Hit, declared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.base.knowledge import Subject


def _bolus_time_not_stated(subject: Subject) -> Iterator[Hit]:
    protocol = subject.protocol
    for order in subject.order_set.orders:
        if order.kind == "bolus" and "give_over" not in order.fields:
            own = protocol is None or protocol.origin == USER or protocol.drug != order.drug
            by = "" if own or protocol is None else f" by {protocol.id}"
            message = f"the time to give the dose over is not stated{by}"
            yield Hit(message, protocol.sources if protocol is not None else (), order.at("give_over"))


RULES = (
    declared(
        "RC710",
        "bolus-time-not-stated",
        Severity.NOTE,
        _bolus_time_not_stated,
        "khachatryan-2023",
        checks="A bolus for which neither the source nor the user states the time over which it is given.",
        why="No stroke source states it, and the times of the labels belong to another dose.",
        fails="dose yang-2020-iv --weight 80kg --run-time 24h",
        passes="dose yang-2020-iv --weight 80kg --run-time 24h --give-over 5min",
        remedy="Agree on a time and give it with --give-over.",
        limits="rescuecalc proposes no time, because no source states one.",
    ),
)
