"""What a site decides in its settings about findings: approvals by a committee, and the severity of rules."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from rescuecalc.catalogue.files.table import Problem, Table
from rescuecalc.core.orders.findings.approval import Approval
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.findings.severity_override import SeverityOverride
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.rules.document.document import NOT_JUDGED
from rescuecalc.rules.suppression.suppression import FAMILY

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODE: Final = re.compile(r"RC[0-9]([0-9]{2})?", re.ASCII)
_MORE: Final = ("until", "because")


def approvals(table: Table) -> Iterator[Approval]:
    """Yield the approvals of a settings file; each says of what, in which order set, why, by whom and until when."""
    for each in table.tables("approvals"):
        code = _code(each.text("code"), each.where("code"))
        if code in NOT_JUDGED or code.startswith(FAMILY):
            raise Problem(f"{each.where('code')}: {code} cannot be approved: nobody has seen what could not be judged")
        yield Approval(
            code, each.text("order_set").strip(), each.text("reason"), each.text("approver"), _day(each, "until")
        )
        each.finish()


def severities(table: Table | None) -> Iterator[SeverityOverride]:
    """Yield the severities that a site gives to rules: a word, or a table with until and because."""
    if table is None:
        return
    for key in table.keys():  # noqa: SIM118  # a table is no dictionary
        code = _code(key, table.where(key))
        if not table.is_table(key):
            yield SeverityOverride(code, _severity(table, key))
            continue
        own = table.table(key)
        if own.has("until") != own.has("because"):
            raise Problem(f"{own.path}: until and because go together")
        until = _day(own, "until") if own.has("until") else ""
        yield SeverityOverride(code, _severity(own, "severity"), until, own.maybe_text("because") or "")
        own.finish()


def _severity(table: Table, key: str) -> Severity:
    return Severity(table.text(key, frozenset(each.value for each in Severity)))


def _code(text: str, where: str) -> str:
    if not _CODE.fullmatch(text):
        raise Problem(f"{where}: {quoted(text)} is not the code of a rule or a family, as RC404 or RC4")
    return text


def _day(table: Table, key: str) -> str:
    text = table.text(key)
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise Problem(f"{table.where(key)}: cannot read {quoted(text)} as a date; write one as 2027-03-31")
