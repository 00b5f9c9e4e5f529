"""Build the site into build/site: lay out the pages, run zensical strictly, check every link of what was made.

    python docs/build_site.py

Nothing of the site is loaded from elsewhere: it works on a machine without a network, opened as files.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
DOCS, PAGES, SITE = ROOT / "docs", ROOT / "build" / "pages", ROOT / "build" / "site"
ABOUT = ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
"""Pages that lie beside docs: in the site they lie among its pages."""

LEFT_OUT = {".py", ".1", ".csv", ".sh", ".yaml", ".toml", ".pyc"}
"""What is no page: scripts, the man page and examples, but for those that a page links to."""

SHIM = "https://unpkg.com/iframe-worker/shim"
"""The one address that zensical writes into pages for offline use; the file itself lies in docs/assets."""

LINK = re.compile(r"(?P<head>\]\()(?P<target>(?!https?:|#|mailto:)[^)\s]+)(?P<foot>\))")
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


def laid_out() -> None:
    """Copy the pages and what they link to into build/pages, with links between the two folders made one."""
    shutil.rmtree(PAGES, ignore_errors=True)
    shutil.copytree(DOCS, PAGES, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    for name in ABOUT:
        shutil.copy(ROOT / name, PAGES / name)
    for page in PAGES.rglob("*.md"):
        source = ROOT / page.name if page.parent == PAGES and page.name in ABOUT else DOCS / page.relative_to(PAGES)
        page.write_text(_relinked(page.read_text("utf-8"), source), "utf-8")


def _relinked(text: str, source: Path) -> str:
    """Return a page with its links as they lead in the site, where all pages lie below one folder."""
    parts, at = [], 0
    for fence in FENCE.finditer(text):
        parts += [LINK.sub(lambda link: _link(link, source), text[at : fence.start()]), fence[0]]
        at = fence.end()
    return "".join([*parts, LINK.sub(lambda link: _link(link, source), text[at:])])


def _link(link: re.Match[str], source: Path) -> str:
    target, _, anchor = link["target"].partition("#")
    found = (source.parent / target).resolve()
    if target and found == ROOT / "README.md":
        found = DOCS / "index.md"
    place = found.relative_to(DOCS) if found.is_relative_to(DOCS) else Path(found.name)
    here = source.relative_to(DOCS).parent if source.is_relative_to(DOCS) else Path()
    up = PurePosixPath(*(".." for _ in here.parts), *place.parts) if target else ""
    return f"{link['head']}{up}{'#' if anchor else ''}{anchor}{link['foot']}"


def built() -> int:
    """Run zensical; a warning fails."""
    shutil.rmtree(SITE, ignore_errors=True)
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603  # zensical, of this environment


def made_local() -> None:
    """Point every page at the search's file of the site itself."""
    for page in SITE.rglob("*.html"):
        up = "../" * (len(page.relative_to(SITE).parts) - 1)
        page.write_text(page.read_text("utf-8").replace(SHIM, f"{up}assets/iframe-worker.js"), "utf-8")


class _Page(HTMLParser):
    """The links, anchors and loaded files of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag links to, loads and names."""
        of = {name: value or "" for name, value in attrs}
        self.anchors.update(of[name] for name in ("id", "name") if name in of)
        if tag == "a" and "href" in of:
            self.links.append(of["href"])
        if "src" in of:
            self.loaded.append(of["src"])
        if tag == "link" and "href" in of and of.get("rel") != "canonical":
            self.loaded.append(of["href"])


def problems() -> Iterator[str]:
    """Yield every link that leads nowhere, and everything that is loaded from elsewhere."""
    pages = {}
    for file in sorted(SITE.rglob("*.html")):
        pages[file] = _Page()
        pages[file].feed(file.read_text("utf-8"))
    for file, page in pages.items():
        name = file.relative_to(SITE)
        if name.name == "404.html":
            continue
        yield from (f"{name} loads {each}" for each in page.loaded if re.match(r"(https?:)?//", each))
        for link in dict.fromkeys([*page.links, *page.loaded]):
            if re.match(r"[a-z]+:|//", link):
                continue
            path, anchor = urldefrag(unquote(link))
            target = (file.parent / path).resolve() if path else file
            target = target / "index.html" if target.is_dir() else target
            if not target.exists():
                yield f"{name}: {link} is not there"
            elif anchor and target in pages and anchor not in pages[target].anchors | {"__top", "__skip"}:
                yield f"{name}: {link} has no such heading"


def main() -> int:
    """Build and check; 1 where something is wrong."""
    laid_out()
    if built():
        return 1
    made_local()
    found = list(problems())
    print("\n".join([*found[:50], f"{len(list(SITE.rglob('*.html')))} pages, {len(found)} problems"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
