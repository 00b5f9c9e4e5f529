"""Known answers, asked on the machine that runs: units, formulas, protocols, and the examples of every rule."""

from __future__ import annotations

import shlex
import traceback
from fractions import Fraction
from functools import cache, partial
from io import BytesIO
from itertools import product as each_of
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.catalogue.catalogue import DATA
from rescuecalc.catalogue.files.table import parse
from rescuecalc.core.quantities.decimal_text import number_and_unit
from rescuecalc.core.quantities.formula import product, product_over, quotient
from rescuecalc.core.quantities.quantity import unchanged
from rescuecalc.core.quantities.unit_factors import COMBINATIONS, SIZES
from rescuecalc.core.quantities.units import (
    closed_units,
    factor_by_pint,
    pint_unit,
    quantity_of_text,
    size_by_pint,
    tabled_factor,
    unit,
)
from rescuecalc.engine.lint_runner import tally
from rescuecalc.engine.references import RunReferences, TypedOptions
from rescuecalc.errors import RescuecalcError
from rescuecalc.readers.input_paths import STDIN, files
from rescuecalc.rules.base.rule import is_command
from rescuecalc.rules.judging.registry import RULES
from rescuecalc.rules.judging.written_judge import panel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rescuecalc.core.quantities.units import Unit
    from rescuecalc.rules.base.rule import Rule

    Ask = Callable[[list[str]], Mapping[str, Any]]

KINDS: Final = ("units", "formulas", "protocols", "rules")

EXPRESSIONS: Final = {each.__name__: each for each in (unchanged, product, quotient, product_over)}
"""The formulas of which the table of unit factors speaks, by their names."""

_AS_OF: Final = "2026-11-24"
"""The date that examples are judged on: one that they name must not pass with the calendar."""

_EVERY: Final = "*"

_SOURCES: Final = "docs/"

_SUPPRESSIONS: Final = "RC9"


class Answer(NamedTuple):
    """One known answer: what it is ``of``, what was asked, the ``place`` of the answer, what is right and what came."""

    kind: str
    of: str
    asks: str
    place: str
    expected: str
    found: str

    @property
    def is_right(self) -> bool:
        """Whether what came is what is known."""
        return self.found == self.expected


class SelfTest(NamedTuple):
    """All answers, and the examples that need files of the sources and were not asked."""

    answers: tuple[Answer, ...]
    left_out: tuple[str, ...]


def self_test(ask: Ask, known: Path = DATA / "known_answers.toml", kinds: Sequence[str] = KINDS) -> SelfTest:
    """Return every answer of ``kinds``; ``ask`` runs a command, given as its arguments, and returns its document.

    It raises nothing: what cannot be asked, the file of the known answers included, is an answer that is wrong.
    """
    made = {
        "units": _units(known),
        "formulas": _run_cases("formulas", known, ask),
        "protocols": _run_cases("protocols", known, ask),
        "rules": _rules(ask),
    }
    answers = [answer for kind in kinds for answer in _all(kind, made[kind])]
    left_out = tuple(each.code for each in RULES if _needs_files(each.fails) or _needs_files(each.passes))
    return SelfTest(tuple(answers), left_out)


def _all(kind: str, answers: Iterator[Answer]) -> list[Answer]:
    """Return the answers of one kind; one that stops the others from being asked is wrong itself."""
    found: list[Answer] = []
    try:
        found.extend(answers)
    except Exception as failure:  # noqa: BLE001  # a self-test that crashes has found what it was run for
        found.append(Answer(kind, kind, "known_answers.toml", "", "can be asked", _failed(failure)))
    return found


def _failed(failure: Exception) -> str:
    if isinstance(failure, RescuecalcError):
        return str(failure)
    last = traceback.extract_tb(failure.__traceback__)[-1]
    return f"{type(failure).__name__} at {Path(last.filename).name}:{last.lineno}"


def _or_failure(found: Callable[[], str]) -> str:
    try:
        return found()
    except Exception as failure:  # noqa: BLE001  # as in _all
        return _failed(failure)


@cache
def _known(file: Path) -> dict[str, Any]:
    """Return the known answers of all kinds; CatalogueError as for any file of the catalogue."""
    return parse(file)


def _units(known: Path) -> Iterator[Answer]:
    for each in _known(known)["units"]:
        asked, right = each["is"], each["as"]
        name = number_and_unit(asked)[1]
        yield Answer("units", name, asked, right, right, _or_failure(partial(_converted, asked, right)))
        code = each.get("ucum", "none")
        yield Answer("units", name, asked, "UCUM", code, _or_failure(partial(_code, name)))
    yield from _factors()


