"""Broken pump libraries: `python -m tests.mutate_library [COUNT [SEED]] [--record]`; none may end in a traceback."""

from __future__ import annotations

import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.results import record
from tests.support import invoke
from tests.test_library_exports import COMMAS, MAPPED
from tests.test_library_files import FULL, GUARDRAILS, GUARDRAILS_TOML, HEADINGS, RENAL, SPECTRUM, SPECTRUM_TOML

SEED: Final = 19
_SIGNS: Final = ',;"\n\r\t\x00\x1b[31m =+-@\\/%µ≤–漢\u202e\ufeff0123456789.eE'
_WORDS: Final = (
    *(
        "",
        "-",
        "n/a",
        "0",
        "1e9",
        "1,000",
        "1.5.2",
        "999999999999",
        "mcg/kg/min",
        "mg/h",
        "drops/min",
        "Units/hr",
        "kg",
    ),
    *("tirofiban", "Care Area: X", "custom", "- -", "<= 60 mL/min", "> 60", "12.5 mg in 250 mL", "=1+1", "nan", "0 mg"),
    *("hard_max", "soft_max", "drug", "dose_unit", "x" * 300, '"', '""', "::error::x", "##[group]"),
)


DRIP: Final = {"drug": "tirofiban", "kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min", "pump_rate": "9.6 mL/h"}
ORDER: Final = json.dumps(
    {
        "order_set": "S",
        "patient": {"weight": "80 kg"},
        "orders": [{**DRIP, "concentration": "50 mcg/mL"}, {"drug": "heparin", "dose_rate": "1000 units/h"}],
    }
)


def mutated(text: str, chance: random.Random) -> str:
    """Return a text with some of its cells, rows and signs changed."""
    for _ in range(chance.randint(1, 4)):
        rows = text.split("\n")
        row = chance.randrange(len(rows))
        kind = chance.randrange(6)
        if kind == 0:
            cells = rows[row].split(",")
            cells[chance.randrange(len(cells))] = chance.choice(_WORDS)
            rows[row] = ",".join(cells)
        elif kind == 1:
            place = chance.randrange(len(rows[row]) + 1)
            rows[row] = rows[row][:place] + chance.choice(_SIGNS) + rows[row][place + chance.randint(0, 2) :]
        elif kind == 2:
            rows.insert(row, chance.choice(rows))
        elif kind == 3 and len(rows) > 1:
            del rows[row]
        elif kind == 4:
            cells = rows[row].split(",")
            chance.shuffle(cells)
            rows[row] = ",".join(cells)
        else:
            rows[row] = rows[row][: chance.randrange(len(rows[row]) + 1)]
        text = "\n".join(rows)
    return text


def problem_of(files: dict[str, str], folder: Path, name: str) -> str | None:
    """Return what is wrong with how the program ends on a library, None where it ends as it should."""
    for each, text in files.items():
        (folder / each).write_text(text, "utf-8", newline="")
    for args in (
        ("library", "check", str(folder / name), "--format", "json"),
        ("library", "diff", str(folder / "sound" / name), str(folder / name), "--format", "json"),
        ("library", "show", str(folder / name), "--format", "csv"),
        ("check", "-", "--library", str(folder / name)),
    ):
        outcome = invoke(*args, stdin=ORDER)
        if outcome.exit_code not in {0, 1, 3}:
            return f"{' '.join(args[:2])} ends with {outcome.exit_code}: {outcome.stderr}"
        if outcome.exit_code == 3 and not outcome.stderr and not outcome.stdout:
            return f"{' '.join(args[:2])} says nothing"
        if "Traceback" in outcome.stderr or "\x1b" in outcome.stdout + outcome.stderr:
            return f"{' '.join(args[:2])}: {outcome.stderr}"
    return None


def problems(count: int, seed: int = SEED) -> list[str]:
    """Return what is wrong with ``count`` mutated libraries: native ones, exports and their mappings."""
    native = f"{HEADINGS}\n{FULL}\n{RENAL}\n"
    kinds = (
        ({"lib.csv": native}, "lib.csv"),
        ({"export.csv": GUARDRAILS, "adult.toml": GUARDRAILS_TOML}, "adult.toml"),
        ({"master.csv": SPECTRUM, "master.toml": SPECTRUM_TOML}, "master.toml"),
        ({"commas.csv": COMMAS, "commas.toml": MAPPED.replace("lib.csv", "commas.csv")}, "commas.toml"),
    )
    chance = random.Random(seed)  # noqa: S311  # the same libraries each time
    found = []
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "sound"
        sound.mkdir()
        for files, _ in kinds:
            for each, text in files.items():
                (sound / each).write_text(text, "utf-8", newline="")
        for number in range(count):
            files, name = kinds[number % len(kinds)]
            broken = chance.choice(sorted(files))
            made = {each: mutated(text, chance) if each == broken else text for each, text in files.items()}
            problem = problem_of(made, Path(folder), name)
            if problem is not None:
                found.append(f"{number}: {problem}\n{made[broken]!r}")
    return found


def main() -> int:
    """Judge as many libraries as are asked for, print what is wrong; 1 where anything is."""
    typed = [each for each in sys.argv[1:] if each != "--record"]
    count = int(typed[0]) if typed else 10_000
    seed = int(typed[1]) if len(typed) > 1 else SEED
    found = problems(count, seed)
    if "--record" in sys.argv:
        record("damaged pump libraries", f"{count:,} (seed {seed})", f"{len(found)} wrong")
    sys.stdout.write("".join(f"{each}\n" for each in found) + f"{count:,} libraries, {len(found)} problems\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
