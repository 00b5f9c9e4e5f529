"""Break the program on purpose, one place at a time; each break has to turn at least two tests red.

python tests/mutate.py            every mutation, some minutes, with a score at its end
python tests/mutate.py --sample   one formula, one unit factor, one protocol number
python tests/mutate.py --nets     comparisons and single numbers that once had no test, some seconds each
python tests/mutate.py TEXT       the mutations that name TEXT
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

ROOT = Path(__file__).parent.parent
FIRST_ASKED = ("tests/test_spec_dose.py", "tests/test_units.py", "tests/test_catalogue.py")
"""Most mutations turn two of these red in seconds; the others are asked only of what these do not notice."""

TESTS = (
    "tests/test_spec_table_renal_protocol.py",
    "tests/test_notation.py",
    "tests/test_schedule.py",
    "tests/test_second_route.py",
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


NETS_TESTS = ("tests/test_nets.py", "tests/test_second_route.py", "tests/test_agreement.py", "tests/test_ucum.py")
"""The tests that are asked about the mutations of NETS; each takes seconds."""


_ENOUGH: Final = 2
"""Tests that turn red: one alone could be chance, or be taken away with the line that it asks about."""


class Mutation(NamedTuple):
    """One text of one file, replaced by another."""

    file: str
    old: str
    new: str


NETS = (
    Mutation("rules/facts/order_model/contradiction.py", "        repair.factor,\n", "        None,\n"),
    Mutation("rules/arithmetic/consistency.py", "str(expected), factor)", "str(expected))"),
    Mutation("rules/arithmetic/consistency.py", "start.seconds) / run", "start.seconds) * run"),
    Mutation("rules/facts/order_model/text_mentions.py", "Bounds(field.low + more.low, high", "Bounds(field.low, high"),
    Mutation("rules/dose/order_dose.py", "amount.low <= most.amount.value", "amount.low < most.amount.value"),
    Mutation("rules/dose/order_dose.py", "most is None or amount", "most is not None and amount"),
    Mutation("rules/facts/reference/source_caps.py", "len(known) < len(bounds) or", "False or"),
    Mutation("rules/facts/reference/source_caps.py", 'order.route in {"", each.route}', "order.route is not None"),
    Mutation("rules/facts/reference/dose_domain.py", 'any(order.route in {"", each.route} for', "any(True for"),
    Mutation("rules/facts/concurrent_orders.py", "return one.given is not other.given", "return False"),
    Mutation("rules/facts/concurrent_orders.py", "if False in {one.given, other.given}:", "if False:"),
    Mutation("rules/facts/concurrent_orders.py", "if False in {one.given, other.given}:", "if True:"),
    Mutation("core/orders/condition_interval.py", "return self.low == self.high", "return False"),
    Mutation("core/orders/condition_interval.py", "with_low and self.with_high", "with_low or self.with_high"),
    Mutation("core/orders/condition_interval.py", "not (self.with_low and self.with_high)", "True"),
    Mutation("core/orders/model/agreement.py", "if self.drug != other.drug:", "if False:"),
    Mutation("core/orders/model/agreement.py", "(other.drug and self.drug != other.drug)", "False"),
    Mutation("rules/notation/amount_kind.py", "if kind != known:", "if False:"),
    Mutation("backcheck/doses.py", '"gram", "grams"), Fraction(10**6)', '"gram", "grams"), Fraction(10**5)'),
    Mutation("backcheck/doses.py", "< volume <= number * whole", "< volume < number * whole"),
    Mutation("backcheck/doses.py", "(number - 1) * whole < volume", "(number - 2) * whole < volume"),
    Mutation("backcheck/doses.py", "before <= volume and (volume < after", "before <= volume and (volume <= after"),
    Mutation("backcheck/doses.py", "before <= volume and (", "("),
    Mutation("backcheck/doses.py", "(seconds, seconds + 1)", "(seconds, seconds + 2)"),
    Mutation("backcheck/doses.py", "Fraction(1, 10**14)", "Fraction(1, 10**13)"),
    Mutation("backcheck/doses.py", "Fraction(1, 10**14)", "Fraction(1, 10**15)"),
    Mutation("core/quantities/ucum.py", "depth >= _DEEPEST", "depth > _DEEPEST"),
    Mutation("core/quantities/ucum.py", "_DEEPEST: Final = 10", "_DEEPEST: Final = 9"),
    Mutation("rules/facts/order_model/text_agreement.py", "((60, 1), (1, 60), ", "("),
    Mutation("data/drugs.toml", "boluses = 2", "boluses = 3"),
    Mutation("data/drugs.toml", "boluses = 2", "boluses = 1"),
    Mutation("data/products.toml", 'strength = "3.75 mg in 15 mL"', 'strength = "3.75 mg in 51 mL"'),
    Mutation("data/products.toml", 'amount = "75 mg"', 'amount = "57 mg"'),
)  # fmt: skip
"""Comparisons, factors and numbers that no test asked about once."""


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
    Mutation("core/orders/model/agreement.py", "denominator * size * step", "8 * denominator * size * step"),
    Mutation("core/orders/model/agreement.py", "max(half * step.per * 2, step.middle * per)", "half * step.per * 2"),
    Mutation("core/orders/model/solution.py", "found if cap is None else found.at_most(cap)", "found"),
    Mutation("core/orders/model/mention.py", "(limits.pump_step)[0] / 2", "(limits.pump_step)[0] * 2"),
    Mutation("core/renal/creatinine_clearance.py", "else self.infusion_factor", "else self.bolus_factor"),
    Mutation("data/error_signatures.toml", 'factor = "2.2046"', 'factor = "2.4046"'),
    Mutation("data/monitoring.toml", 'every = "30 min", lasting = "6 h"', 'every = "30 min", lasting = "5 h"'),
    Mutation("data/limits.toml", 'to = "650 kg"', 'to = "6500 kg"'),
)  # fmt: skip


def red_tests(mutation: Mutation, folder: Path, tests: tuple[str, ...]) -> int:
    """Return how many of ``tests`` fail with the mutation, counted up to two."""
    source = folder / "src"
    shutil.copytree(ROOT / "src", source)  # what is compiled comes along: all but the mutated module still fits
    target = source / "rescuecalc" / mutation.file
    text = target.read_text("utf-8")
    if mutation.old not in text:
        raise LookupError(f"{mutation.file} holds no {mutation.old!r}: the mutation is stale")
    target.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
    red = failed(source, FIRST_ASKED) if tests is TESTS else 0
    return red if red >= _ENOUGH else red + failed(source, tests, _ENOUGH - red)


def failed(source: Path, tests: tuple[str, ...], most: int = _ENOUGH) -> int:
    """Return how many of ``tests`` fail on the program in ``source``, counted up to ``most``."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--maxfail={most}", "--tb=no", *tests]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(source), str(ROOT)))}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return sum(line.startswith(("FAILED", "ERROR")) for line in done.stdout.splitlines())