def _factors() -> Iterator[Answer]:
    """Yield of each entry of the table of unit factors whether pint, as it is installed here, gives the same."""
    units: dict[str, list[Unit]] = {}
    for each in closed_units():
        dimension, *size = SIZES[each.name]
        units.setdefault(dimension, []).append(each)
        known = f"{Fraction(*size)} {dimension}"
        yield Answer("units", each.name, "size", "table", known, _or_failure(partial(_size, each)))
    for name, *inputs, result in sorted(COMBINATIONS):
        given = [units[each] for each in inputs]
        asked = partial(_differing, EXPRESSIONS[name], given, units[result][-1])
        yield Answer("units", f"{name} of {' and '.join(inputs)}", result, "table", _BY_PINT, _or_failure(asked))


_BY_PINT: Final = "as pint combines them"


def _size(of: Unit) -> str:
    dimension, size = size_by_pint(of)
    return f"{size} {dimension}"


@cache
def _one_by_pint(of: Unit) -> Fraction:
    return size_by_pint(of)[1]


def _differing(expression: Callable[..., Any], given: Sequence[Sequence[Unit]], result: Unit) -> str:
    """Return the first units of which the factor is another than pint's.

    Pint combines the first units of each dimension; the others differ from them by the sizes that it gives.
    """
    first = tuple(units[0] for units in given)
    by_pint = factor_by_pint(expression, first, result) / expression(*map(_one_by_pint, first))
    for inputs in each_of(*given):
        if tabled_factor(expression, inputs, result) != by_pint * expression(*map(_one_by_pint, inputs)):
            return f"another for {' and '.join(each.name for each in inputs)} in {result.name}"
    return _BY_PINT


def _code(name: str) -> str:
    return unit(name).ucum or "none"


def _converted(asked: str, right: str) -> str:
    """Return what was asked in the unit of the right answer, in its words where it is the same number."""
    number, name = number_and_unit(right)
    found: Fraction = quantity_of_text(asked).to(pint_unit(unit(name))).magnitude
    return right if found == Fraction(number) else f"{found} {name}"


def _run_cases(kind: str, known: Path, ask: Ask) -> Iterator[Answer]:
    for each in _known(known)[kind]:
        document: Mapping[str, Any] = {}
        failure = ""
        try:
            document = ask(shlex.split(each["asks"]))
        except Exception as reason:  # noqa: BLE001  # as in _all
            failure = _failed(reason)
        for line in each["gives"]:
            place, _, right = line.partition(" = ")
            found = failure or " | ".join(map(_text, _at(document, place.split("."))))
            yield Answer(kind, each["of"], each["asks"], place, right, found)


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    """Yield what stands at a path of a document; a place that there is not is an answer too, and no right one."""
    if not path:
        yield value
    elif path[0] == _EVERY:
        for each in value if isinstance(value, list) else ():
            yield from _at(each, path[1:])
    elif isinstance(value, list):
        yield from _at(value[int(path[0])], path[1:]) if int(path[0]) < len(value) else ("not there",)
    else:
        yield from _at(value[path[0]], path[1:]) if isinstance(value, dict) and path[0] in value else ("not there",)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return f"{value.get('value')} {value.get('unit')}"
    return str(value)


def _needs_files(example: str) -> bool:
    """Whether an example reads files that come with the sources, which an installation has not."""
    return is_command(example) and f" {_SOURCES}" in example


def _rules(ask: Ask) -> Iterator[Answer]:
    known = dict[str, frozenset[str] | str]()
    of = _rules_by_example()
    references = RunReferences(TypedOptions((), (), None, None, None, None, _AS_OF, isolated=True))
    for rule in RULES:
        for place, example in (("fails", rule.fails), ("passes", rule.passes)):
            if _needs_files(example):
                continue
            if example not in known:
                known[example] = _codes(example, of[example], ask, references)
            codes, right = known[example], "found" if place == "fails" else "not found"
            found = codes if isinstance(codes, str) else "found" if rule.code in codes else "not found"
            yield Answer("rules", rule.code, example, place, right, found)


def _rules_by_example() -> dict[str, list[Rule]]:
    """Return the rules of each example, of which many are shared by several rules."""
    of: dict[str, list[Rule]] = {}
    for rule in RULES:
        for example in (rule.fails, rule.passes):
            of.setdefault(example, []).append(rule)
    return of


def _codes(example: str, own: Iterable[Rule], ask: Ask, references: RunReferences) -> frozenset[str] | str:
    """Return the codes that are found in an example by its own rules, or why it could not be judged.

    The other rules would say nothing of what is asked here, and take most of the time; a suppression is of any rule.
    """
    try:
        if is_command(example):
            return frozenset(each["code"] for each in ask(shlex.split(example))["findings"])
        read = files([STDIN], None)
        every = references.of(read[0])
        of_suppressions = any(rule.code.startswith(_SUPPRESSIONS) for rule in own)
        reference = every if of_suppressions else every._replace(panel=panel(own))
        total = tally(read, BytesIO(example.encode()), lambda _: reference)
        return frozenset(each.finding.code for each in total.listed)
    except Exception as failure:  # noqa: BLE001  # as in _all
        return _failed(failure)
