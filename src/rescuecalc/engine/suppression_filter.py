"""What is not told anew: findings that a comment or the settings let stand, and those that a baseline knows."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, Final

from rescuecalc.catalogue import catalogue
from rescuecalc.core.orders.findings.finding import Finding
from rescuecalc.core.orders.findings.source_location import Located, Place
from rescuecalc.engine.reference import SEVERITY
from rescuecalc.rules.document.document import NOT_JUDGED, UNREADABLE
from rescuecalc.rules.suppression.suppression import (
    BASELINE_UNUSED,
    EXPIRED,
    FAMILY,
    ONLY_WITH_REASON,
    SUPPRESSED,
    UNCLEAR,
    UNUSED,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.orders.findings.suppression import Suppression
    from rescuecalc.engine.approvals import Approvals
    from rescuecalc.engine.baseline import Baseline
    from rescuecalc.engine.reference import Reference
    from rescuecalc.readers.document_reading import Reading
    from rescuecalc.readers.input_paths import File

_ONLY_SO: Final = (
    f"settings can ignore rules of {', '.join(ONLY_WITH_REASON)} only by [[suppress]], with a reason and an end date"
)


_SEVERITY_SO: Final = (
    f"settings give rules of {', '.join(ONLY_WITH_REASON[:2])} another severity only with until and because, "
    f"and what could not be judged, and {FAMILY}, none"
)


class SuppressionUse:
    """A suppression of a settings file, whether any file used it, and which file it is written in."""

    def __init__(self, file: str) -> None:
        self.file, self.is_used = file, False


def is_of_order_sets(finding: Finding) -> bool:
    """Whether a finding can be let stand: not that something could not be read, nor what is said of suppressions."""
    return finding.code not in UNREADABLE and not finding.code.startswith(FAMILY)


class SuppressionFilter:
    """The suppressions and the baseline, as they bear on one file."""

    def __init__(
        self, file: File, reference: Reference, baseline: Baseline | None, uses: dict[Suppression, SuppressionUse]
    ) -> None:
        self._file, self._reference, self._baseline, self._uses = file, reference, baseline, uses
        self._written: dict[Suppression, bool] = {}
        self._seen: tuple[Suppression, ...] = ()
        self._by_line: dict[tuple[str, int | None], deque[Suppression]] = {}
        self._expired: set[Suppression] = set()
        self._of_settings = reference.settings.suppressions_at(file.name)
        for each in self._of_settings:
            uses.setdefault(each, SuppressionUse(str(reference.settings.file)))
        if baseline is not None and file.problem is None:
            baseline.saw(file.name)
        self.known = self.suppressed = 0
        self.unread: Counter[str] = Counter()

    @property
    def is_active(self) -> bool:
        """Whether there is anything that could take a finding away."""
        return bool(self._written or self._of_settings or self._baseline is not None)

    def add(self, suppressions: tuple[Suppression, ...]) -> None:
        """Take note of what the file itself lets stand."""
        if suppressions is self._seen:  # the same for every order set of the file
            return
        self._seen = suppressions
        for each in suppressions:
            if each not in self._written:
                self._written[each] = False
                for code in each.codes if each.problem is None else ():
                    self._by_line.setdefault((code, each.covers), deque()).append(each)

    def reported(self, located: Located, reading: Reading, order: str) -> Located | None:
        """Return what is told of a finding: itself, that it is let stand, or None where the baseline knows it.

        ``order`` is the id of the order that it is about, empty where it is about none.
        """
        if not is_of_order_sets(located.finding):
            return located
        # The comment in the file goes first: it stands beside the order, and whoever reads that sees the reason.
        for each in (*self._nearest(located, reading), *self._of_settings):
            if each.order and each.order != order:
                continue
            if each.problem is None and located.finding.code.startswith(each.codes):
                # One that has ended hides nothing, and is a finding itself: nobody renews what never comes up again.
                if not each.is_over(self._reference.as_of):
                    self._use(each)
                    self.suppressed += 1
                    if located.finding.code in NOT_JUDGED:
                        self.unread[located.finding.code] += 1
                    # Suppressed is said, as a note: a report in which a finding is missing looks like one in which it
                    # was never found.
                    return self._suppressed(each, located)
                self._expired.add(each)
        if self._baseline is not None and self._baseline.consumes(located):
            self.known += 1
            if located.finding.code in NOT_JUDGED:
                self.unread[located.finding.code] += 1
            return None
        return located

    def _nearest(self, located: Located, reading: Reading) -> list[Suppression]:
        """Return the first suppression of the file that covers a finding and is not over, in a list; empty for none.

        They are looked up by the lines that they cover: there may be as many of them as findings.
        """
        firsts = []
        for line in {0, located.finding.line, _line_of_order(located, reading)}:
            bucket = self._by_line.get((located.finding.code, line), deque())
            # Taken away once: looking at the same old ones for each finding took time with the square of their number.
            while bucket and bucket[0].is_over(self._reference.as_of):
                self._expired.add(bucket.popleft())
            firsts += [bucket[0]] if bucket else []
        return sorted(firsts, key=lambda each: (each.line, each.column))[:1]

    def _use(self, each: Suppression) -> None:
        if each in self._written:
            self._written[each] = True
        else:
            self._uses[each].is_used = True

    def _suppressed(self, each: Suppression, located: Located) -> Located | None:
        found = located.finding
        message = f"suppressed until {each.until} because {each.because}: {found.code} {found.message}"
        made = _finding(SUPPRESSED, message, self._reference)
        if made is None:
            return None
        made = made._replace(pointer=found.pointer, found=found.found, expected=found.expected)
        made = made._replace(alternatives=found.alternatives, expected_range=found.expected_range)
        made = made._replace(file=found.file, line=found.line, column=found.column)
        return located._replace(finding=made)

    def suppression_findings(self) -> Iterator[Located]:
        """Yield what is said of the file's own suppressions themselves, after its last finding."""
        for each, used in self._written.items():
            yield from self._about(each, self._file.name, used=used)
        for each in self._of_settings:
            if each in self._expired:
                self._uses[each].is_used = True
                yield from _located(EXPIRED, _expired(each), self._uses[each].file, None, self._reference)

    def _about(self, each: Suppression, file: str, *, used: bool) -> Iterator[Located]:
        place = Place(each.line, each.column, len(each.text), each.text, 0)
        unknown = [code for code in each.codes if code not in _declared()]
        if each.problem is not None or unknown:
            problem = each.problem or f"unknown rule {', '.join(unknown)}{_suggestion(unknown)}"
            yield from _located(UNCLEAR, f"the suppression has no effect: {problem}", file, place, self._reference)
        elif each in self._expired:
            yield from _located(EXPIRED, _expired(each), file, place, self._reference)
        # With --select most rules did not run; a suppression of one of them may be needed all the same.
        elif not used and all(code in self._reference.rules for code in each.codes):
            message = f"no finding of {', '.join(each.codes)} needs this suppression"
            yield from _located(UNUSED, message, file, place, self._reference)


