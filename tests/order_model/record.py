"""What the present rules find in every corpus, recorded: python -m tests.order_model.record writes recorded.json.gz.

Of each order set all findings of RC3 and RC4 as (code, severity, pointer), by a digest of what it says: a set that is
changed or new has no record until --new writes it, and the others keep theirs. Another way to judge is compared with
this by `python -m tests.order_model.compare`.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.corpus import bare, order_sets, planted, planted_bare
from tests.order_model.generator import correct, slipped
from tests.order_model.incidents import faulty, strange
from tests.order_model.judging import finding, judged
from tests.support import invoke
from tests.test_false_alarms import CLEAN, made, orders_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.order_model.judging import Found

RECORDED: Final = Path(__file__).parent / "recorded.json.gz"
_FILES: Final = Path(__file__).parent.parent / "orders"
_GENERATED: Final = 2000
_SEED: Final = 20_261_128

Findings = list[tuple[str, str, str]]
"""Code, severity and pointer of each; of a file with its line before the pointer."""


def sources() -> dict[str, list[dict[str, Any]]]:
    """Return the order sets of each source."""
    corpus = list(order_sets())
    return {
        "corpus": corpus,
        "corpus, planted": [each.order_set for each in planted()],
        "corpus, bare": [bare(each) for each in corpus],
        "corpus, bare and planted": [each.order_set for each in planted_bare()],
        "false alarms": [made(orders_of(text, drug), weight) for weight, drug, text in CLEAN.values()],
        "incidents, faulty": [each.order_set for each in faulty()],
        "incidents, right": [each.order_set for each in strange()],
        "generated, correct": [each.order_set for each in correct(_SEED, _GENERATED)],
        "generated, slipped": [each.order_set for each in slipped(_SEED, _GENERATED)],
    }


def found_today(every: int = 1) -> Iterator[tuple[str, dict[str, Findings], dict[str, Any]]]:
    """Yield of each source its name, the findings by the digest of each set, and the sets; every so many alone."""
    for source, sets in sources().items():
        asked = {digest(json.dumps(each, sort_keys=True)): each for each in sets[::every]}
        each_found = judged(list(asked.values()), numbers=False)
        yield source, {name: _listed(found) for name, found in zip(asked, each_found, strict=True)}, asked
    yield "files", *_found_in_files()


def _listed(found: Iterable[Found]) -> Findings:
    return [(each.code, each.severity, each.pointer) for each in found]


def _found_in_files() -> tuple[dict[str, Findings], dict[str, str]]:
    """Return the findings of the files that each rule has on both sides, each with its line before the pointer."""
    paths = sorted(path for path in _FILES.rglob("*") if path.is_file())
    names = {path: digest(path.relative_to(_FILES).as_posix() + path.read_text("utf-8", "replace")) for path in paths}
    found: dict[str, Findings] = {name: [] for name in names.values()}
    options = ("--as-of", "2026-11-24", "--select", "RC3,RC4", "--ignore", "RC106,RC108,RC112,RC712")
    outcome = invoke("check", str(_FILES), "--format", "json", *options)
    for each in json.loads(outcome.stdout)["findings"]:
        code, severity, pointer = _listed([finding(each)])[0]
        found[names[Path(each["file"])]].append((code, severity, f"{each['line']}:{pointer}"))
    return found, {name: path.relative_to(_FILES).as_posix() for path, name in names.items()}


def digest(text: str) -> str:
    """Return ten characters that are others where the text is another."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def main() -> int:
    """Write the record, the same bytes for the same findings; with --new only of sets that have none."""
    before = recorded() if sys.argv[1:] == ["--new"] else {}
    document = {source: {**found, **_kept(before.get(source, {}), found)} for source, found, _ in found_today()}
    text = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
    packed = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, packed, mtime=0) as file:
        file.write(text)
    RECORDED.write_bytes(packed.getvalue())
    sys.stdout.write(f"{RECORDED.name}: {len(packed.getvalue()):,} bytes\n")
    for source, found in document.items():
        sys.stdout.write(f"{source}: {len(found):,} sets, {sum(map(bool, found.values())):,} with findings\n")
    return 0


def _kept(before: dict[str, Findings], found: Iterable[str]) -> dict[str, Findings]:
    """Return what is recorded of the sets that are still asked."""
    return {name: before[name] for name in found if name in before}


def recorded() -> dict[str, dict[str, Findings]]:
    """Return the record: of each source the findings by the digest of each set."""
    document: dict[str, dict[str, Findings]] = json.loads(gzip.decompress(RECORDED.read_bytes()))
    return document


if __name__ == "__main__":
    sys.exit(main())
