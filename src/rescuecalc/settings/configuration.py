"""`rescuecalc.toml`, or `[tool.rescuecalc]` of a `pyproject.toml`: the nearest one above a checked file."""

from __future__ import annotations

from dataclasses import dataclass, field
from errno import ENAMETOOLONG
from functools import lru_cache
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.files.table import SCHEMA_KEY, Problem, Table, parse
from rescuecalc.catalogue.site_protocol import site_protocol
from rescuecalc.core.literature.source import Source
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.findings.suppression import Suppression, problem_of
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import CreatinineClearance, DosingWeight, Duration, PumpRate
from rescuecalc.errors import CatalogueError
from rescuecalc.file_access import SETTINGS_FILES
from rescuecalc.readers.path_patterns import fits, is_excluded
from rescuecalc.settings.decisions import approvals, severities

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from rescuecalc.core.literature.limits import Limits
    from rescuecalc.core.orders.findings.approval import Approval
    from rescuecalc.core.orders.findings.severity_override import SeverityOverride
    from rescuecalc.core.regimen.protocol import Protocol
    from rescuecalc.readers.column_map import ColumnMap

RANGES: Final = {"usual_weight": DosingWeight, "weight": DosingWeight, "clearance": CreatinineClearance}
QUANTITIES: Final = {"pump_rate": PumpRate, "pump_step": PumpRate, "container_time": Duration, "run_time": Duration}
SHARE: Final = "deviation_percent"
"""Limits that a site may set: ranges, quantities and a share in per cent."""

_MOST_PERCENT: Final = 100

KINDS: Final = ("bolus", "infusion")
"""For what a product may be settled."""


@dataclass(frozen=True)
class Settings:
    """What is settled; ``file`` is None where there is no settings file, and every value is the packaged one.

    ``products`` is what an order without concentration and product is made of, by drug and kind.
    """

    file: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    fail_on: Severity | None = None
    per_path: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limits: Limits = field(default_factory=catalogue.limits)
    settled_limits: tuple[str, ...] = ()
    protocols: Mapping[str, Protocol] = field(default_factory=dict)
    protocol_files: tuple[Path, ...] = ()
    products: Mapping[tuple[str, str], str] = field(default_factory=dict)
    suppressions: tuple[Suppression, ...] = ()
    severities: tuple[SeverityOverride, ...] = ()
    approvals: tuple[Approval, ...] = ()
    rules_url: str = ""
    library: Path | None = None
    care_area: str | None = None
    columns: Mapping[str, Path] = field(default_factory=dict)
    column_maps: Mapping[Path, ColumnMap] = field(default_factory=dict)

    def ignored_at(self, name: str) -> tuple[str, ...]:
        """Return the codes and families that are left out of a file, those of its path included."""
        return (
            *self.ignore,
            *(each for pattern, codes in self.per_path.items() if self.fits(name, pattern) for each in codes),
        )

    def excludes(self, name: str) -> bool:
        """Whether a file is not to be checked."""
        return self.file is not None and is_excluded(name, self.exclude, self.file.absolute().parent)

    def columns_at(self, name: str) -> ColumnMap | None:
        """Return what the columns of a file mean, None where its headings are the fields themselves."""
        path = next((path for pattern, path in self.columns.items() if self.fits(name, pattern)), None)
        return self.column_maps[path] if path is not None else None

    def suppressions_at(self, name: str) -> tuple[Suppression, ...]:
        """Return the suppressions whose pattern a file fits."""
        return tuple(each for each in self.suppressions if self.fits(name, each.pattern))

    def fits(self, name: str, pattern: str) -> bool:
        """Whether a file, by its path from the folder of the settings, fits a pattern such as ``archive/*.csv``."""
        if self.file is None:
            return False
        return fits(name, pattern, self.file.absolute().parent)


def settings_for(name: str) -> Settings:
    """Return the settings of the nearest settings file above ``name``; CatalogueError says what is wrong in it."""
    folder = Path(name).absolute().parent
    for each in reversed(folder.parents):  # from the root on, so that no call has to go further than one folder up
        _above(each)
    return _above(folder)


