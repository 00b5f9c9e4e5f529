"""A run of `check`: the files judged, and their findings as a page, a document or line by line; typer has no part."""

import gc
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from rescuecalc.catalogue import catalogue
from rescuecalc.cli.check_stream import STREAMED, Run, how_far, streamed
from rescuecalc.cli.fixing import fix_diff, fix_files, refuse_fixing
from rescuecalc.cli.output import CommandResult, Streamed, page_width, write_stderr
from rescuecalc.cli.result_file import refuse_what_settings_name
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.engine.baseline import read_baseline, refuse_baseline_output
from rescuecalc.engine.baseline import write_baseline as write_baseline_file
from rescuecalc.engine.check_request import CheckRequest, CheckRun
from rescuecalc.engine.checking import checked_of, typed_options
from rescuecalc.engine.jobs import jobs_of
from rescuecalc.engine.lint_runner import MOST_LISTED, FilesJudge, Tally, tally
from rescuecalc.engine.references import RunReferences, TypedOptions, without_library
from rescuecalc.engine.settings_report import settings_used
from rescuecalc.errors import ExitCode, InputError
from rescuecalc.readers.input_paths import HERE, STDIN, File, files
from rescuecalc.reporters import formats
from rescuecalc.reporters.document.check import Checked
from rescuecalc.reporters.render.check.check_summary import judged_line, summary_line
from rescuecalc.reporters.render.check.settings_text import settings_lines
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.requests.input.inputs import Inputs, one_of


def checked_files(
    ctx: Any, paths: list[str] | None, stdin_filename: str | None, asked: CheckRequest, run: CheckRun, output: str
) -> CommandResult | Streamed:
    """Return what is found in files; ``ctx.meta`` says which file the result is written into.

    Errors are those of the options, of settings and of what they name; what is wrong with a file is a finding.
    """
    output = one_of(output, formats.offered("check"), "--format")
    typed = Inputs()
    _refuse_contradictions(paths or [], stdin_filename, asked, run)
    fail_on = Severity(one_of(run.fail_on, tuple(Severity), "--fail-on")) if run.fail_on is not None else None
    references = RunReferences(typed_options(typed, asked, fail_on))
    _refuse_fixing(paths or [], asked, run)
    if run.compare:
        refuse_what_settings_name(ctx, references.inputs(files(paths or [], stdin_filename)))
        return _compared(paths or [], stdin_filename, references, output, exit_zero=run.exit_zero)
    if run.show_settings:
        shown_for = files(paths, stdin_filename) if paths else [HERE]
        refuse_what_settings_name(ctx, references.inputs(shown_for))
        return _settings_shown(shown_for, references, output)
    most = _refuse_judging(paths or [], run, output)
    _collect_rarely()
    found_files = files(paths or [], stdin_filename)
    named = without_library(references.kept(found_files), references)
    refuse_what_settings_name(ctx, references.inputs(found_files))
    if run.diff:
        return CommandResult(*fix_diff(named, references), tuple(typed.notes))
    fixed = tuple(fix_files(named if run.fix else (), references))
    if run.write_baseline is not None:
        refuse_baseline_output(Path(run.write_baseline), references.inputs(found_files))
    judging = _Judging(named, references, run, most, (*typed.notes, *fixed), len(found_files) - len(named))
    # A bound on what is listed, and a baseline, need all findings before the first is written.
    if output in STREAMED and most is None and run.write_baseline is None:
        return _streamed(judging, output)
    return _collected(judging, output)


def _refuse_contradictions(paths: list[str], stdin_filename: str | None, asked: CheckRequest, run: CheckRun) -> None:
    """Refuse options that exclude each other, before any file is read."""
    _refuse(
        (
            stdin_filename is not None and STDIN not in paths,
            "--stdin-filename is given, and no - among the paths reads standard input",
        ),
        (
            asked.isolated and asked.config is not None,
            "--isolated and --config are both given: write one of them",
        ),
        (
            run.show_settings and (run.baseline is not None or run.write_baseline is not None),
            "--show-settings judges nothing, and a baseline is given; leave one of them out",
        ),
    )


def _refuse_fixing(paths: list[str], asked: CheckRequest, run: CheckRun) -> None:
    beside = {
        "--compare": run.compare,
        "--show-settings": run.show_settings,
        "--encoding": asked.encoding is not None,
        "--write-baseline": run.write_baseline is not None,
    }
    refuse_fixing(paths, beside, fix=run.fix, diff=run.diff)


