"""Run tests in an environment of its own: python -m tests.environments 3.12 --with newest|lowest|locked [PYTEST ...].

``lowest`` are the oldest versions that pyproject.toml allows, ``newest`` the newest, ``locked`` requirements/all.txt.
Without arguments for pytest the core tests run. The environment is made in a temporary folder by uv.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
UV: Final = (sys.executable, "-m", "uv")
RESOLUTIONS: Final = {"newest": "highest", "lowest": "lowest-direct"}


def python_of(version: str) -> str | None:
    """Return an interpreter of a version, None where there is none here; none is fetched."""
    found = subprocess.run(
        [*UV, "python", "find", "--no-python-downloads", version], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or None


def installed(folder: Path, version: str, of: str) -> Path | None:
    """Return the interpreter of a new environment that has rescuecalc and what its tests need, None where none is."""
    base = python_of(version)
    if base is None:
        sys.stderr.write(f"there is no Python {version} here\n")
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


def main() -> int:
    """Return what pytest ended with, 2 where there is no such Python."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("version")
    words.add_argument("--with", dest="of", choices=[*RESOLUTIONS, "locked"], default="newest")
    asked, more = words.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        python = installed(Path(folder) / "env", asked.version, asked.of)
        if python is None:
            return 2
        environment = {name: text for name, text in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
        command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", *(more or ["-m", "core"])]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
