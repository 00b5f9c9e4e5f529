"""What a site decides about findings: approvals, severities and suppressions by order. None of it is silent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import fromstring

import pytest
from jsonschema import Draft4Validator

from rescuecalc.settings.configuration import _above
from tests.support import invoke

if TYPE_CHECKING:
    from tests.support import Outcome

SARIF: Any = json.loads((Path(__file__).parent / "schema" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
TENFOLD = (
    "{order_set: Rescue, patient: {weight: 80 kg}, orders: [{id: drip, drug: tirofiban, route: IV, kind: infusion, "
    "dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 144 mL/h, run_time: 24 h}]}\n"
)
APPROVAL = """
[[approvals]]
code = "RC304"
order_set = "Rescue"
reason = "the pump divides by ten"
approver = "P&T committee"
until = "2027-03-31"
"""
SAID = "approved by P&T committee until 2027-03-31 because the pump divides by ten: the pump rate 144 mL/h contradicts"
LINE = "approval: RC304 in 'Rescue' by P&T committee until 2027-03-31 because the pump divides by ten"
FORMATS = ("text", "json", "jsonl", "concise", "markdown", "sarif", "junit", "github", "gitlab")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working folder with an order set ten times too fast."""
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(TENFOLD, encoding="utf-8")
    return tmp_path


def check(settings: str, *args: str) -> Outcome:
    Path("rescuecalc.toml").write_text(settings, encoding="utf-8")
    _above.cache_clear()  # as a new process would begin
    return invoke("check", "--as-of", "2026-11-24", *(args or ("a.yaml",)))


def codes(outcome: Outcome) -> list[tuple[str, str]]:
    return [(each["code"], each["severity"]) for each in outcome.json["findings"]]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("form", FORMATS)
def test_an_approved_finding_is_shown_as_approved_in_every_format_and_does_not_count(form: str) -> None:
    assert check("", "a.yaml", "--format", form).exit_code == 1
    outcome = check(APPROVAL, "a.yaml", "--format", form)
    assert outcome.exit_code == 0
    joined = " ".join(outcome.stdout.replace("&amp;", "&").split())
    assert SAID in joined
    told = outcome.json["settings"]["files"][0]["approvals"] if form == "json" else []
    assert LINE in " ".join((outcome.stderr + joined).split()) or [each["code"] for each in told] == ["RC304"]


@pytest.mark.usefixtures("here")
def test_an_approved_note_stands_by_itself() -> None:
    page = " ".join(check(APPROVAL.replace("RC304", "RC401"), "a.yaml").stdout.split())
    assert "RC401 approved by P&T committee" in page
    assert "RC704, RC707, RC635 doses are per kg" in page


@pytest.mark.usefixtures("here")
def test_an_approval_keeps_the_severity_and_is_a_part_of_its_own() -> None:
    outcome = check(APPROVAL, "a.yaml", "--json")
    found = next(each for each in outcome.json["findings"] if each["code"] == "RC304")
    assert found["severity"] == "error"
    assert found["approval"] == {
        "approver": "P&T committee",
        "until": "2027-03-31",
        "reason": "the pump divides by ten",
    }
    assert (outcome.json["summary"]["error"], outcome.json["summary"]["approved"]) == (1, 1)
    assert "1 finding approved" in check(APPROVAL, "a.yaml", "--quiet").stdout
    sarif = json.loads(check(APPROVAL, "a.yaml", "--format", "sarif").stdout)
    Draft4Validator(SARIF).validate(sarif)
    (kept,) = [each["suppressions"] for each in sarif["runs"][0]["results"] if "suppressions" in each]
    assert (kept[0]["kind"], kept[0]["status"]) == ("external", "accepted")
    junit = fromstring(check(APPROVAL, "a.yaml", "--format", "junit").stdout)  # noqa: S314
    assert junit.findall("testsuite/testcase/failure") == []


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("was", "becomes", "code", "says"),
    [
        ('until = "2027-03-31"', 'until = "2026-11-23"', "RC902", "by P&T committee ended on 2026-11-23"),
        ('code = "RC304"', 'code = "RC6"', "RC304", "the pump rate 144 mL/h contradicts"),
        ('order_set = "Rescue"', 'order_set = "Other"', "RC304", "the pump rate 144 mL/h contradicts"),
        ('code = "RC304"', 'code = "RC404"', "RC903", "'Rescue' by P&T committee: no finding needs it"),
    ],
)
def test_an_approval_that_is_over_or_of_something_else_does_not_help(
    was: str, becomes: str, code: str, says: str
) -> None:
    outcome = check(APPROVAL.replace(was, becomes), "a.yaml", "--json")
    assert outcome.exit_code == 1
    assert any(each["code"] == code and says in each["message"] for each in outcome.json["findings"])


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("code", ["RC101", "RC201", "RC712", "RC9", "RC902", "RC3,RC4", "RC399"])
def test_what_could_not_be_judged_is_never_approved(code: str) -> None:
    outcome = check(APPROVAL.replace("RC304", code))
    assert (outcome.exit_code, outcome.stdout) == (3, "")
    assert "rescuecalc.toml: approvals" in outcome.stderr