def _refuse_judging(paths: list[str], run: CheckRun, output: str) -> int | None:
    """Refuse a run that has nothing to judge or cannot print it; return how many findings it lists at most."""
    _refuse(
        (not paths, "PATH is missing: name a file or a folder of order sets, or - for standard input"),
        (
            run.baseline is not None and run.write_baseline is not None,
            "--baseline and --write-baseline are both given: use a baseline or write a new one",
        ),
    )
    most = _most(run.max_findings)
    _refuse(
        (
            run.statistics and output not in _COUNTED,
            f"--statistics counts by rule, which --format {output} cannot; write {' or '.join(_COUNTED)}",
        )
    )
    return most


class _Judging(NamedTuple):
    """A run whose files are known: the files, what judges them, and what is noted besides the findings."""

    named: list[File]
    references: RunReferences
    run: CheckRun
    most: int | None
    notes: tuple[str, ...]
    excluded: int

    @property
    def judged(self) -> bool:
        """Whether findings decide the exit code."""
        return self.run.write_baseline is None and not self.run.exit_zero

    def tally(self, total: Tally, *, streamed: bool = True) -> Tally:
        """Judge the files, and count into ``total``; ``streamed`` says that findings are written meanwhile."""
        run, typed = self.run, self.references.typed
        known = read_baseline(Path(run.baseline)) if run.baseline is not None else None
        with ExitStack() as opened:
            judge = opened.enter_context(_judges(jobs_of(run.jobs), self.named, typed, states=run.show_judged))
            if not run.quiet and sys.stderr is not None and sys.stderr.isatty():
                from rescuecalc.cli.progress import progress, shows_progress  # noqa: PLC0415  # of a terminal alone

                judge = opened.enter_context(progress(judge, total)) if shows_progress(streamed=streamed) else judge
            return tally(
                self.named,
                _stdin(),
                self.references.of,
                known,
                most=self.most,
                show_judged=run.show_judged,
                total=total,
                judge=judge,
            )


def _streamed(judging: _Judging, output: str) -> Streamed:
    """Return findings that are written one by one, while the rest is judged."""
    references = judging.references
    return streamed(
        output,
        Run(
            judging.tally,
            lambda total: (*judging.notes, *_of_settings(references, total, judging.excluded)),
            lambda total: _exit_code(total, judged=judging.judged),
        ),
    )


def _collected(judging: _Judging, output: str) -> CommandResult:
    """Return findings as one document, made when everything is judged."""
    references, run = judging.references, judging.run
    total = Tally(keep=run.write_baseline is not None)
    try:
        judging.tally(total, streamed=False)
    except KeyboardInterrupt:
        write_stderr((how_far(total),))
        if output not in _FOR_PEOPLE or run.write_baseline is not None:
            raise  # half a document would be taken for a whole one
        total.list_in_order(judging.most)
        found = checked_of(total, references, settings_used(references, total.unread), judging.excluded)
        return CommandResult(_rendered(found, references, run, output), ExitCode.INTERRUPTED)
    wrote = tuple(_baseline_note(run.write_baseline, total))
    used = settings_used(references, total.unread)
    of_settings = () if output in _WITH_SETTINGS else settings_lines(used)
    found = checked_of(total, references, used, judging.excluded)
    left_out = _left_out(total, judging.most)
    notes = (*judging.notes, *left_out, *wrote, *of_settings, *_unseen(found, output, quiet=run.quiet))
    return CommandResult(_rendered(found, references, run, output), _exit_code(total, judged=judging.judged), notes)


def _collect_rarely() -> None:
    """Let the collector run, and rarely: there may be millions of orders.

    What is there already stays, and looking through it takes a tenth of a short run.
    """
    gc.freeze()
    gc.enable()
    gc.set_threshold(_COLLECTED_AFTER)


def _rendered(found: Checked, references: RunReferences, run: CheckRun, output: str) -> Any:
    return formats.rendered(
        "check",
        output,
        found,
        width=page_width,
        rules=lambda: references.rules,
        sources=catalogue.sources,
        rules_url=lambda: references.rules_url,
        quiet=lambda: run.quiet,
        statistics=lambda: run.statistics,
    )


@contextmanager
def _judges(count: int, named: list[File], typed: TypedOptions, *, states: bool) -> Iterator[Any]:
    """Give what judges the files, in this process or in ``count`` others, which end with the block."""
    workers: Any = None
    if count > 1:
        from rescuecalc.engine.parallel import Workers  # noqa: PLC0415  # multiprocessing takes 20 ms

        workers = Workers(count, named, typed, states=states)
    try:
        yield workers.judged if workers is not None else FilesJudge()
    finally:
        if workers is not None:
            workers.end()


