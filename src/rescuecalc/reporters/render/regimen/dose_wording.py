"""How people read the parts of a dose, wherever they stand: doses, times, how a bolus is given, what is watched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.reporters.document.common_parts import people
from rescuecalc.reporters.document.regimen.doses import BY_SYRINGE, FROM_OWN_CONTAINER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rescuecalc.reporters.document.common_parts import Document

AT_STOP: Final = "disconnect at the cannula, do not flush"

HOW: Final = {
    BY_SYRINGE: "by syringe from the vial, not drawn from the bag",
    FROM_OWN_CONTAINER: "by pump from its own container, not by syringe",
}


def amount_words(dose: Document, worded: Callable[[Document], str] = people) -> str:
    """Return a dose in mcg, and in mg beside it where that is easier to hold against a vial."""
    thousand = 1000
    milligrams = f" = {worded({**dose, 'value': dose['value'] / thousand, 'unit': 'mg'})}"
    return worded(dose) + (milligrams if dose["value"] >= thousand else "")


def by_concentration(options: Iterable[Document], name: str) -> Iterator[tuple[Document, str]]:
    """Yield one option for each concentration and way of giving, with the names of all products that share it."""
    groups: dict[tuple[str, str, str], list[Document]] = {}
    for option in options:
        key = (people(option["concentration"]), people(option[name]), option["how"])
        groups.setdefault(key, []).append(option)
    for group in groups.values():
        yield group[0], ", ".join(each["product"] for each in group)


def by_setting(infusion: Document) -> list[Document]:
    """Return the pump settings of an infusion: that of its product, or one for each concentration that can serve."""
    if infusion["pump_rate"]:
        return [infusion]
    return [first for first, _ in by_concentration(infusion["options"], "pump_rate")]


def clock(at: str) -> str:
    """Return a clock time with its date and its offset from UTC: ``2026-11-29 22:40 +01:00``."""
    return f"{at[:10]} {at[11:19].removesuffix(':00')} {at[19:]}"


def moment(each: Document, name: str = "") -> str:
    """Return a time of a document: clock time and date where there is a clock, else the time after the start."""
    at, elapsed = each[f"{name}at"], each[f"{name}elapsed"]
    return str(elapsed) if at is None else clock(at)


def counts_words(facts: Document) -> str:
    """Return when blood is counted, empty where no source says; that none states the next count is said too."""
    counts: list[Document] = facts["counts"]
    later = any(each["after"] is not None for each in counts) or not counts
    return "; next ".join(_count(each) for each in counts) + ("" if later else "; next: no source is held")


def stops_words(facts: Document) -> str:
    """Return what stops an infusion."""
    return "; ".join(each["when"] for each in facts["stops"])


def _count(each: Document) -> str:
    if each["after"] is None:
        return str(each["words"])
    first, last = each["at"], each["until_at"]
    if first is None:
        until = f" to {people(each['until'])}" if each["until"] else ""
        return f"{people(each['after'])}{until} after the start"
    if last is None:
        return clock(first)
    if first[:10] != last[:10]:
        return f"{clock(first)} to {clock(last)}"
    zone = "" if first[19:] == last[19:] else f" {first[19:]}"  # both where the clocks change in between
    return f"{first[:10]} {first[11:16]}{zone} to {last[11:16]} {last[19:]}"


def absent(made: Document, *, pointed: bool = True) -> list[str]:
    """Return what was not given and so not judged; ``pointed``: with the command that takes it."""
    return [*made.get("not_given", ()), *(name for name, given in _judged_by(made, pointed=pointed) if not given)]


def _judged_by(made: Document, *, pointed: bool) -> Iterator[tuple[str, object]]:
    """Yield what findings depend on, and whether it was given."""
    if "not_given" not in made:
        yield "thrombolysis", made.get("thrombolysis")
        yield "CrCl", made["creatinine_clearance"]
    if "boluses" in made:
        yield "products", all(each["concentration"] for each in (*made["boluses"], *made["infusions"]))
    if "antiplatelets" not in made:
        yield "oral antiplatelets" + (" (see `rescuecalc bridge`)" if pointed and "not_given" in made else ""), None
