"""What a check found, in two lines and a table of its rules: part of every format that people read."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.quantities.decimal_text import people_number
from rescuecalc.reporters.render.harmless_text import printable
from rescuecalc.rules.facts.judged_state import JudgedState

if TYPE_CHECKING:
    from rescuecalc.reporters.document.check import Checked


def number_of(count: int, word: str, several: str = "") -> str:
    """Return a count with its word: ``1,000 findings``."""
    return f"{people_number(Fraction(count))} {word if count == 1 else several or f'{word}s'}"


def summary_line(checked: Checked) -> str:
    """Return how much was found in how much, and what is not listed or was not looked at."""
    counted = ", ".join(number_of(checked.counts[each], each.value) for each in Severity if checked.counts[each])
    of = f"{number_of(checked.orders, 'order')} of {number_of(checked.files, 'file')}"
    left_out = f"; {number_of(checked.left_out, 'finding')} of them not listed" if checked.left_out else ""
    passed = f"; {number_of(checked.passed_over, 'resource')} skipped" if checked.passed_over else ""
    passed += f"; {number_of(checked.excluded, 'file')} excluded" if checked.excluded else ""
    quiet = f"; {number_of(checked.suppressed, 'finding')} suppressed" if checked.suppressed else ""
    quiet += f"; {number_of(checked.approved, 'finding')} approved" if checked.approved else ""
    quiet += f"; {number_of(checked.known, 'finding')} in the baseline" if checked.known else ""
    unread = "; not everything could be read" if checked.unreadable else ""
    return f"{counted or 'no findings'} in {of}{passed}{quiet}{left_out}{unread}"


def judged_line(checked: Checked) -> str:
    """Return how far the orders could be judged, and for which drugs no limit is known."""
    doses, fields, others, texts, none = (checked.judged.get(state, 0) for state in JudgedState)
    names = ", ".join((*map(printable, checked.no_limit_for), *(("others",) if checked.more_drugs else ())))
    known = f" (no limit known for {names})" if names else ""
    arithmetic, text = (people_number(Fraction(count)) for count in (others, texts))
    but_text = f", {people_number(Fraction(fields))} except a dose in the text" if fields else ""
    return (
        f"judged: {number_of(doses, 'dose')}{but_text}, {arithmetic} arithmetic only{known}, {text} text only, "
        f"{people_number(Fraction(none))} not judged"
    )


def is_silent(checked: Checked) -> bool:
    """Whether nothing ends the run, and nothing was kept out of sight."""
    hidden = checked.suppressed or checked.known or checked.excluded or checked.left_out or checked.unreadable
    ends = any(each.fails for each in checked.located)
    return not (ends or hidden or checked.settings.get("files"))
