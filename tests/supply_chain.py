"""What is installed and what is known of it: `python tests/supply_chain.py sbom FILE`, `... audit`, `... wheel FOLDER`.

`... lock` writes requirements/run.txt and requirements/all.txt anew: what rescuecalc needs, and what its contributors
need besides, with versions and hashes: `pip install --require-hashes --no-deps -r requirements/run.txt`.

The bill of materials (CycloneDX) and the audit are of what rescuecalc needs at run time, in the environment that runs
this. Both programs are well-kept ones of others: `pip install cyclonedx-bom pip-audit hatchling`.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parent.parent
NOT_REACHED: Final = 3
"""Exit code where the advisory service was not reached: nothing was audited, which is no clean result."""

LOCKS: Final[dict[str, tuple[str, ...]]] = {"run": (), "all": ("--all-extras",)}
"""The files of locked requirements, with what uv is told of each."""

_NO_SERVICE: Final = re.compile(
    r"ConnectionError|Max retries exceeded|Failed to establish|NameResolution|ServiceError|timed out|ProxyError"
    r"|Could not reach|could not be audited|Connection refused|Temporary failure|SSLError|Failed to connect|HTTPError",
    re.IGNORECASE,
)


def needed(name: str = "rescuecalc") -> dict[str, str]:
    """Return what a package needs at run time, itself left out, with the versions that are installed here."""
    found: dict[str, str] = {}
    for requirement in distribution(name).requires or []:
        if "extra ==" in requirement:
            continue
        dependency = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
        if importlib.util.find_spec(dependency) is None and not _is_installed(dependency):
            continue  # for another system or Python
        found |= {dependency.lower(): version(dependency), **needed(dependency)}
    return dict(sorted(found.items()))


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except ImportError:
        return False
    return True


def pinned() -> str:
    """Return the same as a file of requirements."""
    return "".join(f"{name}=={number}\n" for name, number in needed().items())


def _missing(module: str, package: str) -> bool:
    if importlib.util.find_spec(module) is not None:
        return False
    sys.stderr.write(f"{package} is not installed: pip install {package}\n")
    return True


def sbom(file: Path) -> int:
    """Write the bill of materials into ``file``, the same for the same versions; return 0, or 2 without the program."""
    if _missing("cyclonedx_py", "cyclonedx-bom"):
        return 2
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", "--output-reproducible", "--of", "JSON"]
    command += ["--pyproject", str(ROOT / "pyproject.toml"), "-"]
    done = subprocess.run(command, input=pinned(), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stderr)
        return 1
    file.write_text(done.stdout, encoding="utf-8")
    sys.stdout.write(f"{file}: {len(needed())} components\n")
    return 0


def audit() -> int:
    """Ask the advisory service about what is installed; return 0 (none known), 1 (some known), 2, or NOT_REACHED."""
    if _missing("pip_audit", "pip-audit"):
        return 2
    command = [sys.executable, "-m", "pip_audit", "--strict", "--no-deps", "--disable-pip", "-r", "/dev/stdin"]
    done = subprocess.run(command, input=pinned(), capture_output=True, text=True, check=False)
    return audited(done.returncode, done.stdout, done.stderr)


def audited(code: int, out: str, err: str) -> int:
    """Return how an audit ended, and say it; a service that was not reached has found nothing out."""
    if code and _NO_SERVICE.search(err):
        sys.stderr.write(
            "the advisory service cannot be reached, or does not know these packages: NOTHING WAS AUDITED. Run it "
            "again where the network allows it, and keep the last result with its date.\n"
        )
        return NOT_REACHED
    sys.stdout.write(out)
    sys.stderr.write(err)
    return code


def wheel(folder: Path, source: Path = ROOT) -> Path | None:
    """Build the wheel of ``source`` into ``folder`` and return it; None where hatchling is not installed."""
    if _missing("hatchling", "hatchling"):
        return None
    environment = {name: text for name, text in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=source, env=environment, check=True, capture_output=True)
    [made] = folder.glob("*.whl")
    return made


def copied(folder: Path) -> Path:
    """Copy what a build reads, without what it makes; return the copy."""
    ignored = shutil.ignore_patterns("__pycache__", ".git", ".venv", "dist", ".mypy_cache", ".ruff_cache", "tests")
    return Path(shutil.copytree(ROOT, folder, ignore=ignored))


def lock() -> int:
    """Write the locked and hashed requirements; return 0, or what uv ended with, 2 without it."""
    if _missing("uv", "uv"):
        return 2
    for name, more in LOCKS.items():
        file = str(ROOT / "requirements" / f"{name}.txt")
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-header", "--universal"]
        command += ["--generate-hashes", "--python-version", "3.11", *more, "-o", file, "pyproject.toml"]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


class Locked(NamedTuple):
    """A package of a file of locked requirements: name, version, for which system, and the hashes of its files."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def locked(name: str) -> list[Locked]:
    """Return what a file of locked requirements holds."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8").replace("\\\n", " ")
    found = []
    for line in text.splitlines():
        match = re.fullmatch(r"([a-z0-9._-]+)==(\S+)(?: ; (.*?))?((?: +--hash=\S+)*) *", line)
        if match is not None:
            found.append(Locked(match[1], match[2], match[3] or "", tuple(match[4].split())))
    return found


def main(arguments: list[str]) -> int:
    """Run what the command line names."""
    match arguments:
        case ["sbom", file]:
            return sbom(Path(file))
        case ["lock"]:
            return lock()
        case ["audit"]:
            return audit()
        case ["wheel", folder]:
            return 0 if wheel(Path(folder).resolve()) else 2
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
