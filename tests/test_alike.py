"""What is found of an order set because one like it was judged is what the judge finds of it."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from fractions import Fraction
from itertools import chain, islice
from math import lcm, prod
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks import orders as benchmark_orders
from rescuecalc.core.orders.bounds import between
from rescuecalc.core.orders.traced_order import Taken
from rescuecalc.core.quantities.digit_patterns import DigitReaders
from rescuecalc.core.quantities.guard import Guard
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.needed_words import needed
from rescuecalc.core.quantities.traced import Ratio, Terms, Trace, Untraceable
from rescuecalc.core.quantities.traced_smaller import Smaller
from rescuecalc.engine import verdict_cache as alike
from rescuecalc.engine.verdict_cache import Judgement, Verdicts
from rescuecalc.readers import row_shape
from rescuecalc.rules.completeness import set_contents
from rescuecalc.rules.facts.set_name import name_to_rules
from tests.bench_check import HEADINGS, rows
from tests.corpus import order_sets, planted
from tests.support import FEW, invoke, judged_sets, lazy_patterns, share
from tests.test_needed_words import corpus_lines, patterns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rescuecalc.readers.document_reading import Reading

pytestmark = pytest.mark.core


@pytest.fixture(autouse=True)
def _small_files_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "_FEW", 0)


def alone(verdicts: Verdicts, read: Reading) -> Judgement:
    found: Judgement = verdicts._judge(read.order_set())  # noqa: SLF001  # the judge itself
    return found


def checked(
    text: str, *options: str, of: Callable[..., Any] | None = None, form: str = "jsonl", as_name: str = "a.csv"
) -> str:
    """Return what `check` says of a file; with ``of``, each order set is looked up by it."""
    with pytest.MonkeyPatch.context() as patch:
        if of is not None:
            patch.setattr(Verdicts, "of", of)
        command = ("check", "-", "--stdin-filename", as_name, "--as-of", "2026-03-01", "--format", form, *options)
        outcome = invoke(*command, stdin=text)
    assert outcome.exit_code in {0, 1, 3}, outcome.stderr
    return outcome.stdout


def assert_same(text: str, *options: str, as_name: str = "a.csv") -> None:
    # As a document, with the summary, which counts how far each order could be judged.
    found = checked(text, *options, form="json", as_name=as_name)
    assert found == checked(text, *options, of=alone, form="json", as_name=as_name)


# --- order sets as they are written ----------------------------------------------------------------------------------


@pytest.mark.long
def test_of_orders_that_are_all_different_few_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = judged_sets(monkeypatch)
    text = HEADINGS + "".join(rows(2_000, distinct=True))
    lines = text.splitlines()
    assert len(set(lines)) == len(lines)
    checked(text, "--select", "RC2,RC3,RC4")
    assert len(judged) < 90  # of 1,000 patients, in whose texts stand numbers of one, two and more digits


def with_words(chance: random.Random, sets: int, spoken: list[str]) -> str:
    """Return correct orders, of two in five texts one that holds a word that a pattern needs to find something."""
    made = [each for each in benchmark_orders.order_sets(sets, chance.randrange(10**6)) if "protocol" in each]
    for order in (order for each in made for order in each["orders"] if chance.random() < 0.4):
        head, _, rest = order["text"].partition(";")
        word = chance.choice(spoken)
        where = (
            f"{head}; {word}{rest}",
            f"{head};{rest} {word} 12 h",
            f"{head}; {word} 80 kg;{rest}",
            f"{head};{rest}. {word}",
        )
        order["text"] = chance.choice(where)
    file = io.StringIO()
    benchmark_orders.write_csv(file, made)
    return file.getvalue()


def spoken_words() -> list[str]:
    found = {word for each in patterns() for word in needed(each)}
    assert len(found) > 500
    return sorted(each for each in found if each.isprintable())


@pytest.mark.long
def test_words_that_a_rule_may_read_are_read() -> None:
    assert_same(with_words(random.Random(1), 30 if FEW else 90, spoken_words()))  # noqa: S311  # made up orders


@pytest.mark.long
def test_names_days_and_places_make_no_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = judged_sets(monkeypatch)
    file = io.StringIO()
    made = (each for each in benchmark_orders.order_sets(1_500, 3) if each.get("protocol") == "rescue-bt-2022")
    benchmark_orders.write_csv(file, made)
    checked(file.getvalue())
    assert len(judged) < 200  # of some 300 patients; before, each, and those again whose shape came twice


FACTORS = ("1.002", "0.97", "1.06", "0.5", "2", "5", "10", "60", "1000", "2.2046", "0.001")
UNITS = (
    ("mcg", "mg"),
    ("mL", "cc"),
    ("/min", "/h"),
    ("mcg", "\u00b5g"),
    (" mcg", "mcg"),
    ("mL", "dL"),
    ("mg", "units"),
)


def slipped(cell: str, factor: str) -> str:
    """Return a cell with its first number multiplied."""
    number, space, rest = cell.partition(" ")
    try:
        value = Fraction(number) * Fraction(factor)
    except ValueError:
        return cell
    return f"{float(value):.4f}".rstrip("0").rstrip(".") + space + rest


changes = st.one_of(
    st.sampled_from(FACTORS).map(lambda factor: lambda cell: slipped(cell, factor)),
    st.just(lambda cell: cell.replace(" mL", "0 mL")),
    st.sampled_from(UNITS).map(lambda pair: lambda cell: cell.replace(*pair)),
    st.sampled_from(["", "0 mL", "9 mL", "0.50 mg", "12,5 mg", "14.25 mL/h", "Aggrastat", "titrate"]).map(
        lambda text: lambda _: text
    ),
    st.sampled_from([" in 12 h", " QD", " 10 % bolus", " at 100000 units", " @ 12 mL/h", " eGFR 45 mL/min"]).map(
        lambda text: lambda cell: cell + text
    ),
)
slips = st.lists(st.tuples(st.integers(0, 59), st.integers(1, 19), changes), max_size=12)


@pytest.mark.long
@settings(max_examples=settings().max_examples // 10)  # each is sixty orders, judged twice
@given(slips, st.sampled_from(["", "RC2,RC3,RC4"]))
def test_slips_are_found_as_the_judge_finds_them(planned: list[tuple[int, int, Any]], select: str) -> None:
    lines = [row.rstrip("\n").split(",") for row in rows(60, distinct=True)]
    for row, column, change in planned:
        lines[row][column] = change(lines[row][column])
    text = HEADINGS + "".join(f"{','.join(cells)}\n" for cells in lines)
    assert_same(text, *(("--select", select) if select else ()))


def as_rows(sets: Iterable[dict[str, Any]]) -> str:
    """Return order sets of the corpus as a CSV."""
    written = io.StringIO()
    names = ("id", "drug", "route", "kind", "dose_per_kg", "dose", "max_dose", "dose_rate_per_kg", "dose_rate")
    more = (
        "max_dose_rate",
        "concentration",
        "product",
        "volume",
        "pump_rate",
        "give_over",
        "run_time",
        "vtbi",
        "start",
    )
    patient = ("order_set", "protocol", "patient_weight", "patient_creatinine_clearance")
    table = csv.DictWriter(written, (*patient, *names, *more), lineterminator="\n")
    table.writeheader()
    for number, made in enumerate(sets):
        of_patient = {f"patient_{name}": text for name, text in made["patient"].items()}
        for order in made["orders"]:
            table.writerow({"order_set": f"set {number}", "protocol": made["protocol"], **of_patient, **order})
    return written.getvalue()


@pytest.mark.long
def test_the_corpus_is_judged_as_one_by_one() -> None:
    slipped_sets = (each.order_set for each in share(islice(planted(), 0, None, 11), 8, few=24))
    assert_same(as_rows(chain(share(order_sets(), 3, few=9), slipped_sets)), "--select", "RC2,RC3,RC4")


@pytest.mark.long
def test_the_corpus_is_judged_as_one_by_one_by_every_rule() -> None:
    assert_same(as_rows(share(order_sets(), 3, few=9)))


# --- documents of texts alone -----------------------------------------------------------------------------------------


def plain_sets() -> list[dict[str, Any]]:
    """Return sets of one patient that are alike in all but one thing each, after four that are alike."""
    made = [each for each in benchmark_orders.order_sets(60, 4) if each.get("protocol") == "rescue-bt-2022"][:5]
    first = made[-1]
    orders = first["orders"]
    drip = orders[1]
    changed: list[dict[str, Any]] = [
        {**drip, "pump_rate": "0 mL/h"},
        {**drip, "pump_rate": "144 mL/h"},
        {**drip, "pump_rate": 14.4},
        {**drip, "text": f"{drip['text']}; in the 2nd bag"},
        {**drip, "text": "14.2 mL/h; qd"},
        {**drip, "route": "PO"},
        {**drip, "id": orders[0]["id"]},
        {**drip, "vtbi": ""},
        {**drip, "pump_rat": drip["pump_rate"]},
        {**drip, "when": {"creatinine_clearance": "< 60 mL/min"}},
        {name: text for name, text in drip.items() if name != "id"},
        {name: text for name, text in drip.items() if name != "run_time"},
        dict(reversed(list(drip.items()))),
    ]
    of_set = (
        {"version": "1"},
        {"monitoring": [{"check": "platelets", "at": "6 h"}]},
        {"order_set": "ICH 2"},
        {"x": "y"},
    )
    patients: tuple[dict[str, str], ...] = (
        {"weight": "182 kg"},
        {},
        {"weight": "0 kg"},
        {**first["patient"], "platelets": "20 x10^9/L"},
    )
    return [
        *made,
        *({**first, "orders": [orders[0], each]} for each in changed),
        {**first, "orders": orders[::-1]},
        {**first, "orders": orders[1:]},
        *({**first, **each} for each in of_set),
        *({**first, "patient": each} for each in patients),
        {name: each for name, each in first.items() if name != "order_set"},
        first,
    ]


@pytest.mark.parametrize("form", ["jsonl", "yaml"])
def test_documents_are_judged_as_one_by_one(form: str) -> None:
    """What is not alike is never taken for what is; JSON is YAML too."""
    lines = [json.dumps(each) for each in plain_sets()]
    text = "\n".join(lines) if form == "jsonl" else "\n---\n".join(lines)
    assert_same(text, as_name=f"a.{form}")


@pytest.mark.long
def test_lines_of_documents_are_judged_as_one_by_one() -> None:
    file = io.StringIO()
    benchmark_orders.write_lines(file, benchmark_orders.order_sets(40 if FEW else 160, 8, 0.05))
    assert_same(file.getvalue(), as_name="a.jsonl")


def test_of_documents_that_differ_in_numbers_few_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = judged_sets(monkeypatch)
    order = {"drug": "tirofiban", "route": "IV", "kind": "bolus", "dose_per_kg": "10 mcg/kg"}
    sets = [
        {"order_set": f"patient {weight}", "patient": {"weight": f"{weight} kg"}, "orders": [{**order, "dose": dose}]}
        for weight, dose in ((weight, f"{weight * 10} mcg") for weight in range(60, 90))
    ]
    checked("\n".join(map(json.dumps, sets)), as_name="a.jsonl")
    assert len(judged) < 6


# --- texts for people -------------------------------------------------------------------------------------------------

TEXTS = (
    "not {} mL but titrate",
    "give x {} d",
    "q {} h and qd {}",
    "{} mcg over {} min",
    "bed {}: {} mcg, stop at {} h",
    "eGFR below {} mL/min",
    "{}-{} mcg",
    "from a bag of 12.5 mg in {} mL",
    "MSO4 {} mg",
    "if > {} kg: {} mL/h",
    "@ {} mL/h for {} h",
    "{} K units, {} U",
    "{} % of {} mcg",
    "QD as a message says up to a number in {} mL",
)
said_numbers = st.sampled_from(
    ["5", "10", "12", "45", "99", "800", "1000", "12345", "0.5", "12.5", "1.25", "5.0", "00"]
)


@pytest.mark.long
@given(st.sampled_from(TEXTS), st.lists(st.tuples(*[said_numbers] * 3), min_size=4, max_size=8))
@example(TEXTS[0], [("10", "", ""), ("12", "", ""), ("45", "", ""), ("1000.12345", "", "")])
@example(TEXTS[-1], [("912", "", ""), ("945", "", ""), ("45", "", "")])
def test_texts_that_differ_in_numbers_are_judged_by_their_own(text: str, numbers: list[tuple[str, ...]]) -> None:
    lines = (
        f'tirofiban,IV,bolus,10 mcg/kg,{800 + place}.5 mcg,5 min,"{text.format(*each)}"\n'
        for place, each in enumerate(numbers)
    )
    assert_same("drug,route,kind,dose_per_kg,dose,give_over,text\n" + "".join(lines))


ONE_LIKE_NO_OTHER = {
    "zero": ("drug,dose", ["heparin,5 units", "heparin,6 units", "heparin,7 units", "heparin,0 units"], "RC201"),
    "zero at the end": ("drug,volume", ["a,1.5 mL", "a,1.6 mL", "a,1.7 mL", "a,1.70 mL"], "RC212"),
    "more decimals": (
        "drug,kind,concentration,dose,volume",
        [
            f"a,bolus,50 mg/mL,{dose} mg,{volume} mL"
            for dose, volume in ((80, "1.6"), (81, "1.6"), (82, "1.64"), (82, "1.504"))
        ],
        "RC302",
    ),
    "heavier": (
        "patient_weight,drug,route,kind,dose_per_kg",
        [f"{weight} kg,tirofiban,IV,bolus,10 mcg/kg" for weight in (80, 81, 82, 182)],
        "RC406",
    ),
    "a longer number": (
        "drug,route,kind,dose_rate_per_kg,text",
        [
            f"tirofiban,IV,infusion,0.1 mcg/kg/min,not {number} mL of what is drawn up in the syringe that lies "
            "beside the pump and titrate"
            for number in (10, 11, 12, "1000.12345")
        ],
        "RC636",
    ),
    "another number in the text": (
        "drug,kind,dose,text",
        [f"a,bolus,{dose} mg,give {said} mg" for dose, said in ((12, 12), (13, 13), (14, 14), (15, 51))],
        "RC308",
    ),
}


@pytest.mark.parametrize("name", ONE_LIKE_NO_OTHER)
def test_the_one_that_differs_is_found(name: str) -> None:
    head, lines, code = ONE_LIKE_NO_OTHER[name]
    text = "\n".join((head, *lines, ""))
    found = [json.loads(line) for line in checked(text).splitlines()]
    assert {each["line"] for each in found if each["code"] == code} == {5}
    assert_same(text)


def test_a_finding_about_a_name_is_of_that_name() -> None:
    order = "80 kg,tirofiban,IV,bolus,10 mcg/kg,800 mcg\n"
    names = ("Aggrastat 1", "Aggrastat 2", "ward 3", "ward 4", "x3d", "Aggrastat 5")
    head = "order_set,patient_weight,drug,route,kind,dose_per_kg,dose\n"
    text = head + "".join(f"{name},{order}" for name in names)
    found = checked(text, "--select", "RC2").splitlines()
    assert [(each, f"'{each}'" in line) for each, line in zip(("Aggrastat 1", "Aggrastat 2"), found, strict=False)] == [
        ("Aggrastat 1", True),
        ("Aggrastat 2", True),
    ]
    assert len(found) == 4
    assert_same(text)


@pytest.mark.parametrize("name", ["ICH 2", "subarachnoid haemorrhage", "INR 6", "platelets 40", "not for stroke"])
def test_what_a_name_says_is_found(name: str) -> None:
    """The name of a set is read like its indication: one that differs in it alone is no other one's equal."""
    order = "80 kg,80 mL/min,tirofiban,IV,bolus,10 mcg/kg,800 mcg,50 mcg/mL,16 mL,5 min\n"
    patient, dose = "patient_weight,patient_creatinine_clearance", "dose_per_kg,dose,concentration,volume,give_over"
    text = f"order_set,{patient},drug,route,kind,{dose}\npatient 1,{order}{name},{order}patient 3,{order}"
    found = [json.loads(line) for line in checked(text).splitlines()]
    of_line = [{each["code"] for each in found if each["line"] == line} for line in (2, 3, 4)]
    assert of_line[1] != of_line[0]
    assert of_line[2] <= of_line[0]
    assert_same(text)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("patient 17", "patient "),
        ("Rescue stroke patient 17", "Rescue stroke patient "),
        ("set #4", "set #"),
        ("ICH patient 17", "ICH patient "),  # judged with the first that says so
        *(
            (name, name)
            for name in ("ICH 2", "ICH", "patient 17 ICH", "bed INR 6", "M\u00fcller, E.", "MSO4", "qd1", "5")
        ),
        ("Aggrastat patient 17", "Aggrastat patient 17"),  # its brand is quoted with the name
        ("patient 1.5", "patient 1.5"),
    ],
)
def test_what_a_name_says_to_rules(name: str, said: str) -> None:
    assert name_to_rules(name) == said


