"""Options and formats that several commands share."""

from typing import Annotated

import typer

from rescuecalc.reporters.document.common_parts import Document

TextOrJson = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")]


def as_fhir(made: Document) -> str:
    """Return the document of `dose` or `plan` as a Bundle of FHIR R4."""
    from rescuecalc.catalogue.codes import drug_codes  # noqa: PLC0415  # only this format pays for it
    from rescuecalc.reporters.render.fhir_bundle import fhir_bundle  # noqa: PLC0415

    return fhir_bundle(made, drug_codes())
