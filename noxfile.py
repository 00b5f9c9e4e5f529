"""What contributors run: `nox -s check`, `fix`, `test-fast`, `test`, `long`. No environment of its own is made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nox

nox.options.default_venv_backend = "none"
nox.options.sessions = ["check"]

PYTHON = (sys.executable, "-m")
SCRIPTS = tuple(str(each) for each in sorted(Path("docs").glob("*.py")))

LAYERS = "from importlinter.cli import lint_imports_command; lint_imports_command()"

CHECKS: dict[str, tuple[str, ...]] = {
    "ruff lint": (*PYTHON, "ruff", "check", "."),
    "ruff format": (*PYTHON, "ruff", "format", "--check", "."),
    "mypy": (*PYTHON, "mypy", "src", "tests"),
    "mypy, docs": (*PYTHON, "mypy", *SCRIPTS),
    "import-linter": (sys.executable, "-c", LAYERS, "--no-cache"),
    "docs are fresh": (sys.executable, "docs/build.py", "--check"),
}
"""What changes nothing; a step that fails names what is missing."""

FIXES: dict[str, tuple[str, ...]] = {
    "ruff lint": (*PYTHON, "ruff", "check", "--fix", "."),
    "ruff format": (*PYTHON, "ruff", "format", "."),
    "docs": (sys.executable, "docs/build.py"),
}

PYTEST = (*PYTHON, "pytest", "-q", "-n", "2", "--dist", "worksteal")


def all_of(session: nox.Session, steps: dict[str, tuple[str, ...]], **environment: str) -> None:
    """Run every step, also after one that fails, and name those that failed."""
    failed = []
    for name, command in steps.items():
        session.log(f"{name}: {' '.join(command[1:])}")
        if subprocess.run(command, check=False, env={**os.environ, **environment}).returncode:  # noqa: S603
            failed.append(name)
    if failed:
        session.error(f"failed: {', '.join(failed)}")


@nox.session
def check(session: nox.Session) -> None:
    """Lint, format, types, layers, docs: change nothing, report every step that fails."""
    all_of(session, CHECKS)


@nox.session
def fix(session: nox.Session) -> None:
    """Correct lint and format, and regenerate the generated pages."""
    all_of(session, FIXES)


@nox.session(name="test-fast")
def test_fast(session: nox.Session) -> None:
    """Run the tests that are marked as fast: under a minute, and the first to name a forgotten step."""
    all_of(session, {"fast tests": (*PYTEST, "-m", "fast", *session.posargs)}, HYPOTHESIS_PROFILE="few")


@nox.session
def test(session: nox.Session) -> None:
    """Run all tests, as CI does."""
    all_of(session, {"tests": (*PYTEST, *session.posargs)})


@nox.session(name="long")
def long_run(session: nox.Session) -> None:
    """Run what takes an hour or more: many random examples, whole corpora, fuzzing, mutations, speed."""
    steps = {
        "many examples, whole corpora": PYTEST,
        "fuzzing": (*PYTHON, "tests.fuzz_check", "20000"),
        "fuzzing of FHIR": (*PYTHON, "tests.fuzz_fhir", "20000"),
        "mutations": (sys.executable, "tests/mutate.py"),
        "mutations, two of each module": (*PYTHON, "tests.mutation", "--each", "2"),
        "mutations of the data, a sample": (sys.executable, "tests/mutate_data.py"),
        "speed": (sys.executable, "tests/bench_check.py"),
        "speed, no two orders alike": (sys.executable, "tests/bench_check.py", "--distinct"),
    }
    all_of(session, steps, HYPOTHESIS_PROFILE="large")


SUPPLY_CHAIN = (sys.executable, "tests/supply_chain.py")


@nox.session
def sbom(session: nox.Session) -> None:
    """Write the bill of materials (CycloneDX) of what rescuecalc needs into sbom.json, or the file that is named."""
    all_of(session, {"bill of materials": (*SUPPLY_CHAIN, "sbom", *(session.posargs or ["sbom.json"]))})


@nox.session
def audit(session: nox.Session) -> None:
    """Look up known vulnerabilities of the dependencies; fails if it cannot reach the service."""
    all_of(session, {"audit": (*SUPPLY_CHAIN, "audit")})


@nox.session
def wheel(session: nox.Session) -> None:
    """Build the wheel twice, from two folders, and compare every byte."""
    all_of(session, {"reproducible wheel": (*PYTEST[:3], "-q", "-rs", "tests/test_supply_chain.py", "-k", "builds")})


@nox.session
def lock(session: nox.Session) -> None:
    """Rewrite requirements/run.txt and requirements/all.txt: the newest versions, each with its hashes."""
    all_of(session, {"locked requirements": (*SUPPLY_CHAIN, "lock")})


@nox.session
def site(session: nox.Session) -> None:
    """Build the site into build/site, strictly, and check every link; `pip install '.[docs]'` first."""
    all_of(session, {"site": (sys.executable, "docs/build_site.py")})


@nox.session
def engines(session: nox.Session) -> None:
    """Run the examples of docs/engines.md on DuckDB, Polars and Spark; `pip install '.[engines]'` and Java first."""
    all_of(session, {"engines": (*PYTEST[:3], "-q", "-rs", "tests/test_engines.py")})


PACKAGING = (*PYTHON, "tests.packaging_runs")


@nox.session
def packaging(session: nox.Session) -> None:
    """Install wheel and sdist on each installed Python, and run the core tests against them."""
    all_of(session, {"installed": (*PACKAGING, "installed", *session.posargs)})


@nox.session(name="typer")
def typer_price(session: nox.Session) -> None:
    """Measure the time that a newer typer costs a call; fails if it costs nothing, so that the bound is lifted."""
    all_of(session, {"typer": (*PACKAGING, "typer", *session.posargs)})


AXE_PAGES = ("index.html", "tutorial.html", "rules/RC304.html", "reference/fields.html", "how-to/baseline.html")


@nox.session
def accessibility(session: nox.Session) -> None:
    """Run axe-core on five pages of the site in headless Chromium; needs npm and `nox -s site`."""
    node = Path("build", "node")
    node.mkdir(parents=True, exist_ok=True)
    install = ("npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(node))
    axe = ("node", "tests/accessibility.mjs", str(node), "build/site", *AXE_PAGES)
    all_of(session, {"npm": (*install, "axe-core@4", "puppeteer-core@24"), "axe": axe})


@nox.session(name="mutate")
def mutate(session: nox.Session) -> None:
    """Plant faults in the program and its data, and print a score; `-- --each 5`: five faults a module."""
    steps = {
        "chosen by hand": (sys.executable, "tests/mutate.py"),
        "core, rules and backcheck": (*PYTHON, "tests.mutation", *session.posargs),
        "data": (sys.executable, "tests/mutate_data.py", *([] if session.posargs else ["--every"])),
    }
    all_of(session, steps)


@nox.session
def breaks(session: nox.Session) -> None:
    """Break one formula, unit, protocol number, signature and range; two independent checks must notice each."""
    all_of(session, {"breaks": (*PYTHON, "tests.breaks", *session.posargs)})


@nox.session
def prove(session: nox.Session) -> None:
    """Prove formulas, rounding, containers and the shortcuts of check with z3, for all inputs."""
    os.environ["HYPOTHESIS_PROFILE"] = "large"  # of every protocol
    all_of(session, {"proofs": (*PYTEST[:3], "-q", "-rs", "-m", "proof")})


@nox.session
def million(session: nox.Session) -> None:
    """Run a million regimens, a million rows and 100,000 damaged files; `-- --record` writes the result."""
    names = ("oracle", "rows", "malformed")
    all_of(session, {name: (*PYTHON, "tests.campaigns", name, *session.posargs) for name in names})


@nox.session
def orders(session: nox.Session) -> None:
    """Check 20,000 random correct order sets and as many with an error; ends with 1 if a figure misses its goal."""
    all_of(session, {"random order sets": (*PYTHON, "tests.order_model.campaign", *session.posargs)})


ENVIRONMENT = (*PYTHON, "tests.environments")


@nox.session
def pythons(session: nox.Session) -> None:
    """Run the core tests on each supported Python, each in a separate environment; `-- tests` runs all tests."""
    versions = ("3.11", "3.12", "3.13")
    all_of(session, {version: (*ENVIRONMENT, version, *session.posargs) for version in versions})


@nox.session
def lowest(session: nox.Session) -> None:
    """Run the core tests with the oldest dependencies that are allowed, on the oldest Python."""
    all_of(session, {"lowest": (*ENVIRONMENT, "3.11", "--with", "lowest", *session.posargs)})


@nox.session
def newest(session: nox.Session) -> None:
    """Run the core tests with the newest dependencies that are allowed, on the newest Python."""
    all_of(session, {"newest": (*ENVIRONMENT, "3.13", "--with", "newest", *session.posargs)})
