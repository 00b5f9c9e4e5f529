"""Many cases, one command each, with the result in docs/safety/verification.md under `--record`.

python -m tests.campaigns oracle 1000000      regimens of every protocol, compared with tests/oracle.py
python -m tests.campaigns rows 1000000        rows of order sets, judged fast and judged one by one by exact numbers
python -m tests.campaigns malformed 100000    damaged files, each of which has to end as it should
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from contextlib import contextmanager
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.catalogue import catalogue
from rescuecalc.core.orders.model import solution
from rescuecalc.core.quantities.quantity import DosingWeight, read
from rescuecalc.core.regimen.regimen import Regimen, regimen
from rescuecalc.engine.verdict_cache import Verdicts
from tests import bench_check, fuzz_check, oracle
from tests.results import record
from tests.support import invoke
from tests.test_second_route import result_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TENTH: Final = Fraction(1, 10)
_CHUNK: Final = 1_000


# --- regimens -----------------------------------------------------------------------------------------------


def start_of(row: dict[str, str]) -> Regimen:
    """Return one regimen of a golden row, with what its source leaves open chosen."""
    texts = {"weight": "80kg", "crcl": "90mL/min"}
    if row["rate_mcg_per_kg_min"] and not row["run_time_h"]:
        texts["run_time"] = f"{row['run_time_low_h'] or row['run_time_high_h'] or 24}h"
    if row["ia_low_mcg"]:
        texts["ia_dose"] = f"{row['ia_high_mcg']}mcg"
    if row["drug"] == "tirofiban" and row["rate_mcg_per_kg_min"]:
        texts["infusion_product"] = "bag-250"
    return result_of(row["id"], **texts)


def _number(row: dict[str, str], column: str) -> Fraction | None:
    return Fraction(row[column]) if row[column] else None


def expected_of(row: dict[str, str], kg: Fraction) -> tuple[list[Fraction], list[Fraction]]:
    """Return the doses (mcg) and the dose rates (mcg/min) of a golden row, without an impaired kidney."""
    per_kg = _number(row, "ia_mcg_per_kg") or _number(row, "iv_mcg_per_kg")
    fixed = _number(row, "ia_fixed_mcg") or _number(row, "ia_high_mcg")
    dose = oracle.capped(per_kg * kg, _number(row, "cap_bolus_mcg")) if per_kg else fixed
    rates = [_number(row, "load_mcg_per_kg_min"), _number(row, "rate_mcg_per_kg_min")]
    cap = _number(row, "cap_mcg_min")
    return [dose] if dose is not None else [], [oracle.capped(each * kg, cap) for each in rates if each is not None]


def wrong_of(row: dict[str, str], found: Regimen, kg: Fraction) -> str | None:
    """Return what of a regimen is not the oracle's."""
    doses, rates = expected_of(row, kg)
    if [each.dose.value_in("mcg") for each in found.boluses] != doses:
        return "doses"
    if [each.dose_rate.value_in("mcg/min") for each in found.infusions] != rates:
        return "dose rates"
    for each, dose in zip(found.boluses, doses, strict=True):
        for option in each.options:
            exact = oracle.volume(dose, option.supply.concentration.value_in("mcg/mL"))
            if (option.exact_volume.value_in("mL"), option.volume.value_in("mL")) != (
                exact,
                oracle.rounded_half_up(exact, _TENTH),
            ):
                return "volumes"
    settings = []
    for given, rate in zip(found.infusions, rates, strict=True):
        for made in (given.chosen,) if given.chosen else given.options:
            exact = oracle.pump_rate_of_total(rate, made.supply.concentration.value_in("mcg/mL"))
            settings.append(oracle.rounded_half_up(exact, _TENTH))
            if (made.exact_pump_rate.value_in("mL/h"), made.pump_rate.value_in("mL/h")) != (exact, settings[-1]):
                return "pump rates"
    return _wrong_containers(found, settings) if found.containers else None


def _wrong_containers(found: Regimen, settings: list[Fraction]) -> str | None:
    times = [each.run_time.value_in("h") for each in found.infusions if each.run_time]
    phases = [oracle.Phase(*each) for each in zip(settings, times, strict=True)]
    plan = oracle.container_plan(phases, Fraction(250))
    used = [(each.segment, each.number, each.volume.value_in("mL")) for each in found.containers]
    return None if used == [(each.phase, each.container, each.ml) for each in plan] else "containers"


