"""The doses of a product that holds two antiplatelets: `DuoPlavin 75 mg/100 mg`."""

from __future__ import annotations

import re
from itertools import permutations
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Dose, read
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from rescuecalc.core.bridging.antiplatelet import Antiplatelet
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_PARTS: Final = lazy_pattern(
    r"(?P<one>[0-9][0-9.]*) ?(?P<unit>mcg|mg|g)? ?[/+] ?(?P<other>[0-9][0-9.]*) ?(?P<last>mcg|mg|g)", re.IGNORECASE
)


class CombinedDose(NamedTuple):
    """The doses of a product in the order in which they are written, and the agents that it holds."""

    doses: tuple[Dose, ...]
    agents: tuple[Antiplatelet, ...]
    text: str

    @property
    def is_stated(self) -> bool:
        """Whether the doses are loads or maintenance doses that sources state, of one agent each."""
        return any(all(map(_states, agents, self.doses)) for agents in permutations(self.agents))


def _states(agent: Antiplatelet, dose: Dose) -> bool:
    return any(span is not None and span.holds(dose) for span in (agent.load, agent.maintenance))


def combined_dose(order: Order, subject: Subject) -> CombinedDose | None:
    """Return the doses of a combination as its dose writes them; None of any other order."""
    match = _PARTS.fullmatch(order.texts.get("dose", "").strip())
    if match is None or "dose" in order.fields:
        return None
    known = subject.knowledge.bridging().antiplatelets
    held = [each.drug for each in subject.knowledge.agent_facts().combinations if order.drug in each.names]
    try:
        unit = match["unit"] or match["last"]
        doses = read(f"{match['one']} {unit}", Dose, "dose"), read(f"{match['other']} {match['last']}", Dose, "dose")
    except InputError:
        return None
    return CombinedDose(doses, tuple(known[each] for each in held if each in known), order.texts["dose"])