def score(killed: int, total: int) -> str:
    """Return the score as a line: 33 of 34 (97.0 %)."""
    return f"score: {killed} of {total} ({killed / total:.1%})" if total else "score: nothing was mutated"


def chosen(words: list[str]) -> tuple[Mutation, ...]:
    """Return the mutations that the words of the command line choose."""
    named = SAMPLE if "--sample" in words else NETS if "--nets" in words else (*ALL, *NETS)
    texts = [word for word in words if not word.startswith("--")]
    return tuple(each for each in named if not texts or any(text in " ".join(each) for text in texts))


def main() -> int:
    """Return 1 where a mutation turned fewer than two tests red."""
    killed, mutations = 0, chosen(sys.argv[1:])
    for mutation in mutations:
        with tempfile.TemporaryDirectory() as folder:
            red = red_tests(mutation, Path(folder), NETS_TESTS if mutation in NETS else TESTS)
        killed += red >= _ENOUGH
        verdict = "ok" if red >= _ENOUGH else "SURVIVED"
        sys.stdout.write(f"{verdict}: {mutation.file}: {mutation.old} -> {mutation.new}: {red} red\n")
        sys.stdout.flush()
    sys.stdout.write(f"{score(killed, len(mutations))}\n")
    return 0 if killed == len(mutations) else 1


if __name__ == "__main__":
    sys.exit(main())
