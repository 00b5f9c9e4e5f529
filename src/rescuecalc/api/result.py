"""What every result is: immutable, a page when it is printed, and the document that the command prints as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from rescuecalc.api.exact_quantity import ExactQuantity
from rescuecalc.api.view import plain, view
from rescuecalc.core.literature.source import Source
from rescuecalc.core.orders.findings.finding import Alternative, Severity
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.reporters.render.page import Page

R = TypeVar("R", bound="Result")


@dataclass(frozen=True, repr=False)
class Result:
    """A result: attributes for its parts; ``str`` is the page of the command, ``to_json`` what `--format json` prints.

    ``notes_on_input`` are what the command says on stderr of what was given: of a micro sign that was read as mcg.
    """

    _document: Document = field(compare=False, kw_only=True)
    _page: Callable[[], str] = field(compare=False, kw_only=True)
    notes_on_input: tuple[str, ...] = field(default=(), kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """Return the document as plain dictionaries, lists, texts, Decimals and ints: a copy."""
        copied: dict[str, Any] = plain(self._document)
        return copied

    def to_json(self) -> str:
        """Return exactly what the command prints with `--format json`, exact decimal numbers included."""
        return f"{dumps(self._document)}\n"

    def __str__(self) -> str:
        return self._page()

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how it is made again from its document: for `pickle` and `copy`."""
        return _again, (type(self), self._document, self._page, self.notes_on_input)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._document['schema']}>"


@dataclass(frozen=True, repr=False)
class BedsideResult(Result):
    """A result that is used at the bedside: ``never_hidden`` is what nothing that is made of it may leave out."""

    never_hidden: tuple[str, ...]


@dataclass(frozen=True)
class GivenThrombolysis:
    """Whether a thrombolysis was given, and when."""

    given: bool
    at: str | None
    elapsed: str | None
    elapsed_seconds: int | None


@dataclass(frozen=True)
class ExpectedEnds:
    """The lowest and the highest right value, each as it would be written; None: that end has no bound."""

    low: str | None
    high: str | None


@dataclass(frozen=True)
class FindingApproval:
    """Who accepts a finding, until when, and why."""

    approver: str
    until: str
    reason: str


@dataclass(frozen=True)
class ReportedFinding:
    """A finding: ``code`` of a rule, ``pointer`` (a JSON pointer) to the wrong field, ``expected`` what fixes it.

    ``factor`` is found ÷ expected; ``slip`` names the errors that fit, none where it is empty; ``alternatives`` are
    other fields whose change would explain the finding as well. ``line`` and ``column`` count from 1. ``weights`` are
    those of a table's rows to which it belongs, and empty elsewhere. ``approval`` says that the site accepts it.
    """

    code: str
    name: str
    severity: Severity
    message: str
    file: str | None
    line: int | None
    column: int | None
    pointer: str
    found: str | None
    expected: str | None
    factor: Decimal | None
    slip: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    expected_range: ExpectedEnds | None
    sources: tuple[Source, ...]
    weights: tuple[ExactQuantity, ...] = ()
    approval: FindingApproval | None = None


def result_of(kind: type[R], made: Document, page: Callable[[Document], Page], notes: Iterable[str] = ()) -> R:
    """Return a document as a result of ``kind``, which prints as its page."""
    return view(kind, made, _document=made, _page=partial(_text, page, made), notes_on_input=tuple(notes))


def _text(page: Callable[[Document], Page], made: Document) -> str:
    return page(made).text().rstrip("\n")


def _again(kind: type[R], made: Document, page: Callable[[], str], notes: tuple[str, ...]) -> R:
    return view(kind, made, _document=made, _page=page, notes_on_input=notes)


def sources_of(findings: tuple[ReportedFinding, ...]) -> tuple[Source, ...]:
    """Return the sources of findings, each once."""
    return tuple(dict.fromkeys(source for each in findings for source in each.sources))
