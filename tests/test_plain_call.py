"""Calls without options are answered without typer, and with the same bytes."""

from __future__ import annotations

import pytest

from rescuecalc.catalogue.rule_texts import declared_texts, line_of
from rescuecalc.cli.plain_call import plain_call
from rescuecalc.rules.judging.registry import RULES
from tests.support import invoke


@pytest.mark.parametrize(
    "line", ["--version", "version", "protocol list", "rule RC301", "rule rc501", "rule RC830", "rule RC901"]
)
def test_the_answer_is_that_of_the_command(line: str) -> None:
    answer = plain_call(line.split())
    assert answer is not None
    shown = answer().result
    assert (shown if isinstance(shown, str) else shown.text()) == invoke(*line.split()).stdout


@pytest.mark.parametrize(
    "paths", ["docs/examples/rescue.yaml", "docs/examples/rows.csv docs/pump-library/rescue.yaml", "docs/nowhere.yaml"]
)
def test_files_are_judged_as_by_the_command(paths: str) -> None:
    answer = plain_call(["check", *paths.split()])
    assert answer is not None
    shown, command = answer(), invoke("check", *paths.split())
    assert not isinstance(shown.result, str)
    assert (shown.result.text(), int(shown.exit_code)) == (command.stdout, command.exit_code)
    assert [f"rescuecalc: note: {note}" for note in shown.notes] == command.stderr.splitlines()


@pytest.mark.parametrize("columns", ["80", "100", "213"])
def test_the_help_is_that_of_the_command(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("typer._click.formatting.FORCED_WIDTH", None)
    answer = plain_call(["--help"])
    assert answer is not None
    assert answer().result == f"{_help()}\n"


def _help() -> str:
    import typer  # noqa: PLC0415

    from rescuecalc.cli.app import app  # noqa: PLC0415

    return typer.main.get_command(app).make_context("rescuecalc", [], resilient_parsing=True).get_help()


def test_the_help_for_another_width_is_made_by_typer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert plain_call(["--help"]) is None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "help dose",
        "rule",
        "rule RC3",
        "rule RC301 --all",
        "rule weight-band",
        "protocol list --json",
        "check",
        "check -",
        "check a.yaml -q",
    ],
)
def test_what_has_options_is_left_to_typer(line: str) -> None:
    assert plain_call(line.split()) is None


def test_an_unknown_rule_is_answered_as_by_the_command() -> None:
    answer = plain_call(["rule", "RC399"])
    assert answer is not None
    with pytest.raises(Exception, match=r"unknown rule 'RC399'; did you mean RC3"):
        answer()


def test_every_rule_has_its_texts_without_its_check() -> None:
    for rule in RULES:
        texts = declared_texts(rule.code)
        assert texts is not None
        assert line_of(texts) == line_of(rule)
