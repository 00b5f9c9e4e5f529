"""FORMATS: what each command can print, and what renders it. Choices, help texts, docs and tests come from here.

A renderer is named and not imported, so that a command pays only for the format that is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rescuecalc.reporters.render.page import Page


class Renderer(NamedTuple):
    """A function of this package, as ``render.sarif:sarif_text``; ``takes`` names what it takes besides the result."""

    function: str
    takes: tuple[str, ...] = ()

    def load(self) -> Callable[..., Page | str]:
        """Import the function."""
        module, _, name = self.function.partition(":")
        found: Callable[..., Page | str] = getattr(import_module(f"rescuecalc.reporters.{module}"), name)
        return found


class Format(NamedTuple):
    """An output format: what it is ``about``, and by command what renders it; other commands do not offer it."""

    about: str
    renderers: Mapping[str, Renderer]


def _pages(**functions: str) -> dict[str, Renderer]:
    """Return renderers of pages, which take the width of the terminal; ``_`` stands for the space in a command."""
    return {command.replace("_", " "): Renderer(function, ("width",)) for command, function in functions.items()}


_BESIDE: Final = ("facts", "width")
"""What pages of a patient's regimen take: ``facts`` is the bedside document."""


def _of_library(name: str, *takes: str) -> dict[str, Renderer]:
    """Return the renderers of a library's findings."""
    return dict.fromkeys(("library check", "library diff"), Renderer(f"document.library:{name}", takes))


_PAGES: Final = _pages(
    renal="document.renal:renal_page",
    protocol_list="document.protocol:list_page",
    protocol_show="document.protocol:protocol_page",
    protocol_check="document.protocol:check_page",
    evidence_compare="document.comparison:comparison_page",
    evidence_check="document.comparison:check_page",
    strategy="document.strategy:strategy_page",
    rule="document.rule:rule_page",
    library_check="document.library:check_page",
    library_diff="document.library:check_page",
    library_show="document.library:show_page",
    selftest="document.selftest:selftest_page",
) | {
    "dose": Renderer("render.dose_text:dose_page", _BESIDE),
    "table": Renderer("render.table_text:table_page", _BESIDE),
    "bridge": Renderer("render.plan_text:bridge_page", _BESIDE),
    "plan": Renderer("render.plan_text:plan_page", _BESIDE),
    "evidence list": Renderer("document.evidence:evidence_page", ("width", "whole")),
    "evidence show": Renderer("document.evidence:evidence_page", ("width", "whole")),
    "check": Renderer("render.check_text:check_page", ("width", "quiet", "statistics")),
    "check compare": Renderer("document.set_comparison:comparison_page", ("width",)),
    "rule list": Renderer("document.rule:rules_page", ("width", "whole")),
    "rate": Renderer("document.rate:rate_line", ("conversion",)),
    "stop": Renderer("render.stop_text:stop_page", ("width", "details")),
}

FORMATS: Final[Mapping[str, Format]] = {
    "text": Format("for people: 80 columns, or those of the terminal; control characters escaped", _PAGES),
    "json": Format(
        "one document with a published schema: [json.md](json.md)",
        dict.fromkeys(_PAGES, Renderer("render.json_text:json_text"))
        | {"schema": Renderer("render.json_text:json_text")}
        | {"check": Renderer("document.check:check_json"), "rate": Renderer("render.json_text:dumps", ("indent",))}
        | {"library check": Renderer("document.library:check_json")}
        | {"library diff": Renderer("document.library:diff_json")}
        | {"library show": Renderer("document.library:show_json")},
    ),
    "concise": Format(
        "one finding a line: `file:line:column: CODE message`", {"check": Renderer("render.concise:concise_lines")}
    ),
    "jsonl": Format(
        "one finding a line, of the shape of JSON",
        {"check": Renderer("document.check:check_lines")} | _of_library("lines"),
    ),
    "csv": Format(
        "a row for each weight, event or figure; no cell is a formula",
        {
            "table": Renderer("render.table_text:table_csv"),
            "plan": Renderer("render.plan_formats:plan_csv"),
            "evidence list": Renderer("document.evidence:evidence_csv"),
            "evidence show": Renderer("document.evidence:evidence_csv"),
            "evidence compare": Renderer("document.comparison:comparison_csv"),
            "strategy": Renderer("document.strategy:strategy_csv"),
            **dict.fromkeys(("library show", "library template"), Renderer("render.library_csv:library_csv")),
        },
    ),
    "markdown": Format(
        "the page as Markdown, for a report or the summary of a job",
        {
            "table": Renderer("render.table_text:table_markdown", ("facts",)),
            "plan": Renderer("render.plan_formats:plan_markdown", ("facts",)),
            "check": Renderer("render.check_markdown:check_markdown"),
            "evidence list": Renderer("document.evidence:evidence_markdown"),
            "evidence show": Renderer("document.evidence:evidence_markdown"),
            "evidence compare": Renderer("document.comparison:comparison_markdown"),
            "strategy": Renderer("document.strategy:strategy_markdown"),
        },
    ),
    "ics": Format(
        "a calendar; it needs clock times", {"plan": Renderer("render.plan_calendar:plan_calendar", ("facts", "lead"))}
    ),
    "fhir": Format(
        "a Bundle of FHIR R4: [fhir.md](fhir.md)",
        dict.fromkeys(("dose", "plan"), Renderer("render.fhir_bundle:fhir_bundle", ("codes",))),
    ),
    "sarif": Format(
        "SARIF 2.1.0, with the declared rules, and fingerprints that stay when lines move",
        {"check": Renderer("render.sarif:sarif_text", ("rules", "sources", "rules_url"))}
        | _of_library("sarif", "rules", "sources"),
    ),
    "junit": Format(
        "JUnit XML: a suite a file, a case a finding; a failure from `--fail-on` on, an error for what was not read",
        {"check": Renderer("render.junit:junit_text")} | _of_library("junit"),
    ),
    "github": Format(
        "annotations of GitHub Actions, of which GitHub shows ten of each kind a step",
        {"check": Renderer("render.github:annotation_lines")} | _of_library("github"),
    ),
    "gitlab": Format("a Code Quality report of GitLab", {"check": Renderer("render.gitlab:gitlab_report")}),
}


def offered(command: str) -> tuple[str, ...]:
    """Return the names of the formats that a command offers, in the order of FORMATS."""
    return tuple(name for name, each in FORMATS.items() if command in each.renderers)


def listed(command: str) -> str:
    """Return the same as a person reads it: ``text, json or fhir``."""
    *names, last = offered(command)
    return f"{', '.join(names)} or {last}" if names else last


def rendered(command: str, name: str, result: Any, **others: Callable[[], Any]) -> Page | str:
    """Return the result of a command in the named format.

    ``others`` make what some renderers take besides the result; only what the format takes is made.
    """
    renderer = FORMATS[name].renderers[command]
    return renderer.load()(result, **{each: others[each]() for each in renderer.takes})
