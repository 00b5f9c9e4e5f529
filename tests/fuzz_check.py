"""Order sets with damage done to them: python tests/fuzz_check.py [INPUTS] [--seed N].

Every input has to end within five seconds of the processor, with an exit code of 0, 1 or 3 that fits what was found,
and with a whole document: no traceback, no hang, nothing left out in silence, nothing raw in a log. Every tenth is
judged by a damaged settings file, baseline or protocol, which may end it with 3 too. A small sample runs in
tests/test_fuzz.py.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from rescuecalc.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parent.parent
SECONDS = 5
FORMATS = ("text", "jsonl", "sarif", "github")
PIECES = (
    *(b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n", b"\t", b"\x1b[31m", b"\xe2\x80\xa8", b"\xc2\x85"),
    *(
        b'"',
        b"'",
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b",",
        b"- ",
        b"#",
        b"&a ",
        b"*a",
        b"!!str ",
        b"? ",
        b"| ",
        b"> ",
        b"<<: ",
    ),
    *(
        b"---\n",
        b"...\n",
        b"%YAML 1.1\n",
        b"\\ud800",
        b"\\u0000",
        b"\\",
        b"/",
        b"~",
        b"null",
        b"true",
        b"1e999",
        b"NaN",
    ),
    *(b"0", b"0 kg", b"0 mL", b"0.000000001 mg", b"999999999 mcg", b"9999999999", b"-1", b"+0 h", b"-999999999 day"),
    *(
        b"5 mg",
        b"5 units/kg/h",
        b"5 mmol",
        b"3 mEq/mL",
        b"14.4 mL/h",
        b"10 mcg/kg",
        b"24 h",
        b"0-0 kg",
        b"> 60 mL/min",
        b"mcg/kg/min",
        b"units",
        b"\xc2\xb5g",
    ),
    *(b"drug", b"orders", b"order_set", b"patient", b"dose", b"pump_rate", b"when", b"weight", b"x" * 300, b"[" * 80),
    *(
        "\u27e60\u27e7".encode(),
        "\u202e".encode(),
        "\U0001f489".encode(),
        b"Aggrastat",
        b"tPA",
        b"QD",
        b"5.0 mg",
        b"10mg",
    ),
    *(b"\n-\n", b"- null\n", b"- ''\n", b"\n::error::x\n", b"##[error]", b"<script>", b"=1+1", b"8,000 mcg"),
    *(b" " * 9_000, b"10 mcg/kg " * 900, b"1.2.3." * 1_500, b"( " * 4_000, b"then " * 1_900, b"a@" * 4_000),
    *(b'"\n' * 2_000, b"a,b," * 3_000, b"# rescuecalc: ignore RC217 until 2027-01-01 because x\n" * 200),
)


def seeds() -> list[tuple[str, bytes]]:
    """Return what is damaged: every file of the examples and of the rules' cases, also in the other formats."""
    paths = [
        *sorted((ROOT / "docs" / "examples").glob("*.[yc]*")),
        *sorted((ROOT / "tests" / "orders").glob("RC*/*/*")),
    ]
    found = [(path.suffix, path.read_bytes()) for path in paths if path.suffix in {".yaml", ".json", ".jsonl", ".csv"}]
    whole: Any = {
        "order_set": "Rescue",
        "protocol": "yang-2020-iv",
        "patient": {"weight": "80 kg", "creatinine_clearance": "90 mL/min", "thrombolysis": "-2 h"},
        "orders": [
            {
                "id": "b",
                "drug": "tirofiban",
                "route": "IV",
                "kind": "bolus",
                "dose_per_kg": "10 mcg/kg",
                "dose": "800 mcg",
            },
            {
                "id": "d",
                "drug": "tirofiban",
                "kind": "infusion",
                "dose_rate_per_kg": "0.15 mcg/kg/min",
                "start": "+0 h",
            },
            {
                "drug": "aspirin",
                "dose": "325 mg",
                "weight": "46-54 kg",
                "when": {"weight": "> 40 kg"},
                "text": "QD 5.0 mg",
            },
        ],
        "monitoring": [{"check": "platelets", "at": "baseline"}],
        "stop_if": ["bleeding"],
    }
    found.append((".json", json.dumps(whole, indent=1).encode()))
    found.append((".jsonl", (json.dumps(whole) + "\n" + json.dumps(whole["orders"][0]) + "\n").encode()))
    return found


_QUANTITY = re.compile(rb"(?<![0-9.])[0-9.]++ ?(?:mcg|mg|mL|h|min|kg)[A-Za-z/]*")
_QUANTITIES = tuple(piece for piece in PIECES if re.fullmatch(rb"[+-]?[0-9.]+(?:-[0-9])? [A-Za-z/]+", piece))


def _exchanged(data: bytes, chance: random.Random) -> bytes:
    """Return ``data`` with one of its quantities replaced by another."""
    found = list(_QUANTITY.finditer(data))
    if not found:
        return data
    match = chance.choice(found)
    return data[: match.start()] + chance.choice(_QUANTITIES) + data[match.end() :]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return ``data`` with one to six changes: bytes lost, doubled, swapped, put in."""
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((0, 1, 1, 2, 5, 20, 100)))
        kind = chance.randrange(8)
        if kind == 0:
            data = data[:start] + data[end:]
        elif kind == 1:
            data = data[:start] + data[start:end] * chance.choice((2, 3, 50)) + data[end:]
        elif kind == 2:
            data = data[:start] + bytes(chance.randrange(256) for _ in range(end - start)) + data[end:]
        elif kind == 3:
            lines = data.split(b"\n")
            chance.shuffle(lines)
            data = b"\n".join(lines) if chance.random() < 0.3 else data
        elif kind in (4, 5):
            data = _exchanged(data, chance)
        else:
            data = data[:start] + chance.choice(PIECES) + data[end:]
    return data


def inputs(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield damaged inputs with the ending that tells their format; now and then another one's."""
    chance, found = random.Random(seed), seeds()  # noqa: S311  # the same inputs each time
    endings = (".yaml", ".json", ".jsonl", ".csv")
    for _ in range(count):
        ending, data = chance.choice(found)
        yield (chance.choice(endings) if chance.random() < 0.05 else ending), damaged(data, chance)


