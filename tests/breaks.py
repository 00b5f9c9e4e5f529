"""One formula, unit, protocol number, signature and range, each broken on purpose, with the nets that have to turn red.

python -m tests.breaks            each break, with each of its nets
python -m tests.breaks --record   the same, written into docs/safety/verification.md
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from tests.mutate import ROOT, Mutation, failed
from tests.results import record


class Break(NamedTuple):
    """What is broken, and the tests that notice it, each by another way of knowing what is right."""

    what: str
    mutation: Mutation
    nets: tuple[str, ...]


BREAKS: Final = (
    Break(
        "a formula",
        Mutation("core/regimen/infusion.py", 'h ÷ concentration", quotient', 'h ÷ concentration", product'),
        (
            "test_spec_dose.py::test_80_kg_from_vial_and_bag",
            "test_properties.py::test_every_protocol_from_40_to_150_kg",
            "test_selftest.py::test_all_known_answers_are_right_here_and_the_record_fits_its_schema",
        ),
    ),
    Break(
        "the size of a unit",
        Mutation("core/quantities/units.py", '_atom("min", "time", 60,', '_atom("min", "time", 61,'),
        (
            "test_units.py::test_a_unit_has_its_defined_size",
            "test_units.py::test_both_routes_read_every_spelling_alike",
            "test_selftest.py::test_all_known_answers_are_right_here_and_the_record_fits_its_schema",
        ),
    ),
    Break(
        "a number of a protocol",
        Mutation("data/protocols/yang-2020-iv.toml", "0.15 mcg/kg/min", "0.51 mcg/kg/min"),
        (
            "test_spec_table_renal_protocol.py::test_protocol_show_holds_the_numbers_of_the_facts",
            "test_selftest.py::test_all_known_answers_are_right_here_and_the_record_fits_its_schema",
        ),
    ),
    Break(
        "an error signature",
        Mutation("data/error_signatures.toml", 'factor = "2.2046"', 'factor = "2.4046"'),
        (
            "test_nets.py::test_each_error_signature_has_the_factor_that_the_error_leaves",
            "test_agreement.py::test_a_slip_is_named_only_in_the_kind_of_order_that_it_is_made_in",
        ),
    ),
    Break(
        "a published range",
        Mutation("data/published_ranges.toml", 'h = { value = "0.15 mcg/kg/min"', 'h = { value = "0.51 mcg/kg/min"'),
        (
            "test_published_ranges.py::test_the_packaged_ranges_are_the_golden_ones",
            "test_published_ranges.py::test_the_end_that_a_dose_passes",
        ),
    ),
)  # fmt: skip


def noticed(each: Break) -> list[str]:
    """Return the nets of a break that turn red; LookupError where it is stale."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "src"
        shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
        target = source / "rescuecalc" / each.mutation.file
        text = target.read_text("utf-8")
        if each.mutation.old not in text:
            raise LookupError(f"{each.mutation.file} holds no {each.mutation.old!r}")
        target.write_text(text.replace(each.mutation.old, each.mutation.new), encoding="utf-8")
        return [net for net in each.nets if failed(source, (f"tests/{net}",), 1)]


def main() -> int:
    """Print which nets noticed each break; return 1 where fewer than two did."""
    right = True
    for each in BREAKS:
        found = noticed(each)
        right = right and len(found) > 1
        sys.stdout.write(f"{each.what}: {len(found)} of {len(each.nets)} nets: {', '.join(found)}\n")
        sys.stdout.flush()
        if "--record" in sys.argv[1:]:
            record(f"{each.what}, broken on purpose", f"{len(each.nets)} nets", f"{len(found)} turn red")
    return int(not right)


if __name__ == "__main__":
    sys.exit(main())
