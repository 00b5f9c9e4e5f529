"""FORMATS: what each command can print, and what renders it. Choices, help texts, docs and tests come from here.

A renderer is named and not imported, so that a command pays only for the format that is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rescuecalc.reporters.render.page import Page


def _function(path: str) -> Callable[..., Any]:
    """Import a function of this package by its name, as ``render.sarif:sarif_text``."""
    module, _, name = path.partition(":")
    # matplotlib, icalendar and the registry of rules stay unread unless their format is asked for.
    found: Callable[..., Any] = getattr(import_module(f"rescuecalc.reporters.{module}"), name)
    return found


class Renderer(NamedTuple):
    """A function of this package, as ``render.sarif:sarif_text``; ``takes`` names what it takes besides the result.

    ``of`` is another function, which first makes of the result what the renderer takes.
    """

    function: str
    takes: tuple[str, ...] = ()
    of: str = ""

    def load(self) -> Callable[..., Page | str]:
        """Import the function."""
        return _function(self.function)

    def text(self, result: Any, **others: Any) -> Page | str:
        """Return the rendered result."""
        return self.load()(_function(self.of)(result) if self.of else result, **others)


class Format(NamedTuple):
    """An output format: what it is ``about``, and by command what renders it; other commands do not offer it."""

    about: str
    renderers: Mapping[str, Renderer]


def _pages(**functions: str) -> dict[str, Renderer]:
    """Return renderers of pages, which take the width of the terminal; ``_`` stands for the space in a command."""
    return {command.replace("_", " "): Renderer(function, ("width",)) for command, function in functions.items()}


# Facts at the bedside are rendered beside the result, and are no part of its schema.
_BESIDE: Final = ("facts", "width")
"""What pages of a patient's regimen take: ``facts`` is the bedside document."""


def _of_findings(name: str, *takes: str) -> dict[str, Renderer]:
    """Return the renderers of findings: those of `check`, and those about a pump library."""
    of_library = Renderer(name, takes, "document.library:checked_of")
    return {"check": Renderer(name, takes), **dict.fromkeys(("library check", "library diff"), of_library)}


def _json(document: str) -> Renderer:
    """Return the renderer of a result that becomes a document only where one is asked for."""
    return Renderer("render.json_text:json_text", of=document)


_PAGES: Final = _pages(
    renal="render.conversions.renal_text:renal_page",
    protocol_list="render.protocol_text:list_page",
    protocol_show="render.protocol_text:protocol_page",
    protocol_check="render.protocol_text:check_page",
    evidence_compare="render.studies.comparison_text:comparison_page",
    evidence_check="render.studies.comparison_text:check_page",
    strategy="render.studies.strategy_text:strategy_page",
    rule="render.rule_text:rule_page",
    library_check="render.library.library_text:check_page",
    library_diff="render.library.library_text:check_page",
    library_show="render.library.library_text:show_page",
    selftest="render.selftest_text:selftest_page",
) | {
    "dose": Renderer("render.regimen.dose_text:dose_page", _BESIDE),
    "table": Renderer("render.regimen.table_text:table_page", _BESIDE),
    "bridge": Renderer("render.regimen.plan_text:bridge_page", _BESIDE),
    "plan": Renderer("render.regimen.plan_text:plan_page", _BESIDE),
    "evidence list": Renderer("render.studies.evidence_text:evidence_page", ("width", "whole")),
    "evidence show": Renderer("render.studies.evidence_text:evidence_page", ("width", "whole")),
    "check": Renderer("render.check.check_text:check_page", ("width", "quiet", "statistics")),
    "check compare": Renderer("render.check.set_comparison_text:comparison_page", ("width",)),
    "rule list": Renderer("render.rule_text:rules_page", ("width", "whole")),
    "rate": Renderer("render.conversions.rate_text:rate_line", ("conversion",)),
    "stop": Renderer("render.stop_text:stop_page", (*_BESIDE, "details")),
}

FORMATS: Final[Mapping[str, Format]] = {
    "text": Format("for people: 80 columns, or those of the terminal; control characters escaped", _PAGES),
    "json": Format(
        "one document with a published schema: [json.md](json.md)",
        dict.fromkeys(_PAGES, Renderer("render.json_text:json_text"))
        | {"schema": Renderer("render.json_text:json_text")}
        | {"rate": Renderer("render.json_text:dumps", ("indent",)), "check": _json("document.check:check_document")}
        | {"library check": _json("document.library:check_document")}
        | {"library diff": _json("document.library:diff_document")}
        | {"library show": _json("document.library:show_document")},
    ),
    "concise": Format(
        "one finding a line: `file:line:column: CODE message`", _of_findings("render.check.concise:concise_lines")
    ),
    "jsonl": Format(
        "one finding a line, as JSON",
        _of_findings("render.check.jsonl:finding_lines"),
    ),
    "csv": Format(
        "a row for each weight, event or figure; no cell is a formula",
        {
            "table": Renderer("render.regimen.table_text:table_csv"),
            "plan": Renderer("render.regimen.plan_formats:plan_csv", ("facts",)),
            "evidence list": Renderer("render.studies.evidence_text:evidence_csv"),
            "evidence show": Renderer("render.studies.evidence_text:evidence_csv"),
            "evidence compare": Renderer("render.studies.comparison_text:comparison_csv"),
            "strategy": Renderer("render.studies.strategy_text:strategy_csv"),
            **dict.fromkeys(("library show", "library template"), Renderer("render.library.library_csv:library_csv")),
        },
    ),
    "markdown": Format(
        "the page as Markdown, for a report or the summary of a job",
        {
            "table": Renderer("render.regimen.table_text:table_markdown", ("facts",)),
            "plan": Renderer("render.regimen.plan_formats:plan_markdown", ("facts",)),
            "check": Renderer("render.check.check_markdown:check_markdown"),
            "evidence list": Renderer("render.studies.evidence_text:evidence_markdown"),
            "evidence show": Renderer("render.studies.evidence_text:evidence_markdown"),
            "evidence compare": Renderer("render.studies.comparison_text:comparison_markdown"),
            "strategy": Renderer("render.studies.strategy_text:strategy_markdown"),
        },
    ),
    "ics": Format(
        "a calendar; it needs clock times",
        {"plan": Renderer("render.regimen.plan_calendar:plan_calendar", ("facts", "lead"))},
    ),
    "fhir": Format(
        "a Bundle of FHIR R4: [fhir.md](fhir.md)",
        dict.fromkeys(("dose", "plan"), Renderer("render.fhir_bundle:fhir_bundle", ("codes",))),
    ),
    "sarif": Format(
        "SARIF 2.1.0, with the declared rules, and fingerprints that stay when lines move",
        _of_findings("render.check.sarif:sarif_text", "rules", "sources")
        | {"check": Renderer("render.check.sarif:sarif_text", ("rules", "sources", "rules_url"))},
    ),
    "junit": Format(
        "JUnit XML: a suite for each file, a case for each finding; a failure at or above `--fail-on`, an error for "
        "unread parts",
        _of_findings("render.check.junit:junit_text"),
    ),
    "github": Format(
        "annotations of GitHub Actions, of which GitHub shows ten of each kind a step",
        _of_findings("render.check.github:annotation_lines"),
    ),
    "gitlab": Format("a Code Quality report of GitLab", _of_findings("render.check.gitlab:gitlab_report")),
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
    return renderer.text(result, **{each: others[each]() for each in renderer.takes})