@pytest.mark.usefixtures("here")
def test_a_familys_approval_leaves_out_what_could_not_be_read() -> None:
    Path("a.yaml").write_text(TENFOLD.replace("0.15 mcg/kg/min", "lots"), encoding="utf-8")
    outcome = check(APPROVAL.replace("RC304", "RC2"), "a.yaml", "--json")
    (found,) = [each for each in outcome.json["findings"] if each["code"] == "RC201"]
    assert "approval" not in found
    assert outcome.exit_code == 1


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("key", ["reason", "approver", "until", "order_set", "code"])
def test_an_approval_says_everything_that_it_rests_on(key: str) -> None:
    lines = [line for line in APPROVAL.splitlines() if not line.startswith(key)]
    outcome = check("\n".join(lines))
    assert (outcome.exit_code, f"approvals[0].{key}: is missing" in outcome.stderr) == (3, True)


@pytest.mark.usefixtures("here")
def test_a_baseline_knows_nothing_of_what_is_approved() -> None:
    check(APPROVAL, "a.yaml", "--write-baseline", "known.json")
    assert "RC304" not in Path("known.json").read_text("utf-8")
    assert check("", "a.yaml", "--baseline", "known.json").exit_code == 1


@pytest.mark.usefixtures("here")
def test_a_severity_of_the_settings_counts_for_the_exit_code_and_is_named() -> None:
    plain = check("", "a.yaml", "--json", "--select", "RC705")
    assert (codes(plain), plain.exit_code) == ([("RC705", "warning")], 0)
    outcome = check('[severity]\nRC7 = "note"\nRC705 = "error"\n', "a.yaml", "--json", "--select", "RC705")
    assert (codes(outcome), outcome.exit_code) == ([("RC705", "error")], 1)
    page = check('[severity]\nRC705 = "note"\n', "a.yaml", "--select", "RC705").stdout
    assert "severity RC705 note" in " ".join(page.split())


ENDS = '{severity = "warning", until = "DAY", because = "a reason"}'


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("setting", "severity", "code"),
    [
        ('RC304 = "note"', "error", "RC904"),
        ('RC3 = "note"', "error", "RC904"),
        (f"RC304 = {ENDS.replace('DAY', '2027-03-31')}", "warning", None),
        (f"RC304 = {ENDS.replace('DAY', '2026-11-23')}", "error", "RC902"),
    ],
)
def test_arithmetic_and_doses_have_another_severity_only_with_reason_and_end(
    setting: str, severity: str, code: str | None
) -> None:
    outcome = check(f"[severity]\n{setting}\n", "a.yaml", "--json", "--ignore", "RC4,RC5,RC6,RC7")
    found = dict(codes(outcome))
    assert found.pop("RC304") == severity
    assert list(found) == ([code] if code else [])
    assert outcome.exit_code == (1 if severity == "error" else 0)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("code", ["RC101", "RC201", "RC902"])
def test_what_could_not_be_judged_keeps_its_severity(code: str) -> None:
    Path("a.yaml").write_text(TENFOLD.replace("0.15 mcg/kg/min", "lots"), encoding="utf-8")
    outcome = check(f'[severity]\n{code} = "note"\nRC2 = "note"\n', "a.yaml", "--json", "--select", "RC2,RC9")
    assert ("RC201", "error") in codes(outcome)
    assert ("RC904", "warning") in codes(outcome)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "text",
    [
        '[severity]\nRC226 = "loud"\n',
        '[severity]\nrc226 = "note"\n',
        '[severity]\nRC399 = "note"\n',
        '[severity]\nRC304 = {severity = "note", until = "2027-03-31"}\n',
        'rules-url = "intranet"\n',
    ],
)
def test_a_decision_that_cannot_be_read_is_refused(text: str) -> None:
    assert check(text).exit_code == 3


