"""Run tests in a separate environment: python -m tests.environments 3.12 --with newest|lowest|locked [PYTEST ...].

``lowest`` are the oldest versions that pyproject.toml allows, ``newest`` the newest, ``locked`` requirements/all.txt.
Without arguments for pytest the core tests run; `-- tests` runs all. ``--record`` writes the result, with date and
commit, into docs/safety/verification.md. The environment is made in a temporary folder by uv.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.results import record

ROOT: Final = Path(__file__).parent.parent
UV: Final = (sys.executable, "-m", "uv")
RESOLUTIONS: Final = {"newest": "highest", "lowest": "lowest-direct"}
CORE: Final = ("-m", "core")


def python_of(version: str) -> str | None:
    """Return an interpreter of a version that can make environments, None where there is none; none is downloaded."""
    pyenv = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python{version}"))
    # pyenv puts a shim on the path for a version that it does not run here.
    candidates = [str(each) for each in (shutil.which(f"python{version}"), *pyenv) if each]
    return next((each for each in candidates if _makes_environments(each)), None)


def _makes_environments(python: str) -> bool:
    return not subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode


def installed(folder: Path, version: str, of: str) -> Path | None:
    """Return the interpreter of a new environment that has rescuecalc and what its tests need, None where none is."""
    base = python_of(version)
    if base is None:
        sys.stderr.write(f"Python {version} is not installed here\n")
        return None
    python = folder / "bin" / "python"
    subprocess.run([*UV, "venv", "--quiet", "--python", base, str(folder)], check=True)
    install = [*UV, "pip", "install", "--quiet", "--python", str(python)]
    if of == "locked":
        subprocess.run([*install, "--require-hashes", "-r", "requirements/all.txt"], cwd=ROOT, check=True)
        subprocess.run([*install, "--no-deps", "--editable", "."], cwd=ROOT, check=True)
    else:
        subprocess.run([*install, "--resolution", RESOLUTIONS[of], "--editable", ".[test]"], cwd=ROOT, check=True)
    return python


def clean() -> dict[str, str]:
    """Return the environment variables, without those that lead Python to another source."""
    return {name: text for name, text in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}}


def summary(last_line: str) -> tuple[int, str] | None:
    """Return how many tests ran and how they ended, from the last line of pytest; None if it has no such counts."""
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|skipped|errors?)\b", last_line)}
    bad = counts.get("failed", 0) + counts.get("error", 0) + counts.get("errors", 0)
    ran = counts.get("passed", 0) + bad
    return (ran, f"{bad:,} failed, {counts.get('skipped', 0):,} skipped") if ran else None


def tested(command: list[str], cwd: Path, what: str, *, recorded: bool) -> int:
    """Run pytest, show what it prints, and record its counts; return what it ended with."""
    last = ""
    with subprocess.Popen(command, cwd=cwd, env=clean(), stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            last = line if line.strip() else last
    found = summary(last)
    if recorded and found is not None:
        record(what, f"{found[0]:,} tests", found[1])
    return running.returncode


def main() -> int:
    """Return what pytest ended with, 2 where there is no such Python."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("version")
    words.add_argument("--with", dest="of", choices=[*RESOLUTIONS, "locked"], default="newest")
    words.add_argument("--record", action="store_true", help="write the result into docs/safety/verification.md")
    asked, more = words.parse_known_args()
    chosen = [each for each in more if each != "--"] or [*CORE]
    what = {"-m core": "core tests", "tests": "all tests"}.get(" ".join(chosen), f"tests ({' '.join(chosen)})")
    with tempfile.TemporaryDirectory() as folder:
        python = installed(Path(folder) / "env", asked.version, asked.of)
        if python is None:
            return 2
        command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen]
        return tested(command, ROOT, f"{what}, Python {asked.version}, {asked.of} dependencies", recorded=asked.record)


if __name__ == "__main__":
    sys.exit(main())
