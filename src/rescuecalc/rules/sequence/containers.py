"""RC6: what happens one after the other: containers, the stop, the line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.quantities.decimal_text import elapsed_text
from rescuecalc.core.quantities.quantity import Concentration
from rescuecalc.core.regimen.infusion import dose_in_line
from rescuecalc.core.regimen.timeline import DISCONNECT
from rescuecalc.rules.base.rule import Hit, declared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.base.knowledge import Subject

_OF_PLATELETS: Final = frozenset({DrugClass.GP_IIB_IIIA, DrugClass.P2Y12_IV})
"""Classes of which what is left in the line blocks platelets; flushing other drugs is another matter."""


def _line_at_stop(subject: Subject) -> Iterator[Hit]:
    limits, weight, line = subject.knowledge.limits, subject.order_set.weight, subject.order_set.line_volume
    for order in subject.order_set.orders:
        if subject.knowledge.drug_class(order.drug) not in _OF_PLATELETS:
            continue
        concentration = order.quantity("concentration", Concentration)
        stops = order.kind == "infusion" and not order.load and order.lasts is not None
        if not stops or concentration is None or weight is None:
            continue
        volumes = (line,) if line is not None else (limits.line_volume.low, limits.line_volume.high)
        held = " to ".join(str(dose_in_line(volume, concentration, weight)) for volume in volumes)
        of = " to ".join(str(volume) for volume in volumes)
        message = f"at the stop a line of {of} still holds {held} at {concentration}: {DISCONNECT}"
        yield Hit(message, (limits.line_volume_source,), order.pointer)


def _container_too_long(subject: Subject) -> Iterator[Hit]:
    limits = subject.knowledge.limits
    for order in subject.order_set.orders:
        for number, time in enumerate(order.container_times, start=1):
            if time.exceeds(limits.container_time):
                in_use = elapsed_text(time.value_in("s").__floor__())
                message = f"container {number} is in use for {in_use} (h:min:s), longer than {limits.container_time}"
                pointer = order.at("containers")
                yield Hit(message, (limits.source,), pointer, in_use, f"at most {limits.container_time}")


RULES = (
    declared(
        "RC601",
        "drug-left-in-line",
        Severity.NOTE,
        _line_at_stop,
        "line-volumes",
        checks="The drug left in the filled line when the infusion stops, per kg of dosing weight.",
        why="20 mL of 50 mcg/mL are 12.5 mcg/kg at 80 kg, more than a stroke bolus: flushing gives a second bolus.",
        fails="dose yang-2020-iv --weight 80kg --run-time 24h --infusion-product bag-250",
        passes="dose kang-2018-ia --ia-dose 0.5mg",
        remedy="Disconnect at the cannula at the stop, and at every change of concentration; do not flush.",
        limits="Only for a GP IIb/IIIa inhibitor or cangrelor. Without --priming-volume the line is assumed to "
        "hold {limits.line_volume}.",
    ),
    declared(
        "RC602",
        "container-in-use-too-long",
        Severity.WARNING,
        _container_too_long,
        "rescuecalc",
        checks="The time for which one container is in use, against {limits.container_time}.",
        why="At a low rate a container lasts longer than the day after which infusion containers are commonly changed.",
        fails="dose trend-2024 --weight 40kg --infusion-product bag-250",
        passes="dose yang-2020-iv --weight 80kg --run-time 24h --infusion-product bag-250",
        remedy="Plan a change, or a smaller container.",
        limits="No publication states this limit: it is a limit of rescuecalc, and a site may set its own; local "
        "rules and the label's storage section take precedence.",
    ),
)
