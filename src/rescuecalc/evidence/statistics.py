"""What can be recomputed from printed counts and intervals, by statsmodels and scipy; each method by its name.

Differences and ratios only from counts of two arms, never pooled, never from adjusted or matched percentages. Nothing
here is used for a dose: binary floats are good enough to hold a printed p value against.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.quantities.decimal_text import plain, significant
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from rescuecalc.core.literature.study import Counts, Outcome

HUNDREDFOLD: Final = 100
_DIGITS: Final = 3
NEEDED: Final = "evidence compare and evidence check need statsmodels: pip install 'rescuecalc[evidence]'"

METHODS: Final = {
    "risk_difference": ("diff", "newcomb", "Newcombe's hybrid score interval (Newcombe 1998)"),
    "risk_ratio": ("ratio", "log", "interval of the logarithm (Katz 1978)"),
    "odds_ratio": ("odds-ratio", "logit", "interval of the logarithm (Woolf 1955)"),
}
"""Each measure: what statsmodels compares, by which of its methods, and how the method is called."""

ZERO_CELLS: Final = "where a cell is zero 0.5 is added to every cell of a ratio (Haldane-Anscombe)"
LIBRARY: Final = "statsmodels, confint_proportions_2indep; scipy, chi2_contingency and fisher_exact"


class Estimate(NamedTuple):
    """A difference (in percentage points) or a ratio with its 95 % interval, to three significant digits."""

    value: Decimal
    low: Decimal
    high: Decimal

    @property
    def uninformative(self) -> bool:
        """Whether the interval of a ratio spans a hundredfold."""
        return self.low > 0 and self.high / self.low >= HUNDREDFOLD


class Comparison(NamedTuple):
    """Two arms compared."""

    risk_difference: Estimate
    risk_ratio: Estimate
    odds_ratio: Estimate


class Recomputed(NamedTuple):
    """What a printed figure was recomputed to: in words, and whether a named method agrees with what is printed."""

    words: str
    agrees: bool


def available() -> None:
    """Raise InputError that says what to install where the statistics library is missing."""
    try:
        import statsmodels.stats.proportion  # type: ignore[import-untyped]  # noqa: F401, PLC0415  # an extra
    except ImportError:
        raise InputError(NEEDED) from None


def _decimal(number: float) -> Decimal:
    """Return three significant digits, rounded half up: more would claim what such counts do not hold."""
    exact = Fraction(float(number))
    shown = Decimal(plain(significant(abs(exact), _DIGITS)))
    return -shown if exact < 0 else shown


def comparison(counts: Counts) -> Comparison:
    """Return risk difference, risk ratio and odds ratio of the first arm against the second."""
    from statsmodels.stats.proportion import confint_proportions_2indep as interval  # noqa: PLC0415

    (a, b), (n, m) = counts.events, counts.of
    zero = 0 in (a, b, n - a, m - b)
    found = {}
    for name, (compare, method, _) in METHODS.items():
        ratio = compare != "diff"
        adjusted = f"{method}-adjusted" if zero and ratio else method
        low, high = interval(a, n, b, m, compare=compare, method=adjusted)
        half = 0.5 if zero and ratio else 0.0
        value = _point(compare, (a + half, n - a + half, b + half, m - b + half))
        scale = 1 if ratio else 100
        found[name] = Estimate(*(_decimal(each * scale) for each in (value, low, high)))
    return Comparison(**found)


def _point(compare: str, cells: tuple[float, float, float, float]) -> float:
    a, b, c, d = cells
    if compare == "odds-ratio":
        return (a / b) / (c / d)
    first, second = a / (a + b), c / (c + d)
    return first - second if compare == "diff" else first / second


def from_counts(counts: Counts, printed: str) -> Recomputed:
    """Return the p value of two arms by three tests, and whether one of them rounds to what is printed."""
    from scipy.stats import chi2_contingency, fisher_exact  # type: ignore[import-untyped]  # noqa: PLC0415

    table = [[k, n - k] for k, n in zip(counts.events, counts.of, strict=True)]
    found = {
        "chi-squared": float(chi2_contingency(table, correction=False).pvalue),
        "chi-squared with Yates's correction": float(chi2_contingency(table).pvalue),
        "Fisher's exact test": float(fisher_exact(table).pvalue),
    }
    agreeing = [name for name, p in found.items() if _rounds_to(p, printed)]
    words = ", ".join(f"{_p(p)} by {name}" for name, p in found.items())
    return Recomputed(f"{words}: {_verdict(printed, agreeing)}", bool(agreeing))


def _verdict(printed: str, agreeing: list[str]) -> str:
    return (
        f"the printed {printed} is by {' or '.join(agreeing)}" if agreeing else f"none rounds to the printed {printed}"
    )


def _p(value: float) -> str:
    smallest = 0.001
    return "p<0.001" if value < smallest / 2 else f"p={value:.3f}"


def _rounds_to(p: float, printed: str) -> bool:
    low, high = _printed_range(printed)
    return low <= p < high or (printed.startswith("<") and p < high)


def _printed_range(printed: str) -> tuple[float, float]:
    """Return what a printed number may have been before rounding."""
    if printed.startswith("<"):
        return 0.0, float(printed[1:])
    # 0.05 may have been anything from 0.045 to 0.055: a p value that is printed in two digits proves no third one.
    half = 0.5 * 10 ** -len(printed.partition(".")[2])
    return float(printed) - half, float(printed) + half


def from_interval(outcome: Outcome) -> Recomputed | None:
    """Return what the 95 % interval of a printed ratio implies: its centre and p; None where none is printed.

    The interval of a ratio is symmetric on the logarithm; an adjusted model or another test may give another p.
    """
    estimate = _ratio(outcome)
    if estimate is None or outcome.interval is None:
        return None
    ends = [_printed_range(end) for end in outcome.interval.split("-")]
    implied = [_implied(low, high) for low, high in product(*ends)]
    centre, p = _implied(*(float(end) for end in outcome.interval.split("-")))
    words, agrees = f"the interval implies a centre of {_short(centre)}", _overlap([c for c, _ in implied], estimate)
    if outcome.p is not None:
        words += f" and {_p(p)}"
        agrees = agrees and _overlap([each for _, each in implied], outcome.p)
    against = f"{estimate}, p={outcome.p}" if outcome.p is not None else estimate
    return Recomputed(f"{words}; printed {against.replace('=<', '<')}", agrees)


def _ratio(outcome: Outcome) -> str | None:
    word, _, number = outcome.figure.rpartition(" ")
    return number if word.endswith(("OR", "HR")) else None


def _short(number: float) -> str:
    return f"{number:.3g}"


def _implied(low: float, high: float) -> tuple[float, float]:
    from scipy.stats import norm  # noqa: PLC0415

    # The interval of a ratio is symmetric on the logarithm, so that its centre is the geometric mean.
    centre = math.sqrt(low * high)
    error = math.log(high / low) / (2 * float(norm.ppf(0.975)))
    return centre, 2 * float(norm.sf(abs(math.log(centre)) / error))


def _overlap(found: list[float], printed: str) -> bool:
    low, high = _printed_range(printed)
    return min(found) <= high and low <= max(found)


def recomputed(outcome: Outcome) -> Recomputed | None:
    """Return what can be recomputed of an outcome, None where nothing can."""
    if outcome.counts is not None and outcome.p is not None:
        return from_counts(outcome.counts, outcome.p)
    return from_interval(outcome)
