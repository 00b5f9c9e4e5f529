"""What is delivered, tried as it is delivered: ``python tests/packaging_runs.py installed|typer``.

installed  build wheel and sdist; on each Python that is here install the wheel, and run the sdist's tests against it
typer      measure what typer above its upper bound costs a call; ends with 1 where it costs nothing, so that it can go

Nothing is installed but into temporary environments; each needs a package index.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tarfile
import time
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).parent.parent
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
TESTS: Final = ("-m", "core", "-q", "-p", "no:cacheprovider", "-n", "2", "--dist", "worksteal", "tests")
CALL: Final = ("-m", "rescuecalc", "rate", "14.4mL/h", "--weight", "80kg", "--concentration", "50mcg/mL")
COSTS: Final = 0.02
"""Seconds a call from which on a newer typer is not worth its price."""


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run a command; SystemExit where it fails."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    print("$", *command, flush=True)
    done = subprocess.run([str(each) for each in command], cwd=cwd, env=environment, check=False)
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
    made = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run(made, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages)
    return made


def tested(python: Path, source: Path) -> None:
    """Run the tests of the sdist against what is installed; the source lies elsewhere and must not be taken."""
    where = "import rescuecalc, sys; print(rescuecalc.__file__); sys.exit('site-packages' not in rescuecalc.__file__)"
    run(python, "-I", "-c", where)
    run(python, "-m", "pytest", *TESTS, cwd=source)


def pythons() -> list[str]:
    """Return the Pythons of the classifiers that are on this machine."""
    named = [each.rpartition(" ")[2] for each in PROJECT["classifiers"] if re.search(r":: 3\.[0-9]+$", each)]
    homes = [shutil.which(f"python{each}") or "" for each in named]
    return [each for each in homes if each and not subprocess.run([each, "-c", "import venv"], check=False).returncode]


def call_time(python: Path) -> tuple[float, bool]:
    """Return the median seconds of a call, and whether it imports pydantic."""
    times = []
    for _ in range(15):
        begin = time.perf_counter()
        subprocess.run([python, *CALL], check=True, capture_output=True)
        times.append(time.perf_counter() - begin)
    traced = subprocess.run([python, "-X", "importtime", *CALL], check=True, capture_output=True, text=True)
    return statistics.median(times), bool(re.search(r"\| +pydantic$", traced.stderr, re.MULTILINE))


def typer_costs(folder: Path, wheel: Path) -> int:
    """Print the price of the newest typer, and return 1 where there is none."""
    found = {}
    for name, packages in {"bound": (), "newest": ("--upgrade", "typer")}.items():
        python = environment(sys.executable, folder / name, str(wheel))
        if packages:
            run(python, "-m", "pip", "install", "--quiet", *packages)
        seconds, pydantic = call_time(python)
        version = "import importlib.metadata as m; print(m.version('typer'))"
        typer = subprocess.run([python, "-c", version], check=True, capture_output=True, text=True).stdout.strip()
        found[name] = seconds
        print(json.dumps({"typer": typer, "median_s": round(seconds, 3), "imports_pydantic": pydantic}))
    price = found["newest"] - found["bound"]
    print(f"the newest typer costs {price * 1000:.0f} ms a call")
    return int(price < COSTS)


def main() -> int:
    """Do what is asked."""
    what = sys.argv[1] if sys.argv[1:] else ""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        wheel, source = built(folder)
        if what == "typer":
            return typer_costs(folder, wheel)
        if what == "installed":
            for number, python in enumerate(pythons()):
                tested(environment(python, folder / f"env{number}", f"{wheel}[test]"), source)
            return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main())
