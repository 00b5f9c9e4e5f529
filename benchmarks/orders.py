"""Orders as a hospital writes them: every patient has a weight, a clearance, times, numbers and words of their own.

They are correct by the arithmetic here, which shares nothing with rescuecalc but what the labels print; a wrong one has
one number ten or sixty times off, the dose of another weight, or a text that says something else.
"""

from __future__ import annotations

import csv
import json
import random
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import TextIO

HEADINGS = (
    *("order_set", "protocol", "patient_weight", "patient_creatinine_clearance", "id", "drug", "route", "kind"),
    *("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate", "concentration", "product", "volume", "pump_rate"),
    *("give_over", "start", "run_time", "vtbi", "text"),
)
"""The columns of the CSV: the fields of a native order, its set and its patient."""

Order = dict[str, str]
Set = dict[str, Any]


class Plan(NamedTuple):
    """What a patient gets: mcg/kg and mcg/kg/min, hours, and of which mcg/mL, as they are written."""

    protocol: str
    drug: str
    per_kg: int
    rate: Fraction
    hours: tuple[int, ...]
    bolus: tuple[int, str]
    drip: tuple[int, str, str]


_VIAL, _BAG = (250, "250 mcg/mL"), (50, "50 mcg/mL")
PLANS = (
    Plan("yang-2020-iv", "tirofiban", 10, Fraction("0.15"), (24,), _VIAL, (*_BAG, "")),
    Plan("rescue-bt-2022", "tirofiban", 10, Fraction("0.15"), (24,), _BAG, (50, "", "12.5 mg in 250 mL")),
    Plan("us-label", "tirofiban", 25, Fraction("0.15"), (12, 14, 16, 18), _VIAL, (50, "", "bag-250")),
    Plan("", "tirofiban", 10, Fraction("0.1"), (24, 36, 48), _VIAL, (*_BAG, "5 mg in 100 mL")),
    Plan(
        "eptifibatide-label", "eptifibatide", 180, Fraction(2), (18, 20, 24), (2000, "2 mg/mL"), (750, "0.75 mg/mL", "")
    ),
)
NAMES = [
    "Adler",
    "Brandt",
    "Conrad",
    "Dietz",
    "Engel",
    "Fuchs",
    "Giese",
    "Hahn",
    "Immel",
    "Jansen",
    "Keller",
    "Lorenz",
    "Mertens",
    "Neumann",
    "Ostrow",
]
PLACES = [
    "angio suite",
    "stroke unit",
    "recovery",
    "ward north",
    "ward south",
    "intermediate care",
    "emergency",
    "theatre",
]


def number(value: Fraction) -> str:
    """Return ``value``, which has few decimals, as it is written in an order."""
    text = f"{float(value):.6f}"
    return text.rstrip("0").rstrip(".")


def rounded(value: Fraction, step: Fraction = Fraction(1, 10)) -> Fraction:
    """Return ``value`` to the step of a pump."""
    return (value / step + Fraction(1, 2)).__floor__() * step


def order_sets(patients: int, seed: int, wrong: float = 0.0) -> Iterator[Set]:
    """Yield a set of a bolus and an infusion for each patient; of its orders a share of ``wrong`` has one error."""
    chance = random.Random(seed)  # noqa: S311  # made up orders
    for patient in range(patients):
        made = _order_set(patient, chance)
        for order in made["orders"]:
            if chance.random() < wrong:
                _spoil(order, chance)
        yield made


def _order_set(patient: int, chance: random.Random) -> Set:
    plan = PLANS[chance.randrange(len(PLANS))]
    highest = 1150 if plan.drug == "tirofiban" else 1200
    weight = Fraction(chance.randrange(450, highest), 10)
    clearance = Fraction(chance.randrange(620, 1400), 10)
    use = "PCI " if plan.drug == "eptifibatide" else ""  # the label's own use: in a stroke it contraindicates it
    made: Set = {"order_set": f"{use}patient {patient}"}
    if plan.protocol:
        made["protocol"] = plan.protocol
    made["patient"] = {"weight": f"{number(weight)} kg", "creatinine_clearance": f"{number(clearance)} mL/min"}
    made["orders"] = [_bolus(patient, plan, weight, chance), _infusion(patient, plan, weight, chance)]
    return made