def regimens(count: int, seed: int) -> Iterator[str | None]:
    """Yield what is wrong with each of so many regimens, of every protocol and of random weights to a gram."""
    chance, limits = random.Random(seed), catalogue.limits()  # noqa: S311  # the same cases for one seed
    starts = [(row, start_of(row)) for row in oracle.golden("protocols")]
    for number in range(count):
        row, start = starts[number % len(starts)]
        grams = chance.randint(10_000, 250_000)
        weight = read(f"{oracle.plain(Fraction(grams, 1000))} kg", DosingWeight, "--weight")
        made = regimen(start.protocol, start.choices._replace(weight=weight), start.rule, limits)
        wrong = wrong_of(row, made, Fraction(grams, 1000))
        yield None if wrong is None else f"{row['id']} at {grams} g: {wrong}"


# --- rows ---------------------------------------------------------------------------------------------------


def slipped(line: str, chance: random.Random) -> str:
    """Return a row, one in fifty with a digit of one of its numbers changed."""
    places = [place for place, sign in enumerate(line) if sign in "123456789" and place > 20]
    if chance.random() >= 1 / 50:
        return line
    place = chance.choice(places)
    return line[:place] + chance.choice("123456789") + line[place + 1 :]


@contextmanager
def slow_way() -> Iterator[None]:
    """Judge each order set by itself and by exact numbers, as if there were no short ways."""
    changed: Any = solution
    fast, sure = Verdicts.of, changed.certain
    judge: Any = lambda verdicts, reading: verdicts._judge(reading.order_set())  # noqa: E731, SLF001
    Verdicts.of = judge  # type: ignore[method-assign]
    changed.certain = lambda *_: None
    try:
        yield
    finally:
        Verdicts.of, changed.certain = fast, sure  # type: ignore[method-assign]


def judged(text: str) -> list[str]:
    """Return what `check` prints of a table, line by line."""
    options = ("--isolated", "--stdin-filename", "rows.csv", "--format", "jsonl", "--as-of", "2026-11-24")
    return invoke("check", "-", *options, stdin=text).stdout.splitlines()


def tables(count: int, seed: int) -> Iterator[str | None]:
    """Yield for each of so many rows what the two ways find differently, in tables of a thousand rows."""
    chance = random.Random(seed)  # noqa: S311  # the same cases for one seed
    made = bench_check.rows(count + 1, distinct=True)
    while chunk := list(islice(made, _CHUNK)):
        text = bench_check.HEADINGS + "".join(slipped(each, chance) for each in chunk)
        fast = judged(text)
        with slow_way():
            slow = judged(text)
        same = fast == slow
        where = next((f"{one} for {other}" for one, other in zip(fast, slow, strict=False) if one != other), "length")
        yield from (None if same or number else where for number in range(len(chunk)))


# --- damaged files ------------------------------------------------------------------------------------------


def damaged_files(count: int, seed: int) -> Iterator[str | None]:
    """Yield what is wrong with the end of a check of each of so many damaged files."""
    for number, (ending, data) in enumerate(fuzz_check.inputs(count, seed)):
        form, more = fuzz_check.FORMATS[number % 4], fuzz_check.SELECTED[number % 4]
        wrong = fuzz_check.problem(ending, data, form, *more)
        yield None if wrong is None else f"{number} {ending} {form} {more}: {wrong}: {data[:1500]!r}"


CAMPAIGNS: Final[dict[str, tuple[Callable[[int, int], Iterator[str | None]], int, str]]] = {
    "oracle": (regimens, 1_000_000, "regimens against the oracle"),
    "rows": (tables, 1_000_000, "rows judged fast and slowly"),
    "malformed": (damaged_files, 100_000, "damaged files"),
}


def main(arguments: list[str] | None = None) -> int:
    """Print what was wrong and how many were asked; return 1 where something was."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("campaign", choices=CAMPAIGNS)
    words.add_argument("count", nargs="?", type=int)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--record", action="store_true", help="write the result into docs/safety/verification.md")
    words.add_argument("--minutes", type=float, help="stop after so many")
    asked = words.parse_args(arguments)
    cases, usual, title = CAMPAIGNS[asked.campaign]
    start, done, wrong = time.monotonic(), 0, 0
    for found in cases(asked.count or usual, asked.seed):
        done += 1
        if found is not None:
            wrong += 1
            sys.stdout.write(f"{found[:2000]}\n")
        is_whole = asked.campaign != "rows" or done % _CHUNK == 0  # rows are judged table by table
        if asked.minutes and is_whole and time.monotonic() - start > 60 * asked.minutes:
            break
    sys.stdout.write(f"{title}: {done:,}, {wrong:,} wrong, in {time.monotonic() - start:,.0f} s\n")
    if asked.record:
        record(title, f"{done:,} (seed {asked.seed})", f"{wrong:,} wrong")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
