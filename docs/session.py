"""The newcomer's ten tasks: what is typed, and what has to stand on the first screen of each."""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from typer.testing import CliRunner

from rescuecalc.cli.app import app

DOCS = Path(__file__).parent


class Task(NamedTuple):
    """One task: its title, what it is for, the commands, and texts of the first screen of the first of them."""

    title: str
    purpose: str
    commands: tuple[str, ...]
    answers: tuple[str, ...]


_PATIENT = "--weight 80kg --run-time 24h --bolus-product vial-15 --infusion-product bag-250"
_PLAN = (
    "plan rescue-bt-2022 --weight 80kg --infusion-product bag-250 --p2y12 clopidogrel --load 600mg "
    "--thrombolysis-at none --start 2026-11-28T20:00 --timezone Europe/Berlin"
)

TASKS = (
    Task(
        "A first dose",
        "Doses, pump rate and times of one patient. Your team has chosen the protocol, the run time and the products.",
        (f"dose yang-2020-iv {_PATIENT}",),
        (
            "mL/h      14.4 mL/h of 50 mcg/mL",
            "volume    3.2 mL of 250 mcg/mL, vial-15: by syringe from the vial, not drawn",
            "VTBI      345.6 mL of 50 mcg/mL; container empty 17:21:40",
        ),
    ),
    Task(
        "Read back a pump",
        "The pump runs at 14.4 mL/h. Which dose rate is that?",
        ("rate 14.4mL/h --weight 80kg --concentration bag-250 --to mcg/kg/min",),
        ("0.15 mcg/kg/min",),
    ),
    Task(
        "A table for the ward",
        "One protocol for many weights, to print and sign.",
        ("table rescue-bt-2022 --from 50kg --to 120kg --step 10kg --bolus-product vial-15 --infusion-product bag-250",),
        (" 80        3.2      14.4 |", "date ______________  approved by ________________________________"),
    ),
    Task(
        "Creatinine clearance",
        "Cockcroft-Gault on each weight basis, and what the labels do at the result.",
        ("renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL --height 165cm",),
        (
            "CrCl 55.1 mL/min (exact: about 55.0926 mL/min), on actual weight 80 kg",
            "tirofiban, US label: CrCl 60 mL/min or less: infusion halved, bolus unchanged",
        ),
    ),
    Task(
        "From the infusion to oral antiplatelets",
        "When the oral load is given, and whether a gap remains after the stop.",
        ("bridge rescue-bt-2022 --weight 80kg --p2y12 clopidogrel --load 300mg --thrombolysis-at none",),
        (
            "bridge    clopidogrel 300 mg PO once, at 20:00:00 (by the user)",
            "overlap   4 h (by the source); gap after the stop: worst case 120 min, best case",
        ),
    ),
    Task(
        "A plan with its picture and calendar",
        "Everything on one page, drawn as a picture; the second command writes the times into a calendar file.",
        (f"{_PLAN} --picture plan.svg", f"{_PLAN} --format ics --change-before 30min -o plan.ics"),
        (
            "mL/h      14.4 mL/h of 50 mcg/mL",
            "stop      2026-11-29 20:00 +01:00: disconnect at the cannula, do not flush",
            "bridge    clopidogrel 600 mg PO once, at 2026-11-29 16:00 +01:00 (by the user)",
        ),
    ),
    Task(
        "An order as FHIR, and judged",
        "The order as a FHIR Bundle, and what `check` reports about it.",
        (
            f"dose yang-2020-iv {_PATIENT} --format fhir -o order.json",
            "check order.json",
        ),
        (),
    ),
    Task(
        "Your hospital's own protocol",
        "Check the protocol file of a hospital, then calculate with it.",
        (
            "protocol check docs/examples/our-hospital.toml",
            "dose --protocol-file docs/examples/our-hospital.toml --weight 80kg --run-time 24h --quiet",
        ),
        ("docs/examples/our-hospital.toml: the protocol our-hospital can be read, and",),
    ),
    Task(
        "What a protocol means",
        "What the sources of a protocol state, and what they do not state.",
        ("protocol show rescue-bt-2022",),
        (
            "bolus         IV, 10 mcg/kg; time not stated",
            "not rescue    RESCUE BT is not a rescue trial: it gave tirofiban before",
        ),
    ),
    Task(
        "Stop for a haemorrhage",
        "What was given, how long it acts, and what remains in the line.",
        ("stop yang-2020-iv --weight 80kg --started +0h --stopped +3.5h --infusion-product bag-250",),
        (
            "given      3,320 mcg = 41.5 mcg/kg",
            "line       disconnect at the cannula, do not flush the line into the patient",
        ),
    ),
)


_INTRODUCTION = (
    "Each task is one screen: what you type, and the answer. Notes on standard error are left out here.\n"
    "The patient is invented. "
    "[The tutorial](tutorial.md) explains the first of them step by step."
)


def typed(command: str) -> str:
    """Return what a command prints on a terminal of 80 columns, its notes left out."""
    return CliRunner().invoke(app, shlex.split(command), prog_name="rescuecalc").stdout


def session_page() -> str:
    """Return the page of the session; its commands run where the examples lie, and leave no file behind."""
    parts = [f"# The first ten tasks\n\n{_INTRODUCTION}\n"]
    here = Path.cwd()
    with TemporaryDirectory() as folder:
        shutil.copytree(DOCS / "examples", Path(folder, "docs", "examples"))
        os.chdir(folder)
        try:
            for number, task in enumerate(TASKS, start=1):
                shown = "".join(f"$ rescuecalc {each}\n{typed(each)}" for each in task.commands)
                parts.append(f"## {number}. {task.title}\n\n{task.purpose}\n\n```console\n{shown}```\n")
        finally:
            os.chdir(here)
    return "\n".join(parts)
