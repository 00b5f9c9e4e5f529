"""What each checked file is judged by: its nearest settings, and over them what the command line says."""

# No postponed annotations here either: it is read together with `check`.
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from rescuecalc.catalogue import catalogue
from rescuecalc.cli.command import severity
from rescuecalc.cli.judging import Measure
from rescuecalc.core.finding import Severity
from rescuecalc.core.likeness import nearest
from rescuecalc.core.notation import quoted
from rescuecalc.core.protocol import Protocol
from rescuecalc.core.quantity import CreatinineClearance, DosingWeight
from rescuecalc.errors import CatalogueError, InputError
from rescuecalc.readers.paths import File
from rescuecalc.rules.document import UNREADABLE
from rescuecalc.rules.knowledge import Knowledge
from rescuecalc.rules.register import RULES
from rescuecalc.rules.rule import Rule
from rescuecalc.rules.written import panel
from rescuecalc.settings.configuration import Settings, settings_for


class Typed(NamedTuple):
    """What the command line says; None and empty where it says nothing, and the settings count."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    fail_on: Severity | None
    protocol: str | None
    weight: DosingWeight | None
    clearance: CreatinineClearance | None
    as_of: str


def codes(texts: list[str], option: str) -> tuple[str, ...]:
    """Return the codes and families of ``texts``, which commas divide; InputError names the nearest of an unknown."""
    return tuple(_codes(texts, option))


def _codes(texts: list[str], option: str) -> Iterator[str]:
    known = sorted({part for rule in RULES for part in (rule.code, rule.code[:3])})
    for text in (part.strip() for each in texts for part in each.split(",")):
        if text.upper() not in known:
            # What begins alike is the nearest: a slip in the last digit leaves the family as it is.
            alike = [each for each in known if each.startswith(text.upper()[:-1])] or known
            hint = nearest(text.upper(), alike, cutoff=0.6, folded=False) or "; `rescuecalc rule` lists all"
            raise InputError(f"{option}: there is no rule or family {quoted(text)}{hint}")
        yield text.upper()


def chosen_rules(select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[Rule, ...]:
    """Return the rules that are selected and not ignored; what could not be read is told whatever is chosen."""
    return tuple(
        rule
        for rule in RULES
        if rule.code in UNREADABLE
        or ((not select or rule.code.startswith(select)) and not rule.code.startswith(ignore or "-"))
    )


def _settled_codes(texts: tuple[str, ...], settings: Settings, key: str) -> tuple[str, ...]:
    try:
        return codes(list(texts), key) if texts else ()
    except InputError as reason:
        raise CatalogueError((f"{settings.file}: {reason}",)) from None


class Measures:
    """The measures of a run, each made once."""

    def __init__(self, typed: Typed) -> None:
        self.typed = typed
        self._made: dict[tuple[object, ...], Measure] = {}
        self._knowledge: dict[int, Knowledge] = {}

    def of(self, file: File) -> Measure:
        """Return what ``file`` is judged by; CatalogueError says what is wrong in its settings."""
        settings = self.settings_of(file)
        ignored = settings.ignored_at(file.name)
        key = (id(settings), ignored)
        if key not in self._made:
            self._made[key] = self._measure(settings, ignored)
        return self._made[key]

    def settings_of(self, file: File) -> Settings:
        """Return the settings that bear on ``file``; CatalogueError says what is wrong in them."""
        return settings_for(file.name)

    def inputs(self, files: list[File]) -> Iterator[Path]:
        """Yield every file that a check of ``files`` reads: they themselves, their settings and protocols."""
        yield from (each.path for each in files if each.path is not None)
        for settings in {id(found): found for found in map(self.settings_of, files)}.values():
            yield from (*((settings.file,) if settings.file is not None else ()), *settings.protocol_files)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that any file of the run was judged by."""
        judged = {code for made in self._made.values() for code in made.rules}
        return tuple(rule for rule in RULES if rule.code in judged)

    def _measure(self, settings: Settings, ignored: tuple[str, ...]) -> Measure:
        typed = self.typed
        select = typed.select or _settled_codes(settings.select, settings, "select")
        own = ignored[len(settings.ignore) :] if typed.ignore else ignored  # what is typed takes the place of `ignore`
        ignore = (*typed.ignore, *_settled_codes(own, settings, "ignore"))
        rules = chosen_rules(select, ignore)
        of = partial(_protocol, settings=settings)
        protocol = of(typed.protocol) if typed.protocol is not None else None
        if typed.protocol is not None and protocol is None:
            protocol = catalogue.protocol(typed.protocol)  # raises, and names the nearest
        return Measure(
            panel=panel(rules),
            rules={rule.code: rule for rule in rules},
            knowledge=self._known(settings),
            protocol_of=of,
            protocol=protocol,
            weight=typed.weight,
            clearance=typed.clearance,
            as_of=typed.as_of,
            threshold=typed.fail_on or settings.fail_on or severity("error"),
            settings=settings,
        )

    def _known(self, settings: Settings) -> Knowledge:
        made = self._knowledge.get(id(settings))
        if made is None:
            made = catalogue.knowledge()._replace(limits=settings.limits)
            if settings.protocols:
                everything = (*catalogue.protocols(), *settings.protocols.values())
                made = made._replace(protocols=partial(tuple, everything))
            self._knowledge[id(settings)] = made
        return made


def _protocol(name: str, settings: Settings) -> Protocol | None:
    """Return the protocol that an order set names; one that there is not is a finding."""
    if name in settings.protocols:
        return settings.protocols[name]
    return catalogue.protocol(name) if name in catalogue.protocol_ids() else None
