"""Break the program on purpose, one place at a time; each break has to turn at least two tests red.

python tests/mutate.py            every mutation, some minutes
python tests/mutate.py --sample   one formula, one unit factor, one protocol number
    python tests/mutate.py TEXT       the mutations that name TEXT
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
TESTS = (
    "tests/test_spec_dose.py",
    "tests/test_spec_table_renal_protocol.py",
    "tests/test_units.py",
    "tests/test_notation.py",
    "tests/test_schedule.py",
    "tests/test_second_route.py",
    "tests/test_catalogue.py",
    "tests/test_renal.py",
    "tests/test_spec_bad_input.py",
    "tests/test_properties.py",
    "tests/test_bridge.py",
    "tests/test_spec_bridge.py",
    "tests/test_properties_bridge.py",
    "tests/test_agreement.py",
    "tests/test_orders.py",
    "tests/test_corpus.py",
    "tests/test_subsets.py",
    "tests/test_false_alarms.py",
)


class Mutation(NamedTuple):
    """One text of one file, replaced by another."""

    file: str
    old: str
    new: str


SAMPLE = (
    Mutation(
        "core/regimen/infusion.py", '÷ concentration", quotient, PumpRate)', '÷ concentration", product, PumpRate)'
    ),
    Mutation("core/quantities/units.py", '_atom("min", "time", 60,', '_atom("min", "time", 61,'),
    Mutation("data/protocols/yang-2020-iv.toml", "0.15 mcg/kg/min", "0.51 mcg/kg/min"),
)
ALL = (
    *SAMPLE,
    Mutation("core/regimen/bolus.py", 'per kg × dosing weight", product', 'per kg × dosing weight", quotient'),
    Mutation("core/regimen/bolus.py", '"dose ÷ concentration", quotient', '"dose ÷ concentration", product'),
    Mutation(
        "core/regimen/infusion.py", "setting.magnitude / exact.magnitude - 1", "exact.magnitude / setting.magnitude - 1"
    ),
    Mutation("core/quantities/units.py", '_atom("mg", "drug_mass", 1000,', '_atom("mg", "drug_mass", 100,'),
    Mutation("core/quantities/units.py", "Fraction(45359237, 100_000_000)", "Fraction(45, 100)"),
    Mutation("core/quantities/units.py", '_atom("h", "time", 3600,', '_atom("h", "time", 3601,'),
    Mutation("core/quantities/decimal_text.py", "(value / step + Fraction(1, 2))", "(value / step)"),
    Mutation("core/quantities/decimal_text.py", "rounding=ROUND_HALF_UP", "rounding='ROUND_DOWN'"),
    Mutation("core/regimen/schedule.py", "left = whole - first_loss.value_in", "left = whole + first_loss.value_in"),
    Mutation("core/regimen/schedule.py", "number, left = number + 1, whole", "number, left = number + 1, whole / 2"),
    Mutation("core/renal/creatinine_clearance.py", "self.includes and", "not self.includes and"),
    Mutation("core/renal/creatinine_clearance.py", "constants.divisor * creatinine", "constants.divisor / creatinine"),
    Mutation("core/regimen/regimen.py", "dose.exceeds(step.cap.under(share))", "step.cap.under(share).exceeds(dose)"),
    Mutation("core/regimen/regimen.py", "band.infusion_factor if band", "band.bolus_factor if band"),
    Mutation("backcheck/doses.py", "exact * concentration, dose)", "exact * concentration, dose * 2)"),
    Mutation("data/renal.toml", "includes = true, bolus_factor", "includes = false, bolus_factor"),
    Mutation("data/renal.toml", 'up_to = "30 mL/min", includes = false', 'up_to = "30 mL/min", includes = true'),
    Mutation("data/formulas.toml", '"0.85"', '"0.58"'),
    Mutation("data/formulas.toml", '"88.42"', '"84.82"'),
    Mutation("data/products.toml", 'concentration = "250 mcg/mL"', 'concentration = "50 mcg/mL"'),
    Mutation("data/protocols/us-label.toml", '"25 mcg/kg"', '"10 mcg/kg"'),
    Mutation("data/protocols/us-label.toml", '"42 mL"', '"24 mL"'),
    Mutation("data/protocols/eptifibatide-label.toml", '"22.6 mg"', '"26.2 mg"'),
    Mutation("data/protocols/instant-2024.toml", '"47.5 h"', '"48 h"'),
    Mutation("data/protocols/huo-2021.toml", '"1 mg"', '"2 mg"'),
    Mutation("core/bridging/coverage.py", "latest.seconds - stop.seconds", "earliest.seconds - stop.seconds"),
    Mutation("core/bridging/coverage.py", "stop.plus(offset.earliest).seconds))", "stop.seconds))"),
    Mutation("core/bridging/bridge.py", "return stop.minus(choices.overlap), BY_USER", "return stop, BY_USER"),
    Mutation("data/antiplatelets.toml", 'latest = "8 h"', 'latest = "4 h"'),
    Mutation("data/bridging.toml", 'hold = "24 h"', 'hold = "12 h"'),
    Mutation("data/bridging.toml", "low = 60, high = 240", "low = 50, high = 240"),
    Mutation("core/orders/agreement.py", "denominator * size * step", "8 * denominator * size * step"),
    Mutation("core/orders/agreement.py", "max(half * step.per * 2, step.middle * per)", "half * step.per * 2"),
    Mutation("core/orders/system.py", "found if cap is None else found.at_most(cap)", "found"),
    Mutation("core/orders/mention.py", "half = max(half, step / 2)", "half = max(half, step * 2)"),
    Mutation("core/renal/creatinine_clearance.py", "else self.infusion_factor", "else self.bolus_factor"),
    Mutation("data/error_signatures.toml", 'factor = "2.2046"', 'factor = "2.4046"'),
    Mutation("data/monitoring.toml", 'every = "30 min", lasting = "6 h"', 'every = "30 min", lasting = "5 h"'),
    Mutation("data/limits.toml", 'to = "650 kg"', 'to = "6500 kg"'),
)  # fmt: skip


def red_tests(mutation: Mutation, folder: Path) -> int:
    """Return how many tests fail with the mutation, counted up to two."""
    source = folder / "src"
    shutil.copytree(ROOT / "src", source)
    target = source / "rescuecalc" / mutation.file
    text = target.read_text("utf-8")
    if mutation.old not in text:
        raise LookupError(f"{mutation.file} holds no {mutation.old!r}: the mutation is stale")
    target.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--maxfail=2", "--tb=no", *TESTS]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return sum(line.startswith(("FAILED", "ERROR")) for line in done.stdout.splitlines())


def main() -> int:
    """Return 1 where a mutation turned fewer than two tests red."""
    survivors = 0
    words = [word for word in sys.argv[1:] if word != "--sample"]
    chosen = SAMPLE if "--sample" in sys.argv[1:] else ALL
    for mutation in (each for each in chosen if not words or any(word in " ".join(each) for word in words)):
        with tempfile.TemporaryDirectory() as folder:
            red = red_tests(mutation, Path(folder))
        survivors += red < 2
        verdict = "ok" if red >= 2 else "SURVIVED"
        sys.stdout.write(f"{verdict}: {mutation.file}: {mutation.old} -> {mutation.new}: {red} red\n")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