def settings_of(file: Path) -> Settings:
    """Return the settings of a file that is named; CatalogueError says what is wrong in it, or that it has none."""
    found = _read(file)
    if found is None:
        raise CatalogueError((f"{file}: has no table [tool.rescuecalc]",))
    return found


@lru_cache(maxsize=4096)
def _above(folder: Path) -> Settings:
    for name in SETTINGS_FILES:
        file = folder / name
        found = _read(file) if _is_there(file) else None
        if found is not None:
            return found
    return _above(folder.parent) if folder.parent != folder else Settings()


def _is_there(file: Path) -> bool:
    """Whether anything has the name of a settings file: what cannot be read as one must not be passed over."""
    try:
        file.lstat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError as failure:
        if failure.errno == ENAMETOOLONG:  # nothing can be there
            return False
        raise CatalogueError((f"{file}: cannot be read: {failure.strerror}",)) from None
    return True


def _read(file: Path) -> Settings | None:
    """Return the settings of a file, None for a `pyproject.toml` that has none."""
    content = parse(file)
    if file.name == "pyproject.toml":
        tool = content.get("tool")
        own = tool.get("rescuecalc") if isinstance(tool, dict) else None
        if own is None:
            return None
        if not isinstance(own, dict):
            raise CatalogueError((f"{file}: tool.rescuecalc is not a table",))
        content = own
    try:
        return _settings(file, Table(content))
    except Problem as problem:
        raise CatalogueError((f"{file}: {problem}",)) from None


def _settings(file: Path, table: Table) -> Settings:
    table.maybe_text(SCHEMA_KEY)
    severity = table.maybe_text("fail-on")
    if severity is not None and severity not in set(Severity):
        raise Problem(f"fail-on: {severity!r} is not one of {', '.join(Severity)}")
    columns = _columns(file, table.maybe_table("columns"))
    limits, settled = _limits(file, table.maybe_table("limits"))
    paths = table.maybe_table("per-path-ignores")
    made = Settings(
        file=file,
        select=table.texts("select"),
        ignore=table.texts("ignore"),
        exclude=table.texts("exclude"),
        fail_on=Severity(severity) if severity is not None else None,
        per_path=_texts_of(paths) if paths is not None else {},
        limits=limits,
        settled_limits=settled,
        protocols=_protocols(file, table.texts("protocol-files")),
        protocol_files=tuple(file.parent / each for each in table.texts("protocol-files")),
        products=_products(table.maybe_table("products")),
        suppressions=tuple(_suppressions(table)),
        severities=tuple(severities(table.maybe_table("severity"))),
        approvals=tuple(approvals(table)),
        rules_url=_url(table),
        library=_library(file, table.maybe_text("library")),
        care_area=table.maybe_text("care-area"),
        columns=columns,
        column_maps=_column_maps(columns.values()),
    )
    table.finish()
    return made


def _column_maps(paths: Collection[Path]) -> dict[Path, ColumnMap]:
    if not paths:
        return {}
    from rescuecalc.settings.columns import column_map  # noqa: PLC0415  # of settings with columns alone

    return {path: column_map(path) for path in paths}


_OF_FILE: Final = {"select", "ignore", "exclude", "fail-on", "protocol-files", "rules-url", "library", "care-area"}
"""Settings of the whole file. Written below a table whose keys are patterns, one would be taken for a pattern."""


def _patterns(table: Table) -> list[str]:
    """Return the patterns of paths that a table names."""
    for key in table.keys():  # noqa: SIM118  # a table is no dictionary
        if key in _OF_FILE:
            raise Problem(f"{table.where(key)}: is a setting of the whole file; write it above the first [table]")
    return list(table.keys())


def _texts_of(table: Table) -> dict[str, tuple[str, ...]]:
    return {pattern: table.texts(pattern) for pattern in _patterns(table)}


