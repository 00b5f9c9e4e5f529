"""What pages show is run: each command of a page, in order, in a folder of its own; its output is written beneath it.

A block of `console` holds commands. Where one begins with `$`, its output stands under it and is made anew; where none
does, the commands are run and their output is left out. A command that does not end with 0 says so: `# exit 1`.
`<!-- file: NAME -->` before a block writes the block as a file, which the commands beneath it read.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from typer.testing import CliRunner

from rescuecalc.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parent
READ = ("examples", "pump-library")
"""What commands of pages read, below docs."""

FENCE = re.compile(
    r"(?P<head>(?:<!-- (?P<mark>file|not run|tested): (?P<of>[^>]+) -->\n)?(?P<in> *)```(?P<kind>[a-z]*)[^\n]*\n)"
    r"(?P<body>.*?)(?P<foot>^ *```$)",
    re.DOTALL | re.MULTILINE,
)
EXIT = re.compile(r"\s+# exit (?P<code>[0-9]+)$")


class Ended(NamedTuple):
    """What a command printed, what a terminal shows of that (standard error besides), and how it ended."""

    stdout: str
    code: int
    screen: str = ""


class Wrong(Exception):
    """A command of a page does not do what the page says."""


@contextmanager
def desk() -> Iterator[Path]:
    """Work in a folder that has what the commands read, so that none leaves a file behind."""
    here = Path.cwd()
    with TemporaryDirectory() as folder:
        for name in READ:
            shutil.copytree(DOCS / name, Path(folder, "docs", name))
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(here)


def shown(name: str, text: str) -> str:
    """Return a page with the outputs of its commands as they are now; Wrong where one ends otherwise than said."""
    if "```console" not in text:
        return text
    with desk():
        return FENCE.sub(lambda fence: _block(name, fence), text)


def _block(name: str, fence: re.Match[str]) -> str:
    if fence["mark"] == "file":
        file = Path(fence["of"].strip())
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(fence["body"], "utf-8")
    if fence["kind"] != "console" or fence["mark"] == "not run":
        return fence[0]
    body, indent = fence["body"], fence["in"]
    if f"{indent}$ " not in body:
        for line in body.replace("\\\n", "").splitlines():
            _run(name, line.strip())
        return fence[0]
    made, lines = [], body.splitlines()
    while lines:
        line = lines.pop(0)
        if not line.startswith(f"{indent}$ "):
            continue
        typed = [line]
        while typed[-1].endswith("\\"):
            typed.append(lines.pop(0))
        ended = _run(name, " ".join(each.strip().removesuffix("\\").strip() for each in typed).removeprefix("$ "))
        made += [*typed, *(f"{indent}{each}".rstrip() for each in ended.screen.splitlines())]
    return "\n".join([fence["head"].removesuffix("\n"), *made, fence["foot"]])


def _run(name: str, command: str) -> Ended:
    said = EXIT.search(command)
    ended = typed(EXIT.sub("", command))
    if ended.code != (int(said["code"]) if said else 0):
        raise Wrong(f"{name}: `{command}` ended with {ended.code}")
    return ended


def typed(command: str) -> Ended:
    """Run a line as a shell would that knows `rescuecalc`, `cat`, `echo`, `head`, `tail`, pipes and `>`."""
    words = shlex.split(command)
    target = None
    if ">" in words:
        place = words.index(">")
        target, words = Path(words[place + 1]), words[:place]
    ended, given = Ended("", 0), None
    while words:
        place = words.index("|") if "|" in words else len(words)
        ended = _program(words[:place], given)
        given, words = ended.stdout, words[place + 1 :]
    if target is not None:
        target.write_text(ended.stdout, "utf-8")
        return Ended("", ended.code)
    return ended._replace(screen=ended.screen or ended.stdout)


def _program(words: list[str], given: str | None) -> Ended:
    match words:
        case ["rescuecalc", *arguments]:
            result = CliRunner().invoke(app, arguments, input=given, prog_name="rescuecalc")
            return Ended(result.stdout, result.exit_code, result.output)
        case ["cat", *files]:
            return Ended("".join(Path(file).read_text("utf-8") for file in files), 0)
        case ["echo", *texts]:
            return Ended(" ".join(texts) + "\n", 0)
        case ["head", "-n", number]:
            return Ended("".join((given or "").splitlines(keepends=True)[: int(number)]), 0)
        case ["tail", "-n", number]:
            return Ended("".join((given or "").splitlines(keepends=True)[-int(number) :]), 0)
    raise Wrong(f"{shlex.join(words)} is not run by docs/shown.py")
