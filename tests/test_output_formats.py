"""FORMATS: every name of a format that a person or a program reads comes from one place, and each is rendered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from rescuecalc.cli.app import app
from rescuecalc.reporters.formats import FORMATS, Renderer, listed, offered
from tests.support import invoke

RENDERERS = sorted({each for made in FORMATS.values() for each in made.renderers.values()})
COMMANDS = sorted({command for made in FORMATS.values() for command in made.renderers} - {"rule list", "check compare"})
WITHOUT_FORMATS = {"protocol template", "help", "version", "completion"}
"""Commands whose result is one text: a file to fill in, a script, words for people."""
ROOT = Path(__file__).parent.parent


def commands() -> set[str]:
    """Return every command of the program, those of groups with their group."""
    group = typer.main.get_command(app)
    found = {name: group.get_command(None, name) for name in group.list_commands(None)}  # type: ignore[attr-defined]
    return {f"{name} {part}".strip() for name, each in found.items() for part in getattr(each, "commands", {"": None})}


def test_every_command_has_its_formats_and_every_format_its_commands() -> None:
    assert set(COMMANDS) == commands() - WITHOUT_FORMATS, "a command is in FORMATS, and what is in FORMATS is a command"


@pytest.mark.parametrize("renderer", RENDERERS, ids=lambda each: each.function)
def test_every_renderer_is_there(renderer: Renderer) -> None:
    assert callable(renderer.load()), f"{renderer.function} in reporters/formats.py names nothing"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_commands_help_and_refusal_name_its_formats(command: str) -> None:
    helped = re.search(
        r"--format FORMAT +(.*?)(?:\.|;| \[default)", " ".join(invoke(*command.split(), "--help").stdout.split())
    )
    assert helped is not None
    assert helped[1] == listed(command)


def test_an_unknown_format_is_refused_with_those_that_there_are() -> None:
    outcome = invoke("plan", "yang-2020-iv", "--format", "pdf")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "--format: cannot read 'pdf'; write text, json, csv, markdown, ics or fhir" in outcome.stderr


def test_the_formats_that_scripts_rely_on_are_offered() -> None:
    assert {"text", "json", "jsonl", "sarif", "junit", "github"} <= set(offered("check"))
    assert {"text", "json", "fhir"} <= set(offered("dose"))
    assert {"text", "json", "csv", "markdown", "ics", "fhir"} <= set(offered("plan"))
    assert listed("rate") == "text or json"


SAMPLES = {
    "text": "docs/examples/rows.csv\n  4:82    ERROR   RC304  the pump rate 103 mL/h contradicts",
    "json": '{\n  "schema": "rescuecalc.check.2",\n',
    "jsonl": '{"code": "RC304", "name": "pump-rate-contradicts-dose", "severity": "error", ',
    "csv": "at,elapsed,until,event,drug,dose,route,detail,stated,source,read_first\n,00:00:00,",
    "markdown": "# rescuecalc check\n\n**1 error in 3 orders of 1 file**\n\njudged: 3 doses,",
    "ics": "BEGIN:VCALENDAR",
    "fhir": '{\n  "resourceType": "Bundle",\n  "type": "collection",\n',
    "sarif": '{\n  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",\n  "version": "2.1.0",\n',
    "junit": '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="rescuecalc check">\n',
    "concise": "docs/examples/rows.csv:4:82: RC304 the pump rate 103 mL/h contradicts",
    "gitlab": '[\n  {\n    "description": "RC304 the pump rate 103 mL/h contradicts',
    "github": "::error file=docs/examples/rows.csv,line=4,col=82,endColumn=90,title=RC304 pump-rate-contradicts-dose::",
}
"""How a result begins in each format: of `check docs/examples/rows.csv --select RC304`, or of a plan."""


@pytest.mark.parametrize("name", FORMATS)
def test_a_result_begins_as_its_format_does(name: str) -> None:
    assert name in SAMPLES, f"say in SAMPLES how a result begins in {name}"
    plan = ("plan", "yang-2020-iv", "--weight", "80kg", "--run-time", "24h")
    start = ("--start", "2026-03-01T20:00", "--timezone", "UTC") if name == "ics" else ()
    checked = ("check", "docs/examples/rows.csv", "--select", "RC304")
    outcome = invoke(*(checked if name in offered("check") else (*plan, *start)), "--format", name)
    assert outcome.stdout.replace("\r\n", "\n").startswith(SAMPLES[name])


def test_every_renderer_of_the_package_is_in_the_registry() -> None:
    """A format that somebody wrote and did not register can be asked for by nobody."""
    named = {each.function.partition(":")[0] for each in RENDERERS}
    parts = {"page", "harmless_text", "json_text", "text_formats", "settings_text"}
    parts |= {"plan_wording", "dose_wording", "bedside_text", "protocol_template", "order_set_yaml"}
    # The one-screen pages of the text format, chosen by --details, --quiet and --card.
    parts |= {
        "dose_screen",
        "plan_screen",
        "renal_screen",
        "table_screen",
        "protocol_screen",
        "screen",
        "numbers_text",
        "card_html",
    }
    parts |= {"check_summary", "fingerprint"}
    parts |= {"timeline_lanes", "timeline_text", "timeline_picture", "forest_plot"}
    rooms = sorted((ROOT / "src" / "rescuecalc" / "reporters" / "render").glob("[a-z]*.py"))
    unknown = [file.name for file in rooms if f"render.{file.stem}" not in named and file.stem not in parts]
    assert unknown == [], "name its function in reporters/formats.py, or say here that it is a part of others"
