"""A reader of the review ticks off its figures and caveats: each of an independent list stands in what is shown.

The list is typed from the review, not from `data/`; the order within an entry does not matter.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from tests.support import invoke

FIGURES: dict[str, tuple[str, ...]] = {
    "yang-2020-ia": (
        "503 patients", "79 vs 354 before matching", "92 matched triplets", "denominators not printed",
        "19.1 vs 0 %", "23.6 vs 0 %", "26.8 vs 11.0 %", "0.021", "11.1", "35.4 vs 51.2 %", "0.038", "<0.001",
        "no tirofiban", "thrombectomy within 24 h", "also had IV tPA, in both arms", "ICAS, failed thrombectomy",
        "proximal thrombus or stent placement", "does not name the comparator",
    ),
    "yang-2020-iv": ("intravenous arm 70", "subgroup n not printed", "95.3 vs 64.1 %", "7.0 vs 38.6 %",
                     "no tirofiban"),
    "huo-2021": (
        "649, 244 vs 405", "printed as mRS 0", "aOR 1.819", "1.064-3.110", "aOR 1.849", "1.065-3.212", "aHR 0.998",
        "0.021-46.825", "0.999", "no information, not safety",
        "stronger with NIHSS > 5 and in the anterior circulation",
        "underlying ICAS that needed rescue", "for the above indications",
    ),
    "jang-2021": ("retrospective", "314 (35 intra-arterial)", "haemorrhage", "mortality", "no association"),
    "kang-2018": (
        "140", "prospective, two centres", "reperfusion", "parenchymal haemorrhage",
        "symptomatic intracranial haemorrhage",
        "mRS at 3 months", "mortality", "no significant difference", "ref 28", "angioplasty/stenting",
    ),
    "tsang-2019": ("meta-analysis", "36.9 vs 2.7 %", "OR 23.7", "6.96-80.7"),
    "forbrig-2019": ("34", "25", "9", "immediate reocclusion", "residual high-grade stenosis",
                     "share volume and pages"),
    "baek-2018": ("28.9 % (ICAS) vs 82.8 %", "successful permanent recanalisation"),
    "chen-2021": ("68", "45", "+16", "89.7 %", "successful recanalisation by the balloon alone"),
    "ni-2022": ("47", "87 % (41)", "tried in 6, 3 succeeded", "55.3 %", "mRS at most 2"),
    "maingard-2019": (
        "530 (365 stent)", "48.5 vs 19.7 %", "9.7 vs 14.1 %", "0.04", "patients without stenting",
        "high-failure-risk",
    ),
    "saint-2022": (
        "499", "acOR 2.31", "1.61-3.32", "35.1 vs 7 %, aOR 6.33", "3.14-12.76", "28 vs 46.5 %, aOR 0.55", "0.31-0.96",
        "7.1 vs 10.2 %, aOR 0.99", "0.42-2.34", "0.98", "retrospective review of a prospective database",
        "mTICI 0 to 1",
        "matched analysis",
    ),
    "stracke-2020": (
        "210", "aOR 1.10", "0.002", "aOR 2.02", "0.049", "aOR 23.24", "<0.001", "mTICI 0 to 2a",
        "higher in the anterior than the posterior circulation",
    ),
    "stracke-2020-acclino": ("3.3 vs 14.3 %", "<0.01", "other stents"),
    "range-good-outcome": ("35.1 to 56.5 vs 2.5 to 19.7 %", "vessel left occluded"),
    "range-recanalisation": ("59.1 to 96.5 %",),
    "range-sich": ("7.1 to 9.7 vs 10.8 to 14.1 %", "called not significantly different", "10.2 %", "0.04"),
    "range-mortality": ("15 to 28 vs 46.5 to 50 %", "53", "no difference"),
    "low-nihss": ("NIHSS 9 or less", "43"),
    "hassan-2022": (
        "420 (46 stent, 374 medical)", "not randomised", "TICI 0 to 2A", "stay", "not associated with an increase",
        "not associated with a change", "mRS at discharge",
    ),
    "zhou-2018": ("68 (47 stent)", "failed thrombectomy", "80.85 %", "57.45 %", "4.26 % (2 patients)", "0.03",
                  "longer with stenting", "no different"),
    "luo-2021": ("93 (81 stent, 12 none)", "prospective registry", "failed basilar thrombectomy", "87.1 %", "92.6 %",
                 "51.9 vs 16.7 %", "0.023", "18.5 vs 58.3 %", "0.006", "not raised"),
    "li-w-2023": ("184 (64 vs 120)", "51.6 vs 35.0 %", "0.02", "6.3 vs 17.5 %", "0.03",
                  "angioplasty or stenting (64)",
                  "managed medically (120)", "0.029", "0.034"),
    "wu-2019": ("113 (81)", "71.7 %", "aOR 3.782", "1.821-9.125", "aOR 0.299", "0.110-0.821", "aOR 0.710",
                "0.199-2.622",
                "0.67", "aOR 0.581", "0.186-2.314", "0.41", "aOR 1.752", "0.774-3.257", "0.16",
                "angioplasty and/or stenting",
                "managed medically", "prospective, multicentre", "ICAS > 70 %", "4.08"),
    "li-h-2020": ("1315 (261 stent)", "88 %", "84-92", "52 %", "47-56", "5 %", "15 %",
                  "after a successful thrombectomy"),
    "reference-40": ("very uncommon",),
    "case": ("NIHSS", "3", "reocclusion at 10 minutes", "250 mcg infused", "gentle balloon angioplasty",
             "patent at 30 minutes", "recurrent diplopia with more lesions on MRI", "mRS at discharge",
             "mRS at 90 days"),
    "yu-2022": ("24 to 47 %",),
    "sammpris": ("14.7 %", "randomised trial", "not shown to work"),
    "vissit": ("VISSIT", "randomised trial", "not shown to work"),
    "vist": ("VIST", "randomised trial", "not shown to work"),
    "vast": ("VAST", "randomised trial", "not shown to work"),
    "cassiss": ("CASSISS", "reference 8", "not shown to work"),
    "jang-2021 ": ("used tirofiban without a dose",),
    "kim-2020-assist": ("used tirofiban without a dose",),
    "kang-2014": ("used tirofiban without a dose",),
    "baik-2011": ("used tirofiban without a dose",),
    "yan-2020": ("used tirofiban without a dose",),
    **{f"reference-{number}": (f"reference {number}",) for number in (21, 27, 31, 41, 42, 53, 56)},
}  # fmt: skip

BEYOND: dict[str, tuple[str, ...]] = {
    "aha-2026": (
        "10.1161/STR.0000000000000513", "class 2b, level B-R", "class 3: Harm, level B-R", "class 2b, level B-NR",
        "class 3: No Benefit, level B-R", "4.7.4", "4.8",
    ),
    "most-2024": ("514 in all arms", "6.3 vs 6.8", "3 vs 2 %", "12 vs 8 %",
                  "135 mcg/kg, then 0.75 mcg/kg/min for 2 h", "44 %"),
    "most-ivt-only": ("260", "11.4 vs 3.4 %", "0.02"),
    "rescue-bt-2022": ("948 (463 vs 485)", "cOR 1.08", "0.86-1.36", "9.7 vs 6.4 %", "30.5 vs 23.5 %", "1.01-1.51",
                       "not a rescue trial", "neutral"),
    "rescue-bt-icad-2023": ("435", "post hoc", "aOR 1.68", "1.11-2.56", "0.02", "not more"),
    "rescue-bt-sich-2023": ("945", "aRR 1.51", "0.97-2.36", "3.73", "1.66-8.35", "67", "2.18", "1.18-4.00", "16",
                            "1.88",
                            "1.06-3.34"),
    "rescue-bt2-2023": ("606 vs 571", "29.1 vs 22.2 %", "1.04-1.53", "1.0 vs 0 %", "3.8 vs 2.6 %",
                        "rate was not read"),
    "asset-it-2025": ("414 vs 418", "65.9 vs 54.9 %", "1.07-1.34", "1.7 vs 0 %", "4.1 vs 3.8 %", "rate was not read"),
    "trend-2024": ("425", "4.2 vs 13.2 %", "0.16-0.65"),
    "satis-2011": ("260", "36/120 vs 33/124", "0.66-2.06", "2.3 vs 8.7 %", "rate was not read"),
    "advent": ("no result", "0.4 mcg/kg/min for 30 min, then 0.1 mcg/kg/min to 24 h after the thrombolysis"),
    "rescue-as": ("NCT07335107", "564 planned", "mTICI 2b or more, no stent", "no result"),
    "assist-2020": ("59 vs 59", "86.4 vs 42.4 %", "52.5 vs 32.2 %", "0.025", "5.1 vs 15.3 %", "0.068"),
    "epoch-matched-2022": ("81 vs 81", "91.3 vs 81.5 %", "0.043", "53.1 vs 33.3 %", "0.016"),
    "rana-2022": ("54 of 162", "16.7 vs 3.7 vs 1.9 %", "0.009"),
    "cangrelor-low-2021": ("12", "15 mcg/kg, then 2 mcg/kg/min", "none"),
    "cangrelor-isc2025": ("220", "10.76 %"),
    "angel-reboot": ("NCT05122286", "176 vs 172", "figures are not held", "allowed in both arms"),
}  # fmt: skip

AROUND = (
    "up to 50 % of strokes in some groups (references 1-4)", "SAMMPRIS, VISSIT, VIST, VAST and CASSISS",
    "14.7 % with PTAS in SAMMPRIS", "no Level A evidence on the rescue strategy (references 19-21)",
    "takes longer, recanalises less and reoccludes more than with an embolic occlusion (references 15-18)",
    "rescue lengthens the procedure (references 20, 27)",
    "a longer procedure predicts a poor outcome (references 28)",
    "a predictor of a good outcome (references 16, 29)", "retrospective and heterogeneous", "mostly Asian",
    "selection bias", "injure the intima", "snowplowing", "recoil",
    "thrombose where no antiplatelet was given before",
    "dual antiplatelet therapy (DAPT)", "the optimal duration of the infusion is unknown",
)  # fmt: skip

DEFECTS = (
    "19.1 vs 0 %, p<0.001", "reasonably safe and effective", 'without "significantly"', "GP IIa/IIIb", "eptifibatid",
    "26 and 27 share volume and pages", "reference 57", "RESCUE BT (2022) is not cited",
)  # fmt: skip

CONCLUSION = (
    "tirofiban may help after failed thrombectomy or with severe residual stenosis",
    "balloon angioplasty and/or stenting may help as rescue for failed thrombectomy or impending reocclusion",
    "immediate stenting after a successful thrombectomy is still unclear, and randomised trials are needed",
    "does not appear to raise symptomatic intracranial haemorrhage significantly",
    "not enough to advocate", "insufficient is not equal",
)  # fmt: skip


@cache
def shown() -> Any:
    return invoke("evidence", "list", "--format", "json").json


@cache
def entry(key: str, name: str) -> str:
    """Return everything that is shown of one study, its sources included, as one text."""
    [found] = [each for each in shown()[key] if each["id"] == name]
    return " | ".join(_texts(found))


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [] if value is None else [str(value)]


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_of_the_review_is_shown_beside_its_study(name: str) -> None:
    assert [figure for figure in FIGURES[name] if figure not in entry("studies", name.strip())] == []


@pytest.mark.parametrize("name", BEYOND)
def test_each_figure_beyond_the_review_is_shown_apart_from_it(name: str) -> None:
    assert [figure for figure in BEYOND[name] if figure not in entry("beyond_the_review", name)] == []


def test_the_two_are_never_mixed() -> None:
    own, beyond = ({each["id"] for each in shown()[key]} for key in ("studies", "beyond_the_review"))
    assert own == {name.strip() for name in FIGURES}
    assert beyond == {*BEYOND, "instant-2024"}


@pytest.mark.parametrize("words", AROUND)
def test_each_sentence_around_the_figures_is_shown(words: str) -> None:
    assert words in " | ".join([*shown()["introduction"], *shown()["caveats"]])


@pytest.mark.parametrize("words", DEFECTS)
def test_each_defect_is_shown(words: str) -> None:
    assert words in " | ".join(shown()["review_defects"])


@pytest.mark.parametrize("words", CONCLUSION)
def test_the_conclusion_says_as_much_and_no_more(words: str) -> None:
    assert words in shown()["conclusion"]


def test_the_page_holds_what_the_document_holds() -> None:
    page = " ".join(invoke("evidence", "list").stdout.split())
    for words in (*AROUND, *CONCLUSION, "BEYOND THE REVIEW"):
        assert words in page


FALSE = (
    ("evidence", "show", "case"), ("strategy",), ("rule", "RC610"), ("rule", "RC611"),
    ("plan", "khachatryan-2023-case", "--weight", "80kg", "--thrombolysis-at", "-2h"),
)  # fmt: skip


@pytest.mark.parametrize("command", FALSE)
def test_the_interval_between_tpa_and_tirofiban_in_the_case_is_never_said(command: tuple[str, ...]) -> None:
    text = " ".join(invoke(*command).stdout.split())
    assert "about 2 h after" not in text
    assert "at about 2 h" not in text


def test_only_yang_calls_its_intra_arterial_dose_a_bolus() -> None:
    called = {}
    for name in ("khachatryan-2023-case", "huo-2021", "kang-2018-ia", "yang-2020-ia"):
        [dose] = invoke("protocol", "show", name, "--format", "json").json["boluses"]
        called[name] = dose["called"]
    assert called == {
        "khachatryan-2023-case": "dose",
        "huo-2021": "dose",
        "kang-2018-ia": "dose",
        "yang-2020-ia": "bolus",
    }


@pytest.mark.parametrize(
    "command",
    [
        "dose khachatryan-2023-case --weight 80kg",
        "plan huo-2021 --weight 80kg --ia-dose 0.5mg --run-time 24h",
        "dose kang-2018-ia --ia-dose 0.5mg",
        "protocol show kang-2018-ia",
    ],
)
def test_a_page_of_an_intra_arterial_dose_calls_nothing_a_bolus_but_to_say_so(command: str) -> None:
    page = " ".join(invoke(*command.split()).stdout.split())
    others = page.replace("not a bolus", "")
    assert "bolus" not in others.lower()


@pytest.mark.parametrize(
    ("situation", "strategy", "words"),
    [
        ("reocclusion", "drug", "what the review's case did"),
        ("residual-stenosis", "balloon", "named as a first step (reference 23)"),
        ("proximal-thrombus", "drug", "indications of Huo and of Yang"),
        ("incomplete-recanalisation", "drug", "indications of Huo and of Yang"),
        ("after-success", "stenting-after-success", "still unclear, and randomised trials are needed"),
    ],
)
def test_what_the_review_says_of_a_situation_is_not_called_unsaid(situation: str, strategy: str, words: str) -> None:
    [found] = invoke("strategy", "--situation", situation, "--format", "json").json["situations"]
    assert words in {each["strategy"]: each["says"] for each in found["strategies"]}[strategy]


@pytest.mark.parametrize(
    ("strategy", "statement", "stated"),
    [
        ("drug", "section 4.8: intravenous tirofiban is not well established", "class 2b, level B-R"),
        ("drug", "section 4.8: intravenous abciximab", "class 3: Harm, level B-R"),
        ("drug", "tirofiban before thrombectomy", "class 3: No Benefit, level B-R"),
        ("balloon", "section 4.7.4: rescue balloon and/or stent after failed thrombectomy is uncertain",
        "class 2b, level B-NR"),
        ("stent", "section 4.7.4: rescue balloon and/or stent after failed thrombectomy is uncertain",
        "class 2b, level B-NR"),
    ],
)  # fmt: skip
def test_class_and_level_of_the_guideline_stand_beside_a_strategy(strategy: str, statement: str, stated: str) -> None:
    made = invoke("strategy", "--format", "json").json
    [found] = [each for each in made["strategies"] if each["id"] == strategy]
    assert {each["statement"]: each["class_and_level"] for each in found["guideline"]}[statement] == stated
    assert statement in " ".join(invoke("strategy").stdout.split())


def test_a_strategy_with_a_randomised_trial_says_first_that_it_exists() -> None:
    held = {each["id"]: each["first"] or "" for each in invoke("strategy", "--format", "json").json["strategies"]}
    for name in ("balloon", "stent"):
        assert "a randomised trial of bailout angioplasty or stenting exists" in held[name]
        assert "its figures are not held" in held[name]


def test_nothing_is_called_no_indication_by_us() -> None:
    assert "not an indication for rescue" not in invoke("strategy").stdout