def _limits(file: Path, table: Table | None) -> tuple[Limits, tuple[str, ...]]:
    """Return the limits with those that the site has set; each of them names where it comes from."""
    packaged = catalogue.limits()
    if table is None:
        return packaged, ()
    stated = table.text("source")
    changed: dict[str, Any] = {}
    for name, role in RANGES.items():
        span = table.maybe_table(name)
        if span is not None:
            changed[name] = span.span(role)
            span.finish()
    for name, role in QUANTITIES.items():
        value = table.maybe_quantity(name, role)
        if value is not None:
            changed[name] = value
    if table.has(SHARE):
        changed[SHARE] = table.number(SHARE)
        if not 0 < changed[SHARE] <= _MOST_PERCENT:
            raise Problem(f"{table.where(SHARE)}: is not above 0 and up to {_MOST_PERCENT}")
    table.finish()
    settled = tuple(changed)
    locator = f"{file.name}: {', '.join(settled)}; other limits are rescuecalc's, site-adjustable"
    return packaged._replace(**changed, source=Source("site", stated, locator)), settled


def _protocols(file: Path, names: tuple[str, ...]) -> dict[str, Protocol]:
    found: dict[str, Protocol] = {}
    for name in names:
        if not _is_below(file.parent / name, file.parent):
            raise Problem(
                f"protocol-files: {quoted(name)} is outside of the folder of these settings; "
                "name it on the command line, with --protocol-file"
            )
        protocol = site_protocol(file.parent / name)
        if protocol.id in found:
            raise Problem(f"protocol-files: {protocol.id!r} is the id of two files")
        found[protocol.id] = protocol
    return found


def _library(file: Path, name: str | None) -> Path | None:
    """Return the pump library that settings name; it is read once an order set is compared with it."""
    if name is None:
        return None
    if not _is_below(file.parent / name, file.parent):
        raise Problem(
            f"library: {quoted(name)} is outside of the folder of these settings; name it on the command line, with "
            "--library"
        )
    return file.parent / name


def _is_below(path: Path, folder: Path) -> bool:
    """Whether a file lies in a folder or one of its folders, wherever links lead."""
    return Path(realpath(path)).is_relative_to(realpath(folder))


def _products(table: Table | None) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for drug, kinds in table.entries() if table is not None else ():
        for kind in KINDS:
            name = kinds.maybe_text(kind)
            known = {each.id for each in catalogue.products().values() if each.drug == drug}
            if name is not None and name not in known:
                among = f"known are {', '.join(sorted(known))}" if known else f"the catalogue has none of {drug}"
                raise Problem(f"{kinds.where(kind)}: unknown product {name!r}; {among}")
            if name is not None:
                found[drug, kind] = name
        kinds.finish()
    return found


def _columns(file: Path, table: Table | None) -> dict[str, Path]:
    """Return the column map of each pattern of files; they lie below the settings, as protocol files do."""
    if table is None:
        return {}
    found = {pattern: file.parent / table.text(pattern) for pattern in _patterns(table)}
    for pattern, path in found.items():
        if not _is_below(path, file.parent):
            raise Problem(f"columns.{pattern}: {quoted(str(path))} is outside of the folder of these settings")
    return found


def _url(table: Table) -> str:
    url = table.maybe_text("rules-url") or ""
    if url and not url.startswith(("https://", "http://", "file:///")):
        raise Problem(
            f"rules-url: {quoted(url)} is not an address; write one as https://intranet.example.org/rescuecalc/rules/"
        )
    return url


def _suppressions(table: Table) -> Iterator[Suppression]:
    for each in table.tables("suppress"):
        code, until, because = each.text("code"), each.text("until"), each.text("because")
        problem = problem_of((code,), until, because, families=True)
        if problem is not None:
            raise Problem(f"{each.path}: {problem}")
        order = each.maybe_text("order") or ""
        pattern = each.maybe_text("path") if order else each.text("path")
        yield Suppression((code,), until, because, pattern=pattern or "*", order=order)
        each.finish()
