"""Where a newcomer finds what to type: the orientation, help, the version, completion and the man page."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from rescuecalc.catalogue import catalogue
from rescuecalc.cli.app import COMMANDS
from rescuecalc.cli.completion.completion_scripts import SCRIPTS
from rescuecalc.rules.judging.registry import RULES
from tests.support import invoke

ROOT = Path(__file__).parent.parent
DOSING = ("dose", "bridge", "plan", "table", "stop")


def helped(command: str) -> str:
    return invoke("help", *command.split()).stdout


def completed(*words: str) -> list[str]:
    """Return what completes the last of the words."""
    *before, last = words
    lines = invoke("completion", "words", "--", *before, f"+{last}").stdout.splitlines()
    return [line.partition("\t")[0] for line in lines]


def test_rescuecalc_alone_says_where_to_begin_in_ten_lines() -> None:
    outcome = invoke()
    lines = outcome.stdout.splitlines()
    assert (outcome.exit_code, outcome.stderr, len(lines)) == (2, "", 10)
    assert max(map(len, lines)) <= 80
    assert "  rescuecalc dose PROTOCOL --weight 80kg    doses, pump rate, stop" in lines


def test_help_lists_every_command_and_explains_one() -> None:
    assert helped("") == invoke("--help").stdout
    assert helped("dose") == invoke("dose", "--help").stdout
    assert helped("protocol show") == invoke("protocol", "show", "--help").stdout
    for name, about in COMMANDS.items():
        assert f"  {name:<10}  {about}\n" in helped("")
    assert "did you mean dose?" in invoke("help", "doze").stderr


def test_the_version_is_a_command_too() -> None:
    assert invoke("version").stdout == invoke("--version").stdout


@pytest.mark.parametrize("command", DOSING)
def test_options_are_grouped_and_the_needed_ones_marked(command: str) -> None:
    shown = helped(command)
    headings = [line[:-1] for line in shown.splitlines() if line[:1].isupper() and line.endswith(":")]
    assert headings[:3] == ["Arguments", "Patient", "Products"]
    assert headings[-1] == "Output"
    assert "Options" not in headings
    assert "[required" in " ".join(shown.split()).partition("Patient:")[0]


@pytest.mark.parametrize(
    ("command", "needed"),
    [
        ("dose", "--weight WEIGHT Dosing weight with its unit: 80kg or 176lb. [required where a dose is per kg]"),
        ("dose", "--run-time TIME Run time of the maintenance infusion: 24h. [required where the source states none"),
        ("renal", "--age YEARS Age in whole years: 70. [required]"),
        ("stop", "or an offset: +3.5h. [required]"),
        ("rate", "RATE|- A rate: 0.15mcg/kg/min; - reads one a line. [required]"),
    ],
)
def test_what_is_needed_says_when(command: str, needed: str) -> None:
    assert needed in " ".join(helped(command).split())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("doze", "unknown command 'doze'; did you mean dose?"),
        ("lint", "unknown command 'lint'; did you mean check?"),
        ("protocols", "did you mean protocol list?"),
        ("Yang-2020-IV", "did you mean dose yang-2020-iv?"),
        ("tiro -w 80kg", "did you mean dose PROTOCOL? `rescuecalc dose tirofiban` names the protocols of tirofiban"),
        ("xyzzy", "unknown command 'xyzzy'; `rescuecalc help` lists every command"),
        ("protocol shwo", "unknown command 'shwo'; did you mean 'show'"),
        ("protocol", "a command is missing after `rescuecalc protocol`: list, show, check"),
        ("dose --wieght 80kg", "unknown option '--wieght'; did you mean --weight"),
        (
            "dose x --overlap 4h",
            "unknown option '--overlap'; it is an option of bridge, plan; `",
        ),
        *(
            (f"{typed} 1", f"unknown option '{typed.partition(' ')[2]}'; did you mean {meant}; `")
            for typed, meant in (
                ("dose --plt", "--platelets"),
                ("dose --conc", "--bolus-concentration or --infusion-concentration"),
                ("rate --product", "--concentration"),
                ("rate --conc", "--concentration"),
                ("renal --cr", "--creatinine"),
                ("table --weights", "--from or --to"),
                ("plan --asa", "--aspirin"),
                ("bridge --clopidogrel", "--p2y12"),
                ("bridge --at", "--thrombolysis-at or --assay-at"),
            )
        ),
        ("rate --at 1", "unknown option '--at'; `"),
        ("dose x --xyzzy 1", "unknown option '--xyzzy'; `rescuecalc dose --help` shows what to write"),
        ("bridge x --stop 24h", "unknown option '--stop'; `rescuecalc bridge --help` shows what to write"),
        ("evidence show smith", "unknown study 'smith'; `rescuecalc evidence list` shows all"),
        ("evidence show", "ID is missing"),
        ("dose trend-2024 --weight 80 kg", "unexpected: kg; did you mean --weight 80kg?"),
        ("dose trend-2024 -w 92 kg", "unexpected: kg; did you mean -w 92kg?"),
        ("dose 92kg trend-2024", "unexpected: trend-2024; write the protocol first: trend-2024 --weight 92kg"),
        ("rate 0.1mcg/kg/min 80kg", "unexpected: 80kg; did you mean --weight 80kg?"),
        (
            "strategy reocclusion",
            "unexpected: reocclusion; write a value behind its option, without a space (--situation SITUATION) or",
        ),
        ("dose trend-2024 -w 80kg --json --format text", "--json and --format name two formats"),
        ("dose trend-2024 -w 80kg --card a.html -o b.html", "--card FILE and -o name two files for one card"),
        ("dose trend-2024 --weight", "--weight needs a value"),
        ("dose trend-2024 --weight --run-time 24h", "--weight has no value before '--run-time'; write one"),
    ],
)
def test_a_misspelt_command_or_option_gets_the_nearest(typed: str, said: str) -> None:
    outcome = invoke(*shlex.split(typed))
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert said in outcome.stderr
    assert len(outcome.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("do",), ["dose"]),
        (("protocol", ""), ["list", "show", "check", "template"]),
        (("dose", "yang"), ["yang-2020-ia", "yang-2020-iv"]),
        (("dose", "YANG"), ["yang-2020-ia", "yang-2020-iv"]),
        (("plan", "--weight", "80kg", "resc"), ["rescue-as", "rescue-bt-2022"]),
        (("dose", "--infusion-product", "bag"), ["bag-250", "bag-100"]),
        (("dose", "--infusion-product", "=", "bag"), ["bag-250", "bag-100"]),
        (("dose", "x", "--bolus-product", "v"), ["vial-15"]),
        (("rate", "--drug", "ept"), ["eptifibatide"]),
        (("bridge", "--beside", "hep"), ["heparin"]),
        (("bridge", "--p2y12", ""), ["clopidogrel", "ticagrelor", "prasugrel", "cangrelor"]),
        (("rule", "rc50"), [each.code for each in RULES if each.code.startswith("RC50")]),
        (("check", "--select", "RC3,RC70"), [f"RC3,{each.code}" for each in RULES if each.code.startswith("RC70")]),
        (("protocol", "show", "us"), ["us-label"]),
        (("evidence", "show", "yu"), ["yu-2022"]),
        (("dose", "--format", ""), ["text", "json", "fhir"]),
        (("renal", "--sex", ""), ["female", "male"]),
        (("dose", "--infusion-c"), ["--infusion-concentration"]),
        (("dose", "--weight", ""), []),
        (("check", "docs/"), []),
        (("help", "protocol", "s"), ["show"]),
    ],
)
def test_the_tab_key_completes(words: tuple[str, ...], found: list[str]) -> None:
    assert completed(*words) == found


def test_products_are_those_of_the_protocols_drug() -> None:
    assert completed("dose", "cangrelor-label", "--infusion-product", "") == ["cangrelor-200"]
    assert "eptifibatide-bag-100" not in completed("dose", "yang-2020-iv", "--infusion-product", "")
    assert {"bag-250", "eptifibatide-bag-100"} <= {*completed("dose", "--infusion-product", "")}


def test_every_protocol_is_completed() -> None:
    assert completed("dose", "") == list(catalogue.protocol_ids())


@pytest.mark.process
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_is_one_that_its_shell_reads(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    file = tmp_path / "script"
    file.write_text(invoke("completion", shell).stdout, "utf-8")
    subprocess.run([shell, "-n", str(file)], check=True)


@pytest.mark.process
def test_bash_completes_by_its_script(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    program = tmp_path / "rescuecalc"
    program.write_text("#!/bin/sh\nprintf '%s\\tmeaning\\n' \"$@\"\n", "utf-8")
    program.chmod(0o755)
    typed = f'COMP_WORDS=({program} dose "a b" ya); COMP_CWORD=3; _rescuecalc; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run([bash, "-c", SCRIPTS["bash"] + typed], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["completion", "words", "--", "dose", "a b", "+ya"]


def test_the_script_for_powershell_is_the_one_that_was_parsed() -> None:
    """No PowerShell is to be had where the tests run: tree-sitter-powershell 0.26.4 reads this file without an error.

    Parse it again, or load it in a PowerShell, before you change the file.
    """
    parsed = (ROOT / "tests" / "golden" / "completion.ps1").read_text("utf-8")
    assert invoke("completion", "powershell").stdout == parsed
    assert '& rescuecalc completion words -- @words "+$word"' in parsed


def test_an_unknown_shell_is_refused() -> None:
    outcome = invoke("completion", "tcsh")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "write bash, zsh, fish or powershell" in outcome.stderr


def test_the_man_page_has_every_command_and_is_shipped() -> None:
    page = (ROOT / "docs" / "rescuecalc.1").read_text("utf-8").replace("\\-", "-")
    for command in ("dose", "protocol show", "evidence compare", "completion"):
        assert f'.SS "{command}"\n' in page
    assert ".B -w, --weight WEIGHT\nDosing weight with its unit: 80kg or 176lb. [required where" in page
    shipped = '"docs/rescuecalc.1" = "share/man/man1/rescuecalc.1"'
    assert shipped in (ROOT / "pyproject.toml").read_text("utf-8")