SUPPRESS = '[[suppress]]\norder = "ORDER"\ncode = "RC217"\nuntil = "2027-03-31"\nbecause = "printed so"\n'
QD = '{"id": "ID", "drug": "heparin", "route": "SC", "kind": "dose", "dose": "5000 units", "text": "QD"}'
ROWS = "id,drug,route,kind,dose,text\na,heparin,SC,dose,5000 units,QD\nb,heparin,SC,dose,5000 units,QD\n"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", f'{{"order_set": "x", "orders": [{QD.replace("ID", "a")}, {QD.replace("ID", "b")}]}}'),
        ("a.jsonl", f"{QD.replace('ID', 'a')}\n{QD.replace('ID', 'b')}\n"),
        ("a.csv", ROWS),
    ],
)
def test_a_finding_of_one_order_is_suppressed_by_its_id(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")
    outcome = check(SUPPRESS.replace("ORDER", "b"), name, "--json", "--select", "RC217,RC9")
    assert [each["code"] for each in outcome.json["findings"]] == ["RC217", "RC901"]
    assert outcome.json["findings"][1]["message"].startswith("suppressed until 2027-03-31 because printed so: RC217")
    unused = check(SUPPRESS.replace("ORDER", "c"), name, "--json", "--select", "RC217,RC9")
    assert sorted(each["code"] for each in unused.json["findings"]) == ["RC217", "RC217", "RC903"]
    assert "in *, order c needs this suppression" in json.dumps(unused.json["findings"], default=str)


def test_a_family_is_listed_and_shown_in_full_and_a_misspelt_code_has_a_hint() -> None:
    lines = invoke("rule", "rc9").stdout.splitlines()
    assert lines[0] == "RC901  note    finding-suppressed"
    assert {line[:3] for line in lines} == {"RC9"}
    whole = invoke("rule", "RC9", "--all").stdout
    assert whole.count("\nwhat to do ") == len(lines) == 5
    assert invoke("rule", "--all").stdout.count("\nwhat to do ") == len(invoke("rule").stdout.splitlines())
    assert invoke("rule", "RC304", "--all").exit_code == 2
    assert "RC304" in invoke("rule", "RC3O4").stderr
    assert "did you mean RC3" in invoke("rule", "RC39").stderr
    assert invoke("rule", "pump-rate-contradicts-dose").stdout == invoke("rule", "RC304").stdout


def test_a_comment_with_an_unknown_code_has_a_hint() -> None:
    text = f"{QD}  # rescuecalc: ignore RC2170 until 2027-03-31 because x"
    assert "did you mean" not in invoke("check", "-", "--stdin-filename", "a.yaml", stdin=text).stdout
    text = text.replace("RC2170", "RC299")
    shown = invoke("check", "-", "--stdin-filename", "a.yaml", "--select", "RC9", stdin=text).stdout
    assert "unknown rule RC299; did you mean RC2" in " ".join(shown.split())


@pytest.mark.usefixtures("here")
def test_a_rule_has_a_page_of_its_own_on_the_site_and_else_a_name() -> None:
    def addresses(settings: str) -> list[str]:
        document = json.loads(check(settings, "a.yaml", "--select", "RC304", "--format", "sarif").stdout)
        Draft4Validator(SARIF).validate(document)
        return [each["helpUri"] for each in document["runs"][0]["tool"]["driver"]["rules"] if each["id"] == "RC304"]

    url = "https://intranet.example.org/rules.html"
    assert addresses("") == ["urn:rescuecalc:rule:RC304"]
    assert addresses(f'rules-url = "{url}"\n') == [f"{url}#rc304-pump-rate-contradicts-dose"]
    assert f"see           {url}#rc304" in invoke("rule", "RC304").stdout
    folder = "https://intranet.example.org/rescuecalc/rules/"
    assert addresses(f'rules-url = "{folder}"\n') == [f"{folder}RC304.html"]
    assert Path(__file__).parent.parent.joinpath("docs", "rules", "RC304.md").is_file()