def unused_at_the_end(
    uses: dict[Suppression, SuppressionUse], baseline: Baseline | None, reference: Reference
) -> Iterator[Located]:
    """Yield what no file of the run needed: suppressions of the settings, entries of the baseline."""
    for each, of in uses.items():
        if not of.is_used and all(_is_judged(code, reference) for code in each.codes):
            where = f"{each.pattern}, order {each.order}" if each.order else each.pattern
            message = f"no finding of {', '.join(each.codes)} in {where} needs this suppression"
            yield from _located(UNUSED, message, of.file, None, reference)
    for entry, left in baseline.unused(frozenset(reference.rules)) if baseline is not None else ():
        which = "a finding" if left == 1 else f"{left:,} findings"
        are = "is" if left == 1 else "are"
        message = f"the baseline knows {which} of {entry.code} that {are} no longer there ({entry.fingerprint[:8]})"
        yield from _located(BASELINE_UNUSED, message, entry.file, None, reference)


def without_effect(references: Iterable[Reference]) -> Iterator[Located]:
    """Yield, once for each settings file, what it leaves out in vain: it says neither why nor until when."""
    for reference in references:
        for key, codes in reference.without_effect:
            only_so = _SEVERITY_SO if key == SEVERITY else _ONLY_SO
            message = f"`{key}` has no effect on {', '.join(codes)}: {only_so}"
            yield from _located(UNCLEAR, message, str(reference.settings.file), None, reference)
        for each in reference.settings.severities:
            if each.is_over(reference.as_of):
                message = f"the severity of {each.code} ended on {each.until}: {each.because}"
                yield from _located(EXPIRED, message, str(reference.settings.file), None, reference)


def of_approvals(approvals: Approvals, references: Iterable[Reference]) -> Iterator[Located]:
    """Yield which approvals are over, and which nothing needed."""
    kept = list(references)
    for code, message, file in approvals.at_the_end(kept):
        yield from _located(code, message, file, None, kept[-1])


def _is_judged(code: str, reference: Reference) -> bool:
    return any(each.startswith(code) for each in reference.rules)


def _line_of_order(located: Located, reading: Reading) -> int | None:
    """Return the line on which the order begins that a finding is about, None where it is about none."""
    parts = located.finding.pointer.split("/")
    if "orders" not in parts[:-1]:
        return None
    place = reading.place("/".join(parts[: parts.index("orders") + 2]))
    return place.line if place is not None else None


def _expired(each: Suppression) -> str:
    return f"the suppression of {', '.join(each.codes)} ended on {each.until}: {each.because}"


def _suggestion(unknown: list[str]) -> str:
    from rescuecalc.rules.judging.registry import nearest_code  # noqa: PLC0415  # read already where a file is checked

    return nearest_code(unknown[0])


def _declared() -> frozenset[str]:
    from rescuecalc.rules.judging.registry import RULES  # noqa: PLC0415  # read already where a file is checked

    return frozenset(rule.code for rule in RULES)


def _finding(code: str, message: str, reference: Reference) -> Finding | None:
    """Return a finding of this family, None where its rule is left out."""
    rule = reference.rules.get(code)
    if rule is None:
        return None
    sources = tuple(catalogue.sources()[key] for key in rule.sources)
    return Finding(code, rule.name, rule.severity, message, "", None, None, None, (), sources)


def _located(code: str, message: str, file: str, place: Place | None, reference: Reference) -> Iterator[Located]:
    made = _finding(code, message, reference)
    if made is not None:
        line, column = (place.line, place.column) if place is not None else (None, None)
        made = made._replace(file=file, line=line, column=column)
        yield Located(made, place, f"{file}\n{code}\n{message}")