def _checked(ending: str, data: bytes, form: str, *more: str) -> Any:
    command = ["check", "-", "--stdin-filename", f"x{ending}", "--format", form, "--as-of", "2026-11-24", *more]
    return CliRunner().invoke(app, command, input=data, prog_name="rescuecalc")


SETTINGS = b"""select = ["RC1", "RC2", "RC3"]
ignore = ["RC1", "RC405", "RC9"]
fail-on = "warning"
protocol-files = ["our-hospital.toml"]
[per-path-ignores]
"*" = ["RC2", "RC3"]
[limits]
source = "x"
pump_rate = "500 mL/h"
[products.tirofiban]
infusion = "bag-250"
[[suppress]]
path = "*"
code = "RC3"
until = "2027-03-31"
because = "x"
"""
SIDES = ("--config", "--baseline", "--protocol-file")
SELECTED = ((), ("--select", "RC3"), ("--ignore", "RC1,RC2"), ("--isolated",))


def beside(number: int, folder: Path) -> str | None:
    """Return what was wrong with a check of a sound order set by a damaged settings file, baseline or protocol."""
    chance = random.Random(number)  # noqa: S311  # the same files each time
    option = SIDES[number % len(SIDES)]
    examples = ROOT / "docs" / "examples"
    name = {"--config": "own.toml", "--baseline": "own.json", "--protocol-file": "ours.toml"}[option]
    sound = {
        "--config": SETTINGS,
        "--baseline": (examples / "baseline.json").read_bytes(),
        "--protocol-file": (examples / "our-hospital.toml").read_bytes(),
    }[option]
    (folder / "our-hospital.toml").write_bytes((examples / "our-hospital.toml").read_bytes())
    (folder / name).write_bytes(damaged(sound, chance) if number % 5 else sound)
    data = (examples / "rows.csv").read_bytes()
    ended = _checked(".csv", data, chance.choice(FORMATS), option, str(folder / name))
    if ended.exit_code not in {0, 1, 3} or (ended.exit_code == 3 and not ended.stderr.strip()):
        return f"{option}: exit {ended.exit_code}: {ended.stderr[:300]}"
    return f"{option}: {raw(ended.stderr)}" if raw(ended.stderr) else None


def raw(text: str) -> str | None:
    """Return a line that a terminal or GitHub's runner would take for more than text, None where there is none."""
    for line in text.split("\n"):
        if line and (not line.isprintable() or line.lstrip().startswith("::") or "##[" in line):
            return f"raw: {line[:200]!r}"
    return None


def problem(ending: str, data: bytes, form: str, *more: str) -> str | None:
    """Return what was wrong with the way a check of ``data`` ended, None where nothing was; ``form`` ends alike.

    One in JSON is not asked twice.
    """
    result = _checked(ending, data, "json", *more)
    try:
        found = json.loads(result.stdout)
    except ValueError:
        return f"exit {result.exit_code}, no document: {result.stderr[:300]}"
    errors = {each["code"] for each in found["findings"] if each["severity"] == "error"}
    unread = bool(errors & {"RC101", "RC102"})
    if found["summary"]["left_out"]:  # beyond 10,000 errors it is counted, and not listed
        unread = not found["summary"]["all_read"]
    expected = 3 if unread else 1 if errors else 0
    if result.exit_code != expected or found["summary"]["all_read"] is unread:
        return f"exit {result.exit_code} and not {expected}"
    other = result if form == "json" else _checked(ending, data, form, *more)
    if other.exit_code != expected:
        return f"exit {other.exit_code} as {form}: {other.stderr[:300]}"
    own = "" if form == "github" else other.stdout  # whose lines are commands
    return raw(result.stderr + other.stderr + own)


def _too_long(*_: object) -> None:
    raise TimeoutError


def main(made: Callable[[int, int], Iterator[tuple[str, bytes]]] = inputs) -> int:
    """Print each of the inputs ``made`` that ended otherwise than it has to; 1 where there was one."""
    words = sys.argv[1:]
    seed = int(words[words.index("--seed") + 1]) if "--seed" in words else 0
    count = int(words[0]) if words and words[0].isdigit() else 100_000
    signal.signal(signal.SIGPROF, _too_long)
    failures, folder = 0, Path(tempfile.mkdtemp(prefix="fuzz-"))
    for number, (ending, data) in enumerate(made(count, seed)):
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            wrong = problem(ending, data, FORMATS[number % len(FORMATS)], *SELECTED[number % len(SELECTED)])
            if wrong is None and not number % 10:
                wrong = beside(number // 10, folder)
        except TimeoutError:
            wrong = f"longer than {SECONDS} s"
        signal.setitimer(signal.ITIMER_PROF, 0)
        if wrong is not None:
            failures += 1
            sys.stdout.write(f"{number} {ending}: {wrong}: {data[:3000]!r}\n")
            sys.stdout.flush()
    shutil.rmtree(folder)
    sys.stdout.write(f"{count:,} inputs, {failures} ended otherwise than they have to\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
