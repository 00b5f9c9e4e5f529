"""What `--quiet` prints: the numbers, each with what it belongs to; what must not be missed goes to stderr.

A number never stands alone: a pump rate or a volume has its concentration, and with an error each line says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.reporters.document.common_parts import people
from rescuecalc.reporters.document.regimen.bedside import ALWAYS_SHOWN, of_severity
from rescuecalc.reporters.render.regimen.bedside_text import bedside_lines, weighty
from rescuecalc.reporters.render.regimen.dose_wording import by_concentration, by_setting
from rescuecalc.reporters.render.regimen.plan_wording import agent_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.reporters.document.common_parts import Document


def dose_numbers(made: Document) -> str:
    """Return pump rates and bolus volumes of a document of `dose` or `plan`."""
    return _lines(made, [*_pump_rates(made), *_boluses(made), *_label_row(made)])


def bridge_numbers(made: Document) -> str:
    """Return the antiplatelets of a document of `bridge` or `plan`."""
    return _lines(made, [agent_words(each) for each in made["antiplatelets"]] or ["no antiplatelet is named"])


def remarks_beside_numbers(made: Document, facts: Document) -> tuple[str, ...]:
    """Return what no option hides: errors, warnings, how a bolus is given, what is watched and what was not given."""
    return (*weighty(made), *bedside_lines(made, facts))


def never_hidden(made: Document, facts: Document) -> list[str]:
    """Return the same for scripts: what no page that they make of a document may leave out.

    Each pump rate and bolus volume has its concentration, while no product is chosen once for each.
    """
    numbers = [*_pump_rates(made), *_boluses(made)] if "boluses" in made else []
    return [*(each.replace(_AT, _OF) for each in numbers), *_findings(made), *bedside_lines(made, facts)]


def never_hidden_of_rate(made: Document) -> list[str]:
    """Return the same of a rate: the result with its concentration, and what must be read of it."""
    strength = made["concentration"]
    result = people(made["result"])
    return [f"{result}{_OF}{people(strength)}" if strength else result, *_findings(made)]


def _findings(made: Document) -> Iterator[str]:
    for each in made["findings"]:
        if each["severity"] == "error" or each["code"] in ALWAYS_SHOWN:
            yield f"{each['severity']} {each['code']} {each['message']}"


def at(value: Document, concentration: Document) -> str:
    """Return a volume or pump rate with its concentration: ``14.4 mL/h @ 50 mcg/mL``."""
    return f"{people(value)}{_AT}{people(concentration)}"


_AT, _OF = " @ ", " of "
"""Short for a person; in a document, where an order set may take it over, the word: ISMP lists the sign."""


def _lines(made: Document, lines: Iterable[str]) -> str:
    before = "DO NOT USE: " if of_severity(made, "error") else ""
    return "".join(f"{before}{line}\n" for line in lines)


def _pump_rates(made: Document) -> Iterator[str]:
    for each in made["infusions"]:
        settings = by_setting(each)
        numbers = " or ".join(at(one["pump_rate"], one["concentration"]) for one in settings)
        part = f"loading {people(each['run_time'])}: " if each["role"] == "load" else ""
        yield part + (numbers or f"{people(each['dose_rate'])}, no concentration")


def _label_row(made: Document) -> Iterator[str]:
    """Yield the label's row where it was asked for: another answer than the numbers above."""
    if made.get("label_band"):
        from rescuecalc.reporters.render.regimen.dose_screen import label_row  # noqa: PLC0415  # only --label-band pays for it

        label, text, _ = label_row(made["label_band"])
        yield f"{label}: {text}"


def _boluses(made: Document) -> Iterator[str]:
    for each in made["boluses"]:
        shown = [each] if each["volume"] else [first for first, _ in by_concentration(each["options"], "volume")]
        volumes = " or ".join(at(one["volume"], one["concentration"]) for one in shown)
        when = f" at {people(each['after_start'])}" if each["after_start"] else ""
        yield f"bolus {each['route']}{when}: {volumes or people(each['dose']) + ', no concentration'}"
