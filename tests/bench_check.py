"""How many orders of a CSV are judged in a second: python tests/bench_check.py [ROWS] [--distinct].

Writes a CSV of correct tirofiban orders, a bolus and an infusion for each patient, and checks it with RC2 to RC4 in a
process of its own. Weights are whole kilograms and tenths from 40 to 150 kg, under four protocols and two products, so
that equal orders come again as they do in a hospital's files; with --distinct no two patients are alike.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADINGS = (
    "order_set,protocol,patient_weight,id,drug,route,kind,dose_per_kg,dose,dose_rate_per_kg,concentration,volume,"
    "pump_rate,run_time,vtbi,text\n"
)
PROTOCOLS = (("yang-2020-iv", 10, Fraction(15, 100)), ("rescue-bt-2022", 10, Fraction(15, 100)))


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
        step = Fraction(patient, 1000) if distinct else Fraction(patient * 7 % 1101, 10)
        weight = 40 + step % 110
        protocol, per_kg, rate = PROTOCOLS[patient % len(PROTOCOLS)]
        dose, pump = per_kg * weight, rounded(rate * weight * 60 / 50)
        start = f"patient {patient},{protocol},{number(weight)} kg"
        volume = number(rounded(dose / 250))
        yield (
            f"{start},b{patient},tirofiban,IV,bolus,{per_kg} mcg/kg,{number(dose)} mcg,,250 mcg/mL,{volume} mL,,,,"
            f"bolus over 5 min\n"
        )
        yield (
            f"{start},d{patient},tirofiban,IV,infusion,,,{number(rate)} mcg/kg/min,50 mcg/mL,,{number(pump)} mL/h,24 h,"
            f"{number(pump * 24)} mL,for 24 h\n"
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
            "--select",
            "RC2,RC3,RC4",
            "--fail-on",
            "warning",
        ]
        start = time.monotonic()
        done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        seconds = time.monotonic() - start
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    sys.stdout.write(f"{count:,} orders in {seconds:.1f} s: {count / seconds:,.0f} a second, {memory} MiB\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