def _refuse(*reasons: tuple[bool, str]) -> None:
    """Refuse what was typed for the first reason that holds."""
    for holds, reason in reasons:
        if holds:
            raise InputError(reason)


_WITH_SETTINGS: Final = ("text", "json", "markdown")
"""Formats that name the settings themselves; for the others stderr does."""

_FOR_PEOPLE: Final = ("text", "concise")
"""Formats in which an interrupted run shows what was found until then."""

_COUNTED: Final = ("text", "json", "markdown")
"""Formats that count by rule; JSON and Markdown always do."""

_COLLECTED_AFTER: Final = 20_000
"""Objects after which those that refer to each other are looked for: the verdicts of a file are few and small."""


_MOST: Final = re.compile("[0-9]{1,9}")


def _most(text: str | None) -> int | None:
    if text is not None and not _MOST.fullmatch(text):
        raise InputError(f"--max-findings: cannot read {quoted(text)}; write a whole number, as in 50")
    return int(text) if text is not None else None


def _baseline_note(name: str | None, total: Tally) -> Iterator[str]:
    """Write the baseline that is asked for, and yield what was written."""
    if name is not None:
        count = write_baseline_file(Path(name), total.every or ())
        yield f"{name}: {count:,} finding{'' if count == 1 else 's'} written as the baseline"


def _settings_shown(of: list[File], references: RunReferences, output: str) -> CommandResult:
    from rescuecalc.cli.settings_page import settings_document, settings_page  # noqa: PLC0415  # seldom asked for

    if output not in {"text", "json"}:
        raise InputError("--show-settings is shown as text or json")
    shown = settings_document(of, references)
    return CommandResult(
        f"{dumps(shown)}\n" if output == "json" else settings_page(shown, page_width()), ExitCode.DONE, ()
    )


def _compared(
    paths: list[str], stdin_filename: str | None, references: RunReferences, output: str, *, exit_zero: bool
) -> CommandResult:
    from rescuecalc.engine.comparison import compared, version  # noqa: PLC0415  # seldom asked for
    from rescuecalc.reporters.document.set_comparison import comparison_document  # noqa: PLC0415

    output = one_of(output, formats.offered("check compare"), "--format")
    if len(paths) != _TWO:
        raise InputError("--compare takes two paths: the old version and the new one")
    of, named = references.columns_of, references.typed.encoding or ""
    old, new = (version(each, files([each], stdin_filename), _stdin(), of, named) for each in paths)
    found = compared(old, new)
    made = comparison_document(_side(old), _side(new), found.changes, (*old.unread, *new.unread))
    code = ExitCode.FINDINGS if found.changes and not exit_zero else ExitCode.DONE
    return CommandResult(
        formats.rendered("check compare", output, made, width=page_width),
        ExitCode.UNREADABLE if found.unreadable else code,
    )


def _side(of: Any) -> dict[str, Any]:
    return {"path": of.name, "order_sets": len(of.sets), "orders": of.orders}


_TWO: Final = 2


def _stdin() -> IO[bytes]:
    stream = getattr(sys.stdin, "buffer", None)
    return stream if stream is not None else BytesIO()


def _of_settings(references: RunReferences, total: Tally, excluded: int) -> Iterator[str]:
    """Yield what stands beside findings that are written one by one: which settings judged, and what is excluded."""
    yield from settings_lines(settings_used(references, total.unread))
    yield from _of_excluded(excluded)


def _of_excluded(count: int) -> Iterator[str]:
    if count:
        yield f"excluded: {count:,} file{'' if count == 1 else 's'}"


def _unseen(found: Checked, output: str, *, quiet: bool) -> Iterator[str]:
    """Yield what a format has no place for: its counts, or how many files are excluded."""
    if output == "concise" and not quiet:
        yield from (summary_line(found), judged_line(found))
    elif output not in _WITH_SETTINGS:
        yield from _of_excluded(found.excluded)


def _left_out(total: Tally, most: int | None) -> Iterator[str]:
    if total.left_out:
        bound = f"{MOST_LISTED:,} of each severity" if most is None else f"--max-findings {most}"
        yield f"counted and not listed: {total.left_out:,} of the findings, beyond {bound}"


def _exit_code(total: Tally, *, judged: bool) -> ExitCode:
    if total.unreadable:
        return ExitCode.UNREADABLE
    return ExitCode.FINDINGS if judged and total.reached else ExitCode.DONE
