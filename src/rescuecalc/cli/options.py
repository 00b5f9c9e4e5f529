"""The --format option of every command: its choices, its help and its rendering come from FORMATS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from rescuecalc.cli.output import page_width
from rescuecalc.reporters import formats
from rescuecalc.requests.input.inputs import one_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from rescuecalc.reporters.render.page import Page


def format_option(command: str, more: str = "") -> Any:
    """Return the option that names one of the formats of a command."""
    return typer.Option("--format", metavar="FORMAT", help=f"{formats.listed(command)}{more}.")


def check_format(command: str, name: str) -> None:
    """Raise InputError, which lists the formats of a command, for a name that is none of them."""
    one_of(name, formats.offered(command), "--format")


def rendered(command: str, name: str, result: Any, **others: Callable[[], Any]) -> Page | str:
    """Return the result of a command in the named format, a page as wide as the terminal."""
    return formats.rendered(command, name, result, width=page_width, codes=_drug_codes, **others)


def _drug_codes() -> Any:
    from rescuecalc.catalogue.codes import drug_codes  # noqa: PLC0415  # only FHIR pays for it

    return drug_codes()