def _words(patient: int, chance: random.Random) -> str:
    """Return what stands behind an order in words: who wrote it, when and where, and a number of the ward's own."""
    name = chance.choice(NAMES) + chance.choice(("", "son", "er", "feld", "mann", "berg"))
    day, hour = chance.randrange(1, 29), chance.randrange(24)
    when = f"2026-{chance.randrange(1, 13):02}-{day:02} {hour:02}:{chance.randrange(60):02}"
    return chance.choice(
        (
            f"; signed by {name} on {when}",
            f"; {chance.choice(PLACES)}, Dr {name}, {when}",
            f"; verified {when}, case {patient + 100_000}",
            f"; as agreed with {name}, {chance.choice(PLACES)}",
        )
    )


def _bolus(patient: int, plan: Plan, weight: Fraction, chance: random.Random) -> Order:
    strength, concentration = plan.bolus
    dose = rounded(plan.per_kg * weight, Fraction(1))
    volume = number(rounded(dose / strength))
    said = f"{number(dose)} mcg" if plan.drug == "tirofiban" else f"{number(dose / 1000)} mg"
    minutes = 5 if plan.drug == "tirofiban" else 2
    return {
        "id": f"b{patient}",
        "drug": plan.drug,
        "route": "IV",
        "kind": "bolus",
        "dose_per_kg": f"{plan.per_kg} mcg/kg",
        "dose": said,
        "concentration": concentration,
        "volume": f"{volume} mL",
        "give_over": f"{minutes} min",
        "start": "+0 h",
        "text": f"{plan.drug} {said} = {volume} mL over {minutes} min{_words(patient, chance)}",
    }


def _infusion(patient: int, plan: Plan, weight: Fraction, chance: random.Random) -> Order:
    strength, concentration, product = plan.drip
    pump = rounded(plan.rate * weight * 60 / strength)
    hours = chance.choice(plan.hours)
    made = {
        "id": f"d{patient}",
        "drug": plan.drug,
        "route": "IV",
        "kind": "infusion",
        "dose_rate_per_kg": f"{number(plan.rate)} mcg/kg/min",
        "dose_rate": f"{number(rounded(plan.rate * weight, Fraction(1, 1000)))} mcg/min" if patient % 2 else "",
        "concentration": concentration,
        "product": product,
        "pump_rate": f"{number(pump)} mL/h",
        "start": f"+{chance.randrange(31)} min",
        "run_time": f"{hours} h",
        "vtbi": f"{number(pump * hours)} mL",
        "text": f"{plan.drug} {number(pump)} mL/h for {hours} h at {number(weight)} kg{_words(patient, chance)}",
    }
    return {name: text for name, text in made.items() if text}


def _spoil(order: Order, chance: random.Random) -> None:
    """Put one error into an order: a number that is a factor off, or the words of another number."""
    names = [name for name in ("dose", "volume", "dose_rate", "pump_rate", "dose_rate_per_kg") if name in order]
    name = chance.choice(names)
    written, _, unit = order[name].partition(" ")
    factor = chance.choice((Fraction(10), Fraction(1, 10), Fraction(60), Fraction(2), Fraction(5, 4)))
    order[name] = f"{number(Fraction(written) * factor)} {unit}"


def rows(found: Iterable[Set]) -> Iterator[list[str]]:
    """Yield the orders of sets as the rows of a CSV."""
    for made in found:
        patient = made["patient"]
        first = [made["order_set"], made.get("protocol", ""), patient["weight"], patient["creatinine_clearance"]]
        for order in made["orders"]:
            yield first + [order.get(name, "") for name in HEADINGS[len(first) :]]


def write_csv(file: TextIO, found: Iterable[Set]) -> None:
    """Write order sets as CSV."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows(rows(found))


def write_lines(file: TextIO, found: Iterable[Set]) -> None:
    """Write order sets as JSON Lines."""
    file.writelines(json.dumps(made, separators=(",", ":")) + "\n" for made in found)


def write_folder(folder: Path, found: Iterable[Set]) -> None:
    """Write order sets as YAML, each a file of its own."""
    folder.mkdir()
    for count, made in enumerate(found):
        lines = [f"{name}: {made[name]}" for name in ("order_set", "protocol") if name in made]
        lines += ["patient:", *(f"  {name}: {text}" for name, text in made["patient"].items()), "orders:"]
        for order in made["orders"]:
            fields = [f"{name}: {json.dumps(text) if ':' in text else text}" for name, text in order.items()]
            lines += [f"  - {fields[0]}", *(f"    {each}" for each in fields[1:])]
        (folder / f"set-{count}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
