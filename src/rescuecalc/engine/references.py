"""What each checked file is judged by: its nearest settings, and over them what the command line says."""

# No postponed annotations here either: it is read together with `check`.
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.knowledge import packaged_knowledge
from rescuecalc.catalogue.site_protocol import site_protocol
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.findings.severity_override import SeverityOverride
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import CreatinineClearance, DosingWeight
from rescuecalc.core.regimen.protocol import Protocol
from rescuecalc.engine.reference import SEVERITY, Reference
from rescuecalc.errors import CatalogueError, InputError
from rescuecalc.readers.column_map import ColumnMap
from rescuecalc.readers.input_paths import File
from rescuecalc.readers.path_patterns import is_excluded
from rescuecalc.rules.base.knowledge import Knowledge
from rescuecalc.rules.base.rule import Rule
from rescuecalc.rules.base.rule_text import filled
from rescuecalc.rules.document.document import NOT_JUDGED, UNREADABLE
from rescuecalc.rules.judging.registry import RULES, nearest_code
from rescuecalc.rules.judging.written_judge import panel
from rescuecalc.rules.suppression.suppression import FAMILY, ONLY_WITH_REASON
from rescuecalc.settings.columns import column_map
from rescuecalc.settings.configuration import Settings, settings_for, settings_of
from rescuecalc.settings.site_knowledge import knowledge_of

if TYPE_CHECKING:
    from rescuecalc.core.library.pump_library import LibraryUse


class TypedOptions(NamedTuple):
    """What the command line says; None and empty where it says nothing, and the settings count."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    fail_on: Severity | None
    protocol: str | None
    weight: DosingWeight | None
    clearance: CreatinineClearance | None
    as_of: str
    isolated: bool = False
    config: Path | None = None
    protocol_files: tuple[Path, ...] = ()
    exclude: tuple[str, ...] = ()
    library: Path | None = None
    care_area: str | None = None
    columns: Path | None = None
    encoding: str | None = None


def codes(texts: list[str], option: str) -> tuple[str, ...]:
    """Return the codes and families of ``texts``, which commas divide; InputError names the nearest of an unknown."""
    return tuple(_codes(texts, option))


def _codes(texts: list[str], option: str) -> Iterator[str]:
    # A family is the first three characters of its rules, as RC3.
    known = sorted({part for rule in RULES for part in (rule.code, rule.code[:3])})
    for text in (part.strip() for each in texts for part in each.split(",")):
        if text.upper() not in known:
            hint = nearest_code(text) or "; `rescuecalc rule` lists all"
            raise InputError(f"{option}: unknown rule or family {quoted(text)}{hint}")
        yield text.upper()


def _codes_of_settings(texts: tuple[str, ...], settings: Settings, key: str) -> tuple[str, ...]:
    try:
        return codes(list(texts), key) if texts else ()
    except InputError as reason:
        raise CatalogueError((f"{settings.file}: {reason}",)) from None


class _Selection(NamedTuple):
    """Which codes and families one side asks for and leaves out."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]

    def leaves_out(self, code: str) -> bool:
        """Whether a rule is left out; one about what could not be read only where it is named to be."""
        is_chosen = not self.select or code.startswith(self.select) or code in NOT_JUDGED
        return not is_chosen or code.startswith(self.ignore or "-")


