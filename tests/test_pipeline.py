"""What a team copies into its pipeline: hook, action, script and docs/pipeline.md, run as they are run there."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.support import invoke

pytestmark = [pytest.mark.long, pytest.mark.process]

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "pipeline.md").read_text("utf-8")
SCRIPT = ROOT / "docs" / "examples" / "check-orders.sh"
EXAMPLES = ROOT / "docs" / "examples"
CLEAN = "{order_set: Clean, orders: [{drug: aspirin, route: PO, kind: dose, dose: 81 mg, frequency: daily}]}\n"
SLIP = "{drug: tirofiban, route: IV, kind: infusion, dose_rate_per_kg: 9 mcg/kg/min}\n"
DISCHARGE = "{drug: aspirin, route: PO, kind: dose, dose: 81 mg, frequency: QD}\n"
"""A clean order set, one with an error (RC402), one with a warning (RC217)."""
NONE_KNOWN = '{"schema": "rescuecalc.baseline.1", "findings": []}\n'


class Done(NamedTuple):
    code: int
    out: str
    err: str


def done(command: list[str], cwd: Path, env: dict[str, str] | None = None) -> Done:
    ran = subprocess.run(command, cwd=cwd, env=env, capture_output=True, check=False, timeout=400)
    return Done(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def block(language: str, holds: str) -> str:
    """Return the one fenced block of docs/pipeline.md that holds a text."""
    found = [each for each in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if holds in each]
    assert len(found) == 1
    return str(found[0])


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """Return a team's repository with one order set and an empty baseline, as the examples name one."""
    (tmp_path / "baseline.json").write_text(NONE_KNOWN, "utf-8")
    (tmp_path / "order-sets").mkdir()
    (tmp_path / "order-sets" / "rescue.yaml").write_text(CLEAN, "utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with `rescuecalc` as it would stand on PATH."""
    folder = tmp_path_factory.mktemp("bin")
    program = folder / "rescuecalc"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m rescuecalc "$@"\n', "utf-8")
    program.chmod(0o755)
    return folder


@pytest.fixture(params=["sh", "dash", "bash"])
def shell(request: pytest.FixtureRequest) -> str:
    found: str | None = shutil.which(request.param)
    if found is None:
        pytest.skip(f"no {request.param} here")
    return found


def scripted(shell: str, cwd: Path, programs: Path, *args: str, **more: str) -> Done:
    path = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    return done([shell, str(SCRIPT), *args], cwd, {**os.environ, **path, **more})


def test_the_script_is_silent_of_nothing_and_ends_as_check_did(shell: str, orders: Path, programs: Path) -> None:
    ready = scripted(shell, orders, programs)
    assert (ready.code, ready.err) == (0, "")
    assert "ready: no finding that stops the pipeline; the report is check-orders.json" in ready.out
    assert json.loads((orders / "check-orders.json").read_text("utf-8"))["summary"]["orders"] == 1

    (orders / "order-sets" / "slip.yaml").write_text(SLIP, "utf-8")
    stopped = scripted(shell, orders, programs, REPORT="a report.json")
    assert (stopped.code, "not ready: findings that stop the pipeline" in stopped.err) == (1, True)
    assert json.loads((orders / "a report.json").read_text("utf-8"))["summary"]["error"] == 1

    (orders / "order-sets" / "cut.yaml").write_text("{drug: tirofiban", "utf-8")
    unread = scripted(shell, orders, programs, "order-sets")
    assert (unread.code, "could not be read" in unread.err) == (3, True)
    assert not list(orders.glob("*.part"))


def test_the_script_leaves_no_report_of_a_run_that_was_none(shell: str, orders: Path, programs: Path) -> None:
    assert scripted(shell, orders, programs).code == 0
    wrong = scripted(shell, orders, programs, FAIL_ON="everything")
    assert (wrong.code, "check did not run (exit 2)" in wrong.err) == (2, True)
    assert not list(orders.glob("check-orders*"))
    missing = scripted(shell, orders, programs, RESCUECALC="no-such-program")
    assert (missing.code, "check did not run (exit 127)" in missing.err) == (127, True)


@pytest.mark.parametrize(("fail_on", "code"), [("", 0), ("error", 0), ("warning", 1)])
def test_the_script_takes_the_severity_and_else_the_settings(
    orders: Path, programs: Path, fail_on: str, code: int
) -> None:
    (orders / "order-sets" / "rescue.yaml").write_text(DISCHARGE, "utf-8")
    assert scripted("sh", orders, programs, FAIL_ON=fail_on).code == code
    (orders / "rescuecalc.toml").write_text('fail-on = "warning"', "utf-8")
    assert scripted("sh", orders, programs).code == 1


def test_the_script_takes_a_baseline(orders: Path, programs: Path) -> None:
    (orders / "order-sets" / "rescue.yaml").write_text(SLIP, "utf-8")
    assert scripted("sh", orders, programs, BASELINE="baseline.json").code == 1
    known = [sys.executable, "-m", "rescuecalc", "check", "order-sets", "--write-baseline", "known.json"]
    assert done(known, orders).code == 0
    assert scripted("sh", orders, programs, BASELINE="known.json").code == 0


@pytest.mark.skipif(shutil.which("jq") is None, reason="lists with jq")
def test_the_script_lists_with_jq_and_does_without(orders: Path, programs: Path, tmp_path: Path) -> None:
    (orders / "order-sets" / "rescue.yaml").write_text(DISCHARGE, "utf-8")
    assert re.search(r"^order-sets/rescue.yaml:1: warning RC217 ", scripted("sh", orders, programs).out, re.MULTILINE)
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in ("sh", "mv", "rm"):
        (bare / name).symlink_to(str(shutil.which(name)))
    without = done(["sh", str(SCRIPT)], orders, {"PATH": f"{programs}:{bare}"})
    assert (without.code, "RC217" in without.out) == (0, False)
    assert "ready" in without.out


def test_a_finding_cannot_write_a_line_of_its_own_into_the_log(orders: Path, programs: Path) -> None:
    text = '{drug: "a\\n::error::forged", route: IV, kind: infusion, dose: 5 mcgs}\n'
    (orders / "order-sets" / "rescue.yaml").write_text(text, "utf-8")
    assert not re.search("^::", scripted("sh", orders, programs).out, re.MULTILINE)


def test_the_commands_of_the_page_for_a_shell_run(orders: Path, programs: Path) -> None:
    shutil.copy(SCRIPT, orders)
    (orders / "order-sets" / "rescue.yaml").write_text(DISCHARGE, "utf-8")
    ran = []
    for line in (each for each in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for each in each.splitlines()):
        env = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
        ran.append(done(["sh", "-c", line], orders, env).code)
    assert ran == [0, 1]  # judged with warnings, judged with warnings that count


# The action


class Runner:
    """GitHub's runner as far as a composite action sees it: expressions, environment files, bash."""

    def __init__(self, workspace: Path, temp: Path) -> None:
        self.workspace, self.temp = workspace, temp
        self.action: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
        self.outputs: dict[str, dict[str, str]] = {"python": {"python-path": sys.executable}}

    def run(self, step_id: str, **inputs: str) -> Done:
        step = next(each for each in self.action["runs"]["steps"] if each["id"] == step_id)
        given = {name: str(each.get("default", "")) for name, each in self.action["inputs"].items()} | inputs
        output, script = self.temp / "output", self.temp / "script.sh"
        output.write_text("", "utf-8")
        script.write_text(step["run"], "utf-8")
        env = {name: self.value(text, given) for name, text in step["env"].items()}
        ran = done(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            self.workspace,
            {**os.environ, **env, "RUNNER_TEMP": str(self.temp), "GITHUB_OUTPUT": str(output)},
        )
        written = dict(line.split("=", 1) for line in output.read_text("utf-8").splitlines())
        self.outputs[step_id] = written
        return ran

    def value(self, text: str, given: dict[str, str]) -> str:
        """Return an expression's value; anything but the three forms that the action uses is a failure."""
        match = re.fullmatch(r"\$\{\{ (inputs|steps|github)\.([a-z_.-]+) \}\}", text)
        assert match, text
        if match[1] == "github":
            assert match[2] == "action_path"
            return str(ROOT)
        if match[1] == "inputs":
            return given[match[2]]
        step, _, name = match[2].partition(".outputs.")
        return self.outputs[step][name]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what the action's install step hands on; it installs from PyPI, as on a runner.

    It takes some twenty seconds: of two workers the second takes what the first one installed.
    """
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    temp, handed_on = base / "runner temp", base / "handed on.json"
    with (base / "installing").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not handed_on.exists():
            temp.mkdir(exist_ok=True)
            runner = Runner(temp, temp)
            ran = runner.run("install")
            if "Could not find a version" in ran.err:
                pytest.skip("PyPI cannot be reached")
            assert ran.code == 0, ran.err
            handed_on.write_text(json.dumps(runner.outputs["install"]), "utf-8")
    found: dict[str, str] = json.loads(handed_on.read_text("utf-8"))
    return found


@pytest.fixture
def runner(orders: Path, tmp_path_factory: pytest.TempPathFactory, installed: dict[str, str]) -> Runner:
    made = Runner(orders, tmp_path_factory.mktemp("temp"))
    made.outputs["install"] = installed
    return made


def test_no_input_is_written_into_a_script_and_every_step_is_run_here() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    steps = action["runs"]["steps"]
    assert [step["id"] for step in steps] == ["python", "install", "check"]
    assert not any("${{" in step.get("run", "") for step in steps)
    assert all(step["shell"] == "bash" for step in steps if "run" in step)
    used = set(re.findall(r"inputs\.([a-z-]+)", json.dumps(steps)))
    assert used == set(action["inputs"])
    assert all(f"`{name}`" in PAGE for name in (*action["inputs"], *action["outputs"]))


def test_the_action_annotates_and_ends_as_check_did(runner: Runner, orders: Path) -> None:
    clean = runner.run("check", paths="order-sets")
    assert (clean.code, runner.outputs["check"]) == (0, {"exit-code": "0"})
    (orders / "order-sets" / "slip.yaml").write_text(SLIP, "utf-8")
    found = runner.run("check", paths="order-sets\n")
    assert (found.code, runner.outputs["check"]) == (1, {"exit-code": "1"})
    assert "::error file=order-sets/slip.yaml,line=1," in found.out
    (orders / "order-sets" / "cut.yaml").write_text("{drug: tirofiban", "utf-8")
    assert runner.run("check", paths="order-sets").code == 3
    assert runner.run("check", paths="order-sets", select="RC999").code == 2
    assert runner.outputs["check"] == {"exit-code": "2"}
    assert runner.run("check", paths="").code == 2


def test_the_action_takes_paths_by_line_and_every_option(runner: Runner, orders: Path) -> None:
    (orders / "order-sets" / "warned.yaml").write_text(DISCHARGE, "utf-8")
    (orders / "a b.yaml").write_text(SLIP, "utf-8")
    two = "order-sets/warned.yaml\r\n\na b.yaml"
    made = runner.run("check", paths=two, format="json", select="RC2,RC402", ignore="RC402", **{"fail-on": "warning"})
    assert made.code == 1
    report = json.loads(made.out)
    assert (report["summary"]["files"], [each["code"] for each in report["findings"]]) == (2, ["RC217"])
    baseline = done([sys.executable, "-m", "rescuecalc", "check", "a b.yaml", "--write-baseline", "known.json"], orders)
    assert baseline.code == 0
    assert runner.run("check", paths="a b.yaml", baseline="known.json").code == 0


def test_the_action_writes_sarif_besides(runner: Runner, orders: Path) -> None:
    (orders / "order-sets" / "slip.yaml").write_text(SLIP, "utf-8")
    made = runner.run("check", paths="order-sets", sarif="out put.sarif")
    assert made.code == 1
    assert "::error" in made.out
    sarif = json.loads((orders / "out put.sarif").read_text("utf-8"))
    assert sarif["version"] == "2.1.0"
    assert "RC402" in {each["ruleId"] for each in sarif["runs"][0]["results"]}
    assert runner.run("check", paths="order-sets", sarif="other.sarif", select="RC999").code == 2
    assert not (orders / "other.sarif").exists()


def test_a_checkout_cannot_change_the_settings_of_the_action(runner: Runner, orders: Path) -> None:
    (orders / "order-sets" / "rescuecalc.toml").write_text('fail-on = "note"\n', "utf-8")
    (orders / "trusted.toml").write_text('ignore = ["RC7"]\n', "utf-8")
    assert runner.run("check", paths="order-sets").code == 1
    assert runner.run("check", paths="order-sets", isolated="true").code == 0
    made = runner.run("check", paths="order-sets", config="trusted.toml", format="json")
    assert [each["file"] for each in json.loads(made.out)["settings"]["files"]] == ["trusted.toml"]


def test_the_action_writes_through_no_link_of_the_checkout(runner: Runner, orders: Path) -> None:
    (orders / "kept").write_text("kept", encoding="utf-8")
    (orders / "out.sarif").symlink_to("kept")
    runner.run("check", paths="order-sets", sarif="out.sarif")
    assert (orders / "kept").read_text("utf-8") == "kept"
    assert json.loads((orders / "out.sarif").read_text("utf-8"))["version"] == "2.1.0"


@pytest.mark.parametrize(
    "name", ["paths", "fail-on", "select", "ignore", "baseline", "config", "isolated", "format", "sarif"]
)
def test_an_input_is_never_run(runner: Runner, orders: Path, name: str) -> None:
    before = {path.name for path in orders.iterdir()}
    evil = '$(touch forged)`touch forged`"; touch forged; "'
    runner.run("check", **{"paths": "order-sets", name: evil})
    assert {path.name for path in orders.iterdir()} - before <= {evil}


def test_an_option_cannot_be_smuggled_in_as_a_path(runner: Runner, orders: Path) -> None:
    assert runner.run("check", paths="order-sets\n--write-baseline=forged").code == 3
    assert not (orders / "forged").exists()


def test_code_that_lies_in_the_workspace_is_not_imported(runner: Runner, orders: Path) -> None:
    for name in ("yaml.py", "typer.py", "rescuecalc.py", "json.py"):
        (orders / name).write_text("raise SystemExit('forged')\n", "utf-8")
    assert runner.run("check", paths="order-sets").code == 0


def test_the_workflow_of_the_page_names_inputs_of_the_action(runner: Runner, orders: Path) -> None:
    used = yaml.safe_load(block("yaml", "actions/checkout"))["jobs"]["order-sets"]["steps"][1]["with"]
    assert set(used) <= set(runner.action["inputs"])
    assert runner.run("check", **used).code == 0
    assert (orders / used["sarif"]).exists()


# The hook


def git(cwd: Path, *args: str) -> str:
    made = done(["git", "-c", "user.name=team", "-c", "user.email=team@example.org", *args], cwd)
    assert made.code == 0, made.err
    return made.out.strip()


@pytest.fixture(scope="module")
def hook(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the page's configuration with a clone of this checkout in place of its address and tag."""
    pytest.importorskip("pre_commit")
    clone = tmp_path_factory.mktemp("clone")
    for name in ("src", "README.md", "LICENSE", "pyproject.toml", ".pre-commit-hooks.yaml"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, clone / name)
    git(clone, "init", "--quiet")
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "rescuecalc")
    page = block("yaml", "rescuecalc-check")
    return page.replace("https://git.example.org/rescuecalc", str(clone)).replace(
        "v0.1.0", git(clone, "rev-parse", "HEAD")
    )


