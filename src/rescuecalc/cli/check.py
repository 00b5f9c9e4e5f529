"""`rescuecalc check`: order sets that someone else wrote, judged."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
import gc
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Annotated

import typer

from rescuecalc.catalogue import catalogue
from rescuecalc.cli.clock import day
from rescuecalc.cli.command import FailOn, Inputs, command_app, one_of, severity
from rescuecalc.cli.judging import MOST_LISTED, Measure, Tally, tally
from rescuecalc.cli.outcome import Outcome, page_width
from rescuecalc.core.finding import Severity
from rescuecalc.core.likeness import nearest
from rescuecalc.core.limits import checked
from rescuecalc.core.notation import quoted
from rescuecalc.core.protocol import Protocol
from rescuecalc.core.quantity import CreatinineClearance, DosingWeight
from rescuecalc.errors import ExitCode, InputError
from rescuecalc.readers.paths import STDIN, files
from rescuecalc.reporters.check_document import Checked, check_document, check_lines
from rescuecalc.reporters.json_text import dumps
from rescuecalc.reporters.page import Page
from rescuecalc.rules.document import UNREADABLE
from rescuecalc.rules.register import RULES
from rescuecalc.rules.rule import Rule
from rescuecalc.rules.written import panel

_FORMATS = ("text", "json", "jsonl", "sarif", "github")


def check(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...|-", help="Files and folders of order sets; - is standard input.")
    ],
    stdin_filename: Annotated[
        str | None, typer.Option(metavar="NAME", help="What standard input is called, and its format by it: sets.csv.")
    ] = None,
    protocol: Annotated[
        str | None, typer.Option(metavar="ID", help="The protocol to judge by, whatever the order sets name.")
    ] = None,
    patient_weight: Annotated[
        str | None, typer.Option(metavar="WEIGHT", help="The patient's weight, whatever the order sets say: 80kg.")
    ] = None,
    patient_crcl: Annotated[
        str | None, typer.Option(metavar="CRCL", help="The patient's creatinine clearance: 45mL/min.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day that dates are judged by; today unless given.")
    ] = None,
    select: Annotated[
        list[str] | None, typer.Option(metavar="CODES", help="Only these rules: families and codes, as in RC3,RC402.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="CODES", help="Without these rules, as in RC2,RC405.")
    ] = None,
    fail_on: FailOn = "error",
    output: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="text, json, jsonl, sarif or github.")
    ] = "text",
) -> Outcome:
    """Judge order sets: each PATH is a file or a folder of YAML, JSON, JSON Lines and CSV.

    A file or a part that cannot be read is a finding too, and ends with exit 3; everything else is still judged.
    """
    one_of(output, _FORMATS, "--format")
    threshold, typed, limits = severity(fail_on), Inputs(), catalogue.limits()
    if stdin_filename is not None and STDIN not in paths:
        raise InputError("--stdin-filename is given, and no - among the paths reads standard input")
    weight = typed.maybe(patient_weight, DosingWeight, "--patient-weight")
    clearance = typed.maybe(patient_crcl, CreatinineClearance, "--patient-crcl")
    rules = chosen_rules(select or [], ignore or [])
    measure = Measure(
        panel=panel(rules),
        knowledge=catalogue.knowledge(),
        protocol_of=_protocol,
        protocol=catalogue.protocol(protocol) if protocol is not None else None,
        weight=checked(weight, limits.weight, "--patient-weight") if weight else None,
        clearance=checked(clearance, limits.clearance, "--patient-crcl") if clearance else None,
        as_of=day(as_of),
    )
    gc.enable()  # there may be millions of orders
    total = tally(files(paths, stdin_filename), _stdin(), measure)
    notes = (*typed.notes, *_left_out(total))
    return Outcome(_result(total, measure.as_of, rules, output), _exit_code(total, threshold), notes)


def _protocol(name: str) -> Protocol | None:
    """Return the packaged protocol that an order set names; one that there is not is a finding."""
    return catalogue.protocol(name) if name in catalogue.protocol_ids() else None


def _stdin() -> IO[bytes]:
    stream = getattr(sys.stdin, "buffer", None)
    return stream if stream is not None else BytesIO()


def chosen_rules(select: list[str], ignore: list[str]) -> tuple[Rule, ...]:
    """Return the rules that are selected and not ignored; what could not be read is told whatever is chosen.

    Raises InputError for a code or family that does not exist.
    """
    wanted, unwanted = tuple(_codes(select, "--select")), tuple(_codes(ignore, "--ignore"))
    return tuple(
        rule
        for rule in RULES
        if rule.code in UNREADABLE
        or ((not wanted or rule.code.startswith(wanted)) and not rule.code.startswith(unwanted or "-"))
    )


def _codes(texts: list[str], option: str) -> Iterator[str]:
    known = sorted({part for rule in RULES for part in (rule.code, rule.code[:3])})
    for text in (part.strip() for each in texts for part in each.split(",")):
        if text.upper() not in known:
            # What begins alike is the nearest: a slip in the last digit leaves the family as it is.
            alike = [each for each in known if each.startswith(text.upper()[:-1])] or known
            hint = nearest(text.upper(), alike, cutoff=0.6, folded=False) or "; `rescuecalc rule` lists all"
            raise InputError(f"{option}: there is no rule or family {quoted(text)}{hint}")
        yield text.upper()


def _result(total: Tally, as_of: str, rules: tuple[Rule, ...], output: str) -> Page | str:
    found = Checked(
        tuple(total.listed), total.counts, total.files, total.orders, total.left_out, total.unreadable, as_of
    )
    if output == "json":
        return f"{dumps(check_document(found))}\n"
    if output == "jsonl":
        return check_lines(found.located)
    if output == "github":
        from rescuecalc.reporters.github import annotation_lines  # noqa: PLC0415  # each format pays for itself

        return annotation_lines(found)
    if output == "sarif":
        from rescuecalc.reporters.sarif import sarif_document  # noqa: PLC0415

        return f"{dumps(sarif_document(found, rules, catalogue.sources()))}\n"
    from rescuecalc.reporters.check_text import check_page  # noqa: PLC0415  # scripts need no page

    return check_page(found, page_width())


def _left_out(total: Tally) -> Iterator[str]:
    if total.left_out:
        yield f"counted and not listed: {total.left_out:,} of the findings, beyond {MOST_LISTED:,} of each severity"


def _exit_code(total: Tally, threshold: Severity) -> ExitCode:
    if total.unreadable:
        return ExitCode.UNREADABLE
    reached = any(count and each.reaches(threshold) for each, count in total.counts.items())
    return ExitCode.FINDINGS if reached else ExitCode.DONE


app = command_app(check, "Order sets in files, judged", "check orders/ --format json")
