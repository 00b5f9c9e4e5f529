"""How well `check` does on random orders: python -m tests.order_model.measure --sets 100000 --seed 1 [--json].

Makes so many correct order sets and as many with one slip, and prints what is found in them; `--incidents` adds the
frozen orders of incidents. `--jobs 2` shares the sets among processes; the figures are the same. `--confused 20` prints
the commonest ways in which another field is blamed than the one that the slip was made in.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

from tests.order_model.generator import correct, slipped
from tests.order_model.impossible import impossible
from tests.order_model.incidents import tried
from tests.order_model.judging import judged, written
from tests.order_model.oracle import Verdict, passes_range, verdict
from tests.order_model.sheet import ROUNDINGS
from tests.order_model.silent import removals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.order_model.generator import Case
    from tests.order_model.judging import Found
    from tests.order_model.slips import Planted

_PART: Final = 2000
_MOST_ALTERNATIVES: Final = 2
_CELL: Final = "confused: "
_JUDGED: Final = ("fine", "digit")
"""The roundings that a correct set may have; what is moved further is another dose, or was rounded carelessly."""

Figures = dict[str, float | int | None]


def tally(sets: int, seed: int, begin: int = 0) -> Counter[str]:
    """Return the counts of so many correct and so many slipped order sets, from number ``begin`` on."""
    return _of_correct(list(correct(seed, sets, begin))) + _of_slipped(list(slipped(seed, sets, begin)))


def _of_correct(cases: Sequence[Case]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for case, found in zip(cases, judged([case.order_set for case in cases]), strict=True):
        severities = {each.severity for each in found}
        counts[f"correct {case.rounding}"] += 1
        counts[f"correct {case.rounding} error"] += "error" in severities
        counts[f"correct {case.rounding} warning"] += "warning" in severities
        counts["correct feasible"] += verdict(case.order_set) is Verdict.FEASIBLE
    return counts


def _of_slipped(cases: Sequence[Case]) -> Counter[str]:
    counts: Counter[str] = Counter()
    fixed: list[tuple[dict[str, Any], list[Found]]] = []
    told = list(judged([case.order_set for case in cases]))
    for case, found in zip(cases, told, strict=True):
        errors = [each for each in found if each.severity == "error"]
        seen = verdict(case.order_set)
        counts[f"slipped {seen}"] += 1
        counts[f"slipped {seen} error"] += bool(errors)
        changed = written(case.order_set, errors[0]) if errors else None
        if case.planted is not None and seen is Verdict.INFEASIBLE:
            counts += _blamed(case.order_set, case.planted, errors)
            counts += confused(case, case.planted, errors, changed)
        if errors:
            counts["heals told"] += errors[0].expected is not None
            counts["outside"] += changed is not None and passes_range(changed, errors[0].pointer)
            if changed is not None and _may_heal(case):
                fixed.append((changed, errors))
    return counts + _healed(fixed) + removals(cases, told)


def _may_heal(case: Case) -> bool:
    """Whether one number is all that is wrong: nothing was worked out from it, and nothing rounded to another dose."""
    return case.planted is not None and not case.planted.followed and case.rounding in _JUDGED


def _blamed(order_set: dict[str, Any], slip: Planted, errors: Sequence[Found]) -> Counter[str]:
    """Return what the first error blames, and what it names."""
    counts: Counter[str] = Counter({"visible": 1, f"visible {'named' if slip.name else 'nameless'}": 1})
    if not errors:
        return counts
    first = errors[0]
    right = first.pointer == slip.pointer
    named = bool(slip.name) and any(slip.name in each.slips for each in errors)
    counts["errors"] += len(errors)
    counts["alternatives"] += len(first.alternatives)
    counts["many alternatives"] += len(first.alternatives) > _MOST_ALTERNATIVES
    counts["right first"] += right
    counts["right only"] += right and len(errors) == 1
    counts["right among"] += right or slip.pointer in first.alternatives
    counts["right any"] += any(slip.pointer in {each.pointer, *each.alternatives} for each in errors)
    counts["named"] += named
    counts["named where right"] += right and slip.name in first.slips
    counts["right with a name"] += right and bool(slip.name)
    counts["impossible"] += any(impossible(order_set, each.pointer, name) for each in errors for name in each.slips)
    return counts


def confused(case: Case, slip: Planted, errors: Sequence[Found], changed: dict[str, Any] | None) -> Counter[str]:
    """Return what is blamed in place of the slip; ``changed`` is the set with what the first error expects.

    Where the oracle takes that for true as well, nobody could tell the two repairs apart but by how likely each is.
    """
    first = errors[0] if errors else None
    if first is not None and first.pointer == slip.pointer:
        return Counter()
    kind, drug = "patient", "any"
    if slip.order >= 0:
        order = case.order_set["orders"][slip.order]
        kind, drug = order["kind"], order["drug"]
    blamed = "nothing"
    if first is not None:
        other = first.pointer.split("/")[:3] != slip.pointer.split("/")[:3]
        blamed = f"{'another order: ' if other else ''}{first.pointer.rpartition('/')[2]}"
    fields = f"{_CELL}{slip.pointer.rpartition('/')[2]} -> {blamed}"
    followed = ", followed" if slip.followed else ""
    counts = Counter({fields: 1, f"{fields}: {slip.name or 'no name'}{followed}; {kind} {drug}, {case.weight}": 1})
    counts["as true"] += changed is not None and verdict(changed) is Verdict.FEASIBLE
    return counts


def _healed(fixed: Sequence[tuple[dict[str, Any], list[Found]]]) -> Counter[str]:
    """Return in how many sets writing what the first error expects ends it, and brings no other."""
    counts: Counter[str] = Counter()
    for (_, before), after in zip(fixed, judged([changed for changed, _ in fixed]), strict=True):
        left = {(each.code, each.pointer) for each in after if each.severity == "error"}
        known = {(each.code, each.pointer) for each in before}
        gone = (before[0].code, before[0].pointer) not in left
        counts["heals tried"] += 1
        counts["heals"] += gone and left <= known
        counts["heals but brings another"] += gone and not left <= known
    return counts


def figures(counts: Counter[str]) -> Figures:
    """Return the figures in per cent, each beside the count that it is of."""
    exact = [f"correct {each}" for each in _JUDGED]
    visible, found = counts["visible"], counts[f"slipped {Verdict.INFEASIBLE} error"]
    slipped_sets = sum(counts[f"slipped {each}"] for each in Verdict)
    made: Figures = {
        "correct sets": sum(counts[f"correct {each}"] for each in ROUNDINGS),
        "correct: feasible by the oracle %": _share(
            counts["correct feasible"], sum(counts[f"correct {each}"] for each in ROUNDINGS)
        ),
    }
    for name in ("error", "warning"):
        made[f"correct, rounded by 5 % or half a digit: {name}s %"] = _share(
            sum(counts[f"{each} {name}"] for each in exact), sum(counts[each] for each in exact)
        )
        for each in ROUNDINGS:
            made[f"correct, {each}: {name}s %"] = _share(counts[f"correct {each} {name}"], counts[f"correct {each}"])
    return made | {
        "slipped sets": slipped_sets,
        "slipped: nobody can see it %": _share(counts[f"slipped {Verdict.FEASIBLE}"], slipped_sets),
        "slipped: nobody can see it, and yet an error %": _share(
            counts[f"slipped {Verdict.FEASIBLE} error"], counts[f"slipped {Verdict.FEASIBLE}"]
        ),
        "slipped: seen only within 5 % of one number %": _share(counts[f"slipped {Verdict.NEAR}"], slipped_sets),
        "visible slips": visible,
        "visible: found as an error %": _share(found, visible),
        "visible: right field first %": _share(counts["right first"], visible),
        "visible: right field, and no other error %": _share(counts["right only"], visible),
        "visible: right field first or its alternative %": _share(counts["right among"], visible),
        "visible: another field first, whose repair the oracle takes for true too %": _share(
            counts["as true"], visible
        ),
        "visible: right field in some error %": _share(counts["right any"], visible),
        "visible: errors a set": _mean(counts["errors"], found),
        "visible: alternatives a set": _mean(counts["alternatives"], found),
        "visible: sets with more than two alternatives": counts["many alternatives"],
        "slip named, of those planted with a name %": _share(counts["named"], counts["visible named"]),
        "slip named, where the right field is first %": _share(
            counts["named where right"], counts["right with a name"]
        ),
        "sets where a slip is named that cannot be made there": counts["impossible"],
        "expected is told %": _share(counts["heals told"], _errors(counts)),
        "writing expected heals, and brings nothing new %": _share(counts["heals"], counts["heals tried"]),
        "writing expected brings another error %": _share(counts["heals but brings another"], counts["heals tried"]),
        "sets where a dose outside its published range is expected": counts["outside"],
        "right numbers taken from sets in which nothing is found": counts["removals"],
        "found only once a right number is taken away %": _share(counts["removals found"], counts["removals"]),
        "another order is wrong once a right number is taken away %": _share(
            counts["removals elsewhere"], counts["removals"]
        ),
    }


def _errors(counts: Counter[str]) -> int:
    return sum(counts[f"slipped {each} error"] for each in Verdict)


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 3) if whole else None


def _mean(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def counted(sets: int, seed: int, jobs: int = 1) -> Counter[str]:
    """Return the counts of all sets, made in parts and, where asked, by several processes."""
    begins = range(0, sets, _PART)
    sizes = [min(_PART, sets - begin) for begin in begins]
    if jobs == 1:
        return sum(map(tally, sizes, repeat(seed), begins), Counter())
    with ProcessPoolExecutor(jobs) as pool:
        return sum(pool.map(tally, sizes, repeat(seed), begins), Counter())


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sets", type=int, default=_PART, help="how many correct, and as many slipped")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--incidents", action="store_true", help="the orders of incidents instead of random ones")
    parser.add_argument("--confused", type=int, default=0, help="so many of the commonest wrong fields, too")
    given = parser.parse_args()
    counts = Counter[str]() if given.incidents else counted(given.sets, given.seed, given.jobs)
    made: Figures = tried() if given.incidents else figures(counts)
    if given.json:
        sys.stdout.write(f"{json.dumps(made, indent=1)}\n")
    else:
        sys.stdout.writelines(_lines(made))
    cells = Counter({name: count for name, count in counts.items() if name.startswith(_CELL)})
    sys.stdout.writelines(f"{count:>6}  {name}\n" for name, count in cells.most_common(given.confused))
    return 0


def _lines(made: Figures) -> Iterator[str]:
    for name, value in made.items():
        yield f"{name:<76} {'-' if value is None else f'{value:,}':>12}\n"


if __name__ == "__main__":
    sys.exit(main())
