"""A rule is one declared object: its page, its JSON and its findings are renderings of it."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Final, NamedTuple

from rescuecalc.core.literature.source import Source
from rescuecalc.core.orders.findings.finding import Alternative, ExpectedRange, Severity
from rescuecalc.rules.base.knowledge import Subject

FIRST_RELEASE: Final = "0.1.0"


class Hit(NamedTuple):
    """What a rule's check yields; the judge makes a finding of it with the rule's code.

    Without ``sources`` the finding has those of its rule, without ``severity`` the rule's own. Hits of one ``cause``
    are one mistake, wherever they stand: the first of a rule is reported, and none beside one that the rule yields to.
    """

    message: str
    sources: tuple[Source, ...]
    pointer: str = ""
    found: str | None = None
    expected: str | None = None
    factor: Fraction | None = None
    slip: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    expected_range: ExpectedRange | None = None
    severity: Severity | None = None
    cause: str = ""


class CodedHit(NamedTuple):
    """A hit and the code of the rule that reports it, where one piece of work yields the hits of several rules."""

    code: str
    hit: Hit


class Rule(NamedTuple):
    """One rule. ``name`` is the problem, never the remedy.

    ``fails`` and ``passes`` run as tests: a command, or what `check` reads, as in ``{drug: tirofiban, dose: 800 mcg}``.
    ``of_defects`` says that it tells nothing but what the reader met. ``severities`` are those besides its own that a
    hit may carry. ``of_set`` says that it judges the orders of all drugs of a set together, which share one weight.
    ``checks``, ``why``, ``remedy`` and ``limits`` may have slots (rule_text.py). ``since`` is the release that brought
    the rule; a ``preview`` rule is judged like any other, and may still change or go in a minor release.
    ``yields_to`` are the rules whose finding about the same mention or of the same cause says more, ``follows`` those
    whose finding is about what that mention was worked out from: one mistake is told once. ``of_library`` says that it
    judges a pump library itself, and no order set.
    """

    code: str
    name: str
    severity: Severity
    since: str
    sources: tuple[str, ...]
    checks: str
    why: str
    fails: str
    passes: str
    remedy: str
    limits: str
    check: Callable[[Subject], Iterable[Hit]]
    of_defects: bool = False
    severities: tuple[Severity, ...] = ()
    of_set: bool = False
    preview: bool = False
    yields_to: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    of_library: bool = False

    def severity_of(self, hit: Hit) -> Severity:
        """Return the severity of a hit of this rule.

        Raises ValueError for one that the rule does not declare: its page would then promise something else.
        """
        if hit.severity is None or hit.severity in {self.severity, *self.severities}:
            return hit.severity or self.severity
        raise ValueError(f"{self.code} does not declare the severity {hit.severity} of {hit.message!r}")


def declared(
    code: str,
    name: str,
    severity: Severity,
    check: Callable[[Subject], Iterable[Hit]],
    sources: str,
    *,
    of_defects: bool = False,
    severities: tuple[Severity, ...] = (),
    of_set: bool = False,
    since: str = FIRST_RELEASE,
    preview: bool = False,
    yields_to: str = "",
    follows: str = "",
    **texts: str,
) -> Rule:
    """Return a rule; ``texts`` are its other fields.

    ``sources`` are ids, ``yields_to`` and ``follows`` codes, each divided by spaces. One that comes later than the
    first release says ``since`` when; a test names the rule that forgets it.
    """
    cited = tuple(sources.split())
    return Rule(
        code=code,
        name=name,
        severity=severity,
        since=since,
        sources=cited,
        check=check,
        of_defects=of_defects,
        severities=severities,
        of_set=of_set,
        preview=preview,
        yields_to=tuple(yields_to.split()),
        follows=tuple(follows.split()),
        of_library=False,
        **texts,
    )


def is_command(example: str) -> bool:
    """Whether a rule's example is a command; else it is an order, an order set or a CSV."""
    return example.partition(" ")[0].isalpha()


def example_set(*orders: str, more: str = "") -> str:
    """Return an order set of ``orders``, the fields of each as YAML, for a rule's example; ``more`` are its own fields.

    ``more`` begins with a comma: ``, patient: {weight: 80 kg}``.
    """
    return f"{{order_set: Example{more}, orders: [{', '.join(f'{{{each}}}' for each in orders)}]}}"
