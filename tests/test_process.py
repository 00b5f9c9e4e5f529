"""The installed command as a process: imports, pipes, signals. Few tests: each starts an interpreter."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.long, pytest.mark.process]

RESCUECALC = (sys.executable, "-m", "rescuecalc")
YANG = ("dose", "yang-2020-iv", "--weight", "80kg", "--run-time", "24h")


def imported_by(*args: str) -> set[str]:
    """Return the names of all modules that a call imports."""
    command = [sys.executable, "-X", "importtime", "-m", "rescuecalc", *args]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


@pytest.mark.parametrize("args", [("--help",), ("--version",), ("protocol", "list"), ("dose", "--help")])
def test_what_calculates_nothing_does_not_import_pint(args: tuple[str, ...]) -> None:
    assert not {"pint", "rich", "pydantic"} & imported_by(*args)


@pytest.mark.parametrize("args", [("--help",), ("--version",), ("protocol", "list"), ("rule", "RC301")])
def test_a_call_without_options_imports_neither_typer_nor_the_rules(args: tuple[str, ...]) -> None:
    assert not {"typer", "rescuecalc.rules.judging.registry"} & imported_by(*args)


@pytest.mark.parametrize("path", ["docs/examples/rescue.yaml", "docs/examples/fhir-order.json"])
def test_judging_a_file_does_not_import_pint(path: str) -> None:
    assert not {"pint", "rich", "pydantic"} & imported_by("check", str(Path(__file__).parent.parent / path))


def test_a_dose_in_a_pipe_imports_neither_pint_nor_rich_nor_pydantic() -> None:
    imported = imported_by(*YANG)
    assert not {"pint", "rich", "pydantic", "zoneinfo", "rescuecalc.cli.commands.table"} & imported
    of_check = {
        "yaml",
        "rescuecalc.readers",
        "rescuecalc.rules.document.document",
        "rescuecalc.core.orders.order_field",
    }
    assert not of_check & imported


def test_importing_the_library_imports_its_own_file_alone() -> None:
    def imports(code: str) -> set[str]:
        command = [sys.executable, "-X", "importtime", "-c", code]
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()
        return {line.rpartition("|")[2].strip() for line in lines}

    assert imports("import rescuecalc") - imports("pass") == {"rescuecalc"}


LIBRARY = """
import sys
import rescuecalc as rc
from rescuecalc.units import Q_, ureg
of = {"weight": Q_(80, "kg"), "infusion_product": "bag-250"}
print(rc.dose("yang-2020-iv", run_time="24 h", **of).infusions[0].pump_rate)
calls = [
    rc.bridge("rescue-bt-2022", **of), rc.plan("rescue-bt-2022", **of), rc.table("rescue-bt-2022", step="50kg"),
    rc.rate("0.15 mcg/kg/min", weight=80 * ureg.kg, concentration="50 mcg/mL"), rc.protocols(), rc.protocol("us-label"),
    rc.renal(age=70, sex="female", weight="80 kg", creatinine="1.2 mg/dL"), rc.studies(), rc.study("yang-2020"),
    rc.strategy(), rc.rule_list(), rc.rule("RC501"), rc.check("docs/examples"), rc.order_set_template("us-label"),
    rc.check_protocol("docs/examples/our-hospital.toml"), rc.products(), rc.compare_studies(), rc.check_studies(),
]
assert all(str(each) for each in calls)
assert not {"typer", "rich", "click"} & sys.modules.keys()
"""


def test_no_call_of_the_library_imports_typer_or_rich() -> None:
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", LIBRARY], capture_output=True, text=True, cwd=root, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("14.4 mL/h\n", "", 0)


def test_the_console_script_is_installed() -> None:
    script = Path(sys.executable).parent / "rescuecalc"
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("rescuecalc ")


@pytest.mark.parametrize("args", [YANG, ("--help",), ("protocol", "list")])
def test_a_closed_pipe_is_141(args: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        done = subprocess.run([*RESCUECALC, *args], stdout=closed, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 141
    assert done.stderr == b""


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_leaves_in_the_middle_is_141_and_a_patient_one_gets_everything(unbuffered: str) -> None:
    """Unbuffered, one write to a pipe takes 64 KiB only; what is left over may not be lost in silence."""
    command = [*RESCUECALC, "table", "rescue-bt-2022", "--step", "1kg", "--format", "json"]
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    whole = subprocess.run(command, capture_output=True, env=environment, check=True).stdout
    assert len(whole) > 200_000
    assert whole.endswith(b"]\n}\n")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        process.stdout.read(100)
        process.stdout.close()
        assert process.wait(timeout=20) == 141


def test_an_output_that_cannot_be_written_is_said_so() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    with full.open("wb") as device:
        done = subprocess.run([*RESCUECALC, *YANG], stdout=device, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 70
    assert b"standard output cannot be written" in done.stderr


def test_an_unreadable_error_stream_does_not_change_the_exit_code() -> None:
    shell = f"{shlex.quote(sys.executable)} -m rescuecalc dose nothing 2>&-"
    assert subprocess.run(shell, shell=True, check=False).returncode == 2  # noqa: S602  # a constant


def _heeds_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_an_interrupt_is_130(tmp_path: Path) -> None:
    command = [*RESCUECALC, "rate", "-", "--quiet", "--weight", "80kg", "--concentration", "50mcg/mL"]
    pipe = subprocess.PIPE
    # A shell that runs the tests in the background has its children ignore interrupts.
    # Each line is answered at once: into a file, since nobody empties a pipe while lines are still written.
    with (
        (tmp_path / "out").open("w+b") as answers,
        subprocess.Popen(command, stdin=pipe, stdout=answers, stderr=pipe, preexec_fn=_heeds_interrupts) as process,  # noqa: PLW1509  # one thread
    ):
        assert process.stdin is not None
        # More than a pipe holds: once it is written, the program has started and reads. A busy machine takes its time.
        process.stdin.write(b"0.15mcg/kg/min\n" * 20_000)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        answers.seek(0)
        output = answers.read()
    assert process.returncode == 130
    # What was answered until then is written.
    assert set(output.split(b"\n")) <= {b"14.4 mL/h @ 50 mcg/mL", b""}
    assert b"Traceback" not in errors


def test_a_terminal_that_knows_only_ascii_still_reads_the_formulas() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    whole = subprocess.run([*RESCUECALC, *YANG, "--details"], capture_output=True, env=environment, check=True)
    assert b"10 mcg/kg x 80 kg = 800 mcg" in whole.stdout
    assert b"?" not in whole.stdout
    screen = subprocess.run([*RESCUECALC, *YANG], capture_output=True, env=environment, check=True)
    assert b"\nmL/h      14.4 mL/h of 50 mcg/mL\n" in screen.stdout
    assert b"?" not in screen.stdout


def test_bytes_that_are_no_text_are_refused() -> None:
    command = [*RESCUECALC, "rate", "-", "--weight", "80kg", "--concentration", "50mcg/mL"]
    done = subprocess.run(command, input=b"\xff\xfe\n", capture_output=True, check=False)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_the_same_input_gives_the_same_bytes() -> None:
    outputs = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [*RESCUECALC, *YANG, "--format", "json"]
        outputs.add(subprocess.run(command, capture_output=True, env=environment, check=True).stdout)
    assert len(outputs) == 1


def test_on_a_terminal_the_page_is_drawn_in_colour_unless_it_is_unwanted() -> None:
    pty = pytest.importorskip("pty", reason="no pseudo terminals here")

    def drawn(**more: str) -> bytes:
        main, child = pty.openpty()
        environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", **more}
        subprocess.run([*RESCUECALC, *YANG], stdout=child, env=environment, check=True)
        os.close(child)
        pieces = []
        while True:
            try:
                piece = os.read(main, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            pieces.append(piece)
        os.close(main)
        return b"".join(pieces)

    assert b"\x1b[" in drawn()
    plain = drawn(NO_COLOR="1")
    assert b"\x1b[3" not in plain
    assert b"14.4 mL/h" in plain