class RunReferences:
    """The references of a run, each made once."""

    def __init__(self, typed: TypedOptions) -> None:
        self.typed = typed
        self.files: Counter[int] = Counter()
        self._made: dict[tuple[object, ...], Reference] = {}
        self._knowledge: dict[int, Knowledge] = {}
        self._settings: dict[int, tuple[Settings, Settings]] = {}
        # Read at once, so that a fault in a typed file ends the run before the first finding is printed.
        self._protocols = {each.id: each for each in map(site_protocol, typed.protocol_files)}
        self._libraries: dict[tuple[Path, str | None], LibraryUse] = {}
        if typed.library is not None:
            self._use(typed.library, typed.care_area)
        self._typed_columns = column_map(typed.columns) if typed.columns is not None else None
        self._named = self._named_settings()
        selection = _Selection(typed.select, typed.ignore)
        # An empty panel would find nothing, and nothing found is a clean exit.
        chosen = [rule.code for rule in RULES if not typed.select or rule.code.startswith(typed.select)]
        if all(map(selection.leaves_out, chosen)):
            which = " that --select chooses" if typed.select else ""
            raise InputError(f"--ignore excludes every rule{which}; nothing would be judged")

    def _named_settings(self) -> Settings | None:
        """Return the settings that the command line names for every file, None where each has its nearest."""
        if self.typed.isolated:
            return Settings()
        return settings_of(self.typed.config) if self.typed.config is not None else None

    def of(self, file: File) -> Reference:
        """Return what ``file`` is judged by; CatalogueError says what is wrong in its settings."""
        settings = self.settings_of(file)
        ignored = settings.ignored_at(file.name)
        # Settings are read once a folder, and so are one object: a million files of one folder share a reference.
        key = (id(settings), ignored)
        if key not in self._made:
            self._made[key] = self._reference(settings, ignored)
        self.files[id(settings)] += 1
        return self._made[key]

    @property
    def every(self) -> tuple[Reference, ...]:
        """The references of this run, in the order in which they were first needed."""
        return tuple(self._made.values())

    def settings_of(self, file: File) -> Settings:
        """Return the settings that bear on ``file``; CatalogueError says what is wrong in them."""
        found = self._named or settings_for(file.name)
        if not self._protocols:
            return found
        if id(found) not in self._settings:
            # What is typed wins over a protocol of the same id, and is known whatever the settings are.
            both = replace(found, protocols={**found.protocols, **self._protocols})
            self._settings[id(found)] = (found, both)
        return self._settings[id(found)][1]

    def excludes(self, file: File) -> bool:
        """Whether the command line or the settings exclude a file."""
        return is_excluded(file.name, self.typed.exclude, Path.cwd()) or self.settings_of(file).excludes(file.name)

    def kept(self, files: list[File]) -> list[File]:
        """Return the files that no pattern excludes; InputError where none is left.

        What is typed counts from the working folder, what the settings say from theirs.
        """
        kept = [each for each in files if not self.excludes(each)]
        # For the same reason: a pattern that is too wide must not turn the build green.
        if files and not kept:
            raise InputError("--exclude, or `exclude` of the settings, excludes every file; nothing would be judged")
        return kept

    def inputs(self, files: list[File]) -> Iterator[Path]:
        """Yield every file that a check of ``files`` reads: they themselves, their settings and protocols."""
        yield from (each.path for each in files if each.path is not None)
        yield from self.typed.protocol_files
        yield from (self.typed.columns,) if self.typed.columns is not None else ()
        if self.typed.library is not None:
            yield from map(Path, self._use(self.typed.library, self.typed.care_area).library.files)
        for settings in {id(found): found for found in map(self.settings_of, files)}.values():
            yield from (*((settings.file,) if settings.file is not None else ()), *settings.protocol_files)
            use = self._library(settings)
            yield from map(Path, use.library.files if use is not None else ())
            yield from settings.columns.values()

    @property
    def rules_url(self) -> str:
        """The address of a site's page of rules, empty where no settings of the run name one."""
        return next((made.settings.rules_url for made in self.every if made.settings.rules_url), "")

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that any file of the run was judged by, their texts with the numbers that it was judged by."""
        judged = {code for made in self._made.values() for code in made.rules}
        known = tuple(self._knowledge.values()) or (packaged_knowledge(),)
        return tuple(filled(rule, known) for rule in RULES if rule.code in judged)

    def _reference(self, settings: Settings, ignored: tuple[str, ...]) -> Reference:
        typed = _Selection(self.typed.select, self.typed.ignore)
        of_settings = self._of_settings(settings, ignored)
        # A rule whose silence could harm is left out by [[suppress]] alone, which needs a reason and an end.
        left_out = frozenset(
            rule.code
            for rule in RULES
            if of_settings.leaves_out(rule.code) and not rule.code.startswith((*ONLY_WITH_REASON, *UNREADABLE))
        )
        rules = tuple(
            rule
            for rule in RULES
            if rule.code in UNREADABLE or (rule.code not in left_out and not typed.leaves_out(rule.code))
        )
        counted = frozenset(NOT_JUDGED.difference(rule.code for rule in rules))
        of = partial(_protocol, settings=settings)
        name = self.typed.protocol
        protocol = of(name) if name is not None else None
        if name is not None and protocol is None:
            # Of an id that neither the site nor the catalogue has.
            protocol = catalogue.protocol(name)  # raises, and names the nearest
        return Reference(
            panel=panel((*rules, *(rule for rule in RULES if rule.code in counted))),
            rules={rule.code: rule for rule in rules},
            knowledge=self._known(settings),
            protocol_of=of,
            protocol=protocol,
            weight=self.typed.weight,
            clearance=self.typed.clearance,
            as_of=self.typed.as_of,
            threshold=self.typed.fail_on or settings.fail_on or Severity.ERROR,
            settings=settings,
            counted=counted,
            left_out=left_out.difference(rule.code for rule in RULES if typed.leaves_out(rule.code)),
            columns_of=partial(self._columns, settings),
            encoding=self.typed.encoding,
            severities=dict(self._severities(settings)),
            without_effect=tuple(self._without_effect(settings)),
        )

    def _of_settings(self, settings: Settings, ignored: tuple[str, ...]) -> _Selection:
        """Return what the settings wish for a file, as far as nothing that is typed takes its place.

        A typed --select takes the place of all of it, a typed --ignore that of `ignore`.
        """
        select = _codes_of_settings(settings.select, settings, "select")
        ignore = _codes_of_settings(settings.ignore, settings, "ignore")
        of_path = _codes_of_settings(ignored[len(settings.ignore) :], settings, "per-path-ignores")
        for each in settings.suppressions:
            _codes_of_settings(each.codes, settings, "suppress")
        if self.typed.select:
            return _Selection((), ())
        return _Selection(select, of_path if self.typed.ignore else (*ignore, *of_path))

    def _without_effect(self, settings: Settings) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield what settings leave out, and must not without a reason and an end: the key, and the codes."""
        codes_of_severities = tuple(each.code for each in settings.severities)
        _codes_of_settings(codes_of_severities, settings, "severity")
        _codes_of_settings(tuple(each.code for each in settings.approvals), settings, "approvals")
        refused = tuple(each.code for each in settings.severities if not _counts(each))
        if refused:
            yield SEVERITY, refused
        if self.typed.select:
            return
        of_path = tuple(code for each in settings.per_path.values() for code in each)
        for key, texts in (("ignore", () if self.typed.ignore else settings.ignore), ("per-path-ignores", of_path)):
            named = sorted(
                {code for code in _codes_of_settings(texts, settings, key) if code.startswith(ONLY_WITH_REASON)}
            )
            if named:
                yield key, tuple(named)
        chosen = _codes_of_settings(settings.select, settings, "select")
        missing = tuple(family for family in ONLY_WITH_REASON[:2] if family not in chosen)
        if chosen and missing:
            yield "select", missing

    def columns_of(self, file: File) -> ColumnMap | None:
        """Return what the columns of a file mean."""
        return self._columns(self.settings_of(file), file.name)

    def _columns(self, settings: Settings, name: str) -> ColumnMap | None:
        """Return what the columns of a file mean: what is typed wins."""
        return self._typed_columns if self._typed_columns is not None else settings.columns_at(name)

    def _severities(self, settings: Settings) -> Iterator[tuple[str, Severity]]:
        """Yield the severity of each rule that the settings give one, as far as it may have another."""
        for rule in RULES:
            named = [each for each in settings.severities if rule.code.startswith(each.code) and _counts(each)]
            # The longest code is the nearest: RC304 goes before RC3, whatever their order in the file.
            nearest_one = max(named, key=lambda each: len(each.code), default=None)
            free = rule.code not in NOT_JUDGED and not rule.code.startswith(FAMILY)
            if nearest_one is not None and free and not nearest_one.is_over(self.typed.as_of):
                yield rule.code, nearest_one.severity

    def _known(self, settings: Settings) -> Knowledge:
        made = self._knowledge.get(id(settings))
        if made is None:
            made = self._knowledge[id(settings)] = knowledge_of(settings)._replace(library=self._library(settings))
        return made

    def library_files(self, file: File) -> tuple[Path, ...]:
        """Return the files of the pump library that ``file`` is compared with."""
        use = self._library(self.settings_of(file))
        return tuple(map(Path, use.library.files)) if use is not None else ()

    @property
    def libraries(self) -> "tuple[LibraryUse, ...]":
        """The pump libraries that files of this run were compared with."""
        return tuple(self._libraries.values())

    def _library(self, settings: Settings) -> "LibraryUse | None":
        """Return the pump library of a file: the typed one, else that of its settings."""
        typed = self.typed
        if typed.library is not None:
            return self._use(typed.library, typed.care_area)
        if settings.library is not None:
            return self._use(settings.library, typed.care_area or settings.care_area, "care-area")
        if typed.care_area is not None:
            raise InputError("--care-area is given without --library, and the settings name none")
        if settings.care_area is not None:
            where = settings.file if settings.file is not None else "the settings"
            raise InputError(f"{where}: care-area is set, and no library whose care area it is: set library too")
        return None

    def _use(self, path: Path, area: str | None, option: str = "--care-area") -> "LibraryUse":
        from rescuecalc.requests.libraries.pump_library import library_use  # noqa: PLC0415  # of a run with a library alone

        option = "--care-area" if self.typed.care_area is not None else option
        if (path, area) not in self._libraries:
            self._libraries[path, area] = library_use(path, area, option)
        return self._libraries[path, area]


def _counts(each: SeverityOverride) -> bool:
    """Whether a severity of the settings counts: of arithmetic and doses only with reason and end, of some never."""
    if each.code in NOT_JUDGED or each.code.startswith(FAMILY):
        return False
    return bool(each.until) or not each.code.startswith(ONLY_WITH_REASON)


def _protocol(name: str, settings: Settings) -> Protocol | None:
    """Return the protocol that an order set names; one that there is not is a finding."""
    if name in settings.protocols:
        return settings.protocols[name]
    return catalogue.protocol(name) if name in catalogue.protocol_ids() else None


def without_library(files: list[File], references: RunReferences) -> list[File]:
    """Return the files to judge without those of the pump library, which may lie among the order sets of a folder."""
    if references.typed.library is None and not any(references.settings_of(each).library for each in files):
        return files
    of = {path.resolve() for each in files for path in references.library_files(each)}
    return [each for each in files if each.path is None or each.path.resolve() not in of]
