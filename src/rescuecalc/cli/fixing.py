"""`check --fix` and `check --diff`: what they write and report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.errors import ExitCode, InputError
from rescuecalc.readers.input_paths import STDIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rescuecalc.engine.notation_fixes import FixedFile
    from rescuecalc.engine.references import RunReferences
    from rescuecalc.readers.input_paths import File


def refuse_fixing(paths: Sequence[str], other_options: Mapping[str, bool], *, fix: bool, diff: bool) -> None:
    """Refuse to fix standard input, or together with an option that judges or writes something else; InputError."""
    if not fix and not diff:
        return
    if STDIN in paths:
        raise InputError("--fix and --diff change files, and - is standard input; name a file or a folder")
    if fix and diff:
        raise InputError("--fix and --diff are both given: files are written, or the change is shown")
    other = next((name for name, is_given in other_options.items() if is_given), None)
    if other is not None:
        raise InputError(f"--{'fix' if fix else 'diff'} and {other} are both given; leave one of them out")


def fix_diff(files: Iterable[File], references: RunReferences) -> tuple[str, ExitCode]:
    """Return the fixes as a unified diff, with exit code 1 where there are any; nothing is written."""
    from rescuecalc.engine.notation_fixes import fixed_files  # noqa: PLC0415  # seldom asked for

    diff = "".join(fixed.diff() for _, fixed in fixed_files(files, references.of))
    return diff, ExitCode.FINDINGS if diff else ExitCode.DONE


def fix_files(files: Iterable[File], references: RunReferences) -> Iterator[str]:
    """Fix the notation in files, and yield a note on each file that has something to fix."""
    if not files:
        return
    from rescuecalc.engine.notation_fixes import fixed_files, write_fixed  # noqa: PLC0415  # seldom asked for

    for file, fixed in fixed_files(files, references.of):
        reason_unwritten = write_fixed(fixed, file.path) if fixed.fix_count and file.path is not None else ""
        if fixed.fix_count and not reason_unwritten:
            yield f"{fixed.name}: {_count_text(fixed)}"
        if reason_unwritten or fixed.reason_unfixed:
            yield f"{fixed.name}: not fixed: {reason_unwritten or fixed.reason_unfixed}"


def _count_text(fixed: FixedFile) -> str:
    return f"{fixed.fix_count:,} fix{'' if fixed.fix_count == 1 else 'es'} of notation"