# --- patterns that tell one digit from another ------------------------------------------------------------------------


@pytest.mark.usefixtures("own_patterns")
@pytest.mark.parametrize("second", [r"\b2\b", r"(?<![\w.])1[0-2]\.", r"([0-9])\1"])
def test_a_digit_that_a_rule_reads_is_read(second: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands for a number in a text is no number that a rule reads: here the 2 of 14.2 is a second container."""
    monkeypatch.setattr(set_contents, "_SECOND", lazy_pattern(rf"\bsecond\b|{second}"))
    numbers = ("13.5", "13.7", "13.9", "14.2", "12.3", "14.4", "22.5", "11.4")
    order = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "run_time": "24 h", "product": "12.5 mg in 250 mL"}
    sets = [
        {"order_set": f"patient {place}", "orders": [{**order, **rate, "text": f"{rate['pump_rate']} for 24 h"}]}
        for place, each in enumerate(numbers)
        for rate in [{"pump_rate": f"{each} mL/h", "vtbi": f"{float(each) * 24:.1f} mL".replace(".0 ", " ")}]
    ]
    text = "\n".join(map(json.dumps, sets))
    found = [json.loads(line) for line in checked(text, as_name="a.jsonl").splitlines()]
    silent = set(numbers) - {numbers[each["line"] - 1] for each in found if each["code"] == "RC708"}
    assert silent == {each for each in numbers if re.search(second, f"{each} mL/h for 24 h")}
    assert silent
    assert_same(text, as_name="a.jsonl")


@pytest.mark.usefixtures("own_patterns")
@pytest.mark.parametrize(
    ("pattern", "name", "text", "same", "other"),
    [
        (r"\b2 zebras", "search", "hang \0 zebras", "14.5", "14.2"),
        ("[1-4]5", "fullmatch", "for \0 h", "75", "25"),  # of a number alone
        ("for [1-4]", "fullmatch", "first;for \0;then", "55", "4"),  # of a sentence
        ("[1-4]5", "match", "over \0 min", "85", "25"),  # at any place
        ("5[1-4]", "sub", "over \0 min", "95", "52"),
    ],
)
def test_a_text_is_like_others_where_each_pattern_finds_the_same(
    pattern: str, name: str, text: str, same: str, other: str
) -> None:
    readers, asked = DigitReaders("987"), lazy_pattern(pattern)
    assert [readers.find_alike(text, [each]) for each in (same, other)] == [True, True]
    getattr(asked, name)(*([""] if name == "sub" else []), "nothing")
    assert [readers.find_alike(text, [each]) for each in (same, other)] == [True, False]


@pytest.mark.usefixtures("own_patterns")
def test_no_pattern_of_the_package_keeps_common_texts_from_being_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_shape, "_READERS", readers := DigitReaders(row_shape._MARKS))  # noqa: SLF001  # another of the same
    for each in lazy_patterns():
        for name in ("search", "match", "fullmatch"):
            getattr(each, name)("nothing")
    found = [order["text"] for each in benchmark_orders.order_sets(60, 1) for order in each["orders"]]
    assert [each for each in found if row_shape.taken_from_text(each, [])[0] is not None] == []
    assert not readers.find_alike("\0 mL/h" + " " * 1000, ["12"])  # too long to be asked


def test_a_way_is_of_the_numbers_of_its_shape_alone() -> None:
    """Between a shape and its trace a pattern may be asked for the first time, and a text keep its numbers since."""
    taken = tuple(Taken(0, "text", 0, f"{each} mL", each, "9 mL", "9") for each in ("12.5", "80"))
    numbers = (12_500_000_000, 100_000_000, 80_000_000_000, 1_000_000_000)
    assert alike._are_of(taken, numbers)  # noqa: SLF001
    assert not alike._are_of(taken[1:], numbers)  # noqa: SLF001
    assert not alike._are_of(taken, (*numbers[2:], *numbers[:2]))  # noqa: SLF001
    assert not alike._are_of((), ())  # noqa: SLF001


def test_what_is_found_of_a_single_digit_in_a_text_is_of_single_digits_alone() -> None:
    """A rule may tell two digits from one, and what stands for a number has one."""
    taken = (Taken(0, "text", 0, "4 mL", "4", "9 mL", "9"), Taken(0, "volume", None, "4 mL", "4", "9 mL", "9"))
    guard = alike._of_single_digits(Guard((), (), (), (), ()), taken)  # noqa: SLF001
    one, nine, ten, half, tenth = (10**9, 9 * 10**9, 10**10, 45 * 10**8, 10**8)
    held = [
        ((one, one), (ten, one)),
        ((nine, one), (half, tenth)),
        ((ten, one), (one, one)),
        ((half, tenth), (one, one)),
    ]
    assert [guard.holds((*text, *field)) for text, field in held] == [True, True, False, False]
    assert not alike._of_single_digits(Guard((), (), (), (), ()), taken[1:]).ranges  # noqa: SLF001


_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NUMBERS = ("2", "12", "20", "22", "45", "90", "100", "250", "1000", "12345", "0.2", "1.5", "2.5", "14.2", "10.05")


def texts_with_other_numbers(chance: random.Random, texts: int, each: int) -> list[str]:
    """Return texts of the corpora, every one as it is written and some times with other numbers."""
    found = {match[1].strip() for line in corpus_lines() if (match := re.search(r"text: ?['\"]?([^'\"{}]+)", line))}
    numbered = sorted(text for text in found if _NUMBER.search(text))
    assert len(numbered) > 100
    return [
        text if place == 0 else _NUMBER.sub(lambda _: chance.choice(_NUMBERS), text)
        for text in chance.sample(numbered, texts)
        for place in range(each)
    ]


def test_texts_of_the_corpora_with_other_numbers_are_judged_as_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["order_set", "patient_weight", "drug", "route", "kind", "dose_per_kg", "dose", "give_over", "text"])
    for place, text in enumerate(texts_with_other_numbers(random.Random(3), 16, 5)):  # noqa: S311  # made up orders
        order = ("80 kg", "tirofiban", "IV", "bolus", "10 mcg/kg", "800 mcg", "5 min")
        table.writerow([f"patient {place}", *order, text])
    judged = judged_sets(monkeypatch)
    assert_same(file.getvalue())
    assert len(judged) < 80  # of 80: some are like others


# --- numbers that remember what was asked of them ---------------------------------------------------------------------

SCALE = 1000


def pair(number: int, decimals: int) -> tuple[int, int]:
    """Return a number of so many decimals and one of its last digit, both in thousandths."""
    return number * 10 ** (3 - decimals), 10 ** (3 - decimals)


pairs = st.builds(pair, st.integers(1, 400), st.integers(0, 3))
three = st.tuples(pairs, pairs, pairs).map(lambda each: tuple(chain(*each)))
small = st.integers(-30, 30)
questions = st.lists(st.tuples(st.integers(0, 7), small, small, small), min_size=1, max_size=6)


def answers(asked: list[tuple[int, int, int, int]], x: Any, y: Any, z: Any, step: Any) -> list[bool]:
    """Return what a judge might ask of three numbers and of one of the last digit of the first."""
    above, below = x.as_integer_ratio()
    kinds: tuple[Callable[[int, int, int], bool], ...] = (
        lambda a, b, c: x * a + y * b <= c,
        lambda a, b, c: a * x * y > b * z + c,
        lambda a, b, c: x / y < Fraction(abs(a) + 1, abs(b) + 1) - Fraction(c, 7),
        lambda a, b, c: abs((x - y) * a) >= abs(z * b - c),
        lambda a, b, c: (x / z - 1) * 100 == a or bool(x - b) is (y != c),
        lambda a, b, c: max(above * a, step * b, 0) * 2 > c * below,
        lambda a, b, c: (6 * above * b - 3 * step) // 3 * SCALE < below * (a + min(step, c)),
        lambda a, b, c: between(x * a, x * a + b).overlaps(between(y * c, y * c + abs(b))),
    )
    return [bool(kinds[kind](a, b, c)) for kind, a, b, c in asked]


def of(asked: list[tuple[int, int, int, int]], numbers: tuple[int, ...]) -> list[bool]:
    x, y, z = (Fraction(number, SCALE) for number in numbers[::2])
    # Not reduced, as a traced one: what is asked of both parts must not depend on that.
    return answers(asked, _Unreduced(x), y, z, numbers[1])


class _Unreduced(Fraction):
    def as_integer_ratio(self) -> tuple[int, int]:
        return self.numerator * (SCALE // self.denominator), SCALE


def traced(asked: list[tuple[int, int, int, int]], numbers: tuple[int, ...]) -> tuple[list[bool], Guard]:
    trace = Trace(numbers)
    x, y, z = (Ratio(trace.whole(place), SCALE) for place in (0, 2, 4))
    return answers(asked, x, y, z, trace.whole(1)), trace.guard()


@given(questions, three, st.lists(three, max_size=20))
def test_numbers_that_meet_the_conditions_get_the_same_answers(
    asked: list[tuple[int, int, int, int]], numbers: tuple[int, ...], others: list[tuple[int, ...]]
) -> None:
    found, guard = traced(asked, numbers)
    assert found == of(asked, numbers)
    assert guard.holds(numbers)
    for other in others:
        if guard.holds(other):
            assert of(asked, other) == found


GRID = [(number * step, step) for number in range(1, 6) for step in (1, 2, 5)]
places = st.lists(st.integers(0, 3), max_size=2).map(lambda each: tuple(sorted(each)))
polynomials = st.dictionaries(places, st.integers(-7, 7).filter(bool), max_size=5)


@given(polynomials, st.sampled_from(GRID), st.sampled_from(GRID))
@example({(0,): 2, (): -3}, (2, 1), (1, 1))
@example({(0,): 2, (): -3}, (1, 1), (1, 1))
@example({(0,): 1, (1,): -1, (): -1}, (2, 1), (1, 1))
@example({(0,): 3, (1,): -3, (3,): 2, (): -4}, (5, 5), (2, 2))
@example({(0, 0): 3, (1, 2): -5, (): -4}, (5, 5), (2, 2))
def test_one_question_is_one_condition(polynomial: Terms, x: tuple[int, int], y: tuple[int, int]) -> None:
    """A condition holds for exactly the numbers of which the question has the same answer."""

    def asked(numbers: tuple[int, ...]) -> bool:
        return sum(times * prod(numbers[each] for each in of_each) for of_each, times in polynomial.items()) >= 0

    trace = Trace((*x, *y))
    answer = trace.is_not_negative(polynomial)
    guard = trace.guard()
    assert answer is asked((*x, *y))
    for numbers in ((*first, *second) for first in GRID for second in GRID):
        assert guard.holds(numbers) is (asked(numbers) is answer)


@given(polynomials, polynomials, st.sampled_from(GRID), st.sampled_from(GRID))
@example({(0,): 2, (): -3}, {(0,): -2, (): 3}, (2, 1), (1, 1))
@example({(0,): 1, (1,): -1}, {(0,): -1, (1,): 1}, (2, 2), (1, 1))
@example({(0,): -1, (1,): -1}, {(0,): 1}, (2, 2), (1, 1))
def test_two_questions_are_one_condition(first: Terms, second: Terms, x: tuple[int, int], y: tuple[int, int]) -> None:
    """Which of the two is not so makes no difference."""

    def asked(numbers: tuple[int, ...]) -> bool:
        return all(
            sum(times * prod(numbers[each] for each in of_each) for of_each, times in polynomial.items()) >= 0
            for polynomial in (first, second)
        )

    trace = Trace((*x, *y))
    answer = trace.are_not_negative(first, second)
    guard = trace.guard()
    assert answer is asked((*x, *y))
    for numbers in ((*one, *other) for one in GRID for other in GRID):
        assert guard.holds(numbers) is (asked(numbers) is answer)


def test_a_condition_is_as_wide_as_the_question() -> None:
    trace = Trace((80_000, 1000, 14_400, 100))
    weight, rate = (Ratio(trace.whole(place), SCALE) for place in (0, 2))
    assert 40 <= weight <= 150
    assert rate / weight < Fraction(1, 5)
    guard = trace.guard()
    held = [
        (weight, rate)
        for weight, rate in ((40_000, 7_999), (40_000, 8_000), (39_999, 10), (150_000, 29_999), (150_001, 10))
        if guard.holds((weight, 1, rate, 1))
    ]
    assert held == [(40_000, 7_999), (150_000, 29_999)]


def test_the_smaller_of_two_is_asked_for_once_it_is_used() -> None:
    trace = Trace((80_000, 1000, 14_400, 100))
    weight, rate = (Ratio(trace.whole(place), SCALE) for place in (0, 2))
    smaller = Smaller(weight * 2, rate * 3)
    assert trace.guard() == Guard((), (), (), (), ())
    assert smaller + 1 > 40  # 14.4 × 3 is less than 160
    guard = trace.guard()
    held = [(150_000, 14_400), (80_000, 13_001), (21_601, 14_400), (21_599, 14_400), (80_000, 13_000)]
    assert [guard.holds((one, 1, other, 1)) for one, other in held] == [True, True, True, False, False]
    with pytest.raises(Untraceable):
        hash(smaller)


def test_what_is_always_so_is_no_condition() -> None:
    trace = Trace((80_000, 1000))
    number, step = trace.whole(0), trace.whole(1)
    assert number > 0
    assert number >= step
    assert max(0, 2 * number - step) > 0
    assert trace.guard() == Guard((), (), (), (), ())


@pytest.mark.parametrize(
    "look",
    [
        str,
        repr,
        int,
        float,
        hash,
        "{:.1f}".format,
        Fraction,
        lambda ratio: ratio.numerator,
        lambda ratio: ratio.__floor__(),
        round,
        lambda ratio: ratio // 2,
        lambda ratio: ratio**2,
        lambda ratio: 1 / (ratio - 100),
        lambda ratio: {ratio: 1},
        lambda ratio: range(10)[ratio.as_integer_ratio()[0]],
        lambda ratio: 10 // ratio.as_integer_ratio()[0],
        lambda ratio: str(ratio.as_integer_ratio()[0]),
        lambda ratio: lcm(ratio.denominator, 2),
    ],
)
def test_a_traced_number_can_only_be_compared(look: Callable[[Ratio], Any]) -> None:
    ratio = Ratio(Trace((80_000, 1000)).whole(0), SCALE)
    with pytest.raises((Untraceable, TypeError)):
        look(ratio)
