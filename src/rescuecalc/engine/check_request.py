"""By what order sets are judged, as it is typed; each field is an option."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
from typing import Annotated, NamedTuple

from rescuecalc.requests.input.option import Option


class CheckRequest(NamedTuple):
    """What a run of `check` is told of the reference that it judges by; None where the settings count."""

    protocol: Annotated[
        str | None, Option("ID", "Judge by this protocol; overrides the protocols of the order sets.")
    ] = None
    patient_weight: Annotated[
        str | None, Option("WEIGHT", "The patient's weight; overrides those of the order sets: 80kg.")
    ] = None
    patient_crcl: Annotated[str | None, Option("CRCL", "The patient's creatinine clearance: 45mL/min.")] = None
    as_of: Annotated[str | None, Option("DATE", "Judge dates as of this day; default: today.")] = None
    select: Annotated[list[str] | None, Option("CODES", "Apply only these families and rules: RC3,RC402.")] = None
    ignore: Annotated[list[str] | None, Option("CODES", "Do not apply these families and rules: RC2,RC405.")] = None
    config: Annotated[str | None, Option("FILE", "Settings file for every PATH, instead of the nearest one.")] = None
    isolated: Annotated[bool, Option(None, "Use no settings file.", "--isolated")] = False
    protocol_file: Annotated[
        list[str] | None, Option("FILE", "A protocol file of your hospital (TOML); may be repeated.")
    ] = None
    library: Annotated[str | None, Option("FILE", "A pump library: a native CSV, or the TOML of an export.")] = None
    care_area: Annotated[
        str | None, Option("AREA", "The care area of the library; overrides those of the order sets.")
    ] = None
    columns: Annotated[str | None, Option("FILE", "A column map for CSV and spreadsheets.")] = None
    encoding: Annotated[str | None, Option("NAME", "The encoding of all files that are not UTF-8: cp1252.")] = None
    exclude: Annotated[
        list[str] | None, Option("PATTERN", "Exclude these files and folders: archive, 'old/*.csv'.")
    ] = None


class CheckRun(NamedTuple):
    """What a run of `check` does besides judging, and what of its findings it prints."""

    fail_on: Annotated[
        str | None, Option("SEVERITY", "Exit 1 at this severity or above: error (default), warning or note.")
    ] = None
    baseline: Annotated[str | None, Option("FILE", "Baseline of known findings, which are not reported again.")] = None
    write_baseline: Annotated[str | None, Option("FILE", "Write the findings as a baseline, and exit 0.")] = None
    compare: Annotated[
        bool,
        Option(None, "Show clinical changes from the first PATH to the second; exit 1 if any.", "--compare"),
    ] = False
    fix: Annotated[
        bool, Option(None, "Correct the notation in the files as RC2 advises; values stay the same.", "--fix")
    ] = False
    diff: Annotated[bool, Option(None, "Show what --fix would change, and write nothing; exit 1 if any.", "--diff")] = (
        False
    )
    jobs: Annotated[str | None, Option("N|auto", "Judge in N processes; auto: as many as there are processors.")] = None
    max_findings: Annotated[str | None, Option("N", "List at most N findings, the most severe; all are counted.")] = (
        None
    )
    statistics: Annotated[bool, Option(None, "Count the findings by rule, and list none.", "--statistics")] = False
    quiet: Annotated[
        bool,
        Option(None, "List only findings that make the run fail; print nothing if none.", "--quiet", short="-q"),
    ] = False
    exit_zero: Annotated[
        bool, Option(None, "Exit 0 with any findings; unreadable files still exit 3.", "--exit-zero")
    ] = False
    show_settings: Annotated[
        bool, Option(None, "Show the settings of each file; judge nothing.", "--show-settings")
    ] = False
    show_judged: Annotated[bool, Option(None, "Show for each order how far it could be judged.", "--show-judged")] = (
        False
    )
