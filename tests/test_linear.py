"""Twice the input takes about twice the time: every pattern of the package and every reader, by processor time."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

import rescuecalc
from rescuecalc.engine.baseline import read_baseline
from tests.support import WHOLE, invoke

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.long  # counting lines is not linear itself

MOST: Final = 2.6
"""How many times as long twice the input may take."""
ENOUGH: Final = 0.15
"""Seconds of the once-taken input from which on a ratio means something; the whole runs ask the whole size."""

# --- patterns


def _patterns_of(value: Any, depth: int = 3) -> Iterator[re.Pattern[str]]:
    of = getattr(value, "__self__", value)  # a pattern's bound method, as `re.compile(...).fullmatch`
    if isinstance(of, re.Pattern):
        if isinstance(of.pattern, str):
            yield of
    elif depth and isinstance(value, (tuple, list, set, frozenset, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _patterns_of(each, depth - 1)


def _uses(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the name that a method of ``re`` is called on, or the pattern that it is called with, and the method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in METHODS and isinstance(node.value, ast.Name):
            yield node.value.id, node.attr
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first = node.args[0]
            if getattr(node.func.value, "id", "") == "re" and isinstance(first, ast.Constant):
                yield str(first.value), node.func.attr


METHODS: Final = frozenset({"match", "fullmatch", "search", "split", "sub", "findall", "finditer"})
Uses = dict[re.Pattern[str], set[str]]


def patterns() -> Uses:
    """Return every pattern of the package with the methods that it is used by; all of them where none is seen."""
    modules = [
        importlib.import_module(each.name)
        for each in pkgutil.walk_packages(rescuecalc.__path__, "rescuecalc.")
        if not each.name.endswith("__main__")
    ]
    used: dict[str, set[str]] = {}
    found: Uses = {}
    for module in modules:
        for name, method in _uses(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
            used.setdefault(name, set()).add(method)
    for name in [each for each, methods in used.items() if "compile" not in methods and not each.isidentifier()]:
        found.setdefault(re.compile(name), set()).update(used[name])
    for module in modules:
        for name, value in vars(module).items():
            for one in _patterns_of(value):
                bound = {value.__name__} if getattr(value, "__self__", None) is one else used.get(name, METHODS)
                found.setdefault(one, set()).update(bound)
    return found


PIECES: Final = (
    *(" ", "1", "1 ", "1.", "1.2.3.", "1,", "0,", "-", "a", "a ", "A", "/", "(", "<", "> 1 ", ". ", "; ", ": ", "\t"),
    *("10 mcg/kg ", "10 mcg/kg/min ", "1-1 ", "\u00a0", "1e", "1 to ", "x1", "#", "[", "1 mg in 1 mL ", '"', "\\"),
)
AROUND: Final = (("", "!"), ("1", "!"), ("# rescuecalc:", "\n"))
LONG: Final = 10_000
QUICK: Final = 0.04
"""Seconds; a pattern that takes the square of 10,000 characters takes several times as long."""


def _time(pattern: re.Pattern[str], text: str, method: str) -> float:
    start = time.process_time()
    if method in {"match", "fullmatch"}:
        getattr(pattern, method)(text)
    else:
        for _ in pattern.finditer(text):
            pass
    return time.process_time() - start


def _slow(pattern: re.Pattern[str], methods: set[str]) -> Iterator[str]:
    """Yield what takes more than twice the time for twice the text, the first that is met."""
    words = sorted(set(re.findall(r"[A-Za-z]{2,}", re.sub(r"\\[A-Za-z]", " ", pattern.pattern))))[:6]
    searching = ["finditer"] if methods - {"match", "fullmatch"} else []
    for piece in (*PIECES, *(f"{word} " for word in words)):
        for before, after in AROUND:
            for method in (*sorted(methods & {"match", "fullmatch"}), *searching):
                lengths = (LONG // 8, LONG // 2, LONG)
                first, *texts = [f"{before}{piece * (length // len(piece))}{after}" for length in lengths]
                shortest = _time(pattern, first, method)
                if shortest > QUICK:  # the whole might take hours
                    yield f"{pattern.pattern!r} by {method} of {piece!r}: not tried at length"
                    return
                if shortest * 2 * 8**2 < QUICK:  # quick at length even if it takes the square
                    continue
                if _time(pattern, texts[1], method) < QUICK:
                    continue
                half, all_of_it = (min(_time(pattern, text, method) for _ in range(3)) for text in texts)
                if all_of_it > max(QUICK, MOST * half):
                    yield f"{pattern.pattern!r} by {method} of {piece!r}: {half:.3f} s, {all_of_it:.3f} s"
                    return


def test_every_pattern_takes_time_that_grows_with_the_text_alone() -> None:
    found = patterns()
    assert len(found) > 80
    assert [slow for each, methods in found.items() for slow in _slow(each, methods)] == []


def test_a_pattern_that_takes_the_square_of_its_text_is_seen() -> None:
    # Three tries: on a busy machine half of a text may by chance take as long as all of it.
    for pattern, method in ((r" *x", "search"), (r"then[^;]*?[0-9]mg", "split")):
        assert any(len(list(_slow(re.compile(pattern), {method}))) == 1 for _ in range(3))
    assert list(_slow(re.compile(r" *x"), {"fullmatch"})) == []


# --- readers and rules


def _set(orders: Iterator[dict[str, Any]], **more: Any) -> str:
    return json.dumps({"order_set": "a", "patient": {"weight": "80 kg"}, **more, "orders": list(orders)})


DRIP: Final = {"drug": "tirofiban", "kind": "infusion", "dose_rate_per_kg": "0.15 mcg/kg/min"}
REASON: Final = "# rescuecalc: ignore RC217 until 2099-01-01 because x"
QD: Final = "{drug: aspirin, text: QD}"
ENTRY: Final = '{"resource": {"resourceType": "MedicationRequest", "status": "active"}}'


def _branches(count: int) -> str:
    return _set(
        {**DRIP, "when": {"creatinine_clearance": f"> {each} mL/min and < {each + 1} mL/min"}} for each in range(count)
    )


INPUTS: dict[str, tuple[str, int, Callable[[int], str]]] = {
    "unknown headings": (
        ".csv",
        2_000,
        lambda n: "drug," + ",".join(f"h{each}" for each in range(n)) + "\naspirin" + "," * n,
    ),
    "headings written twice": (".csv", 2_000, lambda n: "drug," + "dose," * n + "id\naspirin" + "," * (n + 1)),
    "a quote that never closes": (".csv", 400_000, lambda n: 'drug,text\naspirin,"' + "x\n" * n),
    "quotes that never close": (".csv", 10_000, lambda n: "drug,text\n" + 'aspirin,"\n' * n),
    "quotes in a cell": (".csv", 200_000, lambda n: "drug,text\naspirin," + '"' * (2 * n)),
    "short rows": (".csv", 2_000, lambda n: "drug,text\n" + "x\n" * n),
    "wide rows": (".csv", 200_000, lambda n: "drug" + "," * n + "\naspirin" + "," * n),
    "rows": (".csv", 200, lambda n: "id,drug,text\n" + "".join(f"{each},aspirin,{each} QD\n" for each in range(n))),
    "rows of a set": (
        ".csv",
        400,
        lambda n: "order_set,id,drug,text\n" + "".join(f"a,{each},aspirin,QD\n" for each in range(n)),
    ),
    "branches": (".json", 600, _branches),
    "branches of which none can be read": (
        ".json",
        600,
        lambda n: _set({**DRIP, "when": {"creatinine_clearance": f"{each} mL"}} for each in range(n)),
    ),
    "drugs": (".json", 600, lambda n: _set({"drug": f"drug{each}", "dose": "1 mg"} for each in range(n))),
    "findings with ids": (
        ".json",
        600,
        lambda n: _set({"id": f"x{each}", "drug": "aspirin", "text": "QD"} for each in range(n)),
    ),
    "unknown fields": (
        ".json",
        2_000,
        lambda n: '{"drug": "a"' + "".join(f', "k{each}": 1' for each in range(n)) + "}",
    ),
    "fields written twice": (
        ".json",
        1_200,
        lambda n: '{"drug": "a"' + "".join(f', "k{each}": 1, "k{each}": 2' for each in range(n)) + "}",
    ),
    "monitoring": (
        ".json",
        1_500,
        lambda n: _set(iter([DRIP]), monitoring=[{"check": f"c{each}"} for each in range(n)]),
    ),
    "a resource of many entries": (
        ".json",
        800,
        lambda n: '{"resourceType": "Bundle", "type": "transaction", "entry": [' + ", ".join([ENTRY] * n) + "]}",
    ),
    "lines": (".jsonl", 200, lambda n: '{"drug": "aspirin", "text": "QD"}\n' * n),
    "empty lines": (".jsonl", 200_000, lambda n: "\n" * n + '{"drug": "aspirin"}\n'),
    "documents": (".yaml", 300, lambda n: "drug: a\n---\n" * n),
    "comments behind orders": (".yaml", 400, lambda n: "order_set: a\norders:\n" + f"- {QD} {REASON}\n" * n),
    "comments above orders": (".yaml", 400, lambda n: "order_set: a\norders:\n" + f"{REASON}\n- {QD}\n" * n),
    "comments that are over": (
        ".yaml",
        400,
        lambda n: "order_set: a\norders:\n" + f"{REASON.replace('2099', '2020')}\n- {QD}\n" * n,
    ),
    "comments alone": (".yaml", 1_500, lambda n: "order_set: a\n" + f"{REASON}\n" * n + f"orders: [{QD}]\n"),
}
for _piece in ("10 mcg/kg ", "1.2.3.", " ", "1 mg/kg/min for ", "then ", "( "):
    INPUTS[f"a text of {_piece!r}"] = (
        ".json",
        4_900,
        lambda n, piece=_piece: json.dumps({**DRIP, "text": f"1{piece * (n // len(piece))}x"}),  # type: ignore[misc]
    )
    INPUTS[f"a band of {_piece!r}"] = (
        ".json",
        4_900,
        lambda n, piece=_piece: json.dumps(
            {**DRIP, "weight": f"46{piece * (n // len(piece))}x", "frequency": piece * (n // len(piece))}
        ),  # type: ignore[misc]
    )


def _check(ending: str, text: str) -> float:
    start = time.process_time()
    outcome = invoke("check", "-", "--stdin-filename", f"a{ending}", "--format", "jsonl", stdin=text)
    assert outcome.exit_code in (0, 1, 3)
    return time.process_time() - start


def _ratio(measured: Callable[[int], float], size: int) -> float:
    """Return the smallest of some ratios: another process may slow one down, and none makes one quicker."""
    ratios = []
    size, once = (size, measured(size)) if WHOLE else _long_enough(measured, size // 16)
    for place in range(6):
        once, twice = measured(size) if place else once, measured(2 * size)
        ratios.append(twice / max(once, 0.02))  # below that it is the command itself that is measured
        if ratios[-1] < MOST:
            break
    return min(ratios)


def _long_enough(measured: Callable[[int], float], size: int) -> tuple[int, float]:
    """Return the first of some sizes that takes long enough, at most half of the whole one, and what it took."""
    for factor in (1, 2, 4):
        if (took := measured(size * factor)) > ENOUGH:
            return size * factor, took
    return size * 8, measured(size * 8)


@pytest.mark.parametrize("name", INPUTS)
def test_twice_the_input_takes_about_twice_the_time(name: str) -> None:
    ending, size, made = INPUTS[name]
    invoke("check", "-", stdin="{drug: tirofiban, text: QD}")  # reads the rules once
    assert _ratio(lambda n: _check(ending, made(n)), size) < MOST


def test_twice_the_baseline_takes_about_twice_the_time(tmp_path: Path) -> None:
    file = tmp_path / "b.json"

    def measured(entries: int) -> float:
        found = [{"file": "a.yaml", "code": "RC217", "fingerprint": str(each), "count": 1} for each in range(entries)]
        file.write_text(json.dumps({"schema": "rescuecalc.baseline.1", "findings": found}), encoding="utf-8")
        start = time.process_time()
        read_baseline(file)
        return time.process_time() - start

    assert _ratio(measured, 20_000) < MOST


LIMITS: Final = "12.5 mg,250 mL,mcg/kg/min,0.075,0.15,0.16"
LIBRARIES: Final[dict[str, Callable[[int], str]]] = {
    "equal entries": lambda _: f"A,tirofiban,,,{LIMITS}",
    "areas beside entries of none": lambda n: f"{'' if n % 2 else f'A{n}'},tirofiban,,,{LIMITS}",
    "conditions that meet": lambda n: f"A,tirofiban,t{n},> {n / 100:.2f} mL/min,{LIMITS}",
    "conditions apart": lambda n: f"A,tirofiban,t{n},> {2 * n} mL/min and < {2 * n + 1} mL/min,{LIMITS}",
    "units mixed up": lambda n: f"A,x,,,{n + 1} mg,250 mL,mcg/kg/{'h' if n % 2 else 'min'},0.075,0.15,0.16",
    "slips of one row": lambda n: f"A,x,t{n},,{'12.5 mg,250 mL,mg/h,1000,2000,3000' if n else LIMITS}",
}


@pytest.mark.parametrize("name", LIBRARIES)
def test_twice_the_library_takes_about_twice_the_time(name: str, tmp_path: Path) -> None:
    file = tmp_path / "l.csv"
    heading = "care_area,drug,therapy,creatinine_clearance,amount,volume,dose_unit,soft_min,soft_max,hard_max"

    def measured(rows: int) -> float:
        file.write_text("\n".join((heading, *map(LIBRARIES[name], range(rows)))), encoding="utf-8")
        start = time.process_time()
        assert invoke("library", "check", str(file), "--format", "jsonl").exit_code in (0, 1)
        return time.process_time() - start

    measured(2)
    assert _ratio(measured, 400 if WHOLE else 60) < MOST


def test_a_count_of_the_baseline_is_one_finding_however_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("{drug: aspirin}", encoding="utf-8")
    entry = {"file": "a.yaml", "code": "RC217", "fingerprint": "0" * 32, "count": 10_000_000}
    Path("b.json").write_text(json.dumps({"schema": "rescuecalc.baseline.1", "findings": [entry]}), encoding="utf-8")
    start = time.process_time()
    [finding] = invoke("check", "a.yaml", "--baseline", "b.json", "--format", "json").json["findings"]
    assert time.process_time() - start < 2
    assert (finding["code"], "10,000,000 findings of RC217" in finding["message"]) == ("RC905", True)


def test_a_quote_that_never_closes_is_one_finding_and_ends_the_file() -> None:
    text = 'drug,text\naspirin,QD\naspirin,"' + "x\n" * 1_000_000
    outcome = invoke("check", "-", "--stdin-filename", "a.csv", "--format", "json", "--select", "RC217", stdin=text)
    assert outcome.exit_code == 3
    assert [(each["code"], each["line"]) for each in outcome.json["findings"]] == [("RC217", 2), ("RC102", 3)]
    assert "the rest of the file was not read" in outcome.json["findings"][1]["message"]
