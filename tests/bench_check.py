"""How many orders of a CSV are judged in a second: python tests/bench_check.py [ROWS] [--distinct] [--all].

Writes a CSV of correct orders, a bolus and an infusion for each patient, and checks it with RC2 to RC4 (--all: with
every rule) in a process of its own. Weights are whole kilograms and tenths from 40 to 150 kg, so that equal orders come
again as they do in a hospital's files; with --distinct they are grams, and no two orders of 200,000 are alike. Orders
follow one of four protocols or none, name a product or a concentration, give the dose rate or leave it out, and say in
words of each patient's own numbers what the fields say. The processor's time is printed too: the machine may be busy.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADINGS = (
    "order_set,protocol,patient_weight,patient_creatinine_clearance,id,drug,route,kind,dose_per_kg,dose,"
    "dose_rate_per_kg,dose_rate,concentration,product,volume,pump_rate,give_over,run_time,vtbi,text\n"
)


class Plan(NamedTuple):
    """What a patient gets: mcg/kg and mcg/kg/min, and hours; of which concentrations in mcg/mL, as they are written."""

    protocol: str
    drug: str
    per_kg: int
    rate: Fraction
    hours: int
    bolus: tuple[int, str]
    drip: tuple[int, str, str]


_VIAL, _BAG = (250, "250 mcg/mL"), (50, "50 mcg/mL")
PLANS = (
    Plan("yang-2020-iv", "tirofiban", 10, Fraction("0.15"), 24, _VIAL, (*_BAG, "")),
    Plan("rescue-bt-2022", "tirofiban", 10, Fraction("0.15"), 24, _BAG, (50, "", "12.5 mg in 250 mL")),
    Plan("us-label", "tirofiban", 25, Fraction("0.15"), 18, _VIAL, (50, "", "bag-250")),
    Plan("", "tirofiban", 10, Fraction("0.1"), 48, _VIAL, (*_BAG, "5 mg in 100 mL")),
    Plan("eptifibatide-label", "eptifibatide", 180, Fraction(2), 24, (2000, "2 mg/mL"), (750, "0.75 mg/mL", "")),
)


def number(value: Fraction) -> str:
    """Return ``value``, which has few decimals, as it is written in an order."""
    text = f"{float(value):.6f}"
    return text.rstrip("0").rstrip(".")


def rounded(value: Fraction) -> Fraction:
    """Return ``value`` to the step of a pump."""
    return Fraction((value * 10 + Fraction(1, 2)).__floor__(), 10)


def rows(count: int, *, distinct: bool) -> Iterator[str]:
    """Yield ``count`` correct orders."""
    for patient in range(count // 2):
        plan = PLANS[patient % len(PLANS)]
        step = Fraction(patient * 7919 % 110_000, 1000) if distinct else Fraction(patient * 7 % 1101, 10)
        # Above 121 kg the label of eptifibatide caps.
        weight = 40 + (step if plan.drug == "tirofiban" else step * Fraction(7, 10).limit_denominator(10))
        weight = Fraction(round(weight * 1000), 1000)
        use = "PCI " if plan.drug == "eptifibatide" else ""  # the label's own use: in a stroke it contraindicates it
        start = f"{use}patient {patient},{plan.protocol},{number(weight)} kg,90 mL/min"
        yield bolus(start, patient, plan, weight)
        yield infusion(start, patient, plan, weight)


def bolus(start: str, patient: int, plan: Plan, weight: Fraction) -> str:
    """Return the row of a bolus."""
    dose, (strength, concentration) = plan.per_kg * weight, plan.bolus
    volume = number(rounded(dose / strength))
    said = f"{number(dose)} mcg" if plan.drug == "tirofiban" else f"{number(dose / 1000)} mg"
    return (
        f"{start},b{patient},{plan.drug},IV,bolus,{plan.per_kg} mcg/kg,{said},,,{concentration},,{volume} mL,"
        f",5 min,,,{plan.drug} {said} = {volume} mL over 5 min\n"
    )


def infusion(start: str, patient: int, plan: Plan, weight: Fraction) -> str:
    """Return the row of an infusion; every other one leaves the dose rate out."""
    strength, concentration, product = plan.drip
    rate = plan.rate * weight
    pump = rounded(rate * 60 / strength)
    dose_rate = f"{number(rate)} mcg/min" if patient % 2 else ""
    return (
        f"{start},d{patient},{plan.drug},IV,infusion,,,{number(plan.rate)} mcg/kg/min,{dose_rate},{concentration},"
        f"{product},,{number(pump)} mL/h,,{plan.hours} h,{number(pump * plan.hours)} mL,"
        f"{plan.drug} {number(pump)} mL/h for {plan.hours} h at {number(weight)} kg\n"
    )


def main() -> int:
    """Print orders a second and the largest memory of the process; 1 where an order was found wrong."""
    words = sys.argv[1:]
    count = next((int(word) for word in words if word.isdigit()), 200_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write(HEADINGS)
            file.writelines(rows(count, distinct="--distinct" in words))
        command = [
            sys.executable,
            "-m",
            "rescuecalc",
            "check",
            str(path),
            *(() if "--all" in words else ("--select", "RC2,RC3,RC4", "--fail-on", "warning")),
        ]
        start = time.monotonic()
        done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        seconds = time.monotonic() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy, memory = used.ru_utime + used.ru_stime, used.ru_maxrss // 1024
    speed = f"{count / seconds:,.0f} a second, {count / busy:,.0f} a second of the processor"
    sys.stdout.write(f"{count:,} orders in {seconds:.1f} s: {speed}, {memory} MiB\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
