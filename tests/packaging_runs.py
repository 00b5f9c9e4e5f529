"""What is delivered, tried as it is delivered: python -m tests.packaging_runs installed|typer [--record] [PYTEST ...].

installed  build sdist and wheel; on each Python that is here install the wheel, and run the sdist's tests against it:
           the core tests, or what is given to pytest (`-- tests` runs all); `--python 3.12`: on that Python alone
typer      measure what a typer above the upper bound costs a call; ends with 1 where it costs nothing: lift the bound

``--record`` writes the result, with date and commit, into docs/safety/verification.md. Packages are installed into
temporary environments alone; each needs a package index.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import statistics
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.environments import CORE, clean, python_of, tested
from tests.results import record

ROOT: Final = Path(__file__).parent.parent
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CALL: Final = ("-m", "rescuecalc", "rate", "0.15mcg/kg/min", "--weight", "80kg", "--concentration", "50mcg/mL")
COSTS: Final = 0.02
"""Seconds a call from which on a newer typer is not worth its price."""
PAIRS: Final = 21

HELLO: Final = """
import typer

def hello(name: str = typer.Option("", "--name")) -> None:
    typer.echo(name)

typer.run(hello)
"""
"""The least that typer can do for a command: no release of it can hide its price behind a change of ours."""


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run a command; SystemExit where it fails."""
    print("$", *command, flush=True)
    done = subprocess.run([str(each) for each in command], cwd=cwd, env=clean(), check=False)
    if done.returncode:
        sys.exit(f"failed with {done.returncode}")


def built(folder: Path) -> tuple[Path, Path]:
    """Return the wheel and the unpacked sdist; the wheel is built of the sdist, as an index would have it."""
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder)
    [sdist] = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    source = folder / sdist.name.removesuffix(".tar.gz")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=source)
    [wheel] = folder.glob("*.whl")
    return wheel, source


def environment(python: str, folder: Path, *packages: str) -> Path:
    """Return the Python of a new environment with these packages."""
    run(python, "-m", "venv", folder)
    made = folder / "bin" / "python"
    run(made, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages)
    return made


def tested_installed(python: Path, source: Path, version: str, chosen: list[str], *, recorded: bool) -> int:
    """Run the tests of the sdist against what is installed; the source lies elsewhere and must not be taken."""
    where = "import rescuecalc, sys; print(rescuecalc.__file__); sys.exit('site-packages' not in rescuecalc.__file__)"
    run(python, "-I", "-c", where)
    what = f"{'core' if chosen == [*CORE] else 'all'} tests of the sdist, installed wheel, Python {version}"
    # Not the doctests of src: its modules lie beside those that are installed, and pytest would take two of each name.
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "testpaths=tests", *chosen]
    return tested(command, source, what, recorded=recorded)


def supported() -> list[str]:
    """Return the versions of Python that the classifiers name."""
    return [each.rpartition(" ")[2] for each in PROJECT["classifiers"] if re.search(r":: 3\.[0-9]+$", each)]


def installed(folder: Path, asked: argparse.Namespace, more: list[str]) -> int:
    """Run the tests on each supported Python that is here; return the worst exit code."""
    wheel, source = built(folder)
    chosen = [each for each in more if each != "--"] or [*CORE]
    worst = 0
    for version in [asked.python] if asked.python else supported():
        python = python_of(version)
        if python is None:
            print(f"Python {version} is not installed here")
            continue
        made = environment(python, folder / f"env-{version}", f"{wheel}[test]")
        worst = max(worst, tested_installed(made, source, version, chosen, recorded=asked.record))
    return worst


def cpu_seconds(*command: str | Path) -> float:
    """Return the processor's seconds of a call: a busy machine adds little to them."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(each) for each in command], check=True, capture_output=True, env=clean())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def typer_price(folder: Path, asked: argparse.Namespace) -> int:
    """Print the price of the newest typer, by interleaved pairs of calls; return 1 where there is none."""
    wheel, _ = built(folder)
    bound = environment(sys.executable, folder / "bound", str(wheel))
    newest = environment(sys.executable, folder / "newest", str(wheel))
    run(newest, "-m", "pip", "install", "--quiet", "--upgrade", "typer")
    hello = folder / "hello.py"
    hello.write_text(HELLO, encoding="utf-8")
    pairs = [[cpu_seconds(each, hello, "--name", "x") for each in (bound, newest)] for _ in range(PAIRS)]
    price = statistics.median(second - first for first, second in pairs)
    versions = [_typer_version(each) for each in (bound, newest)]
    runs = subprocess.run([str(newest), *CALL], capture_output=True, env=clean(), check=False).returncode == 0
    ends = sorted(round(1000 * (second - first)) for first, second in pairs)
    print(json.dumps({"typer": versions, "ms_a_call": round(1000 * price), "pairs": ends, "rescuecalc_runs": runs}))
    if asked.record:
        result = f"{1000 * price:.0f} ms more processor time a call"
        record(f"typer {versions[1]} in place of {versions[0]}", f"{PAIRS} pairs of calls", result)
    return int(price < COSTS)


def _typer_version(python: Path) -> str:
    asked = "import importlib.metadata as m; print(m.version('typer'))"
    done = subprocess.run([python, "-c", asked], check=True, capture_output=True, text=True, env=clean())
    return done.stdout.strip()


def main() -> int:
    """Do what is asked."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("what", choices=["installed", "typer"])
    words.add_argument("--python", metavar="VERSION", help="this Python alone")
    words.add_argument("--record", action="store_true", help="write the result into docs/safety/verification.md")
    asked, more = words.parse_known_args()
    with TemporaryDirectory() as temporary:
        if asked.what == "typer":
            return typer_price(Path(temporary), asked)
        return installed(Path(temporary), asked, more)


if __name__ == "__main__":
    sys.exit(main())
