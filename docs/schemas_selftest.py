"""The JSON Schema of `selftest`."""

from __future__ import annotations

from schemas import FLAG, TEXT, WHOLE, Schema, document, exact, listed, maybe

SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}

SELFTEST_DOCUMENTS: dict[str, Schema] = {
    "selftest": document(
        "selftest",
        "Known answers on one machine, and what runs there",
        passed=FLAG,
        answers=listed(exact(kind=TEXT, answers=WHOLE, right=WHOLE)),
        wrong=listed(exact(**dict.fromkeys(("kind", "of", "asks", "place", "expected", "found"), TEXT))),
        left_out=listed(TEXT),
        catalogue=exact(sha256=SHA256, files=listed(exact(file=TEXT, sha256=SHA256))),
        python=exact(version=TEXT, implementation=TEXT),
        libraries=listed(exact(name=TEXT, version=maybe(TEXT))),
        platform=exact(system=TEXT, release=TEXT, machine=TEXT),
    ),
}