def test_the_hook_judges_the_files_that_the_team_names(
    hook: str, orders: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (orders / ".pre-commit-config.yaml").write_text(hook, "utf-8")
    (orders / "order-sets" / "read me.md").write_text("no order set\n", "utf-8")
    git(orders, "init", "--quiet")
    env = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("home"))}

    def committed() -> Done:
        git(orders, "add", "--all")
        return done([sys.executable, "-m", "pre_commit", "run", "--all-files"], orders, env)

    clean = committed()
    if "Could not find a version" in clean.out:
        pytest.skip("PyPI cannot be reached")
    assert clean.code == 0, clean.out
    assert re.search(r"^rescuecalc check\.+Passed$", clean.out, re.MULTILINE)
    (orders / "order-sets" / "warned one.yaml").write_text(DISCHARGE, "utf-8")
    (orders / "order-sets" / "slip.jsonl").write_text(json.dumps(yaml.safe_load(SLIP)) + "\n", "utf-8")
    found = committed()
    assert found.code == 1
    assert "- exit code: 1" in found.out
    assert {"RC217", "RC402"} <= set(re.findall("RC[0-9]{3}", found.out))
    assert "in 3 orders of 3 files" in found.out


def test_the_hook_without_a_pattern_takes_what_check_reads() -> None:
    (declared,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert (declared["id"], declared["entry"], declared["language"]) == (
        "rescuecalc-check",
        "rescuecalc check",
        "python",
    )
    endings = ("yaml", "yml", "json", "jsonl", "ndjson", "csv")
    assert all(re.search(declared["files"], f"orders/a.{ending}") for ending in endings)
    assert not any(re.search(declared["files"], name) for name in ("README.md", "a.yaml.txt", "csv"))


def test_the_command_of_the_page_for_gitlab_writes_its_report(orders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = yaml.safe_load(block("yaml", "codequality"))["order-sets"]
    monkeypatch.chdir(orders)
    (orders / "order-sets" / "rescue.yaml").write_text("{id: a, drug: heparin, text: 5000 units QD}\n", "utf-8")
    assert invoke(*job["script"][-1].split()[1:]).exit_code == 1
    report = json.loads((orders / job["artifacts"]["reports"]["codequality"]).read_text("utf-8"))
    assert "RC217" in {each["check_name"] for each in report}
