"""The protocol of a request: a packaged one, a hospital's own, or a regimen that the user wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.site_protocol import site_protocol
from rescuecalc.core.literature.source import Source
from rescuecalc.core.regimen.protocol import SITE, USER, BolusStep, InfusionStep, Protocol
from rescuecalc.errors import InputError
from rescuecalc.rules.base.hit_finding import weight

if TYPE_CHECKING:
    from pathlib import Path

    from rescuecalc.core.orders.findings.finding import Finding


def chosen_protocol(name: str | None, file: Path | None) -> Protocol:
    """Return the named protocol, from ``file`` where one is given; InputError where neither is named or they differ."""
    if file is None:
        if name is None:
            message = "a protocol is missing; `rescuecalc protocol list` shows all, none is picked for you"
            raise InputError(message, missing="PROTOCOL")
        return catalogue.protocol(name)
    found = site_protocol(file)
    if name is not None and name != found.id:
        raise InputError(f"{file} defines the protocol {found.id!r}, and {name!r} was asked for")
    return found


def with_errors_of_file(found: tuple[Finding, ...], protocol: Protocol) -> tuple[Finding, ...]:
    """Return the findings of a patient's regimen with the errors that its protocol's own file has for any patient."""
    return with_errors(found, errors_of_file(protocol))


def errors_of_file(protocol: Protocol) -> tuple[Finding, ...]:
    """Return the errors that a site's protocol file has for any patient; a packaged protocol has none."""
    if protocol.origin != SITE:
        return ()
    from rescuecalc.requests.protocols.protocol_findings import file_errors  # noqa: PLC0415  # only a file pays for all rules

    return file_errors(protocol)


def with_errors(found: tuple[Finding, ...], errors: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return findings with those errors whose rule is not among them, the heaviest first."""
    known = {each.code for each in found}
    return tuple(sorted((*found, *(each for each in errors if each.code not in known)), key=weight))


def protocol_of_user(boluses: tuple[BolusStep, ...], infusions: tuple[InfusionStep, ...]) -> Protocol:
    """Return a regimen of tirofiban from the command line; its source is the user."""
    return Protocol(
        id="your regimen",
        title="as typed, of no source",
        drug="tirofiban",
        kind="user",
        confidence="not graded",
        population="not stated",
        boluses=boluses,
        infusions=infusions,
        renal=None,
        label_band=None,
        antiplatelets="not stated",
        not_stated=(),
        unclear=(),
        remarks=(),
        studies=(),
        not_rescue=None,
        contraindicated=None,
        sources=(Source("user", "user", "command line"),),
        origin=USER,
    )
