"""Write the generated pages, schemas and tables; with --check say which are stale: python docs/build.py [--check].

With --pictures the pictures are drawn anew as well; their bytes differ between versions of the plotting library, so
that tests hold their words, not their bytes, against the program.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import typer
from hazards import safety_pages
from manpage import man_page
from reference import reference_pages
from rule_pages import rule_pages
from schemas import DOCUMENTS
from schemas_evidence import EVIDENCE_DOCUMENTS
from schemas_library import LIBRARY_DOCUMENTS
from schemas_plan import PLAN_DOCUMENTS
from schemas_selftest import SELFTEST_DOCUMENTS
from schemas_stop import STOP_DOCUMENTS
from screens import screens
from session import session_page
from shown import shown
from typer.testing import CliRunner
from unit_factors import unit_factors

from rescuecalc.catalogue.rule_texts import line_of
from rescuecalc.cli.app import app
from rescuecalc.engine.input_schemas import SCHEMAS, input_schema
from rescuecalc.reporters.formats import FORMATS, offered
from rescuecalc.rules.judging.registry import FAMILIES, RULES

if TYPE_CHECKING:
    from collections.abc import Callable

DOCS = Path(__file__).parent
SOURCE = DOCS.parent / "src" / "rescuecalc"

EXAMPLES = (
    (
        "80 kg: bolus from the vial, infusion from the bag",
        "10 mcg/kg × 80 kg = 800 mcg; ÷ 250 mcg/mL = 3.2 mL. 0.15 mcg/kg/min × 80 kg × 60 ÷ 50 mcg/mL = 14.4 mL/h. "
        "250 mL ÷ 14.4 mL/h = 17 h 21 min 40 s.",
        "dose yang-2020-iv --weight 80kg --run-time 24h --bolus-product vial-15 --infusion-product bag-250 --details",
    ),
    (
        "80 kg: bolus by pump from the bag, 20 mL priming volume, clock times",
        "(250 - 16 - 20) mL ÷ 14.4 mL/h = 14 h 51 min 40 s. The night is that of a change of the clocks.",
        "dose yang-2020-iv --weight 80kg --run-time 24h --bolus-product infusion-container --infusion-product bag-250 "
        "--priming-volume 20mL --give-over 5min --start 2026-03-28T20:00 --timezone Europe/Berlin --details",
    ),
    (
        "57 kg: rounding",
        "0.15 × 57 × 60 ÷ 50 = 10.26 mL/h exactly; the pump is set to 10.3 mL/h, 0.39 % more.",
        "dose yang-2020-iv --weight 57kg --run-time 24h --infusion-product bag-250 --details",
    ),
    (
        "Creatinine clearance given, protocol without a renal rule",
        "70 kg: 12.6 mL/h by the protocol and the EU label, 6.3 mL/h by the US label.",
        "dose yang-2020-iv --weight 70kg --run-time 24h --infusion-product bag-250 --crcl 45mL/min --details",
    ),
    (
        "The US label, by formula and by its weight table",
        "80 kg: 25 mcg/kg = 2,000 mcg = 40 mL of 50 mcg/mL, where the row says 42 mL.",
        "dose us-label --weight 80kg --run-time 18h --crcl 90mL/min --infusion-product bag-250 --label-band --details",
    ),
    (
        "Loading and maintenance infusion from one container",
        "0.4 × 80 × 60 ÷ 50 = 38.4 mL/h for 30 min = 19.2 mL; then 9.6 mL/h; (250 - 19.2) ÷ 9.6 = 24 h 2 min 30 s "
        "after the load.",
        "dose trend-2024 --weight 80kg --infusion-product bag-250 --details",
    ),
    (
        "A maximum dose: abciximab at 100 kg",
        "0.125 × 100 = 12.5 mcg/min, at most 10 mcg/min.",
        "dose abciximab-label --weight 100kg --details",
    ),
    (
        "A table for the wall",
        "Every row is the protocol's arithmetic; 57 kg is not on it.",
        "table rescue-bt-2022 --from 40kg --to 140kg --step 20kg --bolus-product vial-15 --infusion-product bag-250 "
        "--details",
    ),
    (
        "The bridge of RESCUE BT across a clock change",
        "Hour 20 after 20:00 on the 28th is 17:00 on the 29th, since an hour is skipped; stop at hour 24, 21:00. "
        "20 h + 6 h - 24 h = 2 h = 120 min in the worst case; 20 h + 6 h - (24 h + 4 h) < 0 in the best.",
        "bridge rescue-bt-2022 --weight 80kg --p2y12 clopidogrel --load 300mg --start 2026-03-28T20:00 "
        "--timezone Europe/Berlin --thrombolysis-at none --details",
    ),
    (
        "The review's case: values it does not state stay unknown",
        "Thrombolysis 2 h before the start: its 24 h end at hour 22, which leaves 2 h of overlap before hour 24.",
        "bridge khachatryan-2023-case --weight 80kg --thrombolysis-at -2h --details",
    ),
    (
        "A whole plan",
        "600 mg of clopidogrel 8 h before the stop has set in by then, whichever source is right: 16 h + 8 h = 24 h.",
        "plan yang-2020-iv --weight 80kg --run-time 24h --bolus-product vial-15 --infusion-product bag-250 "
        "--give-over 5min --thrombolysis-at none --p2y12 clopidogrel --load 600mg --maintenance 75mg --overlap 8h "
        "--details",
    ),
    (
        "A haemorrhage during the infusion: one screen",
        "0.15 × 80 × 210 = 2,520 mcg, with 800 mcg 3,320 mcg; ÷ 80 = 41.5 mcg/kg. 14.4 × 3.5 = 50.4 mL. "
        "23:30 + 4 h = 03:30, + 8 h = 07:30. 15 × 50 ÷ 80 = 9.375 mcg/kg.",
        "stop yang-2020-iv --weight 80kg --started 2026-02-10T20:00+01:00 --stopped 2026-02-10T23:30+01:00 "
        "--infusion-product bag-250",
    ),
    (
        "Creatinine clearance",
        "(140 - 70) × 80 ÷ (72 × 1.2) × 0.85 = 55.09 mL/min.",
        "renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL --height 165cm --details",
    ),
)


_WIDTHS = (80, 100)
"""Columns of a pipe and of most terminals: help is never wider than the second."""


def root_help() -> str:
    """Return the module of the help of the whole command line, for the usual widths."""
    group: Any = typer.main.get_command(app)
    shown = {}
    for columns in _WIDTHS:
        with mock.patch.dict(os.environ, COLUMNS=str(columns)):
            shown[columns] = group.make_context("rescuecalc", [], resilient_parsing=True).get_help()
    texts = "".join(f'    {columns}: """\\\n{text}\n""",\n' for columns, text in shown.items())
    return (
        '"""What `rescuecalc --help` prints, by the columns of the terminal. Made by `python docs/build.py`."""\n\n'
        f"from typing import Final\n\nHELP: Final = {{\n{texts}}}\n"
    )


PICTURE = (
    "plan rescue-bt-2022 --weight 80kg --p2y12 clopidogrel --load 600mg --aspirin-load 325mg "
    "--infusion-product bag-250 --start 2026-03-28T20:00 --timezone Europe/Berlin --thrombolysis-at -2h"
)


def output(command: str) -> str:
    """Return what a command prints on stdout."""
    return CliRunner().invoke(app, shlex.split(command), prog_name="rescuecalc").stdout


def worked_examples() -> str:
    """Return the page of worked examples."""
    parts = ["# Worked examples\n\nGenerated by `python docs/build.py`. Check them by hand.\n"]
    parts += [
        f"## {title}\n\nBy hand: {by_hand}\n\n```console\n$ rescuecalc {command}\n{output(command)}```\n"
        for title, by_hand, command in EXAMPLES
    ]
    return "\n".join(parts)


def formats_table() -> str:
    """Return the formats of `check` with what each is."""
    rows = [f"| `{name}` | {FORMATS[name].about} |" for name in offered("check")]
    return "\n".join(["| `--format` | is |", "|---|---|", *rows])


def families_table() -> str:
    """Return the families of rules with what each is about and how many rules it has."""
    count = Counter(rule.code[:3] for rule in RULES)
    rows = [f"| {family}xx | {about} | {count[family]} |" for family, about in FAMILIES.items()]
    return "\n".join(["| family | is about | rules |", "|---|---|---|", *rows, f"| | total | {len(RULES)} |"])


def shown_settings() -> str:
    """Return what `check --show-settings` prints where nothing is configured."""
    command = "check docs/examples/rows.csv --show-settings --fail-on warning"
    return f"```console\n$ rescuecalc {command}\n{output(command)}```"


MADE: dict[str, Callable[[], str]] = {
    "formats": formats_table,
    "families": families_table,
    "settings": shown_settings,
}
"""What is made within pages that people write, between ``<!-- made: NAME -->`` and ``<!-- end -->``."""

BLOCK = re.compile(r"(?P<head><!-- made: (?P<name>[a-z]+) -->\n).*?(?P<foot>\n<!-- end -->)", re.DOTALL)


def filled_page(text: str) -> str:
    """Return a page with each of its made blocks made anew; KeyError names a block that nothing makes."""
    return BLOCK.sub(lambda block: f"{block['head']}{MADE[block['name']]()}{block['foot']}", text)


def decisions_page() -> str:
    """Return the list of decisions, each with its date and status."""
    rows = []
    for record in sorted((DOCS / "decisions").glob("[0-9]*.md")):
        title, _, rest = record.read_text("utf-8").partition("\n")
        status = next(line for line in rest.splitlines() if line.startswith("Date: "))
        rows.append(f"| [{title.removeprefix('# ')}]({record.name}) | {status} |")
    head = "# Decisions\n\nWhy things are as they are: the problem, the approaches, the choice, what would change it.\n"
    return "\n".join([head, "| decision | status |", "|---|---|", *rows]) + "\n"


MADE_WHOLE = {"rules", "reference", "schema"}
"""Folders of docs of which every page is made."""


def written_pages() -> list[Path]:
    """Return the pages that people write: those in which at most a block is made."""
    about = [DOCS.parent / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
    whole = {DOCS / name for name in ("rules.md", "session.md", "worked-examples.md", "decisions/index.md")}
    whole |= {DOCS / "safety" / name for name in ("hazards.md", "traceability.md")}
    below = (page for page in sorted(DOCS.rglob("*.md")) if page.relative_to(DOCS).parts[0] not in MADE_WHOLE)
    return [*about, *(page for page in below if page not in whole)]


def generated() -> dict[Path, str]:
    """Return every generated file with its text."""
    filled_in = {page: shown(page.name, filled_page(page.read_text("utf-8"))) for page in written_pages()}
    pages = {
        DOCS / "worked-examples.md": worked_examples(),
        DOCS / "session.md": session_page(),
        DOCS / "decisions" / "index.md": decisions_page(),
    }
    schemas = {
        DOCS / "schema" / f"{schema['$id']}.json": json.dumps(schema, indent=2) + "\n"
        for schema in (
            DOCUMENTS | PLAN_DOCUMENTS | STOP_DOCUMENTS | EVIDENCE_DOCUMENTS | LIBRARY_DOCUMENTS | SELFTEST_DOCUMENTS
        ).values()
    }
    for_editors = {
        DOCS / "schema" / "input" / f"{name}.json": json.dumps(input_schema(name), indent=2) + "\n" for name in SCHEMAS
    }
    modules = {
        SOURCE / "core" / "quantities" / "unit_factors.py": unit_factors(),
        SOURCE / "catalogue" / "rule_texts.jsonl": "".join(map(line_of, RULES)),
        SOURCE / "cli" / "root_help.py": root_help(),
    }
    return (
        filled_in
        | pages
        | schemas
        | for_editors
        | {DOCS / "rescuecalc.1": man_page()}
        | safety_pages()
        | rule_pages()
        | reference_pages()
        | dict(screens())
        | modules
    )


def main() -> int:
    """Write what is generated; with --check change nothing and return 1 where something is stale."""
    if "--pictures" in sys.argv[1:]:
        for suffix in ("svg", "png"):
            output(f"{PICTURE} --picture {DOCS / 'pictures' / f'plan.{suffix}'}")
        output(f"evidence compare --picture {DOCS / 'pictures' / 'forest.svg'}")
    if "--check" not in sys.argv[1:]:
        for path, text in generated().items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return 0
    stale = [path for path, text in generated().items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        print(f"{path.relative_to(DOCS.parent)} is stale; run python docs/build.py")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
